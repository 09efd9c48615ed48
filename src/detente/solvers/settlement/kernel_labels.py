"""Compiled search where the value of what is to come rests on its order: labels at the sets of completed steps.

A label is one way of going on from a set: what it is worth to each party, and what it requires. Only labels
that no other one beats in everything are kept. Kept in one file, so that the compiled code is cached with it.
"""

from __future__ import annotations

import numpy as np
from numba import njit

NEED, RATIO, PEACE = 0, 1, 2


@njit(cache=True, nogil=True, error_model="numpy")
def _require(x, grab, weight, have, tol, mode):  # pragma: no cover - compiled
    """What a party requires, if leaving gains `x` before its grab."""
    if mode == NEED:
        return x + grab
    if mode == RATIO:
        x += grab
        if weight > 0.0:
            x = x / weight
            return x if x > have else -np.inf
        return np.inf if x > tol else -np.inf
    if grab > 0.0:
        x = 1.0 + x / grab
        return x if x > have else -np.inf
    return np.inf if x > tol else -np.inf


@njit(cache=True, nogil=True, error_model="numpy")
def _insert(w, q, mark, count, new_w, new_q, move, child, top, eps):  # pragma: no cover - compiled
    """Add a label to a front unless another is as good in everything; drop those it beats. Returns the new count."""
    parties, asks = w.shape[1], q.shape[1]
    at = 0
    while at < count:
        as_good, beaten = True, True
        for r in range(asks):
            if q[at, r] > new_q[r]:
                as_good = False
            if new_q[r] > q[at, r]:
                beaten = False
        for i in range(parties):
            mine, other = min(new_w[i], top[i]), min(w[at, i], top[i])
            if other < mine - eps:
                as_good = False
            if mine < other - eps:
                beaten = False
        if as_good:
            return count
        if beaten:
            count -= 1
            w[at], q[at], mark[at] = w[count], q[count], mark[count]
        else:
            at += 1
    w[count], q[count] = new_w, new_q
    mark[count, 0], mark[count, 1] = move, child
    return count + 1


@njit(cache=True, nogil=True, error_model="numpy")
def _longer(a):  # pragma: no cover - compiled
    b = np.empty((2 * a.shape[0], a.shape[1]), dtype=a.dtype)
    b[: a.shape[0]] = a
    return b


@njit(cache=True, nogil=True, error_model="numpy")
def labels(
    sets, avail, position, group, member, benefit, undo, prize, gain, grab, worth,
    weight, have, tol, mode, later, lost, fades, top, bottom, separate, hard, eps, most,
):  # pragma: no cover - compiled  # fmt: skip
    """The labels of every set, those of the last set first.

    Worth above `top` [sets, parties] and requirements below `bottom` make no difference to the answer.

    Returns:
        Worth [labels, parties], requirements [labels, asks], move and next label [labels, 2], the first label of
        each set and how many it has. Those are -1 throughout if there would be more than `most` labels.
    """
    num, parties = gain.shape
    asks = parties if separate else 1
    w, q, mark = np.empty((1024, parties)), np.empty((1024, asks)), np.empty((1024, 2), dtype=np.int64)
    front_w, front_q = np.empty((64, parties)), np.empty((64, asks))
    front_m = np.empty((64, 2), dtype=np.int64)
    start, size = np.zeros(num, dtype=np.int64), np.zeros(num, dtype=np.int64)
    new_w, new_q = np.empty(parties), np.empty(asks)
    w[0], q[0], mark[0] = prize, -np.inf, -1
    size[num - 1], used = 1, 1
    for s in range(num - 2, -1, -1):
        count = 0
        left = avail[s]
        k = 0
        while left:
            if left & 1:
                j = position[sets[s] | (1 << k)]
                for c in range(start[j], start[j] + size[j]):
                    for r in range(asks):
                        new_q[r] = q[c, r]
                    fine = True
                    for i in range(parties):
                        if not fades:
                            new_w[i] = worth[s, i]
                        elif j == num - 1:
                            new_w[i] = benefit[k, i] + prize[i]
                        else:
                            new_w[i] = benefit[k, i] + later * w[c, i] + lost * undo[j, i]
                        if member[group[k], i]:
                            x = _require(gain[s, i] - new_w[i], grab[s, i], weight[i], have[i], tol[i], mode)
                            if x == np.inf or (hard and x > tol[i]):
                                fine = False
                                break
                            r = i if separate else 0
                            if x > new_q[r]:
                                new_q[r] = x
                    for r in range(asks):
                        if hard or new_q[r] < bottom:
                            new_q[r] = bottom
                    if fine:
                        if count == front_w.shape[0]:
                            front_w, front_q, front_m = _longer(front_w), _longer(front_q), _longer(front_m)
                        count = _insert(front_w, front_q, front_m, count, new_w, new_q, k, c, top[s], eps)
            left >>= 1
            k += 1
        if used + count > most:
            start[:], size[:] = -1, -1
            break
        while used + count > w.shape[0]:
            w, q, mark = _longer(w), _longer(q), _longer(mark)
        w[used : used + count], q[used : used + count] = front_w[:count], front_q[:count]
        mark[used : used + count] = front_m[:count]
        start[s], size[s] = used, count
        used += count
    return w[:used], q[:used], mark[:used], start, size


