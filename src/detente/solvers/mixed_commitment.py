"""The best mixed rule a player could publish, in Bayesian and small extensive games.

The leader publishes a behavior strategy; the others see the rule, of its draw what the tree shows them, and
answer in the best way, ties going to the leader (strong Stackelberg equilibrium). For one plan of the
others, the best rule to which that plan is a best answer is a linear program (Conitzer and Sandholm 2006). One
program for all plans together, with a share of the rule for each, bounds them all from above (the convex
hull of the plans' regions, type by type); where its answer does not already come up to the bound, plans are
told apart by branch and bound until it does.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count

import numpy as np
from numpy.typing import NDArray

from detente.axes import Floats, Ints
from detente.errors import RequestError, UnsupportedError
from detente.game import (
    Assessment,
    CommittedGame,
    GameNumbers,
    TreeShape,
    commit_sets,
    expected_payoffs,
    real_choices,
    with_uniform_trembles,
)
from detente.solvers.commitment_programs import Allowed, ProgramMaker
from detente.solvers.commitment_tables import RuleShape, Tables, make_tables, rule_shape
from detente.solvers.rule_answers import answers
from detente.solvers.solution import Status

CLOSED = 2e-10
"""A rule whose value is this close to the bound is the best (payoffs scaled to range 1)."""
WORK_PER_BATCH = 4_000_000
"""Coefficients of programs made at once."""


@dataclass(frozen=True, eq=False)
class MixedCommitment:
    """The best published rule in each draw, and the answer to it.

    Attributes:
        strategy: [draws, actions] the rule at the leader's sets, the others' pure answer elsewhere. The leader's
            sets that its own rule keeps it away from are left at even odds.
        payoffs: [draws, players] expected payoffs, the leader's as it judges.
        bound: [draws] what no rule can give the leader.
        strict_value: [draws] the most that rules come close to whose answer is strictly best, so that no tie
            has to go the leader's way; NaN where no rule has such an answer, or it was not asked for.
        programs: [draws] linear programs looked at.
        status: [draws] `Status`: `converged` if the bound is met, `max_steps` if the limit on programs came
            first, `cancelled`, or `not_finite`.
        game: The game in which the leader's sets are moves of chance.
        assessment: The others' answer in that game, with beliefs.
    """

    strategy: Floats
    payoffs: Floats
    bound: Floats
    strict_value: Floats
    programs: Ints
    status: NDArray[np.int8]
    game: CommittedGame
    assessment: Assessment


def optimal_mixed_commitment(
    shape: TreeShape,
    numbers: GameNumbers,
    leader: int,
    *,
    strict: bool = True,
    most_programs: int = 2000,
    time_budget: float | None = None,
    stop: Callable[[], bool] | None = None,
) -> MixedCommitment:
    """The best behavior strategy the leader could publish at all of its information sets.

    Args:
        shape: A game with perfect recall.
        numbers: Payoffs and chance; `judged_chance`, if any, is how the leader values its own payoffs.
        leader: The player that commits itself.
        strict: Also find `strict_value`.
        most_programs: Most linear programs for one draw.
        time_budget: Seconds for the whole batch; what is not done by then is `cancelled`.
        stop: Polled between programs; True ends the work.

    Returns:
        The rule, the answer and a bound; `game.certify_commitment` judges them.

    Raises:
        RequestError: No player has this number.
        UnsupportedError: The others' answer is a game among themselves, or they have too many plans.

    Reference: Conitzer and Sandholm (2006), section 4; von Stengel and Zamir (2010); for the hull, Casorrán,
        Fortz, Labbé and Ordóñez (2019), formulation MIP-p-G.
    """
    if not 0 <= leader < shape.num_players:
        raise RequestError(f"no player has number {leader}; there are {shape.num_players}")
    ready = rule_shape(shape, leader)
    game = commit_sets(shape, ready.sets)
    finite = _finite(numbers)
    unit, low, spread = unit_payoffs(numbers, finite)
    search = _Search(ready, game, _stopper(time_budget, stop), most_programs)
    found = search.run(unit)
    strict_value = np.full(numbers.num_draws, np.nan)
    if strict:
        strict_value = low[:, leader] + spread[:, leader] * search.strict(unit, found)
    ruled = game.numbers(numbers, found.strategy)
    narrow = game.narrowed(found.strategy)
    status = np.where(finite, found.status, np.int8(Status.not_finite)).astype(np.int8)
    payoffs = expected_payoffs(game.shape, ruled, narrow, judge=leader)
    return MixedCommitment(
        strategy=found.strategy,
        payoffs=payoffs,
        bound=low[:, leader] + spread[:, leader] * found.bound,
        strict_value=strict_value,
        programs=found.programs,
        status=status,
        game=game,
        assessment=with_uniform_trembles(game.shape, ruled.chance, narrow),
    )


def why_not(shape: TreeShape, leader: int, sets: Sequence[int] | Ints, numbers: GameNumbers) -> str:
    """Why the best rule for some sets cannot be found here, in words; empty if it can.

    Args:
        shape: The game.
        leader: The player that commits itself.
        sets: The sets under the rule.
        numbers: Payoffs and chance, which decide whether the others' answers rest on one another.
    """
    chosen = np.zeros(shape.num_infosets, dtype=np.bool_)
    chosen[np.asarray(sets, dtype=np.int32)] = True
    free = np.flatnonzero(real_choices(shape) & (shape.infoset_player == leader) & ~chosen)
    if len(free):
        return f"{shape.players[leader]} also moves where nothing binds it"
    try:
        ready = rule_shape(shape, leader)
        ProgramMaker(ready)
        make_tables(ready, numbers)
    except UnsupportedError as error:
        return str(error)
    return ""


def unit_payoffs(numbers: GameNumbers, finite: NDArray[np.bool_]) -> tuple[GameNumbers, Floats, Floats]:
    """Payoffs between 0 and 1, with [draws, players] what to add and to multiply by; 0 where not finite."""
    payoff = np.where(finite[:, None, None], numbers.payoff, 0.0)
    low = payoff.min(axis=1, initial=np.inf)
    spread = payoff.max(axis=1, initial=-np.inf) - low
    divisor = np.where(spread > 0.0, spread, 1.0)
    return replace(numbers, payoff=(payoff - low[:, None, :]) / divisor[:, None, :]), low, divisor


def _finite(numbers: GameNumbers) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(numbers.payoff).all(axis=(1, 2)) & np.isfinite(numbers.chance).all(axis=1))


def _stopper(time_budget: float | None, stop: Callable[[], bool] | None) -> Callable[[], bool]:
    end = None if time_budget is None else time.monotonic() + time_budget
    return lambda: (stop is not None and stop()) or (end is not None and time.monotonic() > end)


@dataclass(eq=False)
class _Found:
    """What the search has, per draw; payoffs scaled to range 1."""

    strategy: Floats
    value: Floats
    bound: Floats
    programs: Ints
    status: NDArray[np.int8]


class _Search:
    """Branch and bound over the plans of the components."""

    def __init__(self, ready: RuleShape, game: CommittedGame, stop: Callable[[], bool], most: int) -> None:
        self._ready = ready
        self._game = game
        self._maker = ProgramMaker(ready)
        self._stop = stop
        self._most = most

    def run(self, unit: GameNumbers) -> _Found:
        """The best rule in each draw."""
        draws = unit.num_draws
        everything = self._maker.everything()
        size = max(1, WORK_PER_BATCH // max(1, self._maker.entries(everything)))
        parts = [self._batch(unit.take(slice(low, low + size)), everything) for low in range(0, draws, size)]
        return _Found(
            np.concatenate([part.strategy for part in parts]),
            np.concatenate([part.value for part in parts]),
            np.concatenate([part.bound for part in parts]),
            np.concatenate([part.programs for part in parts]),
            np.concatenate([part.status for part in parts]),
        )

    def _batch(self, unit: GameNumbers, everything: Allowed) -> _Found:
        tables = make_tables(self._ready, unit)
        first = self._maker.solve(tables, everything, self._stop)
        draws = unit.num_draws
        plan = np.where(np.isnan(first.plan), self._any_plan(), first.plan)
        strategy, value = self._evaluate(tables, unit, plan)
        found = _Found(
            strategy,
            value,
            np.maximum(first.bound, value),
            np.ones(draws, dtype=np.int32),
            np.where(first.failed, np.int8(Status.cancelled), np.int8(Status.converged)).astype(np.int8),
        )
        for row in np.flatnonzero((first.bound > value + CLOSED) & ~first.failed):
            self._branch(tables.take(int(row)), unit.take(slice(int(row), int(row) + 1)), found, int(row))
        return found

    def _any_plan(self) -> Floats:
        """[1, columns] the plan of even odds."""
        ready = self._ready
        plan = np.ones((1, ready.num_columns))
        start = 1
        for row, number in enumerate(ready.sets):
            width = int(ready.shape.action_start[number + 1] - ready.shape.action_start[number])
            plan[:, start : start + width] = plan[:, [ready.before[row]]] / width
            start += width
        return plan

    def _evaluate(self, tables: Tables, unit: GameNumbers, plan: Floats) -> tuple[Floats, Floats]:
        """The others' answer to rules, and what the leader then gets."""
        ready, game = self._ready, self._game
        ones = np.ones((unit.num_draws, ready.shape.num_players))
        strategy = answers(ready, game, tables, unit, plan, ones)
        ruled = game.numbers(unit, strategy)
        return strategy, expected_payoffs(game.shape, ruled, game.narrowed(strategy), judge=ready.leader)[
            :, ready.leader
        ]

    def _branch(self, tables: Tables, unit: GameNumbers, found: _Found, row: int) -> None:
        """Close the gap of one draw, in place."""
        nodes = _Nodes(self._maker, tables, self._stop, self._most)
        closed = -np.inf
        while (node := nodes.best()) is not None and node.bound > found.value[row] + CLOSED:
            strategy, value = self._evaluate(tables, unit, node.plan[None, :])
            if value[0] > found.value[row]:
                found.value[row], found.strategy[row] = value[0], strategy[0]
            if not nodes.split(node):
                closed = max(closed, node.bound)
        left = max(closed, nodes.remaining(), -np.inf if node is None else node.bound)
        found.bound[row] = max(left, found.value[row])
        found.programs[row] = nodes.solved
        if nodes.stopped:
            found.status[row] = nodes.stopped

    def strict(self, unit: GameNumbers, found: _Found) -> Floats:
        """[draws] the most that rules come close to whose answer is strictly best; NaN where there are none."""
        values = np.full(unit.num_draws, np.nan)
        for row in range(unit.num_draws):
            if self._stop():
                break
            one = unit.take(slice(row, row + 1))
            tables = make_tables(self._ready, one)
            nodes = _Nodes(self._maker, tables, self._stop, self._most)
            best = -np.inf
            while (node := nodes.best()) is not None and node.bound > best + CLOSED:
                if not nodes.split(node) and self._maker.strictly(tables, node.allowed):
                    best = max(best, node.value)
            values[row] = best if best > -np.inf and not nodes.stopped else np.nan
            found.programs[row] += nodes.solved
        return values


