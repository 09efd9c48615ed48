"""Which posture is best over the two parameters the answer turns on most."""

from __future__ import annotations

import numpy as np

from detente.axes import Bools, Floats
from detente.study import weighing
from detente.study.panel import Panel
from detente.study.partner import Batch, Partner, evaluate_each
from detente.study.results import RegionMap
from detente.study.tipping import Line
from detente.study.watch import Watch
from detente.study.worlds import Worlds

SHARES = 4
"""Batches the map is worked on in."""


def decisive(worlds: Worlds, lines: list[Line]) -> list[int]:
    """Parameters in the order of how much the best posture depends on them.

    First those along which the best set changes, by the share of the range where it is not that of the
    base values; then the others, by how far the lead over the next posture moves.
    """
    ranked = sorted(lines, key=lambda line: (-_changed(worlds, line), -_margin(line), line.column))
    return [line.column for line in ranked]


def influential(
    panel: Panel, theta: Floats, columns: list[int], most: int | None, weight: Floats | None = None
) -> list[int]:
    """The parameters that the lead of the best posture goes with most closely over the worlds, in their order.

    Args:
        panel: The postures in the worlds.
        theta: [draws, params] the worlds.
        columns: Parameters to choose from.
        most: How many; None keeps all.
        weight: [certified draws] weights that say which posture is the best; None weighs all alike.
    """
    usable = np.flatnonzero(panel.whole)
    if most is None or most >= len(columns) or len(usable) < 3 or len(panel.own) < 2:
        return columns
    own, best = panel.own[:, usable], panel.best[:, usable]
    split = best / best.sum(axis=0)
    first = int(np.argmax(split.mean(axis=1) if weight is None else split @ weight))
    lead = (own[first] - np.delete(own, first, axis=0).max(axis=0)) / panel.spread[usable]
    ranks = _ranks(lead)
    closeness = [abs(float(np.corrcoef(ranks, _ranks(theta[usable, column]))[0, 1])) for column in columns]
    kept = sorted(range(len(columns)), key=lambda k: (-closeness[k], k))[:most]
    return [columns[k] for k in sorted(kept)]


def _ranks(values: Floats) -> Floats:
    return np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(np.float64)


def _changed(worlds: Worlds, line: Line) -> float:
    base = int(np.argmin(np.abs(line.points - worlds.case.parameters[line.column].value)))
    best = line.panel.best
    usable = line.panel.whole
    differs = (best != best[:, base : base + 1]).any(axis=0) & usable
    return float(differs.sum()) / max(1, int(usable.sum()))


def _margin(line: Line) -> float:
    """How far the lead of the best posture over the next one moves along the line, share of the payoff range."""
    own = np.sort(np.where(np.isnan(line.panel.own), -np.inf, line.panel.own), axis=0)
    if len(own) < 2:
        return 0.0
    lead = (own[-1] - own[-2]) / line.panel.spread
    usable = line.panel.whole & np.isfinite(lead)
    return float(np.ptp(lead[usable])) if usable.any() else 0.0


def region_map(
    worlds: Worlds, lines: list[Line], points: int, watch: Watch, partner: Partner | None = None
) -> RegionMap | None:
    """The best posture over a grid of the two most decisive parameters; None if there are fewer or if stopped."""
    order = decisive(worlds, lines)
    if len(order) < 2 or watch.stopped:
        return None
    x, y = (worlds.case.parameters[column] for column in order[:2])
    x_points = np.linspace(x.distribution.low, x.distribution.high, points)
    y_points = np.linspace(y.distribution.low, y.distribution.high, points)
    theta = np.tile(worlds.case.base_theta(), (points * points, 1))
    theta[:, order[0]] = np.repeat(x_points, points)
    theta[:, order[1]] = np.tile(y_points, points)
    panel = _by_rows(worlds, theta, points, watch, partner)
    if panel is None:
        return None
    names = tuple(posture.name for posture in worlds.postures)
    order_shown = sorted(range(len(names)), key=lambda k: (worlds.postures[k].needs_search, k))
    first = np.array([next(k for k in order_shown if panel.best[k, i]) for i in range(len(theta))])
    best = np.where(panel.whole, first, -1).astype(np.int32).reshape(points, points)
    sets = [tuple(name for k, name in enumerate(names) if panel.best[k, i]) for i in range(len(theta))]
    rows = tuple(tuple(sets[i * points : (i + 1) * points]) for i in range(points))
    return RegionMap(x.name, y.name, x_points, y_points, best, names, (x.value, y.value), rows)


def _by_rows(worlds: Worlds, theta: Floats, points: int, watch: Watch, partner: Partner | None) -> Panel | None:
    """Each row of the map is a line of worlds; None if stopped."""
    watch("region map", 0, points)
    line = np.repeat(np.arange(points, dtype=np.int32), points)
    parts = [part for part in np.array_split(np.arange(points), SHARES) if len(part)]
    batches: list[Batch] = [(theta[np.isin(line, part)], line[np.isin(line, part)]) for part in parts]
    panels = evaluate_each(worlds, batches, watch, partner, ranking=True)
    watch("region map", points, points)
    return Panel.joined(panels) if len(panels) == len(parts) else None


def paired(
    names: list[str],
    own: Floats,
    usable: Bools,
    against: list[str],
    tolerance: Floats,
    weight: Floats | None = None,
) -> list[dict[str, object]]:
    """Differences of the owner's value between postures over the same worlds, with their Monte Carlo error.

    Args:
        names: The postures.
        own: [postures, draws] the owner's values.
        usable: [draws] worlds that count.
        against: Postures each other one is held against.
        tolerance: [draws] values closer than this are tied, so neither is the better one.
        weight: [usable draws] weights that sum to 1; None weighs all alike.
    """
    found: list[dict[str, object]] = []
    for other in against:
        for name in names:
            pair = {entry["posture"] for entry in found if entry["versus"] == name}
            if name == other or other in pair:
                continue
            gaps = own[names.index(name), usable] - own[names.index(other), usable]
            count = len(gaps)
            found.append(
                {
                    "posture": name,
                    "versus": other,
                    "mean": weighing.mean(gaps, weight) if count else float("nan"),
                    "mc_error": weighing.error(gaps, weight),
                    "p05": weighing.quantile(gaps, 0.05, weight) if count else float("nan"),
                    "p95": weighing.quantile(gaps, 0.95, weight) if count else float("nan"),
                    "share_better": weighing.mean(gaps > tolerance[usable], weight) if count else float("nan"),
                }
            )
    return found
