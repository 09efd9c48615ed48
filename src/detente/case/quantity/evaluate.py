"""Is a claim true in each draw, and by how much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats
from detente.case.expression.arrays import COMPARISONS, NumberFunction, number_function
from detente.case.expression.nodes import (
    Boolean,
    BoolOp,
    Compare,
    Conditional,
    Count,
    Expression,
    Not,
    ParameterRef,
)
from detente.case.expression.problem import fail
from detente.case.quantity.nodes import ClaimExpression, Quantity, ShareOfTypes, leaves

Values = dict[Expression, Floats]


@dataclass(frozen=True)
class _Judgment:
    """A condition in each draw; `true` and `margin` mean nothing where it is not `known`."""

    true: Bools
    known: Bools
    margin: Floats


def evaluate(claim: ClaimExpression, lookup: Callable[[Quantity | ParameterRef], Floats]) -> tuple[Bools, Floats]:
    """Judge a claim in every draw.

    Args:
        claim: A typed claim.
        lookup: Gives the values [draws] of each of `leaves`; NaN where there is none in a draw.

    Returns:
        Truth [draws] and margin [draws]. The margin of a comparison is the distance by which it
        holds, negative where it fails: left minus right for ``>`` and ``>=``, right minus left for
        ``<`` and ``<=``, minus the absolute difference for ``==``. Of ``and`` the smallest margin is
        decisive, of ``or`` the largest; ``not`` changes the sign. Where a missing value leaves the claim
        open, truth is False and the margin NaN.
    """
    values: Values = {leaf: np.asarray(lookup(leaf), dtype=np.float64) for leaf in leaves(claim)}
    shape = np.broadcast_shapes((1,), *(item.shape for item in values.values()))
    with np.errstate(all="ignore"):
        found = _judge(claim, values)
    true = np.broadcast_to(found.true & found.known, shape).copy()
    margin = np.broadcast_to(np.where(found.known, found.margin, np.nan), shape).copy()
    return true, margin


def _judge(node: Expression, values: Values) -> _Judgment:
    match node:
        case Boolean():
            margin = np.inf if node.value else -np.inf
            return _Judgment(np.array(node.value), np.array(True), np.array(margin))
        case Not():
            part = _judge(node.part, values)
            return _Judgment(~part.true, part.known, -part.margin)
        case BoolOp():
            return _join(node, values)
        case Compare():
            return _compare(node, values)
        case _:
            raise fail("C250", f"'{node.text}' is not a comparison", node.offset, node.length)


def _join(node: BoolOp, values: Values) -> _Judgment:
    """One part that is known to decide is enough, whatever is missing in the others."""
    parts = [_judge(part, values) for part in node.parts]
    decisive = node.operator == "or"
    everything_known = np.logical_and.reduce(np.broadcast_arrays(*(part.known for part in parts)))
    decided = np.logical_or.reduce(
        np.broadcast_arrays(*(part.known & (part.true == decisive) for part in parts)),
    )
    margins = np.broadcast_arrays(*(np.where(part.known, part.margin, np.nan) for part in parts))
    margin = (np.fmax if decisive else np.fmin).reduce(margins)
    true = decided if decisive else np.logical_not(decided)
    return _Judgment(true, np.logical_or(everything_known, decided), margin)


def _compare(node: Compare, values: Values) -> _Judgment:
    operands = [_number(item, values) for item in node.operands]
    known = np.logical_and.reduce(np.broadcast_arrays(*(np.isfinite(item) for item in operands)))
    pairs = list(zip(node.operators, operands, operands[1:], strict=False))
    true = np.logical_and.reduce(np.broadcast_arrays(*(COMPARISONS[sign](a, b) for sign, a, b in pairs)))
    margin = np.minimum.reduce(np.broadcast_arrays(*(_margin(sign, a, b) for sign, a, b in pairs)))
    return _Judgment(true, known, margin)


def _margin(sign: str, left: Floats, right: Floats) -> Floats:
    if sign in (">", ">="):
        return left - right
    if sign in ("<", "<="):
        return right - left
    distance = np.abs(left - right)
    return -distance if sign == "==" else distance


def _number(node: Expression, values: Values) -> Floats:
    def leaf(part: Expression) -> NumberFunction[Values] | None:
        match part:
            case ShareOfTypes():
                return lambda world: _share(part, world)
            case Quantity() | ParameterRef():
                return lambda world: world[part]
            case Count():
                return lambda world: _count([_judge(item, world) for item in part.conditions])
            case Conditional():
                return lambda world: _choose(part, world)
            case _:
                return None

    return number_function(node, leaf)(values)


def _share(node: ShareOfTypes, values: Values) -> Floats:
    return _count([_judge(comparison, values) for _, comparison in node.cases]) / len(node.labels)


def _count(judgments: list[_Judgment]) -> Floats:
    counts = np.broadcast_arrays(*(np.where(item.known, item.true, np.nan) for item in judgments))
    return np.add.reduce(counts)


def _choose(node: Conditional, values: Values) -> Floats:
    test = _judge(node.test, values)
    chosen = np.where(test.true, _number(node.yes, values), _number(node.no, values))
    return np.where(test.known, chosen, np.nan)
