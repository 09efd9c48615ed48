"""A matrix of evidence from a spreadsheet: what it means, and what is said when something is wrong with it."""

from __future__ import annotations

import numpy as np
import pytest

from detente.case import Case, loads
from detente.errors import CaseError, TableError
from detente.exchange import (
    TABLE_CODES,
    EvidenceTable,
    case_of_evidence,
    case_with_evidence,
    csv_text,
    evidence_rows,
    evidence_table,
    sheet_of_text,
    template_rows,
)

HEAD = "id,reported,war,talks\n"


def table(text: str, labels: tuple[str, ...] = ()) -> EvidenceTable:
    return evidence_table(sheet_of_text(text, "m.csv"), labels)


def case(text: str) -> Case:
    return loads(case_of_evidence(table(text), "made", "RUS.aim", "m.csv"), "made.case.yaml")


def test_a_small_matrix_is_a_case_with_even_priors() -> None:
    found = case(HEAD + "first,2021-12-03,++,0\nsecond,2021-12-04,0.3,likely\n")
    assert found.types[0].labels == ("war", "talks")
    assert [weight.text for weight in found.types[0].weights if weight is not None] == ["1", "1"]
    assert found.evidence is not None
    assert [item.id for item in found.evidence.items] == ["first", "second"]
    first, second = found.evidence.items
    assert (first.likelihood["war"].low, first.likelihood["war"].high) == (0.80, 0.95)
    assert first.likelihood["talks"].point == 0.5
    assert second.likelihood["war"].point == 0.3
    assert (first.reliability, first.r) == ("", 1.0)
    assert found.warnings == ()


def test_every_column_finds_its_place() -> None:
    text = (
        "Item ID,Date,Happened,Says,Source,Reliability,Credibility,Group,Rho,War,Talks,absent: war,About\n"
        'a,2021-12-03,2021-12-01,"Trains, many",judgment,b,2,wire,0.7,40%,"0,2-0,4",0.5,why not\n'
        "b,2021-12-04,,Again,judgment,C,3,wire,,0.4,0.4,,\n"
    ).replace("Item ID", "id")
    found = case(text)
    assert found.evidence is not None
    item = found.evidence.items[0]
    assert item.reported.isoformat() == "2021-12-03"
    assert item.happened.isoformat() == "2021-12-01"
    assert (item.says, item.source, item.about) == ("Trains, many", "judgment", "why not")
    assert (item.reliability, item.credibility, item.group) == ("B", "2", "wire")
    assert found.evidence.groups["wire"].rho == 0.7
    assert item.absent == {"War": 0.5}
    assert found.types[0].labels == ("War", "Talks")
    assert (item.likelihood["Talks"].low, item.likelihood["Talks"].high) == (0.2, 0.4)


def test_sources_in_free_text_become_sources_of_the_case() -> None:
    text = (
        "id,reported,source,cite,war,talks\n"
        'a,2021-12-03,"The Paper, 3 December 2021, p. 1",,0.4,0.2\n'
        'b,2021-12-03,"The Paper, 3 December 2021, p. 2",,0.4,0.2\n'
        "c,2021-12-04,wire2021 p. 3,A wire service (2021). https://example.org/x,0.4,0.2\n"
        "d,2021-12-04,judgment,,0.4,0.2\n"
    )
    found = case(text)
    assert len(found.sources) == 3
    assert found.sources["wire2021"].startswith("A wire service (2021).")
    assert {"The Paper, 3 December 2021, p. 1", "The Paper, 3 December 2021, p. 2"} <= set(found.sources.values())
    assert found.evidence is not None
    assert [item.source for item in found.evidence.items][2:] == ["wire2021 p. 3", "judgment"]


def test_analysts_in_a_column_and_in_groups_of_columns_are_the_same() -> None:
    rows = case(
        "id,analyst,reported,says,war,talks\n"
        "a,,2021-12-03,one,0.6,0.2\na,ann,,,++,-\nb,case,2021-12-04,two,0.4,0.4\nb,bob,2021-12-04,,0.1,0.3\n"
    )
    groups = case(
        "id,reported,says,war,talks,ann: war,ann: talks,bob: war,bob: talks\n"
        "a,2021-12-03,one,0.6,0.2,++,-,,\nb,2021-12-04,two,0.4,0.4,,,0.1,0.3\n"
    )
    assert rows.evidence == groups.evidence
    assert rows.evidence is not None
    assert list(rows.evidence.analysts) == ["ann", "bob"]
    assert list(rows.evidence.analysts["ann"]) == ["a"]


