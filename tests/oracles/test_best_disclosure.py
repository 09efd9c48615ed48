"""The best public signal (rule 15) where it can be worked out: steps, kinks, a differing judgment, three labels."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from detente.case import Case
from detente.study import CompareSettings, compare, solve
from study.small_cases import POSTURES, THREE, deterrence, p_star, parameter_text, small_case

CURVE = CompareSettings(draws=1, sweep_points=2, region_points=0, envelope_points=33, starts=0, start_worlds=0)


def split_value(beliefs: np.ndarray, values: np.ndarray, prior: np.ndarray) -> float:
    """Best mean value of a split of the prior over given beliefs, as a linear program."""
    found = linprog(-values, A_eq=beliefs.T, b_eq=prior, bounds=(0, None), method="highs")
    assert found.status == 0
    return -float(found.fun)


@pytest.mark.parametrize("prior", [0.05, 0.3, 0.44, 0.45, 0.9])
def test_envelope_of_one_jump_is_exact(prior: float):
    answer = compare(deterrence(THREE, p=(prior, 0.02, 0.98)), CURVE).envelope
    assert answer is not None
    assert answer.labels == ("firm", "limited")
    assert answer.jumps == pytest.approx((p_star(),), abs=1e-6)
    assert answer.value == pytest.approx(-max(0.0, 1 - prior / p_star()), abs=1e-6)
    assert answer.full == pytest.approx(-(1 - prior), abs=1e-9)
    assert answer.without == pytest.approx(0.0 if prior > p_star() else -prior * 0.4 - (1 - prior), abs=1e-9)
    place = answer.beliefs[:, 0]
    np.testing.assert_allclose(answer.envelope, -np.maximum(0.0, 1 - place / p_star()), atol=1e-6)
    weights = np.array([weight for _, weight in answer.support])
    beliefs = np.array([belief for belief, _ in answer.support])
    assert weights.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(weights @ beliefs, [prior, 1 - prior], atol=1e-9)


def test_a_jump_at_a_belief_that_is_looked_at_first_is_one_jump():
    answer = compare(deterrence(THREE, G=1.0, C=1.0, d=0.0), CURVE).envelope
    assert answer.jumps == pytest.approx((0.5,), abs=1e-6)
    assert answer.value == pytest.approx(-0.4, abs=1e-6)


def test_a_value_just_across_a_jump_is_a_supremum_and_one_away_from_it_is_attained():
    below, above = (compare(deterrence(THREE, p=(prior, 0.02, 0.98)), CURVE) for prior in (0.3, 0.7))
    assert not below.envelope.attained
    assert above.envelope.attained
    words = {item.name: item.optimal for item in below.postures}["calibrated"]
    assert words["attained"] is False
    assert [item["limit"] for item in words["signals"]] == [False, True]


# ---- a kinked curve with two jumps, and an owner with a judgment of its own

LADDER = {
    "timeline": "- decision: challenge\n  by: CHL\n  options: [attack, probe, hold]\n",
    "payoffs": """\
        CHL:
          - term: attack
            when: challenge == attack
            value: (-C if DEF.resolve == firm else G)
          - term: probe
            when: challenge == probe
            value: (-c if DEF.resolve == firm else g)
        DEF:
          - term: attacked
            when: challenge == attack
            value: (-W if DEF.resolve == firm else -L)
          - term: probed
            when: challenge == probe
            value: (-w if DEF.resolve == firm else -l)
        """,
    "postures": """\
        silence:
          status_quo: true
        calibrated:
          disclose:
            DEF.resolve: optimal
        """,
}
GAINS = {"G": 2.0, "C": 3.0, "g": 0.8, "c": 0.5}
LOSSES = {"L": 2.0, "W": 1.0, "l": 0.9, "w": 0.3}
FIRST = 1.2 / (1.2 + 2.5)  # attack and probe are worth the same
SECOND = 0.8 / 1.3  # probe and hold are


def ladder(prior: float, judged: str = "", **losses: float) -> Case:
    types = "DEF.resolve:\n  firm: p\n  limited: rest\n"
    if judged:
        shares = "    firm: {}\n    limited: rest\n"
        types = f"DEF.resolve:\n  prior:\n{shares.format('p')}  as_judged_by_owner:\n{shares.format(judged)}"
    numbers = {"p": (prior, 0.01, 0.99), "known": 0.55, **GAINS, **LOSSES, **losses}
    return small_case(parameter_text(numbers), types=types, **LADDER)


def ladder_value(prior: float, judged: float | None = None, **changed: float) -> float:
    """Brute force over splits: at each belief the owner's value is linear between the two jumps."""
    losses = {**LOSSES, **changed}
    own = prior if judged is None else judged
    ratio = np.array([own / prior, (1 - own) / (1 - prior)])
    grid = np.unique(np.concatenate([np.linspace(0, 1, 201), [FIRST, SECOND, prior]]))
    points, values = [], []
    for place, (low, high, firm, limited) in product(
        grid, [(0, FIRST, losses["W"], losses["L"]), (FIRST, SECOND, losses["w"], losses["l"]), (SECOND, 1, 0, 0)]
    ):
        if low <= place <= high:
            points.append([place, 1 - place])
            values.append(-ratio[0] * place * firm - ratio[1] * (1 - place) * limited)
    return split_value(np.array(points), np.array(values), np.array([prior, 1 - prior]))


