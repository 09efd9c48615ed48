"""Compiled evaluation of a game's logit equations and their derivatives, for one draw.

The integers `N` of `kernel_layout` are the program, the floats `F` the registers; nothing here knows the tree.
"""

from __future__ import annotations

import numpy as np

from detente.solvers.kernel_jit import NONE, kernel
from detente.solvers.kernel_layout import (
    ACTION_START,
    ACTION_VALUE,
    BELIEF,
    BELIEF_FREE,
    BIAS,
    CHANCE_PATH_EDGE,
    CHANCE_PATH_START,
    CHILD_SLOT,
    CHILD_START,
    D_ACTION_VALUE,
    D_LOG,
    D_ROW,
    D_VALUE,
    HOT_ACTION,
    HOT_SLOT,
    IS_UNKNOWN,
    JAC,
    LIN_IN,
    LIN_OUT,
    LIN_PROB,
    LIN_START,
    LOG,
    MEMBER_LOG,
    MEMBER_START,
    N_ACTIONS,
    N_CHANCE,
    N_OPS,
    N_SETS,
    N_TERMINAL,
    N_UNKNOWN_SETS,
    N_UNKNOWNS,
    OP_ARG,
    OP_KIND,
    OP_PLAIN,
    OP_STOP,
    OUT,
    PROB,
    REF,
    RELEVANT_ACTION,
    RELEVANT_START,
    SLOT_PLAYER,
    SLOT_TERMINAL,
    UNKNOWN_SETS,
    UNKNOWN_START,
    VALUE,
    WIDTH,
)

NEGLIGIBLE = 1e-17


@kernel
def clear_derivatives(N, F):  # pragma: no cover - compiled
    """Zero all derivatives: those of what depends on the precision alone are written in one column only."""
    width, directions = N[WIDTH], N[N_UNKNOWNS] + 1
    for row in range(N[D_LOG], N[D_ROW], width):  # the registers d_log, d_value and d_action_value
        for j in range(directions):
            F[row + j] = 0.0
    for action in range(N[N_ACTIONS]):
        N[N[HOT_ACTION] + action] = 1


@kernel
def load_draw(N, F, payoff, chance, scale):  # pragma: no cover - compiled
    """Load one draw: scaled payoffs, chance, and the chance part of every belief."""
    value, player, terminal = N[VALUE], N[SLOT_PLAYER], N[SLOT_TERMINAL]
    for slot in range(N[N_TERMINAL]):
        mover = N[player + slot]
        F[value + slot] = payoff[N[terminal + slot], mover] / scale[mover]
    prob = N[PROB] + N[N_ACTIONS]
    for edge in range(N[N_CHANCE]):
        F[prob + edge] = chance[edge]
    member_start, path_start, path_edge = N[MEMBER_START], N[CHANCE_PATH_START], N[CHANCE_PATH_EDGE]
    member_log, belief = N[MEMBER_LOG], N[BELIEF]
    for index in range(N[N_SETS]):
        first, last = N[member_start + index], N[member_start + index + 1]
        fewest = 1 << 30
        for member in range(first, last):
            zeros = 0
            weight = 1.0
            total = 0.0
            for k in range(N[path_start + member], N[path_start + member + 1]):
                p = chance[N[path_edge + k]]
                if p > 0.0:
                    weight *= p
                    if weight < 1e-200:
                        total += np.log(weight)
                        weight = 1.0
                else:
                    zeros += 1
            F[member_log + member] = total + np.log(weight)
            F[belief + member] = zeros
            fewest = min(fewest, zeros)
        for member in range(first, last):
            if F[belief + member] > fewest:
                F[member_log + member] = -np.inf


@kernel
def linear_run(N, F, first, last, low, high):  # pragma: no cover - compiled
    """Slots `first` to `last` of the program: each the probability-weighted sum of slots below it.

    Derivatives are taken along directions `low` to `high`, where there are any.
    """
    lin_out, lin_start, lin_prob, lin_in = N[LIN_OUT], N[LIN_START], N[LIN_PROB], N[LIN_IN]
    prob, value, d_log, d_value = N[PROB], N[VALUE], N[D_LOG], N[D_VALUE]
    num_actions, width, hot_action, hot_slot = N[N_ACTIONS], N[WIDTH], N[HOT_ACTION], N[HOT_SLOT]
    for op in range(first, last):
        out = N[lin_out + op]
        total = 0.0
        hot = 0
        for k in range(N[lin_start + op], N[lin_start + op + 1]):
            which = N[lin_prob + k]
            p = F[prob + which]
            if p < NEGLIGIBLE:
                continue
            source = N[lin_in + k]
            total += p * F[value + source]
            if high > low:
                hot |= N[hot_slot + source]
                if which < num_actions:
                    hot |= N[hot_action + which]
        F[value + out] = total
        if high == low:
            continue
        N[hot_slot + out] = hot
        if not hot:
            continue
        d_out = d_value + out * width
        for j in range(low, high):
            F[d_out + j] = 0.0
        for k in range(N[lin_start + op], N[lin_start + op + 1]):
            which = N[lin_prob + k]
            p = F[prob + which]
            if p < NEGLIGIBLE:
                continue
            source = N[lin_in + k]
            if which < num_actions and N[hot_action + which]:
                d_from = d_log + which * width
                part = p * F[value + source]
                for j in range(low, high):
                    F[d_out + j] += part * F[d_from + j]
            if N[hot_slot + source]:
                d_in = d_value + source * width
                for j in range(low, high):
                    F[d_out + j] += p * F[d_in + j]


