"""Ranges of weights: what they allow, against a grid of every combination."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from detente.case import loads
from detente.ensemble import draw_parameters
from detente.evidence import outer_bounds
from detente.study.type_prior import type_prior

HEAD = """
case: priors
title: Ranges of weights
actors:
  A: One
parameters:
  a:
    value: 0.2
    range: [0.1, 0.4]
  b:
    value: 0.3
    range: [0.2, 0.5]
  c:
    value: 2.0
    range: [1.0, 3.0]
types:
"""
TAIL = """evidence:
  about: A.aim
"""
JOINT = """  A.aim:
    x: 0
    y: rest
  A.mood:
    calm: 0
    wild: rest
joint:
  - types: [A.aim, A.mood]
    weights:
      - [x, calm, a]
      - [x, wild, b]
      - [y, wild, c]
"""
FORMS = {
    "plain": ("  A.aim:\n    x: a\n    y: b\n    z: c\n", lambda a, b, c: (a, b, c)),
    "product": ("  A.aim:\n    x: a * b\n    y: c\n", lambda a, b, c: (a * b, c)),
    "rest": ("  A.aim:\n    x: a\n    y: b\n    z: rest\n", lambda a, b, c: (a, b, 1 - a - b)),
    "joint": (JOINT, lambda a, b, c: (a + b, c)),
}
GRID = (np.linspace(0.1, 0.4, 5), np.linspace(0.2, 0.5, 5), np.linspace(1.0, 3.0, 5))


@pytest.mark.parametrize("form", FORMS)
def test_bounds_are_those_of_every_combination(form: str):
    text, weights = FORMS[form]
    case = loads(HEAD + text + TAIL)
    prior = type_prior(case, "A.aim", draw_parameters(case, 0, 0, 200))
    rows = np.array([weights(*values) for values in itertools.product(*GRID)])
    score = np.log(np.array([0.7, 0.2, 0.4]))[: rows.shape[1]]
    mass = rows * np.exp(score)
    every = mass / mass.sum(axis=1, keepdims=True)
    lower, upper = outer_bounds(prior.box, (score + prior.low)[None], (score + prior.high)[None])
    np.testing.assert_allclose(lower[0], every.min(axis=0), atol=1e-12)
    np.testing.assert_allclose(upper[0], every.max(axis=0), atol=1e-12)
    base = np.array(weights(0.2, 0.3, 2.0))
    np.testing.assert_allclose(prior.point, base / base.sum(), atol=1e-12)
    assert prior.draws.shape == (200, rows.shape[1])
    assert np.ptp(prior.draws, axis=0).min() > 0.05
