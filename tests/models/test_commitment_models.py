"""Inspection, imperfectly observed first moves, deterrence of several types: with and without a published rule."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from detente import models
from detente.errors import RequestError
from detente.game import certify_commitment
from detente.models import security_game
from detente.models.exact_program import maximize, solve
from detente.solvers import optimal_mixed_commitment
from models.reference import check_against_tree, check_beliefs, check_expected, payoff_scale, points, same_tree

KEYS = ("inspection_leadership", "bagwell1995", "bayesian_deterrence_sse")
WORDS = {"nash", "leadership", "sse", "cournot", "noisy_cournot"}


def equilibrium(point: dict[str, Any]) -> dict[str, str]:
    """Which equilibrium a reference point is about, from the end of its name."""
    name = point["id"].rpartition("__")[2] if "__" in point["id"] else point["id"].partition("_")[2]
    return {"equilibrium": name} if name in WORDS else {}


every_point = pytest.mark.parametrize(
    ("key", "point"),
    [
        pytest.param(key, *param.values, id=f"{key}-{param.id}", marks=param.marks)
        for key in KEYS
        for param in points(key)
    ],
)


@every_point
def test_closed_form_has_the_numbers_of_the_reference(key: str, point: dict[str, Any]) -> None:
    check_expected(models.get(key).closed_form(**point["params"], **equilibrium(point)), point)


@every_point
def test_tree_is_the_reference_and_the_closed_form_is_certified(key: str, point: dict[str, Any]) -> None:
    if "efg" not in point:
        pytest.skip("no tree")
    model = models.get(key)
    assert model.build is not None
    game = model.build(**point["params"])
    same_tree(game, point)
    if "strategies" in point["expected"]:
        assessment = check_against_tree(game, model.closed_form(**point["params"], **equilibrium(point)))
        check_beliefs(game, assessment, point)


def committed(key: str, leader: int = 0, **parameters: Any) -> tuple[float, dict[str, float]]:
    """What the best published rule is worth to the leader in the model's tree, and the rule, certified."""
    model = models.get(key)
    assert model.build is not None
    game = model.build(**parameters)
    found = optimal_mixed_commitment(game.shape, game.numbers, leader)
    certificate = certify_commitment(found.game, game.numbers, found.strategy, leader, found.bound, payoff_scale(game))
    assert certificate.kinds == ("optimal",)
    number = next(k for k, label in enumerate(game.labels) if label.player == game.shape.players[leader])
    odds = found.strategy[0, game.shape.action_start[number] : game.shape.action_start[number + 1]]
    return float(found.payoffs[0, leader]), dict(zip(game.labels[number].options, odds, strict=True))


@pytest.mark.parametrize("seed", range(6))
def test_inspection_at_random_numbers(seed):
    rng = np.random.default_rng(seed)
    numbers = {"e": rng.uniform(0.05, 0.9), "a": rng.uniform(0.05, 0.9), "b": rng.uniform(0.01, 5) ** 2 / 5}
    model = models.get("inspection_leadership")
    check_against_tree(model.build(**numbers), model.closed_form(**numbers))
    told = model.closed_form(**numbers, equilibrium="leadership")
    value, rule = committed("inspection_leadership", **numbers)
    assert value == pytest.approx(told["inspector"], abs=1e-9)
    assert rule["insp"] == pytest.approx(told["p_inspect"], abs=1e-9)


@pytest.mark.parametrize("eps", [0.0, 0.01, 0.1, 0.2, 0.25, 0.3, 0.45])
def test_first_move_regained_by_a_mixed_rule(eps):
    model = models.get("bagwell1995")
    told = model.closed_form(eps=eps, equilibrium="committed")
    value, rule = committed("bagwell1995", eps=eps)
    assert value == pytest.approx(told["leader"], abs=1e-9)
    assert value == pytest.approx(5 + eps, abs=1e-9)
    assert rule["S"] == pytest.approx(1 - eps, abs=1e-9)
    game = model.build(eps=eps)
    for name in told.others:
        check_against_tree(game, model.closed_form(eps=eps, equilibrium=name))


