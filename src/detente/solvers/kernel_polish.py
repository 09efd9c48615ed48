"""Compiled jump from a point on the logit branch to the exact equilibrium on its support.

Actions are split into used and unused ones. Log-odds among used actions are solved for at a very
large precision, so that they are indifferent to far below the certificate's tolerance; unused
actions get probability zero, and their vanishing log-odds at a moderate precision give the beliefs
off the path. The profiles at three growing precisions are the witness for those beliefs.
"""

from __future__ import annotations

import numpy as np

from detente.solvers.kernel_jit import NONE, kernel
from detente.solvers.kernel_layout import (
    ACTION_SET,
    ACTION_START,
    ACTION_VALUE,
    BEFORE,
    BELIEF,
    BELIEF_FREE,
    BELIEF_ORDER,
    BEST,
    D_ACTION_VALUE,
    D_LOG,
    EXPECTED,
    FACTORS,
    FREE,
    HOT_ACTION,
    LEVELS,
    LOG,
    LOGS,
    MEMBER_LOG,
    MEMBER_START,
    N_ACTIONS,
    N_MEMBERS,
    N_OPS,
    N_SETS,
    ONLY,
    OP_ARG,
    OP_KIND,
    OP_STOP,
    POINT,
    PROB,
    REACHED,
    RELEVANT_ACTION,
    RELEVANT_START,
    REVERSING,
    SLOPE,
    STARTS,
    STEP,
    USED,
    WIDTH,
)
from detente.solvers.kernel_linear import factor, solve
from detente.solvers.kernel_pass import linear_run, member_beliefs, member_values, softmax

USED_PRECISION = 3e8  # leaves a regret of at most 0.28 / 3e8 for each extra action
MAX_NEWTON = 25
REVISIONS = 6  # times an action may change sides before the support is given up
VANISHED = -45.0  # log-odds below which a used action is not used after all
TIED = -1.5  # log-odds at the last tremble above which an unused action is in use after all
SOLVED, FAILED = -1, -2
TARGET = 2e-12
SHARP, HOPELESS = 1e4, 1e-3  # from this precision on, a gain as large as this will not go away at a greater one
ROUNDING = 2e-9  # what rounding of large log-odds can leave; well below the certificate's tolerance


@kernel
def classify(N, F, forced):  # pragma: no cover - compiled
    """Split actions into used and unused by how their log-odds grow along the branch.

    `slope` is d(log-odds to the best action) / d(log precision): about 0 for used actions, about
    the log-odds themselves for unused ones. Returns the number of used actions beyond one per
    set, or -1 if the support is not clear yet.
    """
    log, slope, expected = N[LOG], N[SLOPE], N[EXPECTED]
    extra = 0
    for index in range(N[N_SETS]):
        start, stop = N[N[ACTION_START] + index], N[N[ACTION_START] + index + 1]
        top = start
        for action in range(start, stop):
            if F[log + action] > F[log + top]:
                top = action
        N[N[BEST] + index] = top
        for action in range(start, stop):
            odds = F[log + action] - F[log + top]
            rate = F[slope + action] - F[slope + top]
            F[expected + action] = rate
            used = action == top or not (rate < 0.5 * odds and odds < -2.0)
            N[N[USED] + action] = used
            if used:
                extra += action != top
                if not forced and abs(rate) > 0.3 * (1.0 + 0.2 * abs(odds)):
                    return -1
            elif not forced and (rate < 2.0 * odds or odds > -4.0):
                return -1
    return extra


@kernel
def _lift(N, F):  # pragma: no cover - compiled
    """Mark the actions whose log-odds are unknowns; returns their number.

    These are the used actions beyond one per set and, where a set that mixes is reached by unused
    actions alone, those actions: its beliefs rest on tiny differences of large log-odds, which
    are well conditioned as unknowns and hopeless as functions of the others.
    """
    action_start, used, free, belief = N[ACTION_START], N[USED], N[FREE], N[BELIEF]
    for index in range(N[N_SETS]):
        for action in range(N[action_start + index], N[action_start + index + 1]):
            N[free + action] = action != N[N[BEST] + index] and (N[used + action] or N[N[REVERSING] + index])
    for index in range(N[N_SETS]):
        mixes = 0
        for action in range(N[action_start + index], N[action_start + index + 1]):
            mixes += N[used + action]
        first, last = N[N[MEMBER_START] + index], N[N[MEMBER_START] + index + 1]
        if mixes < 2 or last - first < 2 or N[N[BELIEF_FREE] + index]:
            continue
        clean = 0
        for member in range(first, last):
            clean += N[N[ONLY] + member]
        if clean:
            continue
        for member in range(first, last):
            if F[belief + member] > 1e-7:
                for k in range(N[N[RELEVANT_START] + member], N[N[RELEVANT_START] + member + 1]):
                    action = N[N[RELEVANT_ACTION] + k]
                    if not N[used + action]:
                        N[free + action] = 1
    count = 0
    for index in range(N[N_SETS]):
        N[N[STARTS] + index] = count
        for action in range(N[action_start + index], N[action_start + index + 1]):
            count += N[free + action]
    return count


