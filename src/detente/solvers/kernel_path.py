"""Compiled tracing of the principal branch of the agent logit QRE, for one draw.

Predictor-corrector in pseudo-arclength over the loop-closing log-odds z and the precision, in the
coordinates q = sign(z) log(1 + |z|) and t = log(1 + lam), in which the far end of the branch is
a straight line. Turning points in precision are passed, not jumped.

Reference: Turocy (2005), Games and Economic Behavior 51, sec. 3; Allgower and Georg (1990), ch. 6.
"""

from __future__ import annotations

import numpy as np

from detente.solvers.kernel_jit import NONE, kernel
from detente.solvers.kernel_layout import (
    ACTION_START,
    BEND,
    BIAS,
    D_LOG,
    FACTORS,
    FRESH,
    JAC,
    KEEP,
    LOG,
    N_ACTIONS,
    N_UNKNOWN_SETS,
    N_UNKNOWNS,
    OUT,
    POINT,
    REF,
    SLOPE,
    STEP,
    TANGENT,
    UNKNOWN_SETS,
    UNKNOWN_START,
    WIDTH,
    Z,
)
from detente.solvers.kernel_linear import factor, solve
from detente.solvers.kernel_pass import clear_derivatives, residual
from detente.solvers.kernel_polish import classify, polish

SURE = 1e3  # precision from which a support is tried even where it is not clear
CROSSING = 1e-4  # steps shorter than this may cross a point where branches meet exactly
LOOSE = 1e-4  # accuracy of a point on the way, in log units of odds
CLEAR = 0.3  # share of `reach` below which a first correction needs no second: what is left is its square
ROUNDED = 4e-16  # what rounding leaves of the log-odds, for each unit of precision
STEPS_PER_UNKNOWN = 20  # large systems bend more often
CONVERGED, MAX_STEPS, STALLED, NOT_FINITE, NO_SUPPORT, CANCELLED = 0, 1, 2, 3, 4, 5


@kernel
def _move(F, size, z, q_step, out):  # pragma: no cover - compiled
    """Floats at `out` = those at `z` moved by `q_step` in the coordinate q = sign(z) log(1 + |z|)."""
    for i in range(size):
        odds = F[z + i]
        q = np.log1p(abs(odds))
        if odds < 0.0:
            q = -q
        q += F[q_step + i]
        F[out + i] = np.expm1(abs(q)) if q >= 0.0 else -np.expm1(abs(q))


@kernel
def _normalise(F, row, size):  # pragma: no cover - compiled
    norm = 0.0
    for i in range(size):
        norm += F[row + i] * F[row + i]
    norm = 1.0 / np.sqrt(norm)
    for i in range(size):
        F[row + i] *= norm


@kernel
def _rebase(N, F):  # pragma: no cover - compiled
    """Make the most likely action of each loop-closing set its reference; True if any changed."""
    changed = False
    log, z, tangent, odds, rate = N[LOG], N[Z], N[TANGENT], N[STEP], N[OUT]
    action_start, unknown_sets, unknown_start, ref = N[ACTION_START], N[UNKNOWN_SETS], N[UNKNOWN_START], N[REF]
    for k in range(N[N_UNKNOWN_SETS]):
        index = N[unknown_sets + k]
        start, stop = N[action_start + index], N[action_start + index + 1]
        old = N[ref + k]
        top = old
        for action in range(start, stop):
            if F[log + action] > F[log + top] + 0.5:
                top = action
        if top == old:
            continue
        unknown = N[unknown_start + k]
        for action in range(start, stop):
            F[odds + action - start] = 0.0
            F[rate + action - start] = 0.0
            if action != old:
                F[odds + action - start] = F[z + unknown]
                F[rate + action - start] = F[tangent + unknown] * (1.0 + abs(F[z + unknown]))
                unknown += 1
        unknown = N[unknown_start + k]
        for action in range(start, stop):
            if action != top:
                F[z + unknown] = F[odds + action - start] - F[odds + top - start]
                change = F[rate + action - start] - F[rate + top - start]
                F[tangent + unknown] = change / (1.0 + abs(F[z + unknown]))
                unknown += 1
        N[ref + k] = top
        changed = True
    if changed:
        _normalise(F, tangent, N[N_UNKNOWNS] + 1)
    return changed


