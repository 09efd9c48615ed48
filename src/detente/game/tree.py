"""The shape of an extensive game as arrays, and the numbers that fill it.

The shape (who moves where, who can tell what apart) depends on the case and the posture only;
payoffs and chance probabilities are separate arrays with a leading axis of draws, so one shape
serves every draw of an ensemble.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from detente.axes import Floats, Ints

NO_PARENT = -1
NOT_A_DECISION = -1
NOT_TERMINAL = -1

TERMINAL = 0
DECISION = 1
CHANCE = 2


@dataclass(frozen=True, eq=False)
class Family:
    """The nodes of one level with their parents.

    Attributes:
        children: Slice of the nodes of the level.
        parents: Nodes of the level above that have children, in order.
        starts: Where the children of each parent start within ``children``.
    """

    children: slice
    parents: Ints
    starts: Ints


@dataclass(frozen=True, eq=False)
class TreeShape:
    """An extensive game with perfect recall, without its numbers.

    Nodes are in breadth-first order: the root is node 0, parents come before children and the
    children of a node are contiguous. The k-th child of a decision node belongs to the k-th
    action of its information set; actions and chance branches are numbered globally.

    Attributes:
        players: Names of the strategic players; chance is not one of them.
        parent: [nodes] parent of each node, ``NO_PARENT`` at the root.
        kind: [nodes] ``TERMINAL``, ``DECISION`` or ``CHANCE``.
        first_child: [nodes] first child, 0 at terminal nodes.
        num_children: [nodes] number of children, 0 at terminal nodes.
        infoset: [nodes] information set, ``NOT_A_DECISION`` elsewhere.
        edge: [nodes] number of the edge that leads into the node: a global action number if the
            parent is a decision node, a global chance edge number if it is chance, -1 at the root.
        terminal: [nodes] index among the terminal nodes, ``NOT_TERMINAL`` elsewhere.
        infoset_player: [infosets] player who moves.
        action_start: [infosets + 1] actions of set ``i`` are ``action_start[i]:action_start[i+1]``.
        chance_start: [nodes] first chance edge of a chance node (its edges are contiguous), -1 elsewhere.
        payoff_class: [terminals, players] terminals with the same number pay that player the same in
            every draw; None where nothing is known. Solvers use it to share work.
        chance_class: [chance_edges] edges with the same number have the same probability in every draw.
    """

    players: tuple[str, ...]
    parent: Ints
    kind: Ints
    first_child: Ints
    num_children: Ints
    infoset: Ints
    edge: Ints
    terminal: Ints
    infoset_player: Ints
    action_start: Ints
    chance_start: Ints
    payoff_class: Ints | None = None
    chance_class: Ints | None = None

    @property
    def num_nodes(self) -> int:
        """Number of nodes."""
        return len(self.parent)

    @property
    def num_players(self) -> int:
        """Number of strategic players."""
        return len(self.players)

    @property
    def num_infosets(self) -> int:
        """Number of information sets."""
        return len(self.infoset_player)

    @property
    def num_actions(self) -> int:
        """Number of actions over all information sets."""
        return int(self.action_start[-1])

    @cached_property
    def num_terminals(self) -> int:
        """Number of terminal nodes."""
        return int(np.count_nonzero(self.kind == TERMINAL))

    @cached_property
    def num_chance_edges(self) -> int:
        """Number of chance branches over all chance nodes."""
        return int(self.num_children[self.kind == CHANCE].sum())

    @cached_property
    def terminal_nodes(self) -> Ints:
        """[terminals] node of each terminal, in order."""
        return np.flatnonzero(self.kind == TERMINAL).astype(np.int32)

    @cached_property
    def action_infoset(self) -> Ints:
        """[actions] information set of each action."""
        return np.repeat(np.arange(self.num_infosets, dtype=np.int32), np.diff(self.action_start))

    @cached_property
    def members(self) -> tuple[Ints, ...]:
        """Nodes of each information set, in node order."""
        order = np.argsort(self.infoset, kind="stable").astype(np.int32)
        sorted_sets = self.infoset[order]
        bounds = np.searchsorted(sorted_sets, np.arange(self.num_infosets + 1))
        return tuple(order[bounds[i] : bounds[i + 1]] for i in range(self.num_infosets))

    @cached_property
    def depth(self) -> Ints:
        """[nodes] number of edges from the root."""
        depth = np.zeros(self.num_nodes, dtype=np.int32)
        for node in range(1, self.num_nodes):
            depth[node] = depth[self.parent[node]] + 1
        return depth

    @cached_property
    def levels(self) -> tuple[slice, ...]:
        """Slices of nodes of equal depth, root first (breadth-first order makes them contiguous)."""
        bounds = np.searchsorted(self.depth, np.arange(int(self.depth[-1]) + 2))
        return tuple(slice(int(bounds[i]), int(bounds[i + 1])) for i in range(len(bounds) - 1))

    @cached_property
    def families(self) -> tuple[Family, ...]:
        """The children of each level with their parents, root's children first."""
        found: list[Family] = []
        for above, below in pairwise(self.levels):
            inner = np.flatnonzero(self.num_children[above] > 0).astype(np.int32) + np.int32(above.start)
            found.append(Family(below, inner, (self.first_child[inner] - below.start).astype(np.int32)))
        return tuple(found)

    @cached_property
    def edge_slot(self) -> Ints:
        """[nodes] row of the edge into each node in a table of actions, chance edges and a row for the root."""
        slot = self.edge.astype(np.int32)
        by_chance = np.zeros(self.num_nodes, dtype=np.bool_)
        by_chance[1:] = self.kind[self.parent[1:]] == CHANCE
        slot[by_chance] += self.num_actions
        slot[0] = self.num_actions + self.num_chance_edges
        return slot

    @cached_property
    def member_nodes(self) -> Ints:
        """Decision nodes sorted by information set; those of set ``i`` start at ``member_start[i]``."""
        decisions = np.flatnonzero(self.kind == DECISION)
        return decisions[np.argsort(self.infoset[decisions], kind="stable")].astype(np.int32)

    @cached_property
    def member_start(self) -> Ints:
        """[infosets] where each information set starts in ``member_nodes``."""
        return np.searchsorted(self.infoset[self.member_nodes], np.arange(self.num_infosets)).astype(np.int32)

    @cached_property
    def action_nodes(self) -> Ints:
        """Nodes that follow an action, sorted by action; those of action ``a`` start at ``action_node_start[a]``."""
        after = np.flatnonzero(self.edge_slot < self.num_actions)
        return after[np.argsort(self.edge[after], kind="stable")].astype(np.int32)

    @cached_property
    def action_node_start(self) -> Ints:
        """[actions] where the nodes that follow each action start in ``action_nodes``."""
        return np.searchsorted(self.edge[self.action_nodes], np.arange(self.num_actions)).astype(np.int32)

    @cached_property
    def has_perfect_information(self) -> bool:
        """Whether every information set holds one node."""
        return all(len(nodes) == 1 for nodes in self.members)


