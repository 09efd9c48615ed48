"""A table of steps (CSV) -> the text of a case with a settlement, every number a named parameter."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from detente.case.bind_settlement import MAX_STEPS, THIRD
from detente.case.names import CASE_NAME, NAME, RESERVED, advice
from detente.errors import RequestError
from detente.game.settlement import check_structure

BENEFIT, GRAB, AROUND = "benefit:", "grab:", "@"
COLUMNS = ("step", "says", "by", "after", "together", "undo_by", "undo_cost", "source", "done", "title")
"""Columns besides ``benefit:PARTY`` and ``grab:PARTY``."""
ROWS = ("dividend", "outside", "grab", "monitoring", "guarantee")
"""Numbers around the steps, per party: rows called ``@dividend`` and so on, with their numbers under the benefits."""
_BOUNDS = {"undo_cost": (0.0, math.inf), "@guarantee": (0.0, math.inf), "@monitoring": (0.0, 1.0)}
MOST_COLUMNS = 60
MOST_SHOWN = 20
LONGEST_CELL = 2_000

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_CELL = re.compile(rf"({_NUMBER})(?:\s*(?:-|–|\.\.|to)\s*({_NUMBER}))?")
_VALUE_AND_RANGE = re.compile(rf"({_NUMBER})\s*[\[(]\s*({_NUMBER})\s*(?:-|–|\.\.|to|,)\s*({_NUMBER})\s*[\])]")


@dataclass(frozen=True)
class Quantity:
    """A number of the table: its value, and its range if it has one."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass
class _Row:
    """One row of the table."""

    number: int
    cells: dict[str, str]
    benefit: dict[str, str] = field(default_factory=dict[str, str])
    grab: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def name(self) -> str:
        return self.cells["step"]

    def listed(self, column: str) -> list[str]:
        """The words of a cell that holds a list."""
        return [word for word in re.split(r"[\s,;]+", self.cells.get(column, "")) if word]


def case_from_steps(text: str, name: str, file: str = "the table") -> str:
    """The text of a case file for a table of steps.

    Args:
        text: The table, comma-separated, its first row naming the columns: ``step``, ``says``, ``by``, and
            ``benefit:PARTY`` for each party; further ``after``, ``together``, ``undo_by``, ``undo_cost``,
            ``grab:PARTY``, ``source``, ``done`` and ``title``. Numbers are written ``0.2``,
            ``0.1-0.3`` or ``0.2 [0.1, 0.3]``.
        name: Name of the case.
        file: What to call the table in messages.

    Raises:
        RequestError: Something is wrong; names every row and column.
    """
    if not CASE_NAME.match(name):
        raise RequestError(f"'{name[:60]}' cannot be the name of a case: use small letters, digits and '-'.")
    return _Table(text, file).case(name)


