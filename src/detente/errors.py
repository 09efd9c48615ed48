"""Every exception of Detente.

The tree::

    DetenteError                     anything a user can be told about and can act on
    ├── CaseError                    a case file is wrong; carries its diagnostics
    │   ├── GameFileError            a game file (.efg, .nfg) is wrong
    │   ├── TableError               a table (.csv, .xlsx) of evidence is wrong
    │   └── SizeError                a case or game file stands for a game above the size limit
    ├── RequestError                 a question cannot be asked of this case (no such posture, bad setting)
    ├── UnsupportedError             legal, but not available in this version
    └── Interrupted                  the user stopped the work; carries what was done so far
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Diagnostic:
    """One finding about a case file.

    Attributes:
        code: Stable code, a letter and three digits such as ``C012``; listed in the docs.
        severity: ``error`` stops the work, ``warning`` does not.
        message: What is wrong, naming the offending value.
        file: Name of the file as the user gave it.
        line: Line, counted from 1.
        column: Column, counted from 1.
        length: Number of characters to underline, at least 1.
        source: Text of the offending line, without its line end; empty if unknown.
        hint: The way out: legal names, a suggestion, the change to make.
    """

    code: str
    severity: Severity
    message: str
    file: str = "<case>"
    line: int = 1
    column: int = 1
    length: int = 1
    source: str = ""
    hint: str = ""

    def render(self) -> str:
        """The finding as text: place and message, the line with carets, the hint."""
        lines = [f"{self.file}:{self.line}:{self.column}: {self.code} {self.severity}: {self.message}"]
        if self.source:
            start = max(0, self.column - 60)
            shown = self.source[start : start + 110]
            lines.append(f"    {shown}")
            width = max(1, min(self.length, len(shown) - (self.column - 1 - start)))
            lines.append("    " + " " * (self.column - 1 - start) + "^" * width)
        if self.hint:
            lines.append(self.hint)
        return "\n".join(lines)


class DetenteError(Exception):
    """Base of every error that a user can act on. The command line prints it and exits with 2."""


class CaseError(DetenteError):
    """A case file is wrong. Carries every finding, errors first."""

    def __init__(self, diagnostics: list[Diagnostic]):
        self.diagnostics = diagnostics
        super().__init__("\n\n".join(item.render() for item in diagnostics))


class GameFileError(CaseError):
    """A game file (``.efg``, ``.nfg``) is wrong, or holds a game that cannot be solved. Carries the finding."""


class TableError(CaseError):
    """A table of evidence (``.csv``, ``.xlsx``) is wrong. Lines and columns of its findings are rows and columns."""


class SizeError(CaseError):
    """A case or game file stands for a game larger than the limit. Carries the estimate in its diagnostic."""


class RequestError(DetenteError):
    """A question that cannot be asked of this case: an unknown posture, decision or setting."""


class UnsupportedError(DetenteError):
    """Legal in the language, but this version cannot do it."""


class Interrupted(DetenteError):
    """The user stopped the work. `done` holds what was finished, or None."""

    def __init__(self, message: str, done: Any = None):
        self.done = done
        super().__init__(message)
