"""Repeated names read well, and what stands in the file once is shown once."""

from __future__ import annotations

import pytest

from detente import cases
from detente.case import load
from detente.report.assumptions import _facts, moves, term_rows
from detente.report.words import Words, plain

CASE = load(cases.path("standoff"))
WORDS = Words({"RUS": "Russia", "USA": "United States", "DEU": "Germany"})


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("move.2", "move in round 2"),
        ("vote.2.DEU", "vote of Germany in round 2"),
        ("previous.move", "move in the round before"),
        ("previous.vote.DEU", "vote of Germany in the round before"),
        ("RUS.aim", "Russia's aim"),
    ],
)
def test_a_variable_says_its_round(name: str, said: str) -> None:
    assert WORDS.variable(name) == said


def test_a_term_says_its_round() -> None:
    assert plain("buildup_cost.3") == "buildup cost in round 3"
    assert plain("buildup_cost") == "buildup cost"


def test_what_was_seen_of_a_round_is_said_together() -> None:
    seen = [("RUS.aim", "seize"), ("move.1", "build_up"), ("sequel.1", "none"), ("move.2", "none"), ("join", "none")]
    said = "Russia's aim is “seize”, join is “none”; in round 1 move is “build up”; in round 2 nothing happened"
    assert WORDS.situation(seen) == said


def test_the_block_is_shown_once() -> None:
    shown = [item.heading for item in moves(CASE)]
    assert shown == [
        "3 rounds of standoff",
        "Russia: move",
        "United States: initiative",
        "United States: answer",
        "Russia: sequel",
    ]
    assert "patience times as much" in moves(CASE)[0].details[2]


def test_a_term_of_every_round_is_one_row() -> None:
    rows = [(row[1], row[4]) for row in term_rows(CASE)]
    assert len(rows) == len(CASE.rounds.terms) + 1 if CASE.rounds is not None else False
    assert ("Buildup", "in every round, discounted by patience, if move == buildup") in rows
    assert ("Precedent", "count_rounds(answer == talks) >= 2") in rows


def test_a_rule_for_all_rounds_is_one_fact() -> None:
    facts = _facts(CASE.posture("reward_once"), {}, CASE, Words.of(CASE))
    assert facts == (
        "Bound at “initiative” in every round to “wait”.",
        "Bound at “answer” in round 1 to “talks”.",
        "Bound at “answer” in rounds 2 and 3 to “refuse”.",
    )
