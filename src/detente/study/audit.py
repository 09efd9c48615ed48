"""Does the argument hold? Each claim at base values, over plausible worlds, and what it turns on."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from detente.axes import Bools, Floats
from detente.case import Case, Claim
from detente.case.quantity import Quantity, leaves, quantities
from detente.ensemble import draw_parameters
from detente.errors import Interrupted, RequestError
from detente.study.assumption import set_directly
from detente.study.games import Solved, SolveOptions
from detente.study.locate import States, Switch, along, changes, refine
from detente.study.manifest import make_manifest, summarize
from detente.study.played import Part, Played
from detente.study.quantities import Book, Judged
from detente.study.results_audit import AuditAnswer, ClaimAnswer, TurnsOn, Verdict
from detente.study.selection import others_of
from detente.study.tipping import TOGETHER, sweep_points, swept_parameters
from detente.study.watch import Unwatched, Watch
from detente.study.worlds import Worlds, rows_of

MOST_SHOWN = 3


@dataclass(frozen=True)
class AuditSettings:
    """What an audit does; every field is written into the manifest.

    Attributes:
        draws: Worlds tried.
        seed: Which sequence of worlds.
        sweep_points: Values tried along each parameter.
        starts: Interior starting points for other equilibria at base values, per posture.
        threads: Threads; None is all cores.
        limit: Most nodes a tree may have.
    """

    draws: int = 1000
    seed: int = 0
    sweep_points: int = 33
    starts: int = 20
    threads: int | None = None
    limit: int = 200_000

    @classmethod
    def quick(cls, **changed: Any) -> AuditSettings:
        """A look at the answer: fewer worlds and coarser sweeps."""
        return replace(cls(draws=100, sweep_points=9), **changed)


@dataclass(frozen=True, eq=False)
class _Verdicts:
    """Claims over worlds: [claims, draws] each."""

    holds: Floats
    certified: Bools


def audit(case: Case, settings: AuditSettings | None = None, watch: Watch | None = None) -> AuditAnswer:
    """Judge every claim of a case.

    Args:
        case: The case.
        settings: What to do.
        watch: Told the progress; may stop the work, which then answers with what is done.

    Raises:
        Interrupted: Stopped before a single world was finished.
        RequestError: No draws.
    """
    settings = settings or AuditSettings()
    watch = watch or Unwatched()
    if settings.draws < 1:
        raise RequestError("at least one draw is needed")
    claims = [claim for claim in case.claims if not cannot_judge(claim)]
    worlds = Worlds(case, None, SolveOptions(settings.threads, lambda: watch.stopped), settings.limit, _used(claims))
    worlds.compile_all(lambda done, total: watch("compile", done, total))
    base = Book(worlds, case.base_theta()[None, :])
    at_base = _judge(base, claims)
    theta = draw_parameters(case, settings.seed, 0, settings.draws)
    found = _over_draws(worlds, claims, theta, watch)
    if claims and found is None:
        raise Interrupted("stopped before the first worlds were finished")
    if found is None:
        found = _Verdicts(np.zeros((0, settings.draws)), np.ones((0, settings.draws), dtype=np.bool_))
    turning = _turning(worlds, claims, at_base, settings, watch)
    sensitive = _sensitive(worlds, base, claims, at_base, settings, watch)
    done = found.holds.shape[1]
    answers: list[ClaimAnswer] = []
    for claim in case.claims:
        if claim in claims:
            k = claims.index(claim)
            verdicts = (at_base, found)
            answers.append(_claim(case, claim, k, verdicts, turning[k], claim.id in sensitive, base))
        else:
            answers.append(_unjudged(claim, done))
    certified: Bools = np.asarray(found.certified.all(axis=0))
    return AuditAnswer(
        case_title=case.title,
        manifest=make_manifest(case, settings.seed, settings.draws, _recorded(settings)),
        actors={actor.id: actor.name for actor in case.actors},
        claims=tuple(answers),
        certificate=summarize(worlds.tally, float((~certified).mean())),
        interrupted=watch.stopped,
        draws_done=done,
        certified=certified,
        draws=theta[:done],
    )


def cannot_judge(claim: Claim) -> str:
    """Why a claim cannot be judged whatever the numbers are; empty if it can."""
    if claim.holds_when is None:
        return claim.cannot_judge or "the claim does not say when it holds"
    return ""


def _used(claims: list[Claim]) -> frozenset[str]:
    found: set[str] = set()
    for claim in claims:
        assert claim.holds_when is not None
        found |= {str(getattr(item, "posture", None)) for item in quantities(claim.holds_when)}
    return frozenset(found)


def _recorded(settings: AuditSettings) -> dict[str, Any]:
    return {name: value for name, value in asdict(settings).items() if name not in ("draws", "seed", "threads")}


def _judge(book: Book, claims: list[Claim]) -> _Verdicts:
    judged: list[Judged] = [book.judge(claim) for claim in claims]
    draws = len(book.theta)
    return _Verdicts(
        np.array([item.holds for item in judged]).reshape(len(claims), draws),
        np.array([item.certified for item in judged], dtype=np.bool_).reshape(len(claims), draws),
    )


def _over_draws(worlds: Worlds, claims: list[Claim], theta: Floats, watch: Watch) -> _Verdicts | None:
    parts: list[_Verdicts] = []
    for rows in rows_of(len(theta), min(worlds.batch(), 128)) if claims else []:
        watch("worlds", int(rows[0]), len(theta))
        verdicts = _judge(Book(worlds, theta[rows]), claims) if not watch.stopped else None
        if verdicts is None or watch.stopped:
            break
        parts.append(verdicts)
    watch("worlds", len(theta), len(theta))
    if not parts:
        return None
    return _Verdicts(
        np.concatenate([part.holds for part in parts], axis=1),
        np.concatenate([part.certified for part in parts], axis=1),
    )


def _turning(
    worlds: Worlds, claims: list[Claim], at_base: _Verdicts, settings: AuditSettings, watch: Watch
) -> list[tuple[TurnsOn, ...]]:
    """Per claim, the parameters along which its verdict changes, most decisive first."""
    found: list[list[_Turning]] = [[] for _ in claims]
    columns = swept_parameters(worlds.case) if claims else []
    for start in range(0, len(columns), TOGETHER):
        watch("sweeps", start, len(columns))
        if watch.stopped:
            break
        group = columns[start : start + TOGETHER]
        places = [sweep_points(worlds.case, column, settings.sweep_points) for column in group]
        theta = np.vstack([along(worlds.case, column, at) for column, at in zip(group, places, strict=True)])
        lines = np.repeat(np.arange(len(group), dtype=np.int32), [len(at) for at in places])
        verdicts = _judge(Book(worlds, theta, lines=lines), claims)
        if watch.stopped:
            break
        for number, (column, at) in enumerate(zip(group, places, strict=True)):
            rows = np.flatnonzero(lines == number)
            for k in range(len(claims)):
                states, usable = _states(verdicts.holds[k, rows]), verdicts.certified[k, rows]
                differs = (states != _states(at_base.holds[k])).any(axis=0) & usable
                if differs.any():
                    share = float(differs.sum() / usable.sum())
                    found[k].append(_Turning(column, share, changes(column, at, (states, usable))))
    watch("sweeps", len(columns), len(columns))
    return [_located(worlds, claim, entries, watch) for claim, entries in zip(claims, found, strict=True)]


@dataclass(frozen=True, eq=False)
class _Turning:
    """A parameter along which a verdict changes: the share of its range where it differs, and the stretches."""

    column: int
    share: float
    switches: list[Switch]


def _located(worlds: Worlds, claim: Claim, entries: list[_Turning], watch: Watch) -> tuple[TurnsOn, ...]:
    """The most decisive parameters of a claim with the values at which its verdict changes."""
    kept = sorted(entries, key=lambda item: (-item.share, item.column))[:MOST_SHOWN]

    def state(theta: Floats) -> States:
        judged = Book(worlds, theta).judge(claim)
        return _states(judged.holds), judged.certified

    switches = [switch for item in kept for switch in item.switches]
    located = refine(worlds.case, switches, state, watch, f"switches of {claim.id}", resolution=1e-3)
    found: list[TurnsOn] = []
    for item in kept:
        parameter = worlds.case.parameters[item.column]
        places = tuple(0.5 * (switch.low + switch.high) for switch in located if switch.column == item.column)
        found.append(TurnsOn(parameter.name, parameter.value, places, item.share))
    return tuple(found)


def _states(holds: Floats) -> Bools:
    """[2, draws] whether a claim holds, and whether it is undefined."""
    return np.array([holds == 1.0, np.isnan(holds)])


def _sensitive(
    worlds: Worlds, base: Book, claims: list[Claim], at_base: _Verdicts, settings: AuditSettings, watch: Watch
) -> set[str]:
    """Ids of claims whose verdict at base values changes with another certified equilibrium of one posture."""
    found: set[str] = set()
    postures = sorted({posture for posture, where in base.played if not where})
    for done, posture in enumerate(postures):
        watch("other equilibria", done, len(postures))
        if watch.stopped or settings.starts <= 0:
            break
        for other in _other_plays(worlds, base.played[posture, ""], base.setting(()).scale, settings.starts):
            book = Book(worlds, base.theta, {posture: other})
            book.played.update({key: item for key, item in base.played.items() if key != (posture, "")})
            for k, claim in enumerate(claims):
                holds = book.judge(claim).holds[0]
                if claim.id not in found and not _alike(holds, float(at_base.holds[k, 0])):
                    found.add(claim.id)
    watch("other equilibria", len(postures), len(postures))
    return found


def _alike(first: float, second: float) -> bool:
    return first == second or (np.isnan(first) and np.isnan(second))


def _other_plays(worlds: Worlds, played: Played, scale: Floats, starts: int) -> list[Played]:
    """The posture with another equilibrium in one of its parts."""
    found: list[Played] = []
    for place, part in enumerate(played.parts):
        if part.probe is not None:  # at a belief of the best signal: the tie-break there is part of the posture
            continue
        for assessment, _ in others_of(worlds, part.solved, 0, starts, scale[0]):
            kept = part.solved
            other = Solved(kept.game, kept.numbers, assessment, kept.certificate, kept.inverse, kept.status)
            parts = list(played.parts)
            parts[place] = Part(other, part.rows, part.weight)
            found.append(Played(played.posture, played.draws, tuple(parts), played.certified, played.optimal))
    return found


def _claim(
    case: Case,
    claim: Claim,
    k: int,
    verdicts: tuple[_Verdicts, _Verdicts],
    turning: tuple[TurnsOn, ...],
    sensitive: bool,
    base: Book,
) -> ClaimAnswer:
    at_base, found = verdicts
    certified, holds = found.certified[k], found.holds[k]
    known = certified & ~np.isnan(holds)
    share = float(holds[known].mean()) if known.any() else None
    open_worlds = int((~certified).sum())
    judged = int(known.sum()) + open_worlds
    yes = float(holds[known].sum())
    verdict = _verdict(float(at_base.holds[k, 0]), bool(at_base.certified[k, 0]))
    return ClaimAnswer(
        id=claim.id,
        says=claim.says,
        source=claim.source,
        at_base=verdict,
        share=share,
        share_bounds=None if share is None else (yes / judged, (yes + open_worlds) / judged),
        undefined=float(np.isnan(holds[certified]).mean()) if certified.any() else 0.0,
        turns_on=turning,
        reason=_reason(base, claim, verdict, at_base, k) if verdict == "cannot be judged" else "",
        by_assumption=set_directly(case, claim) if verdict == "holds" else (),
        selection_sensitive=sensitive,
        holds=np.where(certified, holds, np.nan),
        quantities=_quantities(base, claim),
    )


def _verdict(holds: float, certified: bool) -> Verdict:
    if not certified or np.isnan(holds):
        return "cannot be judged"
    return "holds" if holds == 1.0 else "fails"


def _reason(base: Book, claim: Claim, verdict: Verdict, at_base: _Verdicts, k: int) -> str:
    if not at_base.certified[k, 0]:
        return "an equilibrium it rests on could not be certified at base values"
    assert claim.holds_when is not None
    missing = [leaf.text for leaf in leaves(claim.holds_when) if np.isnan(base.look_up(leaf)[0]).all()]
    return f"undefined at base values, because its condition never occurs there: {', '.join(missing)}"


def _quantities(base: Book, claim: Claim) -> dict[str, float]:
    assert claim.holds_when is not None
    found = [leaf for leaf in leaves(claim.holds_when) if isinstance(leaf, Quantity)]
    return {leaf.text: float(np.ravel(base.look_up(leaf)[0])[0]) for leaf in found}


def _unjudged(claim: Claim, draws: int) -> ClaimAnswer:
    return ClaimAnswer(
        id=claim.id,
        says=claim.says,
        source=claim.source,
        at_base="cannot be judged",
        share=None,
        share_bounds=None,
        undefined=0.0,
        turns_on=(),
        reason=cannot_judge(claim),
        by_assumption=(),
        selection_sensitive=False,
        holds=np.full(draws, np.nan),
        quantities={},
    )
