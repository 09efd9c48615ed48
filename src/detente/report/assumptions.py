"""What a case assumes, as rows for a reader: parameters, hidden information, moves, payoff terms, postures, sources."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.report.text_rule import rule_sentences
from detente.report.views_settle import design_words
from detente.report.words import Words, capital, clean, counted, listed, number, one_line, percent, sentence

if TYPE_CHECKING:
    from detente.case import Case, Parameter, Rounds
    from detente.study.results import CompareAnswer
    from detente.study.results_settle import SettleAnswer

_ADDRESS = re.compile(r"https?://[^\s<>\"'()\[\]{}|\\^`]+[^\s<>\"'()\[\]{}|\\^`.,;:!?]")
NOT_STATED = "not stated"


@dataclass(frozen=True)
class AssumptionRow:
    """One parameter as it is shown.

    Attributes:
        name: Name in the case file.
        about: What it stands for.
        value: Base value.
        low: Lower end of the range, empty if fixed.
        high: Upper end.
        spread: How values are spread over the range, in words.
        source: Citation.
        confidence: The author's confidence, in words.
        turns: Whether the best posture turns on it, in words.
        decisive: Whether it does.
    """

    name: str
    about: str
    value: str
    low: str
    high: str
    spread: str
    source: str
    confidence: str
    turns: str
    decisive: bool

    @property
    def range(self) -> str:
        """The range in words."""
        return f"{self.low} to {self.high}" if self.low else "fixed"


@dataclass(frozen=True)
class Piece:
    """A piece of a citation: text, or text that links to a web page."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Move:
    """One entry of the timeline."""

    heading: str
    about: str
    details: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class PostureRow:
    """One posture explained."""

    name: str
    id: str
    about: str
    facts: tuple[str, ...]
    status_quo: bool
    leading: bool


def assumption_rows(
    case: Case, answer: CompareAnswer | None, settled: SettleAnswer | None = None
) -> tuple[AssumptionRow, ...]:
    """Every parameter; those an answer turns on first, otherwise in the order of the case."""
    words = Words.of(case)
    switches: dict[str, list[float]] = {}
    for point in answer.tipping_points if answer is not None else ():
        switches.setdefault(point.parameter, []).append(point.switch)
    turns = {name: [f"the posture at {listed(number(value) for value in at)}"] for name, at in switches.items()}
    for design in settled.designs if settled is not None else ():
        for found in design.turns_on:
            turns.setdefault(found.parameter, []).append(f"“{design_words(design)}” at {number(found.value)}")
    none_in_range = answer.none_in_range if answer is not None else ()
    rows = [_assumption(item, turns.get(item.name, ()), none_in_range, words) for item in case.parameters]
    return tuple(sorted(rows, key=lambda row: not row.decisive))


def _assumption(item: Parameter, found: Sequence[str], none_in_range: Sequence[str], words: Words) -> AssumptionRow:
    shape = item.distribution
    fixed = shape.kind == "fixed" or shape.high <= shape.low
    if found:
        only = len(found) == 1 and found[0].startswith("the posture at ")
        turns = f"yes, at {found[0].removeprefix('the posture at ')}" if only else f"yes: {'; '.join(found)}"
    elif fixed:
        turns = "not varied"
    elif item.name in none_in_range:
        turns = "no value in its range"
    else:
        turns = "not tested"
    return AssumptionRow(
        name=item.name,
        about=words.parameter_long(item.name),
        value=number(item.value, 4),
        low="" if fixed else number(shape.low, 4),
        high="" if fixed else number(shape.high, 4),
        spread="fixed" if fixed else spread_words(item),
        source=cited(item.source) or NOT_STATED,
        confidence=item.confidence or NOT_STATED,
        turns=turns,
        decisive=bool(found),
    )


def spread_words(item: Parameter) -> str:
    """How a parameter's values are spread over its range."""
    shape = item.distribution
    sd = "" if shape.sd is None else f", standard deviation {number(shape.sd)}"
    shown = {
        "uniform": "uniform" if shape.stated else "uniform assumed",
        "triangular": "triangular, most likely at the base value",
        "normal": f"normal, cut off at the range{sd}",
        "beta": f"beta{sd}",
    }.get(shape.kind, shape.kind)
    if item.correlated:
        shown += "; correlated with " + listed(f"{name} ({number(value)})" for name, value in item.correlated)
    return shown


def cited(source: str) -> str:
    """A source with its paragraph, kept on one line."""
    return one_line(source).replace(" ¶", "\u00a0¶")


def citation(text: str) -> tuple[Piece, ...]:
    """A citation split into text and web addresses; only http and https addresses become links."""
    text = one_line(text)
    pieces: list[Piece] = []
    end = 0
    for match in _ADDRESS.finditer(text):
        if match.start() > end:
            pieces.append(Piece(text[end : match.start()]))
        pieces.append(Piece(match.group(), match.group()))
        end = match.end()
    if end < len(text):
        pieces.append(Piece(text[end:]))
    return tuple(pieces)


