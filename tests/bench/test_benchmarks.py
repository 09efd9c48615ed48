"""The benchmark games are what they are said to be, and the benchmark reports what it should."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from benchmarks import measure, sizes
from benchmarks.batch import common_scale
from benchmarks.crisis import ANSWERS, MOVES, CrisisDraws, crisis_game, draw_crises, end_payoffs
from benchmarks.families import FAMILIES, SIZES, ranges
from benchmarks.peer import run_peer

from detente.game import certify, terminal_probability
from detente.solvers import solve_backward, solve_logit

ROOT = Path(__file__).parents[2]
REFERENCE = Path(os.environ.get("DETENTE_REFERENCE_BENCH", ROOT.parent / "shared/reference/bench")) / "crisis109.py"
R_TYPES, U_TYPES = ("ready", "opportunist"), ("resolved", "weak")


def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("crisis109", REFERENCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_crisis_has_the_size_it_is_known_by():
    shape = crisis_game(draw_crises(3, seed=0)).shape
    assert (shape.num_nodes, shape.num_terminals, shape.num_infosets) == (109, 72, 18)
    for types in (1, 3, 5):
        shape = crisis_game(draw_crises(1, seed=0, types=types)).shape
        assert (shape.num_nodes, shape.num_infosets) == (1 + 27 * types**2, 9 * types)


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference game is not at hand")
def test_payoffs_are_those_of_the_reference_game():
    other, rng = reference(), random.Random(3)
    for _ in range(5):
        drawn = other.draw(rng)
        ours = CrisisDraws(
            prior_r=np.array([[drawn["p"], 1 - drawn["p"]]]),
            prior_u=np.array([[drawn["q"], 1 - drawn["q"]]]),
            cost_r=np.array([[drawn["cost_r"][name] for name in R_TYPES]]),
            cost_u=np.array([[drawn["cost_u"][name] for name in U_TYPES]]),
            settle=np.array([drawn["settle"]]),
        )
        for r, r_type in enumerate(R_TYPES):
            for u, u_type in enumerate(U_TYPES):
                for built in (False, True):
                    for a, answer in enumerate(ANSWERS):
                        for m, move in enumerate(MOVES):
                            found = [float(x[0]) for x in end_payoffs(ours, (r, u), built, answer, move)]
                            theirs = other.payoffs(drawn, r_type, u_type, built, a, m)
                            assert found == pytest.approx(theirs, abs=1e-12)


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference game is not at hand")
def test_the_reference_game_has_the_same_equilibrium():
    """The file's own text, solved here, ends where our builder's game does."""
    from detente.exchange import read_game

    other = reference()
    drawn = other.draw(random.Random(5))
    theirs = read_game(other.efg(drawn), "crisis109.efg").game
    chance = theirs.numbers.chance[0]
    ours = crisis_game(
        CrisisDraws(
            prior_r=np.array([[chance[0] + chance[1], chance[2] + chance[3]]]),
            prior_u=np.array([[chance[0] + chance[2], chance[1] + chance[3]]]),
            cost_r=np.array([[drawn["cost_r"][name] for name in R_TYPES]]),
            cost_u=np.array([[drawn["cost_u"][name] for name in U_TYPES]]),
            settle=np.array([drawn["settle"]]),
        )
    )
    first = solve_logit(theirs.shape, theirs.numbers, common_scale(theirs))
    second = solve_logit(ours.shape, ours.numbers, common_scale(ours))
    payoffs = [
        terminal_probability(game.shape, game.numbers.chance, found.assessment.strategy)[0] @ game.numbers.payoff[0]
        for game, found in ((theirs, first), (ours, second))
    ]
    np.testing.assert_allclose(payoffs[0], payoffs[1], atol=1e-3)  # the file's payoffs have four digits


@pytest.mark.parametrize("family", FAMILIES)
def test_families_grow_and_their_smallest_members_are_certified(family: str):
    sizes = [FAMILIES[family](size, 1, 0).shape.num_nodes for size in SIZES[family][:3]]
    assert sizes == sorted(sizes)
    assert sizes[0] >= 100
    game = FAMILIES[family](SIZES[family][0], 4, 1)
    scale = ranges(game.numbers.payoff)
    solution = solve_logit(game.shape, game.numbers, scale)
    assert certify(game.shape, game.numbers, solution.assessment, scale).certified.all()
    if game.shape.has_perfect_information:
        exact = solve_backward(game.shape, game.numbers).assessment.strategy
        np.testing.assert_allclose(solution.assessment.strategy, exact, atol=1e-9)


def test_draws_do_not_depend_on_how_many_there_are_in_a_family():
    game = crisis_game(draw_crises(6, seed=2))
    assert game.numbers.chance.min() > 0
    np.testing.assert_allclose(game.numbers.chance.sum(axis=1), 1.0, atol=1e-15)
    np.testing.assert_array_equal(game.numbers.payoff, crisis_game(draw_crises(6, seed=2)).numbers.payoff)


def test_the_peer_is_timed_or_said_to_be_missing(monkeypatch: pytest.MonkeyPatch):
    game = FAMILIES["perfect information, N deep"](2, 1, 0)
    assert run_peer(game, [0], 0.0).why in ("no time left", "pygambit is not installed")
    monkeypatch.setitem(sys.modules, "pygambit", None)
    missing = run_peer(game, [0], 30.0)
    assert (missing.why, missing.games_per_s) == ("pygambit is not installed", None)


def test_the_peer_answers_in_our_numbering():
    pytest.importorskip("pygambit")
    game = FAMILIES["perfect information, N deep"](2, 2, 0)
    peer = run_peer(game, [0, 1], 60.0)
    assert peer.games == 2
    assert peer.seconds is not None
    exact = solve_backward(game.shape, game.numbers).assessment.strategy
    for draw, profile in enumerate(peer.profiles):
        assert profile is not None
        np.testing.assert_allclose(profile, exact[draw], atol=1e-4)


def test_a_child_that_fails_or_takes_too_long_says_so():
    assert "failed" in measure.child("benchmarks.sizes", "no such family", "2", "5", limit=60.0)
    assert measure.child("benchmarks.sizes", "no such family", "2", "5", limit=0.01) == {"failed": "not done in 0 s"}


def test_tables_and_the_machine():
    shown = measure.table(("name", "rate"), [("a", 1234.5), ("b", None)])
    assert shown.splitlines() == ["| name | rate |", "| --- | --: |", "| a | 1,234 |", "| b |  |"]
    assert "Python" in measure.machine()
    assert measure.Spread.of([3.0, 1.0, 2.0]) == measure.Spread(2.0, 1.0, 3.0)


def test_kept_results_have_the_keys_readers_rely_on():
    path = ROOT / "benchmarks" / "results.json"
    if not path.exists():
        pytest.skip("`make bench` has not been run here")
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert {"machine", "commit", "logit_batch"} <= set(kept)
    wanted = {"games_per_s", "pygambit_games_per_s", "ratio", "max_regret", "certified_share", "compile_s", "peak_mb"}
    assert wanted <= set(kept["logit_batch"])
    assert all({"family", "size"} <= set(row) for row in kept.get("tree_size", []))


def test_a_row_of_sizes_says_what_was_measured():
    row = sizes.measure("standoff, N rounds", 3, 3.0)
    assert (row["nodes"], row["system"], row["unknowns"]) == (101, "dense", 20)
    assert sum(row["statuses"].values()) == row["draws"] > 1
    assert row["games_per_s"] > 0
    assert len(sizes._cells({"family": "x", "size": 1, **row})) == 15
    assert len(sizes._cells({"family": "x", "size": 1, "failed": "no time left"})) == 15


def test_a_row_that_ran_out_of_time_says_so():
    row = sizes.measure("standoff, N rounds", 8, 1.0)
    assert (row["system"], row["draws"], row["games_per_s"]) == ("sparse", 1, 0.0)
    assert "out_of_time" in sizes._cells({"family": "x", "size": 8, **row})[8]
