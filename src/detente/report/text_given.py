"""What a comparison took as known, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.report.terminal import heading, paragraph, table
from detente.report.views_assess import day_words
from detente.report.words import Words, capital, counted, level, listed, percent, plain

if TYPE_CHECKING:
    from rich.console import RenderableType

    from detente.study.results_given import GivenAnswer


def given_parts(given: GivenAnswer, draws: int, words: Words) -> list[RenderableType]:
    """The observed moves, what they and other items say about types, and how worlds weigh.

    Args:
        given: What was taken as known.
        draws: Worlds tried.
        words: Names of the case.
    """
    if not given.as_of:
        return []
    rows = [
        [f"{name}: {plain(label)}", percent(given.prior[name][label]), percent(share)]
        for name, shares in given.posterior.items()
        for label, share in shares.items()
    ]
    rows += [
        [f"{capital(plain(name))}: {plain(label)}", "–", percent(share)]
        for name, shares in given.unseen.items()
        for label, share in shares.items()
    ]
    told = [f"{words.actor(move.actor)}: {plain(move.decision)} = {plain(move.option)}" for move in given.moves]
    moved = f"Has happened: {'; '.join(told)}. " if told else "No move of the game has been observed. "
    other = f"{counted(len(given.items), 'other item')} on {given.about} {_verb(len(given.items))}."
    alike = listed(f"{words.posture(name)} {percent(share)}" for name, share in given.shares.items())
    return [
        heading(f"Given what had been reported by {day_words(given.as_of)}"),
        paragraph(moved + other),
        table(["Type", "before", "now"], rows),
        paragraph(
            f"Worlds weigh by how well they explain it: {level(given.effective_draws)} effective of "
            f"{counted(draws, 'world')}, {given.excluded:,} excluded. The past was played as under "
            f"{words.posture(given.posture)}, at precision {given.precision:g}. If all worlds counted alike, "
            f"postures would be best in: {alike}."
        ),
    ]


def _verb(number: int) -> str:
    return "counts" if number == 1 else "count"
