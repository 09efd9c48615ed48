"""The refinements of an equilibrium for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.report.terminal import bullet, heading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from detente.study.refined import RefinementAnswer


def refinement_parts(answers: Sequence[RefinementAnswer]) -> list[RenderableType]:
    """A short block: what passes in one line, what fails or could not be judged in one each.

    Args:
        answers: What each refinement says, weakest first; nothing is printed for none.
    """
    lines = refinement_lines(answers)
    return [heading("Refinements"), *(bullet(line) for line in lines)] if lines else []


def refinement_lines(answers: Sequence[RefinementAnswer]) -> list[str]:
    """The same as plain sentences."""
    lines: list[str] = []
    passed = [item.title for item in answers if item.passed]
    if passed:
        lines.append(f"Passes: {', '.join(passed)}.")
    lines += [f"Fails: {item.title}. {item.why}" for item in answers if item.passed is False]
    lines += [f"Not judged: {item.title}. {item.why}" for item in answers if item.applies and item.passed is None]
    silent = [item for item in answers if not item.applies]
    for why in dict.fromkeys(item.why for item in silent):
        names = " and ".join(item.title for item in silent if item.why == why)
        lines.append(f"Does not apply: {names}. {why}")
    return lines
