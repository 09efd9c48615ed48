"""Refinements in the answers of `solve`."""

from __future__ import annotations

import json

import detente
from detente.report import render_solve
from detente.report.text_refined import refinement_lines
from detente.solvers import solve_logit
from detente.study import RefinementAnswer, SolveSettings, refined, solve
from game.known_games import two_types
from game.random_games import payoff_range


def test_a_case_tells_its_refinements():
    answer = solve(detente.load("deterrence-101"), settings=SolveSettings(starts=0, threads=1))
    assert [item.name for item in answer.refinements] == ["subgame_perfect", "sequential", "intuitive", "d1"]
    assert [item.passed for item in answer.refinements] == [True, True, None, None]
    text = render_solve(answer, 100)
    assert "REFINEMENTS" in text
    assert "Passes: subgame perfection, sequential equilibrium." in text
    data = json.loads(json.dumps(answer.to_json(), allow_nan=False))
    assert [item["name"] for item in data["refinements"]] == [item.name for item in answer.refinements]


def test_finite_precision_has_none():
    answer = solve(detente.load("deterrence-101"), settings=SolveSettings(starts=0, threads=1, lam=5.0))
    assert answer.refinements == ()


def test_the_branch_of_beer_and_quiche_passes_all():
    game = two_types(0.9)
    scale = payoff_range(game.numbers)
    assessment = solve_logit(game.shape, game.numbers, scale, threads=1).assessment
    found = refined(game.shape, game.numbers, assessment, scale, game.labels)
    assert [item.passed for item in found] == [True] * 4
    assert refinement_lines(found) == [
        "Passes: subgame perfection, sequential equilibrium, intuitive criterion, criterion D1."
    ]


def test_lines_say_what_fails_what_is_open_and_what_is_silent():
    found = (
        RefinementAnswer("subgame_perfect", True, False, "A threat."),
        RefinementAnswer("sequential", True, None, "No mistakes."),
        RefinementAnswer("intuitive", False, None, "Not signaling."),
        RefinementAnswer("d1", False, None, "Not signaling."),
    )
    assert refinement_lines(found) == [
        "Fails: subgame perfection. A threat.",
        "Not judged: sequential equilibrium. No mistakes.",
        "Does not apply: intuitive criterion and criterion D1. Not signaling.",
    ]
    assert refinement_lines(()) == []
