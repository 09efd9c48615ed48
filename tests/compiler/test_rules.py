"""Every pure rule an owner could publish."""

from __future__ import annotations

import pytest

from compiler.case_text import DETERRENCE, small_case
from detente.compiler import compile_posture, pure_rules
from detente.errors import RequestError

BEST = "best:\n  commit:\n    respond: optimal\n"
TWICE = """
    - decision: first
      by: USA
      options: [a, b, c]
    - decision: answer
      by: RUS
      options: [x, y]
    - decision: second
      by: USA
      options: [u, v]
    """


def test_one_option_per_thing_seen():
    case = small_case(**DETERRENCE, postures=BEST)
    rules = pure_rules(case, "best")
    firm = ("respond", (("USA.resolve", "firm"), ("move", "assault")))
    limited = ("respond", (("USA.resolve", "limited"), ("move", "assault")))
    assert rules == [
        {firm: "severe", limited: "severe"},
        {firm: "severe", limited: "protest"},
        {firm: "protest", limited: "severe"},
        {firm: "protest", limited: "protest"},
    ]


def test_rule_is_followed_without_a_node():
    case = small_case(**DETERRENCE, postures=BEST)
    for rule in pure_rules(case, "best"):
        compiled = compile_posture(case, "best", rule=rule)
        assert [str(label) for label in compiled.infoset_labels] == ["RUS:move[]"]
        assert compiled.open_decisions == ()
        for history in compiled.histories:
            if history["move"] == "assault":
                seen = (("USA.resolve", history["USA.resolve"]), ("move", "assault"))
                assert history["respond"] == rule["respond", seen]


def test_without_a_rule_the_decision_stays_open():
    case = small_case(**DETERRENCE, postures=BEST)
    compiled = compile_posture(case, "best")
    assert compiled.open_decisions == ("respond",)
    assert compiled.size == compile_posture(case, "open").size


def test_what_the_rule_itself_rules_out_is_left_out():
    posture = "best:\n  commit:\n    first: optimal\n    second: optimal\n"
    case = small_case(TWICE, postures=posture)
    rules = pure_rules(case, "best")
    assert len(rules) == 3 * 2**2  # not 3 * 2**6
    assert len({tuple(sorted(rule.items())) for rule in rules}) == 12
    for rule in rules:
        compiled = compile_posture(case, "best", rule=rule)
        assert compiled.size.nodes == 3
        # the rule is known to whoever sees the first move, and is followed there
        assert {history["first"] for history in compiled.histories} == {rule["first", ()]}


def test_rule_holds_under_full_information_too():
    hidden = DETERRENCE["timeline"].replace("options: [assault, hold]\n", "options: [assault, hold]\n  seen_by: none\n")
    case = small_case(**{**DETERRENCE, "timeline": hidden.replace("  ends: [hold]\n", "")}, postures=BEST)
    rules = pure_rules(case, "best")
    assert len(rules) == 4  # USA sees its type, not the move
    compiled = compile_posture(case, "best", rule=rules[1], full_information=True)
    assert {label.decision for label in compiled.infoset_labels} == {"move"}
    answers = {(history["USA.resolve"], history["respond"]) for history in compiled.histories}
    assert answers == {("firm", "severe"), ("limited", "protest")}


def test_too_many_rules():
    posture = "best:\n  commit:\n    first: optimal\n    second: optimal\n"
    with pytest.raises(RequestError, match="posture 'best' has more than 11 pure rules"):
        pure_rules(small_case(TWICE, postures=posture), "best", limit=11)
    assert len(pure_rules(small_case(TWICE, postures=posture), "best", limit=12)) == 12


def test_nothing_to_find():
    assert pure_rules(small_case(**DETERRENCE), "open") == [{}]


def test_rule_of_another_posture_is_refused():
    case = small_case(**DETERRENCE, postures=BEST)
    with pytest.raises(RequestError, match=r"picks no option of 'respond' for when USA has seen USA.resolve = firm"):
        compile_posture(case, "best", rule={})


def test_forced_decision_needs_no_rule():
    timeline = DETERRENCE["timeline"].replace("[severe, protest]", "[severe]")
    parts = {**DETERRENCE, "timeline": timeline, "payoffs": "RUS:\n  - term: a\n    value: gain * cost\n"}
    case = small_case(**parts, postures=BEST)
    assert pure_rules(case, "best") == [{}]
    assert compile_posture(case, "best", rule={}).size.infosets == 1
