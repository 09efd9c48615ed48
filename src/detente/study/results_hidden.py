"""What `settle` answers about hidden aims: how likely an order is completed, and what each step reveals."""

from __future__ import annotations

from dataclasses import dataclass

from detente.study.results_settle import Move, Quantiles

WEAKEST = "weakest"


@dataclass(frozen=True)
class StepOdds:
    """One move of an order under hidden aims.

    Attributes:
        move: Its steps.
        completed: Probability that the process gets beyond it.
        over_worlds: The same over worlds.
        exposes: What the completed move adds to what a spoiler gains by leaving, summed over hidden parties.
        sincere: Per hidden party, the probability that it is sincere once the move is complete; None where the move
            is never completed in equilibrium, so that nothing follows from it.
        leaves: Who leaves before the move: party -> probability, at base values.
        leaves_if: Per hidden party, type -> the probability that this party leaves before the move if it is that type.
    """

    move: Move
    completed: float
    over_worlds: Quantiles
    exposes: float
    sincere: dict[str, float | None]
    leaves: dict[str, float]
    leaves_if: dict[str, dict[str, float | None]]


@dataclass(frozen=True)
class OrderOdds:
    """One order played as a game between parties that may be spoilers.

    Attributes:
        order: Its moves.
        name: ``best_1``, ``best_2``, ... in order of slack; ``small_first`` or ``large_first``.
        slack: Least advantage of going on over leaving if everybody is sincere.
        completion: Probability that it is carried to its end, at base values.
        completion_if: Per hidden party, type -> that probability; None for a type that cannot be.
        completion_over_worlds: The same over the worlds tried.
        steps: Its moves, one after the other.
        value: Expected value per party.
        value_if: Per hidden party, type -> its expected value.
        outside: What each party has without signing.
        certificate: Kind of certificate at base values; ``unsettled`` if there is none.
        regret: Largest gain from another choice at any information set, as a share of the payoff range.
        certified: Worlds with a certificate.
        draws: Worlds tried.
        nodes: Size of the game's tree.
        others: What completion comes to in the other equilibria that were found at base values, each once.
        completion_mean: Probability that it is carried to its end, averaged over the worlds with a certificate.
    """

    order: tuple[Move, ...]
    name: str
    slack: float
    completion: float
    completion_if: dict[str, dict[str, float | None]]
    completion_over_worlds: Quantiles
    steps: tuple[StepOdds, ...]
    value: dict[str, float]
    value_if: dict[str, dict[str, float | None]]
    outside: dict[str, float]
    certificate: str
    regret: float
    certified: int
    draws: int
    nodes: int
    others: tuple[float, ...] = ()
    completion_mean: float | None = None

    def worth(self, party: str) -> float:
        """Expected value to a party beyond what it has without signing; to the one that gains least for ``weakest``."""
        if party != WEAKEST:
            return self.value[party] - self.outside[party]
        return min(self.value[name] - self.outside[name] for name in self.value)


@dataclass(frozen=True)
class Completion:
    """A design under hidden aims.

    Attributes:
        sincere: Per hidden party, the probability that it is sincere before the first step.
        sincere_over_worlds: The same over the worlds tried.
        told: Per hidden party, where that comes from.
        self_enforcing: Whether the orders tried are self-enforcing if all are sincere; else those with most slack.
        orders: The orders tried, in order of slack.
        best: Number of the best of them.
        chosen_for: The party it is best for, or ``weakest``: the party that gains least by the agreement.
        comparison: The same steps in order of what they expose, the least first, and then the most first; empty if
            only one order is possible.
        draws: Worlds tried for each order.
        interrupted: Whether the work was stopped before all orders were played.
        notes: What to keep in mind.
        game: The case file of the best order's game.
    """

    sincere: dict[str, float]
    sincere_over_worlds: dict[str, Quantiles]
    told: dict[str, str]
    self_enforcing: bool
    orders: tuple[OrderOdds, ...]
    best: int
    chosen_for: str
    comparison: tuple[OrderOdds, ...]
    draws: int
    interrupted: bool
    notes: tuple[str, ...] = ()
    game: str = ""

    @property
    def best_order(self) -> OrderOdds:
        """The best of the orders tried."""
        return self.orders[self.best]
