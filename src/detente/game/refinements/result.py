"""What a refinement check says: whether it applies, whether it is passed, and where it fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Flaw:
    """One place at which a check fails.

    Attributes:
        place: Name of the information set at fault, or of the message nobody sends.
        infoset: Its number; -1 if the flaw belongs to no single set.
        player: Name of the player who would do otherwise.
        action: What is played or threatened there and should not be; empty if no single action is at fault.
        gain: What the player would gain, as a share of its payoff range.
        root: For subgames, the node at which the subgame starts; else -1.
        reached: Whether play comes to the place with positive probability.
        types: For signaling games, the types that gain from sending the message after all.
        ruled_out: The types that the criterion rules out as senders of the message.
        belief: For signaling games, the belief the equilibrium rests on: probability of each type.
    """

    place: str
    infoset: int = -1
    player: str = ""
    action: str = ""
    gain: float = 0.0
    root: int = -1
    reached: bool = False
    types: tuple[str, ...] = ()
    ruled_out: tuple[str, ...] = ()
    belief: Mapping[str, float] = field(default_factory=dict[str, float])

    def to_json(self) -> dict[str, Any]:
        """The flaw as plain data."""
        return {
            "place": self.place,
            "player": self.player,
            "action": self.action,
            "gain": self.gain,
            "reached": self.reached,
            "types": list(self.types),
            "ruled_out": list(self.ruled_out),
            "belief": dict(self.belief),
        }


@dataclass(frozen=True)
class Check:
    """The result of one refinement.

    Attributes:
        applies: Whether the refinement says anything about this game.
        passed: Whether the assessment passes; None where it does not apply or could not be judged.
        why: One or two sentences: what was tested, or what fails, or why nothing can be said.
        where: Every place at which it fails.
    """

    applies: bool
    passed: bool | None
    why: str
    where: tuple[Flaw, ...] = ()

    @classmethod
    def not_applicable(cls, why: str) -> Check:
        """A check that says nothing about this game."""
        return cls(False, None, why)

    @classmethod
    def not_judged(cls, why: str) -> Check:
        """A check that applies but could not be carried out."""
        return cls(True, None, why)

    def to_json(self) -> dict[str, Any]:
        """The check as plain data."""
        return {
            "applies": self.applies,
            "passed": self.passed,
            "why": self.why,
            "where": [flaw.to_json() for flaw in self.where],
        }


@dataclass(frozen=True)
class Refinements:
    """What refinements say about one assessment of one game.

    Attributes:
        subgame_perfect: No player gains in any proper subgame (Selten 1965).
        sequential: No gain at any information set, and beliefs that are limits of mistakes (Kreps and Wilson 1982).
        intuitive: The intuitive criterion for signaling games (Cho and Kreps 1987).
        d1: Criterion D1 for signaling games (Banks and Sobel 1987; Cho and Kreps 1987).
    """

    subgame_perfect: Check
    sequential: Check
    intuitive: Check
    d1: Check

    def items(self) -> tuple[tuple[str, Check], ...]:
        """The checks with their names, weakest first."""
        return (
            ("subgame_perfect", self.subgame_perfect),
            ("sequential", self.sequential),
            ("intuitive", self.intuitive),
            ("d1", self.d1),
        )

    def to_json(self) -> dict[str, Any]:
        """All checks as plain data, by name."""
        return {name: check.to_json() for name, check in self.items()}
