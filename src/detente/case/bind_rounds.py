"""Writing out rounds: what one entry, rule or payoff term of a block says in each of its rounds.

Everything in a block is read once, with the names of the block; here it becomes one copy per round, with
the names of the game. Copies keep the place in the file that they come from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from detente.case.bind_parameters import text_of
from detente.case.context import Context
from detente.case.declared import SKIPPED
from detente.case.expression import (
    Boolean,
    Expression,
    ExpressionError,
    Number,
    ParameterRef,
    RoundView,
    at_round,
    if_played,
    simplify,
)
from detente.case.findings import quoted
from detente.case.model import Commitment, Decision, Reveal, Rounds, Term, TimelineEntry
from detente.case.names import PREVIOUS, advice
from detente.case.sections import RawBlock
from detente.case.span import Span

TRUE = Boolean(True)
FALSE = Boolean(False)

Row = TypeVar("Row")
Rows = Mapping[tuple[str, ...], Row]


def bind_rounds(context: Context) -> Rounds | None:
    """The block of rounds of a case, None if it has none."""
    rounds = context.names.rounds
    raw = next((item for item in context.sections.timeline if isinstance(item, RawBlock)), None)
    if rounds is None or raw is None:
        return None
    return Rounds(
        name=rounds.name,
        number=rounds.number,
        discount=_discount(context, raw),
        carry=rounds.carry,
        variables={item.name: tuple(name for _, name in rounds.copies(item.name)) for item in rounds.own},
        about=text_of(raw.head.about),
        source=context.cite(raw.head.source),
        span=raw.head.rounds.span,
    )


def _discount(context: Context, raw: RawBlock) -> str | None:
    word = raw.head.discount
    if word is None:
        return None
    if word not in context.parameters:
        if word.number is not None:
            hint = "Declare a parameter for it, with a range and a source, and write its name here."
            context.findings.error("C050", f"the discount factor {word} has no name", word.span, hint)
        elif not context.names.forgives(word):
            hint = advice(word, [name for name in context.parameters if "[" not in name], "parameters")
            context.findings.error("C015", f"no parameter is named {quoted(word)}", word.span, hint)
        return None
    spread = context.parameters[str(word)].distribution
    if not 0 <= spread.low <= spread.high <= 1:
        message = f"the discount factor '{word}' can lie outside 0 to 1: [{spread.low:g}, {spread.high:g}]"
        hint = "It is what a payoff of the next round is worth now: narrow its range."
        context.findings.error("C050", message, word.span, hint)
    context.used.add(str(word))
    return str(word)


# --------------------------------------------------------------------------- entries of the timeline


def copy_of(context: Context, entry: TimelineEntry, number: int) -> TimelineEntry | None:
    """An entry of the block in a round; None if it says nothing there, or after noting what is wrong."""
    view = context.view
    assert view is not None
    names = view.names[number - 1]
    when = None if entry.when is None else at_round(entry.when, view, number)
    when = None if when == TRUE else when
    if isinstance(entry, Reveal):
        if number == 1 and entry.variable in view.first:
            return None
        return replace(entry, variable=names.get(entry.variable, entry.variable), when=when)
    name = names[entry.name]
    if isinstance(entry, Decision):
        offered = {option: at_round(item, view, number) for option, item in entry.offered.items()}
        offered = {option: item for option, item in offered.items() if item != TRUE}
        ballot = None if entry.ballot is None else f"{entry.ballot}.{number}"
        return replace(entry, name=name, when=when, offered=offered, ballot=ballot, round=number, base=entry.name)
    given, table = _table_in(entry.given, entry.table, view, number)
    if not table:
        _no_first_row(context, entry.given, view, f"the event '{entry.name}'", entry.span)
        return None
    return replace(entry, name=name, when=when, given=given, table=table, round=number, base=entry.name)


def rule_in(context: Context, rule: Commitment, number: int) -> Commitment | None:
    """A published rule for a decision of the block, as it stands in a round; None after noting what is wrong."""
    view = context.view
    assert view is not None
    decision = view.names[number - 1][rule.decision]
    if not rule.by:
        return replace(rule, decision=decision)
    by, table = _table_in(rule.by, rule.table, view, number)
    if not table:
        _no_first_row(context, rule.by, view, f"the rule for '{rule.decision}'", rule.span)
        return None
    return replace(rule, decision=decision, by=by, table=table)


def _table_in(
    by: tuple[str, ...], table: Rows[Row], view: RoundView, number: int
) -> tuple[tuple[str, ...], dict[tuple[str, ...], Row]]:
    """A table on variables of the block, as it stands in a round: in round 1 what was carried is known."""
    names = view.names[number - 1]
    known = {place: view.first[name] or SKIPPED for place, name in enumerate(by) if number == 1 and name in view.first}
    kept = [place for place in range(len(by)) if place not in known]
    rows = {
        tuple(key[place] for place in kept): row
        for key, row in table.items()
        if all(key[place] == label for place, label in known.items())
    }
    return tuple(names.get(by[place], by[place]) for place in kept), rows


def _no_first_row(context: Context, by: tuple[str, ...], view: RoundView, what: str, span: Span) -> None:
    first = [f"{name} = {view.first[name] or SKIPPED}" for name in by if name in view.first]
    message = f"the table of {what} has no row for round 1, where {' and '.join(first)}"
    hint = f"Add the row `{SKIPPED}`, or say under `carry` which label round 1 starts from."
    context.findings.error("C028", message, span, hint)


# --------------------------------------------------------------------------- payoff terms


def discounted(value: Expression, discount: str | None, number: int) -> Expression:
    """A value of a round as it counts now: times the discount factor for each round before it."""
    if discount is None or number == 1:
        return value
    factor = simplify.power(ParameterRef(discount), Number(float(number - 1)))
    return simplify.multiply(factor, value)


def terms_of_rounds(context: Context, term: Term, discount: str | None) -> list[Term]:
    """A term that is paid in every round, once per round in which it can count.

    Args:
        context: The case being bound.
        term: The term with the names of the block.
        discount: The discount factor, None for none.
    """
    view = context.view
    assert view is not None
    made: list[Term] = []
    for number in range(1, view.number + 1):
        when = None if term.when is None else at_round(term.when, view, number)
        when = if_played(when, view, number)
        if when == FALSE:
            continue
        try:
            value = discounted(at_round(term.value, view, number), discount, number)
        except ExpressionError as error:
            hint = f"Round 1 finds nothing carried over: let `carry` start from a label, or ask happened({PREVIOUS}.x)."
            context.findings.error(error.code, f"in round {number}: {error.message}", term.span, hint)
            break
        name = f"{term.name}.{number}"
        when_or_none = None if when == TRUE else when
        made.append(replace(term, name=name, when=when_or_none, value=value, round=number, base=term.name))
    if not made and not context.findings.failed:
        hint = "No round satisfies its `when`."
        context.findings.warning("C040", f"the term '{term.name}' of {term.player} never applies", term.span, hint)
    return made
