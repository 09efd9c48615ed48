"""All fixed points of the crisis signaling game with normal shocks: the numerical half of `lewis_schultz2003`.

Everything is a function of one number z, the normal quantile of B's resistance (p_R = Phi(z)). Given z, A's
cut-off, its odds of challenging and of standing firm follow; so does the value of W_B, B's payoff from war, at which
this z is an equilibrium. That function ``W_B(z)`` is smooth; its extremes are the folds, between which it is
monotone. So every equilibrium is bracketed, those next to a fold (nearly tangent) included.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import log_ndtr, ndtr, ndtri

from detente.axes import Floats

REACH = 9.0
"""Standard deviations from the peak of a normal density at which nothing is left (1e-19)."""
FAR = 37.0
"""Beyond this quantile a probability is 0 or 1 as far as numbers can tell."""
PANELS, NODES = 8, 16
LARGEST = 690.0
"""Logs of odds and densities stop here: the next number would be infinite."""
LEAST = 1e-300
"""Odds that would be smaller are set to this, so that they can be divided by."""
LOG_ROOT_2PI = 0.5 * math.log(2 * math.pi)


def log_best_and_above(above: ArrayLike, lead: float) -> Floats:
    """Log of P(y > above and y + lead > y'), for independent standard normal y and y': the rival is beaten.

    This is the bivariate normal probability Phi2(lead / sqrt 2, -above; 1 / sqrt 2), computed with full relative
    accuracy, however small, by Gauss-Legendre quadrature of the density of y times Phi(y + lead). The
    integrand is log-concave and falls off from its peak at least as fast as a normal density.

    Args:
        above: [points] lower ends.
        lead: By how much the rival is behind, in standard deviations.
    """
    low = np.atleast_1d(np.asarray(above, dtype=np.float64))
    peak = _peak(lead)
    start = np.maximum(low, peak - REACH)
    slope = np.maximum(start - _reversed_hazard(start + lead), 0.0)
    length = np.where(start > peak, np.sqrt(slope**2 + REACH**2) - slope, peak - start + REACH)
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    place = ((np.arange(PANELS)[:, None] + (nodes + 1) / 2) / PANELS).ravel()
    share = np.tile(weights / 2 / PANELS, PANELS)
    y = start[:, None] + length[:, None] * place
    log_density = -0.5 * y**2 - LOG_ROOT_2PI + log_ndtr(y + lead)
    top = log_density.max(axis=1)
    return top + np.log(np.exp(log_density - top[:, None]) @ share) + np.log(length)


def _reversed_hazard(x: ArrayLike) -> Floats:
    """Normal density over distribution function."""
    x = np.asarray(x, dtype=np.float64)
    return np.exp(-0.5 * x**2 - LOG_ROOT_2PI - log_ndtr(x))


def _peak(lead: float) -> float:
    """Where the density of y times Phi(y + lead) is highest."""
    high = max(1.0, -lead + 1.0)
    return float(brentq(lambda y: y - float(_reversed_hazard(y + lead)), 0.0, high, xtol=1e-12))


@dataclass(frozen=True)
class Signals:
    """The game without W_B, which the search does not need.

    Attributes:
        W_A: A's mean payoff from war.
        a: A's mean payoff from backing down.
        V_A: A's payoff if B concedes.
        V_B: B's payoff if A backs down.
        S_A: A's payoff from the status quo; below `V_A`.
        C_B: B's payoff if it concedes.
        sigma: Standard deviation of every shock.
    """

    W_A: float
    a: float
    V_A: float
    V_B: float
    S_A: float
    C_B: float
    sigma: float

    def cutoff(self, z: ArrayLike) -> Floats:
        """A challenges if the better of fighting and backing down is worth at least this to it."""
        z = np.asarray(z, dtype=np.float64)
        odds = np.exp(np.minimum(log_ndtr(-z) - log_ndtr(z), LARGEST))
        return self.S_A - (self.V_A - self.S_A) * odds

    def log_odds_of_either(self, cutoff: ArrayLike) -> tuple[Floats, Floats]:
        """Logs of the odds that A challenges to fight, and that it challenges and will back down."""
        cutoff = np.atleast_1d(np.asarray(cutoff, dtype=np.float64))
        lead = (self.W_A - self.a) / self.sigma
        fight = log_best_and_above((cutoff - self.W_A) / self.sigma, lead)
        return fight, log_best_and_above((cutoff - self.a) / self.sigma, -lead)

    def firm(self, z: ArrayLike) -> Floats:
        """p_F, the odds that a challenger will stand firm."""
        fight, back = self.log_odds_of_either(self.cutoff(z))
        return np.maximum(np.exp(-np.logaddexp(0.0, back - fight)), LEAST)

    def needed(self, z: ArrayLike) -> Floats:
        """W_B at which B resists with exactly these odds, given that A answers them."""
        z = np.atleast_1d(np.asarray(z, dtype=np.float64))
        return self.sigma * z + self.V_B - (self.V_B - self.C_B) / self.firm(z)

    def slope(self, z: ArrayLike) -> Floats:
        """Slope of B's best response to its own odds of resisting (through A's answer), at a fixed point.

        It is the derivative of the map p_R -> f(p_F(p_R)) there, and 1 - slope is that of `needed` over sigma.
        """
        z = np.clip(np.atleast_1d(np.asarray(z, dtype=np.float64)), -1e6, 1e6)
        cutoff = self.cutoff(z)
        fight, back = self.log_odds_of_either(cutoff)
        log_challenge = np.logaddexp(fight, back)
        firm = np.maximum(np.exp(fight - log_challenge), LEAST)
        x = np.maximum((cutoff - self.W_A) / self.sigma, -40.0)
        y = np.maximum((cutoff - self.a) / self.sigma, -40.0)
        at_cut = -LOG_ROOT_2PI - math.log(self.sigma) - log_challenge
        lost = np.exp(at_cut - 0.5 * x**2 + log_ndtr(y))  # fighters that the cut-off loses as it rises
        kept = np.exp(at_cut - 0.5 * y**2 + log_ndtr(x))
        by_cutoff = firm * kept - (1 - firm) * lost
        log_step = -0.5 * z**2 - LOG_ROOT_2PI - 2 * log_ndtr(z)
        by_z = (self.V_A - self.S_A) * np.exp(np.minimum(log_step, LARGEST))
        with np.errstate(over="ignore"):
            return -(self.V_B - self.C_B) / self.sigma * (by_cutoff / firm * by_z) / firm

    def folds(self) -> Floats:
        """Where `needed` turns: quantiles z, rising."""
        return np.array(_folds(self))

    def fixed_points(self, W_B: float) -> list[float]:
        """Every z that is an equilibrium, rising; a fold that is met exactly counts once."""
        limits = self._limits(W_B)
        edges = [limits[0], *(z for z in self.folds() if limits[0] < z < limits[1]), limits[1]]
        height = [float(self.needed(z)[0]) - W_B for z in edges]
        size = max(abs(W_B), abs(self.V_B), self.sigma)
        met = [abs(high) <= 4e-15 * max(size, abs(self.sigma * z)) for z, high in zip(edges, height, strict=True)]
        found = [z for z, hit in zip(edges, met, strict=True) if hit]
        for k in range(len(edges) - 1):
            if height[k] * height[k + 1] < 0 and not met[k] and not met[k + 1]:
                found.append(self._root(W_B, edges[k], edges[k + 1]))
        return sorted(found)

    def _root(self, W_B: float, left: float, right: float) -> float:
        return float(brentq(lambda z: float(self.needed(z)[0]) - W_B, left, right, xtol=1e-15, rtol=1e-15))

    def _limits(self, W_B: float) -> tuple[float, float]:
        """Between which quantiles B's best response always lies, with a margin."""
        ends = 1 / self.firm(np.array([-FAR, FAR]))
        reply = ((self.V_B - self.C_B) * ends + W_B - self.V_B) / self.sigma
        return float(reply.min()) - 1.0, float(reply.max()) + 1.0

    def scan(self) -> Floats:
        """Quantiles so close together that the slope does not pass 1 twice between neighbors.

        Two grids in one: even in z, and in the cut-off, dense where that lies near a mean payoff or between them.
        Where the cut-off is far below both means everybody challenges and the slope is 0.
        """
        low, top = min(self.W_A, self.a) - REACH * self.sigma, self.S_A
        near = [np.linspace(-REACH, REACH, 181) * self.sigma + at for at in (self.W_A, (self.W_A + self.a) / 2, self.a)]
        cuts = np.concatenate([*near, np.linspace(low, max(low, top), 401)])
        z = -ndtri((top - cuts[cuts < top]) / (self.V_A - cuts[cuts < top]))
        start = max(-FAR, float(z.min(initial=FAR)))
        even = np.linspace(start, FAR, 1 + int((FAR - start) / 0.04))
        return np.unique(np.clip(np.concatenate([even, z]), -FAR, FAR))


