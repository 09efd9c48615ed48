"""What happens at one step after one history: nothing, a forced option, a free choice, or chance.

Choices are found once per group of histories that agree in everything the step depends on.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detente.case import Decision, Event, ExpressionError, Reveal, Rule, Span, Weight, holds, resolve, variables
from detente.compiler.frontier import Frontier, History, reached_history
from detente.compiler.grouping import SKIPPED, group_rows
from detente.compiler.observation import Observations
from detente.compiler.plan import Plan, Step, conditions
from detente.compiler.problems import missing_row, no_option, rule_not_offered, undefined_value
from detente.compiler.sight import sees_of
from detente.compiler.weights import known_zero
from detente.errors import RequestError


@dataclass(frozen=True)
class Choice:
    """What a step offers.

    Attributes:
        options: Numbers of the options that can occur; () if the step is skipped.
        position: Timeline position of the step, -1 for the skipped.
        weights: Weights of all the entry's options if chance or a published rule decides, else None.
        row: For chance, the row of the table in words.
    """

    options: tuple[int, ...]
    position: int = -1
    weights: tuple[Weight, ...] | None = None
    row: str = field(default="", compare=False)  # rows with equal weights are the same choice


SKIP = Choice(())
PAST = "the past"  # where a row of a table would be told


class Chooser:
    """Finds the choice at a step for many histories at once, and numbers distinct choices."""

    def __init__(self, plan: Plan, observations: Observations) -> None:
        self.plan = plan
        self.observations = observations
        self.choices: list[Choice] = [SKIP]
        self._numbers: dict[Choice, int] = {SKIP: 0}
        # per step: did its `when` hold somewhere, did it fail somewhere
        self.when_held = [False] * len(plan.steps)
        self.when_failed = [False] * len(plan.steps)

    def at(self, step: Step, frontier: Frontier) -> NDArray[np.int64]:
        """[rows] number of the choice each history meets at a decision or event."""
        groups = group_rows(self._columns(step, frontier))
        numbers = np.empty(len(groups), dtype=np.int64)
        for group, row in enumerate(groups.first):
            choice = self._choice(step, frontier, int(row))
            numbers[group] = self._numbers.setdefault(choice, len(self.choices))
            if numbers[group] == len(self.choices):
                self.choices.append(choice)
        return numbers[groups.of]

    def drawn(self, step: Step, options: tuple[int, ...], count: int) -> int:
        """Number of the choice of chance among some options of an entry that is past; its odds come from the past."""
        if options == (SKIPPED,):
            return self._numbers[SKIP]
        weights: tuple[Weight, ...] | None = (None,) * count if len(options) > 1 else None
        choice = Choice(options, step.position, weights, PAST)
        number = self._numbers.setdefault(choice, len(self.choices))
        if number == len(self.choices):
            self.choices.append(choice)
        return number

    def revealed(self, step: Step, frontier: Frontier) -> NDArray[np.bool_]:
        """[rows] whether a reveal takes place."""
        groups = group_rows(self._columns(step, frontier))
        happens = np.empty(len(groups), dtype=np.bool_)
        for group, row in enumerate(groups.first):
            happens[group] = self._takes_place(step, reached_history(self.plan, frontier.values[row]))
        return happens[groups.of]

    def _columns(self, step: Step, frontier: Frontier) -> NDArray[np.integer]:
        needed: set[str] = set()
        for condition in conditions(step.entry):
            needed |= variables(condition)
        if step.commitment is not None:
            needed.update(step.commitment.by)
            for rule in step.commitment.table.values():
                needed |= _used(rule)
        if isinstance(step.entry, Event):
            needed.update(step.entry.given)
            for weights in step.entry.table.values():
                needed |= _used(weights)
        columns = frontier.values[:, self.plan.numbers(frozenset(needed))]
        if step.by_rule:
            return np.concatenate((columns, frontier.seen[:, [step.mover]]), axis=1)
        return columns

    def _takes_place(self, step: Step, history: History) -> bool:
        when = step.entry.when
        held = when is None or holds(when, history)
        if held:
            self.when_held[step.position] = True
        else:
            self.when_failed[step.position] = True
        return held

    def _choice(self, step: Step, frontier: Frontier, row: int) -> Choice:
        history = reached_history(self.plan, frontier.values[row])
        if isinstance(step.entry, Reveal) or not self._takes_place(step, history):
            return SKIP
        if isinstance(step.entry, Event):
            return self._event(step, step.entry, history)
        return self._decision(step, step.entry, history, int(frontier.seen[row, step.mover]))

    def _event(self, step: Step, entry: Event, history: History) -> Choice:
        key = tuple(_label(history[name]) for name in entry.given)
        weights = entry.table.get(key)
        if weights is None:
            raise missing_row(self.plan, entry, key)
        return self._chance(step, weights, history, _row_text(entry.given, key))

    def _decision(self, step: Step, entry: Decision, history: History, seen: int) -> Choice:
        offered = tuple(
            option
            for option in step.options
            if (condition := entry.offered.get(entry.options[option])) is None or holds(condition, history)
        )
        if not offered:
            raise no_option(self.plan, entry, history)
        if step.by_rule and len(offered) > 1:
            option = self._ruled(step, entry, seen)
            span = self.plan.posture.commit[entry.name].span
            return self._checked(entry, span, history, offered, Choice((option,), step.position))
        if step.commitment is None:
            return Choice(offered, step.position)
        key = tuple(_label(history[name]) for name in step.commitment.by)
        rule = step.commitment.table.get(key)
        if rule is None:
            raise missing_row(self.plan, step.commitment, key)
        choice = self._chance(step, rule, history, _row_text(step.commitment.by, key))
        return self._checked(entry, step.commitment.span, history, offered, choice)

    def _ruled(self, step: Step, entry: Decision, seen: int) -> int:
        """Option that the given pure rule picks where its mover has seen a sequence of observations."""
        sees = sees_of(self.plan, self.observations, step.mover, seen)
        label = (self.plan.settings.rule or {}).get((entry.name, sees))
        if label not in entry.options:
            told = ", ".join(f"{name} = {value}" for name, value in sees) or "nothing"
            raise RequestError(
                f"the rule given for posture '{self.plan.posture.name}' picks no option of '{entry.name}' for when "
                f"{entry.actor} has seen {told}. Take it from `pure_rules` of the same posture."
            )
        return entry.options.index(label)

    def _chance(self, step: Step, weights: Rule, history: History, row: str) -> Choice:
        try:
            resolved = tuple(None if weight is None else resolve(weight, history) for weight in weights)
        except ExpressionError as error:
            what = f"a weight of '{self.plan.variables[step.variable]}'"
            raise undefined_value(self.plan.case, what, history, step.entry.span, error) from error
        zero = known_zero(resolved, self.plan.posture)
        options = tuple(i for i in range(len(resolved)) if not zero[i])
        if len(options) == 1:
            return Choice(options, step.position)
        return Choice(options, step.position, resolved, row)

    def _checked(
        self, entry: Decision, span: Span, history: History, offered: tuple[int, ...], choice: Choice
    ) -> Choice:
        for option in choice.options:
            if option not in offered:
                raise rule_not_offered(self.plan, entry, span, history, entry.options[option])
        return choice


def _used(weights: Rule) -> frozenset[str]:
    return frozenset[str]().union(*(variables(weight) for weight in weights if weight is not None))


def _label(label: str | None) -> str:
    return "none" if label is None else label


def _row_text(names: tuple[str, ...], key: tuple[str, ...]) -> str:
    return ", ".join(f"{name} = {label}" for name, label in zip(names, key, strict=True))
