"""The logit equations of one draw of a large tree, and their sparse Jacobian.

Reference: McKelvey and Palfrey (1998), Experimental Economics 1, sec. 3, for the equations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from detente.axes import Bools, Floats, Ints
from detente.game import TreeShape, barred_nodes
from detente.solvers.sparse_layout import SparseLayout, layout_of

PIVOT = 0.1  # share of the largest entry of its column that a diagonal entry must have to be divided by


class Pattern:
    """Where the entries of the Jacobian stand, the same for every draw and point.

    Rows and columns: log-odds of every action, values, action values with columns of their own, reach.
    """

    def __init__(self, shape: TreeShape):
        lay = layout_of(shape)
        actions, inner = shape.num_actions, lay.num_values - lay.num_terminal
        value = np.arange(lay.num_values, dtype=np.int64) - lay.num_terminal + actions
        value[: lay.num_terminal] = -1
        own = np.arange(len(lay.own), dtype=np.int64) + actions + inner
        step = np.arange(len(lay.step_node), dtype=np.int64) + actions + inner + len(lay.own)
        self.size = actions + inner + len(lay.own) + len(lay.step_node)
        payoff = np.full(actions, -1, dtype=np.int64)
        fixed = lay.action_value >= 0
        payoff[fixed] = value[lay.action_value[fixed]]
        payoff[lay.own] = own
        offer_own = own[np.searchsorted(lay.own, lay.offer_action)]
        member_reach = lay.reach[lay.offer_member]
        above = np.where(lay.step_above >= 0, step[lay.step_above], -1) if len(step) else lay.step_above
        step_of = np.full(shape.num_nodes, -1, dtype=np.int64)
        step_of[lay.step_node] = step
        rows = [
            np.arange(self.size),
            lay.pair_row,
            value[lay.part_out],
            value[lay.chosen_out],
            offer_own,
            offer_own,
            step,
            step_of[lay.step_pair_node],
        ]
        cols = [
            np.arange(self.size),
            payoff[lay.pair_other],
            value[lay.part_source],
            lay.chosen_action,
            value[lay.offer_value],
            np.where(member_reach >= 0, step[member_reach], -1) if len(step) else member_reach,
            above,
            lay.step_pair_action,
        ]
        row, col = np.concatenate(rows).astype(np.int64), np.concatenate(cols).astype(np.int64)
        self.kept: Ints = np.flatnonzero(col >= 0).astype(np.int32)
        self.order: Ints = np.arange(self.size, dtype=np.int32)
        self._lay(row[self.kept], col[self.kept])
        self.order = self._short_order()
        self._lay(self.order[row[self.kept]], self.order[col[self.kept]])

    def _lay(self, row: NDArray[np.integer[Any]], col: NDArray[np.integer[Any]]) -> None:
        """Compressed columns."""
        cells, self.place = np.unique(col.astype(np.int64) * self.size + row, return_inverse=True)
        self.indices = (cells % self.size).astype(np.int32)
        self.indptr = np.searchsorted(cells, np.arange(self.size + 1) * self.size).astype(np.int32)

    def _short_order(self) -> Ints:
        """[size] place of each row and column in an order in which few entries fill in, found once for all points."""
        from scipy.sparse import csc_matrix, identity
        from scipy.sparse.linalg import splu

        ones = csc_matrix((np.ones(len(self.indices)), self.indices, self.indptr), shape=(self.size, self.size))
        dominant = ones + identity(self.size, format="csc") * float(self.size)
        factors: Any = splu(dominant, permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True})
        return factors.perm_c

    def matrix(self, entries: list[Floats]) -> Any:
        """The sparse matrix with these entries, in the order of the pattern."""
        from scipy.sparse import csc_matrix

        data = np.bincount(self.place, np.concatenate(entries)[self.kept], len(self.indices))
        return csc_matrix((data, self.indices, self.indptr), shape=(self.size, self.size))


_patterns: WeakKeyDictionary[TreeShape, Pattern] = WeakKeyDictionary()


def pattern_of(shape: TreeShape) -> Pattern:
    """The pattern of a shape, made once."""
    if shape not in _patterns:
        _patterns[shape] = Pattern(shape)
    return _patterns[shape]


@dataclass(frozen=True, eq=False)
class Point:
    """What a profile implies.

    Attributes:
        odds: [actions] log-odds against the reference action of the set.
        log, prob: [actions] log-probabilities and probabilities.
        value: Continuation values.
        payoff: [actions] value of each action to the mover.
        belief: [nodes] at decision nodes.
    """

    odds: Floats
    log: Floats
    prob: Floats
    value: Floats
    payoff: Floats
    belief: Floats


class System:
    """One draw: payoffs in units of the scale.

    Args:
        shape: The game.
        payoff: [terminals, players] payoffs.
        chance: [chance_edges] probabilities.
        scale: [players] what payoffs are divided by.
    """

    def __init__(self, shape: TreeShape, payoff: Floats, chance: Floats, scale: Floats):
        self.shape = shape
        self.layout: SparseLayout = layout_of(shape)
        self.pattern = pattern_of(shape)
        self.starts: Ints = shape.action_start[:-1]
        lay = self.layout
        self._ends: Floats = payoff[lay.slot_terminal, lay.slot_player] / scale[lay.slot_player]
        self._chance = chance
        with np.errstate(divide="ignore"):
            self._log_chance: Floats = np.where(chance > 0, np.log(chance), 0.0)
        barred = barred_nodes(shape, chance[None])
        self.barred: Bools = np.zeros(shape.num_nodes, dtype=np.bool_) if barred is None else barred[:, 0]

    def point(self, odds: Floats, used: Bools | None = None, clean: Bools | None = None) -> Point:
        """Everything that follows from log-odds.

        Args:
            odds: [actions] log-odds against the reference action of each set.
            used: [actions] those played; the others have probability 0 and a logarithm all the same.
            clean: [nodes] members of sets that alone are believed in.
        """
        shape, lay, starts = self.shape, self.layout, self.starts
        own = shape.action_infoset
        counted = odds if used is None else np.where(used, odds, -np.inf)
        top = np.maximum.reduceat(counted, starts)
        weight = np.exp(counted - top[own])
        total = np.add.reduceat(weight, starts)
        log = odds - (top + np.log(total))[own]
        prob = weight / total[own]
        belief = self._beliefs(log, clean)
        value = self._values(np.concatenate([prob, self._chance]))
        payoff = value[lay.action_value]
        if len(lay.own):
            offered = belief[lay.offer_member] * value[lay.offer_value]
            payoff[lay.own] = np.add.reduceat(offered, lay.offer_start)
        return Point(odds, log, prob, value, payoff, belief)

    def _values(self, prob: Floats) -> Floats:
        value = np.empty(self.layout.num_values)
        value[: self.layout.num_terminal] = self._ends
        for level in self.layout.levels:
            value[level.out] = np.add.reduceat(prob[level.prob] * value[level.source], level.starts)
        return value

    def _beliefs(self, log: Floats, clean: Bools | None) -> Floats:
        """[nodes] beliefs at all decision nodes."""
        shape = self.shape
        reach = np.concatenate([log, self._log_chance, [0.0]])[shape.edge_slot]
        for family in shape.families:
            reach[family.children] += reach[shape.parent[family.children]]
        out = self.barred if clean is None else self.barred | ~clean
        members, starts = shape.member_nodes, shape.member_start
        own = shape.infoset[members]
        rows = np.where(out[members], -np.inf, reach[members])
        weight = np.exp(rows - np.maximum.reduceat(rows, starts)[own])
        belief = np.zeros(shape.num_nodes)
        belief[members] = weight / np.add.reduceat(weight, starts)[own]
        return belief

    def factors(self, point: Point, reference: Bools, own: Floats, gain: Floats, unit: Floats) -> Factors:
        """The factored `jacobian`."""
        matrix = self.jacobian(point, reference, own, gain, unit)
        return Factors(matrix, self.pattern.order[: self.shape.num_actions])

    def jacobian(self, point: Point, reference: Bools, own: Floats, gain: Floats, unit: Floats) -> Any:
        """Derivatives of the equations ``own * odds - gain * (payoff - payoff of the reference)`` of all actions.

        Args:
            point: Where.
            reference: [actions] the reference action of each set, whose equation is that its odds are 0.
            own: [actions] weight of the odds.
            gain: [actions] weight of the payoffs.
            unit: [actions] derivative of the odds by the unknowns.
        """
        lay, shape = self.layout, self.shape
        prob, value, belief = point.prob, point.value, point.belief
        own, gain = np.where(reference, 1.0, own * unit), np.where(reference, 0.0, gain)
        unit = np.where(reference, 0.0, unit)
        inner = self.pattern.size - shape.num_actions
        toward = reference[lay.pair_other] * 1.0 - (lay.pair_row == lay.pair_other)
        chances = np.concatenate([prob, self._chance])
        pushed = prob[lay.chosen_action] * unit[lay.chosen_action]
        weight = belief[lay.offer_member]
        above = value[lay.offer_value] - point.payoff[lay.offer_action]
        into = shape.edge[lay.step_pair_node] == lay.step_pair_action
        return self.pattern.matrix(
            [
                own,
                np.ones(inner),
                gain[lay.pair_row] * toward,
                -chances[lay.part_prob],
                -pushed * (value[lay.chosen_source] - value[lay.chosen_out]),
                -weight,
                -weight * above,
                -np.ones(len(lay.step_node)),
                -(into - prob[lay.step_pair_action]) * unit[lay.step_pair_action],
            ]
        )


class Factors:
    """A factored Jacobian: solves, and the sign of its determinant.

    Args:
        matrix: From `System.jacobian`.
        place: Where the equations of the actions stand in it.
    """

    def __init__(self, matrix: Any, place: Ints):
        from scipy.sparse.linalg import splu

        self._place = place
        self._size = matrix.shape[0]
        self._lu: Any = splu(matrix, permc_spec="NATURAL", diag_pivot_thresh=PIVOT, options={"SymmetricMode": True})

    def solve(self, *right: Floats) -> NDArray[np.float64]:
        """[rights, actions] changes of the unknowns for residuals of the actions' equations."""
        full = np.zeros((self._size, len(right)))
        for k, column in enumerate(right):
            full[self._place, k] = column
        return self._lu.solve(full)[self._place].T

    def sign(self) -> float:
        """The sign of the determinant."""
        order = np.empty(self._size, dtype=np.int32)
        order[self._lu.perm_c] = self._lu.perm_r
        odd = np.count_nonzero(self._lu.U.diagonal() < 0) + _swaps(order)
        return -1.0 if odd % 2 else 1.0


def _swaps(order: Ints) -> int:
    """Exchanges that make up a permutation."""
    moved = np.flatnonzero(order != np.arange(len(order)))
    goes = dict(zip(moved.tolist(), order[moved].tolist(), strict=True))
    cycles = 0
    while goes:
        cycles += 1
        start, at = goes.popitem()
        while at != start:
            at = goes.pop(at)
    return len(moved) - cycles
