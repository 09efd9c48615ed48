"""An independent judge: Gambit reads the exported game of every posture and agrees with our certificates."""

from __future__ import annotations

import io

import numpy as np
import pytest

from detente.case import load
from detente.cases import path
from detente.compiler import CompiledPosture, compile_posture, play_ranges
from detente.exchange import to_efg
from detente.game import Assessment, bayes_beliefs, certify, expected_payoffs
from detente.solvers import solve_logit

gambit = pytest.importorskip("pygambit")

CASES = ("deterrence-101", "ukraine-2021")
PLAYED = [
    (case, posture.name)
    for case in CASES
    for posture in load(path(case)).postures
    if not posture.needs_search  # `optimal` stands for many games, not one
]


def as_gambit(compiled: CompiledPosture, numbers, strategy: np.ndarray):
    """Our profile as a profile of the exported game, matched by the labels of sets and actions."""
    game = gambit.read_efg(io.StringIO(to_efg(compiled, numbers)))
    place = {str(label): number for number, label in enumerate(compiled.infoset_labels)}
    profile = game.mixed_behavior_profile(rational=False)
    for player in game.players:
        for infoset in player.infosets:
            number = place[infoset.label]
            start = int(compiled.shape.action_start[number])
            for action in infoset.actions:
                option = compiled.infoset_labels[number].options.index(action.label)
                profile[action] = float(strategy[0, start + option])
    return profile


@pytest.mark.parametrize(("name", "posture"), PLAYED)
def test_gambit_agrees_with_the_certificate(name: str, posture: str):
    case = load(path(name))
    compiled = compile_posture(case, posture)
    theta = case.base_theta()[None, :]
    numbers, shape = compiled.numbers(theta), compiled.shape
    scale = play_ranges([compile_posture(case, item) for item in case.postures], theta)
    assessment = solve_logit(shape, numbers, scale).assessment
    certificate = certify(shape, numbers, assessment, scale)
    assert certificate.certified[0]
    judged = as_gambit(compiled, numbers, assessment.strategy)
    assert float(judged.agent_max_regret()) <= 1e-8 * scale.max()
    theirs = [float(judged.payoff(player)) for player in judged.game.players]
    np.testing.assert_allclose(theirs, expected_payoffs(shape, numbers, assessment.strategy)[0], atol=1e-9)

    widths = np.diff(shape.action_start)
    mixed = 0.6 * assessment.strategy + 0.4 * np.repeat(1.0 / widths, widths)
    worse = Assessment(mixed, bayes_beliefs(shape, numbers.chance, mixed))
    ours = certify(shape, numbers, worse, np.ones_like(scale)).regret[0]
    assert ours > 1e-3
    assert float(as_gambit(compiled, numbers, mixed).agent_max_regret()) == pytest.approx(ours, abs=1e-9)
