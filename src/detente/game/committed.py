"""A game in which a player follows a published rule: its information sets become moves of chance.

To everybody else a published mixed rule is a lottery with known odds. What they see of its draw is what
the tree says, so nothing changes but who moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.errors import RequestError
from detente.game.belief import bayes_beliefs, beliefs_from_logs
from detente.game.tree import CHANCE, DECISION, NOT_A_DECISION, Assessment, GameNumbers, TreeShape, Witness

TREMBLES = np.array([1e3, 1e6, 1e9])
"""Precisions of the witness: mistakes of one over each."""


@dataclass(frozen=True, eq=False)
class CommittedGame:
    """A game and the same game with some information sets under a rule.

    Attributes:
        free: The game in which those sets are decided.
        shape: The game in which they are moves of chance; nodes and their order are the same.
        sets: [infosets of `shape`] number of each set in `free`.
        actions: [actions of `shape`] number of each action in `free`.
        ruled: [rule edges] action of `free` that each added chance edge stands for. The chance edges of
            `free` come first, under their numbers; the added ones follow, node after node.
    """

    free: TreeShape
    shape: TreeShape
    sets: Ints
    actions: Ints
    ruled: Ints

    def numbers(self, numbers: GameNumbers, rule: Floats) -> GameNumbers:
        """Payoffs and chance once the rule is published.

        Args:
            numbers: Those of the free game.
            rule: [draws, actions of `free`] probabilities; only those of the ruled sets count.
        """
        odds = rule[:, self.ruled]
        judged = numbers.judged_chance
        return GameNumbers(
            numbers.payoff,
            np.concatenate([numbers.chance, odds], axis=1),
            None if judged is None else np.concatenate([judged, odds], axis=1),
        )

    def narrowed(self, strategy: Floats) -> Floats:
        """[draws, actions of `shape`] the part of a profile of the free game that is still decided."""
        return np.ascontiguousarray(strategy[:, self.actions])

    def widened(self, strategy: Floats, rule: Floats) -> Floats:
        """[draws, actions of `free`] a profile of the ruled game with the rule filled in."""
        whole = rule.copy()
        whole[:, self.actions] = strategy
        return whole


def commit_sets(shape: TreeShape, sets: Sequence[int] | Ints) -> CommittedGame:
    """Put information sets under a rule.

    Args:
        shape: The game.
        sets: Numbers of the information sets, each once.

    Raises:
        RequestError: There is no such set.
    """
    chosen = np.zeros(shape.num_infosets, dtype=np.bool_)
    for number in sets:
        if not 0 <= int(number) < shape.num_infosets:
            raise RequestError(f"no information set has number {int(number)}; there are {shape.num_infosets}")
        chosen[int(number)] = True
    kept = np.flatnonzero(~chosen).astype(np.int32)
    stays = ~chosen[shape.action_infoset]
    new_set = np.cumsum(~chosen) - 1
    new_action = np.cumsum(stays) - 1
    decided = shape.kind == DECISION
    to_rule = decided & chosen[np.where(decided, shape.infoset, 0)]
    nodes = np.flatnonzero(to_rule)
    counts = shape.num_children[nodes]
    starts = shape.num_chance_edges + np.cumsum(counts) - counts
    after = np.repeat(shape.first_child[nodes], counts) + _within(counts)
    edge = shape.edge.copy()
    still = np.zeros(shape.num_nodes, dtype=np.bool_)
    still[1:] = decided[shape.parent[1:]] & ~to_rule[shape.parent[1:]]
    edge[still] = new_action[shape.edge[still]]
    edge[after] = np.repeat(starts, counts) + _within(counts)
    chance_start = shape.chance_start.copy()
    chance_start[nodes] = starts
    ruled = shape.edge[after].astype(np.int32)
    changed = replace(
        shape,
        kind=np.where(to_rule, CHANCE, shape.kind).astype(np.int32),
        infoset=np.where(decided & ~to_rule, new_set[np.where(decided, shape.infoset, 0)], NOT_A_DECISION).astype(
            np.int32
        ),
        edge=edge.astype(np.int32),
        infoset_player=shape.infoset_player[kept],
        action_start=np.concatenate([[0], np.cumsum(np.diff(shape.action_start)[kept])]).astype(np.int32),
        chance_start=chance_start.astype(np.int32),
        chance_class=_classes(shape, ruled),
    )
    return CommittedGame(shape, changed, kept, np.flatnonzero(stays).astype(np.int32), ruled)


def _within(counts: Ints) -> Ints:
    """0, 1, ... within each group of the given sizes."""
    return (np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)).astype(np.int32)


def _classes(shape: TreeShape, ruled: Ints) -> Ints | None:
    if shape.chance_class is None:
        return None
    base = int(shape.chance_class.max(initial=-1)) + 1
    return np.concatenate([shape.chance_class, base + ruled]).astype(np.int32)


def with_uniform_trembles(shape: TreeShape, chance: Floats, strategy: Floats) -> Assessment:
    """A profile with the beliefs that follow from equally likely mistakes, and those mistakes as the witness.

    Chance moves of probability zero count as mistakes of a higher order, as in `beliefs_from_logs`.

    Args:
        shape: The game.
        chance: [draws, chance_edges] chance probabilities.
        strategy: [draws, actions] behavior strategy profile.
    """
    share = (1.0 / np.diff(shape.action_start))[shape.action_infoset] if shape.num_actions else np.zeros(0)
    logs = np.stack([np.log((1.0 - 1.0 / level) * strategy + share / level) for level in TREMBLES])
    exact = bayes_beliefs(shape, chance, strategy)
    belief = np.where(np.isnan(exact), beliefs_from_logs(shape, chance, logs[-1]), exact)
    return Assessment(strategy, belief, Witness(TREMBLES, logs))


def real_choices(shape: TreeShape) -> Bools:
    """[infosets] whether there is more than one action."""
    return np.asarray(np.diff(shape.action_start) > 1, dtype=np.bool_)