def test_without_a_judgment_of_its_own_the_first_analyst_speaks_for_the_case() -> None:
    found = table("id,analyst,reported,war,talks\na,Ann B.,2021-12-03,0.6,0.2\na,bob,2021-12-03,0.5,0.5\n")
    assert found.own == "Ann B."[:0] + "ann_b"
    assert found.items[0].likelihood == {"war": "0.6", "talks": "0.2"}
    assert found.analysts == {"bob": {"a": {"war": "0.5", "talks": "0.5"}}}
    assert "ann_b" in found.notes[-1]


def test_indicators_are_told_apart_by_their_kind() -> None:
    found = case("id,kind,reported,says,war,talks\na,item,2021-12-03,seen,0.6,0.2\nw,indicator,,unseen,0.9,0.1\n")
    assert found.evidence is not None
    assert [item.id for item in found.evidence.items] == ["a"]
    assert [(item.id, item.says) for item in found.evidence.indicators] == [("w", "unseen")]


@pytest.mark.parametrize("dash", ["-", "–", "−"])
def test_dashes_that_programs_put_in_are_marks(dash: str) -> None:
    assert table(HEAD + f"a,2021-12-03,{dash},{'—' if dash != '-' else '--'}\n").items[0].likelihood == {
        "war": "-",
        "talks": "--",
    }


@pytest.mark.parametrize(
    ("text", "code", "row", "column", "said"),
    [
        ("", "T110", 1, 1, "the table is empty"),
        ("id,war,talks\nx,0.1,0.2\n", "T110", 1, 1, "there is no column 'reported'"),
        ("id,reported,war\nx,2021-12-03,0.1\n", "T110", 1, 1, "only one column of a type, 'war'"),
        ("id,reported,war,war\n", "T110", 1, 4, "stands there twice, the first time in C"),
        ("id,reported,,war,talks\nx,2021-12-03,,0.1,0.2\n", "T110", 1, 3, "a column has no name"),
        ("id,reported,2nd,talks\n", "T110", 1, 3, "'2nd' cannot be the name of a type"),
        ("id,reported,war,talks,absent: peace\n", "T110", 1, 5, "which has no column of its own"),
        (HEAD, "T112", 2, 1, "no row below the header"),
        (HEAD + "x,2021-12-03,0.1,0.2,0.3\n", "T111", 2, 5, "'0.3' stands under no name"),
        (HEAD + "x,2021-12-03,0.1,maybe\n", "T120", 2, 4, "'maybe' is not a likelihood"),
        (HEAD + "x,2021-12-03,0.1,1.2\n", "T120", 2, 4, "not a probability"),
        (HEAD + "x,2021-12-03,0.1,0.0\n", "T120", 2, 4, "reaches 0"),
        (HEAD + "x,2021-12-03,0.1,2022-01-02\n", "T120", 2, 4, "Excel took it for a date"),
        (HEAD + "x,2021-12-03,0.1,\n", "T120", 2, 4, "no likelihood under talks"),
        (HEAD + "x,2021-12-03\n", "T120", 2, 3, "the row has no likelihood"),
        (HEAD + "x,3 December,0.1,0.2\n", "T121", 2, 2, "'3 December' is not a day"),
        (HEAD + "x,2021-02-30,0.1,0.2\n", "T121", 2, 2, "'2021-02-30' is not a day"),
        (HEAD + "x,44533,0.1,0.2\n", "T121", 2, 2, "Format the cell as a date"),
        (HEAD + "x,,0.1,0.2\n", "T121", 2, 2, "no day of report"),
        (HEAD + ",2021-12-03,0.1,0.2\n", "T123", 2, 1, "the row has no id"),
        (HEAD + "…,2021-12-03,0.1,0.2\n", "T123", 2, 1, "'…' cannot be an id"),
        (HEAD + "x,2021-12-03,0.1,0.2\nx,2021-12-03,0.1,0.2\n", "T124", 3, 1, "'x' is judged twice"),
        ("id,reported,reliability,war,talks\nx,2021-12-03,Q,0.1,0.2\n", "T122", 2, 3, "no source is graded 'Q'"),
        ("id,reported,credibility,war,talks\nx,2021-12-03,9,0.1,0.2\n", "T122", 2, 3, "no information is graded '9'"),
        ("id,reported,r,war,talks\nx,2021-12-03,2,0.1,0.2\n", "T122", 2, 3, "'2' is not a number from 0 to 1"),
        ("id,reported,rho,war,talks\nx,2021-12-03,1,0.1,0.2\n", "T124", 2, 3, "rho is given without a group"),
        ("id,reported,kind,war,talks\nx,2021-12-03,rumor,0.1,0.2\n", "T123", 2, 3, "'rumor' is not a kind"),
        ("id,reported,war,talks,ann: war\n", "T110", 1, 5, "leave out talks"),
        ("id,happened,reported,war,talks\nx,soon,,0.1,0.2\n", "T121", 2, 2, "'soon' is not a day"),
        ("id,happened,reported,war,talks\nx,2021-12-04,2021-12-03,0.1,0.2\n", "T121", 2, 2, "after it was reported"),
        ("id,reported,analyst,war,talks,ann: war,ann: talks\n", "T110", 1, 3, "analysts are given in two ways"),
        ("id,reported,pooled: war,talks\n", "T123", 1, 3, "'pooled' cannot be the name of an analyst"),
        (
            "id,analyst,reported,war,talks\nx,,2021-12-03,0.1,0.2\ny,ann,2021-12-03,0.1,0.2\n",
            "T125",
            3,
            2,
            "'y' has no judgment without an analyst",
        ),
        (
            "id,analyst,reported,says,war,talks\nx,,2021-12-03,one,0.1,0.2\nx,ann,2021-12-03,two,0.1,0.2\n",
            "T124",
            3,
            4,
            "'two' is not what row 2 says",
        ),
        ("id,reported,move,war,talks\nx,2021-12-03,winter=now,0.1,0.2\n", "T120", 2, 3, "both likelihoods and a move"),
    ],
)
def test_mistakes_name_row_and_column(text: str, code: str, row: int, column: int, said: str) -> None:
    assert code in TABLE_CODES
    with pytest.raises(TableError) as error:
        table(text)
    first = error.value.diagnostics[0]
    assert (first.code, first.line, first.column) == (code, row, column)
    assert said in f"{first.message} {first.hint}"
    assert str(error.value).startswith(f"m.csv:{row}:{column}: {code} error: row {row}, column ")


