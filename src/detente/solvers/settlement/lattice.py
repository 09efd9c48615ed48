"""The sets of completed steps that an agreement can pass through, and what each party would gain by leaving there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.axes import Bools, Floats, Ints
from detente.game.settlement import MOST_MOVES, Agreement, moves_of, too_many

ROUNDING = 1e-12
"""Gains this small, in units of all that is at stake for a party, count as none."""


@dataclass(frozen=True, eq=False)
class Lattice:
    """Which moves can come when.

    Attributes:
        moves: Per move its steps: several where they happen at once.
        group: [moves] group of parties that may leave before the move.
        member: [groups, parties] the parties of each group.
        before: [moves] bit mask of the moves that have to come first.
        sets: [sets] bit masks of moves that the prerequisites allow, in increasing order: nothing first, all last.
        avail: [sets] bit mask of the moves that can come next.
        position: [2 ** moves] row of a mask in `sets`, -1 if it is not allowed.
    """

    moves: tuple[tuple[int, ...], ...]
    group: NDArray[np.int64]
    member: Bools
    before: NDArray[np.int64]
    sets: Ints
    avail: Ints
    position: Ints

    @property
    def num_moves(self) -> int:
        """Number of moves."""
        return len(self.moves)

    def who(self, move: int) -> tuple[int, ...]:
        """The parties that may leave before a move."""
        return tuple(int(i) for i in np.flatnonzero(self.member[self.group[move]]))

    def steps(self, mask: int) -> tuple[int, ...]:
        """The steps of a set of moves, in order."""
        return tuple(sorted(step for k, move in enumerate(self.moves) if mask >> k & 1 for step in move))

    def mask(self, steps: Iterable[int]) -> int:
        """The set of the moves that these steps make up."""
        wanted = set(steps)
        return sum(1 << k for k, move in enumerate(self.moves) if wanted.issuperset(move))

    def per_move(self, per_step: Floats) -> Floats:
        """[draws, moves, ...] sums over the steps of each move of numbers [draws, steps, ...]."""
        return np.stack([per_step[:, list(move)].sum(axis=1) for move in self.moves], axis=1)


def kernel(name: str, module: str = "kernel_lattice") -> Any:
    """A compiled function of this folder; imports numba."""
    return getattr(import_module(f"detente.solvers.settlement.{module}"), name)


def build_lattice(agreement: Agreement, most: int = MOST_MOVES, what: str = "This answer") -> Lattice:
    """All sets that an agreement can pass through.

    Args:
        agreement: The agreement.
        most: Most moves the question that is asked can have.
        what: That question, as the subject of a sentence.

    Raises:
        AgreementError: With code S009 if there are more moves.
    """
    inside = set(agreement.stopping_steps)
    moves = [move for move in moves_of(agreement.num_steps, agreement.bundles) if inside.issuperset(move)]
    num = len(moves)
    if num > most:
        raise too_many(num, most, what)
    home = {step: k for k, move in enumerate(moves) for step in move}
    before = np.zeros(num, dtype=np.int64)
    for k, move in enumerate(moves):
        for step in move:
            for other in agreement.prerequisites[step]:
                before[k] |= 1 << home[other]
    allowed, avail = np.zeros(1 << num, dtype=np.uint8), np.zeros(1 << num, dtype=np.int32)
    kernel("allowed_sets")(before, allowed, avail)
    sets = np.flatnonzero(allowed).astype(np.int32)
    position = np.full(1 << num, -1, dtype=np.int32)
    position[sets] = np.arange(len(sets), dtype=np.int32)
    group, member = _groups(agreement, moves)
    return Lattice(tuple(moves), group, member, before, sets, np.ascontiguousarray(avail[sets]), position)


def _groups(agreement: Agreement, moves: list[tuple[int, ...]]) -> tuple[NDArray[np.int64], Bools]:
    """Moves by who may leave before them."""
    everyone = frozenset(range(agreement.num_parties))
    who = [
        everyone if agreement.exit == "any" else frozenset(i for step in move for i in agreement.performers[step])
        for move in moves
    ]
    kinds = sorted(set(who), key=sorted) or [everyone]
    member = np.array([[i in kind for i in range(agreement.num_parties)] for kind in kinds], dtype=np.bool_)
    return np.array([kinds.index(kind) for kind in who], dtype=np.int64), member


@dataclass(frozen=True, eq=False)
class Stakes:
    """What leaving and going on are worth, per move, in every world.

    Attributes:
        benefit: [draws, moves, parties] benefits of the moves.
        undo: [draws, moves, parties] what leaving changes about a completed move.
        grab: [draws, parties] what leaving gains beyond that at the outset, before peacekeepers.
        grab_move: [draws, moves, parties] what each completed move adds to it.
        prize: [draws, parties] the dividend, if all steps are to be completed, else 0.
        total: [draws, parties] all benefits and the prize: the value of completion where nothing fades.
        penalty: [draws, parties] expected penalty for leaving.
        tol: [draws, parties] gains up to here count as none.
    """

    benefit: Floats
    undo: Floats
    grab: Floats
    grab_move: Floats
    prize: Floats
    total: Floats
    penalty: Floats
    tol: Floats


def stakes(agreement: Agreement, lattice: Lattice) -> Stakes:
    """What the search is about, in every world."""
    benefit = lattice.per_move(agreement.benefit)
    undo = lattice.per_move(agreement.kept - agreement.benefit)
    grab, grab_move = np.asarray(agreement.grab), lattice.per_move(np.asarray(agreement.grab_step))
    whole = len(agreement.stopping_steps) == agreement.num_steps
    prize = np.asarray(agreement.dividend) if whole else np.zeros_like(np.asarray(agreement.dividend))
    penalty = np.asarray(agreement.monitoring) * np.asarray(agreement.guarantee)
    size = np.abs(benefit).sum(axis=1) + np.abs(undo).sum(axis=1) + np.abs(prize) + penalty
    size = size + np.abs(grab) + np.abs(grab_move).sum(axis=1)
    return Stakes(
        benefit, undo, grab, grab_move, prize, benefit.sum(axis=1) + prize, penalty, ROUNDING * np.maximum(size, 1e-300)
    )


def subset_sums(terms: Floats) -> Floats:
    """[2 ** n, ...] the sum over every subset of the first axis of [n, ...]."""
    sums = np.zeros((1 << len(terms), *terms.shape[1:]))
    for k, term in enumerate(terms):
        sums[1 << k : 2 << k] = sums[: 1 << k] + term
    return sums
