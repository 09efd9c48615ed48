"""The order in which the logit equations of a game are evaluated, as arrays a kernel can read.

Every strategy depends on strategies played later (through continuation values) and on strategies
played earlier (through beliefs). The information sets that close a loop of such dependence are the
unknowns of the system; all others follow from them in one pass. The plan chooses a small set of
loop-closing information sets greedily and lays out that pass.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Ints
from detente.game import CHANCE, DECISION, TreeShape
from detente.solvers.value_classes import ValueClasses

LINEAR, STRATEGY = 0, 1


@dataclass(frozen=True, eq=False)
class Plan:
    """Arrays for the kernels; CSR-style starts have one entry more than the things they index.

    Attributes:
        unknown_sets: Information sets whose log-odds are unknowns.
        unknown_start: [unknown sets + 1] offsets of their unknowns (options - 1 each).
        is_unknown: [infosets] position in `unknown_sets`, or -1.
        num_slots: Number of distinct continuation values that matter; terminal ones come first.
        num_terminal_slots: How many of them are terminal.
        slot_terminal, slot_player: [terminal slots] where each terminal slot's payoff is found.
        op_kind, op_arg, op_stop: The pass: `LINEAR` computes slots `op_arg` to `op_stop` of the list
            below, `STRATEGY` one information set.
        op_plain: Operations whose result depends on no unknown, only on the precision.
        lin_out, lin_start, lin_prob, lin_in: Slot = sum of probability x slot.
        member_start, member_node: Members of each information set.
        relevant_start, relevant_action: Actions on a member's path that its set does not share.
        child_slot: Value slot of each (member, action), to the mover.
        child_start: [members + 1] offsets into `child_slot`.
        chance_path_start, chance_path_edge: Chance edges on each member's path.
        belief_order: Information sets ordered so that beliefs come after the strategies they rest
            on, those at `reversing` sets aside.
        reversing: Information sets that come before others on one path and after them on another, in such
            a way that no order would do.
        belief_free: Information sets whose choice is the same whatever the mover believes.
    """

    unknown_sets: Ints
    unknown_start: Ints
    is_unknown: Ints
    num_slots: int
    num_terminal_slots: int
    slot_terminal: Ints
    slot_player: Ints
    op_kind: Ints
    op_arg: Ints
    op_stop: Ints
    op_plain: Bools
    lin_out: Ints
    lin_start: Ints
    lin_prob: Ints
    lin_in: Ints
    member_start: Ints
    member_node: Ints
    relevant_start: Ints
    relevant_action: Ints
    child_slot: Ints
    child_start: Ints
    chance_path_start: Ints
    chance_path_edge: Ints
    belief_order: Ints
    reversing: Bools
    belief_free: Bools

    @property
    def num_unknowns(self) -> int:
        """Number of unknown log-odds."""
        return int(self.unknown_start[-1])


def _bits(mask: int) -> list[int]:
    found: list[int] = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


def _ints(values: list[int]) -> Ints:
    return np.asarray(values, dtype=np.int32)


@dataclass(frozen=True)
class _Dependence:
    """Bit masks over information sets: what each rests on later (`later`) and earlier (`earlier`)."""

    later: list[int]
    earlier: list[int]
    beliefs: list[int]  # what the beliefs rest on, whether or not the choice does
    relevant: list[list[int]]  # per member, in member order
    belief_free: list[bool]


def _dependence(shape: TreeShape, classes: ValueClasses) -> _Dependence:
    path = [0] * shape.num_nodes
    for node in range(1, shape.num_nodes):
        parent = int(shape.parent[node])
        path[node] = path[parent]
        if shape.kind[parent] == DECISION:
            path[node] |= 1 << int(shape.edge[node])
    rests_on = classes.rests_on()
    later = [0] * shape.num_infosets
    beliefs = [0] * shape.num_infosets
    relevant: list[list[int]] = []
    belief_free: list[bool] = []
    for index, nodes in enumerate(shape.members):
        player = int(shape.infoset_player[index])
        offers = {classes.offer(int(node), player) for node in nodes}
        belief_free.append(len(offers) == 1)
        for offer in offers:
            for value in offer:
                later[index] |= rests_on[value]
        shared = path[int(nodes[0])]
        for node in nodes:
            shared &= path[int(node)]
        for node in nodes:
            actions = _bits(path[int(node)] & ~shared)
            relevant.append(actions)
            for action in actions:
                beliefs[index] |= 1 << int(shape.action_infoset[action])
    earlier = [0 if free else mask for free, mask in zip(belief_free, beliefs, strict=True)]
    return _Dependence(later, earlier, beliefs, relevant, belief_free)


def _components(graph: list[int], alive: int) -> list[list[int]]:
    """Strongly connected components of more than one vertex, among the vertices alive."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    vertices = _bits(alive)
    place = {vertex: k for k, vertex in enumerate(vertices)}
    rows: list[int] = []
    cols: list[int] = []
    for vertex in vertices:
        targets = _bits(graph[vertex] & alive)
        rows.extend([place[vertex]] * len(targets))
        cols.extend(place[target] for target in targets)
    matrix = csr_matrix((np.ones(len(rows), dtype=np.int8), (rows, cols)), shape=(len(vertices), len(vertices)))
    _, label = connected_components(matrix, directed=True, connection="strong")
    groups: dict[int, list[int]] = {}
    for vertex, component in zip(vertices, label, strict=True):
        groups.setdefault(int(component), []).append(vertex)
    return [group for group in groups.values() if len(group) > 1]


