"""What do they want? The posterior over a hidden type, day by day, with bluffing taken into account."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from detente.axes import Floats
from detente.case import Case, EvidenceSection
from detente.ensemble import draw_parameters
from detente.errors import RequestError
from detente.evidence import hindsight
from detente.study.assess_days import Days, assess_days, prior_bands
from detente.study.assess_items import assessed_items, assessed_moves
from detente.study.assess_judgments import Judgments, judgments
from detente.study.assess_notes import assess_notes
from detente.study.assess_record import Record, chances_of, make_record
from detente.study.assess_value import WORLDS, Outlook
from detente.study.assess_watch import indicators
from detente.study.assess_words import statement
from detente.study.games import SolveOptions
from detente.study.manifest import make_manifest
from detente.study.results_assess import (
    AnalystView,
    AssessAnswer,
    AssessedDay,
    AssessedIndicator,
    AssessedItem,
    ScoredDay,
    Scores,
    Statement,
)
from detente.study.strategic import PRECISION
from detente.study.type_prior import TypePrior, type_prior
from detente.study.watch import Unwatched, Watch
from detente.study.worlds import Worlds


@dataclass(frozen=True)
class AssessSettings:
    """What an assessment does; every field is written into the manifest.

    Attributes:
        draws: Draws of parameters and likelihoods behind the bands.
        seed: Which sequence of draws.
        as_of: Last day whose reports count; None takes all.
        precision: Logit precision at which moves are judged, 1 / payoff range.
        analyst: Whose judgments to use: an analyst, ``case`` for those of the case itself, or ``pooled``; None takes
            those of the case, or pools all where it has none of its own.
        watch: Whether to say what indicators are worth to the decision, which solves every posture.
        worlds: Draws, from the first on, over which that worth is averaged at most.
        threads: Threads; None is all cores.
        limit: Most nodes a tree may have.
    """

    draws: int = 1000
    seed: int = 0
    as_of: date | None = None
    precision: float = PRECISION
    analyst: str | None = None
    watch: bool = True
    worlds: int = WORLDS
    threads: int | None = None
    limit: int = 200_000


def assess(case: Case, settings: AssessSettings | None = None, watch: Watch | None = None) -> AssessAnswer:
    """Say how likely each label of a hidden type was, day by day, and what moved it.

    Args:
        case: A case with a section ``evidence``.
        settings: What to do.
        watch: Told the progress; may stop the work, which then answers with the draws that are done.

    Raises:
        RequestError: The case has no evidence, there is no draw or no such analyst, or moves are judged in a game
            that cannot be played.
        Interrupted: Stopped before the game was solved in a single draw.
    """
    settings = settings or AssessSettings()
    watch = watch or Unwatched()
    whole = case.evidence
    if whole is None:
        raise RequestError(
            "this case has no evidence to assess; add a section `evidence:` with `about:` and dated `items:`"
        )
    if settings.draws < 1:
        raise RequestError("at least one draw is needed")
    section = known_by(whole, settings.as_of)
    labels = case.labels_of(section.about)
    judged = judgments(section, labels, settings.analyst)
    worlds = _worlds(case, section, settings, watch)
    theta = draw_parameters(case, settings.seed, 0, settings.draws)
    chances = None
    if worlds is not None and section.moves:
        chances = chances_of(worlds, section, theta, settings.precision, watch)
        if chances is not None:
            theta = theta[: len(chances.solved)]
    prior = type_prior(case, section.about, theta)
    watch("weigh", 0, 1)
    record = make_record(case, section, judged, prior, theta, settings.seed, chances)
    days = assess_days(record, _days(record, settings.as_of), settings.seed)
    items = assessed_items(record)
    views = _views(case, record, judged, days, theta, settings.seed)
    watch("weigh", 1, 1)
    watched = _watched(case, record, days, theta, worlds, settings, watch)
    answer = _answer(case, record, judged, days, items, watched, settings, watch.stopped)
    return replace(answer, views=views)


def known_by(section: EvidenceSection, day: date | None) -> EvidenceSection:
    """The section as far as it had been reported by the end of a day; all of it for None.

    Indicators that had been seen by then, or were past their last day, are left out.
    """
    unseen = section.unseen(day or _last_day(section))
    if day is None:
        return replace(section, indicators=unseen)
    items = tuple(item for item in section.items if item.reported <= day)
    known = {item.id for item in items}
    analysts = {
        name: {item: row for item, row in rows.items() if item in known} for name, rows in section.analysts.items()
    }
    return replace(section, items=items, analysts=analysts, indicators=unseen)


def _worlds(case: Case, section: EvidenceSection, settings: AssessSettings, watch: Watch) -> Worlds | None:
    """The postures, if something about the game is asked; None otherwise."""
    if section.moves:
        case.require_game()
    decide = settings.watch and bool(section.indicators) and case.has_game
    if not section.moves and not decide:
        return None
    names = [posture.name for posture in case.postures if not posture.needs_search] or [case.status_quo.name]
    worlds = Worlds(case, names, SolveOptions(settings.threads, lambda: watch.stopped), settings.limit, frozenset())
    worlds.compile_all(lambda done, total: watch("compile", done, total))
    return worlds


def _days(record: Record, as_of: date | None) -> tuple[date, ...]:
    """Every day on which something was reported, the days of statements, and the last day."""
    section = record.section
    last = as_of or _last_day(section)
    days = {item.reported for item in section.items} | {day for day in section.statements if day <= last} | {last}
    return tuple(sorted(days))


def _last_day(section: EvidenceSection) -> date:
    if section.items:
        return max(item.reported for item in section.items)
    return max((*section.statements, section.truth_known or date.min))


def _watched(
    case: Case,
    record: Record,
    days: Days,
    theta: Floats,
    worlds: Worlds | None,
    settings: AssessSettings,
    watch: Watch,
) -> tuple[AssessedIndicator, ...]:
    section = record.section
    if not section.indicators:
        return ()
    own = case.type(section.about).actor == case.owner  # the owner knows its own type
    decide = worlds if settings.watch and not own and not watch.stopped else None
    most = settings.worlds
    outlook = Outlook(days.point(days.days[-1]), theta[:most], days.belief[:most], days.weight[:most])
    return indicators(section.indicators, record.labels, outlook, decide, section.about, settings.seed, watch)


def _views(
    case: Case, record: Record, judged: Judgments, days: Days, theta: Floats, seed: int
) -> tuple[AnalystView, ...]:
    """What comes out by each analyst and by the pool of all, on the last day; nothing if only one has judged."""
    last, section = days.days[-1], record.section
    if not any(section.analysts.values()):
        return ()
    found: list[AnalystView] = []
    for name, rows in judged.by_analyst.items():
        bands = days.on(last)
        if name != judged.used:
            own = make_record(case, section, replace(judged, rows=rows), record.prior, theta, seed, record.chances)
            bands = assess_days(own, (last,), seed).on(last)
        count = len(section.analysts[name]) if name in section.analysts else len(rows)
        found.append(AnalystView(name, count, judged.weights.get(name, 1.0), bands))
    return tuple(found)


def _answer(
    case: Case,
    record: Record,
    judged: Judgments,
    days: Days,
    items: tuple[AssessedItem, ...],
    watched: tuple[AssessedIndicator, ...],
    settings: AssessSettings,
    stopped: bool,
) -> AssessAnswer:
    section, about = record.section, case.type(record.section.about)
    titles = {label: section.labels.get(label) or label.replace("_", " ") for label in record.labels}
    moves = assessed_moves(record, case)
    recorded = make_manifest(case, settings.seed, settings.draws, _recorded(settings))
    prior = _prior(record.prior)
    return AssessAnswer(
        case=case.name,
        title=case.title,
        manifest=recorded,
        about=about.name,
        actor=case.actor(about.actor).name,
        labels=titles,
        as_of=days.days[-1].isoformat(),
        prior=prior,
        timeline=_timeline(record, days),
        items=items,
        moves=moves,
        watch=watched,
        statements=_statements(case, record, days, items, titles),
        repairs=judged.repairs,
        disagreements=judged.disagreements,
        analysts=judged.analysts,
        scores=_scores(record, days),
        precision=settings.precision if moves else None,
        posture=case.status_quo.name if moves else "",
        draws=settings.draws,
        draws_done=record.draws,
        effective=days.effective[-1],
        excluded=days.excluded,
        interrupted=stopped,
        notes=assess_notes(case, record, judged, days, watched),
        staged=tuple(record.staged[item.id].answer for item in section.items if item.id in record.staged),
        analyst=judged.used,
        owner=case.actor(case.owner).name if case.has_game else "",
    )


def _recorded(settings: AssessSettings) -> dict[str, Any]:
    kept = {name: value for name, value in asdict(settings).items() if name not in ("draws", "seed", "threads")}
    return {**kept, "as_of": settings.as_of.isoformat() if settings.as_of else None}


def _prior(prior: TypePrior) -> dict[str, Any]:
    return prior_bands(prior.box, prior.low, prior.high, prior.draws)


def _timeline(record: Record, days: Days) -> tuple[AssessedDay, ...]:
    by_day: dict[date, list[str]] = {}
    for item in record.section.items:
        by_day.setdefault(item.reported, []).append(item.id)
    return tuple(
        AssessedDay(day.isoformat(), bands, tuple(by_day[day]))
        for day, bands in zip(days.days, days.bands, strict=True)
        if day in by_day
    )


def _statements(
    case: Case, record: Record, days: Days, items: tuple[AssessedItem, ...], titles: dict[str, str]
) -> tuple[Statement, ...]:
    about = case.type(record.section.about)
    who = case.actor(about.actor).name
    subject = f"{who}'{'' if who.endswith('s') else 's'} {about.name.partition('.')[2].replace('_', ' ')}"
    last = days.days[-1]
    wanted = sorted({day for day in record.section.statements if day <= last} | {last})
    found: list[Statement] = []
    for day in wanted:
        known = [item for item in items if date.fromisoformat(item.reported) <= day]
        effective = days.effective[days.days.index(day)]
        share = None if effective is None else effective / record.draws
        found.append(statement(day, days.on(day), subject, titles, known, share))
    return tuple(found)


def _scores(record: Record, days: Days) -> Scores | None:
    section = record.section
    if not section.truth:
        return None
    until = section.truth_known
    scored = [day for day in days.days if until is None or day < until]
    if not scored:
        return None
    truth = record.labels.index(section.truth)
    forecast: Floats = np.array([days.point(day) for day in scored])
    found = hindsight(forecast, truth, days=tuple(scored), until=until)
    before = hindsight(record.prior.point[None], truth)
    ends = [*scored[1:], until or date.fromordinal(scored[-1].toordinal() + 1)]
    stood = [(end - day).days for day, end in zip(scored, ends, strict=True)]
    rows = zip(scored, found.brier, found.log, stood, strict=True)
    return Scores(
        truth=section.truth,
        until=until.isoformat() if until else "",
        brier=float(found.brier[-1]),
        log=float(found.log[-1]),
        mean_brier=found.mean_brier,
        mean_log=found.mean_log,
        prior_brier=float(before.brier[0]),
        prior_log=float(before.log[0]),
        days=tuple(ScoredDay(day.isoformat(), float(b), float(g), n) for day, b, g, n in rows),
    )
