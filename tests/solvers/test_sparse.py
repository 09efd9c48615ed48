"""Large trees by sparse algebra: the same branch, the same end, the same words where it does not get there."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.families import centipedes, crises, open_trees, ranges, standoffs

from detente.game import (
    GameNumbers,
    action_values,
    certify,
    certify_qre,
    node_values,
    terminal_probability,
)
from detente.game.tree import Assessment
from detente.solvers import LogitSettings, Status, solve_backward, solve_logit, solve_qre
from detente.solvers.logit import plan_of
from detente.solvers.sparse import is_large
from detente.solvers.sparse_system import System, _swaps
from game.known_games import two_types
from game.random_games import payoff_range, random_game

SPARSE, DENSE = LogitSettings(sparse=True), LogitSettings(sparse=False)


def ends_apart(game, scale, **options) -> float:
    """Largest difference between the probabilities of ends that the two ways arrive at; both must be certified."""
    ends = []
    for settings in (DENSE, SPARSE):
        found = solve_logit(game.shape, game.numbers, scale, settings=settings, **options)
        assert certify(game.shape, game.numbers, found.assessment, scale).certified.all()
        ends.append(terminal_probability(game.shape, game.numbers.chance, found.assessment.strategy))
    return float(np.abs(ends[0] - ends[1]).max())


@pytest.mark.parametrize("seed", range(24))
def test_same_end_as_the_dense_system(seed: int):
    rng = np.random.default_rng(seed)
    game = random_game(rng, num_nodes=30 + 4 * seed, num_players=2 + seed % 3, draws=2)
    assert ends_apart(game, payoff_range(game.numbers)) < 1e-6


@pytest.mark.slow
def test_same_end_on_many_games():
    for seed in range(200, 320):
        game = random_game(np.random.default_rng(seed), num_nodes=60, num_players=2 + seed % 2)
        assert ends_apart(game, payoff_range(game.numbers)) < 1e-6, seed


def test_same_end_from_another_start():
    game = random_game(np.random.default_rng(5), num_nodes=60, num_players=2)
    bias = np.random.default_rng(6).normal(0.0, 2.0, (1, game.shape.num_actions))
    assert ends_apart(game, payoff_range(game.numbers), bias=bias) < 1e-6


def test_beliefs_off_the_path_are_the_same():
    game = two_types(0.9)
    scale = payoff_range(game.numbers)
    beliefs = [
        solve_logit(game.shape, game.numbers, scale, settings=settings).assessment.belief
        for settings in (DENSE, SPARSE)
    ]
    np.testing.assert_allclose(beliefs[0], beliefs[1], atol=1e-7)


@pytest.mark.parametrize("lam", [0.7, 30.0])
def test_quantal_response_equilibria_are_the_same(lam: float):
    game = random_game(np.random.default_rng(3), num_nodes=70, num_players=3, draws=2)
    found = [solve_qre(game.shape, game.numbers, lam, settings=settings) for settings in (DENSE, SPARSE)]
    np.testing.assert_allclose(found[0].assessment.strategy, found[1].assessment.strategy, atol=1e-8)
    witness = found[1].assessment.witness
    assert witness is not None
    precision = np.full((2, game.shape.num_players), lam)
    strategy = found[1].assessment.strategy
    assert certify_qre(game.shape, game.numbers, strategy, witness.log_strategy[-1], precision).max() < 1e-7


def system_of(seed: int) -> tuple[System, np.ndarray, np.ndarray]:
    game = random_game(np.random.default_rng(seed), num_nodes=60, num_players=3)
    shape = game.shape
    reference = np.zeros(shape.num_actions, dtype=np.bool_)
    reference[shape.action_start[:-1]] = True
    odds = np.where(reference, 0.0, np.random.default_rng(seed).normal(size=shape.num_actions))
    return System(shape, game.numbers.payoff[0], game.numbers.chance[0], np.ones(3)), reference, odds


@pytest.mark.parametrize("seed", range(5))
def test_derivatives_agree_with_differences(seed: int):
    system, reference, odds = system_of(seed)
    shape, lam = system.shape, 3.0

    def residual(odds: np.ndarray) -> np.ndarray:
        payoff = system.point(odds).payoff
        return np.where(reference, odds, odds - lam * (payoff - payoff[reference][shape.action_infoset]))

    steps = 1e-6 * np.eye(len(odds)) * ~reference[:, None]
    slopes = np.array([(residual(odds + step) - residual(odds - step)) / 2e-6 for step in steps]).T
    slopes[reference, reference] = 1.0
    ones = np.ones(len(odds))
    factors = system.factors(system.point(odds), reference, ones, lam * ones, ones)
    np.testing.assert_allclose(factors.solve(*slopes.T).T, np.eye(len(odds)), atol=1e-6)
    assert factors.sign() == np.sign(np.linalg.det(slopes))


def test_values_and_beliefs_are_those_of_the_game():
    system, _, odds = system_of(7)
    game = random_game(np.random.default_rng(7), num_nodes=60, num_players=3)
    point = system.point(odds)
    assessment = Assessment(point.prob[None], point.belief[None])
    np.testing.assert_allclose(action_values(game.shape, game.numbers, assessment)[0], point.payoff, atol=1e-12)


def test_the_sign_of_a_permutation():
    for seed in range(20):
        order = np.random.default_rng(seed).permutation(9).astype(np.int32)
        assert (-1.0) ** _swaps(order) == np.linalg.det(np.eye(9)[order])


def test_perfect_information_ends_at_backward_induction():
    for game in (open_trees(6, 2, 1), centipedes(40, 2, 1)):
        found = solve_logit(game.shape, game.numbers, ranges(game.numbers.payoff), settings=SPARSE)
        exact = solve_backward(game.shape, game.numbers).assessment.strategy
        np.testing.assert_allclose(found.assessment.strategy, exact, atol=1e-9)


def test_it_is_chosen_where_the_tree_is_large():
    def no_plan(shape):
        raise AssertionError("no plan is needed to see that this tree is large, or easy")

    assert is_large(standoffs(9, 1, 1).shape, no_plan, None)
    assert is_large(crises(61, 1, 1).shape, no_plan, None)
    assert not is_large(open_trees(10, 1, 1).shape, no_plan, None)
    assert not is_large(crises(2, 1, 1).shape, plan_of, None)
    assert is_large(crises(2, 1, 1).shape, no_plan, True)


@pytest.mark.parametrize(("family", "size"), [(standoffs, 5), (crises, 12)])
def test_members_of_growing_families_are_certified(family, size: int):
    game = family(size, 1, 1)
    scale = ranges(game.numbers.payoff)
    found = solve_logit(game.shape, game.numbers, scale, settings=SPARSE)
    certificate = certify(game.shape, game.numbers, found.assessment, scale)
    assert certificate.certified.all()
    assert found.precision[0] > 1.0
    payoffs = node_values(game.shape, game.numbers, found.assessment.strategy)[:, 0]
    assert np.isfinite(payoffs).all()


@pytest.mark.slow
def test_a_hundred_thousand_nodes():
    game = crises(61, 1, 1)
    assert game.shape.num_nodes > 100_000
    scale = ranges(game.numbers.payoff)
    found = solve_logit(game.shape, game.numbers, scale)
    assert certify(game.shape, game.numbers, found.assessment, scale).certified.all()


def test_statuses():
    game = standoffs(6, 2, 1)
    scale = ranges(game.numbers.payoff)
    solve = solve_logit
    late = solve(game.shape, game.numbers, scale, settings=SPARSE, time_budget=0.2)
    assert set(late.statuses()) == {"out_of_time"}
    stopped = solve(game.shape, game.numbers, scale, settings=SPARSE, stop=lambda: True)
    assert set(stopped.statuses()) == {"cancelled"}
    assert np.isnan(stopped.assessment.strategy).all()
    hasty = LogitSettings(sparse=True, first_try=5.0, last_try=1.0, attempts=1)
    lost = solve(game.shape, game.numbers, scale, settings=hasty)
    assert set(lost.statuses()) == {"no_support"}
    np.testing.assert_allclose(lost.assessment.strategy.sum(axis=1), game.shape.num_infosets)
    payoff = game.numbers.payoff.copy()
    payoff[0, 3, 0] = np.nan
    broken = GameNumbers(payoff, game.numbers.chance)
    found = solve(game.shape, broken, scale, settings=hasty)
    assert found.status.tolist() == [Status.not_finite, Status.no_support]
    assert np.isnan(found.assessment.belief[0]).all()


def test_both_systems_work_to_the_same_precisions():
    from detente.solvers import kernel_path, kernel_polish, sparse_path, sparse_polish

    for name in ("USED_PRECISION", "VANISHED", "TARGET", "ROUNDING"):
        assert getattr(kernel_polish, name) == getattr(sparse_polish, name)
    for name in ("LOOSE", "CROSSING"):
        assert getattr(kernel_path, name) == getattr(sparse_path, name)
    assert kernel_path.SURE == sparse_polish.SURE


def test_progress_is_told():
    from detente.solvers.budget import Budget

    told = []
    game = random_game(np.random.default_rng(1), num_nodes=30, draws=3)
    budget = Budget(progress=lambda done, total: told.append((done, total)))
    solve_logit(game.shape, game.numbers, payoff_range(game.numbers), settings=SPARSE, stop=budget)
    assert told == [(1, 3), (2, 3), (3, 3)]
