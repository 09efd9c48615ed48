"""Posteriors by hand, and bounds against every corner of the ranges."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from detente.errors import RequestError
from detente.evidence import Evidence, Prior, bounds_at, bounds_on
from evidence.make import START, evidence, group_likelihood, item, vertices

EVEN = Prior.of(("a", "b"))


def point(known, prior=EVEN, as_of=None):
    return bounds_at(known, prior, as_of).point


def test_two_independent_reports_by_hand():
    known = evidence(item("x", (0.8, 0.2)), item("y", (0.6, 0.3)))
    # odds 1 x 4 x 2 = 8
    np.testing.assert_allclose(point(known), [8 / 9, 1 / 9], rtol=0, atol=1e-12)
    # odds 1/3 x 4 x 2 = 8/3
    np.testing.assert_allclose(point(known, Prior.of({"a": 0.25, "b": 0.75})), [8 / 11, 3 / 11], rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("rho", "odds"),
    [
        (0.0, 16.0),  # (0.8 / 0.2)^2
        (0.5, 1 / (0.5 * 0.25 + 0.5 * 0.0625)),  # 6.4
        (1.0, 4.0),
    ],
)
def test_dependent_reports_by_hand(rho, odds):
    known = evidence(item("x", (0.8, 0.2), group="g"), item("y", (0.8, 0.2), group="g"), rho=rho)
    np.testing.assert_allclose(point(known), [odds / (1 + odds), 1 / (1 + odds)], rtol=0, atol=1e-12)


@pytest.mark.parametrize("rho", [0.0, 0.5, 1.0])
def test_contradicting_reports_of_one_origin_by_hand(rho):
    known = evidence(item("x", (0.8, 0.2, 0.4), group="g"), item("y", (0.1, 0.5, 0.5), group="g"), types="abc", rho=rho)
    # scaled to a largest of 1: (1, 1/4, 1/2) and (1/5, 1, 1)
    g = np.array([0.2, 0.25, 0.5])  # minimum and product agree here
    prior = Prior.of({"a": 0.5, "b": 0.25, "c": 0.25})
    expected = prior.point * g
    np.testing.assert_allclose(point(known, prior), expected / expected.sum(), rtol=0, atol=1e-12)


def test_copies_of_many_reports_tell_no_more_than_rho_allows():
    known = evidence(*(item(f"x{i}", (0.9, 0.3), group="g") for i in range(400)), rho=0.25)
    # the copies keep 0.25 / 3 however many there are
    np.testing.assert_allclose(point(known)[1] / point(known)[0], 0.25 / 3, rtol=1e-12)


@pytest.mark.parametrize(("r", "odds"), [(1.0, 9.0), (0.5, 3.0), (0.0, 1.0)])
def test_an_unreliable_source_by_hand(r, odds):
    known = evidence(item("x", (0.9, 0.1), r=r))
    np.testing.assert_allclose(point(known), [odds / (1 + odds), 1 / (1 + odds)], rtol=0, atol=1e-12)


def test_the_scale_of_likelihoods_does_not_matter():
    one = evidence(item("x", (0.9, 0.3), r=0.7, group="g"), item("y", (0.2, 0.4), group="g"), rho=0.4)
    other = evidence(item("x", (0.09, 0.03), r=0.7, group="g"), item("y", (0.4, 0.8), group="g"), rho=0.4)
    np.testing.assert_allclose(point(one), point(other), rtol=0, atol=1e-12)


def test_as_of_a_day_in_the_past():
    known = evidence(item("late", (0.1, 0.9), 9), item("early", (0.8, 0.2), 2), item("same day", (0.6, 0.3), 9))
    days = tuple(START + timedelta(day) for day in (1, 2, 8, 9, 30))
    odds = np.array([1.0, 4.0, 4.0, 4.0 * 2.0 / 9.0, 4.0 * 2.0 / 9.0])
    np.testing.assert_allclose(bounds_on(known, EVEN, days).point[:, 0], odds / (1 + odds), rtol=0, atol=1e-12)
    for day, odd in zip(days, odds, strict=True):
        np.testing.assert_allclose(point(known, as_of=day)[0], odd / (1 + odd), rtol=0, atol=1e-12)
        np.testing.assert_allclose(point(known.known_by(day))[0], odd / (1 + odd), rtol=0, atol=1e-12)
    assert known.ids == ("early", "late", "same day")


def test_what_happened_early_and_was_reported_late_counts_late():
    told = evidence(replace(item("x", (0.9, 0.1), 20), happened=START))
    assert point(told, as_of=START + timedelta(19))[0] == 0.5
    assert point(told, as_of=START + timedelta(20))[0] == pytest.approx(0.9, abs=1e-12)
    assert date.fromordinal(int(told.happened[0])) == START


RANGED = {
    "lone": (item("x", ((0.6, 0.9), (0.1, 0.4), 0.3)), item("y", (0.5, (0.2, 0.3), (0.3, 0.7)), r=0.6)),
    "group": (
        item("x", ((0.6, 0.9), (0.1, 0.4), 0.3), group="g"),
        item("y", ((0.2, 0.6), (0.3, 0.5), (0.3, 0.7)), r=0.6, group="g"),
    ),
    "mixed": (
        item("x", ((0.6, 0.9), (0.1, 0.4), 0.3), group="g"),
        item("y", (0.4, (0.3, 0.5), (0.3, 0.7)), group="g"),
        item("z", ((0.05, 0.2), 0.2, (0.3, 0.4)), r=0.8),
    ),
}
PRIORS = {
    "a point": Prior.of({"a": 0.2, "b": 0.3, "c": 0.5}),
    "ranges": Prior.of({"a": (0.1, 0.4), "b": (0.2, 0.6), "c": (0.1, 0.5)}),
    "ends out of reach": Prior.of({"a": (0.0, 0.9), "b": (0.3, 0.5), "c": (0.2, 0.3)}),
    "touching": Prior.of({"a": (0.1, 0.3), "b": (0.2, 0.3), "c": (0.4, 0.7)}),
}


def corners(prior):
    """Vertices of the distributions inside the ranges: all but one probability at an end."""
    size = len(prior.low)
    for free in range(size):
        rest = [kind for kind in range(size) if kind != free]
        for ends in itertools.product((0, 1), repeat=size - 1):
            p = np.zeros(size)
            p[rest] = [(prior.low, prior.high)[end][kind] for kind, end in zip(rest, ends, strict=True)]
            p[free] = 1 - p.sum()
            if prior.low[free] - 1e-12 <= p[free] <= prior.high[free] + 1e-12:
                yield p


@pytest.mark.parametrize("prior", PRIORS.values(), ids=PRIORS)
@pytest.mark.parametrize("rho", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("items", RANGED.values(), ids=RANGED)
def test_bounds_are_reached_at_corners_of_the_ranges_and_nowhere_passed(items, rho, prior):
    known = evidence(*items, types="abc", rho=rho)
    scale = known.point.max(axis=1, keepdims=True)
    found = []
    for cells in vertices(known.low, known.high):
        weights = (cells / scale) ** known.r[:, None]
        grouped = known.group >= 0
        joint = weights[~grouped].prod(axis=0)
        if grouped.any():
            joint = joint * group_likelihood(weights[grouped], rho)
        found += [p * joint / (p * joint).sum() for p in corners(prior)]
    bounds = bounds_at(known, prior)
    np.testing.assert_allclose(bounds.lower, np.min(found, axis=0), rtol=0, atol=1e-12)
    np.testing.assert_allclose(bounds.upper, np.max(found, axis=0), rtol=0, atol=1e-12)
    assert (bounds.lower <= bounds.point).all()
    assert (bounds.point <= bounds.upper).all()


def test_numbers_without_ranges_leave_no_room():
    known = evidence(item("x", (0.8, 0.2), group="g"), item("y", (0.3, 0.2), group="g"), rho=0.3)
    bounds = bounds_at(known, EVEN)
    np.testing.assert_allclose(bounds.lower, bounds.point, rtol=0, atol=1e-15)
    np.testing.assert_allclose(bounds.upper, bounds.point, rtol=0, atol=1e-15)


def test_one_type_and_no_item():
    assert bounds_at(evidence(item("x", (0.4,)), types="a"), Prior.of(("a",))).point.tolist() == [1.0]
    empty = bounds_at(evidence(types="ab"), Prior.of({"a": (0.2, 0.4), "b": (0.6, 0.8)}))
    np.testing.assert_allclose([empty.lower, empty.point, empty.upper], [[0.2, 0.6], [0.3, 0.7], [0.4, 0.8]])


def test_a_type_without_prior_stays_without():
    found = bounds_at(evidence(item("x", (0.1, 0.9))), Prior.of({"a": 1.0, "b": 0.0}))
    np.testing.assert_array_equal([found.lower, found.point, found.upper], [[1, 0]] * 3)


def test_ten_thousand_items_do_not_underflow():
    known = evidence(*(item(f"x{i}", (0.2, 0.1) if i % 2 else (0.1, 0.2)) for i in range(10_000)))
    np.testing.assert_allclose(point(known), [0.5, 0.5], atol=1e-9)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: evidence(item("x", (0.1, 0.2)), item("x", (0.1, 0.3))), "two items"),
        (lambda: evidence(item("x", (0.1,))), "1 likelihoods for 2 types"),
        (lambda: evidence(item("x", (0.1, 0.2), r=1.2)), r"not in \[0, 1\]"),
        (lambda: evidence(item("x", (0.1, 0.2), group="g"), rho=-0.1), "rho of group 'g'"),
        (lambda: evidence(types="aa"), "different labels"),
        (lambda: Evidence.of("ab", [item("x", (0.1, 0.2), group="g")], rho={"h": 0.2}), "no item belongs"),
        (lambda: Prior.of({"a": 0.5, "b": 0.6}), "no distribution"),
        (lambda: Prior.of({"a": (0.1, 0.2), "b": (0.1, 0.7)}), "no distribution"),
        (lambda: Prior.of({"a": (0.3, 0.2), "b": 0.8}), "prior of 'a'"),
        (lambda: Prior.of(()), "no distribution"),
        (lambda: bounds_at(evidence(item("x", (0.1, 0.2))), Prior.of(("a", "c"))), "about the types"),
    ],
)
def test_refused(make, says):
    with pytest.raises(RequestError, match=says):
        make()


def test_ranges_far_above_the_points_of_many_reports_do_not_overflow():
    items = [item(f"x{i}", ((0.01, 0.99), (0.01, 0.03)), group="g") for i in range(2000)]
    known = replace(evidence(*items, rho=0.5), point=np.full((2000, 2), 0.02))
    bounds = bounds_at(known, EVEN)
    assert bounds.upper[0] == pytest.approx(1, abs=1e-12)
    assert bounds.lower[0] == pytest.approx(0, abs=1e-12)
    assert bounds.point[0] == 0.5
