"""Compiled loop over a block of draws: load, trace, store. One call runs on one thread."""

from __future__ import annotations

import numpy as np
from numba import njit

from detente.solvers.kernel_pass import load_draw, make_work, member_beliefs
from detente.solvers.kernel_path import CONVERGED, NOT_FINITE, STALLED, trace


@njit(cache=True, nogil=True, error_model="numpy")
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


@njit(cache=True, nogil=True, error_model="numpy")
def solve_block(  # pragma: no cover - compiled
    pl, size, target, options, trembles, payoff, chance, scale, bias, strategy, belief, logs, status, steps, precision
):
    """Solve every draw of the block; the last six arrays receive the answers."""
    extra = 24
    w = make_work(pl, chance.shape[1], size + 1 + extra)
    used = np.zeros(pl.num_actions, dtype=np.bool_)
    best = np.zeros(pl.action_start.shape[0] - 1, dtype=np.int32)
    profile = np.zeros((trembles.shape[0], pl.num_actions))
    report = np.zeros(2)
    for draw in range(payoff.shape[0]):
        if not _finite(payoff[draw], chance[draw], scale[draw]):
            status[draw] = NOT_FINITE
            strategy[draw, :] = np.nan
            belief[draw, :] = np.nan
            logs[draw, :, :] = np.nan
            continue
        for action in range(pl.num_actions):
            w.bias[action] = bias[draw, action]
        code = STALLED
        total = 0
        careful = options.copy()
        for _ in range(int(options[7])):
            load_draw(pl, w, payoff[draw], chance[draw], scale[draw])
            code = trace(pl, w, size, target, careful, trembles, used, best, profile, report)
            total += int(report[0])
            if code == CONVERGED:
                break
            careful[0] *= 0.25
            careful[1] *= 0.25
        if target < np.inf:
            for index in range(pl.member_start.shape[0] - 1):  # the path leaves out beliefs that no choice needs
                first, last = pl.member_start[index], pl.member_start[index + 1]
                member_beliefs(first, last, w.member_log, pl.relevant_start, pl.relevant_action, w.log, w.belief)
        status[draw] = code
        steps[draw] = total
        precision[draw] = report[1]
        for action in range(pl.num_actions):
            strategy[draw, action] = w.prob[action]
        for member in range(pl.member_node.shape[0]):
            belief[draw, pl.member_node[member]] = w.belief[member]
        for level in range(trembles.shape[0]):
            for action in range(pl.num_actions):
                if code != CONVERGED:
                    logs[draw, level, action] = np.nan
                elif target < np.inf:
                    logs[draw, level, action] = w.log[action]
                else:
                    logs[draw, level, action] = profile[level, action]
