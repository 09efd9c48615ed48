"""How good the forecasts were, once the truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from detente.axes import Floats
from detente.errors import RequestError


@dataclass(frozen=True, eq=False)
class Hindsight:
    """Scores of a series of forecasts; lower is better for both.

    Attributes:
        brier: [days] sum over types of the squared error, from 0 (certain and right) to 2 (certain and wrong)
            (Brier 1950).
        log: [days] minus the natural log of the probability given to the truth; infinite where that was 0.
        mean_brier: Mean over days, each forecast weighted by how long it stood.
        mean_log: The same for the log score.
    """

    brier: Floats
    log: Floats
    mean_brier: float
    mean_log: float


def hindsight(forecast: Floats, truth: int, *, days: tuple[date, ...] = (), until: date | None = None) -> Hindsight:
    """Brier and log scores.

    Args:
        forecast: [days, types] probabilities.
        truth: Number of the type that was true.
        days: The day of each forecast, in order; without days every forecast counts the same.
        until: Day before which the last forecast stood; default the day after the last.

    Raises:
        RequestError: There is no such type, or the days do not fit the forecasts.
    """
    forecast = np.atleast_2d(np.asarray(forecast, dtype=np.float64))
    if not 0 <= truth < forecast.shape[1]:
        raise RequestError(f"there is no type number {truth}; there are {forecast.shape[1]}")
    fact = np.zeros(forecast.shape[1])
    fact[truth] = 1.0
    brier = ((forecast - fact) ** 2).sum(axis=1)
    with np.errstate(divide="ignore"):
        log = -np.log(forecast[:, truth])
    stood = _stood(days, until, len(forecast))
    used = stood > 0
    share = stood[used] / stood.sum()
    return Hindsight(brier, log, float(share @ brier[used]), float(share @ log[used]))


def _stood(days: tuple[date, ...], until: date | None, count: int) -> Floats:
    """[days] for how many days each forecast stood."""
    if not days:
        return np.ones(count)
    end = until.toordinal() if until else days[-1].toordinal() + 1
    stood = np.diff([*(day.toordinal() for day in days), end])
    if len(days) != count or (stood < 0).any() or not stood.any():
        raise RequestError(f"{count} forecasts need as many days, in order, that end before the day to score until")
    return stood.astype(np.float64)
