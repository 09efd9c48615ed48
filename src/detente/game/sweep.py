"""Passes up and down the tree for a batch of draws.

Inside this room arrays are node-major, [nodes, draws], so that one level of the tree is one
contiguous block; the public functions of the other files are draw-major.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.game.tree import TreeShape

CHUNK_BYTES = 64 * 2**20  # working memory of one chunk of draws
MAX_CHUNK = 128  # more draws at once fall out of the processor's cache


def draw_chunks(shape: TreeShape, num_draws: int, arrays: int = 12) -> Iterator[slice]:
    """Slices of draws small enough that `arrays` node-sized arrays fit in the working memory.

    Args:
        shape: The game.
        num_draws: Number of draws in all.
        arrays: How many [nodes, draws] arrays the caller holds at a time.

    Yields:
        Slices that cover every draw once, in order; one empty slice if there are none.
    """
    fits = CHUNK_BYTES // (8 * arrays * max(1, shape.num_nodes))
    size = int(max(1, min(MAX_CHUNK, fits)))
    for start in range(0, max(1, num_draws), size):
        yield slice(start, min(start + size, num_draws))


def edge_table(shape: TreeShape, actions: Floats, chance: Floats, root: float) -> Floats:
    """[nodes, draws] what stands on the edge into each node.

    Args:
        shape: The game.
        actions: [draws, actions] number on each action.
        chance: [draws, chance_edges] number on each chance edge.
        root: Number for the root, which has no edge into it.
    """
    last = np.full((1, actions.shape[0]), root)
    return np.concatenate([actions.T, chance.T, last])[shape.edge_slot]


def multiply_down(shape: TreeShape, edge: Floats) -> Floats:
    """[nodes, draws] product of `edge` over the path from the root to each node."""
    result = edge.copy()
    for family in shape.families:
        result[family.children] *= result[shape.parent[family.children]]
    return result


def add_down(shape: TreeShape, edge: Floats) -> Floats:
    """[nodes, draws] sum of `edge` over the path from the root to each node."""
    result = edge.copy()
    for family in shape.families:
        result[family.children] += result[shape.parent[family.children]]
    return result


def average_up(shape: TreeShape, edge: Floats, leaf: Floats) -> Floats:
    """[nodes, draws] expected value at each node.

    Args:
        shape: The game.
        edge: [nodes, draws] probability of the edge into each node.
        leaf: [terminals, draws] value at each terminal node.
    """
    result = np.empty_like(edge)
    result[shape.terminal_nodes] = leaf
    for family in reversed(shape.families):
        weighted = edge[family.children] * result[family.children]
        result[family.parents] = np.add.reduceat(weighted, family.starts, axis=0)
    return result


def segment_sum(rows: Floats, starts: Ints) -> Floats:
    """[segments, draws] sum of consecutive rows; every segment holds at least one."""
    return np.add.reduceat(rows, starts, axis=0) if len(starts) else np.empty((0, rows.shape[1]))


def segment_max(rows: Floats, starts: Ints) -> Floats:
    """[segments, draws] largest of consecutive rows; NaN wins."""
    return np.maximum.reduceat(rows, starts, axis=0) if len(starts) else np.empty((0, rows.shape[1]))


def segment_min(rows: Floats, starts: Ints) -> Floats:
    """[segments, draws] smallest of consecutive rows; NaN wins."""
    return np.minimum.reduceat(rows, starts, axis=0) if len(starts) else np.empty((0, rows.shape[1]))


def segment_all(rows: Bools, starts: Ints) -> Bools:
    """[segments, draws] whether all of consecutive rows hold."""
    return np.logical_and.reduceat(rows, starts, axis=0) if len(starts) else np.empty((0, rows.shape[1]), np.bool_)


def in_every(rows: Bools) -> Bools:
    """[draws] whether all rows hold; so they do if there are none."""
    return np.asarray(np.logical_and.reduce(rows, axis=0), dtype=np.bool_)


def largest(rows: Floats) -> Floats:
    """[draws] largest of the rows, which are never negative; 0 if there are none, NaN wins."""
    return np.max(rows, axis=0, initial=0.0)
