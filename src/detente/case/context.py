"""What binding any part of a case needs: the names declared, and expressions checked at a place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from detente.axes import Floats
from detente.case import schema
from detente.case.declared import Names, Rounds, Shelf, Variable
from detente.case.expression import (
    UNIT_LITERALS,
    Boolean,
    Checked,
    Expression,
    Match,
    Named,
    Not,
    Problem,
    RoundView,
    Scope,
    array_function,
    at_end,
    condition_from_mapping,
    joined,
    parameters,
    read_condition,
    read_value,
)
from detente.case.findings import Findings
from detente.case.model import STATUS_QUO, Parameter, Table, Term, TimelineEntry
from detente.case.names import LAST, PREVIOUS, ROUND
from detente.case.quantity import ClaimScope, read_claim
from detente.case.schema import RawCondition
from detente.case.sections import RawBlock, RawMove, Sections
from detente.case.span import Span
from detente.case.syntax import Word

UNKNOWN_NAMES = frozenset({"C220", "C237", "C238", "C251", "C252", "C253", "C254", "C255"})
"""Codes that only follow from another error if the name could not be read where it is declared."""


@dataclass(frozen=True)
class Place:
    """A place in the timeline: what stands before it can be spoken of.

    Attributes:
        before: Number of entries before it; of the whole timeline written out, or of one round.
        inside: Whether it lies inside a block of rounds, where names mean those of the round.
    """

    before: int
    inside: bool = False


class Context:
    """Names, parameters and findings of a case while it is being bound."""

    def __init__(
        self,
        sections: Sections,
        names: Names,
        findings: Findings,
        parameters: Mapping[str, Parameter],
        tables: Mapping[str, Table],
        cite: Callable[[Word | None], str],
    ):
        self.sections = sections
        self.names = names
        self.findings = findings
        self.parameters = parameters
        self.tables = tables
        self.cite = cite
        self.used: set[str] = set()
        self.entries_of_round: list[TimelineEntry] = []
        self.terms_of_round: list[Term] = []
        self.designs: tuple[str, ...] | None = None
        self._scopes: dict[Place, Scope] = {}
        self._order = tuple(parameters)
        self._base: Floats = np.array([[item.value for item in parameters.values()]], dtype=np.float64)

    @cached_property
    def entries(self) -> tuple[tuple[RawMove, int], ...]:
        """The timeline written out: entries with the number of their round, 0 outside of rounds."""
        found: list[tuple[RawMove, int]] = []
        rounds = self.names.rounds
        for raw in self.sections.timeline:
            if not isinstance(raw, RawBlock):
                found.append((raw, 0))
            elif rounds is not None and len(found) == rounds.start and raw.entries == rounds.entries:
                found.extend((entry, number + 1) for number in range(rounds.number) for entry in raw.entries)
        return tuple(found)

    @cached_property
    def end(self) -> Place:
        """The finished history."""
        return Place(len(self.entries))

    @cached_property
    def round_end(self) -> Place:
        """The end of one round."""
        return Place(0 if self.names.rounds is None else len(self.names.rounds.entries), inside=True)

    def shelf(self, place: Place) -> Shelf:
        """The variables as they are called at a place."""
        rounds = self.names.rounds
        return rounds.shelf if place.inside and rounds is not None else self.names.game

    def scope(self, place: Place) -> Scope:
        """Names an expression may use at a place of the timeline; `end` for the finished history."""
        if place not in self._scopes:
            self._scopes[place] = self._scope_in_round(place) if place.inside else self._scope_of_game(place)
        return self._scopes[place]

    def _scope(self, known: Mapping[str, Variable], finished: bool) -> Scope:
        known = {name: item for name, item in known.items() if item.labels}
        return Scope(
            variables={name: item.labels for name, item in known.items()},
            items={name: item.items for name, item in known.items() if item.items},
            parameters=frozenset(self.names.scalars) & self.parameters.keys(),
            tables=self.tables,
            skippable=frozenset(name for name, item in known.items() if item.skippable or (finished and item.cut)),
            others=self._others(),
        )

    def _scope_of_game(self, place: Place) -> Scope:
        variables = self.names.variables
        known = {name: item for name, item in variables.items() if item.position < place.before}
        later = frozenset(variables.keys() - known.keys())
        finished = place.before >= len(self.entries)
        rounds = self.names.rounds
        if rounds is None:
            return replace(self._scope(known, finished), later=later)
        if place.before < rounds.stop:
            own = frozenset(item.name for item in rounds.own)
            return replace(self._scope(known, finished), later=later | own)
        copies = {copy: item.name for item in rounds.own for _, copy in rounds.copies(item.name)}
        for item in rounds.own:
            name = f"{LAST}.{item.name}"
            cut = item.cut or self.names.variables[rounds.copy(item, 1)].cut
            known[name] = replace(item, name=name, skippable=item.skippable or cut)
            copies[name] = item.name
        scope = self._scope(known, finished)
        return replace(scope, later=later, barred=_barred_outside(rounds), copies=copies, rounds=self.view)

    def _scope_in_round(self, place: Place) -> Scope:
        rounds = self.names.rounds
        assert rounds is not None
        variables, own = self.names.variables, rounds.shelf.variables
        known = {name: item for name, item in variables.items() if item.position < rounds.start}
        known |= {name: item for name, item in own.items() if item.position < place.before}
        later = {name for name, item in own.items() if item.position >= place.before}
        later |= {name for name, item in variables.items() if item.position >= rounds.stop}
        copies = {f"{PREVIOUS}.{name}": name for name in rounds.carry}
        scope = self._scope(known, place.before >= len(rounds.entries))
        return replace(scope, later=later, barred=_barred_inside(rounds), copies=copies, in_round=True)

    @cached_property
    def view(self) -> RoundView | None:
        """How expressions speak of rounds, or None if the case has none."""
        rounds = self.names.rounds
        if rounds is None:
            return None
        names = [self._names_in(rounds, number) for number in range(1, rounds.number + 1)]
        return RoundView(
            inside=self.scope(self.round_end),
            names=tuple(names),
            first={f"{PREVIOUS}.{name}": label for name, label in rounds.carry.items()},
            played=tuple(self._played(rounds, number) for number in range(1, rounds.number + 1)),
            lasting={f"{LAST}.{item.name}": tuple(name for _, name in rounds.copies(item.name)) for item in rounds.own},
            own=frozenset(item.name for item in rounds.own),
        )

    def _names_in(self, rounds: Rounds, number: int) -> dict[str, str]:
        """What the names of the block stand for in a round."""
        names = {item.name: rounds.copy(item, number) for item in rounds.own}
        if number > 1:
            every = rounds.shelf.variables
            names |= {f"{PREVIOUS}.{name}": rounds.copy(every[name], number - 1) for name in rounds.carry}
        return names

    def _played(self, rounds: Rounds, number: int) -> Expression:
        """The condition that the game has not ended before a round."""
        before = rounds.start + (number - 1) * len(rounds.entries)
        over = [item for raw, round in self.entries[:before] for item in self._ends_of(raw, round)]
        if not over:
            return Boolean(True)
        ended = over[0] if len(over) == 1 else joined("or", tuple(over))
        return Named(f"round {number} is played", Not(ended))

    def _ends_of(self, raw: RawMove, round: int) -> Iterator[Match]:
        if isinstance(raw, schema.RawReveal) or not raw.ends:
            return
        word = raw.decision if isinstance(raw, schema.RawDecision) else raw.event
        variable = self.names.variables.get(f"{word}.{round}" if round else str(word))
        if variable is not None:
            every = [str(item) for item in raw.ends] == ["all"]
            labels = tuple(label for label in variable.labels if every or label in raw.ends)
            if labels:
                yield Match(variable.name, labels)

    def _others(self) -> dict[str, str]:
        others = dict.fromkeys(self.names.actors, "actor") | dict.fromkeys(self.names.ballots, "vote")
        others |= dict.fromkeys((str(name) for name in self.sections.outcomes), "outcome")
        return others | dict.fromkeys((str(name) for name in self.sections.postures), "posture")

    def condition(self, raw: RawCondition | None, place: Place) -> Expression | None:
        """A condition on what happened before a place, or None if there is none or it is wrong."""
        if raw is None:
            return None
        scope = self.scope(place)
        if isinstance(raw, Word):
            return self._accept(read_condition(raw, scope), lambda problem: _in_word(raw, problem))
        entries = {str(key): [str(word) for word in words] for key, words in raw.items()}
        return self._accept(condition_from_mapping(entries, scope), lambda problem: _in_mapping(raw, problem))

    def value(self, word: Word, place: Place | None = None) -> Expression | None:
        """A payoff: a number that may depend on the finished history, or on that of a round."""
        checked = read_value(word, self.scope(place or self.end), literals=UNIT_LITERALS)
        return self._accept(checked, lambda problem: _in_word(word, problem))

    def number(self, word: Word, literals: Collection[float] | None = UNIT_LITERALS) -> Expression | None:
        """A number that depends on parameters only."""
        checked = read_value(word, self.scope(self.end), literals=literals, history=False)
        return self._accept(checked, lambda problem: _in_word(word, problem))

    def claim(self, word: Word, outcomes: Mapping[str, Expression]) -> Expression | None:
        """A comparison of quantities."""
        scope = ClaimScope(
            history=replace(self.scope(self.end), conditions=outcomes),
            actors=tuple(self.names.actors),
            postures=tuple(str(name) for name in self.sections.postures) or (STATUS_QUO,),
            decisions={
                item.name: item.actor
                for item in self.names.variables.values()
                if item.kind == "decision" and item.actor and item.labels
            },
            types=tuple(item.name for item in self.names.variables.values() if item.kind == "type" and item.labels),
            designs=self.designs,
            forgiven=self.designs is None and self.sections.settlement is not None,
        )
        return self._accept(read_claim(word, scope), lambda problem: _in_word(word, problem))

    def at_base(self, expression: Expression) -> float:
        """Value of an expression over parameters at their base values; may not be finite."""
        with np.errstate(all="ignore"):
            return float(array_function(expression, self._order)(self._base)[0])

    def note(self, problem: Problem, span: Span) -> None:
        """Report a problem found in an expression."""
        report = self.findings.error if problem.severity == "error" else self.findings.warning
        report(problem.code, problem.message, span, problem.hint)

    def _accept(self, checked: Checked, place: Callable[[Problem], tuple[Span, str]]) -> Expression | None:
        for problem in checked.problems:
            span, name = place(problem)
            if problem.code not in UNKNOWN_NAMES or not self.names.forgives(name):
                self.note(problem, span)
        if checked.expression is None:
            return None
        self.used |= parameters(checked.expression) - ({ROUND} if self.names.has_rounds else set())
        return checked.expression if self.view is None else at_end(checked.expression, self.view)

    def variable(self, word: Word, place: Place) -> Variable | None:
        """The variable of a name if it is set before a place, or None after noting an error."""
        scope, shelf, game = self.scope(place), self.shelf(place), self.names.game
        if word in scope.barred:
            why, hint = scope.barred[str(word)]
            if not self.names.forgives(word):
                self.findings.error("C237", why, word.span, hint)
            return None
        if word in scope.later:
            hint = "Move this entry behind it, or use an earlier variable."
            self.findings.error("C034", f"the variable '{word}' comes later in the timeline", word.span, hint)
            return None
        if word in shelf.variables:
            return shelf.variables[str(word)]
        known = [*shelf.variables, *(name for name in game.variables if place.inside and name in scope.variables)]
        if word in game.variables and (not place.inside or word in scope.variables):
            return game.variables[str(word)]
        return self.names.variable(word, among=known)


def _barred_outside(rounds: Rounds) -> dict[str, tuple[str, str]]:
    """Names that mean something inside the block only."""
    found: dict[str, tuple[str, str]] = {}
    for item in rounds.own:
        name, label = item.name, item.labels[0] if item.labels else "..."
        hint = (
            f"Say which one: {rounds.copy(item, 1)}, {LAST}.{name}; or all of them: ever({name} == {label}). "
            "A payoff term that counts in every round says `paid: per_round`."
        )
        found[name] = (f"'{name}' is set in each of {rounds.number} rounds", hint)
        found[f"{PREVIOUS}.{name}"] = (f"'{PREVIOUS}.{name}' means something inside the block of rounds only", hint)
    return found


def _barred_inside(rounds: Rounds) -> dict[str, tuple[str, str]]:
    """Names of other rounds; what an earlier round left can be seen only if it is carried."""
    carried = ", ".join(rounds.carry) or "nothing"
    found: dict[str, tuple[str, str]] = {}
    for item in rounds.own:
        name = item.name
        hint = f"The block carries {carried}. Add '{name}' to `carry:` and write {PREVIOUS}.{name}."
        if name in rounds.carry:
            hint = f"Write {PREVIOUS}.{name} for the round before; `carry:` passes on {carried}."
        for other in (*(copy for _, copy in rounds.copies(name)), f"{LAST}.{name}"):
            found[other] = (f"'{other}' is a variable of another round", hint)
        if name not in rounds.carry:
            found[f"{PREVIOUS}.{name}"] = (f"'{name}' is not carried over from the round before", hint)
    return found


def _in_word(word: Word, problem: Problem) -> tuple[Span, str]:
    end = problem.offset + problem.length
    return word.at(problem.offset, problem.length), word[problem.offset : end].partition("[")[0]


def _in_mapping(raw: Mapping[Word, list[Word]], problem: Problem) -> tuple[Span, str]:
    if not problem.path:
        first = next(iter(raw), None)
        return (first.span if first is not None else Span()), ""
    key = next((word for word in raw if word == problem.path[0]), None)
    if key is None:
        return Span(), ""
    if len(problem.path) > 1 and isinstance(problem.path[1], int) and problem.path[1] < len(raw[key]):
        return raw[key][problem.path[1]].span, str(key)
    return key.span, str(key)
