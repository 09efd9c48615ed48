"""A matrix of evidence as text of a case file: a case of its own, or the section of a case that there is.

Text is written so that it reads back as it stands: numbers and words plain, everything else in quotes or as a block.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections import ChainMap
from collections.abc import Mapping

from detente.case import Case, EvidenceGroup
from detente.errors import Diagnostic, RequestError, TableError
from detente.evidence import WORDS
from detente.exchange.evidence_header import INDICATOR
from detente.exchange.evidence_rows import BETWEEN
from detente.exchange.evidence_table import EvidenceTable, TableEntry

WIDTH = 116
JUDGMENT = "judgment"
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_NUMBER = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)\Z")
_ENDS = re.compile(r"(?P<low>\d*\.?\d+) to (?P<high>\d*\.?\d+)\Z")
_SOURCE_ID = re.compile(r"(?P<id>[A-Za-z_][A-Za-z0-9_]*)(?:\s+(?P<rest>(?:¶|§|pp?\.|no\.|col\.|ch\.).*))?\Z")
_PART = re.compile(r"(?P<id>[A-Za-z_][A-Za-z0-9_-]*)(?=[\s,]|\Z)")
_NEW_PART = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*(?:\s*,.*|\s+(?:¶|§|pp?\.|no\.|col\.|ch\.).*)?\Z")
_NOT_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
_SECTION = re.compile(r"[\"']?(?P<name>[A-Za-z_]+)[\"']?\s*:(?P<rest>.*)\Z")

_ABOUT = re.compile(r"(?P<actor>[A-Za-z_][A-Za-z0-9_]*)\.(?P<type>[A-Za-z_][A-Za-z0-9_]*)\Z")


def case_of_evidence(table: EvidenceTable, name: str, about: str, file: str = "") -> str:
    """A whole case file around a matrix: the type that is judged, all its labels equally likely before, and the items.

    Args:
        table: The matrix.
        name: Name of the case.
        about: The type that is judged, ``ACTOR.type``.
        file: Name of the table, for a remark.

    Raises:
        RequestError: `about` is not of that form.
        TableError: An item is a move of a game, or can be staged in one, and there is no game.
    """
    found = _ABOUT.match(about)
    if found is None:
        raise RequestError(f"'{about[:80]}' is not a type: write the actor and what is hidden, as in RUS.aim.")
    _refuse_games(table, file)
    sources, cited = _sources(table, {})
    made_from = f" from {_line(file)}" if file else ""
    lines = [
        f"# Made{made_from} by `detente evidence import`. Edit it here, or edit the table and import it again.",
        f"case: {_text(name)}",
        f"title: {_text(f'Evidence about {about}')}",
    ]
    if sources:
        lines += ["sources:", *_source_lines(sources, "  ")]
    lines += [
        "actors:",
        f"  {found['actor']}: {_text(found['actor'])}",
        "# What was thought before any item, as weights, here all alike. To say otherwise, give parameters and ranges.",
        "types:",
        f"  {about}:",
        *(f"    {label}: 1" for label in table.labels),
        "evidence:",
        f"  about: {about}",
        *_judged_by(table),
        *_groups(table, {}),
        *_items(table, cited),
        *_indicators(table, cited),
        *_analysts(table),
    ]
    return "\n".join(lines) + "\n"


def case_with_evidence(table: EvidenceTable, case: Case, about: str) -> str:
    """The text of a case with its items, indicators and analysts replaced by those of a matrix.

    The rest of the file stays as it is, comments included: other sections, and in the section ``evidence`` what is not
    in the matrix. Indicators are replaced if the matrix has a column ``kind``. Sources that are new are added.

    Args:
        table: The matrix.
        case: The case.
        about: The type that is judged.

    Raises:
        TableError: The section ``evidence`` is not in block style.
    """
    known = {id: text for id, text in case.sources.items()}
    sources, cited = _sources(table, known)
    lines = case.text.split("\n")
    groups = case.evidence.groups if case.evidence is not None else {}
    try:
        lines = _with_section(lines, table, cited, about, groups)
        if sources:
            lines = _with_sources(lines, sources)
    except _OnOneLine as found:
        message = f"'{found.key}' has its value on the same line, so it cannot be replaced."
        hint = "Write it in block style, each key on a line of its own, without braces."
        line = lines[found.number] if found.number < len(lines) else ""
        raise TableError(
            [Diagnostic("T131", "error", message, case.file, found.number + 1, 1, len(found.key), line, hint)]
        ) from None
    return "\n".join(lines).rstrip("\n") + "\n"


def _refuse_games(table: EvidenceTable, file: str) -> None:
    found = [
        Diagnostic(
            "T130",
            "error",
            f"row {entry.row} (`{entry.id}`): '{name}' speaks of a game, and this table makes a case without one.",
            file or "<table>",
            entry.row,
            hint="Import it into a case that has a timeline: --case CASE.",
        )
        for entry in (*table.items, *table.indicators)
        for name in ("move",)
        if name in entry.facts
    ]
    if found:
        raise TableError(found)


# --------------------------------------------------------------------------- sources
def _sources(table: EvidenceTable, known: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """New sources (id -> citation), and for each text of the column ``source`` what stands for it in the case."""
    new: dict[str, str] = {}
    cited: dict[str, str] = {}
    every = ChainMap(new, dict(known))
    for entry in (*table.items, *table.indicators):
        text = _line(entry.facts.get("source", ""))
        cite = _line(entry.facts.get("cite", ""))
        if not text or text == JUDGMENT or text in cited:
            continue
        given = _given(text, cite, every)
        if given is not None:
            new.update(given)
            cited[text] = text
            continue
        found = _SOURCE_ID.match(text)
        if found is not None:
            cited[text] = text
            if found["id"] not in known:
                new.setdefault(found["id"], cite or found["id"])
            continue
        id = _fresh(text, {**known, **new})
        new[id] = cite or text
        cited[text] = id
    return new, cited


def _given(text: str, cite: str, known: Mapping[str, str]) -> dict[str, str] | None:
    """New sources (id -> citation) of a text that is a citation of the case language; None if it is free text.

    It is one if each of its parts begins with the id of a source that is known, or that has a citation beside it.
    """
    found = [_PART.match(part.strip()) for part in text.split(";")]
    ids = [part["id"] for part in found if part is not None]
    if len(ids) < len(found):
        return None
    cites = iter(cite.split(BETWEEN) if cite else ())
    beside = {id: next(cites, "") for id in ids if id != JUDGMENT}
    new = {id: text for id, text in beside.items() if id not in known}
    if any(part is not None and part["id"] in new and not _NEW_PART.match(part.string) for part in found):
        return None
    return None if not all(new.values()) or next(cites, None) is not None else new


def _fresh(text: str, taken: Mapping[str, str]) -> str:
    """A new id for a source given in free text."""
    words = re.sub(r"[^a-z0-9]+", "_", re.sub(r"https?://\S+", "", text.lower())).strip("_")
    stem = (words if len(words) <= 24 else words[:25].rpartition("_")[0] or words[:24]) or "source"
    stem = stem if stem[0].isalpha() else f"source_{stem}"
    if stem in (JUDGMENT, *taken):
        number = next(k for k in range(2, len(taken) + 4) if f"{stem}_{k}" not in taken)
        return f"{stem}_{number}"
    return stem


def _source_lines(sources: Mapping[str, str], indent: str) -> list[str]:
    return [line for id, text in sources.items() for line in _prose(id, text, indent)]


# --------------------------------------------------------------------------- the section
def _groups(table: EvidenceTable, known: Mapping[str, EvidenceGroup], indent: str = "  ") -> list[str]:
    used = [entry.facts["group"] for entry in table.items if "group" in entry.facts]
    names = [*known, *(name for name in dict.fromkeys(used) if name not in known)]
    if not names:
        return []
    lines = [f"{indent}groups:"]
    for name in names:
        lines.append(f"{indent * 2}{_text(name)}:")
        rho = table.rho.get(name) or (repr(known[name].rho) if name in known else "")
        if rho:
            lines.append(f"{indent * 3}rho: {rho}")
        if name in known and known[name].about:
            lines += _prose("about", known[name].about, indent * 3)
    return lines


def _items(table: EvidenceTable, cited: Mapping[str, str], indent: str = "  ") -> list[str]:
    lines = [f"{indent}items:"]
    for entry in table.items:
        lines += _entry(entry, cited, indent)
    return lines


def _indicators(table: EvidenceTable, cited: Mapping[str, str], indent: str = "  ") -> list[str]:
    if not table.indicators:
        return []
    lines = [f"{indent}indicators:"]
    for entry in table.indicators:
        lines += _entry(entry, cited, indent)
    return lines


def _entry(entry: TableEntry, cited: Mapping[str, str], indent: str) -> list[str]:
    deep = indent * 3
    facts = {name: _line(text) for name, text in entry.facts.items()}
    lines = [f"{indent * 2}{_text(entry.id)}:"]
    lines += [f"{deep}{name}: {facts[name]}" for name in ("happened", "reported") if name in facts]
    if "title" in facts:
        lines += _prose("title", facts["title"], deep)
    if "says" in facts:
        lines += _prose("says", facts["says"], deep)
    elif facts.get("kind") == INDICATOR:
        lines += _prose("says", entry.id.replace("_", " "), deep)
    if "source" in facts:
        lines.append(f"{deep}source: {_text(cited.get(facts['source'], facts['source']))}")
    lines += [f"{deep}{name}: {facts[name]}" for name in ("reliability", "credibility", "r") if name in facts]
    lines += [f"{deep}{name}: {_text(facts[name])}" for name in ("group", "move") if name in facts]
    lines += _cells("likelihood", entry.likelihood, deep, indent)
    lines += _cells("absent", entry.absent, deep, indent)
    lines += _staging(facts, deep, indent)
    lines += [f"{deep}{name}: {_text(facts[name])}" for name in ("seen_as", "until") if name in facts]
    if "about" in facts:
        lines += _prose("about", facts["about"], deep)
    return lines


def _cells(key: str, cells: Mapping[str, str], deep: str, indent: str) -> list[str]:
    return (
        [f"{deep}{key}:", *(f"{deep}{indent}{label}: {_likelihood(text)}" for label, text in cells.items())]
        if cells
        else []
    )


def _staging(facts: Mapping[str, str], deep: str, indent: str) -> list[str]:
    lines = [f"{deep}{name}: {_text(facts[name])}" for name in ("can_stage",) if name in facts]
    if "real" in facts:
        labels = [label for label in re.split(r"[,;\s]+", facts["real"]) if label]
        lines += [f"{deep}real:", *(f"{deep}{indent}- {_text(label)}" for label in labels)]
    for name in ("gain", "cost"):
        if name not in facts:
            continue
        parts = [part.partition(":") for part in facts[name].split(";") if part.strip()]
        if parts and all(colon for _, colon, _ in parts):
            lines.append(f"{deep}{name}:")
            lines += [f"{deep}{indent}{_text(label.strip())}: {_number(text.strip())}" for label, _, text in parts]
        else:
            lines.append(f"{deep}{name}: {_number(facts[name])}")
    return [*lines, *(f"{deep}threshold: {facts[name]}" for name in ("threshold",) if name in facts)]


def _judged_by(table: EvidenceTable, indent: str = "  ") -> list[str]:
    return [f"{indent}judged_by: {_text(table.own)}"] if table.own and table.analysts else []


def _analysts(table: EvidenceTable, indent: str = "  ") -> list[str]:
    if not table.analysts:
        return []
    lines = [f"{indent}analysts:"]
    for analyst, items in table.analysts.items():
        lines.append(f"{indent * 2}{_text(analyst)}:")
        for id, cells in items.items():
            lines.append(f"{indent * 3}{_text(id)}:")
            lines += [f"{indent * 4}{label}: {_likelihood(text)}" for label, text in cells.items()]
    return lines


# --------------------------------------------------------------------------- words
def _likelihood(text: str) -> str:
    """A likelihood as it is written in a case: numbers and words plain, ranges in brackets, the rest in quotes."""
    if (_NUMBER.match(text) and text != "0") or text in WORDS:
        return text
    ends = _ENDS.match(text)
    if ends is not None:
        return f"[{ends['low']}, {ends['high']}]"
    return _text(text)


def _number(text: str) -> str:
    return text if _NUMBER.match(text) or _PLAIN.match(text) else _text(text)


def _text(text: str) -> str:
    """A short text as a YAML scalar on one line."""
    text = _line(text)
    if _PLAIN.match(text) and text.lower() not in _NOT_WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)


def _line(text: str) -> str:
    """The text on one line, without what a case file may not hold."""
    return " ".join(_UNREADABLE.sub(" ", text).split())


def _prose(key: str, text: str, indent: str) -> list[str]:
    """A key with a text: on its line if it is short, else folded."""
    text = _line(text)
    short = f"{indent}{key}: {_text(text)}"
    if len(short) <= WIDTH or " " not in text:
        return [short]
    room = WIDTH - len(indent) - 2
    folded = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)
    return [f"{indent}{key}: >-", *(f"{indent}  {line}" for line in folded)]


# --------------------------------------------------------------------------- putting it into a case
class _OnOneLine(Exception):
    """A key that would have to be replaced has its value beside it."""

    def __init__(self, key: str, number: int):
        self.key, self.number = key, number
        super().__init__(key)


def _with_section(
    lines: list[str], table: EvidenceTable, cited: Mapping[str, str], about: str, groups: Mapping[str, EvidenceGroup]
) -> list[str]:
    place = _find(lines, "evidence", 0, len(lines), "")
    if place is None:
        made = ["", "evidence:", f"  about: {about}", *_judged_by(table), *_groups(table, {}), *_items(table, cited)]
        while lines and not lines[-1].strip():
            lines = lines[:-1]
        return [*lines, *made, *_indicators(table, cited), *_analysts(table)]
    indent = _indent(lines, *place)
    start, end = place
    kept = [line for line in lines[start:end] if not line.startswith(f"{indent}judged_by:")]
    at = next((row for row, line in enumerate(kept) if line.startswith(f"{indent}about:")), 0) + 1
    lines = [*lines[:start], *kept[:at], *_judged_by(table, indent), *kept[at:], *lines[end:]]
    start, end = _find(lines, "evidence", 0, len(lines), "") or place
    new = {"items": _items(table, cited, indent), "analysts": _analysts(table, indent)}
    changed = bool(table.rho) or any(
        entry.facts.get("group") not in groups for entry in table.items if "group" in entry.facts
    )
    if changed:
        new["groups"] = _groups(table, groups, indent)
    if table.has_kinds:
        new["indicators"] = _indicators(table, cited, indent)
    for key in ("groups", "items", "indicators", "analysts"):
        if key not in new:
            continue
        start, end = _find(lines, "evidence", 0, len(lines), "") or (start, end)
        inside = _find(lines, key, start + 1, end, indent)
        if inside is not None:
            lines = [*lines[: inside[0]], *new[key], *lines[inside[1] :]]
        elif new[key]:
            lines = [*lines[:end], *new[key], *lines[end:]]
    return lines


def _with_sources(lines: list[str], sources: Mapping[str, str]) -> list[str]:
    place = _find(lines, "sources", 0, len(lines), "")
    if place is None:
        before = _find(lines, "actors", 0, len(lines), "")
        at = before[0] if before is not None else len(lines)
        return [*lines[:at], "sources:", *_source_lines(sources, "  "), *lines[at:]]
    start, end = place
    return [*lines[:end], *_source_lines(sources, _indent(lines, start, end)), *lines[end:]]


def _find(lines: list[str], key: str, start: int, end: int, indent: str) -> tuple[int, int] | None:
    """First line of a key at an indentation, and the line after what belongs to it.

    Raises:
        _OnOneLine: The key is there with its value on the same line.
    """
    for number in range(start, end):
        line = lines[number]
        if not line.startswith(indent) or line[len(indent) : len(indent) + 1] in ("", " ", "#"):
            continue
        found = _SECTION.match(line[len(indent) :])
        if found is None or found["name"] != key:
            continue
        if found["rest"].split(" #")[0].strip() and not found["rest"].strip().startswith("#"):
            raise _OnOneLine(key, number)
        stop = next((k for k in range(number + 1, end) if _belongs_not(lines[k], indent)), end)
        while stop > number + 1 and _idle(lines[stop - 1], indent):
            stop -= 1
        return number, stop
    return None


def _belongs_not(line: str, indent: str) -> bool:
    """Whether a line begins something new at this indentation or further out."""
    text = line.strip()
    return bool(text) and not text.startswith("#") and len(line) - len(line.lstrip()) <= len(indent)


def _idle(line: str, indent: str) -> bool:
    """Whether a line is empty, or a comment that stands before what comes next."""
    text = line.strip()
    return not text or (text.startswith("#") and len(line) - len(line.lstrip()) <= len(indent))


def _indent(lines: list[str], start: int, end: int) -> str:
    for line in lines[start + 1 : end]:
        if line.strip() and not line.strip().startswith("#"):
            return line[: len(line) - len(line.lstrip())] or "  "
    return "  "
