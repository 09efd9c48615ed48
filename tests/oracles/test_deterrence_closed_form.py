"""The deterrence game against its solution on paper: who is attacked, what it costs, and where silence beats candor.

One challenger, one defender who is firm with probability p. Attack brings the challenger G against a limited
defender and -C against a firm one, holding brings d. p* = (G - d) / (G + C).
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import detente
from detente.study import CompareSettings, compare, solve
from detente.study.worlds import Worlds
from study.small_cases import THREE, TWO, deterrence, p_star

NAMES = ("p", "G", "C", "d", "L", "W")
BELIEFS = (0.0005, 0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 0.9995)
GRID = np.array(
    [
        (p, gain, cost, peace, loss, war)
        for p, gain, cost, peace in product(BELIEFS, (0.5, 1.0, 7.0), (0.3, 1.1), (-0.25, 0.0, 0.2))
        for loss, war in ((1.0, 0.4), (0.3, 2.0))
        if abs(p - p_star(gain, cost, peace)) > 1e-4
    ]
)
TEXTS = [
    (0.3, 1.0, 0.8, 0.2, 1.0, 0.4),
    (0.6, 1.0, 0.8, 0.2, 1.0, 0.4),
    (0.4443, 1.0, 0.8, 0.2, 1.0, 0.4),
    (0.4446, 1.0, 0.8, 0.2, 1.0, 0.4),
    (0.1, 30.0, 200.0, -10.0, 0.02, 900.0),
    (0.7, 0.5, 0.3, -0.08, 3.0, 0.01),
]
ROUND = [  # p* = 3/4, 1/2 and 1/4: beliefs that a search is likely to start from, where the challenger is indifferent
    (0.7, 0.5, 0.3, -0.1, 3.0, 0.01),
    (0.3, 1.0, 1.0, 0.0, 1.0, 0.4),
    (0.1, 1.0, 1.0, 0.5, 1.0, 0.4),
]
ONLY_SWITCHES = {"region_points": 0, "envelope_points": 0, "starts": 0, "start_worlds": 0, "threads": 1}


def expected(posture: str, row: tuple[float, ...] | np.ndarray) -> tuple[float, float, float]:
    """Probability of an attack, the challenger's and the defender's value."""
    p, gain, cost, peace, loss, war = (float(item) for item in row)
    switch = p_star(gain, cost, peace)
    if posture == "silence":
        attack = p < switch
        return (1.0, (1 - p) * gain - p * cost, -(1 - p) * loss - p * war) if attack else (0.0, peace, 0.0)
    attacked = 1 - p if posture == "candor" else max(0.0, 1 - p / switch)  # none but limited defenders
    return attacked, attacked * gain + (1 - attacked) * peace, -attacked * loss


@pytest.fixture(scope="module")
def grid() -> dict[str, np.ndarray]:
    """[worlds, 3] attack, challenger's and defender's value of each posture over the grid."""
    case = deterrence(THREE)
    theta = np.tile(case.base_theta(), (len(GRID), 1))
    theta[:, [case.parameter_index(name) for name in NAMES]] = GRID
    worlds = Worlds(case)
    scale = worlds.scale(theta)
    found = {}
    for posture in case.postures:
        played = worlds.play(posture, theta, scale)
        assert played.certified.all()
        values = played.values()
        columns = [worlds.players.index(name) for name in ("CHL", "DEF")]
        found[posture.name] = np.column_stack([played.outcomes()[:, 0], values[:, columns]])
    return found


@pytest.mark.parametrize("posture", THREE)
def test_attack_and_values_over_the_grid(grid, posture: str):
    np.testing.assert_allclose(grid[posture], [expected(posture, row) for row in GRID], rtol=0, atol=1e-6)


def test_silence_beats_candor_exactly_above_the_switch(grid):
    above = np.array([row[0] > p_star(*row[1:4]) for row in GRID])
    np.testing.assert_array_equal(grid["silence"][:, 2] > grid["candor"][:, 2], above)
    assert 50 < above.sum() < len(above) - 50


def test_calibrated_is_at_least_as_good_as_both(grid):
    assert (grid["calibrated"][:, 2] >= np.maximum(grid["silence"], grid["candor"])[:, 2] - 1e-7).all()


@pytest.mark.parametrize("row", TEXTS, ids=[f"p_{row[0]}_gain_{row[1]}_cost_{row[2]}" for row in TEXTS])
@pytest.mark.parametrize("posture", THREE)
def test_attack_and_values_of_a_case_file(posture: str, row: tuple[float, ...]):
    numbers = dict(zip(NAMES, row, strict=True))
    answer = solve(deterrence(THREE, **numbers), posture)
    found = answer.outcomes["attacked"], answer.values["CHL"], answer.values["DEF"]
    unit = max(1.0, *(abs(item) for item in row))
    assert found == pytest.approx(expected(posture, row), rel=0, abs=1e-6 * unit)
    assert answer.certificate.regret <= 1e-8
    assert answer.certificate.belief_residual <= 1e-10


@pytest.mark.parametrize("row", ROUND, ids=["three_quarters", "one_half", "one_quarter"])
@pytest.mark.parametrize("posture", THREE)
def test_attack_and_values_where_the_switch_is_a_round_number(posture: str, row: tuple[float, ...]):
    answer = solve(deterrence(THREE, **dict(zip(NAMES, row, strict=True))), posture)
    found = answer.outcomes["attacked"], answer.values["CHL"], answer.values["DEF"]
    assert found == pytest.approx(expected(posture, row), rel=0, abs=1e-6)


@pytest.mark.parametrize("row", [(0.4, 1.0, 1.0, 0.2, 1.0, 0.4), (0.5, 1.0, 1.0, 0.0, 3.0, 1.0)])
def test_nobody_is_attacked_under_the_best_signal_if_the_prior_is_the_switch_itself(row: tuple[float, ...]):
    """Indifferent, the challenger holds: the tie-break is the one that is better for the owner (rules 14 and 15)."""
    answer = solve(deterrence(THREE, **dict(zip(NAMES, row, strict=True))), "calibrated")
    assert answer.values["DEF"] == pytest.approx(0.0, abs=1e-6 * max(row))


@pytest.mark.parametrize(
    ("gain", "cost", "peace"), [(1.0, 0.8, 0.2), (2.0, 0.5, 0.11), (1.0, 5.0, -0.317), (0.4, 0.9, 0.0)]
)
def test_compare_names_the_switch_of_two_postures(gain: float, cost: float, peace: float):
    case = deterrence(TWO, G=gain, C=cost, d=peace)
    answer = compare(case, CompareSettings(draws=10, **ONLY_SWITCHES))
    (point,) = answer.tipping_points
    assert point.parameter == "p"
    assert point.switch == pytest.approx(p_star(gain, cost, peace), abs=1e-3)
    assert (point.before, point.after, point.marked) == ("candor", "silence", "")


@pytest.mark.parametrize(("gain", "cost", "peace"), [(2.0, 0.5, 0.1), (1.0, 5.0, -0.3)])
def test_a_switch_met_exactly_by_a_bisection_is_a_plain_one(gain: float, cost: float, peace: float):
    """One end of the last stretch is p* itself, where the challenger is indifferent: no question of selection."""
    (point,) = compare(
        deterrence(TWO, G=gain, C=cost, d=peace), CompareSettings(draws=10, **ONLY_SWITCHES)
    ).tipping_points
    assert point.switch == pytest.approx(p_star(gain, cost, peace), abs=1e-3)
    assert point.marked == ""


def test_calibrated_as_a_third_ties_with_silence_above_the_switch():
    answer = compare(deterrence(THREE), CompareSettings(draws=60, **ONLY_SWITCHES))
    (point,) = answer.tipping_points
    assert point.switch == pytest.approx(p_star(), abs=1e-3)
    assert (point.before, point.after) == ("calibrated", "silence, calibrated")
    above = answer.draws[:, 0] > p_star()
    assert answer.tied_share == pytest.approx(above.mean())
    shares = {item.name: item.best_share for item in answer.postures}
    assert shares == pytest.approx(
        {"silence": above.mean() / 2, "candor": 0.0, "calibrated": 1 - above.mean() / 2}, abs=1e-12
    )
    (sweep,) = answer.sweeps
    for place, best in zip(sweep.points, sweep.best, strict=True):
        assert best == (("silence", "calibrated") if place > p_star() else ("calibrated",))


def test_every_parameter_of_the_tutorial_case_switches_where_the_formula_says():
    settings = CompareSettings(draws=10, postures=("undisclosed", "revealed"), **ONLY_SWITCHES)
    answer = compare(detente.load("deterrence-101"), settings)
    found = {point.parameter: point.switch for point in answer.tipping_points}
    assert found == pytest.approx({"p": 0.8 / 1.8, "G": (0.2 + 0.3 * 0.8) / 0.7}, abs=1e-3)
    assert set(answer.none_in_range) == {"C", "d", "L", "W", "B", "q"}
