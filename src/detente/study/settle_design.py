"""One design at base values: its orders, where it gets stuck and why, and what would mend it, in words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from detente.case import Step
from detente.errors import UnsupportedError
from detente.game.settlement import MOST_FADING, Agreement
from detente.solvers.settlement import (
    Change,
    Prices,
    Settlement,
    Unlocking,
    best_orders,
    deadlocks,
    draw_lattice,
    follow_order,
    guarantee_frontier,
    settle,
    stopping_sets,
    unlock_settlement,
)
from detente.study.results_settle import (
    Blocked,
    LatticePicture,
    LatticeSet,
    LatticeStep,
    Move,
    Ranked,
    Remedy,
    Stop,
)
from detente.study.settlement_terms import DesignTerms

MOST_DEADLOCKS = 6
MOST_REMEDIES = 12
MOST_DRAWN = 200
MOST_STOPPED = 9
"""Moves up to which every set is tried as an end."""
STUCK_SHOWN = 20


@dataclass(frozen=True)
class Names:
    """Numbers of steps and parties -> their names, and what they are called in prose."""

    steps: tuple[str, ...]
    parties: tuple[str, ...]
    called: tuple[str, ...]
    titles: tuple[str, ...]

    def move(self, steps: Iterable[int]) -> Move:
        """The names of some steps."""
        return tuple(self.steps[k] for k in steps)

    def order(self, order: Iterable[Iterable[int]]) -> tuple[Move, ...]:
        """The names of an order's moves."""
        return tuple(self.move(move) for move in order)


@dataclass(frozen=True, eq=False)
class AtBase:
    """A design at base values."""

    agreement: Agreement
    found: Settlement
    names: Names
    ranked: tuple[Ranked, ...]
    slack_by_step: tuple[float, ...]
    blocked: tuple[Blocked, ...]
    stuck: tuple[tuple[str, ...], ...]
    lattice: LatticePicture | None

    @property
    def holds(self) -> bool:
        """Whether all would sign and an order is self-enforcing."""
        return bool(self.found.signed[0] & self.found.exists[0])


def at_base(terms: DesignTerms, orders: int, threads: int | None) -> AtBase:
    """Everything about a design at base values that takes no search over changes.

    Args:
        terms: The design.
        orders: How many of the best orders are wanted.
        threads: Threads at work; None for one per core.
    """
    agreement = terms.agreement(terms.case.base_theta()[None, :])
    called = tuple(terms.case.actor(name).name for name in terms.parties)
    names = Names(terms.steps, terms.parties, called, tuple(map(_title, terms.design.steps)))
    found = settle(agreement, threads=threads)
    ranked = best_orders(agreement, max(1, orders))
    walk = follow_order(agreement, ranked[0].order)
    stuck = () if bool(found.believed[0]) else found.maximal_sets()
    return AtBase(
        agreement=agreement,
        found=found,
        names=names,
        ranked=tuple(Ranked(names.order(item.order), item.slack) for item in ranked),
        slack_by_step=tuple(float(number) for number in walk.slack_by_move),
        blocked=_blocked(agreement, names),
        stuck=tuple(names.move(steps) for steps in sorted(stuck, key=lambda item: (-len(item), item))[:STUCK_SHOWN]),
        lattice=_picture(agreement, names, ranked[0].order),
    )


def _blocked(agreement: Agreement, names: Names) -> tuple[Blocked, ...]:
    found: list[Blocked] = []
    for lock in deadlocks(agreement, most=MOST_DEADLOCKS):
        here = [
            Blocked(
                completed=names.move(lock.completed),
                move=names.move(move),
                who=tuple(names.parties[item.party] for item in refusals),
                shortfall=max(item.shortfall for item in refusals),
                terms={names.parties[item.party]: dict(item.terms) for item in refusals},
            )
            for move, refusals in zip(lock.blocked, lock.refusals, strict=True)
        ]
        found += sorted(here, key=lambda item: item.shortfall)
    return tuple(found)


