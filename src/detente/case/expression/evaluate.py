"""A typed expression at a history: is a condition true, and what is left of a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from detente.case.expression import simplify
from detente.case.expression.nodes import (
    Arithmetic,
    Boolean,
    BoolOp,
    Call,
    Compare,
    Conditional,
    Contains,
    Count,
    Expression,
    Happened,
    Match,
    Named,
    Negate,
    Not,
    Number,
    ParameterRef,
    TableEntry,
)
from detente.case.expression.problem import fail

History: TypeAlias = Mapping[str, str | None]
"""Variable -> its label, or None where it was skipped; absent if not reached yet."""

SKIPPED = "none"
"""What a skipped variable is called where it indexes a table."""


def truth(expression: Expression, history: History) -> bool | None:
    """Whether a condition holds at a history, or None if that is still open.

    A variable that was skipped equals nothing: ``==``, ``in`` and ``package.item`` are false on it,
    ``!=`` and ``not in`` true.

    Raises:
        ExpressionError: A table is indexed by a variable that was skipped.
    """
    decide = _TRUTH.get(type(expression))
    if decide is None:
        raise fail("C241", f"'{expression.text}' is not a condition", expression.offset, expression.length)
    return decide(expression, history)


def holds(expression: Expression, history: History) -> bool:
    """Whether a condition holds at a history that decides it.

    Raises:
        ExpressionError: The condition rests on a variable that is not in the history, or on parameters.
    """
    found = truth(expression, history)
    if found is None:
        message = f"the history does not decide whether '{expression.text}' holds"
        raise fail("C241", message, expression.offset, expression.length)
    return found


def _match(node: Match, history: History) -> bool | None:
    if node.variable not in history:
        return None
    return (history[node.variable] in node.labels) is not node.negated


def _contains(node: Contains, history: History) -> bool | None:
    if node.variable not in history:
        return None
    label = history[node.variable]
    return label is not None and node.item in label.split("+")


def _happened(node: Happened, history: History) -> bool | None:
    return history[node.variable] is not None if node.variable in history else None


def _not(node: Not, history: History) -> bool | None:
    found = truth(node.part, history)
    return None if found is None else not found


def _bool_op(node: BoolOp, history: History) -> bool | None:
    decisive, is_open = node.operator == "or", False
    for part in node.parts:
        found = truth(part, history)
        if found is decisive:
            return decisive
        is_open = is_open or found is None
    return None if is_open else not decisive


def _compare(node: Compare, history: History) -> bool | None:
    left = resolve(node, history)
    return left.value if isinstance(left, Boolean) else None


def _boolean(node: Boolean, _history: History) -> bool | None:
    return node.value


def _named(node: Named, history: History) -> bool | None:
    return truth(node.condition, history)


_TRUTH: Mapping[type[Expression], Callable[[Any, History], bool | None]] = {
    Boolean: _boolean,
    Match: _match,
    Contains: _contains,
    Happened: _happened,
    Named: _named,
    Not: _not,
    BoolOp: _bool_op,
    Compare: _compare,
}


def resolve(expression: Expression, history: History) -> Expression:
    """What is left of an expression once the history is known.

    Args:
        expression: A typed expression.
        history: Labels of the variables known so far. At a finished history the result depends on
            parameters only.

    Returns:
        A canonical tree: constants are folded, an if-else that the history decides is replaced by its
        branch, ``table[variable]`` by the parameter ``table[label]``.

    Raises:
        ExpressionError: A table is indexed by a variable that was skipped.
    """
    return _RESOLVE.get(type(expression), _unchanged)(expression, history)


def _unchanged(node: Expression, _history: History) -> Expression:
    return node


def _resolve_condition(node: Expression, history: History) -> Expression:
    found = truth(node, history)
    return node if found is None else Boolean(found)


def _resolve_named(node: Named, history: History) -> Expression:
    return resolve(node.condition, history)


def _resolve_not(node: Not, history: History) -> Expression:
    return simplify.invert(resolve(node.part, history))


def _resolve_bool_op(node: BoolOp, history: History) -> Expression:
    found = truth(node, history)
    if found is not None:
        return Boolean(found)
    return simplify.combine(node.operator, [resolve(part, history) for part in node.parts])


def _resolve_compare(node: Compare, history: History) -> Expression:
    return simplify.compare(tuple(resolve(item, history) for item in node.operands), node.operators)


def _resolve_entry(node: TableEntry, history: History) -> Expression:
    if node.variable not in history:
        return node
    label = history[node.variable]
    if label is None:
        if SKIPPED not in node.labels:
            message = f"'{node.text}' has no entry: {node.variable} was skipped at this history"
            hint = f"Give the term a `when` that rules this out, such as happened({node.variable})."
            raise fail("C240", message, node.offset, node.length, hint)
        label = SKIPPED
    return ParameterRef(f"{node.table}[{label}]")


def _resolve_negate(node: Negate, history: History) -> Expression:
    return simplify.negate(resolve(node.part, history))


def _resolve_arithmetic(node: Arithmetic, history: History) -> Expression:
    return simplify.arithmetic(node.operator, resolve(node.left, history), resolve(node.right, history))


def _resolve_call(node: Call, history: History) -> Expression:
    return simplify.call(node.function, tuple(resolve(item, history) for item in node.arguments))


def _resolve_count(node: Count, history: History) -> Expression:
    return simplify.count(resolve(item, history) for item in node.conditions)


def _resolve_conditional(node: Conditional, history: History) -> Expression:
    test = resolve(node.test, history)
    if isinstance(test, Boolean):  # the other branch may have no meaning at this history
        return resolve(node.yes if test.value else node.no, history)
    return simplify.conditional(test, resolve(node.yes, history), resolve(node.no, history))


def _resolve_number(node: Number, _history: History) -> Expression:
    return simplify.number(node.value)


_RESOLVE: Mapping[type[Expression], Callable[[Any, History], Expression]] = {
    Number: _resolve_number,
    TableEntry: _resolve_entry,
    Match: _resolve_condition,
    Contains: _resolve_condition,
    Happened: _resolve_condition,
    Named: _resolve_named,
    Not: _resolve_not,
    BoolOp: _resolve_bool_op,
    Compare: _resolve_compare,
    Negate: _resolve_negate,
    Arithmetic: _resolve_arithmetic,
    Call: _resolve_call,
    Count: _resolve_count,
    Conditional: _resolve_conditional,
}
