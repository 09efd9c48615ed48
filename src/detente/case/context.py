"""What binding any part of a case needs: the names declared, and expressions checked at a place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

import numpy as np

from detente.axes import Floats
from detente.case.declare import Names, Variable
from detente.case.expression import (
    UNIT_LITERALS,
    Checked,
    Expression,
    Problem,
    Scope,
    array_function,
    condition_from_mapping,
    parameters,
    read_condition,
    read_value,
)
from detente.case.findings import Findings
from detente.case.model import STATUS_QUO, Parameter, Table
from detente.case.quantity import ClaimScope, read_claim
from detente.case.schema import RawCondition
from detente.case.sections import Sections
from detente.case.span import Span
from detente.case.syntax import Word

UNKNOWN_NAMES = frozenset({"C220", "C251", "C252", "C253", "C254", "C255"})
"""Codes that only follow from another error if the name could not be read where it is declared."""


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
        self.end = len(sections.timeline)
        self._scopes: dict[int, Scope] = {}
        self._order = tuple(parameters)
        self._base: Floats = np.array([[item.value for item in parameters.values()]], dtype=np.float64)

    def scope(self, before: int) -> Scope:
        """Names an expression may use at a place of the timeline; `end` for the finished history."""
        if before not in self._scopes:
            every = self.names.variables.values()
            known = {item.name: item for item in every if item.position < before and item.labels}
            finished = before >= self.end
            self._scopes[before] = Scope(
                variables={name: item.labels for name, item in known.items()},
                items={name: item.items for name, item in known.items() if item.items},
                parameters=frozenset(self.names.scalars) & self.parameters.keys(),
                tables=self.tables,
                skippable=frozenset(item.name for item in every if item.skippable or (finished and item.cut)),
                later=frozenset(item.name for item in every if item.position >= before),
                others=self._others(),
            )
        return self._scopes[before]

    def _others(self) -> dict[str, str]:
        others = dict.fromkeys(self.names.actors, "actor") | dict.fromkeys(self.names.ballots, "vote")
        others |= dict.fromkeys((str(name) for name in self.sections.outcomes), "outcome")
        return others | dict.fromkeys((str(name) for name in self.sections.postures), "posture")

    def condition(self, raw: RawCondition | None, before: int) -> Expression | None:
        """A condition on what happened before a place, or None if there is none or it is wrong."""
        if raw is None:
            return None
        scope = self.scope(before)
        if isinstance(raw, Word):
            return self._accept(read_condition(raw, scope), lambda problem: _in_word(raw, problem))
        entries = {str(key): [str(word) for word in words] for key, words in raw.items()}
        return self._accept(condition_from_mapping(entries, scope), lambda problem: _in_mapping(raw, problem))

    def value(self, word: Word) -> Expression | None:
        """A payoff: a number that may depend on the finished history."""
        checked = read_value(word, self.scope(self.end), literals=UNIT_LITERALS)
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
                if item.kind == "decision" and item.actor
            },
            types=tuple(item.name for item in self.names.variables.values() if item.kind == "type"),
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
        if checked.expression is not None:
            self.used |= parameters(checked.expression)
        return checked.expression

    def variable(self, word: Word, before: int) -> Variable | None:
        """The variable of a name if it is set before a place, or None after noting an error."""
        found = self.names.variables.get(word)
        if found is not None and found.position >= before:
            hint = "Move this entry behind it, or use an earlier variable."
            self.findings.error("C034", f"the variable '{word}' comes later in the timeline", word.span, hint)
            return None
        return self.names.variable(word)


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
