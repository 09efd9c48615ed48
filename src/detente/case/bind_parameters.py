"""Parameters: base values, plausible ranges, distributions and correlations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from detente.case import schema
from detente.case.declared import BEFORE_ALL, SKIPPED, Names, Variable
from detente.case.findings import Findings, quoted
from detente.case.model import Confidence, Distribution, Kind, Parameter, Table
from detente.case.names import advice
from detente.case.sections import Sections
from detente.case.syntax import Block, Word

DISTRIBUTIONS: tuple[Kind, ...] = ("uniform", "triangular", "normal", "beta")
NEEDS_SD = ("normal", "beta")
CONFIDENCES: tuple[Confidence, ...] = ("low", "moderate", "high")
JUDGMENT = "judgment"
MAX_CORRELATED = 200
STEPS = "steps"
"""`of: steps` makes a table with a number for each step of the settlement."""

_CITATION = re.compile(r"\s*(?P<id>[^\s,;]+)")


def entry_name(table: str, label: str) -> str:
    """Name of one entry of a per-option table."""
    return f"{table}[{label}]"


class ParameterBinder:
    """Binds the section ``parameters``."""

    def __init__(self, sections: Sections, names: Names, findings: Findings):
        self._sections = sections
        self._names = names
        self._findings = findings
        self._words: dict[str, Word] = {}
        self._spoiled: set[str] = set()
        self.parameters: dict[str, Parameter] = {}
        self.tables: dict[str, Table] = {}

    def bind(self) -> None:
        """Bind every entry; what is sound goes to `parameters` and `tables`."""
        for word, raw in self._sections.parameters.items():
            if word in self._names.broken:
                continue
            if raw.of is None:
                self._scalar(word, raw)
            else:
                self._table(word, raw, raw.of)
        self._correlations()

    def _scalar(self, word: Word, raw: schema.RawParameter) -> None:
        value, span_of = raw.value, raw.range
        if isinstance(value, dict):
            hint = f"Add `of: VARIABLE` under '{word}' for a table, or give one number."
            self._findings.error("C025", f"'{word}' has several values but no 'of'", word.span, hint)
        elif isinstance(span_of, dict):
            self._findings.error("C025", f"'{word}' has one value but several ranges", word.span, "Give one range.")
        else:
            self._add(str(word), word, raw, value, span_of)
            return
        self._names.broken.add(str(word))

    def _table(self, word: Word, raw: schema.RawParameter, of: Word) -> None:
        variable = self._steps(of) or self._names.indexing(of)
        values, ranges = raw.value, raw.range
        if not isinstance(values, dict):
            hint = "Give one number per label, or remove 'of'."
            self._findings.error("C025", f"'{word}' has 'of' but a single value", values.span, hint)
        if raw.correlated_with:
            hint = "Correlate single parameters only."
            self._findings.error("C023", f"the table '{word}' cannot be correlated as a whole", word.span, hint)
        if variable is None or not isinstance(values, dict):
            self._names.broken.add(str(word))
            return
        extra = (SKIPPED,) if self._names.can_be_none(variable) else ()
        for given in (values, ranges if isinstance(ranges, dict) else {}):
            for label in given:
                self._names.label(label, variable, extra)
        every = () if variable.name == f"the {STEPS}" else variable.labels
        missing = [label for label in every if label not in values]
        if missing:
            hint = f"Give a number for each label of '{variable.name}'."
            self._findings.error("C025", f"the table '{word}' has no entry for {', '.join(missing)}", word.span, hint)
        labels = tuple(label for label in (*variable.labels, *extra) if label in values)
        self.tables[str(word)] = Table(str(word), variable.name, labels, word.span)
        by_text = {str(label): number for label, number in values.items()}
        for label in labels:
            span_of = ranges.get(Word(label)) if isinstance(ranges, dict) else ranges
            self._add(entry_name(word, label), word, raw, by_text[label], span_of, label)

    def _steps(self, of: Word) -> Variable | None:
        """The steps of the settlement as labels of a table, if that is what `of` says."""
        found = self._sections.settlement
        if of != STEPS or STEPS in self._names.variables or found is None or not isinstance(found[1], Block):
            return None
        steps = found[1].get(Word(STEPS))
        labels = tuple(str(word) for word in steps) if isinstance(steps, Block) else ()
        return Variable(f"the {STEPS}", "event", None, labels, BEFORE_ALL, False, False, of.span)

    def _add(
        self,
        name: str,
        word: Word,
        raw: schema.RawParameter,
        value: Word,
        span_of: list[Word] | None,
        label: str | None = None,
    ) -> None:
        before = self._findings.count
        distribution = self._distribution(name, raw, value, span_of)
        if self._findings.count > before:
            self._spoiled.add(name)
        self._words[name] = word
        self.parameters[name] = Parameter(
            name=name,
            value=float(value),
            distribution=distribution,
            about=text_of(raw.about),
            source=self.citation(raw.source),
            confidence=self._confidence(raw.confidence),
            table=str(word) if label is not None else None,
            label=label,
            span=value.span if label is not None else word.span,
        )

    def _distribution(
        self, name: str, raw: schema.RawParameter, value: Word, span_of: list[Word] | None
    ) -> Distribution:
        number = float(value)
        low, high = (float(span_of[0]), float(span_of[1])) if span_of else (number, number)
        fixed = Distribution("fixed", number, number, number)
        if span_of and low > high:
            span = span_of[0].span
            message = f"the range of '{name}' is upside down: {low:g} > {high:g}"
            self._findings.error("C021", message, span, "Swap the two numbers.")
            return fixed
        if not low <= number <= high:
            hint = f"Widen the range or change the value; the range is [{low:g}, {high:g}]."
            self._findings.error("C020", f"the value {value} of '{name}' is outside its range", value.span, hint)
            return fixed
        kind = self._kind(name, raw, span_of)
        if kind is None:
            return fixed
        if low == high:
            return fixed
        sd = float(raw.sd) if raw.sd is not None else None
        made = Distribution(kind, low, high, number, sd, stated=raw.distribution is not None)
        return made if self._sound(name, made, raw) else fixed

    def _kind(self, name: str, raw: schema.RawParameter, span_of: list[Word] | None) -> Kind | None:
        """The kind of distribution asked for; None, with an error unless nothing was asked for, if there is none."""
        word = raw.distribution
        if word is not None and word not in DISTRIBUTIONS:
            hint = advice(word, DISTRIBUTIONS, "distributions")
            self._findings.error("C022", f"no distribution is called {quoted(word)}", word.span, hint)
            return None
        needs_sd = word in NEEDS_SD
        if needs_sd and raw.sd is None:
            hint = "Add `sd: NUMBER`, the standard deviation in the unit of the parameter."
            self._findings.error("C022", f"the {word} distribution of '{name}' needs 'sd'", _span(word), hint)
            return None
        if raw.sd is not None and not needs_sd:
            hint = "Only normal and beta have one: remove it, or write `distribution: normal`."
            self._findings.error("C022", f"the 'sd' of '{name}' has no use here", raw.sd.span, hint)
            return None
        if word is not None and span_of is None:
            hint = "Add `range: [low, high]`; every distribution is limited to it."
            self._findings.error("C022", f"the {word} distribution of '{name}' needs a range", word.span, hint)
            return None
        kinds: dict[str, Kind] = {str(kind): kind for kind in DISTRIBUTIONS}
        return kinds[str(word)] if word is not None else "uniform"

    def _sound(self, name: str, made: Distribution, raw: schema.RawParameter) -> bool:
        if made.sd is None:
            return True
        span = _span(raw.sd)
        if made.sd <= 0:
            self._findings.error("C022", f"the sd of '{name}' must be above 0", span, "Remove it for a fixed number.")
            return False
        if made.kind == "normal" and made.sd > 100 * (made.high - made.low):
            hint = "Such a distribution is uniform; write that."
            self._findings.error("C022", f"the sd of '{name}' is far wider than its range", span, hint)
            return False
        if made.kind == "beta":
            most = ((made.value - made.low) * (made.high - made.value)) ** 0.5
            if made.sd >= most:
                hint = f"With this value and range it must be below {most:.4g}."
                self._findings.error("C022", f"no beta distribution of '{name}' has so large an sd", span, hint)
                return False
        return True

    def _confidence(self, word: Word | None) -> Confidence | None:
        if word is None:
            return None
        levels: dict[str, Confidence] = {str(level): level for level in CONFIDENCES}
        found = levels.get(str(word))
        if found is None:
            hint = advice(word, CONFIDENCES, "levels of confidence")
            self._findings.error("C008", f"{quoted(word)} is no level of confidence", word.span, hint)
        return found

    def citation(self, word: Word | None) -> str:
        """A citation whose sources are all declared; several are separated by semicolons."""
        if word is None:
            return ""
        if "sources" in self._sections.unreadable:
            return str(word)
        start = 0
        for part in word.split(";"):
            found = _CITATION.match(part)
            if found is not None and found["id"] not in (JUDGMENT, *self._sections.sources):
                span = word.at(start + found.start("id"), len(found["id"]))
                legal = (*self._sections.sources, JUDGMENT)
                hint = advice(found["id"], legal, "sources") + " A citation is `source_id ¶n`."
                self._findings.error("C016", f"no source is named {quoted(found['id'])}", span, hint)
            start += len(part) + 1
        return str(word)

    def _correlations(self) -> None:
        stated: dict[tuple[str, str], tuple[float, Word]] = {}
        for word, raw in self._sections.parameters.items():
            if raw.of is not None or str(word) not in self.parameters:
                continue
            for other, number in (raw.correlated_with or {}).items():
                if self._correlated(word, other, number):
                    self._state(stated, str(word), str(other), number)
        names = sorted({name for pair in stated for name in pair})
        if len(names) > MAX_CORRELATED:
            span = self._words[names[0]].span
            self._findings.error("C035", f"more than {MAX_CORRELATED} parameters are correlated", span, "Drop some.")
        elif stated:
            self._definite(names, stated)
            self._attach(stated)

    def _correlated(self, word: Word, other: Word, number: Word) -> bool:
        if other not in self.parameters:
            if not self._names.forgives(other):
                hint = advice(other, self.parameters, "parameters")
                self._findings.error("C015", f"no parameter is named {quoted(other)}", other.span, hint)
            return False
        if other == word:
            self._findings.error("C023", f"'{word}' is correlated with itself", other.span, "Remove the line.")
            return False
        if not -1 < float(number) < 1:
            hint = "Correlations lie strictly between -1 and 1."
            self._findings.error("C023", f"{number} is no correlation", number.span, hint)
            return False
        for name, at in ((str(word), word), (str(other), other)):
            if self.parameters[name].distribution.kind == "fixed":
                hint = f"Give '{name}' a range, or remove the correlation."
                if name not in self._spoiled:
                    self._findings.error("C023", f"'{name}' is fixed and cannot be correlated", at.span, hint)
                return False
        return True

    def _state(self, stated: dict[tuple[str, str], tuple[float, Word]], one: str, two: str, number: Word) -> None:
        pair = (min(one, two), max(one, two))
        if pair in stated and stated[pair][0] != float(number):
            hint = "State it once."
            message = f"the correlation of '{one}' and '{two}' is stated twice, with different numbers"
            self._findings.error("C023", message, number.span, hint)
        stated.setdefault(pair, (float(number), number))

    def _definite(self, names: list[str], stated: Mapping[tuple[str, str], tuple[float, Word]]) -> None:
        index = {name: i for i, name in enumerate(names)}
        matrix: Any = np.eye(len(names))
        last: Word | None = None
        for (one, two), (number, word) in stated.items():
            matrix[index[one], index[two]] = matrix[index[two], index[one]] = number
            last = word
        if last is not None and float(np.linalg.eigvalsh(matrix)[0]) < 1e-9:
            hint = "Together they contradict one another; bring some of them closer to 0."
            message = f"the correlations among {', '.join(names[:6])} are not jointly positive definite"
            self._findings.error("C024", message, last.span, hint)

    def _attach(self, stated: Mapping[tuple[str, str], tuple[float, Word]]) -> None:
        for (one, two), (number, _) in stated.items():
            for name, other in ((one, two), (two, one)):
                old = self.parameters[name]
                self.parameters[name] = _with_correlation(old, other, number)


def _with_correlation(old: Parameter, other: str, number: float) -> Parameter:
    return Parameter(
        old.name, old.value, old.distribution, old.about, old.source, old.confidence,
        (*old.correlated, (other, number)), old.table, old.label, old.span,
    )  # fmt: skip


def text_of(word: Word | None) -> str:
    """Prose with its line breaks made spaces, or nothing."""
    return " ".join(word.split()) if word is not None else ""


def _span(word: Word | None) -> Any:
    return word.span if word is not None else None
