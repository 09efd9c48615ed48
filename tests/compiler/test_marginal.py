"""The prior of one type by itself, alone and out of a joint prior."""

from __future__ import annotations

import numpy as np

from detente.case import loads
from detente.compiler import marginal_prior

CASE = """
case: priors
title: Types that go together
owner: A
actors:
  A: One
  B: Two
parameters:
  p:
    value: 0.2
  w:
    value: 3.0
types:
  A.aim:
    x: p
    y: rest
  A.mood:
    calm: p
    wild: rest
  B.mind:
    open: p
    shut: p
    gone: w
joint:
  - types: [A.aim, A.mood]
    weights:
      - [x, calm, w]
      - [x, wild, 1]
      - [y, wild, p]
timeline:
  - decision: go
    by: A
    options: [left, right]
payoffs:
  A:
    - term: way
      when: go == left
      value: 1
postures:
  usual:
    status_quo: true
  bold:
    set:
      w: 1
"""


def test_marginals_by_hand():
    case = loads(CASE)
    theta = np.repeat(case.base_theta()[None], 2, axis=0)
    theta[1, case.parameter_index("w")] = 7.0
    usual, bold = case.postures
    np.testing.assert_allclose(
        marginal_prior(case, usual, "A.aim", theta), [[4 / 4.2, 0.2 / 4.2], [8 / 8.2, 0.2 / 8.2]], atol=1e-12
    )
    np.testing.assert_allclose(marginal_prior(case, usual, "A.mood", theta)[0], [3 / 4.2, 1.2 / 4.2], atol=1e-12)
    by_hand = np.array([0.2, 0.2, 3.0]) / 3.4
    np.testing.assert_allclose(marginal_prior(case, usual, "B.mind", theta)[0], by_hand, atol=1e-12)
    np.testing.assert_allclose(marginal_prior(case, bold, "A.aim", theta), [[2 / 2.2, 0.2 / 2.2]] * 2, atol=1e-12)
