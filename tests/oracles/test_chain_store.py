"""The chain store in rounds: Selten's paradox, and the reputation that resolves it.

Kreps and Wilson (1982), section 3, with two markets, a discount factor and a store that loses 1 by fighting, has 0
if it shares a market, and `a` where nobody enters. An entrant gets `b` if it is met softly and b - 1 if it is
fought. A tough store (probability p) fights by nature. The entrants are two actors, one per round.
"""

from __future__ import annotations

import numpy as np
import pytest

from detente.case import loads
from detente.study.worlds import Worlds

TEXT = """
case: chain-store
title: Chain store in two markets
owner: INC
actors:
  ONE: First entrant
  TWO: Second entrant
  INC: Store
parameters:
  p:
    value: 0.1
    range: [0.0, 1.0]
  b:
    value: 0.5
    range: [0.1, 0.9]
  a:
    value: 2.0
    range: [1.2, 3.0]
  delta:
    value: 0.9
    range: [0.8, 1.0]
types:
  INC.nature:
    tough: p
    weak: rest
timeline:
  - rounds: 2
    name: markets
    discount: delta
    block:
      - decision: first
        by: ONE
        options: [enter, stay_out]
        when: round == 1
      - decision: second
        by: TWO
        options: [enter, stay_out]
        when: round == 2
      - decision: reply
        by: INC
        options: [fight, share]
        when: first == enter or second == enter
payoffs:
  ONE:
    - term: market
      paid: per_round
      when: first == enter
      value: b - (1 if reply == fight else 0)
  TWO:
    - term: market
      paid: per_round
      when: second == enter
      value: b - (1 if reply == fight else 0)
  INC:
    - term: monopoly
      paid: per_round
      when: first == stay_out or second == stay_out
      value: a
    - term: fight
      paid: per_round
      when: reply == fight and INC.nature == weak
      value: -1
    - term: honor
      paid: per_round
      when: reply == share and INC.nature == tough
      value: -1
"""


def odds(theta: dict[str, float], text: str) -> float:
    """Probability of a condition on the whole history, at some values."""
    case = loads(TEXT + f"outcomes:\n  asked: {text}\n")
    values = case.base_theta()
    for name, value in theta.items():
        values[case.parameter_index(name)] = value
    worlds = Worlds(case)
    played = worlds.play(case.status_quo, values[None], worlds.scale(values[None]))
    assert played.certified.all()
    return float(played.outcomes()[0, 0])


@pytest.mark.parametrize(("p", "b", "a", "delta"), [(0.1, 0.5, 2.0, 0.9), (0.05, 0.4, 1.5, 0.8), (0.2, 0.6, 3.0, 1.0)])
def test_low_reputation_mixes_as_kreps_and_wilson_say(p, b, a, delta):
    """Below b ** 2 the first entrant enters; the weak store fights just so often that the second is indifferent."""
    theta = {"p": p, "b": b, "a": a, "delta": delta}
    fights = p * (1 - b) / ((1 - p) * b)
    stays_out = 1 / (delta * a)
    first_fought = p + (1 - p) * fights
    assert p < b**2
    assert odds(theta, "first.1 == enter") == pytest.approx(1, abs=1e-6)
    assert odds(theta, "reply.1 == fight") == pytest.approx(first_fought, abs=1e-6)
    assert odds(theta, "second.2 == stay_out") == pytest.approx(first_fought * stays_out, abs=1e-6)
    assert odds(theta, "count_rounds(reply == share) == 2") == pytest.approx(1 - first_fought, abs=1e-6)


@pytest.mark.parametrize("p", [0.3, 0.45])
def test_middling_reputation_keeps_the_first_entrant_out(p):
    """Between b ** 2 and b the store would be fought for, so nobody enters before the last market."""
    assert odds({"p": p}, "first.1 == stay_out") == pytest.approx(1, abs=1e-6)
    assert odds({"p": p}, "second.2 == enter") == pytest.approx(1, abs=1e-6)
    assert odds({"p": p}, "last.reply == share") == pytest.approx(1 - p, abs=1e-6)


def test_without_a_tough_type_every_market_is_entered_and_shared():
    """Selten (1978): backward induction leaves the store no reputation to defend."""
    case = loads(
        TEXT.replace("tough: p\n    weak: rest", "tough: 0\n    weak: 1")
        + "outcomes:\n  asked: always(reply == share)\n"
    )
    worlds = Worlds(case)
    theta = case.base_theta()[None]
    played = worlds.play(case.status_quo, theta, worlds.scale(theta))
    assert float(played.outcomes()[0, 0]) == pytest.approx(1, abs=1e-9)
    b, delta = (case.parameter(name).value for name in ("b", "delta"))
    np.testing.assert_allclose(played.value(case.actor_ids.index("TWO")), delta * b, atol=1e-9)
