"""The end of the logit branch, certified; draws that are not are tried again in other ways, and each says how it ended.

The ways, from the cheapest: the same end with mistakes small enough to tell ties off the path apart; more steps;
smaller steps; supports tried at greater precision only; the branch itself at great precision; the branch of a game
with slightly different payoffs, carried over to this one; other starts, which lead to an equilibrium that need not be
the one of the principal branch.
What is adopted is always what the certificate passes, never what a solver says of itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.game import (
    UNSETTLED,
    Assessment,
    Certificate,
    GameNumbers,
    TreeShape,
    Witness,
    beliefs_from_logs,
    certify,
    reach_probability,
    terminal_probability,
)
from detente.solvers.budget import Budget
from detente.solvers.continuation import SHARP_TREMBLES, continue_support
from detente.solvers.logit import LogitSettings, solve_logit, solve_qre
from detente.solvers.multistart import other_equilibria
from detente.solvers.solution import BatchSolution, Status

BRANCH = "branch"
WAYS: dict[str, str] = {
    BRANCH: "the end of the principal branch",
    "smaller mistakes": "the end of the principal branch, ties off the path settled by smaller mistakes",
    "smallest mistakes": "on the path the end of the principal branch; ties off it settled by still smaller mistakes",
    "more steps": "the end of the principal branch, followed with more steps",
    "smaller steps": "the end of the principal branch, followed with smaller steps",
    "later support": "the end of the principal branch, followed to greater precision before its support was tried",
    "great precision": "the principal branch itself, at a precision at which nobody gains from its mistakes",
    "near game": "the end of the branch of a game with slightly different payoffs, carried over to this one",
    "other start": "reached from another start: not known to be the end of the principal branch",
}
PRINCIPAL = (BRANCH, "smaller mistakes", "more steps", "smaller steps", "later support", "great precision")
SURE_SHARE = 0.5  # of the precision reached, at which the last sure point is taken
BRANCH_TREMBLES = np.array([0.75e8, 1.5e8, 3e8])  # the last is the precision of used actions in the polish: a true QRE
MORE = 20  # times the steps of the first attempt
NEGLIGIBLE = 1e-6  # probability at the last tremble below which an action off the path is out of use
GREAT_PRECISIONS = (1.5e7, 3e7, 6e7)  # payoffs scaled; a choice between two then loses at most 0.28 / 6e7
MOVED = (1e-7, 1e-5)  # by how much payoffs are moved for a near game, share of their range
GIVEN_UP = (Status.not_finite, Status.cancelled, Status.out_of_time)


@dataclass(frozen=True, eq=False)
class CertifiedSolution:
    """Answers with their certificate and an account of how each was reached.

    Attributes:
        solution: Strategies, beliefs, witnesses, statuses; `precision` is how far the branch was followed.
        certificate: What the answers are worth.
        restarts: [draws] how many further ways were tried after the branch.
        way: Per draw the way, a key of `WAYS`, in which the answer was reached.
    """

    solution: BatchSolution
    certificate: Certificate
    restarts: Ints
    way: tuple[str, ...]

    @property
    def principal(self) -> Bools:
        """[draws] whether the answer is certified and the end of the principal branch itself."""
        return self.certificate.certified & np.isin(np.array(self.way), PRINCIPAL)

    def sentence(self, draw: int = 0) -> str:
        """How one draw ended, in words."""
        kind = self.certificate.kinds[draw]
        tried = int(self.restarts[draw])
        after = f" after {tried} restart{'s' if tried != 1 else ''}" if tried else ""
        if self.certificate.certified[draw]:
            return f"Certified ({kind}){after}: {WAYS[self.way[draw]]}."
        status = Status(int(self.solution.status[draw]))
        if status in GIVEN_UP:
            return status.sentence
        return (
            f"Not certified ({kind}){after}: the branch was followed to precision "
            f"{self.solution.precision[draw]:.3g}; the best profile found has a regret of "
            f"{self.certificate.regret[draw]:.1e} of the payoff range, at information set "
            f"{int(self.certificate.worst_infoset[draw])}, and is "
            f"{self.certificate.witness_distance[draw]:.1e} from its witness. {status.sentence}"
        )


@dataclass(frozen=True, eq=False)
class _Task:
    shape: TreeShape
    numbers: GameNumbers
    scale: Floats
    settings: LogitSettings
    threads: int | None
    budget: Budget

    def take(self, rows: Ints) -> _Task:
        return replace(self, numbers=self.numbers.take(rows), scale=self.scale[rows])

    def solve(self, **changes: float) -> BatchSolution:
        settings = replace(self.settings, **changes)
        return solve_logit(
            self.shape, self.numbers, self.scale, settings=settings, threads=self.threads, stop=self.budget
        )


def solve_certified(
    shape: TreeShape,
    numbers: GameNumbers,
    scale: Floats,
    *,
    settings: LogitSettings | None = None,
    restarts: int = len(WAYS) - 1,
    threads: int | None = None,
    stop: Callable[[], bool] | None = None,
    time_budget: float | None = None,
) -> CertifiedSolution:
    """Follow the branch of every draw, certify its end, and try again where that fails.

    Args:
        shape: A game with perfect recall.
        numbers: Its payoffs and chance probabilities, [draws, ...].
        scale: [draws, players] payoff ranges by which payoffs are divided; positive.
        settings: How carefully the branch is traced the first time.
        restarts: Most further ways tried for a draw, in the order of `WAYS`; 0 for none.
        threads: Threads to use; default all cores.
        stop: Polled between blocks; True leaves what is not done `cancelled`. A `Budget` is told the draws that
            are settled.
        time_budget: Seconds after which what is not done is left `out_of_time`.

    Returns:
        One answer per draw. It never raises for a draw: one that stays uncertified says how far the branch
        was followed and what regret is left.
    """
    budget = Budget.of(time_budget, stop)
    spread = np.array(np.broadcast_to(scale, (numbers.num_draws, shape.num_players)), dtype=np.float64)
    task = _Task(shape, numbers, spread, settings or LogitSettings(), threads, budget)
    solution = task.solve()
    budget.mark(solution.status)
    task = replace(task, budget=Budget(stop=budget))  # restarts of a few draws are no progress of the whole
    certificate = certify(shape, numbers, solution.assessment, spread)
    way = np.full(numbers.num_draws, BRANCH, dtype=object)
    tried = np.zeros(numbers.num_draws, dtype=np.int32)
    open_rows = ~certificate.certified & ~np.isin(solution.status, GIVEN_UP)
    budget.tell(int(np.count_nonzero(~open_rows)), numbers.num_draws)
    rows = np.flatnonzero(open_rows).astype(np.int32)
    if len(rows) and not budget():
        part, few = task.take(rows), solution.take(rows)
        way[rows], tried[rows] = _settle(part, few, restarts, budget, numbers.num_draws)
        _write(solution, rows, few)
        certificate = certify(shape, numbers, solution.assessment, spread)
    return CertifiedSolution(solution, certificate, tried, tuple(str(item) for item in way))


def _settle(
    task: _Task, solution: BatchSolution, restarts: int, budget: Budget, total: int
) -> tuple[np.ndarray, np.ndarray]:
    """Try again, in place, what has no certificate; how each was reached at last and how often it was tried."""
    certificate = certify(task.shape, task.numbers, solution.assessment, task.scale)
    way = np.full(task.numbers.num_draws, BRANCH, dtype=object)
    tried = np.zeros(task.numbers.num_draws, dtype=np.int32)
    for name, attempt in list(_ATTEMPTS.items())[: max(0, restarts)]:
        open_rows = ~certificate.certified & ~np.isin(solution.status, GIVEN_UP)
        budget.tell(total - int(np.count_nonzero(open_rows)), total)
        rows = np.flatnonzero(open_rows).astype(np.int32)
        if not len(rows) or budget():
            break
        again = attempt(task.take(rows), solution.take(rows))
        if again is None:
            continue
        tried[rows] += 1
        if _adopt(task, solution, certificate, rows, again, way, name):
            certificate = certify(task.shape, task.numbers, solution.assessment, task.scale)
    _tell_last_point(task, solution, certificate, way)
    return way, tried


def _write(solution: BatchSolution, rows: Ints, few: BatchSolution) -> None:
    """Put the answers of some draws back among all."""
    solution.assessment.strategy[rows] = few.assessment.strategy
    solution.assessment.belief[rows] = few.assessment.belief
    if solution.assessment.witness is not None and few.assessment.witness is not None:
        solution.assessment.witness.log_strategy[:, rows] = few.assessment.witness.log_strategy
    solution.status[rows] = few.status
    solution.steps[rows] = few.steps
    solution.precision[rows] = few.precision


def _tell_last_point(task: _Task, solution: BatchSolution, certificate: Certificate, way: np.ndarray) -> None:
    """Where the branch could not be followed further, put its last sure point in place of a step that failed."""
    lost = np.isin(solution.status, (Status.stalled, Status.max_steps)) & (solution.precision > 0)
    rows = np.flatnonzero(lost & np.array([kind == UNSETTLED for kind in certificate.kinds], dtype=np.bool_))
    if not len(rows) or task.budget():
        return
    part = task.take(rows.astype(np.int32))
    unit = (SURE_SHARE * solution.precision[rows])[:, None] / part.scale
    numbers = GameNumbers(part.numbers.payoff * unit[:, None, :], part.numbers.chance)
    settings = replace(task.settings, max_steps=MORE * task.settings.max_steps)
    found = solve_qre(task.shape, numbers, 1.0, settings=settings, threads=task.threads, stop=task.budget)
    regret = certify(task.shape, part.numbers, found.assessment, part.scale).regret
    better = (found.status == Status.converged) & (regret < certificate.regret[rows])
    kept = rows[better]
    solution.assessment.strategy[kept] = found.assessment.strategy[better]
    solution.assessment.belief[kept] = found.assessment.belief[better]
    way[kept] = "great precision"


def _adopt(
    task: _Task,
    solution: BatchSolution,
    certificate: Certificate,
    rows: Ints,
    again: BatchSolution,
    way: np.ndarray,
    name: str,
) -> bool:
    """Write answers that are certified, or at least better, over the old ones; whether there were any."""
    part = task.take(rows)
    judged = certify(task.shape, part.numbers, again.assessment, part.scale)
    unknown = ~np.isfinite(certificate.regret[rows])
    better = judged.certified | (unknown & np.isfinite(judged.regret))
    further = again.precision > solution.precision[rows]
    further &= np.isfinite(again.precision)
    solution.precision[rows] = np.where(further, again.precision, solution.precision[rows])
    solution.steps[rows] += again.steps
    kept = rows[better]
    solution.assessment.strategy[kept] = again.assessment.strategy[better]
    solution.assessment.belief[kept] = again.assessment.belief[better]
    if solution.assessment.witness is not None and again.assessment.witness is not None:
        solution.assessment.witness.log_strategy[:, kept] = again.assessment.witness.log_strategy[:, better]
    solution.status[kept] = np.where(judged.certified[better], Status.converged, again.status[better])
    way[kept] = name
    return bool(len(kept))


def _smaller_mistakes(task: _Task, known: BatchSolution) -> BatchSolution | None:
    return _sharper(task, known, BRANCH_TREMBLES)


def _smallest_mistakes(task: _Task, known: BatchSolution) -> BatchSolution | None:
    return _sharper(task, known, SHARP_TREMBLES)


def _sharper(task: _Task, known: BatchSolution, trembles: Floats) -> BatchSolution | None:
    """Solve again with smaller mistakes, on the support that the mistakes themselves show off the path.

    Off the path an action can lose nothing in the limit and still be mixed with others, at odds that the beliefs
    of others rest on. The last tremble shows which actions these are. Where the last precision is the one at
    which used actions are solved for, the odds are those of the branch.
    """
    witness = known.assessment.witness
    if witness is None or not (known.status == Status.converged).any():
        return None
    strategy, belief = _as_last_tremble(task, known.assessment, witness.log_strategy[-1])
    logs = np.repeat(witness.log_strategy[-1:], len(trembles), axis=0)
    start = Assessment(strategy, belief, Witness(trembles, logs))
    found = continue_support(
        task.shape, task.numbers, task.scale, start,
        trembles=trembles, settings=task.settings, threads=task.threads, stop=task.budget,
    )  # fmt: skip
    return replace(found, precision=known.precision)


def _as_last_tremble(task: _Task, known: Assessment, logs: Floats) -> tuple[Floats, Floats]:
    """Strategy and beliefs with what the last tremble does at sets that play does not reach."""
    shape = task.shape
    own_set, starts = shape.action_infoset, shape.action_start[:-1]
    strategy, belief = known.strategy.copy(), known.belief.copy()
    if not shape.num_infosets:
        return strategy, belief
    with np.errstate(all="ignore"):
        probability = np.exp(logs)
        probability[~(probability > NEGLIGIBLE)] = 0.0
        total = np.add.reduceat(probability, starts, axis=1)
        probability /= total[:, own_set]
        reach = reach_probability(shape, task.numbers.chance, strategy)[:, shape.member_nodes]
        unreached = np.add.reduceat(reach, shape.member_start, axis=1) == 0
        limit = beliefs_from_logs(shape, task.numbers.chance, logs)
    off_path = unreached[:, own_set]
    strategy[off_path] = probability[off_path]
    members = shape.member_nodes
    belief[:, members] = np.where(unreached[:, shape.infoset[members]], limit[:, members], belief[:, members])
    return strategy, belief


def _more_steps(task: _Task, known: BatchSolution) -> BatchSolution | None:
    if not (known.status == Status.max_steps).any():
        return None
    return task.solve(attempts=1, max_steps=MORE * task.settings.max_steps)


def _smaller_steps(task: _Task, known: BatchSolution) -> BatchSolution | None:
    reach, longest = task.settings.reach / 10, task.settings.longest / 10
    return task.solve(attempts=1, reach=reach, longest=longest, max_steps=MORE * task.settings.max_steps)


def _later_support(task: _Task, known: BatchSolution) -> BatchSolution | None:
    return task.solve(attempts=2, first_try=1e4, max_steps=MORE * task.settings.max_steps)


def _great_precision(task: _Task, known: BatchSolution) -> BatchSolution | None:
    """The quantal response equilibria at three great precisions: the last as the answer, all as its witness."""
    unit = GameNumbers(task.numbers.payoff / task.scale[:, None, :], task.numbers.chance)
    settings = replace(task.settings, max_steps=MORE * task.settings.max_steps, attempts=2)
    found = [
        solve_qre(task.shape, unit, lam, settings=settings, threads=task.threads, stop=task.budget)
        for lam in GREAT_PRECISIONS
    ]
    levels = [part.assessment.witness for part in found]
    logs = np.stack([level.log_strategy[-1] for level in levels if level is not None])
    last = found[-1]
    assessment = Assessment(last.assessment.strategy, last.assessment.belief, Witness(np.array(GREAT_PRECISIONS), logs))
    return BatchSolution(assessment, last.status, last.steps, last.precision)


def _near_game(task: _Task, known: BatchSolution) -> BatchSolution | None:
    """Follow the branch of a game with slightly moved payoffs and carry its end over."""
    rng = np.random.Generator(np.random.Philox(key=[0, 0x6E656172]))
    noise = rng.uniform(-1.0, 1.0, task.numbers.payoff.shape[1:])
    best: BatchSolution | None = None
    for size in MOVED:
        moved = task.numbers.payoff + size * noise * task.scale[:, None, :]
        near = replace(task, numbers=GameNumbers(moved, task.numbers.chance)).solve(attempts=2)
        carried = continue_support(
            task.shape, task.numbers, task.scale, near.assessment,
            settings=task.settings, threads=task.threads, stop=task.budget,
        )  # fmt: skip
        best = carried if best is None else _either(task, best, carried)
    return None if best is None else replace(best, precision=known.precision)


def _either(task: _Task, first: BatchSolution, second: BatchSolution) -> BatchSolution:
    """The first answer where it is certified, else the second."""
    good = certify(task.shape, task.numbers, first.assessment, task.scale).certified[:, None]
    one, two = first.assessment, second.assessment
    witness = two.witness
    if one.witness is not None and two.witness is not None:
        logs = np.where(good[None], one.witness.log_strategy, two.witness.log_strategy)
        witness = Witness(two.witness.precision, logs)
    assessment = Assessment(np.where(good, one.strategy, two.strategy), np.where(good, one.belief, two.belief), witness)
    return BatchSolution(
        assessment,
        np.where(good[:, 0], first.status, second.status).astype(np.int8),
        first.steps + second.steps,
        np.zeros(len(good)),
    )


def _other_start(task: _Task, known: BatchSolution) -> BatchSolution | None:
    """For each draw, the certified equilibrium from another start whose endings are nearest to where the branch was."""
    answer = known.take(slice(None))
    strategy, belief = answer.assessment.strategy.copy(), answer.assessment.belief.copy()
    logs = None if answer.assessment.witness is None else answer.assessment.witness.log_strategy.copy()
    status = answer.status.copy()
    for row in range(task.numbers.num_draws):
        one = task.take(np.array([row], dtype=np.int32))
        found = other_equilibria(task.shape, one.numbers, one.scale, threads=task.threads, stop=task.budget).assessment
        if not len(found.strategy):
            continue
        nearest = _nearest(task.shape, one.numbers.chance, found.strategy, strategy[row])
        strategy[row], belief[row] = found.strategy[nearest], found.belief[nearest]
        if logs is not None and found.witness is not None:
            logs[:, row] = found.witness.log_strategy[:, nearest]
        status[row] = Status.converged
    witness = None if logs is None or answer.assessment.witness is None else answer.assessment.witness
    if witness is not None and logs is not None:
        witness = Witness(witness.precision, logs)
    return BatchSolution(Assessment(strategy, belief, witness), status, np.zeros_like(answer.steps), answer.precision)


def _nearest(shape: TreeShape, chance: Floats, found: Floats, last: Floats) -> int:
    """The profile whose distribution over endings is nearest to that of the last one; the first if that is unknown."""
    if not np.isfinite(last).all():
        return 0
    endings = terminal_probability(shape, np.repeat(chance, len(found), axis=0), found)
    apart = np.abs(endings - terminal_probability(shape, chance, last[None])).max(axis=1)
    return int(np.argmin(apart))


_ATTEMPTS: dict[str, Callable[[_Task, BatchSolution], BatchSolution | None]] = {
    "smaller mistakes": _smaller_mistakes,
    "smallest mistakes": _smallest_mistakes,
    "more steps": _more_steps,
    "smaller steps": _smaller_steps,
    "later support": _later_support,
    "great precision": _great_precision,
    "near game": _near_game,
    "other start": _other_start,
}
