"""Every solver on every small game, in a batch and one by one, on one thread and on two: the same certified answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from detente.game import Assessment, BuiltGame, certify, certify_qre
from detente.solvers import (
    LogitSettings,
    Status,
    all_equilibria,
    continue_support,
    other_equilibria,
    solve_backward,
    solve_backward_exact,
    solve_certified,
    solve_logit,
    solve_qre,
)
from game.known_games import entry_deterrence, selten_horse, twin_tremble, two_types
from game.random_games import random_game
from solvers.stress_games import SMALL, unit_range

LAM = 5.0


@dataclass(frozen=True)
class Answer:
    """What a solver says about every draw; rows follow the draws, except for solvers that answer with a list."""

    assessment: Assessment
    status: np.ndarray


Solver = Callable[[BuiltGame, np.ndarray, int], Answer]


def by_logit(game: BuiltGame, scale: np.ndarray, threads: int) -> Answer:
    found = solve_logit(game.shape, game.numbers, scale, threads=threads, settings=LogitSettings(block=2))
    return Answer(found.assessment, found.status)


def by_certified(game: BuiltGame, scale: np.ndarray, threads: int) -> Answer:
    found = solve_certified(game.shape, game.numbers, scale, threads=threads, settings=LogitSettings(block=2)).solution
    return Answer(found.assessment, found.status)


def by_qre(game: BuiltGame, scale: np.ndarray, threads: int) -> Answer:
    found = solve_qre(game.shape, game.numbers, LAM, threads=threads, settings=LogitSettings(block=2))
    return Answer(found.assessment, found.status)


def by_backward(game: BuiltGame, scale: np.ndarray, threads: int) -> Answer:
    found = solve_backward(game.shape, game.numbers)
    return Answer(found.assessment, found.status)


def by_continuation(game: BuiltGame, scale: np.ndarray, threads: int) -> Answer:
    start = solve_certified(game.shape, game.numbers, scale, threads=threads).solution.assessment
    found = continue_support(game.shape, game.numbers, scale, start, threads=threads)
    return Answer(found.assessment, found.status)


SOLVERS: dict[str, Solver] = {
    "logit": by_logit,
    "certified": by_certified,
    "qre": by_qre,
    "backward": by_backward,
    "continuation": by_continuation,
}


def repeated(game: BuiltGame, draws: int, seed: int) -> BuiltGame:
    """A game of one draw as several with payoffs moved a little."""
    noise = np.random.default_rng(seed).uniform(-0.05, 0.05, (draws, *game.numbers.payoff.shape[1:]))
    numbers = game.numbers.take(np.zeros(draws, dtype=np.int32))
    return replace(game, numbers=replace(numbers, payoff=numbers.payoff + noise))


def small_games() -> dict[str, BuiltGame]:
    games = {
        "entry deterrence": repeated(entry_deterrence(), 5, 1),
        "Selten's horse": repeated(selten_horse(), 5, 2),
        "beer and quiche": repeated(two_types(0.9), 5, 3),
        "beer and quiche, weak majority": repeated(two_types(0.2), 5, 4),
        "twin tremble": repeated(twin_tremble(), 5, 5),
    }
    for seed in range(12):
        rng = np.random.default_rng(100 + seed)
        game = random_game(rng, num_nodes=16 + 3 * seed, num_players=1 + seed % 4, merge=0.15 * (seed % 6), draws=5)
        games[f"random {seed}"] = game
    games["open tree"] = random_game(np.random.default_rng(0), num_nodes=40, num_players=3, merge=0.0, draws=5)
    for name in SMALL:
        games[name] = SMALL[name](np.random.default_rng(9))
    return games


GAMES = small_games()


def suits(solver: str, game: BuiltGame) -> bool:
    if solver == "backward":
        return game.shape.has_perfect_information
    return True


PAIRS = [(solver, name) for solver in SOLVERS for name, game in GAMES.items() if suits(solver, game)]


def check_probabilities(game: BuiltGame, answer: Answer) -> None:
    strategy = answer.assessment.strategy
    assert (strategy >= 0).all()
    if game.shape.num_infosets:
        sums = np.add.reduceat(strategy, game.shape.action_start[:-1], axis=1)
        np.testing.assert_allclose(sums, 1.0, atol=1e-12)


def check_certificate(solver: str, game: BuiltGame, answer: Answer) -> None:
    if solver == "qre":
        witness = answer.assessment.witness
        assert witness is not None
        precision = np.full((game.numbers.num_draws, game.shape.num_players), LAM)
        logs = witness.log_strategy[-1]
        spread = max(1.0, LAM * float(np.ptp(game.numbers.payoff, axis=1).max(initial=0.0)))
        gap = certify_qre(game.shape, game.numbers, answer.assessment.strategy, logs, precision)
        assert gap.max() <= 1e-8 * spread
        return
    certificate = certify(game.shape, game.numbers, answer.assessment, unit_range(game.numbers))
    assert certificate.certified.all(), (certificate.kinds, certificate.regret, certificate.witness_distance)
    assert certificate.regret.max(initial=0.0) <= 1e-8
    assert certificate.belief_residual.max(initial=0.0) <= 1e-10


@pytest.mark.parametrize(("solver", "name"), PAIRS)
def test_every_solver_on_every_small_game(solver: str, name: str):
    game, solve = GAMES[name], SOLVERS[solver]
    scale = unit_range(game.numbers)
    whole = solve(game, scale, 1)
    assert (whole.status == Status.converged).all()
    check_probabilities(game, whole)
    check_certificate(solver, game, whole)
    two = solve(game, scale, 2)
    np.testing.assert_array_equal(two.assessment.strategy, whole.assessment.strategy)
    np.testing.assert_array_equal(two.assessment.belief, whole.assessment.belief)
    for draw in range(game.numbers.num_draws):
        alone = replace(game, numbers=game.numbers.take(slice(draw, draw + 1)))
        answer = solve(alone, scale[draw : draw + 1], 1 + draw % 2)
        np.testing.assert_allclose(answer.assessment.strategy[0], whole.assessment.strategy[draw], rtol=0, atol=1e-12)
        np.testing.assert_allclose(answer.assessment.belief[0], whole.assessment.belief[draw], rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", [name for name, game in GAMES.items() if game.shape.num_infosets])
def test_solvers_that_answer_with_a_list_agree_with_themselves(name: str):
    """Other starts: every row certified, the same rows on one thread and two."""
    game = GAMES[name]
    one = game.numbers.take(slice(0, 1))
    scale = unit_range(one)
    first = other_equilibria(game.shape, one, scale, starts=8, threads=1)
    second = other_equilibria(game.shape, one, scale, starts=8, threads=2)
    np.testing.assert_array_equal(first.assessment.strategy, second.assessment.strategy)
    np.testing.assert_array_equal(first.hits, second.hits)
    assert first.status == Status.converged
    assert len(first.hits) >= 1
    rows = np.zeros(len(first.hits), dtype=np.int32)
    listed = replace(game, numbers=one.take(rows))
    check_probabilities(listed, Answer(first.assessment, np.zeros(len(rows))))
    check_certificate("other", listed, Answer(first.assessment, np.zeros(len(rows))))


LISTED = [name for name, game in GAMES.items() if game.shape.num_nodes <= 40]


@pytest.mark.parametrize("name", LISTED)
def test_all_equilibria_are_certified_as_they_say_and_hold_the_branch(name: str):
    """Every row has the certificate it claims, on one thread and two; where the list is complete, ours is in it."""
    game = GAMES[name]
    one = game.numbers.take(slice(0, 1))
    scale = unit_range(one)
    first = all_equilibria(game.shape, one, scale, starts=8, threads=1, effort=0.1)
    second = all_equilibria(game.shape, one, scale, starts=8, threads=2, effort=0.1)
    assert first.status == second.status == Status.converged
    np.testing.assert_array_equal(first.assessment.strategy, second.assessment.strategy)
    listed = replace(game, numbers=one.take(np.zeros(first.found, dtype=np.int32)))
    check_probabilities(listed, Answer(first.assessment, np.zeros(first.found)))
    spread = np.repeat(scale, first.found, axis=0)
    assert certify(game.shape, listed.numbers, first.assessment, spread).kinds == first.kinds
    ours = solve_certified(game.shape, one, scale).solution.assessment.strategy[0]
    if first.complete:
        assert first.component_with(game.shape, one.chance, ours) is not None


OPEN = [name for name, game in GAMES.items() if game.shape.has_perfect_information and game.shape.num_infosets]


@pytest.mark.parametrize("name", OPEN)
def test_backward_induction_in_floats_and_in_fractions_agree(name: str):
    game = GAMES[name]
    for draw in range(game.numbers.num_draws):
        one = game.numbers.take(slice(draw, draw + 1))
        exact = solve_backward_exact(game.shape, numbers=one)
        floats = solve_backward(game.shape, one, tie_tol=0.0)
        np.testing.assert_array_equal(exact.assessment.strategy[0], floats.assessment.strategy[0])
        assert bool(exact.tied) == bool(floats.tied.any())


@pytest.mark.parametrize("name", ["entry deterrence", "open tree"])
def test_exact_and_branch_agree_in_open_games(name: str):
    game = GAMES[name]
    scale = unit_range(game.numbers)
    branch, backward = by_logit(game, scale, 1), by_backward(game, scale, 1)
    np.testing.assert_allclose(branch.assessment.strategy, backward.assessment.strategy, atol=1e-9)


def test_no_draws_are_no_problem():
    game = GAMES["random 3"]
    none = replace(game, numbers=game.numbers.take(slice(0, 0)))
    for solver in ("logit", "certified", "continuation"):
        answer = SOLVERS[solver](none, np.ones((0, game.shape.num_players)), 2)
        assert answer.assessment.strategy.shape == (0, game.shape.num_actions)
        assert len(answer.status) == 0
