"""The quantities a claim compares, as leaves of an expression tree."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TypeAlias, TypeVar, cast

from detente.case.expression.labels import RUNNING
from detente.case.expression.nodes import Expression, Match, ParameterRef

ClaimExpression: TypeAlias = Expression
"""A condition built from comparisons of `Quantity`, `ParameterRef` and `Number` leaves."""

Where: TypeAlias = tuple[tuple[str, Expression], ...]
"""Parameter -> the value it takes instead, in the order written."""

Node = TypeVar("Node", bound=Expression)


@dataclass(frozen=True, eq=False)
class Quantity(Expression):
    """Something that a solved case gives one number per draw for."""


@dataclass(frozen=True, eq=False)
class Value(Quantity):
    """Expected payoff of an actor under a posture.

    Attributes:
        actor: Whose payoff.
        posture: The posture in force.
        given: Condition on the history, or None.
        where: Parameters that take other values.
    """

    actor: str
    posture: str
    given: Expression | None = None
    where: Where = ()

    @property
    def children(self) -> tuple[Expression, ...]:
        """Condition and replaced values."""
        return _parts(self.given, self.where)

    def _write(self) -> str:
        return _written("value", (self.actor, self.posture), self.given, self.where)


@dataclass(frozen=True, eq=False)
class Probability(Quantity):
    """Probability of an event under a posture.

    Attributes:
        event: A condition on the finished history; an outcome is a `Named` one.
        posture: The posture in force.
        given: Condition on the history, or None.
        where: Parameters that take other values.
    """

    event: Expression
    posture: str
    given: Expression | None = None
    where: Where = ()

    @property
    def children(self) -> tuple[Expression, ...]:
        """Event, condition and replaced values."""
        return (self.event, *_parts(self.given, self.where))

    def _write(self) -> str:
        return _written("probability", (self.event.text, self.posture), self.given, self.where)


@dataclass(frozen=True, eq=False)
class ActionValue(Quantity):
    """Expected payoff to an actor from choosing an option at its decision.

    Attributes:
        actor: Who moves.
        decision: The decision.
        option: The option chosen there.
        posture: The posture in force; None for the status quo.
        given: Restricts to the information sets consistent with it, or None.
        where: Parameters that take other values.
    """

    actor: str
    decision: str
    option: str
    posture: str | None = None
    given: Expression | None = None
    where: Where = ()

    @property
    def children(self) -> tuple[Expression, ...]:
        """Condition and replaced values."""
        return _parts(self.given, self.where)

    def _write(self) -> str:
        words = (self.actor, self.decision, self.option, *([self.posture] if self.posture is not None else []))
        return _written("action_value", words, self.given, self.where)


@dataclass(frozen=True, eq=False)
class ShareOfTypes(Quantity):
    """Share of the labels of a private type for which a comparison holds, each label counting once.

    Attributes:
        type: The private type, such as ``RUS.aim``.
        labels: Its labels.
        comparison: A claim in which the label ``type`` stands for the running label.
    """

    type: str
    labels: tuple[str, ...]
    comparison: Expression

    @property
    def children(self) -> tuple[Expression, ...]:
        """The comparison."""
        return (self.comparison,)

    @property
    def cases(self) -> tuple[tuple[str, Expression], ...]:
        """Each label with the comparison written for it."""
        return tuple((label, _instance(self.comparison, self.type, label)) for label in self.labels)

    def _write(self) -> str:
        return f"share_of_types({self.type}, {self.comparison.text})"


@dataclass(frozen=True, eq=False)
class Misjudged(Quantity):
    """How likely an actor acts otherwise than it would under full information, in 0..1."""

    actor: str
    posture: str

    def _write(self) -> str:
        return f"misjudged({self.actor}, {self.posture})"


@dataclass(frozen=True, eq=False)
class Settles(Quantity):
    """Whether a settlement design holds: 1 if all would sign it and an order of its steps is self-enforcing, else 0."""

    design: str

    def _write(self) -> str:
        return f"settles({self.design})"


def quantities(claim: ClaimExpression) -> tuple[Quantity, ...]:
    """The quantities that must be known to judge a claim, each once, in the order of the text.

    ``share_of_types`` is not among them: the quantities of its comparisons are, one set per label.
    """
    found = (leaf for leaf in leaves(claim) if isinstance(leaf, Quantity))
    return tuple(found)


def leaves(claim: ClaimExpression) -> tuple[Quantity | ParameterRef, ...]:
    """The quantities and parameters whose values decide a claim, each once, in the order of the text."""
    found: dict[Quantity | ParameterRef, None] = {}
    stack = [claim]
    while stack:
        node = stack.pop()
        if isinstance(node, ShareOfTypes):
            stack.extend(comparison for _, comparison in reversed(node.cases))
        elif isinstance(node, Quantity | ParameterRef):
            found[node] = None
        else:
            stack.extend(reversed(node.children))
    return tuple(found)


def _parts(given: Expression | None, where: Where) -> tuple[Expression, ...]:
    return (*([given] if given is not None else []), *(value for _, value in where))


def _written(function: str, words: tuple[str, ...], given: Expression | None, where: Where) -> str:
    condition = f" | {given.text}" if given is not None else ""
    replaced = ", ".join(f"{name} = {value.text}" for name, value in where)
    return f"{function}({', '.join(words)}{condition}{', with ' + replaced if replaced else ''})"


def _instance(node: Node, variable: str, label: str) -> Node:
    """The same tree with the running label of a type replaced by one of its labels."""
    if isinstance(node, Match):
        if node.variable != variable:
            return node
        labels = tuple(dict.fromkeys(label if item == RUNNING else item for item in node.labels))
        return dataclasses.replace(node, labels=labels)
    changed = {
        item.name: _replaced(getattr(node, item.name), variable, label)
        for item in dataclasses.fields(node)
        if isinstance(getattr(node, item.name), Expression | tuple)
    }
    return dataclasses.replace(node, **changed) if changed else node


def _replaced(part: object, variable: str, label: str) -> object:
    if isinstance(part, Expression):
        return _instance(part, variable, label)
    if isinstance(part, tuple):
        return tuple(_replaced(item, variable, label) for item in cast("tuple[object, ...]", part))
    return part
