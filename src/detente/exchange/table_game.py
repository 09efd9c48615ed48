"""From the table of a file to a game: the players move one after another, and nobody sees what the others did."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np

from detente.axes import Ints
from detente.exchange.labels import unique
from detente.exchange.records import NONE, ExactNumbers, FileTable
from detente.exchange.tree_game import shape_of
from detente.game import (
    DECISION,
    NO_PARENT,
    NOT_A_DECISION,
    TERMINAL,
    BuiltGame,
    GameNumbers,
    InfosetLabel,
)


def table_game(table: FileTable) -> tuple[BuiltGame, ExactNumbers]:
    """The game a table file stands for; each player has one information set, called by the player's name.

    Returns:
        The game with one draw, and its exact numbers.
    """
    counts = [len(names) for names in table.strategies]
    players = unique(table.players, [f"Player {k + 1}" for k in range(len(table.players))])
    levels = [math.prod(counts[:k]) for k in range(len(counts) + 1)]
    level: Ints = np.repeat(np.arange(len(levels), dtype=np.int32), levels)
    inner = level < len(counts)
    count = np.where(inner, np.array([*counts, 0])[level], 0).astype(np.int32)
    first = np.where(inner, 1 + np.cumsum(count) - count, 0).astype(np.int32)
    parent = np.full(len(level), NO_PARENT, dtype=np.int32)
    parent[1:] = np.repeat(np.arange(len(level)), count)
    kind = np.where(inner, DECISION, TERMINAL).astype(np.int32)
    infoset = np.where(inner, level, NOT_A_DECISION).astype(np.int32)
    movers: Ints = np.arange(len(players), dtype=np.int32)
    shape = shape_of(players, (parent, kind, count, first, infoset), movers, counts)
    labels = tuple(
        InfosetLabel(player, player, (), unique(names)) for player, names in zip(players, table.strategies, strict=True)
    )
    options = [label.options for label in labels]
    edge_label = [""]
    for k, size in enumerate(levels[:-1]):
        edge_label.extend(options[k] * size)
    nothing = (Fraction(0),) * len(players)
    places = [table.entries[profile] for profile in profiles_by_terminal(counts).tolist()]
    rows = tuple(nothing if place == NONE else table.outcomes[place].payoffs for place in places)
    outcome = tuple("" if place == NONE else table.outcomes[place].label for place in places)
    payoff = np.array([[float(amount) for amount in row] for row in rows], dtype=np.float64)
    seen: dict[Fraction, int] = {}
    classes = np.array([[seen.setdefault(amount, len(seen)) for amount in row] for row in rows], dtype=np.int32)
    shape = replace(shape, payoff_class=classes, chance_class=np.zeros(0, dtype=np.int32))
    game = BuiltGame(shape, GameNumbers(payoff[None], np.empty((1, 0))), labels, tuple(edge_label), outcome)
    return game, ExactNumbers(rows, ())


def profiles_by_terminal(counts: list[int]) -> Ints:
    """[terminals] number of the profile of each terminal node of the tree, the first player's strategy fastest."""
    return np.arange(math.prod(counts), dtype=np.int32).reshape(counts[::-1]).T.ravel()
