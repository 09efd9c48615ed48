"""Jump from a point on the branch of a large tree to the exact equilibrium on its support.

The same split and the same conditions as in `kernel_polish`: used actions are indifferent at a very large precision,
unused ones have probability zero and the log-odds of a mistake at a moderate one. All of them are unknowns here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats
from detente.solvers.sparse_path import Tracer, best_of_sets
from detente.solvers.sparse_system import Factors, Point, System

# These five are the same as in `kernel_polish`, which is not imported because it would bring the compiler along.
USED_PRECISION = 3e8  # leaves a regret of at most 0.28 / 3e8 for each extra action
VANISHED = -45.0  # log-odds below which a used action is not used after all
TARGET = 2e-12
ROUNDING = 2e-9  # what rounding of large log-odds can leave
SURE = 1e3  # precision from which a support is tried even where it is not clear
CLOSE = 1e5  # precision up to which an answer must be where the branch was heading
MAX_NEWTON = 30
REVISIONS = 20  # times actions may change sides before the support is given up
LEAP = 10.0  # growth of the precision of mistakes from one solve to the next


@dataclass(frozen=True, eq=False)
class Polished:
    """An exact equilibrium: [actions] strategy, [nodes] beliefs, [levels, actions] logarithms of the witness."""

    strategy: Floats
    belief: Floats
    logs: Floats


@dataclass(frozen=True, eq=False)
class _Start:
    """Where the branch was left: support, log-odds and their growth, against the best action of each set."""

    precision: float
    best: Bools
    used: Bools
    odds: Floats
    slope: Floats


def leave_branch(tracer: Tracer, trembles: Floats, tolerance: float, close: bool) -> Polished | None:
    """The exact equilibrium on the support of the branch where it stands, or None if there is none yet."""
    start = _classify(tracer)
    if start is None:
        return None
    search = _Search(
        tracer.system, start, trembles, tolerance, tracer.branch.orientation if close else 0.0, tracer.stop
    )
    used = start.used
    for _ in range(REVISIONS):
        with np.errstate(all="ignore"):  # a point that is not finite is refused
            found = search.on_support(used)
        if isinstance(found, Polished):
            return found if not close or start.precision >= CLOSE or search.is_near(used) else None
        if found is None or not found.any():
            return None
        used = used ^ found
    return None


def _classify(tracer: Tracer) -> _Start | None:
    """Split actions by how their log-odds grow; None if that is not clear yet."""
    own, branch = tracer.own, tracer.branch
    best = best_of_sets(branch.odds, tracer.starts, own)
    odds = branch.odds - branch.odds[best][own]
    slope = tracer.slopes()
    slope = slope - slope[best][own]
    used = best | ~((slope < 0.5 * odds) & (odds < -2.0))
    if branch.precision < SURE:
        unsettled = used & ~best & (np.abs(slope) > 0.3 * (1.0 + 0.2 * np.abs(odds)))
        unsettled |= ~used & ((slope < 2.0 * odds) | (odds > -4.0))
        if unsettled.any():
            return None
    return _Start(branch.precision, best, used, odds, slope)


class _Search:
    """Looks for the equilibrium on a support, and for what is wrong with the support where there is none."""

    def __init__(
        self,
        system: System,
        start: _Start,
        trembles: Floats,
        tolerance: float,
        oriented: float,
        stop: Callable[[], bool],
    ):
        self.system, self.start, self.trembles, self.tolerance = system, start, trembles, tolerance
        self.oriented, self.stop = oriented, stop
        self.own = system.shape.action_infoset
        self.final: Point | None = None

    def on_support(self, used: Bools) -> Polished | Bools | None:
        """The equilibrium, or the actions that belong on the other side, or None."""
        clean = self._clean(used)
        odds = self.start.odds.copy()
        logs: list[Floats] = []
        point: Point | None = None
        factors: Factors | None = None
        for precision in self._precisions():
            solved = self._newton(odds, used, clean, precision)
            if not isinstance(solved, tuple):
                return solved
            point, factors = solved
            odds = point.odds
            if precision in self.trembles:
                logs.append(self._normalised(odds))
        if point is None or factors is None:
            return None
        gain = self._gain(point)
        wrong = ~used & (gain > self.tolerance)
        if wrong.any():
            return wrong
        if self.oriented and factors.sign() * self.oriented < 0:
            return None
        self.final = point
        loss = np.maximum.reduceat(gain, self.system.starts) - np.add.reduceat(point.prob * gain, self.system.starts)
        return Polished(point.prob, point.belief, np.array(logs)) if loss.max() <= self.tolerance else None

    def _precisions(self) -> Iterator[float]:
        """The precision of the branch, then those of the witness, with some between to lead from one to the next."""
        at = self.start.precision
        yield at
        for tremble in self.trembles.tolist():
            while at * LEAP < tremble:
                at *= LEAP
                yield at
            at = tremble
            yield at

    def _gain(self, point: Point) -> Floats:
        return point.payoff - point.payoff[self.start.best][self.own]

    def _newton(
        self, odds: Floats, used: Bools, clean: Bools | None, precision: float
    ) -> tuple[Point, Factors] | Bools | None:
        """Solve at one precision of mistakes; else the used actions that vanish, or None."""
        best = self.start.best
        unit = np.where(used, 1.0, precision)
        weight = 1.0 / np.where(used, USED_PRECISION, precision)
        free_used = used & ~best
        factors: Factors | None = None
        last = np.inf
        for _ in range(MAX_NEWTON):
            point = self.system.point(odds, used, clean)
            right = np.where(best, 0.0, self._gain(point) - weight * odds)
            worst = float(np.abs(right).max())
            if not np.isfinite(worst) or self.stop():
                return None
            if factors is not None and (worst <= TARGET or (worst <= ROUNDING and worst > 0.25 * last)):
                return point, factors
            last = worst
            factors = self.system.factors(point, best, weight, np.ones(len(odds)), unit)
            change = factors.solve(right)[0] * unit
            if not np.isfinite(change).all():
                return None
            longest = float(np.abs(change[free_used]).max(initial=0.0))
            odds = odds + change * min(1.0, 4.0 / longest if longest > 0 else 1.0)
            vanished = free_used & (odds < VANISHED)
            if vanished.any():
                return vanished
            if (free_used & (odds > -VANISHED)).any():
                return None
        return None

    def _clean(self, used: Bools) -> Bools | None:
        """[nodes] members believed in alone: those that no unused action of another player comes before."""
        shape = self.system.shape
        members = shape.member_nodes
        mover = shape.infoset_player[shape.infoset[members]]
        dirty = np.zeros(len(members))
        for player in range(shape.num_players):
            mistake = ~used & (shape.infoset_player[self.own] != player)
            count = np.concatenate([mistake, np.zeros(shape.num_chance_edges + 1, dtype=np.bool_)])[shape.edge_slot]
            count = count.astype(np.int32)
            for family in shape.families:
                count[family.children] += count[shape.parent[family.children]]
            dirty[mover == player] = count[members][mover == player]
        pure = (dirty == 0) & ~self.system.barred[members]
        any_pure = np.logical_or.reduceat(pure, shape.member_start)
        clean = np.zeros(shape.num_nodes, dtype=np.bool_)
        clean[members] = pure | ~any_pure[shape.infoset[members]]
        return clean

    def _normalised(self, odds: Floats) -> Floats:
        starts = self.system.starts
        top = np.maximum.reduceat(odds, starts)[self.own]
        return odds - top - np.log(np.add.reduceat(np.exp(odds - top), starts))[self.own]

    def is_near(self, used: Bools) -> bool:
        """Whether the equilibrium is where the branch was heading: same log-odds, same losses."""
        start, point = self.start, self.final
        if point is None:
            return False
        drift = start.slope * np.log(USED_PRECISION / start.precision)
        astray = used & (np.abs(point.odds - start.odds - drift) > 1.5 + np.abs(drift))
        foreseen = -start.odds / start.precision
        astray |= ~used & (np.abs(-self._gain(point) - foreseen) > 0.5 * foreseen + 3.0 / start.precision)
        return not (astray & ~start.best).any()
