"""The most a player can get against the others' strategies, by a full best response."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.game.sweep import draw_chunks, edge_table, multiply_down, segment_max, segment_min, segment_sum
from detente.game.tree import DECISION, GameNumbers, TreeShape


def best_response_values(shape: TreeShape, numbers: GameNumbers, strategy: Floats) -> Floats:
    """Expected payoff of each player's best response to the others, before play begins.

    Args:
        shape: A game with perfect recall; without it the result is meaningless.
        numbers: Payoffs and chance probabilities.
        strategy: [draws, actions] behavior strategy profile.

    Returns:
        [draws, players] expected payoffs. A player's own part of `strategy` plays no part in its
        own entry.
    """
    values = np.empty((strategy.shape[0], shape.num_players))
    plans = [_plan(shape, player) for player in range(shape.num_players)]
    for rows in draw_chunks(shape, strategy.shape[0]):
        edge = edge_table(shape, strategy[rows], numbers.chance[rows], 1.0)
        for player, plan in enumerate(plans):
            values[rows, player] = _best_value(shape, plan, edge, numbers.payoff[rows, :, player].T)
    return values


@dataclass(frozen=True, eq=False)
class _Stage:
    """The nodes before which the player has moved equally often.

    Attributes:
        nodes: The player's own decision nodes.
        node_set: [nodes] position of each node's set among the player's sets of this stage.
        after: Nodes that follow the player's actions, sorted by action.
        after_start: Where those of each action start in `after`.
        action_start: Where the actions of each set start among the actions of this stage.
        averages: (parents, their children, where the children of each start) of all other nodes,
            deepest first.
    """

    nodes: Ints
    node_set: Ints
    after: Ints
    after_start: Ints
    action_start: Ints
    averages: tuple[tuple[Ints, Ints, Ints], ...]


@dataclass(frozen=True, eq=False)
class _Plan:
    """How to compute one player's best response: its stages, last moves first."""

    own_edge: Ints  # nodes that follow one of the player's actions
    stages: tuple[_Stage, ...]


def _plan(shape: TreeShape, player: int) -> _Plan:
    own = np.zeros(shape.num_nodes, dtype=np.bool_)
    decisions = np.flatnonzero(shape.kind == DECISION)
    own[decisions] = shape.infoset_player[shape.infoset[decisions]] == player
    moves = np.zeros(shape.num_nodes, dtype=np.int32)  # own moves before each node
    for family in shape.families:
        above = shape.parent[family.children]
        moves[family.children] = moves[above] + own[above]
    own_edge = np.flatnonzero(own[shape.parent]).astype(np.int32)
    own_edge = own_edge[own_edge > 0]
    last = int(moves.max())
    nodes = _by_stage(np.flatnonzero(own).astype(np.int32), moves, last)
    after = shape.action_nodes[own[shape.parent[shape.action_nodes]]]
    followers = _by_stage(after, moves[shape.parent], last)
    averages = _averages(shape, own, moves, last)
    stages = (_stage(shape, nodes[k], followers[k], averages[k]) for k in range(last, -1, -1))
    return _Plan(own_edge, tuple(stages))


def _by_stage(nodes: Ints, count: Ints, last: int) -> list[Ints]:
    """The nodes split by their `count`, 0 to `last`, each part in the order given."""
    order = nodes[np.argsort(count[nodes], kind="stable")]
    return np.split(order, np.searchsorted(count[order], np.arange(1, last + 1)))


def _averages(shape: TreeShape, own: Bools, moves: Ints, last: int) -> list[list[tuple[Ints, Ints, Ints]]]:
    """Of each stage, the parents that are not the player's with their children, deepest first."""
    found: list[list[tuple[Ints, Ints, Ints]]] = [[] for _ in range(last + 1)]
    inner = np.flatnonzero((shape.num_children > 0) & ~own).astype(np.int32)
    stage, depth = moves[inner], shape.depth[inner]
    order = np.lexsort((inner, -depth, stage))
    inner, stage, depth = inner[order], stage[order], depth[order]
    cuts = np.flatnonzero((np.diff(stage) != 0) | (np.diff(depth) != 0)) + 1
    for parents in np.split(inner, cuts) if len(inner) else []:
        size = shape.num_children[parents]
        start = np.concatenate([[0], np.cumsum(size)[:-1]]).astype(np.int32)
        offset = np.arange(int(size.sum()), dtype=np.int32) - np.repeat(start, size)
        found[moves[parents[0]]].append((parents, np.repeat(shape.first_child[parents], size) + offset, start))
    return found


def _stage(shape: TreeShape, nodes: Ints, after: Ints, averages: list[tuple[Ints, Ints, Ints]]) -> _Stage:
    sets = np.unique(shape.infoset[nodes])
    width = shape.action_start[sets + 1] - shape.action_start[sets]
    actions = np.unique(shape.edge[after])
    return _Stage(
        nodes=nodes,
        node_set=np.searchsorted(sets, shape.infoset[nodes]).astype(np.int32),
        after=after,
        after_start=np.searchsorted(shape.edge[after], actions).astype(np.int32),
        action_start=np.concatenate([[0], np.cumsum(width)[:-1]]).astype(np.int32)[: len(sets)],
        averages=tuple(averages),
    )


def _best_value(shape: TreeShape, plan: _Plan, edge: Floats, leaf: Floats) -> Floats:
    """[draws] value at the root when the player responds best; `edge` and `leaf` are node-major."""
    others = edge.copy()
    others[plan.own_edge] = 1.0
    others = multiply_down(shape, others)  # probability that the others and chance let play come here
    value = np.empty_like(edge)
    value[shape.terminal_nodes] = leaf
    for stage in plan.stages:
        if len(stage.nodes):
            weighted = others[shape.parent[stage.after]] * value[stage.after]
            rank = _first_best(segment_sum(weighted, stage.after_start), stage.action_start)
            child = shape.first_child[stage.nodes][:, None] + rank[stage.node_set]
            value[stage.nodes] = np.take_along_axis(value, child, axis=0)
        for parents, children, start in stage.averages:
            value[parents] = segment_sum(edge[children] * value[children], start)
    return value[0].copy()


def _first_best(rows: Floats, starts: Ints) -> Ints:
    """[segments, draws] position within each segment of its first largest row."""
    size = np.diff(np.append(starts, len(rows)))
    best = np.repeat(segment_max(rows, starts), size, axis=0)
    position = (np.arange(len(rows)) - np.repeat(starts, size)).astype(np.float64)
    first = segment_min(np.where(rows >= best, position[:, None], 0.0 + len(rows)), starts)
    return np.minimum(first, np.maximum(size - 1, 0)[:, None]).astype(np.int32)  # NaN rows have no best: take any
