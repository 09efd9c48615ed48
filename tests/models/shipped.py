"""Shipped cases played at given numbers, for comparison with the closed form of their model."""

from __future__ import annotations

from functools import cache

import numpy as np

from detente import cases
from detente.case import Case, load
from detente.study.worlds import Worlds


@cache
def case(name: str) -> Case:
    return load(cases.path(name))


def played(name: str, posture: str, **rows: list[float]) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Outcome -> odds and actor -> value, over draws; parameters that are not given have their base values."""
    found = case(name)
    draws = max((len(column) for column in rows.values()), default=1)
    theta = np.tile(found.base_theta(), (draws, 1))
    for parameter, column in rows.items():
        theta[:, found.parameter_index(parameter)] = column
    worlds = Worlds(found)
    answer = worlds.play(found.posture(posture), theta, worlds.scale(theta))
    assert answer.certified.all()
    outcomes = {item.name: answer.outcomes()[:, k] for k, item in enumerate(found.outcomes)}
    return outcomes, {actor: answer.values()[:, k] for k, actor in enumerate(found.actor_ids)}
