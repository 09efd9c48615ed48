"""Cheap talk: the uniform-quadratic solution, and every equilibrium in intervals with finitely many states."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from detente import models
from detente.errors import RequestError
from detente.game import expected_payoffs
from detente.solvers import solve_logit
from models.reference import check_expected, judge, payoff_scale, points

MODEL = models.get("crawford_sobel")


@pytest.mark.parametrize("point", points(MODEL.key))
def test_reference_point(point):
    check_expected(MODEL.closed_form(**point["params"]), point)


@pytest.mark.parametrize("b", [0.3, 0.25, 0.2, 1 / 12, 0.06, 0.013, 0.0021])
def test_every_equilibrium_makes_the_states_at_the_edges_indifferent(b):
    most = MODEL.closed_form(b=b)["N_max"]
    for cells in range(1, most + 1):
        closed = MODEL.closed_form(b=b, equilibrium=str(cells))
        edges, actions = np.array(closed["boundaries"]), np.array(closed["actions"])
        assert (np.diff(edges) > 0).all()
        assert (edges[0], edges[-1]) == pytest.approx((0.0, 1.0), abs=1e-12)
        np.testing.assert_allclose(actions, (edges[1:] + edges[:-1]) / 2)
        ideal = edges[1:-1] + b
        np.testing.assert_allclose(np.abs(actions[:-1] - ideal), np.abs(actions[1:] - ideal), atol=1e-12)
        state = (np.arange(200_000) + 0.5) / 200_000
        taken = actions[np.searchsorted(edges[1:-1], state)]
        assert closed["EU_R"] == pytest.approx(-np.mean((taken - state) ** 2), abs=3e-6)
        assert closed["EU_S"] == pytest.approx(-np.mean((taken - state - b) ** 2), abs=3e-6)
    first_cell = 1 / (most + 1) - 2 * b * most
    assert first_cell <= 1e-12  # one more cell than N(b) leaves no room for the first


@pytest.mark.parametrize(("b", "most"), [(0.25, 1), (0.25 - 1e-9, 2), (1 / 12, 2), (1 / 12 - 1e-9, 3), (5.0, 1)])
def test_most_cells_at_the_steps(b, most):
    assert MODEL.closed_form(b=b)["N_max"] == most


def brute_force(n: int, b: float) -> dict[str, int]:
    """Every way to cut the states into intervals, every sender against every action."""
    state = (2 * np.arange(n) + 1) / (2 * n)
    found: dict[str, int] = {}
    for cuts in itertools.product((False, True), repeat=n - 1):
        cell = np.cumsum((False, *cuts))
        actions = np.array([state[cell == k].mean() for k in range(cell[-1] + 1)])
        loss = (actions[None, :] - state[:, None] - b) ** 2
        if (loss[np.arange(n), cell] <= loss.min(axis=1) + 1e-12).all():
            found[str(len(actions))] = found.get(str(len(actions)), 0) + 1
    return found


@pytest.mark.parametrize(("n", "b"), [(1, 0.1), (5, 0.1), (8, 0.05), (9, 0.02), (10, 0.3), (10, 0.025), (11, 0.0625)])
def test_count_of_finite_equilibria(n, b):
    closed = MODEL.closed_form(n=n, b=b)
    found = brute_force(n, b)
    assert closed["interval_equilibria_by_cells"] == found
    assert len({closed.equilibrium, *closed.others}) == 1 + len(closed.others) == sum(found.values())


def test_continuous_cut_points_on_cell_edges_stay_an_equilibrium():
    """With 15 states and b = 1/20 the cut points 2/15 and 7/15 are edges; only the variance within cells is gone."""
    finite = MODEL.closed_form(n=15, b=0.05, equilibrium="2+5+8")
    smooth = MODEL.closed_form(b=0.05)
    assert smooth["boundaries"] == pytest.approx([0, 2 / 15, 7 / 15, 1], abs=1e-12)
    assert finite["actions"] == pytest.approx(smooth["actions"], abs=1e-12)
    assert finite["EU_R"] == pytest.approx(smooth["EU_R"] + 1 / (12 * 15**2), abs=1e-12)


@pytest.mark.parametrize(("n", "b", "messages"), [(4, 0.1, None), (5, 0.04, 3), (6, 0.02, 4)])
def test_every_finite_equilibrium_is_sequential_in_the_tree(n, b, messages):
    game = MODEL.build(n=n, b=b, messages=messages)
    best = MODEL.closed_form(n=n, b=b, messages=messages)
    for name in (best.equilibrium, *best.others):
        closed = MODEL.closed_form(n=n, b=b, messages=messages, equilibrium=name)
        assessment = closed.assessment(game)
        assert judge(game, assessment).kinds == ("sequential",), name
        values = expected_payoffs(game.shape, game.numbers, assessment.strategy)[0]
        np.testing.assert_allclose(values, [closed["EU_S"], closed["EU_R"]], atol=1e-12)
        assert closed["EU_R"] <= best["EU_R"] + 1e-12


@pytest.mark.parametrize(("n", "b", "messages"), [(3, 0.05, 2), (4, 0.1, 2), (6, 0.02, 3)])
def test_logit_branch_ends_at_babbling(n, b, messages):
    game = MODEL.build(n=n, b=b, messages=messages)
    solved = solve_logit(game.shape, game.numbers, payoff_scale(game))
    assert judge(game, solved.assessment).kinds == ("sequential",)
    babbling = MODEL.closed_form(n=n, b=b, equilibrium=str(n))  # one cell that holds all states
    values = expected_payoffs(game.shape, game.numbers, solved.assessment.strategy)[0]
    np.testing.assert_allclose(values, [babbling["EU_S"], babbling["EU_R"]], atol=1e-9)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"b": 0.0}, "b = 0.0"),
        ({"b": -0.1}, "b = -0.1"),
        ({"b": 0.1, "equilibrium": "3"}, "there can be 1 to 2"),
        ({"n": 0, "b": 0.1}, "n = 0"),
        ({"n": 2.5, "b": 0.1}, "whole number"),
        ({"n": 5, "b": 0.1, "equilibrium": "4+1"}, "no equilibrium"),
        ({"n": 5, "b": 0.1, "equilibrium": "x"}, "no equilibrium"),
        ({"n": 5}, "takes exactly n"),
    ],
)
def test_bad_numbers_are_refused_in_words(params, message):
    with pytest.raises(RequestError, match=message):
        MODEL.closed_form(**params)
