"""Where an agreement gets stuck: which steps are blocked, who would walk away, and what the shortfall is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from detente.axes import Floats, Ints
from detente.game.settlement import MOST_FADING, MOST_MOVES, Agreement
from detente.solvers.settlement.fading import World
from detente.solvers.settlement.lattice import Lattice, build_lattice
from detente.solvers.settlement.passes import Passes, as_it_is


@dataclass(frozen=True)
class Refusal:
    """A party that would rather leave than let a step go ahead.

    Attributes:
        party: Its number.
        shortfall: What leaving is worth to it beyond going on; above 0.
        terms: The addends of the shortfall, by name: `undoing` (what leaving changes about completed steps), `grab`
            (what it seizes past the peacekeepers), `penalty` (below 0), `costs_ahead` (its costs still to come, which
            leaving saves), `benefits_ahead` and `dividend` (what leaving forgoes; below 0), and `delay` (what those
            lose, or gain, by coming later).
    """

    party: int
    shortfall: float
    terms: Mapping[str, float]


@dataclass(frozen=True)
class Deadlock:
    """A set of completed steps at which an agreement stops, although everybody believed that it would be completed.

    Attributes:
        completed: The steps that were carried out, in order.
        blocked: The moves (steps that happen at once) that could come next.
        refusals: Per blocked move, who would rather leave, and why.
    """

    completed: tuple[int, ...]
    blocked: tuple[tuple[int, ...], ...]
    refusals: tuple[tuple[Refusal, ...], ...]

    @property
    def shortfall(self) -> float:
        """What is lacking at the move that lacks least."""
        return min(max(item.shortfall for item in who) for who in self.refusals)


def deadlocks(agreement: Agreement, draw: int = 0, most: int | None = None) -> tuple[Deadlock, ...]:
    """Every maximal set of completed steps that is reached if completion is believed, and why it goes no further.

    Args:
        agreement: The agreement.
        draw: Number of the world.
        most: Most deadlocks to explain, those that lack least first; None for all.

    Returns:
        Those that lack least first; none if the agreement can be completed in that belief.

    Raises:
        AgreementError: With code S009 if there are too many moves.
    """
    one = agreement.draw(draw)
    lattice = build_lattice(one, MOST_FADING if one.fades else MOST_MOVES)
    if one.fades:
        world = World(one, lattice, 0)
        reached, _ = world.hoped()
        masks = world.maximal(reached)
    else:
        passes = Passes(one, lattice, 1)
        masks = passes.maximal(passes.reach(slice(0, 1), False)[0], 1)[0]
        masks = masks if most is None or len(masks) <= most else _least_lacking(passes, masks, most)
    last = int(lattice.sets[-1])
    weigh = _Weigh(one, lattice)
    found = sorted(
        (weigh.deadlock(int(mask)) for mask in masks if int(mask) != last),
        key=lambda item: (item.shortfall, item.completed),
    )
    return tuple(found[:most])


def _least_lacking(passes: Passes, masks: Ints, most: int) -> Ints:
    """The sets that lack least, ties included, so that only those have to be explained."""
    lattice = passes.lattice
    needs, _ = passes.requirements(as_it_is(passes.terms))
    rows = lattice.position[masks]
    lacking = np.full(len(rows), np.inf)
    for k in range(lattice.num_moves):
        can = (lattice.avail[rows] >> k & 1).astype(np.bool_)
        lacking = np.where(can, np.minimum(lacking, needs[rows, lattice.group[k]]), lacking)
    limit = np.partition(lacking, most - 1)[most - 1] + float(passes.terms.tol.max())
    return masks[lacking <= limit]


class _Weigh:
    """Leaving against going on, term by term, in one world."""

    def __init__(self, agreement: Agreement, lattice: Lattice):
        self.lattice = lattice
        self.terms = Passes(agreement, lattice, 1).terms
        self.let_pass = 1.0 - float(np.asarray(agreement.peacekeepers)[0])
        self.world = World(agreement, lattice, 0) if agreement.fades else None
        self.best = None if self.world is None else self.world.hoped()[1]

    def deadlock(self, mask: int) -> Deadlock:
        """What keeps a set from being left by a next step."""
        lattice = self.lattice
        avail = int(lattice.avail[lattice.position[mask]])
        moves = [k for k in range(lattice.num_moves) if avail >> k & 1]
        refusals = tuple(self.refusals(mask, k) for k in moves)
        return Deadlock(lattice.steps(mask), tuple(lattice.moves[k] for k in moves), refusals)

    def refusals(self, mask: int, move: int) -> tuple[Refusal, ...]:
        """The parties that would leave at a set rather than let a move go ahead; the largest shortfall first."""
        found: list[Refusal] = []
        for party in self.lattice.who(move):
            terms = self.split(mask, move, party)
            shortfall = sum(terms.values())
            if shortfall > float(self.terms.tol[0, party]):
                found.append(Refusal(party, shortfall, terms))
        return tuple(sorted(found, key=lambda item: (-item.shortfall, item.party)))

    def split(self, mask: int, move: int, party: int) -> dict[str, float]:
        """The addends of what leaving gains a party."""
        terms = self.terms
        done = np.array([mask >> k & 1 == 1 for k in range(self.lattice.num_moves)])
        ahead: Floats = terms.benefit[0, ~done, party]
        grab = float(terms.grab[0, party] + terms.grab_move[0, done, party].sum())
        parts = {
            "undoing": float(terms.undo[0, done, party].sum()),
            "grab": self.let_pass * max(0.0, grab),
            "penalty": -float(terms.penalty[0, party]),
            "costs_ahead": -float(ahead[ahead < 0.0].sum()),
            "benefits_ahead": -float(ahead[ahead > 0.0].sum()),
            "dividend": -float(terms.prize[0, party]),
            "delay": 0.0,
        }
        if self.world is not None:
            at_once = float(ahead.sum() + terms.prize[0, party])
            parts["delay"] = at_once - self.hope(mask, move, party)
        return {name: value + 0.0 for name, value in parts.items()}

    def hope(self, mask: int, move: int, party: int) -> float:
        """What a move is worth to a party that believes in the completion that suits it best."""
        world, best = self.world, self.best
        if world is None or best is None:
            return float(self.terms.total[0, party])
        after = int(self.lattice.position[mask | 1 << move])
        worth = float(world.benefit[move, party])
        if after == len(self.lattice.sets) - 1:
            return worth + float(world.prize[party])
        return worth + world.later * float(best[after, party]) + world.lost * float(world.undo[after, party])
