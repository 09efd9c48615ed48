"""What a posture comes to in each draw: one equilibrium, or several reached with stated weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.compiler import CompiledPosture
from detente.study.games import Solved

Mask: TypeAlias = "Callable[[CompiledPosture], Bools]"
"""Gives the terminals meant, for any of the trees a posture may come to."""


@dataclass(frozen=True, eq=False)
class Part:
    """An equilibrium reached in some draws.

    Attributes:
        solved: The equilibria.
        rows: [entries] draw of each entry of `solved`.
        weight: [entries] probability that the draw comes to it (a public signal's; 1 without one).
        probe: The same profiles a little away from a belief at which somebody is exactly indifferent, which
            is where other equilibria are to be looked for (rule 14); None if `solved` serves.
    """

    solved: Solved
    rows: Ints
    weight: Floats
    probe: Callable[[], Solved] | None = None


@dataclass(frozen=True, eq=False)
class Played:
    """A posture over a batch of draws.

    Attributes:
        posture: Its name.
        draws: How many draws.
        parts: What they come to.
        certified: [draws] whether everything the draw comes to is certified.
        optimal: Per draw, what `optimal` came out as; empty for postures without.
    """

    posture: str
    draws: int
    parts: tuple[Part, ...]
    certified: Bools
    optimal: tuple[dict[str, Any], ...] = field(default=())

    def total(self, amount: Callable[[Solved], Floats]) -> Floats:
        """[draws] weighted sum over the parts of an amount per distinct game."""
        sums = np.zeros(self.draws)
        for part in self.parts:
            np.add.at(sums, part.rows, part.weight * amount(part.solved)[part.solved.inverse])
        return sums

    def probability(self, mask: Mask, player: int | None = None) -> Floats:
        """[draws] probability of the terminals meant, as everybody believes or as a player weighs them."""
        return self.total(lambda solved: solved.weight(player, mask(solved.game.compiled)))

    def value(self, player: int, mask: Mask | None = None) -> Floats:
        """[draws] expected payoff of a player, given a condition; NaN where the condition has no probability."""
        if mask is None:
            return self.total(lambda solved: solved.payoff(player))
        sums = self.total(lambda solved: solved.payoff(player, mask(solved.game.compiled)))
        weight = self.probability(mask, player)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(weight > 1e-14, sums / weight, np.nan)

    def values(self) -> Floats:
        """[draws, players] expected payoffs, the owner's as it judges."""
        players = len(self.parts[0].solved.game.compiled.shape.players)
        return np.column_stack([self.value(player) for player in range(players)])

    def value_by_type(self) -> Floats:
        """[draws, own labels] the owner's value by its own type; NaN for types that do not occur."""
        game = self.parts[0].solved.game
        columns: list[Floats] = []
        for label in range(len(game.own_labels)):
            sums = self.total(lambda solved, k=label: solved.payoff(solved.game.owner, solved.game.own_masks[k]))
            weight = self.total(lambda solved, k=label: solved.weight(solved.game.owner, solved.game.own_masks[k]))
            with np.errstate(invalid="ignore", divide="ignore"):
                columns.append(np.where(weight > 1e-14, sums / weight, np.nan))
        return np.column_stack(columns)

    def outcomes(self) -> Floats:
        """[draws, outcomes] probability of each named outcome."""
        names = self.parts[0].solved.game.compiled.outcome_names
        columns = [self.probability(lambda compiled, k=k: compiled.outcome_at[k]) for k in range(len(names))]
        return np.column_stack(columns) if columns else np.zeros((self.draws, 0))

    def not_modelled(self) -> Floats:
        """[draws] probability of endings after which the case no longer applies."""
        return self.probability(lambda compiled: compiled.not_modelled_at)
