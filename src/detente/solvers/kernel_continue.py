"""Compiled loop that carries profiles over to other numbers of the same game, support by support."""

from __future__ import annotations

import numpy as np
from numba import njit

from detente.solvers.kernel_pass import load_draw, make_work, softmax
from detente.solvers.kernel_polish import SOLVED, TIED, _try_support  # pyright: ignore[reportPrivateUsage]

CARRIED, CHANGED = 0, 4
EXTRA = 24


@njit(cache=True, nogil=True, error_model="numpy")
def continue_block(  # pragma: no cover - compiled
    pl, trembles, tolerance, payoff, chance, scale, known, strategy, belief, logs, status
):
    """Solve on the support each draw brings along; the last four arrays hold the start and receive the answer.

    `known` [draws] says where there is a start at all. The answer is refused (`CHANGED`) where the
    support had to be changed to find an equilibrium.
    """
    w = make_work(pl, chance.shape[1], EXTRA)
    used = np.zeros(pl.num_actions, dtype=np.bool_)
    best = np.zeros(pl.action_start.shape[0] - 1, dtype=np.int32)
    profile = np.zeros((trembles.shape[0], pl.num_actions))
    before = np.zeros(pl.num_actions)
    reached = np.zeros(pl.member_node.shape[0])
    for draw in range(payoff.shape[0]):
        status[draw] = CHANGED
        if not known[draw]:
            continue
        load_draw(pl, w, payoff[draw], chance[draw], scale[draw])
        for action in range(pl.num_actions):
            before[action] = logs[draw, 0, action]
            used[action] = strategy[draw, action] > 0.0
        for index in range(pl.action_start.shape[0] - 1):
            best[index] = pl.action_start[index]
            for action in range(pl.action_start[index], pl.action_start[index + 1]):
                if strategy[draw, action] > strategy[draw, best[index]]:
                    best[index] = action
        for member in range(pl.member_node.shape[0]):
            reached[member] = belief[draw, pl.member_node[member]]
        code = _try_support(pl, w, trembles[0], before, reached, used, best, 1.0, TIED, trembles, profile, tolerance)
        if code != SOLVED:
            continue
        status[draw] = CARRIED
        for action in range(pl.num_actions):
            strategy[draw, action] = w.prob[action]
        for member in range(pl.member_node.shape[0]):
            belief[draw, pl.member_node[member]] = w.belief[member]
        for level in range(trembles.shape[0]):
            for action in range(pl.num_actions):
                w.log[action] = profile[level, action]
            for index in range(pl.action_start.shape[0] - 1):
                softmax(pl.action_start[index], pl.action_start[index + 1], 0, w.log, w.prob, w.d_log, w.d_row)
            for action in range(pl.num_actions):
                logs[draw, level, action] = w.log[action]
