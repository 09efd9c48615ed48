"""Information sets under a rule: the tree with moves of chance is the tree with the rule played."""

from __future__ import annotations

import numpy as np
import pytest

from detente.errors import RequestError
from detente.game import (
    CHANCE,
    GameNumbers,
    best_response_values,
    certify,
    check_perfect_recall,
    commit_sets,
    expected_payoffs,
    terminal_probability,
    with_uniform_trembles,
)
from game.random_games import payoff_range, random_game, random_profile


@pytest.mark.parametrize("seed", range(12))
def test_play_under_a_rule_is_play_of_the_rule(seed):
    rng = np.random.default_rng(seed)
    game = random_game(rng, num_nodes=25, num_players=3, draws=3)
    shape, numbers = game.shape, game.numbers
    sets = np.flatnonzero(shape.infoset_player == 0)
    under = commit_sets(shape, sets)
    profile = random_profile(rng, shape, draws=3, zeros=0.3)
    ruled = under.numbers(numbers, profile)
    narrow = under.narrowed(profile)
    assert (under.shape.infoset_player != 0).all()
    np.testing.assert_allclose(
        terminal_probability(under.shape, ruled.chance, narrow), terminal_probability(shape, numbers.chance, profile)
    )
    np.testing.assert_allclose(
        expected_payoffs(under.shape, ruled, narrow), expected_payoffs(shape, numbers, profile), atol=1e-12
    )
    others = [player for player in range(3) if player != 0]
    np.testing.assert_allclose(
        best_response_values(under.shape, ruled, narrow)[:, others],
        best_response_values(shape, numbers, profile)[:, others],
        atol=1e-12,
    )
    np.testing.assert_array_equal(under.widened(narrow, profile), profile)
    check_perfect_recall(under.shape, [str(number) for number in under.sets])
    assert (under.shape.kind == CHANCE).sum() == (shape.kind == CHANCE).sum() + sum(len(shape.members[i]) for i in sets)


def test_no_set_under_a_rule_changes_nothing():
    game = random_game(np.random.default_rng(1), num_nodes=15)
    under = commit_sets(game.shape, [])
    np.testing.assert_array_equal(under.shape.edge, game.shape.edge)
    np.testing.assert_array_equal(under.shape.infoset, game.shape.infoset)
    assert len(under.ruled) == 0


def test_unknown_set_is_refused():
    game = random_game(np.random.default_rng(1), num_nodes=15)
    with pytest.raises(RequestError, match="no information set has number 99"):
        commit_sets(game.shape, [99])


def test_judgment_of_chance_is_kept():
    game = random_game(np.random.default_rng(4), num_nodes=25, chance=0.4)
    numbers = GameNumbers(game.numbers.payoff, game.numbers.chance, game.numbers.chance[:, ::-1].copy())
    under = commit_sets(game.shape, np.flatnonzero(game.shape.infoset_player == 0))
    rule = random_profile(np.random.default_rng(0), game.shape)
    ruled = under.numbers(numbers, rule)
    assert ruled.judged_chance is not None
    np.testing.assert_array_equal(ruled.judged_chance[:, : numbers.chance.shape[1]], numbers.judged_chance)
    np.testing.assert_array_equal(ruled.judged_chance[:, numbers.chance.shape[1] :], rule[:, under.ruled])


@pytest.mark.parametrize("seed", range(8))
def test_uniform_trembles_are_a_witness(seed):
    rng = np.random.default_rng(seed)
    game = random_game(rng, num_nodes=30, num_players=3)
    profile = random_profile(rng, game.shape, zeros=0.5)
    assessment = with_uniform_trembles(game.shape, game.numbers.chance, profile)
    certificate = certify(game.shape, game.numbers, assessment, payoff_range(game.numbers))
    assert certificate.witness_distance[0] <= 1e-6
    assert certificate.belief_residual[0] <= 1e-10
