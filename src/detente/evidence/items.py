"""Dated reports and what each says about the types, packed into arrays.

Axes: ``items`` are in the order they were reported (then by id), so that the order in which they were given cannot
matter; ``types`` are the types of the actor in question.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from detente.axes import Floats, Ints
from detente.errors import RequestError
from detente.evidence.likelihood import Likelihood

NO_GROUP = -1
RHO = 1.0
"""Probability that the reports of a group copy one origin, where nothing else is said."""


@dataclass(frozen=True)
class Item:
    """One report.

    Attributes:
        id: Its name, unique in the set.
        reported: Day on which it could be known.
        likelihood: One `Likelihood` per type, in the order of the set's types.
        happened: Day of what it tells, if that is another.
        r: How much it counts, in [0, 1]; its likelihood ratios enter to this power.
        group: Name of the group of one origin it belongs to; empty if it stands alone.
    """

    id: str
    reported: date
    likelihood: tuple[Likelihood, ...]
    happened: date | None = None
    r: float = 1.0
    group: str = ""


@dataclass(frozen=True, eq=False)
class Evidence:
    """A set of items as arrays.

    Attributes:
        types: Labels of the types.
        ids: [items] names.
        reported: [items] day as `date.toordinal`, not decreasing.
        happened: [items] day of what is told, as `date.toordinal`.
        point: [items, types] likelihoods.
        low: [items, types] lower ends of likelihoods.
        high: [items, types] upper ends of likelihoods.
        r: [items] exponents in [0, 1].
        group: [items] number of the group, or `NO_GROUP`.
        groups: Names of the groups.
        rho: [groups] probability that the reports of a group copy one origin.
    """

    types: tuple[str, ...]
    ids: tuple[str, ...]
    reported: Ints
    happened: Ints
    point: Floats
    low: Floats
    high: Floats
    r: Floats
    group: Ints
    groups: tuple[str, ...]
    rho: Floats

    @classmethod
    def of(
        cls, types: Sequence[str], items: Sequence[Item], *, rho: Mapping[str, float] | None = None, other: float = RHO
    ) -> Evidence:
        """Pack items.

        Args:
            types: Labels of the types.
            items: The items, in any order.
            rho: Group -> probability in [0, 1] that its reports copy one origin.
            other: The same for groups that `rho` does not name.

        Raises:
            RequestError: An id occurs twice, an item has another number of types, or r or rho is not in [0, 1].
        """
        _check(types, items)
        ordered = sorted(items, key=lambda item: (item.reported, item.id))
        groups = tuple(sorted({item.group for item in ordered if item.group}))
        number = {name: place for place, name in enumerate(groups)} | {"": NO_GROUP}
        chosen = _rho(groups, rho or {}, other)
        ranges = np.array(
            [[(cell.point, cell.low, cell.high) for cell in item.likelihood] for item in ordered], dtype=np.float64
        ).reshape(len(ordered), len(types), 3)
        return cls(
            types=tuple(types),
            ids=tuple(item.id for item in ordered),
            reported=np.array([item.reported.toordinal() for item in ordered], dtype=np.int32),
            happened=np.array([(item.happened or item.reported).toordinal() for item in ordered], dtype=np.int32),
            point=ranges[:, :, 0],
            low=ranges[:, :, 1],
            high=ranges[:, :, 2],
            r=np.array([item.r for item in ordered], dtype=np.float64),
            group=np.array([number[item.group] for item in ordered], dtype=np.int32),
            groups=groups,
            rho=np.array(chosen, dtype=np.float64),
        )

    @property
    def size(self) -> int:
        """Number of items."""
        return len(self.ids)

    def known_by(self, as_of: date | None) -> Evidence:
        """The items that had been reported by the end of a day; all of them for None."""
        if as_of is None:
            return self
        return self._first(int(np.searchsorted(self.reported, as_of.toordinal(), side="right")))

    def dates(self) -> tuple[date, ...]:
        """The days on which something was reported, in order."""
        return tuple(date.fromordinal(int(day)) for day in np.unique(self.reported))

    def log_weights(self) -> Floats:
        """[3, items, types] r times the log likelihoods at point, low and high, on the scale of the item.

        The scale of an item is its largest point likelihood: an item that does not tell the types apart is 0 for all.
        """
        cells = np.stack([self.point, self.low, self.high])
        return self.r[:, None] * np.log(cells / self.point.max(axis=1, keepdims=True))

    def _first(self, count: int) -> Evidence:
        names = ("reported", "happened", "point", "low", "high", "r", "group")
        return replace(self, ids=self.ids[:count], **{name: getattr(self, name)[:count] for name in names})


def _check(types: Sequence[str], items: Sequence[Item]) -> None:
    if not types or len(set(types)) < len(types):
        raise RequestError(f"the types must be different labels, at least one; they are {list(types)}")
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise RequestError(f"two items are named {item.id!r}")
        seen.add(item.id)
        if len(item.likelihood) != len(types):
            raise RequestError(f"item {item.id!r} has {len(item.likelihood)} likelihoods for {len(types)} types")
        if not 0.0 <= item.r <= 1.0:
            raise RequestError(f"item {item.id!r} counts with r = {item.r}, which is not in [0, 1]")


def _rho(groups: tuple[str, ...], rho: Mapping[str, float], other: float) -> list[float]:
    strange = sorted(set(rho) - set(groups))
    if strange:
        raise RequestError(f"no item belongs to the group {strange[0]!r}; the groups are {list(groups)}")
    chosen = [float(rho.get(name, other)) for name in groups]
    for name, value in zip(groups, chosen, strict=True):
        if not (math.isfinite(value) and 0.0 <= value <= 1.0):
            raise RequestError(f"the probability rho of group {name!r} is {value}, which is not in [0, 1]")
    return chosen
