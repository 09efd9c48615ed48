"""The lattice as a picture: sets in layers, the moves between them, and which of them are come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.game.settlement import Agreement
from detente.solvers.settlement.fading import World
from detente.solvers.settlement.lattice import Lattice, build_lattice
from detente.solvers.settlement.passes import Passes

MOST_DRAWN_MOVES = 16


@dataclass(frozen=True)
class DrawnSet:
    """A set of completed steps.

    Attributes:
        steps: The steps.
        layer: Number of moves made.
        believed: Whether it is come to if completion is believed.
        carries: Whether a self-enforcing order passes through it.
        stuck: Whether it is come to in that belief, and no larger set is.
        chosen: Whether the order that is shown passes through it.
    """

    steps: tuple[int, ...]
    layer: int
    believed: bool
    carries: bool
    stuck: bool
    chosen: bool


@dataclass(frozen=True)
class DrawnMove:
    """A move between two sets that are shown, given by their places in the list; `shortfall` is what it lacks."""

    start: int
    end: int
    steps: tuple[int, ...]
    shortfall: float
    chosen: bool


@dataclass(frozen=True)
class Diagram:
    """What is shown of a lattice.

    Attributes:
        sets: The sets, smaller ones first.
        moves: The moves between them.
        total: Number of sets there are.
    """

    sets: tuple[DrawnSet, ...]
    moves: tuple[DrawnMove, ...]
    total: int


def draw_lattice(
    agreement: Agreement, order: Sequence[Sequence[int]], draw: int = 0, most: int = 200
) -> Diagram | None:
    """The sets an agreement can pass through, as many as can be drawn.

    Where there are more, the sets of the order that is shown come first, then those at which hope gets stuck with a way
    there, then what else is come to in hope, evenly over sizes, then the rest.

    Args:
        agreement: The agreement.
        order: The order to be shown, as steps.
        draw: Number of the world.
        most: Most sets to show.

    Returns:
        The picture; None if there are more than 16 moves.
    """
    one = agreement.draw(draw)
    lattice = build_lattice(one)
    if lattice.num_moves > MOST_DRAWN_MOVES:
        return None
    view = _View(one, lattice)
    path = view.path(order)
    stuck = view.stuck()
    carries = view.carries(path)
    chosen = view.choose(path, stuck, most)
    place = {row: k for k, row in enumerate(chosen)}
    on_path = set(path)
    sets = tuple(
        DrawnSet(
            lattice.steps(int(lattice.sets[row])),
            int(lattice.sets[row]).bit_count(),
            bool(view.believed[row]),
            bool(carries[row]),
            row in stuck,
            row in on_path,
        )
        for row in chosen
    )
    taken = set(pairwise(path))
    moves = tuple(
        DrawnMove(place[row], place[after], lattice.moves[k], view.shortfall(row, k), (row, after) in taken)
        for row in chosen
        for k, after in view.following(row)
        if after in place
    )
    return Diagram(sets, moves, len(lattice.sets))


class _View:
    """One world's lattice with everything a picture of it needs."""

    def __init__(self, agreement: Agreement, lattice: Lattice):
        self.lattice = lattice
        self.world = World(agreement, lattice, 0)
        self.best: Floats | None = None
        if agreement.fades:
            self.believed, self.best = self.world.hoped()
        else:
            words, _ = Passes(agreement, lattice, 1).reach(slice(0, 1), False)
            self.believed: Bools = (words & np.uint64(1)).astype(np.bool_)

    def path(self, order: Sequence[Sequence[int]]) -> list[int]:
        """Rows of the sets that an order passes through."""
        steps: list[int] = []
        rows = [0]
        for move in order:
            steps += move
            rows.append(int(self.lattice.position[self.lattice.mask(steps)]))
        return rows

    def following(self, row: int) -> list[tuple[int, int]]:
        """The moves that can come next at a set, and the rows they lead to."""
        avail, mask = int(self.lattice.avail[row]), int(self.lattice.sets[row])
        after = self.lattice.position
        return [(k, int(after[mask | 1 << k])) for k in range(self.lattice.num_moves) if avail >> k & 1]

    def stuck(self) -> set[int]:
        """Rows of the maximal sets that are come to in hope, the whole left out."""
        masks: Ints = self.world.maximal(self.believed)
        end = len(self.lattice.sets) - 1
        return {int(self.lattice.position[int(mask)]) for mask in masks} - {end}

    def shortfall(self, row: int, move: int) -> float:
        """What leaving brings, beyond going on, to whoever may leave before a move and gains most."""
        world, group = self.world, self.lattice.member[self.lattice.group[move]]
        if self.best is None:
            worth = world.worth[row]
        else:
            after = int(self.lattice.position[int(self.lattice.sets[row]) | 1 << move])
            worth = world.benefit[move] + (
                world.prize
                if after == len(self.lattice.sets) - 1
                else world.later * self.best[after] + world.lost * world.undo[after]
            )
        lacking = np.where(group, world.gain[row] - worth, -np.inf)
        lacking = np.where(np.abs(lacking) <= world.tol, 0.0, lacking)
        return float(lacking.max())

    def carries(self, path: list[int]) -> Bools:
        """[sets] whether a self-enforcing order passes through; where things fade, along the one order shown."""
        found = np.zeros(len(self.lattice.sets), dtype=np.bool_)
        if self.best is not None or not self.believed[-1]:
            return found
        found[-1] = True
        sets, member = self.lattice.sets, self.lattice.member
        fine = self.world.gain - self.world.worth <= self.world.tol
        open_ = np.stack([fine[:, group].all(axis=1) for group in member], axis=1)
        sizes = np.array([int(mask).bit_count() for mask in sets])
        for layer in reversed(range(self.lattice.num_moves)):
            rows = np.flatnonzero(sizes == layer)
            for k in range(self.lattice.num_moves):
                here = rows[(self.lattice.avail[rows] >> k & 1).astype(np.bool_) & open_[rows, self.lattice.group[k]]]
                found[here] |= found[self.lattice.position[sets[here] | 1 << k]]
        return found & self.believed

    def choose(self, path: list[int], stuck: set[int], most: int) -> list[int]:
        """Rows of the sets to show, smaller sets first."""
        sizes = [int(mask).bit_count() for mask in self.lattice.sets]
        every = range(len(sizes))
        if len(sizes) <= most:
            return sorted(every, key=lambda row: (sizes[row], row))
        chosen = dict.fromkeys(path)
        for row in sorted(stuck, key=lambda row: (-sizes[row], row)):
            way = self._way(row)
            if len(chosen.keys() | set(way)) <= most:
                chosen.update(dict.fromkeys(way))
        seen: dict[tuple[bool, int], int] = {}
        rest: list[tuple[bool, int, int, int]] = []
        for row in every:  # one of each size, then a second of each, so that no size is left out
            kind = (not bool(self.believed[row]), sizes[row])
            seen[kind] = seen.get(kind, 0) + (row not in chosen)
            rest.append((kind[0], seen[kind], kind[1], row))
        for _, _, _, row in sorted(rest):
            if len(chosen) >= most:
                break
            chosen.setdefault(row)
        return sorted(chosen, key=lambda row: (sizes[row], row))

    def _way(self, row: int) -> list[int]:
        """Some way of believed sets from the outset to a set."""
        way = [row]
        while way[-1] != 0:
            mask = int(self.lattice.sets[way[-1]])
            before = [int(self.lattice.position[mask ^ 1 << k]) for k in range(self.lattice.num_moves) if mask >> k & 1]
            way.append(next(item for item in before if item >= 0 and self._leads(item, mask)))
        return way[::-1]

    def _leads(self, row: int, mask: int) -> bool:
        """Whether hope takes the move from a set to a larger one."""
        move = (mask ^ int(self.lattice.sets[row])).bit_length() - 1
        return bool(self.believed[row]) and self.shortfall(row, move) <= 0.0