@dataclass(frozen=True, eq=False)
class GameNumbers:
    """Payoffs and chance probabilities of one shape, for a batch of draws.

    Attributes:
        payoff: [draws, terminals, players] payoffs in the units of the case.
        chance: [draws, chance_edges] probabilities; each chance node's sum to one exactly.
        judged_chance: [draws, chance_edges] what the owner itself believes, used only to evaluate
            the owner's own payoffs; None where the owner judges as everybody does.
    """

    payoff: Floats
    chance: Floats
    judged_chance: Floats | None = None

    @property
    def num_draws(self) -> int:
        """Number of draws."""
        return self.payoff.shape[0]

    def take(self, rows: Ints | slice) -> GameNumbers:
        """The same game for some of the draws."""
        judged = None if self.judged_chance is None else self.judged_chance[rows]
        return GameNumbers(self.payoff[rows], self.chance[rows], judged)


@dataclass(frozen=True)
class InfosetLabel:
    """What a person needs to know about an information set.

    Attributes:
        player: Name of the player who moves.
        decision: Name of the decision.
        sees: What the mover has seen, in order: pairs (variable, label); a skipped variable that was
            seen has the label ``none``.
        options: Label of each action, in order.
    """

    player: str
    decision: str
    sees: tuple[tuple[str, str], ...]
    options: tuple[str, ...]

    def __str__(self) -> str:
        seen = ", ".join(f"{name}={label}" for name, label in self.sees)
        return f"{self.player}:{self.decision}[{seen}]"


@dataclass(frozen=True, eq=False)
class Witness:
    """Full-support profiles at growing precisions, handed over by a solver to show its beliefs are limits.

    Attributes:
        precision: [levels] growing precisions, at least three.
        log_strategy: [levels, draws, actions] logarithm of a full-support behavior strategy profile.
    """

    precision: Floats
    log_strategy: Floats

    def take(self, rows: Ints | slice) -> Witness:
        """The same witness for some of the draws."""
        return Witness(self.precision, self.log_strategy[:, rows])


@dataclass(frozen=True, eq=False)
class Assessment:
    """A behavior strategy profile with a belief system, for a batch of draws.

    Attributes:
        strategy: [draws, actions] probability of each action given its information set.
        belief: [draws, nodes] probability of a decision node given its information set; 0 at other
            nodes, NaN where undefined.
        witness: Trembling profiles that show the off-path beliefs are limits; None if there are none.
    """

    strategy: Floats
    belief: Floats
    witness: Witness | None = None

    def take(self, rows: Ints | slice) -> Assessment:
        """The same assessment for some of the draws."""
        witness = None if self.witness is None else self.witness.take(rows)
        return Assessment(self.strategy[rows], self.belief[rows], witness)
