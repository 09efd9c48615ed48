"""Several analysts: how far apart they are, and one answer from all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from detente.axes import Bools, Floats
from detente.errors import RequestError
from detente.evidence.items import Evidence, Item
from detente.evidence.likelihood import Likelihood

FLOOR = 0.001
"""Least probability that enters a pool: a zero of one analyst would otherwise overrule all the others."""


@dataclass(frozen=True, eq=False)
class Pooled:
    """A pool of several distributions.

    Attributes:
        distribution: [..., types] the pool.
        floored: Number of probabilities that were raised to the floor.
        floor: The floor.
    """

    distribution: Floats
    floored: int
    floor: float


@dataclass(frozen=True, eq=False)
class Disagreement:
    """How far analysts differ on each item; it depends on likelihood ratios only, not on how each uses the scale.

    Attributes:
        spread: [items] largest difference between two analysts in the log (base 2, bits) of the likelihood ratio of
            two types.
        opposed: [items] whether two analysts see it favor opposite types: a ratio above 1 for one, below 1 for another.
    """

    spread: Floats
    opposed: Bools


def log_pool(distributions: Floats, *, weights: Floats | None = None, floor: float = FLOOR) -> Pooled:
    """The log-opinion pool: proportional to the weighted geometric mean of the analysts' probabilities.

    It commutes with Bayes' rule: pooling posteriors is updating the pooled prior with the pooled likelihood
    (Genest and Zidek 1986).

    Args:
        distributions: [analysts, ..., types] probabilities that sum to 1.
        weights: [analysts] weights that are not negative; default even. Only their proportions count.
        floor: Probabilities below it are raised to it and the distribution is normalised again.

    Raises:
        RequestError: No analyst, weights that cannot be used, or a floor that is not in (0, 1 / types].
    """
    distributions = np.asarray(distributions, dtype=np.float64)
    if distributions.ndim < 2 or not distributions.shape[0]:
        raise RequestError("a pool needs at least one analyst")
    if not 0.0 < floor * distributions.shape[-1] <= 1.0:
        raise RequestError(f"the floor of a pool must be above 0 and at most 1 / number of types, not {floor}")
    share = _shares(weights, distributions.shape[0])
    raised = np.maximum(distributions, floor)
    raised = raised / raised.sum(axis=-1, keepdims=True)
    logs = np.tensordot(share, np.log(raised), axes=1)
    weight = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return Pooled(weight / weight.sum(axis=-1, keepdims=True), int((distributions < floor).sum()), floor)


def pool_likelihoods(likelihoods: Floats, *, weights: Floats | None = None) -> Floats:
    """[items, types] weighted geometric means of the likelihoods of several analysts, [analysts, items, types].

    Pool points, lower ends and upper ends apart. Without groups, the posterior from the pooled likelihoods is the
    log-opinion pool of the posteriors.

    Raises:
        RequestError: A likelihood is not above 0, or the weights cannot be used.
    """
    likelihoods = np.asarray(likelihoods, dtype=np.float64)
    if likelihoods.ndim < 2 or not likelihoods.shape[0] or not (likelihoods > 0).all():
        raise RequestError("pooling needs at least one analyst and likelihoods above 0")
    return np.exp(np.tensordot(_shares(weights, likelihoods.shape[0]), np.log(likelihoods), axes=1))


def disagreement(likelihoods: Floats, *, same: float = 1e-9) -> Disagreement:
    """How far apart analysts are on each item.

    Args:
        likelihoods: [analysts, items, types] likelihoods above 0; NaN where an analyst did not judge an item.
        same: Log ratios this close to 0 count as no view, in bits.
    """
    logs = np.log2(np.asarray(likelihoods, dtype=np.float64))
    ratio = logs[..., :, None] - logs[..., None, :]
    high, low = np.fmax.reduce(ratio, axis=0), np.fmin.reduce(ratio, axis=0)
    return Disagreement((high - low).max(axis=(-2, -1)), ((high > same) & (low < -same)).any(axis=(-2, -1)))


def pool_evidence(analysts: Sequence[Evidence], *, weights: Floats | None = None) -> tuple[Evidence, Disagreement]:
    """One matrix from several, and how far they are apart.

    Points, lower and upper ends are pooled apart by `pool_likelihoods`, each item over those who judged it. The weight
    of a source is pooled by the arithmetic mean.

    Args:
        analysts: Their matrices; one may lack items that another has.
        weights: [analysts] weights, above 0; default even.

    Returns:
        The pooled evidence, and the disagreement on each of its items in their order.

    Raises:
        RequestError: The matrices have other types, or date, group or rho of an item differ.
    """
    share = _shares(weights, len(analysts))
    if not analysts or any(known.types != analysts[0].types for known in analysts):
        raise RequestError(f"pooled matrices need the same types, not {[list(known.types) for known in analysts]}")
    judged: dict[str, list[tuple[int, int]]] = {}
    for number, known in enumerate(analysts):
        for row, name in enumerate(known.ids):
            judged.setdefault(name, []).append((number, row))
    items: list[Item] = []
    rho: dict[str, float] = {}
    for name, rows in judged.items():
        facts = {_facts(analysts[number], row) for number, row in rows}
        if len(facts) > 1:
            raise RequestError(f"the analysts' matrices give item {name!r} different days, groups or rho")
        reported, happened, group, copied = facts.pop()
        own = _shares(share[[number for number, _ in rows]], len(rows))
        weight = float(own @ [analysts[number].r[row] for number, row in rows])
        items.append(Item(name, reported, _cells(analysts, rows, own), happened, min(weight, 1.0), group))
        rho |= {group: copied} if group else {}
    pooled = Evidence.of(analysts[0].types, items, rho=rho)
    points = np.full((len(analysts), pooled.size, len(pooled.types)), np.nan)
    for place, name in enumerate(pooled.ids):
        for number, row in judged[name]:
            points[number, place] = analysts[number].point[row]
    return pooled, disagreement(points)


def _cells(analysts: Sequence[Evidence], rows: list[tuple[int, int]], share: Floats) -> tuple[Likelihood, ...]:
    """One item pooled over the (analyst, row) that judged it."""
    judged = [(analysts[number], row) for number, row in rows]
    parts = np.array([[known.low[row], known.point[row], known.high[row]] for known, row in judged])
    low, point, high = pool_likelihoods(parts, weights=share)
    point = np.clip(point, low, high)  # rounding
    return tuple(Likelihood(float(a), float(b), float(c)) for a, b, c in zip(low, high, point, strict=True))


def _facts(known: Evidence, row: int) -> tuple[date, date, str, float]:
    """What analysts must agree on: day of report, day of event, group, rho."""
    number = int(known.group[row])
    group, rho = (known.groups[number], float(known.rho[number])) if number >= 0 else ("", 0.0)
    days = (date.fromordinal(int(day)) for day in (known.reported[row], known.happened[row]))
    return next(days), next(days), group, rho


def _shares(weights: Floats | None, count: int) -> Floats:
    share = np.ones(count) if weights is None else np.asarray(weights, dtype=np.float64)
    if share.shape != (count,) or not np.isfinite(share).all() or (share < 0).any() or share.sum() <= 0:
        raise RequestError(f"the weights of {count} analysts must be as many numbers, not negative, not all 0")
    return share / share.sum()
