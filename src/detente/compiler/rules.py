"""Every pure rule an owner could publish for the decisions that a posture leaves to be found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from detente.case import Case, Posture
from detente.compiler.compile import DEFAULT_LIMIT, compile_posture
from detente.compiler.past import Past
from detente.compiler.plan import PureRule
from detente.errors import RequestError

Sees = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Point:
    """One information set of an open decision."""

    decision: str
    sees: Sees
    options: tuple[str, ...]
    before: tuple[tuple[tuple[str, Sees], str], ...]
    """Own earlier choices at open decisions that lead here."""


def pure_rules(case: Case, posture: Posture | str, limit: int = 4096, past: Past | None = None) -> list[PureRule]:
    """Every pure rule for the `optimal` commitments of a posture.

    A rule gives an option for each (decision, what its mover sees there); what the rule itself keeps its
    player from reaching is left out, so no two rules differ only there.

    Args:
        case: The case.
        posture: One of its postures, or the name of one.
        limit: Most rules to list.
        past: What has happened already, as for `compile_posture`.

    Returns:
        The rules; one empty rule if the posture leaves no decision to be found.

    Raises:
        RequestError: There are more rules than the limit.
        CaseError: As for `compile_posture`.
    """
    chosen = case.posture(posture) if isinstance(posture, str) else posture
    if not any(item.optimal for item in chosen.commit.values()):
        return [MappingProxyType({})]
    compiled = compile_posture(case, chosen, limit=DEFAULT_LIMIT, past=past)
    open_decisions = compiled.open_decisions
    points: dict[tuple[str, Sees], _Point] = {}
    for decision in open_decisions:  # in timeline order, so earlier choices are known
        for label in compiled.infoset_labels:
            if label.decision == decision:
                before = tuple(_own_choices(label.sees, points))
                points[decision, label.sees] = _Point(decision, label.sees, label.options, before)
    rules: list[PureRule] = []
    for rule in _complete(list(points.values())):
        if len(rules) == limit:
            raise RequestError(
                f"posture '{chosen.name}' has more than {limit:,} pure rules to choose from: the commitment to be "
                f"found covers {len(points)} situations. Commit to fewer decisions, or narrow the options (`allow`)."
            )
        rules.append(MappingProxyType(rule))
    return rules


def _own_choices(sees: Sees, points: Mapping[tuple[str, Sees], _Point]) -> Iterator[tuple[tuple[str, Sees], str]]:
    for place, (variable, label) in enumerate(sees):
        point = (variable, sees[:place])
        if point in points:
            yield point, label


def _complete(points: list[_Point]) -> Iterator[dict[tuple[str, Sees], str]]:
    """Rules in the order of the options, the last point varying fastest."""
    if not points:
        yield {}
        return
    stack: list[tuple[int, dict[tuple[str, Sees], str]]] = [(0, {})]
    while stack:
        place, rule = stack.pop()
        if place == len(points):
            yield rule
            continue
        point = points[place]
        if any(rule.get(earlier) != option for earlier, option in point.before):
            stack.append((place + 1, rule))
            continue
        key = (point.decision, point.sees)
        stack.extend((place + 1, {**rule, key: option}) for option in reversed(point.options))
