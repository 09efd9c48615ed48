"""A second process that evaluates every other batch of worlds: most of the work between solves is Python's.

The partner is this program again, fed with worlds through a pipe. A world comes out the same in either process, and a
partner that cannot be started or is lost costs time only: its batches are evaluated here.
"""

from __future__ import annotations

import pickle
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from detente.axes import Floats, Ints
from detente.second import Second, end_second, start_second
from detente.solvers import kernels_are_compiled, load_kernels
from detente.study.games import SolveOptions, Tally
from detente.study.panel import Panel, evaluate
from detente.study.watch import Halted, Unwatched, Watch
from detente.study.worlds import Worlds, rows_of

Batch = tuple[Floats, Ints | None]
"""Worlds, and the lines they lie on (see `evaluate`)."""

ENOUGH = 300_000
"""Nodes times worlds from which a second process pays for its start."""


class Partner:
    """The other process. One batch at a time; every failure looks like `None`."""

    def __init__(self, process: Second, task: Any):
        self._process = process
        # The task is larger than a pipe holds, so whoever writes it waits until the other side has started. It is
        # put in bytes here and now: what it is made of remembers things while the work goes on.
        written = pickle.dumps(task)
        self._introduction = threading.Thread(target=self._write, args=(written,), daemon=True)
        self._introduction.start()

    @classmethod
    def start(cls, worlds: Worlds, count: int, threads: int | None, second: Second | None = None) -> Partner | None:
        """A partner for many worlds, or None where it would not pay or cannot be had.

        Args:
            worlds: Compiled postures.
            count: About how many worlds are going to be evaluated.
            threads: Threads asked for; one thread means one process.
            second: A process that was started for this already; it is the partner's if there is one.
        """
        nodes = sum(worlds.game(posture).compiled.shape.num_nodes for posture in worlds.postures)
        if threads == 1 or nodes * count < ENOUGH or not kernels_are_compiled():
            return None
        process = second or start_second(threads)
        if process is None:
            return None
        return cls(process, (worlds.case, [posture.name for posture in worlds.postures], worlds.limit, worlds.given))

    def evaluate(self, batch: Batch, ranking: bool = False) -> tuple[Panel, Tally] | None:
        """One batch with its certificates; None if the partner is lost."""
        self._introduction.join()
        if not self._send((*batch, ranking)):
            return None
        try:
            return pickle.load(self._process.stdout)  # type: ignore[arg-type]
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):
            return None

    def close(self) -> None:
        """End the process."""
        end_second(self._process)
        self._introduction.join()

    def _send(self, message: Any) -> bool:
        return self._write(pickle.dumps(message))

    def _write(self, written: bytes) -> bool:
        try:
            self._process.stdin.write(written)  # type: ignore[union-attr]
            self._process.stdin.flush()  # type: ignore[union-attr]
        except (OSError, ValueError):
            return False
        return True


def serve() -> None:
    """The partner's side: read a case, then batches of worlds until there are no more."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    load_kernels()  # while nobody waits for an answer
    case, names, limit, given = pickle.load(source)
    worlds = Worlds(case, names, SolveOptions(threads=1), limit, given=given)
    while True:
        try:
            theta, lines, ranking = pickle.load(source)
        except EOFError:
            return
        worlds.tally = Tally()
        panel = evaluate(worlds, theta, Unwatched(), lines, ranking)
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


class Running:
    """Every posture in every batch: the partner starts at once, `finish` works on what is left.

    Args:
        worlds: The postures.
        batches: The worlds.
        watch: May stop the work.
        partner: The second process, if there is one.
        ranking: See `evaluate`.
    """

    def __init__(
        self, worlds: Worlds, batches: Sequence[Batch], watch: Watch, partner: Partner | None, ranking: bool = False
    ):
        self._ranking = ranking
        self._worlds, self._batches, self._watch = worlds, batches, watch
        self._found: dict[int, Panel] = {}
        self._counted: list[Tally] = []
        self._queue = _Queue(len(batches), watch)
        self._helper: threading.Thread | None = None
        if partner is not None and len(batches) > 1:
            self._helper = threading.Thread(target=self._elsewhere, args=(partner,), daemon=True)
            self._helper.start()

    def finish(self, tell: Callable[[int], None] = lambda done: None) -> list[Panel]:
        """Work until all is done.

        Args:
            tell: Told how many batches are done.

        Returns:
            One panel per batch, in order; if stopped, those before the first that was not finished.
        """
        worlds, helper, options = self._worlds, self._helper, self._worlds.options
        if helper is not None:
            worlds.options = replace(options, threads=1)  # the other cores are the partner's
        try:
            self._here(tell)
            while helper is not None and helper.is_alive() and not self._watch.stopped:
                helper.join(0.05)
            self._here(tell)  # what a lost partner gave back
        except Halted:
            pass
        finally:
            worlds.options = options
        for tally in self._counted:
            worlds.tally.join(tally)
        done = next((k for k in range(len(self._batches)) if k not in self._found), len(self._batches))
        return [self._found[k] for k in range(done)]

    def _elsewhere(self, other: Partner) -> None:
        while (number := self._queue.following()) is not None:
            answer = other.evaluate(self._batches[number], self._ranking)
            if answer is None:
                self._queue.give_back(number)
                return
            self._found[number] = answer[0]
            self._counted.append(answer[1])

    def _here(self, tell: Callable[[int], None]) -> None:
        while (number := self._queue.following()) is not None:
            theta, lines = self._batches[number]
            self._found[number] = evaluate(self._worlds, theta, self._watch, lines, self._ranking)
            tell(len(self._found))


def evaluate_each(
    worlds: Worlds,
    batches: Sequence[Batch],
    watch: Watch,
    partner: Partner | None,
    tell: Callable[[int], None] = lambda done: None,
    ranking: bool = False,
) -> list[Panel]:
    """Every posture in every batch, shared with the partner if there is one; see `Running`."""
    return Running(worlds, batches, watch, partner, ranking).finish(tell)


class RunningWorlds:
    """Every posture in all worlds, in batches; the partner starts at once.

    Args:
        worlds: The postures.
        theta: [draws, params] the worlds.
        watch: May stop the work.
        size: Worlds per batch.
        partner: The second process, if there is one.
    """

    def __init__(self, worlds: Worlds, theta: Floats, watch: Watch, size: int, partner: Partner | None):
        self._total, self._size, self._watch = len(theta), size, watch
        batches: list[Batch] = [(theta[part], None) for part in rows_of(len(theta), size)]
        self._running = Running(worlds, batches, watch, partner)

    def finish(self, stage: str) -> Panel | None:
        """All of them; what was finished if stopped, None if nothing was. `stage` is what the watch is told."""
        watch, total, size = self._watch, self._total, self._size
        watch(stage, 0, total)
        panels = self._running.finish(lambda done: watch(stage, min(done * size, total), total))
        watch(stage, sum(len(panel.spread) for panel in panels), total)
        return Panel.joined(panels) if panels else None
