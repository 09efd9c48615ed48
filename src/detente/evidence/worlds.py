"""Evidence that is a move in the game: what each type would have done, over many draws of the game.

Each draw (a world w with its own payoffs, priors and equilibrium) gives the probability of the observed moves under
each type. Worlds are weighted jointly,

    weight(w, t) proportional to  share(w) prior_w(t) P_w(moves | t) exp(score_w(t)),

and then summed over worlds. A second move's probability is the one given the first, in the same world: averaging each
move over worlds first and multiplying would forget that the world that explains one explains the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats
from detente.errors import RequestError


@dataclass(frozen=True, eq=False)
class WeightedWorlds:
    """Types and worlds after the observed moves.

    Attributes:
        point: [types] posterior, summed over worlds.
        by_draw: [draws, types] posterior within each world; NaN in excluded ones.
        weight: [draws] posterior weight of each world; they sum to 1, 0 for excluded ones.
        p05: [types] 5 % quantile over worlds, by weight.
        p95: [types] 95 % quantile.
        effective: Effective number of draws, 1 / sum of squared weights: from 1 to the number of draws.
        excluded: Prior weight of the worlds whose moves have no known probability (unsolved draws), in [0, 1].
        lowest: [types] posterior had the excluded worlds all spoken against the type.
        highest: [types] posterior had they all spoken for it.
    """

    point: Floats
    by_draw: Floats
    weight: Floats
    p05: Floats
    p95: Floats
    effective: float
    excluded: float
    lowest: Floats
    highest: Floats


def weigh_worlds(
    prior: Floats, moves: Sequence[Floats], *, score: Floats | None = None, share: Floats | None = None
) -> WeightedWorlds:
    """Weigh worlds and types by the moves they would have made, and by other evidence.

    Args:
        prior: [draws, types] probabilities of the types in each world.
        moves: One [draws, types] array per observed move, in order: the probability of the move under each type given
            the moves before. NaN marks a world in which it is not known.
        score: [draws, types] or [types] log scores of the other evidence.
        share: [draws] prior weights of the worlds; default even.

    Raises:
        RequestError: The shapes differ, a number is not a probability, or the moves are impossible in every world.
    """
    prior = np.asarray(prior, dtype=np.float64)
    joint = _log_joint(prior, moves, score, share)
    usable = _known(joint)
    heights = np.where(usable[:, None], joint, -np.inf)
    top = float(heights.max())
    if top == -np.inf:
        raise RequestError(
            "the observed moves are impossible in every world that could be solved; "
            "compute the moves at a finite precision, at which every move has some probability"
        )
    mass = np.exp(heights - top)
    total = mass.sum(axis=1)
    weight = total / total.sum()
    by_draw = np.divide(mass, total[:, None], out=np.full_like(mass, np.nan), where=total[:, None] > 0)
    point = mass.sum(axis=0) / mass.sum()
    start = _shares(share, len(prior))
    with np.errstate(over="ignore"):  # an excluded world far above the others leaves nothing settled
        unknown = np.where(usable[:, None], 0.0, np.exp(_log_joint(prior, (), score, share) - top)).sum(axis=0)
    lowest, highest = _either_way(mass.sum(axis=0), unknown)
    low, high = (weighted_quantiles(by_draw, weight, level) for level in (0.05, 0.95))
    return WeightedWorlds(
        point=point,
        by_draw=by_draw,
        weight=weight,
        p05=low,
        p95=high,
        effective=float(1.0 / (weight**2).sum()),
        excluded=float(start[~usable].sum()),
        lowest=lowest,
        highest=highest,
    )


def move_likelihoods(prior: Floats, moves: Sequence[Floats], *, share: Floats | None = None) -> Floats:
    """[moves, types] strategic likelihood of each move given the moves before it, over all worlds.

    Their product along the moves is the likelihood of the whole history, so that multiplying them into the prior over
    types gives what `weigh_worlds` gives. Worlds in which a move is not known are left out. Where all types would do
    the same, a row is the same for all types and its likelihood ratio is 1.

    Args:
        prior: [draws, types] probabilities of the types in each world.
        moves: As for `weigh_worlds`.
        share: [draws] prior weights of the worlds; default even.

    Raises:
        RequestError: As for `weigh_worlds`.
    """
    prior = np.asarray(prior, dtype=np.float64)
    known = _known(_log_joint(prior, moves, None, share))
    weight = (_shares(share, len(prior))[:, None] * prior)[known]
    rows: list[Floats] = []
    for move in moves:
        after = weight * np.asarray(move, dtype=np.float64)[known]
        before, now = weight.sum(axis=0), after.sum(axis=0)
        rows.append(np.divide(now, before, out=np.zeros_like(now), where=before > 0))
        weight = after
    return np.array(rows, dtype=np.float64).reshape(len(moves), prior.shape[1])


def weighted_quantiles(values: Floats, weight: Floats, level: float) -> Floats:
    """[types] lowest value of each column up to which at least `level` of the weight lies.

    Args:
        values: [draws, types]; rows of weight 0 are ignored and may be NaN.
        weight: [draws] weights that are not negative, not all 0.
        level: Share of the weight, in (0, 1].
    """
    used = weight > 0
    values, weight = values[used], weight[used] / weight[used].sum()
    order = np.argsort(values, axis=0, kind="stable")
    reached = np.cumsum(weight[order], axis=0)
    row = np.minimum((reached < level - 1e-12).sum(axis=0), len(values) - 1)
    return np.take_along_axis(np.take_along_axis(values, order, axis=0), row[None, :], axis=0)[0]


def _log_joint(prior: Floats, moves: Sequence[Floats], score: Floats | None, share: Floats | None) -> Floats:
    """[draws, types] log of share x prior x moves x other evidence; NaN where a move is not known."""
    if prior.ndim != 2 or not prior.size or not ((prior >= 0) & (prior <= 1)).all():
        raise RequestError("the priors must be probabilities, one row per world and one column per type")
    with np.errstate(divide="ignore"):
        joint = np.log(prior) + np.log(_shares(share, len(prior)))[:, None]
        for number, move in enumerate(moves, 1):
            chance = np.asarray(move, dtype=np.float64)
            if chance.shape != prior.shape or (chance < 0).any() or (chance > 1 + 1e-9).any():
                raise RequestError(f"move {number} needs a probability per world and type, {prior.shape}")
            # A type without prior weight has no say in whether a world is known.
            joint = joint + np.where(prior > 0, np.log(chance), 0.0)
    if score is not None:
        joint = joint + np.asarray(score, dtype=np.float64)
    return joint


def _known(joint: Floats) -> Bools:
    """[draws] whether the moves of a world have a known probability."""
    return np.logical_not(np.isnan(joint).any(axis=1), dtype=np.bool_)


def _shares(share: Floats | None, draws: int) -> Floats:
    chosen = np.ones(draws) if share is None else np.asarray(share, dtype=np.float64)
    if chosen.shape != (draws,) or not (chosen >= 0).all() or not chosen.sum() > 0:
        raise RequestError(f"the weights of {draws} worlds must be as many numbers, not negative, not all 0")
    return chosen / chosen.sum()


def _either_way(mass: Floats, unknown: Floats) -> tuple[Floats, Floats]:
    """[types] posterior if excluded worlds count fully against, or fully for, each type."""
    against = unknown.sum() - unknown
    lowest = mass / (mass.sum() + against)
    highest = np.ones_like(mass)
    finite = np.isfinite(unknown)
    highest[finite] = (mass + unknown)[finite] / (mass.sum() + unknown[finite])
    return lowest, highest
