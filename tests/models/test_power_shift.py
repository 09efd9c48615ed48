"""War as a commitment problem: closed forms against the tree, backward induction, long horizons, the shipped case."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from detente import models
from detente.errors import RequestError
from detente.solvers import solve_backward
from models.reference import check_against_tree, check_expected, judge, outcomes, points, same_tree
from models.shipped import played

MODEL = models.get("powell2006_commitment")
GRID = [
    dict(zip(("p1", "shift", "delta", "c_D", "c_R"), values, strict=True))
    for values in itertools.product((0.3, 0.7, 0.95), (0.0, 0.2, 0.29), (0.5, 1.0), (0.05, 0.4), (0.0, 0.15))
]


def read(point):
    params = dict(point["params"])
    return params | {"proposer": "D"} if "D_offers" in point["id"] else params


@pytest.mark.parametrize("point", points(MODEL.key))
def test_reference_point(point):
    closed = MODEL.closed_form(**read(point))
    check_expected(closed, point)
    if "efg" in point:
        game = MODEL.build(**read(point))
        same_tree(game, point)
        check_against_tree(game, closed)


@pytest.mark.parametrize("proposer", ["R", "D"])
def test_closed_form_is_an_equilibrium_of_the_tree_everywhere(proposer):
    for numbers in GRID:
        check_against_tree(MODEL.build(**numbers, proposer=proposer), MODEL.closed_form(**numbers, proposer=proposer))


@pytest.mark.parametrize("proposer", ["R", "D"])
def test_backward_induction_on_a_menu_without_ties_finds_war_and_values(proposer):
    """Offers a little better than what makes the other side indifferent: one subgame perfect equilibrium."""
    tip = 1e-6 if proposer == "R" else -1e-6
    for numbers in GRID:
        closed = MODEL.closed_form(**numbers, proposer=proposer)
        middle = 0.5 if closed["x1"] is None else closed["x1"]
        first = [min(1.0, max(0.0, middle + 3 * tip)), 0.0, 1.0]
        second = [min(1.0, max(0.0, closed["x2"] + tip)), 0.0, 1.0]
        game = MODEL.build(**numbers, proposer=proposer, first=first, second=second)
        solved = solve_backward(game.shape, game.numbers)
        assert judge(game, solved.assessment).kinds == ("backward_induction",)
        sides = ("lhs_shift", "rhs_surplus") if proposer == "R" else ("rate_of_shift", "surplus")
        if abs(closed[sides[0]] - closed[sides[1]]) > 1e-4:
            war = outcomes(game, solved.assessment.strategy)["war1"]
            assert war == pytest.approx(closed["war"], abs=1e-12), numbers


@pytest.mark.parametrize("p2", [0.05, 0.3, 0.5])
@pytest.mark.parametrize("delta", [0.6, 0.9])
def test_one_shift_is_the_limit_of_long_finite_horizons(p2, delta):
    """Backward induction over 2,000 periods in which strength stays at p2, then the period before the shift."""
    p1, c_D = 0.7, 0.15
    closed = MODEL.closed_form(p1=p1, p2=p2, delta=delta, c_D=c_D)
    worth, offer = 0.0, 0.0  # D's value and R's offer with no period left, one, two, ...
    for left in range(1, 2001):
        fight = p2 * (1 - delta**left) / (1 - delta) - c_D
        offer = max(0.0, fight - delta * worth)
        assert offer <= 1
        worth = offer + delta * worth
    assert closed["x_after_shift"] == pytest.approx(offer, abs=1e-9)
    needed = p1 / (1 - delta) - c_D - delta * worth
    assert closed["war"] == float(needed > 1)
    if closed["x0"] is not None:
        assert closed["x0"] == pytest.approx(max(0.0, needed), abs=1e-9)
        assert closed["EU_D"] + closed["EU_R"] == pytest.approx(1 / (1 - delta), abs=1e-9)


@pytest.mark.parametrize("form", ["two periods", "one shift"])
def test_threshold_is_where_war_begins(form):
    star = 0.31 / 0.9 if form == "two periods" else 0.1 / 0.9 * (0.3 + 0.1 * 0.1)
    for shift, war in ((star - 1e-7, 0.0), (star + 1e-7, 1.0)):
        if form == "two periods":
            closed = MODEL.closed_form(p1=0.7, shift=shift, delta=0.9, c_D=0.1, c_R=0.1)
        else:
            closed = MODEL.closed_form(p1=0.7, p2=0.7 - shift, delta=0.9, c_D=0.1)
        assert closed["shift_star"] == pytest.approx(star, abs=1e-12)
        assert closed["war"] == war


def test_side_that_demands_does_best_among_many_demands():
    """D's demand against a fine grid of demands and against war, R accepting what is no worse for it than war."""
    for numbers in GRID:
        p1, p2, delta = numbers["p1"], numbers["p1"] - numbers["shift"], numbers["delta"]
        x = np.linspace(0, 1, 200_001)
        late = 1 - min(1.0, p2 + numbers["c_R"])
        fits = 1 - x + delta * late >= (1 - p1) * (1 + delta) - numbers["c_R"] - 1e-12
        peace = np.where(fits, x + delta * (1 - late), -np.inf).max()
        war = p1 * (1 + delta) - numbers["c_D"]
        closed = MODEL.closed_form(**numbers, proposer="D")
        assert closed["EU_D"] == pytest.approx(max(peace, war), abs=1e-5)
        assert closed["war"] == float(war > peace + 1e-5) or abs(war - peace) < 2e-5


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"p1": 0.3, "shift": 0.5, "delta": 0.9, "c_D": 0.1, "c_R": 0.1}, "p2 = p1 - shift may not be negative"),
        ({"p1": 1.3, "shift": 0.5, "delta": 0.9, "c_D": 0.1, "c_R": 0.1}, "p1 = 1.3 is outside"),
        ({"p1": 0.3, "shift": 0.1, "delta": 0.0, "c_D": 0.1, "c_R": 0.1}, "delta = 0.0"),
        ({"p1": 0.3, "shift": 0.1, "delta": 0.9, "c_D": -0.1, "c_R": 0.1}, "c_D = -0.1"),
        ({"p1": 0.3, "shift": 0.1, "delta": 0.9, "c_D": 0.1, "c_R": 0.1, "proposer": "B"}, "There are: R, D"),
        ({"p1": 0.3, "p2": 0.5, "delta": 0.9, "c_D": 0.1}, "may not exceed p1"),
        ({"p1": 0.5, "p2": 0.3, "delta": 1.0, "c_D": 0.1}, "delta = 1.0"),
        ({"p1": 0.5, "delta": 1.0}, "takes exactly p1, delta"),
    ],
)
def test_bad_numbers_are_refused_in_words(params, message):
    with pytest.raises(RequestError, match=message):
        MODEL.closed_form(**params)


@pytest.mark.parametrize("menu", [[], [1.2], ["a"]])
def test_bad_menus_are_refused_in_words(menu):
    with pytest.raises(RequestError, match="first"):
        MODEL.build(**MODEL.example, first=menu)


def test_shipped_case_has_the_closed_form():
    """Up to what is added to each offer so that it is accepted for sure."""
    tip = 1e-3
    rows = {"p1": [0.7, 0.7, 0.7, 0.8], "shift": [0.2, 0.5, 0.35, 0.3], "delta": [0.9, 0.9, 0.9, 0.7]}
    outcomes, values = played("powell2006-commitment", "offers", **rows, tip=[tip] * len(rows["p1"]))
    for k in range(4):
        numbers = {name: column[k] for name, column in rows.items()}
        closed = MODEL.closed_form(**numbers, c_D=0.1, c_R=0.1)
        assert outcomes["war1"][k] == pytest.approx(closed["war"], abs=1e-9)
        assert outcomes["war2"][k] == pytest.approx(0, abs=1e-9)
        assert values["D"][k] == pytest.approx(closed["EU_D"], abs=3 * tip)
        assert values["R"][k] == pytest.approx(closed["EU_R"], abs=3 * tip)
