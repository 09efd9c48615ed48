"""Optimal commitment over a finite list of rules: the rule with the best value to its owner, per draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats, Ints


@dataclass(frozen=True, eq=False)
class BestRules:
    """Which rule is best in each draw.

    Attributes:
        choice: [draws] the best rule; the first of them where several are tied.
        tied: [rules, draws] rules whose value is within the tolerance of the best.
        settled: [draws] False where a rule without a certificate might have been better.
    """

    choice: Ints
    tied: Bools
    settled: Bools


def best_rules(values: Floats, certified: Bools, tolerance: Floats) -> BestRules:
    """The best of several rules, ties going to the first one listed.

    Args:
        values: [rules, draws] value of each rule to its owner; NaN where there is none.
        certified: [rules, draws] whether that value rests on a certified equilibrium.
        tolerance: [draws] values this close to the best count as equal.

    Returns:
        The choice. Where no rule is certified, the best of the uncertified values, not settled.
    """
    known = np.where(np.isnan(values), -np.inf, values)
    trusted = np.where(certified, known, -np.inf)
    some = certified.any(axis=0) & (trusted.max(axis=0) > -np.inf)
    pool = np.where(some, trusted, known)
    best = pool.max(axis=0)
    tied = pool >= best - tolerance
    beaten = known.max(axis=0) <= best + tolerance
    return BestRules(np.argmax(tied, axis=0).astype(np.int32), tied, some & beaten)