def hidden_rows(case: Case) -> tuple[tuple[str, str, str], ...]:
    """Hidden information: (whose and what, the possibilities with their weights, citation)."""
    words = Words.of(case)
    rows: list[tuple[str, str, str]] = []
    for item in case.types:
        text = _weights(item.labels, item.weights, words)
        if item.judged is not None:
            text += f"; in {words.the(item.actor)}'s own judgment {_weights(item.labels, item.judged, words)}"
        rows.append((capital(words.variable(item.name)), text, cited(item.source)))
    return tuple(rows)


def moves(case: Case) -> tuple[Move, ...]:
    """The timeline in order: decisions, chance events, later disclosures."""
    words = Words.of(case)
    everyone = frozenset(actor.id for actor in case.actors)
    made: list[Move] = []
    repeated = False
    for item in case.timeline:
        if item.round is None:
            made.append(_move(item, words, everyone))
        elif not repeated and case.rounds is not None:  # the block once, as it stands in the file
            repeated = True
            made.append(_rounds(case.rounds, words))
            made += [_move(entry, words, everyone) for entry in case.rounds.entries]
    return tuple(made)


def _rounds(rounds: Rounds, words: Words) -> Move:
    details = [f"The next {counted(len(rounds.entries), 'entry', 'entries')} make up one round"]
    if rounds.carry:
        carried = listed(
            words.variable(name) + (f" (round 1 starts from {words.label(label)})" if label else "")
            for name, label in rounds.carry.items()
        )
        details.append(f"The next round can depend on {carried}")
    if rounds.discount is not None:
        details.append(f"A payoff of the next round counts {rounds.discount} times as much as one of this round")
    heading = f"{counted(rounds.number, 'round')} of {words.variable(rounds.name)}"
    if rounds.name == "rounds":
        heading = counted(rounds.number, "round")
    return Move(heading, sentence(rounds.about), tuple(details), cited(rounds.source))


def _move(item: Any, words: Words, everyone: frozenset[str]) -> Move:
    details: list[str] = []
    if hasattr(item, "variable"):
        heading = f"Disclosed later: {words.variable(item.variable)}"
        details.append("To " + listed(words.the(id) for id in sorted(item.to)))
    else:
        who = words.actor(item.actor) if hasattr(item, "actor") else "Chance"
        heading = f"{who}: {words.variable(item.name)}"
        details.append("Options: " + ", ".join(words.label(label) for label in item.options))
        details.append(_seen(item.seen_by, everyone, words))
    if item.when is not None:
        details.append(f"Only when {_text(item.when)}")
    if getattr(item, "ends", None):
        ends = [words.label(label) for label in item.options if label in item.ends]
        details.append(f"The game ends after {listed(ends, 'or')}")
    return Move(heading, sentence(item.about), tuple(details), cited(getattr(item, "source", "")))


def _seen(seen_by: frozenset[str], everyone: frozenset[str], words: Words) -> str:
    if seen_by >= everyone:
        return "Seen by everyone"
    return f"Seen by {listed(words.the(id) for id in sorted(seen_by))}" if seen_by else "Seen by nobody at the time"


def term_rows(case: Case) -> tuple[tuple[str, str, str, str, str, str], ...]:
    """Payoff terms: (actor, term, what it is, value, condition, citation)."""
    words = Words.of(case)
    rounds = case.rounds
    once = {(item.player, item.name): item for item in rounds.terms} if rounds is not None else {}
    every_round = "in every round" + (f", discounted by {rounds.discount}" if rounds and rounds.discount else "")
    rows: list[tuple[str, str, str, str, str, str]] = []
    for item in case.terms:
        shown = item if item.round is None else once.pop((item.player, item.base), None)
        if shown is None:  # the same term in a later round
            continue
        when = _text(shown.when) if shown.when is not None else "always"
        if item.round is not None:
            when = every_round if shown.when is None else f"{every_round}, if {when}"
        name, about = capital(words.label(shown.name)), sentence(shown.about)
        rows.append((words.actor(shown.player), name, about, _text(shown.value), when, cited(shown.source)))
    return tuple(rows)


def posture_rows(case: Case, answer: CompareAnswer) -> tuple[PostureRow, ...]:
    """The compared postures, explained."""
    words = Words.of(case)
    compared = {item.name: item for item in answer.postures}
    lead = {answer.leading, *answer.leading_tied}
    return tuple(
        PostureRow(
            words.posture(item.name),
            item.name,
            sentence(item.about),
            _facts(item, compared[item.name].optimal, case, words),
            item.status_quo,
            item.name in lead,
        )
        for item in case.postures
        if item.name in compared
    )


