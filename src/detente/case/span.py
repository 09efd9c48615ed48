"""A place in a case file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """A stretch of one line.

    Attributes:
        line: Line, counted from 1.
        column: Column, counted from 1.
        length: Number of characters, at least 1.
    """

    line: int = 1
    column: int = 1
    length: int = 1
