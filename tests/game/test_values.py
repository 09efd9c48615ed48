import numpy as np
import pytest

from detente.game import (
    Assessment,
    GameNumbers,
    action_values,
    bayes_beliefs,
    expected_payoffs,
    node_values,
    reach_probability,
    terminal_probability,
)
from game.brute_force import SlowGame
from game.random_games import random_game, random_profile


@pytest.mark.parametrize("seed", range(6))
def test_values_agree_with_plain_recursion(seed: int):
    rng = np.random.default_rng(seed)
    game = random_game(rng, num_nodes=40, num_players=3, draws=3)
    shape, numbers = game.shape, game.numbers
    strategy = random_profile(rng, shape, 3, zeros=0.3)
    reach = reach_probability(shape, numbers.chance, strategy)
    values = node_values(shape, numbers, strategy)
    belief = rng.dirichlet(np.ones(shape.num_nodes), 3)
    by_action = action_values(shape, numbers, Assessment(strategy, belief))
    for draw in range(3):
        slow, play = SlowGame(game, draw), strategy[draw].tolist()
        for node in range(shape.num_nodes):
            assert reach[draw, node] == pytest.approx(slow.reach(node, play), abs=1e-14)
            for player in range(3):
                assert values[draw, node, player] == pytest.approx(slow.value(node, play, player), abs=1e-12)
        for action, infoset in enumerate(shape.action_infoset):
            expected = slow.action_value(int(infoset), action, play, belief[draw].tolist())
            assert by_action[draw, action] == pytest.approx(expected, abs=1e-12)


def test_expected_payoffs_are_root_values_whatever_the_chunk(monkeypatch: pytest.MonkeyPatch):
    rng = np.random.default_rng(7)
    game = random_game(rng, num_nodes=60, num_players=3, draws=11)
    strategy = random_profile(rng, game.shape, 11)
    whole = expected_payoffs(game.shape, game.numbers, strategy)
    np.testing.assert_allclose(whole, node_values(game.shape, game.numbers, strategy)[:, 0], atol=1e-12)
    monkeypatch.setattr("detente.game.sweep.MAX_CHUNK", 3)
    np.testing.assert_allclose(expected_payoffs(game.shape, game.numbers, strategy), whole, atol=1e-14)


def test_terminal_probabilities_sum_to_one():
    rng = np.random.default_rng(8)
    game = random_game(rng, num_nodes=80, draws=5)
    ends = terminal_probability(game.shape, game.numbers.chance, random_profile(rng, game.shape, 5, zeros=0.5))
    np.testing.assert_allclose(ends.sum(axis=1), 1.0, atol=1e-13)


def test_own_judgment_changes_the_judge_only():
    rng = np.random.default_rng(9)
    game = random_game(rng, num_nodes=40, chance=0.5, draws=4)
    other = random_game(np.random.default_rng(9), num_nodes=40, chance=0.5, draws=4).numbers.chance[::-1]
    strategy = random_profile(rng, game.shape, 4)
    numbers = GameNumbers(game.numbers.payoff, game.numbers.chance, other)
    plain = expected_payoffs(game.shape, game.numbers, strategy)
    judged = expected_payoffs(game.shape, numbers, strategy, judge=1)
    swapped = expected_payoffs(game.shape, GameNumbers(game.numbers.payoff, other), strategy)
    np.testing.assert_array_equal(judged[:, 0], plain[:, 0])
    np.testing.assert_allclose(judged[:, 1], swapped[:, 1], atol=1e-14)
    np.testing.assert_array_equal(expected_payoffs(game.shape, numbers, strategy), plain)


def test_undefined_beliefs_give_undefined_values():
    rng = np.random.default_rng(1)
    game = random_game(rng, num_nodes=30, merge=1.0)
    strategy = random_profile(rng, game.shape, 1, zeros=0.6)
    belief = bayes_beliefs(game.shape, game.numbers.chance, strategy)
    values = action_values(game.shape, game.numbers, Assessment(strategy, belief))
    undefined = np.array([np.isnan(belief[0, members]).any() for members in game.shape.members])
    assert undefined.any()
    np.testing.assert_array_equal(np.isnan(values[0]), undefined[game.shape.action_infoset])
