"""What the verdict on a design turns on: the values of single parameters at which it flips (rule 20)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats
from detente.case import Case
from detente.study.locate import States, Switch, along, changes, refine
from detente.study.results_settle import FAILS, HOLDS, Opposite, TurnsOn
from detente.study.settlement_terms import DesignTerms
from detente.study.tipping import sweep_points, swept_parameters
from detente.study.watch import Halted, Watch

Holds = Callable[[Floats], Bools]
"""Whether a design holds in each of some worlds [draws, params]."""

WORLDS = 1024
"""Worlds looked at together, at most."""
FEWEST_WORLDS = 64
MOST_LOOKED_AT = 1 << 30
"""Worlds times sets of completed steps that are looked at before the watch is asked again, unless worlds are few."""


@dataclass(frozen=True)
class Turning:
    """Tipping points of one design, and the nearest changes for the opposite verdict; whether all were looked for."""

    turns_on: tuple[TurnsOn, ...] = ()
    opposite: tuple[Opposite, ...] = ()
    together: tuple[Opposite, ...] = ()
    complete: bool = True


def opposite_together(
    terms: DesignTerms, holds: Holds, at_base: bool, theta: Floats, verdicts: Bools
) -> tuple[Opposite, ...]:
    """Parameters that have to change together for the opposite verdict; none of them can be left at its base value.

    Starts from the world nearest to base values, by the sum of changes as shares of the ranges, among those with the
    opposite verdict, and puts parameters back one after the other, the largest change first, where that keeps it.

    Args:
        terms: The design.
        holds: Its verdict in worlds.
        at_base: The verdict at base values.
        theta: [draws, params] the worlds.
        verdicts: [draws] the verdict in each.

    Returns:
        The changes, the largest first; none if no world has the opposite verdict.
    """
    case, used = terms.case, terms.rests_on
    rows = np.flatnonzero(verdicts != at_base)
    columns = [column for column in swept_parameters(case) if case.parameters[column].name in used]
    if not len(rows) or not columns:
        return ()
    base = case.base_theta()
    spread = np.array([case.parameters[k].distribution.high - case.parameters[k].distribution.low for k in columns])
    change = np.abs(theta[rows][:, columns] - base[columns]) / spread
    first = int(np.argmin(change.sum(axis=1)))
    world = base.copy()
    world[columns] = theta[rows[first], columns]
    kept: list[Opposite] = []
    for k in np.argsort(-change[first], kind="stable"):
        column, value = columns[int(k)], float(world[columns[int(k)]])
        world[column] = base[column]
        if bool(holds(world[None, :])[0]) == at_base:
            world[column] = value
            name, before = case.parameters[column].name, float(base[column])
            kept.append(Opposite(name, before, value, value - before, float(change[first, k])))
    return tuple(kept)


def turning_points(
    terms: DesignTerms, holds: Holds, at_base: bool, points: int, resolution: float, watch: Watch
) -> Turning:
    """Every flip of a design's verdict along every parameter that it rests on, others at base.

    Args:
        terms: The design.
        holds: Its verdict in worlds.
        at_base: The verdict at base values.
        points: Values tried along each parameter, beside the base value.
        resolution: Flips are located to this share of the range.
        watch: May stop the work, which leaves out what is not finished.
    """
    case = terms.case
    used = terms.rests_on
    columns = [column for column in swept_parameters(case) if case.parameters[column].name in used]
    places = {column: sweep_points(case, column, points) for column in columns}
    most = min(WORLDS, max(FEWEST_WORLDS, MOST_LOOKED_AT >> terms.num_moves))
    switches: list[Switch] = []
    share: dict[int, float] = {}
    group: list[int] = []
    for column in columns:
        group.append(column)
        if sum(len(places[item]) for item in group) < most and column != columns[-1]:
            continue
        if watch.stopped:
            break
        theta = np.vstack([along(case, item, places[item]) for item in group])
        found = np.split(holds(theta), np.cumsum([len(places[item]) for item in group])[:-1])
        for item, verdicts in zip(group, found, strict=True):
            share[item] = _differing(places[item], verdicts != at_base)
            switches += changes(item, places[item], (verdicts[None], np.ones(len(verdicts), dtype=np.bool_)))
        group = []

    def state(theta: Floats) -> States:
        if watch.stopped:
            raise Halted
        return holds(theta)[None], np.ones(len(theta), dtype=np.bool_)

    located = refine(case, switches, state, _Silent(watch), "", resolution)
    return Turning(_turns_on(case, located, share), _opposite(case, located, at_base))


class _Silent:
    """Stops when another watch says so, and tells nobody."""

    def __init__(self, watch: Watch):
        self._watch = watch

    @property
    def stopped(self) -> bool:
        """Whether to come to an end."""
        return self._watch.stopped

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Tell nobody."""


def _differing(points: Floats, differs: Bools) -> float:
    """Share of a range in which a verdict differs, each point standing for half the way to its neighbors."""
    edges = np.concatenate([points[:1], 0.5 * (points[1:] + points[:-1]), points[-1:]])
    return float(np.diff(edges)[differs].sum() / (points[-1] - points[0]))


def _turns_on(case: Case, switches: list[Switch], share: dict[int, float]) -> tuple[TurnsOn, ...]:
    """Flips, those of the parameter with most of its range on the other side first, in order along each."""
    found: list[TurnsOn] = []
    for item in sorted(switches, key=lambda item: (-share[item.column], item.column, item.low)):
        parameter = case.parameters[item.column]
        value = 0.5 * (item.low + item.high)
        found.append(
            TurnsOn(
                parameter=parameter.name,
                base=parameter.value,
                value=value,
                direction="above" if value > parameter.value else "below",
                from_=HOLDS if item.before[0] else FAILS,
                to=HOLDS if item.after[0] else FAILS,
                resolution=item.high - item.low,
                share=share[item.column],
            )
        )
    return tuple(found)


def _opposite(case: Case, switches: list[Switch], at_base: bool) -> tuple[Opposite, ...]:
    """Per parameter the nearest value with the opposite verdict, the smallest change first."""
    nearest: dict[int, Opposite] = {}
    for item in switches:
        parameter = case.parameters[item.column]
        value = item.high if bool(item.before[0]) == at_base else item.low
        spread = parameter.distribution.high - parameter.distribution.low
        change = value - parameter.value
        made = Opposite(parameter.name, parameter.value, value, change, abs(change) / spread)
        known = nearest.get(item.column)
        if known is None or made.of_range < known.of_range:
            nearest[item.column] = made
    return tuple(sorted(nearest.values(), key=lambda item: (item.of_range, item.parameter)))
