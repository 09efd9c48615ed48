"""What play is worth: probabilities of nodes, expected payoffs, values of actions."""

from __future__ import annotations

import numpy as np

from detente.axes import Floats
from detente.game.sweep import average_up, draw_chunks, edge_table, multiply_down, segment_sum
from detente.game.tree import Assessment, GameNumbers, TreeShape


def reach_probability(shape: TreeShape, chance: Floats, strategy: Floats) -> Floats:
    """Probability that play passes through each node.

    Args:
        shape: The game.
        chance: [draws, chance_edges] chance probabilities.
        strategy: [draws, actions] behavior strategy profile.

    Returns:
        [draws, nodes] probabilities, 1 at the root. Products below about 1e-308 come out as 0;
        `node_log_reach` does not underflow.
    """
    return multiply_down(shape, edge_table(shape, strategy, chance, 1.0)).T


def terminal_probability(shape: TreeShape, chance: Floats, strategy: Floats) -> Floats:
    """[draws, terminals] probability that play ends at each terminal node."""
    edge = edge_table(shape, strategy, chance, 1.0)
    return multiply_down(shape, edge)[shape.terminal_nodes].T


def node_values(shape: TreeShape, numbers: GameNumbers, strategy: Floats) -> Floats:
    """Expected payoffs once play has reached a node.

    Args:
        shape: The game.
        numbers: Payoffs and chance probabilities; `judged_chance` plays no part.
        strategy: [draws, actions] behavior strategy profile.

    Returns:
        [draws, nodes, players] expected payoffs, in the units of the payoffs.
    """
    edge = edge_table(shape, strategy, numbers.chance, 1.0)
    values = np.empty((strategy.shape[0], shape.num_nodes, shape.num_players))
    for player in range(shape.num_players):
        values[:, :, player] = average_up(shape, edge, numbers.payoff[:, :, player].T).T
    return values


def expected_payoffs(shape: TreeShape, numbers: GameNumbers, strategy: Floats, judge: int | None = None) -> Floats:
    """Expected payoffs before play begins.

    Args:
        shape: The game.
        numbers: Payoffs and chance probabilities.
        strategy: [draws, actions] behavior strategy profile.
        judge: Player whose own payoff is evaluated under `judged_chance`, if the numbers have it.
            The others' payoffs are always evaluated under `chance`.

    Returns:
        [draws, players] expected payoffs.
    """
    payoffs = np.empty((strategy.shape[0], shape.num_players))
    for rows in draw_chunks(shape, strategy.shape[0], arrays=6):
        weights = terminal_probability(shape, numbers.chance[rows], strategy[rows])
        payoffs[rows] = np.einsum("dt,dtp->dp", weights, numbers.payoff[rows])
        if judge is not None and numbers.judged_chance is not None:
            weights = terminal_probability(shape, numbers.judged_chance[rows], strategy[rows])
            payoffs[rows, judge] = np.einsum("dt,dt->d", weights, numbers.payoff[rows, :, judge])
    return payoffs


def action_values(shape: TreeShape, numbers: GameNumbers, assessment: Assessment) -> Floats:
    """Expected payoff to the mover of each action, at every information set, reached or not.

    Args:
        shape: A game with perfect recall.
        numbers: Payoffs and chance probabilities.
        assessment: A strategy profile and beliefs. Beliefs are used as given, so values at
            unreached sets are only as good as the beliefs there.

    Returns:
        [draws, actions] values in the units of the payoffs; NaN where a belief is NaN.

    Reference: Kreps and Wilson (1982), section 3.
    """
    strategy = assessment.strategy
    values = np.empty(strategy.shape)
    for rows in draw_chunks(shape, strategy.shape[0]):
        edge = edge_table(shape, strategy[rows], numbers.chance[rows], 1.0)
        values[rows] = action_rows(shape, edge, numbers.payoff[rows], assessment.belief[rows].T).T
    return values


def action_rows(shape: TreeShape, edge: Floats, payoff: Floats, belief: Floats) -> Floats:
    """The values of the actions, node-major.

    Args:
        shape: The game.
        edge: [nodes, draws] probability of the edge into each node.
        payoff: [draws, terminals, players] payoffs.
        belief: [nodes, draws] beliefs at decision nodes.

    Returns:
        [actions, draws] expected payoff to the mover of each action.
    """
    after = shape.action_nodes
    mover = shape.infoset_player[shape.action_infoset[shape.edge[after]]]
    weighted = belief[shape.parent[after]]
    for player in range(shape.num_players):
        own = np.flatnonzero(mover == player)
        if len(own):
            weighted[own] *= average_up(shape, edge, payoff[:, :, player].T)[after[own]]
    return segment_sum(weighted, shape.action_node_start)
