"""What do they want? The posterior over a hidden type from dated evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from detente.app.assumptions import outside_range, with_values
from detente.app.game_files import is_game
from detente.app.jobs import Job
from detente.app.settings import checked, default
from detente.app.workspace import load
from detente.errors import RequestError, UnsupportedError

if TYPE_CHECKING:
    from detente.case import Case
    from detente.study import AssessAnswer


def assess(
    case: Case | str | Path,
    *,
    as_of: date | str | None = None,
    draws: int | None = None,
    quick: bool = False,
    seed: int | None = None,
    precision: float | None = None,
    analyst: str | None = None,
    assume: Mapping[str, float] | None = None,
    threads: int | None = None,
    node_limit: int | None = None,
    job: Job | None = None,
) -> AssessAnswer:
    """How likely was each hidden aim on each day, what moved it, what says nothing, and what is worth watching?

    Args:
        case: A case with a section ``evidence``, a path, or the name of a shipped case.
        as_of: Last day whose reports count, a date or year-month-day; all of them if not given.
        draws: Draws of parameters and likelihoods behind the bands; 1,000 if not given, 100 with `quick`.
        quick: A first look: fewer draws, and indicators without their value to the decision.
        seed: Which sequence of draws.
        precision: Precision of play at which moves are judged, 1 / payoff range.
        analyst: Whose judgments to use: an analyst, ``case`` or ``pooled``. If not given, those of the case, or the
            pool of all where every judgment is that of a named analyst.
        assume: Parameter -> value it is held at.
        threads: Processor threads; 0 takes all.
        node_limit: Largest game allowed, in nodes.
        job: Told the progress; may stop the work.

    Raises:
        CaseError: The case is wrong.
        RequestError: There is no such case, parameter or analyst, the case has no evidence, the day is no date, or a
            setting is out of its limits.
        UnsupportedError: This is a game file, which has no evidence.
        Interrupted: Stopped before the game was solved in a single draw.
    """
    if is_game(case):
        raise UnsupportedError("a game file has no evidence to assess; ask about a case")
    if draws is None and quick:
        draws = default("quick_draws")
    values = checked(draws=draws, seed=seed, precision=precision, threads=threads, node_limit=node_limit)
    day = read_day(as_of)
    found = load(case) if isinstance(case, str | Path) else case
    held = with_values(found, assume or {})

    from detente.study import AssessSettings
    from detente.study import assess as ask

    settings = AssessSettings(
        draws=values["draws"],
        seed=values["seed"],
        as_of=day,
        precision=values["precision"],
        analyst=analyst,
        watch=not quick,
        threads=values["threads"] or None,
        limit=values["node_limit"],
    )
    answer = ask(held, settings, job)
    if not assume:
        return answer
    manifest = replace(answer.manifest, settings={**answer.manifest.settings, "set": dict(assume)})
    told = ", ".join(f"{name} = {value:g}" for name, value in assume.items())
    notes = (f"Assumed, instead of what the case says: {told}.", *outside_range(found, assume), *answer.notes)
    return replace(answer, manifest=manifest, notes=notes)


def read_day(text: date | str | None) -> date | None:
    """A day as it was asked for.

    Raises:
        RequestError: It is not written year-month-day.
    """
    if text is None or isinstance(text, date):
        return text
    try:
        if len(text) != len("2021-12-08"):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise RequestError(f"'{text}' is not a day; write year, month and day, such as 2021-12-08.") from None
