"""Derivatives of an equilibrium with respect to the numbers of its game, by implicit differentiation.

Within a regime (as long as the same actions are in use) an equilibrium is a smooth function of
payoffs and chance: used actions stay indifferent where players mix, and nothing else changes. At the
edge of a regime there is no derivative, and none is given.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.axes import Bools, Floats
from detente.game import Assessment, GameNumbers, TreeShape, beliefs_from_logs
from detente.solvers.regime import Smoothness, move_equilibrium, move_qre
from detente.solvers.tangent import Motion, Point

SHARP = 2e7  # precision of trembles where no witness tells one


@dataclass(frozen=True, eq=False)
class NumberMotion:
    """How the numbers of a game move with parameters.

    Attributes:
        payoff: [draws, params, terminals, players] derivative of each payoff.
        chance: [draws, params, chance_edges] derivative of each chance probability; a chance node's sum to zero.
    """

    payoff: Floats
    chance: Floats

    @property
    def num_params(self) -> int:
        """Number of parameters."""
        return self.payoff.shape[1]


@dataclass(frozen=True, eq=False)
class Derivatives:
    """Derivatives of an equilibrium with respect to parameters; NaN where there is none.

    Attributes:
        strategy: [draws, params, actions] of action probabilities. At information sets that play does not
            reach and where the mover mixes, NaN alone does not make the rest undefined.
        value: [draws, params, players] of expected payoffs, in payoff units per unit of the parameter.
        terminal: [draws, params, terminals] of the probability of each end.
        smoothness: [draws, params] a `Smoothness` each; the rows of the others are NaN unless it is `smooth`.
    """

    strategy: Floats
    value: Floats
    terminal: Floats
    smoothness: NDArray[np.int8]

    @property
    def smooth(self) -> Bools:
        """[draws, params] where there are derivatives."""
        return np.asarray(self.smoothness == Smoothness.smooth, dtype=np.bool_)


def equilibrium_derivatives(
    shape: TreeShape, numbers: GameNumbers, assessment: Assessment, scale: Floats, motion: NumberMotion
) -> Derivatives:
    """Differentiate certified equilibria inside their regime.

    Args:
        shape: A game with perfect recall.
        numbers: Payoffs and chance probabilities.
        assessment: An equilibrium per draw; certify it first. Which actions have positive probability is the
            regime. Beliefs off the path are taken to move as on the logit branch, which matters only where
            players mix off the path.
        scale: [draws, players] payoff ranges: what ties are measured in.
        motion: How payoffs and chance move.

    Returns:
        The derivatives, NaN at kinks. They say nothing about which equilibrium is selected elsewhere.

    Reference: implicit function theorem on the indifference conditions, as in McKelvey and Palfrey (1998) for the
        logit form; Govindan and Wilson (2003) on regularity.
    """
    draws, params = numbers.num_draws, motion.num_params
    found = _empty(shape, draws, params)
    precision = SHARP if assessment.witness is None else float(assessment.witness.precision[-1])
    for draw in range(draws):
        with np.errstate(all="ignore"):
            point, payoff = _scaled_point(shape, numbers, assessment, scale, motion, draw)
            step, code = move_equilibrium(point, payoff, motion.chance[draw].T, precision)
            _write(found, draw, point, numbers, motion, step, code)
    return found


def qre_derivatives(
    shape: TreeShape, numbers: GameNumbers, assessment: Assessment, lam: Floats | float, motion: NumberMotion
) -> Derivatives:
    """Differentiate agent quantal response equilibria at a fixed precision.

    Args:
        shape: A game with perfect recall.
        numbers: Payoffs and chance probabilities.
        assessment: A quantal response equilibrium per draw, of full support.
        lam: Precision in 1 / payoff unit, one number or [draws, players]; held fixed.
        motion: How payoffs and chance move.

    Returns:
        The derivatives; NaN where branches turn or meet, so that the equations are singular.

    Reference: McKelvey and Palfrey (1998).
    """
    draws = numbers.num_draws
    found = _empty(shape, draws, motion.num_params)
    precision = np.broadcast_to(np.asarray(lam, dtype=np.float64), (draws, shape.num_players))
    scale = np.ones((draws, shape.num_players))
    if assessment.witness is not None:
        logs = assessment.witness.log_strategy[-1]
        assessment = Assessment(assessment.strategy, beliefs_from_logs(shape, numbers.chance, logs))
    for draw in range(draws):
        with np.errstate(all="ignore"):
            point, payoff = _scaled_point(shape, numbers, assessment, scale, motion, draw)
            step, code = move_qre(point, payoff, motion.chance[draw].T, precision[draw])
            _write(found, draw, point, numbers, motion, step, code)
    return found


def _empty(shape: TreeShape, draws: int, params: int) -> Derivatives:
    return Derivatives(
        strategy=np.full((draws, params, shape.num_actions), np.nan),
        value=np.full((draws, params, shape.num_players), np.nan),
        terminal=np.full((draws, params, shape.num_terminals), np.nan),
        smoothness=np.full((draws, params), Smoothness.not_finite, dtype=np.int8),
    )


def _scaled_point(
    shape: TreeShape, numbers: GameNumbers, assessment: Assessment, scale: Floats, motion: NumberMotion, draw: int
) -> tuple[Point, Floats]:
    """One draw in units of the payoff ranges, with how its payoffs move [terminals, players, params]."""
    unit = np.where(scale[draw] > 0.0, scale[draw], 1.0)
    payoff = np.moveaxis(motion.payoff[draw], 0, -1) / unit[:, None]
    middle = (numbers.payoff[draw].min(axis=0) + numbers.payoff[draw].max(axis=0)) / 2  # rounding in units of the range
    point = Point.of(
        shape,
        (numbers.payoff[draw] - middle) / unit,
        numbers.chance[draw],
        assessment.strategy[draw],
        assessment.belief[draw],
    )
    return point, payoff


def _write(
    found: Derivatives,
    draw: int,
    point: Point,
    numbers: GameNumbers,
    motion: NumberMotion,
    step: Floats,
    code: NDArray[np.int8],
) -> None:
    """Put the derivatives of one draw where they belong; `step` is [actions, params]."""
    found.smoothness[draw] = code
    good = np.flatnonzero(code == Smoothness.smooth)
    if not len(good):
        return
    found.strategy[draw, good] = step[:, good].T
    still = np.nan_to_num(step[:, good])  # where mixing off the path has no derivative, no end depends on it
    ends = point.terminal_tangent(Motion(still, still, None, motion.chance[draw, good].T))
    found.terminal[draw, good] = ends.T
    odds = point.reach[point.shape.terminal_nodes]
    found.value[draw, good] = ends.T @ numbers.payoff[draw] + np.einsum("t,ktp->kp", odds, motion.payoff[draw, good])


def terminal_derivatives(
    shape: TreeShape, chance: Floats, d_chance: Floats, strategy: Floats, d_strategy: Floats
) -> Floats:
    """Derivatives of the probability of each end of a game, for any odds of nature.

    Args:
        shape: The game.
        chance: [draws, chance_edges] chance probabilities, such as those in somebody's own judgment.
        d_chance: [draws, params, chance_edges] their derivatives.
        strategy: [draws, actions] behavior strategy profile.
        d_strategy: [draws, params, actions] its derivatives; NaN counts as 0.

    Returns:
        [draws, params, terminals] derivatives.
    """
    found = np.empty((*d_strategy.shape[:2], shape.num_terminals))
    payoff = np.zeros((shape.num_terminals, shape.num_players))
    belief = np.zeros(shape.num_nodes)
    for draw in range(len(strategy)):
        point = Point.of(shape, payoff, chance[draw], strategy[draw], belief)
        step = np.nan_to_num(d_strategy[draw].T)
        found[draw] = point.terminal_tangent(Motion(step, step, None, d_chance[draw].T)).T
    return found
