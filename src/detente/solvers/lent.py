"""What the belief lines of two neighboring worlds say about the line of a world between them.

On each neighbor's line the profiles come in pieces, one for each set of actions in use. Where both have a piece, its
ends in the world between are expected where they would be if they moved in proportion. That says where to look, and
which profile to try first: nothing is taken over without being solved for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

CLOSE = 1e-3
"""Ends of pieces this close are one switch."""

NEAR = 1e-6
"""A place this close to a stretch counts as in it."""

EXACT = 1e-12


@dataclass(frozen=True)
class Piece:
    """A stretch of beliefs on one set of actions.

    Attributes:
        low: Lowest belief in the first label at which it was found.
        high: Highest belief.
        support: Number of its set of actions.
        first: Handle of the profile found at the lower end.
        last: Handle of the one at the upper end.
    """

    low: float
    high: float
    support: int
    first: int
    last: int

    def away(self, place: float) -> float:
        """How far outside the stretch a place is."""
        return max(self.low - place, place - self.high, 0.0)

    def handle(self, place: float) -> int:
        """The profile found nearer to a place."""
        return self.first if place - self.low < self.high - place else self.last


def pieces_of(places: Sequence[float], supports: Sequence[int], handles: Sequence[int]) -> list[Piece]:
    """Points of a belief line, from left to right, put together where neighbors are on one support."""
    found: list[Piece] = []
    for place, support, handle in zip(places, supports, handles, strict=True):
        if found and found[-1].support == support:
            found[-1] = Piece(found[-1].low, place, support, found[-1].first, handle)
        else:
            found.append(Piece(place, place, support, handle, handle))
    return found


@dataclass
class Lent:
    """What is expected on a belief line.

    Attributes:
        pieces: Stretches that both neighbors have, from left to right.
        places: Where to look first.
        switches: Where one piece is expected to give way to the next.
    """

    pieces: list[Piece]
    places: list[float]
    switches: list[float]
    tried: set[float] = field(default_factory=set[float])

    def handle(self, place: float) -> int:
        """The profile expected at a place, -1 if none is."""
        piece = min(self.pieces, key=lambda item: item.away(place), default=None)
        return -1 if piece is None or piece.away(place) > NEAR else piece.handle(place)

    def expected(self, low: float, high: float, step: float) -> list[float]:
        """Places on both sides of a switch expected between two places; each switch comes up once."""
        inside = [switch for switch in self.switches if low < switch < high and switch not in self.tried]
        if not inside:
            return []
        chosen = inside[len(inside) // 2]
        self.tried.add(chosen)
        return [place for place in (chosen - step, chosen + step) if low < place < high]


def lend(left: Sequence[Piece], right: Sequence[Piece], share: float, splits: Sequence[float], step: float) -> Lent:
    """What two neighbors say about the world between them.

    Args:
        left: Pieces of the neighbor before.
        right: Pieces of the neighbor after.
        share: How far on the way from the first to the second it lies, 0 to 1.
        splits: Beliefs of the neighbors' best signals.
        step: How far from an expected switch to look.
    """
    pairs = _pairs(left, right)
    nearer = 0 if share < 0.5 else 1
    pieces: list[Piece] = []
    moved: list[tuple[float, float]] = []
    for pair in pairs:
        low = (1 - share) * pair[0].low + share * pair[1].low
        high = (1 - share) * pair[0].high + share * pair[1].high
        pieces.append(Piece(low, high, pair[0].support, pair[nearer].first, pair[nearer].last))
        for there in pair:
            moved += [(there.low, low), (there.high, high)]
    switches = _switches(pieces)
    places = {place for split in splits for place in _places(split, moved, switches, step)}
    return Lent(pieces, sorted(place for place in places if 0.0 < place < 1.0), switches)


def _pairs(left: Sequence[Piece], right: Sequence[Piece]) -> list[tuple[Piece, Piece]]:
    """Pieces that both have, in one order, each support once."""
    once = [_once(left), _once(right)]
    pairs: list[tuple[Piece, Piece]] = []
    for piece in left:
        other = once[1].get(piece.support)
        if other is not None and piece.support in once[0] and (not pairs or other.low >= pairs[-1][1].high):
            pairs.append((piece, other))
    return pairs


def _once(pieces: Sequence[Piece]) -> dict[int, Piece]:
    found: dict[int, Piece] = {}
    twice: set[int] = set()
    for piece in pieces:
        if piece.support in found:
            twice.add(piece.support)
        found[piece.support] = piece
    return {support: piece for support, piece in found.items() if support not in twice}


def _switches(pieces: Sequence[Piece]) -> list[float]:
    """Where a piece gives way to the next."""
    return [0.5 * (before.high + after.low) for before, after in pairwise(pieces) if after.low - before.high <= CLOSE]


def _places(split: float, moved: Sequence[tuple[float, float]], switches: Sequence[float], step: float) -> list[float]:
    """Where to look for a posterior that a neighbor's best signal leads to."""
    near = [there for here, there in moved if abs(here - split) <= EXACT]
    if not near:
        return [split]
    beside = [switch for switch in switches if abs(switch - near[0]) <= CLOSE]
    return [beside[0] - step, beside[0] + step] if beside else near[:1]
