"""Other equilibria, by following the logit branch from other interior points (SEMANTICS rule 12).

A start is a full-support profile; adding its log-odds to every choice makes it the answer at
precision zero, and their weight vanishes as precision grows. Equilibria that no such branch
reaches are not found: the list is a lower bound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.game import Assessment, GameNumbers, TreeShape, certify
from detente.solvers.budget import Budget
from detente.solvers.logit import LogitSettings, solve_logit
from detente.solvers.solution import Status

SPREADS = (1.0, 3.0, 10.0, 30.0)


@dataclass(frozen=True, eq=False)
class OtherEquilibria:
    """Certified equilibria of one draw found from other starts, duplicates merged.

    Attributes:
        assessment: One row per distinct equilibrium.
        payoffs: [found, players] expected payoffs of each.
        hits: [found] number of starts that led there.
        starts: Number of starts tried. certified: how many ended in a certified equilibrium.
        status: `converged`, or why not every start was tried.
    """

    assessment: Assessment
    payoffs: Floats
    hits: Ints
    starts: int
    certified: int
    status: Status = Status.converged


def starting_points(shape: TreeShape, starts: int, seed: int) -> Floats:
    """[starts, actions] log-odds of random interior points, from mild to nearly pure."""
    rng = np.random.Generator(np.random.Philox(key=[seed, 0x6D756C74]))
    spread = np.resize(np.array(SPREADS), starts)[:, None]
    return rng.standard_normal((starts, shape.num_actions)) * spread


def other_equilibria(
    shape: TreeShape,
    numbers: GameNumbers,
    scale: Floats,
    *,
    starts: int = 20,
    seed: int = 0,
    threads: int | None = None,
    stop: Callable[[], bool] | None = None,
    time_budget: float | None = None,
) -> OtherEquilibria:
    """Certified equilibria of one draw, from at least 20 interior points.

    Args:
        shape: A game with perfect recall.
        numbers: One draw.
        scale: [1, players] payoff ranges.
        starts: Number of interior points.
        seed: Seed of the points.
        threads: Threads to use.
        stop: Polled between blocks; what was found by then is the answer. A `Budget` is told the progress too.
        time_budget: Seconds after which it stops.

    Returns:
        The distinct ones among them. The principal branch's own end is one start among others, so
        compare with it before calling one of them different.
    """
    bias = starting_points(shape, starts, seed)
    many = GameNumbers(np.repeat(numbers.payoff[:1], starts, axis=0), np.repeat(numbers.chance[:1], starts, axis=0))
    scales = np.repeat(np.asarray(scale)[:1], starts, axis=0)
    settings = LogitSettings(close=False, first_try=1e3, max_steps=600, attempts=1, block=2)
    budget = Budget.of(time_budget, stop)
    solution = solve_logit(shape, many, scales, settings=settings, bias=bias, threads=threads, stop=budget)
    tried = int(np.count_nonzero(~np.isin(solution.status, (Status.cancelled, Status.out_of_time))))
    budget.tell(tried, starts)
    certificate = certify(shape, many, solution.assessment, scales)
    good: Bools = certificate.certified
    kept, hits = _distinct(shape, many, solution.assessment, np.flatnonzero(good).astype(np.int32))
    assessment = solution.assessment.take(kept)
    payoffs = _payoffs(shape, many.take(kept), assessment)
    status = Status.converged if tried == starts else budget.reason or Status.cancelled
    return OtherEquilibria(assessment, payoffs, hits, tried, int(good.sum()), status)


def _payoffs(shape: TreeShape, numbers: GameNumbers, assessment: Assessment) -> Floats:
    from detente.game import expected_payoffs

    if not numbers.num_draws:
        return np.zeros((0, shape.num_players))
    return expected_payoffs(shape, numbers, assessment.strategy)


def _distinct(shape: TreeShape, numbers: GameNumbers, assessment: Assessment, rows: Ints) -> tuple[Ints, Ints]:
    """Rows whose distribution over endings differs, and how often each occurred."""
    from detente.game import terminal_probability

    if not len(rows):
        return rows.astype(np.int32), np.zeros(0, dtype=np.int32)
    endings = terminal_probability(shape, numbers.chance[rows], assessment.strategy[rows])
    kept: list[int] = []
    hits: list[int] = []
    for position in range(len(rows)):
        for place, other in enumerate(kept):
            if np.abs(endings[position] - endings[other]).max() < 1e-6:
                hits[place] += 1
                break
        else:
            kept.append(position)
            hits.append(1)
    return rows[kept].astype(np.int32), np.asarray(hits, dtype=np.int32)
