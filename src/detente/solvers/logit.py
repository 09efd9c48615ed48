"""The sequential equilibrium at the end of the principal branch of the agent logit QRE, for many draws.

Reference: McKelvey and Palfrey (1998), Experimental Economics 1, sec. 3; Turocy (2005), sec. 3.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np

from detente.axes import Floats, Ints
from detente.game import Assessment, GameNumbers, TreeShape, Witness
from detente.solvers.budget import Budget
from detente.solvers.kernel_cache import load_kernel
from detente.solvers.kernel_layout import program, registers
from detente.solvers.plan import Plan, make_plan
from detente.solvers.solution import BatchSolution, Status
from detente.solvers.sparse import is_large, solve_sparse

TREMBLES = np.array([1e5, 1e6, 2e7])
UNFINISHED = (Status.max_steps, Status.stalled, Status.no_support)
LONG_DRAW = 40  # unknowns from which one draw takes so long that it is watched over while it runs
MOST_LIFTED = 300  # unknowns; above this a second attempt would cost more than it is worth


@dataclass(frozen=True)
class LogitSettings:
    """Settings of the branch tracer; the defaults are the ones every published number rests on.

    Attributes:
        reach: Largest first correction accepted at a step, in log units of odds; smaller is slower and surer.
        longest: Largest step along the branch.
        max_steps: Steps after which a draw is given up.
        first_try: Precision at which a support is tried for the first time (payoffs scaled to range 1).
        last_try: Precision at which the search for a support is given up.
        tolerance: Regret target of the polished answer, share of the payoff range.
        close: Refuse an equilibrium on the support that is not where the branch was heading.
        attempts: Times a draw is traced, with steps a quarter as long each time; with more than one, a draw
            that still fails is traced once more with every set on a loop as an unknown.
        block: Draws solved in one call by one thread.
        sparse: Whether the equations are solved as a sparse system; None where the tree is so large that it pays.
    """

    reach: float = 0.03
    longest: float = 2.0
    max_steps: int = 1000
    first_try: float = 100.0
    last_try: float = 1e9
    tolerance: float = 5e-9
    close: bool = True
    attempts: int = 3
    block: int = 16
    sparse: bool | None = None

    def options(self) -> Floats:
        """The numbers the kernel reads, in its order."""
        return np.array(
            [
                self.reach,
                self.longest,
                self.max_steps,
                self.first_try,
                self.last_try,
                self.tolerance,
                self.close,
                self.attempts,
            ],
            dtype=np.float64,
        )


_plans: WeakKeyDictionary[TreeShape, dict[bool, Plan]] = WeakKeyDictionary()


def plan_of(shape: TreeShape, *, lifted: bool = False) -> Plan:
    """The evaluation plan of a shape, made once."""
    plans = _plans.setdefault(shape, {})
    if lifted not in plans:
        plans[lifted] = make_plan(shape, lifted=lifted)
    return plans[lifted]


def solve_logit(
    shape: TreeShape,
    numbers: GameNumbers,
    scale: Floats,
    *,
    settings: LogitSettings | None = None,
    bias: Floats | None = None,
    threads: int | None = None,
    stop: Callable[[], bool] | None = None,
    time_budget: float | None = None,
) -> BatchSolution:
    """Follow the principal branch of every draw to its end.

    Args:
        shape: A game with perfect recall.
        numbers: Its payoffs and chance probabilities, [draws, ...].
        scale: [draws, players] payoff ranges by which payoffs are divided; positive.
        settings: How carefully the branch is traced.
        bias: [draws, actions] log-odds added to every choice at precision zero, which start the branch
            at another interior point; their weight vanishes as precision grows. None is the
            principal branch.
        threads: Threads to use; default all cores.
        stop: Polled all the while; True ends the work and leaves the other draws `cancelled`. A `Budget` is told
            the progress too.
        time_budget: Seconds after which the other draws are left `out_of_time`.

    Returns:
        Strategies, beliefs with witness, statuses. Nothing is certified here.
    """
    return _run(shape, numbers, scale, np.inf, settings or LogitSettings(), bias, threads, Budget.of(time_budget, stop))


def solve_qre(
    shape: TreeShape,
    numbers: GameNumbers,
    lam: float,
    *,
    settings: LogitSettings | None = None,
    threads: int | None = None,
    stop: Callable[[], bool] | None = None,
    time_budget: float | None = None,
) -> BatchSolution:
    """The agent quantal response equilibrium on the principal branch at a finite precision.

    Args:
        shape: A game with perfect recall.
        numbers: Its payoffs and chance probabilities, [draws, ...].
        lam: Precision, 1 / payoff unit, not negative; payoffs are not rescaled per player.
        settings: How carefully the branch is traced.
        threads: Threads to use; default all cores.
        stop: Polled all the while.
        time_budget: Seconds after which the other draws are left `out_of_time`.

    Returns:
        The profile where the branch first reaches `lam`; the witness holds its log-probabilities.
    """
    spread = numbers.payoff.max(axis=1) - numbers.payoff.min(axis=1)
    common = np.where(np.isfinite(spread), spread, 0.0).max(axis=1)
    common = np.where(common > 0, common, 1.0)
    scale = np.repeat(common[:, None], shape.num_players, axis=1)
    careful = settings or LogitSettings()
    budget = Budget.of(time_budget, stop)
    if (common == common[0]).all():
        return _run(shape, numbers, scale, lam * float(common[0]), careful, None, threads, budget)
    each = [slice(d, d + 1) for d in range(numbers.num_draws)]
    return _joined(
        [
            _run(shape, numbers.take(row), scale[row], lam * float(common[row.start]), careful, None, 1, budget)
            for row in each
        ]
    )


def _joined(parts: list[BatchSolution]) -> BatchSolution:
    witnesses = [part.assessment.witness for part in parts if part.assessment.witness is not None]
    witness = Witness(witnesses[0].precision, np.concatenate([w.log_strategy for w in witnesses], axis=1))
    assessment = Assessment(
        np.concatenate([part.assessment.strategy for part in parts]),
        np.concatenate([part.assessment.belief for part in parts]),
        witness,
    )
    return BatchSolution(
        assessment,
        np.concatenate([part.status for part in parts]),
        np.concatenate([part.steps for part in parts]),
        np.concatenate([part.precision for part in parts]),
    )


@dataclass(frozen=True)
class _Job:
    """One batch to trace: the same arguments for every pass over it."""

    shape: TreeShape
    numbers: GameNumbers
    scale: Floats
    bias: Floats
    target: float
    settings: LogitSettings
    threads: int | None
    budget: Budget

    def take(self, rows: Ints) -> _Job:
        return replace(self, numbers=self.numbers.take(rows), scale=self.scale[rows], bias=self.bias[rows])


def _run(
    shape: TreeShape,
    numbers: GameNumbers,
    scale: Floats,
    target: float,
    settings: LogitSettings,
    bias: Floats | None,
    threads: int | None,
    budget: Budget,
) -> BatchSolution:
    """Trace every draw; those that fail once more with every set on a loop as an unknown."""
    draws = numbers.num_draws
    numbers = GameNumbers(np.ascontiguousarray(numbers.payoff), np.ascontiguousarray(numbers.chance))
    spread = np.array(np.broadcast_to(scale, (draws, shape.num_players)), dtype=np.float64)
    start = np.zeros((draws, shape.num_actions)) if bias is None else np.ascontiguousarray(bias, dtype=np.float64)
    if is_large(shape, plan_of, settings.sparse):
        return solve_sparse(shape, numbers, spread, start, target, settings, TREMBLES, budget)
    job = _Job(shape, numbers, spread, start, target, settings, threads, budget)
    answer = _trace(job, plan_of(shape))
    failed = np.flatnonzero(np.isin(answer.status, UNFINISHED)).astype(np.int32)
    if len(failed) and settings.attempts > 1:
        lifted = plan_of(shape, lifted=True)
        if plan_of(shape).num_unknowns < lifted.num_unknowns <= MOST_LIFTED:
            _replace(answer, failed, _trace(job.take(failed), lifted))
    return answer


def _replace(answer: BatchSolution, rows: Ints, again: BatchSolution) -> None:
    """Write the draws of a second attempt that succeeded over the first."""
    good = again.status == Status.converged
    rows = rows[good]
    answer.assessment.strategy[rows] = again.assessment.strategy[good]
    answer.assessment.belief[rows] = again.assessment.belief[good]
    if answer.assessment.witness is not None and again.assessment.witness is not None:
        answer.assessment.witness.log_strategy[:, rows] = again.assessment.witness.log_strategy[:, good]
    answer.status[rows] = again.status[good]
    answer.steps[rows] += again.steps[good]
    answer.precision[rows] = again.precision[good]


def _trace(job: _Job, plan: Plan) -> BatchSolution:
    solve_block = load_kernel("kernel_batch", "solve_block")
    shape, settings = job.shape, job.settings
    ints, size = program(shape, plan, job.numbers.chance.shape[1])
    draws = job.numbers.num_draws
    strategy = np.full((draws, shape.num_actions), np.nan)
    belief = np.zeros((draws, shape.num_nodes))
    logs = np.full((draws, len(TREMBLES), shape.num_actions), np.nan)
    status = np.full(draws, Status.cancelled, dtype=np.int8)
    steps = np.zeros(draws, dtype=np.int32)
    precision = np.zeros(draws)
    options = settings.options()
    budget = job.budget

    def block(low: int) -> None:
        if budget():
            return
        part = slice(low, min(low + settings.block, draws))
        solve_block(
            ints.copy(), registers(size), job.target, options, TREMBLES, budget.flag,
            job.numbers.payoff[part], job.numbers.chance[part], job.scale[part], job.bias[part],
            strategy[part], belief[part], logs[part], status[part], steps[part], precision[part],
        )  # fmt: skip
        budget.tell(part.stop, draws)

    lows = range(0, draws, settings.block)
    workers = min(job.threads or os.cpu_count() or 1, len(lows))
    long = plan.num_unknowns >= LONG_DRAW
    with budget.watching() if long else nullcontext():
        if workers <= 1:
            for low in lows:
                block(low)
        else:
            with ThreadPoolExecutor(workers) as pool:
                list(pool.map(block, lows))
    budget.mark(status)
    assessment = Assessment(strategy, belief, Witness(TREMBLES, np.swapaxes(logs, 0, 1)))
    return BatchSolution(assessment, status, steps, precision)
