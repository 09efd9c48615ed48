"""From weights to probabilities: non-negative weights, normalized, and exact as binary fractions.

Every probability is a multiple of 2**-50 and the branches of a node sum to one exactly, so the
game that is solved is, to the last digit, the game that is exported.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.axes import Floats
from detente.case import Case, Weight, array_function, parameters
from detente.errors import RequestError

UNITS = 2.0**50
"""Probabilities are whole numbers of 1 / UNITS."""
REST_TOLERANCE = 1e-12


@dataclass(frozen=True)
class WeightRow:
    """One list of weights, such as a prior or a row of an event's table.

    Attributes:
        name: What it belongs to, for messages.
        labels: What each weight is for.
        weights: Expressions over parameters; None is `rest`.
    """

    name: str
    labels: tuple[str, ...]
    weights: tuple[Weight, ...]

    def shares(self, case: Case, theta: Floats) -> Floats:
        """[draws, labels] the weights, normalized.

        Raises:
            RequestError: A weight is negative or not finite, or none is positive.
        """
        values = np.empty((len(theta), len(self.weights)))
        for column, weight in enumerate(self.weights):
            if weight is not None:
                values[:, column] = array_function(weight, case.parameter_names)(theta)
        rest = [column for column, weight in enumerate(self.weights) if weight is None]
        with np.errstate(invalid="ignore", over="ignore"):
            for column in rest:
                left = 1.0 - np.delete(values, rest, axis=1).sum(axis=1)
                left[np.abs(left) <= REST_TOLERANCE] = 0.0
                values[:, column] = left
            total = values.sum(axis=1)
            wrong = ~((values >= 0.0).all(axis=1) & (total > 0.0) & np.isfinite(total))
        if wrong.any():
            raise self._error(case, theta, values, int(np.flatnonzero(wrong)[0]))
        return values / total[:, np.newaxis]

    def _error(self, case: Case, theta: Floats, values: Floats, draw: int) -> RequestError:
        used = frozenset[str]().union(*(parameters(weight) for weight in self.weights if weight is not None))
        told = ", ".join(f"{label} {value:.6g}" for label, value in zip(self.labels, values[draw], strict=True))
        at = ", ".join(f"{name} = {theta[draw, case.parameter_index(name)]:.6g}" for name in sorted(used))
        return RequestError(
            f"the weights of {self.name} are not a distribution: {told}"
            + (f", at {at}" if at else "")
            + ". Weights must not be negative, and one must be positive; `rest` is one minus the others."
        )


def exact(shares: Floats) -> Floats:
    """Round distributions to multiples of 2**-50 that sum to one exactly; what is positive stays so.

    Args:
        shares: [draws, branches] rows that sum to one up to rounding.
    """
    units = np.rint(shares * UNITS)
    units[(units == 0.0) & (shares > 0.0)] = 1.0
    largest = units.argmax(axis=1)
    units[np.arange(len(units)), largest] += UNITS - units.sum(axis=1)
    return units / UNITS
