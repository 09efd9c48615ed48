"""What designs change about an agreement, merged with what they extend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from detente.case.findings import Findings
from detente.case.posture import Extending
from detente.case.span import Span
from detente.case.syntax import Word

Kind: TypeAlias = tuple[str, str]
"""What is changed: a key of the design, and for ``set``, ``after``, ``drop`` and ``split`` what it is about."""


@dataclass(frozen=True)
class Edit:
    """One change.

    Attributes:
        value: What is put there.
        text: The same as a short text: two edits of one text are the same edit.
        words: The change in words, for the answer.
        span: Where it is said.
    """

    value: Any
    text: str
    words: str
    span: Span = field(compare=False)


Edits: TypeAlias = dict[Kind, Edit]

DESIGNS = Extending("design", "C810", "C811")


def of_kind(edits: Mapping[Kind, Edit], key: str) -> Iterator[tuple[str, Edit]]:
    """The edits under one key of a design, with what each is about."""
    return ((about, edit) for (kind, about), edit in edits.items() if kind == key)


def merge(own: Edits, name: str, parents: Mapping[Word, Edits], findings: Findings) -> Edits:
    """What a design changes together with all it extends; edits that contradict one another are errors."""
    merged: Edits = {}
    origin: dict[Kind, str] = {}
    sources: list[tuple[str, Edits, Span | None]] = [(str(word), item, word.span) for word, item in parents.items()]
    for source, edits, span in [*sources, (name, own, None)]:
        for kind, edit in edits.items():
            if kind in merged and merged[kind].text != edit.text:
                shown = f"`{kind[0]}: {kind[1]}`" if kind[1] else f"`{kind[0]}`"
                message = f"'{name}' gets two different edits {shown}: of {origin[kind]} and of {source}"
                hint = "Leave one of them out; designs that are combined may not contradict one another."
                findings.error("C812", message, span or edit.span, hint)
            elif kind not in merged:
                merged[kind] = edit
                origin[kind] = source
    return merged