def _loop_closing(graph: list[int], weight: list[int]) -> list[int]:
    """A small set of vertices that meets every loop (greedy feedback vertex set)."""
    chosen: list[int] = []
    todo = _components(graph, (1 << len(graph)) - 1)
    while todo:
        group = todo.pop()
        alive = sum(1 << vertex for vertex in group)
        incoming = dict.fromkeys(group, 0)
        for vertex in group:
            for target in _bits(graph[vertex] & alive):
                incoming[target] += 1
        best = max(group, key=lambda v: (incoming[v] * (graph[v] & alive).bit_count() / weight[v], -v))
        chosen.append(best)
        todo.extend(_components(graph, alive & ~(1 << best)))
    return sorted(chosen)


def _prune_redundant(graph: list[int], chosen: list[int]) -> list[int]:
    """Drop chosen vertices that no longer close a loop once the others are cut."""
    kept = list(chosen)
    everything = (1 << len(graph)) - 1
    for vertex in list(chosen):
        cut = sum(1 << v for v in kept if v != vertex)
        if not _components(graph, everything & ~cut):
            kept.remove(vertex)
    return kept


def _topological(graph: list[int], alive: int) -> list[int]:
    """Vertices ordered after everything they point to; empty if there is a loop."""
    order: list[int] = []
    done = 0
    pending = _bits(alive)
    while pending:
        left = [v for v in pending if graph[v] & alive & ~done]
        ready = [v for v in pending if not graph[v] & alive & ~done]
        if not ready:
            return []
        order.extend(ready)
        done |= sum(1 << v for v in ready)
        pending = left
    return order


