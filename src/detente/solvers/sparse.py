"""The principal branch of trees that are too large for the compiled plan: sparse algebra instead of dense.

Slower for a small tree, but the work of a step grows with the number of nodes only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from detente.axes import Floats
from detente.game import Assessment, GameNumbers, TreeShape, Witness
from detente.solvers.budget import Budget
from detente.solvers.kernel_layout import EXTRA
from detente.solvers.plan import Plan
from detente.solvers.solution import BatchSolution, Status
from detente.solvers.sparse_path import Tracer
from detente.solvers.sparse_polish import SURE, Polished, leave_branch
from detente.solvers.sparse_system import System

if TYPE_CHECKING:
    from detente.solvers.logit import LogitSettings

MANY_SETS = 1500  # information sets from which not even the compiled plan is made
MANY_CELLS = 2e7  # nodes times information sets from which it is not made either
MANY_UNKNOWNS = 150  # from here a sparse step is the quicker one
LARGE_BYTES = 2e8  # derivatives of all values that one thread would hold
LONGER = 4.0  # corrections are finished here, so they may be longer than those of the compiled tracer
STEPS_PER_UNKNOWN = 20


def is_large(shape: TreeShape, plan_of: Callable[[TreeShape], Plan], wanted: bool | None) -> bool:
    """Whether a game is to be solved here; `wanted` says so where it is not None."""
    if not shape.num_infosets:
        return False
    if wanted is not None:
        return wanted
    if shape.has_perfect_information:
        return False
    if shape.num_infosets > MANY_SETS or shape.num_nodes * shape.num_infosets > MANY_CELLS:
        return True
    plan = plan_of(shape)
    return plan.num_unknowns > MANY_UNKNOWNS or 8 * plan.num_slots * (plan.num_unknowns + 1 + EXTRA) > LARGE_BYTES


def solve_sparse(
    shape: TreeShape,
    numbers: GameNumbers,
    scale: Floats,
    bias: Floats,
    target: float,
    settings: LogitSettings,
    trembles: Floats,
    budget: Budget,
) -> BatchSolution:
    """Follow the branch of every draw to its end, one after the other.

    Args:
        shape: A game with perfect recall and at least one information set.
        numbers: Payoffs and chance probabilities.
        scale: [draws, players] what payoffs are divided by.
        bias: [draws, actions] log-odds at precision zero.
        target: Precision to stop at, or infinity.
        settings: How carefully the branch is traced.
        trembles: [levels] precisions of the witness.
        budget: When to stop.

    Returns:
        As `solve_logit`.
    """
    draws = numbers.num_draws
    strategy = np.full((draws, shape.num_actions), np.nan)
    belief = np.zeros((draws, shape.num_nodes))
    logs = np.full((len(trembles), draws, shape.num_actions), np.nan)
    status = np.full(draws, Status.cancelled, dtype=np.int8)
    steps = np.zeros(draws, dtype=np.int32)
    precision = np.zeros(draws)
    for draw in range(draws):
        if budget():
            break
        payoff, chance = numbers.payoff[draw], numbers.chance[draw]
        sound = np.isfinite(scale[draw]).all() and (scale[draw] > 0).all()
        if not (sound and np.isfinite(payoff).all() and (chance >= 0).all()):
            status[draw] = Status.not_finite
            belief[draw] = np.nan
            continue
        system = System(shape, payoff, chance, scale[draw])
        code, answer, tracer, total = _follow(system, bias[draw], target, settings, trembles, budget)
        status[draw], steps[draw], precision[draw] = code, total, tracer.branch.precision
        if answer is None:
            point = system.point(tracer.branch.odds)
            answer = Polished(point.prob, point.belief, np.repeat(point.log[None], len(trembles), axis=0))
        strategy[draw], belief[draw] = answer.strategy, answer.belief
        if code == Status.converged:
            logs[:, draw] = answer.logs
        budget.tell(draw + 1, draws)
    budget.mark(status)
    return BatchSolution(Assessment(strategy, belief, Witness(trembles, logs)), status, steps, precision)


def _follow(
    system: System, bias: Floats, target: float, settings: LogitSettings, trembles: Floats, budget: Budget
) -> tuple[Status, Polished | None, Tracer, int]:
    """One draw, again with shorter steps where the branch was lost; the last number is that of all steps."""
    total, attempt = 0, 0
    while True:
        share = LONGER / 4.0**attempt
        tracer = Tracer(system, bias, share * settings.reach, share * settings.longest, target, budget)
        most = max(settings.max_steps, STEPS_PER_UNKNOWN * tracer.free) * 2**attempt
        code, answer = _trace(tracer, settings, trembles, most)
        total += tracer.branch.steps
        attempt += 1
        if code not in (Status.stalled, Status.no_support) or attempt >= settings.attempts:
            return code, answer, tracer, total


def _trace(tracer: Tracer, settings: LogitSettings, trembles: Floats, most: int) -> tuple[Status, Polished | None]:
    branch, next_try, target = tracer.branch, settings.first_try, tracer.t_target
    while branch.steps < most:
        if tracer.stop():
            return Status.cancelled, None
        code = tracer.advance()
        if code is not None:
            return code, None
        if np.isfinite(target) or branch.precision < next_try or branch.tangent[-1] <= 0.0:
            continue
        answer = leave_branch(tracer, trembles, settings.tolerance, settings.close)
        if answer is not None:
            return Status.converged, answer
        next_try = branch.precision * (1.6 if branch.precision < SURE else 4.0)
        if branch.precision > settings.last_try:
            return Status.no_support, None
    return Status.max_steps, None
