"""Items that are moves of the game: which decision, which option, and whether it can have happened."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from detente.case.context import Context
from detente.case.expression import Expression, Match, Number, joined
from detente.case.findings import quoted
from detente.case.model import Case, Commitment, Decision, Posture, TimelineEntry
from detente.case.model_evidence import EvidenceItem
from detente.case.names import advice
from detente.case.reach import Reach
from detente.case.syntax import Word

_MOVE = re.compile(r"\s*(?P<decision>[^=\s]+)\s*={1,2}\s*(?P<option>[^=\s]+)\s*\Z")


class MoveReader:
    """Reads ``decision=option`` and knows what can happen under the status quo.

    Args:
        context: The case being bound.
        case: The case as far as it is bound.
    """

    def __init__(self, context: Context, case: Case):
        self._context = context
        self._report = context.findings.error
        self._case = case

    def read(self, word: Word) -> tuple[str, str]:
        """Decision and option, or two empty texts after noting what is wrong."""
        found = _MOVE.match(word)
        if found is None:
            hint = "Write a decision of the timeline and one of its options, such as `winter=now`."
            self._report("C707", f"{quoted(word)} is not a move", word.span, hint)
            return "", ""
        name = Word.make(found["decision"], word.at(found.start("decision"), len(found["decision"])))
        option = Word.make(found["option"], word.at(found.start("option"), len(found["option"])))
        variables = self._context.names.variables
        legal = [item.name for item in variables.values() if item.kind == "decision"]
        if str(name) not in legal:
            if not self._context.names.forgives(name):
                what = "is an event, not a decision" if name in variables else "is not a decision of the timeline"
                self._report("C707", f"{quoted(name)} {what}", name.span, advice(name, legal, "decisions"))
            return "", ""
        if not self._context.names.label(option, variables[str(name)]):
            return "", ""
        self._possible(str(name), option)
        return str(name), str(option)

    def _possible(self, name: str, option: Word) -> None:
        decision = next((item for item in self._case.decisions if item.name == name), None)
        if decision is None or self._quo is None:
            return
        posture = self._quo.name
        rest = _options(decision, self._quo)
        if str(option) not in rest:
            hint = f"Under it, '{name}' is one of: {', '.join(rest)}."
            self._report("C707", f"the status quo '{posture}' rules out {name} = {option}", option.span, hint)
            return
        open_to = self._reach.options(decision)
        if open_to is not None and not open_to[0]:
            message = f"the status quo '{posture}' never gets to the decision '{name}'"
            hint = "A move is judged in the play of the status quo; give this item a likelihood instead."
            self._report("C707", message, option.span, hint)
        elif open_to is not None and str(option) not in open_to[1]:
            message = f"under the status quo '{posture}', '{name}' never offers {option}"
            self._report("C707", message, option.span, "Give this item a likelihood instead.")

    def check_together(self, moves: Iterable[EvidenceItem]) -> None:
        """Note the first move that cannot have happened together with the ones before it in the game."""
        order = {item.name: place for place, item in enumerate(self._case.decisions)}
        known = [item for item in moves if item.decision in order]
        held: list[Expression] = []
        for item in sorted(known, key=lambda item: (order[item.decision], item.id)):
            held.append(Match(item.decision, (item.option,)))
            both: Expression = held[0] if len(held) == 1 else joined("and", tuple(held))
            if self._reach.satisfiable(both) is False:
                message = f"{item.decision} = {item.option} cannot have happened together with the other moves"
                hint = "Look at `when`, `ends` and the options of the decisions before it; one of the items is wrong."
                self._report("C707", message, item.span, hint)
                return

    @cached_property
    def _quo(self) -> Posture | None:
        return next((item for item in self._case.postures if item.status_quo), None)

    @cached_property
    def _reach(self) -> Reach:
        """What can happen under the status quo, as far as labels tell."""
        quo = self._quo
        if quo is None:
            return Reach(self._case)
        return Reach(replace(self._case, timeline=tuple(_under(item, quo) for item in self._case.timeline)))


def _under(entry: TimelineEntry, posture: Posture) -> TimelineEntry:
    if not isinstance(entry, Decision):
        return entry
    return replace(entry, options=_options(entry, posture) or entry.options)


def _options(decision: Decision, posture: Posture) -> tuple[str, ...]:
    """Options of a decision that a posture leaves and that its rule ever picks."""
    allowed = posture.allow.get(decision.name, decision.options)
    rule = posture.commit.get(decision.name)
    return tuple(
        option
        for place, option in enumerate(decision.options)
        if option in allowed and (rule is None or _picks(rule, place))
    )


def _picks(rule: Commitment, place: int) -> bool:
    if rule.optimal:
        return True
    weights = [row[place] for row in rule.table.values()]
    return any(not (isinstance(weight, Number) and weight.value == 0.0) for weight in weights)
