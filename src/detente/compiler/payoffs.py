"""Which payoff terms count at which end of the game.

A term resolved on a history is an expression over parameters only; equal ones are shared, so a payoff is
a constant 0/1 matrix times the vector of term values.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from detente.axes import Bools, Ints
from detente.case import Case, Expression, ExpressionError, Term, holds, resolve, variables
from detente.compiler.frontier import reached_history
from detente.compiler.grouping import group_rows
from detente.compiler.plan import Plan
from detente.compiler.problems import undefined_value
from detente.compiler.weights import literal


@dataclass(frozen=True)
class TermInstance:
    """A payoff term as it counts after some histories.

    Attributes:
        player: Number of the player it is paid to.
        name: Name of the term in the case.
        value: Its value, an expression over parameters only.
    """

    player: int
    name: str
    value: Expression


@dataclass(frozen=True, eq=False)
class Incidence:
    """Where terms count.

    Attributes:
        terms: The distinct term instances.
        rows: [pairs] terminal.
        cols: [pairs] term instance that counts there.
        sums: [terminals, players] number of the set of terms that make up the payoff.
        sum_rows: [sum pairs] set of terms.
        sum_cols: [sum pairs] term instance that belongs to it.
        num_sums: Number of distinct sets.
        applied: [case terms] whether a term of the case applies anywhere.
    """

    terms: tuple[TermInstance, ...]
    rows: Ints
    cols: Ints
    sums: Ints
    sum_rows: Ints
    sum_cols: Ints
    num_sums: int
    applied: Bools


def find_terms(plan: Plan, ends: NDArray[np.int16]) -> Incidence:
    """The term instances of a game.

    Args:
        plan: The case under a posture.
        ends: [terminals, variables] labels at the ends of the game.
    """
    resolver = _RESOLVERS.get(plan.case) or _RESOLVERS.setdefault(plan.case, _Resolver(plan))
    numbers: dict[TermInstance, int] = {}
    found: list[list[NDArray[np.int64]]] = [[] for _ in plan.players]
    applied = np.zeros(len(plan.case.terms), dtype=np.bool_)
    for place, term in enumerate(plan.case.terms):
        groups = group_rows(ends[:, resolver.columns[place]])
        player = plan.players.index(term.player)
        instance = np.full(len(groups), -1, dtype=np.int64)
        for group, row in enumerate(groups.first):
            item = resolver.instance(plan, place, ends[row])
            if item is None:
                continue
            applied[place] = True
            if literal(item.value) != 0.0:
                instance[group] = numbers.setdefault(item, len(numbers))
        found[player].append(instance[groups.of])
    rows, cols = _pairs([column for columns in found for column in columns])
    sums, sum_rows, sum_cols, num_sums = _sums(found, len(ends))
    return Incidence(tuple(numbers), rows, cols, sums, sum_rows, sum_cols, num_sums, applied)


def where(plan: Plan, condition: Expression, values: NDArray[np.int16]) -> Bools:
    """[rows] whether a condition holds on each row of labels."""
    columns = plan.numbers(variables(condition))
    groups = group_rows(values[:, columns])
    histories = (reached_history(plan, values[row], columns) for row in groups.first)
    held = np.array([holds(condition, history) for history in histories], dtype=np.bool_)
    return held[groups.of] if len(values) else np.zeros(0, dtype=np.bool_)


class _Resolver:
    """Resolves the terms of a case once for all postures: what a term is worth depends on a few labels only."""

    def __init__(self, plan: Plan) -> None:
        names = [_variables(item) for item in plan.case.terms]
        self.columns = [plan.numbers(needed) for needed in names]
        self._memo: list[dict[tuple[int, ...], TermInstance | None]] = [{} for _ in names]

    def instance(self, plan: Plan, place: int, end: NDArray[np.int16]) -> TermInstance | None:
        """A term as it counts at an end of the game, None where it does not apply."""
        key = tuple(end[self.columns[place]].tolist())
        memo = self._memo[place]
        if key not in memo:
            memo[key] = _resolved(plan, plan.case.terms[place], end, self.columns[place])
        return memo[key]


_RESOLVERS: WeakKeyDictionary[Case, _Resolver] = WeakKeyDictionary()


def _variables(term: Term) -> frozenset[str]:
    return variables(term.value) | (frozenset[str]() if term.when is None else variables(term.when))


def _resolved(plan: Plan, term: Term, end: NDArray[np.int16], columns: list[int]) -> TermInstance | None:
    history = reached_history(plan, end, columns)
    try:
        if term.when is not None and not holds(term.when, history):
            return None
        value = resolve(term.value, history)
    except ExpressionError as error:
        what = f"payoff term '{term.name}' of {term.player}"
        raise undefined_value(plan.case, what, reached_history(plan, end), term.span, error) from error
    return TermInstance(plan.players.index(term.player), term.name, value)


def _pairs(columns: list[NDArray[np.int64]]) -> tuple[Ints, Ints]:
    """(row, entry) of every non-negative entry of some columns."""
    rows = [np.flatnonzero(column >= 0) for column in columns]
    entries = [column[row] for column, row in zip(columns, rows, strict=True)]
    empty = [np.zeros(0, dtype=np.int64)]
    return np.concatenate(rows or empty).astype(np.int32), np.concatenate(entries or empty).astype(np.int32)


def _sums(found: list[list[NDArray[np.int64]]], num_ends: int) -> tuple[Ints, Ints, Ints, int]:
    """Number the distinct sets of terms per player: far fewer than ends, as a rule."""
    sums = np.empty((num_ends, len(found)), dtype=np.int32)
    rows: list[Ints] = []
    cols: list[Ints] = []
    total = 0
    for player, columns in enumerate(found):
        groups = group_rows(np.stack(columns, axis=1) if columns else np.zeros((num_ends, 0), dtype=np.int64))
        own_rows, own_cols = _pairs([column[groups.first] for column in columns])
        sums[:, player] = groups.of + total
        rows.append(own_rows + np.int32(total))
        cols.append(own_cols)
        total += len(groups)
    return sums, np.concatenate(rows), np.concatenate(cols), total
