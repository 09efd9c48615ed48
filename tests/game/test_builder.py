import numpy as np
import pytest

from detente.errors import RequestError
from detente.game import CHANCE, DECISION, NO_PARENT, TERMINAL, TreeBuilder
from game.known_games import entry_deterrence, two_types
from game.random_games import random_game


def test_a_small_game_is_laid_out_breadth_first():
    game = entry_deterrence()
    shape = game.shape
    assert shape.players == ("entrant", "incumbent")
    assert shape.parent.tolist() == [NO_PARENT, 0, 0, 1, 1]
    assert shape.kind.tolist() == [DECISION, DECISION, TERMINAL, TERMINAL, TERMINAL]
    assert game.edge_label == ("", "in", "out", "fight", "share")
    assert game.numbers.payoff[0].tolist() == [[0, 2], [-1, -1], [1, 1]]
    assert shape.has_perfect_information
    assert [str(label) for label in game.labels] == ["entrant:enter[]", "incumbent:answer[]"]


@pytest.mark.parametrize("seed", range(8))
def test_the_layout_promised_by_the_tree_holds(seed: int):
    game = random_game(np.random.default_rng(seed), num_nodes=70, num_players=3, chance=0.3, merge=0.8)
    shape = game.shape
    assert (shape.parent[1:] < np.arange(1, shape.num_nodes)).all()
    assert (np.diff(shape.depth) >= 0).all()
    assert len(shape.infoset_player) == len(shape.members) == len(game.labels)
    for node in range(shape.num_nodes):
        children = np.arange(shape.first_child[node], shape.first_child[node] + shape.num_children[node])
        assert (shape.parent[children] == node).all()
        if shape.kind[node] == DECISION:
            infoset = shape.infoset[node]
            start, stop = shape.action_start[infoset], shape.action_start[infoset + 1]
            assert shape.edge[children].tolist() == list(range(start, stop))
        if shape.kind[node] == CHANCE:
            start = shape.chance_start[node]
            assert shape.edge[children].tolist() == list(range(start, start + len(children)))
            assert game.numbers.chance[0, shape.edge[children]].sum() == pytest.approx(1.0)
    assert shape.terminal[shape.terminal_nodes].tolist() == list(range(shape.num_terminals))
    assert game.numbers.payoff.shape == (1, shape.num_terminals, 3)
    assert game.numbers.chance.shape == (1, shape.num_chance_edges)


@pytest.mark.parametrize("seed", range(4))
def test_groupings_of_nodes_agree_with_each_other(seed: int):
    shape = random_game(np.random.default_rng(seed), num_nodes=60, num_players=2, merge=0.9).shape
    np.testing.assert_array_equal(np.concatenate(shape.members), shape.member_nodes)
    np.testing.assert_array_equal(shape.member_start, np.cumsum([0, *map(len, shape.members)])[:-1])
    for action in range(shape.num_actions):
        stop = [*shape.action_node_start.tolist(), len(shape.action_nodes)][action + 1]
        nodes = shape.action_nodes[shape.action_node_start[action] : stop]
        assert (shape.edge[nodes] == action).all()
        assert shape.parent[nodes].tolist() == shape.members[shape.action_infoset[action]].tolist()
    levels = [list(range(level.start, level.stop)) for level in shape.levels[1:]]
    assert [list(range(f.children.start, f.children.stop)) for f in shape.families] == levels


def test_numbers_may_differ_between_draws():
    tree = TreeBuilder("1")
    prior = np.array([0.25, 0.5, 0.75])
    ends = tree.chance({"x": (prior, tree.terminal(1.0)), "y": (1 - prior, tree.terminal(np.array([5.0, 6.0, 7.0])))})
    game = tree.build(tree.decision("1", "only", {"go": ends, "stop": tree.terminal(0.0, outcome="end")}))
    assert game.numbers.num_draws == 3
    assert game.numbers.payoff[:, :, 0].tolist() == [[0, 1, 5], [0, 1, 6], [0, 1, 7]]
    assert game.numbers.chance.tolist() == [[0.25, 0.75], [0.5, 0.5], [0.75, 0.25]]
    assert game.outcome == ("end", "", "")


def test_profiles_are_written_by_name():
    game = two_types()
    strategy = game.profile(
        {"strong": "beer", "weak": {"beer": 0.25, "quiche": 0.75}, "beer": "leave", "quiche": "duel"}
    )
    assert strategy[0, game.action("weak", "quiche")] == 0.75
    assert strategy.sum() == game.shape.num_infosets


def test_an_unnamed_set_in_a_profile_is_refused():
    with pytest.raises(RequestError, match="says nothing about information sets"):
        entry_deterrence().profile({"enter": "in"})


def test_an_unknown_action_is_refused_with_the_known_ones():
    with pytest.raises(RequestError, match=r"no action 'run'; its actions are \['in', 'out'\]"):
        entry_deterrence().action("enter", "run")


def test_an_unknown_set_is_refused():
    with pytest.raises(RequestError, match="no information set is named 'exit'"):
        entry_deterrence().infoset("exit")


def test_one_set_has_one_mover_and_one_list_of_actions():
    tree = TreeBuilder("1", "2")
    tree.decision("1", "x", {"a": tree.terminal(0, 0), "b": tree.terminal(0, 0)})
    with pytest.raises(RequestError, match=r"'x' is 1's with actions \['a', 'b'\]"):
        tree.decision("2", "x", {"a": tree.terminal(0, 0), "b": tree.terminal(0, 0)})


def test_payoffs_are_one_per_player():
    with pytest.raises(RequestError, match="1 payoffs for 2 players"):
        TreeBuilder("1", "2").terminal(0.0)


def test_an_unknown_player_is_refused():
    tree = TreeBuilder("1")
    with pytest.raises(RequestError, match="no player is named '2'"):
        tree.decision("2", "x", {"a": tree.terminal(0.0)})


def test_odds_that_do_not_sum_to_one_are_refused():
    tree = TreeBuilder("1")
    with pytest.raises(RequestError, match="do not sum to one"):
        tree.chance({"a": (0.5, tree.terminal(0.0)), "b": (0.4, tree.terminal(1.0))})


def test_sets_keep_their_names_after_a_refused_one():
    """A decision that was refused takes no number."""
    tree = TreeBuilder("A", "B")
    with pytest.raises(RequestError):
        tree.decision("A", "refused", {})
    after = tree.decision("B", "second", {"l": tree.terminal(0, 1), "r": tree.terminal(1, 0)})
    game = tree.build(tree.decision("A", "first", {"go": after, "stop": tree.terminal(2, 2)}))
    assert [label.decision for label in game.labels] == ["first", "second"]
    assert game.shape.infoset.tolist() == [0, 1, -1, -1, -1]


def test_many_sets_are_numbered_as_they_are_met():
    tree = TreeBuilder("A", "B")
    node = tree.terminal(0.0, 0.0)
    for move in range(900):
        node = tree.decision("AB"[move % 2], f"move {move}", {"stop": tree.terminal(move, -move), "go": node})
    game = tree.build(node)
    assert [label.decision for label in game.labels] == [f"move {move}" for move in reversed(range(900))]
    np.testing.assert_array_equal(game.shape.infoset[game.shape.infoset >= 0], np.arange(900))
