"""Moves as evidence: weighed over worlds by hand, and from equilibria that pool and that separate."""

from __future__ import annotations

import numpy as np
import pytest

from detente.errors import RequestError
from detente.evidence import Prior, bounds_at, move_likelihoods, posterior, weigh_worlds, weighted_quantiles
from detente.game import TreeBuilder, certify_qre
from detente.solvers import solve_qre
from evidence.make import evidence, item

PRIOR = np.array([[0.5, 0.5], [0.2, 0.8]])
FIRST = np.array([[0.9, 0.1], [0.5, 0.5]])
SECOND = np.array([[0.6, 0.3], [0.1, 0.4]])


def test_one_move_by_hand():
    found = weigh_worlds(PRIOR, [FIRST])
    joint = np.array([[0.45, 0.05], [0.1, 0.4]])
    np.testing.assert_allclose(found.point, [0.55, 0.45], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.weight, [0.5, 0.5], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.by_draw, joint * 2, rtol=0, atol=1e-12)
    assert found.effective == pytest.approx(2, abs=1e-12)
    assert found.excluded == 0
    np.testing.assert_array_equal(found.lowest, found.point)
    np.testing.assert_array_equal(found.highest, found.point)


def test_two_moves_in_a_row_by_hand():
    found = weigh_worlds(PRIOR, [FIRST, SECOND])
    joint = np.array([[0.27, 0.015], [0.01, 0.16]])
    np.testing.assert_allclose(found.point, joint.sum(axis=0) / 0.455, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.weight, joint.sum(axis=1) / 0.455, rtol=0, atol=1e-12)
    rows = move_likelihoods(PRIOR, [FIRST, SECOND])
    np.testing.assert_allclose(rows[0], [0.55 / 0.7, 0.45 / 1.3], rtol=0, atol=1e-12)
    np.testing.assert_allclose(rows[1], [0.28 / 0.55, 0.175 / 0.45], rtol=0, atol=1e-12)  # given the first
    product = PRIOR.mean(axis=0) * rows.prod(axis=0)
    np.testing.assert_allclose(product / product.sum(), found.point, rtol=0, atol=1e-12)
    averaged = PRIOR.mean(axis=0) * rows[0] * move_likelihoods(PRIOR, [SECOND])[0]
    assert abs(averaged[0] / averaged.sum() - found.point[0]) > 0.005  # forgetting the first is another answer


def test_other_evidence_enters_with_its_score():
    known = evidence(item("x", (0.8, 0.2)))
    score = np.log(np.array([1.0, 0.25]))
    one = weigh_worlds(PRIOR[:1], [FIRST[:1]], score=score)
    by_items = evidence(item("x", (0.8, 0.2)), item("move", (0.9, 0.1)))
    np.testing.assert_allclose(one.point, bounds_at(by_items, Prior.of(("a", "b"))).point, rtol=0, atol=1e-12)
    np.testing.assert_allclose(
        weigh_worlds(PRIOR[:1], [], score=score).point, bounds_at(known, Prior.of(("a", "b"))).point, rtol=0, atol=1e-12
    )
    per_draw = weigh_worlds(PRIOR, [FIRST], score=np.tile(score, (2, 1)))
    np.testing.assert_allclose(per_draw.point, weigh_worlds(PRIOR, [FIRST], score=score).point, rtol=0, atol=1e-15)
    np.testing.assert_allclose(per_draw.by_draw, posterior(PRIOR, np.log(FIRST) + score), rtol=0, atol=1e-12)


def test_one_world_that_explains_everything_leaves_one_effective_draw():
    prior = np.full((100, 2), 0.5)
    move = np.full((100, 2), 1e-9)
    move[3] = [0.9, 0.3]
    found = weigh_worlds(prior, [move])
    assert found.effective == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose([found.p05[0], found.p95[0]], [0.75, 0.75], atol=1e-12)


def test_worlds_that_were_not_solved_are_excluded_and_could_have_gone_either_way():
    prior = np.full((4, 2), 0.5)
    move = np.array([[0.8, 0.2], [0.8, 0.2], [0.4, 0.4], [np.nan, np.nan]])
    found = weigh_worlds(prior, [move])
    assert found.excluded == pytest.approx(0.25, abs=1e-12)
    assert found.weight[3] == 0
    assert np.isnan(found.by_draw[3]).all()
    np.testing.assert_allclose(found.point, [2.0 / 2.8, 0.8 / 2.8], rtol=0, atol=1e-12)
    # had the fourth world done it for sure under one type and never under the other
    np.testing.assert_allclose(found.highest, [3.0 / 3.8, 1.8 / 3.8], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.lowest, [2.0 / 3.8, 0.8 / 3.8], rtol=0, atol=1e-12)
    np.testing.assert_allclose(move_likelihoods(prior, [move])[0], [2.0 / 3, 0.8 / 3], rtol=0, atol=1e-12)