@njit(cache=True, nogil=True, error_model="numpy")
def least_hoped(
    sets, avail, position, group, member, benefit, undo, prize, gain, grab, weight, have, tol, mode, later, lost, best
):  # pragma: no cover - compiled
    """What an order requires at least: each party, at each set, given the way on that suits it best."""
    num, parties = gain.shape
    least = np.full(num, np.inf)
    least[num - 1] = -np.inf
    for s in range(num - 2, -1, -1):
        left = avail[s]
        k = 0
        while left:
            if left & 1:
                j = position[sets[s] | (1 << k)]
                need = least[j]
                for i in range(parties):
                    if member[group[k], i]:
                        x = benefit[k, i]
                        x += prize[i] if j == num - 1 else later * best[j, i] + lost * undo[j, i]
                        need = max(need, _require(gain[s, i] - x, grab[s, i], weight[i], have[i], tol[i], mode))
                least[s] = min(least[s], need)
            left >>= 1
            k += 1
    return least[0]


@njit(cache=True, nogil=True, error_model="numpy")
def worth_needed(
    sets, avail, position, group, member, benefit, undo, later, lost, enough, top
):  # pragma: no cover - compiled
    """The worth of going on from a set beyond which no condition before it can fail; `top[0]` is given."""
    num, parties = enough.shape
    top[1:] = -np.inf
    for s in range(num - 1):
        left = avail[s]
        k = 0
        while left:
            if left & 1:
                j = position[sets[s] | (1 << k)]
                for i in range(parties):
                    x = top[s, i]
                    if member[group[k], i]:
                        x = max(x, enough[s, i])
                    if later > 0.0:
                        top[j, i] = max(top[j, i], (x - benefit[k, i] - lost * undo[j, i]) / later)
            left >>= 1
            k += 1


@njit(cache=True, nogil=True, error_model="numpy")
def hoped_sets(
    sets, avail, position, group, member, benefit, undo, prize, gain, later, lost, tol, reached
):  # pragma: no cover - compiled
    """Sets come to if each who may leave believes in the completion, after the next move, that suits it best."""
    num, parties = gain.shape
    best = np.full((num, parties), -np.inf)
    best[num - 1] = prize
    for turn in range(2):
        reached[:] = 0
        reached[0] = 1
        for step in range(num - 1):
            s = num - 2 - step if turn == 0 else step
            if turn == 1 and not reached[s]:
                continue
            left = avail[s]
            k = 0
            while left:
                if left & 1:
                    j = position[sets[s] | (1 << k)]
                    goes = True
                    for i in range(parties):
                        x = benefit[k, i]
                        x += prize[i] if j == num - 1 else later * best[j, i] + lost * undo[j, i]
                        if turn == 0:
                            best[s, i] = max(best[s, i], x)
                        elif member[group[k], i] and gain[s, i] - x > tol[i]:
                            goes = False
                    if turn == 1 and goes:
                        reached[j] = 1
                left >>= 1
                k += 1
    return best


