"""Conditions and values that speak of a round: written once, meant for every round.

Inside a block of rounds an expression is a *template*: ``move`` is this round's variable, ``previous.move``
the one of the round before, ``round`` the number of the round. `at_round` turns a template into an
expression on the variables of the whole game, ``move.1`` and so on. From outside, `over_rounds` takes a
template over all rounds that are played, and `at_end` reads ``last.move``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from detente.case.expression import simplify
from detente.case.expression.evaluate import resolve, truth
from detente.case.expression.nodes import (
    Boolean,
    BoolOp,
    Conditional,
    Contains,
    Count,
    Expression,
    Happened,
    Match,
    Named,
    Not,
    Number,
    ParameterRef,
    TableEntry,
    joined,
    variables,
)
from detente.case.names import ROUND

if TYPE_CHECKING:
    from detente.case.expression.scope import Scope

TRUE = Boolean(True)
FALSE = Boolean(False)


@dataclass(frozen=True, eq=False)
class RoundView:
    """How the variables of a block of rounds are called, inside the block and outside.

    Attributes:
        inside: Names a template may use once its round is over.
        names: Per round: name in a template -> name in the game.
        first: What ``previous.x`` is in round 1: a label, or None for skipped.
        played: Per round: whether the game goes on until it; `TRUE` if nothing can end it before.
        lasting: ``last.x`` -> the variables ``x.1``, ``x.2``, ..., in order.
        own: Names of the variables that each round sets.
    """

    inside: Scope
    names: tuple[Mapping[str, str], ...]
    first: Mapping[str, str | None]
    played: tuple[Expression, ...]
    lasting: Mapping[str, tuple[str, ...]]
    own: frozenset[str]

    @property
    def number(self) -> int:
        """How many rounds there are."""
        return len(self.names)


def at_round(template: Expression, view: RoundView, round: int) -> Expression:
    """What a template says in a round.

    Args:
        template: A typed expression on the variables of one round.
        view: Names of the rounds.
        round: Number of the round, from 1.

    Raises:
        ExpressionError: In round 1 a table is indexed by a variable that nothing was carried over for.
    """
    names = view.names[round - 1]

    def leaf(node: Expression) -> Expression | None:
        if isinstance(node, ParameterRef) and node.name == ROUND:
            return Number(float(round), offset=node.offset, length=node.length)
        if isinstance(node, Match | Contains | Happened | TableEntry) and node.variable in names:
            return dataclasses.replace(node, variable=names[node.variable])
        return None

    speaks_of = variables(template)
    numbered = any(isinstance(node, ParameterRef) and node.name == ROUND for node in template.walk())
    made = rewritten(template, leaf)
    if round == 1 and speaks_of & view.first.keys():
        return resolve(made, view.first)
    return resolve(made, {}) if numbered else made


def if_played(condition: Expression | None, view: RoundView, round: int) -> Expression:
    """A condition on a round, together with the round's being played where that does not follow from it.

    Args:
        condition: What `at_round` gave; None always holds.
        view: Names of the rounds.
        round: Number of the round, from 1.
    """
    played = view.played[round - 1]
    if played == TRUE or condition == FALSE:
        return condition or TRUE
    if condition is None or condition == TRUE:
        return played
    skipped = {view.names[round - 1][name]: None for name in view.own}
    if truth(condition, skipped) is False:  # false where none of the round's variables is set
        return condition
    return joined("and", (played, condition))


def over_rounds(
    function: str, template: Expression, view: RoundView, text: str, offset: int = 0, length: int = 1
) -> Expression:
    """``ever``, ``always`` or ``count_rounds`` of a condition on one round.

    Args:
        function: Which of the three.
        template: The condition, typed in the scope inside a round.
        view: Names of the rounds.
        text: How it was written, for messages and reports.
        offset: Place in the text it was read from.
        length: Number of characters there.
    """
    parts = [if_played(at_round(template, view, number), view, number) for number in range(1, view.number + 1)]
    if function == "count_rounds":
        return Count(tuple(parts), text, offset=offset, length=length)
    if function == "ever":
        return Named(text, _combined("or", parts), offset=offset, length=length)
    parts = [
        _combined("or", [simplify.invert(played), at_round(template, view, number)])
        for number, played in enumerate(view.played, start=1)
    ]
    return Named(text, _combined("and", parts), offset=offset, length=length)


def at_end(expression: Expression, view: RoundView) -> Expression:
    """The expression with ``last.x`` replaced by what it stands for: x in the last round that set it."""
    if not variables(expression) & view.lasting.keys():
        return expression

    def leaf(node: Expression) -> Expression | None:
        if not isinstance(node, Match | Contains | Happened | TableEntry) or node.variable not in view.lasting:
            return None
        copies = view.lasting[node.variable]
        if isinstance(node, TableEntry):
            return _last_entry(node, copies)
        if isinstance(node, Happened):
            return Named(node.text, _combined("or", [Happened(name) for name in copies]), offset=node.offset)
        positive = dataclasses.replace(node, negated=False) if isinstance(node, Match) else node
        found = _combined("or", [_last_at(positive, copies, place) for place in range(len(copies))])
        negated = isinstance(node, Match) and node.negated
        return Named(node.text, Not(found) if negated else found, offset=node.offset, length=node.length)

    return rewritten(expression, leaf)


def _last_at(node: Match | Contains, copies: Sequence[str], place: int) -> Expression:
    """The condition holds in one round, and no later round sets the variable."""
    later = [Not(Happened(name)) for name in copies[place + 1 :]]
    return _combined("and", [dataclasses.replace(node, variable=copies[place]), *later])


def _last_entry(node: TableEntry, copies: Sequence[str]) -> Expression:
    made: Expression = dataclasses.replace(node, variable=copies[0])
    for name in copies[1:]:
        made = Conditional(Happened(name), dataclasses.replace(node, variable=name), made)
    return made


def _combined(word: Literal["and", "or"], parts: Sequence[Expression]) -> Expression:
    return simplify.combine(word, parts)


def rewritten(node: Expression, leaf: Callable[[Expression], Expression | None]) -> Expression:
    """The tree with some nodes replaced: those for which `leaf` gives another one."""
    made = leaf(node)
    if made is not None:
        return made
    if isinstance(node, BoolOp):
        parts = tuple(rewritten(part, leaf) for part in node.parts)
        return joined(node.operator, parts, node.offset, node.length)
    changed = {
        item.name: _part(getattr(node, item.name), leaf)
        for item in dataclasses.fields(node)
        if isinstance(getattr(node, item.name), Expression | tuple)
    }
    return dataclasses.replace(node, **changed) if changed else node


def _part(part: object, leaf: Callable[[Expression], Expression | None]) -> object:
    if isinstance(part, Expression):
        return rewritten(part, leaf)
    if isinstance(part, tuple):
        return tuple(_part(item, leaf) for item in cast("tuple[object, ...]", part))
    return part
