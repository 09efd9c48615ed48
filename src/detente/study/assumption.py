"""Claims that are true by assumption: a posture sets the very number that the claim is about (rule 17)."""

from __future__ import annotations

from detente.case import Case, Claim, Event, Expression, Posture, parameters, variables
from detente.case.quantity import ActionValue, Misjudged, Probability, Quantity, Value, quantities


def set_directly(case: Case, claim: Claim) -> tuple[str, ...]:
    """Parameters that a posture of the claim sets and on which one of its quantities rests directly.

    Directly means with everybody's play held fixed: a payoff rests on the actor's own terms, a probability
    on the odds of the events and types in its condition, a misjudgment on the odds of what the actor is shown.
    """
    if claim.holds_when is None:
        return ()
    found: dict[str, None] = {}
    for quantity in quantities(claim.holds_when):
        posture = _posture(case, quantity)
        if posture is not None and posture.set:
            direct = _direct(case, quantity)
            found.update(dict.fromkeys(name for name in posture.set if name in direct))
    return tuple(found)


def _posture(case: Case, quantity: Quantity) -> Posture | None:
    if isinstance(quantity, Value | Probability | Misjudged):
        return case.posture(quantity.posture)
    if isinstance(quantity, ActionValue):
        return case.posture(quantity.posture) if quantity.posture else case.status_quo
    return None


def _direct(case: Case, quantity: Quantity) -> frozenset[str]:
    match quantity:
        case Value() | ActionValue():
            terms = [term.value for term in case.terms if term.player == quantity.actor]
            return _named(case, terms)
        case Probability():
            used = variables(quantity.event)
            if quantity.given is not None:
                used = used | variables(quantity.given)
            return _named(case, _odds(case, used))
        case Misjudged():
            shown = frozenset(event.name for event in case.events if quantity.actor in event.seen_by)
            return _named(case, _odds(case, shown))
        case _:
            return frozenset()


def _odds(case: Case, used: frozenset[str]) -> list[Expression]:
    found: list[Expression] = []
    for entry in case.timeline:
        if isinstance(entry, Event) and entry.name in used:
            found += [weight for row in entry.table.values() for weight in row if weight is not None]
    for item in case.types:
        if item.name in used:
            found += [weight for weight in item.weights if weight is not None]
    return found


def _named(case: Case, expressions: list[Expression]) -> frozenset[str]:
    found: set[str] = set()
    for expression in expressions:
        found |= parameters(expression)
    for name, table in case.tables.items():
        if name in found:
            found |= {f"{name}[{label}]" for label in table.labels}
    return frozenset(found)
