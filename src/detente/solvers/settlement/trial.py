"""A quick look whether changes to an agreement could make an order hold, before anything is built for them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from detente.axes import Bools, Floats
from detente.game.settlement import MOST_MOVES, Agreement
from detente.solvers.settlement.lattice import ROUNDING, build_lattice, kernel, stakes

Tried = tuple[str, int | None, tuple[int, ...], float]
"""Kind of change, party (None for all), steps, level: as in `Change`."""


class Trial:
    """One world of an agreement in which nothing fades, ready for changes to be tried.

    Args:
        agreement: The agreement, in one world.
    """

    def __init__(self, agreement: Agreement):
        lattice = build_lattice(agreement)
        terms = stakes(agreement, lattice)
        self._home = {step: k for k, move in enumerate(lattice.moves) for step in move}
        self._before = [int(mask) for mask in lattice.before]
        self._who: Bools = lattice.member[lattice.group]
        self._gain, self._grab = terms.benefit[0] + terms.undo[0], terms.grab_move[0]
        self._grab_start, self._total = terms.grab[0], terms.total[0]
        self._size = terms.tol[0] / ROUNDING - terms.penalty[0]
        self._penalty = np.asarray(agreement.guarantee)[0], np.asarray(agreement.monitoring)[0]
        self._let_pass = 1.0 - float(np.asarray(agreement.peacekeepers)[0])

    def completes(self, changes: Iterable[Tried]) -> bool:
        """Whether an order could carry itself with the changes; True where it has too many moves to be tried."""
        guarantee, monitoring = (part.copy() for part in self._penalty)
        let_pass = self._let_pass
        groups, parts = [[k] for k in range(len(self._before))], dict[int, int]()
        for kind, party, steps, level in changes:
            at = slice(None) if party is None else slice(party, party + 1)
            if kind == "guarantee":
                guarantee[at] = np.maximum(guarantee[at], level)
            elif kind == "monitoring":
                monitoring[at] = np.maximum(monitoring[at], level)
            elif kind == "peacekeepers":
                let_pass = min(let_pass, 1.0 - level)
            elif kind == "split":
                parts[self._home[steps[0]]] = int(level)
            else:
                joined = sorted({self._home[step] for step in steps})
                groups = [group for group in groups if group[0] not in joined] + [joined]
        weights, before = self._moves(groups, parts)
        if len(before) > MOST_MOVES:
            return True
        if before[0] < 0:
            return False
        penalty = guarantee * monitoring
        room = 1 << len(before)
        return bool(
            kernel("completes", "kernel_trial")(
                before,
                (weights @ self._who) > 0.0,
                weights @ self._gain,
                -self._total - penalty,
                weights @ self._grab,
                self._grab_start,
                let_pass,
                ROUNDING * np.maximum(self._size + penalty, 1e-300),
                np.zeros(room, dtype=np.uint8),
                np.empty(room, dtype=np.int32),
            )
        )

    def _moves(self, groups: list[list[int]], parts: dict[int, int]) -> tuple[Floats, NDArray[np.int64]]:
        """[moves, old moves] the share of each old move in a new one, and the new masks of prerequisites.

        The first mask is -1 where a group would have to come before itself.
        """
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        count = 0
        for group in groups:
            cut = parts.get(group[0], 1) if len(group) == 1 else 1
            for old in group:
                first[old], last[old] = count, count + cut - 1
            count += cut
        weights, before = np.zeros((count, len(self._before))), np.zeros(count, dtype=np.int64)
        for group in groups:
            start, end = first[group[0]], last[group[0]]
            weights[start : end + 1, group] = 1.0 / (end - start + 1)
            mask = 0
            for old in group:
                left = self._before[old]
                while left:
                    mask |= 1 << last[(left & -left).bit_length() - 1]
                    left &= left - 1
            if mask >> start & 1:
                before[0] = -1
                return weights, before
            before[start] = mask
            for k in range(start + 1, end + 1):
                before[k] = 1 << (k - 1)
        return weights, before
