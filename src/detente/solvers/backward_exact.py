"""Backward induction in exact fractions: every subgame-perfect equilibrium in pure strategies, ties included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np

from detente.axes import Floats
from detente.errors import RequestError
from detente.game import CHANCE, DECISION, TERMINAL, Assessment, GameNumbers, TreeShape

Payoffs = tuple[Fraction, ...]  # one per player

MOST_VALUES = 20_000


@dataclass(frozen=True)
class PathEnd:
    """One way a game can end under a profile.

    Attributes:
        terminal: Number of the terminal node.
        probability: How probable this end is, exactly.
        actions: Actions taken by players on the way, in order, by global number.
        payoffs: What each player gets.
    """

    terminal: int
    probability: Fraction
    actions: tuple[int, ...]
    payoffs: Payoffs


@dataclass(frozen=True, eq=False)
class ExactSolution:
    """Subgame-perfect equilibria in pure strategies of one game of perfect information.

    Attributes:
        count: How many there are; None if counting was given up (`limit` on distinct values).
        choices: [listed][infosets] global number of the action taken at each set; the first listed takes the
            first of the best actions wherever there is a tie.
        payoffs: [listed] what each player gets in expectation, exactly.
        values: Every distinct vector of payoffs over all equilibria with the number of them that give it; empty
            if counting was given up.
        tied: Information sets at which some listed equilibrium leaves its mover indifferent.
        complete: Whether all equilibria are listed.
        assessment: The listed profiles with beliefs of 1, one row each, for the certificate.
    """

    count: int | None
    choices: tuple[tuple[int, ...], ...]
    payoffs: tuple[Payoffs, ...]
    values: dict[Payoffs, int]
    tied: tuple[int, ...]
    complete: bool
    assessment: Assessment


def exact_numbers(numbers: GameNumbers) -> tuple[list[Payoffs], list[Fraction]]:
    """Payoffs per terminal and chance probabilities of the first draw as the fractions that the floats stand for."""
    payoff: list[list[float]] = numbers.payoff[0].tolist()
    chance: list[float] = numbers.chance[0].tolist()
    if not np.isfinite(numbers.payoff[0]).all() or not np.isfinite(numbers.chance[0]).all():
        raise RequestError("exact backward induction needs finite payoffs and probabilities")
    return [tuple(map(Fraction, row)) for row in payoff], [Fraction(p) for p in chance]


def solve_backward_exact(
    shape: TreeShape,
    payoff: Sequence[Sequence[Fraction]] | None = None,
    chance: Sequence[Fraction] | None = None,
    *,
    numbers: GameNumbers | None = None,
    limit: int = 64,
) -> ExactSolution:
    """All subgame-perfect equilibria in pure strategies of a game of perfect information.

    Args:
        shape: A game in which every information set holds one node.
        payoff: [terminals][players] exact payoffs.
        chance: [chance_edges] exact probabilities; may be left out if nature does not move.
        numbers: Instead of both: floats, the first draw of which is taken for exactly what it says.
        limit: Most equilibria that are listed; all are counted.

    Returns:
        The equilibria. Two differ if they differ at any information set, reached or not.

    Raises:
        RequestError: Somebody does not see a move, numbers are missing or of the wrong length, or the
            probabilities of a chance node do not sum to one exactly (only for those given as fractions).

    Reference: Kuhn (1953); Selten (1965).
    """
    ends, odds = _given(shape, payoff, chance, numbers)
    if limit < 1:
        raise RequestError(f"limit must be at least 1; it is {limit}")
    listed = _list_all(shape, ends, odds, limit)
    values = _count_values(shape, ends, odds)
    count = None if values is None else sum(values.values())
    choices = tuple(_in_order(shape, dict(plan)) for _, plan in listed)
    strategy: Floats = np.zeros((len(choices), shape.num_actions))
    for row, chosen in enumerate(choices):
        strategy[row, list(chosen)] = 1.0
    belief: Floats = np.zeros((len(choices), shape.num_nodes))
    belief[:, shape.kind == DECISION] = 1.0
    return ExactSolution(
        count=count,
        choices=choices,
        payoffs=tuple(value for value, _ in listed),
        values=values or {},
        tied=_tied(shape, ends, odds, choices),
        complete=count == len(listed),
        assessment=Assessment(strategy, belief),
    )


def play_forward(
    shape: TreeShape,
    strategy: Floats,
    payoff: Sequence[Sequence[Fraction]] | None = None,
    chance: Sequence[Fraction] | None = None,
    *,
    numbers: GameNumbers | None = None,
) -> tuple[PathEnd, ...]:
    """The path of play: every end that a profile reaches with positive probability, in exact numbers.

    Args:
        shape: A game.
        strategy: [actions] or [1, actions] behavior strategy profile; its floats are taken for what they say.
        payoff: [terminals][players] exact payoffs.
        chance: [chance_edges] exact probabilities.
        numbers: Instead of both: floats.

    Returns:
        The ends in the order of their number; their probabilities sum to one exactly for a pure profile.
    """
    ends, odds = _given(shape, payoff, chance, numbers, perfect=False)
    play = [Fraction(p) for p in np.asarray(strategy, dtype=np.float64).reshape(-1).tolist()]
    found: list[PathEnd] = []
    open_nodes: list[tuple[int, Fraction, tuple[int, ...]]] = [(0, Fraction(1), ())]
    for node, probability, actions in open_nodes:
        if shape.kind[node] == TERMINAL:
            number = int(shape.terminal[node])
            found.append(PathEnd(number, probability, actions, ends[number]))
            continue
        for child in _children(shape, node):
            edge = int(shape.edge[child])
            drawn = shape.kind[node] == CHANCE
            share = odds[edge] if drawn else play[edge]
            if share > 0:
                open_nodes.append((child, probability * share, actions if drawn else (*actions, edge)))
    return tuple(sorted(found, key=lambda end: end.terminal))


def _given(
    shape: TreeShape,
    payoff: Sequence[Sequence[Fraction]] | None,
    chance: Sequence[Fraction] | None,
    numbers: GameNumbers | None,
    *,
    perfect: bool = True,
) -> tuple[list[Payoffs], list[Fraction]]:
    """The exact numbers of a game, checked."""
    if perfect and not shape.has_perfect_information:
        hidden = sum(len(nodes) > 1 for nodes in shape.members)
        raise RequestError(
            f"backward induction needs a game in which everybody sees every move; here {hidden} information sets "
            "hold more than one node. Use the logit solver instead."
        )
    if numbers is not None:
        return exact_numbers(numbers)
    ends = [tuple(map(Fraction, row)) for row in payoff or ()]
    odds = [Fraction(p) for p in chance or ()]
    if len(ends) != shape.num_terminals or any(len(row) != shape.num_players for row in ends):
        raise RequestError(f"give {shape.num_players} payoffs for each of the {shape.num_terminals} ends of the game")
    if len(odds) != shape.num_chance_edges:
        raise RequestError(f"give {shape.num_chance_edges} chance probabilities; there are {len(odds)}")
    for node in np.flatnonzero(shape.kind == CHANCE).tolist():
        total = sum((odds[int(shape.edge[child])] for child in _children(shape, node)), start=Fraction(0))
        if total != 1:
            raise RequestError(f"the probabilities of chance node {node} sum to {total}, not to one")
    return ends, odds


def _children(shape: TreeShape, node: int) -> range:
    first = int(shape.first_child[node])
    return range(first, first + int(shape.num_children[node]))


def _mover(shape: TreeShape, node: int) -> int:
    return int(shape.infoset_player[shape.infoset[node]])


Plan = tuple[tuple[int, int], ...]  # (information set, action) at every set of a subtree
Listed = tuple[Payoffs, Plan]


def _list_all(shape: TreeShape, ends: list[Payoffs], odds: list[Fraction], limit: int) -> list[Listed]:
    """Up to `limit` equilibria, the one that takes first best actions first."""
    known: dict[int, list[Listed]] = {}
    for node in range(shape.num_nodes - 1, -1, -1):
        if shape.kind[node] == TERMINAL:
            known[node] = [(ends[int(shape.terminal[node])], ())]
            continue
        children = list(_children(shape, node))
        found: list[Listed] = []
        for combo in product(*(known[child] for child in children)):
            found.extend(_joined(shape, node, children, combo, odds))
            if len(found) >= limit:
                break
        for child in children:
            del known[child]
        known[node] = found[:limit]
    return known[0]


def _joined(
    shape: TreeShape, node: int, children: list[int], combo: tuple[Listed, ...], odds: list[Fraction]
) -> Iterator[Listed]:
    """Equilibria at a node, given one for each subtree below it: one per best action."""
    below = tuple(choice for _, plan in combo for choice in plan)
    if shape.kind[node] == CHANCE:
        yield _average([odds[int(shape.edge[child])] for child in children], [value for value, _ in combo]), below
        return
    mover = _mover(shape, node)
    best = max(value[mover] for value, _ in combo)
    for child, (value, _) in zip(children, combo, strict=True):
        if value[mover] == best:
            yield value, (*below, (int(shape.infoset[node]), int(shape.edge[child])))


def _average(weights: Sequence[Fraction], values: Sequence[Payoffs]) -> Payoffs:
    players = range(len(values[0]))
    return tuple(sum((w * v[i] for w, v in zip(weights, values, strict=True)), start=Fraction(0)) for i in players)


def _count_values(shape: TreeShape, ends: list[Payoffs], odds: list[Fraction]) -> dict[Payoffs, int] | None:
    """How many equilibria give each vector of payoffs; None if there are too many vectors on the way."""
    known: dict[int, dict[Payoffs, int]] = {}
    for node in range(shape.num_nodes - 1, -1, -1):
        if shape.kind[node] == TERMINAL:
            known[node] = {ends[int(shape.terminal[node])]: 1}
            continue
        children = list(_children(shape, node))
        below = [known.pop(child) for child in children]
        if shape.kind[node] == CHANCE:
            counted = _count_chance([odds[int(shape.edge[child])] for child in children], below)
        else:
            counted = _count_choice(_mover(shape, node), below)
        if counted is None:
            return None
        known[node] = counted
    return known[0]


def _count_chance(weights: list[Fraction], below: list[dict[Payoffs, int]]) -> dict[Payoffs, int] | None:
    """Sums over branches, one branch at a time, so that equal partial sums are joined."""
    players = len(next(iter(below[0])))
    sums: dict[Payoffs, int] = {(Fraction(0),) * players: 1}
    for weight, values in zip(weights, below, strict=True):
        if len(sums) * len(values) > MOST_VALUES:
            return None
        after: dict[Payoffs, int] = {}
        for total, ways in sums.items():
            for value, more in values.items():
                key = tuple(t + weight * v for t, v in zip(total, value, strict=True))
                after[key] = after.get(key, 0) + ways * more
        sums = after
    return sums


def _count_choice(mover: int, below: list[dict[Payoffs, int]]) -> dict[Payoffs, int]:
    """A child's value is chosen in as many ways as the others can be worth no more to the mover."""
    counted: dict[Payoffs, int] = {}
    for place, values in enumerate(below):
        for value, ways in values.items():
            for other, rest in enumerate(below):
                if other != place:
                    ways *= sum(many for worth, many in rest.items() if worth[mover] <= value[mover])
            if ways:
                counted[value] = counted.get(value, 0) + ways
    return counted


def _in_order(shape: TreeShape, plan: dict[int, int]) -> tuple[int, ...]:
    return tuple(plan[index] for index in range(shape.num_infosets))


def _tied(
    shape: TreeShape, ends: list[Payoffs], odds: list[Fraction], choices: tuple[tuple[int, ...], ...]
) -> tuple[int, ...]:
    """Sets at which another action is exactly as good as the one taken, in some listed equilibrium."""
    tied: set[int] = set()
    for chosen in choices:
        value: dict[int, Payoffs] = {}
        for node in range(shape.num_nodes - 1, -1, -1):
            children = list(_children(shape, node))
            if shape.kind[node] == TERMINAL:
                value[node] = ends[int(shape.terminal[node])]
            elif shape.kind[node] == CHANCE:
                value[node] = _average([odds[int(shape.edge[c])] for c in children], [value[c] for c in children])
            else:
                index, mover = int(shape.infoset[node]), _mover(shape, node)
                taken = next(c for c in children if shape.edge[c] == chosen[index])
                value[node] = value[taken]
                if sum(value[c][mover] == value[taken][mover] for c in children) > 1:
                    tied.add(index)
    return tuple(sorted(tied))
