"""The numbers behind the charts, as tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.report.words import Words, level, mark, number, percent, percent_range, with_article

if TYPE_CHECKING:
    from detente.study.results import Band, CompareAnswer, Sweep

SAMPLES = 9


@dataclass(frozen=True)
class Table:
    """Rows of text cells; the first `left` columns are words, the others numbers."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: int = 1


def values(answer: CompareAnswer, words: Words, actor: str) -> Table:
    """Value of every posture to one actor."""
    rows = tuple(
        (words.posture(item.name), *_band(item.value[actor]), level(item.base_value[actor])) for item in answer.postures
    )
    return Table(("Posture", "Average", "5 %", "95 %", "Base case"), rows)


def odds(answer: CompareAnswer, words: Words) -> Table:
    """Probability of every outcome under every posture."""
    names = tuple(answer.postures[0].outcomes) if answer.postures else ()
    rows = tuple(
        (words.posture(item.name), *(_odds(item.outcomes[name]) for name in names)) for item in answer.postures
    )
    return Table(("Posture", *(words.outcome(name) for name in names)), rows)


def standing(answer: CompareAnswer, words: Words) -> Table:
    """The postures at a glance: value, share best, regret, commitment."""
    who = with_article(answer.actors[answer.owner])
    rows = tuple(
        (
            words.posture(item.name),
            f"{level(item.value[answer.owner].mean)} ({level(item.value[answer.owner].p05)} to "
            f"{level(item.value[answer.owner].p95)})",
            percent(item.best_share),
            level(item.regret_p90),
            "needed" if item.needs_commitment else "not needed",
        )
        for item in answer.postures
    )
    header = ("Posture", f"Value for {who}: average (5 to 95 %)", "Best in", "Regret, 90th percentile", "Commitment")
    return Table(header, rows)


def shares(answer: CompareAnswer, words: Words) -> Table:
    """Share of worlds in which each posture is best, with bounds."""
    rows = tuple(
        (words.posture(item.name), percent(item.best_share), percent_range(*item.best_share_bounds))
        for item in answer.postures
    )
    return Table(("Posture", "Best in", "Bounds"), rows)


def by_type(answer: CompareAnswer, words: Words) -> Table | None:
    """Owner's average value by its own type; None if it has fewer than two."""
    labels = tuple(answer.postures[0].value_by_type) if answer.postures else ()
    if len(labels) < 2:
        return None
    rows = tuple(
        (words.posture(item.name), *(level(item.value_by_type[label].mean) for label in labels))
        for item in answer.postures
    )
    return Table(("Posture", *(words.label(label) for label in labels)), rows)


def shortfalls(answer: CompareAnswer, words: Words) -> Table:
    """Paired differences to the leading posture, with their Monte Carlo error."""
    who = list(answer.actors).index(answer.owner)
    leader = next(item for item in answer.postures if item.name == answer.leading)
    rows: list[tuple[str, ...]] = []
    for item in answer.postures:
        gap = item.values[:, who] - leader.values[:, who]
        gap = gap[np.isfinite(gap)]
        if item.name == answer.leading or not len(gap):
            continue
        error = float(gap.std(ddof=1) / np.sqrt(len(gap))) if len(gap) > 1 else float("nan")
        low, high = np.quantile(gap, [0.05, 0.95])
        cells = (level(float(gap.mean())), number(error, 1), level(float(low)), level(float(high)))
        rows.append((words.posture(item.name), *cells))
    return Table(("Posture", "Average difference", "Monte Carlo error", "5 %", "95 %"), tuple(rows))


def tipping(answer: CompareAnswer, words: Words) -> Table:
    """Every tipping point."""
    rows = tuple(
        (
            words.parameter_long(point.parameter),
            words.tied(point.before),
            words.tied(point.after),
            number(point.base),
            number(point.switch) + (f" ({mark(point.marked)})" if point.marked else ""),
        )
        for point in answer.tipping_points
    )
    return Table(("Assumption", "Best below", "Best above", "Base value", "Changes at"), rows, left=3)


def region(answer: CompareAnswer, words: Words) -> Table | None:
    """A coarse reading of the map: best posture at a few values of both parameters."""
    if answer.region is None:
        return None
    xs, ys = _sample(len(answer.region.x_points), 5), _sample(len(answer.region.y_points), 5)
    best, names = np.asarray(answer.region.best).T, answer.region.postures

    def at(j: int, i: int) -> str:
        return words.posture(names[best[j, i]]) if best[j, i] >= 0 else "–"

    rows = tuple((number(float(answer.region.y_points[j])), *(at(j, i) for i in xs)) for j in reversed(ys))
    corner = f"{words.parameter(answer.region.y)} ↓, {words.parameter(answer.region.x)} →"
    return Table((corner, *(number(float(answer.region.x_points[i])) for i in xs)), rows, left=6)


def sweep(line: Sweep, answer: CompareAnswer, words: Words) -> Table:
    """Values of every posture at a few points of one parameter's range."""
    picked = _sample(len(line.points), SAMPLES)
    names = [item.name for item in answer.postures if item.name in line.values]
    rows = tuple((number(float(line.points[i])), *(level(float(line.values[n][i])) for n in names)) for i in picked)
    return Table((words.parameter(line.parameter), *(words.posture(name) for name in names)), rows, left=0)


def belief(answer: CompareAnswer, words: Words) -> Table | None:
    """Value and envelope at a few beliefs, two-label types only."""
    env = answer.envelope
    if env is None or len(env.labels) != 2:
        return None
    order = np.argsort(env.beliefs[:, 0], kind="stable")
    rows = tuple(
        (percent(float(env.beliefs[i, 0])), level(float(env.values[i])), level(float(env.envelope[i])))
        for i in (order[k] for k in _sample(len(order), 11))
    )
    head = f"Belief in “{words.label(env.labels[0])}”"
    return Table((head, "Saying nothing", "Best disclosure"), rows, left=0)


def _band(band: Band) -> tuple[str, str, str]:
    return level(band.mean), level(band.p05), level(band.p95)


def _odds(band: Band) -> str:
    return f"{percent(band.mean)} ({percent_range(band.p05, band.p95)})"


def _sample(count: int, most: int) -> list[int]:
    """At most `most` indices from first to last, evenly spaced."""
    return sorted({round(i * (count - 1) / (most - 1)) for i in range(most)}) if count > 1 else [0]
