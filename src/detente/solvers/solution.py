"""What a solver hands back: an assessment and a status in words. It never judges itself."""

from __future__ import annotations

import enum
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.axes import Floats, Ints
from detente.game import Assessment


class Status(enum.IntEnum):
    """How a solve ended. The value is stored per draw; `sentence` says it to a person."""

    converged = 0
    max_steps = 1
    stalled = 2
    not_finite = 3
    no_support = 4
    cancelled = 5
    out_of_time = 6

    @property
    def sentence(self) -> str:
        """The status in one sentence."""
        return _SENTENCES[self]


_SENTENCES = {
    Status.converged: "The solver reached its own target.",
    Status.max_steps: "Stopped at the largest number of steps before the end of the branch.",
    Status.stalled: "The branch could not be followed further: the step became too small.",
    Status.not_finite: "A payoff, probability or value was not a finite number.",
    Status.no_support: "The branch was followed to its end, but no profile on its support met the target.",
    Status.cancelled: "Stopped on request before this draw was solved.",
    Status.out_of_time: "The time budget was spent before this draw was solved.",
}


@dataclass(frozen=True, eq=False)
class BatchSolution:
    """Answers of one solver for a batch of draws of one game.

    Attributes:
        assessment: Strategies, beliefs and, from solvers that have one, a witness for the beliefs.
        status: [draws] a `Status` each.
        steps: [draws] steps taken.
        precision: [draws] logit precision at which the branch was left (payoffs scaled to range 1);
            infinity for solvers without one.
    """

    assessment: Assessment
    status: NDArray[np.int8]
    steps: Ints
    precision: Floats

    def take(self, rows: Ints | slice) -> BatchSolution:
        """The same answers for some of the draws."""
        return BatchSolution(self.assessment.take(rows), self.status[rows], self.steps[rows], self.precision[rows])

    def statuses(self) -> dict[str, int]:
        """Number of draws that ended with each status, by name."""
        found, counts = np.unique(self.status, return_counts=True)
        return {Status(int(code)).name: int(count) for code, count in zip(found, counts, strict=True)}
