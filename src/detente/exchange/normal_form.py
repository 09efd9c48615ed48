"""The reduced normal form of a game: what every combination of plans is worth, exactly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from detente.exchange.labels import unique
from detente.exchange.records import NONE, ExactNumbers, FileOutcome, FileTable
from detente.exchange.source import Source
from detente.game import CHANCE, NO_MOVE_YET, BuiltGame, TreeShape, last_own_action

MOST_PROFILES = 100_000
MOST_STEPS = 20_000_000  # additions of payoffs
SEPARATOR = " / "
IDLE = "*"

Plan = dict[int, int]  # information set -> global action number; sets that the plan itself rules out are left out


@dataclass(frozen=True)
class _Player:
    """The plans of one player.

    Attributes:
        plans: Every plan of the reduced normal form.
        by_action: Global action number -> which plans take it and every own action before it.
    """

    plans: list[Plan]
    by_action: dict[int, NDArray[np.bool_]]


def normal_form(game: BuiltGame, exact: ExactNumbers, *, limit: int = MOST_PROFILES, full: bool = False) -> FileTable:
    """A game as a table over plans.

    A plan of the reduced form says what a player does at each information set that its own earlier
    choices leave possible; plans of the full form also speak about the others.

    Args:
        game: A game with perfect recall.
        exact: Its numbers.
        limit: Most combinations of plans.
        full: Whether plans say something about sets that they rule out themselves.

    Raises:
        SizeError: There are more combinations of plans than the limit.
    """
    shape = game.shape
    after = _sets_after(shape)
    counts = [_count(shape, after, player, full) for player in range(shape.num_players)]
    _check_size(counts, limit, shape.num_terminals)
    players = [_plans(shape, after, player, full) for player in range(shape.num_players)]
    payoff, divisor = _payoffs(shape, exact, players)
    profiles = math.prod(counts)
    flat = payoff.reshape(shape.num_players, profiles, order="F").T.tolist()  # the first player's plan runs fastest
    outcomes = tuple(FileOutcome(NONE, "", tuple(Fraction(total, divisor) for total in row)) for row in flat)
    names = tuple(_names(game, player, players[player].plans) for player in range(shape.num_players))
    return FileTable(shape.players, names, outcomes, tuple(range(profiles)), named=False)


def _sets_after(shape: TreeShape) -> list[dict[int, list[int]]]:
    """Per player: own last action (-1 for none) -> the information sets that come next."""
    last = last_own_action(shape)
    found: list[dict[int, list[int]]] = [{} for _ in range(shape.num_players)]
    for infoset in range(shape.num_infosets):
        player = int(shape.infoset_player[infoset])
        before = int(last[player, shape.members[infoset][0]])
        found[player].setdefault(before, []).append(infoset)
    return found


def _actions(shape: TreeShape, infoset: int) -> range:
    return range(int(shape.action_start[infoset]), int(shape.action_start[infoset + 1]))


def _order(shape: TreeShape, after: dict[int, list[int]]) -> list[int]:
    """Information sets of a player, earlier ones first."""
    order = list(after.get(NO_MOVE_YET, []))
    for infoset in order:  # grows as it goes
        for action in _actions(shape, infoset):
            order.extend(after.get(action, []))
    return order


def _count(shape: TreeShape, after: list[dict[int, list[int]]], player: int, full: bool) -> int:
    """Number of plans of a player."""
    order = _order(shape, after[player])
    if full:
        return math.prod(len(_actions(shape, infoset)) for infoset in order)
    number: dict[int, int] = {}
    for infoset in reversed(order):
        number[infoset] = sum(
            math.prod(number[later] for later in after[player].get(action, [])) for action in _actions(shape, infoset)
        )
    return math.prod(number[infoset] for infoset in after[player].get(NO_MOVE_YET, []))


def _check_size(counts: list[int], limit: int, terminals: int) -> None:
    profiles = math.prod(counts)
    if profiles <= limit and profiles * terminals <= MOST_STEPS * max(1, len(counts)):
        return
    product = " x ".join(_big(count) for count in counts)
    raise Source("", "<table>").too_large(
        "G501",
        f"as a table the game has {product} = {_big(profiles)} combinations of plans; at most {limit:,} are written.",
        "Write it as a tree (.efg) instead.",
    )


def _big(count: int) -> str:
    return f"{count:,}" if count < 10**9 else f"about 1e{len(str(count)) - 1}"


def _plans(shape: TreeShape, after: list[dict[int, list[int]]], player: int, full: bool) -> _Player:
    plans: list[Plan] = [{}]
    for infoset in _order(shape, after[player]):
        before = _action_before(after[player], infoset)
        grown: list[Plan] = []
        for plan in plans:
            if full or before == NO_MOVE_YET or before in plan.values():
                grown.extend({**plan, infoset: action} for action in _actions(shape, infoset))
            else:
                grown.append(plan)
        plans = grown
    by_action: dict[int, NDArray[np.bool_]] = {NO_MOVE_YET: np.ones(len(plans), dtype=np.bool_)}
    for infoset in _order(shape, after[player]):  # earlier sets first
        so_far = by_action[_action_before(after[player], infoset)]
        for action in _actions(shape, infoset):
            takes = np.array([plan.get(infoset) == action for plan in plans], dtype=np.bool_)
            by_action[action] = takes & so_far
    return _Player(plans, by_action)


def _action_before(after: dict[int, list[int]], infoset: int) -> int:
    return next(action for action, sets in after.items() if infoset in sets)


def _payoffs(shape: TreeShape, exact: ExactNumbers, players: list[_Player]) -> tuple[NDArray[np.object_], int]:
    """[players, plans of player 1, plans of player 2, ...] expected payoffs as whole numbers, and their divisor."""
    last = last_own_action(shape)
    odds = _chance_reach(shape, exact)
    ends = shape.terminal_nodes.tolist()
    weighted = [tuple(odds[node] * amount for amount in row) for node, row in zip(ends, exact.payoff, strict=True)]
    divisor = reduce(math.lcm, (amount.denominator for row in weighted for amount in row), 1)
    total = np.zeros((len(players), *(len(player.plans) for player in players)), dtype=object)
    for node, row in zip(ends, weighted, strict=True):
        if not any(row):
            continue
        where = np.ix_(*(np.flatnonzero(players[k].by_action[int(last[k, node])]) for k in range(len(players))))
        for k, amount in enumerate(row):
            total[k][where] += amount.numerator * (divisor // amount.denominator)
    return total, divisor


def _chance_reach(shape: TreeShape, exact: ExactNumbers) -> list[Fraction]:
    """[nodes] probability that chance lets play come to each node."""
    reach = [Fraction(1)] * shape.num_nodes
    for node in range(1, shape.num_nodes):
        above = int(shape.parent[node])
        own = exact.chance[int(shape.edge[node])] if shape.kind[above] == CHANCE else Fraction(1)
        reach[node] = reach[above] * own
    return reach


def _names(game: BuiltGame, player: int, plans: Sequence[Plan]) -> tuple[str, ...]:
    """What each plan is called: its actions in the order of the sets, `*` where it rules the set out."""
    shape = game.shape
    own = [infoset for infoset in range(shape.num_infosets) if shape.infoset_player[infoset] == player]

    def word(plan: Plan, infoset: int) -> str:
        if infoset not in plan:
            return IDLE
        return game.labels[infoset].options[plan[infoset] - int(shape.action_start[infoset])]

    return unique([SEPARATOR.join(word(plan, infoset) for infoset in own) or IDLE for plan in plans])
