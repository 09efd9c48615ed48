"""A question while it is being answered: may it go on, how far is it, how long did each stage take."""

from __future__ import annotations

import time
from collections.abc import Callable

Listener = Callable[[str, int, int], None]
"""Told the stage, how much of it is done, and how much there is."""


class Job:
    """Handed to every long question. The question calls it with its progress and stops when told to.

    A job is stopped by a person (`stop`, safe to call from a signal handler) or by its time budget;
    what is finished by then is answered, marked as interrupted.
    """

    def __init__(self, time_budget: float | None = None, listener: Listener | None = None):
        self.stopped_by_user = False
        self._listener = listener
        self._start = time.monotonic()
        self._deadline = None if time_budget is None else self._start + time_budget
        self._stage = ""
        self._stage_start = self._start
        self._timings: dict[str, float] = {}

    def stop(self) -> None:
        """Ask for the answer so far."""
        self.stopped_by_user = True

    @property
    def stopped(self) -> bool:
        """Whether the question should come to an end with what it has."""
        return self.stopped_by_user or self.over_budget

    @property
    def over_budget(self) -> bool:
        """Whether the time budget is spent."""
        return self._deadline is not None and time.monotonic() >= self._deadline

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Tell how far a stage is; a new stage's name closes the one before."""
        if stage != self._stage:
            self._close_stage()
            self._stage = stage
        if self._listener is not None:
            self._listener(stage, done, total)

    def timings(self) -> dict[str, float]:
        """Seconds per stage in the order they began, and the whole under ``total``."""
        self._close_stage()
        return {**self._timings, "total": round(time.monotonic() - self._start, 3)}

    def _close_stage(self) -> None:
        now = time.monotonic()
        if self._stage:
            spent = self._timings.get(self._stage, 0.0) + now - self._stage_start
            self._timings[self._stage] = round(spent, 3)
        self._stage_start = now
