"""Beliefs from stated mistakes, against the slow game's limit beliefs."""

from __future__ import annotations

import numpy as np

from detente.game import TreeBuilder, assess_trembles, certify
from game.brute_force import SlowGame
from game.random_games import random_game


def test_beliefs_are_the_limit_of_the_stated_mistakes():
    rng = np.random.default_rng(3)
    for _ in range(40):
        game = random_game(rng)
        order = rng.integers(0, 4, game.shape.num_actions)
        strategy = np.zeros((1, game.shape.num_actions))
        for start, stop in zip(game.shape.action_start[:-1], game.shape.action_start[1:], strict=True):
            order[start + rng.integers(stop - start)] = 0
            played = order[start:stop] == 0
            strategy[0, start:stop] = played / played.sum()
        found = assess_trembles(game.shape, game.numbers.chance[:1], strategy, order)
        size = np.where(order == 0, strategy[0], 1.0)
        expected = SlowGame(game, 0).limit_beliefs([int(k) for k in order], [float(s) for s in size])
        members = game.shape.member_nodes
        np.testing.assert_allclose(found.belief[0, members], np.asarray(expected)[members], atol=1e-12)
        scale = np.ones((1, game.shape.num_players))
        verdict = certify(game.shape, game.numbers.take(np.arange(1)), found, scale)
        assert verdict.witness_distance[0] < 1e-6
        assert verdict.belief_residual[0] < 1e-10


def test_sets_that_chance_rules_out_have_no_belief():
    tree = TreeBuilder("A")
    ends = {"l": tree.terminal(0.0), "r": tree.terminal(1.0)}
    never = tree.chance({"x": (0.5, tree.decision("A", "set", ends)), "y": (0.5, tree.decision("A", "set", ends))})
    game = tree.build(tree.chance({"no": (0.0, never), "yes": (1.0, tree.terminal(2.0))}))
    found = assess_trembles(game.shape, game.numbers.chance, np.array([[0.5, 0.5]]), [1, 1])
    assert np.isnan(found.belief[0, game.shape.members[0]]).all()


def test_a_played_action_is_no_mistake():
    tree = TreeBuilder("A")
    game = tree.build(tree.decision("A", "set", {"l": tree.terminal(0.0), "r": tree.terminal(1.0)}))
    found = assess_trembles(game.shape, game.numbers.chance, np.array([[0.0, 1.0]]), [0, 3])
    assert found.witness is not None
    last = found.witness.log_strategy[-1, 0]
    assert last[1] == 0
    assert last[0] < -20
