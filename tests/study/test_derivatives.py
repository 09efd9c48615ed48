"""What moves the answer of a posture, against the closed form of a deterrence game and against solving again."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

import detente
from detente.errors import RequestError, UnsupportedError
from detente.report import render_derivatives
from detente.study import DerivativesSettings, SolveSettings, derivatives, solve
from study.small_cases import deterrence, p_star

STEP = 1e-5


def at(case: detente.Case, name: str, value: float) -> detente.Case:
    held = [replace(item, value=value) if item.name == name else item for item in case.parameters]
    return replace(case, parameters=tuple(held))


@pytest.fixture(scope="module")
def case() -> detente.Case:
    return detente.load("deterrence-101")


@pytest.mark.parametrize("posture", ["undisclosed", "revealed"])
def test_slopes_are_those_of_solving_again(case: detente.Case, posture: str):
    answer = derivatives(case, posture)
    settings = SolveSettings(starts=0, threads=1)
    assert answer.values == pytest.approx(solve(case, posture, settings).values, abs=1e-9)
    for row in answer.parameters:
        up = solve(at(case, row.name, row.base + STEP), posture, settings)
        down = solve(at(case, row.name, row.base - STEP), posture, settings)
        assert row.kink == ""
        for name, slope in row.values.items():
            assert slope == pytest.approx((up.values[name] - down.values[name]) / (2 * STEP), abs=1e-6)
        for name, slope in row.outcomes.items():
            assert slope == pytest.approx((up.outcomes[name] - down.outcomes[name]) / (2 * STEP), abs=1e-6)


def test_parameters_come_by_their_effect_over_the_range(case: detente.Case):
    answer = derivatives(case)
    effects = [abs(row.effect(answer.of) or 0.0) for row in answer.parameters]
    assert effects == sorted(effects, reverse=True)
    first = answer.parameters[0]
    slope = first.slope(answer.of)
    assert slope is not None
    assert first.effect(answer.of) == pytest.approx(slope * (first.high - first.low))
    assert first.elasticity(answer.of, answer.level) == pytest.approx(slope * first.base / answer.values[answer.of])


def test_value_and_odds_can_be_asked_for(case: detente.Case):
    odds = derivatives(case, settings=DerivativesSettings(of="attacked"))
    assert odds.level == odds.outcomes["attacked"]
    with pytest.raises(RequestError, match="'nothing' is neither an outcome nor an actor"):
        derivatives(case, settings=DerivativesSettings(of="nothing"))


def test_a_search_has_no_derivative(case: detente.Case):
    with pytest.raises(UnsupportedError, match="'calibrated' has an `optimal` part"):
        derivatives(case, "calibrated")


def test_finite_precision_is_smooth(case: detente.Case):
    lam = 5.0
    answer = derivatives(case, "undisclosed", DerivativesSettings(lam=lam))
    assert all(row.kink == "" for row in answer.parameters)
    assert sum(bool(row.strategies) for row in answer.parameters) >= 3


def test_indifference_is_a_kink():
    """The challenger gains (1 - p) G - p C by attacking, and d by holding: indifferent at p*."""
    before, tied = deterrence(p=0.3), deterrence(p=(p_star(), 0.02, 0.98))
    assert {row.kink for row in derivatives(before, "silence").parameters} == {""}
    answer = derivatives(tied, "silence")
    kinks = {row.name: row.kink for row in answer.parameters}
    assert {name for name, kink in kinks.items() if kink} == {"p", "G", "C", "d"}  # L and W are the defender's own
    row = next(row for row in answer.parameters if row.name == "p")
    assert set(row.values.values()) == {None}
    assert row.slope(answer.of) is None
    assert "kink at" in render_derivatives(answer, 100)
    told = json.loads(json.dumps(answer.to_json(), allow_nan=False))["parameters"]
    assert next(item for item in told if item["name"] == "p")["slope"] is None


def test_json_is_plain_and_null_at_kinks(case: detente.Case):
    data = json.loads(json.dumps(derivatives(case, "undisclosed").to_json(), allow_nan=False))
    assert data["schema"] == "detente.derivatives/1"
    assert {"name", "base", "low", "high", "kink", "slope", "effect", "elasticity"} <= set(data["parameters"][0])
    assert data["level"] == pytest.approx(data["values"][data["of"]])


def test_text_tells_the_largest_first(case: detente.Case):
    text = render_derivatives(derivatives(case, "undisclosed"), 100)
    assert "WHAT MOVES THE VALUE OF" in text
    names = [row.name for row in derivatives(case, "undisclosed").parameters[:2]]
    assert text.index(f"\n{names[0]} ") < text.index(f"\n{names[1]} ")


def test_the_question_can_be_put_from_python(case: detente.Case):
    answer = detente.derivatives(case, "undisclosed", assume={"p": 0.35})
    row = next(row for row in answer.parameters if row.name == "p")
    assert row.base == 0.35
    assert row.high > row.low  # the range stays, so that effects can be compared
    with pytest.raises(UnsupportedError, match="no parameters"):
        detente.derivatives("some.efg")
