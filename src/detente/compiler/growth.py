"""The nodes of a tree in the order they are made, before they are numbered breadth-first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.compiler.grouping import NOT_REACHED, SKIPPED
from detente.game import CHANCE, DECISION, NO_PARENT, TERMINAL

TYPES = -1
"""Stands for the variable of the root's branches: the type profile as a whole."""
TYPES_CHOICE = -1
"""Stands for the choice at the root: the prior."""
TYPES_POSITION = -1


@dataclass(frozen=True, eq=False)
class Settled:
    """What became of some nodes.

    Attributes:
        node: The nodes.
        kind: ``TERMINAL``, ``DECISION`` or ``CHANCE``, for all of them.
        position: Timeline position of the move, -1 for types and ends.
        choice: [nodes] number of the choice met there.
        seen: [nodes] what the mover has seen, 0 if nobody moves.
        values: [nodes, variables] labels when the node is reached.
    """

    node: NDArray[np.int32]
    kind: int
    position: int
    choice: NDArray[np.int64]
    seen: NDArray[np.int32]
    values: NDArray[np.int16]


@dataclass(frozen=True, eq=False)
class Grown:
    """All nodes as arrays, in the order they were made; attributes as in `Settled`, per node.

    Attributes:
        parent: Node above, ``NO_PARENT`` at the root.
        variable: Variable set by the edge into the node, ``TYPES`` for types.
        label: Its label, or the type profile.
    """

    parent: NDArray[np.int32]
    variable: NDArray[np.int32]
    label: NDArray[np.int32]
    kind: NDArray[np.int32]
    position: NDArray[np.int32]
    choice: NDArray[np.int64]
    seen: NDArray[np.int32]
    values: NDArray[np.int16]


class Growth:
    """Collects nodes. A node is first branched to, later settled as decision, chance or end."""

    def __init__(self, num_variables: int) -> None:
        self.size = 0
        self._num_variables = num_variables
        self._edges: list[tuple[NDArray[np.int32], NDArray[np.int32], int]] = []
        self._settled: list[Settled] = []

    def root(self) -> int:
        """Make the root."""
        no_parent = np.full(1, NO_PARENT, dtype=np.int32)
        self._edges.append((no_parent, np.zeros(1, dtype=np.int32), TYPES))
        self.size = 1
        return 0

    def branch(self, parents: NDArray[np.int32], labels: NDArray[np.integer], variable: int) -> NDArray[np.int32]:
        """Make one child per (parent, label); labels order the children of a parent."""
        self._edges.append((parents, labels.astype(np.int32), variable))
        self.size += len(parents)
        return np.arange(self.size - len(parents), self.size, dtype=np.int32)

    def settle(self, settled: Settled) -> None:
        """Say what some nodes are."""
        if len(settled.node):
            self._settled.append(settled)

    def end(self, node: NDArray[np.int32], values: NDArray[np.int16]) -> None:
        """The game ends at these nodes; variables that were not reached count as skipped."""
        nothing = np.zeros(len(node), dtype=np.int32)
        finished = np.where(values == NOT_REACHED, np.int16(SKIPPED), values)
        self.settle(Settled(node, TERMINAL, -1, nothing.astype(np.int64), nothing, finished))

    def grown(self) -> Grown:
        """Everything made so far as arrays."""
        fresh = lambda: np.zeros(self.size, dtype=np.int32)
        kind, position, seen, choice = fresh(), fresh(), fresh(), np.zeros(self.size, dtype=np.int64)
        values = np.empty((self.size, self._num_variables), dtype=np.int16)
        for item in self._settled:
            kind[item.node] = item.kind
            position[item.node] = item.position
            choice[item.node] = item.choice
            seen[item.node] = item.seen
            values[item.node] = item.values
        return Grown(
            parent=np.concatenate([edge[0] for edge in self._edges]),
            variable=np.concatenate([np.full(len(edge[0]), edge[2], dtype=np.int32) for edge in self._edges]),
            label=np.concatenate([edge[1] for edge in self._edges]),
            kind=kind,
            position=position,
            choice=choice,
            seen=seen,
            values=values,
        )


__all__ = ["CHANCE", "DECISION", "TERMINAL", "TYPES", "TYPES_CHOICE", "TYPES_POSITION", "Grown", "Growth", "Settled"]
