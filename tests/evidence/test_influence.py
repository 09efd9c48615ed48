"""Which items matter, what to watch, and how the forecasts did."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest

from detente.errors import RequestError
from detente.evidence import Prior, best_action_value, bounds_at, hindsight, influence, watch, yes_no
from evidence.make import START, evidence, item

EVEN = Prior.of(("a", "b"))


def test_influence_by_hand():
    found = influence(evidence(item("x", (0.8, 0.2)), item("y", (0.6, 0.3))), EVEN)
    assert found.ids == ("x", "y")
    np.testing.assert_allclose(found.without, [[2 / 3, 1 / 3], [0.8, 0.2]], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.influence, [8 / 9 - 2 / 3, 8 / 9 - 0.8], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.shift, [[2 / 9, -2 / 9], [4 / 45, -4 / 45]], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.diagnosticity, [2, 1], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.added, [2, 1], rtol=0, atol=1e-12)
    assert found.why_not == ("", "")


def test_items_without_information_say_why():
    known = evidence(
        item("copy 1", (0.8, 0.2), group="wire"),
        item("copy 2", (0.8, 0.2), group="wire"),
        item("doubtful", (0.9, 0.1), r=0.01),
        item("everybody's", (0.7, 0.7)),
        item("vague", ("0.2-0.8", "0.4-0.6")),
        item("telling", (0.9, 0.3)),
    )
    found = influence(known, EVEN)
    assert dict(zip(found.ids, found.why_not, strict=True)) == {
        "copy 1": "Other reports of the same origin (wire) already say as much.",
        "copy 2": "Other reports of the same origin (wire) already say as much.",
        "doubtful": "Its source counts for too little (r = 0.01).",
        "everybody's": "Every type makes it about equally likely.",
        "vague": "Every type makes it about equally likely, in the middle of the ranges given.",
        "telling": "",
    }
    by_id = dict(zip(found.ids, found.influence, strict=True))
    assert by_id["copy 1"] == by_id["everybody's"] == 0
    assert 0 < by_id["doubtful"] < 0.01 < by_id["telling"]


def test_influence_is_the_answer_without_the_item():
    rng = np.random.default_rng(1)
    items = [
        item(f"x{i}", rng.uniform(0.1, 1, 3), i % 4, r=rng.random(), group=["", "g", "h"][i % 3]) for i in range(9)
    ]
    prior, day = Prior.of({"a": 0.2, "b": 0.3, "c": 0.5}), START + timedelta(2)
    found = influence(evidence(*items, types="abc", rho=0.6), prior, as_of=day)
    assert set(found.ids) == {one.id for one in items if one.reported <= day}
    for row, name in enumerate(found.ids):
        rest = evidence(*(one for one in items if one.id != name), types="abc", rho=0.6)
        np.testing.assert_allclose(found.without[row], bounds_at(rest, prior, day).point, rtol=0, atol=1e-12)


def test_watching_by_hand():
    belief, table = np.array([0.5, 0.5]), yes_no(np.array([1.0, 0.5]))
    found = watch(belief, table)
    np.testing.assert_allclose(found.chance, [0.75, 0.25], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.after, [[2 / 3, 1 / 3], [0, 1]], rtol=0, atol=1e-12)
    left = -(2 / 3 * math.log2(2 / 3) + 1 / 3 * math.log2(1 / 3)) * 0.75
    assert found.information == pytest.approx(1 - left, abs=1e-12)
    assert found.value is None


def test_value_of_an_indicator_by_hand():
    # Guard costs 1 and saves 4 against the first type; the decision turns at a belief of 1/4.
    value_at = best_action_value(np.array([[-1.0, -1.0], [-4.0, 0.0]]))
    belief = np.array([0.2, 0.8])
    assert value_at(belief[None])[0] == pytest.approx(-0.8, abs=1e-12)
    table = yes_no(np.array([0.9, 0.1]))  # seen with chance 0.26, then guard; else expect -4 x 0.02 / 0.74
    found = watch(belief, table, value_at)
    assert found.value == pytest.approx(0.26 * -1 + 0.74 * (-4 * 0.02 / 0.74) + 0.8, abs=1e-12)
    blind = watch(belief, yes_no(np.array([0.3, 0.3])), value_at)
    assert blind.information == pytest.approx(0, abs=1e-12)
    assert blind.value == pytest.approx(0, abs=1e-12)


def test_information_and_value_are_never_negative_and_posteriors_average_to_the_belief():
    rng = np.random.default_rng(2)
    for _ in range(200):
        types, outcomes = rng.integers(2, 6), rng.integers(2, 5)
        belief, table = rng.dirichlet(np.ones(types)), rng.dirichlet(np.ones(outcomes), types).T
        found = watch(belief, table, best_action_value(rng.normal(size=(3, types))))
        np.testing.assert_allclose(found.chance @ found.after, belief, atol=1e-12)
        assert 0 <= found.information <= math.log2(types)
        assert found.value is not None
        assert found.value >= -1e-12


def test_certain_beliefs_learn_nothing():
    found = watch(np.array([1.0, 0.0]), yes_no(np.array([1.0, 0.2])))
    assert found.information == 0
    np.testing.assert_array_equal(found.after, [[1, 0], [1, 0]])


def test_scores_by_hand():
    forecast = np.array([[0.5, 0.3, 0.2], [0.8, 0.1, 0.1], [0.0, 1.0, 0.0]])
    days = (date(2022, 1, 1), date(2022, 1, 4), date(2022, 1, 5))
    found = hindsight(forecast, 0, days=days[:2] + days[2:], until=date(2022, 1, 5))
    np.testing.assert_allclose(found.brier, [0.38, 0.06, 2.0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.log, [math.log(2), -math.log(0.8), math.inf], rtol=0, atol=1e-12)
    assert found.mean_brier == pytest.approx((3 * 0.38 + 0.06) / 4, abs=1e-12)
    assert found.mean_log == pytest.approx((3 * math.log(2) - math.log(0.8)) / 4, abs=1e-12)
    even = hindsight(forecast[:2], 0)
    assert even.mean_brier == pytest.approx(0.22, abs=1e-12)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: watch(np.array([0.5, 0.5]), np.array([[0.5, 0.5], [0.4, 0.5]])), "summing to 1"),
        (lambda: watch(np.array([0.5, 0.5]), np.ones((1, 3))), "summing to 1"),
        (lambda: hindsight(np.array([[0.5, 0.5]]), 2), "no type number 2"),
        (lambda: hindsight(np.ones((2, 2)) / 2, 0, days=(START,)), "as many days"),
        (lambda: hindsight(np.ones((1, 2)) / 2, 0, days=(START,), until=START), "as many days"),
        (lambda: influence(evidence(item("x", (0.1, 0.2))), Prior.of(("a", "z"))), "about the types"),
    ],
)
def test_refused(make, says):
    with pytest.raises(RequestError, match=says):
        make()
