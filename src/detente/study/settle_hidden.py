"""Which order of an agreement is best if some parties may be spoilers, and what each completed step reveals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.compiler import compile_posture, play_ranges
from detente.errors import Interrupted
from detente.game import terminal_probability
from detente.game.settlement import moves_of
from detente.solvers import other_equilibria
from detente.solvers.settlement import follow_order
from detente.study.games import Game, Solved, SolveOptions, Tally
from detente.study.results_hidden import WEAKEST, Completion, OrderOdds, StepOdds
from detente.study.results_settle import Move, Quantiles, Ranked
from detente.study.settle_game import LEAVE, MOST_PLAYED, SINCERE, SPOILER, Deal, OrderGame, order_game
from detente.study.watch import Watch

NODE_LIMIT = 20_000
UNREACHED = 1e-9
"""Probability below which a move counts as never completed."""
SAME = 1e-6
"""Completion odds closer than this are the same."""
BY_EXPOSURE = {
    "small_first": "To begin with the steps that expose least",
    "large_first": "To begin with the steps that expose most",
}
TYPES = (SINCERE, SPOILER)
CHUNK = 64
"""Worlds solved before the watch is asked again."""


@dataclass(frozen=True, eq=False)
class Ends:
    """The ends of an order's game.

    Attributes:
        complete: [terminals] how many moves are complete.
        leaver: [terminals] number of the party that left; -1 if nobody did.
        sincere: Per hidden party, [terminals] whether it is sincere.
    """

    complete: Ints
    leaver: Ints
    sincere: dict[str, Bools]


def completion(
    deal: Deal,
    ranked: Sequence[Ranked],
    chosen_for: str,
    options: SolveOptions,
    watch: Watch,
    starts: int = 20,
) -> Completion:
    """A design under hidden aims: its best orders played as games, and the steps in order of what they expose.

    Args:
        deal: The design in numbers, at base values and in each world.
        ranked: Its best orders, those with most slack first.
        chosen_for: A party, or ``weakest``.
        options: Threads and stop.
        watch: Told the progress; may stop the work, which then answers with the orders that are done.
        starts: Interior starting points from which other equilibria are looked for at base values.

    Raises:
        Interrupted: Stopped before the first order was played.
        RequestError: The orders have too many moves.
    """
    self_enforcing = ranked[0].slack >= 0.0
    tried = [item for item in ranked if item.slack >= 0.0] if self_enforcing else list(ranked)
    exposed = exposures(deal)
    wanted = [(f"best_{k + 1}", item.order) for k, item in enumerate(tried)]
    small, large = (by_exposure(deal, exposed, sign) for sign in (1.0, -1.0))
    if small != large:
        wanted += [("small_first", small), ("large_first", large)]
    played: dict[tuple[Move, ...], tuple[OrderOdds, str]] = {}
    found: list[OrderOdds] = []
    for done, (name, order) in enumerate(wanted):
        watch("hidden aims", done, len(wanted))
        if watch.stopped:
            break
        if order not in played:
            played[order] = _play(deal, order, name, exposed, starts, options)
        found.append(_renamed(played[order][0], name))
    watch("hidden aims", len(wanted), len(wanted))
    if not found:
        raise Interrupted("stopped before the first order was played")
    orders = tuple(item for item in found if item.name.startswith("best_"))
    comparison = tuple(item for item in found if not item.name.startswith("best_"))
    best = max(range(len(orders)), key=lambda k: (round(orders[k].worth(chosen_for), 9), -k))
    stopped = len(found) < len(wanted)
    return Completion(
        sincere={item.party: item.base for item in deal.odds},
        sincere_over_worlds={item.party: quantiles(item.draws) for item in deal.odds},
        told={item.party: item.told for item in deal.odds},
        self_enforcing=self_enforcing,
        orders=orders,
        best=best,
        chosen_for=chosen_for,
        comparison=comparison if len(comparison) == 2 else (),
        draws=deal.sincere.num_draws - 1,
        interrupted=stopped,
        notes=_notes(orders[best], found, self_enforcing, stopped, chosen_for),
        game=played[orders[best].order][1],
    )


def too_long(order: Sequence[Move]) -> bool:
    """Whether an order has too many moves to be played."""
    return len(order) > MOST_PLAYED


# --------------------------------------------------------------------------- what steps expose
def exposures(deal: Deal) -> dict[Move, float]:
    """Move -> what it adds, once complete, to what a spoiler gains by leaving; summed over hidden parties.

    A step that costs the spoiler something it cannot take back is negative: it reassures.
    """
    names, agreement = deal.terms.steps, deal.sincere
    kept_in = range(len(names)) if agreement.stop is None else agreement.stop
    moves = [move for move in moves_of(len(names), agreement.bundles) if set(move) <= set(kept_in)]
    found: dict[Move, float] = {}
    for move in moves:
        steps, total = list(move), 0.0
        for party in deal.hidden:
            spoilt, i = deal.agreements[frozenset({party})].draw(0), deal.terms.parties.index(party)
            seized = (1.0 - np.asarray(spoilt.peacekeepers)[0]) * np.asarray(spoilt.grab_step)[0, steps, i].sum()
            total += float(spoilt.kept[0, steps, i].sum() + seized)
        found[tuple(names[k] for k in move)] = total
    return found


def by_exposure(deal: Deal, exposed: dict[Move, float], sign: float) -> tuple[Move, ...]:
    """The moves in order of what they expose: of those whose prerequisites are met, always the one with the least.

    Args:
        deal: The design.
        exposed: From `exposures`.
        sign: 1 for the least first, -1 for the most first.
    """
    before = {step.id: set(step.after) for step in deal.terms.design.steps}
    left, done, order = list(exposed), set[str](), list[Move]()
    while left:
        free = [move for move in left if all(before[step] <= done for step in move)]
        chosen = min(free, key=lambda move: sign * exposed[move])
        order.append(chosen)
        left.remove(chosen)
        done |= set(chosen)
    return tuple(order)


# --------------------------------------------------------------------------- one order
def _play(
    deal: Deal, order: tuple[Move, ...], name: str, exposed: dict[Move, float], starts: int, options: SolveOptions
) -> tuple[OrderOdds, str]:
    """An order solved at base values and in every world, and its case file."""
    made = order_game(deal, order)
    compiled = compile_posture(made.case, made.case.status_quo, limit=NODE_LIMIT)
    game = Game.of(made.case, compiled)
    scale = play_ranges([compiled], made.theta)
    scale = np.where(np.isfinite(scale) & (scale > 0), scale, 1.0)
    solved: list[Solved] = []
    for low in range(0, len(made.theta), CHUNK):
        if solved and options.stop is not None and options.stop():
            break
        rows = slice(low, low + CHUNK)
        solved.append(game.solve(made.theta[rows], scale[rows], options, Tally()))
    ends = ends_of(made, game, deal)
    chance = np.concatenate([part.probability[part.inverse] for part in solved])
    certified = np.concatenate([part.certified for part in solved])
    steps = _steps(deal, made, order, ends, chance, certified, exposed)
    base = solved[0]
    done = chance[:, ends.complete == len(order)].sum(axis=1)
    numbers = [tuple(deal.terms.steps.index(step) for step in move) for move in order]
    payoff = base.numbers.payoff[base.inverse[0]]
    parties = deal.terms.parties
    found = OrderOdds(
        order=order,
        name=name,
        slack=follow_order(deal.sincere, numbers).slack,
        completion=float(done[0]),
        completion_if=_if(ends, chance[0], ends.complete == len(order)),
        completion_over_worlds=quantiles(done[1:][certified[1:]]),
        steps=steps,
        value={party: float(chance[0] @ payoff[:, i]) for i, party in enumerate(parties)},
        value_if={
            party: {
                kind: _mean(chance[0], payoff[:, parties.index(party)], is_sincere == (kind == SINCERE))
                for kind in TYPES
            }
            for party, is_sincere in ends.sincere.items()
        },
        outside={party: float(np.asarray(deal.sincere.outside)[0, i]) for i, party in enumerate(parties)},
        others=_others(base, scale[0], done[0], ends.complete == len(order), starts, options),
        certificate=base.certificate.kinds[int(base.inverse[0])],
        regret=float(base.certificate.regret[int(base.inverse[0])]),
        certified=int(certified[1:].sum()),
        draws=len(certified) - 1,
        nodes=compiled.shape.num_nodes,
        completion_mean=float(done[1:][certified[1:]].mean()) if certified[1:].any() else None,
    )
    return found, made.text


def _others(
    base: Solved, scale: Floats, principal: float, completed: Bools, starts: int, options: SolveOptions
) -> tuple[float, ...]:
    """Completion in other equilibria at base values, where it differs from that on the principal branch."""
    if starts <= 0 or (options.stop is not None and options.stop()):
        return ()
    shape, numbers = base.game.compiled.shape, base.numbers.take(slice(int(base.inverse[0]), int(base.inverse[0]) + 1))
    found = other_equilibria(shape, numbers, scale[None], starts=starts, threads=options.threads, stop=options.stop)
    chance = np.repeat(numbers.chance, len(found.hits), axis=0)
    ends = terminal_probability(shape, chance, found.assessment.strategy)[:, completed].sum(axis=1)
    return tuple(sorted({round(float(item), 9) for item in ends if abs(item - principal) > SAME}))


def ends_of(made: OrderGame, game: Game, deal: Deal) -> Ends:
    """Where each end of an order's game lies: moves complete, who left, and who is sincere."""
    parties, compiled = deal.terms.parties, game.compiled
    complete, leaver = [], []
    for history in compiled.histories:
        moves, who = len(made.turns), -1
        for k, turn in enumerate(made.turns):
            left = [party for variable, party in turn.choices.items() if history[variable] == LEAVE]
            collapsed = bool(turn.collapse) and history[turn.collapse] not in (None, "go_on")
            if left or collapsed:
                moves, who = k + (not left), parties.index(left[0]) if left else -1
                break
        complete.append(moves)
        leaver.append(who)
    sincere = {party: compiled.type_at[f"{party}.aims"] == 0 for party in deal.hidden}
    return Ends(np.array(complete), np.array(leaver), sincere)


