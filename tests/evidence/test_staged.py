"""The closed form of a staged item against the solver and the judge, on the tree it stands for."""

from __future__ import annotations

import numpy as np
import pytest

from detente.errors import RequestError
from detente.evidence import DOUBTED, PARTIAL, POOLING, SEPARATING, Staged, staged
from detente.game import Assessment, BuiltGame, TreeBuilder, bayes_beliefs, certify
from detente.solvers import solve_logit

BLUFF = {"natural": np.array([0.9, 0.1]), "real": np.array([True, False]), "gain": 1.0}
EVEN = np.array([0.5, 0.5])


def test_pooling_by_hand():
    found = staged(**{**BLUFF, "natural": np.array([1.0, 0.1])}, prior=EVEN, cost=0.3)
    np.testing.assert_array_equal(found.stage, [[0, 1]])
    np.testing.assert_allclose(found.likelihood, [[1, 1]], rtol=0, atol=1e-12)  # a likelihood ratio of 1
    assert (found.believed[0], found.kind[0]) == (1, POOLING)
    assert found.belief[0] == pytest.approx(0.5, abs=1e-12)


def test_an_item_too_dear_to_stage_keeps_its_ratio():
    found = staged(**BLUFF, prior=EVEN, cost=1.2)
    np.testing.assert_allclose(found.likelihood, [[0.9, 0.1]], rtol=0, atol=1e-12)
    assert (found.believed[0], found.kind[0]) == (1, SEPARATING)


def test_partial_by_hand():
    # real with the item 0.3 x 0.9 = 0.27, false by itself 0.07; room 0.2 of 0.63 that could be staged
    found = staged(**BLUFF, prior=np.array([0.3, 0.7]), cost=0.4)
    assert found.kind[0] == PARTIAL
    np.testing.assert_allclose(found.stage, [[0, 0.2 / 0.63]], rtol=0, atol=1e-12)
    assert found.believed[0] == pytest.approx(0.4, abs=1e-12)
    assert found.belief[0] == pytest.approx(0.5, abs=1e-12)
    assert found.likelihood[0, 1] == pytest.approx(0.1 + 0.9 * 0.2 / 0.63, abs=1e-12)


def test_doubted_by_hand():
    found = staged(**BLUFF, prior=np.array([0.05, 0.95]), cost=0.4)
    assert (found.believed[0], found.kind[0]) == (0, DOUBTED)
    np.testing.assert_allclose(found.likelihood, [[0.9, 0.1]], rtol=0, atol=1e-12)


def tree(natural, prior, real, gain, cost, threshold) -> BuiltGame:
    """Nature draws the type and whether the item comes by itself; if not, it may be staged; the observer answers."""
    game = TreeBuilder("sender", "observer")

    def seen(kind: int, paid: float):
        return game.decision(
            "observer",
            "seen",
            {
                "believe": game.terminal(gain[kind] - paid, (1 - threshold) if real[kind] else -threshold),
                "doubt": game.terminal(-paid, 0.0),
            },
        )

    branches = {}
    for kind in range(len(prior)):
        absent = game.terminal(0.0, 0.0)
        if not real[kind]:
            absent = game.decision("sender", f"type {kind}", {"stage": seen(kind, cost[kind]), "leave": absent})
        itself = game.chance({"yes": (natural[kind], seen(kind, 0.0)), "no": (1 - natural[kind], absent)})
        branches[str(kind)] = (prior[kind], itself)
    return game.build(game.chance(branches))


def profile_of(game: BuiltGame, found: Staged, real) -> np.ndarray:
    play = {"seen": {"believe": float(found.believed[0]), "doubt": 1 - float(found.believed[0])}}
    for kind in np.flatnonzero(~np.asarray(real)):
        share = float(found.stage[0, kind])
        play[f"type {kind}"] = {"stage": share, "leave": 1 - share}
    return game.profile(play)


