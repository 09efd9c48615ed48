"""Which items moved the answer, which could have, and which look telling and are not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np

from detente.axes import Floats
from detente.evidence.items import Evidence
from detente.evidence.origin import last_added, scores
from detente.evidence.posterior import check_types, posterior
from detente.evidence.prior import Prior

NO_INFORMATION = 0.05
"""Bits: an item whose largest log likelihood ratio stays below this carries no information to speak of."""


@dataclass(frozen=True, eq=False)
class Influence:
    """What each item does.

    Attributes:
        ids: [items] names of the items known on the day.
        without: [items, types] posterior had the item never been reported.
        shift: [items, types] posterior with all items less that without this one.
        influence: [items] half the sum of absolute shifts: the probability that moves, in [0, 1].
        diagnosticity: [items] log (base 2, bits) of the largest likelihood ratio between two types, after the weight of
            its source: what the item says on its own.
        added: [items] the same for what it adds to the other reports of its origin.
        why_not: [items] why an item carries no information, as a sentence; empty where it does.
    """

    ids: tuple[str, ...]
    without: Floats
    shift: Floats
    influence: Floats
    diagnosticity: Floats
    added: Floats
    why_not: tuple[str, ...]


def influence(
    evidence: Evidence, prior: Prior, *, as_of: date | None = None, least: float = NO_INFORMATION
) -> Influence:
    """Leave-one-out influence and diagnosticity of every item known on a day, at the points of all ranges.

    Args:
        evidence: The items.
        prior: The prior over their types.
        as_of: The day; None takes all items.
        least: Bits below which an item is said to carry no information.

    Raises:
        RequestError: The prior is about other types than the evidence.
    """
    check_types(evidence, prior)
    known = evidence.known_by(as_of)
    weights = known.log_weights()[0]
    total = scores(weights, known.group, known.rho)
    last = last_added(weights, known.group, known.rho)
    with_all = posterior(prior.point, total)
    without = posterior(prior.point, total - last)
    shift = with_all - without
    alone, added = _bits(weights), _bits(last)
    return Influence(
        ids=known.ids,
        without=without,
        shift=shift,
        influence=np.abs(shift).sum(axis=-1) / 2,
        diagnosticity=alone,
        added=added,
        why_not=tuple(_why(known, row, alone, added, least) for row in range(known.size)),
    )


def _bits(weights: Floats) -> Floats:
    """[items] largest log2 ratio between two types of [items, types] natural logs."""
    return np.ptp(weights, axis=-1) / math.log(2)


def _why(evidence: Evidence, row: int, alone: Floats, added: Floats, least: float) -> str:
    if added[row] >= least:
        return ""
    if alone[row] >= least:
        name = evidence.groups[int(evidence.group[row])]
        return f"Other reports of the same origin ({name}) already say as much."
    if _bits(np.log(evidence.point[row])) < least:
        vague = bool((evidence.high[row] > evidence.low[row]).any())
        ending = ", in the middle of the ranges given." if vague else "."
        return "Every type makes it about equally likely" + ending
    return f"Its source counts for too little (r = {evidence.r[row]:.2g})."
