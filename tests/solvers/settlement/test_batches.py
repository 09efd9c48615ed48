"""Many worlds at once are as good as one by one; large agreements are counted exactly."""

from __future__ import annotations

import math

import numpy as np
import pytest
from benchmarks.settlement import deal as benchmark_deal
from benchmarks.settlement import measure

from detente.solvers.settlement import Agreement, AgreementError, reciprocal, settle
from solvers.settlement.random_deals import random_deal


@pytest.mark.parametrize("seed", [1, 5, 8, 13])
@pytest.mark.parametrize("threads", [1, 2])
def test_batch_is_its_worlds(seed, threads):
    deal = random_deal(seed, fading=seed == 8, draws=10 if seed == 8 else 150)
    together = settle(deal, threads=threads)
    for d in range(0, deal.num_draws, 29 if deal.num_draws > 50 else 9):
        alone = settle(deal.draw(d))
        assert together.exists[d] == alone.exists[0]
        assert together.orders[d] == alone.orders[0]
        assert together.guarantee[d] == pytest.approx(alone.guarantee[0], abs=1e-12)
        assert together.slack[d] == pytest.approx(alone.slack[0], abs=1e-12)
        assert together.best_order(d) == alone.best_order()
        assert together.order_under_guarantee(d) == alone.order_under_guarantee()
        assert together.maximal_sets(d) == alone.maximal_sets()
        assert (together.entered[d] == alone.entered[0]).all()


def test_parts_that_are_not_wanted_are_left_out():
    deal = reciprocal([0, 1], 1.0, 1.5)
    found = settle(deal, best=False, count=False, reach=False)
    assert (found.order, found.slack, found.orders, found.reached) == (None, None, None, None)
    assert found.guarantee[0] == pytest.approx(1.0, abs=1e-12)
    assert found.maximal_sets() == ()
    with pytest.raises(Exception, match="best=True"):
        found.best_order()


def test_orders_beyond_63_bits_are_counted_exactly():
    num = 21
    free = Agreement(np.ones((1, num, 2)), ((),) * num)
    found = settle(free, best=False, reach=False)
    assert found.orders == (math.factorial(num),)
    assert math.factorial(num) > 2**63


def test_two_long_chains_interleave_in_so_many_ways():
    num = 24
    before = tuple((k - 2,) if k >= 2 else () for k in range(num))
    deal = Agreement(np.ones((2, num, 2)), ((0,), (1,)) * (num // 2), before)
    assert settle(deal).orders == (math.comb(24, 12),) * 2


def test_too_many_steps_are_refused_by_name():
    with pytest.raises(AgreementError, match=r"S009: .* at most 24 steps .* not 25"):
        settle(Agreement(np.ones((1, 25, 2)), ((0,),) * 25))
    with pytest.raises(AgreementError, match=r"S009: .* at most 12 steps .* not 13"):
        settle(Agreement(np.ones((1, 13, 2)), ((0,),) * 13, discount=0.9))


def test_twelve_steps_that_fade_are_counted_exactly():
    """Nobody ever gains by leaving: every one of the 12! orders holds."""
    deal = Agreement(np.ones((1, 12, 2)), ((0,), (1,)) * 6, discount=0.9, collapse=0.05)
    found = settle(deal, reach=False)
    assert found.orders == (math.factorial(12),)
    assert found.guarantee[0] == 0.0


def test_the_benchmark_measures():
    moves, designs, draws, _, seconds, busy, full, memory, share = measure(5, 20, 2, everything=True)
    assert (moves, designs, draws) == (5, 2, 20)
    assert seconds > 0.0
    assert busy > 0.0
    assert full == pytest.approx(seconds * 200)
    assert memory > 0.0
    assert share == np.mean([settle(benchmark_deal(5, 20, seed)).exists.mean() for seed in range(2)])
