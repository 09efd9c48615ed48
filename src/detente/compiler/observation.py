"""What each player has seen so far: sequences of observations, each stored once.

An information set is one decision together with one such sequence. Because sequences only grow
and hold the player's own moves, recall is perfect by construction.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.compiler.grouping import group_rows

START = -1
"""Timeline position of what is known before the first move."""


class Observation(NamedTuple):
    """One thing seen: the label of a variable, at a position of the timeline.

    Attributes:
        position: Timeline position at which it became visible, ``START`` before the first move.
        variable: Number of the variable.
        label: Number of its label, ``SKIPPED`` if the variable was skipped.
    """

    position: int
    variable: int
    label: int


class Observations:
    """Every sequence of observations that occurs, as a tree of prefixes; sequence 0 is empty."""

    def __init__(self) -> None:
        self._parent: list[int] = [0]
        self._last: list[Observation | None] = [None]
        self._variables: list[int] = [0]  # bit set of the variables seen in the sequence
        self._number: dict[tuple[int, Observation], int] = {}

    def extend(
        self, seen: NDArray[np.int32], position: int, variable: int, labels: NDArray[np.int16]
    ) -> NDArray[np.int32]:
        """The sequences after one more observation; nothing is added where the variable was already seen.

        Args:
            seen: [rows] sequence of each row.
            position: Timeline position of the observation.
            variable: Number of the variable that becomes visible.
            labels: [rows] its label.
        """
        groups = group_rows(np.stack((seen, labels), axis=1))
        extended = np.empty(len(groups), dtype=np.int32)
        for group, row in enumerate(groups.first):
            extended[group] = self._append(int(seen[row]), Observation(position, variable, int(labels[row])))
        return extended[groups.of]

    def sequence(self, number: int) -> tuple[Observation, ...]:
        """The observations of a sequence, in the order they became visible."""
        items: list[Observation] = []
        while (last := self._last[number]) is not None:
            items.append(last)
            number = self._parent[number]
        return tuple(reversed(items))

    def _append(self, number: int, item: Observation) -> int:
        bit = 1 << item.variable
        if self._variables[number] & bit:
            return number
        key = (number, item)
        if key not in self._number:
            self._number[key] = len(self._parent)
            self._parent.append(number)
            self._last.append(item)
            self._variables.append(self._variables[number] | bit)
        return self._number[key]
