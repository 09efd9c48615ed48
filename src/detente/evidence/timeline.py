"""How likely each type was, day by day: a point, outer bounds over the ranges, and a 5-95 % band.

The band comes from independent draws inside the ranges. With many vague items the outer bounds are nearly 0 to 1,
because they let every item err in the same direction at once; the band does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from detente.axes import Floats
from detente.errors import RequestError
from detente.evidence.items import NO_GROUP, Evidence
from detente.evidence.origin import mixture
from detente.evidence.posterior import bounds_on, check_types, items_known, posterior
from detente.evidence.prior import Prior
from detente.evidence.streams import Streams

BAND = (0.05, 0.95)
DRAWS = 1000


@dataclass(frozen=True, eq=False)
class Timeline:
    """Posterior over types on a list of days.

    Attributes:
        types: Labels of the types.
        days: The days.
        point: [days, types] posterior at the points of all ranges.
        lower: [days, types] lowest posterior inside the ranges of likelihoods and priors.
        upper: [days, types] highest posterior inside them.
        p05: [days, types] 5 % quantile over independent draws inside the ranges.
        p95: [days, types] 95 % quantile.
        draws: Number of draws behind the band.
    """

    types: tuple[str, ...]
    days: tuple[date, ...]
    point: Floats
    lower: Floats
    upper: Floats
    p05: Floats
    p95: Floats
    draws: int


def timeline(
    evidence: Evidence, prior: Prior, *, days: tuple[date, ...] | None = None, seed: int = 0, draws: int = DRAWS
) -> Timeline:
    """The posterior on each day, from what had been *reported* by its end.

    Args:
        evidence: The items.
        prior: What was thought before any of them.
        days: Days to report, in order; default every day on which something was reported.
        seed: Seed of the band.
        draws: Draws behind the band, at least 1.

    Raises:
        RequestError: The prior is about other types, the days are not in order, or there is no draw.
    """
    check_types(evidence, prior)
    days = evidence.dates() if days is None else days
    if list(days) != sorted(days):
        raise RequestError("the days of a timeline must be in order")
    if draws < 1:
        raise RequestError(f"the band needs at least one draw, not {draws}")
    outer = bounds_on(evidence, prior, days)
    priors = prior.draw(seed, 0, draws)
    low, high = np.empty_like(outer.point), np.empty_like(outer.point)
    for row, score in enumerate(drawn_scores(evidence, days, seed, 0, draws)):
        low[row], high[row] = np.quantile(posterior(priors, score), BAND, axis=0)
    return Timeline(evidence.types, days, outer.point, outer.lower, outer.upper, low, high, draws)


def drawn_scores(evidence: Evidence, days: tuple[date, ...], seed: int, start: int, stop: int) -> Iterator[Floats]:
    """For each day [draws, types] log scores of what was known by then, with likelihoods drawn inside their ranges.

    A number depends on (seed, id of the item, type, draw) alone. The array is the caller's to keep.

    Args:
        evidence: The items.
        days: Days in order.
        seed: Non-negative seed.
        start: First draw.
        stop: One past the last draw.
    """
    scale = evidence.point.max(axis=1, keepdims=True)
    low, width = evidence.low / scale, (evidence.high - evidence.low) / scale
    numbers = evidence.r[:, None] * np.log(low)  # of items without ranges
    plain = (width == 0).all(axis=1) & (evidence.group == NO_GROUP)
    streams = Streams(seed)
    score = np.zeros((stop - start, len(evidence.types)))
    groups: dict[int, _Group] = {}
    known = 0
    for count in items_known(evidence, days):
        score += numbers[known:count][plain[known:count]].sum(axis=0)
        for item in np.flatnonzero(~plain[known:count]) + known:
            if width[item].any():
                weight = streams.rows(f"item\x00{evidence.ids[item]}", start, stop, len(evidence.types))
                weight *= width[item]
                weight += low[item]
                np.log(weight, out=weight)
                if evidence.r[item] != 1.0:
                    weight *= evidence.r[item]
            else:
                weight = np.broadcast_to(numbers[item], score.shape)
            number = int(evidence.group[item])
            if number == NO_GROUP:
                score += weight
            elif number in groups:
                score += groups[number].add(weight)
            else:
                groups[number] = _Group(float(evidence.rho[number]), weight, weight, weight)
                score += weight
        known = max(known, count)
        yield score.copy()


@dataclass(eq=False)
class _Group:
    """The reports of one origin so far: sum and minimum of their log weights, and the log of G."""

    rho: float
    total: Floats
    least: Floats
    joint: Floats

    def add(self, weight: Floats) -> Floats:
        """What one more report adds to the log score."""
        self.total = self.total + weight
        self.least = np.minimum(self.least, weight)
        before, self.joint = self.joint, mixture(self.total, self.least, self.rho)
        return self.joint - before
