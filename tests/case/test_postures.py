"""Owners, the status quo, and postures built on postures."""

from __future__ import annotations

import pytest

from detente.case import Case, loads
from detente.errors import CaseError

BASE = """
case: postures
title: Postures
actors:
  A: one
  B: other
parameters:
  p:
    value: 0.5
    range: [0, 1]
types:
  A.kind:
    hard: p
    soft: rest
timeline:
  - decision: first
    by: B
    options: [go, stop]
    seen_by: [A]
  - decision: second
    by: A
    options: [yes, no]
  - decision: third
    by: A
    options: [up, down]
payoffs:
  A:
    - term: t
      when: second == yes
      value: p
  B:
    - term: t
      when: first == go
      value: 1
"""


def case_with(postures: str, top: str = "owner: A\n") -> Case:
    return loads(top + BASE + postures)


def codes(postures: str, top: str = "owner: A\n") -> list[str]:
    with pytest.raises(CaseError) as caught:
        case_with(postures, top)
    return [item.code for item in caught.value.diagnostics if item.severity == "error"]


def test_a_case_without_postures_has_a_status_quo_that_changes_nothing():
    case = case_with("")
    assert [item.name for item in case.postures] == ["status_quo"]
    assert case.status_quo.commit == case.status_quo.disclose == {}
    assert not case.status_quo.needs_search


def test_without_an_owner_the_first_actor_owns_an_empty_posture():
    assert loads(BASE).owner == "A"


def test_the_owner_can_be_named_by_the_postures():
    postures = "postures:\n  s:\n    status_quo: true\n    owner: B\n"
    assert case_with(postures, top="").owner == "B"
    assert codes("postures:\n  s:\n    status_quo: true\n", top="") == ["C004"]
    assert codes(postures) == ["C410"]


def test_a_posture_may_be_empty():
    case = case_with("postures:\n  s:\n    status_quo: true\n  nothing_new:\n")
    assert case.posture("nothing_new").commit == {}


def test_postures_extend_one_another_in_any_order():
    case = case_with(
        """
postures:
  c:
    extends: [b]
    set:
      p: 1
  b:
    extends: [a]
    commit:
      third: up
  a:
    status_quo: true
    commit:
      second: yes
"""
    )
    assert set(case.posture("c").commit) == {"second", "third"}
    assert case.posture("c").status_quo is False
    assert [item.name for item in case.postures] == ["c", "b", "a"]


def test_a_diamond_is_no_conflict():
    case = case_with(
        """
postures:
  a:
    status_quo: true
    commit:
      second: yes
  b:
    extends: a
  c:
    extends: a
  d:
    extends: [b, c]
    commit:
      second: yes
"""
    )
    assert set(case.posture("d").commit) == {"second"}


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("commit: {second: yes}", "commit: {second: no}"),
        ("commit: {second: yes}", "commit: {second: optimal}"),
        ("disclose: {A.kind: all}", "disclose: {A.kind: none}"),
        ("set: {p: 1}", "set: {p: 0}"),
        ("allow: {second: [yes]}", "allow: {second: [no]}"),
    ],
)
def test_conflicting_edits(one: str, two: str):
    quo = "postures:\n  q:\n    status_quo: true\n"
    assert codes(f"{quo}  a:\n    {one}\n  b:\n    {two}\n  c:\n    extends: [a, b]\n") == ["C407"]
    assert codes(f"{quo}  a:\n    {one}\n  c:\n    extends: a\n    {two}\n") == ["C407"]


def test_edits_contradict_after_merging_only():
    postures = """
postures:
  a:
    status_quo: true
    commit:
      second: yes
  b:
    allow:
      second: [no]
  c:
    extends: [a, b]
"""
    assert codes(postures) == ["C409"]


def test_a_rule_may_rest_on_what_the_owner_has_seen():
    rule = """
postures:
  a:
    status_quo: true
    commit:
      second:
        by: [A.kind, first]
        table:
          hard: {go: yes, stop: no}
          soft: {go: no, stop: no}
"""
    case = case_with(rule)
    assert set(case.status_quo.commit["second"].table) == {
        ("hard", "go"), ("hard", "stop"), ("soft", "go"), ("soft", "stop"),
    }  # fmt: skip
    hidden = rule.replace("    commit:", "    disclose:\n      first: none\n    commit:")
    assert codes(hidden) == ["C404"]


def test_a_rule_may_not_rest_on_a_later_move():
    assert codes(
        """
postures:
  a:
    status_quo: true
    commit:
      second:
        by: [third]
        table: {up: yes, down: no}
"""
    ) == ["C034"]
