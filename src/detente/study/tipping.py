"""Tipping points: where, along one parameter, the best posture changes (rule 20)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats
from detente.case import Case, Parameter
from detente.ensemble import has_range
from detente.study.panel import Panel
from detente.study.partner import Batch, Partner, evaluate_each
from detente.study.results import Sweep, TippingPoint
from detente.study.selection import caused_by_selection
from detente.study.watch import Halted, Watch
from detente.study.worlds import Worlds, rows_of

RESOLUTION = 1e-4
"""Switches are located to this share of the range."""

ROUNDS = 16

TOGETHER = 6
"""Parameters swept in one batch: enough to keep every thread busy, few enough to show progress."""


HALVED = 32
"""Stretches halved in one batch."""


@dataclass(frozen=True, eq=False)
class Line:
    """Every posture along one parameter, others at base value."""

    column: int
    points: Floats
    panel: Panel


@dataclass
class Switch:
    """A stretch of a parameter in which something changes.

    Attributes:
        column: The parameter.
        low: Left end; high: right end.
        before: State at the left end; after: at the right end.
        gap: Whether a point between them could not be certified.
    """

    column: int
    low: float
    high: float
    before: Bools
    after: Bools
    gap: bool = False


def swept_parameters(case: Case) -> list[int]:
    """Parameters with a range, in order."""
    return [i for i, item in enumerate(case.parameters) if has_range(item)]


def sweep_points(case: Case, column: int, points: int) -> Floats:
    """Evenly spaced values over a parameter's range, and its base value."""
    item = case.parameters[column].distribution
    return np.unique(np.append(np.linspace(item.low, item.high, points), item.value))


def along(case: Case, column: int, points: Floats) -> Floats:
    """[points, params] base values with one parameter moved."""
    theta = np.tile(case.base_theta(), (len(points), 1))
    theta[:, column] = points
    return theta


def sweep_all(
    worlds: Worlds, points: int, watch: Watch, columns: list[int] | None = None, partner: Partner | None = None
) -> list[Line]:
    """Every posture along parameters, by default all that have a range; those finished, if stopped."""
    columns = swept_parameters(worlds.case) if columns is None else columns
    groups = [columns[start : start + TOGETHER] for start in range(0, len(columns), TOGETHER)]
    places = [[sweep_points(worlds.case, column, points) for column in group] for group in groups]
    batches: list[Batch] = []
    for group, at in zip(groups, places, strict=True):
        theta = np.vstack([along(worlds.case, column, there) for column, there in zip(group, at, strict=True)])
        batches.append((theta, np.repeat(np.arange(len(group), dtype=np.int32), [len(there) for there in at])))
    watch("sweeps", 0, len(columns))
    panels = evaluate_each(
        worlds, batches, watch, partner, lambda done: watch("sweeps", min(done * TOGETHER, len(columns)), len(columns))
    )
    lines: list[Line] = []
    for group, at, panel in zip(groups, places, panels, strict=False):
        low = 0
        for column, there in zip(group, at, strict=True):
            lines.append(Line(column, there, panel.take(slice(low, low + len(there)))))
            low += len(there)
    watch("sweeps", len(lines), len(columns))
    return lines


def as_sweep(worlds: Worlds, line: Line) -> Sweep:
    """A line as it is shown."""
    names = [posture.name for posture in worlds.postures]
    best = line.panel.best
    parameter = worlds.case.parameters[line.column]
    values = {name: np.where(line.panel.certified[k], line.panel.own[k], np.nan) for k, name in enumerate(names)}
    sets = tuple(tuple(name for k, name in enumerate(names) if best[k, i]) for i in range(len(line.points)))
    return Sweep(parameter.name, parameter.value, line.points, values, sets)


def changes(column: int, points: Floats, states: Bools, usable: Bools) -> list[Switch]:
    """Neighboring usable points whose states [things, points] differ."""
    found: list[Switch] = []
    last = -1
    for i in np.flatnonzero(usable):
        if last >= 0 and (states[:, last] != states[:, i]).any():
            found.append(
                Switch(column, float(points[last]), float(points[i]), states[:, last], states[:, i], bool(i - last > 1))
            )
        last = int(i)
    return found


State = Callable[[Floats], "tuple[Bools, Bools]"]
"""States [things, draws] of worlds [draws, params], and which of them are usable."""


