"""What was thought of a type before any evidence: at base values, in every draw, and over the ranges of the weights."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from detente.axes import Floats
from detente.case import Case, Expression, Weight, array_function, parameters
from detente.compiler import marginal_prior
from detente.evidence import Prior

MOST_CORNERS = 10  # parameters of one weight whose corners are all tried


@dataclass(frozen=True, eq=False)
class TypePrior:
    """The prior over the labels of one type.

    A posterior is proportional to weight times likelihood, so only the proportions of weights count, and its extremes
    over independent ranges of weights are at their ends. Ranges therefore enter as shifts of the log score, except
    where `rest` ties the weights to one another: then they are a set of distributions.

    Attributes:
        point: [types] at base values.
        draws: [draws, types] in each draw of the parameters.
        box: The base prior, with ranges if there is a `rest`.
        low: [types] log of the lowest weight over the base weight; 0 if there is a `rest`.
        high: [types] log of the highest.
    """

    point: Floats
    draws: Floats
    box: Prior
    low: Floats
    high: Floats


def type_prior(case: Case, about: str, theta: Floats) -> TypePrior:
    """The prior of a type.

    Args:
        case: The case.
        about: The type.
        theta: [draws, params] the draws.

    Raises:
        RequestError: Its weights are no distribution at some draw.
    """
    posture = case.status_quo
    base = marginal_prior(case, posture, about, case.base_theta()[None])[0]
    draws = marginal_prior(case, posture, about, theta)
    labels = case.labels_of(about)
    rows = _rows(case, about)
    low, high = np.zeros(len(labels)), np.zeros(len(labels))
    rest: int | None = None
    for place, weight in rows:
        if weight is None:
            rest = place
        else:
            ends = _range(case, weight)
            low[place] += ends[0]
            high[place] += ends[1]
    if rest is not None:
        others = np.arange(len(labels)) != rest
        low[rest] = 1.0 - float(high[others].sum())
        high[rest] = 1.0 - float(low[others].sum())
        box = Prior(labels, base, np.minimum(np.clip(low, 0, 1), base), np.maximum(np.clip(high, 0, 1), base))
        return TypePrior(base, draws, box, np.zeros(len(labels)), np.zeros(len(labels)))
    middle = np.array([sum(_base(case, weight) for at, weight in rows if at == place) for place in range(len(labels))])
    with np.errstate(divide="ignore", invalid="ignore"):
        shifts = [np.where(middle > 0, np.log(ends / middle), 0.0) for ends in (low, high)]
    return TypePrior(base, draws, Prior(labels, base, base, base), shifts[0], shifts[1])


def _rows(case: Case, about: str) -> list[tuple[int, Weight]]:
    """(label, weight) of the type's own prior, or of the joint prior it belongs to."""
    own = case.type(about)
    for joint in case.joints:
        if about in joint.types:
            place = joint.types.index(about)
            return [(own.labels.index(row[place]), weight) for row, weight in joint.rows]
    return list(enumerate(own.weights))


def _base(case: Case, weight: Weight) -> float:
    return 0.0 if weight is None else float(array_function(weight, case.parameter_names)(case.base_theta()[None])[0])


def _range(case: Case, weight: Expression) -> tuple[float, float]:
    """Lowest and highest value of a weight: exact for one parameter, over the corners of the ranges for several."""
    names = sorted(name for name in parameters(weight) if name in case.parameter_names)[:MOST_CORNERS]
    spreads = [case.parameter(name).distribution for name in names]
    corners = list(product(*((spread.low, spread.high) for spread in spreads)))
    theta = np.repeat(case.base_theta()[None], len(corners), axis=0)
    for column, name in enumerate(names):
        theta[:, case.parameter_index(name)] = [corner[column] for corner in corners]
    values = np.append(array_function(weight, case.parameter_names)(theta), _base(case, weight))
    return max(0.0, float(values.min())), float(values.max())
