"""Taking any one mechanism out of the shipped crisis changes a number in the answer."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from detente import cases
from detente.case import Case, load, loads
from detente.study.worlds import Worlds

File = dict[str, Any]
TEXT = cases.path("ukraine-2021").read_text(encoding="utf-8")
CHANGED = 1e-4
"""A value or probability that moves by this much has changed."""


def drop_value(file: File, *names: str) -> None:
    """Set parameters, or every entry of a table, to zero."""
    for item in file["parameters"].values():
        item.pop("correlated_with", None)
    for name in names:
        item = file["parameters"][name]
        labels = list(item["value"]) if "of" in item else None
        item["value"] = 0 if labels is None else dict.fromkeys(labels, 0)
        item["range"] = [0, 0] if labels is None else {label: [0, 0] for label in labels}


def only_one_aim(file: File) -> None:
    drop_value(file, "w_compel", "w_pressure")


def preparation_in_the_open(file: File) -> None:
    next(entry for entry in file["timeline"] if entry.get("decision") == "prepare")["seen_by"] = "all"
    del file["postures"]["ambiguous"]["disclose"]


def limits_not_telegraphed(file: File) -> None:
    del file["postures"]["telegraph_limits"]["commit"]["respond"]


def no_cost_and_no_lever(file: File) -> None:
    drop_value(file, "spring_cost", "buildup_cost", "hold_share")


def one_track(file: File) -> None:
    file["postures"]["dual_track"]["commit"]["package"] = "measures"


def nothing_after_the_end(file: File) -> None:
    drop_value(file, *(name for name in file["parameters"] if name.startswith("war_continuation")))
    del file["not_modelled"]


def without(*names: str) -> Callable[[File], None]:
    return lambda file: drop_value(file, *names)


REMOVALS: dict[str, Callable[[File], None]] = {
    "M1_hidden_aims": only_one_aim,
    "M2_secret_preparation": preparation_in_the_open,
    "M3_telegraphed_limits": limits_not_telegraphed,
    "M4_buildup_as_signal_and_lever": no_cost_and_no_lever,
    "M5_sanctions": without("bite_expected", "bite_more"),
    "M6_military_assistance": without("aid_effect", "arms_toll"),
    "M7_costs_at_home": without("casualty_cost", "climbdown_cost", "severe_cost_usa"),
    "M8_window": without("distraction"),
    "M9_spheres_of_influence": without("prize"),
    "M10_misreading": without("p_leak", "p_leak_tight", "p_false_alarm"),
    "M13_dual_track": one_track,
    "M14_summits": without("summit_worth"),
    "M15_end_of_the_model": nothing_after_the_end,
    "M16_coalition": without("sanction_cost_eur", "alone_cost"),
}


def edited(change: Callable[[File], None]) -> Case:
    yaml = YAML()
    file = yaml.load(TEXT)
    change(file)
    out = io.StringIO()
    yaml.dump(file, out)
    return loads(out.getvalue())


def numbers(case: Case) -> np.ndarray:
    """Values and outcome odds at base values, posture by posture; the costly `calibrated` is left out."""
    worlds = Worlds(case)
    theta = case.base_theta()[None]
    scale = worlds.scale(theta)
    rows: list[np.ndarray] = []
    for posture in case.postures:
        if posture.name == "calibrated":
            continue
        played = worlds.play(posture, theta, scale)
        assert played.certified.all()
        rows += [played.values()[0], played.outcomes()[0]]
    return np.concatenate(rows)


@pytest.fixture(scope="module")
def answer() -> np.ndarray:
    return numbers(load(cases.path("ukraine-2021")))


def test_an_edit_that_changes_nothing_changes_no_number(answer):
    np.testing.assert_array_equal(numbers(edited(lambda file: None)), answer)


@pytest.mark.parametrize("change", REMOVALS.values(), ids=REMOVALS.keys())
def test_without_the_mechanism_the_answer_is_another(answer, change):
    assert np.abs(numbers(edited(change)) - answer).max() > CHANGED
