"""Subgames and incredible threats, against their definitions."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from detente.game import TERMINAL, Assessment, BuiltGame, check_refinements, subgame_roots
from detente.solvers import solve_backward
from game.brute_force import SlowGame
from game.known_games import entry_deterrence, selten_horse, two_types
from game.random_games import payoff_range, random_game, random_profile


def beliefs_spread(game: BuiltGame) -> np.ndarray:
    """Every node of a set as likely as the others."""
    belief = np.zeros((1, game.shape.num_nodes))
    for members in game.shape.members:
        belief[0, members] = 1 / len(members)
    return belief


def below(slow: SlowGame, node: int) -> set[int]:
    found = {node}
    for child in slow.children[node]:
        found |= below(slow, child)
    return found


def slow_roots(slow: SlowGame) -> list[int]:
    found = []
    for node, kind in enumerate(slow.kind):
        inside = below(slow, node)
        whole = all(set(nodes) <= inside or not set(nodes) & inside for nodes in slow.members)
        if kind != TERMINAL and whole:
            found.append(node)
    return found


def slow_gain(slow: SlowGame, root: int, player: int, play: list[float]) -> float:
    """What a player gains at most inside a subgame, over all its pure plans there."""
    inside = below(slow, root)
    own = [i for i, who in enumerate(slow.player) if who == player and set(slow.members[i]) <= inside]
    choices = product(*(slow.actions[i] for i in own))
    best = max(slow.value(root, slow.replaced(play, own, choice), player) for choice in choices)
    return best - slow.value(root, play, player)


@pytest.mark.parametrize("seed", range(12))
def test_roots_are_the_nodes_whose_subtree_cuts_no_set(seed: int):
    rng = np.random.default_rng(seed)
    game = random_game(rng, num_nodes=30, num_players=3, merge=(0.2, 0.5)[seed % 2])
    assert np.flatnonzero(subgame_roots(game.shape)).tolist() == slow_roots(SlowGame(game))


@pytest.mark.parametrize("seed", range(40))
def test_a_profile_passes_exactly_if_nobody_gains_in_any_subgame(seed: int):
    rng = np.random.default_rng(seed)
    game = random_game(rng, num_nodes=14, num_players=2, merge=0.3)
    strategy = random_profile(rng, game.shape, zeros=0.9)
    slow, play = SlowGame(game), strategy[0].tolist()
    scale = payoff_range(game.numbers)
    # Sometimes a profile that should pass: every set in turn made best, last ones first.
    if seed % 2:
        for infoset in sorted(range(game.shape.num_infosets), key=lambda i: -slow.members[i][0]):
            options = {a: slow.replaced(play, [infoset], (a,)) for a in slow.actions[infoset]}
            mover = slow.player[infoset]
            best = max(options, key=lambda a: slow.value(slow.members[infoset][0], options[a], mover))
            play = options[best]
    gains = {
        (root, player): slow_gain(slow, root, player, play) / scale[0, player]
        for root in slow_roots(slow)
        for player in range(2)
    }
    assessment = Assessment(np.array([play]), beliefs_spread(game))
    check = check_refinements(game.shape, game.numbers, assessment, scale, game.labels).subgame_perfect
    assert check.applies
    assert check.passed == (max(gains.values()) < 1e-7)
    for flaw in check.where:
        assert gains[flaw.root, game.shape.players.index(flaw.player)] > 1e-7
        assert flaw.gain > 1e-7


def test_backward_induction_passes():
    passed = 0
    for seed in range(1, 40, 2):
        rng = np.random.default_rng(seed)
        game = random_game(rng, num_nodes=14, num_players=2, merge=0.0)
        assessment = solve_backward(game.shape, game.numbers).assessment
        found = check_refinements(game.shape, game.numbers, assessment, payoff_range(game.numbers))
        passed += found.subgame_perfect.passed is True
    assert passed == 20


def test_the_incredible_threat_is_named():
    game = entry_deterrence()
    strategy = game.profile({"enter": "out", "answer": "fight"})
    found = check_refinements(
        game.shape, game.numbers, Assessment(strategy, beliefs_spread(game)), payoff_range(game.numbers), game.labels
    )
    check = found.subgame_perfect
    assert check.passed is False
    (flaw,) = check.where
    assert (flaw.place, flaw.player, flaw.action, flaw.reached) == ("answer", "incumbent", "fight", False)
    assert flaw.gain == pytest.approx(2 / 3)  # 1 instead of -1, over a range from -1 to 2
    assert "incredible threat" in check.why
    assert found.sequential.passed is False
    assert found.sequential.where[0].place == "answer"


def test_selten_horse_has_no_subgame_but_its_threat_is_not_sequential():
    game = selten_horse()
    strategy = game.profile({"first": "down", "second": "across", "third": "left"})
    belief = beliefs_spread(game)
    third = game.shape.members[game.infoset("third")]
    belief[0, third] = strategy[0, game.action("first", "down")] * (game.shape.parent[third] == 0)
    found = check_refinements(
        game.shape, game.numbers, Assessment(strategy, belief), payoff_range(game.numbers), game.labels
    )
    assert found.subgame_perfect.passed is True
    assert found.sequential.passed is False
    assert found.sequential.where[0].place == "second"
    assert found.sequential.where[0].action == "across"
    assert found.intuitive.passed is None


def test_a_profile_that_is_no_equilibrium_at_all_is_told_where_play_goes_wrong():
    game = entry_deterrence()
    strategy = game.profile({"enter": "out", "answer": "share"})
    found = check_refinements(
        game.shape, game.numbers, Assessment(strategy, beliefs_spread(game)), payoff_range(game.numbers), game.labels
    )
    (flaw,) = found.subgame_perfect.where
    assert (flaw.place, flaw.action, flaw.reached) == ("enter", "out", True)
    assert flaw.gain == pytest.approx(0.5)


def test_a_profile_that_is_not_finite_is_not_judged():
    game = entry_deterrence()
    strategy = np.full((1, game.shape.num_actions), np.nan)
    found = check_refinements(game.shape, game.numbers, Assessment(strategy, beliefs_spread(game)), np.ones((1, 2)))
    assert [check.passed for _, check in found.items()] == [None] * 4


def test_wrong_beliefs_on_the_path_are_told():
    game = two_types(0.9)
    strategy = game.profile({"strong": "beer", "weak": "beer", "beer": "leave", "quiche": "duel"})
    belief = beliefs_spread(game)
    found = check_refinements(
        game.shape, game.numbers, Assessment(strategy, belief), payoff_range(game.numbers), game.labels
    )
    assert found.sequential.passed is False
    assert found.sequential.where[0].place == "beer"
    assert "Bayes" in found.sequential.why
