"""Compiled tracing of the principal branch of the agent logit QRE, for one draw.

Predictor-corrector in pseudo-arclength over the loop-closing log-odds z and the precision, in the
coordinates q = sign(z) log(1 + |z|) and t = log(1 + lam), in which the far end of the branch is
a straight line. Turning points in precision are passed, not jumped.

Reference: Turocy (2005), Games and Economic Behavior 51, sec. 3; Allgower and Georg (1990), ch. 6.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from detente.solvers.kernel_linear import factor, solve
from detente.solvers.kernel_pass import residual
from detente.solvers.kernel_polish import classify, polish

SURE = 1e3  # precision from which a support is tried even where it is not clear
CROSSING = 1e-4  # steps shorter than this may cross a point where branches meet exactly
CONVERGED, MAX_STEPS, STALLED, NOT_FINITE, NO_SUPPORT = 0, 1, 2, 3, 4


@njit(cache=True, nogil=True, error_model="numpy")
def _move(z, q_step, out):  # pragma: no cover - compiled
    """Out = z moved by `q_step` in the coordinate q = sign(z) log(1 + |z|)."""
    for i in range(z.shape[0]):
        q = np.log1p(abs(z[i]))
        if z[i] < 0.0:
            q = -q
        q += q_step[i]
        out[i] = np.expm1(abs(q)) if q >= 0.0 else -np.expm1(abs(q))


@njit(cache=True, nogil=True, error_model="numpy")
def _rebase(pl, w, z, ref, tangent):  # pragma: no cover - compiled
    """Make the most likely action of each loop-closing set its reference; True if any changed."""
    changed = False
    for k in range(pl.unknown_sets.shape[0]):
        index = pl.unknown_sets[k]
        start, stop = pl.action_start[index], pl.action_start[index + 1]
        top = ref[k]
        for action in range(start, stop):
            if w.log[action] > w.log[top] + 0.5:
                top = action
        if top == ref[k]:
            continue
        odds = np.zeros(stop - start)
        rate = np.zeros(stop - start)
        unknown = pl.unknown_start[k]
        for action in range(start, stop):
            if action != ref[k]:
                odds[action - start] = z[unknown]
                rate[action - start] = tangent[unknown] * (1.0 + abs(z[unknown]))
                unknown += 1
        unknown = pl.unknown_start[k]
        for action in range(start, stop):
            if action != top:
                z[unknown] = odds[action - start] - odds[top - start]
                rate_now = rate[action - start] - rate[top - start]
                tangent[unknown] = rate_now / (1.0 + abs(z[unknown]))
                unknown += 1
        ref[k] = top
        changed = True
    if changed:
        norm = 0.0
        for i in range(tangent.shape[0]):
            norm += tangent[i] * tangent[i]
        norm = np.sqrt(norm)
        for i in range(tangent.shape[0]):
            tangent[i] /= norm
    return changed


@njit(cache=True, nogil=True, error_model="numpy")
def _start(pl, w, z, ref, tangent, out, jac, size):  # pragma: no cover - compiled
    """Put the branch at precision zero and take the first tangent."""
    for k in range(pl.unknown_sets.shape[0]):
        index = pl.unknown_sets[k]
        top = pl.action_start[index]
        for action in range(top, pl.action_start[index + 1]):
            if w.bias[action] > w.bias[top]:
                top = action
        ref[k] = top
        unknown = pl.unknown_start[k]
        for action in range(pl.action_start[index], pl.action_start[index + 1]):
            if action != top:
                z[unknown] = w.bias[action] - w.bias[top]
                unknown += 1
    residual(pl, w, z, ref, 0.0, out, jac, size + 1)
    norm = 1.0
    for i in range(size):
        tangent[i] = -jac[i, size]
        norm += tangent[i] * tangent[i]
    tangent[size] = 1.0
    norm = np.sqrt(norm)
    for i in range(size + 1):
        tangent[i] /= norm


@njit(cache=True, nogil=True, error_model="numpy")
def _correct(pl, w, z, t, ref, row, out, jac, a, pivot, size, accuracy, reach):  # pragma: no cover - compiled
    """Newton with one factorisation from a predicted point; z and t[0] are corrected in place.

    Returns the size of the first correction, or -1 if the point should be refused; t[1] receives the sign
    of the bordered determinant.
    """
    step = np.zeros(size + 1)
    t[1] = _linearise(pl, w, z, t, ref, row, out, jac, a, pivot, size)
    if t[1] == 0.0:
        return -1.0
    first, last, worst_last = -1.0, np.inf, np.inf
    refreshed = 0
    for sweep in range(12):
        worst = 0.0
        for i in range(size):
            step[i] = -out[i]
            worst = max(worst, abs(out[i]))
        step[size] = 0.0
        solve(a, pivot, size + 1, step)
        length = 0.0
        for i in range(size + 1):
            if not np.isfinite(step[i]):
                return -1.0
            length = max(length, abs(step[i]))
        if sweep == 0:
            first = length
            if length > reach:
                return -1.0
        elif length > 0.4 * last or worst > 0.6 * worst_last:
            if refreshed == 4 or length > 4.0 * reach:
                return -1.0
            refreshed += 1
            t[1] = _linearise(pl, w, z, t, ref, row, out, jac, a, pivot, size)
            if t[1] == 0.0:
                return -1.0
            last, worst_last = np.inf, np.inf
            continue
        _move(z, step, z)
        t[0] += step[size]
        if length < accuracy and worst < 100.0 * accuracy:
            return first
        last, worst_last = length, worst
        residual(pl, w, z, ref, np.expm1(t[0]), out, jac, 0)
    return -1.0


@njit(cache=True, nogil=True, error_model="numpy")
def _linearise(pl, w, z, t, ref, row, out, jac, a, pivot, size):  # pragma: no cover - compiled
    """Residuals and factored bordered Jacobian at a point; the sign of its determinant, 0 if singular."""
    residual(pl, w, z, ref, np.expm1(t[0]), out, jac, size + 1)
    for i in range(size):
        for j in range(size + 1):
            a[i, j] = jac[i, j]
    for j in range(size + 1):
        a[size, j] = row[j]
    return factor(a, pivot, size + 1)


@njit(cache=True, nogil=True, error_model="numpy")
def _new_tangent(a, pivot, tangent, fresh, size):  # pragma: no cover - compiled
    """The tangent at the corrected point, oriented onward; returns its cosine with the old one."""
    for i in range(size):
        fresh[i] = 0.0
    fresh[size] = 1.0
    solve(a, pivot, size + 1, fresh)
    norm = 0.0
    for i in range(size + 1):
        norm += fresh[i] * fresh[i]
    norm = np.sqrt(norm)
    cosine = 0.0
    for i in range(size + 1):
        fresh[i] /= norm
        cosine += fresh[i] * tangent[i]
    return cosine


@njit(cache=True, nogil=True, error_model="numpy")
def _slopes(pl, w, tangent, size, slope):  # pragma: no cover - compiled
    """D log p / d log lam along the branch, for every action."""
    for action in range(pl.num_actions):
        total = 0.0
        for j in range(size + 1):
            total += w.d_log[action, j] * tangent[j]
        slope[action] = total / tangent[size]


@njit(cache=True, nogil=True, error_model="numpy")
def trace(pl, w, size, target, options, trembles, used, best, logs, report):  # pragma: no cover - compiled
    """Follow the branch of one draw; on success the registers hold the answer.

    `target` is the precision to stop at (QRE), or infinity for the end of the branch. `options`:
    reach of a correction, largest step, largest number of steps, first and last precision at which a
    support is tried, regret target, whether the end must be near the branch. `report` gets steps
    and the precision reached. Returns a status code.
    """
    reach, longest, max_steps, first_try, last_try, tolerance = options[:6]
    close = options[6] > 0.0
    z, fixed, tangent, fresh = np.zeros(size), np.zeros(size + 1), np.zeros(size + 1), np.zeros(size + 1)
    out, point, bend = np.zeros(size + 1), np.zeros(size), np.zeros(size + 1)
    jac, a = np.zeros((size + 1, size + 1)), np.zeros((size + 1, size + 1))
    pivot, ref = np.zeros(size + 1, dtype=np.int32), np.zeros(pl.unknown_sets.shape[0], dtype=np.int32)
    slope, expected = np.zeros(pl.num_actions), np.zeros(pl.num_actions)
    fixed[size] = 1.0
    orientation = 1.0
    t, moved = 0.0, np.zeros(2)
    _start(pl, w, z, ref, tangent, out, jac, size)
    t_target = np.log1p(target)
    h, next_try = 0.1, first_try
    for count in range(int(max_steps)):
        report[0] = count
        report[1] = np.expm1(t)
        landing = t + h * tangent[size] >= t_target
        length = (t_target - t) / tangent[size] if landing else h
        bent = 0.0
        for i in range(size + 1):
            bent += bend[i] * bend[i]
        half = 0.5 * length * length * min(1.0, 1.0 / (length * np.sqrt(bent) + 1e-300))
        for i in range(size + 1):
            fresh[i] = length * tangent[i] + half * bend[i]
        _move(z, fresh[:size], point)
        moved[0] = t_target if landing else t + fresh[size]
        if moved[0] < 0.0:
            return STALLED
        row = fixed if landing else tangent
        accuracy = 1e-10 if landing and target < np.inf else 1e-4
        first = _correct(pl, w, point, moved, ref, row, out, jac, a, pivot, size, accuracy, reach)
        cosine = -1.0
        if first >= 0.0 and not landing:
            cosine = _new_tangent(a, pivot, tangent, fresh, size)
        if first >= 0.0 and landing:
            cosine = 1.0
        if first >= 0.0 and moved[1] != orientation:
            if length > CROSSING:
                cosine = -1.0  # the orientation of a branch never turns: this point lies on another one
            else:
                orientation = moved[1]
        if cosine < 0.6:
            h = 0.4 * length
            if h < 1e-7:
                return STALLED
            continue
        for i in range(size):
            z[i] = point[i]
        t = moved[0]
        if landing:
            residual(pl, w, z, ref, np.expm1(t), out, jac, 0)
            report[0] = count + 1
            report[1] = np.expm1(t)
            return CONVERGED
        for i in range(size + 1):
            bend[i] = (fresh[i] - tangent[i]) / length
            tangent[i] = fresh[i]
        h = min(longest, length * min(3.0, max(0.5, (0.25 * reach / (first + 1e-12)) ** (1.0 / 3.0))))
        lam = np.expm1(t)
        if target == np.inf and lam >= next_try and tangent[size] > 0.02:
            _slopes(pl, w, tangent, size, slope)
            residual(pl, w, z, ref, lam, out, jac, 0)
            keep = w.log.copy()
            extra = classify(pl, w, slope, lam >= SURE, used, best, expected)
            if extra >= 0 and polish(
                pl,
                w,
                lam,
                used,
                best,
                expected,
                close and lam < 1e5,
                orientation if close else 0.0,
                trembles,
                logs,
                tolerance,
            ):
                report[0] = count + 1
                report[1] = lam
                return CONVERGED
            next_try = lam * (1.6 if lam < SURE else 4.0)
            for action in range(pl.num_actions):
                w.log[action] = keep[action]
        if target == np.inf and lam > last_try:
            return NO_SUPPORT
        if _rebase(pl, w, z, ref, tangent):
            bend[:] = 0.0
    return MAX_STEPS
