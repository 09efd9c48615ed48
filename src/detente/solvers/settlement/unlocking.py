"""What would make an order hold: the smallest sets of changes to an agreement, the cheapest first."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from detente.errors import RequestError
from detente.game.settlement import MOST_FADING, MOST_MOVES, Agreement, AgreementError, moves_of
from detente.solvers.settlement.changes import merge_moves, split_step
from detente.solvers.settlement.fading import World
from detente.solvers.settlement.lattice import Stakes, build_lattice, stakes
from detente.solvers.settlement.passes import (
    Lever,
    Passes,
    as_it_is,
    more_peacekeepers,
    party_guarantee,
    uniform_guarantee,
    uniform_monitoring,
)
from detente.solvers.settlement.trial import Trial


@dataclass(frozen=True)
class Prices:
    """What changes cost, in one unit of whoever would pay; only their proportions matter to the ranking.

    Attributes:
        guarantee: Per unit of guarantee and party.
        peacekeepers: For preventing all of a grab; part of it costs its share.
        monitoring: Per party, for going from no breach seen to all; part of it costs its share.
        split: Per cut: splitting a step into N parts takes N - 1.
        together: Per pair of steps that are made to happen at once.
    """

    guarantee: float = 1.0
    peacekeepers: float = 1.0
    monitoring: float = 1.0
    split: float = 1.0
    together: float = 1.0

    def __post_init__(self) -> None:
        """Refuse prices that are no numbers or below zero."""
        for name, price in vars(self).items():
            if not (math.isfinite(price) and price >= 0.0):
                raise RequestError(f"the price of {name} is {price!r}; it has to be a number, 0 or more.")


@dataclass(frozen=True)
class Change:
    """One change to an agreement.

    Attributes:
        kind: ``guarantee``, ``peacekeepers``, ``monitoring``, ``split`` or ``together``.
        party: The party whose guarantee is raised; None for all of them.
        steps: The step that is split, or the steps that are made to happen at once.
        level: The guarantee, share or chance that is reached (where it was lower before), or the number of parts.
        cost: What it costs.
    """

    kind: str
    party: int | None
    steps: tuple[int, ...]
    level: float
    cost: float


@dataclass(frozen=True)
class Remedy:
    """Changes that together make an order self-enforcing; without any one of them there is none.

    Attributes:
        changes: The changes.
        cost: What they cost together.
        agreement: The agreement with them, in the one world that was asked about. Steps keep their numbers, parts that
            were added come last.
    """

    changes: tuple[Change, ...]
    cost: float
    agreement: Agreement


@dataclass(frozen=True)
class Unlocking:
    """What would make an order hold.

    Attributes:
        remedies: The smallest sets of changes that were looked for, the cheapest first; one without changes if an order
            holds already.
        complete: Whether every set of changes of the sizes asked for was tried.
        tried: Number of sets of changes that were tried.
    """

    remedies: tuple[Remedy, ...]
    complete: bool
    tried: int


@dataclass(frozen=True)
class _Kind:
    """A change whose extent is still open."""

    kind: str
    party: int | None = None
    steps: tuple[int, ...] = ()


def unlock_settlement(
    agreement: Agreement,
    draw: int = 0,
    prices: Prices | None = None,
    *,
    most_changes: int = 2,
    most_parts: int = 4,
    highest_guarantee: float = math.inf,
    most_tried: int = 2000,
) -> Unlocking:
    """The smallest sets of changes that make an order self-enforcing.

    The changes are: a higher guarantee, to all parties or to one; more peacekeepers; better monitoring; a step split
    into equal parts, carried out one after the other; two moves made to happen at once. A set counts if it suffices
    with every extent at its limit and none of its parts does. Extents are then lowered one after the other, the dearest
    first, each as far as the others allow: none of them can be lowered further by itself.

    Args:
        agreement: The agreement.
        draw: Number of the world.
        prices: What changes cost; None for 1 each.
        most_changes: Most changes in a set.
        most_parts: Most parts a step is split into.
        highest_guarantee: Largest guarantee that anybody would give.
        most_tried: Most sets of changes to try; smaller sets first.

    Raises:
        AgreementError: With code S009 if there are too many moves as it is.
    """
    one = agreement.draw(draw)
    search = _Search(one, prices or Prices(), most_parts, highest_guarantee)
    if search.holds(one):
        return Unlocking((Remedy((), 0.0, one),), True, 0)
    found: list[Remedy] = []
    enough: list[frozenset[_Kind]] = []
    tried = 0
    kinds = search.kinds()
    for size in range(1, most_changes + 1):
        for chosen in itertools.combinations(kinds, size):
            if any(small.issubset(chosen) for small in enough) or _redundant(chosen):
                continue
            if tried == most_tried:
                return Unlocking(_ranked(found), False, tried)
            tried += 1
            remedy = search.remedy(chosen)
            if remedy is not None:
                enough.append(frozenset(chosen))
                found.append(remedy)
    return Unlocking(_ranked(found), True, tried)


def _ranked(found: Iterable[Remedy]) -> tuple[Remedy, ...]:
    return tuple(sorted(found, key=lambda item: (item.cost, len(item.changes))))


def _redundant(chosen: Sequence[_Kind]) -> bool:
    """Whether one change is part of another (the guarantee of all, and of one), or two get in each other's way."""
    wide = any(item.kind == "guarantee" and item.party is None for item in chosen)
    if wide and any(item.kind == "guarantee" and item.party is not None for item in chosen):
        return True
    touched = [step for item in chosen for step in item.steps]
    return len(set(touched)) < len(touched)


