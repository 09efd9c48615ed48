"""What is said of refinements in the collection of reference games, where it is at hand."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from detente.game import Assessment, BuiltGame, bayes_beliefs, check_refinements
from game.gambit_games import from_gambit, nodes_in_play_order
from game.random_games import payoff_range

gambit = pytest.importorskip("pygambit")

FOLDER = Path(
    os.environ.get("DETENTE_REFERENCE_MODELS", "")
    or Path(__file__).resolve().parents[2].parent / "shared" / "reference" / "models"
)
if not (FOLDER / "reference.json").exists():
    pytest.skip("set DETENTE_REFERENCE_MODELS to the folder of reference games", allow_module_level=True)

COLLECTION = json.loads((FOLDER / "reference.json").read_text())

# model, point, intuitive criterion, D1
SIGNALING = [
    ("fearon1997_tying_sinking", "sunk_separating", True, True),
    ("fearon1997_tying_sinking", "sunk_bluff", True, True),
    ("fearon1997_tying_sinking", "tie_lockin", True, True),
    ("fearon1997_tying_sinking", "tie_bluff", True, True),
    ("fearon1997_tying_sinking", "sunk_pool_signal_q60", True, True),
    ("fearon1997_tying_sinking", "sunk_pool_zero_q60", True, True),
    ("slantchev2005_mobilisation", "bluff_semisep", True, True),
    ("slantchev2005_mobilisation", "assured_pooling", True, True),
    ("slantchev2005_mobilisation", "separating", True, True),
    ("slantchev2005_mobilisation", "war_H", True, True),
    ("slantchev2005_mobilisation", "pool_no_mobilisation", True, False),
    ("brinkmanship", "resolve_q10", True, True),
    ("brinkmanship", "resolve_q20_deterred", True, True),
    ("beer_quiche", "pool_beer", True, True),
    ("beer_quiche", "pool_quiche", False, False),
    ("beer_quiche", "semisep_s25", True, True),
    ("spence", "riley_q30", True, True),
    ("spence", "riley_q70", True, True),
    ("spence", "pool0_q70", False, False),
    ("spence", "pool05_q70", False, False),
]


def stated(point: dict) -> tuple[BuiltGame, Assessment]:
    """The game and the assessment of a reference point, with Bayes' rule where it says nothing."""
    game = from_gambit(gambit.read_efg(str(FOLDER / point["efg"])))
    strategy = np.zeros((1, game.shape.num_actions))
    for infoset, play in point["expected"]["strategies"].items():
        for action, probability in play.items():
            strategy[0, game.action(infoset, action)] = probability
    belief = bayes_beliefs(game.shape, game.numbers.chance, strategy)
    for infoset, weights in point["expected"].get("beliefs", {}).items():
        belief[0, nodes_in_play_order(game, game.infoset(infoset))] = list(weights.values())
    return game, Assessment(strategy, belief)


def refinements(point: dict, game: BuiltGame, assessment: Assessment):
    return check_refinements(game.shape, game.numbers, assessment, payoff_range(game.numbers), game.labels, tol=1e-7)


def point_of(model: str, name: str) -> dict:
    return next(point for point in COLLECTION[model] if point["id"] == name)


@pytest.mark.parametrize(("model", "name", "intuitive", "d1"), SIGNALING, ids=lambda item: str(item))
def test_signaling_games_are_judged_as_published(model: str, name: str, intuitive: bool, d1: bool):
    point = point_of(model, name)
    found = refinements(point, *stated(point))
    assert found.intuitive.applies
    assert found.d1.applies
    assert (found.intuitive.passed, found.d1.passed) == (intuitive, d1)
    assert found.sequential.passed is not False


@pytest.mark.parametrize("model", [model for model in COLLECTION if model != "_meta"])
def test_published_equilibria_are_subgame_perfect(model: str):
    points = [p for p in COLLECTION[model] if p.get("efg") and "strategies" in p["expected"]]
    points = [p for p in points if "Stackelberg" not in p["status"]]
    for point in points:
        assert refinements(point, *stated(point)).subgame_perfect.passed is True, point["id"]


@pytest.mark.parametrize("name", ["sunk_separating", "sunk_bluff", "tie_bluff"])
def test_nobody_signaling_fails_d1_and_the_intuitive_criterion_only_for_costly_signals(name: str):
    """Model 2: D1 removes the equilibrium without signals; the intuitive criterion only if m > (1 - tau) v_L."""
    point = point_of("fearon1997_tying_sinking", name)
    game, _ = stated(point)
    m, sunk = point["params"]["m"], point["params"]["kind"] == "sunk"
    play: dict = {"D1|H": "0", "D1|L": "0"}
    for level in ("0", str(m)):
        play |= {f"C|weak|{level}": "chal", f"C|tough|{level}": "chal", f"D2|H|{level}": "fight"}
        play[f"D2|L|{level}"] = "back"
    strategy = game.profile(play)
    belief = bayes_beliefs(game.shape, game.numbers.chance, strategy)
    for infoset in (f"C|weak|{m}", f"C|tough|{m}"):
        nodes = nodes_in_play_order(game, game.infoset(infoset))
        belief[0, nodes] = [0.0, 1.0]
    for infoset in (f"D2|H|{m}", f"D2|L|{m}"):
        belief[0, nodes_in_play_order(game, game.infoset(infoset))] = [0.8, 0.2]
    found = refinements(point, game, Assessment(strategy, belief))
    assert found.d1.passed is False
    assert found.d1.where[0].ruled_out == ("D1|L",)
    assert found.d1.where[0].types == ("D1|H",)
    limit = (1 - point["params"]["tau"]) * point["params"]["vL"]
    assert found.intuitive.passed == (not (sunk and m > limit))
