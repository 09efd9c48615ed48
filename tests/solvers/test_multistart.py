"""Other equilibria from other interior points."""

from __future__ import annotations

import numpy as np

from detente.game import TreeBuilder, certify
from detente.solvers import other_equilibria
from detente.solvers.multistart import starting_points
from game.random_games import payoff_range


def coordination():
    tree = TreeBuilder("row", "column")

    def reply(up: float, down: float):
        return tree.decision("column", "reply", {"up": tree.terminal(up, up), "down": tree.terminal(down, down)})

    return tree.build(tree.decision("row", "move", {"up": reply(2.0, 0.0), "down": reply(0.0, 1.0)}))


def test_both_pure_equilibria_of_a_coordination_game_are_found():
    game = coordination()
    found = other_equilibria(game.shape, game.numbers, payoff_range(game.numbers), starts=20)
    payoffs = {round(float(value), 6) for value in found.payoffs[:, 0]}
    assert {1.0, 2.0} <= payoffs
    assert found.hits.sum() == found.certified <= found.starts == 20
    repeated = game.numbers.take(np.zeros(len(found.hits), dtype=np.int32))
    certificate = certify(game.shape, repeated, found.assessment, payoff_range(repeated))
    assert certificate.certified.all()


def test_starting_points_depend_on_the_seed_alone():
    game = coordination()
    first = starting_points(game.shape, 20, seed=4)
    np.testing.assert_array_equal(first, starting_points(game.shape, 20, seed=4))
    assert not np.array_equal(first, starting_points(game.shape, 20, seed=5))