class _Search:
    def __init__(self, agreement: Agreement, prices: Prices, most_parts: int, highest: float):
        self.agreement, self.prices, self.most_parts, self.highest = agreement, prices, most_parts, highest
        self.most_moves = MOST_FADING if agreement.fades else MOST_MOVES
        self.ceiling = min(highest, _ample(agreement))
        self.trial = None if agreement.fades else Trial(agreement)

    def kinds(self) -> list[_Kind]:
        """Every change that there is to try."""
        deal = self.agreement
        inside = set(deal.stopping_steps)
        moves = [move for move in moves_of(deal.num_steps, deal.bundles) if inside.issuperset(move)]
        single = [move for move in moves if len(move) == 1]
        return [
            _Kind("guarantee"),
            *(_Kind("guarantee", i) for i in range(deal.num_parties)),
            _Kind("peacekeepers"),
            _Kind("monitoring"),
            *(_Kind("split", None, move) for move in single),
            *(_Kind("together", None, a + b) for a, b in itertools.combinations(moves, 2)),
        ]

    def remedy(self, chosen: Sequence[_Kind]) -> Remedy | None:
        """The changes with their extents, each as small as the others allow; None if they do not suffice."""
        levels = {item: self.limit(item) for item in chosen}
        tried = [(item.kind, item.party, item.steps, level) for item, level in levels.items()]
        if self.trial is not None and not self.trial.completes(tried):
            return None
        try:
            if not self.holds(self.apply(levels)):
                return None
        except AgreementError:
            return None  # the steps cannot happen at once, or would be too many
        for item in sorted(chosen, key=self.price, reverse=True):
            levels[item] = self.lowest(item, levels)
        changes = tuple(
            Change(item.kind, item.party, item.steps, level, self.cost(item, level)) for item, level in levels.items()
        )
        return Remedy(changes, sum(change.cost for change in changes), self.apply(levels))

    def limit(self, item: _Kind) -> float:
        return {"guarantee": self.ceiling, "split": float(self.most_parts), "together": 2.0}.get(item.kind, 1.0)

    def price(self, item: _Kind) -> float:
        return float(getattr(self.prices, item.kind))

    def cost(self, item: _Kind, level: float) -> float:
        """What a change costs at some level."""
        deal = self.agreement
        if item.kind == "split":
            return self.prices.split * (level - 1.0)
        if item.kind == "together":
            return self.prices.together
        had = np.asarray(getattr(deal, item.kind))[0]
        more = np.maximum(0.0, level - had)
        return self.price(item) * float(more.sum() if item.party is None else more[item.party])

    def apply(self, levels: dict[_Kind, float], leave_out: _Kind | None = None) -> Agreement:
        """The agreement with these changes."""
        deal = self.agreement
        for item, level in levels.items():
            if item == leave_out:
                continue
            if item.kind == "together":
                deal = merge_moves(deal, item.steps)
            elif item.kind == "split":
                deal = split_step(deal, item.steps[0], int(level))
            else:
                had = np.asarray(getattr(deal, item.kind))
                raised = np.maximum(had, level)
                if item.party is not None:
                    raised = np.where(np.arange(deal.num_parties) == item.party, raised, had)
                deal = deal.changed(**{item.kind: raised})
        return deal

    def holds(self, deal: Agreement) -> bool:
        """Whether an order is self-enforcing."""
        lattice = build_lattice(deal, self.most_moves)
        if deal.fades:
            return len(World(deal, lattice, 0).labels(as_it_is(stakes(deal, lattice)), hard=True).root) > 0
        return bool(int(Passes(deal, lattice, 1).reach(slice(0, 1), False)[0][-1]) & 1)

    def lowest(self, item: _Kind, levels: dict[_Kind, float]) -> float:
        """How low one extent can be, the others as they are."""
        if item.kind == "together":
            return levels[item]
        if item.kind == "split":
            for parts in range(2, int(levels[item])):
                if self.holds(self.apply({**levels, item: float(parts)})):
                    return float(parts)
            return levels[item]
        deal = self.apply(levels, leave_out=item)
        lattice = build_lattice(deal, self.most_moves)
        lever = _lever(item, deal, stakes(deal, lattice))
        if deal.fades:
            found = World(deal, lattice, 0).labels(lever)
            best = found.least()
            needed = math.inf if best is None else float(found.requires[best, 0])
        else:
            needed = float(Passes(deal, lattice, 1).bottleneck(lever, trace=False)[0][0])
        had = np.asarray(getattr(self.agreement, item.kind))[0]
        start = float(had.min() if item.party is None else had[item.party])
        return min(max(needed, start), levels[item])


def _lever(item: _Kind, deal: Agreement, terms: Stakes) -> Lever:
    """What has to be how large, for a change of this kind."""
    if item.kind == "peacekeepers":
        return more_peacekeepers(deal, terms)
    if item.kind == "monitoring":
        return uniform_monitoring(deal, terms)
    return (
        uniform_guarantee(deal, terms, floor=True) if item.party is None else party_guarantee(deal, terms, item.party)
    )


def _ample(deal: Agreement) -> float:
    """A guarantee that deters whoever can be deterred at all."""
    stake = float(stakes(deal, build_lattice(deal)).tol.max()) * 1e12
    seen = np.asarray(deal.monitoring)
    least = float(seen[seen > 0.0].min()) if (seen > 0.0).any() else 1.0
    return 2.0 * max(stake, 1.0) / least