def refine(
    case: Case, switches: list[Switch], state: State, watch: Watch, stage: str, resolution: float = RESOLUTION
) -> list[Switch]:
    """Halve every stretch, all at once, until its switches are located; a third state splits a stretch."""
    width = {column: _range(case, column) * resolution for column in {item.column for item in switches}}
    done = [item for item in switches if item.high - item.low <= width[item.column]]
    waiting = [item for item in switches if item.high - item.low > width[item.column]]
    for step in range(ROUNDS):
        if not waiting or watch.stopped:
            break
        watch(stage, step, ROUNDS)
        theta = np.vstack([along(case, item.column, np.array([0.5 * (item.low + item.high)])) for item in waiting])
        try:
            states, usable = state(theta)
        except Halted:
            break
        following: list[Switch] = []
        for k, item in enumerate(waiting):
            following += _halved(item, states[:, k], bool(usable[k]))
        done += [item for item in following if item.high - item.low <= width[item.column] or item.gap]
        waiting = [item for item in following if item.high - item.low > width[item.column] and not item.gap]
    watch(stage, ROUNDS, ROUNDS)
    return _merged(sorted(done + waiting, key=lambda item: (item.column, item.low)), width)


def _halved(item: Switch, state: Bools, usable: bool) -> list[Switch]:
    middle = 0.5 * (item.low + item.high)
    if not usable:
        item.gap = True
        return [item]
    halves: list[Switch] = []
    if (state != item.before).any():
        halves.append(Switch(item.column, item.low, middle, item.before, state))
    if (state != item.after).any():
        halves.append(Switch(item.column, middle, item.high, state, item.after))
    return halves


def _merged(switches: list[Switch], width: dict[int, float]) -> list[Switch]:
    """Switches that follow one another within the resolution are one: a tie on the way is not a state."""
    merged: list[Switch] = []
    for item in switches:
        last = merged[-1] if merged else None
        if last is not None and last.column == item.column and item.high - last.low <= 2.5 * width[item.column]:
            merged[-1] = Switch(item.column, last.low, item.high, last.before, item.after, last.gap or item.gap)
        else:
            merged.append(item)
    return [item for item in merged if (item.before != item.after).any()]


def _range(case: Case, column: int) -> float:
    item = case.parameters[column].distribution
    return item.high - item.low


def tipping_points(
    worlds: Worlds,
    lines: list[Line],
    watch: Watch,
    resolution: float = RESOLUTION,
    partner: Partner | None = None,
) -> list[TippingPoint]:
    """Every switch of the best posture along the lines, in order."""
    switches: list[Switch] = []
    for line in lines:
        switches += changes(line.column, line.points, line.panel.best, line.panel.whole)

    def state(theta: Floats) -> tuple[Bools, Bools]:
        rows = rows_of(len(theta), HALVED)
        panels = evaluate_each(
            worlds, [(theta[part], np.arange(len(part), dtype=np.int32)) for part in rows], watch, partner
        )
        if len(panels) < len(rows):
            raise Halted
        panel = Panel.joined(panels)
        return panel.best, panel.whole

    located = refine(worlds.case, switches, state, watch, "tipping points", resolution)
    return [_point(worlds, item, watch) for item in located]


def _inside(parameter: Parameter, *places: float) -> Floats:
    return np.clip(places, parameter.distribution.low, parameter.distribution.high)


def _point(worlds: Worlds, item: Switch, watch: Watch) -> TippingPoint:
    names = [posture.name for posture in worlds.postures]
    parameter = worlds.case.parameters[item.column]
    marked = "uncertified" if item.gap else ""
    if not marked and not watch.stopped:
        involved = [posture for k, posture in enumerate(worlds.postures) if item.before[k] != item.after[k]]
        width = item.high - item.low  # a little further out: the ends may be the place of indifference itself
        ends = along(worlds.case, item.column, _inside(parameter, item.low - width, item.high + width))
        marked = "selection" if caused_by_selection(worlds, involved, ends) else ""
    return TippingPoint(
        parameter=parameter.name,
        base=parameter.value,
        switch=0.5 * (item.low + item.high),
        before=", ".join(name for k, name in enumerate(names) if item.before[k]),
        after=", ".join(name for k, name in enumerate(names) if item.after[k]),
        resolution=item.high - item.low,
        marked=marked,
    )
