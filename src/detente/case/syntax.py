"""YAML text to a tree of words, blocks and lists that know their place.

The tree is built from parser events without recursion. Anchors, aliases and tags are refused, so the
tree is never larger than the text; depth and size are bounded while reading.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from detente.case.findings import Findings, quoted
from detente.case.span import Span

MAX_DEPTH = 16
MAX_NODES = 15_000
MAX_WORD = 20_000

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?\Z", re.ASCII)
_NOT_FINITE = re.compile(r"[-+]?\.?(inf|nan|infinity)\Z", re.IGNORECASE)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_QUOTE = "Put the expression in quotes, or on a line of its own in block style."


class _Piece(NamedTuple):
    """One line of a scalar: offset in its text, and place in the file."""

    offset: int
    length: int
    line: int
    column: int


class Word(str):
    """A scalar: its text, and where it stands.

    Attributes:
        span: Where it starts, up to the end of its first line.
        plain: Whether it was written without quotes and not as a block.
        raw: The text of the file it was read from, from `span` on; empty if unknown.
    """

    span: Span
    plain: bool
    raw: str

    @staticmethod
    def make(text: str, span: Span, plain: bool = True, raw: str = "") -> Word:
        """A word at a place."""
        word = Word(text)
        word.span = span
        word.plain = plain
        word.raw = raw
        return word

    @property
    def null(self) -> bool:
        """Whether nothing was written."""
        return self.plain and str(self) in _NULLS

    @property
    def number(self) -> float | None:
        """Its value if it is written as a number, else None; may be infinite if it is too large."""
        return float(self) if self.plain and len(self) < 400 and _NUMBER.match(self) else None

    @property
    def not_finite(self) -> bool:
        """Whether it is a way to write infinity or not-a-number."""
        return self.plain and _NOT_FINITE.match(self) is not None

    def at(self, offset: int, length: int = 1) -> Span:
        """The place of a part of it; the place of the whole if that cannot be told exactly."""
        offset = max(0, min(offset, len(self)))
        for piece in self._pieces():
            if piece.offset <= offset <= piece.offset + piece.length:
                inside = offset - piece.offset
                return Span(piece.line, piece.column + inside, max(1, min(length, piece.length - inside)))
        return self.span

    def _pieces(self) -> list[_Piece]:
        """The lines it is made of; empty if some character of it does not stand in the file as it is."""
        pieces: list[_Piece] = []
        end, opening = 0, 0 if self.plain else 1
        block = not self.plain and self.raw[:1] in ("|", ">")
        raw = self.raw if self.plain or block else self.raw[1:-1]
        for row, line in enumerate(raw.split("\n")):
            content = line.strip()
            if not content or (row == 0 and block):
                continue
            shift = len(line) - len(line.lstrip()) + (opening if row == 0 else 0)
            start = self.find(content[: len(self) - end].rstrip() if end < len(self) else content, end)
            if start < 0 or self[end:start].strip():
                return []
            length = min(len(content), len(self) - start)
            if self[start : start + length] != content[:length]:
                return []
            column = shift + (self.span.column if row == 0 else 1)
            pieces.append(_Piece(start, length, self.span.line + row, column))
            end = start + length
            if end >= len(self):
                break
        return pieces


class Block(dict[Word, Any]):
    """A mapping. `flow` tells whether it was written in braces."""

    span: Span
    flow: bool


class Items(list[Any]):
    """A sequence."""

    span: Span
    flow: bool


Tree: TypeAlias = Word | Block | Items


class _Places:
    """Turns offsets into the text into lines and columns."""

    def __init__(self, text: str):
        self.text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def span(self, start: int, end: int | None = None) -> Span:
        """The stretch from one offset to another, cut at the end of the first line."""
        start = max(0, min(start, len(self.text)))
        row = bisect_right(self._starts, start) - 1
        stop = self.text.find("\n", start)
        stop = len(self.text) if stop < 0 else stop
        end = min(start + 1 if end is None else end, stop)
        length = len(self.text[start:end].rstrip())
        return Span(row + 1, start - self._starts[row] + 1, max(1, length))


class _Refused(Exception):
    """Reading cannot go on; the finding has been noted."""


def parse(text: str, findings: Findings) -> Tree | None:
    """The tree of a YAML text, or None if there is none worth going on with.

    Args:
        text: One YAML document.
        findings: Where errors go.
    """
    places = _Places(text)
    try:
        return _Builder(places, findings).build(_events(text))
    except _Refused:
        return None
    except MarkedYAMLError as error:
        _explain(error, places, findings)
    except YAMLError as error:
        start = getattr(error, "position", 0)
        findings.error("C103", f"not a YAML file: {quoted(str(error))}", places.span(int(start)))
    return None


def _events(text: str) -> Iterator[Any]:
    reader = YAML(typ="safe", pure=True)
    yield from reader.parse(text)  # pyright: ignore[reportUnknownMemberType]


class _Builder:
    """Builds the tree from events, with an explicit stack."""

    def __init__(self, places: _Places, findings: Findings):
        self._places = places
        self._findings = findings
        self._stack: list[tuple[Block | Items, list[Tree | None]]] = []
        self._root: Tree | None = None
        self._documents = 0
        self._nodes = 0

    def build(self, events: Iterator[Any]) -> Tree | None:
        for event in events:
            if isinstance(event, DocumentStartEvent):
                self._document(event)
            elif isinstance(event, AliasEvent):
                self._refuse("C105", "an alias (*name) is not part of the case language", event, "Write it out.")
            elif isinstance(event, ScalarEvent):
                self._check(event)
                self._place(self._word(event))
            elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
                self._check(event)
                self._open(event, isinstance(event, MappingStartEvent))
            elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
                self._place(self._stack.pop()[0])
        return self._root

    def _refuse(self, code: str, message: str, event: Any, hint: str) -> None:
        span = self._places.span(event.start_mark.index, event.end_mark.index)
        self._findings.error(code, message, span, hint)
        raise _Refused

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            self._refuse("C108", "a second YAML document starts here", event, "A case is one document: remove '---'.")

    def _check(self, event: Any) -> None:
        self._nodes += 1
        if event.anchor:
            hint = "Write the value out where it is needed; give shared numbers a parameter."
            self._refuse("C105", f"an anchor (&{event.anchor[:40]}) is not part of the case language", event, hint)
        if event.tag is not None:
            self._refuse("C106", f"a tag ({str(event.tag)[:40]}) is not part of the case language", event, "Remove it.")
        if self._nodes > MAX_NODES:
            self._refuse("C107", f"more than {MAX_NODES:,} values", event, "A case file is far smaller; split it.")

    def _open(self, event: Any, block: bool) -> None:
        if len(self._stack) >= MAX_DEPTH:
            hint = "No section of a case file needs more than half of that."
            self._refuse("C104", f"values are nested more than {MAX_DEPTH} deep", event, hint)
        node = Block() if block else Items()
        node.span = self._places.span(event.start_mark.index)
        node.flow = bool(event.flow_style)
        self._stack.append((node, []))

    def _word(self, event: Any) -> Word:
        start, end = event.start_mark.index, event.end_mark.index
        plain = event.style is None
        span = self._places.span(start, end)
        if len(event.value) > MAX_WORD:
            self._refuse("C107", f"one text of more than {MAX_WORD:,} characters", event, "Shorten it.")
        return Word.make(event.value, span, plain, self._places.text[start:end])

    def _place(self, node: Tree) -> None:
        if not self._stack:
            self._root = node
            return
        parent, pending = self._stack[-1]
        if isinstance(parent, Items):
            parent.append(node)
        elif not pending:
            pending.append(node)
        else:
            self._enter(parent, pending.pop(), node)

    def _enter(self, parent: Block, key: Tree | None, node: Tree) -> None:
        if not isinstance(key, Word):
            span = key.span if key is not None else parent.span
            self._findings.error("C109", "a key must be a single word", span, _QUOTE)
        elif key in parent:
            first = next(item for item in parent if item == key)
            message = f"the key {quoted(key)} is given twice; the first is in line {first.span.line}"
            self._findings.error("C110", message, key.span, "Remove or rename one of them.")
        else:
            parent[key] = node


def _explain(error: Any, places: _Places, findings: Findings) -> None:
    """Turn a parser's complaint into a finding with a way out."""
    mark = error.problem_mark or error.context_mark
    span = places.span(mark.index) if mark is not None else Span()
    problem = str(error.problem or error.context or "the text cannot be read")
    if mark is not None and problem == "found unexpected end of stream" and error.context_mark is not None:
        span = places.span(error.context_mark.index)
    line = places.text.split("\n")[span.line - 1]
    code, hint = _advice(problem, line)
    findings.error(code, f"not valid YAML: {problem}", span, hint)


def _advice(problem: str, line: str) -> tuple[str, str]:
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent or "'\\t'" in problem:
        return "C102", "Indent with spaces; YAML does not allow tabs."
    if "expected ',' or" in problem or "while parsing a flow" in problem:
        return "C103", f"An expression with brackets or commas cannot stand inside {{...}} or [...]. {_QUOTE}"
    if "mapping values are not allowed" in problem:
        return "C103", "Text that contains ': ' must be in quotes, or start on its own line after '>'."
    if "found character" in problem and "cannot start any token" in problem:
        return "C103", "Put text that starts with %, @ or ` in quotes."
    if "unexpected end of stream" in problem:
        return "C103", "A quote that opens here is never closed."
    return "C103", "Check the indentation and the quotes around here."
