"""Which levels of a signal survive D1, against D1 worked out by trying every response."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from detente import models
from detente.game import check_refinements
from detente.models import ClosedForm
from models.reference import judge, payoff_scale

CRISIS = {"tau": 0.2, "vH": 2.0, "vL": 0.5, "p": 0.6, "cD": 0.6, "g": 1.0, "c": 1.0, "t": 0.5}
FORCE = {"vH": 2.0, "vL": 0.9, "c1": 0.4, "v2": 1.0, "c2": 0.75, "K": 1.0}
TENTHS = [round(level / 10, 10) for level in range(16)]


@pytest.mark.parametrize(
    ("changes", "survivors"),
    [({"q": 0.3}, [0.8]), ({"q": 0.95}, [0.5, 0.6, 0.7, 0.8]), ({"q": 0.3, "vL": 0.6}, [0.6])],
    ids=["assured", "bluffing_survives", "riley"],
)
def test_mobilization_levels(changes: dict[str, float], survivors: list[float]) -> None:
    closed = models.get("slantchev2005_mobilisation").closed_form(**{**FORCE, **changes}, grid=TENTHS)
    assert closed["survivors"] == survivors


def test_sunk_levels_leave_the_riley_level_alone() -> None:
    closed = models.get("fearon1997_tying_sinking").closed_form(**CRISIS, q=0.3, grid=TENTHS)
    assert closed["survivors"] == [0.4]
    assert closed["m_riley"] == pytest.approx(0.4)


def test_sunk_levels_with_a_strong_prior_are_not_selected() -> None:
    closed = models.get("fearon1997_tying_sinking").closed_form(**CRISIS, q=0.6, grid=TENTHS)
    assert closed["survivors"] == [0.1, 0.2, 0.3, 0.4, 0.4]


def gains(level: float, value: dict[str, float], deterred: np.ndarray) -> dict[str, np.ndarray]:
    """Whether each type gains from a level, for each probability that it deters."""
    kept = {"H": (2.0, 0.6), "L": (0.5, 0.0)}
    return {own: deterred * v + (1 - deterred) * w - level > value[own] + 1e-9 for own, (v, w) in kept.items()}


@pytest.mark.parametrize("m", [0.1, 0.2, 0.4, 0.5, 0.7, 1.0])
def test_d1_by_trying_every_response(m: float) -> None:
    """An unused level is read as H's if H gains from more responses, and then it deters all weak challengers."""
    model = models.get("fearon1997_tying_sinking")
    closed = model.closed_form(**CRISIS, q=0.3, kind="sunk", m=m)
    value = {"H": closed["EU_H"], "L": closed["EU_L"]}
    deterred = np.linspace(0, 0.8, 4_001)
    survives = True
    for level in TENTHS:
        if level not in (0.0, m):
            gain = gains(level, value, deterred)
            if gain["H"].sum() > gain["L"].sum() + 1:
                survives = False
    kept = model.closed_form(**CRISIS, q=0.3, grid=TENTHS)["survivors"]
    assert survives == (m in kept)


def alone(key: str, given: dict[str, float], level: float) -> bool:
    """Whether the profile in which this level is the only one used passes D1 in the tree with all levels."""
    model = models.get(key)
    assert model.build is not None
    game = model.build(**given, grid=TENTHS)
    closed = model.closed_form(**given, m=level, **({"kind": "sunk"} if "tau" in given else {}))
    play = dict(closed["strategies"])
    for other in TENTHS[1:]:
        if other != level:  # read as the irresolute's
            at = model.closed_form(**given, m=other, **({"kind": "sunk"} if "tau" in given else {}))
            play |= {name: rule for name, rule in at["strategies"].items() if name.endswith(f"|{other:g}")}
            if "tau" in given:
                play[f"C|weak|{other:g}"] = {"chal": 1.0}
            elif at["m_fight_L"] > other or other < at["m_deter"]:
                play[f"S2|{other:g}"] = {"resist": 1.0}
            else:
                play[f"S2|{other:g}"] = {"capit": 1.0}
    orders = {f"{level:g}": 2 for level in TENTHS}
    whole = ClosedForm({"strategies": play}, trembles={"D1|H" if "tau" in given else "mob|H": orders})
    assessment = whole.assessment(game)
    if not judge(game, assessment).certified[0]:
        return False  # somebody gains from a level at which state two gives way whatever it believes
    found = check_refinements(game.shape, game.numbers, assessment, payoff_scale(game), game.labels).d1
    assert found.applies
    assert found.passed is not None
    return found.passed


