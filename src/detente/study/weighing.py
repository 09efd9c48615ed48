"""Means, quantiles and counts over worlds, each with its weight or all alike."""

from __future__ import annotations

import numpy as np

from detente.axes import Floats
from detente.evidence import weighted_quantiles


def mean(values: Floats, weight: Floats | None) -> float:
    """The mean over worlds.

    Args:
        values: [worlds] numbers or truth values, at least one.
        weight: [worlds] weights that sum to 1; None weighs all alike.
    """
    return float(values.mean()) if weight is None else float(weight @ values)


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
