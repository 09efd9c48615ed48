"""Degenerate games, many players, budgets: a certified answer or an honest word, never an exception."""

from __future__ import annotations

import time

import numpy as np
import pytest

from detente.errors import RequestError
from detente.game import (
    BACKWARD_INDUCTION,
    NASH,
    SEQUENTIAL,
    GameNumbers,
    TreeBuilder,
    certify,
)
from detente.solvers import Status, all_equilibria
from detente.solvers.support.off_path import complete_off_path
from game.known_games import entry_deterrence, selten_horse, two_types
from game.random_games import payoff_range, random_game
from solvers.support.classic import bimatrix, solved


def test_seltens_horse_lists_both_outcomes_and_calls_itself_a_lower_bound():
    game = selten_horse()
    found = solved(game)
    assert not found.complete
    assert "more than two players" in found.why
    kinds = {tuple(np.round(row, 6)): kind for row, kind in zip(found.payoffs, found.kinds, strict=True)}
    assert kinds[(1.0, 1.0, 1.0)] == SEQUENTIAL
    assert kinds[(3.0, 2.0, 2.0)] == NASH
    assert all(item.dimension is None for item in found.components)


def test_ties_give_every_subgame_perfect_outcome():
    tree = TreeBuilder("proposer", "second", "third")

    def answer(name: str, offer: float):
        return tree.decision(
            "second" if offer < 0.6 else "third",
            name,
            {"yes": tree.terminal(1 - offer, 0, 0), "no": tree.terminal(0, 0, 0)},
        )

    game = tree.build(tree.decision("proposer", "offer", {"low": answer("low", 0.2), "high": answer("high", 0.7)}))
    found = solved(game)
    assert set(found.kinds) >= {BACKWARD_INDUCTION}
    outcomes = {
        round(float(row[0]), 6)
        for row, kind in zip(found.payoffs, found.kinds, strict=True)
        if kind == BACKWARD_INDUCTION
    }
    assert outcomes >= {0.8, 0.3, 0.0}
    assert "every pure subgame-perfect equilibrium was found" in found.why


def test_mixed_equilibria_of_three_players_are_found():
    tree = TreeBuilder("a", "b", "c")

    def third(x: int, y: int):
        # Everybody wants to differ from the next one round: matching pennies in a circle.
        ends = {str(z): tree.terminal(float(x != y), float(y != z), float(z != x)) for z in (0, 1)}
        return tree.decision("c", "third", ends)

    def second(x: int):
        return tree.decision("b", "second", {str(y): third(x, y) for y in (0, 1)})

    game = tree.build(tree.decision("a", "first", {str(x): second(x) for x in (0, 1)}))
    found = solved(game)
    even = np.full(6, 0.5)
    assert np.abs(found.assessment.strategy - even).max(axis=1).min() < 1e-6


@pytest.mark.parametrize("size", [1e-9, 1e9])
def test_units_do_not_matter(size: float):
    plain = solved(bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]]))
    found = solved(bimatrix([[2 * size, 0], [0, size]], [[1, 0], [0, 2]]))
    assert found.complete
    assert found.kinds == plain.kinds
    np.testing.assert_allclose(found.assessment.strategy, plain.assessment.strategy, atol=1e-7)
    np.testing.assert_allclose(found.components[0].payoffs[0] / size, plain.components[0].payoffs[0], atol=1e-7)


def test_games_with_nothing_to_choose():
    tree = TreeBuilder("a", "b")
    chance = tree.build(tree.chance({"x": (0.25, tree.terminal(4, 0)), "y": (0.75, tree.terminal(0, 4))}))
    alone = tree.build(TreeBuilder("a", "b").terminal(1, 2))
    single = bimatrix([[1]], [[2]])
    for game, payoffs in ((chance, [1, 3]), (alone, [1, 2]), (single, [1, 2])):
        found = solved(game)
        assert found.complete
        assert found.found == 1
        np.testing.assert_allclose(found.payoffs[0], payoffs)