@pytest.mark.parametrize("prior", [0.1, 0.33, 0.5, 0.61, 0.8])
@pytest.mark.parametrize("losses", [{}, {"L": 1.0, "l": 0.1}, {"l": 1.9, "w": 1.5}], ids=["steep", "step", "no_step"])
def test_two_jumps_against_every_split(prior: float, losses: dict[str, float]):
    answer = solve(ladder(prior, **losses), "calibrated")
    assert answer.values["DEF"] == pytest.approx(ladder_value(prior, **losses), abs=2e-6)
    assert answer.certificate.regret <= 1e-8


@pytest.mark.parametrize("prior", [0.2, 0.5])
def test_an_owner_that_knows_better_splits_by_its_own_judgment(prior: float):
    answer = solve(ladder(prior, judged="known"), "calibrated")
    assert answer.values["DEF"] == pytest.approx(ladder_value(prior, judged=0.55), abs=2e-6)


def test_the_curve_shows_both_jumps():
    answer = compare(ladder(0.3), CURVE).envelope
    assert answer.jumps == pytest.approx((FIRST, SECOND), abs=1e-6)


# ---- three labels

TRIPLE = {
    "types": "DEF.resolve:\n  firm: pf\n  wavering: pw\n  limited: rest\n",
    "timeline": "- decision: challenge\n  by: CHL\n  options: [attack, hold]\n",
    "payoffs": """\
        CHL:
          - term: fight
            when: challenge == attack
            value: gain[DEF.resolve]
        DEF:
          - term: attacked
            when: challenge == attack
            value: -loss[DEF.resolve]
        """,
    "postures": "".join(POSTURES[name] for name in THREE),
}


def triple(firm: float, wavering: float, gain: dict[str, float], loss: dict[str, float]) -> Case:
    text = parameter_text({"pf": (firm, 0.05, 0.6), "pw": wavering})
    for name, table in (("gain", gain), ("loss", loss)):
        rows = "".join(f"      {label}: {value}\n" for label, value in table.items())
        text += f"  {name}:\n    of: DEF.resolve\n    value:\n{rows}    about: for tests\n    source: judgment\n"
    return small_case(text, **TRIPLE)


def triple_value(prior: list[float], gain: list[float], loss: list[float]) -> float:
    """Straight to the allocation: send "hold" from each label as much as the challenger's obedience allows."""
    weights = np.array(prior)
    found = linprog(
        -weights * loss,  # what is saved by holding label by label
        A_ub=[weights * gain],  # an attack must not pay after "hold"
        b_ub=[0.0],
        bounds=[(0, 1)] * 3,
        method="highs",
    )
    assert found.status == 0
    return -float(found.fun) - float(weights @ loss)


@pytest.mark.parametrize(
    ("prior", "gain", "loss"),
    [
        ([0.2, 0.2, 0.6], [-1.0, -0.2, 1.0], [1.0, 1.0, 1.0]),
        ([0.1, 0.3, 0.6], [-1.0, 0.3, 1.0], [0.2, 0.7, 1.0]),
        ([0.3, 0.3, 0.4], [-0.7, 0.6, 0.5], [0.4, 1.5, 1.0]),
        ([0.5, 0.2, 0.3], [-1.0, 0.2, 0.5], [1.0, 1.0, 1.0]),
    ],
    ids=["two_deter", "one_deters", "expensive_middle", "nobody_attacks"],
)
def test_three_labels_against_the_best_allocation(prior, gain, loss):
    """What deters is spent on those labels that save most for it."""
    labels = "firm", "wavering", "limited"
    case = triple(*prior[:2], dict(zip(labels, gain, strict=True)), dict(zip(labels, loss, strict=True)))
    answer = solve(case, "calibrated")
    best, unit = triple_value(prior, gain, loss), max(loss)
    assert answer.values["DEF"] <= best + 1e-6
    assert answer.values["DEF"] >= best - 1e-3 * unit
    assert answer.certificate.regret <= 1e-8
    for other in ("silence", "candor"):
        assert answer.values["DEF"] >= solve(case, other).values["DEF"] - 1e-7
    signals = answer.optimal["signals"]
    mean = [sum(item["weight"] * item["belief"][label] for item in signals) for label in labels]
    assert mean == pytest.approx(prior, abs=1e-9)