@dataclass(frozen=True, eq=False)
class _Node:
    """Some plans of each component, with the best rule for a mixture of them and its bound."""

    allowed: Allowed
    plan: Floats
    shares: tuple[Floats, ...]
    value: float
    bound: float


class _Nodes:
    """The nodes of one branch and bound that are still open, best bound first."""

    def __init__(self, maker: ProgramMaker, tables: Tables, stop: Callable[[], bool], most: int) -> None:
        self._maker = maker
        self._tables = tables
        self._stop = stop
        self._most = most
        self._heap: list[tuple[float, int, _Node]] = []
        self._number = count()
        self.solved = 0
        self.stopped = 0
        self._open(maker.everything())

    def best(self) -> _Node | None:
        """Take the open node with the greatest bound; None if there is none or the work was stopped."""
        if self.stopped or not self._heap:
            return None
        return heapq.heappop(self._heap)[2]

    def remaining(self) -> float:
        """Greatest bound among open nodes."""
        return -self._heap[0][0] if self._heap else -np.inf

    def split(self, node: _Node) -> bool:
        """Divide a node in two; False if there is one plan for every component, and nothing to divide."""
        wide = [place for place, plans in enumerate(node.allowed) if len(plans) > 1]
        if not wide:
            return False
        place = min(wide, key=lambda k: float(node.shares[k].max(initial=0.0)))
        pick = int(node.shares[place].argmax())
        plans = node.allowed[place]
        for part in ((plans[pick],), (*plans[:pick], *plans[pick + 1 :])):
            self._open((*node.allowed[:place], part, *node.allowed[place + 1 :]), node.bound)
        return True

    def _open(self, allowed: Allowed, above: float = np.inf) -> None:
        if self.stopped or self._stop() or self.solved >= self._most:
            self.stopped = self.stopped or int(Status.max_steps if self.solved >= self._most else Status.cancelled)
            node = _Node(allowed, np.zeros(0), (), -np.inf, above)
            heapq.heappush(self._heap, (-above, next(self._number), node))
            return
        self.solved += 1
        done = self._maker.solve(self._tables, allowed, self._stop)
        bound = min(above, float(done.bound[0]))
        if bound == -np.inf:
            return
        node = _Node(allowed, done.plan[0], tuple(item[0] for item in done.shares), float(done.value[0]), bound)
        heapq.heappush(self._heap, (-bound, next(self._number), node))
