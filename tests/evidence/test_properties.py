"""What must hold for every set of evidence, on 10,000 random ones: 100 layouts with 100 sets of numbers each."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from detente.evidence import BAND, Evidence, Item, Likelihood, Prior, bounds_at, outer_bounds, posterior, timeline
from detente.evidence.items import NO_GROUP
from detente.evidence.origin import increments, last_added, scores
from evidence.make import START

LAYOUTS, SETS = 100, 100
DRAWN = 40  # draws behind the band of each set
WHOLE = 5  # sets of each layout that go through the whole timeline


class Layout:
    """Which items share an origin, and 100 sets of numbers for it."""

    def __init__(self, seed: int):
        self.rng = rng = np.random.default_rng(seed)
        self.items, self.types, groups = rng.integers(2, 8), rng.integers(2, 6), 3
        self.group = rng.integers(NO_GROUP, groups, self.items).astype(np.int32)
        self.rho = rng.choice([0.0, 0.5, 1.0, *rng.random(3)], groups)
        shape = (SETS, self.items, self.types)
        cells = np.sort(rng.uniform(0.01, 1.0, (3, *shape)), axis=0)
        exact = rng.random(shape) < 0.3
        self.low, self.point, self.high = (np.where(exact, cells[1], row) for row in cells)
        self.r = rng.choice([0.0, 1.0, *rng.random(3)], (SETS, self.items, 1))
        weight = rng.exponential(1.0, (SETS, self.types))
        self.prior = weight / weight.sum(axis=1, keepdims=True)

    def weights(self, cells: np.ndarray) -> np.ndarray:
        return self.r * np.log(cells / self.point.max(axis=-1, keepdims=True))

    def result(self, weights: np.ndarray, group=None) -> np.ndarray:
        return posterior(self.prior, scores(weights, self.group if group is None else group, self.rho))

    def inside(self, prior: Prior, draws: int = 1) -> np.ndarray:
        """[draws, sets, types] distributions inside the ranges of each prior."""
        ends = enumerate(zip(prior.low, prior.high, strict=True))
        return np.stack([Prior(prior.types, low, low, high).draw(row, 0, draws) for row, (low, high) in ends], axis=1)

    def with_one_more(self, weight: np.ndarray, place: int, member: int) -> np.ndarray:
        weights = np.insert(self.weights(self.point), place, weight, axis=-2)
        return self.result(weights, np.insert(self.group, place, member).astype(np.int32))


@pytest.fixture(scope="module")
def layouts() -> list[Layout]:
    return [Layout(seed) for seed in range(LAYOUTS)]


def test_order_does_not_matter(layouts):
    for case in layouts:
        weights, order = case.weights(case.point), case.rng.permutation(case.items)
        np.testing.assert_allclose(
            case.result(weights[..., order, :], case.group[order]), case.result(weights), rtol=0, atol=1e-12
        )


def test_an_uninformative_report_changes_nothing_whatever_rho(layouts):
    for case in layouts:
        place, member = case.rng.integers(case.items + 1), case.rng.integers(NO_GROUP, 3)
        level = np.tile(case.rng.uniform(0.01, 1.0, (SETS, 1)), case.types)
        weight = np.log(level / level.max(axis=-1, keepdims=True))
        np.testing.assert_allclose(
            case.with_one_more(weight, place, member), case.result(case.weights(case.point)), rtol=0, atol=1e-12
        )


def test_an_exact_repeat_of_a_copied_report_changes_nothing(layouts):
    done = 0
    for case in layouts:
        if (case.group == NO_GROUP).all():
            continue
        case, done = copy(case), done + 1
        case.rho = case.rho.copy()
        again = case.rng.choice(np.flatnonzero(case.group != NO_GROUP))
        case.rho[case.group[again]] = 1.0
        weights = case.weights(case.point)
        repeated = case.with_one_more(weights[:, again], case.rng.integers(case.items + 1), case.group[again])
        np.testing.assert_allclose(repeated, case.result(weights), rtol=0, atol=1e-12)
    assert done > 80


def test_a_supporting_report_never_lowers_its_type(layouts):
    for case in layouts:
        cells = case.rng.uniform(0.01, 1.0, (SETS, case.types))
        best = cells.argmax(axis=-1)[:, None]
        weight = case.rng.random((SETS, 1)) * np.log(cells / cells.max(axis=-1, keepdims=True))
        after = case.with_one_more(weight, case.rng.integers(case.items + 1), case.rng.integers(NO_GROUP, 3))
        before = case.result(case.weights(case.point))
        gain = np.take_along_axis(after - before, best, axis=-1)
        assert gain.min() > -1e-13
        assert gain.max() > 1e-3  # it usually raises it


def test_bounds_contain_every_point_of_the_ranges(layouts):
    for case in layouts:
        low, high = (scores(case.weights(cells), case.group, case.rho) for cells in (case.low, case.high))
        middles = [case.low, case.point, case.high]
        middles += [case.low + case.rng.random(case.low.shape) * (case.high - case.low) for _ in range(4)]
        middles += [np.where(case.rng.random(case.low.shape) < 0.5, case.low, case.high) for _ in range(4)]
        found = np.array([scores(case.weights(cells), case.group, case.rho) for cells in middles])
        types = tuple("abcdef"[: case.types])
        ranged = Prior(types, case.prior, case.prior * 0.8, np.minimum(case.prior * 1.3, 1.0))
        fixed = Prior(types, case.prior, case.prior, case.prior)
        for prior, drawn in ((ranged, case.inside(ranged)[0]), (fixed, case.prior)):
            lower, upper = outer_bounds(prior, low, high)
            inside = posterior(drawn, found)
            assert (inside >= lower - 1e-12).all()
            assert (inside <= upper + 1e-12).all()


def test_bounds_contain_the_band_of_every_set(layouts):
    """The 5-95 % band over independent draws inside all ranges, for each of the 10,000 sets."""
    sets = 0
    for case in layouts:
        low, high = (scores(case.weights(cells), case.group, case.rho) for cells in (case.low, case.high))
        types = tuple("abcdef"[: case.types])
        ranged = Prior(types, case.prior, case.prior * 0.8, np.minimum(case.prior * 1.3, 1.0))
        lower, upper = outer_bounds(ranged, low, high)
        share = case.rng.random((DRAWN, *case.low.shape))
        drawn = scores(case.weights(case.low + share * (case.high - case.low)), case.group, case.rho)
        p05, p95 = np.quantile(posterior(case.inside(ranged, DRAWN), drawn), BAND, axis=0)
        assert (p05 >= lower - 1e-12).all()
        assert (p95 <= upper + 1e-12).all()
        assert (p95 - p05).max() > 0.01  # there is a band
        sets += len(p05)
    assert sets == 10_000


def test_items_given_in_any_order_are_the_same_set(layouts):
    for case in layouts:
        known = as_evidence(case, 0)
        items = [
            Item(
                id=name,
                reported=date.fromordinal(int(known.reported[row])),
                likelihood=tuple(
                    Likelihood(float(known.low[row, k]), float(known.high[row, k]), float(known.point[row, k]))
                    for k in range(case.types)
                ),
                r=float(known.r[row]),
                group=known.groups[known.group[row]] if known.group[row] != NO_GROUP else "",
            )
            for row, name in enumerate(known.ids)
        ]
        rho = {name: float(value) for name, value in zip(known.groups, known.rho, strict=True)}
        rho = {name: rho[name] for name in rho if any(item.group == name for item in items)}
        prior = Prior(known.types, case.prior[0], case.prior[0] * 0.9, np.minimum(case.prior[0] * 1.2, 1.0))
        ordered = bounds_at(known, prior)
        for _ in range(2):
            shuffled = [items[row] for row in case.rng.permutation(case.items)]
            found = bounds_at(Evidence.of(known.types, shuffled, rho=rho), prior)
            for name in ("point", "lower", "upper"):
                np.testing.assert_allclose(getattr(found, name), getattr(ordered, name), rtol=0, atol=1e-12)


def test_leaving_an_item_out_is_the_set_without_it(layouts):
    for case in layouts:
        weights = case.weights(case.point)
        total, last = scores(weights, case.group, case.rho), last_added(weights, case.group, case.rho)
        for gone in range(case.items):
            without = scores(np.delete(weights, gone, axis=-2), np.delete(case.group, gone), case.rho)
            np.testing.assert_allclose(total - last[..., gone, :], without, rtol=0, atol=1e-11)


def test_increments_are_the_running_sets(layouts):
    for case in layouts[:20]:
        weights = case.weights(case.point)
        running = np.cumsum(increments(weights, case.group, case.rho), axis=-2)
        for count in range(1, case.items + 1):
            first = scores(weights[..., :count, :], case.group[:count], case.rho)
            np.testing.assert_allclose(running[..., count - 1, :], first, rtol=0, atol=1e-11)


def as_evidence(case: Layout, row: int) -> Evidence:
    days = START.toordinal() + np.sort(case.rng.integers(0, 4, case.items))
    return Evidence(
        types=tuple("abcdef"[: case.types]),
        ids=tuple(f"i{number}" for number in range(case.items)),
        reported=days.astype(np.int32),
        happened=days.astype(np.int32),
        point=case.point[row],
        low=case.low[row],
        high=case.high[row],
        r=case.r[row, :, 0],
        group=case.group,
        groups=("g0", "g1", "g2"),
        rho=case.rho,
    )


@pytest.mark.parametrize("row", range(WHOLE))
def test_timelines_lie_inside_their_bounds_and_a_repeat_moves_none(layouts, row):
    for case in layouts:
        known = as_evidence(case, row)
        weight = case.prior[row]
        prior = Prior(known.types, weight, weight * 0.9, np.minimum(weight * 1.2, 1.0))
        found = timeline(known, prior, seed=1, draws=DRAWN)
        for inside in (found.point, found.p05, found.p95):
            assert (inside >= found.lower - 1e-12).all()
            assert (inside <= found.upper + 1e-12).all()
        assert (found.p05 <= found.p95).all()
        copied = replace(known, rho=np.ones(3))
        rows = np.sort(np.append(np.arange(case.items), np.flatnonzero(case.group != NO_GROUP)[:1]))
        names = ("reported", "happened", "point", "low", "high", "r", "group")
        twice = replace(copied, ids=tuple("abcdefghi"[: len(rows)]), **{n: getattr(copied, n)[rows] for n in names})
        one, other = bounds_at(copied, prior), bounds_at(twice, prior)
        for name in ("point", "lower", "upper"):
            np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=0, atol=1e-12)
