"""The timeline: decisions, votes, events and reveals."""

from __future__ import annotations

from collections.abc import Iterable

from detente.case import schema
from detente.case.bind_parameters import text_of
from detente.case.bind_rounds import copy_of
from detente.case.bind_weights import rows_of, weights_of
from detente.case.context import Context, Place
from detente.case.declared import Variable
from detente.case.expression import Expression
from detente.case.findings import quoted
from detente.case.model import Decision, Event, Reveal, TimelineEntry, Weight
from detente.case.names import advice
from detente.case.sections import RawBlock, RawMove
from detente.case.syntax import Block, Word


def bind_timeline(context: Context) -> tuple[TimelineEntry, ...]:
    """The section ``timeline``; entries that are wrong are left out."""
    entries: list[TimelineEntry] = []
    rounds, position = context.names.rounds, 0
    for raw in context.sections.timeline:
        if not isinstance(raw, RawBlock):
            entries.extend(_move(context, raw, Place(position)))
            position += 1
        elif rounds is not None and rounds.entries == raw.entries and position == rounds.start:
            entries.extend(_rounds(context, raw))
            position = rounds.stop
    if not context.names.variables and context.sections.has_game and not context.findings.failed:
        hint = "Add `- decision: NAME` with `by:` and `options:`."
        context.findings.error("C004", "the timeline is empty", context.sections.span, hint)
    return tuple(entries)


def _rounds(context: Context, raw: RawBlock) -> list[TimelineEntry]:
    """The entries of a block, once per round."""
    rounds = context.names.rounds
    assert rounds is not None
    once = [item for place, entry in enumerate(raw.entries) for item in _move(context, entry, Place(place, True))]
    context.entries_of_round.extend(once)
    copies = [copy_of(context, item, number) for number in range(1, rounds.number + 1) for item in once]
    return [item for item in copies if item is not None]


def _move(context: Context, raw: RawMove, place: Place) -> list[TimelineEntry]:
    if isinstance(raw, schema.RawDecision):
        return _decisions(context, raw, place)
    if isinstance(raw, schema.RawReveal):
        return _reveals(context, raw, place)
    event = _event(context, raw, place)
    return [event] if event is not None else []


def _ballots(context: Context, name: Word, place: Place) -> list[Variable]:
    shelf = context.shelf(place)
    return [shelf.variables[item] for item in shelf.expand(name)]


def _decisions(context: Context, raw: schema.RawDecision, place: Place) -> list[TimelineEntry]:
    everyone = frozenset(context.names.actors)
    when = context.condition(raw.when, place)
    offered: dict[str, Expression] = {}
    if isinstance(raw.options, dict):
        for option, condition in raw.options.items():
            expression = context.condition(condition, place)
            if expression is not None:
                offered[str(option)] = expression
    seen_by = context.names.audience(raw.seen_by, everyone)
    source = context.cite(raw.source)
    ballots = [item for item in _ballots(context, raw.decision, place) if item.position == place.before]
    if not ballots:
        return []
    ends = _ends(context, raw.ends, ballots[0])
    if len(raw.by) > 1 and raw.ends:
        hint = "Give the entries after the vote a `when` that depends on it."
        context.findings.error("C048", "a vote cannot end the game by itself", raw.ends[0].span, hint)
    return [
        Decision(
            name=item.name,
            actor=item.actor,
            options=item.labels,
            offered=offered,
            when=when,
            seen_by=seen_by | {item.actor},
            ends=ends,
            items=item.items,
            contents=item.contents,
            ballot=item.ballot,
            about=text_of(raw.about),
            source=source,
            span=item.span,
        )
        for item in ballots
        if item.actor is not None
    ]


def _ends(context: Context, words: Iterable[Word] | None, variable: Variable) -> frozenset[str]:
    listed = list(words or ())
    if [str(word) for word in listed] == ["all"]:
        return frozenset(variable.labels)
    if [str(word) for word in listed] == ["none"]:
        return frozenset()
    return frozenset(str(word) for word in listed if context.names.label(word, variable))


def _event(context: Context, raw: schema.RawEvent, place: Place) -> Event | None:
    when = context.condition(raw.when, place)
    seen_by = context.names.audience(raw.seen_by, frozenset(context.names.actors))
    source = context.cite(raw.source)
    variable = context.shelf(place).variables.get(raw.event)
    if variable is None or variable.position != place.before:
        return None
    ends = _ends(context, raw.ends, variable)
    given = [context.variable(word, place) for word in raw.given or ()]
    known = [item for item in given if item is not None]
    if len({item.name for item in known}) < len(known):
        hint = "List each variable once."
        context.findings.error("C030", f"'{raw.event}' is given a variable twice", raw.event.span, hint)
        return None
    table = _table(context, raw, variable, known) if len(known) == len(given) else None
    if table is None:
        return None
    names = tuple(item.name for item in known)
    about = text_of(raw.about)
    return Event(variable.name, variable.labels, names, table, when, seen_by, ends, about, source, variable.span)


def _table(
    context: Context, raw: schema.RawEvent, variable: Variable, given: list[Variable]
) -> dict[tuple[str, ...], tuple[Weight, ...]] | None:
    name = raw.event
    if (raw.odds is None) == (raw.table is None):
        hint = "Give `odds:` with a weight per option, or `given:` and `table:`."
        problem = "neither 'odds' nor 'table'" if raw.odds is None else "both 'odds' and 'table'"
        context.findings.error("C030", f"the event '{name}' has {problem}", name.span, hint)
        return None
    if raw.odds is not None:
        if given:
            hint = "Write the weights as a `table:` with a row per label, or remove `given`."
            context.findings.error("C030", f"the event '{name}' has 'given', but its odds do not vary", name.span, hint)
            return None
        row = weights_of(context, raw.odds, variable, name.span, complete=True)
        return {(): row} if row is not None else None
    if not given:
        hint = "Add `given: [VARIABLE]`, or write `odds:` instead of `table:`."
        context.findings.error("C030", f"the event '{name}' has a table but no 'given'", name.span, hint)
        return None
    before = context.findings.count
    rows = rows_of(context, raw.table or Block(), given, variable, "a row of weights", complete=True)
    return rows if context.findings.count == before else None


def _reveals(context: Context, raw: schema.RawReveal, place: Place) -> list[TimelineEntry]:
    when = context.condition(raw.when, place)
    to = context.names.audience(raw.to, frozenset())
    if raw.reveal in context.shelf(place).ballots:
        found = _ballots(context, raw.reveal, place)
        if any(item.position >= place.before for item in found):
            hint = "Move this entry behind the vote."
            context.findings.error("C034", f"the vote '{raw.reveal}' comes later", raw.reveal.span, hint)
            return []
    else:
        one = context.variable(raw.reveal, place)
        found = [one] if one is not None else []
    if not to and not context.findings.failed:
        hint = advice(raw.to[0] if raw.to else "", context.names.actors, "actors")
        context.findings.error("C012", f"{quoted(raw.reveal)} is revealed to nobody", raw.reveal.span, hint)
    return [Reveal(item.name, to, when, text_of(raw.about), raw.reveal.span) for item in found]
