"""Beliefs: how probable each node of an information set is to the player who moves there.

Everything goes through logarithms of probabilities, so that sets reached with a probability far
below the smallest double still have well-defined beliefs.
"""

from __future__ import annotations

import numpy as np

from detente.axes import Bools, Floats
from detente.game.sweep import add_down, edge_table, segment_max, segment_min, segment_sum
from detente.game.tree import TreeShape


def node_log_reach(shape: TreeShape, chance: Floats, log_strategy: Floats) -> Floats:
    """Logarithm of the probability that play passes through each node.

    Args:
        shape: The game.
        chance: [draws, chance_edges] chance probabilities.
        log_strategy: [draws, actions] logarithm of the behavior strategy profile.

    Returns:
        [draws, nodes] logarithms; -inf where the probability is 0.
    """
    return _log_reach(shape, _log(chance), log_strategy).T


def bayes_beliefs(shape: TreeShape, chance: Floats, strategy: Floats) -> Floats:
    """Beliefs by Bayes' rule.

    Args:
        shape: The game.
        chance: [draws, chance_edges] chance probabilities.
        strategy: [draws, actions] behavior strategy profile.

    Returns:
        [draws, nodes] probability of each decision node given its information set; NaN at sets
        that are not reached, 0 at nodes without a decision.
    """
    belief, _ = normalised(shape, _log_reach(shape, _log(chance), _log(strategy)))
    return belief.T


def beliefs_from_logs(shape: TreeShape, chance: Floats, log_strategy: Floats) -> Floats:
    """Beliefs of a profile with full support, given by logarithms.

    Zero-probability chance moves are mistakes of a higher order than those of players: at a set, a
    node with more of them on its path than the least has belief 0, and among the rest they count
    as equally likely.

    Args:
        shape: The game.
        chance: [draws, chance_edges] chance probabilities.
        log_strategy: [draws, actions] logarithm of a full-support behavior strategy profile,
            normalised at every information set.

    Returns:
        [draws, nodes] probability of each decision node given its information set; 0 at other
        nodes.
    """
    log_reach = _log_reach(shape, _log(np.where(chance == 0, 1.0, chance)), log_strategy)
    barred = barred_nodes(shape, chance)
    if barred is not None:
        log_reach[barred] = -np.inf
    belief, _ = normalised(shape, log_reach)
    return belief.T


def reach_of_sets(shape: TreeShape, chance: Floats, strategy: Floats) -> tuple[Floats, Bools]:
    """Beliefs by Bayes' rule, and where they are defined, node-major.

    Returns:
        [nodes, draws] beliefs, NaN at unreached sets, and [infosets, draws] whether a set is reached
        with positive probability.
    """
    return normalised(shape, _log_reach(shape, _log(chance), _log(strategy)))


def normalised(shape: TreeShape, log_reach: Floats) -> tuple[Floats, Bools]:
    """Beliefs in proportion to the exponential of `log_reach` [nodes, draws], and which sets have any."""
    members = shape.member_nodes
    own_set = shape.infoset[members]
    rows = log_reach[members]
    top = segment_max(rows, shape.member_start)
    reached = top > -np.inf
    with np.errstate(invalid="ignore"):
        weights = np.exp(rows - top[own_set])
    weights /= segment_sum(weights, shape.member_start)[own_set]
    belief = np.zeros_like(log_reach)
    belief[members] = weights
    return belief, reached


def barred_nodes(shape: TreeShape, chance: Floats) -> Bools | None:
    """[nodes, draws] decision nodes with more zero-probability chance moves before them than the least in their set.

    Returns:
        None if no chance probability is zero, which is the usual case.
    """
    impossible = chance == 0
    if not impossible.any():
        return None
    no_action = np.zeros((chance.shape[0], shape.num_actions))
    count = add_down(shape, edge_table(shape, no_action, impossible.astype(np.float64), 0.0))
    members = shape.member_nodes
    least = segment_min(count[members], shape.member_start)
    barred = np.zeros(count.shape, dtype=np.bool_)
    barred[members] = count[members] > least[shape.infoset[members]]
    return barred


def _log(probability: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(probability)


def _log_reach(shape: TreeShape, log_chance: Floats, log_strategy: Floats) -> Floats:
    return add_down(shape, edge_table(shape, log_strategy, log_chance, 0.0))
