"""Backward induction: the subgame-perfect equilibrium of a game in which everybody sees every move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.errors import RequestError
from detente.game import DECISION, Assessment, GameNumbers, TreeShape, draw_chunks
from detente.solvers.budget import Budget
from detente.solvers.solution import BatchSolution, Status

TIE_TOL = 1e-12  # of the mover's payoff range; closer values differ by rounding only


@dataclass(frozen=True, eq=False)
class BackwardSolution(BatchSolution):
    """Answers by backward induction, with the sets at which the mover had more than one best action.

    Attributes:
        tied: [draws, infosets] whether other actions are as good as the one taken, so that other
            subgame-perfect equilibria may exist.
    """

    tied: Bools

    def take(self, rows: Ints | slice) -> BackwardSolution:
        """The same answers for some of the draws."""
        plain = super().take(rows)
        return BackwardSolution(plain.assessment, plain.status, plain.steps, plain.precision, self.tied[rows])


def solve_backward(
    shape: TreeShape,
    numbers: GameNumbers,
    *,
    tie_tol: float = TIE_TOL,
    stop: Callable[[], bool] | None = None,
    time_budget: float | None = None,
) -> BackwardSolution:
    """Solve a game of perfect information exactly.

    Args:
        shape: A game in which every information set holds one node.
        numbers: Payoffs and chance probabilities.
        tie_tol: Actions within this share of the mover's payoff range of the best are tied; the first of
            them is taken.
        stop: Polled between chunks of draws; True leaves the other draws `cancelled`. A `Budget` is told the
            progress too.
        time_budget: Seconds after which the other draws are left `out_of_time`.

    Returns:
        A pure strategy profile with beliefs of 1, and where ties were broken.

    Raises:
        RequestError: If some player does not see a move.
    """
    if not shape.has_perfect_information:
        hidden = sum(len(nodes) > 1 for nodes in shape.members)
        raise RequestError(
            f"backward induction needs a game in which everybody sees every move; here {hidden} information sets "
            "hold more than one node. Use the logit solver instead."
        )
    budget = Budget.of(time_budget, stop)
    plan = _plan(shape)
    done = np.zeros(numbers.num_draws, dtype=np.bool_)
    strategy = np.zeros((numbers.num_draws, shape.num_actions))
    tied = np.zeros((numbers.num_draws, shape.num_infosets), dtype=np.bool_)
    for rows in draw_chunks(shape, numbers.num_draws, arrays=4 + 2 * shape.num_players):
        if budget():
            strategy[rows] = np.nan
            continue
        _solve_chunk(plan, numbers.take(rows), tie_tol, strategy[rows], tied[rows])
        done[rows] = True
        budget.tell(min(rows.stop, numbers.num_draws), numbers.num_draws)
    belief = np.zeros((numbers.num_draws, shape.num_nodes))
    belief[:, shape.kind == DECISION] = 1.0
    finite = np.isfinite(numbers.payoff).all(axis=(1, 2)) & np.isfinite(numbers.chance).all(axis=1)
    status = np.where(finite, Status.converged, Status.not_finite).astype(np.int8)
    status[~done] = Status.cancelled
    budget.mark(status)
    return BackwardSolution(
        assessment=Assessment(strategy, belief),
        status=status,
        steps=np.full((numbers.num_draws,), len(shape.levels) - 1, dtype=np.int32),
        precision=np.full((numbers.num_draws,), np.inf),
        tied=tied,
    )


@dataclass(frozen=True, eq=False)
class _Level:
    """The parents of one level that are of one kind, with their children.

    Attributes:
        decide: Whether the parents are decision nodes; otherwise they are chance nodes.
        parents: The nodes.
        mover: [parents] player who moves, for decision nodes.
        children: Their children, parent by parent.
        owner: [children] position of the parent in `parents`.
        start: [parents] where the children of each parent start in `children`.
        edge: [children] action or chance edge that leads to the child.
    """

    decide: bool
    parents: Ints
    mover: Ints
    children: Ints
    owner: Ints
    start: Ints
    edge: Ints


@dataclass(frozen=True, eq=False)
class _Plan:
    shape: TreeShape
    levels: tuple[_Level, ...]  # deepest first


def _plan(shape: TreeShape) -> _Plan:
    levels: list[_Level] = []
    for family in reversed(shape.families):
        decides = shape.kind[family.parents] == DECISION
        for decide in (True, False):
            parents = family.parents[decides == decide]
            if len(parents):
                levels.append(_level(shape, parents, decide))
    return _Plan(shape, tuple(levels))


def _level(shape: TreeShape, parents: Ints, decide: bool) -> _Level:
    size = shape.num_children[parents]
    start = (np.cumsum(size) - size).astype(np.int32)
    owner = np.repeat(np.arange(len(parents), dtype=np.int32), size)
    children = (shape.first_child[parents] - start)[owner] + np.arange(len(owner), dtype=np.int32)
    mover = shape.infoset_player[shape.infoset[parents]] if decide else np.zeros(len(parents), dtype=np.int32)
    return _Level(decide, parents, mover, children, owner, start, shape.edge[children])


def _solve_chunk(plan: _Plan, numbers: GameNumbers, tie_tol: float, strategy: Floats, tied: Bools) -> None:
    """Fill `strategy` and `tied` for a few draws."""
    shape = plan.shape
    value = np.empty((shape.num_nodes, numbers.num_draws, shape.num_players))
    value[shape.terminal_nodes] = numbers.payoff.transpose(1, 0, 2)
    with np.errstate(all="ignore"):
        slack = tie_tol * (numbers.payoff.max(axis=1) - numbers.payoff.min(axis=1)).T  # [players, draws]
        for level in plan.levels:
            if level.decide:
                child = _choose(level, value, slack, tied, shape)
                strategy[np.arange(len(strategy)), shape.edge[child]] = 1.0
                value[level.parents] = value[child, np.arange(value.shape[1])]
            else:
                weighted = numbers.chance.T[level.edge][:, :, None] * value[level.children]
                value[level.parents] = np.add.reduceat(weighted, level.start, axis=0)


def _choose(level: _Level, value: Floats, slack: Floats, tied: Bools, shape: TreeShape) -> Ints:
    """[parents, draws] child that the mover goes to: the first of the best."""
    rows = np.take_along_axis(value[level.children], level.mover[level.owner][:, None, None], axis=2)[:, :, 0]
    best = np.maximum.reduceat(rows, level.start, axis=0)
    close = rows >= (best - slack[level.mover])[level.owner]
    tied[:, shape.infoset[level.parents]] = np.add.reduceat(close.astype(np.int32), level.start, axis=0).T > 1
    nodes = np.where(close, level.children[:, None], shape.num_nodes - 1)
    return np.minimum.reduceat(nodes, level.start, axis=0).astype(np.int32)
