"""Conditions and values at a history, as functions of parameter vectors, and their derivatives."""

from __future__ import annotations

import numpy as np
import pytest

from detente.case.expression import (
    Expression,
    ExpressionError,
    Named,
    Scope,
    array_function,
    derivative,
    holds,
    parameters,
    parse,
    read_condition,
    read_value,
    resolve,
    truth,
    variables,
)
from detente.case.model import Table

SCOPE = Scope(
    variables={
        "RUS.aim": ("subjugate", "pressure"),
        "move": ("assault", "hold"),
        "winter": ("mass", "hold"),
        "package": ("nothing", "talks", "arms", "talks+arms"),
        "a": ("yes", "no"),
        "b": ("yes", "no"),
    },
    items={"package": ("talks", "arms")},
    parameters=("p", "q", "r"),
    tables={
        "t": Table("t", "winter", ("mass", "hold")),
        "u": Table("u", "move", ("assault", "hold", "none")),
    },
)
NAMES = ("p", "q", "r", "t[mass]", "t[hold]")


def condition(text: str) -> Expression:
    return read_condition(text, SCOPE).require()


def value(text: str) -> Expression:
    return read_value(text, SCOPE, literals=None).require()


@pytest.mark.parametrize(
    ("text", "at_assault", "at_skipped"),
    [
        ("move == assault", True, False),
        ("move == hold", False, False),
        ("move != assault", False, True),
        ("move != hold", True, True),
        ("move in [assault, hold]", True, False),
        ("move not in [assault, hold]", False, True),
        ("not move == hold", True, True),
        ("happened(move)", True, False),
        ("happened(move) and move != hold", True, False),
        ("count(move == assault, move == hold) == 1", True, False),
        ("count(move == assault) < 1", False, True),
        ("true", True, True),
        ("false or move == assault", True, False),
    ],
)
def test_a_skipped_variable_equals_nothing(text: str, at_assault: bool, at_skipped: bool):
    assert holds(condition(text), {"move": "assault"}) is at_assault
    assert holds(condition(text), {"move": None}) is at_skipped


@pytest.mark.parametrize(
    ("label", "expected"),
    [("nothing", False), ("talks", True), ("arms", False), ("talks+arms", True), (None, False)],
)
def test_portfolio_items(label: str | None, expected: bool):
    assert holds(condition("package.talks"), {"package": label}) is expected


def test_an_undecided_condition_is_neither_true_nor_false():
    both = condition("move == hold and winter == mass")
    assert truth(both, {"move": "hold"}) is None
    assert truth(both, {"move": "assault"}) is False
    assert truth(condition("move == hold or winter == mass"), {"winter": "mass"}) is True
    assert truth(condition("not happened(move)"), {}) is None
    assert truth(condition("count(a == yes, b == yes) >= 1"), {"a": "yes"}) is None
    with pytest.raises(ExpressionError, match="does not decide"):
        holds(both, {"move": "hold"})


def test_a_value_is_no_condition():
    with pytest.raises(ExpressionError, match="not a condition"):
        truth(value("p"), {})


def test_named_conditions_stand_for_themselves():
    attack = Named("attack", condition("move == assault"))
    assert holds(attack, {"move": "assault"})
    assert attack.text == "attack"
    assert variables(attack) == {"move"}
    assert resolve(attack, {}) == condition("move == assault")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("p if move == hold else q", "p"),
        ("p if winter == hold else q", "q"),
        ("t[winter] * p", "t[mass] * p"),
        ("(p if move == hold else 0) * q", "p * q"),
        ("(p if move == assault else 0) * q", "0"),
        ("p + (q if move == assault else 0)", "p"),
        ("0 - p", "-p"),
        ("p - 0", "p"),
        ("1 * p / 1", "p"),
        ("-1 * p", "-p"),
        ("p * -1", "-p"),
        ("p - -q", "p + q"),
        ("p + -q", "p - q"),
        ("--p", "p"),
        ("p ** 1", "p"),
        ("p ** 0", "1"),
        ("1 + 2 * 3 - 4 / 2", "5"),
        ("min(2, 3) + max(1, 2) + sqrt(4) + abs(-1)", "7"),
        ("exp(0) + log(1)", "1"),
        ("p if 1 < 2 <= 2 else q", "p"),
        ("p if p > q and move == hold else q", "p if p > q else q"),
        ("p if p > q and move == assault else q", "q"),
        ("p if p > q or not move == hold else q", "p if p > q else q"),
        ("p if not not p > q else q", "p if p > q else q"),
        ("p if p > q else p", "p"),
        ("p * count(a == yes, b == yes, p > q)", "p * (count(p > q) + 1)"),
        ("p * count(a == yes, b == no)", "p * 2"),
        ("1 / 0", "1 / 0"),
        ("log(-1)", "log(-1)"),
        ("(-2) ** 0.5", "(-2) ** 0.5"),
        ("exp(1000)", "exp(1000)"),
        ("u[move]", "u[hold]"),
    ],
)
def test_resolve(text: str, left: str):
    history = {"move": "hold", "winter": "mass", "a": "yes", "b": "no"}
    resolved = resolve(value(text), history)
    assert resolved.text == left
    assert variables(resolved) == frozenset()
    assert resolve(resolved, {}) == resolved


def test_resolve_keeps_what_is_not_known_yet():
    text = "t[winter] + (p if move == hold and a == yes else q)"
    resolved = resolve(value(text), {"a": "yes"})
    assert resolved.text == "t[winter] + (p if move == hold else q)"
    assert variables(resolved) == {"winter", "move"}