@kernel
def _start(N, F):  # pragma: no cover - compiled
    """Put the branch at precision zero and take the first tangent."""
    size, bias, z, tangent = N[N_UNKNOWNS], N[BIAS], N[Z], N[TANGENT]
    for k in range(N[N_UNKNOWN_SETS]):
        index = N[N[UNKNOWN_SETS] + k]
        first, last = N[N[ACTION_START] + index], N[N[ACTION_START] + index + 1]
        top = first
        for action in range(first, last):
            if F[bias + action] > F[bias + top]:
                top = action
        N[N[REF] + k] = top
        unknown = N[N[UNKNOWN_START] + k]
        for action in range(first, last):
            if action != top:
                F[z + unknown] = F[bias + action] - F[bias + top]
                unknown += 1
    residual(N, F, z, 0.0, size + 1)
    for i in range(size):
        F[tangent + i] = -F[N[JAC] + i * N[WIDTH] + size]
    F[tangent + size] = 1.0
    _normalise(F, tangent, size + 1)


@kernel
def _linearise(N, F, t, landing):  # pragma: no cover - compiled
    """Residuals and factored bordered Jacobian at `point`; the sign of its determinant, 0 if singular."""
    size, width, jac, factors, tangent = N[N_UNKNOWNS], N[WIDTH], N[JAC], N[FACTORS], N[TANGENT]
    residual(N, F, N[POINT], np.expm1(t), size + 1)
    for i in range(size):
        for j in range(size + 1):
            F[factors + i * width + j] = F[jac + i * width + j]
    row = factors + size * width
    for j in range(size):
        F[row + j] = 0.0 if landing else F[tangent + j]
    F[row + size] = 1.0 if landing else F[tangent + size]
    return factor(N, F, size + 1)


@kernel
def _correct(N, F, t, landing, accuracy, reach, moved):  # pragma: no cover - compiled
    """Newton with one factorisation from the predicted point at `point` and `t`, corrected in place.

    Returns the size of the first correction, or -1 if the point should be refused; `moved` receives the
    corrected t and the sign of the bordered determinant.
    """
    size, point, step, out = N[N_UNKNOWNS], N[POINT], N[STEP], N[OUT]
    moved[1] = _linearise(N, F, t, landing)
    if moved[1] == 0.0:
        return -1.0
    first, last, worst_last = -1.0, np.inf, np.inf
    refreshed = 0
    for sweep in range(12):
        worst = 0.0
        for i in range(size):
            F[step + i] = -F[out + i]
            worst = max(worst, abs(F[out + i]))
        F[step + size] = 0.0
        solve(N, F, size + 1, step)
        length = 0.0
        for i in range(size + 1):
            if not np.isfinite(F[step + i]):
                return -1.0
            length = max(length, abs(F[step + i]))
        if sweep == 0:
            first = length
            if length > reach:
                return -1.0
        elif length > 0.4 * last or worst > 0.6 * worst_last:
            if refreshed == 4 or length > 4.0 * reach:
                return -1.0
            refreshed += 1
            moved[1] = _linearise(N, F, t, landing)
            if moved[1] == 0.0:
                return -1.0
            last, worst_last = np.inf, np.inf
            continue
        _move(F, size, point, step, point)
        t += F[step + size]
        if (length < accuracy and worst < 100.0 * accuracy) or (length < CLEAR * reach and accuracy >= LOOSE):
            moved[0] = t
            return first
        last, worst_last = length, worst
        residual(N, F, point, np.expm1(t), NONE)
    return -1.0


@kernel
def _new_tangent(N, F):  # pragma: no cover - compiled
    """The tangent at the corrected point, oriented onward, in `fresh`; returns its cosine with the old one."""
    size, fresh, tangent = N[N_UNKNOWNS], N[FRESH], N[TANGENT]
    for i in range(size):
        F[fresh + i] = 0.0
    F[fresh + size] = 1.0
    solve(N, F, size + 1, fresh)
    _normalise(F, fresh, size + 1)
    cosine = 0.0
    for i in range(size + 1):
        cosine += F[fresh + i] * F[tangent + i]
    return cosine


