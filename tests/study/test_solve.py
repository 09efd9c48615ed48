"""`solve`: strategies, beliefs and reasons of the tutorial case, strict and at a finite precision."""

from __future__ import annotations

import json
from math import exp

import numpy as np
import pytest

import detente
from detente.compiler import compile_posture
from detente.errors import Interrupted, RequestError
from detente.game import certify_qre
from detente.solvers import solve_qre
from detente.study import SolveAnswer, SolveSettings, solve
from detente.study.worlds import Worlds
from study.small_cases import THREE, TWO, deterrence, p_star, parameter_text, small_case
from study.test_compare import StopAt


@pytest.fixture(scope="module")
def tutorial():
    return detente.load("deterrence-101")


def at(answer: SolveAnswer, decision: str, **sees: str):
    """The one information set of a decision at which just this is seen (dots written as two underscores)."""
    wanted = {name.replace("__", "."): label for name, label in sees.items()}
    (found,) = [item for item in answer.infosets if item.decision == decision and item.sees == wanted]
    return found


def test_what_everybody_does_and_believes(tutorial):
    answer = solve(tutorial)
    assert answer.posture == "undisclosed"
    challenge = at(answer, "challenge")
    assert challenge.actor == "CHL"
    assert challenge.strategy == pytest.approx({"attack": 1.0, "hold": 0.0}, abs=1e-9)
    assert challenge.action_values == pytest.approx({"attack": 0.46, "hold": 0.2})
    assert challenge.reach == pytest.approx(1.0)
    assert {item["history"]: item["probability"] for item in challenge.beliefs} == pytest.approx(
        {"DEF.resolve=firm": 0.3, "DEF.resolve=limited": 0.7}
    )
    firm = at(answer, "respond", DEF__resolve="firm", challenge="attack")
    assert firm.strategy == pytest.approx({"severe": 1.0, "protest": 0.0}, abs=1e-9)
    assert firm.reach == pytest.approx(0.3)
    assert answer.values == pytest.approx({"CHL": 0.46, "DEF": -0.82})
    assert answer.value_by_type == pytest.approx({"firm": -0.4, "limited": -1.0})
    assert answer.outcomes == pytest.approx({"attacked": 1.0})
    assert answer.not_modelled == 0.0
    assert answer.others == ()
    assert answer.starts == 20


def test_beliefs_under_candor_are_certain(tutorial):
    answer = solve(tutorial, "revealed")
    for label, best in (("firm", "hold"), ("limited", "attack")):
        item = at(answer, "challenge", DEF__resolve=label)
        assert item.strategy[best] == pytest.approx(1.0)
        assert [entry["probability"] for entry in item.beliefs] == [1.0]


@pytest.mark.parametrize("posture", ["undisclosed", "revealed", "calibrated", "announced_odds"])
def test_reasons_add_up_to_the_difference_between_the_actions(tutorial, posture: str):
    answer = solve(tutorial, posture)
    explained = [item for item in answer.infosets if item.why is not None]
    assert explained
    for item in explained:
        values = sorted(item.action_values.values(), reverse=True)
        assert item.why.difference == pytest.approx(values[0] - values[1], abs=1e-9)
        assert sum(item.why.terms.values()) == pytest.approx(item.why.difference, abs=1e-12)
        assert item.action_values[item.why.best] == values[0]
        sizes = [abs(part) for part in item.why.terms.values()]
        assert sizes == sorted(sizes, reverse=True)


def test_reason_by_term_is_the_one_on_paper(tutorial):
    why = at(solve(tutorial), "challenge").why
    assert (why.best, why.next_best) == ("attack", "hold")
    assert why.terms == pytest.approx({"gain": 0.7, "beaten": -0.24, "peace": -0.2})
    assert "“attack” is worth 0.26 more than “hold”" in why.sentence


def test_strict_play_carries_its_certificate(tutorial):
    for posture in tutorial.posture_names:
        found = solve(tutorial, posture, SolveSettings(starts=0)).certificate
        assert found.kind == ("backward_induction" if posture == "revealed" else "sequential")  # nothing is hidden then
        assert found.regret <= 1e-8
        assert found.belief_residual <= 1e-10
        assert max(found.best_response_gain.values()) <= 1e-8
        assert found.qre_residual is None


@pytest.mark.parametrize("lam", [0.0001, 1.0, 7.5, 60.0])
def test_finite_precision_is_the_logit_response_on_paper(tutorial, lam: float):
    """One mover after the other: each logit is explicit, in units of the mover's range over all postures."""
    answer = solve(tutorial, settings=SolveSettings(lam=lam, starts=0))
    worlds = Worlds(tutorial)
    challenger, defender = worlds.scale(tutorial.base_theta()[None])[0]
    assert (challenger, defender) == pytest.approx((1.8, 1.15))
    natural = 1 / (1 + exp(-lam * 0.15 / defender))
    assert at(answer, "respond", DEF__resolve="firm", challenge="attack").strategy["severe"] == pytest.approx(natural)
    severe = 0.3 * natural + 0.7 * (1 - natural)
    lead = (1 - severe) * 1.0 - severe * 0.8 - 0.2
    attack = 1 / (1 + exp(-lam * lead / challenger))
    assert at(answer, "challenge").strategy["attack"] == pytest.approx(attack, abs=1e-8)
    assert answer.outcomes["attacked"] == pytest.approx(attack, abs=1e-8)
    assert answer.certificate.kind == "qre"
    assert answer.certificate.qre_residual <= 1e-6


