"""The models of signaling and crisis: reference points, trees, and certificates at every point."""

from __future__ import annotations

from typing import Any

import pytest

from detente import models
from models.reference import check_against_tree, check_beliefs, check_expected, points, same_file, same_tree

KEYS = (
    "fearon1995_ultimatum",
    "fearon1997_tying_sinking",
    "slantchev2005_mobilisation",
    "baliga_sjostrom2008_ambiguity",
    "kydd2000_reassurance",
    "brinkmanship",
    "beer_quiche",
    "spence",
)
NAMES = {
    "sunk_pool_signal_q60": {"equilibrium": "pooling on m"},
    "sunk_pool_zero_q60": {"equilibrium": "pooling on 0, deterred"},
    "pool_no_mobilisation": {"equilibrium": "no mobilization"},
    "with_preventive_type__ambiguity_P_attacks": {"equilibrium": "P attacks"},
    "with_preventive_type__voluntary_closed": {"equilibrium": "all stay closed", "regime": "voluntary"},
    "all_defect": {"equilibrium": "all_defect"},
    "pool_quiche": {"equilibrium": "pool_quiche"},
    "pool0_q70": {"equilibrium": "pool_0"},
    "pool05_q70": {"equilibrium": "pool_0.5"},
}
"""What tells apart the reference points that share their parameters."""

every_point = pytest.mark.parametrize(
    ("key", "point"),
    [
        pytest.param(key, *param.values, id=f"{key}-{param.id}", marks=param.marks)
        for key in KEYS
        for param in points(key)
    ],
)


def options(point: dict[str, Any]) -> dict[str, str]:
    chosen = dict(NAMES.get(point["id"], {}))
    regime = point["id"].rpartition("__")[2]
    if regime in ("inspection", "ambiguity") or "ambiguity_P" in regime:
        chosen["regime"] = regime.removesuffix("_P_attacks")
    return chosen


@every_point
def test_closed_form_has_the_numbers_of_the_reference(key: str, point: dict[str, Any]) -> None:
    check_expected(models.get(key).closed_form(**point["params"], **options(point)), point)


@every_point
def test_tree_is_the_reference_and_the_closed_form_is_certified(key: str, point: dict[str, Any]) -> None:
    model, chosen = models.get(key), options(point)
    if "strategies" not in point["expected"]:
        pytest.skip("thresholds only")
    assert model.build is not None
    game = model.build(**point["params"], **{name: word for name, word in chosen.items() if name == "regime"})
    closed = model.closed_form(**point["params"], **chosen)
    check_beliefs(game, check_against_tree(game, closed), point)
    beliefs = {name: tuple(shares.values()) for name, shares in point["expected"]["beliefs"].items()}
    assert closed.beliefs(game) == {name: pytest.approx(shares, abs=1e-8) for name, shares in beliefs.items()}
    same_file(game, point)
    same_tree(game, point)


@pytest.mark.parametrize("key", KEYS)
def test_the_example_is_certified(key: str) -> None:
    model = models.get(key)
    assert model.build is not None
    check_against_tree(model.build(**model.example), model.closed_form(**model.example))
