"""A second process that evaluates every other batch of worlds: most of the work between solves is Python's.

The partner is this program again, fed with worlds through a pipe. A world comes out the same in either process, and a
partner that cannot be started or is lost costs time only: its batches are evaluated here.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from detente.axes import Floats, Ints
from detente.solvers import kernels_are_compiled
from detente.study.games import SolveOptions, Tally
from detente.study.panel import Panel, evaluate
from detente.study.watch import Halted, Unwatched, Watch
from detente.study.worlds import Worlds, rows_of

Batch = tuple[Floats, Ints | None]
"""Worlds, and the lines they lie on (see `evaluate`)."""

ENOUGH = 500_000
"""Nodes times worlds from which a second process pays for its start."""

_COMMAND = "from detente.study.partner import serve; serve()"


class Partner:
    """The other process. One batch at a time; every failure looks like `None`."""

    def __init__(self, process: subprocess.Popen[bytes], task: Any):
        self._process = process
        # The task is larger than a pipe holds, so whoever writes it waits until the other side has started.
        self._introduction = threading.Thread(target=self._send, args=(task,), daemon=True)
        self._introduction.start()

    @classmethod
    def start(cls, worlds: Worlds, count: int, threads: int | None) -> Partner | None:
        """A partner for many worlds, or None where it would not pay or cannot be had.

        Args:
            worlds: Compiled postures.
            count: About how many worlds are going to be evaluated.
            threads: Threads asked for; one thread means one process.
        """
        nodes = sum(worlds.game(posture).compiled.shape.num_nodes for posture in worlds.postures)
        if threads == 1 or (os.cpu_count() or 1) < 2 or nodes * count < ENOUGH or not kernels_are_compiled():
            return None
        try:
            process = subprocess.Popen(
                [sys.executable, "-c", _COMMAND],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError:
            return None
        return cls(process, (worlds.case, [posture.name for posture in worlds.postures], worlds.limit))

    def evaluate(self, batch: Batch) -> tuple[Panel, Tally] | None:
        """One batch with its certificates; None if the partner is lost."""
        self._introduction.join()
        if not self._send(batch):
            return None
        try:
            return pickle.load(self._process.stdout)  # type: ignore[arg-type]
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):
            return None

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        self._introduction.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _send(self, message: Any) -> bool:
        try:
            pickle.dump(message, self._process.stdin)  # type: ignore[arg-type]
            self._process.stdin.flush()  # type: ignore[union-attr]
        except (OSError, ValueError):
            return False
        return True


def serve() -> None:
    """The partner's side: read a case, then batches of worlds until there are no more."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    case, names, limit = pickle.load(source)
    worlds = Worlds(case, names, SolveOptions(threads=1), limit)
    while True:
        try:
            theta, lines = pickle.load(source)
        except EOFError:
            return
        worlds.tally = Tally()
        panel = evaluate(worlds, theta, Unwatched(), lines)
        pickle.dump((panel, worlds.tally), sink)
        sink.flush()


class _Queue:
    """Batches that wait, handed out in order to whoever is free."""

    def __init__(self, count: int, watch: Watch):
        self._left = list(range(count))[::-1]
        self._watch = watch
        self._lock = threading.Lock()

    def following(self) -> int | None:
        """The next batch; None if there is none, or if the work is to stop."""
        with self._lock:
            return self._left.pop() if self._left and not self._watch.stopped else None

    def give_back(self, number: int) -> None:
        """A batch that was not finished."""
        with self._lock:
            self._left.append(number)


def evaluate_each(
    worlds: Worlds,
    batches: Sequence[Batch],
    watch: Watch,
    partner: Partner | None,
    tell: Callable[[int], None] = lambda done: None,
) -> list[Panel]:
    """Every posture in every batch, shared with the partner if there is one.

    Args:
        worlds: The postures.
        batches: The worlds.
        watch: May stop the work.
        partner: The second process.
        tell: Told how many batches are done.

    Returns:
        One panel per batch, in order; if stopped, those before the first that was not finished.
    """
    found: dict[int, Panel] = {}
    queue = _Queue(len(batches), watch)
    counted: list[Tally] = []

    def elsewhere(other: Partner) -> None:
        while (number := queue.following()) is not None:
            answer = other.evaluate(batches[number])
            if answer is None:
                queue.give_back(number)
                return
            found[number] = answer[0]
            counted.append(answer[1])

    def here() -> None:
        while (number := queue.following()) is not None:
            theta, lines = batches[number]
            found[number] = evaluate(worlds, theta, watch, lines)
            tell(len(found))

    helper = None
    if partner is not None and len(batches) > 1:
        helper = threading.Thread(target=elsewhere, args=(partner,), daemon=True)
        helper.start()
    with suppress(Halted):
        here()
        while helper is not None and helper.is_alive() and not watch.stopped:
            helper.join(0.05)
        here()  # what a lost partner gave back
    for tally in counted:
        worlds.tally.join(tally)
    done = next((k for k in range(len(batches)) if k not in found), len(batches))
    return [found[k] for k in range(done)]


def evaluate_all(
    worlds: Worlds, theta: Floats, watch: Watch, stage: str, size: int, partner: Partner | None = None
) -> Panel | None:
    """Every posture in all worlds, batch by batch; what was finished if stopped, None if nothing was."""
    rows = rows_of(len(theta), size)
    watch(stage, 0, len(theta))
    panels = evaluate_each(
        worlds,
        [(theta[part], None) for part in rows],
        watch,
        partner,
        lambda done: watch(stage, min(done * size, len(theta)), len(theta)),
    )
    watch(stage, sum(len(panel.spread) for panel in panels), len(theta))
    return Panel.joined(panels) if panels else None
