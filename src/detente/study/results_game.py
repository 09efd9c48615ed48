"""What `solve` answers with for a game file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.study.refined import RefinementAnswer
from detente.study.results import Manifest
from detente.study.results_equilibria import EquilibriaAnswer
from detente.study.results_solve import InfosetAnswer, SolveCertificate

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True)
class OtherGameEquilibrium:
    """Another certified equilibrium of a game file.

    Attributes:
        kind: Its certificate.
        values: Expected payoff of each player.
        outcomes: Probability of each named outcome.
        hits: Number of starting points that led there.
        strategies: Information set -> action -> probability.
    """

    kind: str
    values: dict[str, float]
    outcomes: dict[str, float]
    hits: int
    strategies: dict[str, dict[str, float]]


@dataclass(frozen=True, eq=False)
class GameAnswer:
    """What each player does in a game that was read from a file.

    Attributes:
        file: Name of the file. kind: ``efg`` or ``nfg``. title, comment: as in the file.
        manifest: What is needed to repeat the run.
        players: Names of the players.
        lam: Precision of play; None for strict play.
        method: How the equilibrium was found: ``logit``, ``backward_induction`` or ``support``.
        infosets: What is done at each information set; `decision` is its name, and its beliefs are over nodes.
        values: Expected payoff of each player.
        outcomes: Probability of each named outcome; terminal nodes without a named outcome are left out.
        certificate: How good the equilibrium is. status: how the search ended, as a sentence.
        others: Other certified equilibria met from other starting points; starts: how many of those were tried.
        equilibria: Every equilibrium found, if all were asked for.
        size: Nodes, terminals, information sets, actions and players of the game, and whether everybody sees
            every move (`perfect_information`).
        notes: Remarks, as sentences.
        refinements: What refinements say about it, weakest first; empty for finite precision and where it is not
            certified.
    """

    file: str
    kind: str
    title: str
    comment: str
    manifest: Manifest
    players: tuple[str, ...]
    lam: float | None
    method: str
    infosets: tuple[InfosetAnswer, ...]
    values: dict[str, float]
    outcomes: dict[str, float]
    certificate: SolveCertificate
    status: str
    others: tuple[OtherGameEquilibrium, ...]
    starts: int
    equilibria: EquilibriaAnswer | None
    size: dict[str, Any]
    notes: tuple[str, ...] = ()
    refinements: tuple[RefinementAnswer, ...] = ()

    @property
    def certified(self) -> bool:
        """Whether the answer passes as an equilibrium of some kind."""
        return self.certificate.kind != "unsettled"

    @property
    def strategies(self) -> dict[str, dict[str, float]]:
        """Information set -> action -> probability."""
        return {item.decision: item.strategy for item in self.infosets}

    def to_json(self) -> dict[str, Any]:
        """The documented, versioned form of the answer: plain data, no timings."""
        from detente.study.serialize_game import game_json

        return game_json(self)

    def frame(self) -> DataFrame:
        """One row per information set and action."""
        import pandas as pd

        rows = [
            {
                "player": item.actor,
                "infoset": item.decision,
                "action": action,
                "probability": probability,
                "value": item.action_values[action],
                "reach": item.reach,
            }
            for item in self.infosets
            for action, probability in item.strategy.items()
        ]
        return pd.DataFrame(rows, columns=["player", "infoset", "action", "probability", "value", "reach"])
