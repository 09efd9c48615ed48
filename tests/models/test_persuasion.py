"""Persuasion by a published rule: closed forms against a linear program, the tree, and the solver's best disclosure."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.optimize import linprog

from detente import models
from detente.errors import RequestError
from detente.solvers import concave_envelope
from models.reference import check_against_tree, check_expected, points
from models.shipped import played

MODEL = models.get("kamenica_gentzkow")
ONE = [
    {"prior": prior, "threshold": t}
    for prior, t in itertools.product((0.0, 0.1, 0.3, 0.5, 0.8, 1.0), (0.0, 0.2, 0.5, 0.9, 1.0))
]
TWO = [
    {"prior": prior, "t1": t1, "v1": v1, "t2": t2, "v2": 1.0}
    for prior, (t1, t2), v1 in itertools.product(
        (0.0, 0.15, 0.3, 0.6, 0.9, 1.0), ((0.3, 0.8), (0.5, 1.0)), (0.0, 0.3, 0.5, 1.0)
    )
]


@pytest.mark.parametrize("point", points(MODEL.key))
def test_reference_point(point):
    check_expected(MODEL.closed_form(**point["params"]), point)


def steps(numbers):
    if "threshold" in numbers:
        return [(numbers["threshold"], 1.0)]
    return [(numbers["t1"], numbers["v1"]), (numbers["t2"], numbers["v2"])]


def obedience(numbers) -> float:
    """The best value by a linear program over recommendations that the receiver wants to follow."""
    p, cut = numbers["prior"], steps(numbers)
    count = len(cut) + 1
    receiver = np.array([[sum(state - t for t, _ in cut[:k]) for k in range(count)] for state in (1.0, 0.0)])
    worth = np.array([0.0, *(v for _, v in cut)])
    rows = [
        np.concatenate([(receiver[s, other] - receiver[s, k]) * (np.arange(count) == k) for s in (0, 1)])
        for k in range(count)
        for other in range(count)
    ]
    totals = np.kron(np.eye(2), np.ones(count))
    found = linprog(-np.tile(worth, 2), A_ub=rows, b_ub=np.zeros(len(rows)), A_eq=totals, b_eq=[p, 1 - p])
    return -found.fun


@pytest.mark.parametrize("numbers", [*ONE, *TWO], ids=str)
def test_value_is_that_of_the_obedience_program_and_of_the_envelope(numbers):
    closed = MODEL.closed_form(**numbers)
    assert closed["value"] == pytest.approx(obedience(numbers), abs=1e-9)
    beliefs = np.unique([0.0, 1.0, numbers["prior"], *(t for t, _ in steps(numbers))])
    values = np.array([max([0.0] + [v for t, v in steps(numbers) if belief >= t]) for belief in beliefs])
    prior = np.array([numbers["prior"], 1 - numbers["prior"]])
    envelope = concave_envelope(np.column_stack([beliefs, 1 - beliefs]), values, prior)
    assert closed["value"] == pytest.approx(envelope.value, abs=1e-12)
    assert closed["value"] >= max(closed["no_disclosure"], closed["full_disclosure"]) - 1e-12


@pytest.mark.parametrize("rule", ["optimal", "none", "full"])
def test_closed_form_is_an_equilibrium_of_the_tree(rule):
    for numbers in [*ONE, *TWO]:
        closed = MODEL.closed_form(**numbers, rule=rule)
        check_against_tree(MODEL.build(**numbers, rule=rule), closed)
        name = {"optimal": "value", "none": "no_disclosure", "full": "full_disclosure"}[rule]
        assert closed["eu"]["S"] == pytest.approx(closed[name], abs=1e-12)


def test_best_rule_recommends_just_often_enough_in_the_bad_state():
    for numbers in ONE:
        closed, p = MODEL.closed_form(**numbers), numbers["prior"]
        acted = p + (1 - p) * closed["prob_rec_given_bad"]
        if closed["value"] > 0:
            assert acted == pytest.approx(closed["value"], abs=1e-12)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"prior": 1.2, "threshold": 0.5}, "prior = 1.2"),
        ({"prior": 0.2, "threshold": -0.5}, "threshold = -0.5"),
        ({"prior": 0.2, "threshold": 0.5, "rule": "half"}, "optimal, none, full"),
        ({"prior": 0.2, "t1": 0.5, "v1": 1, "t2": 0.4, "v2": 1}, "t1 has to lie below t2"),
        ({"prior": 0.2, "t1": 0.2, "v1": 2, "t2": 0.4, "v2": 1}, "v1 may not exceed v2"),
        ({"prior": 0.2, "t1": 0.0, "v1": 1, "t2": 0.4, "v2": 1}, "t1 = 0.0"),
        ({"prior": 0.2}, "takes exactly prior"),
    ],
)
def test_bad_numbers_are_refused_in_words(params, message):
    with pytest.raises(RequestError, match=message):
        MODEL.closed_form(**params)


@pytest.mark.parametrize("posture", ["silent", "candid", "calibrated"])
def test_shipped_case_has_the_closed_form(posture):
    """The solver's own search for the best disclosure (Detente's `disclose: optimal`) against the formula."""
    rows = {"prior": [0.3, 0.4, 0.1, 0.62, 0.9, 0.05], "threshold": [0.5, 0.8, 0.25, 0.7, 0.3, 0.9]}
    outcomes, values = played("kamenica-gentzkow", posture, **rows)
    rule = {"silent": "none", "candid": "full", "calibrated": "optimal"}[posture]
    for k, (prior, threshold) in enumerate(zip(*rows.values(), strict=True)):
        closed = MODEL.closed_form(prior=prior, threshold=threshold, rule=rule)
        assert outcomes["acted"][k] == pytest.approx(closed["outcomes"]["act"], abs=1e-6)
        assert values["S"][k] == pytest.approx(closed["eu"]["S"], abs=1e-6)
