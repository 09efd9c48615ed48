"""From a case to a table and back: the same evidence, words and marks as they were written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente import load
from detente.case import Case, loads
from detente.errors import TableError
from detente.evidence import MARKS, WORDS
from detente.exchange import (
    DAYS,
    EvidenceTable,
    case_of_evidence,
    case_with_evidence,
    csv_text,
    evidence_rows,
    evidence_table,
    read_sheet,
    sheet_of_text,
    workbook_bytes,
)
from detente.study import AssessSettings, assess

LABELS = ("war", "talks", "bluff")
FORMS = st.one_of(
    st.sampled_from([*MARKS, *WORDS]),
    st.integers(1, 100).map(lambda n: f"{n}%"),
    st.integers(1, 1000).map(lambda n: repr(n / 1000)),
    st.tuples(st.integers(1, 99), st.integers(0, 99)).map(lambda p: f"{p[0] / 100} to {min(p[0] + p[1], 100) / 100}"),
    st.tuples(st.integers(1, 50), st.integers(51, 100)).map(lambda p: f"{p[0]}-{p[1]}%"),
)
PROSE = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters="\ufeff"), max_size=160
).map(lambda text: " ".join(text.split()))
IDS = st.from_regex(r"[a-z][a-z0-9_.-]{0,11}", fullmatch=True).filter(lambda id: id not in ("case", "pooled"))
CELLS = st.fixed_dictionaries(dict.fromkeys(LABELS, FORMS))
DAY = st.dates(date(2010, 1, 1), date(2030, 1, 1)).map(date.isoformat)
EARLIER = st.dates(date(1990, 1, 1), date(2009, 12, 31)).map(date.isoformat)


@st.composite
def tables(draw: st.DrawFn) -> str:
    """A table with whatever a table may hold."""
    ids = draw(st.lists(IDS, min_size=1, max_size=5, unique=True))
    kinds = [draw(st.sampled_from(["item", "item", "indicator"])) for _ in ids]
    header = ["id", "kind", "analyst", "reported", "happened", "says", "source", "cite", "reliability", "credibility"]
    header += ["group", "about", *LABELS, "absent: war"]
    rows = [header]
    for id, kind in zip(ids, kinds, strict=True):
        item = kind == "item"
        cells = draw(CELLS)
        source = draw(st.sampled_from(["judgment", "paper2021 p. 3", "The Paper, 3 December", "Wire: a report", ""]))
        fields = [
            *(id, kind, "", draw(DAY) if item else "", draw(st.one_of(st.just(""), EARLIER)) if item else ""),
            *(draw(PROSE) or "words", source, draw(st.sampled_from(["", "A citation, p. 1"])) if source else ""),
            *(
                draw(st.sampled_from(["", "A", "F"])) if item else "",
                draw(st.sampled_from(["", "1", "6"])) if item else "",
            ),
            *(draw(st.sampled_from(["", "wire", "wire"])) if item else "", draw(PROSE)),
            *(cells[label] for label in LABELS),
            draw(st.sampled_from(["", "0.25"])) if item else "",
        ]
        rows.append(fields)
        if item and draw(st.booleans()):
            other = draw(CELLS)
            rows.append([id, "item", "ann", *[""] * 9, *(other[label] for label in LABELS), ""])
    return csv_text(rows)


def made(text: str) -> Case:
    return loads(case_of_evidence(evidence_table(sheet_of_text(text)), "made", "RUS.aim"), "made.case.yaml")


def made_of(table: EvidenceTable, about: str) -> Case:
    return loads(case_of_evidence(table, "alone", about), "alone.case.yaml")


def written(case: Case) -> dict[str, dict[str, str]]:
    assert case.evidence is not None
    return {item.id: {label: cell.text for label, cell in item.likelihood.items()} for item in case.evidence.items}


@settings(max_examples=40, deadline=None)
@given(tables())
def test_a_case_survives_the_way_through_a_table(text: str) -> None:
    first = made(text)
    rows = evidence_rows(first)
    second = made(csv_text(rows))
    assert second.evidence == first.evidence
    assert second.sources == first.sources
    assert written(second) == written(first)
    assert evidence_rows(second) == rows


@settings(max_examples=20, deadline=None)
@given(tables())
def test_what_was_written_in_the_table_stands_in_the_case(text: str) -> None:
    table = evidence_table(sheet_of_text(text))
    case = made(text)
    assert case.evidence is not None
    found = {item.id: item for item in case.evidence.items}
    for entry in table.items:
        assert written(case)[entry.id] == entry.likelihood
        assert found[entry.id].says == entry.facts["says"]
        assert found[entry.id].reported.isoformat() == entry.facts["reported"]
        assert found[entry.id].about == entry.facts.get("about", "")
        assert found[entry.id].group == entry.facts.get("group", "")


@settings(max_examples=6, deadline=None)
@given(tables())
def test_a_workbook_holds_the_same_as_csv(text: str) -> None:
    import tempfile

    rows = evidence_rows(made(text))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "m.xlsx"
        path.write_bytes(workbook_bytes({"evidence": rows}, DAYS))
        found = [list(row) for _, row in read_sheet(path).rows]
    wide = len(rows[0])
    assert [row + [""] * (wide - len(row)) for row in found] == rows


GAME = """
case: game
title: A case with a game
owner: USA
sources:
  paper: 'A paper (2021), "with quotes" and a colon: so.'
