"""Rows that agree in the columns that matter, found without a loop over rows.

Conditions are evaluated once per group of histories rather than once per history, which is what
keeps compilation fast while expressions stay ordinary Python objects.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
"""Row numbers."""

NOT_REACHED = -2
SKIPPED = -1

DENSE_FACTOR = 4
LARGEST_CODE = 2**62


@dataclass(frozen=True, eq=False)
class Groups:
    """A partition of rows.

    Attributes:
        first: [groups] the first row of each group.
        of: [rows] the group of each row.
    """

    first: Rows
    of: Rows

    def __len__(self) -> int:
        return len(self.first)


def integers(array: NDArray[np.integer]) -> list[int]:
    """The entries of a one-dimensional array as Python integers."""
    return [int(entry) for entry in array]


def group_rows(columns: NDArray[np.integer]) -> Groups:
    """Group equal rows.

    Args:
        columns: [rows, columns] integers of at least ``NOT_REACHED``.

    Returns:
        The groups, ordered by their columns from left to right.
    """
    num_rows, width = columns.shape
    if num_rows == 0 or width == 0:
        return Groups(np.zeros(min(num_rows, 1), dtype=np.int64), np.zeros(num_rows, dtype=np.int64))
    code, bound = np.zeros(num_rows, dtype=np.int64), 1
    for column, top in enumerate(columns.max(axis=0).tolist()):
        size = int(top) - NOT_REACHED + 1
        if bound * size >= LARGEST_CODE:  # renumber densely; the order of codes is kept
            groups = _group_codes(code, bound)
            code, bound = groups.of, len(groups)
        code = code * size + (columns[:, column] - NOT_REACHED)
        bound *= size
    return _group_codes(code, bound)


def _group_codes(code: Rows, bound: int) -> Groups:
    if bound > DENSE_FACTOR * len(code) + 1024:
        _, first, of = np.unique(code, return_index=True, return_inverse=True)
        return Groups(first.astype(np.int64), of.reshape(-1).astype(np.int64))
    holder = np.full(bound, -1, dtype=np.int64)
    holder[code[::-1]] = np.arange(len(code) - 1, -1, -1)
    present = np.flatnonzero(holder >= 0)
    first = holder[present]
    holder[present] = np.arange(len(present))
    return Groups(first, holder[code])
