"""How a long question tells how far it is and learns that it should stop."""

from __future__ import annotations

from typing import Protocol


class Watch(Protocol):
    """Handed to every long question by whoever asks it."""

    @property
    def stopped(self) -> bool:
        """Whether to come to an end with what is done so far."""
        ...

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Told the stage, how much of it is done, and how much there is."""
        ...


class Unwatched:
    """Nobody watches: never stops, tells nobody."""

    stopped = False

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Tell nobody."""


class Halted(Exception):
    """Raised inside a stage when the watch says stop; never leaves the study room."""
