"""How the others answer a published rule: best responses everywhere, ties going to the leader."""

from __future__ import annotations

import numpy as np

from detente.axes import Floats, Ints
from detente.game import (
    CommittedGame,
    GameNumbers,
    TreeShape,
    action_values,
    node_values,
    reach_probability,
    with_uniform_trembles,
)
from detente.solvers.commitment_tables import RuleShape, Tables, last_actions

TIED = 5e-9
"""Values this close, as a share of the payoff range, are equal to whoever answers."""


def answers(
    ready: RuleShape, game: CommittedGame, tables: Tables, numbers: GameNumbers, plan: Floats, scale: Floats
) -> Floats:
    """The others' answer to each rule, with the rule itself.

    Sets that the rule and chance can reach are answered in the best way; among several, in the one that is
    best for the leader. At sets that they cannot reach the answer is best given the beliefs of
    `with_uniform_trembles`.

    Args:
        ready: The game and its leader.
        game: The game in which the leader's sets are ruled.
        tables: Payoffs of plans.
        numbers: Payoffs and chance of the free game.
        plan: [draws, columns] realization plans.
        scale: [draws, players] payoff ranges.

    Returns:
        [draws, actions of the free game] a profile.
    """
    rule = ready.behavior(plan)
    ruled = game.numbers(numbers, rule)
    shape = game.shape
    width = np.diff(shape.action_start)
    strategy = np.repeat((1.0 / width)[shape.action_infoset][None, :], len(plan), axis=0)
    for sets in _stages(shape):
        best = _best_actions(shape, ruled, strategy, ready.leader, scale)
        for number in sets:
            low, high = int(shape.action_start[number]), int(shape.action_start[number + 1])
            strategy[:, low:high] = best[:, low:high]
    whole = game.widened(strategy, rule)
    _together(ready, game, tables, ruled, plan, whole)
    return whole


def _stages(shape: TreeShape) -> list[Ints]:
    """Sets by how often their player has moved before, last moves first."""
    count = np.zeros(shape.num_infosets, dtype=np.int32)
    for player in range(shape.num_players):
        last = last_actions(shape, player)
        for number in np.flatnonzero(shape.infoset_player == player):
            action = int(last[shape.members[number][0]])
            while action >= 0:
                count[number] += 1
                action = int(last[shape.members[int(shape.action_infoset[action])][0]])
    return [np.flatnonzero(count == stage).astype(np.int32) for stage in range(int(count.max(initial=-1)), -1, -1)]


def _best_actions(shape: TreeShape, ruled: GameNumbers, strategy: Floats, leader: int, scale: Floats) -> Floats:
    """[draws, actions] 1 on the action taken at each set: best for the mover, then for the leader, then first."""
    assessment = with_uniform_trembles(shape, ruled.chance, strategy)
    values = action_values(shape, ruled, assessment)
    chance = ruled.chance if ruled.judged_chance is None else ruled.judged_chance
    own = GameNumbers(ruled.payoff, chance)
    worth = node_values(shape, own, strategy)[:, :, leader] * reach_probability(shape, chance, strategy)
    for_leader = np.add.reduceat(worth[:, shape.action_nodes], shape.action_node_start, axis=1)
    # unreached nodes give the leader nothing to choose by: their worth is 0 for every action
    mover = shape.infoset_player[shape.action_infoset]
    tied = values >= _top(shape, values) - TIED * scale[:, mover]
    kept = np.where(tied, _per_choice(shape, for_leader, strategy), -np.inf)
    good = tied & (kept >= _top(shape, kept) - 1e-12 * scale[:, leader : leader + 1])
    rank = np.where(good, -np.arange(shape.num_actions, dtype=np.float64), -np.inf)
    return (rank == _top(shape, rank)).astype(np.float64)


def _per_choice(shape: TreeShape, worth: Floats, strategy: Floats) -> Floats:
    """[draws, actions] what the leader would get behind a set if its action were taken for sure."""
    return np.divide(worth, strategy, out=np.zeros_like(worth), where=strategy > 0.0)


def _top(shape: TreeShape, rows: Floats) -> Floats:
    return np.repeat(np.maximum.reduceat(rows, shape.action_start[:-1], axis=1), np.diff(shape.action_start), axis=1)


def _together(
    ready: RuleShape, game: CommittedGame, tables: Tables, ruled: GameNumbers, plan: Floats, whole: Floats
) -> None:
    """Where several players move behind one another, break their ties together, in place."""
    for place, item in enumerate(ready.components):
        if len(item.players) < 2:
            continue
        allowed = np.ones((len(plan), len(item.own)), dtype=np.bool_)
        for k, rows in enumerate(tables.others[place]):
            value = np.einsum("dpc,dc->dp", rows, plan)
            size = np.abs(rows).max(axis=(1, 2), initial=0.0)[:, None]
            best = value >= value.max(axis=1, keepdims=True) - 1e-11 * size
            allowed &= best[:, item.own[:, k]]
        worth = np.einsum("dpc,dc->dp", tables.leader[place], plan)
        chosen = np.where(allowed, worth, -np.inf).argmax(axis=1)
        reach = reach_probability(game.shape, ruled.chance, np.ones((len(plan), game.shape.num_actions)))
        for column, number in enumerate(item.sets):
            met = reach[:, ready.shape.members[number]].sum(axis=1) > 0.0
            rank = item.choice[chosen, column]
            rows = np.flatnonzero(met & (rank >= 0))
            low, high = int(ready.shape.action_start[number]), int(ready.shape.action_start[number + 1])
            whole[rows, low:high] = 0.0
            whole[rows, low + rank[rows]] = 1.0
