"""The principal branch of a large tree, by the same steps as `kernel_path` takes on a small one.

Every log-odds is an unknown here, and the equations are solved as a sparse system. Turning points in precision
are passed by arclength.

Reference: Turocy (2005), Games and Economic Behavior 51, sec. 3; Allgower and Georg (1990), ch. 6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.solvers.solution import Status
from detente.solvers.sparse_system import Factors, Point, System

CROSSING = 1e-4  # steps shorter than this may cross a point where branches meet exactly
LOOSE = 1e-4  # accuracy of a point on the way, in log units of odds
LANDED = 1e-11  # accuracy of the point at the target
MAX_NEWTON = 14
MAX_RENEWALS = 4
SHORTEST = 1e-7
TURNED = 0.6  # cosine between tangents below which a step is refused
COUNTED = 30.0  # the log-odds count together as so many in the length of a step, however many there are


@dataclass
class Branch:
    """Where the branch stands.

    Attributes:
        odds: [actions] log-odds against the reference of the set.
        t: log(1 + precision).
        tangent: [actions + 1] direction, in units of q = sign(odds) log(1 + |odds|), and of t at the end.
        reference: [actions] whether an action is the reference of its set.
        orientation: Sign of the determinant along the branch.
        steps: Steps taken, refused ones too.
    """

    odds: Floats
    t: float
    tangent: Floats
    reference: Bools
    orientation: float = 1.0
    steps: int = 0

    @property
    def precision(self) -> float:
        """The precision, payoffs scaled to range 1."""
        return float(np.expm1(self.t))


@dataclass(frozen=True, eq=False)
class Frame:
    """The linear equations at a point.

    Attributes:
        factors: The factored derivatives by the log-odds.
        along: [actions] change of the log-odds for each unit of t.
        slant: Growth along the tangent of the branch for each unit of t.
    """

    factors: Factors
    along: Floats
    slant: float


@dataclass(frozen=True, eq=False)
class Step:
    """A corrected point: its coordinates, the size of the first correction, the equations nearby."""

    odds: Floats
    t: float
    first: float
    frame: Frame


def best_of_sets(rows: Floats, starts: Ints, own: Ints) -> Bools:
    """[actions] the first largest entry of each set."""
    top = np.flatnonzero(rows >= np.maximum.reduceat(rows, starts)[own])
    found = np.zeros(len(rows), dtype=np.bool_)
    found[top[np.unique(own[top], return_index=True)[1]]] = True
    return found


class Tracer:
    """Follows the branch of one draw.

    Args:
        system: The draw.
        bias: [actions] log-odds added at precision zero.
        reach, longest: As in `LogitSettings`.
        target: Precision to stop at, or infinity.
        stop: Polled at every step.
    """

    def __init__(
        self,
        system: System,
        bias: Floats,
        reach: float,
        longest: float,
        target: float,
        stop: Callable[[], bool],
    ):
        self.system, self.bias, self.reach, self.longest, self.stop = system, bias, reach, longest, stop
        self.own, self.starts = system.shape.action_infoset, system.starts
        self.t_target = float(np.log1p(target))
        self.free = system.shape.num_actions - system.shape.num_infosets
        self.weight = min(1.0, COUNTED / max(1, self.free))
        self.branch = self._start()
        self.bend: Floats = np.zeros(len(self.branch.tangent))
        self.h = 0.1

    def _start(self) -> Branch:
        reference = best_of_sets(self.bias, self.starts, self.own)
        odds = self.bias - self._of_reference(self.bias, reference)
        tangent = np.zeros(len(odds) + 1)
        tangent[-1] = 1.0
        branch = Branch(odds, 0.0, tangent, reference)
        point = self.system.point(odds)
        factors = self._factors(point, reference, 0.0)
        tangent[:-1] = factors.solve(self._rate(point, reference, 0.0))[0]
        branch.tangent = tangent / self._norm(tangent)
        return branch

    def _of_reference(self, rows: Floats, reference: Bools) -> Floats:
        """[actions] the entry of the reference of each set."""
        return rows[reference][self.own]

    def _norm(self, direction: Floats) -> float:
        return float(np.sqrt(self._inner(direction, direction)))

    def _inner(self, one: Floats, other: Floats) -> float:
        return float(self.weight * (one[:-1] @ other[:-1]) + one[-1] * other[-1])

    def _gain(self, point: Point, reference: Bools) -> Floats:
        return point.payoff - self._of_reference(point.payoff, reference)

    def _residual(self, point: Point, reference: Bools, t: float) -> Floats:
        bias = self.bias - self._of_reference(self.bias, reference)
        unit = 1.0 / (1.0 + np.abs(point.odds))
        return (point.odds - np.expm1(t) * self._gain(point, reference) - bias) * unit

    def _rate(self, point: Point, reference: Bools, t: float) -> Floats:
        """Minus the derivative of the residuals by t."""
        return np.exp(t) * self._gain(point, reference) / (1.0 + np.abs(point.odds))

    def _factors(self, point: Point, reference: Bools, t: float) -> Factors:
        size = 1.0 + np.abs(point.odds)
        return self.system.factors(point, reference, 1.0 / size, np.expm1(t) / size, size)

    def moved(self, odds: Floats, q_step: Floats) -> Floats:
        """Log-odds moved in the coordinate q."""
        q = np.sign(odds) * np.log1p(np.abs(odds)) + q_step
        return np.sign(q) * np.expm1(np.abs(q))

    def advance(self) -> Status | None:
        """One step: the status that ends the branch, or None."""
        with np.errstate(all="ignore"):  # a point that is not finite is refused
            return self._advance()

    def _advance(self) -> Status | None:
        branch = self.branch
        branch.steps += 1
        ahead = branch.tangent[-1]
        landing = bool(branch.t + self.h * ahead >= self.t_target)
        length = (self.t_target - branch.t) / ahead if landing else self.h
        half = 0.5 * length * length * min(1.0, 1.0 / (length * self._norm(self.bend) + 1e-300))
        path = length * branch.tangent + half * self.bend
        predicted = self.t_target if landing else branch.t + path[-1]
        if predicted < 0.0:
            return Status.stalled
        step = self._correct(self.moved(branch.odds, path[:-1]), predicted, landing)
        fresh = None if step is None else self._accepted(step, landing, length)
        if step is None or fresh is None:
            self.h = 0.4 * length
            return Status.stalled if self.h < SHORTEST else None
        branch.odds, branch.t = step.odds, step.t
        if landing:
            return Status.converged
        self.bend = (fresh - branch.tangent) / length
        branch.tangent = fresh
        self.h = min(self.longest, length * min(3.0, max(0.5, (0.25 * self.reach / (step.first + 1e-12)) ** (1 / 3))))
        self._rebase()
        return None

    def _accepted(self, step: Step, landing: bool, length: float) -> Floats | None:
        """The new tangent, or None if the step should be shorter."""
        branch = self.branch
        onward = 1.0 if step.frame.slant > 0 else -1.0
        fresh = np.append(step.frame.along, 1.0) * onward
        fresh /= self._norm(fresh)
        if landing:
            return fresh
        if not self._inner(fresh, branch.tangent) >= TURNED:
            return None
        orientation = step.frame.factors.sign() * onward
        if orientation != branch.orientation:
            if length > CROSSING:
                return None  # the orientation of a branch never turns: this point lies on another one
            branch.orientation = orientation
        return fresh

    def _frame(self, point: Point, t: float) -> Frame:
        factors = self._factors(point, self.branch.reference, t)
        along = factors.solve(self._rate(point, self.branch.reference, t))[0]
        tangent = self.branch.tangent
        return Frame(factors, along, float(tangent[-1] + self.weight * (tangent[:-1] @ along)))

    def _change(self, frame: Frame, right: Floats, landing: bool) -> tuple[Floats, float]:
        """The Newton step across the branch, or at constant t where the target is near."""
        change = frame.factors.solve(right)[0]
        if landing:
            return change, 0.0
        moved = -self.weight * float(self.branch.tangent[:-1] @ change) / frame.slant
        return change + moved * frame.along, moved

    def _correct(self, odds: Floats, t: float, landing: bool) -> Step | None:
        """Newton with one factorization from a predicted point; None if it should be refused."""
        accuracy = LANDED if landing else LOOSE
        first, last, worst_last = 0.0, np.inf, np.inf
        frame: Frame | None = None
        renewals = 0
        for _ in range(MAX_NEWTON):
            point = self.system.point(odds)
            right = -self._residual(point, self.branch.reference, t)
            worst = float(np.abs(right).max())
            renewed = frame is None
            if frame is None:
                if renewals > MAX_RENEWALS or not np.isfinite(worst):
                    return None
                frame, renewals = self._frame(point, t), renewals + 1
            change, moved = self._change(frame, right, landing)
            length = max(float(np.abs(change).max()), abs(moved))
            if not length <= (4.0 * self.reach if first else self.reach):
                return None
            if not renewed and (length > 0.4 * last or worst > 0.6 * worst_last):
                frame, last, worst_last = None, np.inf, np.inf
                continue
            first = first or length
            odds, t = self.moved(odds, change), t + moved
            if length < accuracy and worst < 100.0 * accuracy:
                return Step(odds, t, first, frame)
            last, worst_last = length, worst
        return None

    def _rebase(self) -> None:
        """Make the most likely action of each set its reference."""
        branch = self.branch
        top = best_of_sets(branch.odds, self.starts, self.own)
        lead = self._of_reference(branch.odds, top)
        changed = lead > 0.5
        if not changed.any():
            return
        reference = np.where(changed, top, branch.reference)
        rate = branch.tangent[:-1] * (1.0 + np.abs(branch.odds))
        odds = branch.odds - self._of_reference(branch.odds, reference)
        rate = rate - self._of_reference(rate, reference)
        branch.tangent[:-1] = rate / (1.0 + np.abs(odds))
        branch.tangent /= self._norm(branch.tangent)
        branch.odds, branch.reference = odds, reference
        self.bend = np.zeros(len(self.bend))

    def slopes(self) -> Floats:
        """[actions] growth of the log-odds for each unit of log precision."""
        branch = self.branch
        return branch.tangent[:-1] * (1.0 + np.abs(branch.odds)) / branch.tangent[-1]
