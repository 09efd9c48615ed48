"""`detente solve --derivatives`: what moves the answer?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import RequestError

if TYPE_CHECKING:
    from detente.app import Job
    from detente.study import DerivativesAnswer


def refuse_others(asked: bool, why: str | None) -> None:
    """Refuse options that do not go together.

    Args:
        asked: Whether `--derivatives` was given.
        why: What was given as `--why`.

    Raises:
        RequestError: `--of` came without `--derivatives`, or `--why` with it.
    """
    if not asked:
        raise RequestError("--of says what --derivatives is about; add --derivatives")
    if why is not None:
        raise RequestError("--why and --derivatives are different questions; ask them one at a time")


def answer_derivatives(
    question: Callable[[Job], DerivativesAnswer], time_budget: float | None, as_json: bool, output: Path | None
) -> None:
    """Put the question and print the answer."""
    from detente.cli import asking
    from detente.report import render_derivatives

    answer, job = asking.ask(question, time_budget, output)
    asking.deliver(lambda width, color: render_derivatives(answer, width, color=color), answer.to_json, as_json, output)
    asking.finish(job, output)