class _Pass:
    """Lays out the evaluation pass: which slots are computed, in which order."""

    def __init__(self, shape: TreeShape, classes: ValueClasses, needs: _Dependence, cut: int):
        self.shape = shape
        self.classes = classes
        self.needs = needs
        self.cut = cut
        self.plain_set = [False] * shape.num_infosets
        self.plain: list[bool] = []  # of every operation
        self.plain_slot: list[bool] = []
        self.slot: dict[int, int] = {}
        self.slot_terminal: list[int] = []
        self.slot_player: list[int] = []
        for value, (terminal, player) in classes.terminals.items():
            self.slot[value] = len(self.slot_terminal)
            self.slot_terminal.append(terminal)
            self.slot_player.append(player)
            self.plain_slot.append(True)
        self.num_terminal_slots = len(self.slot_terminal)
        self.ops: list[tuple[int, int, int]] = []
        self.lin_out: list[int] = []
        self.lin_start: list[int] = [0]
        self.lin_prob: list[int] = []
        self.lin_in: list[int] = []

    def value(self, root: int) -> None:
        """Append the operations that give a value class, the classes it rests on first."""
        stack = [(root, False)]
        while stack:
            value, expanded = stack.pop()
            if value in self.slot:
                continue
            parts = self.classes.parts[value]
            if not expanded:
                stack.append((value, True))
                stack.extend((part, False) for _, part in parts)
                continue
            self._linear(value, parts)

    def _linear(self, value: int, parts: tuple[tuple[int, int], ...]) -> None:
        for probability, part in parts:
            self.lin_prob.append(probability)
            self.lin_in.append(self.slot[part])
        plain = all(self._plain_edge(edge) and self.plain_slot[self.slot[part]] for edge, part in parts)
        self.plain_slot.append(plain)
        if self.ops and self.ops[-1][0] == LINEAR and self.plain[-1] == plain:
            self.ops[-1] = (LINEAR, self.ops[-1][1], len(self.lin_out) + 1)
        else:
            self.ops.append((LINEAR, len(self.lin_out), len(self.lin_out) + 1))
            self.plain.append(plain)
        self.slot[value] = len(self.slot)
        self.lin_out.append(self.slot[value])
        self.lin_start.append(len(self.lin_in))

    def infoset(self, index: int) -> None:
        """Append the operations that give the strategy (or the residual) at an information set."""
        player = int(self.shape.infoset_player[index])
        for node in self.shape.members[index]:
            for value in self.classes.offer(int(node), player):
                self.value(value)
        depends = self.needs.beliefs[index] if not self.needs.belief_free[index] else 0
        self.plain_set[index] = (
            not self.cut >> index & 1
            and all(self.plain_set[other] for other in _bits(depends))
            and all(
                self.plain_slot[self.slot[value]]
                for node in self.shape.members[index]
                for value in self.classes.offer(int(node), player)
            )
        )
        self.ops.append((STRATEGY, index, index + 1))
        self.plain.append(self.plain_set[index])

    def _plain_edge(self, edge: int) -> bool:
        return edge >= self.shape.num_actions or self.plain_set[int(self.shape.action_infoset[edge])]


def make_plan(shape: TreeShape, *, lifted: bool = False) -> Plan:
    """Choose the unknowns of a game's logit equations and lay out their evaluation.

    Args:
        shape: A game with perfect recall.
        lifted: Make every information set that lies on a loop an unknown, not only enough to close
            each loop. Slower, but better conditioned where several sets on a loop mix.

    Returns:
        The plan; its arrays are what the kernels read.
    """
    classes = ValueClasses(shape)
    if shape.has_perfect_information:
        alone = _without_beliefs(shape)
        backwards = _backwards(shape, classes)
        return _laid_out(_Pass(shape, classes, alone, 0), backwards, [], [], list(range(shape.num_infosets)))
    needs = _dependence(shape, classes)
    graph = [later | earlier for later, earlier in zip(needs.later, needs.earlier, strict=True)]
    weight = _freedom(shape)
    if lifted:
        unknown = sorted(v for group in _components(graph, (1 << len(graph)) - 1) for v in group)
    else:
        unknown = _prune_redundant(graph, _loop_closing(graph, [max(w, 1) for w in weight]))
    everything = (1 << shape.num_infosets) - 1
    reversing = _loop_closing(needs.beliefs, [1] * shape.num_infosets)
    aside = sum(1 << v for v in reversing)
    cut = sum(1 << v for v in unknown)
    order = _topological(graph, everything & ~cut)
    beliefs = _topological([mask & ~aside for mask in needs.beliefs], everything)
    return _laid_out(_Pass(shape, classes, needs, cut), order, unknown, reversing, beliefs)


def _freedom(shape: TreeShape) -> list[int]:
    """Log-odds of each information set."""
    return [int(n) for n in np.diff(shape.action_start) - 1]


def _without_beliefs(shape: TreeShape) -> _Dependence:
    """What matters of the dependence where every set is a node: nothing is believed, nothing closes a loop."""
    count = shape.num_infosets
    return _Dependence([0] * count, [0] * count, [0] * count, [[] for _ in range(count)], [True] * count)