def _steps(
    deal: Deal,
    made: OrderGame,
    order: tuple[Move, ...],
    ends: Ends,
    chance: Floats,
    certified: Bools,
    exposed: dict[Move, float],
) -> tuple[StepOdds, ...]:
    found: list[StepOdds] = []
    parties = deal.terms.parties
    for k, move in enumerate(order):
        beyond = ends.complete > k
        done = chance[:, beyond].sum(axis=1)
        here = (ends.complete == k) & (ends.leaver >= 0)
        speakers = [parties.index(party) for party in made.turns[k].choices.values()]
        found.append(
            StepOdds(
                move=move,
                completed=float(done[0]),
                over_worlds=quantiles(done[1:][certified[1:]]),
                exposes=exposed[move],
                sincere={
                    party: float(chance[0, beyond & is_sincere].sum() / done[0]) if done[0] > UNREACHED else None
                    for party, is_sincere in ends.sincere.items()
                },
                leaves={parties[i]: float(chance[0, here & (ends.leaver == i)].sum()) for i in speakers},
                leaves_if={
                    party: _if(ends, chance[0], here & (ends.leaver == parties.index(party)))[party]
                    for party in ends.sincere
                },
            )
        )
    return tuple(found)


def _if(ends: Ends, chance: Floats, happens: Bools) -> dict[str, dict[str, float | None]]:
    """Per hidden party, type -> probability of some ends if the party is that type."""
    return {
        party: {kind: _mean(chance, happens.astype(np.float64), is_sincere == (kind == SINCERE)) for kind in TYPES}
        for party, is_sincere in ends.sincere.items()
    }


