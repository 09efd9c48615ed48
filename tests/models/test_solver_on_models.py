"""What the logit branch selects in the published models: the closed form, or the equilibrium that the page names."""

from __future__ import annotations

from typing import Any

import pytest

from detente import models
from detente.solvers import solve_logit
from models.reference import judge, outcomes, payoff_scale

CRISIS = {"q": 0.3, "tau": 0.2, "vH": 2.0, "vL": 0.5, "p": 0.6, "cD": 0.6, "g": 1.0, "c": 1.0, "t": 0.5}
FORCE = {"q": 0.3, "m": 0.5, "vH": 2.0, "vL": 0.9, "c1": 0.4, "v2": 1.0, "c2": 0.75, "K": 1.0}
ARMS = {"pi_lo": 0.8, "k_lo": 0.24, "k_hi": 0.9, "D": 1.0, "D_a": 0.4, "g": 1.0, "l": 3.0, "d": 2.0, "phi": 0.45}
ARMS |= {"l_P": 1.0, "d_P": 2.0, "e": 3.0}
TRUST = {"t": 0.5, "b_T": 0.6, "b_U": 1.5, "ell": 1.0, "alpha": 0.55}
SELECTED: dict[str, tuple[str, dict[str, Any], dict[str, str]]] = {
    "ultimatum_risky": ("fearon1995_ultimatum", models.get("fearon1995_ultimatum").example, {}),
    "ultimatum_safe": ("fearon1995_ultimatum", {**models.get("fearon1995_ultimatum").example, "q": 0.3}, {}),
    "sunk_large": ("fearon1997_tying_sinking", {**CRISIS, "kind": "sunk", "m": 0.5}, {"equilibrium": "no signal"}),
    "sunk_small": ("fearon1997_tying_sinking", {**CRISIS, "kind": "sunk", "m": 0.2}, {"equilibrium": "no signal"}),
    "tie_large": ("fearon1997_tying_sinking", {**CRISIS, "kind": "tie", "m": 0.5}, {}),
    "tie_small": ("fearon1997_tying_sinking", {**CRISIS, "kind": "tie", "m": 0.2}, {}),
    "force_bluff": ("slantchev2005_mobilisation", FORCE, {}),
    "force_assured": ("slantchev2005_mobilisation", {**FORCE, "m": 0.85}, {}),
    "force_separating": ("slantchev2005_mobilisation", {**FORCE, "vL": 0.6, "m": 0.7}, {}),
    "force_war": ("slantchev2005_mobilisation", {**FORCE, "vH": 4.0, "c2": 0.3}, {}),
    "arms_inspection": ("baliga_sjostrom2008_ambiguity", ARMS, {"regime": "inspection"}),
    "arms_ambiguity": ("baliga_sjostrom2008_ambiguity", ARMS, {"regime": "ambiguity"}),
    "arms_voluntary": ("baliga_sjostrom2008_ambiguity", ARMS, {"regime": "voluntary"}),
    "trust": ("kydd2000_reassurance", TRUST, {"equilibrium": "all_defect"}),
    "brink_resolve": ("brinkmanship", models.get("brinkmanship").example, {}),
    "brink_deterred": ("brinkmanship", {**models.get("brinkmanship").example, "q": 0.2}, {}),
    "beer_pool": ("beer_quiche", {"prior_strong": 0.9}, {}),
    "beer_semisep": ("beer_quiche", {"prior_strong": 0.25}, {}),
}
"""Model, parameters, and which equilibrium is selected where it is not the first of the closed form."""


@pytest.mark.parametrize(("key", "given", "chosen"), SELECTED.values(), ids=SELECTED.keys())
def test_selected_equilibrium(key: str, given: dict[str, Any], chosen: dict[str, str]) -> None:
    model = models.get(key)
    assert model.build is not None
    regime = {name: word for name, word in chosen.items() if name == "regime"}
    game = model.build(**given, **regime)
    solution = solve_logit(game.shape, game.numbers, payoff_scale(game))
    verdict = judge(game, solution.assessment)
    assert verdict.certified[0], verdict.kinds
    closed = model.closed_form(**given, **chosen)
    assert outcomes(game, solution.assessment.strategy) == pytest.approx(closed["outcomes"], abs=1e-7)


@pytest.mark.parametrize("form", ["threat", "ladder"])
def test_brinkmanship_with_known_ends(form: str) -> None:
    given: dict[str, Any] = {
        "threat": {"p_hard": 0.2, "menu": [0.0, 0.3, 0.59, 0.61], "A": [1.0, -2.0, -10.0], "soft": [2.0, -4.0, -8.0]}
        | {"hard": [2.0, -4.0, -4.0]},
        "ladder": {"order": "DCD", "f": 0.3, "C": [1.0, -0.5, -2.0], "D": [1.0, -1.0, -2.5], "status_quo": [0.0, 0.5]},
    }[form]
    model = models.get("brinkmanship")
    assert model.build is not None
    game = model.build(**given)
    solution = solve_logit(game.shape, game.numbers, payoff_scale(game))
    assert judge(game, solution.assessment).certified[0]
    assert outcomes(game, solution.assessment.strategy) == pytest.approx(
        model.closed_form(**given)["outcomes"], abs=1e-7
    )


@pytest.mark.parametrize("q", [0.3, 0.7])
def test_in_the_education_game_a_certified_equilibrium_is_found(q: float) -> None:
    """Which one is told on the page: the grid has many, and the Riley level leaves the less able indifferent."""
    model = models.get("spence")
    assert model.build is not None
    game = model.build(q=q)
    solution = solve_logit(game.shape, game.numbers, payoff_scale(game))
    assert judge(game, solution.assessment).certified[0]
