"""Compiled search for the best chord over a belief: the concave envelope at one point of a line."""

from __future__ import annotations

import numpy as np

from detente.solvers.kernel_jit import kernel


@kernel
def best_chord(points, values, prior, tolerance, answer):  # pragma: no cover - compiled
    """The best mean value of two points around `prior`, or of one at it where that is as good.

    `answer` receives the height, the numbers of the two points, of which the second is -1 where one is enough,
    and the weight of the second. Values this close (`tolerance`) count as equal for a single point; of
    several chords within a thousandth of it of the best the first is taken. Values that are NaN are left out.
    """
    count = points.shape[0]
    answer[0] = -np.inf
    for near in (False, True):  # the best first, then the first as good
        best = answer[0]
        if near:
            for i in range(count):
                if points[i] == prior and values[i] >= best - tolerance:
                    answer[0], answer[1], answer[2], answer[3] = values[i], i, -1.0, 0.0
                    return
        for i in range(count):
            if not (points[i] <= prior and values[i] == values[i]):
                continue
            for j in range(count):
                if not (points[j] >= prior and values[j] == values[j]):
                    continue
                gap = points[j] - points[i]
                share = (prior - points[i]) / gap if gap > 0.0 else 0.0
                height = (1.0 - share) * values[i] + share * values[j]
                if near and height >= best - tolerance * 1e-3:
                    answer[0], answer[1], answer[2], answer[3] = height, i, j, share
                    return
                if not near and height > answer[0]:
                    answer[0] = height
