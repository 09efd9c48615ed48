"""Confidence follows from rules, each of which can hold it back alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from detente.study import AssessedItem, TypeBand
from detente.study.assess_words import it_is, statement, word

DAY = date(2022, 2, 18)


def item(name: str, bits: float = 1.0, r: float = 0.9, group: str = "") -> AssessedItem:
    return AssessedItem(
        name, "2022-02-01", "2022-02-01", "", "", "", r, group, "judged", False, {}, {}, 0.1, bits, bits, "", ""
    )


FOUR = [item(name) for name in "abcd"]


def said(band: TypeBand, items: list[AssessedItem] | None = None, effective: float | None = None):
    bands = {"x": band, "y": replace(band, point=1 - band.point)}
    return statement(DAY, bands, "Russia's aim", {"x": "x", "y": "y"}, FOUR if items is None else items, effective)


NARROW = TypeBand(0.7, 0.5, 0.9, 0.6, 0.75)


def test_everything_good_is_high():
    found = said(NARROW, effective=0.6)
    assert (found.level, found.label) == ("high", "x")
    assert found.confidence == "Confidence in this judgment is high."


@pytest.mark.parametrize(
    ("band", "items", "effective", "level", "why"),
    [
        (replace(NARROW, p05=0.5), None, None, "moderate", "25 percentage points"),
        (replace(NARROW, p05=0.3), None, None, "low", "45 percentage points"),
        (NARROW, [item("a", 2.0), item("b"), item("c")], None, "moderate", "50 % of the information"),
        (NARROW, [item("a", 5.0), item("b")], None, "low", "83 % of the information"),
        (NARROW, [item(name, r=0.6) for name in "abcd"], None, "moderate", "0.60 of full weight"),
        (NARROW, [item(name, r=0.4) for name in "abcd"], None, "low", "0.40 of full weight"),
        (NARROW, None, 0.3, "moderate", "draws of the game of which 30 % still count"),
        (NARROW, None, 0.05, "low", "draws of the game of which 5 % still count"),
        (NARROW, [], None, "low", "lack of any item"),
    ],
)
def test_each_rule_holds_it_back(band, items, effective, level, why):
    found = said(band, items, effective)
    assert found.level == level
    assert why in found.why


def test_reports_of_one_origin_count_once():
    # Six reports of one cable say no more than the one that says most: a quarter of four origins' bits.
    cable = [item(f"g{k}", group="cable") for k in range(6)]
    assert said(NARROW, [*cable, *FOUR[:3]]).level == "high"


def test_words_follow_the_band():
    assert (
        "it is likely that Russia's aim is “x” (70 %; 5-95 % band 60 % to 75 %, which stays within likely)"
        in said(NARROW).likelihood
    )
    wide = said(replace(NARROW, p05=0.3, p95=0.97)).likelihood
    assert "which reaches from unlikely to almost certain" in wide
    sure = said(TypeBand(0.994, 0.0, 1.0, 0.0002, 0.9999)).likelihood
    assert "(99.4 %; 5-95 % band <0.1 % to >99.9 %," in sure


def test_the_likeliest_may_be_unlikely():
    bands = {name: TypeBand(p, 0, 1, p, p) for name, p in (("x", 0.4), ("y", 0.35), ("z", 0.25))}
    found = statement(DAY, bands, "Its aim", {name: name for name in bands}, FOUR, None)
    assert "it is unlikely, though likelier than any other answer, that Its aim is “x”" in found.likelihood


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.001, "there is almost no chance"), (0.5, "there is a roughly even chance"), (0.9999, "it is almost certain")],
)
def test_words_at_the_ends(share, words):
    assert it_is(share) == words
    assert word(1.0) == "almost certain"
