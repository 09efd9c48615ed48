"""What an expression may speak of at one place of a case, and the outcome of checking it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from detente.case.expression.nodes import Expression
from detente.case.expression.problem import ExpressionError, Problem
from detente.case.expression.rounds import RoundView

UNIT_LITERALS = frozenset({-1.0, 0.0, 1.0})
"""Numbers that may be written out in payoffs, priors and ``set``."""

WEIGHT_LITERALS = frozenset({0.0, 1.0})
"""Numbers that may be written out in event tables and commitments."""


class IndexedTable(Protocol):
    """A per-option table of parameters."""

    @property
    def variable(self) -> str:
        """The variable whose labels index it."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels it has an entry for."""
        ...


@dataclass(frozen=True)
class Scope:
    """Names an expression may use.

    Attributes:
        variables: History variables that can be spoken of here -> their labels.
        items: Portfolio variables -> their items (``package.talks``).
        parameters: Scalar parameters.
        tables: Per-option tables.
        skippable: Variables that can be skipped.
        later: Variables that exist, but are not decided yet at this place.
        conditions: Named conditions usable as words, such as outcomes.
        others: Names that exist, but mean nothing in an expression -> what they are ("actor").
        barred: Variables of rounds that cannot be spoken of here under this name -> (why, the way out).
        copies: Variables of rounds that can, such as ``move.2`` -> their name in the block.
        rounds: How to speak of rounds from here; None inside a round, and in a case without rounds.
        in_round: Whether this is inside a round, so that ``round`` is its number.
    """

    variables: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    items: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    parameters: Collection[str] = frozenset()
    tables: Mapping[str, IndexedTable] = field(default_factory=dict[str, IndexedTable])
    skippable: Collection[str] = frozenset()
    later: Collection[str] = frozenset()
    conditions: Mapping[str, Expression] = field(default_factory=dict[str, Expression])
    others: Mapping[str, str] = field(default_factory=dict[str, str])
    barred: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    copies: Mapping[str, str] = field(default_factory=dict[str, str])
    rounds: RoundView | None = None
    in_round: bool = False

    @cached_property
    def owners(self) -> Mapping[str, tuple[str, ...]]:
        """Label -> variables that have it."""
        owners: dict[str, tuple[str, ...]] = {}
        for variable, labels in self.variables.items():
            for label in labels:
                owners[label] = (*owners.get(label, ()), variable)
        return owners

    def item(self, name: str) -> tuple[str, str] | None:
        """The portfolio variable and the item that a dotted name stands for, if it does."""
        variable, _, item = name.rpartition(".")
        return (variable, item) if item in self.items.get(variable, ()) else None


@dataclass(frozen=True)
class Checked:
    """A checked expression, or what is wrong with it.

    Attributes:
        expression: The typed expression; None if there is any error.
        problems: Errors and warnings, in the order of the text.
    """

    expression: Expression | None
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Problems that stop the work."""
        return tuple(item for item in self.problems if item.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Problems that do not."""
        return tuple(item for item in self.problems if item.severity == "warning")

    def require(self) -> Expression:
        """The typed expression.

        Raises:
            ExpressionError: The first error.
        """
        if self.expression is None:
            raise ExpressionError(self.errors[0])
        return self.expression
