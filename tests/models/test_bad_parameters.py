"""Parameters outside their ranges are refused in words that name the value and the range."""

from __future__ import annotations

from typing import Any

import pytest

from detente import models
from detente.errors import RequestError

CRISIS = models.get("fearon1997_tying_sinking").example
FORCE = models.get("slantchev2005_mobilisation").example
ARMS = models.get("baliga_sjostrom2008_ambiguity").example
TRUST = models.get("kydd2000_reassurance").example
CONTEST = models.get("brinkmanship").example
SCHOOL = models.get("spence").example
DEMAND = models.get("fearon1995_ultimatum").example

WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("fearon1995_ultimatum", {**DEMAND, "p": 1.2}, "p = 1.2 is outside its legal range, from 0 to 1"),
    ("fearon1995_ultimatum", {**DEMAND, "c_H": 0.05}, "c_H = 0.05 is outside its legal range, above 0.1"),
    ("fearon1995_ultimatum", {"p": 0.5, "c_A": 0.1}, "c_L, c_H, q missing"),
    ("fearon1995_ultimatum", {**DEMAND, "offers": [0.5, 0.5]}, "not all different"),
    ("fearon1995_ultimatum", {**DEMAND, "tau": 1}, "there is no parameter 'tau'"),
    ("fearon1995_ultimatum", {"p": 0.5, "c_A": 0.1, "c_lo": 0.2}, "both c_lo and c_hi"),
    ("fearon1995_ultimatum", {"p": 0.5, "c_A": 0.1, "costs": [0.3, 0.2]}, "must rise"),
    ("fearon1997_tying_sinking", {**CRISIS, "kind": "talk"}, "There are: sunk, tie, installment, reducible"),
    ("fearon1997_tying_sinking", {**CRISIS, "vL": 1.5}, "war must be better than backing down for H alone"),
    ("fearon1997_tying_sinking", {**CRISIS, "q": 1}, "q = 1 is outside its legal range"),
    ("fearon1997_tying_sinking", {**CRISIS, "equilibrium": "bluffing"}, "There are: separating, no signal"),
    ("fearon1997_tying_sinking", {**CRISIS, "kind": "reducible", "kappa": 0.5, "m": 3.0}, "it separates from"),
    ("fearon1997_tying_sinking", {"q": 0.3, "tau": 0.2}, "m is missing"),
    ("slantchev2005_mobilisation", {**FORCE, "m": -1}, "m = -1 is outside its legal range, above 0"),
    ("slantchev2005_mobilisation", {**FORCE, "m": None}, "m is missing"),
    ("slantchev2005_mobilisation", {**FORCE, "vL": 2.5}, "vL = 2.5 is outside"),
    ("baliga_sjostrom2008_ambiguity", {**ARMS, "l": 1.0}, "l = 1.0 is outside its legal range, above 2"),
    ("baliga_sjostrom2008_ambiguity", {**ARMS, "K": 2.0}, "exclude each other"),
    ("baliga_sjostrom2008_ambiguity", {**ARMS, "d_P": 0.5}, "a preventive type attacks the armed"),
    ("baliga_sjostrom2008_ambiguity", {**ARMS, "regime": "spying"}, "There are: ambiguity, inspection, voluntary"),
    ("kydd2000_reassurance", {**TRUST, "b_U": 0.9}, "b_U = 0.9 is outside its legal range, above 1"),
    ("kydd2000_reassurance", {**TRUST, "alpha": 0.9, "equilibrium": "separating"}, "between 0.5 and 0.625"),
    ("brinkmanship", {"q": 0.1}, "give one of menu"),
    ("brinkmanship", {**CONTEST, "F": 0.4}, "f < R_L < F <= R_H"),
    ("brinkmanship", {**CONTEST, "sq": 2.0}, "C's payoffs must rise"),
    (
        "brinkmanship",
        {"order": "DCX", "f": 0.3, "C": [1, 0, -1], "D": [1, 0, -1], "status_quo": [0, 0]},
        "letters C and D",
    ),
    ("beer_quiche", {"prior_strong": 0.0}, "prior_strong = 0.0 is outside its legal range"),
    ("beer_quiche", {"prior_strong": "much"}, "prior_strong = 'much' is not a number"),
    ("beer_quiche", {"prior_strong": 0.3, "equilibrium": "pool_beer"}, "There are: semisep"),
    ("spence", {**SCHOOL, "e_grid": [0.5, 1.0]}, "must start at 0"),
    ("spence", {**SCHOOL, "w_grid": [1.0, 1.3]}, "must hold both abilities"),
    ("spence", {**SCHOOL, "equilibrium": "pool_0.5"}, "There are: riley, pool_0, pool_0.25"),
]


@pytest.mark.parametrize(("key", "given", "message"), WRONG)
def test_refused_in_words(key: str, given: dict[str, Any], message: str) -> None:
    with pytest.raises(RequestError) as caught:
        models.get(key).closed_form(**given)
    assert message in str(caught.value)


def test_unknown_model_suggests_the_near_one() -> None:
    with pytest.raises(RequestError, match="Did you mean 'beer_quiche'"):
        models.get("beer_quich")


def test_hyphens_count_as_underscores() -> None:
    assert models.get("beer-quiche") is models.get("beer_quiche")


def test_thresholds_have_no_assessment() -> None:
    model = models.get("fearon1995_ultimatum")
    assert model.build is not None
    closed = model.closed_form(p=0.5, c_A=0.1, c_lo=0.2, c_hi=0.4)
    with pytest.raises(RequestError, match="holds no strategies"):
        closed.assessment(model.build(**model.example))
