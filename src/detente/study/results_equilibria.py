"""What `solve --all` and `compare --equilibria all` answer with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Choice:
    """What is done at one information set.

    Attributes:
        actor: Who moves. decision: the decision, or the name of the information set.
        sees: What the mover has seen, variable -> label; empty for games that do not come from a case.
        strategy: Probability of each option.
        reached: Whether play comes here with positive probability.
    """

    actor: str
    decision: str
    sees: dict[str, str]
    strategy: dict[str, float]
    reached: bool


@dataclass(frozen=True)
class EquilibriumAnswer:
    """One equilibrium that was found.

    Attributes:
        kind: Certificate it passes: ``sequential``, ``backward_induction`` or ``nash``.
        values: Expected payoff of each player.
        outcomes: Probability of each outcome.
        principal: Whether it has the endings of the principal answer.
        component: Number of the component it belongs to, counted from 0.
        play: What is done at every information set.
        differs: The same at those sets only where play differs from the principal answer; for the principal
            answer itself and where there is none, empty.
    """

    kind: str
    values: dict[str, float]
    outcomes: dict[str, float]
    principal: bool
    component: int
    play: tuple[Choice, ...]
    differs: tuple[Choice, ...]


@dataclass(frozen=True)
class ActionRange:
    """How far the probability of one action varies over a component."""

    actor: str
    decision: str
    sees: dict[str, str]
    action: str
    low: float
    high: float


@dataclass(frozen=True)
class ComponentAnswer:
    """Equilibria that are connected with one another.

    Attributes:
        base: Number of the equilibrium, counted from 0, that stands for the component.
        dimension: 0 for an isolated equilibrium; None where it is not known.
        values: Least and largest expected payoff of each player.
        outcomes: Least and largest probability of each outcome over the equilibria looked at.
        actions: Actions whose probability varies.
    """

    base: int
    dimension: int | None
    values: dict[str, tuple[float, float]]
    outcomes: dict[str, tuple[float, float]]
    actions: tuple[ActionRange, ...]


@dataclass(frozen=True)
class EquilibriaAnswer:
    """Every equilibrium of one game that was found.

    Attributes:
        equilibria: The principal answer first where it is among them.
        components: Sets of connected equilibria.
        complete: Whether every Nash equilibrium belongs to one of the components.
        why: A sentence: why the list is complete, or why it is a lower bound.
        status: How the search ended.
    """

    equilibria: tuple[EquilibriumAnswer, ...]
    components: tuple[ComponentAnswer, ...]
    complete: bool
    why: str
    status: str

    def value_range(self, player: str) -> tuple[float, float]:
        """Least and largest expected payoff of a player over everything found; NaN if nothing was."""
        return _joined([item.values[player] for item in self.components])

    def outcome_range(self, outcome: str) -> tuple[float, float]:
        """Least and largest probability of an outcome over everything found; NaN if nothing was."""
        return _joined([item.outcomes[outcome] for item in self.components])


@dataclass(frozen=True)
class PostureEquilibria:
    """How far a posture's answer depends on which equilibrium is played.

    Attributes:
        posture: Its name.
        value: Least and largest value of the owner at base values.
        value_sequential: The same over sequential equilibria only.
        outcomes: Least and largest probability of each outcome at base values.
        found: Equilibria with different endings found at base values.
        kinds: How many of them have each kind of certificate.
        complete: Whether every Nash equilibrium at base values is among them or in one of their components.
        why: Why the list is complete, or why it is a lower bound.
        value_draws: The same range per drawn world looked at.
    """

    posture: str
    value: tuple[float, float]
    value_sequential: tuple[float, float]
    outcomes: dict[str, tuple[float, float]]
    found: int
    kinds: dict[str, int]
    complete: bool
    why: str
    value_draws: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class EquilibriaComparison:
    """Whether the ranking of postures depends on which equilibrium is played.

    Attributes:
        postures: Each posture.
        leaders: Postures that lead for some choice of an equilibrium under each posture, at base values.
        leaders_sequential: The same when only sequential equilibria count.
        depends: Whether more than one can lead, other than by a tie whatever is played.
        depends_sequential: The same when only sequential equilibria count.
        worlds: Drawn worlds looked at. depends_in: in how many of them the lead depends on the equilibrium.
        sentence: The answer in words.
        interrupted: Whether the time budget ended the search.
    """

    postures: tuple[PostureEquilibria, ...]
    leaders: tuple[str, ...]
    leaders_sequential: tuple[str, ...]
    depends: bool
    depends_sequential: bool
    worlds: int
    depends_in: int
    sentence: str
    interrupted: bool = False


def _joined(ranges: list[tuple[float, float]]) -> tuple[float, float]:
    if not ranges:
        return (float("nan"), float("nan"))
    return (min(low for low, _ in ranges), max(high for _, high in ranges))


def equilibria_json(answer: EquilibriaAnswer) -> dict[str, Any]:
    """The answer as plain data, for `--json`."""
    from detente.study.serialize import plain

    return plain(answer)
