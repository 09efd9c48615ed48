"""Means, quantiles and counts over worlds, each with its weight or all alike."""

from __future__ import annotations

import numpy as np

from detente.axes import Bools, Floats
from detente.evidence import weighted_quantiles


def mean(values: Floats | Bools, weight: Floats | None) -> float:
    """The mean over worlds.

    Args:
        values: [worlds] numbers or truth values, at least one.
        weight: [worlds] weights that sum to 1; None weighs all alike.
    """
    if weight is None:
        return float(values.mean())
    if values.dtype == np.bool_ and values.all():
        return 1.0  # and not what the weights round to
    return float(weight @ values)


def quantile(values: Floats, level: float, weight: Floats | None) -> float:
    """A quantile over worlds; with weights the lowest value up to which that much of the weight lies."""
    if weight is None:
        return float(np.quantile(values, level))
    return float(weighted_quantiles(values[:, None], weight, level)[0])


def error(values: Floats, weight: Floats | None) -> float:
    """Monte Carlo error of the mean; NaN with a single effective world.

    With weights, that of a mean over worlds drawn from the ranges and weighed afterwards (Owen 2013, *Monte Carlo
    theory, methods and examples*, section 9.2).
    """
    if weight is None:
        return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")
    count = effective(weight)
    if count <= 1.0 + 1e-9:
        return float("nan")
    gaps = values - weight @ values
    return float(np.sqrt((weight**2 * gaps**2).sum() * count / (count - 1.0)))


def effective(weight: Floats) -> float:
    """Effective number of worlds, 1 / sum of squared weights: from 1 to how many there are."""
    return float(1.0 / (weight**2).sum())
