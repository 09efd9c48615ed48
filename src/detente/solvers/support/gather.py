"""Equilibria from several sources put together: certified, duplicates merged, one row per way of ending the game."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.axes import Floats
from detente.game import (
    BACKWARD_INDUCTION,
    NASH,
    SEQUENTIAL,
    UNSETTLED,
    Assessment,
    GameNumbers,
    TreeShape,
    bayes_beliefs,
    certify,
    expected_payoffs,
    terminal_probability,
)

SAME_ENDINGS = 1e-6
RANK = {BACKWARD_INDUCTION: 0, SEQUENTIAL: 0, NASH: 1}


@dataclass(frozen=True, eq=False)
class Row:
    """One certified equilibrium.

    Attributes:
        assessment: One row.
        kind: Its certificate. endings: [terminals] probability of each ending. payoffs: [players].
    """

    assessment: Assessment
    kind: str
    endings: Floats
    payoffs: Floats

    @property
    def strategy(self) -> Floats:
        """[actions] its strategy profile."""
        return self.assessment.strategy[0]

    @property
    def refined(self) -> bool:
        """Whether it is sequential, by backward induction or not."""
        return RANK[self.kind] == 0


@dataclass(frozen=True, eq=False)
class Judge:
    """Certifies the equilibria of one draw of one game.

    Attributes:
        shape: The game. numbers: the draw. scale: [1, players] payoff ranges.
    """

    shape: TreeShape
    numbers: GameNumbers
    scale: Floats

    def rows(self, assessment: Assessment) -> list[Row]:
        """Those rows of an assessment that are certified."""
        count = len(assessment.strategy)
        if not count:
            return []
        many = GameNumbers(np.repeat(self.numbers.payoff, count, axis=0), np.repeat(self.numbers.chance, count, axis=0))
        kinds = certify(self.shape, many, assessment, np.repeat(self.scale, count, axis=0)).kinds
        good = [k for k, kind in enumerate(kinds) if kind != UNSETTLED]
        if not good:
            return []
        chosen = np.array(good, dtype=np.int32)
        some = assessment.take(chosen)
        payoffs = expected_payoffs(self.shape, many.take(chosen), some.strategy)
        endings = terminal_probability(self.shape, many.chance[chosen], some.strategy)
        return [Row(some.take(slice(i, i + 1)), kinds[k], endings[i], payoffs[i]) for i, k in enumerate(good)]

    def profiles(self, strategies: Floats) -> list[Row]:
        """Those of some strategy profiles [rows, actions] that are Nash equilibria, with Bayes' rule only."""
        chance = np.repeat(self.numbers.chance, len(strategies), axis=0)
        return self.rows(Assessment(strategies, bayes_beliefs(self.shape, chance, strategies)))


def same_endings(one: Row, two: Row) -> bool:
    """Whether two equilibria lead to the same endings with the same probabilities."""
    return bool(np.abs(one.endings - two.endings).max(initial=0.0) <= SAME_ENDINGS)


def merged(rows: list[Row]) -> list[Row]:
    """One row per way of ending the game, the best certificate first found for it."""
    kept: list[Row] = []
    for row in rows:
        for place, other in enumerate(kept):
            if same_endings(row, other):
                if row.refined and not other.refined:
                    kept[place] = row
                break
        else:
            kept.append(row)
    return kept
