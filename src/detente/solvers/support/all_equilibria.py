"""Every equilibrium of one draw of a small game, as far as it can be found, each certified."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from detente.axes import Floats
from detente.game import GameNumbers, TreeShape
from detente.solvers.backward_induction import solve_backward
from detente.solvers.budget import Budget
from detente.solvers.logit import solve_logit
from detente.solvers.multistart import other_equilibria
from detente.solvers.solution import Status
from detente.solvers.support.behavior_supports import joined
from detente.solvers.support.gather import Judge, Row, merged
from detente.solvers.support.result import EquilibriumSet
from detente.solvers.support.search_many import search_many
from detente.solvers.support.search_two import Found, search_two
from detente.solvers.support.sequence_form import SequenceForm, sequence_form, two_movers

MOST_SEQUENCES = 800  # of both players together; above this the polyhedra are too large for the tableau

COMPLETE = (
    "at most two players have a choice, and every combination of used and unused actions was examined or ruled out, "
    "so every Nash equilibrium belongs to one of the components."
)
ENDED = {
    "time": "the search was stopped before it had seen everything, so there may be others.",
    "size": "the search met its limit on size before it had seen everything, so there may be others.",
    "numbers": "some of the linear programs could not be settled in floating point, so there may be others.",
    "players": "more than two players have a choice, so there may be others.",
    "large": "the game is too large to be searched as a whole, so there may be others.",
}


def all_equilibria(  # noqa: PLR0913 - a stop, a budget and an effort are three ways to end the same search
    shape: TreeShape,
    numbers: GameNumbers,
    scale: Floats,
    *,
    time_budget: float | None = None,
    stop: Callable[[], bool] | None = None,
    starts: int = 40,
    seed: int = 0,
    threads: int | None = None,
    effort: float = 1.0,
) -> EquilibriumSet:
    """Look for every equilibrium of one draw.

    Where at most two players have a choice, the Nash equilibria are found as convex sets of pairs of realization
    plans, joined into connected components, and each component is given a sequential equilibrium where one is
    found in it. Elsewhere the list is what backward induction, supports of behavior strategies and branches
    from other starting points come to.

    Args:
        shape: A game with perfect recall.
        numbers: One draw (the first is used).
        scale: [1, players] payoff ranges by which regrets are divided; a range that is not positive counts as 1.
        time_budget: Seconds after which what was found is returned.
        stop: Polled all along; True does the same.
        starts: Interior starting points of the logit branch, beside the principal one.
        seed: Seed of the starting points and of the mistakes off the path.
        threads: Threads to use; changes nothing in the answer.
        effort: Share of the usual limits on work, which do not depend on the clock: below 1 for a quick look.

    Returns:
        The equilibria, the principal one first if it is among them.

    Raises:
        RequestError: The time budget is not positive.

    Reference: von Stengel (1996), section 3; Kreps and Wilson (1982) for what the certificates ask.
    """
    budget = Budget.of(time_budget, stop)
    one = GameNumbers(numbers.payoff[:1], numbers.chance[:1])
    spread = np.asarray(scale, dtype=np.float64).reshape(-1, shape.num_players)[:1]
    judge = Judge(shape, one, np.where(np.isfinite(spread) & (spread > 0), spread, 1.0))
    if not (np.isfinite(one.payoff).all() and np.isfinite(one.chance).all()):
        why = "a payoff or a probability is not a finite number, so nothing could be looked for."
        return _answer(judge, Found([], [], False, ""), why, Status.not_finite, None)
    known = _known(judge, starts, seed, threads, budget)
    movers = two_movers(shape)
    form = None
    said = ""
    if movers is not None:
        form = sequence_form(shape, one, movers)
        if form.sides[0].size + form.sides[1].size > MOST_SEQUENCES:
            form = None
    if form is not None:
        found = search_two(judge, form, known, budget, seed=seed, threads=threads, effort=effort)
    else:
        found, said = search_many(judge, known, budget, seed, threads, effort)
        if movers is not None and found.ended == "players":
            found = replace(found, ended="large")
    status = Status.converged
    if found.ended == "time":
        status = budget.reason or Status.out_of_time
    elif found.ended in ("size", "numbers"):
        status = Status.max_steps
    return _answer(judge, found, _why(found, said, starts), status, form, known[0] if known else None)


def _known(judge: Judge, starts: int, seed: int, threads: int | None, stop: Budget) -> list[Row]:
    """The principal equilibrium first, then those from other starting points."""
    shape, numbers, scale = judge.shape, judge.numbers, judge.scale
    rows: list[Row] = []
    if shape.has_perfect_information:
        rows += judge.rows(solve_backward(shape, numbers).assessment)
    if shape.num_actions and not stop():
        rows += judge.rows(solve_logit(shape, numbers, scale, threads=threads, stop=stop).assessment)
    if shape.num_actions and starts > 0 and not stop():
        part = Budget(None if stop.left == np.inf else max(1e-3, 0.4 * stop.left), stop)
        others = other_equilibria(shape, numbers, scale, starts=starts, seed=seed, threads=threads, stop=part)
        rows += judge.rows(others.assessment)
    return merged(rows)


def _why(found: Found, said: str, starts: int) -> str:
    if found.complete:
        return COMPLETE
    reason = ENDED.get(found.ended, ENDED["time"])
    if said:
        return f"{said} and branches from {starts} starting points were examined; {reason}"
    return reason


def _rank(group: list[Row], principal: Row | None) -> tuple[bool, bool]:
    """The principal equilibrium's component first, then those with a sequential equilibrium."""
    return not any(row is principal for row in group), not group[0].refined


def _answer(
    judge: Judge, found: Found, why: str, status: Status, form: SequenceForm | None, principal: Row | None = None
) -> EquilibriumSet:
    rows: list[Row] = []
    owner: list[int] = []
    order = sorted(range(len(found.groups)), key=lambda k: _rank(found.groups[k], principal))
    groups = [found.groups[k] for k in order]
    components = [found.components[k] for k in order]
    for number, group in enumerate(groups):
        components[number] = replace(components[number], base=len(rows))
        rows += group
        owner += [number] * len(group)
    payoffs = np.stack([row.payoffs for row in rows]) if rows else np.zeros((0, judge.shape.num_players))
    return EquilibriumSet(
        assessment=joined(judge.shape, [row.assessment for row in rows]),
        kinds=tuple(row.kind for row in rows),
        payoffs=payoffs,
        component_of=np.array(owner, dtype=np.int32),
        components=tuple(components),
        complete=found.complete,
        why=why,
        status=status,
        form=form,
    )
