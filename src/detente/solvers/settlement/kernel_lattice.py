"""Compiled passes over the sets of completed steps, many worlds (lanes) at a time.

A set is a bit mask of moves (steps that happen at once are one move). `sets` lists those that the prerequisites
allow, in increasing order, so that every successor of a set comes after it; `position` finds a mask in that list.
What a party would gain by leaving at a set is a sum over the set, split in two tables: one over the low
bits, one over the high bits. Kept in one file, so that the compiled code is cached with it.
"""

from __future__ import annotations

import numpy as np
from numba import njit

NEED, RATIO, PEACE = 0, 1, 2
"""How a gain becomes a requirement: as it is; divided by a weight; as the share of the grab to be prevented."""


@njit(cache=True, nogil=True, error_model="numpy")
def allowed_sets(before, allowed, avail):  # pragma: no cover - compiled
    """Mark the sets that prerequisites allow and the moves that can come next; returns how many sets there are."""
    num = before.shape[0]
    full = allowed.shape[0] - 1
    allowed[0] = 1
    count = 0
    for s in range(full + 1):
        if not allowed[s]:
            continue
        found = 0
        for k in range(num):
            if not (s >> k) & 1 and before[k] & ~s == 0:
                found |= 1 << k
                allowed[s | (1 << k)] = 1
        avail[s] = found
        count += 1
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def _requirements(mask, shift, low, high, glow, ghigh, weight, have, tol, mode, out):  # pragma: no cover - compiled
    """What every party requires at one set, [parties, lanes]."""
    a, b = mask & ((1 << shift) - 1), mask >> shift
    grabs = ghigh.shape[0] > 1
    for i in range(out.shape[0]):
        for d in range(out.shape[1]):
            x = low[a, i, d] + high[b, i, d]
            grab = glow[a, i, d] + ghigh[b, i, d] if grabs else glow[0, i, d]
            grab = max(grab, 0.0)
            if mode == NEED:
                out[i, d] = x + grab
            elif mode == RATIO:
                x += grab
                w = weight[i, d]
                if w > 0.0:
                    x = x / w
                    out[i, d] = x if x > have[i, d] else -np.inf
                else:
                    out[i, d] = np.inf if x > tol[i, d] else -np.inf
            elif grab > 0.0:
                x = 1.0 + x / grab
                out[i, d] = x if x > have[i, d] else -np.inf
            else:
                out[i, d] = np.inf if x > tol[i, d] else -np.inf


@njit(cache=True, nogil=True, error_model="numpy")
def _group(needs, member, out):  # pragma: no cover - compiled
    """The largest requirement within each group of parties, [groups, lanes]."""
    for g in range(member.shape[0]):
        for d in range(out.shape[1]):
            out[g, d] = -np.inf
        for i in range(member.shape[1]):
            if member[g, i]:
                for d in range(out.shape[1]):
                    x = needs[i, d]
                    out[g, d] = x if x > out[g, d] else out[g, d]


@njit(cache=True, nogil=True, error_model="numpy")
def group_needs(
    sets, avail, position, group, member, shift, low, high, glow, ghigh, weight, have, tol, mode, out
):  # pragma: no cover - compiled
    """What every group of parties requires at every set in the first lane, [sets, groups]."""
    lanes = low.shape[2]
    needs, top = np.empty((member.shape[1], lanes)), np.empty((member.shape[0], lanes))
    for s in range(out.shape[0]):
        _requirements(sets[s], shift, low, high, glow, ghigh, weight, have, tol, mode, needs)
        _group(needs, member, top)
        out[s] = top[:, 0]


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"nsz", "contract"})
def bottleneck(
    sets, avail, position, group, member, shift, low, high, glow, ghigh, weight, have, tol, mode, best
):  # pragma: no cover - compiled
    """For each set, the least that the largest requirement on the way from there to the end can be."""
    num, lanes = best.shape
    parties, groups = member.shape[1], member.shape[0]
    needs, top, least = np.empty((parties, lanes)), np.empty((groups, lanes)), np.empty((groups, lanes))
    for d in range(lanes):
        best[num - 1, d] = -np.inf
    for s in range(num - 2, -1, -1):
        mask = sets[s]
        for g in range(groups):
            for d in range(lanes):
                least[g, d] = np.inf
        left = avail[s]
        k = 0
        while left:
            if left & 1:
                j = position[mask | (1 << k)]
                g = group[k]
                for d in range(lanes):
                    x = best[j, d]
                    least[g, d] = x if x < least[g, d] else least[g, d]
            left >>= 1
            k += 1
        _requirements(mask, shift, low, high, glow, ghigh, weight, have, tol, mode, needs)
        _group(needs, member, top)
        for d in range(lanes):
            best[s, d] = np.inf
        for g in range(groups):
            for d in range(lanes):
                x, y = top[g, d], least[g, d]
                x = x if x > y else y
                best[s, d] = x if x < best[s, d] else best[s, d]


