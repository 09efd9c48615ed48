"""Passes over the lattice in blocks of worlds: what the search asks the compiled code."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.axes import Floats, Ints
from detente.game.settlement import Agreement
from detente.solvers.settlement.lattice import Lattice, Stakes, kernel, stakes, subset_sums

NEED, RATIO, PEACE = 0, 1, 2  # modes of the kernel
LANES = 64
MEMORY = 1 << 29  # bytes that all threads together may use for one number per set and world
MODULI = ((1 << 57) - 1, 1 << 57)  # coprime; sums of 24 such numbers fit in 63 bits
EXACT = 20  # orders of so many moves can be counted in 63 bits


@dataclass(frozen=True, eq=False)
class Lever:
    """What has to be how large for an order to hold.

    Attributes:
        mode: `NEED` (the gain from leaving itself), `RATIO` (gain over `weight`) or `PEACE` (share of the grab).
        cost: [draws, parties] taken off the gain from leaving first.
        weight: [draws, parties] what a unit of the lever takes off the gain; parties with 0 are beyond its reach.
        have: [draws, parties] what is there already: requirements up to that are none.
    """

    mode: int
    cost: Floats
    weight: Floats
    have: Floats


def as_it_is(terms: Stakes) -> Lever:
    """The gain from leaving, with the penalties there are."""
    none = np.zeros_like(terms.penalty)
    return Lever(NEED, terms.penalty, none, none - np.inf)


def uniform_guarantee(agreement: Agreement, terms: Stakes, floor: bool = False) -> Lever:
    """One guarantee for every party; with `floor`, on top of what each has."""
    none = np.zeros_like(terms.penalty)
    have = np.asarray(agreement.guarantee) if floor else none - np.inf
    return Lever(RATIO, none, np.asarray(agreement.monitoring), have)


def party_guarantee(agreement: Agreement, terms: Stakes, party: int) -> Lever:
    """The guarantee of one party, the others' left as they are."""
    own = np.arange(agreement.num_parties) == party
    cost = np.where(own, 0.0, terms.penalty)
    return Lever(RATIO, cost, np.where(own, np.asarray(agreement.monitoring), 0.0), np.asarray(agreement.guarantee))


def uniform_monitoring(agreement: Agreement, terms: Stakes) -> Lever:
    """One chance that a breach is seen, for every party, where it is above what there is."""
    none = np.zeros_like(terms.penalty)
    return Lever(RATIO, none, np.asarray(agreement.guarantee), np.asarray(agreement.monitoring))


def more_peacekeepers(agreement: Agreement, terms: Stakes) -> Lever:
    """The share of the grab that is prevented."""
    none = np.zeros_like(terms.penalty)
    return Lever(PEACE, terms.penalty, none, np.broadcast_to(np.asarray(agreement.peacekeepers)[:, None], none.shape))


@dataclass(frozen=True, eq=False)
class Block:
    """Some worlds, laid out for the kernels: lanes last."""

    fixed: tuple[Any, ...]  # lattice and tables, in the order of the kernels' arguments
    tol: Floats  # [parties, lanes]
    lanes: int


