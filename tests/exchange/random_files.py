"""Random trees and tables as a file may hold them: odd labels, shared outcomes, payoffs at any node."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from detente.exchange import FileNode, FileOutcome, FileSet, FileTable, FileTree
from game.random_games import random_game

LABELS = ("", "a", "a", "left", 'say "no"', "back\\slash", "end\\", "Ünï-漢", "two\nlines", "{ }", "x, y", "t")


def label(rng: np.random.Generator) -> str:
    return str(rng.choice(np.array(LABELS, dtype=object)))


def amount(rng: np.random.Generator) -> Fraction:
    return Fraction(int(rng.integers(-50, 50)), int(rng.choice([1, 1, 2, 3, 7, 10, 1000])))


def random_tree(rng: np.random.Generator, num_nodes: int = 25, players: int = 2) -> FileTree:
    """A random game with perfect recall, as a file: numbers with gaps, some outcomes shared or missing."""
    shape = random_game(rng, num_nodes=num_nodes, num_players=players, chance=0.25).shape
    shared = tuple(
        FileOutcome(3 * k + 1, label(rng), tuple(amount(rng) for _ in range(players)))
        for k in range(1 + num_nodes // 3)
    )
    sets: list[FileSet] = []
    at: dict[tuple[str, int], int] = {}
    nodes: list[FileNode] = []
    used: list[int] = []
    stack = [0]
    while stack:
        node = stack.pop()
        first, size = int(shape.first_child[node]), int(shape.num_children[node])
        stack.extend(range(first + size - 1, first - 1, -1))
        place = -1
        if size:
            infoset = int(shape.infoset[node])
            key = ("chance", node) if infoset < 0 else ("set", infoset)
            if key not in at:
                at[key] = len(sets)
                sets.append(_set(rng, shape, infoset, size, len(sets)))
            place = at[key]
        outcome = int(rng.integers(len(shared))) if rng.random() < (0.3 if size else 0.8) else -1
        if outcome >= 0 and outcome not in used:
            used.append(outcome)
        nodes.append(FileNode(label(rng), place, -1 if outcome < 0 else used.index(outcome)))
    names = tuple(label(rng) for _ in range(players))
    return FileTree(names, tuple(sets), tuple(shared[k] for k in used), tuple(nodes))


def _set(rng: np.random.Generator, shape, infoset: int, size: int, number: int) -> FileSet:
    actions = tuple(label(rng) for _ in range(size))
    if infoset >= 0:
        return FileSet(int(shape.infoset_player[infoset]) + 1, 2 * number + 5, label(rng), actions)
    weights = [int(w) for w in rng.integers(0, 6, size)]
    weights[0] += 1
    return FileSet(0, number, label(rng), actions, tuple(Fraction(w, sum(weights)) for w in weights))


def random_table(rng: np.random.Generator, named: bool) -> FileTable:
    """A random table of two or three players, in either form."""
    counts = [int(n) for n in rng.integers(1, 4, int(rng.integers(1, 4)))]
    profiles = int(np.prod(counts))
    strategies = tuple(tuple(label(rng) for _ in range(count)) for count in counts)
    names = tuple(label(rng) for _ in counts)
    if not named:
        rows = tuple(FileOutcome(-1, "", tuple(amount(rng) for _ in counts)) for _ in range(profiles))
        return FileTable(names, strategies, rows, tuple(range(profiles)), named=False)
    rows = tuple(FileOutcome(k + 1, label(rng), tuple(amount(rng) for _ in counts)) for k in range(3))
    entries = tuple(int(k) for k in rng.integers(-1, 3, profiles))
    return FileTable(names, strategies, rows, entries, named=True)