def _facts(posture: Any, optimal: Mapping[str, Any], case: Case, words: Words) -> tuple[str, ...]:
    facts: list[str] = []
    rules = {name: _rule(rule, case.labels_of(name), words) for name, rule in posture.commit.items()}
    facts += [f"Bound at {where} to {what}." for where, what in _over_rounds(rules, case, words, "“{}”")]
    shown = {name: _disclosed(who, words) for name, who in posture.disclose.items()}
    facts += [how.format(where) for where, how in _over_rounds(shown, case, words)]
    facts += [
        f"Takes “{words.parameter_long(name)}” ({name}) to be {_text(value)}." for name, value in posture.set.items()
    ]
    left = {name: ", ".join(words.label(label) for label in labels) for name, labels in posture.allow.items()}
    facts += [f"Leaves open at {where}: {options}." for where, options in _over_rounds(left, case, words, "“{}”")]
    facts += _found(optimal, words)
    return tuple(facts)


def _disclosed(who: Any, words: Words) -> str:
    """How something is disclosed, with a place for what."""
    if who == "optimal":
        return "Discloses {} by the best public signal there is."
    people = listed(words.the(id) for id in sorted(who)).replace("{", "").replace("}", "")
    return "Discloses {} to " + people + "." if who else "Keeps {} from everyone else."


def _over_rounds(rules: Mapping[str, str], case: Case, words: Words, quoted: str = "{}") -> list[tuple[str, str]]:
    """(variable, what is done about it), with the rounds in which it is the same said together."""
    known = case.rounds.variables if case.rounds is not None else {}
    rounds = {copy: (base, number) for base, copies in known.items() for number, copy in enumerate(copies, start=1)}
    found: dict[tuple[str, str], list[int]] = {}
    for name, text in rules.items():
        base, number = rounds.get(name, (name, 0))
        if number:
            text = text.replace(f" in round {number}", "").replace(f" in round {number - 1}", " in the round before")
        found.setdefault((base, text), []).append(number)
    made: list[tuple[str, str]] = []
    for (base, text), numbers in found.items():
        where = quoted.format(words.variable(base))
        if case.rounds is not None and numbers[0]:
            every = len(numbers) == case.rounds.number
            which = f"round{'s' if len(numbers) > 1 else ''} {listed(str(number) for number in sorted(numbers))}"
            where += " in every round" if every else f" in {which}"
        made.append((where, text))
    return made


def _rule(rule: Any, options: Sequence[str], words: Words) -> str:
    """A published rule in words: one option, odds, or a table on what the owner sees."""
    if rule.optimal:
        return f"the best {'mixed ' if rule.mixed else ''}rule there is, found by search"
    rows: list[str] = []
    for key, weights in rule.table.items():
        odds = {
            label: _text(weight) if weight is not None else "the rest"
            for label, weight in zip(options, weights, strict=True)
        }
        played = [label for label, weight in odds.items() if weight != "0"]
        if len(played) == 1:
            text = f"“{words.label(played[0])}”"
        else:
            text = ", ".join(f"“{words.label(label)}” with odds {odds[label]}" for label in played)
        seen = " and ".join(
            f"{words.variable(name)} is “{words.label(label)}”" for name, label in zip(rule.by, key, strict=True)
        )
        rows.append(f"{text} if {seen}" if seen else text)
    return "; ".join(rows)


def _found(optimal: Mapping[str, Any], words: Words) -> list[str]:
    """What `optimal` came out as at base values: the signals of the best rule, or the best rule itself."""
    facts: list[str] = []
    for signal in optimal.get("signals", ()):
        belief = ", ".join(f"“{words.label(label)}” {percent(float(p))}" for label, p in signal["belief"].items())
        facts.append(
            f"At base values a signal sent {percent(float(signal['weight']))} of the time leaves the belief {belief}."
        )
    if optimal.get("signals") and not optimal.get("attained", True):
        facts.append("The best value is a limit: rules come as close to it as wanted.")
    for entry in optimal.get("rule", ()):
        if isinstance(entry, Mapping) and "decision" in entry and "option" in entry:
            seen = ", ".join(
                f"{words.variable(name)} “{words.label(label)}”" for name, label in dict(entry.get("sees", ())).items()
            )
            facts.append(
                f"At base values the best rule at “{words.variable(entry['decision'])}”"
                f"{f' having seen {seen}' if seen else ''} is “{words.label(entry['option'])}”."
            )
    if optimal.get("mixed"):
        facts += [f"The best mixed rule at base values. {text}" for text in rule_sentences(optimal, words)]
    return facts


def _weights(labels: Sequence[str], weights: Sequence[Any], words: Words) -> str:
    return ", ".join(
        f"{words.label(label)} ({'the rest' if weight is None else _text(weight)})"
        for label, weight in zip(labels, weights, strict=True)
    )


def _text(expression: Any) -> str:
    """An expression as the case file has it."""
    return one_line(clean(str(getattr(expression, "text", expression))))
