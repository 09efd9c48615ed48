"""Orders where what is still to come fades (a discount, or a hazard of collapse): exact through labels.

What going on is worth then rests on the order of what is left, so a set of completed steps no longer says all.
At each set the search keeps every way on that no other one beats in its worth to all parties and in what
it requires.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.errors import UnsupportedError
from detente.game.settlement import Agreement
from detente.solvers.settlement.lattice import Lattice, kernel, stakes, subset_sums
from detente.solvers.settlement.passes import NEED, PEACE, Lever, as_it_is, uniform_guarantee
from detente.solvers.settlement.result import Settlement

MOST_LABELS = 20_000_000
SAME = 2e-14  # worths this close, in units of what is at stake, are the same


@dataclass(frozen=True, eq=False)
class Labels:
    """The labels that were kept.

    Attributes:
        worth: [labels, parties] what going on is worth.
        requires: [labels, 1 or parties] what the order requires of the lever.
        mark: [labels, 2] next move, and the label it leads to.
        root: Labels of the empty set.
    """

    worth: Floats
    requires: Floats
    mark: Any
    root: range

    def least(self) -> int | None:
        """The label at the outset that requires least; None if there is none."""
        return min(self.root, key=lambda at: float(self.requires[at, 0]), default=None)

    def order(self, at: int, moves: int) -> Ints:
        """[moves] the moves of a label at the outset."""
        found = np.empty(moves, dtype=np.int32)
        for k in range(moves):
            found[k], at = self.mark[at, 0], self.mark[at, 1]
        return found


class World:
    """One world of an agreement, laid out for the compiled code.

    Args:
        agreement: The agreement.
        lattice: Its lattice.
        draw: Number of the world.
    """

    def __init__(self, agreement: Agreement, lattice: Lattice, draw: int):
        self.lattice, self.draw = lattice, draw
        terms = stakes(agreement.draw(draw), lattice)
        self.benefit, self.prize, self.tol = terms.benefit[0], terms.prize[0].copy(), terms.tol[0]
        rows = lattice.sets
        self.undo = np.ascontiguousarray(subset_sums(terms.undo[0])[rows])
        self.grab = np.maximum(0.0, subset_sums(terms.grab_move[0])[rows] + terms.grab[0])
        self.worth = np.ascontiguousarray(terms.total[0] - subset_sums(terms.benefit[0])[rows])
        self.penalty = terms.penalty[0]
        self.let_pass = 1.0 - float(np.asarray(agreement.peacekeepers)[draw])
        discount, collapse = float(np.asarray(agreement.discount)[draw]), float(np.asarray(agreement.collapse)[draw])
        self.later, self.lost = discount * (1.0 - collapse), discount * collapse
        self.fades = discount < 1.0 or collapse > 0.0
        self.head = (lattice.sets, lattice.avail, lattice.position, lattice.group, lattice.member)

    @property
    def gain(self) -> Floats:
        """[sets, parties] what leaving brings at once, to be held against what going on is worth."""
        return self.undo + self.let_pass * self.grab - self.penalty

    def labels(self, lever: Lever, separate: bool = False, hard: bool = False, bar: Floats | None = None) -> Labels:
        """All ways on that no other beats, for a lever of this world alone.

        Args:
            lever: What is required, for this world (one row) or for all (this world's row is taken).
            separate: Whether requirements are kept by party, from 0 up.
            hard: Whether only self-enforcing ways count.
            bar: [parties] worth at the outset up to which it matters; None if it does not.

        Raises:
            UnsupportedError: There would be too many labels for the memory at hand.
        """
        row = self.draw if len(lever.cost) > 1 else 0
        grab = np.ascontiguousarray(self.grab if lever.mode == PEACE else self.let_pass * self.grab)
        gain = self.undo - lever.cost[row]
        weight, have = (np.ascontiguousarray(part[row]) for part in (lever.weight, lever.have))
        rule = (weight, have, self.tol, lever.mode)
        bottom = 0.0
        if not separate and not hard:
            bottom = kernel("least_hoped", "kernel_labels")(
                *self.head,
                self.benefit,
                self.undo,
                self.prize,
                gain,
                grab,
                *rule,
                self.later,
                self.lost,
                self.hoped()[1],
            )
        top = np.full(gain.shape, -np.inf)
        if self.fades:
            top[0] = -np.inf if bar is None else bar
            enough = _enough(gain, grab, lever.mode, weight, have, 0.0 if hard else bottom)
            kernel("worth_needed", "kernel_labels")(
                *self.head, self.benefit, self.undo, self.later, self.lost, enough, top
            )
        found = kernel("labels", "kernel_labels")(
            *self.head, self.benefit, self.undo, self.prize, gain, grab, self.worth, *rule,
            self.later, self.lost, self.fades, top, bottom, separate, hard,
            SAME / 1e-12 * float(self.tol.max()), MOST_LABELS,
        )  # fmt: skip
        worth, requires, mark, start, size = found
        if start[0] < 0:
            raise UnsupportedError(
                f"more than {MOST_LABELS:,} ways of going on have to be told apart. Put steps together that nobody "
                "would take apart, add prerequisites, or leave the discount at 1 and the chance of collapse at 0."
            )
        return Labels(worth, requires, mark, range(start[0], start[0] + size[0]))

    def count(self) -> int:
        """Number of self-enforcing orders."""
        num = self.lattice.num_moves
        half = num // 2
        return int(
            kernel("count_fading", "kernel_labels")(
                *self.head, self.benefit, self.undo, self.prize, self.gain, self.later, self.lost, self.tol,
                half, math.factorial(num - half),
            )
        )  # fmt: skip

    def hoped(self) -> tuple[Bools, Floats]:
        """[sets] whether a set is reached if completion is believed, and [sets, parties] the best hope there."""
        reached = np.zeros(len(self.lattice.sets), dtype=np.uint8)
        best = kernel("hoped_sets", "kernel_labels")(
            *self.head, self.benefit, self.undo, self.prize, self.gain, self.later, self.lost, self.tol, reached
        )
        return reached.astype(np.bool_), best

    def maximal(self, reached: Bools) -> Ints:
        """The reached sets that no larger one contains, as masks."""
        above, words = np.empty(len(reached), dtype=np.uint64), reached.astype(np.uint64)
        find = kernel("maximal")
        given = (self.lattice.sets, self.lattice.avail, self.lattice.position, words, above)
        number = int(find(*given, np.empty((64, 0), dtype=np.int32))[0])
        found = np.empty((64, max(1, number)), dtype=np.int32)
        find(*given, found)
        return found[0, :number][::-1].copy()


def _enough(gain: Floats, grab: Floats, mode: int, weight: Floats, have: Floats, level: float) -> Floats:
    """[sets, parties] the worth of going on that keeps what a set requires within a level."""
    if not np.isfinite(level):
        return np.full(gain.shape, np.inf)
    if mode == PEACE:
        return gain + grab * (1.0 - level)
    if mode == NEED:
        return gain + grab - level
    return gain + grab - np.maximum(0.0, np.maximum(level, have) * weight)


@dataclass(frozen=True)
class Asked:
    """What `settle` was asked for."""

    best: bool
    count: bool
    reach: bool
    guarantee: bool


def settle_fading(agreement: Agreement, lattice: Lattice, asked: Asked) -> Settlement:
    """`settle` where what is still to come fades, one world after another."""
    terms = stakes(agreement, lattice)
    now, fine = as_it_is(terms), uniform_guarantee(agreement, terms)
    worlds = [_settle_one(World(agreement, lattice, d), agreement, now, fine, asked) for d in range(len(terms.tol))]
    return Settlement(
        moves=lattice.moves,
        exists=np.array([item.exists for item in worlds]),
        believed=np.array([item.believed for item in worlds]),
        slack=np.array([item.slack for item in worlds]) if asked.best else None,
        order=np.stack([item.order for item in worlds]) if asked.best else None,
        guarantee=np.array([item.guarantee for item in worlds]),
        guaranteed_order=np.stack([item.guaranteed for item in worlds]),
        value=np.stack([item.value for item in worlds]),
        entered=np.stack([item.entered for item in worlds]),
        orders=tuple(item.count for item in worlds) if asked.count else None,
        reached=tuple(item.reached for item in worlds) if asked.reach else None,
    )


@dataclass(frozen=True, eq=False)
class _Answer:
    """One world's part of a `Settlement`."""

    exists: bool
    believed: bool
    slack: float
    order: Ints
    guarantee: float
    guaranteed: Ints
    value: Floats
    entered: Bools
    count: int
    reached: Ints


def _settle_one(world: World, agreement: Agreement, now: Lever, fine: Lever, asked: Asked) -> _Answer:
    none = np.full(world.lattice.num_moves, -1, dtype=np.int32)
    bar = np.asarray(agreement.outside)[world.draw] - world.tol
    kept = world.labels(now, hard=True, bar=bar + 2.0 * world.tol)
    joined = [worth for worth in kept.worth[kept.root.start : kept.root.stop] if (worth >= bar).all()]
    slack, order = math.nan, none
    value = joined[0] if joined else bar
    if asked.best or not joined:
        slack, order, best = _most_slack(world, now)
        value = joined[0] if joined else best
    guarantee, guaranteed = _least_guarantee(world, fine) if asked.guarantee else (math.nan, none)
    hoped, _ = world.hoped()
    return _Answer(
        exists=len(kept.root) > 0,
        believed=bool(hoped[-1]),
        slack=slack,
        order=order,
        guarantee=guarantee,
        guaranteed=guaranteed,
        value=value,
        entered=value >= bar,
        count=world.count() if asked.count and len(kept.root) else 0,
        reached=world.maximal(hoped) if asked.reach else np.empty(0, dtype=np.int32),
    )


def _most_slack(world: World, now: Lever) -> tuple[float, Ints, Floats]:
    """Slack, moves and worth of the order in which the closest decision is least close."""
    found = world.labels(now)
    at = found.least()
    if at is None:
        raise AssertionError("prerequisites that do not loop leave an order")
    return -float(found.requires[at, 0]), found.order(at, world.lattice.num_moves), found.worth[at]


def _least_guarantee(world: World, fine: Lever) -> tuple[float, Ints]:
    """Smallest guarantee and the moves of an order that it carries; infinite and -1 if none suffices."""
    found = world.labels(fine)
    least, moves = found.least(), world.lattice.num_moves
    if least is None:
        return math.inf, np.full(moves, -1, dtype=np.int32)
    return max(0.0, float(found.requires[least, 0])), found.order(least, moves)
