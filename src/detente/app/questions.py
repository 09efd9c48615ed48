"""The questions a user can ask of a case; each loads what it needs when it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from detente.app.assessing import read_day
from detente.app.assumptions import outside_range, with_values
from detente.app.game_files import checked_form, export_game, is_game, posture_as_table, refuse, solve_game
from detente.app.jobs import Job
from detente.app.settings import checked, default
from detente.app.workspace import is_long, load, writable, write_text
from detente.errors import Interrupted, UnsupportedError
from detente.second import end_second, start_second

if TYPE_CHECKING:
    from detente.app.game_files import Game
    from detente.case import Case
    from detente.exchange import GameFile
    from detente.game import BuiltGame
    from detente.study import AuditAnswer, CompareAnswer, GameAnswer, SolveAnswer

    Answer = TypeVar("Answer", CompareAnswer, AuditAnswer, SolveAnswer)

Part = TypeVar("Part")

MANY = 50
"""Draws from which a second process is started ahead of a comparison."""


def compare(
    case: Case | str | Path,
    *,
    draws: int | None = None,
    quick: bool = False,
    seed: int | None = None,
    postures: Sequence[str] | None = None,
    equilibria: str | None = None,
    given_evidence: bool = False,
    as_of: date | str | None = None,
    precision: float | None = None,
    assume: Mapping[str, float] | None = None,
    threads: int | None = None,
    node_limit: int | None = None,
    job: Job | None = None,
) -> CompareAnswer:
    """Which posture serves its owner best, in how many plausible worlds, and what would change that?

    Args:
        case: A case, a path, or the name of a shipped case.
        draws: Plausible worlds to try; 1,000 if not given, 100 with `quick`.
        quick: A first look: fewer worlds, and fewer values of each parameter for its tipping points.
        seed: Which sequence of draws.
        postures: Names of the postures to compare; all if not given.
        equilibria: ``principal``, or ``all`` to see how far the answer depends on which equilibrium is played.
        given_evidence: Start from what the case's evidence says: moves that were observed have happened.
        as_of: Last day whose reports count, a date or year-month-day; all of them if not given. Needs `given_evidence`.
        precision: Precision of play at which observed moves are judged, 1 / payoff range.
        assume: Parameter -> value it is held at.
        threads: Processor threads; 0 takes all.
        node_limit: Largest game allowed, in nodes.
        job: Told the progress; may stop the work.

    Raises:
        CaseError: The case is wrong.
        RequestError: There is no such case, posture or parameter, a setting is out of its limits, or there is no
            evidence to go by.
        Interrupted: Stopped before anything was finished.
    """
    sizes = _sizes(draws, quick, seed, threads, node_limit)
    sizes |= checked(equilibria=equilibria, precision=precision)
    sizes |= {"given_evidence": given_evidence, "as_of": read_day(as_of)}
    second = start_second(threads) if is_long(case) and sizes["draws"] >= MANY else None
    try:
        found = _case_of(case)
        found.require_game()
        held = with_values(found, assume or {})
        names = tuple(found.posture(name).name for name in dict.fromkeys(postures or ())) or None

        from detente.study import CompareSettings
        from detente.study import compare as ask

        chosen = CompareSettings.quick(**sizes) if quick else CompareSettings(**sizes)
        return _said(ask(held, replace(chosen, postures=names), job, second), found, assume)
    finally:
        if second is not None:
            end_second(second)


def audit(
    case: Case | str | Path,
    *,
    draws: int | None = None,
    quick: bool = False,
    seed: int | None = None,
    assume: Mapping[str, float] | None = None,
    threads: int | None = None,
    node_limit: int | None = None,
    job: Job | None = None,
) -> AuditAnswer:
    """Does the argument hold: each claim's verdict, its share of plausible worlds, and what it turns on.

    Args:
        case: A case, a path, or the name of a shipped case.
        draws: Plausible worlds to try; 1,000 if not given, 100 with `quick`.
        quick: A first look.
        seed: Which sequence of draws.
        assume: Parameter -> value it is held at.
        threads: Processor threads; 0 takes all.
        node_limit: Largest game allowed, in nodes.
        job: Told the progress; may stop the work.

    Raises:
        CaseError: The case is wrong.
        RequestError: There is no such case or parameter, or a setting is out of its limits.
        Interrupted: Stopped before anything was finished.
    """
    sizes = _sizes(draws, quick, seed, threads, node_limit)
    found = _case_of(case)
    held = with_values(found, assume or {})

    from detente.study import AuditSettings
    from detente.study import audit as ask

    chosen = AuditSettings.quick(**sizes) if quick else AuditSettings(**sizes)
    return _said(ask(held, chosen, job), found, assume)


def solve(
    case: Case | GameFile | BuiltGame | str | Path,
    posture: str | None = None,
    *,
    assume: Mapping[str, float] | None = None,
    lam: float | None = None,
    method: str | None = None,
    starts: int | None = None,
    why: str | None = None,
    all_equilibria: bool = False,
    threads: int | None = None,
    node_limit: int | None = None,
    job: Job | None = None,
) -> SolveAnswer | GameAnswer:
    """What would each side do under one posture, at base values, and why? Or: what is played in a game file?

    Args:
        case: A case, a path, or the name of a shipped case; or a game (a path that ends in ``.efg`` or ``.nfg``),
            which has no postures, parameters and reasons.
        posture: Name of the posture; the status quo if not given.
        assume: Parameter -> value it is held at.
        lam: Precision of play; not given, play is strict.
        method: How to look for an equilibrium.
        starts: Starting points from which other equilibria are looked for.
        why: Only what is done, and why, at this decision.
        all_equilibria: List every equilibrium found.
        threads: Processor threads; 0 takes all.
        node_limit: Largest game allowed, in nodes.
        job: Told the progress; may stop the work.

    Raises:
        CaseError: The case or game file is wrong.
        RequestError: There is no such case, posture, parameter or decision, or a setting is out of its limits.
        Interrupted: Stopped before anything was finished.
    """
    if is_game(case):
        refuse(case, "solve", posture=posture, set=assume, why=why)
        return solve_game(
            cast("Game", case),
            lam=lam,
            method=method,
            starts=starts,
            threads=threads,
            node_limit=node_limit,
            all_equilibria=all_equilibria,
            job=job,
        )
    values = checked(lam=lam, method=method, starts=starts, threads=threads, node_limit=node_limit)
    values["threads"] = values["threads"] or None
    values["limit"] = values.pop("node_limit")
    found = _case_of(case)
    found.require_game()
    held = with_values(found, assume or {})
    chosen = found.posture(posture) if posture else found.status_quo
    if why is not None:
        found.decision(why)

    from detente.study import SolveSettings
    from detente.study import solve as ask

    answer = _said(ask(held, chosen.name, SolveSettings(**values, all_equilibria=all_equilibria), job), found, assume)
    if why is None:
        return answer
    return replace(answer, infosets=tuple(item for item in answer.infosets if item.decision == why))


def write_report(
    case: Case | str | Path,
    output: str | Path | None = None,
    *,
    draws: int | None = None,
    quick: bool = False,
    seed: int | None = None,
    assume: Mapping[str, float] | None = None,
    threads: int | None = None,
    node_limit: int | None = None,
    comparison: CompareAnswer | None = None,
    job: Job | None = None,
) -> Path:
    """Write the whole answer as one HTML file that needs no network.

    Args:
        case: A case, a path, or the name of a shipped case.
        output: File to write; ``NAME.html`` in the current folder if not given.
        draws: Plausible worlds to try; 1,000 if not given, 100 with `quick`.
        quick: A first look.
        seed: Which sequence of draws.
        assume: Parameter -> value it is held at.
        threads: Processor threads; 0 takes all.
        node_limit: Largest game allowed, in nodes.
        comparison: The answer of `compare` to the same question, if it is at hand.
        job: Told the progress; may stop the work.

    Returns:
        The file written.

    Raises:
        CaseError: The case is wrong.
        RequestError: As for `compare`, or the file cannot be written.
        Interrupted: Stopped before anything was finished.
    """
    from detente.report import render_report

    found = _case_of(case)
    path = writable(Path(output) if output is not None else Path(f"{found.name}.html"))
    shared: dict[str, Any] = {"assume": assume, "threads": threads, "node_limit": node_limit, "job": job}
    sample: dict[str, Any] = {"draws": draws, "quick": quick, "seed": seed}
    compared = comparison
    if compared is None and found.has_game:
        compared = compare(found, **sample, **shared)
    audited = _part(bool(found.claims), job, lambda: audit(found, **sample, **shared))
    solved = None
    if compared is not None:
        leading = compared.leading
        solved = _part(True, job, lambda: cast("SolveAnswer", solve(found, leading, **shared)))
    from detente.app.assessing import assess
    from detente.app.settling import settle

    assessed = _part(found.evidence is not None, job, lambda: assess(found, **sample, **shared))
    del shared["node_limit"]
    settled = _part(found.settlement is not None, job, lambda: settle(found, **sample, **shared))
    if compared is None and assessed is None and settled is None:
        raise Interrupted("Stopped before any part of the report was finished.")
    held = with_values(found, assume or {})
    text = render_report(compared, audited, solved, held, assess=assessed, settle=settled)
    return write_text(path, text)


def export(
    case: Case | GameFile | BuiltGame | str | Path,
    posture: str | None = None,
    *,
    form: str | None = None,
    assume: Mapping[str, float] | None = None,
    node_limit: int | None = None,
) -> str:
    """The game of one posture at base values, or of a game file, in one of Gambit's formats.

    Args:
        case: A case, a path, or the name of a shipped case; or a game (a path that ends in ``.efg`` or ``.nfg``).
        posture: Name of the posture; the status quo if not given.
        form: ``efg`` (a tree) or ``nfg`` (a table of plans); by default a tree for a case, and for a game file
            the form that it does not have.
        assume: Parameter -> value it is held at.
        node_limit: Largest game allowed, in nodes.

    Raises:
        CaseError: The case or game file is wrong, or too large for a table.
        RequestError: There is no such case, posture or parameter, or the format cannot say it.
        UnsupportedError: The posture leaves something to be found (`optimal`), so it is not one game.
    """
    if is_game(case):
        refuse(case, "export", posture=posture, set=assume)
        return export_game(cast("Game", case), form, node_limit=node_limit)
    form = checked_form(form or "efg")

    from detente.compiler import compile_posture
    from detente.exchange import to_efg

    found = _case_of(case)
    found.require_game()
    limit = checked(node_limit=node_limit)["node_limit"]
    chosen = found.posture(posture) if posture else found.status_quo
    if chosen.needs_search:
        ready = ", ".join(item.name for item in found.postures if not item.needs_search)
        raise UnsupportedError(
            f"posture '{chosen.name}' leaves something to be found (optimal), so it stands for many games, not one. "
            f"Postures that can be exported: {ready}."
        )
    held = with_values(found, assume or {})
    compiled = compile_posture(held, chosen, limit=limit)
    if form == "nfg":
        return posture_as_table(held, compiled, held.base_theta())
    return to_efg(compiled, compiled.numbers(held.base_theta()[None]))


def _case_of(case: Case | Game) -> Case:
    """The case that is meant, once it is known that it is not a game."""
    return load(case) if isinstance(case, str | Path) else cast("Case", case)


def _sizes(
    draws: int | None, quick: bool, seed: int | None, threads: int | None, node_limit: int | None
) -> dict[str, Any]:
    """Settings as the study room calls them."""
    if draws is None and quick:
        draws = default("quick_draws")
    values = checked(draws=draws, seed=seed, threads=threads, node_limit=node_limit)
    return {
        "draws": values["draws"],
        "seed": values["seed"],
        "threads": values["threads"] or None,
        "limit": values["node_limit"],
    }


def _said(answer: Answer, case: Case, assume: Mapping[str, float] | None) -> Answer:
    """The answer with what was assumed on record: in its manifest, and in words."""
    if not assume:
        return answer
    manifest = replace(answer.manifest, settings={**answer.manifest.settings, "set": dict(assume)})
    held = ", ".join(f"{name} = {value:g}" for name, value in assume.items())
    notes = (f"Assumed, instead of what the case says: {held}.", *outside_range(case, assume), *answer.notes)
    return replace(answer, manifest=manifest, notes=notes)


def _part(wanted: bool, job: Job | None, ask: Callable[[], Part]) -> Part | None:
    """A part of a report; None if it is not wanted, or was stopped before it had anything to say."""
    if not wanted or (job and job.stopped):
        return None
    try:
        return ask()
    except Interrupted:
        return None
