"""Which agreement would hold? Each design at base values, over plausible worlds, and what it turns on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from detente.axes import Bools, Floats
from detente.case import Case, Design, SettlementSection, array_function
from detente.ensemble import draw_parameters
from detente.errors import Interrupted, RequestError
from detente.solvers.settlement import Prices
from detente.solvers.settlement import settle as search
from detente.study.games import SolveOptions
from detente.study.hidden_terms import odds_of, under
from detente.study.manifest import make_manifest
from detente.study.results_hidden import WEAKEST, Completion
from detente.study.results_settle import DesignAnswer, Quantiles, SettleAnswer
from detente.study.settle_design import AtBase, Mending, at_base, frontier_of, remedies_of, stops_of
from detente.study.settle_game import MOST_PLAYED, Deal
from detente.study.settle_hidden import completion, too_long
from detente.study.settle_turning import FEWEST_WORLDS, MOST_LOOKED_AT, Turning, opposite_together, turning_points
from detente.study.settlement_terms import DesignTerms
from detente.study.settles import holds_in, settlement_of
from detente.study.watch import Unwatched, Watch

CHUNK = 512
"""Worlds looked at before the watch is asked again, at most."""
MOST_TRIED_SETS = 1 << 28
"""Sets of completed steps that all changes of one design may be tried on: fewer changes where there are more moves."""
FEWEST_TRIED = 64
"""Changes that are tried all the same."""
MOST_SLACK_MOVES = 16
"""Moves up to which the largest slack is found in every world, which can take a pass of its own."""


@dataclass(frozen=True)
class SettleSettings:
    """What `settle` does; every field is written into the manifest.

    Attributes:
        draws: Worlds tried.
        seed: Which sequence of worlds.
        designs: Names of the designs asked about; None is all.
        orders: How many of the best orders are listed.
        sweep_points: Values tried along each parameter for what the verdict turns on; 0 leaves it out.
        resolution: Flips of the verdict are located to this share of the range.
        most_changes: Most changes in a remedy; 0 looks for none.
        most_tried: Most sets of changes tried per design.
        frontier: Whether guarantees that differ by party are looked for.
        threads: Threads; None is all cores.
        chosen_for: Under hidden aims, the party that the best order is to be best for; ``weakest`` for whoever gains
            least by the agreement.
        hidden_draws: Worlds in which orders are played under hidden aims, at most `draws`.
    """

    draws: int = 1000
    seed: int = 0
    designs: tuple[str, ...] | None = None
    orders: int = 3
    sweep_points: int = 64
    resolution: float = 1e-3
    most_changes: int = 2
    most_tried: int = 5000
    frontier: bool = True
    threads: int | None = None
    chosen_for: str = WEAKEST
    hidden_draws: int = 100

    @classmethod
    def quick(cls, **changes: Any) -> SettleSettings:
        """A look at the answer: fewer worlds, coarser sweeps, single changes only."""
        return replace(cls(draws=100, sweep_points=17, most_changes=1, hidden_draws=20), **changes)


@dataclass(frozen=True, eq=False)
class InWorlds:
    """A design over worlds.

    Attributes:
        entered: [draws, parties] who would sign.
        exists: [draws] whether an order is self-enforcing.
        believed: [draws] whether hope alone would carry it.
        guarantee: [draws] the smallest guarantee; infinite where none suffices.
        slack: [draws] the largest slack; NaN where it was not looked for.
    """

    entered: Bools
    exists: Bools
    believed: Bools
    guarantee: Floats
    slack: Floats

    @property
    def holds(self) -> Bools:
        """[draws] whether all would sign and an order is self-enforcing."""
        return np.asarray(self.entered.all(axis=1) & self.exists)

    @classmethod
    def joined(cls, parts: Sequence[InWorlds]) -> InWorlds:
        """Chunks one after the other."""
        names = ("entered", "exists", "believed", "guarantee", "slack")
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def settle(case: Case, settings: SettleSettings | None = None, watch: Watch | None = None) -> SettleAnswer:
    """Say of each design of a settlement whether it would hold, where it gets stuck, and what would mend it.

    Args:
        case: The case.
        settings: What to do.
        watch: Told the progress; may stop the work, which then answers with what is done.

    Raises:
        Interrupted: Stopped before the first worlds were finished.
        RequestError: The case has no settlement, there is no such design, or no draws were asked for.
    """
    settings = settings or SettleSettings()
    watch = watch or Unwatched()
    if settings.draws < 1:
        raise RequestError("at least one draw is needed")
    settlement = settlement_of(case)
    prices = _prices(case, settlement)
    _known_party(settlement, settings.chosen_for)
    chosen = [settlement.design(name) for name in dict.fromkeys(settings.designs or settlement.design_names)]
    terms = [DesignTerms(case, settlement, design) for design in chosen]
    bases: list[AtBase] = []
    for done, item in enumerate(terms):
        watch("base values", done, len(terms))
        if watch.stopped:
            raise Interrupted("stopped before the first worlds were finished")
        bases.append(at_base(item, settings.orders, settings.threads))
    watch("base values", len(terms), len(terms))
    worlds = _over_worlds(terms, settings, watch)
    done = len(worlds[0].exists)
    theta = draw_parameters(case, settings.seed, 0, done)
    turning: list[Turning] = []
    for k, (item, base, found) in enumerate(zip(terms, bases, worlds, strict=True)):
        watch("what verdicts turn on", k, len(terms))
        turning.append(_turning(item, base.holds, found, theta, settings, watch))
    watch("what verdicts turn on", len(terms), len(terms))
    hidden = _hidden(terms, bases, theta, settings, watch)
    answers: list[DesignAnswer] = []
    for k, (item, base, found) in enumerate(zip(terms, bases, worlds, strict=True)):
        watch("remedies", k, len(terms))
        answer = _design(item, base, found, turning[k], _mending(base, prices, settings, watch))
        answers.append(replace(answer, completion=hidden[k][0], notes=(*answer.notes, *hidden[k][1])))
    watch("remedies", len(terms), len(terms))
    return SettleAnswer(
        case_title=case.title,
        title=settlement.title or case.title,
        about=settlement.about,
        source=settlement.source,
        parties={name: case.actor(name).name for name in settlement.parties},
        steps=_said(settlement, chosen),
        done={step.id: step.done for step in settlement.steps if step.done},
        performers={step.id: step.by for step in settlement.steps},
        exit=settlement.designs[0].setting.exit,
        designs=tuple(answers),
        draws=settings.draws,
        draws_done=done,
        interrupted=watch.stopped,
        manifest=make_manifest(case, settings.seed, settings.draws, _recorded(settings)),
        notes=_notes(case, settings, done, watch.stopped),
        prices=dict(vars(prices)),
        step_titles={step.id: step.title for step in settlement.steps if step.title},
    )


def _over_worlds(terms: list[DesignTerms], settings: SettleSettings, watch: Watch) -> list[InWorlds]:
    """Every design in the same worlds; those finished, if stopped.

    Raises:
        Interrupted: Not even the first chunk was finished.
    """
    theta = draw_parameters(terms[0].case, settings.seed, 0, settings.draws)
    chunks: list[list[InWorlds]] = []
    moves = max(item.num_moves for item in terms)
    size = min(CHUNK, max(FEWEST_WORLDS, MOST_LOOKED_AT >> moves))
    for low in range(0, len(theta), size):
        chunk: list[InWorlds] = []
        for k, item in enumerate(terms):
            watch("worlds", low * len(terms) + k * min(size, len(theta) - low), len(theta) * len(terms))
            if watch.stopped:
                break
            chunk.append(_in_worlds(item, theta[low : low + size], settings.threads))
        if len(chunk) < len(terms):
            break
        chunks.append(chunk)
    watch("worlds", len(theta) * len(terms), len(theta) * len(terms))
    if not chunks:
        raise Interrupted("stopped before the first worlds were finished")
    return [InWorlds.joined([chunk[k] for chunk in chunks]) for k in range(len(terms))]


def _in_worlds(terms: DesignTerms, theta: Floats, threads: int | None) -> InWorlds:
    agreement = terms.agreement(theta)
    found = search(agreement, best=terms.num_moves <= MOST_SLACK_MOVES, count=False, reach=False, threads=threads)
    slack = np.full(len(theta), np.nan) if found.slack is None else found.slack
    return InWorlds(found.entered, found.exists, found.believed, found.guarantee, slack)


def _design(terms: DesignTerms, base: AtBase, worlds: InWorlds, turning: Turning, mending: Mending) -> DesignAnswer:
    found, names, design = base.found, base.names, terms.design
    share, least = worlds.holds.mean(), worlds.guarantee
    order = found.order_under_guarantee()
    notes = list(mending.notes)
    if bool(found.believed[0]) and not bool(found.exists[0]):
        notes.append("If completion is believed it is carried to its end, but no order is self-enforcing.")
    return DesignAnswer(
        name=design.name,
        about=design.about,
        changes=design.changes,
        steps=terms.steps,
        moves=names.order(found.moves),
        stop=design.setting.stop,
        entered={name: bool(found.entered[0, i]) for i, name in enumerate(terms.parties)},
        entered_share=float(worlds.entered.all(axis=1).mean()),
        entered_shares={name: float(worlds.entered[:, i].mean()) for i, name in enumerate(terms.parties)},
        exists_at_base=bool(found.exists[0]),
        believed_at_base=bool(found.believed[0]),
        holds_at_base=base.holds,
        share=float(share),
        share_exists=float(worlds.exists.mean()),
        share_believed=float(worlds.believed.mean()),
        share_error=float(np.sqrt(share * (1.0 - share) / len(least))),
        orders=None if found.orders is None else found.orders[0],
        best_order=base.ranked[0].order,
        slack=base.ranked[0].slack,
        slack_by_step=base.slack_by_step,
        value={name: float(found.value[0, i]) for i, name in enumerate(terms.parties)},
        outside={name: float(np.asarray(base.agreement.outside)[0, i]) for i, name in enumerate(terms.parties)},
        guarantee=_finite(found.guarantee[0]),
        guarantee_order=() if order is None else names.order(order),
        guarantee_over_worlds=_quantiles(least),
        slack_over_worlds=_quantiles(worlds.slack),
        blocked=base.blocked,
        stuck=base.stuck,
        remedies=mending.remedies,
        remedies_complete=mending.complete,
        frontier=mending.frontier,
        turns_on=turning.turns_on,
        opposite=turning.opposite,
        lattice=base.lattice,
        verdicts=tuple(int(item) for item in worlds.holds),
        guarantees=tuple(_finite(item) for item in least),
        notes=tuple(notes),
        best_orders=base.ranked,
        stops=mending.stops,
        together=turning.together,
        title=design.title,
        swept=turning.complete,
    )


def _turning(
    terms: DesignTerms, holds: bool, worlds: InWorlds, theta: Floats, settings: SettleSettings, watch: Watch
) -> Turning:
    """What the verdict turns on, and what would have to be true for the opposite one."""
    if not settings.sweep_points or watch.stopped:
        return Turning(complete=False)

    def judge(rows: Floats) -> Bools:
        return holds_in(terms, rows, settings.threads)

    found = turning_points(terms, judge, holds, settings.sweep_points, settings.resolution, watch)
    if watch.stopped:
        return replace(found, complete=False)
    if found.opposite:
        return found
    return replace(found, together=opposite_together(terms, judge, holds, theta, worlds.holds))


def _known_party(settlement: SettlementSection, party: str) -> None:
    """Refuse a party that is none."""
    if party != WEAKEST and party not in settlement.parties:
        legal = ", ".join(settlement.parties)
        raise RequestError(f"'{party}' is no party to the settlement. Its parties are {legal}; or say `{WEAKEST}`.")


def _hidden(
    terms: list[DesignTerms], bases: list[AtBase], theta: Floats, settings: SettleSettings, watch: Watch
) -> list[tuple[Completion | None, tuple[str, ...]]]:
    """Per design: what hidden aims do to its orders, and why that cannot be had if it cannot."""
    case, settlement = terms[0].case, settlement_of(terms[0].case)
    found: list[tuple[Completion | None, tuple[str, ...]]] = [(None, ()) for _ in terms]
    if not settlement.hidden or watch.stopped:
        return found
    theta = theta[: settings.hidden_draws]
    try:
        odds = odds_of(case, settlement, theta, settings.seed, watch)
        options = SolveOptions(settings.threads, lambda: watch.stopped)
        for k, (item, base) in enumerate(zip(terms, bases, strict=True)):
            if too_long(base.ranked[0].order):
                found[k] = (None, (f"Hidden aims can be played out for at most {MOST_PLAYED} moves; this has more.",))
                continue
            agreements = under(item, settlement, np.vstack([case.base_theta()[None], theta]))
            deal = Deal(settlement, item, agreements, odds)
            found[k] = (completion(deal, base.ranked, settings.chosen_for, options, watch), ())
    except Interrupted:
        pass
    except RequestError as error:
        why = f"Hidden aims could not be played out: {error}"
        return [pair if pair[0] is not None else (None, (why,)) for pair in found]
    return found


def _prices(case: Case, settlement: SettlementSection) -> Prices:
    """What changes cost, at base values.

    Raises:
        RequestError: A price is below 0 where values of parameters were assumed.
    """
    base, names = case.base_theta()[None, :], case.parameter_names
    return Prices(**{name: float(array_function(item, names)(base)[0]) for name, item in settlement.prices.items()})


def _mending(base: AtBase, prices: Prices, settings: SettleSettings, watch: Watch) -> Mending:
    """What would make an order hold, and what guarantees by party do."""
    if watch.stopped:
        return Mending()
    most = min(settings.most_tried, max(FEWEST_TRIED, MOST_TRIED_SETS >> len(base.found.moves)))
    remedies, complete = remedies_of(base, prices, settings.most_changes, most)
    frontier, note = frontier_of(base) if settings.frontier else (None, "")
    stops = stops_of(base)
    notes = [f"Only the first {most:,} sets of changes that might mend it were tried."] if not complete else []
    return Mending(remedies, complete, frontier, stops, (*notes, *([note] if note else [])))


def _said(settlement: SettlementSection, designs: list[Design]) -> dict[str, str]:
    """Step -> what it says; parts of a split step say what the step says."""
    said = {step.id: step.says for step in settlement.steps}
    for design in designs:
        said.update({step.id: step.says for step in design.steps if step.id not in said})
    return said


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _quantiles(values: Floats) -> Quantiles:
    known = values[~np.isnan(values)]
    if not len(known):
        return Quantiles(None, None, None)
    low, middle, high = (_finite(x) for x in np.quantile(known, (0.05, 0.5, 0.95), method="inverted_cdf"))
    return Quantiles(low, middle, high, float(np.isinf(known).mean()))


def _recorded(settings: SettleSettings) -> dict[str, Any]:
    return {name: value for name, value in asdict(settings).items() if name not in ("draws", "seed", "threads")}


def _notes(case: Case, settings: SettleSettings, done: int, stopped: bool) -> tuple[str, ...]:
    notes: list[str] = []
    if stopped:
        notes.append(f"Stopped after {done:,} of {settings.draws:,} worlds; what was not finished is left out.")
    if settings.sweep_points < 64:
        notes.append(
            f"What a verdict turns on comes from {settings.sweep_points} values of each parameter: flips in close "
            "pairs may be missed."
        )
    if any(not item.distribution.stated and item.distribution.kind != "fixed" for item in case.parameters):
        notes.append("A range without a stated distribution counts as uniform.")
    return tuple(notes)
