"""Which names a case declares: actors, variables with their labels, parameters. One name space for all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Literal

from detente.case import schema
from detente.case.findings import Findings, quoted
from detente.case.names import NAME, RESERVED, advice
from detente.case.sections import Sections
from detente.case.span import Span
from detente.case.syntax import Word

SKIPPED = "none"
EMPTY_PORTFOLIO = "nothing"
DECLARING = frozenset({"actors", "parameters", "types", "timeline", "postures", "outcomes"})
MAX_OPTIONS = 40
MAX_ITEMS = 8
BEFORE_ALL = -1

_CHOICE = re.compile(r"\s*any\s+of\s*\[(?P<items>[^\[\]]*)\]\s*\Z")


@dataclass(frozen=True)
class Variable:
    """Something a history gives a label to.

    Attributes:
        name: Its name.
        kind: What sets it.
        actor: Who knows the type or takes the decision; None for events.
        labels: Labels it can take; empty if its declaration could not be read.
        position: Place in the timeline, ``BEFORE_ALL`` for types; votes cast together share one.
        skippable: Whether it can be skipped while the game goes on.
        cut: Whether the game can end before it, so that afterwards it counts as skipped.
        items: Items of a portfolio.
        contents: For a portfolio, the items in each label.
        ballot: Name of the vote it belongs to.
    """

    name: str
    kind: Literal["type", "decision", "event"]
    actor: str | None
    labels: tuple[str, ...]
    position: int
    skippable: bool
    cut: bool
    span: Span
    items: tuple[str, ...] = ()
    contents: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    ballot: str | None = None


class Names:
    """Everything a case declares, with one name space for all of it."""

    def __init__(self, findings: Findings):
        self._findings = findings
        self._taken: dict[str, tuple[str, Span]] = {}
        self.actors: dict[str, str] = {}
        self.variables: dict[str, Variable] = {}
        self.ballots: dict[str, tuple[str, ...]] = {}
        self.scalars: set[str] = set()
        self.tables: dict[str, Word] = {}
        self.broken: set[str] = set()
        self.unreadable: set[str] = set()
        self.may_end = False

    def take(self, word: Word, kind: str) -> bool:
        """Claim a name. False, with an error noted, if it cannot be had."""
        if not self.legal(word, kind):
            return False
        known = self._taken.get(word)
        if known is None:
            self._taken[str(word)] = (kind, word.span)
            return True
        if known[0] == kind == "label":
            return True
        message = f"the name '{word}' is already taken by the {known[0]} declared in line {known[1].line}"
        hint = "Actors, variables, parameters and labels share one name space: rename one of the two."
        self._findings.error("C011", message, word.span, hint)
        return False

    def legal(self, word: Word, kind: str) -> bool:
        """Whether a word can be a name at all; notes an error if not."""
        if not NAME.match(word) or word.startswith("__"):
            hint = "Names are letters, digits and '_', start with a letter, and have at most 64 characters."
            fixed = re.sub(r"[^A-Za-z0-9_]+", "_", word.strip())[:64].strip("_")
            if NAME.match(fixed) and fixed not in RESERVED:
                hint += f" '{fixed}' would do."
            self._findings.error("C009", f"{quoted(word)} cannot be the name of a {kind}", word.span, hint)
            return False
        if word in RESERVED:
            message = f"'{word}' is a word of the case language and cannot be the name of a {kind}"
            self._findings.error("C010", message, word.span, f"Choose another name, such as '{word}_'.")
            return False
        return True

    def forgives(self, name: str) -> bool:
        """Whether an unknown name only follows from another error: its entry or section could not be read."""
        return name in self.broken or bool(self.unreadable)

    def expand(self, name: str) -> tuple[str, ...]:
        """The variables a name stands for: a vote stands for its ballots."""
        if name in self.variables:
            return (name,)
        return self.ballots.get(name, ())

    def variable(self, word: Word, what: str = "variables", among: Iterable[str] | None = None) -> Variable | None:
        """The variable of a name, or None after noting that there is none."""
        legal = list(self.variables if among is None else among)
        if word in self.variables and word in legal:
            return self.variables[word]
        if not self.forgives(word):
            problem = "cannot be used here" if word in self.variables else "is not declared"
            message = f"the variable {quoted(word)} {problem}"
            self._findings.error("C013", message, word.span, advice(word, legal, what))
        return None

    def actor(self, word: Word) -> bool:
        """Whether a word names an actor; notes an error if not."""
        if word in self.actors:
            return True
        if not self.forgives(word):
            message = f"no actor is named {quoted(word)}"
            self._findings.error("C012", message, word.span, advice(word, self.actors, "actors"))
        return False

    def audience(self, words: Iterable[Word] | None, default: frozenset[str]) -> frozenset[str]:
        """The actors meant by a list of actors, `all` or `none`."""
        if words is None:
            return default
        listed = list(words)
        if [str(word) for word in listed] == ["all"]:
            return frozenset(self.actors)
        if [str(word) for word in listed] == [SKIPPED]:
            return frozenset()
        found: set[str] = set()
        for word in listed:
            if word in ("all", SKIPPED):
                message = f"'{word}' stands alone, not in a list of actors"
                self._findings.error("C012", message, word.span, "List the actors, or write `all` or `none`.")
            elif self.actor(word):
                found.add(str(word))
        return frozenset(found)

    def label(self, word: Word, variable: Variable, extra: Iterable[str] = ()) -> bool:
        """Whether a word is a label of a variable; notes an error if not."""
        legal = (*variable.labels, *extra)
        if word in legal or not variable.labels:
            return True
        message = f"{quoted(word)} is not a label of '{variable.name}'"
        self._findings.error("C014", message, word.span, advice(word, legal, "labels"))
        return False


def declare(sections: Sections, findings: Findings) -> Names:
    """Collect every name of a case, noting clashes."""
    names = Names(findings)
    names.broken |= sections.broken
    names.unreadable |= sections.unreadable & DECLARING
    for word, title in sections.actors.items():
        if names.take(word, "actor"):
            names.actors[str(word)] = str(title)
    for word, raw in sections.parameters.items():
        if names.take(word, "parameter"):
            if raw.of is None:
                names.scalars.add(str(word))
            else:
                names.tables[str(word)] = raw.of
        else:
            names.broken.add(str(word))
    for word, raw_type in sections.types.items():
        _declare_type(names, word, raw_type, findings)
    for position, entry in enumerate(sections.timeline):
        if isinstance(entry, schema.RawDecision):
            _declare_decision(names, entry, position, findings)
        elif isinstance(entry, schema.RawEvent):
            _declare_event(names, entry, position, findings)
    return names


def _declare_labels(names: Names, words: Iterable[Word], owner: Word, findings: Findings) -> tuple[str, ...]:
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


def _declare_type(names: Names, word: Word, raw: schema.RawType, findings: Findings) -> None:
    actor, dot, own = word.partition(".")
    if not dot or not NAME.match(own) or own in RESERVED:
        hint = "Write the actor, a dot and a name, such as `RUS.aim`."
        findings.error("C009", f"{quoted(word)} cannot be the name of a type", word.span, hint)
        names.broken.add(str(word))
        return
    if not names.actor(Word.make(actor, word.at(0, len(actor)))):
        names.broken.add(str(word))
        return
    labels = _declare_labels(names, raw.prior, word, findings)
    _known(names, Variable(str(word), "type", actor, labels, BEFORE_ALL, False, False, word.span))


def _declare_decision(names: Names, raw: schema.RawDecision, position: int, findings: Findings) -> None:
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
        labels = _declare_labels(names, raw.options or (), name, findings)
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
        names.ballots[str(name)] = tuple(ballots)
    for ballot, actor in ballots.items():
        base = str(name) if len(raw.by) > 1 else None
        before = names.may_end
        _known(
            names,
            Variable(ballot, "decision", actor, labels, position, skippable, before, name.span, items, contents, base),
        )
    names.may_end |= bool(raw.ends)


def _known(names: Names, variable: Variable) -> None:
    names.variables[variable.name] = variable
    if not variable.labels:
        names.broken.add(variable.name)


def _all_conditional(raw: schema.RawDecision) -> bool:
    return isinstance(raw.options, dict) and all(value is not None for value in raw.options.values())


def _declare_event(names: Names, raw: schema.RawEvent, position: int, findings: Findings) -> None:
    if not names.take(raw.event, "event"):
        names.broken.add(str(raw.event))
        return
    labels = _declare_labels(names, raw.options, raw.event, findings)
    if not raw.options:
        findings.error("C029", f"the event '{raw.event}' has no options", raw.event.span, "List what may happen.")
    skippable, name = raw.when is not None, str(raw.event)
    _known(names, Variable(name, "event", None, labels, position, skippable, names.may_end, raw.event.span))
    names.may_end |= bool(raw.ends)


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
    items = _declare_labels(names, words, raw.decision, findings)
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
