"""Every Nash equilibrium of a two-player game, as products of faces of two polyhedra.

A pair of plans is a Nash equilibrium if no sequence is both used and inferior. The search decides, sequence
by sequence, which of the two is ruled out, and prunes with linear programs; it stops branching as soon as no
sequence can be both. What is left is a convex set of Nash equilibria for each player, and every equilibrium is in
such a product.

Reference: von Stengel (1996); Audet, Belhaiza and Hansen (2009) for the same idea with integer programs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats
from detente.solvers.support.region import Face, Polyhedron, face, polyhedron, size_of
from detente.solvers.support.sequence_form import SequenceForm

MOST_NODES = 50_000
MOST_WORK = 5e8  # entries of all the tableaus
MOST_SUBSETS = 2_000


@dataclass(frozen=True, eq=False)
class NashSubset:
    """A product of two convex sets of plans, every pair of which is a Nash equilibrium.

    Attributes:
        faces: The two sets, as faces of the two polyhedra.
        plan_zero: Per side, [sequences] not used in it.
        no_loss: Per side, [sequences] of that side that are best against every plan of the other in it.
    """

    faces: tuple[Face, Face]
    plan_zero: tuple[Bools, Bools]
    no_loss: tuple[Bools, Bools]

    def contains(self, form: SequenceForm, plans: tuple[Floats, Floats], tol: float) -> bool:
        """Whether a pair of plans belongs to it, to a tolerance on probabilities and scaled losses."""
        for k in range(2):
            if (plans[k][self.faces[k].plan_zero] > tol).any():
                return False
            if (form.loss(1 - k, plans[k])[self.faces[k].loss_zero] > tol).any():
                return False
        return True

    def inside(self, other: NashSubset) -> bool:
        """Whether it is certainly part of another one."""
        return all(
            not (mine.plan_open & theirs.plan_zero).any() and not (mine.loss_open & theirs.loss_zero).any()
            for mine, theirs in zip(self.faces, other.faces, strict=True)
        )


@dataclass(frozen=True, eq=False)
class NashSearch:
    """What the search came to.

    Attributes:
        bodies: The two polyhedra.
        subsets: The convex pieces found.
        complete: Whether every Nash equilibrium is in one of them.
        ended: "" if so, else what ended the search: ``time``, ``size`` or ``numbers``.
    """

    bodies: tuple[Polyhedron, Polyhedron]
    subsets: tuple[NashSubset, ...]
    complete: bool
    ended: str


@dataclass
class _Node:
    faces: tuple[Face, Face]
    must_use: tuple[Bools, Bools]  # sequences that equilibria of other branches leave unused


def search(form: SequenceForm, stop: Callable[[], bool], effort: float = 1.0) -> NashSearch:
    """Look for every Nash equilibrium.

    Args:
        form: The game.
        stop: Polled between linear programs.
        effort: Share of the usual limits on work.

    Returns:
        The pieces found until the end, or until it was stopped or grew too large.
    """
    bodies = (polyhedron(form, 0), polyhedron(form, 1))
    subsets: list[NashSubset] = []
    ended = ""
    try:
        stack = [_root(form, bodies)]
    except ArithmeticError:
        return NashSearch(bodies, (), False, "numbers")
    visited = work = 0
    while stack:
        if stop():
            ended = "time"
            break
        if visited >= MOST_NODES * effort or work >= MOST_WORK * effort or len(subsets) >= MOST_SUBSETS:
            ended = "size"
            break
        node = stack.pop()
        visited += 1
        work += sum(size_of(body, own) for body, own in zip(bodies, node.faces, strict=True))
        choice = _conflict(form, node)
        if choice is None:
            subsets.append(_subset(node))
            continue
        for child in (_used(bodies, node, *choice), _unused(bodies, node, *choice)):
            if child is not None:  # the branch that leaves the sequence unused is looked at first
                if child is _BROKEN:
                    ended = "numbers"
                else:
                    stack.append(child)
    return NashSearch(bodies, tuple(_largest(subsets)), not ended, ended)


def _root(form: SequenceForm, bodies: tuple[Polyhedron, Polyhedron]) -> _Node:
    faces: list[Face] = []
    for k in range(2):
        without = np.zeros(form.sides[1 - k].size, dtype=np.bool_)
        without[0] = True
        whole = face(bodies[k], np.zeros(form.sides[k].size, dtype=np.bool_), without)
        if whole is None:
            raise ArithmeticError
        faces.append(whole)
    must = tuple(np.zeros(form.sides[k].size, dtype=np.bool_) for k in range(2))
    return _Node((faces[0], faces[1]), (must[0], must[1]))


def _conflict(form: SequenceForm, node: _Node) -> tuple[int, int] | None:
    """The sequence nearest the root that can be both used and inferior: (side, sequence)."""
    best: tuple[int, int, int] | None = None
    for k in range(2):
        both = np.flatnonzero(node.faces[k].plan_open & node.faces[1 - k].loss_open)
        if len(both):
            order = form.sides[k].order[both]
            first = int(np.argmin(order))
            key = (int(order[first]), k, int(both[first]))
            best = key if best is None else min(best, key)
    return None if best is None else (best[1], best[2])


_BROKEN = _Node.__new__(_Node)


def _unused(bodies: tuple[Polyhedron, Polyhedron], node: _Node, k: int, sequence: int) -> _Node | None:
    """The branch in which the sequence is not used."""
    old = node.faces[k]
    zero = old.plan_zero.copy()
    zero[sequence] = True
    try:
        new = face(bodies[k], zero, old.loss_zero, old)
    except ArithmeticError:
        return _BROKEN
    return None if new is None else _with(node, k, new, node.must_use)


def _used(bodies: tuple[Polyhedron, Polyhedron], node: _Node, k: int, sequence: int) -> _Node | None:
    """The branch in which the sequence is used, and so loses nothing."""
    old = node.faces[1 - k]
    zero = old.loss_zero.copy()
    zero[sequence] = True
    try:
        new = face(bodies[1 - k], old.plan_zero, zero, old)
    except ArithmeticError:
        return _BROKEN
    if new is None:
        return None
    must = [item.copy() for item in node.must_use]
    must[k][sequence] = True
    return _with(node, 1 - k, new, (must[0], must[1]))


def _with(node: _Node, k: int, new: Face, must: tuple[Bools, Bools]) -> _Node | None:
    faces = (new, node.faces[1]) if k == 0 else (node.faces[0], new)
    if any((must[j] & ~faces[j].plan_open).any() for j in range(2)):
        return None  # what is left was covered where the sequence was left unused
    return _Node(faces, must)


def _subset(node: _Node) -> NashSubset:
    first, second = node.faces
    return NashSubset(node.faces, (~first.plan_open, ~second.plan_open), (~second.loss_open, ~first.loss_open))


def _largest(subsets: list[NashSubset]) -> list[NashSubset]:
    """Those that are not known to be part of another."""
    kept: list[NashSubset] = []
    for item in subsets:
        if any(item.inside(other) for other in kept):
            continue
        kept = [other for other in kept if not other.inside(item)]
        kept.append(item)
    return kept


def subset_around(
    form: SequenceForm, bodies: tuple[Polyhedron, Polyhedron], plans: tuple[Floats, Floats], tol: float = 1e-7
) -> NashSubset | None:
    """The equilibria with the support of a given one; None if the plans are no equilibrium.

    Raises:
        ArithmeticError: A linear program could not be solved.
    """
    unused = [plan <= tol for plan in plans]
    faces: list[Face] = []
    for k in range(2):
        found = face(bodies[k], unused[k], ~unused[1 - k])
        if found is None:
            return None
        faces.append(found)
    return _subset(_Node((faces[0], faces[1]), (unused[0], unused[1])))
