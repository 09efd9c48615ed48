"""Charts of settlements."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from detente.report import (
    LIGHT,
    Look,
    completion_odds,
    design_shares,
    guarantees_needed,
    order_slack,
    settlement_lattice,
    to_svg,
)
from detente.report.figures_lattice import MOST_IN_LAYER
from detente.study.results_settle import LatticePicture, LatticeSet, LatticeStep, SettleAnswer
from report import factory_settle

FIGURES: dict[str, Callable[[SettleAnswer, Look], Any]] = {
    "shares": design_shares,
    "guarantees": guarantees_needed,
    "slack": lambda answer, look: order_slack(answer, answer.designs[0], look),
    "completion": lambda answer, look: completion_odds(
        factory_settle.hidden_answer(), factory_settle.hidden_answer().designs[0], look
    ),
    "lattice": lambda answer, look: settlement_lattice(answer, answer.designs[0], look),
}


@pytest.fixture(scope="module")
def deal() -> SettleAnswer:
    return factory_settle.settle_answer()


def rows(chart: Any) -> list[dict[str, Any]]:
    return [row for found in chart.to_dict(validate=False)["datasets"].values() for row in found]


@pytest.mark.parametrize("name", FIGURES)
def test_every_chart_is_valid_and_explained(deal: SettleAnswer, name: str) -> None:
    for width in (340, 720):
        spec = FIGURES[name](deal, Look(width=width)).to_dict()  # validates against the schema
        assert spec["title"]["text"]
        assert spec["usermeta"]["explanation"]


@pytest.mark.parametrize("width", [340, 720])
@pytest.mark.parametrize("name", FIGURES)
def test_no_chart_is_wider_than_it_was_asked_to_be(deal: SettleAnswer, name: str, width: int) -> None:
    match = re.search(r'width="([0-9.]+)"', to_svg(FIGURES[name](deal, Look(width=width))))
    assert match is not None
    assert width - 60 <= float(match[1]) <= width + 26


def test_slack_bars_start_at_zero_and_end_at_the_slack(deal: SettleAnswer) -> None:
    found = [row for row in rows(order_slack(deal, deal.designs[0])) if "slack" in row]
    assert [row["slack"] for row in found] == pytest.approx(
        [value for value in deal.designs[0].slack_by_step if abs(value) > 1e-12]
    )
    for row in found:
        assert 0.0 in (row["x"], row["x2"])
        assert row["color"] == (LIGHT.accent if row["slack"] >= 0 else LIGHT.accent_two)


def test_the_lattice_is_layered_and_its_order_straight(deal: SettleAnswer) -> None:
    design = deal.designs[0]
    assert design.lattice is not None
    found = {
        tuple(row["completed"].split(", ")): row for row in rows(settlement_lattice(deal, design)) if "completed" in row
    }
    chosen = [item for item in design.lattice.sets if item.chosen]
    at = [found[item.completed or ("",)] for item in sorted(chosen, key=lambda item: item.layer)]
    assert len({row["y"] for row in at}) == 1
    gaps = {round(b["x"] - a["x"], 4) for a, b in pairwise(at)}
    assert len(gaps) == 1


def test_no_two_sets_of_the_lattice_lie_on_each_other(deal: SettleAnswer) -> None:
    design = deal.designs[0]
    assert design.lattice is not None
    for width in (340, 720):
        drawn = rows(settlement_lattice(deal, design, Look(width=width)))
        places = {(round(row["x"], 3), round(row["y"], 3)) for row in drawn if "completed" in row}
        assert len(places) == len(design.lattice.sets)


def test_names_and_shortfalls_stand_by_the_order(deal: SettleAnswer) -> None:
    texts = {row["text"]: row.get("color") for row in rows(settlement_lattice(deal, deal.designs[0])) if "text" in row}
    assert texts["Ceasefire 0.60"] == LIGHT.ink
    assert texts["Special status −0.20"] == LIGHT.accent_two


def test_a_large_lattice_is_cut_and_says_so(deal: SettleAnswer) -> None:
    wide = 40
    sets = [LatticeSet(0, (), 0, True, True, False, True)]
    sets += [LatticeSet(k, (f"s{k}",), 1, k % 2 == 0, False, False, k == 1) for k in range(1, wide + 1)]
    sets.append(LatticeSet(wide + 1, ("all",), 2, False, True, False, True))
    steps = [LatticeStep(0, k, (f"s{k}",), 0.1, k == 1) for k in range(1, wide + 1)]
    steps += [LatticeStep(k, wide + 1, ("rest",), -0.1, k == 1) for k in range(1, wide + 1)]
    design = replace(deal.designs[0], lattice=LatticePicture(tuple(sets), tuple(steps), 1_000_000, False))
    chart = settlement_lattice(deal, design)
    shown = Counter(row["x"] for row in rows(chart) if "completed" in row and "all" not in row["completed"])
    assert max(shown.values()) <= MOST_IN_LAYER + 2  # a ring or a cross is a second mark
    assert chart is not None
    assert "sets are left out" in chart.usermeta["explanation"]
    assert any("S1" in str(row.get("text")) for row in rows(chart))


def test_completion_odds_hold_each_step_and_what_it_reveals() -> None:
    deal = factory_settle.hidden_answer()
    found = rows(completion_odds(deal, deal.designs[0]))
    assert [row["x2"] for row in found if "move" in row] == pytest.approx([0.92 ** (k + 1) for k in range(6)])
    revealed = [row["sincere"] for row in found if "sincere" in row]
    assert revealed == pytest.approx([0.4, 0.48, 0.56, 0.64, 0.72])  # after the last step nothing follows


def test_charts_of_what_is_not_there_are_none(deal: SettleAnswer) -> None:
    bare = replace(deal.designs[0], best_order=(), slack_by_step=(), lattice=None, guarantees=())
    answer = replace(deal, designs=(bare,))
    assert order_slack(answer, bare) is None
    assert settlement_lattice(answer, bare) is None
    assert completion_odds(answer, bare) is None
    assert guarantees_needed(answer) is None
    assert design_shares(replace(deal, designs=())) is None


def test_guarantees_without_any_that_suffices_are_drawn(deal: SettleAnswer) -> None:
    never = replace(deal.designs[0], guarantee=None, guarantees=(None,) * 5)
    found = rows(guarantees_needed(replace(deal, designs=(never, *deal.designs[1:]))))
    assert any("none suffices 100 %" in str(row.get("text")) for row in found)
