"""Game files of perfect information are solved in the fractions they are written in."""

from __future__ import annotations

from detente.exchange import read_game
from detente.study import SolveGameSettings, solve_game

CHOICE = """EFG 2 R "thirds" { "1" "2" }

p "" 1 1 "first" { "a" "b" } 0
t "" 1 "" { 1/3, 0 }
p "" 2 1 "second" { "x" "y" } 0
t "" 2 "" { THIRD, 1 }
t "" 3 "" { 0, 1 }
"""
SETTINGS = SolveGameSettings(starts=0, threads=1)


def test_what_floats_cannot_tell_apart_is_told_apart():
    nearly = "333333333333333333333333333334/1000000000000000000000000000000"  # a little more than a third
    answer = solve_game(read_game(CHOICE.replace("THIRD", nearly), "thirds.efg"), SETTINGS)
    assert answer.strategies["first"] == {"a": 0.0, "b": 1.0}
    assert answer.certificate.kind == "backward_induction"


def test_ties_are_counted():
    answer = solve_game(read_game(CHOICE.replace("THIRD", "1/3"), "thirds.efg"), SETTINGS)
    # After x both first moves are best, after y only a is: three in all.
    (note,) = [text for text in answer.notes if "subgame-perfect" in text]
    assert note.startswith("3 subgame-perfect equilibria in pure strategies exist")
    assert "first" in note
    assert "second" in note


def test_one_equilibrium_needs_no_note():
    game = CHOICE.replace("THIRD", "1").replace("{ 0, 1 }", "{ 0, 0 }")
    answer = solve_game(read_game(game, "thirds.efg"), SETTINGS)
    assert answer.values == {"1": 1.0, "2": 1.0}
    assert not [text for text in answer.notes if "subgame-perfect" in text]