@lru_cache(maxsize=64)
def _folds(game: Signals) -> tuple[float, ...]:
    z = game.scan()
    rise = np.sign(1 - game.slope(z))
    turns = np.flatnonzero(rise[:-1] * rise[1:] < 0)
    return tuple(float(brentq(lambda at: 1 - float(game.slope(at)[0]), z[i], z[i + 1], xtol=1e-14)) for i in turns)


def best_of_challenge(signals: Signals, cutoff: float) -> float:
    """What the better of A's two last options is worth where it is above the cut-off, times the odds of that.

    The integral of x over the density of the best from the cut-off, by parts.
    """
    s = signals.sigma
    fight, back = (float(np.exp(log[0])) for log in signals.log_odds_of_either(cutoff))
    x, y = (cutoff - signals.W_A) / s, (cutoff - signals.a) / s
    lead = (signals.W_A - signals.a) / s
    both = math.exp(-0.25 * lead**2) / math.sqrt(4 * math.pi) * float(ndtr(-(x + y) / math.sqrt(2)))
    edge = _density(x) * float(ndtr(y)) + _density(y) * float(ndtr(x))
    return signals.W_A * fight + signals.a * back + s * (edge + 2 * both)


def _density(x: float) -> float:
    return math.exp(-0.5 * min(x * x, 1e4)) / math.sqrt(2 * math.pi)
