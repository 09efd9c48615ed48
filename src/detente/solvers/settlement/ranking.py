"""The orders with most slack, one after the other."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from detente.game.settlement import Agreement
from detente.solvers.settlement.along import follow_order
from detente.solvers.settlement.lattice import build_lattice
from detente.solvers.settlement.passes import Passes, as_it_is
from detente.solvers.settlement.result import Order
from detente.solvers.settlement.settle import settle

MOST_RANKED_MOVES = 20


@dataclass(frozen=True)
class RankedOrder:
    """An order of steps and its slack: the least advantage of going on over leaving, below zero where it breaks."""

    order: Order
    slack: float


def best_orders(agreement: Agreement, most: int, draw: int = 0) -> tuple[RankedOrder, ...]:
    """The orders with the largest slack, the largest first; those of equal slack in the order of the steps' numbers.

    Found without listing the others: a beginning is continued only if no other one can end with more slack, which the
    bottleneck to the end tells exactly.

    Args:
        agreement: The agreement.
        most: How many orders to find at most.
        draw: Number of the world.

    Returns:
        The orders. Where what is still to come fades, and from 21 moves on, the best one only.
    """
    one = agreement.draw(draw)
    lattice = build_lattice(one)
    if most <= 1 or one.fades or lattice.num_moves > MOST_RANKED_MOVES:
        order = settle(one, count=False, reach=False, guarantee=False, threads=1).best_order()
        return (RankedOrder(order, follow_order(one, order).slack),)
    passes = Passes(one, lattice, 1)
    needs, to_end = passes.requirements(as_it_is(passes.terms))
    end, found = len(lattice.sets) - 1, list[RankedOrder]()
    grain = float(passes.terms.tol[0].max())
    beginnings: list[tuple[float, int, tuple[int, ...], int]] = [(_rounded(to_end[0], grain), 0, (), 0)]
    while beginnings and len(found) < most:
        _, _, path, place = heapq.heappop(beginnings)
        if place == end:
            order = tuple(lattice.moves[k] for k in path)
            found.append(RankedOrder(order, follow_order(one, order).slack))
            continue
        so_far = _worst(needs, lattice.position, lattice.group, path)
        avail = int(lattice.avail[place])
        for k in range(lattice.num_moves):
            if avail >> k & 1:
                after = int(lattice.position[int(lattice.sets[place]) | 1 << k])
                worst = max(so_far, float(needs[place, lattice.group[k]]), float(to_end[after]))
                heapq.heappush(beginnings, (_rounded(worst, grain), -len(path) - 1, (*path, k), after))
    return tuple(found)


def _rounded(value: float, grain: float) -> float:
    """Requirements that differ by rounding only are the same."""
    return value if not np.isfinite(value) else round(value / grain) * grain


def _worst(needs: np.ndarray, position: np.ndarray, group: np.ndarray, path: tuple[int, ...]) -> float:
    """The largest requirement along a beginning."""
    mask, worst = 0, -np.inf
    for k in path:
        worst = max(worst, float(needs[position[mask], group[k]]))
        mask |= 1 << k
    return worst
