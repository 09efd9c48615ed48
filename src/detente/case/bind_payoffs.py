"""Payoff terms, outcomes, and what is not modelled."""

from __future__ import annotations

from detente.case.bind_parameters import entry_name, text_of
from detente.case.bind_rounds import terms_of_rounds
from detente.case.bind_weights import unknown_word
from detente.case.context import Context, Place
from detente.case.findings import quoted
from detente.case.model import NotModelled, Outcome, Rounds, Term
from detente.case.names import NAME, advice
from detente.case.schema import RawTerm
from detente.case.syntax import Word

PER_ROUND = "per_round"
FINAL = "final"
MAX_ROUND_TERMS = 1_000


def bind_payoffs(context: Context, rounds: Rounds | None) -> tuple[Term, ...]:
    """The section ``payoffs``; terms that are paid in every round once per round."""
    terms: list[Term] = []
    repeated = 0
    for player, entries in context.sections.payoffs.items():
        known = context.names.actor(player)
        seen: dict[str, Word] = {}
        for raw in entries:
            _label_name(context, raw.term, "term")
            if raw.term in seen:
                first = seen[str(raw.term)].span.line
                message = f"'{player}' already has a term '{raw.term}', in line {first}"
                context.findings.error("C011", message, raw.term.span, "Give each term of an actor its own name.")
            seen[str(raw.term)] = raw.term
            source = context.cite(raw.source)
            before = context.findings.count
            place = _paid(context, raw)
            when = context.condition(raw.when, place)
            value = context.value(raw.value, place)
            if not known or value is None or context.findings.count > before:
                continue
            term = Term(str(player), str(raw.term), when, value, text_of(raw.about), source, raw.term.span)
            if not place.inside or rounds is None:
                terms.append(term)
                continue
            repeated += rounds.number
            if repeated > MAX_ROUND_TERMS:
                message = f"the terms paid in every round make more than {MAX_ROUND_TERMS:,} in {rounds.number} rounds"
                context.findings.error("C053", message, raw.term.span, "Take fewer rounds, or merge terms.")
                return tuple(terms)
            context.terms_of_round.append(term)
            terms.extend(terms_of_rounds(context, term, rounds.discount))
    return tuple(terms)


def _paid(context: Context, raw: RawTerm) -> Place:
    """Where a term is worked out: at the end of each round, or once at the end."""
    word = raw.paid
    if word is None:
        return context.end
    if word not in (PER_ROUND, FINAL):
        hint = f"Write `paid: {PER_ROUND}`, or `paid: {FINAL}` for once at the end."
        context.findings.error("C054", f"{quoted(word)} says not when a term is paid", word.span, hint)
    elif context.names.rounds is None:
        if not context.names.unreadable:
            hint = "Remove the line: without rounds every term is paid once."
            context.findings.error("C054", "`paid` needs a block of rounds in the timeline", word.span, hint)
    elif word == PER_ROUND:
        return context.round_end
    return context.end


def _label_name(context: Context, word: Word, kind: str) -> None:
    if not NAME.match(word):
        hint = "Use letters, digits and '_', starting with a letter."
        context.findings.error("C009", f"{quoted(word)} cannot be the name of a {kind}", word.span, hint)


def warn_of_indifference(context: Context) -> None:
    """Note actors that decide but have nothing at stake."""
    for item in context.names.variables.values():
        actor = item.actor
        if item.kind == "decision" and actor is not None and not context.sections.payoffs.get(Word(actor)):
            message = f"'{actor}' decides '{item.name}' but has no payoff terms, so every option is the same to it"
            context.findings.warning("C044", message, item.span, f"Add terms under `payoffs: {actor}:`.")


def bind_outcomes(context: Context) -> tuple[Outcome, ...]:
    """The section ``outcomes``."""
    outcomes: list[Outcome] = []
    for word, raw in context.sections.outcomes.items():
        context.names.legal(word, "outcome")
        clash = "actor" if word in context.names.actors else "parameter" if word in context.parameters else ""
        if clash:
            hint = "Rename the outcome; claims could not tell the two apart."
            context.findings.error("C011", f"'{word}' is already the name of a {clash}", word.span, hint)
        when = context.condition(raw.when, context.end)
        if when is None:
            context.names.broken.add(str(word))
        else:
            outcomes.append(Outcome(str(word), when, text_of(raw.about), word.span))
    return tuple(outcomes)


def bind_not_modelled(context: Context) -> tuple[NotModelled, ...]:
    """The section ``not_modelled``."""
    made: list[NotModelled] = []
    for raw in context.sections.not_modelled:
        if raw.outcome not in context.sections.outcomes and not context.names.forgives(raw.outcome):
            legal = [str(word) for word in context.sections.outcomes]
            unknown_word(context, raw.outcome, legal, "C017", "outcome")
        names: list[str] = []
        for word in raw.continuation:
            names.extend(_continuation(context, word))
        if raw.outcome in [item.outcome for item in made]:
            hint = "List its parameters in one entry."
            context.findings.error("C011", f"'{raw.outcome}' is listed twice", raw.outcome.span, hint)
        made.append(NotModelled(str(raw.outcome), tuple(names), text_of(raw.about), raw.outcome.span))
    return tuple(made)


def _continuation(context: Context, word: Word) -> list[str]:
    if word in context.tables:
        return [entry_name(word, label) for label in context.tables[str(word)].labels]
    if word in context.parameters:
        if context.parameters[str(word)].distribution.kind == "fixed":
            hint = "What follows is unknown: give it a wide range."
            context.findings.warning("C049", f"the continuation '{word}' has no range", word.span, hint)
        return [str(word)]
    if not context.names.forgives(word):
        hint = advice(word, (*context.parameters, *context.tables), "parameters")
        context.findings.error("C015", f"no parameter is named {quoted(word)}", word.span, hint)
    return []
