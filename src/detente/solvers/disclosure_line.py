"""The belief line of one draw: the places looked at, what was found there, and what is known of the gaps between."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from detente.solvers.envelope import Envelope
from detente.solvers.lent import Lent

Pair = tuple[float, float]


@dataclass
class Point:
    """A place on the line and the profile found there.

    Attributes:
        place: Belief in the first label.
        by_type: The owner's value by its type.
        handle: Number of the profile.
        support: Number of its set of actions in use.
        pure: Whether nobody mixes.
    """

    place: float
    by_type: Pair
    handle: int
    support: int
    pure: bool


@dataclass
class Gap:
    """What is known of the stretch to the right of a point.

    Attributes:
        closed: Nothing more is to be looked for here.
        predicted: The profiles of both ends have already been asked where they end.
        switch: Where a switch is expected, if they could not say exactly; NaN if they could not say at all.
        edge: The switch is at one end of the gap.
    """

    closed: bool = False
    predicted: bool = False
    switch: float = math.nan
    edge: bool = False


@dataclass(frozen=True, eq=False)
class Guess:
    """A place where the profile of one end is predicted to give way to that of the other."""

    place: float
    left: Pair
    right: Pair


@dataclass
class Line:
    """The belief line of one draw: points in order and the gaps between them."""

    prior: float
    weights: Pair
    spread: float
    pivot: float
    lent: Lent | None = None
    points: list[Point] = field(default_factory=list[Point])
    gaps: list[Gap] = field(default_factory=list[Gap])
    guesses: list[Guess] = field(default_factory=list[Guess])
    envelopes: dict[bool, tuple[tuple[int, int], Envelope, list[int]]] = field(
        default_factory=dict[bool, "tuple[tuple[int, int], Envelope, list[int]]"]
    )

    def state(self) -> tuple[int, int]:
        """Grows with every change: points only come in, and gaps only close."""
        return len(self.points), sum(gap.closed for gap in self.gaps)

    def objective(self, place: float, by_type: Pair) -> float:
        """The owner's value before it learns its type, weighted as it judges."""
        first = self.weights[0] * place * by_type[0] if place > 0.0 else 0.0
        second = self.weights[1] * (1.0 - place) * by_type[1] if place < 1.0 else 0.0
        return first + second

    def same(self, first: Pair, second: Pair) -> bool:
        """Whether two pairs of values are equal but for rounding."""
        return _apart(first, second) <= 1e-9 * self.spread

    def flat(self, gap: int) -> bool:
        """Whether the values at both ends of a gap are the same."""
        return self.same(self.points[gap].by_type, self.points[gap + 1].by_type)

    def mixes(self, gap: int) -> bool:
        """Whether the end of a support on which somebody mixes may lie inside a gap."""
        return not (self.points[gap].pure and self.points[gap + 1].pure)

    def smooth(self, gap: int) -> bool:
        """Whether both ends of a gap are on one support."""
        return self.points[gap].support == self.points[gap + 1].support

    def width(self, gap: int) -> float:
        """How wide a gap is."""
        return self.points[gap + 1].place - self.points[gap].place

    def covers_prior(self) -> bool:
        """Whether there are points on both sides of the prior."""
        return len(self.points) > 1 and self.points[0].place <= self.prior <= self.points[-1].place

    def gap_at(self, place: float) -> int:
        """The gap that holds a place, -1 outside."""
        after = next((i for i, item in enumerate(self.points) if item.place > place), len(self.points))
        return after - 1 if 0 < after < len(self.points) else -1

    def near(self, place: float) -> tuple[tuple[int, int], tuple[int, int]]:
        """Handles of the profiles to try at a place: the one expected there, then those on both sides; -1 for none."""
        expected = -1 if self.lent is None else self.lent.handle(place)
        gap = self.gap_at(place)
        beside = (-1, -1) if gap < 0 else (self.points[gap].handle, self.points[gap + 1].handle)
        return (expected, expected), beside

    def behind(self, point: int, step: int) -> int:
        """Handle of the neighbor of a point in a direction if it is on the same support, else -1."""
        other = point + step
        if not 0 <= other < len(self.points):
            return -1
        alike = self.points[other].support == self.points[point].support
        return self.points[other].handle if alike and self.points[other].place != self.points[point].place else -1

    def add(self, point: Point) -> None:
        """Put a point in its place; the gap it lies in is split."""
        gap = self.gap_at(point.place)
        if gap < 0:
            at = 0 if self.points and point.place < self.points[0].place else len(self.points)
            self.points.insert(at, point)
            if len(self.points) > 1:
                self.gaps.insert(min(at, len(self.gaps)), Gap())
            return
        left, right, old = self.points[gap], self.points[gap + 1], self.gaps[gap]
        self.points.insert(gap + 1, point)
        self.gaps[gap] = Gap(old.closed, old.predicted and self.same(point.by_type, right.by_type))
        self.gaps.insert(gap + 1, Gap(old.closed, old.predicted and self.same(point.by_type, left.by_type)))

    def confirm(self, guess: Guess) -> None:
        """Put both one-sided values at a predicted jump if the solves around it bear it out."""
        gap = self.gap_at(guess.place)
        if gap < 0:
            return
        left, right = self.points[gap], self.points[gap + 1]
        if not (self.same(left.by_type, guess.left) and self.same(right.by_type, guess.right)):
            return
        self.points.insert(gap + 1, Point(guess.place, left.by_type, left.handle, left.support, left.pure))
        self.points.insert(gap + 2, Point(guess.place, right.by_type, right.handle, right.support, right.pure))
        self.gaps[gap : gap + 1] = [Gap(closed=True), Gap(closed=True), Gap(closed=True)]

    def reach(self, gap: int, place: float, side: int) -> None:
        """Extend the profile of one end of a gap to the place where it stops being an equilibrium."""
        source = self.points[gap + side]
        self.points.insert(gap + 1, Point(place, source.by_type, source.handle, source.support, source.pure))
        flat, rest = Gap(closed=True), Gap(predicted=True, switch=place, edge=True)
        self.gaps[gap : gap + 1] = [flat, rest] if side == 0 else [rest, flat]

    def at_jump(self, point: int, width: float) -> bool:
        """Whether the value jumps right beside a point."""
        near = [gap for gap in (point - 1, point) if 0 <= gap < len(self.gaps)]
        return any(self.width(gap) <= width and not self.flat(gap) for gap in near)

    def inward(self, point: int, width: float) -> int:
        """1 or -1 where a greater or smaller belief leads away from the jump beside a point; 0 if that is not clear."""
        near = [gap for gap in (point - 1, point) if 0 <= gap < len(self.gaps)]
        sides = [1 if gap < point else -1 for gap in near if self.width(gap) <= width and not self.flat(gap)]
        return sides[0] if len(sides) == 1 else 0

    def jumps(self, width: float) -> tuple[float, ...]:
        """Where the value jumps; places closer than `width` are one."""
        found: list[float] = []
        for i in range(len(self.gaps)):
            place = 0.5 * (self.points[i].place + self.points[i + 1].place)
            new = not found or place - found[-1] > width
            if self.width(i) <= width and not self.flat(i) and new:
                found.append(place)
        return tuple(found)


def _apart(first: Pair, second: Pair) -> float:
    return max(abs(first[0] - second[0]), abs(first[1] - second[1]))
