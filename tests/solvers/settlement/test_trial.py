"""Quick looks against the search itself: changes tried, orders followed, orders ranked, lattices drawn."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from detente.errors import RequestError
from detente.game.settlement import AgreementError
from detente.solvers.settlement import Agreement, best_orders, draw_lattice, follow_order, reciprocal, settle
from detente.solvers.settlement.changes import merge_moves, split_step
from detente.solvers.settlement.trial import Trial
from solvers.settlement.random_deals import random_deal


def changed(deal: Agreement, kind: str, party: int | None, steps: tuple[int, ...], level: float) -> Agreement | None:
    """The agreement with one change, made the long way; None if it cannot be."""
    if kind == "together":
        try:
            return merge_moves(deal, steps)
        except AgreementError:
            return None
    if kind == "split":
        return split_step(deal, steps[0], int(level))
    had = np.asarray(getattr(deal, kind))
    return deal.changed(**{kind: np.maximum(had, level)})


@pytest.mark.parametrize("seed", range(40))
def test_a_trial_says_what_the_search_says(seed: int):
    deal = random_deal(seed)
    if deal.fades:
        return
    rng = np.random.default_rng(seed)
    loose = [k for k in deal.stopping_steps if not any(k in group for group in deal.bundles)]
    kinds = [("guarantee", None, (), float(rng.uniform(0, 1))), ("monitoring", None, (), float(rng.uniform(0, 1)))]
    kinds += [("peacekeepers", None, (), float(rng.uniform(0, 1)))]
    kinds += [("split", None, (k,), float(rng.integers(2, 4))) for k in loose[:2]]
    kinds += [("together", None, pair, 2.0) for pair in itertools.combinations(loose[:4], 2)]
    trial = Trial(deal.draw(0))
    assert trial.completes([]) == bool(settle(deal.draw(0)).exists[0])
    for first, second in itertools.combinations(kinds, 2):
        if set(first[2]) & set(second[2]):
            continue
        one = changed(deal.draw(0), *first)
        two = None if one is None else changed(one, *second)
        expected = two is not None and bool(settle(two, best=False, count=False, reach=False).exists[0])
        assert trial.completes([first, second]) == expected, (first, second)


def test_following_an_order_gives_the_search_its_slack():
    for seed in range(60):
        deal = random_deal(seed)
        found = settle(deal)
        assert found.slack is not None
        walk = follow_order(deal, found.best_order())
        if np.isfinite(found.slack[0]):
            assert walk.slack == pytest.approx(float(found.slack[0]), abs=1e-9)


def test_what_is_no_order_is_refused():
    deal = reciprocal([0, 1], 1.0, 1.5, prerequisites=((), (0,)))
    for order in ([(1,), (0,)], [(0,)], [(0,), (0,)], [(0, 1)]):
        with pytest.raises(RequestError, match="is no order"):
            follow_order(deal, order)


def test_ranked_orders_come_best_first_and_the_first_is_the_best():
    for seed in range(30):
        deal = random_deal(seed)
        found = best_orders(deal, 5)
        slack = settle(deal, count=False, reach=False).slack
        assert slack is not None
        if np.isfinite(slack[0]):
            assert found[0].slack == pytest.approx(float(slack[0]), abs=1e-9)
        assert all(a.slack >= b.slack - 1e-9 for a, b in itertools.pairwise(found))
        assert len({item.order for item in found}) == len(found)


def test_a_drawn_lattice_holds_the_order_and_where_hope_gets_stuck():
    for seed in range(40):
        deal = random_deal(seed)
        found = settle(deal)
        order = found.best_order()
        drawn = draw_lattice(deal, order, most=12)
        assert drawn is not None
        assert len(drawn.sets) <= max(12, len(order) + 1)
        assert sum(item.chosen for item in drawn.sets) == len(order) + 1
        assert sum(item.chosen for item in drawn.moves) == len(order)
        whole = draw_lattice(deal, order, most=10_000)
        assert whole is not None
        assert len(whole.sets) == whole.total
        end = tuple(sorted(deal.stopping_steps))
        stuck = {item.steps for item in whole.sets if item.stuck}
        assert stuck == set(found.maximal_sets()) - {end}
        if not deal.fades:
            assert any(item.carries for item in whole.sets) == bool(found.exists[0])
            for move in whole.moves:
                start, after = whole.sets[move.start], whole.sets[move.end]
                if start.believed and move.shortfall <= 0.0:
                    assert after.believed
