"""The histories that are still being played out, one row each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from detente.compiler.grouping import NOT_REACHED, SKIPPED, Rows
from detente.compiler.plan import Plan

History: TypeAlias = "dict[str, str | None]"
"""Labels by variable; None where skipped."""


@dataclass(frozen=True, eq=False)
class Frontier:
    """Histories at one position of the timeline.

    Attributes:
        node: [rows] node each history has arrived at; its kind is settled by the next real choice.
        values: [rows, variables] number of each variable's label, ``SKIPPED`` or ``NOT_REACHED``.
        seen: [rows, eyes] what each player has seen, as a sequence of `Observations`; last, if asked for, what an
            eye that sees everything has seen.
    """

    node: NDArray[np.int32]
    values: NDArray[np.int16]
    seen: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.node)

    def take(self, rows: Rows | NDArray[np.bool_]) -> Frontier:
        """Some of the histories."""
        return Frontier(self.node[rows], self.values[rows], self.seen[rows])


def reached_history(plan: Plan, values: NDArray[np.int16], columns: Sequence[int] | None = None) -> History:
    """One row of values as a history: labels by variable, None where skipped, nothing where not reached.

    Args:
        plan: Names and labels.
        values: [variables] one row.
        columns: Variables to tell; all by default.
    """
    history: History = {}
    row = values.tolist()
    for column in range(len(row)) if columns is None else columns:
        value = row[column]
        if value != NOT_REACHED:
            history[plan.variables[column]] = None if value == SKIPPED else plan.labels[column][value]
    return history
