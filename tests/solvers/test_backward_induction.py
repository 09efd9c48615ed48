import numpy as np
import pytest

from detente.errors import RequestError
from detente.game import BACKWARD_INDUCTION, GameNumbers, TreeBuilder, certify, expected_payoffs
from detente.solvers.backward_induction import solve_backward
from detente.solvers.solution import Status
from game.known_games import entry_deterrence, two_types
from game.random_games import payoff_range, random_game


def test_an_incredible_threat_is_not_made():
    game = entry_deterrence()
    solution = solve_backward(game.shape, game.numbers)
    np.testing.assert_array_equal(solution.assessment.strategy, game.profile({"enter": "in", "answer": "share"}))
    assert not solution.tied.any()
    assert solution.statuses() == {"converged": 1}


@pytest.mark.parametrize("seed", range(6))
def test_every_random_game_of_perfect_information_is_certified(seed: int):
    game = random_game(np.random.default_rng(seed), num_nodes=120, num_players=3, merge=0.0, draws=5)
    solution = solve_backward(game.shape, game.numbers)
    certificate = certify(game.shape, game.numbers, solution.assessment, payoff_range(game.numbers), best_response=True)
    assert certificate.kinds == (BACKWARD_INDUCTION,) * 5
    assert certificate.best_response_gain is not None
    assert np.abs(certificate.best_response_gain).max() < 1e-12


def test_ties_go_to_the_first_action_and_are_reported():
    tree = TreeBuilder("1", "2")
    level = tree.decision("2", "tied", {"a": tree.terminal(0.0, 0.1 + 0.2), "b": tree.terminal(1.0, 0.3)})
    clear = tree.decision("2", "clear", {"a": tree.terminal(0.5, 0.0), "b": tree.terminal(0.5, 1.0)})
    game = tree.build(tree.decision("1", "root", {"left": level, "right": clear}))
    solution = solve_backward(game.shape, game.numbers)
    expected = game.profile({"root": "right", "tied": "a", "clear": "b"})
    np.testing.assert_array_equal(solution.assessment.strategy, expected)
    assert solution.tied[0].tolist() == [game.labels[i].decision == "tied" for i in range(3)]


def test_chance_moves_are_averaged():
    tree = TreeBuilder("1")
    risk = tree.chance(
        {"win": (np.array([0.4, 0.6]), tree.terminal(1.0)), "lose": (np.array([0.6, 0.4]), tree.terminal(0.0))}
    )
    game = tree.build(tree.decision("1", "bet", {"risk": risk, "safe": tree.terminal(0.5)}))
    solution = solve_backward(game.shape, game.numbers)
    assert solution.assessment.strategy.tolist() == [[0, 1], [1, 0]]
    payoffs = expected_payoffs(game.shape, game.numbers, solution.assessment.strategy)
    np.testing.assert_allclose(payoffs[:, 0], [0.5, 0.6])


def test_draws_do_not_touch_one_another(monkeypatch: pytest.MonkeyPatch):
    game = random_game(np.random.default_rng(5), num_nodes=80, num_players=2, merge=0.0, draws=7)
    whole = solve_backward(game.shape, game.numbers)
    monkeypatch.setattr("detente.game.sweep.MAX_CHUNK", 2)
    chunked = solve_backward(game.shape, game.numbers)
    np.testing.assert_array_equal(whole.assessment.strategy, chunked.assessment.strategy)
    alone = solve_backward(game.shape, game.numbers.take(slice(3, 4)))
    np.testing.assert_array_equal(whole.take(slice(3, 4)).assessment.strategy, alone.assessment.strategy)


def test_a_draw_with_a_payoff_that_is_not_finite_is_reported_and_harms_no_other():
    game = entry_deterrence()
    payoff = np.repeat(game.numbers.payoff, 2, axis=0)
    payoff[0, 1, 1] = np.nan
    solution = solve_backward(game.shape, GameNumbers(payoff, np.empty((2, 0))))
    assert [Status(int(code)) for code in solution.status] == [Status.not_finite, Status.converged]
    assert solution.assessment.strategy[1].tolist() == [1, 0, 0, 1]


def test_a_game_with_hidden_moves_is_refused():
    game = two_types()
    with pytest.raises(RequestError, match="2 information sets hold more than one node"):
        solve_backward(game.shape, game.numbers)
