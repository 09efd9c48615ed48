"""Evidence in spreadsheets: from a table to a case, from a case to a table, and a table to start from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from detente.app.workspace import SUFFIX, load, writable, write_text
from detente.errors import CaseError, RequestError

if TYPE_CHECKING:
    from detente.case import Case

ABOUT = "THEM.aim"
"""The type that is judged, where nobody says."""
TYPES = ("attack", "bargain", "bluff")
TABLES = (".csv", ".xlsx")


@dataclass(frozen=True)
class ImportedEvidence:
    """What came of an import.

    Attributes:
        text: The case file.
        path: Where it was written; None if it was not.
        about: The type that is judged.
        labels: Its labels.
        items: Number of items; indicators, analysts: likewise (without the case's own judgment).
        notes: What was guessed.
    """

    text: str
    path: Path | None
    about: str
    labels: tuple[str, ...]
    items: int
    indicators: int
    analysts: int
    notes: tuple[str, ...]


def import_evidence(
    table: str | Path,
    *,
    case: Case | str | Path | None = None,
    about: str | None = None,
    sheet: str | None = None,
    name: str | None = None,
    output: str | Path | None = None,
    overwrite: bool = False,
) -> ImportedEvidence:
    """Make a case file from a matrix of evidence, or put the matrix into a case that there is.

    Args:
        table: A CSV or Excel file with one row per item and one column per type.
        case: A case whose items, indicators and analysts are replaced; all else in it stays. None makes a new case, in
            which all types are equally likely before the first item.
        about: The type that is judged, ``ACTOR.type``; that of the case's evidence, or its only type, if not given.
        sheet: Sheet of a workbook; ``evidence`` if there is one, else the first.
        name: Name of a new case; that of the table if not given.
        output: File to write; nothing is written if not given.
        overwrite: Whether a file that exists may be replaced.

    Raises:
        TableError: Something is wrong with the table; findings name row and column.
        CaseError: The case is wrong, or what would come out is.
        RequestError: The type is unknown, or the file exists or cannot be written.
    """
    from detente.case import loads
    from detente.exchange import case_of_evidence, case_with_evidence, evidence_table, read_sheet

    path = _free(output, overwrite)
    read = read_sheet(table, sheet)
    if case is None:
        if about is not None and not re.fullmatch(r"[A-Za-z_]\w*\.[A-Za-z_]\w*", about):
            raise RequestError(f"'{about[:80]}' is not a type: write the actor and what is hidden, as in RUS.aim.")
        word = _case_name(name or Path(table).stem)
        found = evidence_table(read)
        judged = about or ABOUT
        text = case_of_evidence(found, word, judged, Path(table).name)
    else:
        given = load(case) if isinstance(case, str | Path) else case
        judged = _judged(given, about)
        labels = next(item.labels for item in given.types if item.name == judged)
        found = evidence_table(read, labels)
        word = given.name
        text = case_with_evidence(found, given, judged)
    try:
        loads(text, str(path or f"{word}{SUFFIX}"))
    except CaseError as error:
        raise CaseError(error.diagnostics) from error
    if path is not None:
        write_text(writable(path), text)
    sizes = (len(found.items), len(found.indicators), len(found.analysts))
    notes = found.notes
    if case is None and about is None:
        notes = (*notes, f"The type that is judged is called {ABOUT}; --about ACTOR.type gives it a name.")
    return ImportedEvidence(text, path, judged, found.labels, *sizes, notes)


def export_evidence(case: Case | str | Path, output: str | Path | None = None, *, overwrite: bool = False) -> str:
    """Write the matrix of evidence of a case as a table; `import_evidence` reads it back as it was.

    Args:
        case: A case with evidence, a path, or the name of a shipped case.
        output: File to write, ``.csv`` or ``.xlsx``; nothing is written if not given.
        overwrite: Whether a file that exists may be replaced.

    Returns:
        The table as CSV.

    Raises:
        CaseError: The case is wrong.
        RequestError: It has no evidence, or the file exists, has another ending, or cannot be written.
    """
    from detente.exchange import DAYS, csv_text, evidence_rows

    path = _free(output, overwrite, TABLES)
    found = load(case) if isinstance(case, str | Path) else case
    if found.evidence is None:
        raise RequestError(f"the case '{found.name}' has no section `evidence`, so there is no matrix to write.")
    rows = evidence_rows(found)
    if path is not None:
        _write_table(path, {"evidence": rows}, DAYS)
    return csv_text(rows)


def evidence_template(
    output: str | Path | None = None,
    types: Sequence[str] = TYPES,
    *,
    case: Case | str | Path | None = None,
    overwrite: bool = False,
) -> str:
    """Write a table to start from, with an example of each kind of row; as Excel, with a second sheet that explains it.

    Args:
        output: File to write, ``.csv`` or ``.xlsx``; nothing is written if not given.
        types: The types to tell apart.
        case: A case whose types are taken instead.
        overwrite: Whether a file that exists may be replaced.

    Returns:
        The table as CSV.

    Raises:
        CaseError: The case is wrong.
        RequestError: There are fewer than two types, or the file exists, has another ending, or cannot be written.
    """
    from detente.exchange import DAYS, HELP_ROWS, csv_text, template_rows

    path = _free(output, overwrite, TABLES)
    if case is not None:
        found = load(case) if isinstance(case, str | Path) else case
        judged = _judged(found, None)
        types = next(item.labels for item in found.types if item.name == judged)
    names = tuple(dict.fromkeys(name.strip() for name in types if name.strip()))
    wrong = [name for name in names if not re.fullmatch(r"[A-Za-z_]\w{0,63}", name, re.ASCII)]
    if len(names) < 2 or wrong:
        said = f"'{wrong[0][:40]}' cannot be the name of a type" if wrong else "a table tells at least two types apart"
        raise RequestError(f"{said}. Write them as in: attack,bargain,bluff (letters, digits and '_').")
    rows = template_rows(names)
    if path is not None:
        _write_table(path, {"evidence": rows, "how to": [list(row) for row in HELP_ROWS]}, DAYS)
    return csv_text(rows)


def _write_table(path: Path, sheets: dict[str, list[list[str]]], days: Sequence[str]) -> None:
    """Write the sheets as a workbook, or the first of them as CSV."""
    from detente.exchange import csv_text, workbook_bytes

    writable(path)
    if path.suffix.lower() == ".xlsx":
        try:
            path.write_bytes(workbook_bytes(sheets, days))
        except OSError as error:
            raise RequestError(f"{path} cannot be written: {error.strerror or error}.") from error
    else:
        write_text(path, csv_text(next(iter(sheets.values()))))


def _free(output: str | Path | None, overwrite: bool, endings: Sequence[str] = ()) -> Path | None:
    """The file to write, once it is sure that nothing is lost by it."""
    if output is None:
        return None
    path = Path(output)
    if endings and path.suffix.lower() not in endings:
        raise RequestError(f"{path} must end in {' or '.join(endings)}.")
    if path.exists() and not overwrite:
        raise RequestError(f"{path} exists already; choose another name, or add --overwrite.")
    return path


def _judged(case: Case, about: str | None) -> str:
    """The type that a case's evidence is about."""
    names = [item.name for item in case.types]
    if about is not None:
        if about in names:
            return about
        raise RequestError(f"the case has no type '{about[:80]}'. Its types are: {', '.join(names) or 'none'}.")
    if case.evidence is not None:
        return case.evidence.about
    if len(names) == 1:
        return names[0]
    raise RequestError(
        f"say which type is judged with --about. The types of the case are: {', '.join(names) or 'none'}."
    )


def _case_name(text: str) -> str:
    word = re.sub(r"[^a-z0-9]+", "-", text.lower().removesuffix(".case")).strip("-")[:64]
    return word or "evidence"