def _picture(agreement: Agreement, names: Names, order: tuple[tuple[int, ...], ...]) -> LatticePicture | None:
    drawn = draw_lattice(agreement, order, most=MOST_DRAWN)
    if drawn is None:
        return None
    sets = tuple(
        LatticeSet(k, names.move(item.steps), item.layer, item.believed, item.carries, item.stuck, item.chosen)
        for k, item in enumerate(drawn.sets)
    )
    steps = tuple(
        LatticeStep(item.start, item.end, names.move(item.steps), item.shortfall, item.chosen) for item in drawn.moves
    )
    return LatticePicture(sets, steps, drawn.total, drawn.total == len(sets))


# --------------------------------------------------------------------------- what would mend it
@dataclass(frozen=True)
class Mending:
    """What would make an order hold; see the fields of `DesignAnswer`. `notes` say what could not be had."""

    remedies: tuple[Remedy, ...] = ()
    complete: bool = False
    frontier: tuple[dict[str, float], ...] | None = None
    stops: tuple[Stop, ...] | None = None
    notes: tuple[str, ...] = ()


def frontier_of(base: AtBase) -> tuple[tuple[dict[str, float], ...] | None, str]:
    """Guarantees by party that suffice, and why they cannot be had if they cannot."""
    if len(base.found.moves) > MOST_FADING:
        return None, f"Guarantees by party can be had for at most {MOST_FADING} moves; this design has more."
    try:
        points = guarantee_frontier(base.agreement)
    except UnsupportedError as error:
        return None, f"Guarantees by party are too many to be told apart here: {error}"
    return tuple(dict(zip(base.names.parties, map(float, row), strict=True)) for row in points), ""


def stops_of(base: AtBase) -> tuple[Stop, ...] | None:
    """The largest sets of steps that could be declared to be the end, where they are few enough to try."""
    if len(base.found.moves) > MOST_STOPPED:
        return None
    return tuple(
        Stop(base.names.move(item.steps), item.rests) for item in stopping_sets(base.agreement) if item.largest
    )


def remedies_of(base: AtBase, prices: Prices, most_changes: int, most_tried: int) -> tuple[tuple[Remedy, ...], bool]:
    """The cheapest smallest sets of changes that make an order hold, and whether all were tried."""
    if bool(base.found.exists[0]) or not most_changes:
        return (), bool(base.found.exists[0])
    found: Unlocking = unlock_settlement(
        base.agreement, prices=prices, most_changes=most_changes, most_tried=most_tried
    )
    remedies = tuple(
        Remedy(
            changes=tuple(_in_words(change, base.names) for change in item.changes),
            cost=item.cost,
            kinds=tuple(change.kind for change in item.changes),
            levels=tuple(change.level for change in item.changes),
        )
        for item in found.remedies[:MOST_REMEDIES]
    )
    return remedies, found.complete


def _in_words(change: Change, names: Names) -> str:
    """A change as a phrase."""
    steps = " and ".join(names.titles[k] for k in change.steps)
    who = "every party" if change.party is None else names.called[change.party]
    if change.kind == "guarantee":
        return f"a guarantee of {_number(change.level)} to {who}"
    if change.kind == "peacekeepers":
        return f"peacekeepers that prevent {_percent(change.level)} of a grab"
    if change.kind == "monitoring":
        return f"a chance of {_percent(change.level)} that a breach is seen"
    if change.kind == "split":
        return f"{steps} in {int(change.level)} equal parts"
    return f"{steps} at the same time"


def _title(step: Step) -> str:
    """What a step is called in prose: its title, or its name; a part with its number."""
    if not step.title:
        return step.id
    return step.title if step.parts == 1 else f"{step.title}, part {step.id.removeprefix(step.base + '.')}"


def _number(value: float) -> str:
    """Three significant digits, rounded up, so that what is said suffices."""
    if value == 0.0:
        return "0"
    grain = 10.0 ** (math.floor(math.log10(abs(value))) - 2)
    return f"{math.ceil(value / grain - 1e-9) * grain:.6g}"


def _percent(share: float) -> str:
    return f"{math.ceil(1000.0 * share - 1e-9) / 10.0:.6g} %"
