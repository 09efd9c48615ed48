"""Games in normal form as two simultaneous moves, for the tests of the search for all equilibria."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from detente.game import BuiltGame, TreeBuilder
from detente.solvers import EquilibriumSet, all_equilibria
from game.random_games import payoff_range


def bimatrix(row: Sequence[Sequence[float]], column: Sequence[Sequence[float]]) -> BuiltGame:
    """Two players who choose at once."""
    tree = TreeBuilder("row", "column")
    u, v = np.asarray(row, dtype=float), np.asarray(column, dtype=float)

    def reply(i: int):
        ends = {f"c{j}": tree.terminal(float(u[i, j]), float(v[i, j])) for j in range(u.shape[1])}
        return tree.decision("column", "reply", ends)

    return tree.build(tree.decision("row", "move", {f"r{i}": reply(i) for i in range(u.shape[0])}))


def solved(game: BuiltGame, **settings) -> EquilibriumSet:
    """All equilibria of a built game, payoffs measured in each player's range."""
    return all_equilibria(game.shape, game.numbers, payoff_range(game.numbers), **settings)


def bimatrix_equilibria(row: np.ndarray, column: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Brute force for games without ties: every pair of supports of equal size, solved and checked."""
    found = []
    n, m = row.shape
    supports = [(rows, columns) for rows in _subsets(n) for columns in _subsets(m) if len(rows) == len(columns)]
    for rows, columns in supports:
        y = _indifferent(row[np.ix_(rows, columns)])
        x = _indifferent(column[np.ix_(rows, columns)].T)
        if x is None or y is None:
            continue
        full_x, full_y = np.zeros(n), np.zeros(m)
        full_x[list(rows)], full_y[list(columns)] = x, y
        if min(x.min(), y.min()) < -1e-12:
            continue
        best_row = (row @ full_y).max() - full_x @ row @ full_y
        best_column = (full_x @ column).max() - full_x @ column @ full_y
        if max(best_row, best_column) < 1e-9:
            found.append((full_x, full_y))
    return found


def _subsets(size: int) -> list[tuple[int, ...]]:
    return [tuple(k for k in range(size) if chosen[k]) for chosen in product([False, True], repeat=size) if any(chosen)]


def _indifferent(matrix: np.ndarray) -> np.ndarray | None:
    """The mixture over columns that makes every row worth the same."""
    k = len(matrix)
    a = np.zeros((k + 1, k + 1))
    a[:k, :k], a[:k, k], a[k, :k] = matrix, -1.0, 1.0
    try:
        return np.linalg.solve(a, np.append(np.zeros(k), 1.0))[:k]
    except np.linalg.LinAlgError:
        return None
