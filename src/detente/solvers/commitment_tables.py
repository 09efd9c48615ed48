"""What a published rule and an answer to it are worth, as numbers linear in the rule.

A rule is a realization plan: the probability of each of the leader's sequences of actions. The others' sets
fall into components that no path connects; within one, every plan of the players who move there is
listed once (reduced strategies). For each plan the payoffs are linear in the rule (von Stengel 1996).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.errors import UnsupportedError
from detente.game import DECISION, GameNumbers, TreeShape, real_choices, terminal_probability

MOST_PLANS = 600
"""Most joint plans of one component."""


@dataclass(frozen=True, eq=False)
class Component:
    """Information sets of the others that paths connect, and the plans for them.

    Attributes:
        sets: The information sets.
        ends: Terminals behind them.
        players: Players who move there.
        own: [plans, players] number of each player's own plan in a joint plan.
        follows: [plans, ends] whether an end is reached if chance and the leader let it, under a joint plan.
        choice: [plans, sets] action (within its set) of a joint plan; -1 where the plan itself keeps play away.
    """

    sets: Ints
    ends: Ints
    players: Ints
    own: Ints
    follows: Bools
    choice: Ints


@dataclass(frozen=True, eq=False)
class RuleShape:
    """A game with a leader, ready for linear programs.

    Attributes:
        shape: The game.
        leader: The leader.
        sets: Its information sets.
        actions: [columns - 1] action of each column; column 0 is the empty sequence.
        column: [terminals] column of the leader's last action before each end.
        before: [sets] column of the leader's last action before each of its sets.
        components: The others' components.
        apart: Ends before which nobody but the leader and chance has a choice.
    """

    shape: TreeShape
    leader: int
    sets: Ints
    actions: Ints
    column: Ints
    before: Ints
    components: tuple[Component, ...]
    apart: Ints

    @property
    def num_columns(self) -> int:
        """Sequences of the leader, the empty one included."""
        return len(self.actions) + 1

    def flow(self) -> Floats:
        """[sets, columns] equations of a realization plan: a set's actions have the probability of coming there."""
        rows = np.zeros((len(self.sets), self.num_columns))
        start = 1
        for row, number in enumerate(self.sets):
            width = int(self.shape.action_start[number + 1] - self.shape.action_start[number])
            rows[row, start : start + width] = 1.0
            rows[row, self.before[row]] -= 1.0
            start += width
        return rows

    def behavior(self, plan: Floats) -> Floats:
        """[draws, actions] a realization plan as behavior; sets it keeps away from are left at even odds."""
        rule = np.zeros((len(plan), self.shape.num_actions))
        start = 1
        for number in self.sets:
            low, high = int(self.shape.action_start[number]), int(self.shape.action_start[number + 1])
            part = np.where(plan[:, start : start + high - low] > 1e-12, plan[:, start : start + high - low], 0.0)
            total = part.sum(axis=1, keepdims=True)
            even = np.full_like(part, 1.0 / (high - low))
            rule[:, low:high] = np.divide(part, total, out=even, where=total > 0.0)
            start += high - low
        return rule


@dataclass(frozen=True, eq=False)
class Tables:
    """Payoffs of plans as linear functions of the rule, for a batch of draws.

    Attributes:
        leader: Per component, [draws, plans, columns] what the leader gets behind it.
        others: Per component and player there, [draws, plans of the player, columns] what that player gets.
        apart: [draws, columns] what the leader gets at the ends that no component stands before.
    """

    leader: tuple[Floats, ...]
    others: tuple[tuple[Floats, ...], ...]
    apart: Floats

    def take(self, row: int) -> Tables:
        """One draw."""
        one = slice(row, row + 1)
        return Tables(
            tuple(item[one] for item in self.leader),
            tuple(tuple(item[one] for item in items) for items in self.others),
            self.apart[one],
        )


def rule_shape(shape: TreeShape, leader: int) -> RuleShape:
    """Prepare a game for the search of a rule at all of the leader's information sets.

    Raises:
        UnsupportedError: A component has too many plans; the message says how many.
    """
    own = np.flatnonzero(shape.infoset_player == leader).astype(np.int32)
    actions = np.flatnonzero(shape.infoset_player[shape.action_infoset] == leader).astype(np.int32)
    columns = np.zeros(max(1, shape.num_actions), dtype=np.int32)
    columns[actions] = np.arange(1, len(actions) + 1)
    last = last_actions(shape, leader)
    column = np.where(last >= 0, columns[last], 0)
    before = np.array([column[shape.members[i][0]] for i in own], dtype=np.int32)
    components = _components(shape, leader)
    covered = np.zeros(shape.num_terminals, dtype=np.bool_)
    for item in components:
        covered[item.ends] = True
    return RuleShape(
        shape=shape,
        leader=leader,
        sets=own,
        actions=actions,
        column=column[shape.terminal_nodes].astype(np.int32),
        before=before,
        components=components,
        apart=np.flatnonzero(~covered).astype(np.int32),
    )


