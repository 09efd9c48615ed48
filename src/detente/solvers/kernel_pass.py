"""Compiled evaluation of a game's logit equations and their derivatives, for one draw.

The arrays of a `Plan` are the program, the work arrays the registers; nothing here knows the tree.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from detente.axes import Bools, Floats, Ints
from detente.game import TreeShape
from detente.solvers.plan import Plan

NEGLIGIBLE = 1e-17


class PlanArrays(NamedTuple):
    """The plan and the shape as the kernels read them (see `Plan` for the meaning)."""

    num_actions: int
    num_slots: int
    num_terminal_slots: int
    action_start: Ints
    action_set: Ints
    unknown_sets: Ints
    unknown_start: Ints
    is_unknown: Ints
    slot_terminal: Ints
    slot_player: Ints
    op_kind: Ints
    op_arg: Ints
    op_stop: Ints
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
    reversing: Bools
    belief_free: Bools


def plan_arrays(shape: TreeShape, plan: Plan) -> PlanArrays:
    """Put a plan into the form the kernels take."""
    return PlanArrays(
        shape.num_actions,
        plan.num_slots,
        plan.num_terminal_slots,
        np.ascontiguousarray(shape.action_start, dtype=np.int32),
        np.ascontiguousarray(shape.action_infoset, dtype=np.int32),
        *(getattr(plan, name) for name in PlanArrays._fields[5:]),
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


@njit(cache=True, nogil=True, error_model="numpy")
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


@njit(cache=True, nogil=True, error_model="numpy")
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


@njit(cache=True, nogil=True, error_model="numpy")
def linear_run(  # pragma: no cover - compiled
    first,
    last,
    directions,
    num_actions,
    num_terminal,
    lin_out,
    lin_start,
    lin_prob,
    lin_in,
    prob,
    value,
    d_log,
    d_value,
):
    """Slots `first` to `last` of the program: each the probability-weighted sum of slots below it."""
    for op in range(first, last):
        out = lin_out[op]
        total = 0.0
        for j in range(directions):
            d_value[out, j] = 0.0
        for k in range(lin_start[op], lin_start[op + 1]):
            which = lin_prob[k]
            p = prob[which]
            if p < NEGLIGIBLE:
                continue
            source = lin_in[k]
            below = value[source]
            total += p * below
            if directions:
                if source >= num_terminal:
                    for j in range(directions):
                        d_value[out, j] += p * d_value[source, j]
                if which < num_actions:
                    factor = p * below
                    for j in range(directions):
                        d_value[out, j] += factor * d_log[which, j]
        value[out] = total


@njit(cache=True, nogil=True, error_model="numpy")
def member_beliefs(  # pragma: no cover - compiled
    first, last, member_log, relevant_start, relevant_action, log, belief
):
    """Beliefs at an information set from log-probabilities, safe against underflow."""
    if last - first == 1:
        belief[first] = 1.0
        return
    top = -np.inf
    for member in range(first, last):
        weight = member_log[member]
        for k in range(relevant_start[member], relevant_start[member + 1]):
            weight += log[relevant_action[k]]
        belief[member] = weight
        top = max(top, weight)
    total = 0.0
    for member in range(first, last):
        gap = belief[member] - top
        belief[member] = np.exp(gap) if gap > -60.0 else 0.0
        total += belief[member]
    for member in range(first, last):
        belief[member] /= total


@njit(cache=True, nogil=True, error_model="numpy")
def member_values(  # pragma: no cover - compiled
    first, last, start, stop, directions, num_terminal, child_start, child_slot, relevant_start, relevant_action,
    belief, value, action_value, d_log, d_value, d_action_value, d_row
):  # fmt: skip
    """Values of the actions at an information set and their derivatives, given its beliefs."""
    for action in range(start, stop):
        action_value[action] = 0.0
        for j in range(directions):
            d_action_value[action, j] = 0.0
    for member in range(first, last):
        mu = belief[member]
        if mu < NEGLIGIBLE:
            continue
        base = child_start[member]
        for k in range(stop - start):
            slot = child_slot[base + k]
            action_value[start + k] += mu * value[slot]
            if directions and slot >= num_terminal:
                for j in range(directions):
                    d_action_value[start + k, j] += mu * d_value[slot, j]
    if directions == 0 or last - first == 1:
        return
    for member in range(first, last):
        mu = belief[member]
        if mu < NEGLIGIBLE or relevant_start[member] == relevant_start[member + 1]:
            continue
        for j in range(directions):
            d_row[j] = 0.0
        for k in range(relevant_start[member], relevant_start[member + 1]):
            action = relevant_action[k]
            for j in range(directions):
                d_row[j] += d_log[action, j]
        base = child_start[member]
        for k in range(stop - start):
            factor = mu * (value[child_slot[base + k]] - action_value[start + k])
            if factor != 0.0:
                for j in range(directions):
                    d_action_value[start + k, j] += factor * d_row[j]


@njit(cache=True, nogil=True, error_model="numpy")
def softmax(start, stop, directions, log, prob, d_log, d_row):  # pragma: no cover - compiled
    """Turn logits in `log` (and derivatives in `d_log`) into log-probabilities and probabilities."""
    top = log[start]
    for action in range(start + 1, stop):
        top = max(top, log[action])
    total = 0.0
    for action in range(start, stop):
        gap = log[action] - top
        prob[action] = np.exp(gap) if gap > -60.0 else 0.0
        total += prob[action]
    shift = top + np.log(total)
    for j in range(directions):
        d_row[j] = 0.0
    for action in range(start, stop):
        log[action] -= shift
        prob[action] /= total
        p = prob[action]
        if directions and p > NEGLIGIBLE:
            for j in range(directions):
                d_row[j] += p * d_log[action, j]
    if directions:
        for action in range(start, stop):
            for j in range(directions):
                d_log[action, j] -= d_row[j]


@njit(cache=True, nogil=True, error_model="numpy")
def load_unknowns(pl, w, z, ref, directions):  # pragma: no cover - compiled
    """Strategies at the loop-closing information sets, from log-odds against their reference action."""
    log, prob, d_log, d_row = w.log, w.prob, w.d_log, w.d_row
    action_start, unknown_sets, unknown_start = pl.action_start, pl.unknown_sets, pl.unknown_start
    for k in range(unknown_sets.shape[0]):
        index = unknown_sets[k]
        start, stop = action_start[index], action_start[index + 1]
        unknown = unknown_start[k]
        for action in range(start, stop):
            for j in range(directions):
                d_log[action, j] = 0.0
            if action == ref[k]:
                log[action] = 0.0
                continue
            log[action] = z[unknown]
            if directions:
                d_log[action, unknown] = 1.0 + abs(z[unknown])
            unknown += 1
        softmax(start, stop, directions, log, prob, d_log, d_row)


@njit(cache=True, nogil=True, error_model="numpy")
def residual(pl, w, z, ref, lam, out, jac, directions):  # pragma: no cover - compiled
    """The logit equations at (z, lam): residuals in `out`, and their derivatives in `jac`.

    Unknowns are measured as q = sign(z) log(1 + |z|) and precision as t = log(1 + lam); residuals
    are in units of q. With `directions` = 0 no derivatives are taken.
    """
    # Local names: every attribute access of an array costs an atomic reference count.
    prob, log, value, action_value, belief = w.prob, w.log, w.value, w.action_value, w.belief
    member_log, bias, d_log, d_value = w.member_log, w.bias, w.d_log, w.d_value
    d_action_value, d_row = w.d_action_value, w.d_row
    op_kind, op_arg, op_stop = pl.op_kind, pl.op_arg, pl.op_stop
    lin_out, lin_start, lin_prob, lin_in = pl.lin_out, pl.lin_start, pl.lin_prob, pl.lin_in
    member_start, action_start, is_unknown = pl.member_start, pl.action_start, pl.is_unknown
    relevant_start, relevant_action = pl.relevant_start, pl.relevant_action
    child_start, child_slot, unknown_start = pl.child_start, pl.child_slot, pl.unknown_start
    num_actions, num_terminal, belief_free = pl.num_actions, pl.num_terminal_slots, pl.belief_free
    load_unknowns(pl, w, z, ref, directions)
    for op in range(op_kind.shape[0]):
        if op_kind[op] == 0:
            linear_run(
                op_arg[op], op_stop[op], directions, num_actions, num_terminal,
                lin_out, lin_start, lin_prob, lin_in, prob, value, d_log, d_value,
            )  # fmt: skip
            continue
        index = op_arg[op]
        first = member_start[index]
        last = first + 1 if belief_free[index] else member_start[index + 1]
        start, stop = action_start[index], action_start[index + 1]
        member_beliefs(first, last, member_log, relevant_start, relevant_action, log, belief)
        member_values(
            first, last, start, stop, directions, num_terminal, child_start, child_slot, relevant_start,
            relevant_action, belief, value, action_value, d_log, d_value, d_action_value, d_row,
        )  # fmt: skip
        place = is_unknown[index]
        if place >= 0:
            _residual_rows(
                start, stop, unknown_start[place], ref[place], z, lam, directions, action_value, d_action_value, bias,
                out, jac,
            )  # fmt: skip
            continue
        for action in range(start, stop):
            gain = action_value[action]
            log[action] = lam * gain + bias[action]
            for j in range(directions):
                d_log[action, j] = lam * d_action_value[action, j]
            if directions:
                d_log[action, directions - 1] += (1.0 + lam) * gain
        softmax(start, stop, directions, log, prob, d_log, d_row)


@njit(cache=True, nogil=True, error_model="numpy")
def _residual_rows(  # pragma: no cover - compiled
    start, stop, unknown, reference, z, lam, directions, action_value, d_action_value, bias, out, jac
):
    for action in range(start, stop):
        if action == reference:
            continue
        gain = action_value[action] - action_value[reference]
        unit = 1.0 + abs(z[unknown])
        out[unknown] = (z[unknown] - lam * gain - bias[action] + bias[reference]) / unit
        if directions:
            for j in range(directions):
                jac[unknown, j] = -lam * (d_action_value[action, j] - d_action_value[reference, j]) / unit
            jac[unknown, directions - 1] -= (1.0 + lam) * gain / unit
            jac[unknown, unknown] += 1.0
        unknown += 1
