"""At random legal parameters every equilibrium that a closed form names is one, with the odds and values it says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from detente import models
from models.legal_draws import DRAWS, Draw
from models.reference import check_against_tree

POINTS = 60


def every_equilibrium(key: str, parameters: dict[str, Any], **chosen: str) -> list[str]:
    model = models.get(key)
    assert model.build is not None
    first = model.closed_form(**parameters, **chosen)
    game = model.build(**parameters, **chosen)
    check_against_tree(game, first)
    for name in first.others:
        other = model.closed_form(**parameters, **chosen, equilibrium=name)
        assert other.equilibrium == name
        assert set(other.others) == {first.equilibrium, *first.others} - {name}
        check_against_tree(game, other)
    return [first.equilibrium, *first.others]


@pytest.mark.parametrize(("key", "draw"), DRAWS.values(), ids=DRAWS)
def test_closed_form_is_an_equilibrium_at_random_parameters(key: str, draw: Draw) -> None:
    rng = np.random.default_rng(5)
    for _ in range(POINTS if key != "kydd2000_reassurance" else 40):
        parameters = draw(rng)
        try:
            for regime in ("inspection", "ambiguity", "voluntary") if "ambiguity" in key else ("",):
                every_equilibrium(key, parameters, **({"regime": regime} if regime else {}))
        except AssertionError as error:
            raise AssertionError(f"{key} at {parameters}: {error}") from error