def test_a_likelihood_that_is_none_is_told_the_legal_forms() -> None:
    with pytest.raises(TableError, match="Write a number above 0") as error:
        table(HEAD + "x,2021-12-03,0.1,maybe\n")
    for form in ("0.2-0.4", "++", "very likely", "If 'talks' is not a type"):
        assert form in str(error.value)


def test_every_mistake_is_found_at_once() -> None:
    with pytest.raises(TableError) as error:
        table(HEAD + "x,soon,maybe,0.2\ny,2021-12-03,0.1,perhaps\n")
    assert [(item.line, item.column) for item in error.value.diagnostics] == [(2, 2), (2, 3), (3, 4)]


def test_a_case_decides_which_columns_are_types() -> None:
    labels = ("war", "talks")
    assert table("id,reported,Talks,WAR\nx,2021-12-03,0.1,0.2\n", labels).items[0].likelihood == {
        "war": "0.2",
        "talks": "0.1",
    }
    with pytest.raises(TableError, match="the case has no type 'peace'") as error:
        table("id,reported,war,talks,peace\nx,2021-12-03,0.1,0.2,0.3\n", labels)
    assert "The types of the case are war, talks." in str(error.value)


def test_a_move_needs_a_game() -> None:
    text = "id,reported,move,war,talks\nx,2021-12-03,winter=now,,\ny,2021-12-04,,0.2,0.1\n"
    with pytest.raises(TableError, match="speaks of a game"):
        case_of_evidence(table(text), "made", "RUS.aim")


BASE = """\
case: base
title: A case of its own   # a remark that stays
actors:
  RUS: Russia
types:
  RUS.aim:
    war: 1
    talks: 1
# ---- what is known
evidence:
  about: RUS.aim
  rho: 0.9   # stays as well
  groups:
    wire:
      rho: 0.6
      about: they quote the same people
  items:
    old:
      reported: 2021-01-01
      says: gone tomorrow
      likelihood:
        war: 0.5
        talks: 0.4
    old_too:
      reported: 2021-01-02
      group: wire
      likelihood:
        war: 0.5
        talks: 0.4
    old_three:
      reported: 2021-01-02
      group: wire
      likelihood:
        war: 0.5
        talks: 0.4
  indicators:
    kept:
      says: not in the table
      likelihood:
        war: 0.5
        talks: 0.4
  statements: [2021-12-08]
  truth: war
  truth_known: 2022-02-24
"""


