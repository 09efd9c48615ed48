"""Which histories can occur, as far as some variables are concerned.

Only the variables asked for are followed, with those that decide whether they are skipped, so most
questions need a handful of histories. Where there are too many, or the work allowed for a case is used
up, there is no answer: the compiler sees the whole tree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from detente.case.expression import Expression, ExpressionError, holds, variables
from detente.case.model import Case, Decision, Event

History = dict[str, str | None]
Entry = Decision | Event

MAX_HISTORIES = 3_000
MAX_WORK = 500_000
"""Nodes of expressions looked at for one case; about a quarter of a second."""
BRANCHING = 10
"""How much more work it is to make a history than to look at a node of an expression."""
RESOLVING = 4
"""How much more work it is to resolve a value than to see whether a condition holds."""


@dataclass(frozen=True)
class _State:
    history: History
    ended: bool


class _TooMuch(Exception):
    """Too many histories, or too much work."""


class Reach:
    """Feasible partial histories of a case, remembered by the variables they are about."""

    def __init__(self, case: Case):
        self._types = {item.name: item.labels for item in case.types}
        self._entries: list[Entry] = [item for item in case.timeline if isinstance(item, (Decision, Event))]
        self._place = {item.name: i for i, item in enumerate(self._entries)}
        self._known: dict[tuple[frozenset[str], int], list[_State] | None] = {}
        self._costs: dict[int, int] = {}
        self._work = 0

    # ----------------------------------------------------------------------- questions; None is "cannot tell"
    def options(self, entry: Entry) -> tuple[bool, frozenset[str]] | None:
        """Whether any history gets to an entry, and the options on offer at some of them."""
        try:
            states = [item for item in self._states(_conditions(entry), (), self._place[entry.name]) if not item.ended]
            found: set[str] = set()
            for item in states:
                found.update(self._options_at(entry, item.history))
                if len(found) == len(entry.options):
                    break
            return bool(states), frozenset(found)
        except _TooMuch:
            return None

    def keys(self, entry: Entry, by: tuple[str, ...]) -> set[tuple[str | None, ...]] | None:
        """Combinations of labels that some variables can have where an entry takes place."""
        try:
            states = self._states([entry.when], by, self._place[entry.name])
            return {
                tuple(item.history[name] for name in by)
                for item in states
                if not item.ended and self._true_at(entry.when, item.history)
            }
        except _TooMuch:
            return None

    def satisfiable(self, condition: Expression) -> bool | None:
        """Whether a condition holds at some finished history."""
        try:
            states = self._states([condition], (), len(self._entries))
            return any(self._true_at(condition, item.history) for item in states)
        except _TooMuch:
            return None

    def finished(self, when: Expression | None, value: Expression) -> list[History] | None:
        """Finished histories at which a condition holds and a value can be resolved."""
        try:
            states = self._states([when, value], (), len(self._entries))
            histories = [item.history for item in states if self._true_at(when, item.history)]
            self._spend(RESOLVING * self._cost(value) * len(histories))
            return histories
        except _TooMuch:
            return None

    # ----------------------------------------------------------------------- histories
    def _states(self, conditions: Iterable[Expression | None], names: Iterable[str], place: int) -> list[_State]:
        needed = self._needed(_mentioned(conditions) | set(names), place)
        key = (needed, place)
        if key not in self._known:
            self._known[key] = None
            self._known[key] = self._enumerate(needed, place)
        known = self._known[key]
        if known is None:
            raise _TooMuch
        return known

    def _needed(self, wanted: set[str], place: int) -> frozenset[str]:
        """The variables wanted, and all that decide whether they are reached."""
        needed: set[str] = set()
        waiting = set(wanted) | {item.name for item in self._entries[:place] if item.ends}
        while waiting:
            name = waiting.pop()
            needed.add(name)
            if name in self._place:
                waiting |= _mentioned(_conditions(self._entries[self._place[name]])) - needed
        return frozenset(needed)

    def _enumerate(self, needed: frozenset[str], place: int) -> list[_State]:
        states = [_State({}, False)]
        for name, labels in self._types.items():
            if name in needed:
                states = [_State({**item.history, name: label}, False) for item in states for label in labels]
                self._spend(0, len(states))
        for entry in self._entries[:place]:
            if entry.name in needed:
                states = [following for item in states for following in self._following(item, entry)]
                self._spend(0, len(states))
        return states

    def _following(self, state: _State, entry: Entry) -> list[_State]:
        options = () if state.ended else self._options_at(entry, state.history)
        if not options:
            return [_State({**state.history, entry.name: None}, state.ended)]
        return [_State({**state.history, entry.name: option}, option in entry.ends) for option in options]

    def _options_at(self, entry: Entry, history: History) -> tuple[str, ...]:
        """Options on offer at a history; none if the entry is skipped."""
        if not self._true_at(entry.when, history):
            return ()
        if isinstance(entry, Event):
            return entry.options
        return tuple(option for option in entry.options if self._true_at(entry.offered.get(option), history))

    def _true_at(self, condition: Expression | None, history: History) -> bool:
        """Whether a condition holds; none always does, and what cannot be told counts as holding."""
        if condition is None:
            return True
        self._spend(self._cost(condition))
        try:
            return holds(condition, history)
        except ExpressionError:
            return True

    def _cost(self, expression: Expression) -> int:
        key = id(expression)  # the case keeps its expressions alive
        if key not in self._costs:
            self._costs[key] = sum(1 for _ in expression.walk())
        return self._costs[key]

    def _spend(self, work: int, histories: int = 0) -> None:
        self._work += work + BRANCHING * histories
        if histories > MAX_HISTORIES or self._work > MAX_WORK:
            raise _TooMuch


def _conditions(entry: Entry) -> list[Expression | None]:
    return [entry.when, *(entry.offered.values() if isinstance(entry, Decision) else ())]


def _mentioned(conditions: Iterable[Expression | None]) -> set[str]:
    return {name for item in conditions if item is not None for name in variables(item)}