@njit(cache=True, nogil=True, error_model="numpy")
def _beginnings(
    sets, avail, position, group, member, benefit, undo, gain, later, lost, tol, middle, size, floor
):  # pragma: no cover - compiled
    """Ways from nothing to a set; per way what going on from there must at least be worth to each party."""
    parties = gain.shape[1]
    least = np.full((size + 1, parties), -np.inf)
    at, move = np.zeros(size + 1, dtype=np.int64), np.zeros(size + 1, dtype=np.int64)
    depth, found = 0, 0
    moves = benefit.shape[0]
    while depth >= 0:
        if depth == size:
            floor[found] = least[depth]
            found += 1
            depth -= 1
            continue
        mask, k = at[depth], move[depth]
        s = position[mask]
        while k < moves and not ((avail[s] >> k) & 1 and (middle >> k) & 1):
            k += 1
        if k == moves:
            move[depth] = 0
            depth -= 1
            continue
        move[depth] = k + 1
        j = position[mask | (1 << k)]
        fine = True
        for i in range(parties):
            t = least[depth, i]
            if member[group[k], i]:
                t = max(t, gain[s, i] - tol[i])
            if t == -np.inf:
                least[depth + 1, i] = t
                continue
            t = t - benefit[k, i] - lost * undo[j, i]
            if later > 0.0:
                least[depth + 1, i] = t / later
            else:
                least[depth + 1, i] = -np.inf
                fine = fine and t <= 0.0
        if fine:
            depth += 1
            at[depth], move[depth] = mask | (1 << k), 0
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def _endings(
    sets, avail, position, group, member, benefit, undo, prize, gain, later, lost, tol, middle, size, worth
):  # pragma: no cover - compiled
    """Ways from a set to the end on which nobody leaves; per way what it is worth to each party."""
    parties, moves = gain.shape[1], benefit.shape[0]
    end = sets[sets.shape[0] - 1]
    value = np.empty((size + 1, parties))
    value[0] = prize
    at, move = np.zeros(size + 1, dtype=np.int64), np.zeros(size + 1, dtype=np.int64)
    at[0] = end
    depth, found = 0, 0
    while depth >= 0:
        if depth == size:
            worth[found] = value[depth]
            found += 1
            depth -= 1
            continue
        mask, k = at[depth], move[depth]
        s = -1
        while k < moves:
            if (mask >> k) & 1 and not (middle >> k) & 1:
                s = position[mask & ~(1 << k)]
                if s >= 0 and (avail[s] >> k) & 1:
                    break
            k += 1
        if k == moves:
            move[depth] = 0
            depth -= 1
            continue
        move[depth] = k + 1
        j = position[mask]
        fine = True
        for i in range(parties):
            x = benefit[k, i]
            x += prize[i] if mask == end else later * value[depth, i] + lost * undo[j, i]
            value[depth + 1, i] = x
            if member[group[k], i] and gain[s, i] - x > tol[i]:
                fine = False
        if fine:
            depth += 1
            at[depth], move[depth] = mask & ~(1 << k), 0
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def count_fading(
    sets, avail, position, group, member, benefit, undo, prize, gain, later, lost, tol, half, room
):  # pragma: no cover - compiled
    """Number of self-enforcing orders: ways to each set half-way, matched with ways on from there."""
    parties = gain.shape[1]
    floor, worth = np.empty((room, parties)), np.empty((room, parties))
    total, num = 0, benefit.shape[0]
    for s in range(sets.shape[0]):
        middle, size = sets[s], 0
        for k in range(num):
            size += (middle >> k) & 1
        if size != half:
            continue
        ends = _endings(
            sets,
            avail,
            position,
            group,
            member,
            benefit,
            undo,
            prize,
            gain,
            later,
            lost,
            tol,
            middle,
            num - half,
            worth,
        )
        if ends == 0:
            continue
        starts = _beginnings(
            sets, avail, position, group, member, benefit, undo, gain, later, lost, tol, middle, half, floor
        )
        for a in range(starts):
            for b in range(ends):
                fine = True
                for i in range(parties):
                    fine = fine and worth[b, i] >= floor[a, i]
                if fine:
                    total += 1
    return total
