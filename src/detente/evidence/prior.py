"""What was thought of the types before any evidence: a distribution, and a range for each type's probability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.axes import Floats
from detente.errors import RequestError
from detente.evidence.streams import Streams

_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Prior:
    """A distribution over types and the set of distributions around it.

    The set holds every distribution whose probabilities lie inside the ranges.

    Attributes:
        types: Labels of the types.
        point: [types] probabilities that sum to 1.
        low: [types] lower ends.
        high: [types] upper ends.
    """

    types: tuple[str, ...]
    point: Floats
    low: Floats
    high: Floats

    @classmethod
    def of(cls, given: Mapping[str, float | Sequence[float]] | Sequence[str]) -> Prior:
        """A prior from numbers and ranges, or an even one from labels alone.

        Args:
            given: Label -> a probability, a pair (low, high), or a triple (low, point, high); or a list of labels.
                Where there are pairs, the point is the nearest distribution to the middles inside the ranges.

        Raises:
            RequestError: A number is not a probability, or no distribution lies inside the ranges.
        """
        if not isinstance(given, Mapping):
            given = {label: 1.0 / len(given) for label in given}
        rows = np.array([_three(label, value) for label, value in given.items()], dtype=np.float64).reshape(-1, 3)
        low, middle, high = rows[:, 0], rows[:, 1], rows[:, 2]
        if not len(rows) or low.sum() > 1 + _ROUNDING or high.sum() < 1 - _ROUNDING:
            raise RequestError(
                f"no distribution over {list(given)} lies inside the given priors: their lower ends sum to "
                f"{low.sum():.6g} and their upper ends to {high.sum():.6g}, with 1 not in between"
            )
        return cls(tuple(given), nearest_distribution(middle, low, high), low, high)

    def draw(self, seed: int, start: int, stop: int) -> Floats:
        """[draws, types] distributions inside the ranges; draw i depends on (seed, i) alone.

        Each probability is drawn evenly from its range; then all are moved toward their lower (or upper) ends by the
        same share of the way, so that they sum to 1.
        """
        share = Streams(seed).rows("prior", start, stop, len(self.types))
        drawn = self.low + (self.high - self.low) * share
        total = drawn.sum(axis=1, keepdims=True)
        end = np.where(total > 1.0, self.low, self.high)
        room = np.abs(total - end.sum(axis=1, keepdims=True))
        way = np.divide(np.abs(total - 1.0), room, out=np.zeros_like(room), where=room > 0)
        return drawn + np.minimum(way, 1.0) * (end - drawn)


def nearest_distribution(value: Floats, low: Floats | float = 0.0, high: Floats | float = 1.0) -> Floats:
    """The nearest point in Euclid that sums to 1 along the last axis and lies between `low` and `high`.

    It is ``clip(value + shift, low, high)`` with the one shift at which it sums to 1; the sum is piecewise linear
    in the shift, so the shift is found exactly between two of its kinks.

    Args:
        value: [..., parts] numbers.
        low: Lower ends, broadcast; their sum must not be above 1.
        high: Upper ends, broadcast; their sum must not be below 1.
    """
    value, low, high = (np.asarray(item, dtype=np.float64) for item in np.broadcast_arrays(value, low, high))
    kinks = np.sort(np.concatenate([low - value, high - value], axis=-1), axis=-1)
    totals = np.clip(value[..., None, :] + kinks[..., :, None], low[..., None, :], high[..., None, :]).sum(axis=-1)
    last = kinks.shape[-1] - 1
    right = np.clip((totals < 1.0).sum(axis=-1, keepdims=True), 1, last)
    left = right - 1
    x0, x1 = np.take_along_axis(kinks, left, -1), np.take_along_axis(kinks, right, -1)
    y0, y1 = np.take_along_axis(totals, left, -1), np.take_along_axis(totals, right, -1)
    rise = y1 - y0
    way = np.divide(1.0 - y0, rise, out=np.zeros_like(rise), where=rise > 0)
    return np.clip(value + x0 + np.clip(way, 0.0, 1.0) * (x1 - x0), low, high)


def _three(label: str, value: float | Sequence[float]) -> tuple[float, float, float]:
    ends = [float(value)] if isinstance(value, (int, float)) else [float(end) for end in value]
    if len(ends) == 1:
        ends = ends * 3
    elif len(ends) == 2:
        ends = [ends[0], (ends[0] + ends[1]) / 2, ends[1]]
    if len(ends) != 3 or not 0.0 <= ends[0] <= ends[1] <= ends[2] <= 1.0:
        raise RequestError(
            f"the prior of {label!r} is {value!r}; give a probability, (low, high) or (low, point, high)"
        )
    return ends[0], ends[1], ends[2]
