"""Linear programs for the best rule, given which plans the others may answer with.

With one plan for each component this is the program of Conitzer and Sandholm (2006): the best rule to which the
plans are best answers. With several, each has a share of the rule of its own: a rule scaled by the weight of
the plan, to which the plan is a best answer. The shares of a component sum to the rule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from detente.axes import Bools, Floats
from detente.errors import UnsupportedError
from detente.solvers.commitment_tables import RuleShape, Tables
from detente.solvers.linear_batch import LinearBatch, Programs

Allowed: TypeAlias = "tuple[tuple[int, ...], ...]"
"""Per component, the joint plans the others may answer with."""

MOST_ENTRIES = 6_000_000
"""Most coefficients of one program."""
STRICT = 1e-9
"""A gain at least this large, as a share of the row's largest coefficient, is strict."""


@dataclass(frozen=True, eq=False)
class Solved:
    """Answers of one kind of program for a batch of draws.

    Attributes:
        plan: [draws, columns] the rule; NaN where there is none.
        shares: Per component, [draws, allowed plans] weight of each plan.
        value: [draws] the leader's value; -inf where no rule has these answers.
        bound: [draws] what no rule with these answers can pass.
        failed: [draws] whether there is no answer because the work was stopped.
    """

    plan: Floats
    shares: tuple[Floats, ...]
    value: Floats
    bound: Floats
    failed: Bools


