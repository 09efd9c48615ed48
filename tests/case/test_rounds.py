"""Rounds in a case file: names, what passes on, when a term is paid, and conditions on all rounds."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import numpy as np
import pytest

from detente.case import Case, Decision, array_function, diagnose, holds, loads, resolve
from detente.case.expression import Number
from detente.errors import CaseError

TEXT = """\
case: small-rounds
title: Small
owner: USA
actors:
  RUS: Russia
  USA: United States
parameters:
  delta:
    value: 0.5
    range: [0.2, 1.0]
  a:
    value: 3.0
  toll:
    of: move
    value:
      press: 2.0
      wait: 1.0
      none: 7.0
timeline:
  - decision: opening
    by: RUS
    options: [open, close]
    ends: close
  - rounds: 3
    name: crisis
    discount: delta
    carry:
      move: none
      answer: talk
    block:
      - decision: move
        by: RUS
        options: [press, wait]
        when: previous.answer == talk
      - decision: answer
        by: USA
        options: [talk, refuse, leave]
        when: move == press
        ends: leave
  - decision: coda
    by: RUS
    options: [smile, frown]
    when: last.answer == talk
payoffs:
  RUS:
    - term: flow
      paid: per_round
      value: a
    - term: gain
      paid: per_round
      when: answer == talk
      value: a - toll[previous.move]
    - term: end
      paid: final
      when: coda == smile
      value: a
  USA:
    - term: late
      paid: per_round
      when: move == press and round >= 2
      value: -a * round
outcomes:
  some: ever(answer == talk)
  every: always(answer == talk)
  none_refused: always(answer != refuse)
  two: count_rounds(move == press) == 2
  last_talk: last.answer == talk
  last_not_talk: last.answer != talk
  last_any: happened(last.move)
  pressed_after_talk: ever(move == press and previous.answer == talk)
  in_two: answer.2 == talk
  late_talk: ever(answer == talk and round > 1)
postures:
  free:
    status_quo: true
  bound:
    disclose:
      answer: none
      answer.2: all
    allow:
      answer: [talk, refuse]
      answer.1: talk
    commit:
      answer:
        by: [previous.answer]
        table:
          talk: refuse
          refuse: talk
          leave: talk
          none: talk
      answer.1: talk
claims:
  S1:
    says: Something.
    holds_when: >-
      probability(ever(move == press), free) > probability(move.2 == press, free | last.answer == talk)
      and action_value(USA, answer.2, talk, free | move.1 == press) > 0