class Passes:
    """An agreement's lattice, ready to be passed over.

    Args:
        agreement: The agreement, of any number of worlds.
        lattice: Its lattice.
        threads: Threads at work; None for one per core.
    """

    def __init__(self, agreement: Agreement, lattice: Lattice, threads: int | None = None):
        self.agreement, self.lattice, self.terms = agreement, lattice, stakes(agreement, lattice)
        draws, room = agreement.num_draws, MEMORY // (8 * len(lattice.sets))
        self._workers = max(1, min(threads or os.cpu_count() or 1, -(-draws // LANES), room))
        self._lanes = max(1, min(LANES, draws, room // self._workers))
        self._spare: list[Floats] = []  # arrays to reuse: fresh memory costs as much as a pass

    def each_block(self, work: Callable[[slice], None]) -> None:
        """Do some work for every block of worlds, several at a time."""
        draws = self.agreement.num_draws
        blocks = [slice(low, min(low + self._lanes, draws)) for low in range(0, draws, self._lanes)]
        if self._workers == 1:
            for block in blocks:
                work(block)
            return
        with ThreadPoolExecutor(self._workers) as pool:
            list(pool.map(work, blocks))

    def block(self, worlds: slice, lever: Lever) -> Block:
        """The tables of some worlds for one lever."""
        terms, lattice = self.terms, self.lattice
        shift = lattice.num_moves // 2
        gain = np.moveaxis((terms.benefit + terms.undo)[worlds], 0, -1)
        low, high = subset_sums(gain[:shift]), subset_sums(gain[shift:])
        high -= (terms.total + lever.cost)[worlds].T
        open_share = np.ones_like(terms.tol) if lever.mode == PEACE else self._unguarded()
        base = (terms.grab * open_share)[worlds].T
        more = np.moveaxis((terms.grab_move * open_share[:, None, :])[worlds], 0, -1)
        if more.any():
            grab_low, grab_high = subset_sums(more[:shift]), subset_sums(more[shift:]) + base
        else:
            grab_low, grab_high = base[None], np.zeros((1, *base.shape))
        tol = np.ascontiguousarray(terms.tol[worlds].T)
        fixed = (
            lattice.sets, lattice.avail, lattice.position, lattice.group, lattice.member, shift,
            *(np.ascontiguousarray(table) for table in (low, high, grab_low, grab_high)),
        )  # fmt: skip
        return Block(fixed, tol, tol.shape[1])

    def _unguarded(self) -> Floats:
        """[draws, parties] the share of a grab that peacekeepers let pass."""
        share = 1.0 - np.asarray(self.agreement.peacekeepers)
        return np.broadcast_to(share[:, None], self.terms.tol.shape)

    def bottleneck(self, lever: Lever, trace: bool = True) -> tuple[Floats, Ints]:
        """The least that the largest requirement of an order can be, in every world.

        Args:
            lever: What is required.
            trace: Whether the order is wanted as well.

        Returns:
            [draws] that requirement (infinite: nothing suffices; minus infinity: nothing is required), and
            [draws, moves] the first order in order of numbers that requires no more; -1 where nothing suffices.
        """
        draws, moves = self.agreement.num_draws, self.lattice.num_moves
        least, order = np.empty(draws), np.full((draws, moves), -1, dtype=np.int32)
        search, follow = kernel("bottleneck"), kernel("trace")

        def work(worlds: slice) -> None:
            block = self.block(worlds, lever)
            buffer = self._spare.pop() if self._spare else np.empty(len(self.lattice.sets) * self._lanes)
            best = buffer[: len(self.lattice.sets) * block.lanes].reshape(-1, block.lanes)
            weight, have = (np.ascontiguousarray(part[worlds].T) for part in (lever.weight, lever.have))
            given = (*block.fixed, weight, have, block.tol, lever.mode, best)
            search(*given)
            least[worlds] = best[0]
            if trace:
                follow(*given, self._slack(lever)[worlds], order[worlds])
            self._spare.append(buffer)

        self.each_block(work)
        return least, order

    def requirements(self, lever: Lever) -> tuple[Floats, Floats]:
        """What is required in the first world, set by set.

        Returns:
            [sets, groups] the largest requirement of a group of parties at a set, and [sets] the least that the
            largest requirement from there to the end can be.
        """
        first = slice(0, 1)
        block = self.block(first, lever)
        weight, have = (np.ascontiguousarray(part[first].T) for part in (lever.weight, lever.have))
        best, needs = (
            np.empty((len(self.lattice.sets), 1)),
            np.empty((len(self.lattice.sets), len(self.lattice.member))),
        )
        kernel("bottleneck")(*block.fixed, weight, have, block.tol, lever.mode, best)
        kernel("group_needs")(*block.fixed, weight, have, block.tol, lever.mode, needs)
        return needs, best[:, 0]

    def _slack(self, lever: Lever) -> Floats:
        """[draws] differences between requirements that are rounding."""
        if lever.mode == PEACE:
            return np.full(len(self.terms.tol), 1e-12)
        if lever.mode == RATIO:
            with np.errstate(divide="ignore"):
                return np.where(lever.weight > 0.0, self.terms.tol / lever.weight, 0.0).max(axis=1)
        return self.terms.tol.max(axis=1)

    def reach(self, worlds: slice, keep: bool) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        """Sets that steps taken in the hope of completion lead to, as bits, one a world: [sets], [sets, groups]."""
        block = self.block(worlds, as_it_is(self.terms))
        reached = np.empty(len(self.lattice.sets), dtype=np.uint64)
        groups = len(self.lattice.member)
        open_ = np.empty((len(reached) if keep else 1, groups), dtype=np.uint64)
        none = np.zeros((1, 1))
        kernel("reach")(*block.fixed, none, none, block.tol, reached, open_, keep)
        return reached, open_

    def maximal(self, reached: NDArray[np.uint64], lanes: int) -> list[Ints]:
        """Per lane the reached sets that no larger one contains, as masks in increasing order."""
        lattice = self.lattice
        above, find = np.empty_like(reached), kernel("maximal")
        given = (lattice.sets, lattice.avail, lattice.position, reached, above)
        count = find(*given, np.empty((64, 0), dtype=np.int32))
        found = np.empty((64, max(1, int(count.max()))), dtype=np.int32)
        find(*given, found)
        return [found[d, : count[d]][::-1].copy() for d in range(lanes)]

    def count(self, open_: NDArray[np.uint64], lanes: int) -> list[int]:
        """Per lane the number of orders that lead from nothing to the end."""
        lattice = self.lattice
        given = (lattice.sets, lattice.avail, lattice.position, lattice.group, open_)
        ways = np.empty((len(lattice.sets), lanes), dtype=np.int64)
        if lattice.num_moves <= EXACT:
            kernel("count_orders")(*given, 0, ways)
            return [int(number) for number in ways[0]]
        rest: list[list[int]] = []
        for modulus in MODULI:
            kernel("count_orders")(*given, modulus, ways)
            rest.append([int(number) % modulus for number in ways[0]])
        (p, q), (first, second) = MODULI, rest
        inverse = pow(p, -1, q)
        return [a + p * ((b - a) * inverse % q) for a, b in zip(first, second, strict=True)]
