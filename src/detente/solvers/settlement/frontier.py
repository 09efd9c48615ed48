"""Guarantees that differ by party: the least pairs (or triples) that make an order hold."""

from __future__ import annotations

import numpy as np

from detente.axes import Bools, Floats
from detente.game.settlement import MOST_FADING, Agreement
from detente.solvers.settlement.fading import World
from detente.solvers.settlement.lattice import ROUNDING, build_lattice, stakes
from detente.solvers.settlement.passes import uniform_guarantee


def guarantee_frontier(agreement: Agreement, draw: int = 0) -> Floats:
    """Every combination of guarantees, one a party, that makes an order self-enforcing with none to spare.

    Args:
        agreement: The agreement, of up to 12 moves; its own guarantees play no part.
        draw: Number of the world.

    Returns:
        [points, parties] the Pareto set: no point can be lowered for a party without raising it for another. Sorted.
        No points if no guarantee suffices.

    Raises:
        AgreementError: With code S009 if there are more than 12 moves.
    """
    lattice = build_lattice(agreement, MOST_FADING, "The guarantees of each party")
    one = agreement.draw(draw)
    world = World(one, lattice, 0)
    found = world.labels(uniform_guarantee(one, stakes(one, lattice)), separate=True)
    points = found.requires[found.root.start : found.root.stop]
    points = points[np.lexsort(points.T[::-1])]
    return points[_undominated(points)]


def _undominated(points: Floats) -> Bools:
    """Which points no other is at least as low as everywhere; one of equals."""
    keep = np.ones(len(points), dtype=np.bool_)
    for k, point in enumerate(points):
        others = (points <= point + ROUNDING * np.maximum(1.0, point)).all(axis=1) & keep
        others[k] = False
        keep[k] = not others.any()
    return keep
