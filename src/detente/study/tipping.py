"""Tipping points: where, along one parameter, the best posture changes (rule 20)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.axes import Floats
from detente.case import Case, Parameter
from detente.ensemble import has_range
from detente.study.locate import States, Switch, along, changes, refine
from detente.study.panel import Panel
from detente.study.partner import Batch, Partner, evaluate_each
from detente.study.results import Sweep, TippingPoint
from detente.study.selection import caused_by_selection
from detente.study.watch import Halted, Watch
from detente.study.worlds import Worlds, rows_of

RESOLUTION = 1e-4
"""Switches are located to this share of the range."""

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


def swept_parameters(case: Case) -> list[int]:
    """Parameters with a range, in order."""
    return [i for i, item in enumerate(case.parameters) if has_range(item)]


def sweep_points(case: Case, column: int, points: int) -> Floats:
    """Evenly spaced values over a parameter's range, and its base value."""
    item = case.parameters[column].distribution
    return np.unique(np.append(np.linspace(item.low, item.high, points), item.value))


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
        panel = line.panel
        switches += changes(line.column, line.points, (panel.best, panel.whole))

    def state(theta: Floats) -> States:
        rows = rows_of(len(theta), HALVED if partner is None else min(HALVED, -(-len(theta) // 2)))
        batches: list[Batch] = [(theta[part], np.arange(len(part), dtype=np.int32)) for part in rows]
        panels = evaluate_each(worlds, batches, watch, partner, ranking=True)
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
