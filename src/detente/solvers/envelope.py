"""Concave envelopes over beliefs: the best that can be had by splitting a prior into posteriors.

Reference: Kamenica and Gentzkow (2011), section 3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.axes import Floats, Ints
from detente.solvers.kernel_cache import load_kernel


@dataclass(frozen=True, eq=False)
class Envelope:
    """The envelope at one prior.

    Attributes:
        value: Height of the envelope.
        support: Points the prior is split into, at most as many as there are labels.
        weights: Probability of each; they sum to one.
    """

    value: float
    support: Ints
    weights: Floats


def concave_envelope(beliefs: Floats, values: Floats, prior: Floats, *, tolerance: float = 0.0) -> Envelope:
    """Height of the concave envelope of finitely many points at a prior, and a split that reaches it.

    Splits into fewer points win ties, then those listed first; so no disclosure is preferred to a
    pointless one.

    Args:
        beliefs: [points, labels] beliefs; every row sums to one and the prior is in their hull.
        values: [points] values; points with NaN are left out.
        prior: [labels] the prior.
        tolerance: Values this close to the best count as equal.

    Returns:
        The envelope at the prior.
    """
    if beliefs.shape[1] == 2:
        return _envelope_two(beliefs[:, 0], values, float(prior[0]), tolerance)
    return _envelope_hull(beliefs, values, prior, tolerance)


def upper_hull(points: Floats, values: Floats) -> Ints:
    """Indices of the vertices of the upper hull of points on a line, from left to right.

    Args:
        points: [points] places on the line, in any order; of several at one place the highest counts.
        values: [points] heights.

    Returns:
        Vertices, including both ends; points on a straight piece are left out.
    """
    order = np.lexsort((-values, points))
    hull: list[int] = []
    for index in order:
        i = int(index)
        if hull and points[i] == points[hull[-1]]:
            continue
        while len(hull) >= 2 and _below(points, values, hull[-2], hull[-1], i):
            hull.pop()
        hull.append(i)
    return np.asarray(hull, dtype=np.int32)


def envelope_along(points: Floats, values: Floats, at: Floats) -> Floats:
    """[at] height of the upper hull of points on a line at each place of `at`."""
    hull = upper_hull(points, values)
    return np.interp(at, points[hull], values[hull])


def _below(points: Floats, values: Floats, left: int, middle: int, right: int) -> bool:
    rise = (values[right] - values[left]) * (points[middle] - points[left])
    return bool((values[middle] - values[left]) * (points[right] - points[left]) <= rise)


def _envelope_two(points: Floats, values: Floats, prior: float, tolerance: float) -> Envelope:
    """All chords over the prior at once: the best of them is the envelope."""
    best_chord = load_kernel("kernel_envelope", "best_chord")
    answer = np.zeros(4)
    best_chord(np.array(points, dtype=np.float64), np.array(values, dtype=np.float64), prior, tolerance, answer)
    height, first, second, share = answer.tolist()
    if second < 0:
        return Envelope(height, np.array([first], dtype=np.int32), np.ones(1))
    return Envelope(height, np.array([first, second], dtype=np.int32), np.array([1.0 - share, share]))


def _envelope_hull(beliefs: Floats, values: Floats, prior: Floats, tolerance: float) -> Envelope:
    """The linear program: maximize the mean value over splits whose mean is the prior."""
    from scipy.optimize import linprog

    usable = np.flatnonzero(~np.isnan(values))
    here = usable[np.all(beliefs[usable] == prior, axis=1)]
    found = linprog(
        -values[usable],
        A_eq=np.vstack([beliefs[usable].T, np.ones(len(usable))]),
        b_eq=np.append(prior, 1.0),
        bounds=(0, None),
        method="highs-ds",
    )
    if not found.success:  # pragma: no cover - the corners of the simplex make the program feasible
        raise ArithmeticError(f"the concave envelope could not be computed: {found.message}")
    weights = np.asarray(found.x)
    best = float(values[usable] @ weights)
    if len(here) and values[here[0]] >= best - tolerance:
        return Envelope(float(values[here[0]]), here[:1].astype(np.int32), np.ones(1))
    kept = np.flatnonzero(weights > 1e-12)
    return Envelope(best, usable[kept].astype(np.int32), weights[kept] / weights[kept].sum())