@pytest.mark.parametrize("level", [0.1, 0.3, 0.4, 0.5, 0.8])
def test_the_refinement_check_keeps_the_same_sunk_levels(level: float) -> None:
    assert alone("fearon1997_tying_sinking", {**CRISIS, "q": 0.3}, level) == (level == 0.4)


@pytest.mark.parametrize("level", [0.4, 0.5, 0.6, 0.7, 0.8])
def test_the_refinement_check_keeps_the_same_mobilizations(level: float) -> None:
    assert alone("slantchev2005_mobilisation", {**FORCE, "q": 0.95}, level) == (level >= 0.5)


@pytest.mark.parametrize("level", [0.6, 0.7, 0.9])
def test_the_refinement_check_keeps_the_same_separating_mobilization(level: float) -> None:
    assert alone("slantchev2005_mobilisation", {**FORCE, "q": 0.3, "vL": 0.6}, level) == (level == 0.6)


SIGNALS: list[tuple[str, dict[str, Any]]] = [
    ("beer_quiche", {"prior_strong": 0.9}),
    ("beer_quiche", {"prior_strong": 0.25}),
    ("spence", {"q": 0.7}),
    ("fearon1997_tying_sinking", {**CRISIS, "q": 0.3, "kind": "sunk", "m": 0.5}),
    ("fearon1997_tying_sinking", {**CRISIS, "q": 0.3, "kind": "sunk", "m": 0.2}),
    ("fearon1997_tying_sinking", {**CRISIS, "q": 0.6, "kind": "sunk", "m": 0.2}),
    ("fearon1997_tying_sinking", {**CRISIS, "q": 0.3, "kind": "tie", "m": 0.2}),
    ("fearon1997_tying_sinking", {**CRISIS, "q": 0.3, "kind": "tie", "m": 0.5}),
    ("slantchev2005_mobilisation", {**FORCE, "q": 0.3, "m": 0.5}),
    ("slantchev2005_mobilisation", {**FORCE, "q": 0.3, "vL": 0.6, "m": 0.7}),
    ("slantchev2005_mobilisation", {**FORCE, "q": 0.3, "m": 0.85}),
    ("slantchev2005_mobilisation", {**FORCE, "q": 0.95, "m": 0.5}),
]


@pytest.mark.parametrize(("key", "given"), SIGNALS)
def test_the_first_equilibrium_is_the_one_that_d1_leaves(key: str, given: dict[str, Any]) -> None:
    model = models.get(key)
    assert model.build is not None
    game = model.build(**given)
    first = model.closed_form(**given)
    for name in (first.equilibrium, *first.others):
        closed = model.closed_form(**given, equilibrium=name)
        found = check_refinements(game.shape, game.numbers, closed.assessment(game), payoff_scale(game), game.labels)
        refined = name == first.equilibrium or given.get("q") == 0.6  # there D1 does not select
        assert found.d1.passed == refined, name
        if name == "no signal":
            assert found.intuitive.passed == (given["m"] <= 0.4)
        if name == "no mobilization":
            assert found.intuitive.passed == (given["m"] <= given["vL"])
        if "passes_intuitive" in closed:
            assert found.intuitive.passed == closed["passes_intuitive"]
        if key == "spence":
            assert found.intuitive.passed == closed["passes_intuitive_on_grid"]
