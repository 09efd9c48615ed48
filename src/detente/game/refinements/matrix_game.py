"""The value of a small matrix game, by the simplex method."""

from __future__ import annotations

import numpy as np

from detente.axes import Floats, Ints

ROUNDING = 1e-13
MOST_PIVOTS = 10_000


def least_maximum(matrix: Floats) -> float:
    """The least that mixtures of rows can make the largest column average be.

    Args:
        matrix: [rows, columns] finite numbers, at least one of each.

    Returns:
        min over row mixtures x of max over columns of x @ matrix, to rounding.

    Reference: Dantzig (1963), chapter 13; pivots by Bland's rule, so that it ends.
    """
    low = float(matrix.min())
    positive = matrix - low + 1.0
    rows, columns = positive.shape
    # Largest sum of x >= 0 with x @ positive <= 1: the reciprocal of the value of the positive game.
    table = np.zeros((columns + 1, rows + columns + 1))
    table[:columns, :rows] = positive.T
    table[:columns, rows : rows + columns] = np.eye(columns)
    table[:columns, -1] = 1.0
    table[-1, :rows] = -1.0
    basis: Ints = np.arange(rows, rows + columns, dtype=np.int32)
    for _ in range(MOST_PIVOTS):
        entering = np.flatnonzero(table[-1, :-1] < -ROUNDING)
        if not len(entering):
            break
        column = int(entering[0])
        with np.errstate(divide="ignore", invalid="ignore"):
            limits = np.where(table[:-1, column] > ROUNDING, table[:-1, -1] / table[:-1, column], np.inf)
        tied = np.flatnonzero(limits <= limits.min() + ROUNDING)
        row = int(tied[np.argmin(basis[tied])])
        table[row] /= table[row, column]
        others = np.arange(len(table)) != row
        table[others] -= np.outer(table[others, column], table[row])
        basis[row] = column
    return float(1.0 / table[-1, -1] + low - 1.0)
