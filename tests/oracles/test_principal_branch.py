"""Which of several equilibria is played where two are nearly alike: the principal branch leans one way and stays there.

Two players want to meet at one of two places. With little precision the owner leans to the place it likes
better, and the other follows: on the branch that starts at even odds it is the better place at every precision, and
the two are played with odds of their own only where both are liked exactly alike (a pitchfork).
"""

from __future__ import annotations

import pytest

from detente.study import SolveSettings, solve
from study.small_cases import meeting


@pytest.mark.parametrize("high", [0.5, 0.9, 0.98, 0.995, 1.005, 1.02, 1.1, 2.0])
@pytest.mark.parametrize("bonus", [0.0, 2.0], ids=["without_bonus", "with_bonus"])
def test_the_place_liked_better_is_the_one_met_at(high: float, bonus: float):
    answer = solve(meeting(high=high, bonus=bonus), settings=SolveSettings(starts=0))
    assert answer.infosets[0].strategy["east"] == pytest.approx(1.0 if high > 1 else 0.0, abs=1e-6)
    assert answer.certificate.regret <= 1e-8
