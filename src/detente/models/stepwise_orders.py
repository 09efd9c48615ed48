"""Orders of reciprocal steps: the smallest guarantee that carries one, and the best of all orders without trying each.

What a step puts at stake depends only on which steps are still to come, not on how they are ordered. So
the best order is a path through the sets of remaining steps whose highest stake is lowest, and a pass over
the 2^n sets (or, for equal steps, the grid of how many each side has left) finds and counts all of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.axes import Floats, Ints

Step = tuple[str, float, float]
"""Owner (``1`` or ``2``), cost, benefit to the other side."""
Item = Step | Sequence[Any]
Counts = NDArray[np.int64]
ROUNDING = 1e-12
"""Stakes this close, in units of the largest number of the game, are equal."""


def equal_items(order: str, cost: float, benefit: float) -> list[Step]:
    """Steps in order, with the cost and the benefit of each side split evenly over its steps."""
    return [(owner, cost / order.count(owner), benefit / order.count(owner)) for owner in order]


def stakes(steps: Sequence[Step]) -> list[float]:
    """What the owner of each step would save by not going on: own costs still to come less benefits still to come."""
    found: list[float] = []
    cost, owed = {"1": 0.0, "2": 0.0}, {"1": 0.0, "2": 0.0}
    for owner, own_cost, benefit in reversed(steps):
        cost[owner] += own_cost
        owed["2" if owner == "1" else "1"] += benefit
        found.append(cost[owner] - owed[owner])
    return found[::-1]


def least_guarantee(steps: Sequence[Step]) -> float:
    """The smallest fine at which an order is carried out: its highest stake, or 0."""
    return max(0.0, *stakes(steps))


def count_equal_orders(
    count: int | tuple[int, int], cost: float | tuple[float, float], benefit: float | tuple[float, float]
) -> tuple[float, int, int]:
    """All orders of steps that are alike within each side.

    Args:
        count: Steps of each side.
        cost: Cost of one step, by side.
        benefit: Benefit of one step of each side to the other.

    Returns:
        The smallest guarantee over all orders, the number of orders that need no more, and the number of orders.
    """
    (one, two), (c1, c2), (b1, b2) = _both(count), _both(cost), _both(benefit)
    slack = ROUNDING * max(one * max(c1, b1), two * max(c2, b2))

    def stake(i: int, j: int, side: int) -> float:  # i steps of 1 and j of 2 are left, the next is `side`'s
        return i * c1 - j * b2 if side == 1 else j * c2 - i * b1

    def before(i: int, j: int) -> list[tuple[int, int, int]]:
        return [(i - 1, j, 1)] * (i > 0) + [(i, j - 1, 2)] * (j > 0)

    grid = [(i, j) for i in range(one + 1) for j in range(two + 1)]
    best = {(0, 0): 0.0}
    for i, j in grid[1:]:
        best[i, j] = min(max(best[left, right], stake(i, j, side)) for left, right, side in before(i, j))
    limit = best[one, two] + slack
    ways = {(0, 0): 1}
    for i, j in grid[1:]:
        ways[i, j] = sum(ways[left, right] for left, right, side in before(i, j) if stake(i, j, side) <= limit)
    return best[one, two], ways[one, two], math.comb(one + two, one)


@dataclass(frozen=True, eq=False)
class Orders:
    """All orders of up to 20 different steps.

    Attributes:
        least: The smallest guarantee over all orders.
        worst: The largest.
        attaining: Number of orders that need no more than the least.
        orders: Number of orders.
        stake: [players, sets] stake of a step of player 1 or 2 when exactly this set of steps is left.
        ways: [sets] orders of a set of remaining steps that stay within the least guarantee.
        owners: [steps] 0 for player 1, 1 for player 2.
        limit: Stakes up to here count as within it.
    """

    least: float
    worst: float
    attaining: int
    orders: int
    stake: Floats
    ways: Counts
    owners: Ints
    limit: float

    def best(self, most: int) -> list[list[int]]:
        """The orders that need no more than the least, in order of their step numbers, at most so many."""
        found: list[list[int]] = []
        open_sets: list[tuple[int, list[int]]] = [(len(self.ways) - 1, [])]
        while open_sets and len(found) < most:
            left, done = open_sets.pop()
            if left == 0:
                found.append(done)
            for k in reversed(range(len(self.owners))):
                rest = left & ~(1 << k)
                if rest != left and self.stake[self.owners[k], left] <= self.limit and self.ways[rest]:
                    open_sets.append((rest, [*done, k]))
        return found


def search_orders(steps: Sequence[Step]) -> Orders:
    """One pass over the sets of remaining steps, from small to large.

    Args:
        steps: Owner, cost, benefit; at most 20.
    """
    num, size = len(steps), 1 << len(steps)
    sets = np.arange(size, dtype=np.int64)
    has = [(sets >> k) & 1 == 1 for k in range(num)]
    stake = np.zeros((2, size))
    for k, (owner, cost, benefit) in enumerate(steps):
        own, other = int(owner) - 1, 2 - int(owner)
        stake[own] += np.where(has[k], cost, 0.0)
        stake[other] -= np.where(has[k], benefit, 0.0)
    owners = np.array([int(owner) - 1 for owner, _, _ in steps], dtype=np.int32)
    layers = _by_size(sets, num)
    least, worst = np.zeros(size), np.zeros(size)
    for layer in layers:
        least[layer], worst[layer] = np.inf, 0.0
        for k in range(num):
            s = layer[has[k][layer]]
            rest, at_stake = s & ~(1 << k), stake[owners[k], s]
            least[s] = np.minimum(least[s], np.maximum(least[rest], at_stake))
            worst[s] = np.maximum(worst[s], np.maximum(worst[rest], at_stake))
    limit = float(least[-1]) + ROUNDING * max(max(cost, benefit) for _, cost, benefit in steps) * num
    ways = np.zeros(size, dtype=np.int64)
    ways[0] = 1
    for layer in layers:
        for k in range(num):
            s = layer[has[k][layer]]
            ways[s] += np.where(stake[owners[k], s] <= limit, ways[s & ~(1 << k)], 0)
    return Orders(float(least[-1]), float(worst[-1]), int(ways[-1]), math.factorial(num), stake, ways, owners, limit)


def _by_size(sets: Counts, num: int) -> list[Counts]:
    """The sets that are not empty, those with one step first."""
    bits = ((sets[:, None] >> np.arange(num)) & 1).sum(axis=1)
    order = np.argsort(bits, kind="stable")
    ends = np.searchsorted(bits[order], np.arange(num + 2))
    return [order[ends[n] : ends[n + 1]] for n in range(1, num + 1)]


def _both(value):
    return value if isinstance(value, tuple) else (value, value)
