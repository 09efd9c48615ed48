"""Every pure subgame-perfect equilibrium outcome of a game of perfect information, ties included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np

from detente.axes import Floats
from detente.game import CHANCE, DECISION, Assessment, GameNumbers, TreeShape

TIE_TOL = 1e-12  # of the mover's payoff range, as in backward induction
MOST_WAYS = 64  # ways of playing on that are kept at one node


@dataclass(frozen=True, eq=False)
class TieSearch:
    """Pure subgame-perfect equilibria.

    Attributes:
        assessment: One row per distinct way of ending the game.
        complete: Whether every pure subgame-perfect equilibrium has the endings of one of them.
    """

    assessment: Assessment
    complete: bool


@dataclass(frozen=True, eq=False)
class _Way:
    """One way of playing on from a node: its value, how it ends, and the actions chosen (-1 where not here)."""

    value: Floats
    endings: Floats
    chosen: Floats  # [actions] 1 for the actions taken in this subtree


def all_by_backward_induction(shape: TreeShape, numbers: GameNumbers, stop: Callable[[], bool]) -> TieSearch:
    """Solve a game of perfect information backward, following every best action.

    Args:
        shape: A game in which every information set holds one node.
        numbers: One draw.
        stop: Polled at every node; once it says stop, only the first best action is followed.
    """
    spread = numbers.payoff[0].max(axis=0) - numbers.payoff[0].min(axis=0)
    ways: dict[int, list[_Way]] = {}
    cut = False
    for node in range(shape.num_nodes - 1, -1, -1):
        children = range(int(shape.first_child[node]), int(shape.first_child[node] + shape.num_children[node]))
        most = 1 if stop() else MOST_WAYS
        if shape.kind[node] == DECISION:
            mover = int(shape.infoset_player[shape.infoset[node]])
            found, short = _decide(shape, [ways[c] for c in children], list(children), mover, spread[mover], most)
        elif shape.kind[node] == CHANCE:
            odds = [float(numbers.chance[0, shape.edge[c]]) for c in children]
            found, short = _average([ways[c] for c in children], odds, most)
        else:
            endings = np.zeros(shape.num_terminals)
            endings[shape.terminal[node]] = 1.0
            found, short = [_Way(numbers.payoff[0, shape.terminal[node]], endings, np.zeros(shape.num_actions))], False
        cut |= short
        for child in children:
            del ways[child]
        ways[node] = found
    strategy = np.stack([way.chosen for way in ways[0]])
    belief = np.zeros((len(strategy), shape.num_nodes))
    belief[:, shape.kind == DECISION] = 1.0
    return TieSearch(Assessment(strategy, belief), not cut)


def _decide(
    shape: TreeShape, below: list[list[_Way]], children: list[int], mover: int, spread: float, most: int
) -> tuple[list[_Way], bool]:
    """Every choice of a way for each action, with every best action under it."""
    found: list[_Way] = []
    combos = product(*below)
    slack = TIE_TOL * spread
    for count, combo in enumerate(combos):
        if count >= most * most or len(found) >= most:
            return found, True
        values = np.array([way.value[mover] for way in combo])
        chosen = np.sum([way.chosen for way in combo], axis=0)
        for k in np.flatnonzero(values >= values.max() - slack):
            picked = chosen.copy()
            picked[shape.edge[children[int(k)]]] = 1.0
            _add(found, _Way(combo[int(k)].value, combo[int(k)].endings, picked))
    return (found[:most], True) if len(found) > most else (found, False)


def _average(below: list[list[_Way]], odds: list[float], most: int) -> tuple[list[_Way], bool]:
    found: list[_Way] = []
    for count, combo in enumerate(product(*below)):
        if count >= most * most or len(found) >= most:
            return found, True
        value = np.sum([p * way.value for p, way in zip(odds, combo, strict=True)], axis=0)
        endings = np.sum([p * way.endings for p, way in zip(odds, combo, strict=True)], axis=0)
        _add(found, _Way(value, endings, np.sum([way.chosen for way in combo], axis=0)))
    return found, False


def _add(found: list[_Way], new: _Way) -> None:
    """Keep a way of playing on unless one that ends alike is known."""
    if not any(np.abs(new.endings - old.endings).max() < 1e-12 for old in found):
        found.append(new)
