"""What refinements say about the equilibrium that is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from detente.axes import Floats
from detente.game import Assessment, GameNumbers, InfosetLabel, TreeShape, check_refinements

LARGEST = 20_000
"""Nodes of a game whose equilibrium is checked; more would keep the answer waiting."""

TITLES = {
    "subgame_perfect": "subgame perfection",
    "sequential": "sequential equilibrium",
    "intuitive": "intuitive criterion",
    "d1": "criterion D1",
}
"""Name of each refinement in sentences, weakest first."""


@dataclass(frozen=True)
class RefinementAnswer:
    """What one refinement says.

    Attributes:
        name: ``subgame_perfect``, ``sequential``, ``intuitive`` or ``d1``.
        applies: Whether it says anything about a game of this kind.
        passed: Whether the equilibrium passes; None where it does not apply or could not be judged.
        why: What was tested, what fails, or why nothing can be said.
        where: The places at which it fails, as plain data: information set or message, who would gain how much,
            and the belief the equilibrium rests on.
    """

    name: str
    applies: bool
    passed: bool | None
    why: str
    where: tuple[dict[str, Any], ...] = ()

    @property
    def title(self) -> str:
        """Its name in a sentence."""
        return TITLES[self.name]


def refined(
    shape: TreeShape,
    numbers: GameNumbers,
    assessment: Assessment,
    scale: Floats,
    labels: Sequence[InfosetLabel] | None = None,
) -> tuple[RefinementAnswer, ...]:
    """Check the first draw's equilibrium against the refinements.

    Args:
        shape: A game with perfect recall.
        numbers: Its payoffs and chance probabilities.
        assessment: A certified profile.
        scale: [draws, players] payoff ranges.
        labels: [infosets] labels to name things by.

    Returns:
        One answer per refinement, weakest first.
    """
    if shape.num_nodes > LARGEST:
        why = f"The game has {shape.num_nodes:,} nodes; refinements are checked up to {LARGEST:,}."
        return tuple(RefinementAnswer(name, False, None, why) for name in TITLES)
    found = check_refinements(shape, numbers, assessment, scale, labels)
    return tuple(
        RefinementAnswer(name, check.applies, check.passed, check.why, tuple(flaw.to_json() for flaw in check.where))
        for name, check in found.items()
    )