actors:
  RUS: Russia
  USA: United States
parameters:
  prize:
    value: 1
    range: [0.5, 2]
    about: what an attack gains
    source: judgment
    confidence: low
  belief:
    value: 0.4
    range: [0.2, 0.6]
    about: what being believed is worth
    source: judgment
    confidence: low
  show:
    value: 0.2
    range: [0.1, 0.3]
    about: what a show costs
    source: judgment
    confidence: low
types:
  RUS.aim:
    war: 1
    talks: 1
timeline:
  - decision: winter
    by: RUS
    options: [now, later]
payoffs:
  RUS:
    - term: prize
      when: winter == now
      value: prize
  USA:
    - term: loss
      when: winter == now
      value: -prize
evidence:
  about: RUS.aim
  items:
    massing:
      move: winter=now
      reported: 2021-11-10
      says: Troops mass.
      source: paper p. 2
    pull_back:
      reported: 2022-02-15
      says: "A pull-back is shown; it says: \\"enough\\"."
      reliability: C
      credibility: 4
      likelihood:
        war: [0.05, 0.2]
        talks: very likely
      can_stage: RUS
      real: [talks]
      gain: belief
      cost:
        war: show
        talks: 2 * show
      threshold: 0.6
    weighed:
      reported: 2022-02-16
      r: 0.35
      likelihood:
        war: "++"
        talks: "--"