@kernel
def member_beliefs(N, F, first, last):  # pragma: no cover - compiled
    """Beliefs at an information set from log-probabilities, safe against underflow."""
    belief = N[BELIEF]
    if last - first == 1:
        F[belief + first] = 1.0
        return
    member_log, log = N[MEMBER_LOG], N[LOG]
    relevant_start, relevant_action = N[RELEVANT_START], N[RELEVANT_ACTION]
    top = -np.inf
    for member in range(first, last):
        weight = F[member_log + member]
        for k in range(N[relevant_start + member], N[relevant_start + member + 1]):
            weight += F[log + N[relevant_action + k]]
        F[belief + member] = weight
        top = max(top, weight)
    total = 0.0
    for member in range(first, last):
        gap = F[belief + member] - top
        weight = np.exp(gap) if gap > -60.0 else 0.0
        F[belief + member] = weight
        total += weight
    share = 1.0 / total
    for member in range(first, last):
        F[belief + member] *= share


@kernel
def member_values(N, F, first, last, start, stop, low, high):  # pragma: no cover - compiled
    """Values of the actions at an information set and their derivatives, given its beliefs."""
    belief, value, d_value = N[BELIEF], N[VALUE], N[D_VALUE]
    action_value, d_action_value = N[ACTION_VALUE], N[D_ACTION_VALUE]
    child_start, child_slot = N[CHILD_START], N[CHILD_SLOT]
    hot_slot, width = N[HOT_SLOT], N[WIDTH]
    for action in range(start, stop):
        F[action_value + action] = 0.0
        row = d_action_value + action * width
        for j in range(low, high):
            F[row + j] = 0.0
    for member in range(first, last):
        mu = F[belief + member]
        if mu < NEGLIGIBLE:
            continue
        base = child_slot + N[child_start + member]
        for k in range(stop - start):
            slot = N[base + k]
            F[action_value + start + k] += mu * F[value + slot]
            if high > low and N[hot_slot + slot]:
                row = d_action_value + (start + k) * width
                d_in = d_value + slot * width
                for j in range(low, high):
                    F[row + j] += mu * F[d_in + j]
    if high == low or last - first == 1:
        return
    relevant_start, relevant_action = N[RELEVANT_START], N[RELEVANT_ACTION]
    d_row, d_log = N[D_ROW], N[D_LOG]
    for member in range(first, last):
        mu = F[belief + member]
        begin, end = N[relevant_start + member], N[relevant_start + member + 1]
        if mu < NEGLIGIBLE or begin == end:
            continue
        for j in range(low, high):
            F[d_row + j] = 0.0
        for k in range(begin, end):
            d_from = d_log + N[relevant_action + k] * width
            for j in range(low, high):
                F[d_row + j] += F[d_from + j]
        base = child_slot + N[child_start + member]
        for k in range(stop - start):
            factor = mu * (F[value + N[base + k]] - F[action_value + start + k])
            if factor != 0.0:
                row = d_action_value + (start + k) * width
                for j in range(low, high):
                    F[row + j] += factor * F[d_row + j]


@kernel
def softmax(N, F, start, stop, low, high):  # pragma: no cover - compiled
    """Turn logits in `log` (and derivatives in `d_log`) into log-probabilities and probabilities."""
    log, prob, d_log, d_row, width = N[LOG], N[PROB], N[D_LOG], N[D_ROW], N[WIDTH]
    top = F[log + start]
    for action in range(start + 1, stop):
        top = max(top, F[log + action])
    total = 0.0
    for action in range(start, stop):
        gap = F[log + action] - top
        p = np.exp(gap) if gap > -60.0 else 0.0
        F[prob + action] = p
        total += p
    shift = top + np.log(total)
    share = 1.0 / total
    for j in range(low, high):
        F[d_row + j] = 0.0
    for action in range(start, stop):
        F[log + action] -= shift
        p = F[prob + action] * share
        F[prob + action] = p
        if high > low and p > NEGLIGIBLE:
            row = d_log + action * width
            for j in range(low, high):
                F[d_row + j] += p * F[row + j]
    if high > low:
        for action in range(start, stop):
            row = d_log + action * width
            for j in range(low, high):
                F[row + j] -= F[d_row + j]


