"""Cheap talk with finitely many states: every equilibrium in intervals, found and counted exactly.

Only neighboring cells and the states at their common edge matter, because the sender prefers the action nearest to
its ideal point and ideal points rise with the state. Ties are decided in rational numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

Cells = tuple[int, ...]
"""Number of states in each cell, from left to right."""


@dataclass(frozen=True)
class FiniteTalk:
    """`n` equally likely states, the midpoints of `n` equal parts of the unit interval, and the sender's bias.

    Attributes:
        n: Number of states.
        shift: The bias in units of a quarter of a part of the interval, 4 n b.
    """

    n: int
    shift: Fraction

    @classmethod
    def of(cls, n: int, b: float) -> FiniteTalk:
        """The game with bias `b`, read as the decimal number that it prints as."""
        return cls(n, 4 * n * Fraction(repr(b)))

    def _neighbors(self, left: int, edge: int, right: int) -> bool:
        """Whether no sender gains by moving between the cells from `left` and to `right` that meet at `edge`.

        In units of 1/4n: the actions are 2 (left + edge) and 2 (edge + right), so the sender is indifferent where its
        ideal point is left + 2 edge + right; the states at the edge have ideal points 4 edge -+ 2, plus the shift.
        """
        indifferent = left + 2 * edge + right
        return 4 * edge - 2 + self.shift <= indifferent <= 4 * edge + 2 + self.shift

    def is_equilibrium(self, sizes: Cells) -> bool:
        """Whether cells of these sizes are an equilibrium."""
        edges = [0]
        for size in sizes:
            edges.append(edges[-1] + size)
        return all(self._neighbors(*edges[k : k + 3]) for k in range(len(sizes) - 1))

    def count(self) -> dict[int, int]:
        """Number of cells -> number of equilibria."""
        total: dict[int, int] = {}
        open_cells = {(0, right): 1 for right in range(1, self.n + 1)}  # last cell -> ways to get there
        cells = 1
        while open_cells:
            done = sum(ways for (_, right), ways in open_cells.items() if right == self.n)
            if done:
                total[cells] = done
            longer: dict[tuple[int, int], int] = {}
            for (left, edge), ways in open_cells.items():
                for right in range(edge + 1, self.n + 1):
                    if self._neighbors(left, edge, right):
                        longer[edge, right] = longer.get((edge, right), 0) + ways
            open_cells, cells = longer, cells + 1
        return total

    def partitions(self, messages: int, most: int) -> list[Cells]:
        """Sizes of the cells of each equilibrium that needs no more messages than these, at most `most` of them."""
        found: list[Cells] = []
        for edges in self._walk((0,), messages):
            if len(found) == most:
                break
            found.append(tuple(b - a for a, b in pairwise(edges)))
        return found

    def best(self, messages: int) -> Cells:
        """The equilibrium that is best for the receiver, among those that need no more messages than these.

        Found by going through the last cells in order: the loss of a cell does not depend on the cells before it.
        """
        best: dict[tuple[int, int], tuple[Fraction, Cells]] = {}
        candidates: list[tuple[Fraction, Cells]] = []
        open_cells = {(0, right): (self._loss(right), (right,)) for right in range(1, self.n + 1)}
        for _ in range(messages):
            candidates += [item for (_, right), item in open_cells.items() if right == self.n]
            best = {}
            for (left, edge), (loss, sizes) in open_cells.items():
                for right in range(edge + 1, self.n + 1):
                    if self._neighbors(left, edge, right):
                        new = (loss + self._loss(right - edge), (*sizes, right - edge))
                        best[edge, right] = min(new, best.get((edge, right), new))
            open_cells = best
        return min(candidates)[1]

    def values(self, sizes: Cells) -> tuple[float, float]:
        """Value to the sender and to the receiver."""
        loss = sum((self._loss(size) for size in sizes), Fraction(0))
        bias = self.shift / (4 * self.n)
        return float(-(loss + bias**2)), float(-loss)

    def _loss(self, size: int) -> Fraction:
        """Share of the states in a cell times their variance."""
        return Fraction(size, self.n) * Fraction(size * size - 1, 12 * self.n * self.n)

    def _walk(self, edges: Cells, messages: int) -> Iterator[Cells]:
        if edges[-1] == self.n:
            yield edges
        elif len(edges) <= messages:
            for right in range(edges[-1] + 1, self.n + 1):
                if len(edges) == 1 or self._neighbors(edges[-2], edges[-1], right):
                    yield from self._walk((*edges, right), messages)
