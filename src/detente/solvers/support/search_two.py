"""All equilibria of a game in which at most two players choose: exact, as components."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.axes import Floats
from detente.solvers.budget import Budget
from detente.solvers.support.gather import Judge, Row, merged, same_endings
from detente.solvers.support.off_path import complete_off_path
from detente.solvers.support.pieces import Piece, connected, measure
from detente.solvers.support.result import Component
from detente.solvers.support.sequence_form import SequenceForm
from detente.solvers.support.subsets import NashSearch, search, subset_around

COMPLETED = 12  # different ways of ending the game, per component, for which sequential play is looked for
ROWS = 24  # equilibria listed per component


@dataclass(frozen=True, eq=False)
class Found:
    """What one kind of search comes to.

    Attributes:
        groups: Rows of each component, the one that stands for it first.
        components: The components; `base` is to be filled in by the caller.
        complete: Whether every Nash equilibrium is in one of them.
        ended: "" or what ended the search.
    """

    groups: list[list[Row]]
    components: list[Component]
    complete: bool
    ended: str


def search_two(
    judge: Judge,
    form: SequenceForm,
    known: Sequence[Row],
    stop: Budget,
    *,
    seed: int,
    threads: int | None,
    effort: float = 1.0,
) -> Found:
    """Enumerate the Nash equilibria as convex pieces, join those that touch, and give each a representative.

    Args:
        judge: The game.
        form: Its sequence form.
        known: Equilibria found by other means.
        stop: When to stop.
        seed: Seed of the mistakes off the path.
        threads: Threads to use.
        effort: Share of the usual limits on work.
    """
    first = Budget(None if stop.left == np.inf else max(1e-3, 0.6 * stop.left), stop)
    result = search(form, first, effort)
    ended = result.ended
    pieces: list[Piece] = []
    for subset in result.subsets:
        try:
            pieces.append(measure(form, result.bodies, subset, stop))
        except ArithmeticError:
            ended = ended or "numbers"
    ended = _add_known(form, result, pieces, known, ended, stop)
    groups = connected(result.bodies, pieces, stop)
    if stop():
        ended = ended or "time"
    found: list[list[Row]] = []
    components: list[Component] = []
    for group in groups:
        members = [pieces[k] for k in group]
        rows, sound = _representatives(judge, form, members, known, stop, seed, threads)
        if not sound:
            ended = ended or "numbers"
        if not rows:
            continue
        found.append(rows)
        components.append(_component(judge, form, members, rows))
    placed = [row for rows in found for row in rows]
    for row in known:
        if not any(same_endings(row, other) for other in placed):
            found.append([row])
            components.append(single(row))
    return Found(found, components, not ended, ended)


def single(row: Row) -> Component:
    """An equilibrium as a component of unknown extent."""
    return Component(
        base=-1,
        dimension=None,
        payoffs=np.repeat(row.payoffs[:, None], 2, axis=1),
        actions=np.repeat(row.strategy[:, None], 2, axis=1),
        corners=row.strategy[None, :],
    )


def _add_known(
    form: SequenceForm, result: NashSearch, pieces: list[Piece], known: Sequence[Row], ended: str, stop: Budget
) -> str:
    """Pieces around known equilibria that the search has not come to; says if something is amiss."""
    for row in known:
        if stop():
            break
        plans = form.plans(row.strategy)
        if any(piece.subset.contains(form, plans, 1e-6) for piece in pieces):
            continue
        try:
            subset = subset_around(form, result.bodies, plans)
            piece = None if subset is None else measure(form, result.bodies, subset, stop)
        except ArithmeticError:
            piece = None
        if piece is not None:
            pieces.append(piece)
        ended = ended or "numbers"
    return ended


def _representatives(
    judge: Judge,
    form: SequenceForm,
    members: list[Piece],
    known: Sequence[Row],
    stop: Budget,
    seed: int,
    threads: int | None,
) -> tuple[list[Row], bool]:
    """Equilibria of one component: known ones, then corners completed off the path, then corners as they are.

    Returns:
        The equilibria, and whether every point looked at passed as one.
    """
    rows = [
        row for row in known if any(piece.subset.contains(form, form.plans(row.strategy), 1e-6) for piece in members)
    ]
    points = _strategies(judge, form, members)
    certified = judge.profiles(points)
    rows = merged([*rows, *certified])
    tried = 0
    for place, row in enumerate(rows):
        if row.refined or tried >= COMPLETED or stop():
            continue
        tried += 1
        better = complete_off_path(
            judge.shape, judge.numbers, judge.scale, row.strategy, seed=seed, threads=threads, stop=stop
        )
        if better is not None:
            rows[place] = next(iter(judge.rows(better)), row)
    rows = sorted(rows, key=lambda row: not row.refined)
    return rows[:ROWS], len(certified) == len(points)


def _candidates(members: list[Piece]) -> list[tuple[Floats, Floats]]:
    """Pairs of plans to look at: corners, those that mix least first, then the middle of each piece."""
    corners = [plans for piece in members for plans in piece.corners]
    corners.sort(key=lambda plans: sum(int(((plan > 1e-9) & (plan < 1 - 1e-9)).sum()) for plan in plans))
    return [*corners, *(piece.inside for piece in members if piece.dimension)]


def _strategies(judge: Judge, form: SequenceForm, members: list[Piece]) -> Floats:
    """[points, actions] the candidates as strategies; where a player never comes by its own choice it plays evenly."""
    width = np.diff(judge.shape.action_start)[judge.shape.action_infoset]
    return np.stack([form.strategy(plans, 1.0 / width) for plans in _candidates(members)])


def _component(judge: Judge, form: SequenceForm, members: list[Piece], rows: list[Row]) -> Component:
    width = np.diff(judge.shape.action_start)[judge.shape.action_infoset]
    payoffs = np.stack([row.payoffs for row in rows])
    ranges = np.column_stack([payoffs.min(axis=0), payoffs.max(axis=0)])
    for k, side in enumerate(form.sides):
        if side.player >= 0:
            both = np.stack([piece.payoffs[k] for piece in members])
            ranges[side.player] = both[:, 0].min(), both[:, 1].max()
    actions = np.stack([piece.actions for piece in members])
    alone = width == 1
    low, high = actions[:, :, 0].min(axis=0), actions[:, :, 1].max(axis=0)
    return Component(
        base=-1,
        dimension=max(piece.dimension for piece in members),
        payoffs=ranges,
        actions=np.column_stack([np.where(alone, 1.0, low), np.where(alone, 1.0, high)]),
        corners=np.unique(np.round(_strategies(judge, form, members), 12), axis=0),
        subsets=tuple(piece.subset for piece in members),
    )
