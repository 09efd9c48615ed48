"""Bayes' rule over types, and what the ranges of likelihoods and priors allow at most.

The upper end for a type takes its own likelihoods at their upper ends and those of every other type at their lower
ends: each G grows with its own likelihoods and no likelihood of one type moves the G of another, so the odds against
every rival are best at that one corner. Over priors the posterior is linear-fractional, so its extremes are corners of
the set of priors: the type gets the most it can and what is left goes to the rivals with the lowest scores first.
The bounds are exact, for groups too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from detente.axes import Floats
from detente.errors import RequestError
from detente.evidence.items import Evidence
from detente.evidence.origin import increments
from detente.evidence.prior import Prior


@dataclass(frozen=True, eq=False)
class Bounds:
    """Posterior with outer bounds.

    Attributes:
        point: [..., types] posterior at the point likelihoods and the point prior.
        lower: [..., types] lowest posterior inside the ranges.
        upper: [..., types] highest posterior inside the ranges.
    """

    point: Floats
    lower: Floats
    upper: Floats


def posterior(prior: Floats, score: Floats) -> Floats:
    """Bayes' rule: proportional to ``prior exp(score)``.

    Args:
        prior: [..., types] probabilities.
        score: [..., types] log scores, on any common scale.

    Returns:
        [..., types] probabilities that sum to 1.
    """
    with np.errstate(divide="ignore"):
        logs = np.log(prior) + score
    weight = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return weight / weight.sum(axis=-1, keepdims=True)


def outer_bounds(prior: Prior, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Lowest and highest posterior of each type when scores and priors may lie anywhere in their ranges.

    Args:
        prior: The set of priors.
        low: [..., types] lowest log scores.
        high: [..., types] highest log scores.

    Returns:
        ([..., types], [..., types]) lower and upper ends.
    """
    lower, upper = np.empty_like(low), np.empty_like(low)
    for kind in range(low.shape[-1]):
        lower[..., kind] = _extreme(prior, low[..., kind], high, kind, best=False)
        upper[..., kind] = _extreme(prior, high[..., kind], low, kind, best=True)
    return lower, upper


def known_scores(evidence: Evidence, days: tuple[date, ...]) -> Floats:
    """[3, days, types] log scores at point, low and high of what had been reported by the end of each day."""
    weights = evidence.log_weights()
    running = np.cumsum(increments(weights, evidence.group, evidence.rho), axis=1)
    start = np.zeros((3, 1, len(evidence.types)))
    return np.concatenate([start, running], axis=1)[:, items_known(evidence, days), :]


def bounds_on(evidence: Evidence, prior: Prior, days: tuple[date, ...]) -> Bounds:
    """Posterior and its outer bounds, [days, types], from what had been reported by the end of each day.

    Raises:
        RequestError: The prior is about other types than the evidence.
    """
    check_types(evidence, prior)
    point, low, high = known_scores(evidence, days)
    lower, upper = outer_bounds(prior, low, high)
    return Bounds(posterior(prior.point, point), lower, upper)


def bounds_at(evidence: Evidence, prior: Prior, as_of: date | None = None) -> Bounds:
    """Posterior and its outer bounds, [types], from what had been reported by the end of a day (None: from all).

    Raises:
        RequestError: The prior is about other types than the evidence.
    """
    found = bounds_on(evidence, prior, (as_of or date.max,))
    return Bounds(found.point[0], found.lower[0], found.upper[0])


def items_known(evidence: Evidence, days: tuple[date, ...]) -> list[int]:
    """Number of items that had been reported by the end of each day."""
    return [int(np.searchsorted(evidence.reported, day.toordinal(), side="right")) for day in days]


def check_types(evidence: Evidence, prior: Prior) -> None:
    """Refuse a prior over other types."""
    if evidence.types != prior.types:
        raise RequestError(
            f"the evidence is about the types {list(evidence.types)}, the prior about {list(prior.types)}"
        )


def _extreme(prior: Prior, own: Floats, others: Floats, kind: int, *, best: bool) -> Floats:
    """[...] posterior of one type at the corner of the set of priors that is best or worst for it."""
    rivals = [other for other in range(others.shape[-1]) if other != kind]
    low, high = prior.low[..., rivals], prior.high[..., rivals]
    floor = low.sum(axis=-1)
    if best:
        share = np.minimum(prior.high[..., kind], 1.0 - floor)
    else:
        share = np.maximum(prior.low[..., kind], 1.0 - high.sum(axis=-1))
    score = others[..., rivals]
    top = np.maximum(own, score.max(axis=-1)) if rivals else own
    weight = np.exp(score - top[..., None])
    order = np.argsort(weight if best else -weight, axis=-1, kind="stable")
    low, room, weight = (
        np.take_along_axis(np.broadcast_to(item, order.shape), order, axis=-1) for item in (low, high - low, weight)
    )
    left = np.asarray(1.0 - share - floor)[..., None] - (np.cumsum(room, axis=-1) - room)
    against = (weight * (low + np.clip(left, 0.0, room))).sum(axis=-1)
    mine = share * np.exp(own - top)
    total = mine + against
    return np.divide(mine, total, out=np.zeros_like(total), where=total > 0)
