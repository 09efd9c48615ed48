"""Charts of intent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.report import LIGHT, Look, aim_timeline, analyst_spread, item_bars, to_svg, watch_bars
from detente.report.chart import round_days
from detente.report.labels import hang
from detente.study.results_assess import AssessAnswer
from report import factory_assess

FIGURES: dict[str, Callable[[AssessAnswer, Look], Any]] = {
    "timeline": aim_timeline,
    "items": item_bars,
    "watch": watch_bars,
    "analysts": analyst_spread,
}


@pytest.fixture(scope="module")
def intent() -> AssessAnswer:
    return factory_assess.assess_answer()


def rows(chart: Any) -> list[dict[str, Any]]:
    return [row for found in chart.to_dict(validate=False)["datasets"].values() for row in found]


@pytest.mark.parametrize("name", FIGURES)
def test_every_chart_is_valid_and_explained(intent: AssessAnswer, name: str) -> None:
    spec = FIGURES[name](intent, Look()).to_dict()  # validates against the schema
    assert spec["title"]["text"]
    assert spec["usermeta"]["explanation"]


@pytest.mark.parametrize("width", [340, 720])
@pytest.mark.parametrize("name", FIGURES)
def test_no_chart_is_wider_than_it_was_asked_to_be(intent: AssessAnswer, name: str, width: int) -> None:
    match = re.search(r'width="([0-9.]+)"', to_svg(FIGURES[name](intent, Look(width=width))))
    assert match is not None
    assert width - 60 <= float(match[1]) <= width + 26


def test_the_line_goes_through_every_day(intent: AssessAnswer) -> None:
    found = [row for row in rows(aim_timeline(intent)) if row.get("label") == "subjugate"]
    by_day = {row["x"]: row["share"] for row in sorted(found, key=lambda row: row["step"])}
    for day in intent.timeline:
        assert by_day[date.fromisoformat(day.date).toordinal()] == pytest.approx(day.type["subjugate"].point, abs=1e-6)
    first = min(found, key=lambda row: row["step"])
    assert first["share"] == pytest.approx(0.2)


def test_every_item_has_a_stroke_and_silent_ones_are_gray(intent: AssessAnswer) -> None:
    found = {row["item"]: row for row in rows(aim_timeline(intent)) if "item" in row}
    assert set(found) == {item.id for item in intent.items}
    assert found["winter_buildup"]["color"] == LIGHT.axis
    assert found["recognition"]["color"] == LIGHT.color(0)
    heights = {id: row["y2"] - row["y"] for id, row in found.items()}
    bits = {item.id: min(item.added, 3) for item in intent.items}
    assert sorted(heights, key=lambda id: (heights[id], id)) == sorted(bits, key=lambda id: (bits[id], id))


def test_bars_hold_influence_and_bits(intent: AssessAnswer) -> None:
    found = [row for row in rows(item_bars(intent)) if row.get("name") == "Recognition"]
    item = intent.items[-1]
    assert [row["value"] for row in found] == pytest.approx([item.influence, item.added])
    texts = [row.get("text") for row in rows(item_bars(intent))]
    assert texts.count("nothing") == len(factory_assess.SILENT)


def test_indicators_without_a_game_show_their_chance(intent: AssessAnswer) -> None:
    watch = tuple(replace(item, value=None) for item in intent.watch)
    found = [row for row in rows(watch_bars(replace(intent, watch=watch))) if row.get("name") == "Field hospitals"]
    assert [row["value"] for row in found] == pytest.approx([0.21, 0.5])


def test_analysts_are_shown_by_what_each_item_alone_would_say(intent: AssessAnswer) -> None:
    found = {row["analyst"]: row["x"] for row in rows(analyst_spread(intent)) if row.get("item") == "belarus_forces"}
    assert found["case"] == pytest.approx(0.85 / 1.65)
    assert found["ann"] == pytest.approx(0.9 / 1.3)
    assert found["bob"] == pytest.approx(0.4 / 1.5)


def test_charts_of_what_is_not_there_are_none() -> None:
    bare = factory_assess.bare_answer()
    assert watch_bars(bare) is None
    assert analyst_spread(bare) is None
    assert aim_timeline(replace(bare, timeline=())) is None
    assert item_bars(replace(bare, items=())) is None


def test_one_day_is_drawn() -> None:
    to_svg(aim_timeline(factory_assess.bare_answer()))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 700), st.floats(20, 160)), max_size=9))
def test_names_touch_no_other_name(wants: list[tuple[float, float]]) -> None:
    places = hang(wants, 0.0, 720.0)
    for (a, wide_a), (b, wide_b) in combinations([(p, w[1]) for p, w in zip(places, wants, strict=True)], 2):
        assert a.row != b.row or a.left >= b.left + wide_b or b.left >= a.left + wide_a
    assert all(-1e-9 <= p.left <= max(0.0, 720 - w[1]) + 1e-9 for p, w in zip(places, wants, strict=True))
    assert all(p.row >= 0 for p in places)


def test_names_far_enough_apart_hang_next_to_the_line() -> None:
    assert [place.row for place in hang([(100, 60), (300, 60), (500, 60)], 0, 720)] == [0, 0, 0]


def test_leaders_cross_no_name() -> None:
    wants = [(600.0, 90.0), (640.0, 80.0), (660.0, 70.0), (700.0, 90.0)]
    places = hang(wants, 0.0, 720.0)
    for i, place in enumerate(places):
        for j, other in enumerate(places):
            if i != j and other.row < place.row:
                assert not other.left < wants[i][0] < other.left + wants[j][1]


@pytest.mark.parametrize(
    ("low", "high", "about", "first", "count"),
    [
        ("2021-03-20", "2022-02-28", 7, "May 2021", 5),
        ("2022-02-01", "2022-02-20", 5, "1 Feb", 5),
        ("1977-11-01", "1982-05-01", 6, "1978", 5),
    ],
)
def test_days_on_an_axis_are_round(low: str, high: str, about: int, first: str, count: int) -> None:
    found = round_days(date.fromisoformat(low).toordinal(), date.fromisoformat(high).toordinal(), about)
    assert found[0][1] == first
    assert len(found) == count
