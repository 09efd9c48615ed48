"""The band: reproducible number by number, and independent of everything but seed, item and draw."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import numpy as np
import pytest
from numpy.random import Philox

from detente.errors import RequestError
from detente.evidence import Prior, drawn_scores, posterior, timeline
from detente.evidence.streams import Streams
from evidence.make import START, evidence, item

EVEN = Prior.of(("a", "b"))
VAGUE = tuple(item(f"x{i}", ("likely", "unlikely"), i, group="g" if i < 2 else "") for i in range(5))
LAST = (START + timedelta(9),)


def drawn(known, seed=0, start=0, stop=50):
    (found,) = drawn_scores(known, LAST, seed, start, stop)
    return found


def test_chunks_and_more_items_change_no_draw():
    known = evidence(*VAGUE, rho=0.4)
    whole = drawn(known)
    np.testing.assert_array_equal(whole[20:], drawn(known, start=20))
    assert not np.allclose(whole, drawn(known, seed=1))
    more = evidence(*VAGUE, item("w", (0.9, 0.3)), rho=0.4)
    np.testing.assert_allclose(drawn(more) - whole, np.broadcast_to(np.log([1.0, 1 / 3]), (50, 2)), atol=1e-12)


def test_the_order_in_which_items_are_given_changes_no_number():
    prior = Prior.of({"a": (0.2, 0.5), "b": (0.5, 0.8)})
    one, other = (timeline(evidence(*items, rho=0.4), prior, draws=40) for items in (VAGUE, VAGUE[::-1]))
    for name in ("point", "lower", "upper", "p05", "p95"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_draws_are_even_in_their_ranges():
    known = evidence(item("x", ((0.2, 0.6), 0.4)))
    share = (np.exp(drawn(known, stop=4000))[:, 0] * 0.4 - 0.2) / 0.4
    assert 0 < share.min() < share.max() < 1
    np.testing.assert_allclose(np.quantile(share, [0.05, 0.5, 0.95]), [0.05, 0.5, 0.95], atol=0.03)


def test_band_by_hand_of_one_ranged_item():
    found = timeline(evidence(item("x", ((0.2, 0.6), 0.4))), EVEN, draws=4000)
    ends = np.array([0.2 + 0.05 * 0.4, 0.2 + 0.95 * 0.4])
    np.testing.assert_allclose([found.p05[0, 0], found.p95[0, 0]], ends / (ends + 0.4), atol=0.01)
    np.testing.assert_allclose([found.lower[0, 0], found.upper[0, 0]], [1 / 3, 0.6], atol=1e-12)


def test_many_vague_items_open_the_bounds_and_not_the_band():
    known = evidence(*(item(f"x{i}", ((0.45, 0.75), (0.4, 0.7)), i) for i in range(40)))
    found = timeline(known, EVEN, draws=300)
    assert found.upper[-1, 0] - found.lower[-1, 0] > 0.99
    assert found.p95[-1, 0] - found.p05[-1, 0] < 0.6
    assert found.days == tuple(START + timedelta(day) for day in range(40))


def test_numbers_have_no_band():
    found = timeline(evidence(item("x", (0.8, 0.2)), item("y", (0.3, 0.2), 3)), EVEN, draws=3)
    np.testing.assert_allclose(found.p05, found.point, atol=1e-15)
    np.testing.assert_allclose(found.p95, found.point, atol=1e-15)


def test_the_day_before_the_first_report_is_the_prior():
    prior = Prior.of({"a": (0.2, 0.4), "b": (0.6, 0.8)})
    found = timeline(evidence(*VAGUE), prior, days=(START - timedelta(1), START), draws=10)
    np.testing.assert_allclose([found.lower[0], found.point[0], found.upper[0]], [[0.2, 0.6], [0.3, 0.7], [0.4, 0.8]])
    np.testing.assert_allclose(found.p05[0], np.quantile(prior.draw(0, 0, 10), 0.05, axis=0), rtol=0, atol=1e-15)


def test_priors_drawn_sum_to_one_inside_their_ranges():
    prior = Prior.of({"a": (0.1, 0.3), "b": (0.2, 0.7), "c": 0.2, "d": (0.0, 0.5)})
    found = prior.draw(3, 0, 500)
    np.testing.assert_allclose(found.sum(axis=1), 1.0, atol=1e-12)
    assert (found >= prior.low - 1e-15).all()
    assert (found <= prior.high + 1e-15).all()
    assert np.ptp(found[:, [0, 1, 3]], axis=0).min() > 0.1
    np.testing.assert_array_equal(found[100:], prior.draw(3, 100, 500))


def test_point_agrees_with_the_rule_written_out():
    known = evidence(*VAGUE, rho=0.4)
    mid = np.array([0.675, 0.325]) / 0.675
    twice = 0.4 * mid + 0.6 * mid**2
    np.testing.assert_allclose(
        timeline(known, EVEN, draws=1).point[-1], posterior(EVEN.point, np.log(twice * mid**3)), atol=1e-12
    )


def test_streams_are_those_of_the_generator_with_the_key_of_the_name():
    digest = hashlib.blake2b(b"7\x00evidence\x00item\x00x", digest_size=16).digest()
    words = Philox(key=int.from_bytes(digest, "little")).random_raw(3 * 5)  # three words hold twelve numbers
    quarters = np.stack([(words >> np.uint64(16 * k)) & np.uint64(2**16 - 1) for k in range(4)], axis=-1)
    expected = (quarters.reshape(5, 12).astype(float) + 0.5) / 2**16
    streams = Streams(7)
    streams.rows("another", 3, 9, 2)
    np.testing.assert_array_equal(streams.rows("item\x00x", 0, 5, 11), expected[:, :11])
    np.testing.assert_array_equal(streams.rows("item\x00x", 2, 5, 9), expected[2:, :9])
    np.testing.assert_array_equal(streams.whole("item\x00x", 0, 5, 9), quarters.reshape(5, 12)[:, :9])


@pytest.mark.parametrize("draws", [1, 7, 96, 97])
def test_products_of_many_small_likelihoods_are_sums_of_logarithms(draws: int):
    # A thousand items at 1e-9 and below would underflow as one product.
    cells = ((1e-12, 1e-9), (1e-3, 0.9), (0.2, 0.2))
    items = [item(f"i{k}", cells, k // 400, r=(1.0, 0.3, 0.0)[k % 3]) for k in range(1000)]
    known = evidence(*items, types="abc")
    by_hand = np.zeros((draws, 3))
    low, high = (part / known.point.max(axis=1, keepdims=True) for part in (known.low, known.high))
    for row, name in enumerate(known.ids):
        share = Streams(2).rows(f"item\x00{name}", 0, draws, 3)
        by_hand += known.r[row] * np.log(low[row] + (high[row] - low[row]) * share)
    *_, last = drawn_scores(known, known.dates(), 2, 0, draws)
    np.testing.assert_allclose(last, by_hand, rtol=1e-11)


def test_likelihoods_from_elsewhere_take_the_place_of_ranges():
    others = item("a", ("likely", 0.5)), item("c", (0.7, 0.2), group="g")
    known = evidence(*others, item("b", (0.4, "-"), r=0.5))
    elsewhere = np.array([[0.9, 0.1], [0.5, 0.5], [np.nan, np.nan]])
    (found,) = drawn_scores(known, known.dates(), 0, 0, 3, {"b": elsewhere})
    (plain,) = drawn_scores(evidence(*others), known.dates(), 0, 0, 3)
    np.testing.assert_allclose(found - plain, 0.5 * np.log(elsewhere / 0.4), atol=1e-12)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"days": (START, START - timedelta(1))}, "in order"),
        ({"draws": 0}, "at least one draw"),
        ({"seed": -1}, "must not be negative"),
    ],
)
def test_refused(settings, says):
    with pytest.raises(RequestError, match=says):
        timeline(evidence(*VAGUE), EVEN, **settings)
