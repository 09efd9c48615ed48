"""Assessments that are limits of trembles by construction, with the trembles as their witness."""

from __future__ import annotations

import numpy as np

from detente.game import Assessment, BuiltGame, Witness
from game.brute_force import SlowGame


def random_consistent(
    rng: np.random.Generator, game: BuiltGame, support: np.ndarray | None = None, draw: int = 0
) -> Assessment:
    """A random consistent assessment: support at order 0, every other action at a random higher order."""
    num_actions = game.shape.num_actions
    order = rng.integers(1, 4, num_actions)
    if support is None:
        support = rng.random(num_actions) < 0.4
    size = rng.uniform(0.2, 1, num_actions)
    strategy = np.zeros(num_actions)
    for start, stop in zip(game.shape.action_start[:-1], game.shape.action_start[1:], strict=True):
        if not support[start:stop].any():
            support[start + rng.integers(stop - start)] = True
        played = np.flatnonzero(support[start:stop]) + start
        strategy[played] = size[played] / size[played].sum()
    order[support] = 0
    size = np.where(support, strategy, size)
    belief = SlowGame(game, draw).limit_beliefs([int(k) for k in order], [float(s) for s in size])
    return Assessment(strategy[None], np.array([belief]), tremble_witness(order, size))


def tremble_witness(order: np.ndarray, size: np.ndarray, exponents: tuple[float, ...] = (4, 8, 16)) -> Witness:
    """Profiles proportional to ``size * eps ** order`` for ``eps = exp(-exponent * 2)``."""
    precision = np.array(exponents, dtype=np.float64)
    log_strategy = np.log(size)[None, None, :] - 2 * precision[:, None, None] * order[None, None, :]
    return Witness(precision, log_strategy)
