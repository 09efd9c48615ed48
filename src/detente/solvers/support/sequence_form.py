"""The sequence form of a game in which at most two players have a choice.

A realization plan gives each of a player's sequences (runs of own actions, named by the last one) the
probability that the player itself contributes to it. Expected payoffs are bilinear in two plans, and best
responses are linear programs whose dual variables are the values of information sets.

Reference: von Stengel (1996); Koller, Megiddo and von Stengel (1996).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.axes import Floats, Ints
from detente.game import GameNumbers, TreeShape, last_own_action, reach_probability

SIDES = 2
LEVEL = 1.0  # payoffs are moved to lie between LEVEL and LEVEL + 1, so that values of sets are positive


@dataclass(frozen=True, eq=False)
class Side:
    """One player's sequences and sets.

    Attributes:
        player: Number of the player; -1 for the missing one of a game with a single mover.
        actions: [sequences - 1] global action that ends each sequence; sequence 0 is the empty one.
        sets: [sets] information sets of the player, parents first.
        set_of: [sequences] position in `sets` of each sequence's set; -1 for the empty sequence.
        above: [sets] sequence that leads to each set.
        order: [sequences] how deep in the tree each sequence is decided; 0 for the empty one.
    """

    player: int
    actions: Ints
    sets: Ints
    set_of: Ints
    above: Ints
    order: Ints

    @property
    def size(self) -> int:
        """Number of sequences."""
        return len(self.actions) + 1


@dataclass(frozen=True, eq=False)
class SequenceForm:
    """A game for two players as matrices.

    Attributes:
        shape: The game.
        sides: The two players who choose.
        payoff: Per side, [own sequences, other's sequences] payoff of the pair of sequences, chance included,
            payoffs moved and scaled to lie between 1 and 2.
        weight: Per side, [own sets, other's sequences] probability under chance that each own set is met if the
            other plays the sequence, divided by `unit`.
        unit: Per side, [own sets + 1] largest weight of a node of each set under chance; 1 for the empty
            sequence and for sets that chance never lets play reach.
        level: Per side, (factor, shift): original payoff = factor * (scaled - LEVEL) + shift.
    """

    shape: TreeShape
    sides: tuple[Side, Side]
    payoff: tuple[Floats, Floats]
    weight: tuple[Floats, Floats]
    unit: tuple[Floats, Floats]
    level: tuple[tuple[float, float], tuple[float, float]]

    def plans(self, strategy: Floats) -> tuple[Floats, Floats]:
        """Realization plans of a behavior strategy profile [actions]."""
        return self._plan(0, strategy), self._plan(1, strategy)

    def _plan(self, k: int, strategy: Floats) -> Floats:
        side = self.sides[k]
        plan = np.ones(side.size)
        for number in range(len(side.sets)):
            own = np.flatnonzero(side.set_of == number)
            plan[own] = plan[side.above[number]] * strategy[side.actions[own - 1]]
        return plan

    def strategy(self, plans: tuple[Floats, Floats], default: Floats) -> Floats:
        """[actions] behavior strategies of two plans; `default` where a player never comes by its own choice."""
        strategy = default.copy()
        for k, side in enumerate(self.sides):
            plan = np.where(plans[k] > 1e-12, plans[k], 0.0)
            for number in range(len(side.sets)):
                own = np.flatnonzero(side.set_of == number)
                total = plan[own].sum()
                if total > 0 and plan[side.above[number]] > 0:
                    strategy[side.actions[own - 1]] = plan[own] / total
        return strategy

    def loss(self, k: int, other: Floats) -> Floats:
        """[sequences] what each own sequence falls short of the best at its set, against the other's plan.

        Measured at the set: divided by its unit, not by the probability that the other lets play come there.
        """
        side = self.sides[k]
        direct = self.payoff[k] @ other
        value = np.zeros(len(side.sets) + 1)
        loss = np.zeros(side.size)
        for number in range(len(side.sets) - 1, -1, -1):
            own = np.flatnonzero(side.set_of == number)
            total = direct[own]
            top = float(total.max())
            value[number + 1] = top
            loss[own] = (top - total) / self.unit[k][number + 1]
            direct[side.above[number]] += top
        return loss


def two_movers(shape: TreeShape) -> tuple[int, ...] | None:
    """The players who have a choice somewhere, if there are at most two of them; else None."""
    wide = np.diff(shape.action_start) > 1
    movers = tuple(int(p) for p in np.unique(shape.infoset_player[wide]))
    return movers if len(movers) <= SIDES else None


def sequence_form(shape: TreeShape, numbers: GameNumbers, movers: tuple[int, ...]) -> SequenceForm:
    """Put one draw of a game into sequence form.

    Args:
        shape: A game with perfect recall.
        numbers: One draw.
        movers: At most two players; the others have single actions only.
    """
    last = last_own_action(shape)
    chosen = [*movers, -1, -1][:SIDES]
    sides = (_side(shape, last, chosen[0]), _side(shape, last, chosen[1]))
    number = [_numbering(shape, side) for side in sides]
    ends = shape.terminal_nodes
    # The players without a choice take their single actions with probability one.
    odds = reach_probability(shape, numbers.chance[:1], np.ones((1, shape.num_actions)))[0]
    at = [np.where(last[s.player] >= 0, number[k][last[s.player]], 0) if s.player >= 0 else np.zeros_like(odds, int)
          for k, s in enumerate(sides)]  # fmt: skip
    payoff: list[Floats] = []
    level: list[tuple[float, float]] = []
    weight: list[Floats] = []
    unit: list[Floats] = []
    for k, side in enumerate(sides):
        leaf, factor, shift = _unit_payoff(numbers, side.player)
        matrix = np.zeros((side.size, sides[1 - k].size))
        np.add.at(matrix, (at[k][ends], at[1 - k][ends]), odds[ends] * leaf)
        payoff.append(matrix)
        level.append((factor, shift))
        met = np.zeros((len(side.sets), sides[1 - k].size))
        largest = np.ones(len(side.sets) + 1)
        for position, infoset in enumerate(side.sets):
            nodes = shape.members[int(infoset)]
            np.add.at(met[position], at[1 - k][nodes], odds[nodes])
            top = float(odds[nodes].max())
            largest[position + 1] = top if top > 0 else 1.0
        weight.append(met / largest[1:, None])
        unit.append(largest)
    return SequenceForm(
        shape, sides, (payoff[0], payoff[1]), (weight[0], weight[1]), (unit[0], unit[1]), (level[0], level[1])
    )


def _unit_payoff(numbers: GameNumbers, player: int) -> tuple[Floats, float, float]:
    """[terminals] payoffs between LEVEL and LEVEL + 1, and how to get back."""
    if player < 0:
        return LEVEL * np.ones(numbers.payoff.shape[1]), 0.0, 0.0
    leaf: Floats = np.asarray(numbers.payoff[0, :, player], dtype=np.float64)
    low, high = float(leaf.min()), float(leaf.max())
    spread = high - low
    if not 0 < spread < np.inf:
        return LEVEL * np.ones(len(leaf)), 0.0, low
    return LEVEL + (leaf - low) / spread, spread, low


def _side(shape: TreeShape, last: Ints, player: int) -> Side:
    sets = np.flatnonzero(shape.infoset_player == player) if player >= 0 else np.zeros(0, dtype=np.int64)
    depth = _depth(shape)
    first = np.array([int(shape.members[int(i)][0]) for i in sets], dtype=np.int32)
    deep = np.array([int(depth[shape.members[int(i)]].min()) for i in sets], dtype=np.int32)
    moves = np.array([_own_moves(shape, last, player, int(node)) for node in first], dtype=np.int32)
    rank = np.lexsort((np.arange(len(sets)), deep, moves)) if len(sets) else np.zeros(0, dtype=np.int64)
    sets, first, deep = sets[rank], first[rank], deep[rank]
    actions: list[int] = []
    set_of: list[int] = [-1]
    order: list[int] = [0]
    for position, infoset in enumerate(sets):
        for action in range(int(shape.action_start[infoset]), int(shape.action_start[infoset + 1])):
            actions.append(action)
            set_of.append(position)
            order.append(int(deep[position]) + 1)
    place = {action: k + 1 for k, action in enumerate(actions)}
    above = [place.get(int(last[player, node]), 0) for node in first]
    return Side(
        player,
        np.array(actions, dtype=np.int32),
        sets.astype(np.int32),
        np.array(set_of, dtype=np.int32),
        np.array(above, dtype=np.int32),
        np.array(order, dtype=np.int32),
    )


def _own_moves(shape: TreeShape, last: Ints, player: int, node: int) -> int:
    """How often the player has moved before a node."""
    count = 0
    while node > 0:
        above = int(shape.parent[node])
        infoset = int(shape.infoset[above])
        count += infoset >= 0 and int(shape.infoset_player[infoset]) == player
        node = above
    return count


def _depth(shape: TreeShape) -> Ints:
    depth = np.zeros(shape.num_nodes, dtype=np.int32)
    for family in shape.families:
        depth[family.children] = depth[shape.parent[family.children]] + 1
    return depth


def _numbering(shape: TreeShape, side: Side) -> Ints:
    """[actions] number of the sequence that an action ends; 0 for the other players' actions."""
    number = np.zeros(shape.num_actions, dtype=np.int32)
    number[side.actions] = np.arange(1, side.size)
    return number
