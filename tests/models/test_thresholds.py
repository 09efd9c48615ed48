"""Each threshold parts the parameters at which a profile is an equilibrium from those at which somebody deviates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from detente import models
from detente.models import ClosedForm
from models.reference import judge

STEP = 1e-4
CRISIS = {"q": 0.3, "tau": 0.2, "vH": 2.0, "vL": 0.5, "p": 0.6, "cD": 0.6, "g": 1.0, "c": 1.0, "t": 0.5}
FORCE = {"q": 0.3, "m": 0.5, "vH": 2.0, "vL": 0.9, "c1": 0.4, "v2": 1.0, "c2": 0.75, "K": 1.0}
ARMS = {"pi_lo": 0.8, "k_lo": 0.24, "k_hi": 0.9, "D": 1.0, "D_a": 0.4, "g": 1.0, "l": 3.0, "d": 2.0, "phi": 0.45}
ARMS |= {"l_P": 1.0, "d_P": 2.0, "e": 3.0}
TRUST = {"t": 0.5, "b_T": 0.6, "b_U": 1.5, "ell": 1.0}
CONTEST = {"q": 0.1, "f": 0.2, "F": 0.7, "w": 1.0, "s_": 0.0, "dL": -1.0, "dH": -0.2, "wC": 1.0, "sC": -0.5}
CONTEST |= {"dC": -4.0, "sq": 0.0}
LADDER = {"order": "DCDC", "C": [1.0, -0.5, -2.0], "D": [1.0, -1.0, -2.5], "status_quo": [0.0, 0.5]}
THREAT = {"menu": [0.0, 0.6], "A": [1.0, -2.0, -10.0], "soft": [2.0, -4.0, -8.0], "hard": [2.0, -4.0, -4.0]}


@dataclass(frozen=True)
class Edge:
    """A threshold in one parameter: on which side the named equilibrium lives."""

    key: str
    base: dict[str, Any]
    moved: str
    at: float
    above: bool  # whether the equilibrium exists above the threshold
    options: dict[str, str] = field(default_factory=dict[str, str])

    def point(self, step: float) -> dict[str, Any]:
        return {**self.base, self.moved: self.at + (step if self.above else -step)}


CT = 0.8
MU_M = FORCE["v2"] / (FORCE["v2"] / 3 + FORCE["c2"])
MU_C = 1.5 / (1.5 + 0.7 * 3.5)
EDGES = {
    "fearon1995_q_star": Edge(
        "fearon1995_ultimatum",
        {"p": 0.5, "c_A": 0.1, "c_L": 0.1, "c_H": 0.4, "offers": [0.5, 0.6, 0.9]},
        "q",
        0.4,
        True,
    ),
    "sunk_riley": Edge("fearon1997_tying_sinking", {**CRISIS, "kind": "sunk", "m": 0.5}, "vL", 0.5 / CT, False),
    "sunk_most": Edge("fearon1997_tying_sinking", {**CRISIS, "kind": "sunk", "m": 1.12}, "vH", 2.0, True),
    "sunk_bluff_needs_doubt": Edge(
        "fearon1997_tying_sinking",
        {**CRISIS, "kind": "sunk", "m": 0.2},
        "q",
        0.5,
        True,
        {"equilibrium": "pooling on m"},
    ),
    "installment_least": Edge(
        "fearon1997_tying_sinking", {**CRISIS, "kind": "installment", "m": 0.5, "vL": 0.5}, "delta", 0.8, True
    ),
    "installment_most": Edge(
        "fearon1997_tying_sinking", {**CRISIS, "kind": "installment", "m": 1.4, "vL": 0.5}, "delta", 0.8, False
    ),
    "reducible_most": Edge(
        "fearon1997_tying_sinking", {**CRISIS, "kind": "reducible", "m": 1.12 / 0.9}, "kappa", 0.5, True
    ),
    "tie_lock": Edge("fearon1997_tying_sinking", {**CRISIS, "kind": "tie", "m": 0.3}, "cD", 0.6, False),
    "tie_patience": Edge("fearon1997_tying_sinking", {**CRISIS, "kind": "tie", "m": 0.5}, "tau", 0.625, False),
    "tie_separates": Edge(
        "fearon1997_tying_sinking", {**CRISIS, "kind": "tie", "tau": 0.9, "m": 0.08 / 0.9}, "vL", 0.8, False
    ),
    "force_doubt": Edge("slantchev2005_mobilisation", FORCE, "q", MU_M, True),
    "force_L_commits": Edge("slantchev2005_mobilisation", {**FORCE, "m": 0.8}, "c1", 0.4, False),
    "force_separates": Edge("slantchev2005_mobilisation", {**FORCE, "m": 0.7}, "vL", 0.7, False),
    "force_deters": Edge("slantchev2005_mobilisation", FORCE, "c2", 2 / 3, True),
    "force_war": Edge("slantchev2005_mobilisation", {**FORCE, "vH": 2.7, "c2": 0.3}, "vH", 2.7, True),
    "arms_seen": Edge("baliga_sjostrom2008_ambiguity", ARMS, "k_hi", 0.37, True, {"regime": "inspection"}),
    "arms_unseen": Edge("baliga_sjostrom2008_ambiguity", {**ARMS, "phi": 0.0}, "k_lo", 0.6, True),
    "arms_feared": Edge("baliga_sjostrom2008_ambiguity", ARMS, "phi", 0.4, True, {"equilibrium": "P attacks"}),
    "arms_closed": Edge(
        "baliga_sjostrom2008_ambiguity",
        ARMS,
        "phi",
        0.4,
        True,
        {"regime": "voluntary", "equilibrium": "all stay closed"},
    ),
    "arms_open": Edge(
        "baliga_sjostrom2008_ambiguity", ARMS, "phi", 0.5, False, {"regime": "voluntary", "equilibrium": "armed open"}
    ),
    "trust_least": Edge("kydd2000_reassurance", TRUST, "alpha", 0.5, True),
    "trust_most": Edge("kydd2000_reassurance", TRUST, "alpha", 0.625, False),
    "brink_threat": Edge("brinkmanship", THREAT, "p_hard", 3 / (3 + 0.6 * 8), False),
    "brink_last_mover": Edge("brinkmanship", LADDER, "f", 0.5, False),
    "brink_other": Edge("brinkmanship", LADDER, "f", 4 / 7, False),
    "brink_deterred": Edge("brinkmanship", CONTEST, "q", MU_C * 1.0 / (1 + 0.8 + 0.4), True),
    "brink_all_resist": Edge("brinkmanship", {**CONTEST, "sq": -0.2}, "q", MU_C, True),
    "beer": Edge("beer_quiche", {}, "prior_strong", 0.5, True),
    "quiche": Edge("beer_quiche", {}, "prior_strong", 0.5, True, {"equilibrium": "pool_quiche"}),
}


def renamed(closed: ClosedForm, old: str, new: str) -> ClosedForm:
    """The same profile in a tree whose labels hold another number."""
    strategies = {
        name.replace(old, new): {label.replace(old, new): odds for label, odds in play.items()}
        for name, play in closed["strategies"].items()
    }
    trembles = {
        name.replace(old, new): {label.replace(old, new): order for label, order in orders.items()}
        for name, orders in closed.trembles.items()
    }
    return ClosedForm({**closed, "strategies": strategies}, trembles=trembles)


@pytest.mark.parametrize("edge", EDGES.values(), ids=EDGES.keys())
def test_threshold(edge: Edge) -> None:
    model = models.get(edge.key)
    assert model.build is not None
    regime = {name: word for name, word in edge.options.items() if name == "regime"}
    inside, outside = edge.point(STEP), edge.point(-STEP)
    closed = model.closed_form(**inside, **edge.options)
    game = model.build(**inside, **regime)
    assert judge(game, closed.assessment(game)).certified[0]
    beyond = model.build(**outside, **regime)
    verdict = judge(beyond, closed.assessment(beyond))
    assert not verdict.certified[0]
    assert verdict.regret[0] > 1e-7


def test_riley_level_is_the_least_that_separates() -> None:
    model = models.get("spence")
    assert model.build is not None
    wages = {"q": 0.3, "theta_H": 2.0, "theta_L": 1.0, "w_grid": [1.0, 1.3, 2.0]}
    grid = {level: [0.0, level] for level in (1.001, 0.999)}
    closed = model.closed_form(**wages, e_grid=grid[1.001])
    game = model.build(**wages, e_grid=grid[1.001])
    assert judge(game, closed.assessment(game)).certified[0]
    beyond = model.build(**wages, e_grid=grid[0.999])
    assert judge(beyond, renamed(closed, "1.001", "0.999").assessment(beyond)).regret[0] > 1e-4


def test_pooling_level_is_bounded() -> None:
    model = models.get("spence")
    assert model.build is not None
    wages = {"q": 0.3, "theta_H": 2.0, "theta_L": 1.0, "w_grid": [1.0, 1.3, 2.0]}
    closed = model.closed_form(**wages, e_grid=[0.0, 0.299, 1.0], equilibrium="pool_0.299")
    game = model.build(**wages, e_grid=[0.0, 0.299, 1.0])
    assert judge(game, closed.assessment(game)).certified[0]
    beyond = model.build(**wages, e_grid=[0.0, 0.301, 1.0])
    assert judge(beyond, renamed(closed, "0.299", "0.301").assessment(beyond)).regret[0] > 1e-4


def test_the_big_power_prefers_ambiguity_where_the_formula_says() -> None:
    """With no preventive type: iff (1 - F) g < (F - x*) d, F the arming rate under inspection."""
    closed_form = models.get("baliga_sjostrom2008_ambiguity").closed_form
    for k_hi, loss, peace in ((0.9, 3.0, 2.0), (1.5, 1.2, 0.2), (1.5, 3.0, 2.0), (1.5, 1.4, 0.7), (1.5, 1.4, 0.6)):
        given = {"pi_lo": 0.8, "k_lo": 0.3, "k_hi": k_hi, "D": 1.0, "D_a": 0.4, "g": 1.0, "l": loss, "d": peace}
        closed = closed_form(**given)
        rate = closed["arm_rate_inspection"]
        if closed["x_star"] < 0.8:
            assert closed["big_power_prefers_ambiguity"] == ((1 - rate) * 1.0 < (rate - closed["x_star"]) * peace)


def test_some_first_step_separates_exactly_above_the_least_trust() -> None:
    closed_form = models.get("kydd2000_reassurance").closed_form
    least = closed_form(**TRUST, alpha=0.5)["t_min_reassurance"]
    for step, exists in ((1e-6, True), (-1e-6, False)):
        found = closed_form(**{**TRUST, "t": least + step}, alpha=0.5)
        assert (found["alpha_min"] <= found["alpha_max"]) == exists
    assert least < found["t_star_oneshot"]