@kernel
def _mark_clean(N, F):  # pragma: no cover - compiled
    """Mark the members of information sets that used actions and possible chance moves alone lead to."""
    for member in range(N[N_MEMBERS]):
        clean = F[N[MEMBER_LOG] + member] > -np.inf
        for k in range(N[N[RELEVANT_START] + member], N[N[RELEVANT_START] + member + 1]):
            clean = clean and N[N[USED] + N[N[RELEVANT_ACTION] + k]] != 0
        N[N[ONLY] + member] = clean


@kernel
def _load_used(N, F, directions):  # pragma: no cover - compiled
    action_start, used, free, z = N[ACTION_START], N[USED], N[FREE], N[POINT]
    prob, log, d_log, width = N[PROB], N[LOG], N[D_LOG], N[WIDTH]
    for index in range(N[N_SETS]):
        start, stop = N[action_start + index], N[action_start + index + 1]
        unknown = N[N[STARTS] + index]
        total = 1.0
        for action in range(start, stop):
            if N[free + action]:
                if N[used + action]:
                    total += np.exp(F[z + unknown])
                unknown += 1
        last = unknown
        shift = np.log(total) if total != 1.0 else 0.0
        unknown = N[N[STARTS] + index]
        for action in range(start, stop):
            row = d_log + action * width
            for j in range(directions):
                F[row + j] = 0.0
            odds = 0.0
            if N[free + action]:
                odds = F[z + unknown]
                if directions:
                    F[row + unknown] = 1.0
                unknown += 1
            F[log + action] = odds - shift
            F[prob + action] = np.exp(odds - shift) if N[used + action] else 0.0
        if directions:
            unknown = N[N[STARTS] + index]
            mixes = unknown < last
            for action in range(start, stop):
                N[N[HOT_ACTION] + action] = mixes
            for source in range(start, stop):
                if N[free + source]:
                    if N[used + source]:
                        for action in range(start, stop):
                            F[d_log + action * width + unknown] -= F[prob + source]
                    unknown += 1


@kernel
def _limit_beliefs(N, F, first, last):  # pragma: no cover - compiled
    """Beliefs in the limit: members reached by used actions alone rule the others out."""
    belief, only = N[BELIEF], N[ONLY]
    member_beliefs(N, F, first, last)
    total = 0.0
    for member in range(first, last):
        if N[only + member]:
            total += F[belief + member]
    if total > 0.0:
        for member in range(first, last):
            F[belief + member] = F[belief + member] / total if N[only + member] else 0.0


@kernel
def _evaluate(N, F, lam, directions):  # pragma: no cover - compiled
    """Indifference conditions in `step`, derivatives in `factors`; returns the largest gain from an unused action."""
    used, free, action_value, log = N[USED], N[FREE], N[ACTION_VALUE], N[LOG]
    d_log, d_action_value, width = N[D_LOG], N[D_ACTION_VALUE], N[WIDTH]
    z, out, jac = N[POINT], N[STEP], N[FACTORS]
    _load_used(N, F, directions)
    for op in range(N[N_OPS]):
        if N[N[OP_KIND] + op] == 0:
            linear_run(N, F, N[N[OP_ARG] + op], N[N[OP_STOP] + op], NONE, directions)
    gain = -np.inf
    for place in range(N[N_SETS]):
        index = N[N[BELIEF_ORDER] + place]
        first, last = N[N[MEMBER_START] + index], N[N[MEMBER_START] + index + 1]
        start, stop = N[N[ACTION_START] + index], N[N[ACTION_START] + index + 1]
        _limit_beliefs(N, F, first, last)
        member_values(N, F, first, last, start, stop, NONE, directions)
        top = N[N[BEST] + index]
        row = N[N[STARTS] + index]
        d_top = d_action_value + top * width
        for action in range(start, stop):
            if action == top:
                continue
            difference = F[action_value + action] - F[action_value + top]
            d_own = d_action_value + action * width
            if not N[used + action]:
                gain = max(gain, difference)
            if N[free + action]:
                weight = 1.0 / (USED_PRECISION if N[used + action] else lam)
                F[out + row] = F[z + row] * weight - difference
                if directions:
                    for j in range(directions):
                        F[jac + row * width + j] = F[d_top + j] - F[d_own + j]
                    F[jac + row * width + row] += weight
                row += 1
            else:
                F[log + action] = F[log + top] + lam * difference
                for j in range(directions):
                    rate = F[d_own + j] - F[d_top + j]
                    F[d_log + action * width + j] = F[d_log + top * width + j] + lam * rate
    return gain


