"""What `solve` answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.study.refined import RefinementAnswer
from detente.study.results import Manifest
from detente.study.results_equilibria import EquilibriaAnswer

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True)
class Why:
    """Why the best option at an information set is better than the next-best one.

    Attributes:
        best: The best option; next_best: the one after it.
        difference: What separates them, in payoff units of the mover.
        terms: The same difference split by payoff term, largest part first.
        sentence: It in words.
    """

    best: str
    next_best: str
    difference: float
    terms: dict[str, float]
    sentence: str


@dataclass(frozen=True)
class InfosetAnswer:
    """What an actor does in one situation.

    Attributes:
        actor: Who moves. decision: the decision.
        sees: What the mover has seen, variable -> label, in order.
        strategy: Probability of each option.
        action_values: Expected payoff of each option to the mover, given its beliefs.
        beliefs: Per history that may have led here, what the mover has not seen of it and its
            probability; None where undefined.
        reach: Probability that play comes here.
        why: Why the best option is best; None with a single option.
    """

    actor: str
    decision: str
    sees: dict[str, str]
    strategy: dict[str, float]
    action_values: dict[str, float]
    beliefs: tuple[dict[str, Any], ...]
    reach: float
    why: Why | None


@dataclass(frozen=True)
class SolveCertificate:
    """How good the equilibrium is.

    Attributes:
        kind: ``sequential``, ``backward_induction``, ``nash``, ``qre`` or ``unsettled``.
        regret: Largest gain from a one-shot deviation, share of the payoff range.
        belief_residual: Largest violation of Bayes' rule.
        witness_distance: Distance of the beliefs off the path from the last tremble.
        best_response_gain: Largest gain of a full best response per actor, share of the payoff range.
        qre_residual: For a finite precision: largest |log p_a - log p_b - lam (V_a - V_b)|.
    """

    kind: str
    regret: float
    belief_residual: float
    witness_distance: float
    best_response_gain: dict[str, float]
    qre_residual: float | None = None


@dataclass(frozen=True)
class OtherEquilibrium:
    """Another certified equilibrium that was found."""

    values: dict[str, float]
    outcomes: dict[str, float]
    hits: int


@dataclass(frozen=True, eq=False)
class SolveAnswer:
    """What each side would do under one posture.

    Attributes:
        size: Nodes, terminals and information sets of the game.
        others: Other certified equilibria found; starts: how many starting points were tried.
        equilibria: Every equilibrium found, if all were asked for.
        refinements: What refinements say about it, weakest first; empty for finite precision and where it is not
            certified.
    """

    case_title: str
    manifest: Manifest
    posture: str
    actors: dict[str, str]
    lam: float | None
    infosets: tuple[InfosetAnswer, ...]
    values: dict[str, float]
    value_by_type: dict[str, float]
    outcomes: dict[str, float]
    not_modelled: float
    certificate: SolveCertificate
    status: str
    others: tuple[OtherEquilibrium, ...]
    starts: int
    size: dict[str, int]
    optimal: dict[str, Any]
    notes: tuple[str, ...] = ()
    equilibria: EquilibriaAnswer | None = None
    refinements: tuple[RefinementAnswer, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The documented, versioned form of the answer: plain data, no timings, no paths."""
        from detente.study.serialize import solve_json

        return solve_json(self)

    def frame(self) -> DataFrame:
        """One row per information set and option."""
        from detente.study.frames import solve_frame

        return solve_frame(self)