@njit(cache=True, nogil=True, error_model="numpy")
def trace(
    sets, avail, position, group, member, shift, low, high, glow, ghigh, weight, have, tol, mode, best, slack, order
):  # pragma: no cover - compiled
    """For each lane the first order, in order of the moves' numbers, that requires no more than it has to."""
    num, lanes = best.shape
    parties, groups = member.shape[1], member.shape[0]
    needs, top = np.empty((parties, lanes)), np.empty((groups, lanes))
    for d in range(lanes):
        limit = best[0, d] + slack[d]
        mask, s, step = 0, 0, 0
        if best[0, d] == np.inf:
            continue
        while s != num - 1:
            _requirements(mask, shift, low, high, glow, ghigh, weight, have, tol, mode, needs)
            _group(needs, member, top)
            left = avail[s]
            k = 0
            while left:
                if left & 1:
                    j = position[mask | (1 << k)]
                    if max(top[group[k], d], best[j, d]) <= limit:
                        break
                left >>= 1
                k += 1
            order[d, step] = k
            mask |= 1 << k
            s = position[mask]
            step += 1


@njit(cache=True, nogil=True, error_model="numpy")
def reach(
    sets, avail, position, group, member, shift, low, high, glow, ghigh, weight, have, tol, reached, open_, keep
):  # pragma: no cover - compiled
    """Which sets are come to, one bit a lane, by steps that nobody who may leave would rather not take.

    With `keep`, `open_` [sets, groups] is filled: the lanes in which the group of parties goes on at a set.
    """
    num = sets.shape[0]
    parties, groups, lanes = member.shape[1], member.shape[0], low.shape[2]
    needs = np.empty((parties, lanes))
    fine = np.empty(parties, dtype=np.uint64)
    ways = np.empty(groups, dtype=np.uint64)
    one, none = np.uint64(1), np.uint64(0)
    every = none
    for d in range(lanes):
        every |= one << np.uint64(d)
    reached[:] = none
    reached[0] = every
    for s in range(num):
        here = reached[s]
        if here == none:
            if keep:
                open_[s, :] = none
            continue
        mask = sets[s]
        _requirements(mask, shift, low, high, glow, ghigh, weight, have, tol, NEED, needs)
        for i in range(parties):
            word = none
            for d in range(lanes):
                if needs[i, d] <= tol[i, d]:
                    word |= one << np.uint64(d)
            fine[i] = word
        for g in range(groups):
            word = every
            for i in range(parties):
                if member[g, i]:
                    word &= fine[i]
            ways[g] = word & here
            if keep:
                open_[s, g] = ways[g]
        left = avail[s]
        k = 0
        while left:
            if left & 1:
                go = ways[group[k]]
                if go != none:
                    reached[position[mask | (1 << k)]] |= go
            left >>= 1
            k += 1


@njit(cache=True, nogil=True, error_model="numpy")
def maximal(sets, avail, position, reached, above, out):  # pragma: no cover - compiled
    """Reached sets that no larger reached set contains: how many per lane, and, with room in `out`, which."""
    num = sets.shape[0]
    count = np.zeros(64, dtype=np.int64)
    one, none = np.uint64(1), np.uint64(0)
    for s in range(num - 1, -1, -1):
        mask, word = sets[s], none
        left = avail[s]
        k = 0
        while left:
            if left & 1:
                j = position[mask | (1 << k)]
                word |= reached[j] | above[j]
            left >>= 1
            k += 1
        above[s] = word
        top = reached[s] & ~word
        d = 0
        while top != none:
            if top & one:
                if out.shape[1] > 0:
                    out[d, count[d]] = mask
                count[d] += 1
            top >>= one
            d += 1
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def count_orders(sets, avail, position, group, open_, modulus, ways):  # pragma: no cover - compiled
    """Number of ways to go on from each set to the end; modulo `modulus` where that is positive."""
    num, lanes = ways.shape
    groups = open_.shape[1]
    total = np.empty((groups, lanes), dtype=np.int64)
    one = np.uint64(1)
    for d in range(lanes):
        ways[num - 1, d] = 1
    for s in range(num - 2, -1, -1):
        mask = sets[s]
        any_open = np.uint64(0)
        for g in range(groups):
            any_open |= open_[s, g]
            for d in range(lanes):
                total[g, d] = 0
        for d in range(lanes):
            ways[s, d] = 0
        if any_open == np.uint64(0):
            continue
        left = avail[s]
        k = 0
        while left:
            if left & 1:
                j = position[mask | (1 << k)]
                g = group[k]
                for d in range(lanes):
                    total[g, d] += ways[j, d]
            left >>= 1
            k += 1
        for g in range(groups):
            word = open_[s, g]
            for d in range(lanes):
                if (word >> np.uint64(d)) & one:
                    ways[s, d] += total[g, d]
        if modulus > 0:
            for d in range(lanes):
                ways[s, d] %= modulus
