"""The published closed forms of an exchange in steps, and what dividends and own benefits change about them."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from detente import models
from detente.solvers.settlement import Agreement, guarantee_frontier, reciprocal, settle
from models.reference import points

MODEL = models.get("stepwise_exchange_guarantor")
FINITE = [p for p in points(MODEL.key) if p.values[0] is None or "delta" not in p.values[0]["params"]]


def equal(steps: int, cost: float, benefit: float, **fields: object) -> Agreement:
    return reciprocal([0, 1] * steps, cost / steps, benefit / steps, **fields)


def in_order(deal: Agreement, order: list[int]) -> Agreement:
    """The same agreement with only one order."""
    before = [()] * deal.num_steps
    for earlier, later in itertools.pairwise(order):
        before[later] = (earlier,)
    return deal.changed(prerequisites=tuple(before))


@pytest.mark.parametrize("point", FINITE)
def test_reference_point(point):
    given, true = point["params"], point["expected"]
    if "order" in given:
        owners = [int(side) - 1 for side in given["order"]]
        each = owners.count(0)
        deal = reciprocal(owners, given["C"] / each, given["B"] / each)
        chain = in_order(deal, list(range(len(owners))))
        assert settle(chain).guarantee[0] == pytest.approx(true["g_star_order"], abs=1e-12)
        assert settle(deal).guarantee[0] == pytest.approx(true["g_star_all_orders"], abs=1e-12)
        held = settle(chain.changed(guarantee=given["g"]))
        assert held.exists[0] == (true["completed"] == 1.0)
        if held.exists[0]:
            assert held.value[0] == pytest.approx([true["eu"]["1"], true["eu"]["2"]], abs=1e-12)
    elif "items" in given:
        owners, costs, gains = zip(*given["items"], strict=True)
        deal = reciprocal([int(side) - 1 for side in owners], costs, gains)
        found = settle(deal)
        assert found.guarantee[0] == pytest.approx(true["g_star_min"], abs=1e-12)
        assert [[step for (step,) in found.order_under_guarantee()]] == true["best_orders"]
        assert settle(deal.changed(guarantee=true["g_star_min"])).orders == (1,)
        assert settle(deal.changed(guarantee=true["g_star_worst"])).orders == (math.factorial(4),)
        assert settle(deal.changed(guarantee=true["g_star_worst"] - 1e-9)).orders[0] < math.factorial(4)
    else:
        check_equal(given["N"], given["C"], given["B"])


def check_equal(steps: int, cost: float, benefit: float) -> None:
    """`steps` equal steps a side: C/N at best, attained by taking turns; C where one side goes first."""
    closed = MODEL.closed_form(N=steps, C=cost, B=benefit)
    deal = equal(steps, cost, benefit)
    found = settle(deal)
    assert found.guarantee[0] == pytest.approx(cost / steps, abs=1e-12)
    assert closed["g_star_min"] == pytest.approx(found.guarantee[0], abs=1e-12)
    turns = list(range(2 * steps))
    block = turns[::2] + turns[1::2]
    assert settle(in_order(deal, turns)).guarantee[0] == pytest.approx(cost / steps, abs=1e-12)
    assert settle(in_order(deal, block)).guarantee[0] == pytest.approx(cost, abs=1e-12)
    held = settle(deal.changed(guarantee=found.guarantee[0]))
    assert held.orders[0] == closed["n_orders_attaining_min"] * math.factorial(steps) ** 2  # steps here have names
    assert not settle(deal.changed(guarantee=cost / steps - 1e-9)).exists[0]


@pytest.mark.parametrize(("steps", "cost", "benefit"), [(3, 1.0, 1.5), (5, 2.0, 2.1), (6, 0.7, 3.0), (1, 5.0, 5.5)])
def test_equal_steps(steps, cost, benefit):
    check_equal(steps, cost, benefit)


@pytest.mark.parametrize("seed", range(12))
def test_unequal_steps(seed):
    rng = np.random.default_rng(seed)
    num = 3 + seed % 6
    items = [(str(rng.integers(1, 3)), *rng.uniform(0.1, 1.0, 2)) for _ in range(num)]
    closed = MODEL.closed_form(items=items)
    deal = reciprocal([int(o) - 1 for o, _, _ in items], [c for _, c, _ in items], [b for _, _, b in items])
    found = settle(deal)
    assert found.guarantee[0] == pytest.approx(closed["g_star_min"], abs=1e-12)
    assert found.guarantee[0] >= closed["lower_bound_smallest_last_step"] - 1e-12
    held = settle(deal.changed(guarantee=found.guarantee[0]))
    assert held.orders[0] == closed["n_orders_attaining_min"]
    assert [step for (step,) in found.order_under_guarantee()] == closed["best_orders"][0]


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("fading", [False, True])
def test_last_step_needs_its_cost_less_what_completion_gives(seed, fading):
    """Rule of the last step: max(0, cost - own benefit - dividend) over the chance that the breach is seen."""
    rng = np.random.default_rng(seed)
    num = int(rng.integers(1, 6))
    owners = [int(o) for o in rng.integers(0, 2, num)]
    own, cost, prize, seen = (
        rng.uniform(0, 0.5, num),
        rng.uniform(0, 1, num),
        rng.uniform(0, 0.5, 2),
        rng.uniform(0.5, 1, 2),
    )
    deal = reciprocal(owners, cost - own, rng.uniform(0, 1.5, num), dividend=prize, monitoring=seen)
    if fading:
        deal = deal.changed(discount=0.8, collapse=0.1)
    last = [max(0.0, cost[s] - own[s] - prize[o]) / seen[o] for s, o in enumerate(owners)]
    for s in range(num):
        order = [t for t in range(num) if t != s] + [s]
        assert settle(in_order(deal, order)).guarantee[0] >= last[s] - 1e-12
    assert settle(deal).guarantee[0] >= min(last) - 1e-12
    alone = deal.changed(stop=None) if num == 1 else None
    if alone is not None:
        assert settle(alone).guarantee[0] == pytest.approx(last[0], abs=1e-12)


def test_swap_at_once_needs_no_guarantee():
    """Model 11 with its two steps in one bundle: nobody is ever ahead of the other."""
    deal = reciprocal([0, 1], 1.0, 1.5)
    assert settle(deal).guarantee[0] == pytest.approx(1.0, abs=1e-12)
    together = settle(deal.changed(bundles=((0, 1),)))
    assert together.guarantee[0] == 0.0
    assert together.orders == (1,)
    assert together.best_order() == ((0, 1),)


@pytest.mark.parametrize("discount", [0.3, 0.7, 0.95])
def test_two_steps_that_fade(discount):
    """First 0, then 1: party 0 weighs a present cost against a later gain, party 1 its cost against nothing."""
    deal = in_order(reciprocal([0, 1], 1.0, 1.5, discount=discount), [0, 1])
    found = settle(deal)
    assert found.guarantee[0] == pytest.approx(max(1.0, 1.0 - discount * 1.5), abs=1e-12)
    assert found.value[0] == pytest.approx([-1.0 + discount * 1.5, 1.5 - discount], abs=1e-12)
    points = guarantee_frontier(deal)
    assert points == pytest.approx(np.array([[max(0.0, 1.0 - discount * 1.5), 1.0]]), abs=1e-12)


def test_where_no_breach_is_seen_no_guarantee_suffices():
    deal = reciprocal([0, 1], 1.0, 1.5, monitoring=np.array([[1.0, 0.0]]))
    found = settle(deal)
    assert found.order_under_guarantee() == ((1,), (0,))  # the unseen party goes first
    assert found.guarantee[0] == pytest.approx(1.0, abs=1e-12)
    blind = settle(deal.changed(monitoring=0.0))
    assert blind.no_guarantee_suffices[0]
    assert blind.order_under_guarantee() is None
    assert guarantee_frontier(deal.changed(monitoring=0.0)).shape == (0, 2)
    assert not settle(deal.changed(monitoring=0.0, guarantee=1e9)).exists[0]
