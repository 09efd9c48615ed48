"""The plans of one player that keep the other's chosen sequences best: a polyhedron per side.

A point is (plan, values of the other's sets, losses of the other's sequences, room below the bounds). A set's
value lies between what its best action gives and twice the probability that play comes there, so that sets
which a plan never lets play reach have value zero and nothing to lose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.solvers.support.sequence_form import LEVEL, SequenceForm

POSITIVE = 1e-8
MAX_PIVOTS = 20_000
SOLVED, EMPTY = 0, 1  # codes of the kernel


@dataclass(frozen=True, eq=False)
class Polyhedron:
    """One side's constraints without any choice of support.

    Attributes:
        a: [rows, columns] equations; b: [rows].
        plan: Columns of the plan. loss: columns of the other side's losses.
        values: Columns of the values of the other side's sets.
    """

    a: Floats
    b: Floats
    plan: slice
    values: slice
    loss: slice


@dataclass(frozen=True, eq=False)
class Face:
    """A face of a polyhedron, with what is identically zero on it.

    Attributes:
        plan_zero: [own sequences] held at zero. loss_zero: [other's sequences] held without loss.
        open: [columns] whether each variable can be positive.
        plan_open: [own sequences] the same for the plan. loss_open: the same for the losses.
        point: [columns] a point inside the face: all that can be positive is.
    """

    plan_zero: Bools
    loss_zero: Bools
    open: Bools
    plan_open: Bools
    loss_open: Bools
    point: Floats


def polyhedron(form: SequenceForm, k: int) -> Polyhedron:
    """The constraints on side `k`'s plan and the other side's values."""
    own, other = form.sides[k], form.sides[1 - k]
    unit, payoff, weight = form.unit[1 - k], form.payoff[1 - k], form.weight[1 - k]
    n, values, losses = own.size, len(other.sets) + 1, other.size
    plan = slice(0, n)
    value = slice(n, n + values)
    loss = slice(n + values, n + values + losses)
    bounds = len(other.sets)
    width = n + values + losses + bounds
    a = np.zeros((1 + len(own.sets) + losses + bounds, width))
    b = np.zeros(len(a))
    a[0, 0], b[0] = 1.0, 1.0
    for number, above in enumerate(own.above):
        a[1 + number, np.flatnonzero(own.set_of == number)] = 1.0
        a[1 + number, above] = -1.0
    row = 1 + len(own.sets)
    for sequence in range(losses):
        number = int(other.set_of[sequence]) + 1
        a[row, plan] = -payoff[sequence] / unit[number]
        a[row, n + number] = 1.0
        for child in np.flatnonzero(other.above == sequence):
            a[row, n + 1 + child] -= unit[child + 1] / unit[number]
        a[row, loss.start + sequence] = -1.0
        row += 1
    for number in range(bounds):
        a[row, n + 1 + number] = 1.0
        a[row, plan] = -(LEVEL + 1.0) * weight[number]
        a[row, loss.stop + number] = 1.0
        row += 1
    return Polyhedron(a, b, plan, value, loss)


def face(body: Polyhedron, plan_zero: Bools, loss_zero: Bools, within: Face | None = None) -> Face | None:
    """A face by what is held at zero; None if it is empty.

    Args:
        body: The polyhedron.
        plan_zero: [own sequences] held at zero.
        loss_zero: [other's sequences] held without loss.
        within: A face that contains it, if one is known: what is zero there is zero here.

    Raises:
        ArithmeticError: The linear program could not be solved.
    """
    open_ = np.ones(body.a.shape[1], dtype=np.bool_) if within is None else within.open.copy()
    open_[body.plan] &= ~plan_zero
    open_[body.loss] &= ~loss_zero
    rows, columns = _live(body, open_)
    dropped = np.ones(len(body.b), dtype=np.bool_)
    dropped[rows] = False
    if bool(np.any(body.b[dropped] != 0)):
        return None
    small = np.ascontiguousarray(body.a[np.ix_(rows, columns)])
    every = np.ones(len(columns), dtype=np.bool_)
    code, inside, some = _kernel("interior")(small, body.b[rows], every, every, POSITIVE, MAX_PIVOTS)
    if code == EMPTY:
        return None
    if code != SOLVED or np.abs(small @ inside - body.b[rows]).max(initial=0.0) > 1e-8:
        raise ArithmeticError
    point = np.zeros(len(open_))
    positive = np.zeros(len(open_), dtype=np.bool_)
    point[columns], positive[columns] = inside, some
    return Face(plan_zero, loss_zero, positive, positive[body.plan], positive[body.loss], point)


def size_of(body: Polyhedron, own: Face) -> int:
    """Entries of the tableau of a face: the work that a linear program over it takes is in proportion."""
    rows, columns = _live(body, own.open)
    return len(rows) * len(columns)


def _kernel(name: str) -> Callable[..., Any]:
    """A compiled linear program; imports numba."""
    return getattr(import_module("detente.solvers.support.kernel_simplex"), name)


def _live(body: Polyhedron, open_: Bools) -> tuple[Ints, Ints]:
    """Rows that hold a variable that is not zero, and the columns of those variables."""
    columns = np.flatnonzero(open_).astype(np.int32)
    return np.flatnonzero((body.a[:, columns] != 0).any(axis=1)).astype(np.int32), columns


def optima(body: Polyhedron, open_: Bools, costs: Floats) -> Floats:
    """[programs, columns] a corner of a face that maximizes each row of `costs`.

    Args:
        body: The polyhedron.
        open_: [columns] which variables are not zero on the face.
        costs: [programs, columns] what is maximized.

    Raises:
        ArithmeticError: A linear program could not be solved.
    """
    rows, columns = _live(body, open_)
    small = np.ascontiguousarray(body.a[np.ix_(rows, columns)])
    every = np.ones(len(columns), dtype=np.bool_)
    code, found = _kernel("corners")(small, body.b[rows], every, np.ascontiguousarray(costs[:, columns]), MAX_PIVOTS)
    if code != SOLVED:
        raise ArithmeticError
    point = np.zeros((len(costs), len(open_)))
    point[:, columns] = found
    return point
