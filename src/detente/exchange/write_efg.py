"""Writes games as ``.efg``: one that was read keeps every name and number, another one gets numbers of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from detente.exchange.formats import amounts, listed, quoted
from detente.exchange.records import (
    CHANCE_PLAYER,
    NONE,
    ExactNumbers,
    FileNode,
    FileOutcome,
    FileSet,
    FileTree,
    GameFile,
)
from detente.game import CHANCE, TERMINAL, BuiltGame, TreeShape

NEAR = Fraction(1, 10**9)
SIMPLEST = 10**6


def write_efg(game: BuiltGame | GameFile, *, title: str = "", comment: str = "", draw: int = 0) -> str:
    """A game in Gambit's extensive form, version 2.

    Numbers are written as exact fractions. A game read from a file is written as it was read, exactly;
    a table becomes the tree in which the players move in turn without seeing one another.

    Args:
        game: A game built or read.
        title: Title of a game built; one that was read has its own.
        comment: Its comment.
        draw: Which draw of a game built to write.
    """
    if isinstance(game, GameFile):
        title, comment = game.title, game.comment
        tree = game.body if isinstance(game.body, FileTree) else tree_of(game.game, game.exact)
    else:
        tree = tree_of(game, exact_numbers(game, draw))
    return "\n".join(_lines(tree, title, comment)) + "\n"


def exact_numbers(game: BuiltGame, draw: int = 0) -> ExactNumbers:
    """The fractions the floats of one draw stand for; chance probabilities that sum to one exactly.

    Probabilities whose floats do not sum to one exactly are taken for the simple fractions next to them
    (one third for 0.333...) where those do, else the largest takes what is left over.
    """
    payoff = tuple(tuple(Fraction(amount) for amount in row) for row in game.numbers.payoff[draw].tolist())
    chance: list[Fraction] = []
    for start, stop in chance_groups(game.shape):
        chance.extend(_summing_to_one([Fraction(p) for p in game.numbers.chance[draw, start:stop].tolist()]))
    return ExactNumbers(payoff, tuple(chance))


def chance_groups(shape: TreeShape) -> list[tuple[int, int]]:
    """First and last edge of each chance move, in node order."""
    nodes = shape.kind == CHANCE
    starts = shape.chance_start[nodes]
    return list(zip(starts.tolist(), (starts + shape.num_children[nodes]).tolist(), strict=True))


def _summing_to_one(odds: list[Fraction]) -> list[Fraction]:
    if sum(odds) == 1:
        return odds
    simple = [odd.limit_denominator(SIMPLEST) for odd in odds]
    if sum(simple) == 1 and all(abs(a - b) < NEAR for a, b in zip(simple, odds, strict=True)):
        return simple
    largest = max(range(len(odds)), key=odds.__getitem__)
    odds[largest] += 1 - sum(odds)
    return odds


def tree_of(game: BuiltGame, exact: ExactNumbers) -> FileTree:
    """A game as the tree of a file, its sets numbered within each player and its outcomes by terminal node."""
    shape = game.shape
    sets: list[FileSet] = []
    at: dict[int, int] = {}
    counts = [0] * (shape.num_players + 1)
    nodes: list[FileNode] = []
    outcomes: list[FileOutcome] = []
    stack = [0]
    while stack:
        node = stack.pop()
        first, size = int(shape.first_child[node]), int(shape.num_children[node])
        stack.extend(range(first + size - 1, first - 1, -1))
        if shape.kind[node] == TERMINAL:
            terminal = int(shape.terminal[node])
            nodes.append(FileNode("", NONE, len(outcomes)))
            outcomes.append(FileOutcome(len(outcomes) + 1, game.outcome[terminal], exact.payoff[terminal]))
            continue
        infoset = int(shape.infoset[node])
        if shape.kind[node] == CHANCE:
            nodes.append(FileNode("", len(sets), NONE))
            start = int(shape.chance_start[node])
            sets.append(_chance_set(game.edge_label[first : first + size], exact.chance[start : start + size], counts))
            continue
        if infoset not in at:
            at[infoset] = len(sets)
            label = game.labels[infoset]
            player = int(shape.infoset_player[infoset]) + 1
            counts[player] += 1
            name = label.decision if not label.sees else str(label)
            sets.append(FileSet(player, counts[player], name, label.options))
        nodes.append(FileNode("", at[infoset], NONE))
    return FileTree(shape.players, tuple(sets), tuple(outcomes), tuple(nodes))


def _chance_set(labels: Sequence[str], odds: tuple[Fraction, ...], counts: list[int]) -> FileSet:
    counts[CHANCE_PLAYER] += 1
    return FileSet(CHANCE_PLAYER, counts[CHANCE_PLAYER], "", tuple(labels), odds)


def _lines(tree: FileTree, title: str, comment: str) -> Iterator[str]:
    yield f"EFG 2 R {quoted(title)} {listed(tree.players)}"
    yield quoted(comment)
    yield ""
    for node in tree.nodes:
        outcome = _outcome(tree, node)
        if node.set == NONE:
            yield f"t {quoted(node.label)} {outcome}"
            continue
        item = tree.sets[node.set]
        if item.player == CHANCE_PLAYER:
            branches = " ".join(f"{quoted(label)} {odd}" for label, odd in zip(item.actions, item.odds, strict=True))
            yield f"c {quoted(node.label)} {item.number} {quoted(item.label)} {{ {branches} }} {outcome}"
        else:
            actions = listed(item.actions)
            yield f"p {quoted(node.label)} {item.player} {item.number} {quoted(item.label)} {actions} {outcome}"


def _outcome(tree: FileTree, node: FileNode) -> str:
    if node.outcome == NONE:
        return "0"
    item = tree.outcomes[node.outcome]
    return f"{item.number} {quoted(item.label)} {{ {amounts(item.payoffs)} }}"
