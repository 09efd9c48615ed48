"""An expression over parameters -> a NumPy function of many parameter vectors at once.

The tree is turned into nested Python closures, one per node; no source text is generated, and nothing
is handed to Python's own parser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any, TypeAlias, TypeVar

import numpy as np

from detente.axes import Bools, Floats
from detente.case.expression.nodes import (
    Arithmetic,
    Boolean,
    BoolOp,
    Call,
    Compare,
    Conditional,
    Count,
    Expression,
    Named,
    Negate,
    Not,
    Number,
    ParameterRef,
)
from detente.case.expression.problem import ExpressionError, fail

World = TypeVar("World")
"""What leaves are read from: a matrix of parameter vectors, or a table of quantities."""

NumberFunction: TypeAlias = Callable[[World], Floats]
ConditionFunction: TypeAlias = Callable[[World], Bools]
Leaf: TypeAlias = Callable[[Expression], NumberFunction[World] | None]
"""How a leaf is read; None for what is no leaf."""

_ARITHMETIC: Mapping[str, Callable[[Any, Any], Floats]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "**": np.power,
}
_FUNCTIONS: Mapping[str, Callable[[Any], Floats]] = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt, "abs": np.abs}
_EXTREMES: Mapping[str, Callable[[Any, Any], Floats]] = {"min": np.minimum, "max": np.maximum}
COMPARISONS: Mapping[str, Callable[[Any, Any], Bools]] = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def array_function(expression: Expression, names: Sequence[str]) -> Callable[[Floats], Floats]:
    """Compile a value that depends on parameters only.

    Args:
        expression: A typed value, resolved at a history if it speaks of one.
        names: Name of each column of a parameter matrix.

    Returns:
        A function of a matrix [draws, params] that gives a new array [draws]. Divisions by zero,
        logarithms of negative numbers and overflows give values that are not finite, silently: whoever
        calls it checks.

    Raises:
        ExpressionError: The expression still rests on the history, or on a name that is not in `names`.
    """
    column = {name: place for place, name in enumerate(names)}

    def leaf(node: Expression) -> NumberFunction[Floats] | None:
        if not isinstance(node, ParameterRef):
            return None
        if node.name not in column:
            raise fail("C242", f"'{node.name}' is not one of the parameters", node.offset, node.length)
        place = column[node.name]
        return lambda theta: theta[:, place]

    function = number_function(expression, leaf)

    def of_draws(theta: Floats) -> Floats:
        with np.errstate(all="ignore"):
            values = function(theta)
        spread = np.empty(theta.shape[0])
        spread[:] = values
        return spread

    return of_draws


def number_function(node: Expression, leaf: Leaf[World]) -> NumberFunction[World]:
    """A function that computes a number, reading its leaves through `leaf`."""
    read = leaf(node)
    if read is not None:
        return read
    match node:
        case Number():
            constant = np.array(node.value)
            return lambda world: constant
        case Negate():
            part = number_function(node.part, leaf)
            return lambda world: np.negative(part(world))
        case Arithmetic():
            apply = _ARITHMETIC[node.operator]
            left, right = number_function(node.left, leaf), number_function(node.right, leaf)
            return lambda world: apply(left(world), right(world))
        case Call():
            return _call(node, leaf)
        case Count():
            conditions = [condition_function(item, leaf) for item in node.conditions]
            return lambda world: np.asarray(sum(item(world).astype(np.float64) for item in conditions))
        case Conditional():
            return _conditional(node, leaf)
        case _:
            raise _open(node)


def _call(node: Call, leaf: Leaf[World]) -> NumberFunction[World]:
    arguments = [number_function(item, leaf) for item in node.arguments]
    if node.function in _EXTREMES:
        extreme = _EXTREMES[node.function]
        return lambda world: reduce(extreme, [item(world) for item in arguments])
    function, argument = _FUNCTIONS[node.function], arguments[0]
    return lambda world: function(argument(world))


def _conditional(node: Conditional, leaf: Leaf[World]) -> NumberFunction[World]:
    test = condition_function(node.test, leaf)
    yes, no = number_function(node.yes, leaf), number_function(node.no, leaf)
    return lambda world: np.where(test(world), yes(world), no(world))


def condition_function(node: Expression, leaf: Leaf[World]) -> ConditionFunction[World]:
    """A function that decides a condition on numbers."""
    match node:
        case Boolean():
            constant = np.array(node.value)
            return lambda world: constant
        case Named():
            return condition_function(node.condition, leaf)
        case Not():
            part = condition_function(node.part, leaf)
            return lambda world: np.logical_not(part(world))
        case BoolOp():
            parts = [condition_function(item, leaf) for item in node.parts]
            combine = np.logical_and if node.operator == "and" else np.logical_or
            return lambda world: reduce(combine, [item(world) for item in parts])
        case Compare():
            return _compare(node, leaf)
        case _:
            raise _open(node)


def _compare(node: Compare, leaf: Leaf[World]) -> ConditionFunction[World]:
    operands = [number_function(item, leaf) for item in node.operands]
    tests = [COMPARISONS[sign] for sign in node.operators]

    def decide(world: World) -> Bools:
        values = [item(world) for item in operands]
        pairs = zip(tests, values, values[1:], strict=False)
        return reduce(np.logical_and, [test(left, right) for test, left, right in pairs])

    return decide


def _open(node: Expression) -> ExpressionError:
    message = f"'{node.text}' is not a function of the parameters alone"
    return fail("C242", message, node.offset, node.length, "Resolve the expression at a history first.")
