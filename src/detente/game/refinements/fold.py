"""Folding the last moves of a game in: what follows is worth a number where no belief bears on it.

A move is folded if every number after it is known and the same actions are best at every node of
its information set. Then its mover does the same whatever it believes, and only moves that rest on
a belief are left.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats
from detente.game.tree import CHANCE, GameNumbers, TreeShape


@dataclass(frozen=True, eq=False)
class Folded:
    """The values of a game's nodes as far as no belief bears on them.

    Attributes:
        value: [nodes, players] expected payoffs where known.
        known: [nodes] where they are.
        sets: [infosets] which information sets are folded.
    """

    value: Floats
    known: Bools
    sets: Bools


def fold_last_moves(
    shape: TreeShape, numbers: GameNumbers, strategy: Floats, possible: Bools, free: Bools, slack: float
) -> Folded:
    """Fold from the ends of the game up.

    Args:
        shape: The game.
        numbers: One draw, payoffs in units of each player's range.
        strategy: [actions] how folded moves are played; must take best actions only, else they stay.
        possible: [nodes] nodes that chance does not rule out.
        free: [infosets] sets whose mover may be indifferent: ties there go as the strategy has them. At other
            sets a tie is left open.
        slack: What counts as a tie, share of the payoff range.
    """
    value = np.zeros((shape.num_nodes, shape.num_players))
    known: Bools = np.zeros(shape.num_nodes, dtype=np.bool_)
    value[shape.terminal_nodes] = numbers.payoff[0]
    known[shape.terminal_nodes] = True
    folded = Folded(value, known, np.zeros(shape.num_infosets, dtype=np.bool_))
    waiting = {index for index in range(shape.num_infosets)}
    draws = np.flatnonzero(shape.kind == CHANCE)[::-1].tolist()
    changed = True
    while changed:
        changed = False
        for node in draws:
            children = _children(shape, node)
            if not known[node] and known[children].all():
                value[node] = numbers.chance[0, shape.edge[children]] @ value[children]
                known[node] = changed = True
        for index in sorted(waiting, reverse=True):
            if _fold_set(shape, strategy, folded, index, possible, bool(free[index]), slack):
                waiting.discard(index)
                folded.sets[index] = changed = True
    return folded


def _children(shape: TreeShape, node: int) -> slice:
    return slice(int(shape.first_child[node]), int(shape.first_child[node] + shape.num_children[node]))


def _fold_set(
    shape: TreeShape, strategy: Floats, folded: Folded, index: int, possible: Bools, free: bool, slack: float
) -> bool:
    members = [int(node) for node in shape.members[index]]
    if not all(folded.known[_children(shape, node)].all() for node in members):
        return False
    mover = int(shape.infoset_player[index])
    own = slice(int(shape.action_start[index]), int(shape.action_start[index + 1]))
    counted = [node for node in members if possible[node]] or members
    worth = np.stack([folded.value[_children(shape, node), mover] for node in counted])
    best = worth >= worth.max(axis=1, keepdims=True) - slack
    if (best != best[0]).any() or (best[0].sum() > 1 and not free):
        return False
    if strategy[own][~best[0]].max(initial=0.0) > slack:
        return False
    for node in members:
        folded.value[node] = strategy[own] @ folded.value[_children(shape, node)]
        folded.known[node] = True
    return True
