"""Postures that come too late: what they would have done is not what has happened."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.case import Case, Posture, resolve
from detente.compiler.frontier import reached_history
from detente.compiler.grouping import NOT_REACHED
from detente.compiler.past import Past
from detente.compiler.plan import Plan, Settings, make_plan
from detente.compiler.weights import known_zero


def rules_out(case: Case, posture: Posture, past: Past) -> str:
    """The observed move that a posture would not have made, in words; empty if it could have made them all.

    Args:
        case: The case.
        posture: A posture that might be taken up now.
        past: What has happened.
    """
    plan = make_plan(case, past.posture, Settings())
    for decision, option in past.moves.items():
        allowed = posture.allow.get(decision)
        if allowed is not None and option not in allowed:
            return f"{decision} = {option}, which it does not allow"
        if not any(_could_pick(plan, posture, decision, option, row) for row in past.ways):
            return f"{decision} = {option}, and its rule is another"
    return ""


def _could_pick(plan: Plan, posture: Posture, decision: str, option: str, row: NDArray[np.int16]) -> bool:
    """Whether the rule of a posture can have picked an option in one way of the past."""
    rule = posture.commit.get(decision)
    if rule is None or rule.optimal:
        return True
    values = np.full(len(plan.variables), NOT_REACHED, dtype=np.int16)
    values[: len(row)] = row
    history = reached_history(plan, values)
    weights = rule.table.get(tuple(history.get(name) or "none" for name in rule.by))
    if weights is None:
        return False
    resolved = tuple(None if weight is None else resolve(weight, history) for weight in weights)
    return not known_zero(resolved, posture)[plan.case.decision(decision).options.index(option)]


def too_late(case: Case, posture: Posture, past: Past) -> tuple[str, ...]:
    """Decisions that are past and were not observed, about which a posture says something else than the past's own."""
    names = [item.name for item in case.decisions]
    place = {getattr(entry, "name", ""): number for number, entry in enumerate(case.timeline)}
    return tuple(
        name
        for name in names
        if place[name] <= past.position
        and name not in past.moves
        and (
            (name in posture.commit and posture.commit.get(name) != past.posture.commit.get(name))
            or (name in posture.allow and posture.allow.get(name) != past.posture.allow.get(name))
        )
    )