def test_finite_precision_passes_its_own_judge(tutorial):
    worlds = Worlds(tutorial)
    compiled = compile_posture(tutorial, "undisclosed")
    theta = tutorial.base_theta()[None]
    numbers, scale = compiled.numbers(theta), worlds.scale(theta)
    unit = type(numbers)(numbers.payoff / scale[:, None, :], numbers.chance)
    solution = solve_qre(compiled.shape, unit, 7.5)
    strategy = solution.assessment.strategy
    answer = solve(tutorial, settings=SolveSettings(lam=7.5, starts=0))
    mine = np.concatenate([list(item.strategy.values()) for item in answer.infosets])
    np.testing.assert_allclose(mine, strategy[0], atol=1e-12)
    assert certify_qre(compiled.shape, numbers, strategy, np.log(strategy), 7.5 / scale)[0] <= 1e-6


def test_other_equilibria_are_listed_with_their_values():
    """A game of two meeting places: the better one is played, the other is found."""
    case = small_case(
        parameter_text({"high": 2.0}),
        timeline="- decision: go\n  by: DEF\n  options: [east, west]\n  seen_by: none\n"
        "- decision: come\n  by: CHL\n  options: [left, right]\n",
        payoffs="".join(
            f"{actor}:\n  - term: east\n    when: go == east and come == left\n    value: high\n"
            "  - term: west\n    when: go == west and come == right\n    value: 1\n"
            for actor in ("DEF", "CHL")
        ),
        outcomes="met: (go == east and come == left) or (go == west and come == right)\n",
        postures="quiet:\n  status_quo: true\n",
    )
    answer = solve(case)
    assert answer.values["DEF"] == pytest.approx(2.0)
    found = sorted(item.values["DEF"] for item in answer.others)
    assert 1.0 in [pytest.approx(value) for value in found]
    assert all(item.hits >= 1 for item in answer.others)


def test_calibrated_says_what_is_sent_and_how_often():
    answer = solve(deterrence(THREE), "calibrated")
    signals = {round(item["belief"]["firm"], 4): item["weight"] for item in answer.optimal["signals"]}
    assert signals == pytest.approx({0.0: 1 - 0.3 / p_star(), 0.4444: 0.3 / p_star()}, abs=1e-5)
    assert sum(item["weight"] * item["belief"]["firm"] for item in answer.optimal["signals"]) == pytest.approx(0.3)
    assert any("2 beliefs" in note for note in answer.notes)


def test_backward_induction_needs_that_everybody_knows_everything():
    with pytest.raises(RequestError):
        solve(deterrence(TWO), "silence", SolveSettings(method="backward_induction"))
    case = small_case(
        parameter_text({"G": 1.0, "C": 2.0}),
        timeline="- decision: enter\n  by: CHL\n  options: [come, stay]\n  ends: [stay]\n"
        "- decision: meet\n  by: DEF\n  options: [fight, share]\n",
        payoffs="CHL:\n  - term: shared\n    when: meet == share\n    value: G\n"
        "  - term: fought\n    when: meet == fight\n    value: -G\n"
        "DEF:\n  - term: alone\n    when: enter == stay\n    value: C\n"
        "  - term: shared\n    when: meet == share\n    value: G\n",
        postures="quiet:\n  status_quo: true\n",
    )
    both = [solve(case, settings=SolveSettings(method=method)) for method in ("auto", "backward_induction")]
    assert [item.certificate.kind for item in both] == ["backward_induction"] * 2
    for item in both:
        assert item.values == pytest.approx({"CHL": 1.0, "DEF": 1.0})
        assert at(item, "meet", enter="come").strategy["share"] == pytest.approx(1.0)


def test_json_has_the_documented_fields(tutorial):
    found = solve(tutorial).to_json()
    assert set(found) >= {"schema", "case", "manifest", "posture", "infosets", "values", "certificate", "status"}
    assert set(found["infosets"][0]) >= {
        *("actor", "decision", "sees", "strategy", "beliefs", "reach", "action_values", "why")
    }
    assert set(found["certificate"]) >= {"kind", "regret", "belief_residual", "witness_distance"}
    assert set(found["size"]) == {"nodes", "terminals", "infosets"}
    assert json.dumps(found, allow_nan=False) == json.dumps(solve(tutorial).to_json())


def test_requests_that_make_no_sense_are_refused(tutorial):
    for posture, settings in (
        ("calibrated", SolveSettings(lam=1.0)),
        ("undisclosed", SolveSettings(method="magic")),
        ("undisclosed", SolveSettings(lam=1.0, method="backward_induction")),
        ("undisclosd", SolveSettings()),
    ):
        with pytest.raises(RequestError):
            solve(tutorial, posture, settings)
    with pytest.raises(Interrupted):
        solve(tutorial, settings=SolveSettings(), watch=StopAt("solve", 0))
