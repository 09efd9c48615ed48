"""Along a line of worlds most are solved with the help of their neighbors: that changes no answer."""

from __future__ import annotations

import numpy as np
import pytest

import detente
from detente.study.games import SolveOptions
from detente.study.locate import along
from detente.study.panel import evaluate
from detente.study.tipping import sweep_points, swept_parameters
from detente.study.watch import Unwatched
from detente.study.worlds import Worlds


@pytest.fixture(scope="module")
def worlds() -> Worlds:
    found = Worlds(detente.load("deterrence-101"), None, SolveOptions(threads=1))
    found.compile_all()
    return found


def test_neighbors_change_neither_the_ranking_nor_by_more_than_a_thousandth_a_value(worlds):
    assert any(posture.needs_search for posture in worlds.postures)
    for column in swept_parameters(worlds.case):
        theta = along(worlds.case, column, sweep_points(worlds.case, column, 33))
        line = np.zeros(len(theta), dtype=np.int32)
        alone = evaluate(worlds, theta, Unwatched())
        helped = evaluate(worlds, theta, Unwatched(), line)
        assert np.array_equal(alone.best, helped.best)
        assert np.abs(alone.own - helped.own).max() <= 1e-3 * alone.spread.max()
        ranked = evaluate(worlds, theta, Unwatched(), line, ranking=True)
        assert np.array_equal(alone.best, ranked.best)
        assert not worlds.options.ranking