def test_a_type_that_cannot_be_needs_no_move():
    found = weigh_worlds(np.array([[1.0, 0.0]]), [np.array([[0.3, np.nan]])])
    np.testing.assert_array_equal(found.point, [1, 0])


def test_weights_of_worlds_count():
    twice = weigh_worlds(PRIOR[[0, 0, 1]], [FIRST[[0, 0, 1]]])
    weighted = weigh_worlds(PRIOR, [FIRST], share=np.array([2.0, 1.0]))
    np.testing.assert_allclose(weighted.point, twice.point, rtol=0, atol=1e-12)


def test_weighted_quantiles_by_hand():
    values = np.array([[3.0, 1.0], [1.0, 2.0], [2.0, 3.0], [np.nan, 0.0]])
    weight = np.array([0.2, 0.5, 0.3, 0.0])
    np.testing.assert_array_equal(weighted_quantiles(values, weight, 0.5), [1, 2])
    np.testing.assert_array_equal(weighted_quantiles(values, weight, 0.51), [2, 2])
    np.testing.assert_array_equal(weighted_quantiles(values, weight, 0.05), [1, 1])
    np.testing.assert_array_equal(weighted_quantiles(values, weight, 0.95), [3, 3])


def buildup(gain: dict[str, float]):
    """A type builds up or not; the other side, seeing it, gives way or not. Giving way pays against an attacker."""
    game = TreeBuilder("R", "U")
    branches = {}
    for kind, give in (("attacker", 1.0), ("bluffer", -1.0)):
        ends = {"yield": game.terminal(gain[kind], give), "stand": game.terminal(gain[kind] - 0.5, 0.0)}
        build = game.decision("U", "after a buildup", ends)
        branches[kind] = (0.5, game.decision("R", kind, {"build": build, "hold": game.terminal(0.0, 0.0)}))
    return game.build(game.chance(branches))


def ratio(gain: dict[str, float], lam: float) -> float:
    """Likelihood ratio of the buildup between the types, at a finite precision."""
    game = buildup(gain)
    solved = solve_qre(game.shape, game.numbers, lam)
    strategy, witness = solved.assessment.strategy, solved.assessment.witness
    assert witness is not None
    assert certify_qre(game.shape, game.numbers, strategy, witness.log_strategy[-1], np.full((1, 2), lam)).max() < 1e-8
    moves = strategy[:, [game.action("attacker", "build"), game.action("bluffer", "build")]]
    rows = move_likelihoods(np.array([[0.5, 0.5]]), [moves])
    return float(rows[0, 0] / rows[0, 1])


@pytest.mark.parametrize("lam", [0.5, 5.0, 50.0])
def test_a_buildup_that_both_types_would_make_tells_nothing(lam):
    assert ratio({"attacker": 1.0, "bluffer": 1.0}, lam) == pytest.approx(1, abs=1e-9)


def test_a_buildup_that_only_one_type_would_make_tells_ever_more_as_precision_grows():
    found = [ratio({"attacker": 1.0, "bluffer": -1.0}, lam) for lam in (0.0, 1.0, 5.0, 10.0, 20.0)]
    assert found[0] == pytest.approx(1, abs=1e-9)
    assert found == sorted(found)
    # the bluffer loses 1 by a buildup that is believed: its odds fall like exp(-lam)
    assert np.log(found[-1] / found[-2]) == pytest.approx(10, abs=0.5)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: weigh_worlds(PRIOR, [FIRST[:1]]), "move 1 needs"),
        (lambda: weigh_worlds(PRIOR, [FIRST, SECOND + 1]), "move 2 needs"),
        (lambda: weigh_worlds(PRIOR, [FIRST * 0]), "finite precision"),
        (lambda: weigh_worlds(PRIOR, [FIRST * np.nan]), "impossible in every world that could be solved"),
        (lambda: weigh_worlds(-PRIOR, [FIRST]), "priors must be"),
        (lambda: weigh_worlds(PRIOR, [FIRST], share=np.zeros(2)), "weights of 2 worlds"),
    ],
)
def test_refused(make, says):
    with pytest.raises(RequestError, match=says):
        make()
