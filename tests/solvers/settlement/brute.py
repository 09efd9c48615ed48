"""Every order of a small agreement, one by one, straight from the definition; nothing is shared with the search."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache

import numpy as np

from detente.solvers.settlement import Agreement

TOL = 1e-11


def moves(deal: Agreement) -> list[tuple[int, ...]]:
    inside = set(range(deal.num_steps)) if deal.stop is None else set(deal.stop)
    bound = {s: tuple(sorted(b)) for b in deal.bundles for s in b}
    return sorted({bound.get(s, (s,)) for s in inside})


@cache
def _permutations(n: int) -> np.ndarray:
    return np.array(list(itertools.permutations(range(n))), dtype=np.int64).reshape(-1, n)


@dataclass
class Brute:
    """All orders of one world.

    Attributes:
        groups: The moves, as steps.
        orders: [orders, moves] the orders that prerequisites allow, in lexicographic order.
        done: [orders, moves] mask of what is complete before each move.
        ahead: [orders, moves, parties] what going on is worth there.
        may: [moves, parties] who may leave before a move.
        leave: [sets, parties] what leaving brings at once, without penalties.
    """

    deal: Agreement
    d: int
    groups: list[tuple[int, ...]]
    orders: np.ndarray
    done: np.ndarray
    ahead: np.ndarray
    may: np.ndarray
    leave: np.ndarray

    @property
    def fine(self) -> np.ndarray:
        return self.deal.monitoring[self.d] * self.deal.guarantee[self.d]

    def margins(self) -> np.ndarray:
        """[orders, moves, parties] advantage of going on, penalties left out; infinite for those who cannot leave."""
        return np.where(self.may[self.orders], self.ahead - self.leave[self.done], np.inf)

    def slack(self, guarantee: object = None) -> np.ndarray:
        """[orders] the least advantage on the way, under other guarantees if any are given."""
        fine = self.fine if guarantee is None else self.deal.monitoring[self.d] * np.asarray(guarantee)
        return (self.margins() + fine).min(axis=(1, 2))

    def needs(self) -> np.ndarray:
        """[orders, parties] the smallest guarantee of each party that carries the order."""
        lacks = np.maximum(0.0, -self.margins().min(axis=1))
        lacks[lacks <= TOL] = 0.0
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(lacks > 0, lacks / self.deal.monitoring[self.d], 0.0)

    def steps(self, row: int) -> tuple[tuple[int, ...], ...]:
        return tuple(self.groups[k] for k in self.orders[row])

    def hoped(self) -> set[int]:
        """Masks reached if who may leave believes in the completion, after the next move, that suits it best."""
        best: dict[tuple[int, int], np.ndarray] = {}
        for k in range(self.orders.shape[1]):
            for mask, move, ahead in zip(self.done[:, k], self.orders[:, k], self.ahead[:, k], strict=True):
                key = (int(mask), int(move))
                best[key] = np.maximum(best[key], ahead) if key in best else ahead
        reached, todo = {0}, [0]
        while todo:
            at = todo.pop()
            for (mask, move), ahead in best.items():
                who = self.may[move]
                if (
                    mask == at
                    and (ahead + self.fine - self.leave[at] >= -TOL)[who].all()
                    and at | 1 << move not in reached
                ):
                    reached.add(at | 1 << move)
                    todo.append(at | 1 << move)
        return reached


def brute(deal: Agreement, d: int = 0) -> Brute:
    groups = moves(deal)
    n, parties = len(groups), deal.num_parties
    benefit = np.array([[sum(deal.benefit[d, s, i] for s in g) for i in range(parties)] for g in groups])
    undone = np.zeros((1 << n, parties))
    leave = np.zeros((1 << n, parties))
    for mask in range(1 << n):
        steps = [s for k, g in enumerate(groups) if mask >> k & 1 for s in g]
        for i in range(parties):
            undone[mask, i] = sum(_undone(deal, d, s, i) for s in steps)
            grab = deal.grab[d, i] + sum(deal.grab_step[d, s, i] for s in steps)
            leave[mask, i] = undone[mask, i] + (1 - deal.peacekeepers[d]) * max(0.0, grab)
    before = [
        sum(1 << j for j, h in enumerate(groups) if any(s in deal.prerequisites[t] for s in h for t in g))
        for g in groups
    ]
    orders = _permutations(n)
    done = np.concatenate([np.zeros((len(orders), 1), dtype=np.int64), np.cumsum(1 << orders, axis=1)[:, :-1]], axis=1)
    allowed = (np.array(before)[orders] & ~done == 0).all(axis=1)
    orders, done = orders[allowed], done[allowed]
    ahead = np.zeros((*orders.shape, parties))
    for k in reversed(range(n)):
        if k == n - 1:
            ahead[:, k] = benefit[orders[:, k]] + (deal.dividend[d] if sum(map(len, groups)) == deal.num_steps else 0.0)
        else:
            later = (1 - deal.collapse[d]) * ahead[:, k + 1] + deal.collapse[d] * undone[done[:, k + 1]]
            ahead[:, k] = benefit[orders[:, k]] + deal.discount[d] * later
    everyone = deal.exit == "any"
    may = np.array([[everyone or any(i in deal.performers[s] for s in g) for i in range(parties)] for g in groups])
    return Brute(deal, d, groups, orders, done, ahead, may, leave)


def _undone(deal: Agreement, d: int, step: int, party: int) -> float:
    """What a completed step's being undone changes for a party; 0 if it stays."""
    who = deal.undoer[step]
    if who is None or not -deal.benefit[d, step, who] > deal.undo_cost[d, step]:
        return 0.0
    return -deal.benefit[d, step, party] - (deal.undo_cost[d, step] if who == party else 0.0)
