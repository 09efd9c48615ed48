"""The shipped crisis: its shape, its behavior at base values, its claims."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from detente import cases
from detente.case import load
from detente.compiler import compile_posture
from detente.study.worlds import Worlds

CASE = load(cases.path("ukraine-2021"))
PAGE = Path(__file__).parents[2] / "docs" / "cases" / "ukraine-2021.md"
POSTURES = {
    "telegraph_limits",
    "telegraph_severe",
    "ambiguous",
    "secret_preparation",
    "dual_track",
    "calibrated",
}
CLAIMS = {f"C{number}" for number in range(1, 13)}
LARGEST = 500
"""Most endings a posture may have, so that `compare` answers while the user waits."""


@pytest.fixture(scope="module")
def played():
    worlds = Worlds(CASE)
    theta = CASE.base_theta()[None]
    scale = worlds.scale(theta)
    return {posture.name: worlds.play(posture, theta, scale) for posture in CASE.postures}


def outcome(item, name: str) -> float:
    at = [found.name for found in CASE.outcomes].index(name)
    return float(item.outcomes()[0, at])


def where(variable: str, label: str):
    """The endings at which a variable has a label, as a mask of any tree."""
    return lambda compiled: np.array([history[variable] == label for history in compiled.histories])


def usa(item) -> float:
    return float(item.value(CASE.actor_ids.index("USA"))[0])


def test_postures_and_status_quo():
    assert set(CASE.posture_names) == POSTURES
    assert CASE.status_quo.name == "telegraph_limits"
    assert CASE.owner == "USA"


def test_claims_are_all_there():
    assert {claim.id for claim in CASE.claims} == CLAIMS


@pytest.mark.parametrize("name", sorted(POSTURES))
def test_tree_stays_small(name):
    size = compile_posture(CASE, name).size
    assert 100 <= size.terminals <= LARGEST
    assert size.nodes <= 2 * LARGEST


def test_base_world_is_certified_under_every_posture(played):
    assert all(item.certified.all() for item in played.values())


def test_postures_differ_in_value(played):
    values = sorted(usa(item) for item in played.values())
    assert np.diff(values).min() > 1e-4


def test_telegraphed_limits_are_met_with_force_by_one_aim_only(played):
    weights = CASE.base_theta()[[CASE.parameter_index(f"w_{aim}") for aim in ("subjugate", "compel", "pressure")]]
    assert outcome(played["telegraph_limits"], "full_assault") == pytest.approx(weights[0] / weights.sum(), abs=1e-6)


def test_no_posture_makes_every_aim_do_the_same(played):
    assert outcome(played["telegraph_limits"], "withdrawal") == pytest.approx(0.73, abs=1e-6)
    assert 0 < outcome(played["dual_track"], "withdrawal") < 1
    assert 0 < outcome(played["ambiguous"], "attack") < 1


def test_ambiguity_is_a_bluff_in_part(played):
    """Neither always prepared nor never: Moscow cannot tell, and attacks some of the time."""
    prepared = played["ambiguous"].probability(where("prepare", "ready"))
    assert 0.02 < float(prepared[0]) < 0.5


@pytest.mark.parametrize("name", sorted(POSTURES))
def test_page_gives_the_numbers_of_the_base_world(played, name):
    row = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if re.match(rf"\| `{name}` \| \d", line))
    buildup, attack, withdrawal, standoff, value = (float(cell) for cell in row.split("|")[2:-1])
    assert outcome(played[name], "second_buildup") == pytest.approx(buildup, abs=6e-3)
    assert outcome(played[name], "attack") == pytest.approx(attack, abs=6e-3)
    assert outcome(played[name], "withdrawal") == pytest.approx(withdrawal, abs=6e-3)
    assert outcome(played[name], "standoff") == pytest.approx(standoff, abs=6e-3)
    assert usa(played[name]) == pytest.approx(value, abs=6e-4)


def test_calibrated_disclosure_is_no_worse_than_ambiguity(played):
    assert usa(played["calibrated"]) >= usa(played["ambiguous"]) - 1e-9


def test_nothing_is_gained_by_the_model_ending(played):
    """Endings after an attack are marked as outside the model, and no others are."""
    for item in played.values():
        assert float(item.not_modelled()[0]) == pytest.approx(outcome(item, "attack"), abs=1e-12)
