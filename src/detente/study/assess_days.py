"""How likely each type was by the end of each day: point, outer bounds, and the 5-95 % band.

The point multiplies the base prior by the likelihoods at the points of their ranges and, for moves, by their
likelihood over all draws of the game. The outer bounds are exact over the ranges of likelihoods and priors; moves
enter them as for the point, and the bounds are widened to hold the band where play differs between draws. The band is
over draws: in each, parameters (so priors and the play of the game) and likelihoods are drawn independently inside
their ranges; once a move is known, draws count by how well they explain what was seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from detente.axes import Floats
from detente.evidence import BAND, Prior, drawn_scores, known_scores, outer_bounds, posterior, weighted_quantiles
from detente.study.assess_record import Record
from detente.study.results_assess import TypeBand


@dataclass(frozen=True, eq=False)
class Days:
    """The posterior on a list of days.

    Attributes:
        days: The days, in order.
        bands: Per day and label.
        score: [days, types] log score at the points of all ranges.
        effective: Effective number of draws of the game on each day; None before the first move.
        excluded: Share of draws of the game that could not be solved.
        spread: Per label, how much the draws that could not be solved could move the last point: (lowest, highest).
        belief: [draws, types] posterior of each draw on the last day; of no use where its weight is 0.
        weight: [draws] how much each draw counts on the last day.
    """

    days: tuple[date, ...]
    bands: tuple[dict[str, TypeBand], ...]
    score: Floats
    effective: tuple[float | None, ...]
    excluded: float
    spread: dict[str, tuple[float, float]]
    belief: Floats
    weight: Floats

    def on(self, day: date) -> dict[str, TypeBand]:
        """The bands of one of the days."""
        return self.bands[self.days.index(day)]

    def point(self, day: date) -> Floats:
        """[types] the posterior of one of the days."""
        return np.array([band.point for band in self.on(day).values()])


def assess_days(record: Record, days: tuple[date, ...], seed: int) -> Days:
    """The posterior on each day, from what had been reported by its end.

    Args:
        record: The items.
        days: The days, in order.
        seed: Seed of the band.
    """
    prior = record.prior
    point, low, high = known_scores(record.evidence, days)
    found = posterior(prior.point, point)
    lower, upper = outer_bounds(prior.box, low + prior.low, high + prior.high)
    only_moves = _move_scores(record, days)
    bands: list[dict[str, TypeBand]] = []
    effective: list[float | None] = []
    weighed = None
    belief, weight = prior.draws, np.full(record.draws, 1.0 / record.draws)
    drawn = drawn_scores(record.evidence, days, seed, 0, record.draws, record.given)
    for row, score in enumerate(drawn):
        weighed = record.worlds(days[row], point[row] - only_moves[row])
        effective.append(None if weighed is None else weighed.effective)
        weight = weight if weighed is None else weighed.weight
        belief = _by_draw(prior.draws, score, weight)
        if weighed is None:
            p05, p95 = np.quantile(belief, BAND, axis=0)
        else:
            p05, p95 = (weighted_quantiles(belief, weight, level) for level in BAND)
        lower[row], upper[row] = np.minimum(lower[row], p05), np.maximum(upper[row], p95)
        columns = zip(record.labels, found[row], lower[row], upper[row], p05, p95, strict=True)
        bands.append({label: TypeBand(*(float(value) for value in values)) for label, *values in columns})
    excluded = 0.0 if weighed is None else weighed.excluded
    spread = {} if weighed is None else _spread(record.labels, weighed.lowest, weighed.highest)
    return Days(days, tuple(bands), point, tuple(effective), excluded, spread, belief, weight)


def prior_bands(prior: Prior, low: Floats, high: Floats, draws: Floats) -> dict[str, TypeBand]:
    """What was thought before any item."""
    lower, upper = outer_bounds(prior, low, high)
    p05, p95 = np.quantile(draws, BAND, axis=0)
    lower, upper = np.minimum(lower, p05), np.maximum(upper, p95)
    columns = zip(prior.types, prior.point, lower, upper, p05, p95, strict=True)
    return {label: TypeBand(*(float(value) for value in values)) for label, *values in columns}


def _by_draw(prior: Floats, score: Floats, weight: Floats) -> Floats:
    """[draws, types] posterior of each draw; the prior where a draw was not solved, which weighs nothing."""
    found = prior.copy()
    rows = np.flatnonzero(weight > 0)
    found[rows] = posterior(prior[rows], score[rows])
    return found


def _move_scores(record: Record, days: tuple[date, ...]) -> Floats:
    """[days, types] what the moves known on each day add to the score at the point."""
    scores = np.zeros((len(days), len(record.labels)))
    row_of = {name: row for row, name in enumerate(record.evidence.ids)}
    weights = record.evidence.log_weights()[0]
    for step in record.steps:
        after = np.array([step.item.reported <= day for day in days])
        scores[after] += weights[row_of[step.item.id]]
    return scores


def _spread(labels: tuple[str, ...], lowest: Floats, highest: Floats) -> dict[str, tuple[float, float]]:
    return {label: (float(low), float(high)) for label, low, high in zip(labels, lowest, highest, strict=True)}