def last_actions(shape: TreeShape, player: int) -> Ints:
    """[nodes] the player's last action on the path to each node, -1 where it has not moved."""
    last = np.full(shape.num_nodes, -1, dtype=np.int32)
    if not shape.num_infosets:
        return last
    for family in shape.families:
        nodes: Ints = np.arange(int(family.children.start), int(family.children.stop), dtype=np.int32)
        above = shape.parent[nodes]
        moved = shape.kind[above] == DECISION
        moved &= shape.infoset_player[np.where(moved, shape.infoset[above], 0)] == player
        last[nodes] = np.where(moved, shape.edge[nodes], last[above])
    return last


def make_tables(ready: RuleShape, numbers: GameNumbers) -> Tables:
    """Payoffs of all plans for a batch of draws.

    Raises:
        UnsupportedError: What one of the others gets from its plans rests on what another does.
    """
    shape = ready.shape
    even = np.ones((numbers.num_draws, shape.num_actions))
    public = terminal_probability(shape, numbers.chance, even)
    judged = public if numbers.judged_chance is None else terminal_probability(shape, numbers.judged_chance, even)
    own = judged * numbers.payoff[:, :, ready.leader]
    onto = np.zeros((shape.num_terminals, ready.num_columns))
    onto[np.arange(shape.num_terminals), ready.column] = 1.0
    leader: list[Floats] = []
    others: list[tuple[Floats, ...]] = []
    for item in ready.components:
        leader.append(_spread(own, item, onto))
        rows: list[Floats] = []
        for place, player in enumerate(item.players):
            joint = _spread(public * numbers.payoff[:, :, player], item, onto)
            rows.append(_alone(joint, item, place, shape, int(player)))
        others.append(tuple(rows))
    apart = own[:, ready.apart] @ onto[ready.apart]
    return Tables(tuple(leader), tuple(others), apart)


def _spread(weighted: Floats, item: Component, onto: Floats) -> Floats:
    """[draws, plans, columns] sums over the ends that each plan leads to."""
    return np.einsum("de,pe,ec->dpc", weighted[:, item.ends], item.follows.astype(np.float64), onto[item.ends],
                     optimize=True)  # fmt: skip


def _alone(joint: Floats, item: Component, place: int, shape: TreeShape, player: int) -> Floats:
    """[draws, own plans, columns] a player's payoffs by its own plan, which must not rest on the others'."""
    numbers = item.own[:, place]
    _, first = np.unique(numbers, return_index=True)
    alone = joint[:, first]
    size = max(float(np.abs(joint).max(initial=0.0)), np.finfo(np.float64).tiny)
    if np.abs(joint - alone[:, numbers]).max(initial=0.0) > 1e-12 * size:
        rivals = [shape.players[int(other)] for other in item.players if other != player]
        raise UnsupportedError(
            f"what is best for {shape.players[player]} once the rule is known depends on what {' and '.join(rivals)} "
            "would do, so the answer to a rule is a game of its own"
        )
    return alone


# --------------------------------------------------------------------------- components and plans
def _components(shape: TreeShape, leader: int) -> tuple[Component, ...]:
    moves = real_choices(shape) & (shape.infoset_player != leader)
    passed = _passed(shape, moves)
    at_end = [passed[int(node)] for node in shape.terminal_nodes]
    group = list(range(shape.num_infosets))

    def find(number: int) -> int:
        while group[number] != number:
            number = group[number]
        return number

    for actions in set(at_end):
        sets = [int(shape.action_infoset[action]) for action in actions]
        for other in sets[1:]:
            group[find(other)] = find(sets[0])
    roots = [find(int(shape.action_infoset[actions[0]])) if actions else -1 for actions in at_end]
    found: list[Component] = []
    for root in dict.fromkeys(find(int(number)) for number in np.flatnonzero(moves)):
        sets = [int(number) for number in np.flatnonzero(moves) if find(int(number)) == root]
        ends = [end for end, other in enumerate(roots) if other == root]
        found.append(_component(shape, passed, sets, ends))
    return tuple(found)


