from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.report import (
    DARK,
    LIGHT,
    Look,
    Words,
    best_shares,
    claim_shares,
    outcome_odds,
    region_map,
    shortfalls,
    sweep,
    tipping_points,
    to_svg,
    value_of_belief,
    values_by_posture,
    write_figure,
)
from detente.report.chart import round_values, spread
from detente.report.palette import partners
from detente.study import CompareAnswer
from report import factory

CLAIMS = [("C1", 0.62, True), ("C3", 0.0, False), ("C7", None, None)]
FIGURES: dict[str, Callable[[CompareAnswer, Look], Any]] = {
    "values": values_by_posture,
    "other actor": lambda answer, look: values_by_posture(answer, look, "RUS"),
    "odds": outcome_odds,
    "shares": best_shares,
    "shortfalls": shortfalls,
    "tipping": tipping_points,
    "region": region_map,
    "belief": value_of_belief,
    "triangle": lambda answer, look: value_of_belief(replace(answer, envelope=factory.triangle_envelope()), look),
    "sweep": lambda answer, look: sweep(answer, answer.sweeps[0], look),
    "claims": lambda answer, look: claim_shares(CLAIMS, look),
}


def rows(chart: Any) -> list[dict[str, Any]]:
    """Every row of data in a chart."""
    return [row for found in chart.to_dict(validate=False)["datasets"].values() for row in found]


@pytest.mark.parametrize("name", FIGURES)
def test_every_chart_is_valid_vega_lite_and_holds_data(answer: CompareAnswer, name: str) -> None:
    chart = FIGURES[name](answer, Look())
    spec = chart.to_dict()  # validates against the schema
    assert len(rows(chart)) > 5
    assert spec["title"]["text"]
    assert spec["usermeta"]["explanation"]


@pytest.mark.parametrize("width", [340, 720])
@pytest.mark.parametrize("name", FIGURES)
def test_no_chart_is_wider_than_it_was_asked_to_be(answer: CompareAnswer, name: str, width: int) -> None:
    import re

    svg = to_svg(FIGURES[name](answer, Look(width=width, words=Words.of(factory.case()))))
    match = re.search(r'width="([0-9.]+)"', svg)
    assert match is not None
    assert width - 60 <= float(match[1]) <= width + 26


def test_values_hold_the_numbers_of_the_answer(answer: CompareAnswer) -> None:
    found = {row["posture"]: row["mean"] for row in rows(values_by_posture(answer)) if "mean" in row}
    for item in answer.postures:
        assert found[item.name] == pytest.approx(item.value["USA"].mean, abs=1e-6)


def test_odds_hold_every_outcome_of_every_posture(answer: CompareAnswer) -> None:
    found = {(row["posture"], row["outcome"]) for row in rows(outcome_odds(answer)) if "outcome" in row}
    assert found == {(p, o) for p in factory.POSTURES for o in factory.OUTCOMES}


def test_tipping_segments_meet_at_the_switches(answer: CompareAnswer) -> None:
    found = [row for row in rows(tipping_points(answer)) if row.get("parameter") == "p_firm"]
    switches = [point.switch for point in answer.tipping_points if point.parameter == "p_firm"]
    assert [row["from"] for row in found[1:]] == pytest.approx(switches)
    assert [row["to"] for row in found[:-1]] == pytest.approx(switches)
    assert found[0]["from"] == pytest.approx(0.05)
    assert found[-1]["to"] == pytest.approx(0.7)


def test_region_map_has_x_along_the_first_axis(answer: CompareAnswer) -> None:
    assert answer.region is not None
    region = replace(answer.region, best=np.zeros((41, 41), dtype=np.int32), sets=())
    region.best[:10, :] = 2  # low values of x, all values of y
    found = [row for row in rows(region_map(replace(answer, region=region))) if row.get("posture") == "ambiguous"]
    assert len(found) == 41
    assert max(row["x"] for row in found) == pytest.approx(0.05)


def test_region_map_says_where_postures_tie_and_where_nothing_is_certified(answer: CompareAnswer) -> None:
    assert answer.region is not None
    region = replace(answer.region, best=answer.region.best.copy())
    region.best[0, 0] = -1
    texts = [str(row.get("text", "")) for row in rows(region_map(replace(answer, region=region)))]
    assert "Telegraph severe = Calibrated" in texts
    assert "Could not be certified" in texts


def test_charts_of_what_is_not_there_are_none(answer: CompareAnswer) -> None:
    bare = replace(answer, region=None, envelope=None, tipping_points=())
    assert region_map(bare) is None
    assert value_of_belief(bare) is None
    assert tipping_points(bare) is None
    assert claim_shares([("C7", None, None)]) is None
    assert shortfalls(replace(answer, postures=answer.postures[:1], leading=answer.postures[0].name)) is None


def test_a_posture_never_certified_is_drawn_without_numbers(answer: CompareAnswer) -> None:
    nothing = replace(answer.postures[0], values=np.full_like(answer.postures[0].values, np.nan))
    to_svg(values_by_posture(replace(answer, postures=(nothing, *answer.postures[1:]))))


def test_equal_answers_give_equal_pictures(answer: CompareAnswer) -> None:
    assert to_svg(region_map(answer)) == to_svg(region_map(answer))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_png_and_svg_files_are_written(answer: CompareAnswer, tmp_path: Path, theme: Any) -> None:
    chart = values_by_posture(answer, Look(theme=theme))
    png = write_figure(chart, tmp_path / "values.png", scale=2).read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">I", png[16:20])[0] > 1400
    assert write_figure(chart, tmp_path / "values.svg").read_text(encoding="utf-8").startswith("<svg")


def test_labels_are_spread_in_order_and_inside_the_bounds() -> None:
    placed = spread([10, 10, 11, 90], 16, 0, 100)
    assert placed == sorted(placed)
    assert all(b - a >= 16 - 1e-6 for a, b in pairwise(placed))
    assert min(placed) >= 0
    assert max(placed) <= 100
    crowded = spread([5.0] * 10, 16, 0, 100)
    assert crowded[0] == pytest.approx(0)
    assert crowded[-1] == pytest.approx(100)


def test_round_values_are_round() -> None:
    assert round_values(0.05, 0.7, 6) == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
    assert round_values(1.0, 1.0) == [1.0]


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_colors_are_readable(theme: Any) -> None:
    assert contrast(theme.ink, theme.paper) > 12
    assert contrast(theme.soft, theme.paper) > 4.5
    assert all(contrast(color, theme.paper) > 3 for color in theme.series)
    assert all(contrast(theme.ink, tint) > 4.5 for tint in theme.tints)


def test_each_color_has_one_partner() -> None:
    light = [pair[1] for pair in partners()]
    assert len(light) == len(set(light))


def test_the_value_curve_breaks_at_its_jumps_only(answer: CompareAnswer) -> None:
    assert answer.envelope is not None
    belief = np.array([0.0, 0.2, 0.4, 0.4, 0.6, 0.61, 0.62, 1.0])
    value = np.array([0.0, 0.3, 0.4, 1.0, 1.0, 0.5, 0.5, 0.2])
    env = replace(
        answer.envelope, beliefs=np.column_stack([belief, 1 - belief]), values=value, envelope=value, jumps=(0.4, 0.605)
    )
    found = [row for row in rows(value_of_belief(replace(answer, envelope=env))) if "value" in str(row.get("line"))]
    assert [row["line"] for row in found] == ["value 0"] * 3 + ["value 1"] * 2 + ["value 2"] * 3
