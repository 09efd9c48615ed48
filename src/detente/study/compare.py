"""Which posture, and when? The answer over plausible worlds, with what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from detente.axes import Bools, Floats
from detente.case import Case
from detente.ensemble import draw_parameters
from detente.errors import Interrupted, RequestError
from detente.second import Second
from detente.study import weighing
from detente.study.abandon import abandon_gains, label_text
from detente.study.envelope import draw_envelope
from detente.study.equilibria import compare_equilibria
from detente.study.games import SolveOptions, entering, parameters_behind
from detente.study.given_answer import Conditions, given_answer, given_notes, take_given
from detente.study.manifest import make_manifest, summarize
from detente.study.panel import Columns, Panel, panel_of
from detente.study.partner import Partner, RunningWorlds
from detente.study.played import Played
from detente.study.regions import influential, paired, region_map
from detente.study.results import Band, CompareAnswer, EnvelopeAnswer, PostureAnswer, RegionMap, TippingPoint
from detente.study.selection import Alternatives, sensitive_worlds
from detente.study.statement import confidence, statement
from detente.study.strategic import PRECISION
from detente.study.tipping import Line, as_sweep, sweep_all, swept_parameters, tipping_points
from detente.study.watch import Unwatched, Watch
from detente.study.worlds import TIE, Worlds

QUICK_DRAWS = 100
BATCH = 25  # worlds evaluated together; small, so that two processes end at about the same time


@dataclass(frozen=True)
class CompareSettings:
    """What a comparison does; every field is written into the manifest.

    Attributes:
        draws: Worlds tried.
        seed: Which sequence of worlds.
        postures: Names of those to compare; None is all.
        sweep_points: Values tried along each parameter for the tipping points.
        most_swept: Look for tipping points along so many parameters only: those that the lead of the best
            posture goes with most closely over the worlds. None is all.
        resolution: Tipping points are located to this share of the range.
        region_points: Values per side of the region map; 0 leaves it out.
        envelope_points: Beliefs of the chart of value against belief; 0 leaves it out.
        starts: Interior starting points for other equilibria, per posture and world; 0 looks for none.
        start_worlds: Drawn worlds in which other equilibria are looked for, beside the base values.
        equilibria: ``principal``, or ``all`` to look for every equilibrium of every posture.
        equilibria_worlds: Drawn worlds in which that is done, beside the base values.
        threads: Threads; None is all cores.
        limit: Most nodes a tree may have.
        given_evidence: Start from what the case's evidence says: observed moves have happened, and all of it moves
            the beliefs about types.
        as_of: Last day whose reports count; None takes all. Needs `given_evidence`.
        precision: Logit precision of the play of the past, 1 / payoff range.
    """

    draws: int = 1000
    seed: int = 0
    postures: tuple[str, ...] | None = None
    sweep_points: int = 64
    most_swept: int | None = None
    resolution: float = 1e-4
    region_points: int = 15
    envelope_points: int = 65
    starts: int = 20
    start_worlds: int = 2
    equilibria: str = "principal"
    equilibria_worlds: int = 4
    threads: int | None = None
    limit: int = 200_000
    given_evidence: bool = False
    as_of: date | None = None
    precision: float = PRECISION

    @classmethod
    def quick(cls, **changes: Any) -> CompareSettings:
        """A look at the answer: fewer worlds, coarser sweeps and maps."""
        coarse = cls(
            draws=QUICK_DRAWS,
            sweep_points=9,
            most_swept=10,
            resolution=1e-3,
            region_points=6,
            envelope_points=33,
            start_worlds=0,
            equilibria_worlds=1,
        )
        return replace(coarse, **changes)


@dataclass(frozen=True, eq=False)
class _Base:
    """Every posture at base values."""

    played: tuple[Played, ...]
    panel: Panel
    alternatives: tuple[Alternatives, ...]
    sensitive: bool
    gains: tuple[dict[str, dict[str, Any]], ...]


@dataclass(frozen=True, eq=False)
class _When:
    """What the answer depends on; `weight` is that of the certified worlds, None if all count alike."""

    lines: tuple[Line, ...]
    points: tuple[TippingPoint, ...]
    region: RegionMap | None
    envelope: EnvelopeAnswer | None
    conditions: Conditions | None
    weight: Floats | None


def compare(
    case: Case, settings: CompareSettings | None = None, watch: Watch | None = None, second: Second | None = None
) -> CompareAnswer:
    """Compare the postures of a case over plausible worlds.

    Args:
        case: The case.
        settings: What to do.
        watch: Told the progress; may stop the work, which then answers with what is done.
        second: A second process that was started for this question already.

    Returns:
        The answer; `interrupted` if stopped.

    Raises:
        Interrupted: Stopped before a single world was finished.
        RequestError: No draws, postures that cannot be compared, or evidence to go by that the case does not have.
    """
    settings = settings or CompareSettings()
    watch = watch or Unwatched()
    if settings.draws < 1:
        raise RequestError("at least one draw is needed")
    options = SolveOptions(settings.threads, lambda: watch.stopped)
    worlds, conditions = take_given(
        case, settings.given_evidence, settings.as_of, settings.precision, settings.postures, options, settings.limit
    )
    owners = sorted({posture.owner for posture in worlds.postures})
    if len(owners) > 1:
        raise RequestError(f"postures of one owner can be compared at a time; these belong to {', '.join(owners)}")
    worlds.compile_all(lambda done, total: watch("compile", done, total))
    swept = len(_columns(worlds)) if settings.most_swept is None else settings.most_swept
    partner = Partner.start(worlds, settings.draws + swept * settings.sweep_points, settings.threads, second)
    try:
        theta = draw_parameters(case, settings.seed, 0, settings.draws)
        running = RunningWorlds(worlds, theta, watch, BATCH, partner)
        base = _at_base(worlds, settings, watch)
        panel = None if base is None else running.finish("worlds")
        if base is None or panel is None:
            raise Interrupted("stopped before the first worlds were finished")
        done = len(panel.spread)
        when = _when(worlds, settings, panel, theta[:done], watch, partner, conditions)
    finally:
        if partner is not None:
            partner.close()
    sensitive = base.sensitive or _sensitive_draws(worlds, settings, theta[:done], panel.whole, watch)
    answer = _answer(worlds, settings, base, panel, theta[:done], when, sensitive, watch.stopped)
    if settings.equilibria != "all":
        return answer
    few = theta[:done][panel.whole][: settings.equilibria_worlds]
    found = compare_equilibria(worlds, base.played, few, settings.starts, watch, settings.seed)
    return replace(answer, equilibria=found, interrupted=answer.interrupted or found.interrupted)


def _at_base(worlds: Worlds, settings: CompareSettings, watch: Watch) -> _Base | None:
    theta = worlds.case.base_theta()[None, :]
    scale = worlds.scale(theta)
    watch("base values", 0, len(worlds.postures))
    played: list[Played] = []
    gains: list[dict[str, dict[str, Any]]] = []
    for k, posture in enumerate(worlds.postures):
        played.append(worlds.play(posture, theta, scale))
        if watch.stopped:
            return None
        gains.append(abandon_gains(worlds, posture, played[-1], theta, scale))
        watch("base values", k + 1, len(worlds.postures))
    watch("other equilibria", 0, 1)
    found, sensitive = sensitive_worlds(worlds, theta, settings.starts)
    watch("other equilibria", 1, 1)
    panel = panel_of([Columns.of(item) for item in played], scale[:, worlds.owner], worlds.owner)
    return _Base(tuple(played), panel, tuple(found[0]), sensitive[0], tuple(gains))


def _sensitive_draws(worlds: Worlds, settings: CompareSettings, theta: Floats, whole: Bools, watch: Watch) -> bool:
    rows = np.flatnonzero(whole)[: settings.start_worlds]
    for done, row in enumerate(rows):
        watch("other equilibria", done, len(rows))
        if watch.stopped:
            return False
        if sensitive_worlds(worlds, theta[row : row + 1], settings.starts)[1][0]:
            return True
    return False


def _when(
    worlds: Worlds,
    settings: CompareSettings,
    panel: Panel,
    theta: Floats,
    watch: Watch,
    partner: Partner | None,
    conditions: Conditions | None,
) -> _When:
    weight = None if conditions is None else conditions.weigh(theta, panel.whole)
    lines: list[Line] = []
    points: list[TippingPoint] = []
    if len(worlds.postures) > 1:
        columns = influential(panel, theta, _columns(worlds), settings.most_swept, weight)
        lines = sweep_all(worlds, settings.sweep_points, watch, columns, partner)
        points = tipping_points(worlds, lines, watch, settings.resolution, partner)
    envelope = draw_envelope(worlds, settings.envelope_points, watch) if settings.envelope_points else None
    region = region_map(worlds, lines, settings.region_points, watch, partner) if settings.region_points else None
    return _When(tuple(lines), tuple(points), region, envelope, conditions, weight)


def _answer(
    worlds: Worlds,
    settings: CompareSettings,
    base: _Base,
    panel: Panel,
    theta: Floats,
    when: _When,
    sensitive: bool,
    stopped: bool,
) -> CompareAnswer:
    case, whole, weight, conditions = worlds.case, panel.whole, when.weight, when.conditions
    names = [posture.name for posture in worlds.postures]
    best = panel.best[:, whole]
    shares = _shares(best, weight)
    together = [name for name, share in zip(names, shares, strict=True) if share >= shares.max() - 1e-9]
    first = names.index(together[0])
    alone = best[first] & (best.sum(axis=0) == 1) if best.size else np.zeros(0, dtype=np.bool_)
    share, tied = 0.0, 0.0
    if best.size:
        share, tied = weighing.mean(best[first], weight), weighing.mean(best[first] & ~alone, weight)
    uncertified = float((~whole).mean())
    turning = list(dict.fromkeys(point.parameter for point in when.points))
    swept = [case.parameters[line.column].name for line in when.lines]
    owner = worlds.players[worlds.owner]
    quo = next((name for name in names if case.posture(name).status_quo), together[0])
    equal = dict(zip(names, _shares(best).tolist(), strict=True))
    done = CompareAnswer(
        case_title=case.title,
        manifest=make_manifest(case, settings.seed, settings.draws, _recorded(settings)),
        owner=owner,
        actors={actor.id: actor.name for actor in case.actors},
        status_quo=case.status_quo.name,
        postures=tuple(_posture(worlds, k, base, panel, float(shares[k]), weight) for k in range(len(names))),
        leading=together[0],
        leading_tied=tuple(together) if len(together) > 1 else (),
        tied_share=weighing.mean(best.sum(axis=0) > 1, weight) if best.size else 0.0,
        selection_sensitive=sensitive,
        statement=statement(
            case, owner, together, len(names), share, tied, None if conditions is None else conditions.as_of
        ),
        confidence=confidence(case, turning, sensitive, uncertified)[1],
        paired=tuple(
            paired(names, panel.own, whole, list(dict.fromkeys([together[0], quo])), TIE * panel.spread, weight)
        ),
        tipping_points=when.points,
        none_in_range=tuple(name for name in swept if name not in turning),
        sweeps=tuple(as_sweep(worlds, line) for line in when.lines),
        region=when.region,
        envelope=when.envelope,
        certificate=summarize(worlds.tally, uncertified),
        interrupted=stopped,
        draws_done=len(theta),
        certified=whole,
        draws=theta,
        notes=(*_notes(worlds, settings, panel, when, stopped), *given_notes(conditions)),
        given=None if conditions is None else given_answer(conditions, theta, whole, weight, equal),
    )
    return done


def _columns(worlds: Worlds) -> list[int]:
    """Parameters to look for tipping points along: those with a range, but what only other questions rest on."""
    case, columns = worlds.case, swept_parameters(worlds.case)
    if case.settlement is None and case.evidence is None:
        return columns
    observed = worlds.observed
    used = set[str]() if observed is None else {case.parameter_names[column] for column in observed.past.uses}
    whole = worlds if observed is None else observed.whole
    for posture in case.postures:
        used |= parameters_behind(posture, entering(case, whole.game(posture).compiled))
    return [column for column in columns if case.parameters[column].name in used]


def _recorded(settings: CompareSettings) -> dict[str, Any]:
    kept = asdict(settings)
    kept["as_of"] = settings.as_of.isoformat() if settings.as_of else None
    return {name: value for name, value in kept.items() if name not in ("draws", "seed", "threads")}


def _shares(best: Bools, weight: Floats | None = None) -> Floats:
    """[postures] share of worlds in which each is best, ties split."""
    if not best.size:
        return np.zeros(len(best))
    split = best / best.sum(axis=0)
    return split.mean(axis=1) if weight is None else np.clip(split @ weight, 0.0, 1.0)


def _band(values: Floats, weight: Floats | None) -> Band:
    used = ~np.isnan(values)
    known = values[used]
    if not len(known):
        return Band(float("nan"), float("nan"), float("nan"))
    heavy = None if weight is None else weight[used] / weight[used].sum()
    ends = (weighing.quantile(known, level, heavy) for level in (0.05, 0.95))
    return Band(weighing.mean(known, heavy), *ends)


def _posture(worlds: Worlds, k: int, base: _Base, panel: Panel, share: float, weight: Floats | None) -> PostureAnswer:
    posture, played, whole = worlds.postures[k], base.played[k], panel.whole
    game = played.parts[0].solved.game
    labels = [label_text(combo) for combo in game.own_labels] if game.own_types else []
    names = game.compiled.outcome_names
    regret = (panel.own.max(axis=0) - panel.own[k])[whole]
    certain = share * float(whole.mean())
    values = np.where(whole[:, None], panel.values[k], np.nan)
    return PostureAnswer(
        name=posture.name,
        about=posture.about,
        value={actor: _band(panel.values[k, whole, i], weight) for i, actor in enumerate(worlds.players)},
        value_by_type={label: _band(panel.by_type[k, whole, i], weight) for i, label in enumerate(labels)},
        outcomes={name: _band(panel.outcomes[k, whole, i], weight) for i, name in enumerate(names)},
        best_share=share,
        best_share_bounds=(certain, certain + float((~whole).mean())),
        regret_p90=weighing.quantile(regret, 0.9, weight) if len(regret) else float("nan"),
        abandon_gain=base.gains[k],
        needs_commitment=any(item["gain"] > 0 for item in base.gains[k].values()),
        not_modelled=_band(panel.not_modelled[k, whole], weight),
        base_value={actor: float(base.panel.values[k, 0, i]) for i, actor in enumerate(worlds.players)},
        base_outcomes={name: float(base.panel.outcomes[k, 0, i]) for i, name in enumerate(names)},
        base_value_by_type={label: float(base.panel.by_type[k, 0, i]) for i, label in enumerate(labels)},
        equilibria_range=(base.alternatives[k].low, base.alternatives[k].high),
        values=values,
        outcome_draws=np.where(whole[:, None], panel.outcomes[k], np.nan),
        optimal=dict(played.optimal[0]) if played.optimal else {},
    )


def _notes(worlds: Worlds, settings: CompareSettings, panel: Panel, when: _When, stopped: bool) -> Sequence[str]:
    notes: list[str] = []
    if not bool(panel.whole.all()):
        notes.append(f"{int((~panel.whole).sum())} worlds could not be certified and are left out of every number.")
    if stopped and len(when.lines) < len(_columns(worlds)):
        notes.append("Stopped before every parameter had been looked at for tipping points.")
    left_out = len(_columns(worlds)) - len(when.lines)
    if settings.most_swept is not None and left_out > 0 and not stopped:
        notes.append(
            f"Tipping points were looked for along {len(when.lines)} parameters only, those that the lead goes with "
            f"most closely over the worlds; {left_out} were left out."
        )
    if settings.sweep_points < 64:
        notes.append(
            f"Tipping points come from {settings.sweep_points} values of each parameter: "
            "switches that come in close pairs may be missed."
        )
    if any(not item.distribution.stated and item.distribution.kind != "fixed" for item in worlds.case.parameters):
        notes.append("A range without a stated distribution counts as uniform.")
    return notes