def _backwards(shape: TreeShape, classes: ValueClasses) -> list[int]:
    """Information sets of one node each, ordered after everything they rest on, as `_topological` would."""
    latest: list[int] = []  # of each class, the last turn among the sets it rests on
    turn = [-1] * shape.num_infosets

    def settle(index: int) -> int:
        offer = classes.offer(int(shape.members[index][0]), int(shape.infoset_player[index]))
        turn[index] = 1 + max(latest[value] for value in offer)
        return turn[index]

    for own, parts in zip(classes.sets, classes.parts, strict=True):
        first = -1 if own is None else turn[own] if turn[own] >= 0 else settle(own)
        latest.append(max([first, *(latest[part] for _, part in parts)]))
    for index in range(shape.num_infosets):
        if turn[index] < 0:
            settle(index)
    return sorted(range(shape.num_infosets), key=turn.__getitem__)


def _laid_out(layout: _Pass, order: list[int], unknown: list[int], reversing: list[int], beliefs: list[int]) -> Plan:
    shape, classes, needs, weight = layout.shape, layout.classes, layout.needs, _freedom(layout.shape)
    for index in order:
        layout.infoset(index)
    for index in unknown:
        layout.infoset(index)
    is_unknown = np.full(shape.num_infosets, -1, dtype=np.int32)
    is_unknown[unknown] = np.arange(len(unknown))
    members = [int(node) for nodes in shape.members for node in nodes]
    child_slot: list[int] = []
    child_start = [0]
    for node in members:
        player = int(shape.infoset_player[shape.infoset[node]])
        child_slot.extend(layout.slot[value] for value in classes.offer(node, player))
        child_start.append(len(child_slot))
    chance_start, chance_edge = _chance_paths(shape, members)
    return Plan(
        unknown_sets=_ints(unknown),
        unknown_start=_ints([0, *np.cumsum([weight[v] for v in unknown])]),
        is_unknown=is_unknown,
        num_slots=len(layout.slot),
        num_terminal_slots=layout.num_terminal_slots,
        slot_terminal=_ints(layout.slot_terminal),
        slot_player=_ints(layout.slot_player),
        op_kind=_ints([kind for kind, _, _ in layout.ops]),
        op_arg=_ints([arg for _, arg, _ in layout.ops]),
        op_stop=_ints([stop for _, _, stop in layout.ops]),
        op_plain=np.asarray(layout.plain, dtype=np.bool_),
        lin_out=_ints(layout.lin_out),
        lin_start=_ints(layout.lin_start),
        lin_prob=_ints(layout.lin_prob),
        lin_in=_ints(layout.lin_in),
        member_start=_ints([0, *np.cumsum([len(nodes) for nodes in shape.members])]),
        member_node=_ints(members),
        relevant_start=_ints([0, *np.cumsum([len(actions) for actions in needs.relevant])]),
        relevant_action=_ints([action for actions in needs.relevant for action in actions]),
        child_slot=_ints(child_slot),
        child_start=_ints(child_start),
        chance_path_start=chance_start,
        chance_path_edge=chance_edge,
        belief_order=_ints(beliefs),
        reversing=np.isin(np.arange(shape.num_infosets), reversing),
        belief_free=np.asarray(needs.belief_free, dtype=np.bool_),
    )


def _chance_paths(shape: TreeShape, members: list[int]) -> tuple[Ints, Ints]:
    by_chance = [0] * shape.num_nodes  # the last node up to here that chance led to, 0 if it led to none
    parents: list[int] = shape.parent.tolist()
    kinds: list[int] = shape.kind.tolist()
    edge_of: list[int] = shape.edge.tolist()
    for node in range(1, shape.num_nodes):
        parent = parents[node]
        by_chance[node] = node if kinds[parent] == CHANCE else by_chance[parent]
    starts = [0]
    edges: list[int] = []
    for member in members:
        node = by_chance[member]
        while node:
            edges.append(edge_of[node])
            node = by_chance[parents[node]]
        starts.append(len(edges))
    return _ints(starts), _ints(edges)
