"""When to stop and whom to tell: a time budget, a stop request and progress as one small object.

Solvers poll it between pieces of work; a compiled kernel that works on one long piece reads `flag`, which
`watching` sets from another thread. What is finished by then is kept, the rest gets a status in words.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from detente.errors import RequestError
from detente.solvers.solution import Status

Progress = Callable[[int, int], None]
"""Told how much is done, and how much there is."""

POLL_SECONDS = 0.05


class Budget:
    """Whether a solver may go on. Calling it answers "stop now?", so it can be passed wherever `stop` is asked for.

    Once it has said stop it stays at that. The clock starts when it is made.

    Args:
        seconds: Time there is; None for no limit.
        stop: Asked as well; True ends the work. May be another `Budget`.
        progress: Told how much is done and how much there is.

    Raises:
        RequestError: If the time is not a positive number of seconds.
    """

    def __init__(
        self,
        seconds: float | None = None,
        stop: Callable[[], bool] | None = None,
        progress: Progress | None = None,
    ):
        if seconds is not None and not seconds > 0:
            raise RequestError(
                f"a time budget of {seconds} s leaves no time to solve anything; give a positive number of seconds, "
                "or None for no limit"
            )
        self._deadline = None if seconds is None else time.monotonic() + seconds
        self._stop = stop
        self._progress = progress
        self._reason: Status | None = None
        self._lock = threading.Lock()
        self.flag: NDArray[np.uint8] = np.zeros(1, dtype=np.uint8)

    @classmethod
    def of(cls, time_budget: float | None, stop: Callable[[], bool] | None) -> Budget:
        """The budget for a call: the caller's own where that is one and no time is set, else a new one around it."""
        if time_budget is None and isinstance(stop, Budget):
            return stop
        return cls(time_budget, stop, stop.tell if isinstance(stop, Budget) else None)

    def __call__(self) -> bool:
        """Whether to stop now."""
        if self._reason is not None:
            return True
        if self._stop is not None and self._stop():
            inner = self._stop.reason if isinstance(self._stop, Budget) else Status.cancelled
            self._end(inner or Status.cancelled)
        elif self._deadline is not None and time.monotonic() >= self._deadline:
            self._end(Status.out_of_time)
        return self._reason is not None

    @property
    def reason(self) -> Status | None:
        """`cancelled` or `out_of_time` once it has said stop, else None."""
        return self._reason

    @property
    def left(self) -> float:
        """Seconds left, infinity without a limit."""
        own = np.inf if self._deadline is None else self._deadline - time.monotonic()
        outer = self._stop.left if isinstance(self._stop, Budget) else np.inf
        return max(0.0, min(own, outer))

    def tell(self, done: int, total: int) -> None:
        """Report progress to whoever asked for it."""
        if self._progress is not None:
            self._progress(done, total)

    def mark(self, status: NDArray[np.int8]) -> None:
        """Write why draws were not solved over their `cancelled`, in place."""
        if self._reason is not None:
            status[status == Status.cancelled] = self._reason

    @contextmanager
    def watching(self) -> Generator[NDArray[np.uint8], None, None]:
        """Keep `flag` up to date from another thread meanwhile, for kernels that poll nothing else."""
        if self._deadline is None and self._stop is None:
            yield self.flag
            return
        over = threading.Event()

        def watch() -> None:
            while not over.is_set() and not self():
                over.wait(min(POLL_SECONDS, max(1e-3, self.left)))

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield self.flag
        finally:
            over.set()
            watcher.join()

    def _end(self, reason: Status) -> None:
        with self._lock:
            if self._reason is None:
                self._reason = reason
                self.flag[0] = 1