def test_a_move_of_chance_that_cannot_happen():
    tree = TreeBuilder("a", "b")

    def side(likely: bool):
        guess = {"x": tree.terminal(0, float(likely)), "y": tree.terminal(1, float(not likely))}
        return tree.decision("b", "guess", guess)

    game = tree.build(tree.chance({"never": (0.0, side(False)), "always": (1.0, side(True))}))
    found = solved(game)
    assert found.complete
    assert found.kinds == (SEQUENTIAL,)
    np.testing.assert_allclose(found.assessment.strategy[0], [1.0, 0.0], atol=1e-9)


def test_numbers_that_are_not_finite_are_refused_in_words():
    game = entry_deterrence()
    payoff = game.numbers.payoff.copy()
    payoff[0, 0, 0] = np.nan
    found = all_equilibria(game.shape, GameNumbers(payoff, game.numbers.chance), np.ones((1, 2)))
    assert found.found == 0
    assert not found.complete
    assert found.status == Status.not_finite
    assert "not a finite number" in found.why


def test_a_range_of_zero_counts_as_one():
    game = bimatrix([[1, 1], [1, 1]], [[1, 0], [0, 1]])
    found = all_equilibria(game.shape, game.numbers, np.array([[0.0, 1.0]]))
    assert found.complete
    assert len(found.components) == 1


def test_a_stop_request_ends_the_search_at_once():
    found = solved(two_types(), stop=lambda: True)
    assert not found.complete
    assert found.status == Status.cancelled
    assert "stopped" in found.why


def test_the_time_budget_is_kept():
    game = random_game(np.random.default_rng(3), num_nodes=260, num_players=2, merge=0.9)
    solved(two_types())  # whatever has to be compiled is compiled now
    start = time.monotonic()
    found = solved(game, time_budget=0.5)
    assert time.monotonic() - start < 20.0  # one linear program or one block of starts may overrun
    assert not found.complete
    assert found.status == Status.out_of_time
    with pytest.raises(RequestError, match="positive"):
        solved(game, time_budget=0.0)


@pytest.mark.parametrize("players", [2, 3])
def test_threads_change_nothing(players: int):
    game = random_game(np.random.default_rng(8), num_nodes=16, num_players=players)
    one, two = solved(game, threads=1, starts=8), solved(game, threads=2, starts=8)
    assert one.kinds == two.kinds
    assert one.why == two.why
    np.testing.assert_allclose(one.assessment.strategy, two.assessment.strategy, atol=1e-9)


def test_less_effort_says_so():
    game = random_game(np.random.default_rng(5), num_nodes=40, num_players=3)
    found = solved(game, starts=4, effort=0.01)
    assert not found.complete
    assert "supports" in found.why


def test_random_games_of_three_players_give_certified_lists():
    for seed in range(4):
        game = random_game(np.random.default_rng(seed), num_nodes=14, num_players=3)
        found = solved(game, starts=8, effort=0.1)
        many = game.numbers.take(np.zeros(found.found, dtype=np.int32))
        assert found.found
        assert certify(game.shape, many, found.assessment, payoff_range(many)).kinds == found.kinds


def test_off_path_play_is_completed_where_it_can_be():
    game = two_types(0.9)
    play = {"strong": "quiche", "weak": "quiche", "quiche": "leave", "beer": "leave"}
    better = complete_off_path(game.shape, game.numbers, payoff_range(game.numbers), game.profile(play)[0])
    assert better is not None
    assert certify(game.shape, game.numbers, better, payoff_range(game.numbers)).kinds == (SEQUENTIAL,)
    assert better.strategy[0, game.action("beer", "duel")] >= 0.5  # what keeps the strong type from beer


def test_off_path_play_is_not_made_up_where_it_is_not_credible():
    game = entry_deterrence()
    threat = game.profile({"enter": "out", "answer": "fight"})[0]
    assert complete_off_path(game.shape, game.numbers, payoff_range(game.numbers), threat) is None
