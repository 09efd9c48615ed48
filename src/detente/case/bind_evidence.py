"""The section ``evidence``: dated items, indicators and analysts, with every name looked up."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from detente.case import schema_evidence as raw
from detente.case.bind_evidence_item import ItemBinder
from detente.case.bind_parameters import text_of
from detente.case.context import Context
from detente.case.declared import Variable
from detente.case.findings import quoted
from detente.case.model import Case
from detente.case.model_evidence import EvidenceGroup, EvidenceItem, EvidenceSection, Indicator, Judged
from detente.case.names import closest
from detente.case.sections import entry_of
from detente.case.syntax import Block, Items, Tree, Word

OWN, POOLED = "case", "pooled"
RESERVED_ANALYSTS = (OWN, POOLED)
"""What the case's own judgment and the pool of all are called."""


def bind_evidence(context: Context, case: Case) -> EvidenceSection | None:
    """The section ``evidence``, or None if there is none or it cannot be read."""
    tree = context.sections.evidence
    if tree is None:
        return None
    head = entry_of(raw.RawEvidenceHead, tree, context.findings)
    if head is None:
        return None
    legal = [item.name for item in context.names.variables.values() if item.kind == "type"]
    about = context.names.variable(head.about, "types", legal)
    if about is None or not about.labels:
        return None
    return _Evidence(context, case, head, about).bind()


