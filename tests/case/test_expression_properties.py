"""Expressions on random trees and hostile text."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from detente.case.expression import (
    Arithmetic,
    Boolean,
    BoolOp,
    Call,
    Compare,
    Conditional,
    Contains,
    Count,
    Expression,
    ExpressionError,
    Happened,
    Match,
    Name,
    Negate,
    Not,
    Number,
    ParameterRef,
    Scope,
    TableEntry,
    array_function,
    condition_from_mapping,
    derivative,
    parameters,
    parse,
    read_condition,
    read_value,
    resolve,
    truth,
    variables,
)
from detente.case.expression.nodes import Index, Items, joined
from detente.case.model import Table
from detente.case.names import RESERVED
from detente.case.quantity import ClaimScope, parse_claim, read_claim

PATIENT = settings(
    derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)

SCOPE = Scope(
    variables={
        "RUS.aim": ("subjugate", "pressure"),
        "move": ("assault", "hold"),
        "package": ("nothing", "talks", "arms", "talks+arms"),
    },
    items={"package": ("talks", "arms")},
    parameters=("p", "q", "r"),
    tables={"t": Table("t", "move", ("assault", "hold"))},
    skippable=("move",),
)
CLAIMS = ClaimScope(SCOPE, ("RUS",), ("open", "closed"), {"move": "RUS"}, ("RUS.aim",))
NAMES = ("p", "q", "r", "t[assault]", "t[hold]")

# --------------------------------------------------------------------------- untyped trees
words = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,5}", fullmatch=True).filter(lambda word: word not in RESERVED)
names = st.builds(Name, st.one_of(words, st.builds("{}.{}".format, words, words)))
numbers = st.builds(Number, st.floats(allow_nan=False, allow_infinity=False).map(lambda x: x + 0.0))
exponents = st.one_of(names, st.builds(Number, st.floats(-8, 8).map(lambda x: x + 0.0)))


def grown(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    order = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    some = st.lists(inner, min_size=1, max_size=3).map(tuple)
    two = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        inner.filter(lambda node: not isinstance(node, Number)).map(Negate),
        st.builds(Arithmetic, st.sampled_from(["+", "-", "*", "/"]), inner, inner),
        st.builds(Arithmetic, st.just("**"), inner, exponents),
        st.builds(lambda a, b, sign: Compare((a, b), (sign,)), inner, inner, order),
        st.builds(lambda a, b, c, one, two: Compare((a, b, c), (one, two)), inner, inner, inner, order, order),
        st.builds(lambda a, b, sign: Compare((a, Items(b)), (sign,)), inner, some, st.sampled_from(["in", "not in"])),
        st.builds(joined, st.sampled_from(["and", "or"]), two),
        inner.map(Not),
        st.builds(Conditional, inner, inner, inner),
        st.builds(Call, st.sampled_from(["min", "max"]), two),
        st.builds(Call, st.sampled_from(["exp", "log", "sqrt", "abs", "happened"]), st.tuples(inner)),
        st.builds(Call, st.just("count"), some),
    )


leaves = st.one_of(names, numbers, st.builds(Index, words, names), st.builds(Boolean, st.booleans()))
trees = st.recursive(leaves, grown, max_leaves=12)


@PATIENT
@given(trees)
def test_printing_and_reading_gives_the_same_tree(tree: Expression):
    assume(len(tree.text) <= 500)
    again = parse(tree.text)
    assert again == tree
    assert hash(again) == hash(tree)
    assert again.text == tree.text


@PATIENT
@given(trees)
def test_parentheses_are_as_few_as_possible(tree: Expression):
    """Leaving out any pair of parentheses that is not a call's changes the tree or breaks it."""
    text = tree.text
    assume(len(text) <= 200)
    opened: list[int] = []
    for place, char in enumerate(text):
        if char == "(":
            opened.append(place)
        elif char == ")":
            start = opened.pop()
            if start and (text[start - 1].isalnum()):
                continue
            shorter = f"{text[:start]} {text[start + 1 : place]} {text[place + 1 :]}"
            with contextlib.suppress(ExpressionError):
                assert parse(shorter) != tree


# --------------------------------------------------------------------------- typed trees
def matches(variable: str) -> st.SearchStrategy[Expression]:
    some = st.lists(st.sampled_from(SCOPE.variables[variable]), min_size=1, max_size=3, unique=True).map(tuple)
    return st.builds(Match, st.just(variable), some, st.booleans())


