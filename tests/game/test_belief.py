import numpy as np
import pytest

from detente.game import TreeBuilder, bayes_beliefs, beliefs_from_logs, node_log_reach, reach_probability
from game.brute_force import SlowGame
from game.known_games import two_types
from game.random_games import random_game, random_profile


@pytest.mark.parametrize("seed", range(6))
def test_bayes_beliefs_are_reach_over_reach_of_the_set(seed: int):
    rng = np.random.default_rng(seed)
    game = random_game(rng, num_nodes=50, merge=0.9, draws=4)
    strategy = random_profile(rng, game.shape, 4, zeros=0.4)
    belief = bayes_beliefs(game.shape, game.numbers.chance, strategy)
    for draw in range(4):
        slow, play = SlowGame(game, draw), strategy[draw].tolist()
        for members in slow.members:
            reach = np.array([slow.reach(node, play) for node in members])
            if reach.sum() > 0:
                np.testing.assert_allclose(belief[draw, members], reach / reach.sum(), atol=1e-14)
            else:
                assert np.isnan(belief[draw, members]).all()
    elsewhere = game.shape.infoset < 0
    assert (belief[:, elsewhere] == 0).all()


def test_beliefs_survive_probabilities_below_the_smallest_double():
    game = two_types(prior=0.25)
    strategy = np.full((1, game.shape.num_actions), np.log(0.5))
    strategy[0, game.action("strong", "quiche")] = -2000.0
    strategy[0, game.action("weak", "quiche")] = -2000.0 + np.log(3)
    for name in ("strong", "weak"):
        strategy[0, game.action(name, "beer")] = 0.0
    belief = beliefs_from_logs(game.shape, game.numbers.chance, strategy)
    members = game.shape.members[game.infoset("quiche")]
    np.testing.assert_allclose(belief[0, members], [0.1, 0.9], atol=1e-12)
    assert reach_probability(game.shape, game.numbers.chance, np.exp(strategy))[0, members].max() == 0
    assert node_log_reach(game.shape, game.numbers.chance, strategy)[0, members[0]] == pytest.approx(
        np.log(0.25) - 2000
    )


def test_a_node_behind_an_impossible_chance_move_has_no_belief():
    game = two_types(prior=1.0)
    rng = np.random.default_rng(0)
    belief = beliefs_from_logs(game.shape, game.numbers.chance, np.log(random_profile(rng, game.shape)))
    for name in ("beer", "quiche"):
        np.testing.assert_array_equal(belief[0, game.shape.members[game.infoset(name)]], [1.0, 0.0])
    weak = game.shape.members[game.infoset("weak")]
    np.testing.assert_array_equal(belief[0, weak], [1.0])


def test_equally_impossible_nodes_are_weighed_by_what_players_do():
    tree = TreeBuilder("1", "2")

    def branch():
        guess = {"x": tree.terminal(0, 1), "y": tree.terminal(1, 0)}
        return tree.decision("1", "move", {"a": tree.decision("2", "guess", guess), "b": tree.terminal(0, 0)})

    never = tree.chance({"p": (0.0, branch()), "q": (0.0, branch()), "r": (1.0, tree.terminal(0, 0))})
    game = tree.build(never)
    belief = beliefs_from_logs(game.shape, game.numbers.chance, np.log(np.full((1, 4), 0.5)))
    np.testing.assert_allclose(belief[0, game.shape.members[game.infoset("guess")]], [0.5, 0.5])
    bayes = bayes_beliefs(game.shape, game.numbers.chance, np.full((1, 4), 0.5))
    assert np.isnan(bayes[0, game.shape.members[game.infoset("guess")]]).all()


@pytest.mark.parametrize("seed", range(5))
def test_beliefs_of_trembles_converge_to_the_limit_of_leading_terms(seed: int):
    rng = np.random.default_rng(seed)
    game = random_game(rng, num_nodes=50, merge=0.9, chance=0.3)
    order = rng.integers(0, 3, game.shape.num_actions)
    size = rng.uniform(0.2, 1, game.shape.num_actions)
    limit = np.array(SlowGame(game).limit_beliefs(order.tolist(), size.tolist()))
    gaps = [
        np.abs(beliefs_from_logs(game.shape, game.numbers.chance, (np.log(size) - k * order)[None])[0] - limit).max()
        for k in (5.0, 10.0, 40.0)
    ]
    assert gaps[0] >= gaps[1] >= gaps[2]
    assert gaps[2] < 1e-12
