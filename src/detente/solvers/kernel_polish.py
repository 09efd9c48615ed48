"""Compiled jump from a point on the logit branch to the exact equilibrium on its support.

Actions are split into used and unused ones. Log-odds among used actions are solved for at a very
large precision, so that they are indifferent to far below the certificate's tolerance; unused
actions get probability zero, and their vanishing log-odds at a moderate precision give the beliefs
off the path. The profiles at three growing precisions are the witness for those beliefs.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from detente.solvers.kernel_linear import factor, solve
from detente.solvers.kernel_pass import linear_run, member_beliefs, member_values, softmax

USED_PRECISION = 3e8  # leaves a regret of at most 0.28 / 3e8 for each extra action
MAX_NEWTON = 25
REVISIONS = 6  # times an action may change sides before the support is given up
VANISHED = -45.0  # log-odds below which a used action is not used after all
TIED = -1.5  # log-odds at the last tremble above which an unused action is in use after all
SOLVED, FAILED = -1, -2
TARGET = 2e-12
ROUNDING = 2e-9  # what rounding of large log-odds can leave; well below the certificate's tolerance


@njit(cache=True, nogil=True, error_model="numpy")
def classify(pl, w, slope, forced, used, best, expected):  # pragma: no cover - compiled
    """Split actions into used and unused by how their log-odds grow along the branch.

    `slope` is d(log-odds to the best action) / d(log precision): about 0 for used actions, about
    the log-odds themselves for unused ones. Returns the number of used actions beyond one per
    set, or -1 if the support is not clear yet.
    """
    extra = 0
    for index in range(pl.action_start.shape[0] - 1):
        start, stop = pl.action_start[index], pl.action_start[index + 1]
        top = start
        for action in range(start, stop):
            if w.log[action] > w.log[top]:
                top = action
        best[index] = top
        for action in range(start, stop):
            odds = w.log[action] - w.log[top]
            rate = slope[action] - slope[top]
            expected[action] = rate
            grows = rate < 0.5 * odds
            used[action] = action == top or not (grows and odds < -2.0)
            if used[action]:
                extra += action != top
                if not forced and abs(rate) > 0.3 * (1.0 + 0.2 * abs(odds)):
                    return -1
            elif not forced and (rate < 2.0 * odds or odds > -4.0):
                return -1
    return extra


@njit(cache=True, nogil=True, error_model="numpy")
def _lift(pl, w, used, best, free, only):  # pragma: no cover - compiled
    """Mark the actions whose log-odds are unknowns; returns their number.

    These are the used actions beyond one per set and, where a set that mixes is reached by unused
    actions alone, those actions: its beliefs rest on tiny differences of large log-odds, which
    are well conditioned as unknowns and hopeless as functions of the others.
    """
    for index in range(pl.action_start.shape[0] - 1):
        for action in range(pl.action_start[index], pl.action_start[index + 1]):
            free[action] = action != best[index] and (used[action] or pl.reversing[index])
    for index in range(pl.action_start.shape[0] - 1):
        mixes = 0
        for action in range(pl.action_start[index], pl.action_start[index + 1]):
            mixes += used[action]
        first, last = pl.member_start[index], pl.member_start[index + 1]
        if mixes < 2 or last - first < 2 or pl.belief_free[index]:
            continue
        clean = False
        for member in range(first, last):
            clean = clean or only[member]
        if clean:
            continue
        for member in range(first, last):
            if w.belief[member] > 1e-7:
                for k in range(pl.relevant_start[member], pl.relevant_start[member + 1]):
                    action = pl.relevant_action[k]
                    free[action] = free[action] or not used[action]
    count = 0
    for action in range(pl.num_actions):
        count += free[action]
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def _mark_clean(pl, w, used, only):  # pragma: no cover - compiled
    """Mark the members of information sets that used actions and possible chance moves alone lead to."""
    relevant_start, relevant_action, member_log = pl.relevant_start, pl.relevant_action, w.member_log
    for member in range(only.shape[0]):
        clean = member_log[member] > -np.inf
        for k in range(relevant_start[member], relevant_start[member + 1]):
            clean = clean and used[relevant_action[k]]
        only[member] = clean


@njit(cache=True, nogil=True, error_model="numpy")
def _load_used(  # pragma: no cover - compiled
    action_start, z, used, free, directions, prob, log, d_log
):
    unknown = 0
    for index in range(action_start.shape[0] - 1):
        start, stop = action_start[index], action_start[index + 1]
        total = 1.0
        first = unknown
        for action in range(start, stop):
            if free[action]:
                if used[action]:
                    total += np.exp(z[unknown])
                unknown += 1
        last = unknown
        unknown = first
        shift = np.log(total) if total != 1.0 else 0.0
        for action in range(start, stop):
            for j in range(directions):
                d_log[action, j] = 0.0
            odds = 0.0
            if free[action]:
                odds = z[unknown]
                if directions:
                    d_log[action, unknown] = 1.0
                unknown += 1
            log[action] = odds - shift
            prob[action] = np.exp(odds - shift) if used[action] else 0.0
        if directions and last > first:
            unknown = first
            for source in range(start, stop):
                if free[source]:
                    if used[source]:
                        for action in range(start, stop):
                            d_log[action, unknown] -= prob[source]
                    unknown += 1


@njit(cache=True, nogil=True, error_model="numpy")
def _limit_beliefs(  # pragma: no cover - compiled
    first, last, only, member_log, relevant_start, relevant_action, log, belief
):
    """Beliefs in the limit: members reached by used actions alone rule the others out."""
    member_beliefs(first, last, member_log, relevant_start, relevant_action, log, belief)
    total = 0.0
    for member in range(first, last):
        if only[member]:
            total += belief[member]
    if total > 0.0:
        for member in range(first, last):
            belief[member] = belief[member] / total if only[member] else 0.0


@njit(cache=True, nogil=True, error_model="numpy")
def _evaluate(pl, w, z, used, free, only, best, lam, out, jac, directions):  # pragma: no cover - compiled
    """Residuals of the indifference conditions; returns the largest gain from an unused action."""
    # Local names: every attribute access of an array costs an atomic reference count.
    prob, log, value, action_value, belief = w.prob, w.log, w.value, w.action_value, w.belief
    d_log, d_value, d_action_value, d_row, member_log = w.d_log, w.d_value, w.d_action_value, w.d_row, w.member_log
    op_kind, op_arg, op_stop = pl.op_kind, pl.op_arg, pl.op_stop
    lin_out, lin_start, lin_prob, lin_in = pl.lin_out, pl.lin_start, pl.lin_prob, pl.lin_in
    action_start, member_start, belief_order = pl.action_start, pl.member_start, pl.belief_order
    relevant_start, relevant_action = pl.relevant_start, pl.relevant_action
    child_start, child_slot = pl.child_start, pl.child_slot
    _load_used(action_start, z, used, free, directions, prob, log, d_log)
    for op in range(op_kind.shape[0]):
        if op_kind[op] == 0:
            linear_run(
                op_arg[op], op_stop[op], directions, pl.num_actions, pl.num_terminal_slots,
                lin_out, lin_start, lin_prob, lin_in, prob, value, d_log, d_value,
            )  # fmt: skip
    gain = -np.inf
    starts = np.zeros(action_start.shape[0], dtype=np.int32)
    unknown = 0
    for index in range(action_start.shape[0] - 1):
        starts[index] = unknown
        for action in range(action_start[index], action_start[index + 1]):
            unknown += free[action]
    for place in range(belief_order.shape[0]):
        index = belief_order[place]
        first, last = member_start[index], member_start[index + 1]
        start, stop = action_start[index], action_start[index + 1]
        _limit_beliefs(first, last, only, member_log, relevant_start, relevant_action, log, belief)
        member_values(
            first, last, start, stop, directions, pl.num_terminal_slots, child_start, child_slot, relevant_start,
            relevant_action, belief, value, action_value, d_log, d_value, d_action_value, d_row,
        )  # fmt: skip
        top = best[index]
        row = starts[index]
        for action in range(start, stop):
            if action == top:
                continue
            difference = action_value[action] - action_value[top]
            if not used[action]:
                gain = max(gain, difference)
            if free[action]:
                weight = 1.0 / (USED_PRECISION if used[action] else lam)
                out[row] = z[row] * weight - difference
                for j in range(directions):
                    jac[row, j] = d_action_value[top, j] - d_action_value[action, j]
                if directions:
                    jac[row, row] += weight
                row += 1
            else:
                log[action] = log[top] + lam * difference
                for j in range(directions):
                    d_log[action, j] = d_log[top, j] + lam * (d_action_value[action, j] - d_action_value[top, j])
    return gain


@njit(cache=True, nogil=True, error_model="numpy")
def _newton(pl, w, z, used, free, only, best, lam, size, a, pivot, step):  # pragma: no cover - compiled
    """Solve the indifference conditions at one precision of the tremble.

    Returns SOLVED, FAILED, or the number of a used action that turned out to vanish.
    """
    last = np.inf
    for _ in range(MAX_NEWTON):
        _evaluate(pl, w, z, used, free, only, best, lam, step, a, size)
        worst = 0.0
        for i in range(size):
            if not np.isfinite(step[i]):
                return FAILED
            worst = max(worst, abs(step[i]))
            step[i] = -step[i]
        if worst <= TARGET or (worst <= ROUNDING and worst > 0.25 * last):
            return SOLVED
        last = worst
        if not factor(a, pivot, size):
            return FAILED
        solve(a, pivot, size, step)
        longest = 0.0
        row = 0
        for action in range(pl.num_actions):
            if free[action]:
                if used[action]:
                    longest = max(longest, abs(step[row]))
                row += 1
        shrink = min(1.0, 4.0 / longest) if longest > 0.0 else 1.0
        row = 0
        for action in range(pl.num_actions):
            if free[action]:
                z[row] += shrink * step[row]
                if used[action] and z[row] < VANISHED:
                    return action
                if used[action] and not z[row] < -VANISHED:
                    return FAILED
                row += 1
    return FAILED


@njit(cache=True, nogil=True, error_model="numpy")
def regret(pl, w):  # pragma: no cover - compiled
    """Largest one-shot gain at any set for the probabilities and action values in the registers."""
    worst = 0.0
    for index in range(pl.action_start.shape[0] - 1):
        start, stop = pl.action_start[index], pl.action_start[index + 1]
        top = w.action_value[start]
        mean = 0.0
        for action in range(start, stop):
            top = max(top, w.action_value[action])
            mean += w.prob[action] * w.action_value[action]
        worst = max(worst, top - mean)
    return worst


@njit(cache=True, nogil=True, error_model="numpy")
def _try_support(
    pl, w, lam0, before, reached, used, best, oriented, tied, trembles, logs, tolerance
):  # pragma: no cover - compiled
    """Solve on one support. Returns SOLVED, FAILED, or an action that belongs on the other side.

    An equilibrium whose index is the opposite of `oriented` is refused: where branches meet beyond the
    point already reached, the one that goes straight on may be another. An unused action whose log-odds at
    the last tremble are above `tied` loses nothing, and belongs on the other side.
    """
    free = np.zeros(pl.num_actions, dtype=np.bool_)
    only = np.zeros(reached.shape[0], dtype=np.bool_)
    w.belief[:] = reached
    _mark_clean(pl, w, used, only)
    size = _lift(pl, w, used, best, free, only)
    if w.d_row.shape[0] < size:
        return FAILED
    z = np.zeros(size)
    unknown = 0
    for action in range(pl.num_actions):
        if free[action]:
            z[unknown] = before[action] - before[best[pl.action_set[action]]]
            unknown += 1
    a = np.zeros((size + 1, size + 1))
    pivot = np.zeros(size + 1, dtype=np.int32)
    step = np.zeros(size + 1)
    for level in range(-1, trembles.shape[0]):
        lam = lam0 if level < 0 else trembles[level]
        code = _newton(pl, w, z, used, free, only, best, lam, size, a, pivot, step)
        if code != SOLVED:
            return code
        if level >= 0:
            logs[level, :] = w.log
    last = logs.shape[0] - 1
    for action in range(pl.num_actions):  # what loses nothing, even off the path, is in use
        top = best[pl.action_set[action]]
        if not used[action] and logs[last, action] - logs[last, top] > tied:
            return action
    if oriented != 0.0 and size:
        _evaluate(pl, w, z, used, free, only, best, trembles[-1], step, a, size)
        if factor(a, pivot, size) * oriented < 0.0:
            return FAILED
    gain = _evaluate(pl, w, z, used, free, only, best, trembles[-1], step, a, 0)
    if gain > tolerance:
        for action in range(pl.num_actions):
            top = best[pl.action_set[action]]
            if not used[action] and w.action_value[action] - w.action_value[top] == gain:
                return action
    return SOLVED if regret(pl, w) <= tolerance else FAILED


@njit(cache=True, nogil=True, error_model="numpy")
def polish(
    pl, w, lam0, used, best, expected, close, oriented, trembles, logs, tolerance
):  # pragma: no cover - compiled
    """Try the support at hand. True if an equilibrium close to the branch was found.

    On success the registers hold strategy (`prob`), beliefs per member (`belief`), and `logs` the
    witness profiles. With `close`, the answer must be where the branch was heading; its index must
    be `oriented`, +1 on a branch that met no other, or 0 if any will do.
    """
    sets = pl.action_start.shape[0] - 1
    before = w.log.copy()
    reached = w.belief.copy()
    solved = False
    for _ in range(REVISIONS):
        change = _try_support(pl, w, lam0, before, reached, used, best, oriented, np.inf, trembles, logs, tolerance)
        if change == SOLVED:
            solved = True
            break
        if change == FAILED:
            break
        used[change] = not used[change]
    if not solved or (close and not _near(pl, w, before, lam0, used, best, expected)):
        return False
    prob = w.prob.copy()
    belief = w.belief.copy()
    for level in range(trembles.shape[0]):
        for action in range(pl.num_actions):
            w.log[action] = logs[level, action]
        for index in range(sets):
            softmax(pl.action_start[index], pl.action_start[index + 1], 0, w.log, w.prob, w.d_log, w.d_row)
        for action in range(pl.num_actions):
            logs[level, action] = w.log[action]
    for action in range(pl.num_actions):
        w.prob[action] = prob[action]
    for member in range(belief.shape[0]):
        w.belief[member] = belief[member]
    return True


@njit(cache=True, nogil=True, error_model="numpy")
def _near(pl, w, before, lam0, used, best, expected):  # pragma: no cover - compiled
    """Whether the equilibrium is where the branch was heading: same log-odds, same losses."""
    horizon = np.log(USED_PRECISION / lam0)
    for index in range(pl.action_start.shape[0] - 1):
        top = best[index]
        for action in range(pl.action_start[index], pl.action_start[index + 1]):
            if action == top:
                continue
            odds = before[action] - before[top]
            now = w.log[action] - w.log[top]
            if used[action]:
                drift = expected[action] * horizon
                if abs(now - odds - drift) > 1.5 + abs(drift):
                    return False
            else:
                foreseen = -odds / lam0
                loss = w.action_value[top] - w.action_value[action]
                if abs(loss - foreseen) > 0.5 * foreseen + 3.0 / lam0:
                    return False
    return True
