"""Titles of steps and designs, prices of changes, and what is said when nothing was looked for."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import detente
from detente.case import diagnose, loads
from detente.errors import Diagnostic, RequestError
from detente.report import order_slack, render_settle, settlement_lattice
from detente.report.views_settle import opposite_sentence
from detente.report.words import Words
from detente.study import SettleAnswer, SettleSettings, settle

SWAP = """
case: swap
title: A swap
actors:
  A: Alba
  B: Borea
parameters:
  cost:
    value: 0.3
    range: [0.1, 0.5]
  gain:
    value: 0.6
    range: [0.55, 0.8]
  dear:
    value: 4
    range: [1, 6]
settlement:
  parties: [A, B]
  prices:
    guarantee: dear
    together: 0
  steps:
    oslo:
      title: the truce of Oslo
      says: A stops.
      by: A
      benefit:
        A: -cost
        B: gain
    return_of_port:
      says: B hands over the port.
      by: B
      benefit:
        A: gain
        B: -cost
  designs:
    plain:
      title: without Washington
    halves:
      title: Washington's halves
      split:
        oslo: 2
      after:
        return_of_port: [oslo]
"""


def _findings(folder: Path, text: str) -> list[Diagnostic]:
    file = folder / "swap.case.yaml"
    file.write_text(text, encoding="utf-8")
    return diagnose(file)[1]


@pytest.fixture(scope="module", name="answer")
def _answer() -> SettleAnswer:
    return settle(loads(SWAP), SettleSettings.quick(draws=20))


def test_titles_are_fields_of_the_answer(answer: SettleAnswer):
    made = answer.to_json()
    assert [item["title"] for item in made["designs"]] == ["without Washington", "Washington's halves"]
    assert [item["name"] for item in made["designs"]] == ["plain", "halves"]
    assert made["step_titles"] == {"oslo": "the truce of Oslo"}
    assert made["designs"][1]["changes"] == [
        "return_of_port only after the truce of Oslo",
        "the truce of Oslo in 2 parts",
    ]


def test_titles_are_shown_as_written_and_capitals_only_at_the_start(answer: SettleAnswer):
    text = render_settle(answer, 300)
    assert "“Without Washington” holds in none of the worlds tried" in text
    assert "\nWITHOUT WASHINGTON\n" in text
    assert "• After the truce of Oslo" not in text  # what is left is named where that is shorter
    assert "• With all else done, return of port is blocked: Borea would rather leave, by 0.3." in text
    assert "1. The truce of Oslo, part 1" in text
    assert "• The truce of Oslo (Alba): A stops." in text


def test_changes_are_ranked_by_the_prices_of_the_case(answer: SettleAnswer):
    """A swap at once is free; a guarantee of the 0.3 that the last step costs is 4 a unit, to one party or to both."""
    assert answer.prices == {"guarantee": 4, "peacekeepers": 1, "monitoring": 1, "split": 1, "together": 0}
    found = [(item.kinds, round(item.cost, 12)) for item in answer.designs[0].remedies]
    assert found == [(("together",), 0), (("guarantee",), 1.2), (("guarantee",), 1.2), (("guarantee",), 2.4)]
    assert answer.designs[0].remedies[0].changes == ("the truce of Oslo and return_of_port at the same time",)


def test_without_prices_each_change_costs_one():
    text = SWAP.replace("  prices:\n    guarantee: dear\n    together: 0\n", "")
    found = settle(loads(text), SettleSettings.quick(draws=5))
    assert set(found.prices.values()) == {1}
    assert [item.kinds for item in found.designs[0].remedies][-1] == ("together",)


def test_an_assumed_price_below_zero_is_refused():
    with pytest.raises(RequestError, match="the price of guarantee is -1"):
        detente.settle(loads(SWAP), quick=True, assume={"dear": -1.0})


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ("guarantee: dear", "guarantee: -dear", "C807", "the price of `guarantee` = '-dear' is -4 at base values"),
        ("guarantee: dear", "guarantees: dear", "C003", "unknown key 'guarantees'"),
        ("together: 0", "together: 3", "C225", "the number 3 has no name"),
        ("title: without Washington", "title: [a, b]", "C005", "text is expected here"),
    ],
)
def test_bad_prices_and_titles_are_named_with_their_place(old: str, new: str, code: str, says: str, tmp_path: Path):
    findings = _findings(tmp_path, SWAP.replace(old, new))
    found = [item for item in findings if item.code == code]
    assert [says in item.message for item in found] == [True]
    line = SWAP.replace(old, new).split(new, maxsplit=1)[0].count("\n") + 1
    assert found[0].line == line


def test_an_unknown_key_inside_an_entry_names_the_legal_ones(tmp_path: Path):
    findings = _findings(tmp_path, SWAP.replace("guarantee: dear", "guarantees: dear"))
    hint = next(item.hint for item in findings if item.code == "C003")
    assert hint.startswith("Did you mean 'guarantee'?")


def test_nothing_is_claimed_about_sweeps_that_were_not_made(answer: SettleAnswer):
    unswept = settle(loads(SWAP), SettleSettings.quick(draws=5, sweep_points=0))
    assert not unswept.designs[0].swept
    assert opposite_sentence(unswept.designs[0], Words()) == ""
    assert "No single assumption" not in render_settle(unswept, 200)
    assert answer.designs[0].swept
    said = opposite_sentence(answer.designs[0], Words())
    assert said == (
        "No single assumption changes the verdict inside its range, and none of the worlds tried has the opposite "
        "verdict."
    )


def test_changes_that_flip_the_verdict_together_are_said():
    """The last step is taken if the dividend is worth what it costs: neither moves that far inside its range."""
    text = SWAP.replace("  prices:", "  dividend: prize\n  prices:").replace("range: [0.1, 0.5]", "range: [0.22, 0.4]")
    text = text.replace("  dear:", "  prize:\n    value: 0.2\n    range: [0, 0.28]\n  dear:")
    found = settle(loads(text), SettleSettings.quick(draws=100)).designs[0]
    assert not found.holds_at_base
    assert found.opposite == ()
    values = {item.parameter: item.value for item in found.together}
    assert values.keys() == {"prize", "cost"}
    assert values["prize"] >= values["cost"]
    said = opposite_sentence(found, Words())
    assert said.startswith("No single assumption changes the verdict inside its range. Together, and none of them")
    assert "Prize 0.2" in said
    assert "Cost 0.2" in said


def test_an_interrupted_answer_with_every_world_says_what_is_missing(answer: SettleAnswer):
    text = render_settle(replace(answer, interrupted=True), 300)
    assert "Interrupted: every world asked for was looked at, but what verdicts turn on" in text


def test_a_move_that_nobody_may_leave_before_has_a_dash_for_what_it_has_to_spare():
    text = SWAP.replace("says: A stops.\n      by: A", "says: A stops.\n      by: third")
    found = settle(loads(text), SettleSettings.quick(draws=5))
    said = render_settle(found, 200)
    assert "inf" not in said
    assert "The truce of Oslo" in said
    assert re.search(r"The truce of Oslo +a third party +–\n", said)
    (first, _) = found.to_json()["designs"][0]["slack_by_step"]
    assert first is None or found.designs[0].best_order[0] != ("oslo",)
    for design in found.designs:
        for draw in (order_slack, settlement_lattice):
            chart = draw(found, design)
            assert chart is not None
            assert "Infinity" not in chart.to_json()
