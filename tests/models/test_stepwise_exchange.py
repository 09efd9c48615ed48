"""Exchange in steps: thresholds against backward induction, all orders one by one, and the repeated form."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from detente import models
from detente.errors import RequestError
from detente.models.stepwise_orders import count_equal_orders, least_guarantee, search_orders
from detente.solvers import solve_backward
from models.reference import check_against_tree, check_expected, judge, outcomes, points, same_tree
from models.shipped import played

MODEL = models.get("stepwise_exchange_guarantor")


@pytest.mark.parametrize("point", points(MODEL.key))
def test_reference_point(point):
    closed = MODEL.closed_form(**point["params"])
    check_expected(closed, point)
    if "efg" in point:
        game = MODEL.build(**point["params"])
        same_tree(game, point)
        check_against_tree(game, closed)


def random_steps(seed: int, count: int) -> list[tuple[str, float, float]]:
    rng = np.random.default_rng(seed)
    return [(str(rng.integers(1, 3)), *rng.uniform(0.1, 1.0, 2).round(3)) for _ in range(count)]


def carried_out(items, order, g: float) -> bool:
    game = MODEL.build(items=items, order=order, g=g)
    solved = solve_backward(game.shape, game.numbers)
    assert judge(game, solved.assessment).kinds == ("backward_induction",)
    return outcomes(game, solved.assessment.strategy)["completed"] > 0.5


@pytest.mark.parametrize("seed", range(12))
def test_threshold_of_an_order_is_where_backward_induction_carries_it_out(seed):
    items = random_steps(seed, 2 + seed % 5)
    order = [int(k) for k in np.random.default_rng(seed).permutation(len(items))]
    star = MODEL.closed_form(items=items, order=order, g=0.0)["g_star_order"]
    assert carried_out(items, order, star + 1e-6)
    if star > 1e-6:
        assert not carried_out(items, order, star - 1e-6)
    for g in (0.0, star / 2, star, star + 0.3):
        closed = MODEL.closed_form(items=items, order=order, g=g)
        check_against_tree(MODEL.build(items=items, order=order, g=g), closed)
        assert closed["completed"] == float(g >= star)


@pytest.mark.parametrize("seed", range(8))
def test_all_orders_one_by_one(seed):
    items = random_steps(100 + seed, 3 + seed % 4)
    stars = {order: least_guarantee([items[k] for k in order]) for order in itertools.permutations(range(len(items)))}
    least = min(stars.values())
    best = [list(order) for order, star in stars.items() if star <= least + 1e-11]
    closed = MODEL.closed_form(items=items)
    assert closed["g_star_min"] == pytest.approx(least, abs=1e-12)
    assert closed["g_star_worst"] == pytest.approx(max(stars.values()), abs=1e-12)
    assert closed["best_orders"] == best
    assert closed["n_orders_attaining_min"] == len(best)
    assert closed["n_orders"] == len(stars)
    assert MODEL.closed_form(items=items, order=best[0], g=1.0)["g_star_all_orders"] == pytest.approx(least, abs=1e-12)


@pytest.mark.parametrize(("one", "two"), [(1, 1), (2, 3), (4, 2), (4, 4)])
@pytest.mark.parametrize(("B", "costs"), [(1.5, (1.0, 1.0)), (0.6, (1.0, 0.7))])
def test_equal_steps_one_by_one(one, two, B, costs):
    units = {"1": (costs[0] / one, B / one), "2": (costs[1] / two, B / two)}
    orders = set(itertools.permutations("1" * one + "2" * two))
    stars = [least_guarantee([(owner, *units[owner]) for owner in order]) for order in orders]
    least, attaining, total = count_equal_orders((one, two), (units["1"][0], units["2"][0]), (B / one, B / two))
    assert least == pytest.approx(min(stars), abs=1e-12)
    assert attaining == sum(star <= least + 1e-11 for star in stars)
    assert total == len(orders)


def test_finer_steps_need_weaker_guarantors():
    for steps in (1, 3, 10, 120):
        closed = MODEL.closed_form(N=steps, C=1.0, B=1.5)
        assert closed["g_star_min"] == pytest.approx(1 / steps, abs=1e-12)
        assert closed["g_star_interleaved"] == pytest.approx(closed["g_star_min"], abs=1e-12)
        assert closed["g_star_block"] == pytest.approx(1.0, abs=1e-12)
    assert isinstance(closed["n_orders_attaining_min"], int)
    assert closed["n_orders"] > 10**70


def test_twelve_different_steps_are_searched_without_trying_each_order():
    found = search_orders(random_steps(7, 12))
    assert 0 < found.attaining <= found.orders == 479_001_600
    for order in found.best(5):
        assert least_guarantee([random_steps(7, 12)[k] for k in order]) == pytest.approx(found.least, abs=1e-12)


@pytest.mark.parametrize(("delta", "block"), list(itertools.product((0.0, 0.3, 0.8, 0.95), (1, 2, 5))))
def test_repeated_form_solves_the_cycle(delta, block):
    """Values at every position of the cycle by a linear solve; the fine must make up for the worst of them."""
    c, b = 0.5, 0.75
    flow = np.array([-c] * block + [b] * block)
    ahead = np.roll(np.eye(2 * block), 1, axis=1)
    value = np.linalg.solve(np.eye(2 * block) - delta * ahead, flow)
    closed = MODEL.closed_form(c=c, b=b, delta=delta, block=block)
    assert closed["g_star"] == pytest.approx(max(0.0, -value[:block].min()), abs=1e-9)
    at = MODEL.closed_form(c=c, b=b, delta=closed["delta_star_g0"] - 1e-6, block=block)["g_star"]
    assert at > 0
    assert MODEL.closed_form(c=c, b=b, delta=closed["delta_star_g0"] + 1e-9, block=block)["g_star"] == 0


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"order": "1213", "C": 1.0, "B": 1.5, "g": 0.1}, "made of 1 and 2"),
        ({"order": "1212", "C": 1.0, "B": 1.5, "g": -0.1}, "g = -0.1"),
        ({"order": "1212", "C": 0.0, "B": 1.5, "g": 0.1}, "C = 0.0"),
        ({"order": "1212", "g": 0.1}, "give C and B"),
        ({"order": [0, 0], "g": 0.1, "items": [("1", 1, 1), ("2", 1, 1)]}, "each of the items 0 to 1 once"),
        ({"items": [("3", 1, 1)]}, "an owner"),
        ({"items": []}, "1 to 20"),
        ({"N": 2.5, "C": 1.0, "B": 1.5}, "whole number"),
        ({"N": 0, "C": 1.0, "B": 1.5}, "N = 0"),
        ({"c": 0.5, "b": 0.75, "delta": 1.0, "block": 1}, "delta = 1.0"),
        ({"N": 2}, "takes exactly N"),
    ],
)
def test_bad_numbers_are_refused_in_words(params, message):
    with pytest.raises(RequestError, match=message):
        MODEL.closed_form(**params)


def test_shipped_case_has_the_closed_form():
    fines = [0.1, 0.3, 0.499, 0.501, 0.6, 0.9]
    outcomes_found, values = played("stepwise-exchange-guarantor", "guaranteed", g=fines)
    for k, g in enumerate(fines):
        closed = MODEL.closed_form(order="1212", C=1.0, B=1.5, g=g)
        assert outcomes_found["completed"][k] == pytest.approx(closed["completed"], abs=1e-12)
        assert values["ONE"][k] == pytest.approx(closed["eu"]["1"], abs=1e-9)
        assert values["TWO"][k] == pytest.approx(closed["eu"]["2"], abs=1e-9)