def put(text: str, base: str = BASE) -> tuple[str, Case]:
    given = loads(base, "base.case.yaml")
    made = case_with_evidence(table(text, ("war", "talks")), given, "RUS.aim")
    return made, loads(made, "base.case.yaml")


def test_a_case_gets_other_items_and_keeps_the_rest() -> None:
    text = "id,reported,group,war,talks\nnew,2021-12-03,wire,++,-\nnew_too,2021-12-04,wire,0.4,0.4\n"
    made, found = put(text)
    for line in (
        "   # a remark that stays",
        "   # stays as well",
        "# ---- what is known",
        "they quote the same people",
    ):
        assert line in made
    assert "old" not in made
    assert found.evidence is not None
    assert [item.id for item in found.evidence.items] == ["new", "new_too"]
    assert [item.id for item in found.evidence.indicators] == ["kept"]
    assert found.evidence.groups["wire"].rho == 0.6
    assert (found.evidence.truth, found.evidence.rho) == ("war", 0.9)


def test_groups_sources_and_indicators_are_added() -> None:
    text = (
        "id,kind,reported,source,group,rho,war,talks\n"
        "new,item,2021-12-03,paper2021,other,0.3,++,-\nmore,item,2021-12-04,paper2021,other,,0.4,0.4\n"
        "w,indicator,,,,,0.9,0.2\n"
    )
    made, found = put(text)
    assert found.evidence is not None
    assert found.evidence.groups["other"].rho == 0.3
    assert found.evidence.groups["wire"].about == "they quote the same people"
    assert [item.id for item in found.evidence.indicators] == ["w"]
    assert found.sources == {"paper2021": "paper2021"}
    assert made.index("sources:") < made.index("actors:")


def test_a_case_without_evidence_gets_the_section() -> None:
    base = BASE[: BASE.index("# ---- what is known")] + "evidence:\n  about: RUS.aim\n"
    made, found = put(HEAD + "new,2021-12-03,++,-\n", base)
    assert found.evidence is not None
    assert len(found.evidence.items) == 1
    assert made.count("evidence:") == 1


@pytest.mark.parametrize("line", ["evidence: {about: RUS.aim}", "evidence:\n  about: RUS.aim\n  items: {}"])
def test_what_is_not_in_block_style_is_refused_with_its_line(line: str) -> None:
    base = BASE[: BASE.index("evidence:")] + line + "\n"
    with pytest.raises(CaseError, match="each key on a line of its own") as error:
        put(HEAD + "new,2021-12-03,++,-\n", base)
    assert error.value.diagnostics[0].code == "T131"
    assert error.value.diagnostics[0].source in line


def test_damaged_tables_are_read_or_refused_with_a_place() -> None:
    """Whatever happens to a table on its way, the answer is a case or findings with a place, never a crash."""
    generator = np.random.default_rng(5)
    whole = csv_text(template_rows(("war", "talks")))
    noise = list("abc,;\n\t\"'=+-@0.5%{}[]:#&*!|>\u2028\u202e\x00é\\/")
    read, found = 0, []
    for _ in range(300):
        text = list(whole)
        for _ in range(int(generator.integers(1, 6))):
            at, kind = int(generator.integers(len(text))), generator.random()
            char = noise[int(generator.integers(len(noise)))]
            text[at : at + (kind > 0.4) + int(10 * (kind > 0.7))] = [char] if kind < 0.8 else []
        try:
            made = case_of_evidence(table("".join(text)), "made", "RUS.aim")
            loads(made, "made.case.yaml")
            read += 1
        except CaseError as error:
            found += error.diagnostics
    assert all(item.line >= 1 and item.column >= 1 and item.message for item in found)
    assert read > 10


def test_the_template_is_a_sound_table() -> None:
    text = csv_text(template_rows(("war", "talks", "bluff")))
    found = loads(case_of_evidence(table(text), "made", "RUS.aim"), "made.case.yaml")
    assert found.evidence is not None
    assert (len(found.evidence.items), len(found.evidence.indicators)) == (3, 1)
    assert evidence_rows(found)[0][0] == "id"


def test_a_zero_beside_numbers_is_noted_and_a_zero_among_marks_is_not() -> None:
    head = "id,reported,attack,bargain\n"
    (note,) = table(head + "a,2021-12-03,0.5,0\nb,2021-12-04,0,+\nc,2021-12-05,0,30%\n").notes
    assert note.startswith("rows 2, 4: 0 stands beside numbers")
    assert table(head + "a,2021-12-03,0,++\nb,2021-12-04,0,0\nc,2021-12-05,0.2-0.4,likely\n").notes == ()
