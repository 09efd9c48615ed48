"""Published equilibria are among those found, where the collection of reference games is at hand."""

from __future__ import annotations

import io
import json
import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from detente.game import terminal_probability
from detente.solvers import EquilibriumSet
from game.gambit_games import from_gambit
from solvers.support.classic import solved

gambit = pytest.importorskip("pygambit")
FOLDER = Path(os.environ.get("DETENTE_REFERENCE_MODELS", Path(__file__).parents[4] / "shared/reference/models"))
LARGE = {"n_type_12", "n_type_6", "separating_low_trust", "separating_alpha_min"}  # take many seconds each


def _points() -> list:
    file = FOLDER / "reference.json"
    if not file.exists():
        return []
    return [
        pytest.param(FOLDER / point["efg"], point["expected"], id=f"{model}-{point['id']}")
        for model, points in json.loads(file.read_text()).items()
        if model != "_meta"
        for point in points
        if point.get("efg") and "strategies" in point["expected"] and point["id"] not in LARGE
        and "Stackelberg" not in point["status"]
    ]  # fmt: skip


POINTS = _points()
if not POINTS:
    pytest.skip("the folder of reference games is not at hand", allow_module_level=True)


@cache
def _solved_once(text: str) -> EquilibriumSet:
    """Several published equilibria belong to one game."""
    return solved(from_gambit(gambit.read_efg(io.StringIO(text))), starts=8)


@pytest.mark.slow
@pytest.mark.parametrize(("efg", "expected"), POINTS)
def test_the_published_outcome_is_listed(efg: Path, expected: dict):
    game = from_gambit(gambit.read_efg(str(efg)))
    strategy = np.zeros((1, game.shape.num_actions))
    for infoset, play in expected["strategies"].items():
        for action, probability in play.items():
            strategy[0, game.action(infoset, action)] = probability
    found = _solved_once(efg.read_text())
    assert found.complete
    ends = terminal_probability(game.shape, game.numbers.chance, strategy)[0]
    chance = np.repeat(game.numbers.chance, found.found, axis=0)
    gaps = np.abs(terminal_probability(game.shape, chance, found.assessment.strategy) - ends).max(axis=1)
    assert gaps.min() < 1e-6
    assert found.kinds[int(np.argmin(gaps))] != "nash"
    assert found.component_with(game.shape, game.numbers.chance, strategy[0]) is not None
