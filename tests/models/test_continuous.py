"""Uniform costs: the closed forms against brute force over many types, and the trees that stand in for them."""

from __future__ import annotations

import numpy as np
import pytest

from detente import models
from models.reference import check_against_tree

ULTIMATUM = models.get("fearon1995_ultimatum")
AMBIGUITY = models.get("baliga_sjostrom2008_ambiguity")
DEMANDS = [
    {"p": 0.5, "c_A": 0.1, "c_lo": 0.0, "c_hi": 0.6},
    {"p": 0.5, "c_A": 0.1, "c_lo": 0.2, "c_hi": 0.4},
    {"p": 0.8, "c_A": 0.05, "c_lo": 0.0, "c_hi": 0.6},
    {"p": 0.95, "c_A": 0.2, "c_lo": 0.1, "c_hi": 0.5},
    {"p": 0.2, "c_A": 0.0, "c_lo": 0.05, "c_hi": 0.7},
]
COSTS = [
    {"K": 2.0, "D": 1.0, "D_a": 0.4, "g": 1.0, "l": 3.0, "d": 2.0},
    {"K": 1.0, "D": 1.2, "D_a": 0.2, "g": 0.4, "l": 2.0, "d": 1.0},
    {"K": 0.5, "D": 1.0, "D_a": 0.5, "g": 1.0, "l": 3.0, "d": 0.5},
]


@pytest.mark.parametrize("given", DEMANDS)
def test_uniform_ultimatum_is_the_best_of_all_demands(given: dict[str, float]) -> None:
    closed = ULTIMATUM.closed_form(**given)
    cost = np.linspace(given["c_lo"], given["c_hi"], 20_001)
    demand = np.linspace(0, 1, 2_001)
    refused = np.clip((demand - given["p"] - given["c_lo"]) / (given["c_hi"] - given["c_lo"]), 0, 1)
    worth = (1 - refused) * demand + refused * (given["p"] - given["c_A"])
    assert closed["EU_A"] == pytest.approx(worth.max(), abs=1e-6)
    assert closed["offer"] == pytest.approx(demand[worth.argmax()], abs=1e-3)
    fought = closed["offer"] > given["p"] + cost
    assert closed["war"] == pytest.approx(fought.mean(), abs=1e-3)
    share = np.where(fought, 1 - given["p"] - cost, 1 - closed["offer"])
    assert closed["EU_B"] == pytest.approx(share.mean(), abs=1e-3)


@pytest.mark.parametrize("given", DEMANDS)
@pytest.mark.parametrize("n", [1, 5, 12])
def test_cut_into_types_the_ultimatum_is_a_tree(given: dict[str, float], n: int) -> None:
    assert ULTIMATUM.build is not None
    check_against_tree(ULTIMATUM.build(**given, n=n), ULTIMATUM.closed_form(**given, n=n))


def test_many_types_come_close_to_the_uniform_ultimatum() -> None:
    given = DEMANDS[0]
    limit = ULTIMATUM.closed_form(**given)
    gaps = [abs(ULTIMATUM.closed_form(**given, n=n)["EU_A"] - limit["EU_A"]) for n in (10, 40, 160)]
    assert gaps[0] > gaps[1] > gaps[2]
    assert gaps[2] < 3e-3


@pytest.mark.parametrize("given", COSTS)
def test_uniform_cost_of_arming_is_the_limit_of_many_types(given: dict[str, float]) -> None:
    closed = AMBIGUITY.closed_form(**given)
    blind = AMBIGUITY.closed_form(**given, n=400, regime="ambiguity")
    seen = AMBIGUITY.closed_form(**given, n=400, regime="inspection")
    assert blind["arm_rate"] == pytest.approx(closed["arm_rate_ambiguity"], abs=5e-3)
    assert blind["y_attack_O"] == pytest.approx(closed["y_attack"], abs=5e-3)
    assert blind["EU_A"] == pytest.approx(closed["EU_A_ambiguity"], abs=1e-2)
    assert seen["arm_rate"] == pytest.approx(closed["arm_rate_inspection"], abs=5e-3)
    assert seen["EU_A"] == pytest.approx(closed["EU_A_inspection"], abs=1e-2)
    values = {regime: form["eu_by_type"] for regime, form in (("blind", blind), ("seen", seen))}
    cut = closed["EU_B_cut_prefers_ambiguity"]
    for k, label in enumerate(values["blind"]):
        cost = given["K"] * (k + 0.5) / 400
        if abs(cost - cut) > 0.02 and cut < given["D"] - 1e-9:
            assert (values["blind"][label] > values["seen"][label]) == (cost > cut)


@pytest.mark.parametrize("given", COSTS)
@pytest.mark.parametrize("regime", ["inspection", "ambiguity", "voluntary"])
def test_cut_into_types_arming_is_a_tree(given: dict[str, float], regime: str) -> None:
    assert AMBIGUITY.build is not None
    game = AMBIGUITY.build(**given, n=5, regime=regime)
    check_against_tree(game, AMBIGUITY.closed_form(**given, n=5, regime=regime))
