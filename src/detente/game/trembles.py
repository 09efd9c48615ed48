"""Beliefs as the limit of stated mistakes: an assessment that is consistent by construction."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from detente.axes import Floats, Ints
from detente.game.tree import CHANCE, Assessment, TreeShape, Witness

PRECISION = (8.0, 16.0, 32.0)
"""Sizes of the mistakes in the witness: ``exp(-precision)`` to the power of their order."""
_NEVER = 1 << 20
"""Order of a chance branch of probability zero: no mistake ever leads there."""


def assess_trembles(shape: TreeShape, chance: Floats, strategy: Floats, order: ArrayLike) -> Assessment:
    """A strategy profile with the beliefs that its players' mistakes lead to.

    The profile is the limit, for small eps, of play in which every action of order k > 0 has probability
    in proportion to ``eps ** k``; so are the beliefs. Both are exact, and the witness shows three such profiles.

    Args:
        shape: A game with perfect recall.
        chance: [draws, chance_edges] chance probabilities.
        strategy: [draws, actions] behavior strategy profile.
        order: [actions] or [draws, actions] order of the mistake of each action; taken as 0 where the
            action is played and as at least 1 where it is not.

    Returns:
        The assessment with its witness. Beliefs are NaN at sets that chance rules out.

    Reference: Kreps and Wilson (1982), on consistent assessments.
    """
    strategy = np.asarray(strategy, dtype=np.float64)
    played = strategy > 0
    orders = np.where(played, 0, np.maximum(np.broadcast_to(np.asarray(order), strategy.shape), 1)).astype(np.int32)
    size = np.where(played, strategy, 1.0)
    belief = _limit_beliefs(shape, np.broadcast_to(chance, (strategy.shape[0], chance.shape[1])), orders, size)
    precision = np.array(PRECISION)
    log_strategy = np.log(size)[None] - precision[:, None, None] * orders.astype(np.float64)[None]
    return Assessment(strategy, belief, Witness(precision, log_strategy))


def _limit_beliefs(shape: TreeShape, chance: Floats, orders: Ints, size: Floats) -> Floats:
    """[draws, nodes] probability of each node within its set, from the paths of the lowest order."""
    draws = size.shape[0]
    depth = np.zeros((draws, shape.num_nodes), dtype=np.int64)
    weight = np.ones((draws, shape.num_nodes))
    for node in range(1, shape.num_nodes):
        above, edge = shape.parent[node], shape.edge[node]
        if shape.kind[above] == CHANCE:
            depth[:, node] = depth[:, above] + np.where(chance[:, edge] > 0, 0, _NEVER)
            weight[:, node] = weight[:, above] * np.where(chance[:, edge] > 0, chance[:, edge], 1.0)
        else:
            depth[:, node] = depth[:, above] + orders[:, edge]
            weight[:, node] = weight[:, above] * size[:, edge]
    belief = np.full((draws, shape.num_nodes), np.nan)
    for nodes in shape.members:
        lowest = depth[:, nodes].min(axis=1, keepdims=True)
        leading = np.where(depth[:, nodes] == lowest, weight[:, nodes], 0.0)
        share = leading / leading.sum(axis=1, keepdims=True)
        belief[:, nodes] = np.where(lowest < _NEVER, share, np.nan)
    single = [nodes[0] for nodes in shape.members if len(nodes) == 1]
    belief[:, single] = 1.0
    return belief
