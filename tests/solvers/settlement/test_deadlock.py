"""Deadlocks: where, who, how much, and that the addends add up."""

from __future__ import annotations

import pytest

from detente.solvers.settlement import deadlocks, reciprocal, settle, stopping_sets
from solvers.settlement.brute import TOL, brute
from solvers.settlement.random_deals import random_deal


@pytest.mark.parametrize("seed", range(8000, 8120))
def test_deadlocks_are_where_the_definition_says(seed):
    deal = random_deal(seed, most=5)
    true, found = brute(deal), deadlocks(deal)
    groups = true.groups
    end = (1 << len(groups)) - 1
    hoped = true.hoped()
    top = {mask for mask in hoped if not any(other != mask and other & mask == mask for other in hoped)}
    mask_of = lambda steps: sum(1 << k for k, group in enumerate(groups) if set(group) <= set(steps))
    assert {mask_of(item.completed) for item in found} == top - {end}
    for item in found:
        mask = mask_of(item.completed)
        for move, refusals in zip(item.blocked, item.refusals, strict=True):
            k = groups.index(move)
            rows = (true.done == mask) & (true.orders == k)
            ahead = true.ahead[rows].max(axis=0)
            gain = true.leave[mask] - true.fine - ahead
            assert {r.party for r in refusals} == {
                i for i in range(deal.num_parties) if true.may[k, i] and gain[i] > TOL
            }
            for refusal in refusals:
                assert refusal.shortfall == pytest.approx(gain[refusal.party], abs=1e-10)
                assert sum(refusal.terms.values()) == pytest.approx(refusal.shortfall, abs=1e-12)
                assert refusal.terms["penalty"] <= 0.0 <= refusal.terms["grab"]
                assert deal.fades or refusal.terms["delay"] == 0.0


def test_the_last_payer_walks():
    """One step each, no guarantee: whoever has been paid keeps what it has, and saves its cost."""
    (first, second) = deadlocks(reciprocal([0, 1], 1.0, 1.5))
    assert (first.completed, second.completed) == ((0,), (1,))
    assert first.blocked == ((1,),)
    ((refusal,),) = first.refusals
    assert (refusal.party, refusal.shortfall) == (1, pytest.approx(1.0))
    assert refusal.terms["costs_ahead"] == pytest.approx(1.0)
    assert first.shortfall == pytest.approx(1.0)
    assert len(deadlocks(reciprocal([0, 1], 1.0, 1.5), most=1)) == 1
    assert deadlocks(reciprocal([0, 1], 1.0, 1.5, guarantee=1.0)) == ()


@pytest.mark.parametrize("seed", range(9000, 9040))
def test_sets_to_stop_at(seed):
    deal = random_deal(seed, most=4)
    found = {stop.steps for stop in stopping_sets(deal)}
    true = set()
    for mask in {int(mask) for mask in brute(deal).done.flat} | {(1 << len(brute(deal).groups)) - 1}:
        steps = tuple(sorted(s for k, group in enumerate(brute(deal).groups) if mask >> k & 1 for s in group))
        if steps and brute(deal.changed(stop=steps)).slack().max() >= -TOL:
            true.add(steps)
    assert found == true
    for stop in stopping_sets(deal):
        assert stop.largest == (not any(set(stop.steps) < set(other) for other in found))
        assert settle(deal.changed(stop=stop.steps), count=False).exists[0]


def test_a_set_may_be_carried_out_and_yet_not_rest():
    """Both gain by their own step, but the first one hands its party the means to seize more by leaving."""
    deal = reciprocal([0, 1], -0.2, 0.1, grab_step=[[[0.5, 0.0], [0.0, 0.0]]], dividend=1.0)
    rests = {stop.steps: stop.rests for stop in stopping_sets(deal)}
    assert rests == {(0,): False, (1,): True, (0, 1): True}
