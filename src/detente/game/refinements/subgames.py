"""Subgame perfection: the proper subgames of a game, and what players gain inside each.

A subgame is judged after those nested in it, which count as ends worth what the profile gives
there. A profile is an equilibrium of every subgame exactly if it is one of each of these pieces,
so that every gain is charged to the innermost subgame it arises in.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.game.belief import bayes_beliefs
from detente.game.best_response import best_response_values
from detente.game.findings import scaled
from detente.game.refinements.names import Names
from detente.game.refinements.result import Check, Flaw
from detente.game.tree import (
    CHANCE,
    DECISION,
    NO_PARENT,
    NOT_TERMINAL,
    TERMINAL,
    Assessment,
    GameNumbers,
    TreeShape,
)
from detente.game.values import action_values, expected_payoffs, node_values, reach_probability

MOST_TOLD = 20  # flaws listed


def subgame_roots(shape: TreeShape) -> Bools:
    """[nodes] where a subgame starts: every information set lies wholly inside the subtree or outside.

    The root counts; terminal nodes do not.

    Reference: Selten (1965); Kuhn (1953).
    """
    roots: Bools = shape.kind != TERMINAL
    for members in shape.members:
        if len(members) > 1:
            roots[_between(shape, members)] = False
    return roots


def _between(shape: TreeShape, members: Ints) -> list[int]:
    """Nodes whose subtree holds some but not all of the members: from them up to where their paths meet."""
    passed = {int(node): 1 for node in members}
    latest = [-node for node in passed]
    heapify(latest)
    cut: list[int] = []
    while len(passed) > 1:  # the latest node is never above another one, as parents come first
        node = -heappop(latest)
        count = passed.pop(node)
        cut.append(node)
        parent = int(shape.parent[node])
        if parent not in passed:
            heappush(latest, -parent)
        passed[parent] = passed.get(parent, 0) + count
    return cut


def check_subgames(
    shape: TreeShape, numbers: GameNumbers, assessment: Assessment, scale: Floats, names: Names, tol: float
) -> Check:
    """Whether one draw's profile is an equilibrium of every subgame.

    Args:
        shape: A game with perfect recall.
        numbers: One draw.
        assessment: One row; the strategy decides, beliefs only help to name a threat.
        scale: [1, players] payoff ranges.
        names: How to name what is found.
        tol: Largest gain that passes, share of the payoff range.
    """
    if not np.isfinite(assessment.strategy).all() or not np.isfinite(numbers.payoff).all():
        return Check.not_judged("The profile or the payoffs are not finite numbers.")
    numbers = scaled(numbers, scale)
    roots = subgame_roots(shape)
    values = node_values(shape, numbers, assessment.strategy)[0]
    reach = reach_probability(shape, numbers.chance, assessment.strategy)[0]
    flaws: list[Flaw] = []
    doubtful = roots & ~_plainly_best(shape, assessment.strategy[0], values, roots, tol)
    for root in np.flatnonzero(doubtful)[::-1].tolist():
        piece = _Piece.of(shape, numbers, assessment, values, roots, root)
        flaws += _flaws(piece, names, tol, reach)
    count = int(roots.sum())
    if not flaws:
        inside = "; there is no proper subgame" if count <= 1 else f", nor in any of its {count - 1} proper subgames"
        return Check(True, True, f"Nobody gains by deviating in the game{inside}.")
    return Check(True, False, _sentence(flaws), tuple(flaws[:MOST_TOLD]))


def _sentence(flaws: list[Flaw]) -> str:
    first = flaws[0]
    more = f" ({len(flaws) - 1} more like it)" if len(flaws) > 1 else ""
    what = f"'{first.action}'" if first.action else "what is played"
    gain = f"{first.player} would gain {first.gain:.3g} of its payoff range by doing otherwise"
    if first.reached:
        return f"At {first.place}, {what} is not a best response: {gain}{more}."
    return f"At {first.place}, which play does not reach, {what} is an incredible threat: {gain}{more}."


@dataclass(frozen=True, eq=False)
class _Piece:
    """A subgame in which the subgames nested directly inside are ends.

    Attributes:
        root: Node of the whole game at which it starts.
        shape: Its tree.
        numbers: Its payoffs, in units of each player's range, and chance.
        assessment: The profile and beliefs inside.
        infosets: [infosets] number of each set in the whole game.
        actions: [actions] number of each action in the whole game.
    """

    root: int
    shape: TreeShape
    numbers: GameNumbers
    assessment: Assessment
    infosets: Ints
    actions: Ints

    @classmethod
    def of(
        cls, shape: TreeShape, numbers: GameNumbers, assessment: Assessment, values: Floats, roots: Bools, root: int
    ) -> _Piece:
        """Cut the piece that starts at a node out of the whole game."""
        nodes = _piece_nodes(shape, roots, root)
        ends = roots[nodes] & (nodes != root) | (shape.kind[nodes] == TERMINAL)
        kind = np.where(ends, TERMINAL, shape.kind[nodes]).astype(np.int32)
        size = np.where(ends, 0, shape.num_children[nodes]).astype(np.int32)
        decides, draws = kind == DECISION, kind == CHANCE
        infosets = np.unique(shape.infoset[nodes[decides]]).astype(np.int32)
        width = np.diff(shape.action_start)[infosets]
        start = np.concatenate([[0], np.cumsum(width)]).astype(np.int32)
        actions = _runs(shape.action_start[infosets], width)
        edges = _runs(shape.chance_start[nodes[draws]], size[draws])
        own_set = np.where(decides, np.searchsorted(infosets, np.where(decides, shape.infoset[nodes], 0)), -1)
        fan = np.where(draws, size, 0)
        chance_start = np.where(draws, np.cumsum(fan) - fan, -1).astype(np.int32)
        first_edge = np.where(decides, start[np.maximum(own_set, 0)], chance_start)
        parent = np.searchsorted(nodes, shape.parent[nodes]).astype(np.int32)
        parent[0] = NO_PARENT
        first = np.where(size > 0, 1 + np.cumsum(size) - size, 0).astype(np.int32)
        edge = (first_edge[parent] + np.arange(len(nodes)) - first[parent]).astype(np.int32)
        edge[0] = -1
        small = TreeShape(
            players=shape.players,
            parent=parent,
            kind=kind,
            first_child=first,
            num_children=size,
            infoset=own_set.astype(np.int32),
            edge=edge,
            terminal=np.where(ends, np.cumsum(ends) - 1, NOT_TERMINAL).astype(np.int32),
            infoset_player=shape.infoset_player[infosets],
            action_start=start,
            chance_start=chance_start,
        )
        inside = GameNumbers(values[nodes[ends]][None], numbers.chance[:, edges])
        part = Assessment(assessment.strategy[:, actions], assessment.belief[:, nodes])
        return cls(root, small, inside, part, infosets, actions)


def _piece_nodes(shape: TreeShape, roots: Bools, root: int) -> Ints:
    """Nodes of a piece in order: a level at a time, not going on below the roots nested in it."""
    found = [np.array([root], dtype=np.int32)]
    level = found[0]
    while len(level):
        level = _runs(shape.first_child[level], shape.num_children[level])
        found.append(level)
        level = level[~roots[level]]
    return np.concatenate(found)


def _runs(first: Ints, size: Ints) -> Ints:
    """Consecutive numbers, `size` of them from each `first`."""
    total = int(size.sum())
    skip = np.repeat(np.cumsum(size) - size, size)
    return (np.repeat(first, size) + np.arange(total) - skip).astype(np.int32)


def _flaws(piece: _Piece, names: Names, tol: float, reach: Floats) -> list[Flaw]:
    shape, numbers, strategy = piece.shape, piece.numbers, piece.assessment.strategy
    gain = best_response_values(shape, numbers, strategy)[0] - expected_payoffs(shape, numbers, strategy)[0]
    flaws: list[Flaw] = []
    for player in np.flatnonzero(~(gain <= tol)).tolist():
        index, action, lost = _threat(piece, player)
        place = names.infoset(int(piece.infosets[index])) if index >= 0 else f"the subgame at node {piece.root}"
        flaws.append(
            Flaw(
                place=place,
                infoset=int(piece.infosets[index]) if index >= 0 else -1,
                player=shape.players[player],
                action=names.action(int(piece.actions[action])) if action >= 0 else "",
                gain=lost if index >= 0 else float(gain[player]),
                root=piece.root,
                reached=bool(reach[piece.root] > 0.0),
            )
        )
    return flaws


def _threat(piece: _Piece, player: int) -> tuple[int, int, float]:
    """(set, action, loss) of the played action that costs a player most, at sets the piece's play reaches.

    Where only a detour over unreached sets of its own gains, the beliefs of the assessment decide; (-1, -1, 0)
    if even they name none.
    """
    shape, strategy = piece.shape, piece.assessment.strategy[0]
    bayes = bayes_beliefs(shape, piece.numbers.chance, piece.assessment.strategy)
    for belief in (bayes, np.where(np.isnan(bayes), piece.assessment.belief, bayes)):
        values = action_values(shape, piece.numbers, Assessment(piece.assessment.strategy, belief))[0]
        worst, found = 0.0, (-1, -1, 0.0)
        for index in np.flatnonzero(shape.infoset_player == player).tolist():
            own = slice(int(shape.action_start[index]), int(shape.action_start[index + 1]))
            loss = np.where(strategy[own] > 1e-9, values[own].max() - values[own], 0.0)
            if np.isfinite(loss).all() and strategy[own] @ loss > worst:
                worst = float(strategy[own] @ loss)
                found = (index, own.start + int(loss.argmax()), float(loss.max()))
        if found[0] >= 0:
            return found
    return -1, -1, 0.0


def _plainly_best(shape: TreeShape, strategy: Floats, values: Floats, roots: Bools, tol: float) -> Bools:
    """[nodes] subgames of a single move, with nothing to gain there: no need to look further."""
    fine = np.zeros(shape.num_nodes, dtype=np.bool_)
    ends = roots | (shape.kind == TERMINAL)
    for node in np.flatnonzero(roots).tolist():
        children = slice(int(shape.first_child[node]), int(shape.first_child[node] + shape.num_children[node]))
        if not ends[children].all():
            continue
        if shape.kind[node] == CHANCE:
            fine[node] = True
            continue
        mover = int(shape.infoset_player[shape.infoset[node]])
        worth = values[children, mover]
        fine[node] = worth.max() - strategy[shape.edge[children]] @ worth <= tol
    return fine
