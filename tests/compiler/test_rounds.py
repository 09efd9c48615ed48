"""A case in rounds is the game that somebody would write out by hand, discounted exactly."""

from __future__ import annotations

import itertools
import re
import time
from dataclasses import fields

import numpy as np
import pytest

from compiler.rounds_text import HAND, ROUNDS
from detente.case import Case, loads
from detente.compiler import CompiledPosture, compile_posture, compile_warnings
from detente.errors import SizeError

SHORT = loads(ROUNDS)
LONG = loads(HAND)


def in_order(case: Case, theta: dict[str, float]) -> np.ndarray:
    """Parameter values in the order of a case; the entries of `toll` have names of their own by hand."""
    names = [name.replace("toll[", "toll_").replace("]", "") for name in case.parameter_names]
    return np.array([[theta[name] for name in names]])


@pytest.fixture(scope="module")
def worlds() -> list[dict[str, float]]:
    random = np.random.default_rng(3)
    names = [name.replace("toll[", "toll_").replace("]", "") for name in SHORT.parameter_names]
    return [dict(zip(names, random.uniform(0.1, 0.9, len(names)), strict=True)) for _ in range(5)]


def pair(posture: str) -> tuple[CompiledPosture, CompiledPosture]:
    return compile_posture(SHORT, posture), compile_posture(LONG, posture)


@pytest.mark.parametrize("posture", SHORT.posture_names)
def test_tree_is_the_one_written_out_by_hand(posture):
    short, long = pair(posture)
    for item in fields(short.shape):
        left, right = getattr(short.shape, item.name), getattr(long.shape, item.name)
        if isinstance(left, np.ndarray) and item.name not in ("payoff_class", "chance_class"):
            np.testing.assert_array_equal(left, right, err_msg=item.name)
    said = [re.sub(r"\.(\d)", r"\1", str(item)) for item in short.infoset_labels]
    assert said == [str(item) for item in long.infoset_labels]


@pytest.mark.parametrize("posture", SHORT.posture_names)
def test_numbers_are_those_written_out_by_hand(posture, worlds):
    short, long = pair(posture)
    for theta in worlds:
        one, two = short.numbers(in_order(SHORT, theta)), long.numbers(in_order(LONG, theta))
        np.testing.assert_allclose(one.payoff, two.payoff, atol=1e-14)
        np.testing.assert_array_equal(one.chance, two.chance)


@pytest.mark.parametrize("posture", SHORT.posture_names)
def test_outcomes_are_those_written_out_by_hand(posture):
    short, long = pair(posture)
    np.testing.assert_array_equal(short.outcome_at, long.outcome_at)


def test_repeated_names_and_rounds_that_differ_give_no_warning():
    """Nothing is warned of that happens in some round, such as an option that round 1 offers under a condition."""
    compiled = [compile_posture(SHORT, name) for name in SHORT.posture_names]
    assert [item.code for item in compile_warnings(SHORT, compiled)] == []


BLOCK = """
case: replay
title: For replay
actors:
  A: One
  B: Two
parameters:
  delta:
    value: 0.8
    range: [0.1, 1.0]
  a:
    value: 0.3
    range: [0.1, 0.9]
  b:
    value: 0.7
    range: [0.1, 0.9]
  c:
    value: 0.4
    range: [0.1, 0.9]
timeline:
  - rounds: NUMBER
    discount: delta
    carry: [y]
    block:
      - decision: x
        by: A
        options: [go, stop, quit]
        ends: quit
      - decision: y
        by: B
        options: [up, down]
        when: x == go
payoffs:
  A:
    - term: flow
      paid: per_round
      when: x != stop
      value: a
    - term: echo
      paid: per_round
      when: y == up
      value: b if previous.y == up else c
    - term: late
      paid: per_round
      when: round >= 2 and x == quit
      value: -b * round
  B:
    - term: still
      paid: per_round
      value: c
    - term: ends
      paid: final
      when: last.y == up
      value: a
"""


def replay(number: int, theta: dict[str, float]) -> dict[tuple[str, ...], tuple[float, float]]:
    """Every course of the game and its payoffs, by playing all sequences of moves."""
    found: dict[tuple[str, ...], tuple[float, float]] = {}
    for moves in itertools.product([("go", "up"), ("go", "down"), ("stop",), ("quit",)], repeat=number):
        course: list[str] = []
        one = two = 0.0
        before = last = None
        for turn, move in enumerate(moves):
            weight = theta["delta"] ** turn
            course.extend(move)
            answer = move[1] if len(move) > 1 else None
            one += weight * theta["a"] * (move[0] != "stop")
            if answer == "up":
                one += weight * (theta["b"] if before == "up" else theta["c"])
            two += weight * theta["c"]
            last = answer or last
            before = answer
            if move[0] == "quit":
                one -= weight * theta["b"] * (turn + 1) * (turn > 0)
                break
        found[tuple(course)] = (one, two + theta["a"] * (last == "up"))
    return found


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_every_course_pays_what_replay_says(number):
    case = loads(BLOCK.replace("NUMBER", str(number)))
    compiled = compile_posture(case, case.status_quo)
    random = np.random.default_rng(number)
    values = random.uniform(0.1, 1.0, (3, len(case.parameters)))
    payoff = compiled.numbers(values).payoff
    for draw, row in enumerate(values):
        expected = replay(number, dict(zip(case.parameter_names, row, strict=True)))
        courses = [tuple(label for label in history.values() if label is not None) for history in compiled.histories]
        assert sorted(courses) == sorted(expected)
        np.testing.assert_allclose(payoff[draw], [expected[course] for course in courses], atol=1e-12)


def test_too_many_rounds_are_refused_with_an_estimate_before_they_are_built():
    case = loads(BLOCK.replace("NUMBER", "12"))
    start = time.process_time()
    with pytest.raises(SizeError) as caught:
        compile_posture(case, case.status_quo)
    assert time.process_time() - start < 5.0
    (found,) = caught.value.diagnostics
    assert found.code == "C306"
    assert "fewer rounds" in found.hint
    told = int(re.findall(r"about ([\d,]+) nodes", found.message)[0].replace(",", ""))
    true = sum(3**turn * 6 for turn in range(12)) + 1  # a round adds 3 moves, 2 answers after one of them
    assert 0.5 * true < told < 2 * true
