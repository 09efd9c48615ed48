"""Dimension, ranges and corners of convex sets of Nash equilibria, and which of them touch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats
from detente.solvers.support.region import Face, Polyhedron, face, optima
from detente.solvers.support.sequence_form import LEVEL, SequenceForm
from detente.solvers.support.subsets import NashSubset

CORNERS = 24
MOST_PAIRS = 20_000
RANK_TOL = 1e-9
EXACT = 1e-14  # largest error in an equation that is left alone


@dataclass(frozen=True, eq=False)
class Piece:
    """A convex set of Nash equilibria, measured.

    Attributes:
        subset: The set.
        dimension: Its dimension, counted in realization plans.
        inside: Plans in the middle of it.
        corners: Pairs of extreme plans, some of them.
        payoffs: [2, 2] least and largest expected payoff of the two sides, in the units of the game.
        actions: [actions, 2] least and largest probability of each action of the two sides.
    """

    subset: NashSubset
    dimension: int
    inside: tuple[Floats, Floats]
    corners: tuple[tuple[Floats, Floats], ...]
    payoffs: Floats
    actions: Floats


def measure(
    form: SequenceForm, bodies: tuple[Polyhedron, Polyhedron], subset: NashSubset, stop: Callable[[], bool]
) -> Piece:
    """Measure one set.

    Args:
        form: The game.
        bodies: Its polyhedra.
        subset: The set.
        stop: Once it says stop, only the middle of the set is found, and stands for its corners and ranges.

    Raises:
        ArithmeticError: A linear program could not be solved.
    """
    inside: list[Floats] = []
    dimension = 0
    extreme: list[Floats] = []
    payoffs = np.zeros((2, 2))
    actions = np.tile([0.0, 1.0], (form.shape.num_actions, 1))
    for k in range(2):
        body, own = bodies[k], subset.faces[k]
        size, point = _affine(body, own)
        dimension += size
        inside.append(point)
        size = 0 if stop() else size
        extreme.append(_extremes(form, body, own, k, size, point))
        factor, shift = form.level[1 - k]
        low, high = _value_range(body, own, size)
        payoffs[1 - k] = factor * (np.array([low, high]) - LEVEL) + shift
        _action_ranges(form, body, own, k, size, point, actions)
    count = max(len(item) for item in extreme)
    pairs = tuple((extreme[0][i % len(extreme[0])], extreme[1][i % len(extreme[1])]) for i in range(count))
    return Piece(subset, dimension, (inside[0], inside[1]), pairs, payoffs, actions)


def _affine(body: Polyhedron, own: Face) -> tuple[int, Floats]:
    """Dimension of the plans of a face, and one inside it, corrected to satisfy the equations to rounding."""
    columns = np.flatnonzero(own.open)
    rows = np.flatnonzero((body.a[:, columns] != 0).any(axis=1))
    part, right = body.a[np.ix_(rows, columns)], body.b[rows]
    values = own.point[columns]
    plans = int(np.count_nonzero(columns < body.plan.stop))
    # Of the directions that keep the equations, those that leave the plan alone do not count.
    dimension = plans - _rank(part) + _rank(part[:, plans:])
    left = right - part @ values
    if np.abs(left).max(initial=0.0) > EXACT:
        values = np.maximum(values + np.linalg.lstsq(part, left, rcond=RANK_TOL)[0], 0.0)
    point = np.zeros(len(own.point))
    point[columns] = values
    return dimension, point[body.plan]


def _rank(matrix: Floats) -> int:
    if not matrix.size:
        return 0
    sizes = np.linalg.svd(matrix, compute_uv=False)
    return int((sizes > RANK_TOL * max(1.0, float(sizes[0]))).sum())


def _extremes(form: SequenceForm, body: Polyhedron, own: Face, k: int, size: int, point: Floats) -> Floats:
    """[corners, sequences] some extreme plans of a face; the one point it has if it has no extent."""
    if size == 0:
        return point[None, :]
    rng = np.random.Generator(np.random.Philox(key=[k, 0x636F726E]))
    costs = np.zeros((CORNERS, body.a.shape[1]))
    costs[:, body.plan] = rng.standard_normal((CORNERS, form.sides[k].size))
    found = optima(body, own.open, costs)[:, body.plan]
    return np.unique(np.round(found, 12), axis=0)


def _value_range(body: Polyhedron, own: Face, size: int) -> tuple[float, float]:
    first = body.values.start
    if size == 0:
        return float(own.point[first]), float(own.point[first])
    costs = np.zeros((2, body.a.shape[1]))
    costs[0, first], costs[1, first] = -1.0, 1.0
    found = optima(body, own.open, costs)[:, first]
    return float(found[0]), float(found[1])


def _action_ranges(
    form: SequenceForm, body: Polyhedron, own: Face, k: int, size: int, point: Floats, actions: Floats
) -> None:
    """Fill in the ranges of side k's actions: linear-fractional programs, by Charnes and Cooper (1962)."""
    side = form.sides[k]
    for above in np.unique(side.above):
        if not own.plan_open[above]:
            continue  # the player never comes there by its own choice
        rows = np.flatnonzero(np.isin(side.set_of, np.flatnonzero(side.above == above)))
        if size == 0:
            actions[side.actions[rows - 1]] = (point[rows] / point[above])[:, None]
            continue
        scaled = body if above == 0 else _given(body, int(above))
        open_ = own.open if above == 0 else np.append(own.open, True)
        costs = np.zeros((2 * len(rows), scaled.a.shape[1]))
        costs[np.arange(len(rows)), rows] = -1.0
        costs[len(rows) + np.arange(len(rows)), rows] = 1.0
        found = optima(scaled, open_, costs)
        low, high = found[np.arange(len(rows)), rows], found[len(rows) + np.arange(len(rows)), rows]
        pairs = np.clip(np.column_stack([low, high]), 0.0, 1.0)
        near = np.round(pairs)
        actions[side.actions[rows - 1]] = np.where(np.abs(pairs - near) < 1e-9, near, pairs)