"""
CASE = loads(TEXT)
History = dict[str, str | None]


def changed(*pairs: tuple[str, str]) -> Case:
    text = TEXT
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return loads(text)


def warnings_of(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    return [(item.code, item.message) for item in changed(*pairs).warnings]


def test_the_block_is_written_out_in_order():
    assert CASE.variables == (
        "opening",
        *("move.1", "answer.1", "move.2", "answer.2", "move.3", "answer.3"),
        "coda",
    )
    copies = [item for item in CASE.decisions if item.base == "answer"]
    assert [item.round for item in copies] == [1, 2, 3]
    assert len({(item.span.line, item.span.column) for item in copies}) == 1
    assert TEXT.split("\n")[copies[0].span.line - 1].strip() == "- decision: answer"
    assert CASE.rounds is not None
    assert CASE.rounds.variables["move"] == ("move.1", "move.2", "move.3")
    assert [item.name for item in CASE.rounds.entries if isinstance(item, Decision)] == ["move", "answer"]


def test_round_one_starts_from_what_carry_says():
    conditions = [CASE.decision(f"move.{number}").when for number in (1, 2, 3)]
    assert conditions[0] is None
    assert [item.text for item in conditions[1:] if item is not None] == ["answer.1 == talk", "answer.2 == talk"]
    nothing = changed(("      answer: talk\n", "      answer: none\n"))
    first = nothing.decision("move.1").when
    assert first is not None
    assert not holds(first, {})


def terms(case: Case, player: str) -> dict[str, tuple[str, str]]:
    return {
        item.name: (item.when.text if item.when is not None else "", item.value.text)
        for item in case.terms
        if item.player == player
    }


def test_terms_of_rounds_are_discounted_and_paid_for_rounds_played():
    assert terms(CASE, "RUS") == {
        "flow.1": ("round 1 is played", "a"),
        "flow.2": ("round 2 is played", "delta * a"),
        "flow.3": ("round 3 is played", "delta ** 2 * a"),
        "gain.1": ("answer.1 == talk", "a - toll[none]"),
        "gain.2": ("answer.2 == talk", "delta * (a - toll[move.1])"),
        "gain.3": ("answer.3 == talk", "delta ** 2 * (a - toll[move.2])"),
        "end": ("coda == smile", "a"),
    }
    assert list(terms(CASE, "USA")) == ["late.2", "late.3"]


def test_discounting_is_exact():
    value = next(item.value for item in CASE.terms if item.name == "gain.3")
    number = array_function(resolve(value, {"move.2": "press"}), CASE.parameter_names)(CASE.base_theta()[None])
    assert number == pytest.approx(0.5**2 * (3.0 - 2.0), abs=1e-15)
    plain = changed(("    discount: delta\n", ""), ("  delta:\n    value: 0.5\n    range: [0.2, 1.0]\n", ""))
    assert terms(plain, "RUS")["gain.3"][1] == "a - toll[move.2]"


def courses() -> Iterator[tuple[History, list[History]]]:
    """Every assignment of labels that can come to be, with its rounds as dictionaries of their own."""
    yield {**dict.fromkeys(CASE.variables), "opening": "close"}, []
    for labels in itertools.product(["press", "wait", None], ["talk", "refuse", "leave", None], repeat=3):
        rounds: list[History] = []
        for number in range(3):
            if rounds and rounds[-1]["answer"] == "leave":
                break
            rounds.append({"move": labels[2 * number], "answer": labels[2 * number + 1]})
        history: History = {**dict.fromkeys(CASE.variables), "opening": "open"}
        for number, item in enumerate(rounds, start=1):
            history |= {f"{name}.{number}": label for name, label in item.items()}
        yield history, rounds


def meant(rounds: list[History]) -> dict[str, bool]:
    """What each outcome is supposed to say, from the rounds played."""
    answers = [item["answer"] for item in rounds]
    last = next((item for item in reversed(answers) if item is not None), None)
    before = ["talk", *answers]
    return {
        "some": "talk" in answers,
        "every": all(item == "talk" for item in answers),
        "none_refused": "refuse" not in answers,
        "two": sum(item["move"] == "press" for item in rounds) == 2,
        "last_talk": last == "talk",
        "last_not_talk": last != "talk",
        "last_any": any(item["move"] is not None for item in rounds),
        "pressed_after_talk": any(
            item["move"] == "press" and earlier == "talk" for item, earlier in zip(rounds, before, strict=False)
        ),
        "in_two": len(rounds) > 1 and answers[1] == "talk",
        "late_talk": "talk" in answers[1:],
    }


def test_conditions_on_rounds_mean_what_a_loop_over_rounds_says():
    seen = {True: 0, False: 0}
    for history, rounds in courses():
        for name, expected in meant(rounds).items():
            assert holds(CASE.outcome(name).when, history) is expected, (name, history)
            seen[expected] += 1
    assert min(seen.values()) > 500


def test_a_round_counts_as_played_if_the_game_goes_on_until_it():
    for history, rounds in courses():
        paid = [
            holds(item.when, history) if item.when is not None else True for item in CASE.terms if item.base == "flow"
        ]
        assert paid == [number < len(rounds) for number in range(3)]


def test_names_of_rounds_read_as_they_were_written():
    claim = CASE.claims[0].holds_when
    assert claim is not None
    assert claim.text == " ".join(TEXT.partition("holds_when: >-")[2].split())
    assert CASE.outcome("two").when.text == "count_rounds(move == press) == 2"
    assert CASE.outcome("last_not_talk").when.text == "last.answer != talk"


def test_postures_speak_of_all_rounds_or_of_one():
    bound = CASE.posture("bound")
    assert {name: rule.by for name, rule in bound.commit.items()} == {
        "answer.1": (),
        "answer.2": ("answer.1",),
        "answer.3": ("answer.2",),
    }
    assert bound.allow == {
        "answer.1": ("talk",),
        "answer.2": ("talk", "refuse"),
        "answer.3": ("talk", "refuse"),
    }
    own = frozenset({"USA"})
    assert bound.disclose == {"answer.1": own, "answer.2": frozenset({"RUS", "USA"}), "answer.3": own}


def test_votes_and_portfolios_have_rounds():
    case = loads("""\
case: votes
title: Votes
actors:
  ONE: One
  TWO: Two
parameters:
  a:
    value: 1
timeline:
  - rounds: 2
    carry: [vote, package]
    block:
      - decision: vote
        by: [ONE, TWO]
        options: [yes, no]
        when: previous.vote.ONE != yes
      - decision: package
        by: ONE
        choose: any of [talks, arms]
        when: previous.package.talks or not happened(previous.package)
payoffs:
  ONE:
    - term: both
      paid: per_round
      when: vote.ONE == yes and package.talks
      value: a
  TWO:
    - term: later
      when: package.2.talks and vote.2.TWO == yes and last.package.arms and last.vote.ONE == yes
      value: a
postures:
  free:
    owner: ONE
    status_quo: true
  bound:
    commit:
      vote.1: yes
      vote: no
    disclose:
      vote.2: all
      vote: none