@kernel
def _newton(N, F, lam, size, near, report):  # pragma: no cover - compiled
    """Solve the indifference conditions at one precision of the tremble.

    With `near` the start may be the solution already, so it is looked at without derivatives first. Returns
    SOLVED, FAILED, or the number of a used action that turned out to vanish; `report` gets the largest gain
    from an unused action and the sign of the last determinant, 0 if none was needed.
    """
    step, z, used, free = N[STEP], N[POINT], N[USED], N[FREE]
    last = np.inf
    for sweep in range(MAX_NEWTON):
        look = near and sweep == 0
        report[0] = _evaluate(N, F, lam, NONE if look else size)
        worst = 0.0
        for i in range(size):
            if not np.isfinite(F[step + i]):
                return FAILED
            worst = max(worst, abs(F[step + i]))
            F[step + i] = -F[step + i]
        if worst <= TARGET or (worst <= ROUNDING and worst > 0.25 * last):
            return SOLVED
        if look:
            continue
        last = worst
        sign = factor(N, F, size)
        if sign == 0:
            return FAILED
        report[1] = sign
        solve(N, F, size, step)
        longest = 0.0
        row = 0
        for action in range(N[N_ACTIONS]):
            if N[free + action]:
                if N[used + action]:
                    longest = max(longest, abs(F[step + row]))
                row += 1
        shrink = min(1.0, 4.0 / longest) if longest > 0.0 else 1.0
        row = 0
        for action in range(N[N_ACTIONS]):
            if N[free + action]:
                F[z + row] += shrink * F[step + row]
                if N[used + action] and F[z + row] < VANISHED:
                    return action
                if N[used + action] and not F[z + row] < -VANISHED:
                    return FAILED
                row += 1
    return FAILED


@kernel
def regret(N, F):  # pragma: no cover - compiled
    """Largest one-shot gain at any set for the probabilities and action values in the registers."""
    prob, action_value = N[PROB], N[ACTION_VALUE]
    worst = 0.0
    for index in range(N[N_SETS]):
        start, stop = N[N[ACTION_START] + index], N[N[ACTION_START] + index + 1]
        top = F[action_value + start]
        mean = 0.0
        for action in range(start, stop):
            top = max(top, F[action_value + action])
            mean += F[prob + action] * F[action_value + action]
        worst = max(worst, top - mean)
    return worst


@kernel
def _gaining(N, F, gain):  # pragma: no cover - compiled
    """The unused action with the largest gain, which belongs in the support."""
    action_value = N[ACTION_VALUE]
    for action in range(N[N_ACTIONS]):
        top = N[N[BEST] + N[N[ACTION_SET] + action]]
        if not N[N[USED] + action] and F[action_value + action] - F[action_value + top] == gain:
            return action
    return FAILED