def _mean(chance: Floats, values: Floats, where: Bools) -> float | None:
    """The mean of values over some ends; None if none of them can be."""
    weight = float(chance[where].sum())
    return float(chance[where] @ values[where]) / weight if weight > UNREACHED else None


def _renamed(item: OrderOdds, name: str) -> OrderOdds:
    return OrderOdds(**{**vars(item), "name": name})


def quantiles(values: Floats) -> Quantiles:
    """How a number is spread over worlds."""
    if not len(values):
        return Quantiles(None, None, None)
    low, middle, high = (float(x) for x in np.quantile(values, (0.05, 0.5, 0.95), method="inverted_cdf"))
    return Quantiles(low, middle, high)


def _notes(
    best: OrderOdds, found: Sequence[OrderOdds], self_enforcing: bool, stopped: bool, chosen_for: str
) -> tuple[str, ...]:
    notes: list[str] = []
    for item in found:
        better = item.worth(chosen_for) > best.worth(chosen_for) + 1e-9
        if item.name in BY_EXPOSURE and better and (item.slack >= 0 or not self_enforcing):
            who = "whoever gains least" if chosen_for == WEAKEST else chosen_for
            notes.append(
                f"{BY_EXPOSURE[item.name]} does better for {who} than the orders with most slack: "
                f"{item.worth(chosen_for):.3g} beyond not signing against {best.worth(chosen_for):.3g}."
            )
    if stopped:
        notes.append("Stopped before every order was played under hidden aims; the best is that of those played.")
    if any(item.others for item in found):
        notes.append(
            "Some orders have several equilibria with different odds of completion: what is shown is the principal "
            "one, and --json lists the odds in the others."
        )
    open_ones = sum(item.draws - item.certified for item in found)
    if open_ones:
        notes.append(f"{open_ones:,} of the games played over worlds have no certificate and are left out.")
    return tuple(notes)
