"""Compiled dense linear algebra for small systems: LU with partial pivoting, in place.

Own code and not LAPACK because the systems have 2 to 100 unknowns, many are solved at once on
all threads, and the answer must not depend on how a library splits its work.
"""

from __future__ import annotations

from numba import njit


@njit(cache=True, nogil=True, error_model="numpy")
def factor(a, pivot, size):  # pragma: no cover - compiled
    """Factor the leading `size` rows and columns of `a` in place; the sign of its determinant, 0 if singular."""
    sign = 1
    for k in range(size):
        best = k
        top = abs(a[k, k])
        for i in range(k + 1, size):
            if abs(a[i, k]) > top:
                top = abs(a[i, k])
                best = i
        pivot[k] = best
        if not top > 1e-300:
            return 0
        if best != k:
            sign = -sign
            for j in range(size):
                a[k, j], a[best, j] = a[best, j], a[k, j]
        if a[k, k] < 0.0:
            sign = -sign
        inverse = 1.0 / a[k, k]
        for i in range(k + 1, size):
            f = a[i, k] * inverse
            if f != 0.0:
                a[i, k] = f
                for j in range(k + 1, size):
                    a[i, j] -= f * a[k, j]
            else:
                a[i, k] = 0.0
    return sign


@njit(cache=True, nogil=True, error_model="numpy")
def solve(a, pivot, size, x):  # pragma: no cover - compiled
    """Solve with the factors from `factor`; `x` holds the right-hand side and becomes the answer."""
    for k in range(size):
        best = pivot[k]
        if best != k:
            x[k], x[best] = x[best], x[k]
    for i in range(1, size):
        total = x[i]
        for j in range(i):
            total -= a[i, j] * x[j]
        x[i] = total
    for i in range(size - 1, -1, -1):
        total = x[i]
        for j in range(i + 1, size):
            total -= a[i, j] * x[j]
        x[i] = total / a[i, i]