@kernel
def try_support(N, F, lam0, oriented, tied, trembles, tolerance):  # pragma: no cover - compiled
    """Solve on one support. Returns SOLVED, FAILED, or an action that belongs on the other side.

    The support stands in `used` and `best`, where to start in `before` (log-probabilities) and `reached`
    (beliefs); `logs` receives the witness. An equilibrium whose index is the opposite of `oriented` is refused:
    where branches meet beyond the point already reached, the one that goes straight on may be another. An
    unused action whose log-odds at the last tremble are above `tied` loses nothing, and belongs on the other side.
    """
    num_actions, used, free, best = N[N_ACTIONS], N[USED], N[FREE], N[BEST]
    before, logs, z = N[BEFORE], N[LOGS], N[POINT]
    for member in range(N[N_MEMBERS]):
        F[N[BELIEF] + member] = F[N[REACHED] + member]
    _mark_clean(N, F)
    size = _lift(N, F)
    if size > N[WIDTH]:
        return FAILED
    unknown = 0
    for action in range(num_actions):
        if N[free + action]:
            F[z + unknown] = F[before + action] - F[before + N[best + N[N[ACTION_SET] + action]]]
            unknown += 1
    report = np.zeros(2)
    first = 0 if lam0 == trembles[0] else -1
    for level in range(first, LEVELS):
        code = _newton(N, F, lam0 if level < 0 else trembles[level], size, level > first, report)
        if code != SOLVED:
            return code
        if level == first and lam0 >= SHARP and report[0] > HOPELESS:
            return _gaining(N, F, report[0])
        if level >= 0:
            for action in range(num_actions):
                F[logs + level * num_actions + action] = F[N[LOG] + action]
    last = logs + (LEVELS - 1) * num_actions
    for action in range(num_actions):  # what loses nothing, even off the path, is in use
        top = N[best + N[N[ACTION_SET] + action]]
        if not N[used + action] and F[last + action] - F[last + top] > tied:
            return action
    gain = report[0]
    if oriented != 0.0 and size:
        if report[1] == 0.0:
            gain = _evaluate(N, F, trembles[LEVELS - 1], size)
            report[1] = factor(N, F, size)
        if report[1] * oriented < 0.0:
            return FAILED
    if gain > tolerance:
        return _gaining(N, F, gain)
    return SOLVED if regret(N, F) <= tolerance else FAILED


@kernel
def _near(N, F, lam0):  # pragma: no cover - compiled
    """Whether the equilibrium is where the branch was heading: same log-odds, same losses."""
    horizon = np.log(USED_PRECISION / lam0)
    before, log, action_value, expected = N[BEFORE], N[LOG], N[ACTION_VALUE], N[EXPECTED]
    for index in range(N[N_SETS]):
        top = N[N[BEST] + index]
        for action in range(N[N[ACTION_START] + index], N[N[ACTION_START] + index + 1]):
            if action == top:
                continue
            odds = F[before + action] - F[before + top]
            if N[N[USED] + action]:
                now = F[log + action] - F[log + top]
                drift = F[expected + action] * horizon
                if abs(now - odds - drift) > 1.5 + abs(drift):
                    return False
            else:
                foreseen = -odds / lam0
                loss = F[action_value + top] - F[action_value + action]
                if abs(loss - foreseen) > 0.5 * foreseen + 3.0 / lam0:
                    return False
    return True


@kernel
def polish(N, F, lam0, close, oriented, trembles, tolerance):  # pragma: no cover - compiled
    """Try the support at hand. True if an equilibrium close to the branch was found.

    On success the registers hold strategy (`prob`) and beliefs per member (`belief`), and `logs` the
    witness profiles. With `close`, the answer must be where the branch was heading; its index must
    be `oriented`, +1 on a branch that met no other, or 0 if any will do.
    """
    for action in range(N[N_ACTIONS]):
        F[N[BEFORE] + action] = F[N[LOG] + action]
    for member in range(N[N_MEMBERS]):
        F[N[REACHED] + member] = F[N[BELIEF] + member]
    for _ in range(REVISIONS):
        change = try_support(N, F, lam0, oriented, np.inf, trembles, tolerance)
        if change == SOLVED:
            return not close or _near(N, F, lam0)
        if change == FAILED:
            return False
        N[N[USED] + change] = not N[N[USED] + change]
    return False


@kernel
def write_witness(N, F, logs):  # pragma: no cover - compiled
    """Normalised log-probabilities of the trembling profiles; `log` is overwritten, `prob` kept in `before`."""
    num_actions, log, prob, kept = N[N_ACTIONS], N[LOG], N[PROB], N[BEFORE]
    for action in range(num_actions):
        F[kept + action] = F[prob + action]
    for level in range(LEVELS):
        for action in range(num_actions):
            F[log + action] = F[N[LOGS] + level * num_actions + action]
        for index in range(N[N_SETS]):
            softmax(N, F, N[N[ACTION_START] + index], N[N[ACTION_START] + index + 1], NONE, NONE)
        for action in range(num_actions):
            logs[level, action] = F[log + action]
    for action in range(num_actions):
        F[prob + action] = F[kept + action]
