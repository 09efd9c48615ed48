"""What can be wrong with an expression, and where in its text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.errors import DetenteError


@dataclass(frozen=True)
class Problem:
    """One finding about an expression.

    Attributes:
        code: A key of ``EXPRESSION_CODES``.
        message: What is wrong, naming the offending text.
        offset: First offending character, counted from 0 in the text of the expression.
        length: Number of characters concerned, at least 1.
        hint: The way out; empty if the message says it all.
        severity: ``error`` or ``warning``.
        path: For a condition written as a mapping: the key, or the key and the position of the label.
    """

    code: str
    message: str
    offset: int = 0
    length: int = 1
    hint: str = ""
    severity: Literal["error", "warning"] = "error"
    path: tuple[str | int, ...] = ()


class ExpressionError(DetenteError):
    """An expression is wrong. Whoever knows the file turns it into a diagnostic."""

    def __init__(self, problem: Problem):
        self.problem = problem
        super().__init__(f"{problem.code} {problem.message}" + (f" {problem.hint}" if problem.hint else ""))

    @property
    def code(self) -> str:
        """Stable code, a key of ``EXPRESSION_CODES``."""
        return self.problem.code

    @property
    def message(self) -> str:
        """What is wrong."""
        return self.problem.message

    @property
    def offset(self) -> int:
        """First offending character, counted from 0."""
        return self.problem.offset

    @property
    def length(self) -> int:
        """Number of characters concerned."""
        return self.problem.length

    @property
    def hint(self) -> str:
        """The way out."""
        return self.problem.hint


def fail(code: str, message: str, offset: int = 0, length: int = 1, hint: str = "") -> ExpressionError:
    """The exception for one error, ready to be raised."""
    return ExpressionError(Problem(code, message, offset, max(1, length), hint))
