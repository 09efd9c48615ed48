"""How values, beliefs and probabilities of one game move with its strategies and numbers: first derivatives.

Everything is for one draw; a direction is a column. Arrays are [nodes, directions] and the like.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.game import TERMINAL, TreeShape


@dataclass(frozen=True, eq=False)
class Motion:
    """Directions in which strategies and numbers move.

    Attributes:
        strategy: [actions, directions] change of each probability.
        log_strategy: [actions, directions] change of its logarithm, which beliefs rest on.
        payoff: [terminals, players, directions] change of the payoffs; None where they stay.
        chance: [chance_edges, directions] change of the chance probabilities; None where they stay.
    """

    strategy: Floats
    log_strategy: Floats
    payoff: Floats | None = None
    chance: Floats | None = None

    @property
    def size(self) -> int:
        """Number of directions."""
        return self.strategy.shape[1]


@dataclass(frozen=True, eq=False)
class Point:
    """One draw of a game with an assessment, and what follows from them.

    Attributes:
        shape: The game.
        payoff: [terminals, players] payoffs, in any unit.
        chance: [chance_edges] chance probabilities.
        strategy: [actions] behavior strategy profile.
        belief: [nodes] beliefs, finite everywhere.
        edge: [nodes] probability of the edge into each node.
        reach: [nodes] probability that play passes through it.
        value: [nodes, players] expected payoffs from there on.
    """

    shape: TreeShape
    payoff: Floats
    chance: Floats
    strategy: Floats
    belief: Floats
    edge: Floats
    reach: Floats
    value: Floats

    @classmethod
    def of(cls, shape: TreeShape, payoff: Floats, chance: Floats, strategy: Floats, belief: Floats) -> Point:
        """Compute what follows from a profile. Undefined beliefs are 1 at sets with one node, else spread evenly."""
        stated = belief.copy()
        unknown = shape.member_nodes[np.isnan(stated[shape.member_nodes])]
        stated[unknown] = 1.0 / np.bincount(shape.infoset[shape.member_nodes])[shape.infoset[unknown]]
        edge = np.concatenate([strategy, chance, [1.0]])[shape.edge_slot]
        reach = np.ones(shape.num_nodes)
        for family in shape.families:
            reach[family.children] = reach[shape.parent[family.children]] * edge[family.children]
        value = np.zeros((shape.num_nodes, shape.num_players))
        value[shape.terminal_nodes] = payoff
        for family in reversed(shape.families):
            weighted = edge[family.children, None] * value[family.children]
            value[family.parents] = np.add.reduceat(weighted, family.starts, axis=0)
        return cls(shape, payoff, chance, strategy, stated, edge, reach, value)

    @property
    def reached(self) -> Bools:
        """[infosets] whether play comes to each information set."""
        members = self.shape.member_nodes
        return np.bincount(self.shape.infoset[members], weights=self.reach[members]) > 0.0

    def action_values(self) -> Floats:
        """[actions] expected payoff to the mover of each action."""
        after, mover, above = self._after()
        weighted = self.belief[above] * self.value[after, mover]
        return np.add.reduceat(weighted, self.shape.action_node_start) if len(after) else np.zeros(0)

    def action_values_tangent(self, motion: Motion) -> Floats:
        """[actions, directions] how they move, beliefs and later play included."""
        after, mover, above = self._after()
        if not len(after):
            return np.zeros((0, motion.size))
        moved = self._values_tangent(motion)[after, mover]
        weighted = self._beliefs_tangent(motion)[above] * self.value[after, mover][:, None]
        weighted += self.belief[above][:, None] * moved
        return np.add.reduceat(weighted, self.shape.action_node_start, axis=0)

    def terminal_tangent(self, motion: Motion, chance: Floats | None = None) -> Floats:
        """[terminals, directions] how the probability of each end moves.

        Args:
            motion: The directions.
            chance: [chance_edges] other probabilities of nature than the game's, which `motion.chance` is about.
        """
        shape = self.shape
        edge = self.edge if chance is None else np.concatenate([self.strategy, chance, [1.0]])[shape.edge_slot]
        step = self._edges(motion.strategy, motion.chance)
        reach = np.ones(shape.num_nodes)
        moved = np.zeros((shape.num_nodes, motion.size))
        for family in shape.families:
            above = shape.parent[family.children]
            reach[family.children] = reach[above] * edge[family.children]
            moved[family.children] = (
                moved[above] * edge[family.children, None] + reach[above][:, None] * step[family.children]
            )
        return moved[shape.terminal_nodes]

    def _after(self) -> tuple[Ints, Ints, Ints]:
        """Nodes after actions, who took the action, and where."""
        shape = self.shape
        after = shape.action_nodes
        return after, shape.infoset_player[shape.action_infoset[shape.edge[after]]], shape.parent[after]

    def _edges(self, actions: Floats, chance: Floats | None) -> Floats:
        size = actions.shape[1]
        drawn = np.zeros((self.shape.num_chance_edges, size)) if chance is None else chance
        return np.concatenate([actions, drawn, np.zeros((1, size))])[self.shape.edge_slot]

    def _values_tangent(self, motion: Motion) -> Floats:
        """[nodes, players, directions] how values move."""
        shape = self.shape
        step = self._edges(motion.strategy, motion.chance)
        moved = np.zeros((shape.num_nodes, shape.num_players, motion.size))
        if motion.payoff is not None:
            moved[shape.kind == TERMINAL] = motion.payoff
        for family in reversed(shape.families):
            children = family.children
            weighted = self.edge[children, None, None] * moved[children]
            weighted += step[children][:, None, :] * self.value[children][:, :, None]
            moved[family.parents] = np.add.reduceat(weighted, family.starts, axis=0)
        return moved

    def _beliefs_tangent(self, motion: Motion) -> Floats:
        """[nodes, directions] how beliefs move: in proportion to them and to the odds of the paths there."""
        shape, members = self.shape, self.shape.member_nodes
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn = None if motion.chance is None else motion.chance / self.chance[:, None]
        if drawn is not None:
            drawn[~np.isfinite(drawn)] = 0.0
        odds = self._edges(motion.log_strategy, drawn)
        for family in shape.families:
            odds[family.children] += odds[shape.parent[family.children]]
        weight = self.belief[members][:, None]
        mean = np.add.reduceat(weight * odds[members], shape.member_start, axis=0)
        moved = np.zeros((shape.num_nodes, motion.size))
        moved[members] = weight * (odds[members] - mean[shape.infoset[members]])
        return moved
