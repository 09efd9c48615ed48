"""An item that can be staged: a signaling game of two moves, in closed form.

A seen item speaks for the *real* types; the others would like it to be believed. Under type t it comes about by itself
with probability n(t). Where it does not, a type that is not real may stage it at a cost c(t). The observer then sees
the item, however it came about, and believes it or doubts it; to be believed is worth g(t). The observer believes if
the probability of a real type is at least the threshold: acting on a false item costs it `threshold`, acting on a true
one brings `1 - threshold`.

Let k(t) = c(t) / g(t), the least chance of being believed at which staging pays, and let A and B be the prior
probability of a real type with the item, and of another type with the item by itself. The item stays believed while the
probability of false ones is at most A (1 - threshold) / threshold. So the types with k < 1 stage in the order of k
until that room is used up:

- B alone is above the room: the item is doubted, and nobody stages it (`doubted`);
- nobody has k < 1: the item is believed because it cannot be had cheaply (`separating`);
- all with k < 1 together stay within the room: they all stage and are believed (`pooling`);
- otherwise the type on the margin mixes, just so that the observer is indifferent, and the observer believes with
  probability k of that type (`partial`).

The equilibrium is unique except where two of these meet. The likelihood of the item under each type follows
from the staging: n + (1 - n) times the probability of staging.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats
from detente.errors import RequestError

DOUBTED, SEPARATING, POOLING, PARTIAL = "doubted", "separating", "pooling", "partial"


@dataclass(frozen=True, eq=False)
class Staged:
    """The equilibrium of a staged item.

    Attributes:
        stage: [draws, types] probability that a type stages the item where it has not come about by itself.
        believed: [draws] probability that the observer believes the item on seeing it.
        likelihood: [draws, types] probability that the item is seen under each type.
        belief: [draws] probability of a real type once the item is seen.
        kind: [draws] `doubted`, `separating`, `pooling` or `partial`.
    """

    stage: Floats
    believed: Floats
    likelihood: Floats
    belief: Floats
    kind: tuple[str, ...]


def staged(
    natural: Floats, prior: Floats, *, real: Bools, gain: Floats | float, cost: Floats | float, threshold: float = 0.5
) -> Staged:
    """The equilibrium of the game in which an item can be staged.

    Args:
        natural: [types] or [draws, types] probability n that the item comes about by itself, above 0.
        prior: [types] or [draws, types] probabilities of the types, before any evidence.
        real: [types] types of which the item is true; they do not stage it.
        gain: What being believed is worth to each type, not negative, in payoff units; broadcast.
        cost: What staging costs each type, above 0, in the same units; broadcast.
        threshold: Probability of a real type from which the observer acts on the item, strictly between 0 and 1.

    Raises:
        RequestError: A number is outside its range, or no type or every type is real.
    """
    natural, prior, gain, cost = (
        np.atleast_2d(np.asarray(item, dtype=np.float64)) for item in np.broadcast_arrays(natural, prior, gain, cost)
    )
    real = np.asarray(real, dtype=np.bool_)
    _check(natural, gain, cost, real, threshold)
    ratio = np.divide(cost, gain, out=np.full_like(cost, np.inf), where=gain > 0)
    ratio[:, real] = np.inf
    tempted = ratio < 1.0
    by_itself = prior * natural
    true, false = by_itself[:, real].sum(axis=1), by_itself[:, ~real].sum(axis=1)
    room = true * (1.0 - threshold) / threshold - false
    amount = np.where(tempted, prior * (1.0 - natural), 0.0)
    below = (amount[:, None, :] * (ratio[:, None, :] < ratio[:, :, None])).sum(axis=2)
    level = (amount[:, None, :] * (ratio[:, None, :] == ratio[:, :, None])).sum(axis=2)
    too_many = tempted & (below + level > room[:, None])
    believed = np.where(room < 0.0, 0.0, np.where(too_many, ratio, 1.0).min(axis=1))
    part = np.divide(room[:, None] - below, level, out=np.zeros_like(level), where=level > 0)
    margin = tempted & (ratio == believed[:, None])
    stage = np.where(tempted & (ratio < believed[:, None]), 1.0, np.where(margin, np.clip(part, 0.0, 1.0), 0.0))
    likelihood = natural + (1.0 - natural) * stage
    seen = prior * likelihood
    belief = seen[:, real].sum(axis=1) / seen.sum(axis=1)
    kind = np.where(
        room < 0.0,
        DOUBTED,
        np.where(~tempted.any(axis=1), SEPARATING, np.where(too_many.any(axis=1), PARTIAL, POOLING)),
    )
    return Staged(stage, believed, likelihood, belief, tuple(map(str, kind)))


def _check(natural: Floats, gain: Floats, cost: Floats, real: Bools, threshold: float) -> None:
    if real.shape != natural.shape[1:] or real.all() or not real.any():
        raise RequestError("a staged item needs at least one type of which it is true and one of which it is not")
    if not ((natural > 0).all() and (natural <= 1).all()):
        raise RequestError("the probability that an item comes about by itself must be above 0 and at most 1")
    if not (np.isfinite(gain).all() and (gain >= 0).all()):
        raise RequestError("what being believed is worth must not be negative")
    if not (np.isfinite(cost).all() and (cost > 0).all()):
        raise RequestError("staging an item must cost more than 0; an item that is free to stage says nothing")
    if not 0.0 < threshold < 1.0:
        raise RequestError(f"the threshold of belief must be strictly between 0 and 1, not {threshold}")
