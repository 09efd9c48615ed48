import numpy as np
import pytest

from detente.game import TreeBuilder, best_response_values, expected_payoffs
from game.brute_force import SlowGame
from game.random_games import random_game, random_profile


@pytest.mark.parametrize("seed", range(12))
def test_best_response_agrees_with_every_pure_strategy(seed: int):
    rng = np.random.default_rng(seed)
    game = random_game(rng, num_nodes=24, num_players=2 + seed % 2, merge=0.7, draws=3)
    strategy = random_profile(rng, game.shape, 3, zeros=0.3)
    values = best_response_values(game.shape, game.numbers, strategy)
    for draw in range(3):
        slow = SlowGame(game, draw)
        for player in range(game.shape.num_players):
            if slow.num_pure(player) <= 300:
                expected = slow.best_response(player, strategy[draw].tolist())
                assert values[draw, player] == pytest.approx(expected, abs=1e-12)


def test_best_response_is_never_below_the_profile():
    rng = np.random.default_rng(3)
    game = random_game(rng, num_nodes=300, num_players=3, merge=0.8, draws=6)
    strategy = random_profile(rng, game.shape, 6, zeros=0.2)
    gain = best_response_values(game.shape, game.numbers, strategy) - expected_payoffs(
        game.shape, game.numbers, strategy
    )
    assert gain.min() > -1e-12


def test_own_strategy_plays_no_part_in_own_best_response():
    rng = np.random.default_rng(4)
    game = random_game(rng, num_nodes=100, num_players=2, merge=0.8)
    one, other = random_profile(rng, game.shape, 1, zeros=0.4), random_profile(rng, game.shape, 1, zeros=0.4)
    own = game.shape.infoset_player[game.shape.action_infoset] == 0
    mixed = np.where(own, other, one)
    assert best_response_values(game.shape, game.numbers, one)[0, 0] == pytest.approx(
        best_response_values(game.shape, game.numbers, mixed)[0, 0], abs=1e-13
    )


def test_a_deep_chain_agrees_with_backward_recursion():
    """Hundreds of stages: the player stops or goes on, chance and another player in between."""
    rng = np.random.default_rng(8)
    tree = TreeBuilder("A", "B")
    node, best, last = tree.terminal(0.5, 0.0), 0.5, 600
    go = rng.uniform(0.2, 1.0, last)
    for move in reversed(range(last)):
        stop, out = rng.uniform(0, 1, 2)
        if move % 2:
            node = tree.decision("A", f"a{move}", {"stop": tree.terminal(stop, 0.0), "go": node})
            best = max(stop, best)
        else:
            hold = tree.decision("B", f"b{move}", {"out": tree.terminal(out, 0.0), "go": node})
            node = tree.chance({"end": (0.25, tree.terminal(stop, 0.0)), "on": (0.75, hold)})
            best = 0.25 * stop + 0.75 * ((1 - go[move]) * out + go[move] * best)
    game = tree.build(node)
    profile = {f"a{k}": "stop" for k in range(1, last, 2)}
    profile |= {f"b{k}": {"out": 1 - go[k], "go": go[k]} for k in range(0, last, 2)}
    values = best_response_values(game.shape, game.numbers, game.profile(profile))
    assert values[0, 0] == pytest.approx(best, abs=1e-12)
