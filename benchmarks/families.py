"""Families of games that grow: what the benchmark of tree sizes solves.

Each family is made of one rule and a size, with random payoffs in every draw.
"""

from __future__ import annotations

import numpy as np

from benchmarks.crisis import crisis_game, crisis_tree, draw_crises
from detente.axes import Floats, Ints
from detente.game import BuiltGame, TreeBuilder


def crises(types: int, draws: int, seed: int) -> BuiltGame:
    """The benchmark crisis with this many types a side: 1 + 27 types^2 nodes, few information sets, many beliefs."""
    return crisis_game(draw_crises(draws, seed, types))


def many_places(places: int, draws: int, seed: int) -> BuiltGame:
    """The crisis with two types a side in one of many places, seen by both: 18 sets and 109 nodes for each."""
    tree = TreeBuilder("R", "U")
    share = 1.0 / places
    return tree.build(
        tree.chance(
            {
                f"{place}": (share, crisis_tree(tree, draw_crises(draws, seed + place), f"{place}: "))
                for place in range(places)
            }
        )
    )


def standoffs(rounds: int, draws: int, seed: int) -> BuiltGame:
    """Two unseen types of one player; in each round both sides choose in turn, and either may end it.

    A stops or builds or waits, B strikes or holds: four ways on in two rounds, all remembered. The number of
    nodes is multiplied by two in every round, that of information sets too.
    """
    rng = np.random.default_rng(seed)
    tree = TreeBuilder("A", "B")

    def end():
        return tree.terminal(rng.uniform(-1.0, 1.0, draws), rng.uniform(-1.0, 1.0, draws))

    def go(kind: int, seen: str, left: int):
        if not left:
            return end()
        after = {}
        for act in ("build", "wait"):
            reply = {"strike": end(), "hold": go(kind, seen + act[0], left - 1)}
            after[act] = tree.decision("B", f"B{seen}{act[0]}", reply)
        return tree.decision("A", f"A{kind}{seen}", {**after, "yield": end()})

    first = rng.uniform(0.2, 0.8, draws)
    return tree.build(tree.chance({"low": (first, go(0, "", rounds)), "high": (1.0 - first, go(1, "", rounds))}))


def open_trees(depth: int, draws: int, seed: int) -> BuiltGame:
    """Perfect information, two actions, three players in turn: 2^(depth + 1) - 1 nodes, each its own set."""
    rng = np.random.default_rng(seed)
    tree = TreeBuilder("A", "B", "C")

    def go(path: str):
        if len(path) == depth:
            return tree.terminal(*(rng.uniform(-1.0, 1.0, draws) for _ in range(3)))
        return tree.decision("ABC"[len(path) % 3], f"set {path or 'root'}", {side: go(path + side) for side in "lr"})

    return tree.build(go(""))


def centipedes(length: int, draws: int, seed: int) -> BuiltGame:
    """A chain: two players in turn stop or go on, the payoffs random around a growing pie."""
    rng = np.random.default_rng(seed)
    tree = TreeBuilder("A", "B")
    pie = np.linspace(0.0, 1.0, length + 1)
    node = tree.terminal(pie[-1] + rng.uniform(0, 0.1, draws), pie[-1] + rng.uniform(0, 0.1, draws))
    for move in reversed(range(length)):
        stop = tree.terminal(pie[move] + rng.uniform(0, 0.1, draws), pie[move] + rng.uniform(0, 0.1, draws))
        node = tree.decision("AB"[move % 2], f"move {move}", {"stop": stop, "go": node})
    return tree.build(node)


def ranges(payoff: Floats) -> Floats:
    """[draws, players] payoff ranges, one where a player gets the same everywhere."""
    spread: Floats = np.ptp(payoff, axis=1)
    return np.where(spread > 0, spread, 1.0)


FAMILIES = {
    "crisis, T types a side": crises,
    "crisis in N places": many_places,
    "standoff, N rounds": standoffs,
    "perfect information, N deep": open_trees,
}
SIZES: dict[str, tuple[int, ...]] = {
    "crisis, T types a side": (2, 6, 19, 61),
    "crisis in N places": (2, 9, 92),
    "standoff, N rounds": (3, 6, 9),
    "perfect information, N deep": (6, 9, 12, 15),
}
__all__ = ["FAMILIES", "SIZES", "Ints", "centipedes", "crises", "many_places", "open_trees", "ranges", "standoffs"]
