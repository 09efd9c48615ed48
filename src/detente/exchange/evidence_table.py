"""A matrix of evidence as an analyst keeps it in a spreadsheet: one row per item, one column per type.

Several analysts stand in a column ``analyst`` (one row per item and analyst) or in groups of columns headed
``ANALYST: TYPE``. Everything is kept as text, checked cell by cell; every finding names its row and column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from detente.errors import RequestError
from detente.evidence import MARKS, WORDS, read_likelihood, reliability
from detente.exchange.evidence_header import (
    ID,
    ID_HINT,
    INDICATOR,
    ITEM,
    KNOWN,
    OWN,
    POOLED,
    Column,
    Header,
    TableFindings,
    head_hint,
    name_of,
    read_header,
)
from detente.exchange.spreadsheet import Sheet

FACTS = tuple(name for name in KNOWN if name not in ("id", "analyst", "kind", "rho"))

FORMS = (
    f"Write a number above 0 and at most 1, a percentage, a range such as 0.2-0.4, a mark ({' '.join(MARKS)}) or a "
    f"word of ICD 203: {', '.join(WORDS)}."
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
_DASHES = {"\N{EN DASH}": "-", "\N{EM DASH}": "--", "\N{MINUS SIGN}": "-", "\N{MINUS SIGN}\N{MINUS SIGN}": "--"}
_PLAIN = re.compile(r"(?:0?\.\d+|1(?:\.0*)?|\d+(?:\.\d+)?%)\Z")
_COMMA = re.compile(r"(?<=\d),(?=\d)")


@dataclass(frozen=True)
class TableEntry:
    """One item or indicator.

    Attributes:
        id: Its id.
        row: Row of the table it stands in.
        facts: Column -> text, for columns with something in them.
        likelihood: Type -> text; empty for moves.
        absent: Type -> text, the probability of absence judged apart.
    """

    id: str
    row: int
    facts: dict[str, str]
    likelihood: dict[str, str]
    absent: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class EvidenceTable:
    """A checked matrix.

    Attributes:
        labels: The types, in the order of their columns.
        items: The items, in the order of the table.
        indicators: What has not been seen yet.
        has_kinds: Whether the table tells items and indicators apart.
        analysts: Analyst -> item -> type -> text; without the case's own judgments.
        own: Whose judgments the items carry, where every row names an analyst; else empty.
        rho: Group -> text, where given.
        notes: What was guessed while reading.
    """

    labels: tuple[str, ...]
    items: tuple[TableEntry, ...]
    indicators: tuple[TableEntry, ...]
    has_kinds: bool
    analysts: dict[str, dict[str, dict[str, str]]]
    own: str
    rho: dict[str, str]
    notes: tuple[str, ...] = ()


def evidence_table(sheet: Sheet, labels: tuple[str, ...] = ()) -> EvidenceTable:
    """The matrix that a table holds.

    Args:
        sheet: The table.
        labels: The types there must be; () takes every column that is not known otherwise for a type.

    Raises:
        TableError: Something is wrong with it; carries every finding, up to a limit.
    """
    return _Reader(sheet, labels).read()


@dataclass
class _Row:
    number: int
    analyst: str
    entry: TableEntry
    judged: dict[str, dict[str, str]]


class _Reader:
    def __init__(self, sheet: Sheet, labels: tuple[str, ...]):
        self._sheet = sheet
        self._wanted = labels
        self._found = TableFindings(sheet)
        self._header = Header()
        self._zeros: list[str] = []

    def read(self) -> EvidenceTable:
        self._header = read_header(self._sheet, self._wanted, self._found)
        number = self._sheet.rows[0][0]
        if len(self._sheet.rows) < 2:
            self._wrong("T112", "there is no row below the header", number + 1, 1, head_hint(self._wanted))
        rows = [row for number, cells in self._sheet.rows[1:] if (row := self._row(number, cells)) is not None]
        self._found.stop()
        table = self._merged(rows)
        self._found.stop()
        return table

    def _at(self, name: str) -> int:
        return self._header.place(name)

    def _wrong(self, code: str, message: str, row: int, column: int, hint: str = "", name: str = "") -> None:
        self._found.add(code, message, row, column, hint, name)

    # ----------------------------------------------------------------------- rows
    def _row(self, number: int, cells: tuple[str, ...]) -> _Row | None:
        if len(cells) > max(column.number for column in self._header.columns):
            hint = "Give the column a name, or clear the cell."
            self._wrong("T111", f"'{cells[-1][:40]}' stands under no name of a column", number, len(cells), hint)
            return None
        texts = {column: cells[column.number - 1] for column in self._header.columns if column.number <= len(cells)}
        facts = {column.name: text for column, text in texts.items() if column.kind == "fact" and text}
        before = self._found.count
        self._check_facts(number, facts)
        judged: dict[str, dict[str, str]] = {}
        for column, text in texts.items():
            if column.kind == "judged" and text:
                judged.setdefault(column.analyst, {})[column.name] = self._likelihood(number, column, text)
        absent = {
            column.name: self._share(number, column.number, column.head, text)
            for column, text in texts.items()
            if column.kind == "absent" and text
        }
        self._check_judged(number, facts, judged)
        if self._found.count > before:
            return None
        analyst = facts.pop("analyst", "")
        entry = TableEntry(facts.pop("id"), number, facts, {}, absent)
        return _Row(number, "" if analyst == OWN else analyst, entry, judged)

    def _check_facts(self, number: int, facts: dict[str, str]) -> None:
        self._check_names(number, facts)
        kind = facts.setdefault("kind", ITEM).lower()
        facts["kind"] = kind
        if kind not in (ITEM, INDICATOR):
            hint = f"Write {ITEM} or {INDICATOR}; nothing stands for {ITEM}."
            self._wrong("T123", f"'{kind[:40]}' is not a kind", number, self._at("kind"), hint, "kind")
        before = self._found.count
        for name in ("reported", "happened", "until"):
            if name in facts:
                self._day(number, name, facts)
        if "reported" in facts and facts.get("happened", "") > facts["reported"] and self._found.count == before:
            message = f"it happened on {facts['happened'][:40]}, after it was reported on {facts['reported'][:40]}"
            self._wrong("T121", message, number, self._at("happened"), "Correct one of the two days.", "happened")
        if kind == ITEM and "reported" not in facts and not facts.get("analyst"):
            hint = "Give the day on which it could be known, as 2021-12-03."
            self._wrong("T121", "the item has no day of report", number, self._at("reported"), hint, "reported")
        self._check_grades(number, facts)

    def _check_names(self, number: int, facts: dict[str, str]) -> None:
        id = facts.get("id", "")
        if not id:
            self._wrong("T123", "the row has no id", number, self._at("id"), "Give every item a name of its own.")
        elif not ID.match(id):
            facts["id"] = made = name_of(id)
            if not ID.match(made):
                self._wrong("T123", f"'{id[:80]}' cannot be an id", number, self._at("id"), ID_HINT)
        for name in ("analyst", "group"):
            if name in facts and not ID.match(facts[name]):
                facts[name] = name_of(facts[name])
            if name in facts and (not ID.match(facts[name]) or (name == "analyst" and facts[name] == POOLED)):
                message = f"'{facts[name][:40]}' cannot be the name of a{'n' if name == 'analyst' else ''} {name}"
                self._wrong("T123", message, number, self._at(name), ID_HINT, name)

    def _check_grades(self, number: int, facts: dict[str, str]) -> None:
        for name in ("r", "rho", "threshold"):
            if name in facts:
                facts[name] = self._share(number, self._at(name), name, facts[name])
        source, information = facts.get("reliability", ""), facts.get("credibility", "")
        for name, text, grades in (
            ("reliability", source, (source or "F", "1")),
            ("credibility", information, ("A", information or "6")),
        ):
            if not text:
                continue
            try:
                reliability(*grades)
                facts[name] = text.upper()
            except RequestError as problem:
                first, _, way = str(problem).partition("; ")
                self._wrong("T122", first, number, self._at(name), way[:1].upper() + way[1:] + ".", name)

    def _day(self, number: int, name: str, facts: dict[str, str]) -> None:
        try:
            if not _DAY.match(facts[name]):
                raise ValueError
            date.fromisoformat(facts[name])
        except ValueError:
            hint = "Format the cell as a date, or write it as 2021-12-03."
            self._wrong("T121", f"'{facts[name][:40]}' is not a day", number, self._at(name), hint, name)

    def _share(self, number: int, place: int, name: str, text: str) -> str:
        plain = _COMMA.sub(".", text)
        try:
            if 0.0 <= float(plain) <= 1.0:
                return plain
        except ValueError:
            pass
        hint = "Write a number from 0 to 1."
        self._wrong("T122", f"'{text[:40]}' is not a number from 0 to 1", number, place, hint, name)
        return plain

    def _likelihood(self, number: int, column: Column, text: str) -> str:
        plain = _COMMA.sub(".", _DASHES.get(text, text))
        try:
            read_likelihood(plain)
        except RequestError as problem:
            message = str(problem).partition(";")[0]
            hint = FORMS
            if _DAY.match(text):
                hint = f"Excel took it for a date: format the column as text and write it again. {FORMS}"
            elif not self._wanted:
                known = f"If '{column.head}' is not a type, call the column by a known name ({', '.join(KNOWN)})."
                hint = f"{FORMS} {known}"
            self._wrong("T120", message[:200], number, column.number, hint, column.head)
        return plain

    def _check_judged(self, number: int, facts: dict[str, str], judged: dict[str, dict[str, str]]) -> None:
        labels = self._header.labels
        for analyst, cells in judged.items():
            missing = [label for label in labels if label not in cells]
            if missing:
                column = next(
                    item
                    for item in self._header.columns
                    if (item.kind, item.name, item.analyst) == ("judged", missing[0], analyst)
                )
                message = f"there is no likelihood under {', '.join(missing)}"
                self._wrong("T120", message, number, column.number, f"Every type needs one. {FORMS}", column.head)
        if not judged and "move" not in facts:
            place = next((item.number for item in self._header.columns if item.kind == "judged"), 1)
            hint = f"{FORMS} A move of the game has `move` instead, such as winter=now."
            self._wrong("T120", "the row has no likelihood", number, place, hint)
        elif judged and "move" in facts:
            hint = "The game says how likely a move is: clear the cells of the types, or `move`."
            self._wrong("T120", "the row has both likelihoods and a move", number, self._at("move"), hint, "move")

    # ----------------------------------------------------------------------- several analysts
    def _merged(self, rows: list[_Row]) -> EvidenceTable:
        """Rows of one item put together: its facts once, and the judgment of each analyst."""
        entries: dict[str, TableEntry] = {}
        judged: dict[str, dict[str, dict[str, str]]] = {}
        rho: dict[str, str] = {}
        for row in rows:
            id = row.entry.id
            if id in entries:
                entries[id] = self._joined(entries[id], row.entry)
            else:
                entries[id] = row.entry
                judged[id] = {}
            for analyst, cells in row.judged.items():
                who = analyst or row.analyst
                if who in judged[id]:
                    whose = f"by '{who}' " if who else ""
                    message = f"the item '{id}' is judged {whose}twice"
                    self._wrong("T124", message, row.number, self._at("id"), "Give each item a row, or an analyst.")
                judged[id][who] = cells
            if not row.judged and any(item.entry.id == id and item is not row for item in rows):
                self._wrong("T124", f"the item '{id}' stands there twice", row.number, self._at("id"))
            self._take_rho(row, rho)
        self._note_zeros(rows)
        own = self._own(judged)
        return self._table(entries, judged, own, rho)

    def _note_zeros(self, rows: list[_Row]) -> None:
        """Note a 0 beside numbers: read as the mark, it may have been meant for a number."""
        found = [
            str(row.number)
            for row in rows
            if any(
                "0" in cells.values() and any(_PLAIN.match(text) for text in cells.values())
                for cells in row.judged.values()
            )
        ]
        if found:
            told = ", ".join(found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else "")
            self._zeros.append(
                f"row{'s' if len(found) > 1 else ''} {told}: 0 stands beside numbers; it is read as the mark that says "
                "nothing (0.5). If it was to say that the item is next to impossible, write 0.01."
            )

    def _joined(self, first: TableEntry, other: TableEntry) -> TableEntry:
        facts = dict(first.facts)
        for name, text in other.facts.items():
            if name == "kind" and name in facts:
                continue
            if facts.setdefault(name, text) != text:
                message = f"'{text[:40]}' is not what row {first.row} says of '{first.id}': '{facts[name][:40]}'"
                self._wrong("T124", message, other.row, self._at(name), "Give it once, or alike.", name)
        return TableEntry(first.id, first.row, facts, {}, {**other.absent, **first.absent})

    def _take_rho(self, row: _Row, rho: dict[str, str]) -> None:
        text = row.entry.facts.pop("rho", "")
        group = row.entry.facts.get("group", "")
        if text and not group:
            hint = "rho is the probability that the reports of a group copy one origin."
            self._wrong("T124", "rho is given without a group", row.number, self._at("rho"), hint, "rho")
        elif text and float(rho.setdefault(group, text)) != float(text):
            message = f"rho of the group '{group}' is {text} here and {rho[group]} before"
            self._wrong("T124", message, row.number, self._at("rho"), "Give it once.", "rho")

    def _own(self, judged: dict[str, dict[str, dict[str, str]]]) -> str:
        """Whose judgments stand for the case's own: rows without an analyst, else the first analyst."""
        names = list(dict.fromkeys(name for cells in judged.values() for name in cells))
        return "" if not names or "" in names else names[0]

    def _table(
        self,
        entries: dict[str, TableEntry],
        judged: dict[str, dict[str, dict[str, str]]],
        own: str,
        rho: dict[str, str],
    ) -> EvidenceTable:
        items: list[TableEntry] = []
        indicators: list[TableEntry] = []
        analysts: dict[str, dict[str, dict[str, str]]] = {}
        for id, entry in entries.items():
            cells = judged[id]
            if cells and own not in cells:
                whose = f"of '{own}', whose judgments stand for the case's own" if own else "without an analyst"
                hint = "Add a row (or cells) with it, or leave the analyst out."
                message = f"the item '{id}' has no judgment {whose}"
                self._wrong("T125", message, entry.row, self._at("analyst"), hint)
            self._check_entry(entry)
            made = TableEntry(
                id, entry.row, entry.facts, self._ordered(cells.get(own, {})), self._ordered(entry.absent)
            )
            (indicators if entry.facts.get("kind") == INDICATOR else items).append(made)
            for analyst, own_cells in cells.items():
                if analyst != own:
                    analysts.setdefault(analyst, {})[id] = self._ordered(own_cells)
        has_kinds = any(column.kind == "fact" and column.name == "kind" for column in self._header.columns)
        notes = [*self._sheet.notes, *self._zeros]
        if own:
            notes.append(
                f"Every row names an analyst: the items carry those of '{own}' (judged_by), and answers pool all."
                if analysts
                else f"Every row names the same analyst: the judgments of '{own}' stand for the case's own."
            )
        labels = self._header.labels
        return EvidenceTable(labels, tuple(items), tuple(indicators), has_kinds, analysts, own, rho, tuple(notes))

    def _check_entry(self, entry: TableEntry) -> None:
        kind = entry.facts.pop("kind", ITEM)
        if kind == INDICATOR:
            for name in ("reported", "move", "group", "can_stage"):
                if name in entry.facts:
                    hint = "An indicator has not been seen yet; what has been reported is an item."
                    self._wrong("T124", f"an indicator has no '{name}'", entry.row, self._at(name), hint, name)
            entry.facts["kind"] = INDICATOR
            return
        for name in ("seen_as", "until"):
            if name in entry.facts:
                hint = "It belongs to an indicator: what has been reported was seen."
                self._wrong("T124", f"an item has no '{name}'", entry.row, self._at(name), hint, name)
        if "reported" not in entry.facts:
            hint = "Give the day on which it could be known, as 2021-12-03."
            self._wrong("T121", "the item has no day of report", entry.row, self._at("reported"), hint, "reported")

    def _ordered(self, cells: dict[str, str]) -> dict[str, str]:
        return {label: cells[label] for label in self._header.labels if label in cells}
