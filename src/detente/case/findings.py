"""Collecting findings about a case file, with the line each of them points at."""

from __future__ import annotations

from detente.case.span import Span
from detente.errors import Diagnostic, Severity

MOST_SHOWN = 25
MOST_ERRORS = 100
MOST_WARNINGS = 200
LONGEST_QUOTE = 60


def quoted(text: str) -> str:
    """The text in quotes, on one line, cut if it is long."""
    flat = " ".join(text.split())
    if len(flat) > LONGEST_QUOTE:
        flat = flat[: LONGEST_QUOTE - 3] + "..."
    return f"'{flat}'"


class Enough(Exception):
    """So many errors have been found that looking for more helps nobody. Caught by the loader."""


class Findings:
    """Errors and warnings about one file, in the order they were found.

    Args:
        file: Name of the file as the user gave it.
        text: Its text, for the lines shown.
    """

    def __init__(self, file: str, text: str):
        self.file = file
        self._lines = text.split("\n")
        self._found: list[Diagnostic] = []
        self._seen: set[tuple[str, int, int, str]] = set()
        self._counts: dict[Severity, int] = {"error": 0, "warning": 0}

    def error(self, code: str, message: str, span: Span, hint: str = "") -> None:
        """Note an error.

        Raises:
            Enough: There are a hundred errors already.
        """
        self._add(code, "error", message, span, hint)

    def warning(self, code: str, message: str, span: Span, hint: str = "") -> None:
        """Note a warning."""
        self._add(code, "warning", message, span, hint)

    def _add(self, code: str, severity: Severity, message: str, span: Span, hint: str) -> None:
        key = (code, span.line, span.column, message)
        if key in self._seen or (severity == "warning" and self._counts["warning"] >= MOST_WARNINGS):
            return
        self._seen.add(key)
        self._counts[severity] += 1
        source = self._lines[span.line - 1].rstrip("\r") if 0 < span.line <= len(self._lines) else ""
        self._found.append(
            Diagnostic(code, severity, message, self.file, span.line, span.column, max(1, span.length), source, hint)
        )
        if self._counts["error"] >= MOST_ERRORS:
            raise Enough

    @property
    def count(self) -> int:
        """Number of errors so far."""
        return self._counts["error"]

    @property
    def failed(self) -> bool:
        """Whether an error was found."""
        return self._counts["error"] > 0

    @property
    def errors(self) -> list[Diagnostic]:
        """The errors in file order, at most 25; the last says how many are not shown."""
        return _shown([item for item in self._found if item.severity == "error"], "errors")

    @property
    def warnings(self) -> list[Diagnostic]:
        """The warnings in file order, at most 25; the last says how many are not shown."""
        return _shown([item for item in self._found if item.severity == "warning"], "warnings")


def _shown(found: list[Diagnostic], what: str) -> list[Diagnostic]:
    ordered = sorted(found, key=lambda item: (item.line, item.column))
    if len(ordered) <= MOST_SHOWN:
        return ordered
    shown = ordered[:MOST_SHOWN]
    last = shown[-1]
    more = f"{len(ordered) - MOST_SHOWN} more {what} are not shown; they may follow from these."
    hint = f"{last.hint}\n{more}" if last.hint else more
    shown[-1] = Diagnostic(
        last.code, last.severity, last.message, last.file, last.line, last.column, last.length, last.source, hint
    )
    return shown