GAMES = {
    "separating": ([0.8, 0.2], [0.5, 0.5], [True, False], [1.0, 1.0], [1.0, 1.4], 0.5),
    "pooling": ([0.9, 0.2], [0.7, 0.3], [True, False], [1.0, 1.0], [1.0, 0.5], 0.5),
    "partial": ([0.9, 0.1], [0.3, 0.7], [True, False], [1.0, 2.0], [1.0, 0.8], 0.5),
    "doubted": ([0.9, 0.3], [0.1, 0.9], [True, False], [1.0, 1.0], [1.0, 0.5], 0.5),
    "three types, the second mixes": (
        [0.9, 0.1, 0.2],
        [0.4, 0.15, 0.45],
        [True, False, False],
        [1.0, 1.0, 1.0],
        [1.0, 0.3, 0.6],
        0.45,
    ),
    "three types, one too dear": (
        [0.7, 0.1, 0.2],
        [0.6, 0.2, 0.2],
        [True, False, False],
        [1, 1, 1],
        [1, 0.3, 1.6],
        0.5,
    ),
    "two real types": ([0.7, 0.5, 0.2], [0.2, 0.2, 0.6], [True, True, False], [1, 1, 1], [1, 1, 0.6], 0.6),
}


@pytest.mark.parametrize("numbers", GAMES.values(), ids=GAMES)
def test_closed_form_is_the_certified_equilibrium(numbers):
    natural, prior, real, gain, cost, threshold = (np.asarray(part) for part in numbers)
    found = staged(natural, prior, real=real, gain=gain, cost=cost, threshold=float(threshold))
    game = tree(natural, prior, real, gain, cost, float(threshold))
    scale = np.ones((1, 2))
    solved = solve_logit(game.shape, game.numbers, scale)
    assert certify(game.shape, game.numbers, solved.assessment, scale).certified.all()
    ours = profile_of(game, found, real)
    np.testing.assert_allclose(solved.assessment.strategy, ours, atol=1e-6)
    own = Assessment(ours, bayes_beliefs(game.shape, game.numbers.chance, ours))  # every set is reached
    assert certify(game.shape, game.numbers, own, scale).certified.all()


def test_draws_are_solved_together_and_beliefs_follow_bayes():
    rng = np.random.default_rng(0)
    prior, natural = rng.dirichlet(np.ones(4), 500), rng.uniform(0.01, 1, (500, 4))
    real = np.array([True, False, False, True])
    cost, gain = rng.uniform(0.05, 1.5, (500, 4)), rng.uniform(0, 1.5, (500, 4))
    found = staged(natural, prior, real=real, gain=gain, cost=cost, threshold=0.4)
    assert set(found.kind) == {DOUBTED, SEPARATING, POOLING, PARTIAL}
    seen = prior * found.likelihood
    np.testing.assert_allclose(found.belief, seen[:, real].sum(axis=1) / seen.sum(axis=1), atol=1e-12)
    # Nobody gains by doing otherwise.
    gains = found.believed[:, None] * gain - cost
    false = ~real
    assert (gains[:, false][found.stage[:, false] > 0] >= -1e-12).all()
    assert (gains[:, false][found.stage[:, false] < 1] <= 1e-12).all()
    assert (found.belief[found.believed > 0] >= 0.4 - 1e-12).all()
    assert (found.belief[found.believed < 1] <= 0.4 + 1e-12).all()
    one = staged(natural[7], prior[7], real=real, gain=gain[7], cost=cost[7], threshold=0.4)
    np.testing.assert_array_equal(one.likelihood[0], found.likelihood[7])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"cost": 0.0}, "cost more than 0"),
        ({"gain": -1.0}, "must not be negative"),
        ({"natural": np.array([0.9, 0.0])}, "above 0"),
        ({"real": np.array([True, True])}, "one of which it is not"),
        ({"real": np.array([True])}, "one of which it is not"),
        ({"threshold": 1.0}, "strictly between"),
    ],
)
def test_refused(change, says):
    with pytest.raises(RequestError, match=says):
        staged(**{**BLUFF, "prior": EVEN, "cost": 0.5, **change})
