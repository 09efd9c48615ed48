"""Games on the edge of what is legal end certified or say where they got to; nothing raises, budgets are kept."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from detente.errors import RequestError
from detente.game import GameNumbers, certify
from detente.solvers import (
    Budget,
    LogitSettings,
    Solves,
    Status,
    continue_support,
    optimal_disclosure,
    optimal_disclosure_three,
    other_equilibria,
    solve_backward,
    solve_certified,
    solve_logit,
)
from detente.solvers.restart import BRANCH_TREMBLES, WAYS
from game.known_games import entry_deterrence, selten_horse, two_types
from game.random_games import random_game
from solvers.stress_games import LARGE, SMALL, changed, unit_range, with_long_chain
from solvers.test_disclosure import deterrence

HONEST = ("uneven payoffs",)  # differences of 1e-8 of the range: ties to any solver, so a few may stay open


@pytest.mark.parametrize("name", SMALL)
def test_degenerate_games_are_certified(name: str):
    settled = total = 0
    for seed in range(25):
        game = SMALL[name](np.random.default_rng(seed))
        answer = solve_certified(game.shape, game.numbers, unit_range(game.numbers), threads=1)
        again = certify(game.shape, game.numbers, answer.solution.assessment, unit_range(game.numbers))
        assert again.kinds == answer.certificate.kinds
        settled += int(answer.certificate.certified.sum())
        total += len(answer.way)
        for draw in np.flatnonzero(~answer.certificate.certified):
            assert "Not certified" in answer.sentence(draw)
            assert answer.restarts[draw] > 0
    assert settled >= total - (2 if name in HONEST else 0)


@pytest.mark.parametrize("name", LARGE)
def test_wide_and_long_trees_are_certified(name: str):
    game = LARGE[name](np.random.default_rng(0))
    answer = solve_certified(game.shape, game.numbers, unit_range(game.numbers))
    assert answer.certificate.certified.all(), answer.sentence()
    assert answer.certificate.regret.max() <= 1e-8


@pytest.mark.parametrize("unit", [1e-9, 1e-4, 1e9])
@pytest.mark.parametrize("shift", [0.0, -3.0, 1e5])
def test_units_and_levels_of_payoffs_change_nothing(unit: float, shift: float):
    for seed in range(5):
        game = random_game(np.random.default_rng(seed), num_nodes=40, draws=3)
        plain = solve_certified(game.shape, game.numbers, unit_range(game.numbers))
        moved = changed(game, (game.numbers.payoff + shift) * unit)
        other = solve_certified(moved.shape, moved.numbers, unit_range(moved.numbers))
        assert other.certificate.certified.all()
        np.testing.assert_allclose(
            other.solution.assessment.strategy, plain.solution.assessment.strategy, atol=1e-6 if shift == 1e5 else 1e-8
        )


def test_numbers_that_are_not_finite_are_named_and_spare_the_others():
    game = random_game(np.random.default_rng(1), num_nodes=30, draws=5)
    payoff, chance = game.numbers.payoff.copy(), game.numbers.chance.copy()
    payoff[0, 0, 0], payoff[1, -1, -1] = np.nan, np.inf
    scale = unit_range(GameNumbers(np.nan_to_num(payoff, posinf=0.0), chance))
    scale[2, 0] = np.nan
    answer = solve_certified(game.shape, GameNumbers(payoff, chance), scale)
    assert answer.solution.status[:3].tolist() == [Status.not_finite] * 3
    assert answer.certificate.certified.tolist() == [False, False, False, True, True]
    assert answer.sentence(0) == Status.not_finite.sentence
    assert answer.restarts[:3].tolist() == [0, 0, 0]


def test_a_draw_out_of_steps_is_restarted_with_more():
    game = random_game(np.random.default_rng(7), num_nodes=60, draws=4)
    hasty = LogitSettings(max_steps=3, attempts=1)
    scale = unit_range(game.numbers)
    first = solve_logit(game.shape, game.numbers, scale, settings=hasty)
    assert (first.status == Status.max_steps).any()
    answer = solve_certified(game.shape, game.numbers, scale, settings=hasty)
    usual = solve_logit(game.shape, game.numbers, scale)
    assert answer.certificate.certified.all()
    assert answer.principal.all()
    np.testing.assert_allclose(answer.solution.assessment.strategy, usual.assessment.strategy, atol=1e-7)
    late = int(np.flatnonzero(first.status == Status.max_steps)[0])
    assert answer.way[late] == "more steps"
    assert "after 1 restart" in answer.sentence(late)


def test_without_restarts_it_says_how_far_it_came():
    game = random_game(np.random.default_rng(7), num_nodes=60, draws=4)
    hasty = LogitSettings(max_steps=3, attempts=1)
    answer = solve_certified(game.shape, game.numbers, unit_range(game.numbers), settings=hasty, restarts=0)
    late = int(np.flatnonzero(~answer.certificate.certified)[0])
    said = answer.sentence(late)
    assert f"precision {answer.solution.precision[late]:.3g}" in said
    assert f"regret of {answer.certificate.regret[late]:.1e}" in said
    assert 1e-8 < answer.certificate.regret[late] < 1


def test_progress_is_that_of_the_whole_batch():
    game = random_game(np.random.default_rng(7), num_nodes=60, draws=40)
    hasty = LogitSettings(max_steps=3, attempts=1)
    told: list[tuple[int, int]] = []
    budget = Budget(progress=lambda done, total: told.append((done, total)))
    answer = solve_certified(game.shape, game.numbers, unit_range(game.numbers), settings=hasty, stop=budget, threads=1)
    assert answer.restarts.max() > 0
    assert {total for _, total in told} == {40}
    assert told[-1][0] == 40 - int(np.count_nonzero(~answer.certificate.certified))


def test_another_start_is_never_called_the_principal_branch(monkeypatch: pytest.MonkeyPatch):
    """With every other way barred, an answer from elsewhere is certified and says where it is from."""
    from detente.solvers import restart

    kept = {"other start": restart._ATTEMPTS["other start"]}
    monkeypatch.setattr(restart, "_ATTEMPTS", kept)
    game = two_types(0.25)
    hasty = LogitSettings(max_steps=3, attempts=1)
    answer = solve_certified(game.shape, game.numbers, unit_range(game.numbers), settings=hasty)
    assert answer.certificate.certified.all()
    assert answer.way == ("other start",)
    assert not answer.principal.any()
    assert WAYS["other start"] in answer.sentence()


def test_the_last_of_the_smaller_mistakes_is_the_precision_of_used_actions():
    from detente.solvers.kernel_polish import USED_PRECISION

    assert BRANCH_TREMBLES[-1] == USED_PRECISION
    assert (np.diff(BRANCH_TREMBLES) > 0).all()


def test_a_spent_budget_leaves_the_rest_out_of_time():
    game = random_game(np.random.default_rng(3), num_nodes=30, draws=64)
    budget = Budget(1e-9)
    time.sleep(0.001)
    scale = unit_range(game.numbers)
    answer = solve_certified(game.shape, game.numbers, scale, stop=budget)
    assert (answer.solution.status == Status.out_of_time).all()
    assert answer.sentence() == Status.out_of_time.sentence
    assert budget.left == 0.0

    start = solve_logit(game.shape, game.numbers, scale).assessment
    carried = continue_support(game.shape, game.numbers, scale, start, time_budget=1e-9)
    assert (carried.status == Status.out_of_time).all()
    found = other_equilibria(game.shape, game.numbers.take(slice(0, 1)), scale[:1], time_budget=1e-9)
    assert (found.status, found.starts, len(found.hits)) == (Status.out_of_time, 0, 0)
    open_game = entry_deterrence()
    backward = solve_backward(open_game.shape, open_game.numbers, time_budget=1e-9)
    assert backward.statuses() == {"out_of_time": 1}
    assert np.isnan(backward.assessment.strategy).all()


def test_disclosure_ended_early_is_not_called_settled():
    prior, ones, spread = np.array([[0.3, 0.7], [0.5, 0.5]]), np.ones((2, 2)), np.full(2, 2.0)
    late = optimal_disclosure(deterrence(0.613, 2.0, 0.7), prior, ones, spread, time_budget=1e-9)
    assert [answer.status for answer in late] == [Status.out_of_time] * 2
    assert not any(answer.settled for answer in late)
    told: list[tuple[int, int]] = []
    budget = Budget(progress=lambda done, total: told.append((done, total)))
    done = optimal_disclosure(deterrence(0.613, 2.0, 0.7), prior, ones, spread, stop=budget)
    assert [answer.status for answer in done] == [Status.converged] * 2
    assert all(answer.settled for answer in done)
    assert told[-1] == (2, 2)
    assert all(early.value <= full.value + 1e-9 for early, full in zip(late, done, strict=True))


def test_disclosure_of_three_types_ended_early_is_not_called_settled():
    class Even:
        """The owner likes it best when the others are least sure."""

        def solve(self, rows, beliefs, near):
            value = np.round(8 * beliefs.min(axis=1))
            yes = np.ones(len(rows), dtype=np.bool_)
            handle = np.arange(len(rows), dtype=np.int32)
            return Solves(np.repeat(value[:, None], 3, axis=1), handle, handle, yes, yes)

        def leaves(self, rows, handles, behind, start, end):
            return np.full(len(rows), np.nan), np.zeros(len(rows), dtype=np.bool_)

    prior, ones, spread = np.array([[0.2, 0.3, 0.5]]), np.ones((1, 3)), np.ones(1)
    (late,) = optimal_disclosure_three(Even(), prior, ones, spread, time_budget=1e-9)
    (full,) = optimal_disclosure_three(Even(), prior, ones, spread)
    assert (late.status, full.status) == (Status.out_of_time, Status.converged)
    assert full.settled
    assert late.value <= full.value + 1e-9


def test_stopping_keeps_what_is_done_and_tells_the_progress():
    game = random_game(np.random.default_rng(3), num_nodes=30, draws=40)
    scale = unit_range(game.numbers)
    start = solve_logit(game.shape, game.numbers, scale).assessment
    told: list[tuple[int, int]] = []
    budget = Budget(stop=lambda: len(told) >= 2, progress=lambda done, total: told.append((done, total)))
    carried = continue_support(game.shape, game.numbers, scale, start, threads=1, stop=budget)
    assert told == [(16, 40), (32, 40)]
    assert carried.statuses() == {"converged": 32, "cancelled": 8}
    assert budget.reason == Status.cancelled


def test_a_budget_inside_a_budget_keeps_the_reason():
    outer = Budget(1e-9)
    time.sleep(0.001)
    inner = Budget.of(60.0, outer)
    assert inner()
    assert inner.reason == Status.out_of_time
    assert Budget.of(None, outer) is outer
    with pytest.raises(RequestError, match="positive number of seconds"):
        Budget(0.0)


def test_the_flag_for_kernels_is_raised_from_another_thread():
    asked: list[bool] = []
    with Budget(stop=lambda: bool(asked)).watching() as flag:
        assert flag[0] == 0
        asked.append(True)
        end = time.monotonic() + 20
        while not flag[0] and time.monotonic() < end:
            time.sleep(0.005)
        assert flag[0] == 1
    with Budget().watching() as flag:
        time.sleep(0.01)
        assert flag[0] == 0


def test_one_time_budget_covers_the_restarts():
    game = with_long_chain(np.random.default_rng(1), length=60)
    many = replace(game, numbers=game.numbers.take(np.zeros(200, dtype=np.int32)))
    begin = time.monotonic()
    answer = solve_certified(many.shape, many.numbers, unit_range(many.numbers), time_budget=0.3)
    assert time.monotonic() - begin < 30
    assert set(answer.solution.statuses()) <= {"converged", "out_of_time", "max_steps"}


def test_known_games_need_no_restart():
    for game in (entry_deterrence(), selten_horse(), two_types(0.9), two_types(1.0)):
        answer = solve_certified(game.shape, game.numbers, unit_range(game.numbers))
        assert answer.way == ("branch",)
        assert answer.restarts.tolist() == [0]
        assert answer.sentence().startswith("Certified (")
