"""Number the nodes breadth-first and lay them out as the arrays of a `TreeShape`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.axes import Ints
from detente.compiler.grouping import group_rows
from detente.compiler.growth import Grown
from detente.game import CHANCE, DECISION, NO_PARENT, NOT_A_DECISION, NOT_TERMINAL, TERMINAL, TreeShape


@dataclass(frozen=True, eq=False)
class Packed:
    """A tree as arrays.

    Attributes:
        shape: The arrays.
        order: [nodes] place of each node in the order of growth.
        infoset_node: [infosets] first node of each information set.
        chance_nodes: The chance nodes, in node order.
    """

    shape: TreeShape
    order: NDArray[np.int64]
    infoset_node: Ints
    chance_nodes: Ints


def pack(grown: Grown, players: tuple[str, ...], mover_of: NDArray[np.int32]) -> Packed:
    """Lay a grown tree out.

    Args:
        grown: Its nodes.
        players: Names of the strategic players.
        mover_of: [positions] player who moves at each position of the timeline.
    """
    order, first_child, num_children = _breadth_first(grown)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    parent = grown.parent[order]
    parent = np.where(parent == NO_PARENT, NO_PARENT, place[parent])
    kind = grown.kind[order]
    infoset, infoset_node = _information_sets(grown, order, kind)
    action_start = _starts(num_children[infoset_node])
    chance_nodes = np.flatnonzero(kind == CHANCE)
    chance_start = np.full(len(order), -1, dtype=np.int64)
    chance_start[chance_nodes] = _starts(num_children[chance_nodes])[:-1]
    branch_start = chance_start.copy()
    branch_start[kind == DECISION] = action_start[infoset[kind == DECISION]]
    edge = np.full(len(order), -1, dtype=np.int64)
    edge[1:] = branch_start[parent[1:]] + np.arange(1, len(order)) - first_child[parent[1:]]
    terminal = np.where(kind == TERMINAL, np.cumsum(kind == TERMINAL) - 1, NOT_TERMINAL)
    shape = TreeShape(
        players=players,
        parent=parent.astype(np.int32),
        kind=kind.astype(np.int32),
        first_child=first_child.astype(np.int32),
        num_children=num_children.astype(np.int32),
        infoset=infoset.astype(np.int32),
        edge=edge.astype(np.int32),
        terminal=terminal.astype(np.int32),
        infoset_player=mover_of[grown.position[order][infoset_node]].astype(np.int32),
        action_start=action_start.astype(np.int32),
        chance_start=chance_start.astype(np.int32),
    )
    return Packed(shape, order, infoset_node.astype(np.int32), chance_nodes.astype(np.int32))


def _breadth_first(grown: Grown) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Order of the nodes, and first child and number of children of each, in that order."""
    size = len(grown.parent)
    children = np.lexsort((grown.label, grown.parent))[1:]  # the root, whose parent sorts first, is no child
    counts = np.bincount(grown.parent[children], minlength=size)
    starts = np.cumsum(counts) - counts
    levels = [np.zeros(1, dtype=np.int64)]
    while True:
        width = counts[levels[-1]]
        total = int(width.sum())
        if total == 0:
            break
        within = np.arange(total) - np.repeat(np.cumsum(width) - width, width)
        levels.append(children[np.repeat(starts[levels[-1]], width) + within])
    order = np.concatenate(levels)
    num_children = counts[order]
    first_child = np.where(num_children > 0, 1 + np.cumsum(num_children) - num_children, 0)
    return order, first_child, num_children


def _information_sets(
    grown: Grown, order: NDArray[np.int64], kind: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Information set of each node, numbered by first appearance, and the first node of each set."""
    nodes = np.flatnonzero(kind == DECISION)
    keys = np.stack((grown.position[order][nodes], grown.seen[order][nodes]), axis=1)
    groups = group_rows(keys)
    rank = np.empty(len(groups), dtype=np.int64)
    rank[np.argsort(groups.first)] = np.arange(len(groups))
    infoset = np.full(len(order), NOT_A_DECISION, dtype=np.int64)
    infoset[nodes] = rank[groups.of]
    return infoset, nodes[np.sort(groups.first)]


def _starts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(counts)))
