"""Which payoffs of a game are equal whatever the draw: knowing it, solvers do less work."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from detente.axes import Ints
from detente.game.tree import GameNumbers, TreeShape


def share_equal_numbers(shape: TreeShape, numbers: GameNumbers) -> TreeShape:
    """The same shape with a note of which payoffs and chance probabilities are equal in every draw.

    Where a later move cannot matter to a player, what is believed about it bears on no choice; solvers see that only
    if they know which payoffs are the same. The result is for these draws, or others with the same equalities.

    Args:
        shape: A game.
        numbers: Its draws.

    Returns:
        The shape with `payoff_class` and `chance_class`.
    """
    payoff_class = np.zeros((shape.num_terminals, shape.num_players), dtype=np.int32)
    for player in range(shape.num_players):
        payoff_class[:, player] = _classes(numbers.payoff[:, :, player].T)
    return replace(shape, payoff_class=payoff_class, chance_class=_classes(numbers.chance.T))


def _classes(rows: np.ndarray) -> Ints:
    """[rows] a number for each row, the same for equal rows."""
    if not len(rows):
        return np.zeros(0, dtype=np.int32)
    _, which = np.unique(rows, axis=0, return_inverse=True)
    return np.asarray(which, dtype=np.int32).ravel()