def _passed(shape: TreeShape, moves: Bools) -> list[tuple[int, ...]]:
    """[nodes] actions of the others at sets with a choice, on the path to each node."""
    at: list[tuple[int, ...]] = [()] * shape.num_nodes
    for node in range(1, shape.num_nodes):
        above = int(shape.parent[node])
        counts = shape.kind[above] == DECISION and bool(moves[int(shape.infoset[above])])
        at[node] = (*at[above], int(shape.edge[node])) if counts else at[above]
    return at


def _component(
    shape: TreeShape, passed: Sequence[tuple[int, ...]], sets: Sequence[int], ends: Sequence[int]
) -> Component:
    players = sorted({int(shape.infoset_player[number]) for number in sets})
    trees = {player: _Plans(shape, player, passed, sets) for player in players}
    total = prod(trees[player].count() for player in players)
    if total > MOST_PLANS:
        names = ", ".join(shape.players[player] for player in players)
        raise UnsupportedError(
            f"{names} could answer a rule with about {_about(total)} plans at information sets that hang together, "
            f"and each needs a part of a linear program; the limit is {MOST_PLANS}. Give the followers fewer moves in "
            "a row, or fewer things to see between them"
        )
    plans = {player: trees[player].listed() for player in players}
    joint = list(product(*(range(len(plans[player])) for player in players)))
    end_nodes = [int(shape.terminal_nodes[end]) for end in ends]
    follows = np.ones((len(joint), len(ends)), dtype=np.bool_)
    choice = np.full((len(joint), len(sets)), -1, dtype=np.int32)
    for place, player in enumerate(players):
        last = [_last_of(shape, passed[node], player) for node in end_nodes]
        for row, picks in enumerate(joint):
            plan = plans[player][picks[place]]
            taken = {int(shape.action_start[number]) + rank for number, rank in plan.items()}
            follows[row] &= np.array([action < 0 or action in taken for action in last], dtype=np.bool_)
            for number, rank in plan.items():
                choice[row, sets.index(number)] = rank
    return Component(
        sets=np.array(sets, dtype=np.int32),
        ends=np.array(ends, dtype=np.int32),
        players=np.array(players, dtype=np.int32),
        own=np.array(joint, dtype=np.int32).reshape(len(joint), len(players)),
        follows=follows,
        choice=choice,
    )


def _last_of(shape: TreeShape, actions: tuple[int, ...], player: int) -> int:
    """The last of some actions that is a player's, -1 if none is."""
    for action in reversed(actions):
        if int(shape.infoset_player[int(shape.action_infoset[action])]) == player:
            return action
    return -1


def _about(total: int) -> str:
    return f"{total:,}" if total < 10**9 else f"10^{len(str(total)) - 1}"


class _Plans:
    """The reduced plans of one player for some sets: nothing is said where the plan itself keeps play away."""

    def __init__(self, shape: TreeShape, player: int, passed: Sequence[tuple[int, ...]], sets: Sequence[int]) -> None:
        self._start = shape.action_start
        self._after: dict[int, list[int]] = {}
        for number in sets:
            if int(shape.infoset_player[number]) == player:
                before = _last_of(shape, passed[int(shape.members[number][0])], player)
                self._after.setdefault(before, []).append(number)

    def count(self) -> int:
        """How many there are."""
        return prod(self._count(number) for number in self._after.get(-1, []))

    def _count(self, number: int) -> int:
        actions = range(int(self._start[number]), int(self._start[number + 1]))
        return sum(prod(self._count(later) for later in self._after.get(action, [])) for action in actions)

    def listed(self) -> list[dict[int, int]]:
        """All of them: set -> rank of the action taken there."""
        return self._joined(self._after.get(-1, []))

    def _joined(self, sets: Sequence[int]) -> list[dict[int, int]]:
        found: list[dict[int, int]] = [{}]
        for number in sets:
            found = [{**one, **two} for one in found for two in self._listed(number)]
        return found

    def _listed(self, number: int) -> list[dict[int, int]]:
        plans: list[dict[int, int]] = []
        for action in range(int(self._start[number]), int(self._start[number + 1])):
            rest = self._joined(self._after.get(action, []))
            plans += [{number: action - int(self._start[number]), **more} for more in rest]
        return plans