@kernel
def _attempt(N, F, lam, options, orientation, trembles):  # pragma: no cover - compiled
    """Leave the branch for the exact equilibrium on its support; True if there is one.

    On success the registers hold the answer; otherwise the branch goes on from where it was.
    """
    size, width, tangent, d_log, slope = N[N_UNKNOWNS], N[WIDTH], N[TANGENT], N[D_LOG], N[SLOPE]
    log, keep, num_actions = N[LOG], N[KEEP], N[N_ACTIONS]
    close = options[6] > 0.0
    for action in range(num_actions):
        total = 0.0
        for j in range(size + 1):
            total += F[d_log + action * width + j] * F[tangent + j]
        F[slope + action] = total / F[tangent + size]
    residual(N, F, N[Z], lam, NONE)
    for action in range(num_actions):
        F[keep + action] = F[log + action]
    if classify(N, F, lam >= SURE) >= 0:
        index = orientation if close else 0.0
        if polish(N, F, lam, close and lam < 1e5, index, trembles, options[5]):
            return True
        clear_derivatives(N, F)
    for action in range(num_actions):
        F[log + action] = F[keep + action]
    return False


@kernel
def trace(N, F, target, options, trembles, report, flag):  # pragma: no cover - compiled
    """Follow the branch of one draw; on success the registers hold the answer.

    `target` is the precision to stop at (QRE), or infinity for the end of the branch. `options`:
    reach of a correction, largest step, largest number of steps, first and last precision at which a
    support is tried, regret target, whether the end must be near the branch. `report` gets steps
    and the precision reached; a one in `flag` ends the work. Returns a status code.
    """
    reach, longest, max_steps, first_try, last_try = options[0], options[1], options[2], options[3], options[4]
    size, z, tangent, fresh, bend, point = N[N_UNKNOWNS], N[Z], N[TANGENT], N[FRESH], N[BEND], N[POINT]
    moved = np.zeros(2)
    orientation = 1.0
    t = 0.0
    for i in range(size + 1):
        F[bend + i] = 0.0
    clear_derivatives(N, F)
    _start(N, F)
    t_target = np.log1p(target)
    h, next_try = 0.1, first_try
    for count in range(max(int(max_steps), STEPS_PER_UNKNOWN * size)):
        report[0] = count
        report[1] = np.expm1(t)
        if flag[0]:
            return CANCELLED
        ahead = F[tangent + size]
        landing = t + h * ahead >= t_target
        length = (t_target - t) / ahead if landing else h
        bent = 0.0
        for i in range(size + 1):
            bent += F[bend + i] * F[bend + i]
        half = 0.5 * length * length * min(1.0, 1.0 / (length * np.sqrt(bent) + 1e-300))
        for i in range(size + 1):
            F[fresh + i] = length * F[tangent + i] + half * F[bend + i]
        _move(F, size, z, fresh, point)
        predicted = t_target if landing else t + F[fresh + size]
        if predicted < 0.0:
            residual(N, F, z, np.expm1(t), NONE)  # back to the last point that was sure
            return STALLED
        accuracy = max(1e-11, ROUNDED * target) if landing else LOOSE
        first = _correct(N, F, predicted, landing, accuracy, reach, moved)
        cosine = -1.0
        if first >= 0.0:
            cosine = 1.0 if landing else _new_tangent(N, F)
            if moved[1] != orientation:
                if length > CROSSING:
                    cosine = -1.0  # the orientation of a branch never turns: this point lies on another one
                else:
                    orientation = moved[1]
        if cosine < 0.6:
            h = 0.4 * length
            if h < 1e-7:
                residual(N, F, z, np.expm1(t), NONE)
                return STALLED
            continue
        for i in range(size):
            F[z + i] = F[point + i]
        t = moved[0]
        lam = np.expm1(t)
        if landing:
            residual(N, F, z, lam, NONE)
            report[0] = count + 1
            report[1] = lam
            return CONVERGED
        for i in range(size + 1):
            F[bend + i] = (F[fresh + i] - F[tangent + i]) / length
            F[tangent + i] = F[fresh + i]
        h = min(longest, length * min(3.0, max(0.5, (0.25 * reach / (first + 1e-12)) ** (1.0 / 3.0))))
        if target == np.inf and lam >= next_try and F[tangent + size] > 0.02:
            if _attempt(N, F, lam, options, orientation, trembles):
                report[0] = count + 1
                report[1] = lam
                return CONVERGED
            next_try = lam * (1.6 if lam < SURE else 4.0)
        if target == np.inf and lam > last_try:
            return NO_SUPPORT
        if _rebase(N, F):
            for i in range(size + 1):
                F[bend + i] = 0.0
    return MAX_STEPS
