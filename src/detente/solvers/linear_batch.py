"""The same linear program with other numbers, many times: solved by HiGHS, or by a basis that served before.

Each program maximizes ``objective @ x`` over ``0 <= x <= 1``, ``equal @ x = right`` and ``below @ x <= 0``.
The upper end 1 must follow from the rest. A basis found in one draw is tried in all others at once: where
the point it gives is feasible and its multipliers prove that nothing is better, the draw is done. Points
come from solving the basis in double precision, so that a vertex is exact to rounding.

Bounds hold whatever tolerance HiGHS works with: for any multipliers ``y >= 0`` of the rows below zero and
``w`` of the equal ones, ``right @ w + sum(max(0, objective - below.T @ y - equal.T @ w))`` is one (Neumaier and
Shcherbina 2004, section 3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats, Ints

MET = 1e-11
"""Distance up to which a constraint counts as kept, and a bound as met (rows have largest coefficient 1)."""
BLURRED = 1e-8
"""The same for what HiGHS hands over, when its vertex cannot be solved anew."""
LARGEST_BASIS = 300


@dataclass(frozen=True, eq=False)
class Programs:
    """A batch of programs of one form.

    Attributes:
        objective: [draws, columns] to be maximized.
        equal: [rows, columns] coefficients of the equations, the same in all draws.
        right: [rows] their right-hand sides.
        below: [draws, inequalities, columns] coefficients of what must not be positive.
    """

    objective: Floats
    equal: Floats
    right: Floats
    below: Floats


@dataclass(frozen=True, eq=False)
class Answers:
    """Their solutions.

    Attributes:
        point: [draws, columns] best point; NaN where there is none.
        value: [draws] objective there; -inf where there is none.
        bound: [draws] what no point can pass; -inf where there is none.
        solved: [draws] whether HiGHS was called for the draw itself.
        failed: [draws] whether it gave up.
    """

    point: Floats
    value: Floats
    bound: Floats
    solved: Bools
    failed: Bools


class LinearBatch:
    """Solves programs of one form and remembers the bases that were best."""

    def __init__(self) -> None:
        self._bases: list[Ints] = []
        self._rows: Ints | None = None

    def solve(self, programs: Programs, stop: Callable[[], bool] | None = None) -> Answers:
        """Solve a batch. Draws left out because of `stop` count as failed.

        Args:
            programs: The programs; every call of one `LinearBatch` has the same `equal`.
            stop: Polled between programs.
        """
        draws, columns = (int(size) for size in programs.objective.shape)
        keep = self._independent(programs.equal)
        programs = Programs(programs.objective, programs.equal[keep], programs.right[keep], _unit_rows(programs.below))
        found = Answers(
            np.full((draws, columns), np.nan),
            np.full(draws, -np.inf),
            np.full(draws, np.inf),
            np.zeros(draws, dtype=np.bool_),
            np.zeros(draws, dtype=np.bool_),
        )
        open_rows = np.ones(draws, dtype=np.bool_)
        for basis in self._bases:
            self._try(programs, basis, open_rows, found)
        while open_rows.any():
            row = int(np.flatnonzero(open_rows)[0])
            if stop is not None and stop():
                found.failed[open_rows] = True
                break
            basis = _with_highs(programs, row, found)
            open_rows[row] = False
            if basis is not None:
                here = np.zeros(draws, dtype=np.bool_)
                here[row] = True
                self._try(programs, basis, here, found)
                self._try(programs, basis, open_rows, found)
                self._bases = [basis, *self._bases][:64]
        return found

    def _independent(self, equal: Floats) -> Ints:
        """Equations that do not follow from the others."""
        if self._rows is None:
            self._rows = _first_independent(equal.T, range(len(equal)))
        return self._rows

    def _try(self, programs: Programs, basis: Ints, rows: Bools, found: Answers) -> None:
        """Where a basis is best, note its vertex; in place. `rows` are the draws still open."""
        chosen: Ints = np.flatnonzero(rows).astype(np.int32)
        if not len(chosen):
            return
        objective, below = programs.objective[chosen], programs.below[chosen]
        columns, slack = objective.shape[1], below.shape[1]
        table = np.zeros((len(chosen), len(programs.right) + slack, columns + slack))
        table[:, : len(programs.right), :columns] = programs.equal
        table[:, len(programs.right) :, :columns] = below
        table[:, len(programs.right) :, columns:] = np.eye(slack)
        costs = np.concatenate([objective, np.zeros((len(chosen), slack))], axis=1)
        right = np.concatenate([programs.right, np.zeros(slack)])
        square = table[:, :, basis]
        try:
            inside = _solved(square, np.broadcast_to(right, (len(chosen), len(right))))
            price = _solved(square.transpose(0, 2, 1), costs[:, basis])
        except np.linalg.LinAlgError:
            return
        point = np.zeros((len(chosen), columns + slack))
        point[:, basis] = inside
        sound = np.isfinite(inside).all(axis=1) & (inside >= -MET).all(axis=1)
        x = np.clip(point[:, :columns], 0.0, 1.0)
        value = np.einsum("dc,dc->d", objective, x)
        bound = safe_bound(programs, chosen, price)
        with np.errstate(invalid="ignore"):
            sound &= bound - value <= 10 * MET
        done = chosen[sound]
        found.point[done], found.value[done], found.bound[done] = x[sound], value[sound], bound[sound]
        rows[done] = False


def _solved(square: Floats, right: Floats) -> Floats:
    """[draws, rows] solutions of a batch of square systems."""
    return np.asarray(np.linalg.solve(square, right[:, :, None])[:, :, 0], dtype=np.float64)


def safe_bound(programs: Programs, rows: Ints, price: Floats) -> Floats:
    """[rows] what no point can pass, from multipliers of the equations and then of the inequalities."""
    equations = len(programs.right)
    free, sign = price[:, :equations], np.maximum(price[:, equations:], 0.0)
    left = programs.objective[rows] - free @ programs.equal - np.einsum("dk,dkc->dc", sign, programs.below[rows])
    return free @ programs.right + np.maximum(left, 0.0).sum(axis=1)


def _unit_rows(below: Floats) -> Floats:
    largest = np.abs(below).max(axis=2, keepdims=True, initial=0.0)
    return np.divide(below, largest, out=np.zeros_like(below), where=largest > 0.0)


def _with_highs(programs: Programs, row: int, found: Answers) -> Ints | None:
    """Solve one draw with HiGHS; note what it found, and return the basis at its vertex if there is one."""
    from scipy.optimize import linprog

    below = programs.below[row]
    result = linprog(
        -programs.objective[row],
        A_ub=below if len(below) else None,
        b_ub=np.zeros(len(below)) if len(below) else None,
        A_eq=programs.equal,
        b_eq=programs.right,
        bounds=(0.0, None),
        method="highs-ds",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    found.solved[row] = True
    if result.status == 2:  # no point keeps all constraints
        found.bound[row] = -np.inf
        return None
    if result.x is None or not np.isfinite(result.x).all():
        found.failed[row] = True
        return None
    x = np.clip(np.asarray(result.x, dtype=np.float64), 0.0, 1.0)
    below_price = -np.asarray(result.ineqlin.marginals, dtype=np.float64) if len(below) else np.zeros(0)
    price = np.concatenate([-np.asarray(result.eqlin.marginals, dtype=np.float64), below_price])
    found.point[row] = x
    found.value[row] = float(programs.objective[row] @ x)
    found.bound[row] = float(safe_bound(programs, np.array([row], dtype=np.int32), price[None, :])[0])
    return _basis_at(programs, row, x, price)


def _basis_at(programs: Programs, row: int, x: Floats, price: Floats) -> Ints | None:
    """Columns (variables, then slacks) of a basis that gives a vertex: first what is positive there."""
    below, equations = programs.below[row], len(programs.right)
    size = equations + len(below)
    if size > LARGEST_BASIS:
        return None
    table = np.zeros((size, len(x) + len(below)))
    table[:equations, : len(x)], table[equations:, : len(x)] = programs.equal, below
    table[equations:, len(x) :] = np.eye(len(below))
    inside = np.concatenate([x, -(below @ x)])
    reduced = np.concatenate([programs.objective[row] - price @ table[:, : len(x)], -price[equations:]])
    order = np.lexsort((np.abs(reduced), -(inside > BLURRED).astype(np.int32)))
    basis = _first_independent(table, order.tolist())
    return basis if len(basis) == size else None


def _first_independent(columns: Floats, order: list[int] | range) -> Ints:
    """Columns of a matrix, taken in an order, that do not depend on those taken before."""
    taken: list[int] = []
    frame = np.zeros((0, columns.shape[0]))
    for number in order:
        rest = columns[:, number].astype(np.float64)
        length = float(np.linalg.norm(rest))
        for _ in range(2):  # twice is enough for orthogonality to rounding
            rest = rest - frame.T @ (frame @ rest)
        left = float(np.linalg.norm(rest))
        if length > 0.0 and left > 1e-9 * length:
            frame = np.vstack([frame, rest / left])
            taken.append(int(number))
        if len(taken) == columns.shape[0]:
            break
    return np.array(taken, dtype=np.int32)