class _Evidence:
    """One section while it is being read."""

    def __init__(self, context: Context, case: Case, head: raw.RawEvidenceHead, about: Variable):
        self._context = context
        self._report = context.findings.error
        self._head = head
        self._about = about
        self._item = ItemBinder(context, case, about)
        self._declared: set[str] = set()  # ids of items, those that could not be read among them

    def bind(self) -> EvidenceSection:
        head = self._head
        rho = 1.0 if head.rho is None else self._item.share(head.rho, "rho")
        groups = self._groups(rho)
        items = self._items(groups)
        if not self._context.findings.failed:
            self._item.warn_of_lone_groups(groups, items)
            self._item.check_moves(items)
        truth = str(head.truth or "")
        if head.truth is not None:
            self._context.names.label(head.truth, self._about)
        known = None if head.truth_known is None else self._item.day(head.truth_known)
        if head.truth is None and head.truth_known is not None:
            hint = f"Add `truth:` with one of {', '.join(self._about.labels)}."
            self._report("C004", "'truth_known' is given without 'truth'", head.truth_known.span, hint)
        analysts = self._analysts(items)
        judged_by = self._judged_by(analysts)
        return EvidenceSection(
            about=self._about.name,
            items=tuple(sorted(items, key=lambda item: (item.reported, item.id))),
            indicators=tuple(self._indicators(items)),
            groups=groups,
            rho=rho,
            analysts=analysts,
            judged_by=judged_by,
            weights=self._weights((judged_by or OWN, *analysts)),
            statements=self._statements(),
            truth=truth,
            truth_known=known,
            labels=self._labels(),
            span=head.span,
        )

    def _labels(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for word, title in (self._head.labels or {}).items():
            if self._context.names.label(word, self._about):
                found[str(word)] = text_of(title)
        return found

    # ----------------------------------------------------------------------- entries
    def _entries(self, value: object, key: str, most: int) -> list[tuple[Word, Tree]]:
        if value is None or (isinstance(value, Word) and value.null):
            return []
        if not isinstance(value, Block):
            span = value.span if isinstance(value, (Word, Items)) else self._head.span
            hint = f"Write `id:` and what belongs to it under `{key}:`."
            self._report("C005", f"'{key}' must be a mapping of ids", span, hint)
            return []
        if len(value) > most:
            message = f"'{key}' has {len(value):,} entries; at most {most:,} are allowed"
            self._report("C035", message, value.span, "Merge entries, or split the case in two.")
        found = list(value.items())[:most]
        return [(word, tree) for word, tree in found if self._item.id(word)]

    def _groups(self, rho: float) -> dict[str, EvidenceGroup]:
        found: dict[str, EvidenceGroup] = {}
        for word, tree in self._entries(self._head.groups, "groups", raw.MOST_GROUPS):
            if isinstance(tree, Word) and tree.null:
                found[str(word)] = EvidenceGroup(str(word), rho, "", word.span)
                continue
            group = entry_of(raw.RawGroup, tree, self._context.findings)
            own = rho
            if group is not None and group.rho is not None:
                own = self._item.share(group.rho, "rho")
            about = "" if group is None else text_of(group.about)
            found[str(word)] = EvidenceGroup(str(word), own, about, word.span)
        return found

    def _items(self, groups: Mapping[str, EvidenceGroup]) -> list[EvidenceItem]:
        found: list[EvidenceItem] = []
        for word, tree in self._entries(self._head.items, "items", raw.MOST_ITEMS):
            self._declared.add(str(word))
            entry = entry_of(raw.RawItem, tree, self._context.findings)
            item = None if entry is None else self._item.item(word, entry, groups)
            if item is not None:
                found.append(item)
        return found

    def _indicators(self, items: list[EvidenceItem]) -> list[Indicator]:
        known = {item.id: item for item in items}
        found: list[Indicator] = []
        for word, tree in self._entries(self._head.indicators, "indicators", raw.MOST_INDICATORS):
            if str(word) in known:
                hint = "An indicator has not been seen yet: remove it, or give it another id."
                line = known[str(word)].span.line
                self._report("C709", f"the id '{word}' is taken by the item in line {line}", word.span, hint)
            entry = entry_of(raw.RawIndicator, tree, self._context.findings)
            if entry is None:
                continue
            likelihood = self._item.likelihoods(entry.likelihood, word.span)
            found.append(
                Indicator(
                    id=str(word),
                    title=text_of(entry.title),
                    says=text_of(entry.says),
                    likelihood=likelihood,
                    about=text_of(entry.about),
                    source=self._context.cite(entry.source),
                    seen_as=self._seen_as(entry.seen_as, known),
                    until=None if entry.until is None else self._item.day(entry.until),
                    span=word.span,
                )
            )
        return found

    def _seen_as(self, word: Word | None, known: Mapping[str, EvidenceItem]) -> str:
        if word is not None and str(word) not in known and str(word) not in self._declared:
            near = closest(word, known)
            hint = f"Did you mean '{near}'? " if near else ""
            message = f"no item of this case is called {quoted(word)}"
            self._report("C711", message, word.span, hint + "`seen_as` names the item by which it was seen.")
        return str(word or "")

    # ----------------------------------------------------------------------- analysts
    def _analysts(self, items: list[EvidenceItem]) -> dict[str, dict[str, dict[str, Judged]]]:
        known = {item.id: item for item in items}
        found: dict[str, dict[str, dict[str, Judged]]] = {}
        for word, tree in self._entries(self._head.analysts, "analysts", raw.MOST_ANALYSTS):
            self._refuse_reserved(word)
            found[str(word)] = {}
            for name, judgment in self._entries(tree, str(word), raw.MOST_ITEMS):
                made = self._judgment(name, judgment, known)
                if made is not None:
                    found[str(word)][str(name)] = made
        return found

    def _refuse_reserved(self, word: Word) -> None:
        if word in RESERVED_ANALYSTS:
            message = f"an analyst cannot be called '{word}'"
            hint = "`case` stands for the case's own judgments, `pooled` for all of them together."
            self._report("C709", message, word.span, hint)

    def _judged_by(self, analysts: Mapping[str, object]) -> str:
        word = self._head.judged_by
        if word is None or not self._item.id(word):
            return ""
        self._refuse_reserved(word)
        if str(word) in analysts:
            hint = "The items carry the likelihoods of `judged_by`; list under `analysts:` those of the others."
            self._report("C709", f"the analyst '{word}' is also listed under 'analysts'", word.span, hint)
        return str(word)

    def _weights(self, names: tuple[str, ...]) -> dict[str, float]:
        found: dict[str, float] = {}
        for word, number in (self._head.weights or {}).items():
            if str(word) not in names:
                message = f"no analyst is called {quoted(word)}"
                self._report("C711", message, word.span, f"Weights are given to: {', '.join(names)}.")
            weight = float(number)
            if not 0.0 < weight <= raw.MOST_WEIGHT:
                hint = f"Write a number above 0 and at most {raw.MOST_WEIGHT:,}."
                self._report("C711", f"the weight {number} is out of range", number.span, hint)
            found[str(word)] = weight
        return found

    def _judgment(self, name: Word, tree: Tree, known: Mapping[str, EvidenceItem]) -> dict[str, Judged] | None:
        item = known.get(str(name))
        if item is None and str(name) in self._declared:
            return None
        if item is None:
            near = closest(name, known)
            hint = f"Did you mean '{near}'? " if near else ""
            message = f"no item of this case is called {quoted(name)}"
            self._report("C710", message, name.span, hint + "Analysts judge the items of the case.")
            return None
        if item.is_move:
            message = f"the item '{name}' is a move, which nobody judges: its likelihood comes from the game"
            self._report("C710", message, name.span, "Remove it here.")
            return None
        return self._item.likelihoods_of(tree, name.span)

    def _statements(self) -> tuple[datetime.date, ...]:
        words = self._head.statements or []
        if len(words) > raw.MOST_STATEMENTS:
            message = f"{len(words):,} days are listed; at most {raw.MOST_STATEMENTS} are allowed"
            self._report("C035", message, words[0].span, "List fewer days.")
        days = (self._item.day(word) for word in words[: raw.MOST_STATEMENTS])
        return tuple(sorted({day for day in days if day is not None}))
