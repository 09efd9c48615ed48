"""The end of the logit branch: certified everywhere, independent of how the batch is cut, and the right branch."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detente.game import (
    BuiltGame,
    GameNumbers,
    TreeBuilder,
    certify,
    certify_qre,
    expected_payoffs,
    terminal_probability,
)
from detente.solvers import LogitSettings, Status, solve_logit, solve_qre
from game.gambit_games import from_gambit, gambit_profile
from game.known_games import entry_deterrence, selten_horse, two_types
from game.random_games import payoff_range, random_game

REFERENCE = Path(os.environ.get("DETENTE_REFERENCE_MODELS", Path(__file__).parents[3] / "shared/reference/models"))
SMALL_STEPS = LogitSettings(reach=0.005, longest=0.1, first_try=1e3, max_steps=30_000)


def games(first: int, count: int, draws: int = 4) -> list[BuiltGame]:
    found = []
    for seed in range(first, first + count):
        rng = np.random.default_rng(seed)
        size, players = int(rng.integers(10, 70)), int(rng.integers(2, 4))
        found.append(random_game(rng, num_nodes=size, num_players=players, draws=draws))
    return [game for game in found if game.shape.num_infosets]


def solved(game: BuiltGame, **options):
    return solve_logit(game.shape, game.numbers, payoff_range(game.numbers), **options)


def endings(game: BuiltGame, solution) -> np.ndarray:
    return terminal_probability(game.shape, game.numbers.chance, solution.assessment.strategy)


@pytest.mark.parametrize("first", range(0, 100, 25))
def test_random_games_end_in_witnessed_sequential_equilibria(first: int):
    for game in games(first, 25):
        certificate = certify(game.shape, game.numbers, solved(game).assessment, payoff_range(game.numbers))
        assert certificate.certified.all(), (certificate.kinds, certificate.regret)
        assert certificate.regret.max() <= 1e-8
        assert certificate.belief_residual.max() <= 1e-10


def test_small_steps_follow_the_same_branch():
    different = total = 0
    for game in games(200, 40):
        apart = np.abs(endings(game, solved(game)) - endings(game, solved(game, settings=SMALL_STEPS))).max(axis=1)
        different += int((apart > 1e-6).sum())
        total += len(apart)
    assert different <= total // 100


def test_answer_does_not_depend_on_blocks_threads_or_company():
    game = games(7, 1, draws=23)[0]
    whole = solved(game, threads=2).assessment.strategy
    one = solved(game, threads=1, settings=LogitSettings(block=5)).assessment.strategy
    alone = solve_logit(game.shape, game.numbers.take(slice(9, 10)), payoff_range(game.numbers)[9:10])
    np.testing.assert_array_equal(whole, one)
    np.testing.assert_array_equal(whole[9:10], alone.assessment.strategy)


def test_scaling_one_players_payoffs_changes_nothing():
    for game in games(40, 10):
        factor = np.array([250.0, 0.02, 3.0][: game.shape.num_players])
        scaled = replace(game, numbers=GameNumbers(game.numbers.payoff * factor + factor, game.numbers.chance))
        np.testing.assert_allclose(endings(game, solved(game)), endings(scaled, solved(scaled)), atol=1e-7)


def test_incredible_threat_is_not_played_off_the_path():
    game = entry_deterrence()
    strategy = solved(game).assessment.strategy[0]
    assert strategy[game.action("enter", "in")] == pytest.approx(1.0)
    assert strategy[game.action("answer", "share")] == pytest.approx(1.0)


def test_seltens_horse_ends_in_its_sequential_equilibrium():
    game = selten_horse()
    strategy = solved(game).assessment.strategy[0]
    assert strategy[game.action("first", "across")] == pytest.approx(1.0)
    assert strategy[game.action("second", "across")] == pytest.approx(1.0)


def test_semi_separating_equilibrium_has_its_closed_form():
    """Beer and quiche with a weak majority: the strong drink beer, the weak mix so that the receiver is indifferent."""
    game = two_types(prior=0.2)
    strategy = solved(game).assessment.strategy[0]
    assert strategy[game.action("strong", "beer")] == pytest.approx(1.0, abs=1e-7)
    assert strategy[game.action("weak", "beer")] == pytest.approx(0.25, abs=1e-7)
    assert strategy[game.action("beer", "duel")] == pytest.approx(0.5, abs=1e-7)


def test_mixed_equilibrium_of_matching_pennies():
    tree = TreeBuilder("row", "column")

    def reply(heads: float, tails: float):
        options = {"heads": tree.terminal(heads, -heads), "tails": tree.terminal(tails, -tails)}
        return tree.decision("column", "reply", options)

    game = tree.build(tree.decision("row", "move", {"heads": reply(3.0, -1.0), "tails": reply(-1.0, 1.0)}))
    strategy = solved(game).assessment.strategy[0]
    assert strategy[game.action("move", "heads")] == pytest.approx(1 / 3, abs=1e-8)
    assert strategy[game.action("reply", "heads")] == pytest.approx(1 / 3, abs=1e-8)


def test_precision_zero_is_uniform_and_finite_precision_is_a_quantal_response():
    for game in games(60, 10):
        uniform = solve_qre(game.shape, game.numbers, 1e-12).assessment.strategy[0]
        widths = np.diff(game.shape.action_start)
        np.testing.assert_allclose(uniform, np.repeat(1.0 / widths, widths), atol=1e-9)
        for lam in (0.5, 4.0, 30.0):
            solution = solve_qre(game.shape, game.numbers, lam)
            assert (solution.status == Status.converged).all()
            precision = np.full((game.numbers.num_draws, game.shape.num_players), lam)
            logs = solution.assessment.witness.log_strategy[-1]
            gap = certify_qre(game.shape, game.numbers, solution.assessment.strategy, logs, precision)
            assert gap.max() <= 1e-8


def test_one_choice_has_the_logit_formula():
    tree = TreeBuilder("mover")
    game = tree.build(tree.decision("mover", "choose", {"a": tree.terminal(1.0), "b": tree.terminal(0.2)}))
    strategy = solve_qre(game.shape, game.numbers, 2.5).assessment.strategy[0]
    assert strategy[0] == pytest.approx(1 / (1 + np.exp(-2.5 * 0.8)), abs=1e-12)


def test_a_bad_draw_is_named_and_spares_the_others():
    game = games(3, 1, draws=4)[0]
    payoff = game.numbers.payoff.copy()
    payoff[1, 0, 0] = np.nan
    solution = solve_logit(game.shape, GameNumbers(payoff, game.numbers.chance), payoff_range(game.numbers))
    assert solution.status.tolist() == [Status.converged, Status.not_finite, Status.converged, Status.converged]
    assert Status(int(solution.status[1])).sentence.endswith(".")
    np.testing.assert_array_equal(solution.assessment.strategy[2], solved(game).assessment.strategy[2])


def test_stopping_leaves_draws_cancelled():
    game = games(3, 1, draws=40)[0]
    calls = []
    solution = solved(game, threads=1, settings=LogitSettings(block=8), stop=lambda: calls.append(0) or len(calls) > 2)
    assert solution.statuses() == {"converged": 16, "cancelled": 24}


def test_chance_moves_of_probability_zero_leave_certified_beliefs():
    game = two_types(prior=1.0)
    certificate = certify(game.shape, game.numbers, solved(game).assessment, payoff_range(game.numbers))
    assert certificate.certified.all()


def test_exact_ties_are_settled():
    tree = TreeBuilder("a", "b")
    leaf = tree.terminal(1.0, 1.0)
    inner = tree.decision("b", "second", {"x": leaf, "y": leaf})
    game = tree.build(tree.decision("a", "first", {"left": inner, "right": leaf}))
    solution = solved(game)
    np.testing.assert_allclose(solution.assessment.strategy, 0.5)
    assert (solution.status == Status.converged).all()


@pytest.mark.skipif(not (REFERENCE / "efg").is_dir(), reason="the reference games are not at hand")
def test_published_games_are_certified():
    gambit = pytest.importorskip("pygambit")
    for path in sorted((REFERENCE / "efg").glob("*.efg")):
        game = from_gambit(gambit.read_efg(str(path)))
        certificate = certify(game.shape, game.numbers, solved(game).assessment, payoff_range(game.numbers))
        assert certificate.certified.all(), path.name


def test_gambit_agrees_about_regret_and_payoffs():
    gambit = pytest.importorskip("pygambit")
    for game in games(300, 15, draws=1):
        strategy = solved(game).assessment.strategy
        profile = gambit_profile(gambit, game, strategy)
        scale = float(payoff_range(game.numbers).max())
        assert float(profile.agent_max_regret()) <= 1e-7 * scale
        ours = expected_payoffs(game.shape, game.numbers, strategy)[0]
        theirs = [float(profile.payoff(player)) for player in profile.game.players]
        np.testing.assert_allclose(ours, theirs, atol=1e-7 * scale)


def test_the_end_is_where_gambits_branch_ends():
    gambit = pytest.importorskip("pygambit")
    for game in (two_types(0.25), two_types(0.875), entry_deterrence()):
        scale = float(payoff_range(game.numbers).max())
        unit = solve_logit(game.shape, game.numbers, np.full((1, game.shape.num_players), scale))
        theirs = gambit.nash.logit_solve(gambit_profile(gambit, game, unit.assessment.strategy).game, maxregret=1e-6)
        ours = expected_payoffs(game.shape, game.numbers, unit.assessment.strategy)[0]
        found = theirs.equilibria[0]
        np.testing.assert_allclose(ours, [float(found.payoff(p)) for p in found.game.players], atol=1e-4 * scale)
