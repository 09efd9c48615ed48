"""`commit: optimal mixed`: values against closed forms, certificates, refusals, and every question about it."""

from __future__ import annotations

import numpy as np
import pytest

from detente import cases, load, models
from detente.app import check
from detente.case import Case, loads
from detente.compiler import RuledPosture, carry_strategy, compile_posture
from detente.ensemble import draw_parameters
from detente.errors import CaseError
from detente.report import render_solve
from detente.study import CompareSettings, SolveSettings, compare, solve
from detente.study.worlds import Worlds

QUICK = CompareSettings.quick(draws=8, sweep_points=3, region_points=0, envelope_points=0)


def shipped(name: str) -> Case:
    return load(cases.path(name))


def played(case: Case, posture: str, theta: np.ndarray):
    worlds = Worlds(case, [posture])
    worlds.compile_all()
    return worlds.play(case.posture(posture), theta, worlds.scale(theta))


def test_inspection_in_many_worlds_is_the_closed_form():
    case = shipped("inspection-leadership")
    theta = draw_parameters(case, 3, 0, 200)
    found = played(case, "announced", theta)
    column = {name: case.parameter_index(name) for name in "eab"}
    e, a, b = (theta[:, column[name]] for name in "eab")
    assert found.certified.all()
    np.testing.assert_allclose(found.value(0), -np.minimum(e, a + b) / (1 + b), atol=1e-9)
    odds = [entry["rule"][0]["odds"]["insp"] for entry in found.optimal]
    np.testing.assert_allclose(odds, 1 / (1 + b), atol=1e-9)


@pytest.mark.parametrize(
    ("name", "posture", "key", "equilibrium"),
    [
        ("inspection-leadership", "unannounced", "inspection_leadership", "nash"),
        ("inspection-leadership", "announced", "inspection_leadership", "leadership"),
        ("bagwell1995", "published_odds", "bagwell1995", "committed"),
        ("bayesian-deterrence-sse", "unannounced", "bayesian_deterrence_sse", "nash"),
        ("bayesian-deterrence-sse", "announced", "bayesian_deterrence_sse", "sse"),
    ],
)
def test_shipped_cases_have_the_values_of_the_models(name, posture, key, equilibrium):
    model, case = models.get(key), shipped(name)
    answer = solve(case, posture, SolveSettings(starts=0))
    closed = model.closed_form(**model.example, equilibrium=equilibrium)
    wanted = list(closed["eu"].values())
    assert [answer.values[actor] for actor in closed["eu"]] == pytest.approx(wanted, abs=1e-7)


def test_security_case_is_exact():
    answer = solve(shipped("security-targets"), "published", SolveSettings(starts=0))
    assert answer.values["Ld"] == pytest.approx(-39 / 16, abs=1e-9)
    assert answer.optimal["certificate"] == "optimal"
    assert list(answer.optimal["rule"][0]["odds"].values()) == pytest.approx([11 / 24, 3 / 16, 17 / 48], abs=1e-9)
    assert answer.certificate.kind == "sequential"


def test_compare_shows_the_value_of_commitment():
    answer = compare(shipped("inspection-leadership"), QUICK)
    value = {item.name: item.base_value["I"] for item in answer.postures}
    assert value == pytest.approx({"unannounced": -2 / 7, "certain": -0.2, "announced": -0.2 / 3}, abs=1e-7)
    found = next(item for item in answer.postures if item.name == "announced")
    assert found.needs_commitment  # to skip the inspection pays once the inspectee acts legally
    assert found.abandon_gain["any"]["gain"] == pytest.approx(0.2 / 3, abs=1e-9)
    assert found.equilibria_range == pytest.approx((-0.2 / 3, -0.2 / 3), abs=1e-8)
    assert answer.leading == "announced"
    assert not answer.selection_sensitive


def test_solve_prints_the_rule_and_whose_way_ties_go():
    answer = solve(shipped("inspection-leadership"), "announced", SolveSettings(starts=0))
    text = render_solve(answer, 120)
    assert "“insp” with probability 0.3333 (33 %), “skip” with probability 0.6667 (67 %)" in text
    assert "the tie is broken for the owner" in text
    assert "come as close as wanted to the same value" in text


THREAT = """
case: threat
title: A threat that rests on what is seen
owner: D
actors:
  A: Challenger
  D: Defender
parameters:
  firm_share:
    value: 0.25
    range: [0.1, 0.4]
  pain:
    value: 1.0
    range: [0.5, 2.0]
  cost:
    value: 2.0
    range: [1.0, 3.0]
types:
  D.kind:
    firm: firm_share
    soft: rest
timeline:
  - decision: enter
    by: A
    options: [go, stay]
    ends: [stay]
  - decision: reply
    by: D
    options: [fight, yield]
payoffs:
  A:
    - term: beaten
      when: enter == go and reply == fight
      value: -pain
    - term: taken
      when: enter == go and reply == yield
      value: 1
  D:
    - term: war
      when: enter == go and reply == fight and D.kind == soft
      value: -cost
    - term: loss
      when: enter == go and reply == yield
      value: -1
outcomes:
  entered: enter == go
postures:
  free:
    status_quo: true
  bound:
    commit:
      reply: optimal mixed
"""


