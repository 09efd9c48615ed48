"""What else a reader of an assessment must know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from detente.case import Case
from detente.study.assess_days import Days
from detente.study.assess_judgments import Judgments
from detente.study.assess_record import Record
from detente.study.assess_value import decidable
from detente.study.results_assess import AssessedIndicator

WIDE = 0.9  # outer bounds this far apart say little


def assess_notes(
    case: Case, record: Record, judged: Judgments, days: Days, watched: Sequence[AssessedIndicator]
) -> tuple[str, ...]:
    """Notes on an assessment, as sentences."""
    return (
        *_about_items(record, judged),
        *_about_bounds(days),
        *_about_moves(record, days),
        *_about_watch(case, record.section.about, watched),
    )


def _about_items(record: Record, judged: Judgments) -> Iterator[str]:
    if not record.section.items:
        yield "Nothing had been reported by then: the answer is what was thought before any item."
    if judged.filled:
        yield (
            f"{judged.used} did not judge {len(judged.filled)} of {len(judged.rows)} items; there the case's own "
            "judgment stands in."
        )
    if judged.repairs:
        yield (
            f"{len(judged.repairs)} judgments of an item and of its absence did not add up to 1 and were moved to the "
            "nearest ones that do."
        )


def _about_bounds(days: Days) -> Iterator[str]:
    if any(band.upper - band.lower > WIDE for band in days.bands[-1].values()):
        yield (
            "The outer bounds let every vague judgment err in the same direction at once, so with many items they say "
            "little; the sentences use the 5-95 % band."
        )


def _about_moves(record: Record, days: Days) -> Iterator[str]:
    if record.chances is None:
        return
    yield (
        "Moves are judged by what each type would do in the play of the status quo, in draws of the game that count by "
        "how well they explain all moves; in the outer bounds they stand at their likelihood over all draws."
    )
    others = [
        step.item.title or step.item.id.replace("_", " ")
        for step in record.steps
        if (step.item.decision, step.item.option) not in record.chances.own
    ]
    if others:
        yield f"Moves of other actors are taken as given and say nothing by themselves: {', '.join(others)}."
    unsolved = int(np.count_nonzero(~record.chances.solved))
    if unsolved:
        told = "; ".join(f"{label} {low:.3g} to {high:.3g}" for label, (low, high) in days.spread.items())
        yield f"{unsolved} draws of the game could not be solved. Had they spoken all against or for a type: {told}."


def _about_watch(case: Case, about: str, watched: Sequence[AssessedIndicator]) -> Iterator[str]:
    valued = [item.worlds for item in watched if item.value is not None]
    if not valued:
        return
    worlds = f"{max(valued)}" if min(valued) == max(valued) else f"{min(valued)} to {max(valued)}"
    tried = {posture.name for posture in decidable(case, about)}
    left_out = [posture.name for posture in case.postures if posture.name not in tried]
    yield (
        f"Expected gains are means over {worlds} plausible worlds, which count by how well they explain the moves. In "
        "each, the posture is chosen again at what is believed after the indicator, by everybody; where others who see "
        "it change their play, a gain can be below 0."
    )
    if left_out:
        yield f"Postures with an `optimal` part are left out of these decisions: {', '.join(left_out)}."
