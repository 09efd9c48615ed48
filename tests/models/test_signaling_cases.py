"""The shipped cases of the signaling and crisis models give the closed form at base values and around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from detente import audit, models
from models.shipped import case, played

Numbers = Mapping[str, float]
DRAWS = 25


@dataclass(frozen=True)
class Match:
    """A posture of a case and the closed form it must give."""

    case: str
    posture: str
    key: str
    given: Callable[[Numbers], dict[str, Any]]
    outcomes: dict[str, Callable[[Mapping[str, float]], float]]
    actors: dict[str, str]
    vary: tuple[str, ...] = ()
    options: dict[str, str] = field(default_factory=dict[str, str])


def demand(at: Numbers) -> dict[str, Any]:
    offers = [at["p"] + cost - at["step"] for cost in (0, at["c_L"], at["c_H"])]
    return {**{name: at[name] for name in ("p", "c_A", "c_L", "c_H", "q")}, "offers": offers}


def signal(kind: str) -> Callable[[Numbers], dict[str, Any]]:
    def given(at: Numbers) -> dict[str, Any]:
        same = {name: at[name] for name in ("q", "tau", "m", "p", "g", "c", "t")}
        return {**same, "kind": kind, "vH": at["v_H"], "vL": at["v_L"], "cD": at["c_D"]}

    return given


def force(at: Numbers) -> dict[str, Any]:
    renamed = {"vH": "v_H", "vL": "v_L", "c1": "c_1", "v2": "v_2", "c2": "c_2"}
    return {**{name: at[name] for name in "qmK"}, **{name: at[other] for name, other in renamed.items()}}


def arms(at: Numbers) -> dict[str, Any]:
    renamed = {"D": "hit", "D_a": "hit_armed", "g": "gain", "l": "fight_cost", "d": "menace", "e": "blame"}
    renamed |= {"l_P": "fight_cost_P", "d_P": "menace_P"}
    same = {name: at[name] for name in ("pi_lo", "k_lo", "k_hi", "phi")}
    return {**same, **{name: at[other] for name, other in renamed.items()}}


def trust(at: Numbers) -> dict[str, Any]:
    return {name: at[name] for name in ("t", "b_T", "b_U", "ell", "alpha")}


def threat(at: Numbers) -> dict[str, Any]:
    target = [at["win"], -at["yield_cost"]]
    return {
        "p_hard": at["p_hard"],
        "menu": [0.0, at["r_weak"], at["r_strong"]],
        "A": [at["success"], -at["defied_cost"], -at["disaster_cost"]],
        "soft": [*target, -at["ruin_soft"]],
        "hard": [*target, -at["ruin_hard"]],
    }


def ladder(at: Numbers) -> dict[str, Any]:
    sides = {side: [at[f"win_{side}"], -at[f"lose_{side}"], -at[f"ruin_{side}"]] for side in "CD"}
    return {"order": "DCDC", "f": at["f"], **sides, "status_quo": [0.0, at["calm_D"]]}


def contest(at: Numbers) -> dict[str, Any]:
    found = {"q": at["q"], "f": at["f"], "F": at["F_last"], "w": at["w"], "s_": 0.0, "dL": -at["ruin_L"]}
    return found | {"dH": -at["ruin_H"], "wC": at["w_C"], "sC": -at["s_C"], "dC": -at["ruin_C"], "sq": 0.0}


def education(at: Numbers) -> dict[str, Any]:
    found = {name: at[name] for name in ("theta_H", "theta_L", "q")}
    return {**found, "e_grid": [0.0, at["some"], at["proof"]]}


WAR = {"fought": lambda o: o["war"], "deterred": lambda o: o["deter"]}
ARMED = {
    "armed": lambda o: o["armed_attack"] + o["armed_peace"],
    "war": lambda o: o["armed_attack"] + o["unarmed_attack"],
}
YIELD = {
    "fought": lambda o: o["war"],
    "yielded": lambda o: o["capitulate"],
    "bluffed": lambda o: o["backdown"],
}
TRUSTED = {"trust": lambda o: o["CC-CC"], "exploited": lambda o: o["CD-DD"] + o["DC-DD"]}
SIDES = {"ONE": "1", "TWO": "2"}
DEF = {"DEF": "D", "CHL": "C"}
CRISIS, AMBIGUITY = "fearon1997_tying_sinking", "baliga_sjostrom2008_ambiguity"

MATCHES = {
    "ultimatum": Match(
        "fearon1995-ultimatum", "private", "fearon1995_ultimatum", demand, {"fought": lambda o: o["war"]},
        {"A": "A", "B": "B"}, ("q", "p", "c_A", "c_L", "c_H"),
    ),
    "sunk_branch": Match(
        "fearon1997-sinking-costs", "free", CRISIS, signal("sunk"), WAR, DEF, ("q", "tau", "m", "c_D"),
        {"equilibrium": "no signal"},
    ),
    "sunk_rule": Match(
        "fearon1997-sinking-costs", "by_resolve", CRISIS, signal("sunk"), WAR, DEF, ("q", "m", "c_D"),
        {"equilibrium": "separating"},
    ),
    "tied": Match("fearon1997-tying-hands", "free", CRISIS, signal("tie"), WAR, DEF, ("q", "tau", "m", "c_D")),
    "force": Match(
        "slantchev2005-mobilisation", "free", "slantchev2005_mobilisation", force, YIELD, {"S1": "S1", "S2": "S2"},
        ("q", "m", "v_H", "v_L", "c_2"),
    ),
    "blind": Match(
        "baliga-sjostrom2008-ambiguity", "ambiguity", AMBIGUITY, arms, ARMED, {"BIG": "A", "SML": "B"},
        ("pi_lo", "k_lo", "phi", "gain"), {"regime": "ambiguity"},
    ),
    "seen": Match(
        "baliga-sjostrom2008-ambiguity", "inspection", AMBIGUITY, arms, ARMED, {"BIG": "A", "SML": "B"},
        ("pi_lo", "k_lo", "phi", "gain"), {"regime": "inspection"},
    ),
    "voluntary": Match(
        "baliga-sjostrom2008-ambiguity", "voluntary", AMBIGUITY, arms, ARMED, {"BIG": "A", "SML": "B"},
        ("pi_lo", "gain"), {"regime": "voluntary"},
    ),
    "distrust": Match(
        "kydd2000-reassurance", "free", "kydd2000_reassurance", trust, TRUSTED, SIDES, ("t", "alpha"),
        {"equilibrium": "all_defect"},
    ),
    "first_step": Match(
        "kydd2000-reassurance", "first_step", "kydd2000_reassurance", trust, TRUSTED, SIDES, ("b_U", "ell"),
        {"equilibrium": "separating"},
    ),
    "threat": Match(
        "brinkmanship-threat", "chosen", "brinkmanship", threat,
        {"disaster": lambda o: o["disaster"], "yields": lambda o: o["yield"]}, {"US": "US", "SU": "SU"},
        ("p_hard", "r_strong", "success"),
    ),
    "ladder": Match(
        "brinkmanship-ladder", "free", "brinkmanship", ladder,
        {"disaster": lambda o: o["disaster"], "challenged": lambda o: 1 - o["status_quo"]}, {"C": "C", "D": "D"},
        ("f", "win_C", "ruin_D"),
    ),
    "contest": Match(
        "brinkmanship-resolve", "private", "brinkmanship", contest,
        {"disaster": lambda o: o["disaster"], "challenged": lambda o: 1 - o["status_quo"]}, {"C": "C", "D": "D"},
        ("q", "f", "F_last", "ruin_C"),
    ),
    "beer": Match(
        "beer-quiche", "private", "beer_quiche", lambda at: {"prior_strong": at["s"]},
        {"fought": lambda o: o["beer_duel"] + o["quiche_duel"]}, {"SND": "Snd", "RCV": "R"}, ("s",),
    ),
    "school": Match(
        "spence", "free", "spence", education, {}, {"WRK": "W", "FRM": "F"}, ("q",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("match", MATCHES.values(), ids=MATCHES.keys())
def test_case_gives_the_closed_form(match: Match) -> None:
    found = case(match.case)
    rng = np.random.default_rng(17)
    rows = {item.name: [item.value] * (DRAWS + 1) for item in found.parameters}
    for item in found.parameters:
        if item.name in match.vary:
            rows[item.name][1:] = list(rng.uniform(item.distribution.low, item.distribution.high, DRAWS))
    outcomes, values = played(match.case, match.posture, **{name: rows[name] for name in match.vary})
    model = models.get(match.key)
    assert match.case in model.cases
    for i in range(DRAWS + 1):
        at = {name: column[i] for name, column in rows.items()}
        closed = model.closed_form(**match.given(at), **match.options)
        for actor, player in match.actors.items():
            assert values[actor][i] == pytest.approx(closed["eu"][player], abs=1e-6), (i, at)
        for name, odds in match.outcomes.items():
            assert outcomes[name][i] == pytest.approx(odds(closed["outcomes"]), abs=1e-6), (i, at)


@pytest.mark.parametrize("name", sorted({match.case for match in MATCHES.values()}))
def test_every_claim_holds_at_base_values(name: str) -> None:
    """The claims restate the closed form; `big_power_prefers_ambiguity` and the like hold in most worlds only."""
    answer = audit(name, draws=12, quick=True).to_json()
    assert {claim["id"]: claim["at_base"] for claim in answer["claims"] if claim["at_base"] != "holds"} == {}
    assert all(claim["share"] > 0.9 for claim in answer["claims"])
