"""A matrix of evidence as text: one row per item, one column per type, as it comes out of a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from detente.errors import RequestError
from detente.evidence.items import RHO, Evidence, Item
from detente.evidence.likelihood import Likelihood, read_likelihood
from detente.evidence.reliability import reliability

COLUMNS = ("id", "analyst", "reported", "happened", "says", "source", "reliability", "credibility", "r", "group")
"""Columns that are not types. `id` and `reported` must be there; `says` and `source` are for readers."""


def read_matrix(text: str, *, rho: Mapping[str, float] | None = None, other: float = RHO) -> Evidence:
    """The evidence of one analyst from a table.

    Columns other than `COLUMNS` are types, and their cells are anything `read_likelihood` takes. Grades of reliability
    and credibility become r; a column `r` gives it directly; without either an item counts fully.

    Args:
        text: The table with its header, separated by commas, semicolons or tabs.
        rho: Group -> probability that its reports copy one origin.
        other: The same for groups that `rho` does not name.

    Raises:
        RequestError: The table cannot be read; the message names the row and the column.
    """
    found = read_matrices(text, rho=rho, other=other)
    if len(found) != 1:
        raise RequestError(f"the table holds the matrices of {len(found)} analysts, {list(found)}; read them apart")
    return next(iter(found.values()))


def read_matrices(text: str, *, rho: Mapping[str, float] | None = None, other: float = RHO) -> dict[str, Evidence]:
    """The evidence of several analysts, told apart by the column `analyst`; arguments as for `read_matrix`."""
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=_separator(text)))
    header = [name.strip() for name in rows[0]] if rows else []
    types = tuple(name for name in header if name not in COLUMNS)
    if not {"id", "reported"} <= set(header) or len(set(header)) < len(header) or not types or "" in header:
        raise RequestError(
            f"the first row of a matrix names its columns, each once: id, reported, one per type, and any of "
            f"{', '.join(COLUMNS[1:])}; it is {header}"
        )
    items: dict[str, list[Item]] = {}
    for number, cells in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            raise RequestError(f"row {number} of the matrix has {len(cells)} cells for {len(header)} columns")
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        items.setdefault(row.get("analyst", ""), []).append(_item(number, row, types))
    if not items:
        raise RequestError("the matrix has no row below its header")
    return {analyst: Evidence.of(types, own, rho=rho, other=other) for analyst, own in items.items()}


def write_matrix(evidence: Evidence) -> str:
    """The matrix as text with commas, items in the order of reporting; `read_matrix` reads it back.

    Words and marks come out as the ranges they stand for.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "reported", "happened", "r", "group", *evidence.types])
    for row, name in enumerate(evidence.ids):
        days = [date.fromordinal(int(day)).isoformat() for day in (evidence.reported[row], evidence.happened[row])]
        group = evidence.groups[int(evidence.group[row])] if evidence.group[row] >= 0 else ""
        cells = [
            repr(float(low)) if low == high else f"{float(low)!r} to {float(high)!r}"
            for low, high in zip(evidence.low[row], evidence.high[row], strict=True)
        ]
        writer.writerow([name, *days, repr(float(evidence.r[row])), group, *cells])
    return out.getvalue()


def _separator(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _item(number: int, row: dict[str, str], types: tuple[str, ...]) -> Item:
    likelihood: list[Likelihood] = []
    column = "id"
    try:
        if not row["id"]:
            raise RequestError("an item needs a name")
        for column in types:
            likelihood.append(_cell(row[column]))
        column = "reported"
        reported = _day(row["reported"])
        column = "happened"
        happened = _day(row["happened"]) if row.get("happened") else None
        column = "r" if row.get("r") else "reliability"
        weight = _weight(row.get("r", ""), row.get("reliability", ""), row.get("credibility", ""))
    except RequestError as problem:
        raise RequestError(f"row {number} of the matrix, column {column!r}: {problem}") from None
    return Item(row["id"], reported, tuple(likelihood), happened, weight, row.get("group", ""))


@lru_cache(maxsize=4096)
def _cell(text: str) -> Likelihood:
    return read_likelihood(text)


@lru_cache(maxsize=4096)
def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RequestError(f"{text!r} is not a day; write it as 2021-12-03") from None


@lru_cache(maxsize=4096)
def _weight(r: str, source: str, information: str) -> float:
    if r:
        try:
            return float(r)
        except ValueError:
            raise RequestError(f"{r!r} is not a number in [0, 1]") from None
    return reliability(source or "F", information or "6") if source or information else 1.0
