"""From the tree of a file to a game as arrays: breadth-first, with payoffs added up along every path."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np

from detente.axes import Floats, Ints
from detente.exchange.labels import set_names, unique
from detente.exchange.records import CHANCE_PLAYER, NONE, ExactNumbers, FileTree
from detente.game import (
    CHANCE,
    DECISION,
    NO_PARENT,
    NOT_A_DECISION,
    NOT_TERMINAL,
    TERMINAL,
    BuiltGame,
    GameNumbers,
    InfosetLabel,
    TreeShape,
)

LONGEST_SUM = 4096  # bits below the line of a payoff added up along a path
DIGITS = 52  # of a float, below the first
SMALLEST_ROUNDED = Fraction(1, 2**20)


class TooFine(Exception):
    """Payoffs along a path add up to a fraction with too long a denominator. `node` is its place in the file."""

    def __init__(self, node: int):
        self.node = node
        super().__init__(node)


def tree_game(tree: FileTree) -> tuple[BuiltGame, ExactNumbers, list[int]]:
    """The game a tree file stands for.

    Returns:
        The game with one draw, its exact numbers, and the place in the file of each of its nodes.

    Raises:
        TooFine: A sum of payoffs has a denominator with thousands of digits.
    """
    above, size = _parents(tree)
    order, parent = _breadth_first(above, size)
    kind, infoset, sets = _kinds(tree, order)
    count = np.array([size[place] for place in order], dtype=np.int32)
    first: Ints = np.where(count > 0, 1 + np.cumsum(count) - count, 0).astype(np.int32)
    shape = _shape(tree, sets, parent, kind, count, first, infoset)
    exact = ExactNumbers(_payoffs(tree, above, order), _odds(tree, order))
    payoff, chance = _rounded(exact, len(tree.players), shape)
    numbers = GameNumbers(payoff[None], chance[None])
    labels = _labels(tree, shape.players, sets)
    outcome = [tree.nodes[place].outcome for place in order if tree.nodes[place].set == NONE]
    game = BuiltGame(
        _with_classes(shape, exact),
        numbers,
        labels,
        _edge_labels(tree, order, labels, infoset, kind),
        tuple("" if place == NONE else tree.outcomes[place].label for place in outcome),
    )
    return game, exact, order


def _parents(tree: FileTree) -> tuple[list[int], list[int]]:
    """Parent and number of children of each node of the file."""
    above: list[int] = []
    size: list[int] = []
    waiting: list[int] = []  # nodes that still expect a child, deepest last, once for each
    for place, node in enumerate(tree.nodes):
        above.append(waiting.pop() if waiting else NO_PARENT)
        children = 0 if node.set == NONE else len(tree.sets[node.set].actions)
        size.append(children)
        waiting.extend([place] * children)
    return above, size


def _breadth_first(above: list[int], size: list[int]) -> tuple[list[int], list[int]]:
    """Places in the file in breadth-first order, and the parent of each in that order."""
    children: list[list[int]] = [[] for _ in size]
    for place, parent in enumerate(above):
        if parent != NO_PARENT:
            children[parent].append(place)
    order, parents = [0], [NO_PARENT]
    for number, place in enumerate(order):  # grows as it goes
        order.extend(children[place])
        parents.extend([number] * len(children[place]))
    return order, parents


def _kinds(tree: FileTree, order: list[int]) -> tuple[Ints, Ints, list[int]]:
    """Kind and information set of each node, and the place in the file of each set, in the order they are met."""
    kind = np.empty(len(order), dtype=np.int32)
    infoset = np.full(len(order), NOT_A_DECISION, dtype=np.int32)
    met: dict[int, int] = {}
    for number, place in enumerate(order):
        where = tree.nodes[place].set
        if where == NONE:
            kind[number] = TERMINAL
        elif tree.sets[where].player == CHANCE_PLAYER:
            kind[number] = CHANCE
        else:
            kind[number] = DECISION
            infoset[number] = met.setdefault(where, len(met))
    return kind, infoset, list(met)


def _shape(
    tree: FileTree, sets: list[int], parent: list[int], kind: Ints, count: Ints, first: Ints, infoset: Ints
) -> TreeShape:
    widths = [len(tree.sets[place].actions) for place in sets]
    return shape_of(
        unique(tree.players, [f"Player {k + 1}" for k in range(len(tree.players))]),
        (np.array(parent, dtype=np.int32), kind, count, first, infoset),
        np.array([tree.sets[place].player - 1 for place in sets], dtype=np.int32),
        widths,
    )


def shape_of(
    players: tuple[str, ...], columns: tuple[Ints, Ints, Ints, Ints, Ints], movers: Ints, widths: list[int]
) -> TreeShape:
    """A shape from its nodes.

    Args:
        players: Names of the players.
        columns: [nodes] parent, kind, number of children, first child and information set of each node.
        movers: [infosets] player who moves.
        widths: [infosets] number of actions.
    """
    parent, kind, count, first, infoset = columns
    action_start = np.cumsum([0, *widths]).astype(np.int32)
    fans = np.where(kind == CHANCE, count, 0)
    chance_start = np.where(kind == CHANCE, np.cumsum(fans) - fans, -1).astype(np.int32)
    starts = np.where(kind == CHANCE, chance_start, 0)
    decides = kind == DECISION
    starts[decides] = action_start[infoset[decides]]
    edge = np.full(len(parent), -1, dtype=np.int32)
    below: Ints = np.arange(1, len(parent), dtype=np.int32)
    edge[1:] = starts[parent[1:]] + below - first[parent[1:]]
    ends = kind == TERMINAL
    return TreeShape(
        players=players,
        parent=parent,
        kind=kind,
        first_child=first,
        num_children=count,
        infoset=infoset,
        edge=edge,
        terminal=np.where(ends, np.cumsum(ends) - 1, NOT_TERMINAL).astype(np.int32),
        infoset_player=movers,
        action_start=action_start,
        chance_start=chance_start,
    )


def _payoffs(tree: FileTree, above: list[int], order: list[int]) -> tuple[tuple[Fraction, ...], ...]:
    """[terminals][players] payoffs added up along the path to each terminal node, in breadth-first order."""
    nothing = (Fraction(0),) * len(tree.players)
    total: list[tuple[Fraction, ...]] = []
    for place, node in enumerate(tree.nodes):
        before = total[above[place]] if place else nothing
        own = nothing if node.outcome == NONE else tree.outcomes[node.outcome].payoffs
        if own is nothing or before is nothing:
            total.append(before if own is nothing else own)
            continue
        total.append(tuple(a + b for a, b in zip(before, own, strict=True)))
        if any(amount.denominator.bit_length() > LONGEST_SUM for amount in total[-1]):
            raise TooFine(place)
    return tuple(total[place] for place in order if tree.nodes[place].set == NONE)


def _odds(tree: FileTree, order: list[int]) -> tuple[Fraction, ...]:
    sets = (tree.nodes[place].set for place in order)
    return tuple(odd for place in sets if place != NONE for odd in tree.sets[place].odds)


def _rounded(exact: ExactNumbers, players: int, shape: TreeShape) -> tuple[Floats, Floats]:
    """Payoffs and chance probabilities as floats; those of a chance move sum to one exactly."""
    payoff = np.array([[float(amount) for amount in row] for row in exact.payoff], dtype=np.float64)
    starts = [*shape.chance_start[shape.kind == CHANCE].tolist(), len(exact.chance)]
    chance = [odd for start, stop in pairwise(starts) for odd in rounded_odds(exact.chance[start:stop])]
    return payoff.reshape(len(exact.payoff), players), np.array(chance, dtype=np.float64)


def rounded_odds(odds: tuple[Fraction, ...]) -> list[float]:
    """Floats nearest to probabilities that sum to one exactly, as long as none of them is tiny.

    Where some are not floats, all become multiples of the spacing of floats above the largest, which takes
    what is left over.
    """
    floats = [float(odd) for odd in odds]
    small = min((odd for odd in odds if odd > 0), default=Fraction(1))
    if all(Fraction(value) == odd for value, odd in zip(floats, odds, strict=True)) or small < SMALLEST_ROUNDED:
        return floats
    whole = 2 ** (DIGITS - math.frexp(max(floats))[1])
    units = [round(value * whole) for value in floats]
    largest = max(range(len(units)), key=units.__getitem__)
    units[largest] += whole - sum(units)
    return [unit / whole for unit in units]


def _with_classes(shape: TreeShape, exact: ExactNumbers) -> TreeShape:
    """The shape with payoffs and probabilities that are equal marked as such."""
    seen: dict[Fraction, int] = {}
    rows = [[seen.setdefault(amount, len(seen)) for amount in row] for row in exact.payoff]
    chances: dict[Fraction, int] = {}
    edges = [chances.setdefault(odd, len(chances)) for odd in exact.chance]
    return TreeShape(
        players=shape.players,
        parent=shape.parent,
        kind=shape.kind,
        first_child=shape.first_child,
        num_children=shape.num_children,
        infoset=shape.infoset,
        edge=shape.edge,
        terminal=shape.terminal,
        infoset_player=shape.infoset_player,
        action_start=shape.action_start,
        chance_start=shape.chance_start,
        payoff_class=np.array(rows, dtype=np.int32).reshape(len(rows), shape.num_players),
        chance_class=np.array(edges, dtype=np.int32),
    )


def _labels(tree: FileTree, players: tuple[str, ...], sets: list[int]) -> tuple[InfosetLabel, ...]:
    found = [tree.sets[place] for place in sets]
    movers = [players[item.player - 1] for item in found]
    names = set_names([item.label for item in found], movers, [item.number for item in found])
    return tuple(
        InfosetLabel(mover, name, (), unique(item.actions))
        for item, mover, name in zip(found, movers, names, strict=True)
    )


def _edge_labels(
    tree: FileTree, order: list[int], labels: tuple[InfosetLabel, ...], infoset: Ints, kind: Ints
) -> tuple[str, ...]:
    """[nodes] label of the edge into each node, as made unique."""
    branches: dict[int, tuple[str, ...]] = {}
    found = [""]
    for number, place in enumerate(order):
        if kind[number] == DECISION:
            found.extend(labels[int(infoset[number])].options)
        elif kind[number] == CHANCE:
            where = tree.nodes[place].set
            if where not in branches:
                branches[where] = unique(tree.sets[where].actions)
            found.extend(branches[where])
    return tuple(found)
