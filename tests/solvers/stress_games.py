"""Games on the edge of what is legal: ties, forced moves, impossible chance, extreme payoffs, long and wide trees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from detente.game import BuiltGame, GameNumbers, TreeBuilder
from game.random_games import random_game


def unit_range(numbers: GameNumbers) -> np.ndarray:
    """[draws, players] payoff ranges; one where a player gets the same everywhere."""
    spread = np.ptp(numbers.payoff, axis=1)
    return np.where(spread > 0, spread, 1.0)


def some_game(rng: np.random.Generator, **options) -> BuiltGame:
    """A random game of random size with at least one information set."""
    fixed = {"num_nodes": int(rng.integers(8, 50)), "num_players": int(rng.integers(1, 5)), "draws": 2, **options}
    while True:
        game = random_game(rng, **fixed)
        if game.shape.num_infosets:
            return game


def changed(game: BuiltGame, payoff: np.ndarray) -> BuiltGame:
    return replace(game, numbers=GameNumbers(payoff, game.numbers.chance))


def with_ties(rng: np.random.Generator) -> BuiltGame:
    """Payoffs among -1, 0 and 1 only: most games have many exact ties."""
    game = some_game(rng)
    return changed(game, np.round(game.numbers.payoff / 2))


def with_large_chance(rng: np.random.Generator) -> BuiltGame:
    """Mostly chance moves, some branches of probability zero."""
    return some_game(rng, chance=0.7)


def with_forced_moves(rng: np.random.Generator) -> BuiltGame:
    """Information sets with one action among others."""
    return some_game(rng, min_width=1, max_width=2)


def with_one_player(rng: np.random.Generator) -> BuiltGame:
    return some_game(rng, num_players=1, merge=0.8)


def with_four_players(rng: np.random.Generator) -> BuiltGame:
    return some_game(rng, num_players=4, num_nodes=60, merge=0.7)


def with_one_indifferent_player(rng: np.random.Generator) -> BuiltGame:
    """A player who gets the same everywhere."""
    game = some_game(rng, num_players=2)
    payoff = game.numbers.payoff.copy()
    payoff[:, :, 0] = 0.7
    return changed(game, payoff)


def with_nothing_at_stake(rng: np.random.Generator) -> BuiltGame:
    game = some_game(rng)
    return changed(game, np.zeros_like(game.numbers.payoff))


def with_extreme_units(rng: np.random.Generator) -> BuiltGame:
    """Each player's payoffs in units of 1e-9 to 1e9, moved by up to a million times their range."""
    game = some_game(rng)
    players = game.shape.num_players
    unit = 10.0 ** rng.uniform(-9, 9, players)
    shift = rng.choice([0.0, 1.0, -1e3, 1e6], players)
    return changed(game, (game.numbers.payoff + shift) * unit)


def with_uneven_payoffs(rng: np.random.Generator) -> BuiltGame:
    """Payoffs of one player that differ by nine orders of magnitude among themselves."""
    game = some_game(rng)
    size = 10.0 ** rng.uniform(-9, 0, game.numbers.payoff.shape)
    return changed(game, game.numbers.payoff * size)


def with_many_actions(rng: np.random.Generator) -> BuiltGame:
    """Thirty actions at each of two sets, the second without seeing the first."""
    tree = TreeBuilder("row", "column")

    def reply():
        return tree.decision("column", "reply", {f"c{k}": tree.terminal(*rng.uniform(-1, 1, 2)) for k in range(30)})

    return tree.build(tree.decision("row", "move", {f"r{k}": reply() for k in range(30)}))


def with_long_chain(rng: np.random.Generator, length: int = 200) -> BuiltGame:
    """Two players in turn stop or go on; every fourth move is not seen by the next mover's type."""
    tree = TreeBuilder("A", "B")

    def end():
        return tree.terminal(*rng.uniform(-1, 1, 2))

    def chain(kind: str):
        node = end()
        for move in reversed(range(length)):
            who = "AB"[move % 2]
            name = f"B{move}" if who == "B" else f"A{move}{kind}"
            node = tree.decision(who, name, {"stop": end(), "go": node})
        return node

    return tree.build(tree.chance({"x": (0.5, chain("x")), "y": (0.5, chain("y"))}))


def with_wide_chance(rng: np.random.Generator, width: int = 300) -> BuiltGame:
    """One of many states is drawn, seen by the first mover and not by the second."""
    tree = TreeBuilder("A", "B")
    branches = {}
    for state in range(width):
        after = {}
        for sent in ("high", "low"):
            ends = {act: tree.terminal(*rng.uniform(-1, 1, 2)) for act in ("yield", "fight")}
            after[sent] = tree.decision("B", f"B {sent}", ends)
        branches[str(state)] = (1.0 / width, tree.decision("A", f"A {state}", after))
    return tree.build(tree.chance(branches))


def without_choices(rng: np.random.Generator) -> BuiltGame:
    """Chance alone."""
    tree = TreeBuilder("A", "B")
    ends = {str(k): (0.25, tree.terminal(*rng.uniform(-1, 1, 2))) for k in range(4)}
    return tree.build(tree.chance(ends))


SMALL: dict[str, Callable[[np.random.Generator], BuiltGame]] = {
    "ties": with_ties,
    "much chance": with_large_chance,
    "forced moves": with_forced_moves,
    "one player": with_one_player,
    "four players": with_four_players,
    "one indifferent player": with_one_indifferent_player,
    "nothing at stake": with_nothing_at_stake,
    "extreme units": with_extreme_units,
    "uneven payoffs": with_uneven_payoffs,
    "no choices": without_choices,
}
LARGE: dict[str, Callable[[np.random.Generator], BuiltGame]] = {
    "many actions": with_many_actions,
    "long chain": with_long_chain,
    "wide chance": with_wide_chance,
}
