"""The search over sets against all orders one by one: existence, count, best order, guarantees, what is reached."""

from __future__ import annotations

import numpy as np
import pytest

from detente.solvers.settlement import Agreement, guarantee_frontier, settle
from solvers.settlement.brute import TOL, Brute, brute
from solvers.settlement.random_deals import random_deal

QUICK, ALL = 400, 5000


def same(found: float, true: float) -> bool:
    return bool(np.isclose(found, true, rtol=0, atol=1e-10))


def check(seed: int) -> tuple[Agreement, Brute]:
    deal = random_deal(seed)
    found, true = settle(deal, threads=1), brute(deal)
    slacks, needs = true.slack(), true.needs()
    least = needs.max(axis=1).min()
    assert found.exists[0] == (slacks.max() >= -TOL), seed
    assert found.orders == ((slacks >= -TOL).sum(),), seed
    assert same(found.slack[0], slacks.max()), seed
    assert same(found.guarantee[0], least), seed
    assert found.no_guarantee_suffices[0] == np.isinf(least), seed
    rows = {true.steps(row): row for row in range(len(slacks))}
    assert slacks[rows[found.best_order()]] >= slacks.max() - TOL, seed
    if not deal.fades:
        assert rows[found.best_order()] == np.flatnonzero(slacks >= slacks.max() - TOL)[0], seed
        assert np.allclose(found.value[0], true.ahead[0, 0], atol=1e-10), seed
    if np.isfinite(least):
        assert needs[rows[found.order_under_guarantee()]].max() <= least + TOL, seed
        again = settle(deal.changed(guarantee=least), reach=False, threads=1)
        assert again.exists[0], seed
        assert again.orders[0] == (needs.max(axis=1) <= least + TOL).sum(), seed
        if least > 1e-6:
            assert not settle(deal.changed(guarantee=least - 1e-6), reach=False, threads=1).exists[0], seed
    return deal, true


@pytest.mark.parametrize("start", range(0, QUICK, 100))
def test_random_settlements(start):
    kinds = [check(seed) for seed in range(start, start + 100)]
    exists = [true.slack().max() >= -TOL for _, true in kinds]
    assert 10 < sum(exists) < 90
    assert sum(deal.fades for deal, _ in kinds) > 20
    assert sum(bool(deal.bundles) for deal, _ in kinds) > 20
    assert sum(deal.exit == "any" for deal, _ in kinds) > 10
    assert any(np.isinf(true.needs().max(axis=1).min()) for _, true in kinds)


@pytest.mark.slow
def test_many_random_settlements():
    for seed in range(QUICK, ALL):
        check(seed)


@pytest.mark.parametrize("seed", range(5000, 5120))
def test_guarantees_by_party(seed):
    deal = random_deal(seed, most=6)
    points = guarantee_frontier(deal)
    needs = brute(deal).needs()
    needs = needs[np.isfinite(needs).all(axis=1)]
    for need in needs:  # every order needs some point of the set ...
        assert (points <= need + 1e-9).all(axis=1).any()
    for k, point in enumerate(points):  # ... every point carries an order ...
        assert (needs <= point + 1e-9).all(axis=1).any()
        others = np.delete(points, k, axis=0)  # ... and none does more than another
        assert not (others <= point + 1e-9).all(axis=1).any()
    assert (len(points) == 0) == (len(needs) == 0)


@pytest.mark.parametrize("seed", range(6000, 6080))
def test_what_is_reached_if_completion_is_believed(seed):
    deal = random_deal(seed, most=5)
    true = brute(deal)
    hoped = true.hoped()
    top = {mask for mask in hoped if not any(other != mask and other & mask == mask for other in hoped)}
    found = settle(deal, threads=1)
    assert {int(mask) for mask in found.reached[0]} == top
    assert found.believed[0] == (top == {(1 << len(true.groups)) - 1})
    assert found.believed[0] or not found.exists[0]
    if not deal.fades:
        assert found.believed[0] == found.exists[0]


@pytest.mark.parametrize("seed", range(7000, 7060))
def test_signing(seed):
    deal = random_deal(seed, most=5)
    true, found = brute(deal), settle(deal, threads=1)
    signed = (true.ahead[:, 0] >= deal.outside[0] - TOL).all(axis=1)
    held = true.slack() >= -TOL
    if not deal.fades:
        assert found.signed[0] == signed.all()
    elif held.any():
        assert found.signed[0] == (signed & held).any() or signed[~held].any()
        if (signed & held).any():
            assert found.signed[0]


def test_belief_in_the_best_completion_is_weaker_than_an_order_that_holds():
    """Each of two orders suits one party; whoever has to move believes in its own."""
    weaker = [seed for seed in range(300) if _only_believed(seed)]
    assert len(weaker) >= 2


def _only_believed(seed: int) -> bool:
    found = settle(random_deal(seed, most=5, fading=True), count=False, threads=1)
    return bool(found.believed[0] and not found.exists[0])
