"""Incoherent judgments are mended, disagreement is shown, analysts are pooled."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from detente.errors import RequestError
from detente.evidence import (
    Evidence,
    Prior,
    bounds_at,
    disagreement,
    log_pool,
    nearest_distribution,
    pool_evidence,
    pool_likelihoods,
    repair_alternatives,
    repair_complement,
)
from evidence.make import evidence, item


def test_complements_by_hand():
    found = repair_complement("buildup", np.array([0.8, 0.3, 0.6]), np.array([0.4, 0.5, 0.4]))
    np.testing.assert_allclose(found.repaired, [[0.7, 0.3], [0.4, 0.6], [0.6, 0.4]], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.moved, [0.1 * 2**0.5, 0.1 * 2**0.5, 0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.total, [1.2, 0.8, 1.0])
    assert found.needed
    assert found.sentence == (
        "The probabilities of buildup, not buildup were given as 0.8, 0.4, which sum to 1.2; 0.7, 0.3 is the nearest "
        "set that sums to 1; the largest of 2 repairs."
    )


def test_coherent_judgments_are_left_alone():
    given = np.array([0.1, 0.2, 0.7])
    found = repair_alternatives("xyz", given)
    np.testing.assert_array_equal(found.repaired, given)
    assert not found.needed
    assert found.sentence == "The probabilities of x, y, z add up."


def test_three_alternatives_by_hand_with_one_at_zero():
    found = repair_alternatives(("yes", "no", "open"), np.array([0.9, 0.7, 0.05]))
    np.testing.assert_allclose(found.repaired, [0.6, 0.4, 0.0], rtol=0, atol=1e-12)
    floored = repair_alternatives(("yes", "no", "open"), np.array([0.9, 0.7, 0.05]), floor=0.01)
    np.testing.assert_allclose(floored.repaired, [0.595, 0.395, 0.01], rtol=0, atol=1e-12)


def test_the_repair_is_the_nearest_point_on_a_fine_grid():
    rng = np.random.default_rng(5)
    low, high = np.array([0.1, 0.0, 0.2]), np.array([0.6, 0.5, 0.9])
    steps = np.linspace(0, 1, 401)
    first, second = np.meshgrid(low[0] + steps * 0.5, low[1] + steps * 0.5)
    grid = np.stack([first, second, 1 - first - second], axis=-1).reshape(-1, 3)
    grid = grid[((grid >= low) & (grid <= high)).all(axis=1)]
    for value in rng.random((30, 3)):
        found = nearest_distribution(value, low, high)
        assert found.sum() == pytest.approx(1, abs=1e-12)
        assert ((found >= low) & (found <= high)).all()
        best = np.linalg.norm(grid - value, axis=1).min()
        assert np.linalg.norm(found - value) <= best + 1e-12
        assert np.linalg.norm(found - value) >= best - 5e-3


def test_ranged_priors_start_from_the_nearest_distribution():
    prior = Prior.of({"a": (0.2, 0.6), "b": (0.2, 0.6), "c": (0.3, 0.4)})
    np.testing.assert_allclose(prior.point, np.array([0.4, 0.4, 0.35]) - [0.05, 0.05, 0.05], atol=1e-12)
    tight = Prior.of({"a": (0.2, 0.6), "b": 0.5, "c": 0.3})
    np.testing.assert_allclose(tight.point, [0.2, 0.5, 0.3], atol=1e-12)


def test_log_pool_by_hand():
    found = log_pool(np.array([[0.9, 0.1], [0.5, 0.5]]))
    np.testing.assert_allclose(found.distribution, [0.75, 0.25], rtol=0, atol=1e-12)  # odds sqrt(9 x 1)
    weighted = log_pool(np.array([[0.9, 0.1], [0.5, 0.5]]), weights=np.array([3.0, 1.0]))
    odds = 9**0.75
    np.testing.assert_allclose(weighted.distribution, [odds / (1 + odds), 1 / (1 + odds)], rtol=0, atol=1e-12)
    assert found.floored == 0


def test_a_zero_is_floored_and_counted():
    found = log_pool(np.array([[1.0, 0.0], [0.2, 0.8]]), floor=0.01)
    odds = np.sqrt(1 / 0.01 * 0.2 / 0.8)
    np.testing.assert_allclose(found.distribution, [odds / (1 + odds), 1 / (1 + odds)], rtol=0, atol=1e-12)
    assert (found.floored, found.floor) == (1, 0.01)


def test_pooling_posteriors_is_updating_on_pooled_likelihoods():
    rng = np.random.default_rng(3)
    cells = rng.uniform(0.05, 1, (3, 4, 2))
    weights, prior = np.array([1.0, 2.0, 0.5]), Prior.of({"a": 0.3, "b": 0.7})

    def update(matrix: np.ndarray) -> np.ndarray:
        known: Evidence = evidence(*(item(f"x{row}", cells) for row, cells in enumerate(matrix)))
        return bounds_at(known, prior).point

    pooled = log_pool(np.array([update(matrix) for matrix in cells]), weights=weights, floor=1e-9).distribution
    np.testing.assert_allclose(update(pool_likelihoods(cells, weights=weights)), pooled, rtol=0, atol=1e-12)


def test_disagreement_counts_ratios_and_not_habits():
    cells = np.array([[[0.8, 0.2], [0.4, 0.2], [0.6, 0.3]], [[0.4, 0.1], [0.3, 0.6], [0.5, 0.5]]])
    found = disagreement(cells)
    np.testing.assert_allclose(found.spread, [0, 2, 1], atol=1e-12)
    assert found.opposed.tolist() == [False, True, False]
    for order in itertools.permutations(range(2)):
        np.testing.assert_array_equal(disagreement(cells[list(order)]).spread, found.spread)


def test_matrices_of_analysts_become_one():
    first = evidence(item("x", ((0.4, 0.8), 0.2), r=0.5), item("y", (0.9, 0.3), 2, group="g"), rho=0.3)
    second = evidence(item("x", ((0.1, 0.2), 0.8), r=0.7), item("z", (0.5, 0.5), 1))
    pooled, apart = pool_evidence([first, second])
    assert pooled.ids == ("x", "z", "y")
    np.testing.assert_allclose(pooled.low[0], [0.2, 0.4], rtol=0, atol=1e-12)
    np.testing.assert_allclose(pooled.high[0], [0.4, 0.4], rtol=0, atol=1e-12)
    np.testing.assert_allclose(pooled.point[0], [0.3, 0.4], rtol=0, atol=1e-12)
    np.testing.assert_allclose(pooled.point[2], [0.9, 0.3], rtol=0, atol=1e-12)
    np.testing.assert_allclose(pooled.r, [0.6, 1, 1], rtol=0, atol=1e-12)
    assert (pooled.groups, pooled.rho.tolist()) == (("g",), [0.3])
    np.testing.assert_allclose(apart.spread, [np.log2(3) - np.log2(0.15 / 0.8), 0, 0], rtol=0, atol=1e-12)
    assert apart.opposed.tolist() == [True, False, False]
    alone, none = pool_evidence([first])
    np.testing.assert_allclose(alone.point, first.point, rtol=0, atol=1e-15)
    assert none.spread.tolist() == [0, 0]
    weighted, _ = pool_evidence([first, second], weights=np.array([1.0, 3.0]))
    np.testing.assert_allclose(weighted.low[0], [0.4**0.25 * 0.1**0.75, 0.2**0.25 * 0.8**0.75], rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: repair_alternatives(("x",), np.array([0.4])), "at least two"),
        (lambda: repair_alternatives("xy", np.array([0.4, 1.4])), "between 0 and 1"),
        (lambda: repair_alternatives("xy", np.array([0.4, 0.4]), floor=0.6), "at least 0.6"),
        (lambda: log_pool(np.empty((0, 2))), "at least one analyst"),
        (lambda: log_pool(np.ones((1, 2)) / 2, floor=0.0), "floor"),
        (lambda: log_pool(np.ones((2, 2)) / 2, weights=np.array([1.0])), "weights of 2 analysts"),
        (lambda: log_pool(np.ones((2, 2)) / 2, weights=np.array([1.0, -1.0])), "weights of 2 analysts"),
        (lambda: pool_evidence([]), "weights of 0 analysts"),
        (lambda: pool_evidence([evidence(types="ab"), evidence(types="abc")]), "same types"),
        (lambda: pool_evidence([evidence(item("x", (0.1, 0.2))), evidence(item("x", (0.1, 0.2), 1))]), "item 'x'"),
        (lambda: pool_likelihoods(np.zeros((2, 1, 2))), "above 0"),
    ],
)
def test_refused(make, says):
    with pytest.raises(RequestError, match=says):
        make()
