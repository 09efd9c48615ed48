"""Random games with perfect recall, imperfect information and chance, for tests."""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.game import BuiltGame, GameNumbers, TreeBuilder, TreeShape

PLAYERS = ("A", "B", "C", "D")


class _Raw:
    """A node before information sets are known to the builder."""

    def __init__(self) -> None:
        self.player = ""
        self.infoset = ""
        self.width = 0
        self.children: list[_Raw] = []


def random_game(
    rng: np.random.Generator,
    *,
    num_nodes: int = 20,
    num_players: int = 2,
    merge: float = 0.6,
    chance: float = 0.2,
    max_width: int = 3,
    min_width: int = 2,
    draws: int = 1,
) -> BuiltGame:
    """A random game of about `num_nodes` nodes; `merge` is how often a node joins a set it may join."""
    root = _Raw()
    open_nodes = [root]
    count = 1
    while count < num_nodes and open_nodes:
        node = open_nodes.pop(int(rng.integers(len(open_nodes))))
        node.width = int(rng.integers(min_width, max_width + 1))
        node.player = "" if rng.random() < chance else PLAYERS[int(rng.integers(num_players))]
        node.children = [_Raw() for _ in range(node.width)]
        open_nodes.extend(node.children)
        count += node.width
    _name_sets(rng, root, merge)
    builder = TreeBuilder(*PLAYERS[:num_players])
    return builder.build(_finish(rng, builder, root, draws))


def _name_sets(rng: np.random.Generator, root: _Raw, merge: float) -> None:
    """Group nodes with equal own histories, top-down, so that every player has perfect recall."""
    known: dict[Any, list[str]] = {}
    queue: list[tuple[_Raw, dict[str, tuple[Any, ...]]]] = [(root, {name: () for name in PLAYERS})]
    for node, history in queue:
        if node.player:
            sets = known.setdefault((node.player, history[node.player], node.width), [])
            if sets and rng.random() < merge:
                node.infoset = sets[int(rng.integers(len(sets)))]
            else:
                node.infoset = f"{node.player}{sum(map(len, known.values()))}"
                sets.append(node.infoset)
        for k, child in enumerate(node.children):
            after = dict(history)
            if node.player:
                after[node.player] = (*history[node.player], (node.infoset, k))
            queue.append((child, after))


def _finish(rng: np.random.Generator, builder: TreeBuilder, node: _Raw, draws: int) -> Any:
    if not node.children:
        return builder.terminal(*(rng.uniform(-2, 2, draws) for _ in builder.players))
    after = {f"x{k}": _finish(rng, builder, child, draws) for k, child in enumerate(node.children)}
    if node.player:
        return builder.decision(node.player, node.infoset, after)
    odds = chance_odds(rng, node.width, draws)
    return builder.chance({label: (odds[k], child) for k, (label, child) in enumerate(after.items())})


def chance_odds(rng: np.random.Generator, width: int, draws: int) -> np.ndarray:
    """[width, draws] probabilities in 64ths that sum to exactly one; some may be zero."""
    cuts = np.sort(rng.integers(0, 65, (width - 1, draws)), axis=0)
    edges = np.concatenate([np.zeros((1, draws)), cuts, np.full((1, draws), 64)])
    return np.diff(edges, axis=0) / 64


def random_profile(rng: np.random.Generator, shape: TreeShape, draws: int = 1, zeros: float = 0.0) -> np.ndarray:
    """[draws, actions] a random behavior strategy profile; each action is left out with probability `zeros`."""
    strategy = rng.uniform(0.05, 1, (draws, shape.num_actions))
    strategy[rng.random(strategy.shape) < zeros] = 0.0
    for start, stop in zip(shape.action_start[:-1], shape.action_start[1:], strict=True):
        empty = strategy[:, start:stop].sum(axis=1) == 0
        strategy[empty, start] = 1.0
        strategy[:, start:stop] /= strategy[:, start:stop].sum(axis=1, keepdims=True)
    return strategy


def payoff_range(numbers: GameNumbers) -> np.ndarray:
    """[draws, players] range of each player's payoffs, at least a little."""
    return np.maximum(np.ptp(numbers.payoff, axis=1), 1e-12)
