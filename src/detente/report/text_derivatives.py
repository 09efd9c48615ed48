"""What moves the answer, for a terminal: the parameters with the largest effect first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.report.terminal import blank, bullet, draw, heading, paragraph, table
from detente.report.words import Words, counted, number, percent

if TYPE_CHECKING:
    from rich.console import RenderableType

    from detente.study.results_derivatives import DerivativesAnswer, ParameterDerivative, StrategyDerivative

MOST_ROWS = 15
MOST_MOVES = 5
SLIGHT = 1e-4
"""Odds that move by less than this share of the largest are not told."""
NOTHING = 1e-9
"""Effects below this, in payoff units or probability, are not told."""


def render_derivatives(answer: DerivativesAnswer, width: int = 80, *, color: bool = False) -> str:
    """What `detente solve --derivatives` prints.

    Args:
        answer: What was found.
        width: Columns of the terminal.
        color: Whether bold is passed on as terminal codes.
    """
    return draw([paragraph(answer.case_title, "bold"), blank(), *derivatives_parts(answer)], width, color)


def derivatives_parts(answer: DerivativesAnswer) -> list[RenderableType]:
    """The same as parts of a longer text."""
    words = Words(actors=answer.actors)
    chance = answer.of in answer.outcomes
    what = f"the odds of {words.outcome(answer.of)}" if chance else f"the value of {words.the(answer.of)}"
    level = percent(answer.level) if chance else number(answer.level, 4)
    parts: list[RenderableType] = [
        heading(f"What moves {what} (now {level})"),
        paragraph(
            "slope: per unit of the parameter. over the range: the slope times the width of the range. elasticity: "
            "percent per percent. They hold as long as the same options are in use; at a kink there is no slope."
        ),
    ]
    told = [row for row in answer.parameters if not row.kink and abs(row.effect(answer.of) or 0.0) > NOTHING]
    if told:
        parts.append(table(["Parameter", "slope", "over the range", "elasticity"], _rows(answer, told)))
    else:
        parts.append(paragraph("No parameter moves it within the regime."))
    if len(told) > MOST_ROWS:
        parts.append(paragraph(f"{counted(len(told) - MOST_ROWS, 'parameter')} more, with smaller effects."))
    parts += _moves(told, words)
    parts += _kinks(answer)
    return parts


def _rows(answer: DerivativesAnswer, told: list[ParameterDerivative]) -> list[list[str]]:
    return [
        [
            row.name,
            _signed(row.slope(answer.of)),
            _signed(row.effect(answer.of)),
            _signed(row.elasticity(answer.of, answer.level)),
        ]
        for row in told[:MOST_ROWS]
    ]


def _signed(value: float | None) -> str:
    return "–" if value is None else f"{value:+.3g}"


def _moves(told: list[ParameterDerivative], words: Words) -> list[RenderableType]:
    """How play moves with the parameter that matters most."""
    moving = next((row for row in told if row.strategies), None)
    if moving is None:
        return []
    parts: list[RenderableType] = [paragraph(f"With {moving.name}, per unit, the odds of options move:")]
    largest = max(_size(item) for item in moving.strategies)
    shown = [item for item in moving.strategies if _size(item) > SLIGHT * largest]
    return parts + [bullet(_move(item, words)) for item in shown[:MOST_MOVES]]


def _size(item: StrategyDerivative) -> float:
    return max(abs(slope or 0.0) for slope in item.options.values())


def _move(item: StrategyDerivative, words: Words) -> str:
    sees = ", ".join(f"{name}={label}" for name, label in item.sees.items())
    options = ", ".join(f"{name} {_signed(slope)}" for name, slope in item.options.items())
    return f"{words.actor(item.actor)}, {item.decision}{f' [{sees}]' if sees else ''}: {options}."


def _kinks(answer: DerivativesAnswer) -> list[RenderableType]:
    by_reason: dict[str, list[str]] = {}
    for row in answer.parameters:
        if row.kink:
            by_reason.setdefault(row.kink, []).append(row.name)
    return [
        bullet(f"kink at {', '.join(names[:MOST_ROWS])}{' and others' if len(names) > MOST_ROWS else ''}: {reason}")
        for reason, names in by_reason.items()
    ]
