"""Compiled dense linear algebra for small systems: LU with partial pivoting, in place.

Own code and not LAPACK because the systems have 2 to 100 unknowns, many are solved at once on
all threads, and the answer must not depend on how a library splits its work.
"""

from __future__ import annotations

from detente.solvers.kernel_jit import kernel
from detente.solvers.kernel_layout import FACTORS, PIVOT, WIDTH


@kernel
def factor(N, F, size):  # pragma: no cover - compiled
    """Factor the leading `size` rows and columns of `factors` in place; the sign of its determinant, 0 if singular."""
    a, pivot, width = N[FACTORS], N[PIVOT], N[WIDTH]
    sign = 1
    for k in range(size):
        best = k
        top = abs(F[a + k * width + k])
        for i in range(k + 1, size):
            if abs(F[a + i * width + k]) > top:
                top = abs(F[a + i * width + k])
                best = i
        N[pivot + k] = best
        if not top > 1e-300:
            return 0
        row_k = a + k * width
        if best != k:
            sign = -sign
            other = a + best * width
            for j in range(size):
                F[row_k + j], F[other + j] = F[other + j], F[row_k + j]
        if F[row_k + k] < 0.0:
            sign = -sign
        inverse = 1.0 / F[row_k + k]
        for i in range(k + 1, size):
            row = a + i * width
            f = F[row + k] * inverse
            F[row + k] = f
            if f != 0.0:
                for j in range(k + 1, size):
                    F[row + j] -= f * F[row_k + j]
    return sign


@kernel
def solve(N, F, size, x):  # pragma: no cover - compiled
    """Solve with the factors from `factor`; the floats at `x` hold the right-hand side and become the answer."""
    a, pivot, width = N[FACTORS], N[PIVOT], N[WIDTH]
    for k in range(size):
        best = N[pivot + k]
        if best != k:
            F[x + k], F[x + best] = F[x + best], F[x + k]
    for i in range(1, size):
        row = a + i * width
        total = F[x + i]
        for j in range(i):
            total -= F[row + j] * F[x + j]
        F[x + i] = total
    for i in range(size - 1, -1, -1):
        row = a + i * width
        total = F[x + i]
        for j in range(i + 1, size):
            total -= F[row + j] * F[x + j]
        F[x + i] = total / F[row + i]