class ProgramMaker:
    """Makes and solves programs; those of one form share their bases."""

    def __init__(self, ready: RuleShape) -> None:
        self._ready = ready
        self._flow = ready.flow()
        self._batches: dict[Allowed, LinearBatch] = {}
        size = self.entries(self.everything())
        if size > MOST_ENTRIES:
            plans = sum(len(item.own) for item in ready.components)
            raise UnsupportedError(
                f"the program for the best rule would have about {size:,} coefficients ({plans} plans of the others, "
                f"{len(ready.actions)} actions of {ready.shape.players[ready.leader]}); the limit is {MOST_ENTRIES:,}"
            )

    def everything(self) -> Allowed:
        """All plans of all components."""
        return tuple(tuple(range(len(item.own))) for item in self._ready.components)

    def entries(self, allowed: Allowed) -> int:
        """About how many coefficients a program has."""
        width = self._ready.num_columns
        wide = [len(plans) for plans in allowed if len(plans) > 1]
        rows = 1 + len(self._flow) * (1 + sum(wide)) + width * len(wide)
        for item, plans in zip(self._ready.components, allowed, strict=True):
            rivals = sum(int(item.own[:, k].max()) for k in range(item.own.shape[1]))
            rows += len(plans) * rivals
        return rows * width * (1 + sum(wide))

    def solve(self, tables: Tables, allowed: Allowed, stop: Callable[[], bool] | None = None) -> Solved:
        """The best rule in each draw, if the others answer with mixtures of the allowed plans."""
        width = self._ready.num_columns
        blocks = _Blocks(allowed, width)
        programs = Programs(
            self._objective(tables, allowed, blocks),
            self._equal(blocks),
            np.concatenate([[1.0], np.zeros(self._equal(blocks).shape[0] - 1)]),
            self._below(tables, allowed, blocks),
        )
        if len(self._batches) > 200:
            self._batches.clear()
        found = self._batches.setdefault(allowed, LinearBatch()).solve(programs, stop)
        shares = tuple(
            np.ones((len(found.value), 1)) if start is None else found.point[:, start : start + width * number : width]
            for start, number in zip(blocks.start, (len(plans) for plans in allowed), strict=True)
        )
        return Solved(found.point[:, :width], shares, found.value, found.bound, found.failed)

    def strictly(self, tables: Tables, allowed: Allowed) -> bool:
        """Whether some rule makes the one plan of each component strictly better than any that plays otherwise.

        Args:
            tables: One draw.
            allowed: One plan for each component.
        """
        width = self._ready.num_columns
        rows: list[Floats] = []
        for place, plans in enumerate(allowed):
            found = self._strict_rows(tables, place, plans[0])
            if found is None:
                return False
            rows += found
        below = np.concatenate([np.array(rows).reshape(len(rows), width), np.ones((len(rows), 1))], axis=1)
        equal = np.concatenate([self._equal(_Blocks(allowed, width)), np.zeros((1 + len(self._flow), 1))], axis=1)
        objective = np.zeros((1, width + 1))
        objective[0, -1] = 1.0
        right = np.concatenate([[1.0], np.zeros(len(equal) - 1)])
        if not rows:
            return True
        answer = LinearBatch().solve(Programs(objective, equal, right, below[None]))
        return bool(answer.value[0] > STRICT)

    def _strict_rows(self, tables: Tables, place: int, plan: int) -> list[Floats] | None:
        """What rival plans gain, scaled to 1; None if one never differs to its player but does to the leader."""
        item, leader = self._ready.components[place], tables.leader[place][0]
        rows: list[Floats] = []
        for k, table in enumerate(tables.others[place]):
            mine = int(item.own[plan, k])
            for rival in range(table.shape[1]):
                if rival == mine:
                    continue
                gain = table[0, rival] - table[0, mine]
                size = float(np.abs(gain).max(initial=0.0))
                if size > 1e-13:
                    rows.append(gain / size)
                    continue
                other = item.own[plan].copy()
                other[k] = rival
                joint = int(np.flatnonzero((item.own == other).all(axis=1))[0])
                if np.abs(leader[joint] - leader[plan]).max(initial=0.0) > 1e-13:
                    return None
        return rows

    # ----------------------------------------------------------------------- parts of a program
    def _objective(self, tables: Tables, allowed: Allowed, blocks: _Blocks) -> Floats:
        objective = np.zeros((len(tables.apart), blocks.width))
        objective[:, : self._ready.num_columns] = tables.apart
        for place, plans in enumerate(allowed):
            for number, plan in enumerate(plans):
                objective[:, blocks.columns(place, number)] += tables.leader[place][:, plan]
        return objective

    def _equal(self, blocks: _Blocks) -> Floats:
        """The rule is a realization plan, so is every share up to its weight, and the shares sum to the rule."""
        width = self._ready.num_columns
        rows = [np.zeros((1, blocks.width))]
        rows[0][0, 0] = 1.0
        for start in blocks.every_start():
            part = np.zeros((len(self._flow), blocks.width))
            part[:, start : start + width] = self._flow
            rows.append(part)
        for place, start in enumerate(blocks.start):
            if start is not None:
                part = np.zeros((width, blocks.width))
                part[:, :width] = -np.eye(width)
                for number in range(blocks.numbers[place]):
                    part[:, blocks.columns(place, number)] = np.eye(width)
                rows.append(part)
        return np.concatenate(rows)

    def _below(self, tables: Tables, allowed: Allowed, blocks: _Blocks) -> Floats:
        """What each player would gain from each of its other plans, under the share of a plan."""
        draws, width = len(tables.apart), self._ready.num_columns
        rows: list[Floats] = []
        for place, plans in enumerate(allowed):
            item = self._ready.components[place]
            for number, plan in enumerate(plans):
                for k, table in enumerate(tables.others[place]):
                    mine = int(item.own[plan, k])
                    gain = np.delete(table, mine, axis=1) - table[:, mine : mine + 1]
                    part = np.zeros((draws, gain.shape[1], blocks.width))
                    part[:, :, blocks.columns(place, number)] = gain
                    rows.append(part)
        return np.concatenate(rows, axis=1) if rows else np.zeros((draws, 0, max(blocks.width, width)))


class _Blocks:
    """Where the rule and the shares of the plans stand among the columns of a program."""

    def __init__(self, allowed: Allowed, width: int) -> None:
        self._each = width
        self.numbers = tuple(len(plans) for plans in allowed)
        self.start: list[int | None] = []
        self.width = width
        for number in self.numbers:
            if number > 1:
                self.start.append(self.width)
                self.width += width * number
            else:
                self.start.append(None)  # the whole rule is the share of the one plan

    def columns(self, place: int, number: int) -> slice:
        """Columns of one plan's share."""
        start = self.start[place]
        low = 0 if start is None else start + number * self._each
        return slice(low, low + self._each)

    def every_start(self) -> list[int]:
        """Where the rule and each share start."""
        shares = [range(start, start + number * self._each, self._each) for start, number in
                  zip(self.start, self.numbers, strict=True) if start is not None]  # fmt: skip
        return [0, *(start for part in shares for start in part)]
