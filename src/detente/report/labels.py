"""Names that hang under marks on a line: each in a row where it touches no other name and no leader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

GAP = 10.0
INSET = 2.0
CLEAR = 2.0


class Place(NamedTuple):
    """Where a name hangs: left end in pixels, and row, 0 being next to the line."""

    left: float
    row: int


def hang(wants: Sequence[tuple[float, float]], low: float, high: float) -> list[Place]:
    """Places for names under marks.

    A name may stand to the right of its leader or to its left, and is pushed inside the bounds. Leaders run straight
    down from the marks, so a name must not lie across the leader of a name in a deeper row.

    Args:
        wants: (pixel of the mark, width of the name) pairs.
        low: First pixel that may be written on.
        high: Last one.
    """
    placed: dict[int, Place] = {}
    order = sorted(range(len(wants)), key=lambda i: (-wants[i][0], i))
    for i in order:
        placed[i] = _place(i, wants, placed, low, high)
    top = min((place.row for place in placed.values()), default=0)
    return [Place(placed[i].left, placed[i].row - top) for i in range(len(wants))]


def _place(i: int, wants: Sequence[tuple[float, float]], placed: dict[int, Place], low: float, high: float) -> Place:
    """The place nearest to the line; a row above all others where no row below is free."""
    ways = _ways(*wants[i], low, high)
    rows = [place.row for place in placed.values()] or [0]
    for row in (*range(min(rows), max(rows) + 2), min(rows) - 1):
        for left in ways:
            if _free(i, Place(left, row), wants, placed):
                return Place(left, row)
    return Place(ways[0], max(rows) + 1)


def _ways(mark: float, width: float, low: float, high: float) -> list[float]:
    """Left ends to try: right of the leader, left of it, or where there is room."""
    right, left = mark - INSET, mark - width + INSET
    ways = [at for at in (right, left) if at >= low and at + width <= high]
    return ways or [min(max(low, left), max(low, high - width))]


def _free(i: int, place: Place, wants: Sequence[tuple[float, float]], placed: dict[int, Place]) -> bool:
    start, end = place.left, place.left + wants[i][1]
    for j, other in placed.items():
        from_, to = other.left, other.left + wants[j][1]
        if other.row == place.row and start < to + GAP and from_ < end + GAP:
            return False
        if other.row > place.row and start - CLEAR < wants[j][0] < end + CLEAR:
            return False
        if other.row < place.row and from_ - CLEAR < wants[i][0] < to + CLEAR:
            return False
    return True
