"""What is not known about the parties of a settlement: who may be a spoiler, how likely, and what it wants instead."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import replace

from detente.case.bind_parameters import text_of
from detente.case.context import Context
from detente.case.expression import Expression
from detente.case.findings import quoted
from detente.case.model_settlement import Hidden
from detente.case.schema_settlement import RawHidden
from detente.case.sections import entry_of
from detente.case.span import Span
from detente.case.syntax import Items, Tree, Word

MOST_HIDDEN = 2
"""Most parties whose aims are hidden."""


class HiddenBinder:
    """Reads the key ``hidden`` of a settlement.

    Args:
        context: The case being bound.
        party: Whether a word names a party; notes an error if not.
        step: Whether a word names a step; notes an error if not.
    """

    def __init__(self, context: Context, party: Callable[[Word], bool], step: Callable[[Word], bool]):
        self._context, self._findings = context, context.findings
        self._party, self._step = party, step

    def bind(self, tree: Tree | None) -> tuple[Hidden, ...]:
        """One entry per hidden party; what is wrong is noted."""
        if tree is None or (isinstance(tree, Word) and tree.null):
            return ()
        blocks = list(tree) if isinstance(tree, Items) else [tree]
        found: dict[str, Hidden] = {}
        for block in blocks[: MOST_HIDDEN + 1]:
            raw = entry_of(RawHidden, block, self._findings)
            if raw is None:
                continue
            entry = self._entry(raw)
            for word in raw.party:
                if str(word) in found:
                    self._wrong(f"the aims of '{word}' are described twice", word.span, "Leave one of the two out.")
                elif self._party(word):
                    found[str(word)] = self._of_party(entry, word, raw)
        if len(blocks) > MOST_HIDDEN or len(found) > MOST_HIDDEN:
            hint = f"Name those that matter most, at most {MOST_HIDDEN}."
            self._wrong(f"the aims of more than {MOST_HIDDEN} parties are hidden", tree.span, hint)
        return tuple(found.values())

    def _wrong(self, message: str, span: Span, hint: str) -> None:
        self._findings.error("C814", message, span, hint)

    def _entry(self, raw: RawHidden) -> Hidden:
        """What a block says, whichever party it is about."""
        spoiler = raw.spoiler
        entry = Hidden(
            party="",
            sincere=self._number(raw.sincere),
            type_name=str(raw.source_type or ""),
            as_of=self._day(raw.as_of),
            benefit=self._by_step(spoiler.benefit),
            grab=self._number(spoiler.grab),
            grab_step=self._by_step(spoiler.grab_step),
            dividend=self._number(spoiler.dividend),
            guarantee=self._number(spoiler.guarantee),
            about=text_of(raw.about),
            source=self._context.cite(raw.source),
            span=raw.span,
        )
        given = (spoiler.benefit, spoiler.grab, spoiler.grab_step, spoiler.dividend, spoiler.guarantee)
        if not any(item is not None for item in given):
            hint = "Name what it wants instead: `benefit`, `grab`, `grab_step`, `dividend` or `guarantee`."
            self._wrong("a spoiler that differs in nothing is sincere", spoiler.span, hint)
        if (raw.sincere is None) == (raw.source_type is None):
            said = "twice" if raw.sincere is not None else "nowhere"
            hint = (
                "Write `sincere:` with a probability, or `from:` with a private type and `sincere_if:` with its labels."
            )
            self._wrong(f"how likely a sincere party is stands {said}", raw.span, hint)
        for key, word in (("sincere_if", (raw.sincere_if or [None])[0]), ("as_of", raw.as_of)):
            if raw.source_type is None and word is not None:
                self._wrong(f"`{key}` is about the labels of a type", word.span, "Write `from:` with the type as well.")
        return entry

    def _of_party(self, entry: Hidden, word: Word, raw: RawHidden) -> Hidden:
        labels = () if raw.source_type is None else self._labels(raw.source_type, word, raw)
        return replace(entry, party=str(word), sincere_if=labels)

    def _labels(self, name: Word, party: Word, raw: RawHidden) -> tuple[str, ...]:
        """The labels of the type under which the party is sincere."""
        names = self._context.names
        legal = [item.name for item in names.variables.values() if item.kind == "type"]
        about = names.variable(name, "types", legal)
        if about is None or not about.labels:
            return ()
        if about.name.partition(".")[0] != party:
            self._wrong(f"'{name}' is no type of '{party}'", name.span, f"Name one of its own: {party}.something.")
            return ()
        if raw.sincere_if is None:
            hint = f"Add `sincere_if:` with some of {', '.join(about.labels)}."
            self._wrong("which labels are sincere is not said", name.span, hint)
            return ()
        found = tuple(str(word) for word in raw.sincere_if if names.label(word, about))
        if found and not set(about.labels) - set(found):
            message = f"every label of '{name}' is sincere, so nothing is hidden"
            self._wrong(message, raw.sincere_if[0].span, "Leave one out, or leave out `hidden`.")
        return found

    def _number(self, word: Word | None) -> Expression | None:
        return None if word is None else self._context.number(word)

    def _by_step(self, raw: Mapping[Word, Word] | None) -> dict[str, Expression]:
        found: dict[str, Expression] = {}
        for step, word in (raw or {}).items():
            value = self._context.number(word)
            if self._step(step) and value is not None:
                found[str(step)] = value
        return found

    def _day(self, word: Word | None) -> datetime.date | None:
        if word is None:
            return None
        try:
            if len(word) != len("2021-12-08"):
                raise ValueError
            return datetime.date.fromisoformat(word)
        except ValueError:
            self._findings.error("C043", f"{quoted(word)} is not a date", word.span, "Write year, month and day.")
            return None
