"""Remedies suffice, are needed, cost what they say, and no extent of theirs can be lowered by itself."""

from __future__ import annotations

import math

import numpy as np
import pytest

from detente.errors import RequestError
from detente.solvers.settlement import Agreement, Prices, reciprocal, settle, unlock_settlement
from solvers.settlement.random_deals import random_deal


def holds(deal: Agreement) -> bool:
    return bool(settle(deal, best=False, count=False, reach=False, threads=1).exists[0])


@pytest.mark.parametrize("seed", range(10_000, 10_030))
def test_remedies_suffice_and_are_tight(seed):
    deal = random_deal(seed, most=4)
    found = unlock_settlement(deal, most_parts=3)
    assert found.complete
    costs = [remedy.cost for remedy in found.remedies]
    assert costs == sorted(costs)
    if holds(deal):
        assert found.remedies[0].changes == ()
        return
    seen = [frozenset((c.kind, c.party, c.steps) for c in remedy.changes) for remedy in found.remedies]
    for remedy, kinds in zip(found.remedies, seen, strict=True):
        assert holds(remedy.agreement)
        assert remedy.cost == pytest.approx(sum(change.cost for change in remedy.changes), abs=1e-12)
        assert not any(other < kinds for other in seen)
        for change in remedy.changes:
            if change.kind in ("guarantee", "peacekeepers", "monitoring") and change.cost > 1e-6:
                assert not holds(lowered(remedy.agreement, change, deal))


def lowered(deal: Agreement, change, before: Agreement) -> Agreement:
    """The agreement with one extent a little lower, not below where it was."""
    level = np.asarray(getattr(deal, change.kind))
    had = np.asarray(getattr(before, change.kind))
    at_level = (level > had) & (np.abs(level - change.level) <= 1e-12)
    if change.party is not None:
        at_level &= np.arange(deal.num_parties) == change.party
    return deal.changed(**{change.kind: np.where(at_level, np.maximum(level - 1e-6, had), level)})


def test_the_guarantee_is_the_closed_form():
    """Two steps a side: the smallest guarantee is half of the cost; swapped in two pairs, none is needed."""
    deal = reciprocal([0, 1] * 2, 0.5, 0.75)
    found = unlock_settlement(deal, prices=Prices(together=0.1))
    (uniform,) = [r for r in found.remedies if [(c.kind, c.party) for c in r.changes] == [("guarantee", None)]]
    assert uniform.changes[0].level == pytest.approx(0.5, abs=1e-12)
    assert uniform.cost == pytest.approx(1.0, abs=1e-12)
    assert [change.kind for change in found.remedies[0].changes] == ["together", "together"]
    assert found.remedies[0].cost == pytest.approx(0.2)


def test_splitting_halves_the_guarantee():
    """With a guarantee of at most 0.5, an exchange of 1 against 1 holds once one side begins and ends with a half."""
    deal = reciprocal([0, 1], 1.0, 1.5, guarantee=0.5)
    found = unlock_settlement(deal, highest_guarantee=0.5, prices=Prices(together=100.0))
    split = [r for r in found.remedies if {c.kind for c in r.changes} == {"split"}]
    assert [[(c.steps, c.level) for c in r.changes] for r in split] == [[((0,), 2.0)], [((1,), 2.0)]]
    assert settle(split[0].agreement).best_order() == ((0,), (1,), (2,))
    assert settle(split[1].agreement).best_order() == ((1,), (0,), (2,))


def test_monitoring_is_lifted_as_far_as_it_takes():
    deal = reciprocal([0, 1], 1.0, 1.5, guarantee=1.25, monitoring=0.1)
    found = unlock_settlement(deal, highest_guarantee=1.25, most_changes=1)
    (seen,) = [r for r in found.remedies if r.changes[0].kind == "monitoring"]
    assert seen.changes[0].level == pytest.approx(0.8, abs=1e-12)
    assert seen.cost == pytest.approx(1.4, abs=1e-12)


def test_peacekeepers_prevent_what_has_to_be_prevented():
    """Leaving after the first step seizes 3 where completion is worth 1.5 more: half of it has to be prevented."""
    grab = np.zeros((1, 2, 2))
    grab[0, 0, 1] = 3.0
    deal = Agreement(np.array([[[-0.5, 1.0], [1.0, 1.5]]]), ((0,), (1,)), ((), (0,)), grab_step=grab)
    assert not holds(deal)
    found = unlock_settlement(deal, most_changes=1)
    (peace,) = [r for r in found.remedies if r.changes[0].kind == "peacekeepers"]
    assert peace.changes[0].level == pytest.approx(0.5, abs=1e-12)


def test_a_limit_on_work_is_told():
    deal = reciprocal([0, 1] * 3, 1.0, 1.5)
    found = unlock_settlement(deal, most_tried=5)
    assert (found.complete, found.tried) == (False, 5)


def test_prices_are_numbers():
    with pytest.raises(RequestError, match="price of split is -1"):
        Prices(split=-1.0)
    with pytest.raises(RequestError, match="price of guarantee is nan"):
        Prices(guarantee=math.nan)