def _given(body: Polyhedron, above: int) -> Polyhedron:
    """The cone over a polyhedron, cut where a sequence has weight one: plans given that it is played."""
    cone = np.hstack([body.a, -body.b[:, None]])
    cut = np.zeros((1, cone.shape[1]))
    cut[0, above] = 1.0
    right = np.append(np.zeros(len(cone)), 1.0)
    return Polyhedron(np.vstack([cone, cut]), right, body.plan, body.values, body.loss)


def connected(
    bodies: tuple[Polyhedron, Polyhedron], pieces: Sequence[Piece], stop: Callable[[], bool]
) -> list[list[int]]:
    """Groups of pieces that hang together; pieces that were not compared in time stay apart."""
    group = list(range(len(pieces)))
    compared = 0
    for i in range(len(pieces)):
        for j in range(i):
            if group[i] == group[j] or not _may_touch(pieces[i], pieces[j]):
                continue
            compared += 1
            if compared > MOST_PAIRS or stop():
                return _groups(group)
            if _touch(bodies, pieces[i].subset, pieces[j].subset):
                old, new = group[i], group[j]
                group = [new if item == old else item for item in group]
    return _groups(group)


def _groups(group: list[int]) -> list[list[int]]:
    return [[k for k, item in enumerate(group) if item == name] for name in dict.fromkeys(group)]


def _may_touch(one: Piece, two: Piece) -> bool:
    """Whether the payoffs of two pieces overlap."""
    slack = 1e-7 * (1.0 + np.abs(one.payoffs).max(axis=1))
    return bool(
        (one.payoffs[:, 0] <= two.payoffs[:, 1] + slack).all()
        and (two.payoffs[:, 0] <= one.payoffs[:, 1] + slack).all()
    )


def _touch(bodies: tuple[Polyhedron, Polyhedron], one: NashSubset, two: NashSubset) -> bool:
    for body, a, b in zip(bodies, one.faces, two.faces, strict=True):
        zero: Bools = a.plan_zero | b.plan_zero
        loss: Bools = a.loss_zero | b.loss_zero
        try:
            if face(body, zero, loss, a) is None:
                return False
        except ArithmeticError:
            return False
    return True
