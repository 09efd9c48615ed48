"""What to watch next: how much an unseen indicator would tell, and what that would be worth to a decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detente.axes import Floats
from detente.errors import RequestError

ValueAt = Callable[[Floats], Floats]
"""[beliefs, types] -> [beliefs] value of the best decision at each belief."""


@dataclass(frozen=True, eq=False)
class Watched:
    """What one indicator would do.

    Attributes:
        chance: [outcomes] probability of each outcome as things stand.
        after: [outcomes, types] posterior after each outcome; as before where the outcome cannot happen.
        information: Expected information about the types, bits: the mutual information of indicator and type.
        value: Expected gain of the decision maker from deciding after seeing it; None without a value function.
    """

    chance: Floats
    after: Floats
    information: float
    value: float | None


def yes_no(likelihood: Floats) -> Floats:
    """[2, types] the table of an indicator that is seen or not, from [types] probabilities of seeing it."""
    likelihood = np.asarray(likelihood, dtype=np.float64)
    return np.stack([likelihood, 1.0 - likelihood])


def watch(belief: Floats, table: Floats, value_at: ValueAt | None = None) -> Watched:
    """Expected information and expected value of seeing an indicator before deciding.

    The expected value of sample information is E[V(posterior)] - V(belief), where V re-decides at each posterior
    (Raiffa and Schlaifer 1961). It is never negative where V is a maximum of functions linear in the belief; where
    others see the same indicator and change their play, it can be.

    Args:
        belief: [types] probabilities as things stand.
        table: [outcomes, types] probability of each outcome under each type; columns sum to 1.
        value_at: Value of the best decision at each of several beliefs.

    Raises:
        RequestError: The columns of the table are not distributions over outcomes.
    """
    belief, table = np.asarray(belief, dtype=np.float64), np.asarray(table, dtype=np.float64)
    if table.ndim != 2 or table.shape[1:] != belief.shape or (table < 0).any() or not _sums_to_one(table):
        raise RequestError(
            "an indicator needs a probability of each outcome under each type, summing to 1 over the outcomes"
        )
    joint = table * belief
    chance = joint.sum(axis=1)
    after = np.divide(joint, chance[:, None], out=np.tile(belief, (len(table), 1)), where=chance[:, None] > 0)
    ratio = np.divide(after, belief, out=np.ones_like(after), where=(after > 0) & (belief > 0))
    information = float((joint * np.log2(ratio)).sum())
    value = None
    if value_at is not None:
        values = np.asarray(value_at(np.concatenate([belief[None], after])), dtype=np.float64)
        value = float(chance @ values[1:] - values[0])
    return Watched(chance, after, max(0.0, information), value)


def best_action_value(payoff: Floats) -> ValueAt:
    """The value function of a decision maker that faces fixed payoffs, [actions, types]."""
    return lambda beliefs: (beliefs @ np.asarray(payoff, dtype=np.float64).T).max(axis=-1)


def _sums_to_one(table: Floats) -> bool:
    return bool(np.allclose(table.sum(axis=0), 1.0, rtol=0, atol=1e-9))
