"""Carrying equilibria over to near numbers: the same support solved again, without tracing a branch.

This costs a hundredth of a trace. It says nothing about which equilibrium the branch would end at, so it
is for places between two traced ones that end on one support; what it gives is certified like the rest.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from detente.axes import Bools, Floats
from detente.game import Assessment, GameNumbers, TreeShape, Witness
from detente.solvers.budget import Budget
from detente.solvers.kernel_cache import load_kernel
from detente.solvers.kernel_layout import program, registers
from detente.solvers.logit import TREMBLES, LogitSettings, plan_of
from detente.solvers.solution import BatchSolution, Status

BLOCK = 16  # draws between two looks at the clock; fewer are not worth a second thread
SHARP_TREMBLES = np.array([1e7, 1e8, 1e9])


def continue_support(  # noqa: PLR0913 - `stop` and `time_budget` are the same two in every solver
    shape: TreeShape,
    numbers: GameNumbers,
    scale: Floats,
    start: Assessment,
    *,
    trembles: Floats = TREMBLES,
    settings: LogitSettings | None = None,
    threads: int | None = None,
    stop: Callable[[], bool] | None = None,
    time_budget: float | None = None,
) -> BatchSolution:
    """Solve each draw on the support of a profile from elsewhere.

    Args:
        shape: A game with perfect recall.
        numbers: Its payoffs and chance probabilities.
        scale: [draws, players] payoff ranges by which payoffs are divided; positive.
        start: One profile per draw, with beliefs and the witness of the logit solver; NaN where there is none.
        trembles: Three precisions of the new witness. Sharper ones than the usual are needed close to the
            end of a support, where an action out of use loses almost nothing.
        settings: Only the tolerance is used.
        threads: Threads to use; default all cores.
        stop: Polled between blocks; True leaves the other draws `cancelled`. A `Budget` is told the progress too.
        time_budget: Seconds after which the other draws are left `out_of_time`.

    Returns:
        Strategies, beliefs with witness; the status is `no_support` where no equilibrium has that support.
        Nothing is certified here.
    """
    continue_block = load_kernel("kernel_batch", "continue_block")
    settings = settings or LogitSettings()
    draws = numbers.num_draws
    ints, size = program(shape, plan_of(shape), numbers.chance.shape[1])
    strategy = np.array(start.strategy, dtype=np.float64)
    belief = np.array(np.nan_to_num(start.belief), dtype=np.float64)
    logs = np.full((draws, len(trembles), shape.num_actions), np.nan)
    if start.witness is not None and len(start.witness.log_strategy) == len(trembles):
        logs = np.array(np.moveaxis(start.witness.log_strategy, 0, 1), order="C")
    known: Bools = np.asarray(np.isfinite(strategy).all(axis=1) & np.isfinite(logs).all(axis=(1, 2)))
    status = np.full(draws, Status.cancelled, dtype=np.int8)
    budget = Budget.of(time_budget, stop)
    payoff = np.ascontiguousarray(numbers.payoff, dtype=np.float64)
    chance = np.ascontiguousarray(numbers.chance, dtype=np.float64)
    spread = np.array(np.broadcast_to(scale, (draws, shape.num_players)), dtype=np.float64)

    def block(low: int) -> None:
        if budget():
            return
        part = slice(low, low + BLOCK)
        continue_block(
            ints.copy(), registers(size), trembles, settings.tolerance, payoff[part], chance[part], spread[part],
            known[part], strategy[part], belief[part], logs[part], status[part],
        )  # fmt: skip
        budget.tell(min(low + BLOCK, draws), draws)

    lows = range(0, draws, BLOCK)
    workers = min(threads or os.cpu_count() or 1, len(lows))
    if workers <= 1:
        for low in lows:
            block(low)
    else:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(block, lows))
    budget.mark(status)
    witness = Witness(trembles, np.moveaxis(logs, 1, 0))
    zeros = np.zeros(draws, dtype=np.int32)
    return BatchSolution(Assessment(strategy, belief, witness), status, zeros, np.full(draws, trembles[-1]))
