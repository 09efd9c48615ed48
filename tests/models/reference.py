"""The reference points of the published models, and how a closed form is judged on its tree."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.exchange import load_game
from detente.game import Assessment, BuiltGame, Certificate, certify, expected_payoffs, terminal_probability
from detente.models import ClosedForm

FOLDER = Path(os.environ.get("DETENTE_REFERENCE_MODELS", Path(__file__).parents[3] / "shared/reference/models"))


@cache
def _everything() -> dict[str, Any]:
    file = FOLDER / "reference.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def points(key: str) -> Any:
    """Reference points of a model, as parameters of a test; one that is skipped if they are not there."""
    found = _everything().get(key, [])
    if not found:
        return [pytest.param(None, marks=pytest.mark.skip(reason="the reference models are not here"))]
    return [pytest.param(point, id=point["id"]) for point in found]


def payoff_scale(game: BuiltGame) -> np.ndarray:
    """[1, players] range of each player's payoffs, 1 where they are all the same."""
    spread = np.ptp(game.numbers.payoff[0], axis=0)
    return np.where(spread > 1e-9, spread, 1.0)[None]


def judge(game: BuiltGame, assessment: Assessment) -> Certificate:
    return certify(game.shape, game.numbers, assessment, payoff_scale(game))


def outcomes(game: BuiltGame, strategy: np.ndarray) -> dict[str, float]:
    odds = terminal_probability(game.shape, game.numbers.chance, strategy)[0]
    found = dict.fromkeys(game.outcome, 0.0)
    for name, probability in zip(game.outcome, odds, strict=True):
        found[name] += float(probability)
    return found


def check_against_tree(game: BuiltGame, closed: ClosedForm) -> Assessment:
    """The closed form is an equilibrium of the tree, and its odds and values are the tree's."""
    assessment = closed.assessment(game)
    certificate = judge(game, assessment)
    assert certificate.certified[0], (certificate.kinds, certificate.regret, certificate.worst_infoset)
    found = outcomes(game, assessment.strategy)
    assert {name: odds for name, odds in closed["outcomes"].items() if name not in found and odds} == {}
    for name, odds in found.items():
        assert closed["outcomes"][name] == pytest.approx(odds, abs=1e-12), name
    values = expected_payoffs(game.shape, game.numbers, assessment.strategy)[0]
    assert closed["eu"] == pytest.approx(dict(zip(game.shape.players, values, strict=True)), abs=1e-12)
    return assessment


def check_expected(closed: ClosedForm, point: dict[str, Any]) -> None:
    """Every number of a reference point; beliefs are compared on the tree."""
    for name, wanted in point["expected"].items():
        if name not in ("beliefs", "off_path"):
            assert close(closed[name], wanted), (name, closed[name], wanted)


def check_beliefs(game: BuiltGame, assessment: Assessment, point: dict[str, Any]) -> None:
    """Beliefs at every information set, nodes in the order of the reference file."""
    for name, wanted in point["expected"]["beliefs"].items():
        members = game.shape.members[game.infoset(name)]
        np.testing.assert_allclose(assessment.belief[0, members], list(wanted.values()), atol=1e-8, err_msg=name)


def close(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return all(close(found.get(name, 0.0), value) for name, value in wanted.items()) and all(
            name in wanted or close(value, 0.0) for name, value in found.items()
        )
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(close(a, b) for a, b in zip(found, wanted, strict=True))
    if isinstance(wanted, str | bool) or wanted is None:
        return found == wanted
    return found == pytest.approx(wanted, abs=1e-9)


def same_tree(game: BuiltGame, point: dict[str, Any]) -> None:
    """The built tree is the reference file's: who moves where, labels, payoffs and chance."""
    gambit = pytest.importorskip("pygambit")
    theirs = gambit.read_efg(FOLDER / point["efg"])
    assert [player.label for player in theirs.players] == list(game.shape.players)
    names = [label.decision for label in game.labels]

    def compare(node: int, other: Any) -> None:
        shape = game.shape
        children = range(shape.first_child[node], shape.first_child[node] + shape.num_children[node])
        assert len(other.children) == len(children)
        if not len(children):
            number = shape.terminal[node]
            assert other.outcome.label.split("#")[0] == game.outcome[number]
            theirs_pay = [float(other.outcome[player]) for player in theirs.players]
            np.testing.assert_allclose(game.numbers.payoff[0, number], theirs_pay, atol=1e-9)
            return
        labels = [game.edge_label[child] for child in children]
        assert [action.label for action in other.infoset.actions] == labels
        if other.player.is_chance:
            odds = [float(action.prob) for action in other.infoset.actions]
            np.testing.assert_allclose(game.numbers.chance[0, shape.edge[list(children)]], odds, atol=1e-9)
        else:
            assert other.infoset.label == names[shape.infoset[node]]
            assert other.player.label == shape.players[shape.infoset_player[shape.infoset[node]]]
        for child, after in zip(children, other.children, strict=True):
            compare(child, after)

    compare(0, theirs.root)


def same_file(game: BuiltGame, point: dict[str, Any]) -> None:
    """The same through our own reader, array by array."""
    file = load_game(FOLDER / point["efg"]).game
    for name in ("parent", "kind", "num_children", "terminal"):
        np.testing.assert_array_equal(getattr(file.shape, name), getattr(game.shape, name))
    assert file.edge_label == game.edge_label
    assert [label.split("#")[0] for label in file.outcome] == list(game.outcome)
    np.testing.assert_allclose(file.numbers.payoff, game.numbers.payoff, atol=1e-9)
    np.testing.assert_allclose(file.numbers.chance, game.numbers.chance, atol=1e-9)
    deciding = game.shape.infoset >= 0
    theirs = [file.labels[number].decision for number in file.shape.infoset[deciding]]
    assert theirs == [game.labels[number].decision for number in game.shape.infoset[deciding]]
