"""The games of the cross-check: random, two to four players, imperfect information, chance, payoff ranges of one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from detente.game import BuiltGame, GameNumbers
from game.random_games import random_game


def cross_game(seed: int) -> BuiltGame:
    """Game number `seed`, with every player's payoffs divided by their range, so that regrets are shares of it."""
    rng = np.random.default_rng([seed, 0xC0DE])
    players = int(rng.integers(2, 5))
    size = int(rng.integers(8, 36))
    merge, chance = float(rng.uniform(0.3, 0.9)), float(rng.uniform(0.05, 0.35))
    while True:
        game = random_game(rng, num_nodes=size, num_players=players, merge=merge, chance=chance)
        if game.shape.num_infosets >= 2:
            break
    spread = np.ptp(game.numbers.payoff, axis=1)
    return replace(game, numbers=GameNumbers(game.numbers.payoff / spread[:, None, :], game.numbers.chance))
