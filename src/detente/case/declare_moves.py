"""The variables that decisions and events declare, and the labels they can take."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import combinations
from typing import Any

from detente.case import schema
from detente.case.declared import Names, Shelf, Variable
from detente.case.findings import Findings, quoted
from detente.case.names import NAME
from detente.case.sections import RawMove
from detente.case.syntax import Word

EMPTY_PORTFOLIO = "nothing"
MAX_OPTIONS = 40
MAX_ITEMS = 8

_CHOICE = re.compile(r"\s*any\s+of\s*\[(?P<items>[^\[\]]*)\]\s*\Z")


def declare_move(names: Names, shelf: Shelf, entry: RawMove, position: int, findings: Findings) -> None:
    """Declare what a decision or an event sets; a reveal declares nothing."""
    if isinstance(entry, schema.RawDecision):
        _declare_decision(names, shelf, entry, position, findings)
    elif isinstance(entry, schema.RawEvent):
        _declare_event(names, shelf, entry, position, findings)


def declare_labels(names: Names, words: Iterable[Word], owner: Word, findings: Findings) -> tuple[str, ...]:
    """The labels listed, with what is wrong about them noted."""
    labels: list[str] = []
    for word in words:
        if word in labels:
            hint = "List each option once."
            findings.error("C011", f"'{owner}' has the option {quoted(word)} twice", word.span, hint)
        else:
            names.take(word, "label")
            if NAME.match(word):
                labels.append(str(word))
    if len(labels) > MAX_OPTIONS:
        findings.error("C035", f"'{owner}' has more than {MAX_OPTIONS} options", owner.span, "Merge options.")
    return tuple(labels[:MAX_OPTIONS])


def _declare_decision(names: Names, shelf: Shelf, raw: schema.RawDecision, position: int, findings: Findings) -> None:
    name = raw.decision
    voters = [word for word in raw.by if names.actor(word)]
    if not names.take(name, "decision"):
        names.broken.add(str(name))
        return
    if not raw.by:
        findings.error("C012", f"nobody takes the decision '{name}'", name.span, "Write `by: ACTOR`.")
    if len({str(word) for word in voters}) < len(voters):
        findings.error("C011", f"an actor votes twice in '{name}'", name.span, "List each voter once.")
    contents: dict[str, frozenset[str]] = {}
    items: tuple[str, ...] = ()
    if raw.choose is not None:
        items, contents = _portfolio(names, raw, findings)
        labels = tuple(contents)
    else:
        labels = declare_labels(names, raw.options or (), name, findings)
        _refuse_bounds(raw, findings)
    if (raw.choose is None) == (raw.options is None):
        hint = "Give `options: [a, b]`, or `choose: any of [a, b]` for a portfolio."
        problem = "no options" if raw.options is None else "both 'options' and 'choose'"
        findings.error("C004", f"the decision '{name}' has {problem}", name.span, hint)
    elif raw.options is not None and not raw.options:
        findings.error("C029", f"the decision '{name}' has no options", name.span, "List at least one option.")
    known = list(dict.fromkeys(str(word) for word in voters))
    skippable = raw.when is not None or _all_conditional(raw)
    ballots = {str(name): known[0] if known else None} if len(raw.by) == 1 else {f"{name}.{one}": one for one in known}
    if len(raw.by) > 1:
        shelf.ballots[str(name)] = tuple(ballots)
    for ballot, actor in ballots.items():
        base = str(name) if len(raw.by) > 1 else None
        before = shelf.may_end
        add_variable(
            names,
            shelf,
            Variable(ballot, "decision", actor, labels, position, skippable, before, name.span, items, contents, base),
        )
    shelf.may_end |= bool(raw.ends)


def add_variable(names: Names, shelf: Shelf, variable: Variable) -> None:
    """Put a variable on a shelf; without labels, its use is no further error."""
    shelf.variables[variable.name] = variable
    if not variable.labels:
        names.broken.add(variable.name)


def _all_conditional(raw: schema.RawDecision) -> bool:
    return isinstance(raw.options, dict) and all(value is not None for value in raw.options.values())


def _declare_event(names: Names, shelf: Shelf, raw: schema.RawEvent, position: int, findings: Findings) -> None:
    if not names.take(raw.event, "event"):
        names.broken.add(str(raw.event))
        return
    labels = declare_labels(names, raw.options, raw.event, findings)
    if not raw.options:
        findings.error("C029", f"the event '{raw.event}' has no options", raw.event.span, "List what may happen.")
    skippable, name = raw.when is not None, str(raw.event)
    add_variable(
        names, shelf, Variable(name, "event", None, labels, position, skippable, shelf.may_end, raw.event.span)
    )
    shelf.may_end |= bool(raw.ends)


def _portfolio(
    names: Names, raw: schema.RawDecision, findings: Findings
) -> tuple[tuple[str, ...], dict[str, frozenset[str]]]:
    text: Any = raw.choose
    found = _CHOICE.match(text)
    if found is None:
        hint = "Write `choose: any of [talks, sanctions]`."
        findings.error("C047", f"{quoted(text)} is not a choice of items", text.span, hint)
        return (), {}
    words = [
        Word.make(part.group().strip(), text.at(found.start("items") + part.start(), len(part.group())))
        for part in re.finditer(r"[^\s,][^,]*", found.group("items"))
    ]
    items = declare_labels(names, words, raw.decision, findings)
    low = int(float(raw.at_least)) if raw.at_least is not None else 0
    high = int(float(raw.at_most)) if raw.at_most is not None else len(items)
    if not items or not low <= high <= len(items):
        hint = f"There are {len(items)} items; 0 <= at_least <= at_most <= {len(items)} is needed."
        findings.error("C047", f"the portfolio '{raw.decision}' cannot be put together", text.span, hint)
        return items, {}
    if len(items) > MAX_ITEMS:
        hint = f"A portfolio has at most {MAX_ITEMS} items; merge some."
        findings.error("C035", f"the portfolio '{raw.decision}' has {len(items)} items", text.span, hint)
        return items, {}
    chosen = [picked for size in range(low, high + 1) for picked in combinations(items, size)]
    if len(chosen) > MAX_OPTIONS:
        hint = "Lower `at_most`, or merge items."
        message = f"the portfolio '{raw.decision}' has {len(chosen)} combinations; at most {MAX_OPTIONS} are allowed"
        findings.error("C035", message, text.span, hint)
    return items, {"+".join(picked) or EMPTY_PORTFOLIO: frozenset(picked) for picked in chosen[:MAX_OPTIONS]}


def _refuse_bounds(raw: schema.RawDecision, findings: Findings) -> None:
    for word in (raw.at_least, raw.at_most):
        if word is not None:
            hint = "They bound the number of items of `choose: any of [...]`."
            findings.error("C047", "at_least and at_most belong to a portfolio", word.span, hint)
