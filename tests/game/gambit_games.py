"""Between built games and Gambit's objects, for cross-checks."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from detente.game import CHANCE, TERMINAL, BuiltGame, TreeBuilder


def efg_text(game: BuiltGame, draw: int = 0) -> str:
    """One draw of a game in Gambit's format; sets are named by number."""
    shape = game.shape
    lines = ['EFG 2 R "game" { ' + " ".join(f'"{name}"' for name in shape.players) + " }", '""', ""]
    stack = [0]
    number = 0
    while stack:
        node = stack.pop()
        children = range(shape.first_child[node], shape.first_child[node] + shape.num_children[node])
        stack.extend(reversed(children))
        edges = shape.edge[list(children)]
        if shape.kind[node] == TERMINAL:
            number += 1
            payoffs = ", ".join(repr(float(u)) for u in game.numbers.payoff[draw, shape.terminal[node]])
            lines.append(f't "" {number} "" {{ {payoffs} }}')
        elif shape.kind[node] == CHANCE:
            odds = [float(p).as_integer_ratio() for p in game.numbers.chance[draw, edges]]
            branches = " ".join(f'"{k}" {top}/{bottom}' for k, (top, bottom) in enumerate(odds))
            lines.append(f'c "" {node + 1} "" {{ {branches} }} 0')
        else:
            infoset = int(shape.infoset[node])
            actions = " ".join(f'"{edge}"' for edge in edges)
            player = int(shape.infoset_player[infoset]) + 1
            lines.append(f'p "" {player} {infoset + 1} "set {infoset}" {{ {actions} }} 0')
    return "\n".join(lines) + "\n"


def gambit_profile(gambit: Any, game: BuiltGame, strategy: np.ndarray, draw: int = 0) -> Any:
    """A behavior profile of the same game as a Gambit object."""
    other = gambit.read_efg(io.StringIO(efg_text(game, draw)))
    profile = other.mixed_behavior_profile(rational=False)
    for player in other.players:
        for infoset in player.infosets:
            for action in infoset.actions:
                profile[action] = float(strategy[draw, int(action.label)])
    return profile


def from_gambit(other: Any) -> BuiltGame:
    """A Gambit game with labelled information sets and payoffs at its ends only."""
    tree = TreeBuilder(*(player.label for player in other.players))

    def convert(node: Any) -> Any:
        if node.is_terminal:
            return tree.terminal(*(float(node.outcome[player]) for player in other.players))
        after = {
            action.label: convert(child) for action, child in zip(node.infoset.actions, node.children, strict=True)
        }
        if node.player.is_chance:
            odds = {action.label: float(action.prob) for action in node.infoset.actions}
            return tree.chance({label: (odds[label], child) for label, child in after.items()})
        return tree.decision(node.player.label, node.infoset.label, after)

    return tree.build(convert(other.root))


def nodes_in_play_order(game: BuiltGame, infoset: int) -> list[int]:
    """Members of a set in depth-first order, the order in which Gambit lists them."""
    shape = game.shape

    def key(node: int) -> list[int]:
        path = []
        while node > 0:
            path.append(node)
            node = int(shape.parent[node])
        return path[::-1]

    return sorted((int(n) for n in shape.members[infoset]), key=key)
