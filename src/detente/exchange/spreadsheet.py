"""Spreadsheets as grids of text: read from CSV and Excel files of strangers, and written so that nothing is a formula.

Excel files are read without their formulas being worked out: a cell counts for the value that was saved with it. Sizes
are bounded before anything is unpacked. On writing, every text is marked as text, so that no program takes a cell that
begins with ``=``, ``+``, ``-`` or ``@`` for a formula.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from detente.errors import Diagnostic, TableError

MOST_BYTES = 5 * 2**20
MOST_UNPACKED = 24 * 2**20
MOST_PARTS = 2_000
MOST_ROWS = 20_000
MOST_COLUMNS = 120
MOST_CELL = 20_000
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx")
EXCEL = ".xlsx"
PREFERRED = "evidence"
"""Sheet that is read where none is named and the workbook has it; else the first one."""

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_QUOTED = re.compile(r"'+[=+\-@\t\r]")
_HARMLESS = frozenset({"+", "++", "-", "--"})
_ENTITY = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(frozen=True)
class Sheet:
    """A table of text.

    Attributes:
        file: Name of the file as the user gave it.
        title: Name of the sheet; empty for CSV.
        rows: The rows with something in them: number in the file, counted from 1, and cells without white space around
            them. The first one is the header.
        notes: What was guessed while reading.
    """

    file: str
    title: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    notes: tuple[str, ...] = ()

    def place(self, row: int, column: int, name: str = "") -> str:
        """Words for a cell: ``row 5, column F (compel)``, with the sheet if there is one."""
        sheet = f"sheet '{self.title}', " if self.title else ""
        head = f" ({name})" if name else ""
        return f"{sheet}row {row}, column {column_letters(column)}{head}"

    def problem(self, code: str, message: str, row: int, column: int, hint: str = "", name: str = "") -> Diagnostic:
        """A finding about one cell; column counted from 1."""
        where = self.place(row, column, name)
        return Diagnostic(code, "error", _printable(f"{where}: {message}"), self.file, row, column, 1, "", hint)


def column_letters(column: int) -> str:
    """Name of a column as spreadsheets show it: 1 is A, 27 is AA."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_sheet(path: str | Path, sheet: str | None = None) -> Sheet:
    """The table in a CSV or Excel file.

    Args:
        path: A file whose name ends in ``.csv``, ``.tsv``, ``.txt`` or ``.xlsx``.
        sheet: Name of the sheet of a workbook; ``evidence`` if there is one, else the first.

    Raises:
        TableError: The file cannot be read, is too large, or is no table.
    """
    file = Path(path)
    if file.suffix.lower() not in SUFFIXES:
        hint = f"Save it with one of the endings {', '.join(SUFFIXES)}. Old .xls files: save as .xlsx."
        raise _refuse(file, "T103", f"'{file.name}' is not a table that can be read", hint)
    try:
        if not file.is_file():
            raise _refuse(file, "T100", f"there is no file '{file}'")
        with file.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise _refuse(file, "T100", f"the file cannot be read: {error.strerror or error}") from error
    if len(data) > MOST_BYTES:
        raise _refuse(file, "T102", f"the file has more than {MOST_BYTES:,} bytes", "Split it, or drop sheets.")
    if file.suffix.lower() == EXCEL:
        return _workbook(file, data, sheet)
    if sheet is not None:
        raise _refuse(file, "T103", "only workbooks (.xlsx) have sheets", "Leave the sheet out.")
    text, notes = _decoded(file, data)
    return sheet_of_text(text, str(file), notes)


def sheet_of_text(text: str, name: str = "<table>", notes: tuple[str, ...] = ()) -> Sheet:
    """The table in a text with commas, semicolons or tabs.

    Raises:
        TableError: It is no table, or too large.
    """
    first = text.lstrip("\n").split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    rows: list[tuple[int, tuple[str, ...]]] = []
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        for cells in reader:
            _add(rows, reader.line_num, [_unquoted(cell.strip()).strip() for cell in cells], name)
    except csv.Error as error:
        raise _refuse(name, "T103", f"line {reader.line_num} cannot be read: {error}") from error
    return Sheet(name, "", tuple(rows), notes)


def _decoded(file: Path, data: bytes) -> tuple[str, tuple[str, ...]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), ()
        except UnicodeDecodeError as error:
            raise _refuse(file, "T101", "the file is not text", "Save it as CSV in UTF-8.") from error
    try:
        text, notes = data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
        notes = ("The file is not in UTF-8; it was read as Windows-1252, as Excel saves it.",)
    if "\0" in text:
        raise _refuse(file, "T101", "the file is not text", "Save it as CSV in UTF-8, or as .xlsx.")
    return text, notes


