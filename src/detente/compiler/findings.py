"""What only shows once every posture is compiled: things a case declares that never come to matter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from detente.case import Case, Decision, Event, Reveal, TimelineEntry
from detente.compiler.compiled import CompiledPosture
from detente.compiler.grouping import SKIPPED
from detente.compiler.problems import finding
from detente.errors import Diagnostic


def compile_warnings(case: Case, compiled: Sequence[CompiledPosture]) -> list[Diagnostic]:
    """Warnings about a case, in file order.

    Args:
        case: The case.
        compiled: All of its postures; what is missing here is taken for never happening.
    """
    if not compiled:
        return []
    found = [
        *_unreached_options(case, compiled),
        *_idle_conditions(case, compiled),
        *_idle_terms(case, compiled),
        *_missing_outcomes(case, compiled),
    ]
    return sorted(found, key=lambda item: (item.line, item.column, item.code))


def _unreached_options(case: Case, compiled: Sequence[CompiledPosture]) -> Iterator[Diagnostic]:
    names = compiled[0].plan.variables
    for copies in _together(case):
        entry = copies[0]
        if isinstance(entry, Reveal):
            continue
        columns = [names.index(item.name) for item in copies if not isinstance(item, Reveal)]
        taken = {int(value) for item in compiled for value in np.unique(item.histories.values[:, columns])}
        if taken <= {SKIPPED}:  # never reached at all: said of the condition, or of the moves that end the game
            if entry.when is None:
                message = f"'{entry.base or entry.name}' is never reached in any posture"
                hint = "Every history ends before it: look at the `ends` of earlier entries."
                yield finding(case, "C311", message, entry.span, hint, "warning")
            continue
        idle = [option for number, option in enumerate(entry.options) if number not in taken]
        if idle:
            yield _idle_options(case, entry, idle)


def _together(case: Case) -> list[list[TimelineEntry]]:
    """The entries of the timeline; the copies of one in all rounds count as one."""
    groups: dict[tuple[int, int, str], list[TimelineEntry]] = {}
    for place, entry in enumerate(case.timeline):
        name = entry.variable if isinstance(entry, Reveal) else entry.base
        span = entry.span
        key = (
            (-1, place, "")
            if entry.round is None
            else (span.line, span.column, "" if isinstance(entry, Reveal) else name)
        )
        groups.setdefault(key, []).append(entry)
    return list(groups.values())


def _idle_options(case: Case, entry: Decision | Event, idle: list[str]) -> Diagnostic:
    names = " and ".join(f"'{option}'" for option in idle)
    message = f"{names} of '{entry.base or entry.name}' can be reached in no posture"
    hint = "Look at the condition under which it is offered, its weight, and the postures' `allow` and `commit`."
    return finding(case, "C311", message, entry.span, hint, "warning")


def _idle_conditions(case: Case, compiled: Sequence[CompiledPosture]) -> Iterator[Diagnostic]:
    places = {id(entry): position for position, entry in enumerate(case.timeline)}
    for copies in _together(case):
        entry = next((item for item in copies if item.when is not None), None)
        if entry is None or entry.when is None:
            continue
        positions = [places[id(item)] for item in copies if item.when is not None]
        held = any(item.record.when_held[position] for item in compiled for position in positions)
        held = held or len(positions) < len(copies)
        failed = any(item.record.when_failed[position] for item in compiled for position in positions)
        name = f"the reveal of '{entry.variable}'" if isinstance(entry, Reveal) else f"'{entry.base or entry.name}'"
        if failed and not held:
            message = f"the condition of {name} never holds: {entry.when.text}"
            yield finding(case, "C314", message, entry.span, "It never takes place, in no posture.", "warning")
        elif held and not failed:
            message = f"the condition of {name} always holds where it is reached: {entry.when.text}"
            yield finding(case, "C315", message, entry.span, "Leave it out, or say what is meant.", "warning")


def _idle_terms(case: Case, compiled: Sequence[CompiledPosture]) -> Iterator[Diagnostic]:
    groups: dict[tuple[str, str], list[int]] = {}
    for place, term in enumerate(case.terms):
        groups.setdefault((term.player, term.base or term.name), []).append(place)
    for places in groups.values():
        term = case.terms[places[0]]
        if term.when is not None and not any(item.record.applied[place] for item in compiled for place in places):
            message = f"term '{term.base or term.name}' of {term.player} never applies: {term.when.text}"
            yield finding(case, "C312", message, term.span, "Its condition holds at no end of any posture.", "warning")


def _missing_outcomes(case: Case, compiled: Sequence[CompiledPosture]) -> Iterator[Diagnostic]:
    for place, outcome in enumerate(case.outcomes):
        if not any(item.outcome_at[place].any() for item in compiled):
            message = f"outcome '{outcome.name}' never occurs: {outcome.when.text}"
            yield finding(case, "C313", message, outcome.span, "Its probability is 0 in every posture.", "warning")