def variant(*changes: tuple[str, str]) -> Case:
    text = THREAT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return loads(text, "threat.case.yaml")


def test_rule_may_rest_on_the_owners_type():
    """Fights of both types together are just frequent enough; one tree, two information sets."""
    answer = solve(variant(), "bound", SolveSettings(starts=0))
    odds = {entry["sees"]["D.kind"]: entry["odds"]["fight"] for entry in answer.optimal["rule"]}
    assert 0.25 * odds["firm"] + 0.75 * odds["soft"] >= 0.5 - 1e-9
    assert answer.values == pytest.approx({"A": 0.0, "D": 0.0}, abs=1e-9)
    assert answer.outcomes["entered"] == pytest.approx(0.0, abs=1e-12)
    assert set(answer.value_by_type) == {"firm", "soft"}


def test_gains_from_abandoning_and_from_telling_the_type():
    worlds = Worlds(variant())
    worlds.compile_all()
    answer = compare(variant(), QUICK)
    found = next(item for item in answer.postures if item.name == "bound")
    assert set(found.abandon_gain) == {"firm", "soft"}
    assert {"break", "reveal"} <= set(found.abandon_gain["soft"]["ways"])


def test_another_free_move_of_the_owner_is_refused():
    case = variant(
        (
            "timeline:\n",
            "timeline:\n  - decision: arm\n    by: D\n    options: [much, little]\n",
        )
    )
    with pytest.raises(CaseError, match="D also moves where nothing binds it") as caught:
        solve(case, "bound")
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.line) == ("C308", 55)
    assert "Bind 'arm' as well" in problem.hint
    answer = check(case)
    assert not answer.ok
    assert [item.code for item in answer.diagnostics if item.severity == "error"] == ["C308"]


def test_others_who_matter_to_one_another_are_refused():
    case = variant(
        ("  D: Defender\n", "  D: Defender\n  B: Bystander\n"),
        (
            "  - decision: reply\n",
            "  - decision: join\n    by: B\n    options: [yes, no]\n    seen_by: none\n  - decision: reply\n",
        ),
        ("payoffs:\n", "payoffs:\n  B:\n    - term: spoils\n      when: join == yes and enter == go\n      value: 1\n"),
        ("      value: 1\n  D:", "      value: 1\n    - term: help\n      when: join == yes\n      value: 1\n  D:"),
    )
    with pytest.raises(CaseError, match="depends on what B would do") as caught:
        solve(case, "bound")
    assert caught.value.diagnostics[0].code == "C308"


def test_pure_and_mixed_search_in_one_posture_is_refused():
    with pytest.raises(CaseError) as caught:
        variant(
            ("timeline:\n", "timeline:\n  - decision: arm\n    by: D\n    options: [much, little]\n"),
            ("      reply: optimal mixed\n", "      reply: optimal mixed\n      arm: optimal\n"),
        )
    assert [item.code for item in caught.value.diagnostics] == ["C411"]


@pytest.mark.parametrize("words", ["optimal mixture", "mixed", "optimal pure"])
def test_other_words_are_no_rule(words):
    with pytest.raises(CaseError):
        variant(("reply: optimal mixed", f"reply: {words}"))


def test_a_rule_from_many_worlds_serves_each_of_them():
    case = shipped("inspection-leadership")
    theta = draw_parameters(case, 1, 0, 5)
    found = played(case, "announced", theta)
    ruled = found.parts[0].solved.game.compiled
    assert isinstance(ruled, RuledPosture)
    whole = ruled.numbers(theta)
    alone = ruled.of_draws(np.array([3], dtype=np.int32)).numbers(theta[3:4])
    np.testing.assert_array_equal(whole.chance[3], alone.chance[0])
    assert [label.decision for label, _ in ruled.rule(3)] == ["check"]
    assert sum(ruled.rule(3)[0][1].values()) == pytest.approx(1.0, abs=1e-15)


def test_play_under_a_rule_can_be_written_on_the_free_tree():
    case = shipped("inspection-leadership")
    found = played(case, "announced", case.base_theta()[None, :])
    solved = found.parts[0].solved
    free = compile_posture(case, "announced", free_owner=True)
    carried = carry_strategy(solved.game.compiled, free, case.base_theta(), solved.assessment.strategy)
    assert carried[0] == pytest.approx([1 / 3, 2 / 3, 0.0, 1.0], abs=1e-9)