def _unquoted(text: str) -> str:
    """The text without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return text[1:] if _QUOTED.match(text) else text


def _add(rows: list[tuple[int, tuple[str, ...]]], number: int, cells: Sequence[str], name: str | Path) -> None:
    """Add a row if it holds something, within the limits."""
    kept = list(cells)
    while kept and not kept[-1]:
        kept.pop()
    if not kept:
        return
    if len(rows) >= MOST_ROWS:
        raise _refuse(name, "T102", f"the table has more than {MOST_ROWS:,} rows", "Split it.")
    if len(kept) > MOST_COLUMNS:
        raise _refuse(name, "T102", f"row {number} has more than {MOST_COLUMNS} columns", "Drop columns.")
    if any(len(cell) > MOST_CELL for cell in kept):
        raise _refuse(name, "T102", f"a cell of row {number} has more than {MOST_CELL:,} characters", "Shorten it.")
    rows.append((number, tuple(kept)))


# --------------------------------------------------------------------------- Excel
def _workbook(file: Path, data: bytes, wanted: str | None) -> Sheet:
    _check_parts(file, data)
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises whatever it stumbles over
        raise _broken(file) from error
    try:
        titles = [item.title for item in book.worksheets]
        title = _title(file, titles, wanted)
        rows: list[tuple[int, tuple[str, ...]]] = []
        found = book[title].iter_rows(max_row=MOST_ROWS * 2, max_col=MOST_COLUMNS + 1, values_only=True)
        for number, cells in enumerate(found, 1):
            _add(rows, number, [_text(cell) for cell in cells], file)
    except TableError:
        raise
    except Exception as error:
        raise _broken(file) from error
    finally:
        book.close()
    return Sheet(str(file), title, tuple(rows))


def _check_parts(file: Path, data: bytes) -> None:
    """Refuse what would grow too large, or holds definitions that could.

    A workbook is a zip file of XML. The sizes in its directory bound what can be unpacked from it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            found = parts.infolist()
            if len(found) > MOST_PARTS or sum(item.file_size for item in found) > MOST_UNPACKED:
                raise _refuse(file, "T102", "the workbook is too large once unpacked", "Save the one sheet as CSV.")
            for item in found:
                if item.filename.lower().endswith((".xml", ".rels")):
                    start = parts.read(item)
                    if start[:2] in (b"\xff\xfe", b"\xfe\xff") or _ENTITY.search(start):
                        raise _refuse(file, "T103", "the workbook holds definitions that no spreadsheet writes")
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise _broken(file) from error
    except (OSError, zlib.error) as error:
        raise _broken(file) from error


def _title(file: Path, titles: Sequence[str], wanted: str | None) -> str:
    if wanted is not None:
        if wanted in titles:
            return wanted
        hint = f"The sheets are: {', '.join(titles)}."
        raise _refuse(file, "T103", f"the workbook has no sheet '{wanted}'", hint)
    if not titles:
        raise _refuse(file, "T103", "the workbook has no sheet with cells")
    return next((title for title in titles if title.lower() == PREFERRED), titles[0])


def _text(value: Any) -> str:
    """A cell's saved value as text: dates as ISO, numbers as short as they can be."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).strip()


def _broken(file: Path) -> TableError:
    return _refuse(file, "T103", "the file is not a workbook that can be read", "Save it anew as .xlsx or CSV.")


def _refuse(file: str | Path, code: str, message: str, hint: str = "") -> TableError:
    return TableError([Diagnostic(code, "error", _printable(message + "."), str(file), 1, 1, 1, "", hint)])


def _printable(text: str) -> str:
    return text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)


# --------------------------------------------------------------------------- writing
def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows as CSV with commas; a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([_shielded(cell) for cell in row] for row in rows)
    return out.getvalue()


def _shielded(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) and text not in _HARMLESS else text


def workbook_bytes(sheets: Mapping[str, Sequence[Sequence[str]]], days: Sequence[str] = ()) -> bytes:
    """Sheets as an Excel file, their first rows set apart; everything but numbers and days is text.

    Args:
        sheets: Title -> rows of text.
        days: Names of columns (in the first row) that hold days.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        header = rows[0] if rows else ()
        for i, row in enumerate(rows, 1):
            for j, text in enumerate(row, 1):
                cell = sheet.cell(i, j)
                _fill(cell, text, i > 1 and header[j - 1] in days)
                cell.alignment = Alignment(vertical="top", wrap_text=len(text) > 24)
                if i == 1:
                    cell.font = Font(bold=True)
        for j in range(1, len(header) + 1):
            longest = max((len(row[j - 1]) for row in rows if len(row) >= j), default=8)
            sheet.column_dimensions[get_column_letter(j)].width = min(48, max(11, longest + 2))
        sheet.freeze_panes = "B2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(cell: Any, text: str, is_day: bool) -> None:
    """Put a text into a cell: as a day, as a number that reads back as it stands, or as text."""
    if is_day and text:
        cell.value = date.fromisoformat(text)
        cell.number_format = "yyyy-mm-dd"
        return
    if _plain_number(text):
        cell.value = float(text)
        return
    cell.value = text or None
    if text:
        cell.data_type = "s"  # openpyxl would make a formula of what begins with '='
        cell.number_format = "@"
        cell.quotePrefix = bool(_FORMULA.match(text))


def _plain_number(text: str) -> bool:
    try:
        return _text(float(text)) == text
    except (ValueError, OverflowError):
        return False
