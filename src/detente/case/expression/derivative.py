"""Symbolic derivatives with respect to one parameter.

At a kink (of min, max, abs or an if-else) the derivative is that of the branch the expression takes
there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from detente.case.expression.nodes import (
    Arithmetic,
    Call,
    Conditional,
    Count,
    Expression,
    Negate,
    Number,
    Operator,
    ParameterRef,
    TableEntry,
    parameters,
)
from detente.case.expression.problem import fail
from detente.case.expression.simplify import (
    ONE,
    ZERO,
    add,
    call,
    compare,
    conditional,
    divide,
    multiply,
    negate,
    number,
    power,
    subtract,
)


def derivative(expression: Expression, parameter: str) -> Expression:
    """Derivative of a value with respect to a parameter.

    Args:
        expression: A typed value, resolved at a history.
        parameter: Name of a parameter; need not occur.

    Returns:
        A typed value over the same parameters, with constants folded.

    Raises:
        ExpressionError: A table is still indexed by a variable, so the derivative depends on the history.
    """
    if parameter not in parameters(expression):
        return ZERO
    rule = _RULES.get(type(expression))
    if rule is None:
        message = f"'{expression.text}' has no derivative before the history is known"
        raise fail("C242", message, expression.offset, expression.length)
    return rule(expression, parameter)


def _of_parameter(_node: ParameterRef, _parameter: str) -> Expression:
    return ONE  # any other parameter has been answered by now


def _of_entry(node: TableEntry, _parameter: str) -> Expression:
    message = f"'{node.text}' has no derivative before the history is known"
    raise fail("C242", message, node.offset, node.length, "Resolve the expression at a history first.")


def _of_negate(node: Negate, parameter: str) -> Expression:
    return negate(derivative(node.part, parameter))


def _of_arithmetic(node: Arithmetic, parameter: str) -> Expression:
    left, right = node.left, node.right
    d_left, d_right = derivative(left, parameter), derivative(right, parameter)
    match node.operator:
        case "+":
            return add(d_left, d_right)
        case "-":
            return subtract(d_left, d_right)
        case "*":
            return add(multiply(d_left, right), multiply(left, d_right))
        case "/":
            direct = divide(d_left, right) if d_left != ZERO else ZERO
            through = multiply(left, d_right)
            return direct if through == ZERO else subtract(direct, divide(through, power(right, Number(2.0))))
        case _:
            return add(_through_base(left, right, d_left), _through_exponent(node, d_right))


def _through_base(base: Expression, exponent: Expression, d_base: Expression) -> Expression:
    if d_base == ZERO:
        return ZERO
    return multiply(multiply(exponent, power(base, subtract(exponent, ONE))), d_base)


def _through_exponent(node: Arithmetic, d_exponent: Expression) -> Expression:
    if d_exponent == ZERO:
        return ZERO
    slope = multiply(multiply(node, call("log", (node.left,))), d_exponent)
    return conditional(compare((node.left, ZERO), ("==",)), ZERO, slope)  # 0 ** p is flat for p > 0


def _of_call(node: Call, parameter: str) -> Expression:
    if node.function in ("min", "max"):
        sign: Operator = "<=" if node.function == "min" else ">="
        return _of_extreme(node.function, sign, node.arguments, parameter)
    inner = node.arguments[0]
    d_inner = derivative(inner, parameter)
    if d_inner == ZERO:
        return ZERO
    match node.function:
        case "exp":
            return multiply(node, d_inner)
        case "log":
            return divide(d_inner, inner)
        case "sqrt":
            return divide(d_inner, multiply(number(2.0), node))
        case _:
            sign_of_inner = conditional(compare((inner, ZERO), (">=",)), ONE, number(-1.0))
            return multiply(sign_of_inner, d_inner)  # once: nested copies would grow without bound


def _of_extreme(function: str, sign: Operator, arguments: Sequence[Expression], parameter: str) -> Expression:
    """Split in halves, so that the result is only as deep as the logarithm of their number."""
    if len(arguments) == 1:
        return derivative(arguments[0], parameter)
    middle = len(arguments) // 2
    halves = [tuple(arguments[:middle]), tuple(arguments[middle:])]
    values = [half[0] if len(half) == 1 else call(function, half) for half in halves]
    slopes = [_of_extreme(function, sign, half, parameter) for half in halves]
    return conditional(compare((values[0], values[1]), (sign,)), slopes[0], slopes[1])


def _of_conditional(node: Conditional, parameter: str) -> Expression:
    return conditional(node.test, derivative(node.yes, parameter), derivative(node.no, parameter))


def _of_count(_node: Count, _parameter: str) -> Expression:
    return ZERO  # it changes by jumps only


_RULES: Mapping[type[Expression], Callable[[Any, str], Expression]] = {
    ParameterRef: _of_parameter,
    TableEntry: _of_entry,
    Negate: _of_negate,
    Arithmetic: _of_arithmetic,
    Call: _of_call,
    Conditional: _of_conditional,
    Count: _of_count,
}
