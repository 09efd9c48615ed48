"""The tutorial case gives the closed form of its page."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import numpy as np
import pytest

from detente import cases
from detente.case import load
from detente.compiler import compile_posture
from detente.study.worlds import Worlds

CASE = load(cases.path("deterrence-101"))
PAGE = Path(__file__).parents[2] / "docs" / "cases" / "deterrence-101.md"
GRID = [
    dict(zip("pGCdLW", values, strict=True))
    for values in itertools.product((0.05, 0.25, 0.62, 0.93), (0.7, 1.3), (0.4, 1.2), (0.05, 0.35), (0.6, 1.4), (0.2,))
]


def closed_form(p, G, C, d, L, W):
    """Attack probability and value to the defender, by posture."""
    threshold = (G - d) / (G + C)
    shown = max(0.0, 1 - p / threshold)
    silent = (1.0, -p * W - (1 - p) * L) if p < threshold else (0.0, 0.0)
    return {"undisclosed": silent, "revealed": (1 - p, -(1 - p) * L), "calibrated": (shown, -shown * L)}


@pytest.fixture(scope="module")
def grid():
    theta = np.tile(CASE.base_theta(), (len(GRID), 1))
    for name in "pGCdLW":
        theta[:, CASE.parameter_index(name)] = [point[name] for point in GRID]
    worlds = Worlds(CASE)
    scale = worlds.scale(theta)
    return {posture.name: worlds.play(posture, theta, scale) for posture in CASE.postures}


@pytest.mark.parametrize("name", ["undisclosed", "revealed", "calibrated"])
def test_grid_has_the_closed_form(grid, name):
    expected = np.array([closed_form(**point)[name] for point in GRID])
    assert grid[name].certified.all()
    np.testing.assert_allclose(grid[name].outcomes()[:, 0], expected[:, 0], atol=1e-6)
    np.testing.assert_allclose(grid[name].value(CASE.actor_ids.index("DEF")), expected[:, 1], atol=1e-6)


@pytest.mark.parametrize("name", CASE.posture_names)
def test_tree_is_tiny(name):
    assert compile_posture(CASE, name).size.nodes < 30


def test_page_gives_the_numbers_of_the_base_world():
    rows = re.findall(r"^\| `(\w+)` \| ([\d.]+) \| (-?[\d.]+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {name for name, _, _ in rows} == set(CASE.posture_names)
    worlds = Worlds(CASE)
    theta = CASE.base_theta()[None]
    for name, odds, value in rows:
        played = worlds.play(CASE.posture(name), theta, worlds.scale(theta))
        assert float(played.outcomes()[0, 0]) == pytest.approx(float(odds), abs=6e-4)
        assert float(played.value(CASE.actor_ids.index("DEF"))[0]) == pytest.approx(float(value), abs=6e-4)
