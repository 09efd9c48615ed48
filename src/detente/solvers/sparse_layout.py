"""The logit equations of a large tree as a sparse system: which value, belief and choice touches which.

The unknowns are the log-odds of all actions. Continuation values and the logarithms of reach stand beside
them as columns of their own, each given by one equation over its neighbors in the tree, so that every equation
is short however large the tree is. What the equations say is in `sparse_system`; this file lays them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from detente.axes import Ints
from detente.game import CHANCE, DECISION, TreeShape
from detente.solvers.value_classes import ValueClasses


@dataclass(frozen=True, eq=False)
class Level:
    """Values that rest only on values of lower levels.

    Attributes:
        out: Values computed here.
        starts: Where the parts of each start.
        prob: [parts] probability of each part, actions first, then chance edges.
        source: [parts] value of each part.
    """

    out: Ints
    starts: Ints
    prob: Ints
    source: Ints


@dataclass(frozen=True, eq=False)
class SparseLayout:
    """Where everything stands.

    Attributes:
        num_terminal: Values that are payoffs; they come first and have no column.
        num_values: All values.
        slot_terminal, slot_player: [terminal values] where each payoff is found.
        levels: The other values, in the order in which they can be computed.
        part_out, part_prob, part_source: All parts of all values.
        chosen_out, chosen_action, chosen_source: The parts weighted by the choice at an information set.
        action_value: [actions] the value of an action where beliefs do not bear on it, else -1.
        offer_action, offer_member, offer_value: Elsewhere: what each action leads to from each member.
        offer_start: [actions with own columns] where the offers of each start; `own` lists these actions.
        own: Actions whose value has a column of its own, in order.
        pair_row, pair_other: Pairs of actions of one set.
        reach: [nodes] column of the logarithm of reach, counted among those, -1 where it is a number.
        step_node, step_above: Nodes with such a column, and the column of the node above or -1.
        step_action: The actions that lead into these nodes.
        step_pair_node, step_pair_action: Each of these nodes with every action of the set above.
    """

    num_terminal: int
    num_values: int
    slot_terminal: Ints
    slot_player: Ints
    levels: tuple[Level, ...]
    part_out: Ints
    part_prob: Ints
    part_source: Ints
    chosen_out: Ints
    chosen_action: Ints
    chosen_source: Ints
    action_value: Ints
    own: Ints
    offer_action: Ints
    offer_member: Ints
    offer_value: Ints
    offer_start: Ints
    pair_row: Ints
    pair_other: Ints
    reach: Ints
    step_node: Ints
    step_above: Ints
    step_action: Ints
    step_pair_node: Ints
    step_pair_action: Ints


_layouts: WeakKeyDictionary[TreeShape, SparseLayout] = WeakKeyDictionary()


def layout_of(shape: TreeShape) -> SparseLayout:
    """The layout of a shape, made once."""
    if shape not in _layouts:
        _layouts[shape] = _make(shape)
    return _layouts[shape]


def _make(shape: TreeShape) -> SparseLayout:
    classes = ValueClasses(shape)
    of = np.full((shape.num_nodes, shape.num_players), -1, dtype=np.int32)
    for (node, player), value in classes.of.items():
        of[node, player] = value
    members, mover = shape.member_nodes, shape.infoset_player[shape.infoset[shape.member_nodes]]
    width = shape.num_children[members]
    offer_member = np.repeat(members, width)
    rank = _ranks(width)
    offer_child = shape.first_child[offer_member] + rank
    offer_action = shape.edge[offer_child]
    offer_class = of[offer_child, np.repeat(mover, width)]
    order = np.argsort(offer_action, kind="stable")
    offer_member, offer_action, offer_class = offer_member[order], offer_action[order], offer_class[order]
    starts = np.searchsorted(offer_action, np.arange(shape.num_actions))
    same = np.maximum.reduceat(offer_class, starts) == np.minimum.reduceat(offer_class, starts)
    free = np.logical_and.reduceat(same, shape.action_start[:-1])
    values = _Values(classes, np.unique(offer_class))
    offer_value = values.slot[offer_class]
    action_value = np.where(free[shape.action_infoset], offer_value[starts], -1).astype(np.int32)
    own = np.flatnonzero(action_value < 0).astype(np.int32)
    kept = action_value[offer_action] < 0
    reach, step_node, step_above = _reach_columns(shape, np.unique(offer_member[kept]))
    sets = shape.infoset[shape.parent[step_node]]
    pair_row, pair_other = _pairs(shape, np.arange(shape.num_actions, dtype=np.int32))
    step_action = shape.edge[step_node]
    first, size = shape.action_start[sets], np.diff(shape.action_start)[sets]
    return SparseLayout(
        num_terminal=values.num_terminal,
        num_values=values.count,
        slot_terminal=values.terminal,
        slot_player=values.player,
        levels=values.levels(),
        part_out=values.part_out,
        part_prob=values.part_prob,
        part_source=values.part_source,
        chosen_out=values.part_out[values.part_prob < shape.num_actions],
        chosen_action=values.part_prob[values.part_prob < shape.num_actions],
        chosen_source=values.part_source[values.part_prob < shape.num_actions],
        action_value=action_value,
        own=own,
        offer_action=offer_action[kept],
        offer_member=offer_member[kept],
        offer_value=offer_value[kept],
        offer_start=np.searchsorted(offer_action[kept], own).astype(np.int32),
        pair_row=pair_row,
        pair_other=pair_other,
        reach=reach,
        step_node=step_node,
        step_above=step_above,
        step_action=step_action,
        step_pair_node=np.repeat(step_node, size),
        step_pair_action=(np.repeat(first, size) + _ranks(size)).astype(np.int32),
    )


def _ranks(width: Ints) -> Ints:
    """0, 1, ... within each group of consecutive entries."""
    stops = np.cumsum(width)
    return (np.arange(int(stops[-1]) if len(stops) else 0) - np.repeat(stops - width, width)).astype(np.int32)


def _pairs(shape: TreeShape, actions: Ints) -> tuple[Ints, Ints]:
    """Each action with every action of its set."""
    sets = shape.action_infoset[actions]
    size = np.diff(shape.action_start)[sets]
    return np.repeat(actions, size), (np.repeat(shape.action_start[sets], size) + _ranks(size)).astype(np.int32)


def _reach_columns(shape: TreeShape, members: Ints) -> tuple[Ints, Ints, Ints]:
    """Columns for nodes on the way to `members` that an action leads into; chance moves pass the column on."""
    needed = np.zeros(shape.num_nodes, dtype=np.bool_)
    needed[members] = True
    for family in reversed(shape.families):
        below = np.flatnonzero(needed[family.children]) + family.children.start
        needed[shape.parent[below]] = True
    chosen = np.zeros(shape.num_nodes, dtype=np.bool_)
    chosen[1:] = shape.kind[shape.parent[1:]] == DECISION
    step_node = np.flatnonzero(needed & chosen).astype(np.int32)
    reach = np.full(shape.num_nodes, -1, dtype=np.int32)
    reach[step_node] = np.arange(len(step_node))
    for family in shape.families:
        nodes: Ints = np.arange(family.children.start, family.children.stop, dtype=np.int32)
        passed = nodes[needed[nodes] & (shape.kind[shape.parent[nodes]] == CHANCE)]
        reach[passed] = reach[shape.parent[passed]]
    return reach, step_node, reach[shape.parent[step_node]]


class _Values:
    """The classes of values that matter, renumbered: payoffs first."""

    def __init__(self, classes: ValueClasses, offered: Ints):
        parts = classes.parts
        needed = np.zeros(len(parts), dtype=np.bool_)
        needed[offered] = True
        height = np.zeros(len(parts), dtype=np.int32)
        for value in range(len(parts) - 1, -1, -1):  # what a value rests on has a smaller number
            if needed[value]:
                for _, part in parts[value]:
                    needed[part] = True
        kept = np.flatnonzero(needed)
        terminal = np.array([value in classes.terminals for value in kept.tolist()], dtype=np.bool_)
        order = np.concatenate([kept[terminal], kept[~terminal]])
        self.slot = np.full(len(parts), -1, dtype=np.int32)
        self.slot[order] = np.arange(len(order))
        self.count, self.num_terminal = len(order), int(terminal.sum())
        ends = [classes.terminals[value] for value in kept[terminal].tolist()]
        self.terminal = np.array([end for end, _ in ends], dtype=np.int32)
        self.player = np.array([player for _, player in ends], dtype=np.int32)
        inner: list[int] = kept[~terminal].tolist()
        for value in inner:
            height[value] = 1 + max(height[part] for _, part in parts[value])
        self.height = height[kept[~terminal]]
        size = np.array([len(parts[value]) for value in inner], dtype=np.int32)
        self.part_out = np.repeat(self.slot[kept[~terminal]], size)
        self.part_prob = np.array([prob for value in inner for prob, _ in parts[value]], dtype=np.int32)
        source = np.array([part for value in inner for _, part in parts[value]], dtype=np.int64)
        self.part_source = self.slot[source]

    def levels(self) -> tuple[Level, ...]:
        found: list[Level] = []
        height = self.height[self.part_out - self.num_terminal]
        for level in range(1, int(self.height.max(initial=0)) + 1):
            rows = np.flatnonzero(height == level)
            out = self.part_out[rows]
            starts = np.flatnonzero(np.diff(out, prepend=-1)).astype(np.int32)
            found.append(Level(out[starts], starts, self.part_prob[rows], self.part_source[rows]))
        return tuple(found)
