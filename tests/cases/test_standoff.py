"""The case in rounds: its size, what its page says, and policies that can be worked out by hand."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from detente import cases
from detente.case import Case, load, loads
from detente.compiler import compile_posture
from detente.study.worlds import Worlds

CASE = load(cases.path("standoff"))
PAGE = (Path(__file__).parents[2] / "docs" / "cases" / "standoff.md").read_text(encoding="utf-8")
ASKED = """
  first_move:
    when: move.1 == buildup
  second_move:
    when: move.2 == buildup
  met:
    when: answer.1 == talks
  met_again:
    when: answer.1 == talks and move.2 == buildup
  taken_back:
    when: sequel.1 == stand_down
  taken_back_again:
    when: sequel.1 == stand_down and move.2 == buildup
"""


def in_rounds(number: int) -> Case:
    """The case with another number of rounds, and outcomes for the questions asked here."""
    text = CASE.text.replace("rounds: 3\n", f"rounds: {number}\n").replace("\noutcomes:", f"\noutcomes:{ASKED}", 1)
    return loads(text, "standoff.case.yaml")


@cache
def solved(number: int, posture: str, **changes: float) -> dict[str, float]:
    """Odds of every outcome, and values as `value USA`; certified or the test fails."""
    case = in_rounds(number)
    theta = case.base_theta()
    for name, value in changes.items():
        theta[case.parameter_index(name)] = value
    worlds = Worlds(case)
    played = worlds.play(case.posture(posture), theta[None], worlds.scale(theta[None]))
    assert played.certified.all()
    found = dict(zip((item.name for item in case.outcomes), played.outcomes()[0], strict=True))
    values = {f"value {id}": float(played.value(i)[0]) for i, id in enumerate(case.actor_ids)}
    return {**{name: float(odds) for name, odds in found.items()}, **values}


def test_one_round_is_small():
    text = CASE.text.partition("claims:\n")[0].replace("rounds: 3\n", "rounds: 1\n")
    once = loads(text + "  unbound:\n    about: nothing is fixed\n")
    assert compile_posture(once, "unbound").size.terminals == 20
    assert "20 endings" in PAGE


@pytest.mark.parametrize(("number", "endings"), [(2, 52), (3, 160), (4, 484)])
def test_two_to_four_rounds_compile(number, endings):
    assert compile_posture(in_rounds(number), "case_by_case").size.terminals == endings
    assert f"{endings} " in PAGE


@pytest.mark.parametrize("number", [2, 3, 4])
def test_case_by_case_a_reward_is_followed_by_a_buildup_and_a_refusal_is_not(number):
    found = solved(number, "case_by_case")
    assert found["met"] > 0.05
    assert found["met_again"] == pytest.approx(found["met"], abs=1e-6)
    assert found["taken_back"] > 0.05
    assert found["taken_back_again"] == pytest.approx(0, abs=1e-6)


def follow(number: int, aim: str, rewards: tuple[bool, ...], theta: dict[str, float]) -> tuple[float, tuple[bool, ...]]:
    """Best course of one Moscow where answers are fixed in advance and no attack can pay: by trying all courses."""
    best: tuple[float, tuple[bool, ...]] = (-np.inf, ())
    for course in range(2**number):
        built = tuple(bool(course >> turn & 1) for turn in range(number))
        worth, met = 0.0, False
        for turn in range(number):
            weight = theta["patience"] ** turn
            talks = built[turn] and rewards[turn]
            if built[turn]:
                worth -= weight * theta["buildup_cost"] * (1 - theta["left_behind"] * met)
            if talks:
                worth += weight * theta[f"summit_worth[{aim}]"] * (1 - theta["staleness"] * met)
            elif built[turn]:
                worth -= weight * theta["climbdown_cost"]
            met = talks
        best = max(best, (worth, built))
    return best


@pytest.mark.parametrize("number", [2, 3, 4])
@pytest.mark.parametrize("staleness", [0.1, 0.45, 0.56, 0.9])
def test_rewarding_as_a_rule_has_the_answer_of_trying_all_courses(number, staleness):
    theta = dict(zip(CASE.parameter_names, CASE.base_theta(), strict=True)) | {"staleness": staleness}
    odds = {"seize": theta["p_seize"], "compel": 1 - theta["p_seize"]}
    every = {aim: follow(number, aim, (True,) * number, theta) for aim in odds}
    found = solved(number, "reward_pressure", staleness=staleness)
    assert found["value RUS"] == pytest.approx(sum(odds[aim] * every[aim][0] for aim in odds), abs=1e-7)
    assert found["second_move"] == pytest.approx(sum(odds[aim] * every[aim][1][1] for aim in odds), abs=1e-6)


def test_page_gives_the_bound_on_staleness():
    worth, cost, kept, patience = (
        CASE.parameter(name).value for name in ("summit_worth[compel]", "buildup_cost", "left_behind", "patience")
    )
    bound = 1 - (cost * (1 - kept) + patience * (worth - cost) / (1 + patience)) / worth
    assert f"x is below {bound:.3f}" in PAGE
    for staleness, again in ((bound - 0.01, 1.0), (bound + 0.01, 0.0)):
        seize = solved(3, "reward_pressure", staleness=staleness)
        assert (seize["second_move"] > 0.5) == bool(again)


def test_page_gives_the_numbers_of_the_base_world():
    rows = re.findall(
        r"^\| `(\w+)` \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| (-?[\d.]+) \| (-?[\d.]+) \|$", PAGE, re.MULTILINE
    )
    assert [row[0] for row in rows] == list(CASE.posture_names)
    for name, *written in rows:
        found = solved(3, name)
        wanted = [found[key] for key in ("first_move", "second_move", "attack", "value USA", "value RUS")]
        assert [float(item) for item in written] == pytest.approx(wanted, abs=5.1e-3)
        assert [float(item) for item in written[3:]] == pytest.approx(wanted[3:], abs=5.1e-4)


@pytest.mark.parametrize(("number", "odds"), [(2, "0.69"), (3, "0.48"), (4, "0.38")])
def test_page_says_how_a_longer_horizon_keeps_the_first_buildup_away(number, odds):
    assert solved(number, "case_by_case")["first_move"] == pytest.approx(float(odds), abs=5.1e-3)
    assert odds in PAGE


def test_nobody_begins_where_washington_is_thought_firm():
    assert solved(3, "case_by_case", p_firm=0.55)["quiet_throughout"] == pytest.approx(1, abs=1e-6)
    assert solved(3, "case_by_case", war_cost=0.38)["quiet_throughout"] == pytest.approx(1, abs=1e-6)
