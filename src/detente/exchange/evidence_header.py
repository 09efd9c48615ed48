"""The header of a matrix of evidence: which column holds what, and what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from detente.errors import Diagnostic, TableError
from detente.evidence import COLUMNS
from detente.exchange.spreadsheet import Sheet, column_letters

MORE_COLUMNS = (
    "kind",
    "title",
    "about",
    "move",
    "can_stage",
    "real",
    "gain",
    "cost",
    "threshold",
    "rho",
    "cite",
    "seen_as",
    "until",
)
KNOWN = (*COLUMNS, *MORE_COLUMNS)
ITEM, INDICATOR = "item", "indicator"
OWN = "case"
"""What the case's own judgment is called in the column ``analyst``."""
POOLED = "pooled"

MOST_FINDINGS = 20

ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}\Z")
ID_HINT = "Use letters, digits, '_', '-' and '.', at most 64 of them."
_LABEL = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}\Z")


def name_of(text: str) -> str:
    """A text as a name: ``Field hospitals (2)`` becomes ``field_hospitals_2``."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:64]


class TableFindings:
    """What is wrong with a table, up to a limit."""

    def __init__(self, sheet: Sheet):
        self._sheet = sheet
        self._found: list[Diagnostic] = []

    @property
    def count(self) -> int:
        """Number of findings so far."""
        return len(self._found)

    def add(self, code: str, message: str, row: int, column: int, hint: str = "", name: str = "") -> None:
        """Note a finding about one cell; rows and columns counted from 1, `name` is that of the column."""
        if len(self._found) < MOST_FINDINGS:
            self._found.append(self._sheet.problem(code, f"{message}.", row, column, hint, name))

    def stop(self) -> None:
        """Raise if something was found.

        Raises:
            TableError: With every finding.
        """
        if self._found:
            raise TableError(self._found)


def head_hint(wanted: tuple[str, ...]) -> str:
    """What a header holds, as a hint; `wanted` are the types there must be, if that is known."""
    types = ", ".join(wanted) if wanted else "one per type"
    return (
        f"The first row names the columns: id, reported, {types}, and any of {', '.join(KNOWN[1:])}. "
        "`detente evidence template` writes a table to start from."
    )


@dataclass(frozen=True)
class Column:
    """What a column holds.

    Attributes:
        number: Its number, counted from 1.
        head: Its name as it is written.
        kind: ``fact``, ``judged`` (a likelihood) or ``absent`` (a probability of absence).
        name: The fact, or the type.
        analyst: Whose likelihood it is; empty for the case's own.
    """

    number: int
    head: str
    kind: str
    name: str
    analyst: str = ""


@dataclass(frozen=True)
class Header:
    """The columns of a table, and the types they tell apart."""

    columns: tuple[Column, ...] = ()
    labels: tuple[str, ...] = ()

    def place(self, name: str) -> int:
        """Number of the column of a fact; 1 if there is none."""
        return next((item.number for item in self.columns if item.kind == "fact" and item.name == name), 1)


def read_header(sheet: Sheet, wanted: tuple[str, ...], findings: TableFindings) -> Header:
    """What the columns of a table hold.

    Args:
        sheet: The table.
        wanted: The types there must be; () takes every column that is not known otherwise for a type.
        findings: Where findings go.

    Raises:
        TableError: The header cannot be used; carries every finding.
    """
    if not sheet.rows:
        findings.add("T110", "the table is empty", 1, 1, head_hint(wanted))
        findings.stop()
    reader = _HeaderReader(wanted, findings)
    header = reader.read(*sheet.rows[0])
    findings.stop()
    return header


class _HeaderReader:
    def __init__(self, wanted: tuple[str, ...], findings: TableFindings):
        self._wanted = wanted
        self._findings = findings
        self._columns: list[Column] = []
        self._spelled: dict[str, str] = {}  # type in small letters -> as it was written first

    def read(self, number: int, header: tuple[str, ...]) -> Header:
        """The header in a row."""
        self._header(number, header)
        return Header(tuple(self._columns), self._found_labels())

    def _found_labels(self) -> tuple[str, ...]:
        if self._wanted:
            return self._wanted
        return tuple(dict.fromkeys(column.name for column in self._columns if column.kind == "judged"))

    def _header(self, number: int, header: tuple[str, ...]) -> None:
        seen: dict[str, int] = {}
        for place, text in enumerate(header, 1):
            head = " ".join(text.split())
            column = self._column(number, place, head)
            if column is None:
                continue
            key = f"{column.kind} {column.analyst} {column.name}"
            if key in seen:
                message = f"the column '{head}' stands there twice, the first time in {column_letters(seen[key])}"
                self._findings.add("T110", message, number, place, "Remove or rename one of them.")
            seen[key] = place
            self._columns.append(column)
        if self._findings.count == 0:
            self._complete(number)

    def _column(self, number: int, place: int, head: str) -> Column | None:
        if not head:
            self._findings.add(
                "T110", "a column has no name", number, place, "Give every column up to the last one a name."
            )
            return None
        name = head.lower().replace(" ", "_")
        if name in KNOWN or name == "id":
            return Column(place, head, "fact", name)
        if name == "date":
            return Column(place, head, "fact", "reported")
        first, colon, rest = head.partition(":")
        if colon and first.strip().lower() == "absent":
            return self._label_column(number, place, head, "absent", rest.strip(), "")
        if colon:
            analyst = first.strip() if ID.match(first.strip()) else name_of(first)
            if not ID.match(analyst) or analyst == POOLED:
                self._findings.add(
                    "T123", f"'{first.strip()}' cannot be the name of an analyst", number, place, ID_HINT
                )
                return None
            return self._label_column(number, place, head, "judged", rest.strip(), "" if analyst == OWN else analyst)
        return self._label_column(number, place, head, "judged", head, "")

    def _label_column(self, number: int, place: int, head: str, kind: str, label: str, analyst: str) -> Column | None:
        name = label if _LABEL.match(label) else name_of(label)
        if self._wanted and name not in self._wanted:
            near = {item.lower(): item for item in self._wanted}
            if name.lower() in near:
                return Column(place, head, kind, near[name.lower()], analyst)
            types = ", ".join(self._wanted)
            hint = f"The types of the case are {types}. Other columns may be called {', '.join(KNOWN)}."
            self._findings.add("T130", f"the case has no type '{label}'", number, place, hint)
            return None
        if not _LABEL.match(name):
            hint = "A type is called by letters, digits and '_', and does not begin with a digit."
            self._findings.add("T110", f"'{label}' cannot be the name of a type", number, place, hint)
            return None
        return Column(place, head, kind, self._spelled.setdefault(name.lower(), name), analyst)

    def _complete(self, number: int) -> None:
        facts = {column.name for column in self._columns if column.kind == "fact"}
        labels = self._found_labels()
        for name in ("id", "reported"):
            if name not in facts:
                self._findings.add("T110", f"there is no column '{name}'", number, 1, head_hint(self._wanted))
        if len(labels) < 2:
            what = f"only one column of a type, '{labels[0]}'" if labels else "no column of a type"
            self._findings.add("T110", f"there is {what}; at least two are needed", number, 1, head_hint(self._wanted))
        for column in self._columns:
            if column.kind == "absent" and column.name not in labels:
                message = f"absence is judged under '{column.name}', which has no column of its own"
                self._findings.add("T110", message, number, column.number, head_hint(self._wanted))
        self._check_groups(number, facts, labels)

    def _check_groups(self, number: int, facts: set[str], labels: tuple[str, ...]) -> None:
        groups: dict[str, set[str]] = {}
        for column in self._columns:
            if column.kind == "judged":
                groups.setdefault(column.analyst, set()).add(column.name)
        for analyst, own in groups.items():
            missing = [label for label in labels if label not in own]
            if missing and (analyst or not self._wanted or own):
                place = next(item.number for item in self._columns if item.kind == "judged" and item.analyst == analyst)
                whose = f" of '{analyst}'" if analyst else ""
                hint = "Every analyst needs a column for every type."
                self._findings.add("T110", f"the columns{whose} leave out {', '.join(missing)}", number, place, hint)
        if any(groups) and "analyst" in facts:
            place = next(column.number for column in self._columns if column.name == "analyst")
            hint = "Keep the column `analyst`, or the columns `ANALYST: TYPE`."
            self._findings.add("T110", "analysts are given in two ways", number, place, hint)
