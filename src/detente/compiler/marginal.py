"""The prior of one type by itself: the others, of which some may share its joint prior, are summed over."""

from __future__ import annotations

import numpy as np

from detente.axes import Floats
from detente.case import Case, Posture, array_function
from detente.compiler.priors import make_priors


def marginal_prior(case: Case, posture: Posture, name: str, theta: Floats) -> Floats:
    """Probability of each label of a type, as everybody believes before play.

    Args:
        case: The case; it needs no timeline.
        posture: The posture, whose `set` is applied.
        name: The type.
        theta: [draws, params] parameters, before the posture's `set`.

    Returns:
        [draws, labels] probabilities that sum to 1.

    Raises:
        RequestError: Weights are negative or all zero in some draw.
    """
    changed = theta.copy()
    for parameter, expression in posture.set.items():
        changed[:, case.parameter_index(parameter)] = array_function(expression, case.parameter_names)(theta)
    priors = make_priors(case, posture)
    shares = np.broadcast_to(priors.probabilities(changed, {}), (len(theta), priors.num_profiles))
    number = [item.name for item in case.types].index(name)
    labels = len(case.types[number].labels)
    return shares @ (priors.profiles[:, number, np.newaxis] == np.arange(labels)).astype(np.float64)