facts = st.one_of(
    *map(matches, SCOPE.variables),
    st.sampled_from(["talks", "arms"]).map(lambda item: Contains("package", item)),
    st.sampled_from(sorted(SCOPE.variables)).map(Happened),
    st.builds(Boolean, st.booleans()),
)
figures = st.one_of(
    st.sampled_from(["p", "q", "r", "t[hold]"]).map(ParameterRef),
    st.just(TableEntry("t", "move", ("assault", "hold"))),
    st.sampled_from([-1.0, 0.0, 1.0, 2.0, 0.5]).map(Number),
)


def conditions(values: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    order = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    comparison = st.builds(lambda a, b, sign: Compare((a, b), (sign,)), values, values, order)
    base = st.one_of(facts, comparison)
    return st.one_of(
        base,
        base.map(Not),
        st.builds(joined, st.sampled_from(["and", "or"]), st.lists(base, min_size=2, max_size=3).map(tuple)),
    )


def grown_value(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    two = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        inner.filter(lambda node: not isinstance(node, Number)).map(Negate),
        st.builds(Arithmetic, st.sampled_from(["+", "-", "*", "/"]), inner, inner),
        st.builds(Arithmetic, st.just("**"), inner, st.sampled_from([Number(2.0), Number(-1.0), ParameterRef("q")])),
        st.builds(Conditional, conditions(inner), inner, inner),
        st.builds(Call, st.sampled_from(["min", "max"]), two),
        st.builds(Call, st.sampled_from(["exp", "log", "sqrt", "abs"]), st.tuples(inner)),
        st.builds(Count, st.lists(conditions(inner), min_size=1, max_size=3).map(tuple)),
    )


values = st.recursive(figures, grown_value, max_leaves=8)
histories = st.fixed_dictionaries(
    {
        "RUS.aim": st.sampled_from(["subjugate", "pressure"]),
        "move": st.sampled_from(["assault", "hold"]),
        "package": st.sampled_from([*SCOPE.variables["package"], None]),
    }
)
# Values that make ties between different formulas practically impossible.
thetas = st.lists(st.sampled_from([-1.3713, 0.2917, 0.5771, 1.2345, 2.7183]), min_size=5, max_size=5)


class NotFiniteError(Exception):
    """The naive evaluation met a value that is not finite."""


def naive(node: Any, history: Mapping[str, str | None], theta: Mapping[str, float]) -> Any:
    """Evaluate a typed tree at a history and one parameter vector in plain Python."""
    match node:
        case Number() | Boolean():
            return node.value
        case ParameterRef():
            return theta[node.name]
        case TableEntry():
            return theta[f"{node.table}[{history[node.variable]}]"]
        case Match():
            return (history[node.variable] in node.labels) != node.negated
        case Contains():
            return node.item in (history[node.variable] or "").split("+")
        case Happened():
            return history[node.variable] is not None
        case Conditional():
            return naive(node.yes if naive(node.test, history, theta) else node.no, history, theta)
        case _:
            return naive_operator(node, [naive(part, history, theta) for part in node.children])


def naive_operator(node: Any, parts: list[Any]) -> Any:
    match node:
        case Not():
            return not parts[0]
        case BoolOp():
            return all(parts) if node.operator == "and" else any(parts)
        case Compare():
            return all(
                {"==": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[sign]
                for sign, a, b in zip(node.operators, parts, parts[1:], strict=False)
            )
        case Count():
            return float(sum(parts))
        case Negate():
            return -parts[0]
        case _:
            return naive_arithmetic(node, parts)


def naive_arithmetic(node: Any, parts: list[float]) -> float:
    functions = {"exp": math.exp, "log": math.log, "sqrt": math.sqrt, "abs": abs, "min": min, "max": max}
    operators = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b}
    try:
        if isinstance(node, Call):
            value = functions[node.function](*parts)
        elif node.operator == "**":
            value = math.pow(*parts)
        else:
            value = operators[node.operator](*parts)
    except (ArithmeticError, ValueError) as error:
        raise NotFiniteError from error
    if not math.isfinite(value) or abs(value) > 1e8:
        raise NotFiniteError
    return value


def naive_value(tree: Expression, history: Mapping[str, str | None], theta: list[float]) -> float:
    """The naive value; discards the example if anything is not finite on the way."""
    try:
        return naive(tree, history, dict(zip(NAMES, theta, strict=True)))
    except NotFiniteError:
        assume(False)
        raise


@PATIENT
@given(values)
def test_a_typed_value_survives_printing_and_checking(tree: Expression):
    assume(len(tree.text) <= 500)
    checked = read_value(tree.text, SCOPE, literals=None)
    assert checked.errors == ()
    assert checked.expression == tree


@PATIENT
@given(conditions(figures))
def test_a_typed_condition_survives_printing_and_checking(tree: Expression):
    assume(len(tree.text) <= 500)
    assume(not parameters(tree))
    checked = read_condition(tree.text, SCOPE)
    assert checked.expression == tree


@PATIENT
@given(values, histories, thetas)
def test_resolving_then_compiling_equals_direct_evaluation(
    tree: Expression, history: dict[str, str | None], theta: list[float]
):
    expected = naive_value(tree, history, theta)
    resolved = resolve(tree, history)
    assert variables(resolved) == frozenset()
    assert parameters(resolved) <= parameters(tree)
    assert resolve(resolved, {}) == resolved
    found = array_function(resolved, NAMES)(np.array([theta, theta]))
    np.testing.assert_allclose(found, [expected, expected], rtol=1e-9, atol=1e-9)


@PATIENT
@given(values, histories, st.sets(st.sampled_from(sorted(SCOPE.variables))))
def test_resolving_in_two_steps_is_resolving_at_once(tree: Expression, history: dict[str, str | None], first: set[str]):
    early = resolve(tree, {name: history[name] for name in first})
    assert variables(early).isdisjoint(first)
    theta = np.array([[0.2917, 0.5771, 1.2345, 2.7183, -1.3713]])
    with np.errstate(all="ignore"):
        once = array_function(resolve(tree, history), NAMES)(theta)
        twice = array_function(resolve(early, history), NAMES)(theta)
    np.testing.assert_allclose(twice, once, rtol=1e-9, atol=1e-9)


@PATIENT
@given(conditions(figures), histories)
def test_conditions_without_parameters_are_always_decided(tree: Expression, history: dict[str, str | None]):
    assume(not parameters(tree))
    assert truth(tree, history) is naive(tree, history, {})


@PATIENT
@given(values, histories, thetas, st.sampled_from(NAMES))
def test_derivative_against_central_differences(
    tree: Expression, history: dict[str, str | None], theta: list[float], name: str
):
    place = NAMES.index(name)
    step = 1e-4

    def at(shift: float) -> float:
        moved = [x + shift * (i == place) for i, x in enumerate(theta)]
        return naive_value(tree, history, moved)

    far_left, left, middle, right, far_right = (at(k * step) for k in (-2, -1, 0, 1, 2))
    central, wide = (right - left) / (2 * step), (far_right - far_left) / (4 * step)
    jump = abs((right - middle) - (middle - left)) / step
    size = 1.0 + abs(central)
    noise = 1e-10 * abs(middle) / step
    assume(abs(central - wide) + jump + noise < 1e-2 * size)  # not at a kink or a jump
    found = array_function(derivative(resolve(tree, history), name), NAMES)(np.array([theta]))[0]
    assert found == pytest.approx(central, abs=2 * abs(central - wide) + 2 * noise + 1e-6 * size)


# --------------------------------------------------------------------------- hostile input
TOKENS = [
    "a", "p", "move", "hold", "RUS.aim", "package.talks", "package", "talks", "t", "value", "probability", "RUS",
    "open", "share_of_types", "action_value", "misjudged", "settles", "type", "with", "none", "rest", "1", "2.5",
    "1e9", "(", ")", "[", "]", ",", ".", "|", "=", "==", "!=", "<", "<=", "+", "-", "*", "**", "/", "and", "or",
    "not", "in", "if", "else", "min", "count", "happened", "exp", "true", "__class__", "lambda", "for", "'", "{",
]  # fmt: skip
soups = st.lists(st.sampled_from(TOKENS), max_size=60).map(" ".join)
hostile = st.one_of(st.text(max_size=600), soups, st.text(alphabet="()-+*[]ab.,|= <>!1", max_size=600))


@settings(PATIENT, max_examples=300)
@given(hostile)
def test_hostile_text_raises_nothing_but_expression_errors(text: str):
    for read in (parse, parse_claim):
        try:
            tree = read(text)
        except ExpressionError as error:
            place = (error.offset, error.length)
        else:
            place = (0, 1)
            assert len(tree.text) > 500 or read(tree.text) == tree
        assert 0 <= place[0] <= len(text)
        assert place[1] >= 1
    for checked in (
        read_condition(text, SCOPE),
        read_condition(text, SCOPE, bare_labels=True),
        read_value(text, SCOPE),
        read_value(text, SCOPE, history=False),
        read_claim(text, CLAIMS),
    ):
        assert (checked.expression is None) == bool(checked.errors)


data = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(TOKENS), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=2)),
    max_leaves=6,
)


@PATIENT
@given(st.dictionaries(st.one_of(st.sampled_from(TOKENS), st.text(max_size=5)), data, max_size=4))
def test_hostile_mappings_raise_nothing(entries: dict[str, Any]):
    checked = condition_from_mapping(entries, SCOPE)
    assert (checked.expression is None) == bool(checked.errors)
