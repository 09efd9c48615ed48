"""Published games with their equilibria, where the collection of reference games is at hand."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from detente.game import UNSETTLED, Assessment, BuiltGame, bayes_beliefs, certify, expected_payoffs
from game.gambit_games import from_gambit, nodes_in_play_order
from game.random_games import payoff_range

gambit = pytest.importorskip("pygambit")


def _points() -> list:
    path = os.environ.get("DETENTE_REFERENCE_MODELS", "")
    file = Path(path) / "reference.json"
    if not path or not file.exists():
        return []
    found = []
    for model, points in json.loads(file.read_text()).items():
        if model != "_meta":
            found += [
                pytest.param(file.parent / point["efg"], point["expected"], id=f"{model}-{point['id']}")
                for point in points
                if point.get("efg") and "strategies" in point["expected"] and point["status"].find("Stackelberg") < 0
            ]
    return found


POINTS = _points()
if not POINTS:
    pytest.skip("set DETENTE_REFERENCE_MODELS to the folder of reference games", allow_module_level=True)


def stated(game: BuiltGame, expected: dict) -> Assessment:
    """The assessment that a reference point states, with Bayes' rule where it says nothing."""
    strategy = np.zeros((1, game.shape.num_actions))
    for infoset, play in expected["strategies"].items():
        for action, probability in play.items():
            strategy[0, game.action(infoset, action)] = probability
    belief = bayes_beliefs(game.shape, game.numbers.chance, strategy)
    for infoset, weights in expected.get("beliefs", {}).items():
        nodes = nodes_in_play_order(game, game.infoset(infoset))
        belief[0, nodes] = list(weights.values())
    return Assessment(strategy, belief)


@pytest.mark.parametrize(("efg", "expected"), POINTS)
def test_published_equilibria_have_no_regret_anywhere(efg: Path, expected: dict):
    game = from_gambit(gambit.read_efg(str(efg)))
    assessment = stated(game, expected)
    scale = payoff_range(game.numbers)
    certificate = certify(
        game.shape, game.numbers, assessment, scale, regret_tol=1e-7, belief_tol=1e-7, best_response=True
    )
    assert certificate.regret[0] < 1e-7
    assert certificate.belief_residual[0] < 1e-7
    assert certificate.kinds[0] != UNSETTLED
    payoffs = expected_payoffs(game.shape, game.numbers, assessment.strategy)
    for player, value in expected.get("eu", {}).items():
        if player in game.shape.players:
            assert payoffs[0, game.shape.players.index(player)] == pytest.approx(value, abs=1e-6)
