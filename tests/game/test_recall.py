import numpy as np
import pytest

from detente.errors import RequestError
from detente.game import TreeBuilder, TreeShape, check_perfect_recall, forgetful_sets
from game.random_games import random_game


def _forgetful() -> TreeShape:
    """One player who moves twice and cannot tell what it did first."""
    tree = TreeBuilder("driver")
    second = {"left": tree.terminal(0.0), "right": tree.terminal(1.0)}
    after_left = tree.decision("driver", "after left", second)
    after_right = tree.decision("driver", "after right", second)
    shape = tree.build(tree.decision("driver", "first", {"left": after_left, "right": after_right})).shape
    return TreeShape(
        players=shape.players,
        parent=shape.parent,
        kind=shape.kind,
        first_child=shape.first_child,
        num_children=shape.num_children,
        infoset=np.array([0, 1, 1, -1, -1, -1, -1], dtype=np.int32),
        edge=np.array([-1, 0, 1, 2, 3, 2, 3], dtype=np.int32),
        terminal=shape.terminal,
        infoset_player=np.array([0, 0], dtype=np.int32),
        action_start=np.array([0, 2, 4], dtype=np.int32),
        chance_start=shape.chance_start,
    )


def test_forgetting_is_refused_by_name():
    with pytest.raises(RequestError, match="driver forgets at information set second"):
        check_perfect_recall(_forgetful(), ["first", "second"])


def test_forgetting_is_refused_by_number_without_names():
    with pytest.raises(RequestError, match="information set 1:"):
        check_perfect_recall(_forgetful())


def test_absent_mindedness_is_forgetting():
    tree = TreeBuilder("driver")
    exits = {"exit": tree.terminal(0.0), "on": tree.terminal(1.0)}
    first = tree.decision(
        "driver", "junction", {"exit": tree.terminal(2.0), "on": tree.decision("driver", "junction", exits)}
    )
    with pytest.raises(RequestError, match="driver forgets at information set junction"):
        tree.build(first)


@pytest.mark.parametrize("seed", range(10))
def test_players_of_random_games_remember(seed: int):
    game = random_game(np.random.default_rng(seed), num_nodes=60, num_players=3, merge=1.0)
    assert forgetful_sets(game.shape) == ()
    check_perfect_recall(game.shape)