"""


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_moves_and_staged_items_survive_in_their_case(tmp_path: Path, ending: str) -> None:
    case = loads(GAME, "game.case.yaml")
    path = tmp_path / f"m{ending}"
    rows = evidence_rows(case)
    path.write_bytes(csv_text(rows).encode() if ending == ".csv" else workbook_bytes({"evidence": rows}, DAYS))
    table = evidence_table(read_sheet(path), ("war", "talks"))
    again = loads(case_with_evidence(table, case, "RUS.aim"), "game.case.yaml")
    assert again.evidence == case.evidence
    assert again.sources == case.sources
    assert evidence_rows(again) == rows


def test_the_shipped_record_survives_in_its_case_and_on_its_own() -> None:
    case = load("ukraine-2021")
    assert case.evidence is not None
    labels = tuple(case.labels_of(case.evidence.about))
    table = evidence_table(sheet_of_text(csv_text(evidence_rows(case))), labels)
    again = loads(case_with_evidence(table, case, case.evidence.about), "ukraine.case.yaml")
    assert again.evidence == case.evidence
    assert again.sources == case.sources
    judged = [entry for entry in table.items if "move" not in entry.facts and "can_stage" not in entry.facts]
    alone = made_of(replace(table, items=tuple(judged)), case.evidence.about)
    assert alone.evidence is not None
    kept = {item.id: item for item in case.evidence.items}
    assert len(alone.evidence.items) == len(judged) > 50
    for item in alone.evidence.items:
        assert (item.source, item.title) == (kept[item.id].source, kept[item.id].title)
    assert set(alone.sources) <= set(case.sources)
    assert all(case.sources[id] == text for id, text in alone.sources.items())


@pytest.mark.parametrize(
    ("source", "cite", "kept"),
    [
        ("paper p. 2; wire, 3 May", "The paper | The wire", True),
        ("wire, 3 May", "", False),
        ("paper; wire", "The paper", False),
        ("New York Times, 3 May", "The New York Times", False),
    ],
)
def test_a_citation_of_the_language_is_told_from_free_text(source: str, cite: str, kept: bool) -> None:
    rows = [["id", "reported", "source", "cite", "war", "talks"], ["a", "2021-11-01", source, cite, "+", "-"]]
    case = made(csv_text(rows))
    assert case.evidence is not None
    assert (case.evidence.items[0].source == source) is kept
    assert not kept or case.sources == {"paper": "The paper", "wire": "The wire"}


def test_a_title_goes_with_its_item_and_indicator() -> None:
    rows = [
        ["id", "kind", "reported", "title", "says", "war", "talks"],
        ["mass", "item", "2021-11-01", "Troops: in Belarus", "One.", "+", "-"],
        ["horn", "indicator", "", "=A horn", "A horn is heard.", "0.5", "0.2"],
    ]
    case = made(csv_text(rows))
    assert case.evidence is not None
    assert [entry.title for entry in (*case.evidence.items, *case.evidence.indicators)] == [
        "Troops: in Belarus",
        "=A horn",
    ]
    assert made(csv_text(evidence_rows(case))).evidence == case.evidence


NAMED = """id,kind,analyst,reported,says,group,war,talks,bluff,seen_as,until
first,item,ann,2021-11-01,one,,++,0,-,,
first,item,bob,,,,0.5,0.5,0.2,,
second,item,ann,2021-11-02,two,,0.3,0.6,0.6,,
horn,indicator,ann,,a horn is heard,,0.5,0.2,0.2,second,2022-01-31
"""


def test_a_table_of_named_analysts_is_pooled_unless_asked_otherwise() -> None:
    case = made(NAMED)
    section = case.evidence
    assert section is not None
    assert section.judged_by == "ann"
    assert list(section.analysts) == ["bob"]
    (horn,) = section.indicators
    assert (horn.seen_as, horn.until) == ("second", date(2022, 1, 31))
    answer = assess(case, AssessSettings(draws=5))
    assert answer.analyst == "pooled"
    assert [view.analyst for view in answer.views] == ["ann", "bob", "pooled"]
    rows = evidence_rows(case)
    assert made(csv_text(rows)).evidence == section
    own = NAMED.replace(",ann,", ",,")
    assert assess(made(own), AssessSettings(draws=5)).analyst == "case"


def test_who_judged_is_replaced_with_the_table() -> None:
    case = made(NAMED)
    labels = ("war", "talks", "bluff")
    own = loads(
        case_with_evidence(evidence_table(sheet_of_text(NAMED.replace(",ann,", ",,")), labels), case, "RUS.aim")
    )
    assert own.evidence is not None
    assert own.evidence.judged_by == ""
    back = loads(case_with_evidence(evidence_table(sheet_of_text(NAMED), labels), own, "RUS.aim"))
    assert back.evidence == case.evidence
    assert back.text.count("judged_by") == 1


def test_an_item_has_been_seen() -> None:
    with pytest.raises(TableError, match="an item has no 'until'"):
        evidence_table(sheet_of_text(NAMED.replace("0.3,0.6,0.6,,", "0.3,0.6,0.6,,2022-01-01")))
