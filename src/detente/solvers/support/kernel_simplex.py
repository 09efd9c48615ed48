"""Compiled linear programs over small polyhedra {v >= 0, A v = b}: a dense tableau, primal simplex.

The programs of a sequence form are small, many and very degenerate; what is asked of each is which of its
variables can be positive, and a point at which all of them are. Kept in one file, so that the compiled code
is cached with it.
"""

from __future__ import annotations

import numpy as np
from numba import njit

PIVOT = 1e-9  # smallest pivot
COST = 1e-10  # smallest reduced cost worth a pivot
ZERO = 1e-11  # ratios this close are tied
STALL = 60  # pivots without progress before the rule that cannot cycle takes over
FEASIBLE = 1e-9
SOLVED, EMPTY, FAILED = 0, 1, 2


@njit(cache=True, nogil=True, error_model="numpy")
def _pivot(t, basis, row, col):  # pragma: no cover - compiled
    """Bring a column into the basis."""
    width = t.shape[1]
    scale = 1.0 / t[row, col]
    for j in range(width):
        t[row, j] *= scale
    t[row, col] = 1.0
    for i in range(t.shape[0]):
        if i != row:
            factor = t[i, col]
            if factor != 0.0:
                for j in range(width):
                    t[i, j] -= factor * t[row, j]
                t[i, col] = 0.0
    basis[row] = col


@njit(cache=True, nogil=True, error_model="numpy")
def _climb(t, basis, open_, limit):  # pragma: no cover - compiled
    """Maximize: the last row holds minus the reduced costs. Returns SOLVED or FAILED."""
    rows, width = t.shape[0] - 1, t.shape[1]
    last = t[rows, width - 1]
    idle = 0
    for _ in range(limit):
        col = -1
        best = -COST
        for j in range(width - 1):
            if open_[j] and t[rows, j] < best:
                col = j
                if idle > STALL:
                    break
                best = t[rows, j]
        if col < 0:
            return SOLVED
        row = -1
        least = np.inf
        for i in range(rows):
            if t[i, col] > PIVOT:
                ratio = max(t[i, width - 1], 0.0) / t[i, col]
                if row < 0 or ratio < least - ZERO:
                    row, least = i, ratio
                elif ratio < least + ZERO:
                    better = basis[i] < basis[row] if idle > STALL else t[i, col] > t[row, col]
                    if better:
                        row = i
                        least = min(least, ratio)
        if row < 0:
            return FAILED
        _pivot(t, basis, row, col)
        if t[rows, width - 1] > last + 1e-12:
            last = t[rows, width - 1]
            idle = 0
        else:
            idle += 1
    return FAILED


@njit(cache=True, nogil=True, error_model="numpy")
def _start(a, b, open_, limit):  # pragma: no cover - compiled
    """A feasible tableau: (code, tableau, basis); artificial variables are numbered from the width on."""
    rows, width = a.shape
    t = np.zeros((rows + 1, width + 1))
    basis = np.empty(rows, dtype=np.int64)
    for i in range(rows):
        sign = -1.0 if b[i] < 0.0 else 1.0
        for j in range(width):
            if open_[j]:
                t[i, j] = sign * a[i, j]
        t[i, width] = sign * b[i]
        basis[i] = width + i
    for i in range(rows):
        for j in range(width + 1):
            t[rows, j] -= t[i, j]
    code = _climb(t, basis, open_, limit)
    if code != SOLVED:
        return code, t, basis
    left = 0.0
    for i in range(rows):
        if basis[i] >= width:
            left += abs(t[i, width])
    if left > FEASIBLE:
        return EMPTY, t, basis
    for i in range(rows):
        if basis[i] >= width:
            col = -1
            size = 1e-7
            for j in range(width):
                if open_[j] and abs(t[i, j]) > size:
                    col, size = j, abs(t[i, j])
            if col >= 0:
                t[i, width] = 0.0
                _pivot(t, basis, i, col)
            else:  # the row says nothing new
                for j in range(width + 1):
                    t[i, j] = 0.0
    return SOLVED, t, basis


@njit(cache=True, nogil=True, error_model="numpy")
def _aim(t, basis, cost):  # pragma: no cover - compiled
    """Put an objective to be maximized into the last row."""
    rows, width = t.shape[0] - 1, t.shape[1] - 1
    for j in range(width):
        t[rows, j] = -cost[j]
    t[rows, width] = 0.0
    for i in range(rows):
        if basis[i] < width and cost[basis[i]] != 0.0:
            for j in range(width + 1):
                t[rows, j] += cost[basis[i]] * t[i, j]


@njit(cache=True, nogil=True, error_model="numpy")
def _point(t, basis, out):  # pragma: no cover - compiled
    rows, width = t.shape[0] - 1, t.shape[1] - 1
    out[:] = 0.0
    for i in range(rows):
        if basis[i] < width:
            out[basis[i]] = max(t[i, width], 0.0)


@njit(cache=True, nogil=True, error_model="numpy")
def interior(a, b, open_, asked, tol, limit):  # pragma: no cover - compiled
    """Which variables can be positive, and a point at which they all are.

    Args:
        a: [rows, columns] equations.
        b: [rows] their right-hand sides.
        open_: [columns] False for variables that are held at zero.
        asked: [columns] variables asked about.
        tol: What counts as positive.
        limit: Most pivots per program.

    Returns:
        code, [columns] point, [columns] whether positive.
    """
    width = a.shape[1]
    total = np.zeros(width)
    positive = np.zeros(width, dtype=np.bool_)
    code, t, basis = _start(a, b, open_, limit)
    if code != SOLVED:
        return code, total, positive
    here = np.empty(width)
    cost = np.empty(width)
    met = 0
    while True:
        left = False
        for j in range(width):
            cost[j] = 1.0 if asked[j] and open_[j] and not positive[j] else 0.0
            left = left or cost[j] > 0.0
        if left:
            _aim(t, basis, cost)
            if _climb(t, basis, open_, limit) != SOLVED:
                return FAILED, total, positive
        elif met:
            break
        _point(t, basis, here)
        fresh = False
        for j in range(width):
            if cost[j] > 0.0 and here[j] > tol:
                positive[j] = True
                fresh = True
        if fresh or met == 0:
            total += here
            met += 1
        if not fresh:
            break
    return SOLVED, total / met, positive


@njit(cache=True, nogil=True, error_model="numpy")
def corners(a, b, open_, costs, limit):  # pragma: no cover - compiled
    """A point that maximizes each row of `costs` [programs, columns]: code, [programs, columns]."""
    found = np.zeros((costs.shape[0], a.shape[1]))
    code, t, basis = _start(a, b, open_, limit)
    if code != SOLVED:
        return code, found
    for k in range(costs.shape[0]):
        _aim(t, basis, costs[k])
        if _climb(t, basis, open_, limit) != SOLVED:
            return FAILED, found
        _point(t, basis, found[k])
    return SOLVED, found
