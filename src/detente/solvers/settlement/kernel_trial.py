"""Compiled look for one order that carries itself in one world, visiting only the sets that are come to.

Kept in one file, so that the compiled code is cached with it.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, error_model="numpy")
def completes(before, who, gain, start, grab, grab_start, let_pass, tol, seen, stack):  # pragma: no cover - compiled
    """Whether steps that nobody who may leave would rather not take lead to the end.

    Args:
        before: [moves] bit mask of the moves that have to come first.
        who: [moves, parties] who may leave before the move.
        gain: [moves, parties] what a completed move adds to what leaving is worth beyond going on.
        start: [parties] that at the outset.
        grab: [moves, parties] what it adds to what can be seized.
        grab_start: [parties] what can be seized at the outset.
        let_pass: Share of the grab that peacekeepers let pass.
        tol: [parties] gains up to here count as none.
        seen: [2 ** moves] zeros; filled.
        stack: [2 ** moves] room.
    """
    moves, parties = gain.shape
    full = (1 << moves) - 1
    fine = np.empty(parties, dtype=np.bool_)
    stack[0], height = 0, 1
    seen[0] = 1
    while height > 0:
        height -= 1
        done = stack[height]
        for i in range(parties):
            x, seized = start[i], grab_start[i]
            for k in range(moves):
                if (done >> k) & 1:
                    x += gain[k, i]
                    seized += grab[k, i]
            fine[i] = x + let_pass * max(seized, 0.0) <= tol[i]
        for k in range(moves):
            after = done | (1 << k)
            if (done >> k) & 1 or before[k] & ~done or seen[after]:
                continue
            willing = True
            for i in range(parties):
                if who[k, i] and not fine[i]:
                    willing = False
            if willing:
                if after == full:
                    return True
                seen[after] = 1
                stack[height] = after
                height += 1
    return full == 0
