"""Sequences of observations in words: what the labels of an information set say."""

from __future__ import annotations

from detente.case import Reveal
from detente.compiler.grouping import SKIPPED
from detente.compiler.observation import Observation, Observations
from detente.compiler.plan import Plan


def sees_of(plan: Plan, observations: Observations, player: int, number: int) -> tuple[tuple[str, str], ...]:
    """What a player has seen, as pairs (variable, label), in the order it became visible."""
    pairs: list[tuple[str, str]] = []
    for item in observations.sequence(number):
        name = plan.variables[item.variable]
        pairs.append((name, "none" if item.label == SKIPPED else plan.labels[item.variable][item.label]))
        earlier = _earlier_reveals(plan, player, item)
        if earlier:  # seen later than it might have been: the time of seeing tells something too
            pairs.append((f"{name} revealed", f"entry {item.position + 1}"))
    return tuple(pairs)


def _earlier_reveals(plan: Plan, player: int, item: Observation) -> int:
    """Reveals that could have shown the same variable to the player before this one did."""
    if item.position < 0 or not isinstance(plan.steps[item.position].entry, Reveal):
        return 0
    return sum(
        isinstance(step.entry, Reveal) and step.variable == item.variable and player in step.shows[0][1]
        for step in plan.steps[: item.position]
    )
