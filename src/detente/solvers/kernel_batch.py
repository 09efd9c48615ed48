"""Compiled loops over a block of draws: load, trace or carry over, store. One call runs on one thread."""

from __future__ import annotations

import numpy as np

from detente.solvers.kernel_jit import kernel
from detente.solvers.kernel_layout import (
    ACTION_START,
    BEFORE,
    BELIEF,
    BEST,
    BIAS,
    LEVELS,
    LOG,
    MEMBER_NODE,
    MEMBER_START,
    N_ACTIONS,
    N_MEMBERS,
    N_SETS,
    PROB,
    REACHED,
    USED,
)
from detente.solvers.kernel_pass import load_draw, member_beliefs
from detente.solvers.kernel_path import CANCELLED, CONVERGED, MAX_STEPS, NOT_FINITE, STALLED, trace
from detente.solvers.kernel_polish import SOLVED, TIED, try_support, write_witness

CARRIED, CHANGED = 0, 4


@kernel
def _finite(payoff, chance, scale):  # pragma: no cover - compiled
    for terminal in range(payoff.shape[0]):
        for player in range(payoff.shape[1]):
            if not np.isfinite(payoff[terminal, player]):
                return False
    for edge in range(chance.shape[0]):
        if not chance[edge] >= 0.0:
            return False
    for player in range(scale.shape[0]):
        if not (scale[player] > 0.0 and np.isfinite(scale[player])):
            return False
    return True


@kernel
def _store(N, F, strategy, belief):  # pragma: no cover - compiled
    for action in range(N[N_ACTIONS]):
        strategy[action] = F[N[PROB] + action]
    for member in range(N[N_MEMBERS]):
        belief[N[N[MEMBER_NODE] + member]] = F[N[BELIEF] + member]


@kernel
def solve_block(  # pragma: no cover - compiled
    N, F, target, options, trembles, flag, payoff, chance, scale, bias, strategy, belief, logs, status, steps, precision
):
    """Solve every draw of the block; the last six arrays receive the answers."""
    report = np.zeros(2)
    for draw in range(payoff.shape[0]):
        for level in range(LEVELS):
            for action in range(N[N_ACTIONS]):
                logs[draw, level, action] = np.nan
        if not _finite(payoff[draw], chance[draw], scale[draw]):
            status[draw] = NOT_FINITE
            for action in range(strategy.shape[1]):
                strategy[draw, action] = np.nan
            for node in range(belief.shape[1]):
                belief[draw, node] = np.nan
            continue
        for action in range(N[N_ACTIONS]):
            F[N[BIAS] + action] = bias[draw, action]
        code = STALLED
        total = 0
        careful = options.copy()
        for _ in range(int(options[7])):
            load_draw(N, F, payoff[draw], chance[draw], scale[draw])
            code = trace(N, F, target, careful, trembles, report, flag)
            total += int(report[0])
            if code in (CONVERGED, CANCELLED, MAX_STEPS):  # smaller steps would not get further
                break
            careful[0] *= 0.25
            careful[1] *= 0.25
        if target < np.inf:
            for index in range(N[N_SETS]):  # the path leaves out beliefs that no choice needs
                member_beliefs(N, F, N[N[MEMBER_START] + index], N[N[MEMBER_START] + index + 1])
        status[draw] = code
        steps[draw] = total
        precision[draw] = report[1]
        if code == CONVERGED and target < np.inf:
            for level in range(LEVELS):
                for action in range(N[N_ACTIONS]):
                    logs[draw, level, action] = F[N[LOG] + action]
        elif code == CONVERGED:
            write_witness(N, F, logs[draw])
        _store(N, F, strategy[draw], belief[draw])


@kernel
def continue_block(  # pragma: no cover - compiled
    N, F, trembles, tolerance, payoff, chance, scale, known, strategy, belief, logs, status
):
    """Solve on the support each draw brings along; the last four arrays hold the start and receive the answer.

    `known` [draws] says where there is a start at all. The answer is refused (`CHANGED`) where the
    support had to be changed to find an equilibrium.
    """
    for draw in range(payoff.shape[0]):
        status[draw] = CHANGED
        if not known[draw]:
            continue
        load_draw(N, F, payoff[draw], chance[draw], scale[draw])
        for action in range(N[N_ACTIONS]):
            F[N[BEFORE] + action] = logs[draw, 0, action]
            N[N[USED] + action] = strategy[draw, action] > 0.0
        for index in range(N[N_SETS]):
            best = N[N[ACTION_START] + index]
            for action in range(best, N[N[ACTION_START] + index + 1]):
                if strategy[draw, action] > strategy[draw, best]:
                    best = action
            N[N[BEST] + index] = best
        for member in range(N[N_MEMBERS]):
            F[N[REACHED] + member] = belief[draw, N[N[MEMBER_NODE] + member]]
        code = try_support(N, F, trembles[0], 1.0, TIED, trembles, tolerance)
        if code == SOLVED:
            status[draw] = CARRIED
            write_witness(N, F, logs[draw])
            _store(N, F, strategy[draw], belief[draw])