""")
    assert case.variables == (
        "vote.1.ONE",
        "vote.1.TWO",
        "package.1",
        "vote.2.ONE",
        "vote.2.TWO",
        "package.2",
    )
    bound = case.posture("bound")
    assert {name: rule.table[()][0] for name, rule in bound.commit.items()} == {
        "vote.1.ONE": Number(1.0),
        "vote.2.ONE": Number(0.0),
    }
    assert bound.disclose["vote.1.TWO"] == frozenset({"TWO"})
    assert bound.disclose["vote.2.TWO"] == frozenset({"ONE", "TWO"})
    assert [item.ballot for item in case.decisions][:2] == ["vote.1", "vote.1"]
    when = case.decision("package.2").when
    assert when is not None
    assert when.text == "package.1.talks or not happened(package.1)"
    later = case.terms[-1].when
    assert later is not None
    history = dict.fromkeys(case.variables) | {"vote.1.ONE": "yes", "vote.2.TWO": "yes", "package.2": "talks+arms"}
    assert holds(later, history)
    assert not holds(later, history | {"package.2": "talks"})


def test_one_round_is_no_more_than_its_block():
    short = changed(
        ("rounds: 3", "rounds: 1"),
        ("      answer.2: all\n", ""),
        ("  in_two: answer.2 == talk\n", ""),
        ("  late_talk: ever(answer == talk and round > 1)\n", ""),
        ("      when: move == press and round >= 2\n", ""),
        (TEXT[TEXT.index("claims:") :], ""),
    )
    assert short.variables == ("opening", "move.1", "answer.1", "coda")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("        when: move == press\n", "        when: move != press\n", "C231"),
        ("        when: previous.answer == talk\n", "        when: round <= 2\n", ""),
        ("      when: answer == talk\n", "      when: answer == talk and answer == refuse\n", "C040"),
        ("options: [press, wait]", "options:\n          press:\n          wait: previous.move == press", ""),
        (
            "options: [press, wait]",
            "options:\n          press:\n          wait: previous.move == press and previous.move == wait",
            "C039",
        ),
    ],
)
def test_a_warning_is_said_once_and_only_if_no_round_is_different(old, new, code):
    known = [(item.code, item.message) for item in CASE.warnings]
    found = [item for item in warnings_of((old, new)) if item not in known]
    assert [item for item, _ in found] == ([code] if code else [])
    assert all(".1" not in message and ".2" not in message for _, message in found)


def test_every_round_says_the_same_error_once(tmp_path):
    file = tmp_path / "wrong.case.yaml"
    file.write_text(TEXT.replace("when: answer == talk\n", "when: anwser == talk\n"), encoding="utf-8")
    case, found = diagnose(file)
    assert case is None
    assert [item.code for item in found if item.severity == "error"] == ["C220"]


def test_rule_on_what_its_owner_has_not_seen_is_refused_once():
    hidden = TEXT.replace("        when: previous.answer == talk\n", "        seen_by: none\n")
    hidden = hidden.replace("by: [previous.answer]", "by: [previous.move]").replace(
        "          talk: refuse\n          refuse: talk\n          leave: talk\n          none: talk\n",
        "          press: talk\n          wait: refuse\n          none: talk\n",
    )
    with pytest.raises(CaseError) as caught:
        loads(hidden)
    assert [item.code for item in caught.value.diagnostics if item.severity == "error"] == ["C404"]


def test_the_words_of_rounds_are_free_where_there_are_none():
    text = TEXT.partition("timeline:")[0] + (
        "timeline:\n  - decision: last\n    by: RUS\n    options: [previous, round]\npayoffs:\n  RUS: []\n  USA: []\n"
    )
    text = text.replace("    of: move\n", "    of: last\n").replace(
        "      press: 2.0\n      wait: 1.0\n      none: 7.0\n", ""
    )
    text = text.replace("    of: last\n    value:\n", "    of: last\n    value:\n      previous: 1\n      round: 2\n")
    assert loads(text).variables == ("last",)


def test_twelve_rounds_of_long_expressions_are_read_quickly():
    condition = " or ".join(f"(move == press and previous.answer == talk and round > {n % 2})" for n in range(6))
    extra = "".join(
        f"    - term: t{n}\n      paid: per_round\n      when: {condition}\n      value: a\n" for n in range(50)
    )
    outcomes = "".join(f"  o{n}: ever({condition})\n" for n in range(50))
    text = TEXT.replace("rounds: 3", "rounds: 12").replace("  USA:\n    - term", f"{extra}  USA:\n    - term")
    text = text.replace("outcomes:\n", f"outcomes:\n{outcomes}")
    start = time.process_time()
    case = loads(text)
    assert time.process_time() - start < 8.0
    assert len([item for item in case.terms if item.base == "t0"]) == 12
    assert np.isfinite(case.base_theta()).all()
