"""Asking a question that takes a while: progress, Ctrl-C, printing the answer, timings."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

import typer

from detente.app import Job, setting, writable, write_text

Answer = TypeVar("Answer")

SECONDS_BETWEEN_LINES = 10.0
INTERRUPTED = 130


def ask(
    question: Callable[[Job], Answer], time_budget: float | None = None, output: Path | None = None
) -> tuple[Answer, Job]:
    """Put a question, showing how far it is. The first Ctrl-C asks for the answer so far, a second one leaves.

    Args:
        question: What to ask.
        time_budget: Seconds after which the answer so far is asked for.
        output: Where the answer will be written; it is made sure first that it can be.

    Returns:
        The answer, and the job that knows its timings and whether it was stopped.
    """
    if output is not None:
        writable(output)
    time_budget = setting("time_budget").check(time_budget)
    with _progress() as listener:
        job = Job(time_budget, listener)
        with _stopping(job):
            answer = question(job)
    return answer, job


@contextmanager
def _stopping(job: Job) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        if job.stopped_by_user:
            raise KeyboardInterrupt
        job.stop()
        typer.echo("\nStopping; the answer so far follows. Press Ctrl-C again to leave at once.", err=True)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    if not sys.stderr.isatty():
        yield _SparseLines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show


class _SparseLines:
    """Progress for a log file: a line when a stage begins, and then one every ten seconds."""

    def __init__(self) -> None:
        self._stage = ""
        self._last = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage == self._stage and now - self._last < SECONDS_BETWEEN_LINES:
            return
        self._stage, self._last = stage, now
        typer.echo(f"{stage}: {done:,} of {total:,}" if done else stage, err=True)


def deliver(
    text: Callable[[int, bool], str], data: Callable[[], dict[str, Any]], as_json: bool, output: Path | None
) -> None:
    """Print an answer, or write it to a file.

    Args:
        text: Makes the text for a width in columns, with or without terminal codes.
        data: Makes the JSON.
        as_json: Whether JSON was asked for.
        output: File to write to; a name that ends in ``.json`` asks for JSON too.
    """
    as_json = as_json or (output is not None and output.suffix == ".json")
    content = dump(data()) + "\n" if as_json else text(columns(), output is None and color())
    if output is None:
        typer.echo(content, nl=False)
        return
    write_text(output, content)
    typer.echo(f"Wrote {output}", err=True)


def finish(job: Job, output: Path | None = None) -> None:
    """Tell how long it took, and end with status 130 if a person stopped the work.

    Timings go to standard error and beside the output file, never into the answer: its bytes are repeatable.
    """
    timings = job.timings()
    parts = [f"{stage} {seconds:.1f}" for stage, seconds in timings.items() if stage != "total"]
    typer.echo(f"Took {timings['total']:.1f} s" + (f" ({', '.join(parts)})" if parts else ""), err=True)
    if output is not None:
        write_text(output.with_name(output.name + ".timings.json"), dump({"seconds": timings}) + "\n")
    if job.stopped_by_user:
        raise typer.Exit(INTERRUPTED)


def dump(data: dict[str, Any]) -> str:
    """JSON as every command prints it: indented, in the order of the documentation, no NaN."""
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)


def columns() -> int:
    """Width to print for: the terminal's, between 60 and 120 columns; 100 where there is none."""
    return max(60, min(120, shutil.get_terminal_size((100, 24)).columns))


def color(error_stream: bool = False) -> bool:
    """Whether the terminal may be sent codes for bold and the like."""
    stream = sys.stderr if error_stream else sys.stdout
    return stream.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