@pytest.mark.parametrize("seed", range(8))
def test_deterrence_at_random_numbers(seed):
    rng = np.random.default_rng(40 + seed)
    numbers = dict(zip(("lam", "e", "a"), rng.uniform(0.05, 0.95, 3), strict=True))
    numbers |= {"r1": rng.uniform(0.1, 1), "p1": rng.uniform(1, 4), "r2": rng.uniform(1, 3), "p2": rng.uniform(0.2, 1)}
    model = models.get("bayesian_deterrence_sse")
    check_against_tree(model.build(**numbers), model.closed_form(**numbers))
    told = model.closed_form(**numbers, equilibrium="sse")
    value, rule = committed("bayesian_deterrence_sse", **numbers)
    assert value == pytest.approx(told["leader"], abs=1e-9)
    assert rule["alert"] == pytest.approx(told["x_alert"], abs=1e-9)
    assert told["value_of_commitment"] >= -1e-12


SECURITY = {
    "prior": [0.6, 0.4],
    "R": [[4, 2, 1], [1, 3, 4]],
    "P": [[-2, -2, -2], [-1, -3, -2]],
    "L": [-5, -3, -4],
}


def test_security_game_is_exact():
    closed = models.get("bayesian_deterrence_sse").closed_form(**SECURITY)
    assert closed["leader_exact"] == "-39/16"
    assert closed["coverage_exact"] == ["11/24", "3/16", "17/48"]
    assert closed["responses"] == ["t1", "t1"]
    assert closed["nash_leader_payoffs"] == pytest.approx([-120 / 47], abs=1e-12)
    value, rule = committed("bayesian_deterrence_sse", **SECURITY)
    assert value == pytest.approx(-39 / 16, abs=1e-12)
    assert list(rule.values()) == pytest.approx([11 / 24, 3 / 16, 17 / 48], abs=1e-12)


@pytest.mark.parametrize("targets", [2, 3, 4, 5])
def test_security_games_with_any_number_of_targets(targets):
    rng = np.random.default_rng(targets)
    numbers = {
        "prior": [0.5, 0.3, 0.2][: 3 if targets < 4 else 2],
        "R": rng.integers(1, 8, (3, targets)),
        "P": -rng.integers(1, 8, (3, targets)),
        "L": -rng.integers(1, 8, targets),
    }
    if targets >= 4:
        numbers |= {"prior": [0.75, 0.25], "R": numbers["R"][:2], "P": numbers["P"][:2]}
    numbers = {name: np.asarray(value).tolist() for name, value in numbers.items()}
    told = security_game.solution(**numbers)
    value, _ = committed("bayesian_deterrence_sse", **numbers)
    assert value == pytest.approx(told["leader"], abs=1e-9)


def test_exact_program_and_system():
    f = Fraction
    assert maximize([f(3), f(2)], [[f(1), f(1)], [f(1), f(0)]], [f(4), f(3)]) == [3, 1]
    assert maximize([f(1)], [[f(1)], [f(-1)]], [f(1), f(-2)]) is None  # at most 1 and at least 2
    assert maximize([f(-1), f(0)], [[f(-1), f(-1)], [f(0), f(1)]], [f(-2), f(1)]) == [1, 1]
    assert solve([[f(2), f(1)], [f(1), f(3)]], [f(3), f(5)]) == [f(4, 5), f(7, 5)]
    assert solve([[f(1), f(1)], [f(2), f(2)]], [f(1), f(2)]) is None


@pytest.mark.parametrize(
    ("key", "changes", "words"),
    [
        ("inspection_leadership", {"e": 0}, "e = 0 is outside its legal range"),
        ("inspection_leadership", {"equilibrium": "best"}, "nash, leadership"),
        ("bagwell1995", {"eps": 0.6}, "eps = 0.6 is outside its legal range"),
        ("bagwell1995", {"eps": 0.3, "equilibrium": "noisy_cournot"}, "There are: cournot, committed"),
        ("bayesian_deterrence_sse", {"r1": 9.0}, "type 2 has to be the bolder"),
    ],
)
def test_numbers_outside_the_range_are_refused(key, changes, words):
    model = models.get(key)
    with pytest.raises(RequestError, match=words):
        model.closed_form(**{**model.example, **changes})


def test_security_numbers_that_do_not_fit_are_refused():
    for changes, words in [
        ({"prior": [0.6, 0.6]}, "sums to 1.2"),
        ({"L": [-5, -3]}, "one entry for each target"),
        ({"prior": [1.0]}, "one entry for each type"),
        ({"L": [5, -3, -4]}, "outside its legal range"),
    ]:
        with pytest.raises(RequestError, match=words):
            security_game.build(**{**SECURITY, **changes})


@pytest.mark.parametrize("key", KEYS)
def test_the_example_is_certified(key: str) -> None:
    model = models.get(key)
    assert model.build is not None
    check_against_tree(model.build(**model.example), model.closed_form(**model.example))
