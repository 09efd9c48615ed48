"""What can be measured of an assessment before it is given a name: regrets, Bayes' rule, witnesses."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.game.belief import barred_nodes, reach_of_sets
from detente.game.sweep import edge_table, in_every, largest, segment_all, segment_max, segment_sum
from detente.game.tree import Assessment, GameNumbers, TreeShape
from detente.game.values import action_rows
from detente.game.witness import sets_needing_witness, witness_distance

SMALLEST = float(np.finfo(np.float64).tiny)  # below it a double has lost digits, so ratios mean nothing


@dataclass(frozen=True, eq=False)
class Findings:
    """Measures of an assessment, per draw; whatever cannot be judged is inf.

    Attributes:
        playable: [draws] whether the strategy is one: finite, not negative, summing to one everywhere.
        stated: [draws] whether beliefs are probabilities at every set too, 0 at barred nodes.
        regret: [draws] largest gain from a deviation at one information set.
        on_path_regret: [draws] the same over sets reached with positive probability.
        worst: [draws] set of the largest gain, -1 if there are none.
        residual: [draws] largest difference between a belief and Bayes' rule where it applies.
        distance: [draws] distance to the witness where one is needed, else 0.
    """

    playable: Bools
    stated: Bools
    regret: Floats
    on_path_regret: Floats
    worst: Ints
    residual: Floats
    distance: Floats

    @classmethod
    def joined(cls, parts: list[Self]) -> Self:
        """Findings of consecutive chunks of draws as one."""
        return cls(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(cls)})


def scaled(numbers: GameNumbers, scale: Floats) -> GameNumbers:
    """Payoffs measured from the middle of their range, in units of `scale` [draws, players].

    Measuring from the middle keeps rounding errors relative to the range, whatever the level. A
    player who gets the same everywhere has payoff 0, whatever its scale.
    """
    low, high = numbers.payoff.min(axis=1), numbers.payoff.max(axis=1)
    with np.errstate(all="ignore"):
        payoff = (numbers.payoff - (low / 2 + high / 2)[:, None, :]) / scale[:, None, :]
    payoff = np.where((low == high)[:, None, :], 0.0, payoff)
    return GameNumbers(payoff, numbers.chance)


def judge(shape: TreeShape, numbers: GameNumbers, assessment: Assessment, tol: float) -> Findings:
    """Measure an assessment at every information set.

    Args:
        shape: A game with perfect recall.
        numbers: Payoffs, already divided by what regrets are measured in, and chance probabilities.
        assessment: Strategy profile, beliefs and witness.
        tol: Tolerance on sums of probabilities.

    Returns:
        The findings, per draw.
    """
    # Probabilities that have lost digits count as 0: Bayes' rule could not be checked against them.
    strategy = np.where(np.abs(assessment.strategy) < SMALLEST, 0.0, assessment.strategy)
    belief = _with_single_nodes(shape, assessment.belief)
    barred = barred_nodes(shape, numbers.chance)
    set_of_row = shape.infoset[shape.member_nodes]
    with np.errstate(all="ignore"):
        playable = in_every(_sum_to_one(strategy.T, shape.action_start[:-1], tol))
        stated = _stated_sets(shape, belief, barred, tol)
        bayes, reached = reach_of_sets(shape, numbers.chance, strategy)
        regret = np.where(stated, _regret(shape, numbers, strategy, belief), np.inf)
        residual = np.where(reached[set_of_row], np.abs(belief - bayes)[shape.member_nodes], 0.0)
    regret = np.where(np.isfinite(regret) & playable, regret, np.inf)
    residual = np.where(np.isfinite(residual) & playable, residual, np.inf)
    needed = ~in_every(~sets_needing_witness(shape, reached, barred))
    filled = Assessment(strategy, belief.T, assessment.witness)
    return Findings(
        playable=playable,
        stated=in_every(stated) & playable,
        regret=largest(regret),
        on_path_regret=largest(np.where(reached, regret, 0.0)),
        worst=_worst(regret),
        residual=largest(residual),
        distance=_distance(shape, numbers.chance, filled, needed),
    )


def _with_single_nodes(shape: TreeShape, belief: Floats) -> Floats:
    """[nodes, draws] the beliefs, with 1 filled in where they are undefined at a set with a single node."""
    rows = belief.T.copy()
    sizes = np.bincount(shape.infoset[shape.member_nodes], minlength=shape.num_infosets)
    single = shape.member_nodes[sizes[shape.infoset[shape.member_nodes]] == 1]
    rows[single] = np.where(np.isnan(rows[single]), 1.0, rows[single])
    return rows


def _sum_to_one(rows: Floats, starts: Ints, tol: float) -> Bools:
    """[segments, draws] whether consecutive rows are probabilities."""
    proper = segment_all(np.isfinite(rows) & (rows >= 0), starts)
    return proper & (np.abs(segment_sum(rows, starts) - 1.0) <= tol)


def _stated_sets(shape: TreeShape, belief: Floats, barred: Bools | None, tol: float) -> Bools:
    """[infosets, draws] whether beliefs are probabilities that give no weight to barred nodes."""
    rows = belief[shape.member_nodes]
    stated = _sum_to_one(rows, shape.member_start, tol)
    if barred is not None:
        stated &= segment_all(~barred[shape.member_nodes] | (rows <= tol), shape.member_start)
    return stated


def _regret(shape: TreeShape, numbers: GameNumbers, strategy: Floats, belief: Floats) -> Floats:
    """[infosets, draws] what the mover's best action gives above what its strategy gives."""
    edge = edge_table(shape, strategy, numbers.chance, 1.0)
    values = action_rows(shape, edge, numbers.payoff, belief)
    starts = shape.action_start[:-1]
    above = segment_max(values, starts)[shape.action_infoset] - values
    return segment_sum(strategy.T * above, starts)


def _worst(regret: Floats) -> Ints:
    if not len(regret):
        return np.full((regret.shape[1],), -1, dtype=np.int32)
    return np.asarray(np.argmax(regret, axis=0), dtype=np.int32)


def _distance(shape: TreeShape, chance: Floats, assessment: Assessment, needed: Bools) -> Floats:
    """[draws] distance to the witness in the draws that need one, else 0."""
    distance = np.zeros(len(needed))
    if needed.any():
        rows = np.flatnonzero(needed).astype(np.int32)
        distance[rows] = witness_distance(shape, chance[rows], assessment.take(rows))
    return distance
