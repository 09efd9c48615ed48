"""Linear programs and linear systems in exact fractions: slow, sure, and independent of any solver."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Row = list[Fraction]


def maximize(
    objective: Sequence[Fraction], rows: Sequence[Sequence[Fraction]], limits: Sequence[Fraction]
) -> Row | None:
    """The best point with ``rows @ x <= limits`` and ``x >= 0``, by the simplex method with Bland's rule.

    Returns:
        A best vertex; None if no point satisfies the rows. The program has to be bounded.

    Reference: Cormen, Leiserson, Rivest and Stein (2009), section 29.3, for dictionaries and the first phase.
    """
    tableau = _Dictionary(rows, limits)
    if not tableau.make_feasible():
        return None
    return tableau.climb(list(objective))


class _Dictionary:
    """Basic variables as linear functions of the others: ``value - sum(coefficient * other)``."""

    def __init__(self, rows: Sequence[Sequence[Fraction]], limits: Sequence[Fraction]) -> None:
        self.count = len(rows[0]) if rows else 0
        self.outside = list(range(self.count))
        self.inside = [self.count + k for k in range(len(rows))]
        self.rows = [list(row) for row in rows]
        self.values = list(limits)

    def make_feasible(self) -> bool:
        """First phase: one artificial variable, number -1, is subtracted everywhere and driven out."""
        if min(self.values, default=Fraction(0)) >= 0:
            return True
        self.outside.append(-1)
        for row in self.rows:
            row.append(Fraction(-1))
        self._pivot(self.values.index(min(self.values)), len(self.outside) - 1)
        cost = self._reduced({-1: Fraction(-1)})
        self._run(cost)
        if -1 in self.inside:
            place = self.inside.index(-1)
            if self.values[place] != 0:
                return False
            self._pivot(place, next(k for k, item in enumerate(self.rows[place]) if item != 0))
        column = self.outside.index(-1)
        del self.outside[column]
        for row in self.rows:
            del row[column]
        return True

    def climb(self, objective: Row) -> Row:
        """Second phase: the best vertex."""
        self._run(self._reduced(dict(enumerate(objective))))
        point = [Fraction(0)] * self.count
        for variable, value in zip(self.inside, self.values, strict=True):
            if 0 <= variable < self.count:
                point[variable] = value
        return point

    def _reduced(self, weights: dict[int, Fraction]) -> Row:
        """An objective in terms of the variables outside the basis."""
        cost = [weights.get(variable, Fraction(0)) for variable in self.outside]
        for variable, row in zip(self.inside, self.rows, strict=True):
            weight = weights.get(variable, Fraction(0))
            if weight:
                cost = [item - weight * entry for item, entry in zip(cost, row, strict=True)]
        return cost

    def _run(self, cost: Row) -> None:
        while True:
            better = [(variable, k) for k, variable in enumerate(self.outside) if cost[k] > 0]
            if not better:
                return
            column = min(better)[1]
            ratios = [
                (self.values[i] / row[column], self.inside[i], i) for i, row in enumerate(self.rows) if row[column] > 0
            ]
            place = min(ratios)[2]
            self._pivot(place, column)
            rate, row = cost[column], self.rows[place]
            cost[:] = [item - rate * entry for item, entry in zip(cost, row, strict=True)]
            cost[column] = -rate * row[column]

    def _pivot(self, place: int, column: int) -> None:
        lead = self.rows[place][column]
        row = [item / lead for item in self.rows[place]]
        row[column] = 1 / lead
        value = self.values[place] / lead
        for i, other in enumerate(self.rows):
            if i != place:
                rate = other[column]
                self.rows[i] = [item - rate * entry for item, entry in zip(other, row, strict=True)]
                self.rows[i][column] = -rate * row[column]
                self.values[i] -= rate * value
        self.rows[place], self.values[place] = row, value
        self.inside[place], self.outside[column] = self.outside[column], self.inside[place]


def solve(rows: Sequence[Sequence[Fraction]], right: Sequence[Fraction]) -> Row | None:
    """The solution of a square linear system; None if it has none or many."""
    table = [[*row, value] for row, value in zip(rows, right, strict=True)]
    size = len(table)
    for column in range(size):
        lead = next((k for k in range(column, size) if table[k][column] != 0), None)
        if lead is None:
            return None
        table[column], table[lead] = table[lead], table[column]
        scale = table[column][column]
        table[column] = [item / scale for item in table[column]]
        for k in range(size):
            if k != column and table[k][column] != 0:
                rate = table[k][column]
                table[k] = [item - rate * entry for item, entry in zip(table[k], table[column], strict=True)]
    return [row[size] for row in table]