class _Table:
    def __init__(self, text: str, file: str):
        self._file = " ".join(file.split())
        self._problems: list[str] = []
        self._parameters: dict[str, tuple[Quantity, str]] = {}
        try:
            lines = list(csv.reader(io.StringIO(text), strict=True))
        except csv.Error as error:
            raise RequestError(f"{file} is no table of comma-separated values: {error}.") from error
        if not lines:
            raise RequestError(f"{file} is empty. Its first row names the columns: {', '.join(COLUMNS[:4])}, ...")
        self._columns = [cell.strip() for cell in lines[0]]
        self._check_columns()
        self.parties = [item.removeprefix(BENEFIT) for item in self._columns if item.startswith(BENEFIT)]
        self._check_parties()
        self._stop_if_wrong()
        rows = [self._row(number, cells) for number, cells in enumerate(lines[1:], start=2) if any(cells)]
        self.steps = [row for row in rows if not row.name.startswith(AROUND)]
        self.around = [row for row in rows if row.name.startswith(AROUND)]

    # ----------------------------------------------------------------------- reading
    def _check_columns(self) -> None:
        if len(self._columns) > MOST_COLUMNS:
            raise RequestError(f"{self._file} has {len(self._columns)} columns; at most {MOST_COLUMNS} are read.")
        for column in self._columns:
            known = column in COLUMNS or column.startswith((BENEFIT, GRAB))
            if not known:
                legal = (*COLUMNS, "benefit:PARTY", "grab:PARTY")
                hint = "Separate cells with commas." if ";" in column or "\t" in column else ""
                self._wrong(1, column, f"no such column. {hint or advice(column, legal, 'columns')}")
            if self._columns.count(column) > 1:
                self._wrong(1, column, "the column is there twice.")
        for column in ("step", "says", "by"):
            if column not in self._columns:
                self._wrong(1, column, "the column is missing.")

    def _check_parties(self) -> None:
        if not self.parties:
            self._wrong(1, "benefit:PARTY", "there is no such column; each party of the agreement has one.")
        for party in self.parties:
            if not NAME.match(party) or party in RESERVED or party == THIRD:
                self._wrong(
                    1, BENEFIT + party, f"'{party[:40]}' cannot be the id of a party; write letters and digits."
                )
        for column in self._columns:
            party = column.removeprefix(GRAB)
            if column.startswith(GRAB) and party not in self.parties:
                self._wrong(1, column, f"no party. {advice(party, self.parties, 'parties')}")

    def _row(self, number: int, cells: list[str]) -> _Row:
        if len(cells) > len(self._columns):
            self._wrong(number, str(len(self._columns) + 1), "more cells than columns; put text with commas in quotes.")
        pairs = {column: " ".join(cell.split()) for column, cell in zip(self._columns, cells, strict=False)}
        for column, cell in pairs.items():
            if len(cell) > LONGEST_CELL:
                self._wrong(number, column, f"more than {LONGEST_CELL:,} characters.")
        row = _Row(number, {"step": "", **pairs})
        row.benefit = {k.removeprefix(BENEFIT): v for k, v in pairs.items() if k.startswith(BENEFIT) and v}
        row.grab = {k.removeprefix(GRAB): v for k, v in pairs.items() if k.startswith(GRAB) and v}
        return row

    def _wrong(self, row: int, column: str, what: str) -> None:
        self._problems.append(f"{self._file}: row {row}, column '{column}': {what}")

    def _stop_if_wrong(self) -> None:
        if self._problems:
            shown = list(dict.fromkeys(self._problems))
            more = [f"{len(shown) - MOST_SHOWN} more are not shown."] if len(shown) > MOST_SHOWN else []
            raise RequestError("\n".join([*shown[:MOST_SHOWN], *more]))

    # ----------------------------------------------------------------------- checking
    def _check_steps(self) -> None:
        names = [row.name for row in self.steps]
        if not names:
            self._wrong(2, "step", "there is no step.")
        if len(names) > MAX_STEPS:
            self._wrong(self.steps[MAX_STEPS].number, "step", f"more than {MAX_STEPS} steps.")
        for k, row in enumerate(self.steps):
            if not NAME.match(row.name) or row.name in RESERVED:
                fixed = re.sub(r"[^A-Za-z0-9_]+", "_", row.name.lower()).strip("_")
                hint = f" '{fixed}' would do." if NAME.match(fixed) and fixed not in RESERVED else ""
                self._wrong(row.number, "step", f"'{row.name[:40]}' cannot be the name of a step.{hint}")
            elif row.name in names[:k]:
                self._wrong(row.number, "step", f"'{row.name}' is there already, in row {self._place(row.name)}.")
            if not row.cells.get("says"):
                self._wrong(row.number, "says", "say in one sentence what is to be done.")
            self._check_links(row, names)

    def _check_links(self, row: _Row, names: list[str]) -> None:
        doers = row.listed("by")
        if not doers:
            self._wrong(row.number, "by", f"who carries it out? A party, several, or `{THIRD}`.")
        if THIRD in doers and len(doers) > 1:
            self._wrong(row.number, "by", f"`{THIRD}` stands alone.")
        self._check_named(row, "by", [word for word in doers if word != THIRD])
        self._check_named(row, "undo_by", row.listed("undo_by"))
        if len(row.listed("undo_by")) > 1:
            self._wrong(row.number, "undo_by", "one party can undo a step, or none.")
        if row.cells.get("undo_cost") and not row.cells.get("undo_by"):
            self._wrong(row.number, "undo_cost", "there is a cost of undoing, but nobody in `undo_by`.")
        for word in row.listed("after"):
            if word not in names:
                self._wrong(row.number, "after", f"'{word[:40]}' is no step. {advice(word, names, 'steps')}")

    def _check_named(self, row: _Row, column: str, words: list[str]) -> None:
        for word in words:
            if word not in self.parties:
                self._wrong(row.number, column, f"'{word[:40]}' is no party. {advice(word, self.parties, 'parties')}")
        if len(set(words)) < len(words):
            self._wrong(row.number, column, "a party is named twice.")

    def _check_order(self) -> None:
        """Cycles of prerequisites, and bundles that contradict one."""
        names = [row.name for row in self.steps]
        count = len(names)
        after = [[names.index(word) for word in dict.fromkeys(row.listed("after"))] for row in self.steps]
        bundles = [[names.index(name) for name in group] for group in self._groups()]
        nobody: list[list[int]] = [[] for _ in names]
        for item in check_structure(count, 1, nobody, after, bundles, [None] * count, None):
            chain = [names[k] for k in item.steps]
            column = "together" if item.code == "S005" else "after"
            said = " before ".join((*chain, chain[0])) if item.code == "S004" else " and ".join(chain)
            what = "steps wait for one another" if item.code == "S004" else "a bundle contradicts a prerequisite"
            self._wrong(self._place(chain[0]), column, f"{what}: {said}.")

    def _place(self, name: str) -> int:
        return next(row.number for row in self.steps if row.name == name)

    def _groups(self) -> list[list[str]]:
        groups: dict[str, list[str]] = {}
        for row in self.steps:
            if row.cells.get("together"):
                groups.setdefault(row.cells["together"], []).append(row.name)
        return [group for group in groups.values() if len(group) > 1]

    # ----------------------------------------------------------------------- numbers
    def _parameter(self, row: _Row, column: str, cell: str, name: str, about: str) -> str:
        """The name of the parameter made of a cell."""
        found = quantity(cell)
        if found is None:
            hint = "Write 0.2, 0.1-0.3 or 0.2 [0.1, 0.3]."
            self._wrong(row.number, column, f"'{cell[:40]}' is no number or range. {hint}")
            return name
        if found.low is not None and found.high is not None and not found.low <= found.value <= found.high:
            self._wrong(row.number, column, f"'{cell[:40]}': the lower end comes first, and the value lies between.")
        low, high = _BOUNDS.get(column if column == "undo_cost" else row.name, (-math.inf, math.inf))
        ends = [end for end in (found.value, found.low, found.high) if end is not None]
        if not all(math.isfinite(end) for end in ends):
            self._wrong(row.number, column, f"'{cell[:40]}' is too large.")
        elif min(ends) < low or max(ends) > high:
            legal = "0 or more" if high == math.inf else "between 0 and 1"
            self._wrong(row.number, column, f"'{cell[:40]}' has to be {legal}.")
        while name in self._parameters:
            name += "_"
        self._parameters[name] = (found, about)
        return name

    def _by_party(self, row: _Row, cells: Mapping[str, str], start: str, prefix: str, what: str) -> dict[str, str]:
        return {
            party: self._parameter(row, start + party, cell, f"{prefix}_{party.lower()}", f"{what} to {party}")
            for party, cell in cells.items()
        }

    # ----------------------------------------------------------------------- writing
    def case(self, name: str) -> str:
        """The text of the case."""
        self._check_steps()
        self._stop_if_wrong()
        self._check_order()
        body = [line for row in self.steps for line in self._step(row)]
        around = [line for row in self.around for line in self._surroundings(row)]
        self._stop_if_wrong()
        groups = [f"    - [{', '.join(group)}]" for group in self._groups()]
        lines = [
            f"# Made from {self._file}. Every number is a parameter: give those without a range one, and all a source.",
            f"case: {name}",
            f"title: {_quoted(f'An agreement in {len(self.steps)} steps, from {self._file}')}",
            "actors:",
            *(f"  {party}: {party}" for party in self.parties),
            "parameters:",
            *self._declared(),
            "settlement:",
            f"  title: {_quoted(f'The agreement of {self._file}')}",
            f"  parties: [{', '.join(self.parties)}]",
            "  steps:",
            *body,
            *(["  together:", *groups] if groups else []),
            *around,
            "  designs:",
            "    as_written:",
            "      about: The agreement as written.",
        ]
        return "\n".join(lines) + "\n"

    def _step(self, row: _Row) -> Iterator[str]:
        yield f"    {row.name}:"
        if row.cells.get("title"):
            yield f"      title: {_quoted(row.cells['title'])}"
        yield f"      says: {_quoted(row.cells['says'])}"
        doers = row.listed("by")
        yield f"      by: {doers[0] if len(doers) == 1 else '[' + ', '.join(doers) + ']'}"
        slug = row.name.lower()
        benefit = self._by_party(row, row.benefit, BENEFIT, slug, f"worth of '{row.name}'")
        yield from _mapping("benefit", benefit)
        if row.listed("after"):
            yield f"      after: [{', '.join(dict.fromkeys(row.listed('after')))}]"
        if row.cells.get("undo_by"):
            yield "      undo:"
            yield f"        by: {row.listed('undo_by')[0]}"
            if row.cells.get("undo_cost"):
                cell = row.cells["undo_cost"]
                cost = self._parameter(row, "undo_cost", cell, f"undo_{slug}", f"cost of undoing '{row.name}'")
                yield f"        cost: {cost}"
        grab = self._by_party(row, row.grab, GRAB, f"grab_{slug}", f"what '{row.name}' adds to what leaving gains")
        yield from _mapping("grab", grab)
        if row.cells.get("done"):
            yield f"      done: {_quoted(row.cells['done'])}"
        if row.cells.get("source"):
            yield f"      # source: {row.cells['source']}"

    def _surroundings(self, row: _Row) -> Iterator[str]:
        key = row.name.removeprefix(AROUND)
        if key not in ROWS:
            self._wrong(
                row.number, "step", f"'{row.name[:40]}' is none of {', '.join(AROUND + item for item in ROWS)}."
            )
            return
        numbers = self._by_party(row, row.benefit, BENEFIT, key, key)
        if numbers:
            yield f"  {key}:"
            yield from (f"    {party}: {name}" for party, name in numbers.items())

    def _declared(self) -> Iterator[str]:
        for name, (found, about) in self._parameters.items():
            yield f"  {name}:"
            yield f"    value: {found.value:.12g}"
            if found.low is not None and found.high is not None and found.low < found.high:
                yield f"    range: [{found.low:.12g}, {found.high:.12g}]"
            yield f"    about: {_quoted(about)}"
            yield "    source: judgment"


def quantity(cell: str) -> Quantity | None:
    """A number, a range (its value the middle), or both, of a cell; None if it is none of them."""
    both = _VALUE_AND_RANGE.fullmatch(cell)
    if both is not None:
        return Quantity(float(both[1]), float(both[2]), float(both[3]))
    found = _CELL.fullmatch(cell)
    if found is None:
        return None
    if found[2] is None:
        return Quantity(float(found[1]))
    low, high = float(found[1]), float(found[2])
    return Quantity(0.5 * (low + high), low, high)


def _mapping(key: str, numbers: Mapping[str, str]) -> Iterable[str]:
    if not numbers:
        return ()
    return (f"      {key}:", *(f"        {party}: {name}" for party, name in numbers.items()))


def _quoted(text: str) -> str:
    """Text as a quoted YAML value."""
    return json.dumps(text, ensure_ascii=False)