def test_a_table_at_a_skipped_variable():
    with pytest.raises(ExpressionError, match="winter was skipped") as caught:
        resolve(value("p + t[winter]"), {"winter": None})
    assert caught.value.code == "C240"
    assert resolve(value("u[move]"), {"move": None}).text == "u[none]"
    assert resolve(value("t[winter] if happened(winter) else p"), {"winter": None}).text == "p"


def test_names_used():
    tree = value("p * t[winter] + t[mass] * (q if move == hold and package.talks else 0) + count(a == yes)")
    assert variables(tree) == {"winter", "move", "package", "a"}
    assert parameters(tree) == {"p", "q", "t[mass]", "t[hold]"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("p + q * r", [0.5 + 0.25 * 2, 4 + 1 * 3]),
        ("-p ** 2 / q", [-(0.5**2) / 0.25, -16.0]),
        ("min(p, q, r) + max(p, q)", [0.25 + 0.5, 1 + 4]),
        ("exp(p) * log(r) - sqrt(q) + abs(-r)", None),
        ("p if p > q >= 0 and not r == 3 else r", [0.5, 3]),
        ("1 if p > 1 or q > 1 else 0", [0, 1]),
        ("count(p > 1, q > 0)", [1, 2]),
        ("t[mass] - t[hold]", [-1, -1]),
        ("2", [2, 2]),
    ],
)
def test_array_function(text: str, expected: list[float] | None):
    theta = np.array([[0.5, 0.25, 2.0, 1.0, 2.0], [4.0, 1.0, 3.0, 5.0, 6.0]])
    if expected is None:
        p, q, r = theta[:, 0], theta[:, 1], theta[:, 2]
        expected = list(np.exp(p) * np.log(r) - np.sqrt(q) + r)
    values = array_function(value(text), NAMES)(theta)
    assert values.shape == (2,)
    assert values.dtype == np.float64
    np.testing.assert_allclose(values, expected, rtol=1e-15)


def test_array_function_gives_an_array_of_its_own():
    theta = np.ones((3, 5))
    values = array_function(value("p"), NAMES)(theta)
    values[0] = 7.0
    assert theta[0, 0] == 1.0
    assert array_function(value("1"), NAMES)(np.ones((0, 5))).shape == (0,)


@pytest.mark.parametrize("text", ["p / 0", "log(p - 2)", "sqrt(-p)", "exp(p * 1e6)", "(0 * p) ** -1", "(-p) ** 0.5"])
def test_failures_are_silent_and_not_finite(text: str):
    assert not np.isfinite(array_function(value(text), NAMES)(np.ones((1, 5)))[0])


@pytest.mark.parametrize("text", ["1 if move == hold else 0", "t[winter]", "count(a == yes)"])
def test_array_function_needs_a_resolved_expression(text: str):
    with pytest.raises(ExpressionError, match="parameters alone"):
        array_function(value(text), NAMES)


def test_array_function_needs_to_know_its_names():
    with pytest.raises(ExpressionError, match="not one of the parameters"):
        array_function(value("p + q"), ["p"])


def test_array_function_refuses_syntax():
    with pytest.raises(ExpressionError, match="parameters alone"):
        array_function(parse("p + q"), NAMES)


@pytest.mark.parametrize(
    ("text", "slope"),
    [
        ("q", "0"),
        ("p", "1"),
        ("p * q + r", "q"),
        ("p * p", "p + p"),
        ("-p / q", "-1 / q"),
        ("q / p", "-(q / p ** 2)"),
        ("p ** 3", "3 * p ** 2"),
        ("exp(q * p)", "exp(q * p) * q"),
        ("log(p)", "1 / p"),
        ("sqrt(p)", "1 / (2 * sqrt(p))"),
        ("abs(p)", "1 if p >= 0 else -1"),
        ("min(p, q)", "1 if p <= q else 0"),
        ("max(q, p, r)", "0 if q >= max(p, r) else 1 if p >= r else 0"),
        ("p if p > q else q", "1 if p > q else 0"),
        ("q ** p", "0 if q == 0 else q ** p * log(q)"),
        ("q - p", "-1"),
        ("count(p > q)", "0"),
    ],
)
def test_derivative(text: str, slope: str):
    assert derivative(value(text), "p").text == slope


def test_the_derivative_needs_a_resolved_expression():
    with pytest.raises(ExpressionError, match="history"):
        derivative(value("p * t[winter]"), "t[mass]")
    assert derivative(value("p * t[mass]"), "t[mass]").text == "p"


def test_deep_expressions_have_derivatives():
    deep = value("exp(" * 38 + "p" + ")" * 38)
    slope = array_function(derivative(deep, "p"), NAMES)(np.full((1, 5), -50.0))
    assert slope.shape == (1,)
    for function in ("abs", "sqrt", "log"):
        nested = value(f"{function}(" * 38 + "p" + ")" * 38)
        assert len(derivative(nested, "p").text) < 50_000
    quotient = value("q / (" * 18 + "p" + ")" * 18)
    np.testing.assert_allclose(array_function(derivative(quotient, "p"), NAMES)(np.ones((1, 5))), [1.0])
    chain = value("*".join(["p"] * 40))
    np.testing.assert_allclose(array_function(derivative(chain, "p"), NAMES)(np.ones((1, 5))), [40.0])
