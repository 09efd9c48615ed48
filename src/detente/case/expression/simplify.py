"""Constructors that fold constants, so that what is left of an expression is small and canonical.

Folding never hides a failure: a division by zero or the logarithm of a negative number stays as it
is, and shows as a value that is not finite. The one exception is that ``x * 0`` is 0 for every x.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from detente.case.expression.nodes import (
    Arithmetic,
    Boolean,
    Call,
    Compare,
    Conditional,
    Count,
    Expression,
    Negate,
    Not,
    Number,
    Operator,
    joined,
)

ZERO = Number(0.0)
ONE = Number(1.0)
TRUE = Boolean(True)
FALSE = Boolean(False)

_FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "min": lambda *values: min(values),
    "max": lambda *values: max(values),
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "abs": math.fabs,
}
ORDER: Mapping[Operator, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def number(value: float) -> Number:
    """A number; minus zero becomes zero."""
    return Number(value + 0.0)


def is_number(node: Expression, value: float) -> bool:
    """Whether a node is this very number."""
    return isinstance(node, Number) and node.value == value


def _folded(function: Callable[..., float], parts: Iterable[Expression]) -> Number | None:
    """The value of a function of numbers, or None if some part is no number or the value is not finite."""
    values: list[float] = []
    for part in parts:
        if not isinstance(part, Number):
            return None
        values.append(part.value)
    try:
        value = function(*values)
    except (ArithmeticError, ValueError):
        return None
    return number(value) if math.isfinite(value) else None


def add(left: Expression, right: Expression) -> Expression:
    """``left + right``."""
    if is_number(left, 0.0):
        return right
    if is_number(right, 0.0):
        return left
    if isinstance(right, Negate):
        return subtract(left, right.part)
    return _folded(operator.add, (left, right)) or Arithmetic("+", left, right)


def subtract(left: Expression, right: Expression) -> Expression:
    """``left - right``."""
    if is_number(right, 0.0):
        return left
    if is_number(left, 0.0):
        return negate(right)
    if isinstance(right, Negate):
        return add(left, right.part)
    return _folded(operator.sub, (left, right)) or Arithmetic("-", left, right)


def multiply(left: Expression, right: Expression) -> Expression:
    """``left * right``."""
    if is_number(left, 0.0) or is_number(right, 0.0):
        return ZERO
    if is_number(left, 1.0):
        return right
    if is_number(right, 1.0):
        return left
    if is_number(left, -1.0):
        return negate(right)
    if is_number(right, -1.0):
        return negate(left)
    return _folded(operator.mul, (left, right)) or Arithmetic("*", left, right)


def _quotient(left: float, right: float) -> float:
    return left / right


def divide(left: Expression, right: Expression) -> Expression:
    """``left / right``."""
    if is_number(right, 1.0):
        return left
    return _folded(_quotient, (left, right)) or Arithmetic("/", left, right)


def power(base: Expression, exponent: Expression) -> Expression:
    """``base ** exponent``."""
    if is_number(exponent, 1.0):
        return base
    if is_number(exponent, 0.0):
        return ONE
    return _folded(math.pow, (base, exponent)) or Arithmetic("**", base, exponent)


def arithmetic(sign: str, left: Expression, right: Expression) -> Expression:
    """``left sign right``."""
    return {"+": add, "-": subtract, "*": multiply, "/": divide, "**": power}[sign](left, right)


def negate(part: Expression) -> Expression:
    """``-part``."""
    if isinstance(part, Number):
        return number(-part.value)
    return part.part if isinstance(part, Negate) else Negate(part)


def call(function: str, arguments: tuple[Expression, ...]) -> Expression:
    """A call of min, max, exp, log, sqrt or abs."""
    return _folded(_FUNCTIONS[function], arguments) or Call(function, arguments)


def conditional(test: Expression, yes: Expression, no: Expression) -> Expression:
    """``yes if test else no``."""
    if isinstance(test, Boolean):
        return yes if test.value else no
    return yes if yes == no else Conditional(test, yes, no)


def compare(operands: tuple[Expression, ...], operators: tuple[Operator, ...]) -> Expression:
    """A chain of comparisons of numbers: decided as soon as one pair of constants fails, or all hold."""
    open_pairs = False
    for sign, left, right in zip(operators, operands, operands[1:], strict=False):
        if not (isinstance(left, Number) and isinstance(right, Number)):
            open_pairs = True
        elif not ORDER[sign](left.value, right.value):
            return FALSE
    return Compare(operands, operators) if open_pairs else TRUE


def combine(word: Literal["and", "or"], parts: Iterable[Expression]) -> Expression:
    """``and`` or ``or`` of conditions."""
    decisive = word == "or"
    left: list[Expression] = []
    for part in parts:
        if not isinstance(part, Boolean):
            left.append(part)
        elif part.value is decisive:
            return part
    if not left:
        return Boolean(not decisive)
    return left[0] if len(left) == 1 else joined(word, tuple(left))


def invert(part: Expression) -> Expression:
    """``not part``."""
    if isinstance(part, Boolean):
        return Boolean(not part.value)
    return part.part if isinstance(part, Not) else Not(part)


def count(conditions: Iterable[Expression]) -> Expression:
    """How many of some conditions hold."""
    every = tuple(conditions)
    left = tuple(item for item in every if not isinstance(item, Boolean))
    sure = number(sum(isinstance(item, Boolean) and item.value for item in every))
    return add(Count(left), sure) if left else sure
