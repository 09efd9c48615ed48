"""A crisis with moves and evidence, and what hand computation says of it."""

from __future__ import annotations

import math
import re

from detente.case import Case
from detente.study import CompareAnswer, CompareSettings, compare

SMALL = {"sweep_points": 5, "region_points": 0, "envelope_points": 0, "starts": 0, "start_worlds": 0, "threads": 1}

STRAIT = """
case: strait
title: Landing craft gather
owner: BLU
actors:
  RED: Red
  BLU: Blue
parameters:
  p_strong:
    value: 0.3
    range: [0.2, 0.4]
  cost_weak:
    value: 0.4
    range: [0.3, 0.6]
  fight:
    value: 0.6
    range: [0.4, 0.8]
  prize:
    value: 1.5
    range: [1.4, 2.6]
types:
  RED.kind:
    strong: p_strong
    weak: rest
timeline:
  - decision: mass
    by: RED
    options: [gather, stay]
    ends: [stay]
  - decision: answer
    by: BLU
    options: [hold_back, resist]
payoffs:
  RED:
    - term: gathered
      when: mass == gather and RED.kind == weak
      value: -cost_weak
    - term: won
      when: answer == hold_back
      value: prize
    - term: beaten
      when: answer == resist and RED.kind == weak
      value: -1
  BLU:
    - term: lost
      when: answer == hold_back
      value: -fight
    - term: fought
      when: answer == resist and RED.kind == strong
      value: -prize
outcomes:
  given_up: answer == hold_back
postures:
  open_hand:
    status_quo: true
  firm:
    commit:
      answer: resist
  chosen:
    commit:
      answer: optimal
evidence:
  about: RED.kind
  items:
    craft:
      move: mass=gather
      reported: 2031-02-01
"""


def fixed(text: str) -> str:
    return re.sub(r"    range: .*\n", "", text)


def asked(case: Case, draws: int = 4, **more: object) -> CompareAnswer:
    return compare(case, CompareSettings(draws=draws, given_evidence=True, **(SMALL | more)))  # type: ignore[arg-type]


def sigmoid(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))


def gathering(p: float, cost: float, fight: float, prize: float, precision: float = 30.0) -> tuple[float, float]:
    """How often the strong and the weak gather at a finite precision: a fixed point found by bisection.

    Payoffs are divided by each side's range over all endings.
    """
    low, high = 0.0, 1.0
    gather = (0.5, 0.5)
    for _ in range(200):
        back = 0.5 * (low + high)  # probability that Blue holds back
        red = precision / (prize + cost + 1.0)
        gather = sigmoid(red * back * prize), sigmoid(red * (back * prize - (1 - back) - cost))
        strong = p * gather[0] / (p * gather[0] + (1 - p) * gather[1])
        if sigmoid(precision / prize * (strong * prize - fight)) > back:
            low = back
        else:
            high = back
    return gather


def by_hand(p: float, cost: float, fight: float, prize: float) -> tuple[float, float]:
    """Probability of the strong type once they have gathered, and probability that they gather."""
    strong, weak = gathering(p, cost, fight, prize)
    chance = p * strong + (1 - p) * weak
    return p * strong / chance, chance


# ------------------------------------------------------------------ a signaling game by hand