@kernel
def load_unknowns(N, F, z, directions):  # pragma: no cover - compiled
    """Strategies at the loop-closing information sets, from log-odds (at `z`) against their reference action."""
    log, d_log, width = N[LOG], N[D_LOG], N[WIDTH]
    action_start, unknown_sets, unknown_start, ref = N[ACTION_START], N[UNKNOWN_SETS], N[UNKNOWN_START], N[REF]
    for k in range(N[N_UNKNOWN_SETS]):
        index = N[unknown_sets + k]
        start, stop = N[action_start + index], N[action_start + index + 1]
        unknown = N[unknown_start + k]
        for action in range(start, stop):
            row = d_log + action * width
            for j in range(directions):
                F[row + j] = 0.0
            if action == N[ref + k]:
                F[log + action] = 0.0
                continue
            F[log + action] = F[z + unknown]
            if directions:
                F[row + unknown] = 1.0 + abs(F[z + unknown])
            unknown += 1
        softmax(N, F, start, stop, NONE, directions)


@kernel
def _residual_rows(N, F, start, stop, unknown, reference, z, lam, directions):  # pragma: no cover - compiled
    action_value, d_action_value, bias, width = N[ACTION_VALUE], N[D_ACTION_VALUE], N[BIAS], N[WIDTH]
    out, jac = N[OUT], N[JAC]
    d_reference = d_action_value + reference * width
    for action in range(start, stop):
        if action == reference:
            continue
        gain = F[action_value + action] - F[action_value + reference]
        odds = F[z + unknown]
        unit = 1.0 / (1.0 + abs(odds))
        F[out + unknown] = (odds - lam * gain - F[bias + action] + F[bias + reference]) * unit
        if directions:
            row = jac + unknown * width
            d_own = d_action_value + action * width
            for j in range(directions):
                F[row + j] = -lam * (F[d_own + j] - F[d_reference + j]) * unit
            F[row + directions - 1] -= (1.0 + lam) * gain * unit
            F[row + unknown] += 1.0
        unknown += 1


@kernel
def residual(N, F, z, lam, directions):  # pragma: no cover - compiled
    """The logit equations at the log-odds at `z`: residuals in `out`, their derivatives in `jac`.

    Unknowns are measured as q = sign(z) log(1 + |z|) and precision as t = log(1 + lam); residuals
    are in units of q. With `directions` = 0 no derivatives are taken.
    """
    log, bias, action_value = N[LOG], N[BIAS], N[ACTION_VALUE]
    d_log, d_action_value, width = N[D_LOG], N[D_ACTION_VALUE], N[WIDTH]
    op_kind, op_arg, op_stop, op_plain = N[OP_KIND], N[OP_ARG], N[OP_STOP], N[OP_PLAIN]
    member_start, action_start, is_unknown = N[MEMBER_START], N[ACTION_START], N[IS_UNKNOWN]
    unknown_start, belief_free, ref = N[UNKNOWN_START], N[BELIEF_FREE], N[REF]
    load_unknowns(N, F, z, directions)
    for op in range(N[N_OPS]):
        low = directions - 1 if directions and N[op_plain + op] else NONE
        if N[op_kind + op] == 0:
            linear_run(N, F, N[op_arg + op], N[op_stop + op], low, directions)
            continue
        index = N[op_arg + op]
        first = N[member_start + index]
        last = first + 1 if N[belief_free + index] else N[member_start + index + 1]
        start, stop = N[action_start + index], N[action_start + index + 1]
        member_beliefs(N, F, first, last)
        member_values(N, F, first, last, start, stop, low, directions)
        place = N[is_unknown + index]
        if place >= 0:
            _residual_rows(N, F, start, stop, N[unknown_start + place], N[ref + place], z, lam, directions)
            continue
        for action in range(start, stop):
            gain = F[action_value + action]
            F[log + action] = lam * gain + F[bias + action]
            if directions:
                row = d_log + action * width
                d_in = d_action_value + action * width
                for j in range(low, directions):
                    F[row + j] = lam * F[d_in + j]
                F[row + directions - 1] += (1.0 + lam) * gain
        softmax(N, F, start, stop, low, directions)
