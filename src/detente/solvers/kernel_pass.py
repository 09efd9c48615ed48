"""Compiled evaluation of a game's logit equations and their derivatives, for one draw.

The arrays of a `Plan` are the program, the work arrays the registers; nothing here knows the tree.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from detente.axes import Floats, Ints
from detente.game import TreeShape
from detente.solvers.plan import Plan

NEGLIGIBLE = 1e-17


class PlanArrays(NamedTuple):
    """The plan and the shape as the kernels read them (see `Plan` for the meaning)."""

    num_actions: int
    num_slots: int
    num_terminal_slots: int
    action_start: Ints
    unknown_sets: Ints
    unknown_start: Ints
    is_unknown: Ints
    slot_terminal: Ints
    slot_player: Ints
    op_kind: Ints
    op_arg: Ints
    lin_out: Ints
    lin_start: Ints
    lin_prob: Ints
    lin_in: Ints
    member_start: Ints
    member_node: Ints
    relevant_start: Ints
    relevant_action: Ints
    child_slot: Ints
    child_start: Ints
    chance_path_start: Ints
    chance_path_edge: Ints
    belief_order: Ints


def plan_arrays(shape: TreeShape, plan: Plan) -> PlanArrays:
    """Put a plan into the form the kernels take."""
    return PlanArrays(
        shape.num_actions,
        plan.num_slots,
        plan.num_terminal_slots,
        np.ascontiguousarray(shape.action_start, dtype=np.int32),
        *(getattr(plan, name) for name in PlanArrays._fields[4:]),
    )


class Work(NamedTuple):
    """Registers of one draw.

    `prob` holds action then chance probabilities, `log` log-probabilities of actions, `value`
    the slots, `action_value` the values of actions, `belief` per member; `d_*` are derivatives along
    the directions of the moment; `member_log` is the log of chance on each member's path, -inf
    where the member is ruled out by chance moves of probability zero.
    """

    prob: Floats
    log: Floats
    value: Floats
    action_value: Floats
    belief: Floats
    member_log: Floats
    bias: Floats
    d_log: Floats
    d_value: Floats
    d_action_value: Floats
    d_row: Floats


@njit(cache=True, nogil=True)
def make_work(pl, num_chance, directions):  # pragma: no cover - compiled
    """Allocate the registers for one draw."""
    actions = pl.num_actions
    return Work(
        np.zeros(actions + num_chance),
        np.zeros(actions),
        np.zeros(pl.num_slots),
        np.zeros(actions),
        np.zeros(pl.member_node.shape[0]),
        np.zeros(pl.member_node.shape[0]),
        np.zeros(actions),
        np.zeros((actions, directions)),
        np.zeros((pl.num_slots, directions)),
        np.zeros((actions, directions)),
        np.zeros(directions),
    )


@njit(cache=True, nogil=True)
def load_draw(pl, w, payoff, chance, scale):  # pragma: no cover - compiled
    """Load one draw: scaled payoffs, chance, and the chance part of every belief."""
    for slot in range(pl.num_terminal_slots):
        player = pl.slot_player[slot]
        w.value[slot] = payoff[pl.slot_terminal[slot], player] / scale[player]
    for edge in range(chance.shape[0]):
        w.prob[pl.num_actions + edge] = chance[edge]
    for index in range(pl.member_start.shape[0] - 1):
        first, last = pl.member_start[index], pl.member_start[index + 1]
        fewest = 1 << 30
        for member in range(first, last):
            zeros = 0
            total = 0.0
            for k in range(pl.chance_path_start[member], pl.chance_path_start[member + 1]):
                p = chance[pl.chance_path_edge[k]]
                if p > 0.0:
                    total += np.log(p)
                else:
                    zeros += 1
            w.member_log[member] = total
            w.belief[member] = zeros
            fewest = min(fewest, zeros)
        for member in range(first, last):
            if w.belief[member] > fewest:
                w.member_log[member] = -np.inf


@njit(cache=True, nogil=True)
def linear(pl, w, op, directions):  # pragma: no cover - compiled
    """One slot: the probability-weighted sum of the slots below it."""
    out = pl.lin_out[op]
    total = 0.0
    for j in range(directions):
        w.d_row[j] = 0.0
    for k in range(pl.lin_start[op], pl.lin_start[op + 1]):
        which = pl.lin_prob[k]
        p = w.prob[which]
        if p < NEGLIGIBLE:
            continue
        source = pl.lin_in[k]
        value = w.value[source]
        total += p * value
        if directions:
            if source >= pl.num_terminal_slots:
                for j in range(directions):
                    w.d_row[j] += p * w.d_value[source, j]
            if which < pl.num_actions:
                factor = p * value
                for j in range(directions):
                    w.d_row[j] += factor * w.d_log[which, j]
    w.value[out] = total
    for j in range(directions):
        w.d_value[out, j] = w.d_row[j]


@njit(cache=True, nogil=True)
def beliefs(pl, w, index):  # pragma: no cover - compiled
    """Beliefs at an information set from log-probabilities, safe against underflow."""
    first, last = pl.member_start[index], pl.member_start[index + 1]
    if last - first == 1:
        w.belief[first] = 1.0
        return
    top = -np.inf
    for member in range(first, last):
        weight = w.member_log[member]
        for k in range(pl.relevant_start[member], pl.relevant_start[member + 1]):
            weight += w.log[pl.relevant_action[k]]
        w.belief[member] = weight
        top = max(top, weight)
    total = 0.0
    for member in range(first, last):
        w.belief[member] = np.exp(w.belief[member] - top)
        total += w.belief[member]
    for member in range(first, last):
        w.belief[member] /= total


@njit(cache=True, nogil=True)
def set_values(pl, w, index, directions):  # pragma: no cover - compiled
    """Values of the actions at an information set, and their derivatives; beliefs are in `w.belief`."""
    first, last = pl.member_start[index], pl.member_start[index + 1]
    start, stop = pl.action_start[index], pl.action_start[index + 1]
    for action in range(start, stop):
        w.action_value[action] = 0.0
        for j in range(directions):
            w.d_action_value[action, j] = 0.0
    for member in range(first, last):
        mu = w.belief[member]
        if mu < NEGLIGIBLE:
            continue
        base = pl.child_start[member]
        for k in range(stop - start):
            slot = pl.child_slot[base + k]
            w.action_value[start + k] += mu * w.value[slot]
            if directions and slot >= pl.num_terminal_slots:
                for j in range(directions):
                    w.d_action_value[start + k, j] += mu * w.d_value[slot, j]
    if directions and last - first > 1:
        _belief_derivatives(pl, w, index, directions)


@njit(cache=True, nogil=True)
def _belief_derivatives(pl, w, index, directions):  # pragma: no cover - compiled
    first, last = pl.member_start[index], pl.member_start[index + 1]
    start, stop = pl.action_start[index], pl.action_start[index + 1]
    for member in range(first, last):
        mu = w.belief[member]
        if mu < NEGLIGIBLE or pl.relevant_start[member] == pl.relevant_start[member + 1]:
            continue
        for j in range(directions):
            w.d_row[j] = 0.0
        for k in range(pl.relevant_start[member], pl.relevant_start[member + 1]):
            action = pl.relevant_action[k]
            for j in range(directions):
                w.d_row[j] += w.d_log[action, j]
        base = pl.child_start[member]
        for k in range(stop - start):
            factor = mu * (w.value[pl.child_slot[base + k]] - w.action_value[start + k])
            if factor != 0.0:
                for j in range(directions):
                    w.d_action_value[start + k, j] += factor * w.d_row[j]


@njit(cache=True, nogil=True)
def normalise(pl, w, index, directions):  # pragma: no cover - compiled
    """Turn logits in `w.log` (and derivatives in `w.d_log`) into log-probabilities."""
    start, stop = pl.action_start[index], pl.action_start[index + 1]
    top = w.log[start]
    for action in range(start + 1, stop):
        top = max(top, w.log[action])
    total = 0.0
    for action in range(start, stop):
        total += np.exp(w.log[action] - top)
    shift = top + np.log(total)
    for j in range(directions):
        w.d_row[j] = 0.0
    for action in range(start, stop):
        w.log[action] -= shift
        p = np.exp(w.log[action])
        w.prob[action] = p
        if p > NEGLIGIBLE:
            for j in range(directions):
                w.d_row[j] += p * w.d_log[action, j]
    if directions:
        for action in range(start, stop):
            for j in range(directions):
                w.d_log[action, j] -= w.d_row[j]


@njit(cache=True, nogil=True)
def load_unknowns(pl, w, z, ref, directions):  # pragma: no cover - compiled
    """Strategies at the loop-closing information sets, from log-odds against their reference action."""
    for k in range(pl.unknown_sets.shape[0]):
        index = pl.unknown_sets[k]
        start, stop = pl.action_start[index], pl.action_start[index + 1]
        unknown = pl.unknown_start[k]
        for action in range(start, stop):
            for j in range(directions):
                w.d_log[action, j] = 0.0
            if action == ref[k]:
                w.log[action] = 0.0
                continue
            w.log[action] = z[unknown]
            if directions:
                w.d_log[action, unknown] = 1.0 + abs(z[unknown])
            unknown += 1
        normalise(pl, w, index, directions)


@njit(cache=True, nogil=True)
def residual(pl, w, z, ref, lam, out, jac, directions):  # pragma: no cover - compiled
    """The logit equations at (z, lam): residuals in `out`, and their derivatives in `jac`.

    Unknowns are measured as q = sign(z) log(1 + |z|) and precision as t = log(1 + lam); residuals
    are in units of q. With `directions` = 0 no derivatives are taken.
    """
    load_unknowns(pl, w, z, ref, directions)
    for op in range(pl.op_kind.shape[0]):
        if pl.op_kind[op] == 0:
            linear(pl, w, pl.op_arg[op], directions)
            continue
        index = pl.op_arg[op]
        beliefs(pl, w, index)
        set_values(pl, w, index, directions)
        place = pl.is_unknown[index]
        if place >= 0:
            _residual_rows(pl, w, place, z, ref, lam, out, jac, directions)
            continue
        for action in range(pl.action_start[index], pl.action_start[index + 1]):
            value = w.action_value[action]
            w.log[action] = lam * value + w.bias[action]
            for j in range(directions):
                w.d_log[action, j] = lam * w.d_action_value[action, j]
            if directions:
                w.d_log[action, directions - 1] += (1.0 + lam) * value
        normalise(pl, w, index, directions)


@njit(cache=True, nogil=True)
def _residual_rows(pl, w, place, z, ref, lam, out, jac, directions):  # pragma: no cover - compiled
    index = pl.unknown_sets[place]
    unknown = pl.unknown_start[place]
    reference = ref[place]
    for action in range(pl.action_start[index], pl.action_start[index + 1]):
        if action == reference:
            continue
        gain = w.action_value[action] - w.action_value[reference]
        unit = 1.0 + abs(z[unknown])
        out[unknown] = (z[unknown] - lam * gain - w.bias[action] + w.bias[reference]) / unit
        if directions:
            for j in range(directions):
                jac[unknown, j] = -lam * (w.d_action_value[action, j] - w.d_action_value[reference, j]) / unit
            jac[unknown, directions - 1] -= (1.0 + lam) * gain / unit
            jac[unknown, unknown] += 1.0
        unknown += 1
