"""The prior over type profiles: independent types, joint tables, and beliefs set from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import NDArray

from detente.axes import Bools, Floats
from detente.case import Case, Joint, Posture, PrivateType
from detente.compiler.chance import WeightRow, exact
from detente.compiler.weights import known_zero
from detente.errors import RequestError

SUM_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class PriorGroup:
    """Types whose prior is given together, independent of all others.

    Attributes:
        types: Numbers of the types.
        rows: [rows, types] label of each type in each row of the table.
        weights: Weight of each row.
    """

    types: tuple[int, ...]
    rows: NDArray[np.int16]
    weights: WeightRow


@dataclass(frozen=True, eq=False)
class Priors:
    """The type profiles that can occur and their probabilities.

    Attributes:
        case: The case.
        groups: Independent parts of the prior.
        judged: Per type, the weights in the owner's own judgment, None if it has no other.
        kept: Per group, the rows that can occur.
        chosen: [profiles] which of all profiles fit what has happened; None if all do.
    """

    case: Case
    groups: tuple[PriorGroup, ...]
    judged: tuple[WeightRow | None, ...]
    kept: tuple[NDArray[np.int64], ...]
    chosen: Bools | None = None

    def only(self, chosen: Bools) -> Priors:
        """Some of the profiles; their probabilities need no longer sum to one."""
        return replace(self, chosen=chosen)

    @property
    def num_profiles(self) -> int:
        """Number of type profiles that can occur, 1 if there are no types."""
        return prod(len(rows) for rows in self.kept) if self.chosen is None else int(self.chosen.sum())

    @cached_property
    def _rows(self) -> NDArray[np.int64]:
        """[profiles, groups] row of each group, profiles in the order of their labels."""
        if not self.groups:
            return np.zeros((1, 0), dtype=np.int64)
        counts = [len(kept) for kept in self.kept]
        places = np.indices(counts).reshape(len(counts), -1)
        rows = np.stack([kept[place] for kept, place in zip(self.kept, places, strict=True)], axis=1)
        profiles = self._profiles(rows)
        rows = rows[np.lexsort(profiles.T[::-1])]
        return rows if self.chosen is None else rows[self.chosen]

    def _profiles(self, rows: NDArray[np.int64]) -> NDArray[np.int16]:
        profiles = np.zeros((len(rows), len(self.case.types)), dtype=np.int16)
        for column, group in enumerate(self.groups):
            profiles[:, list(group.types)] = group.rows[rows[:, column]]
        return profiles

    @cached_property
    def profiles(self) -> NDArray[np.int16]:
        """[profiles, types] label of each type in each profile."""
        return self._profiles(self._rows)

    def probabilities(self, theta: Floats, given: Mapping[str, Floats]) -> Floats:
        """[draws, profiles] exact probabilities, in the eyes of everybody.

        Args:
            theta: [draws, params] parameters, after the posture's `set`.
            given: Marginal probabilities that replace those of some types, [draws, labels] each; the
                other types of a joint table keep their distribution conditional on them.
        """
        return self._joined([self._shares(group, theta, given) for group in self.groups])

    def judged_probabilities(self, theta: Floats, given: Mapping[str, Floats]) -> Floats | None:
        """[draws, profiles] the same in the owner's own judgment; None if it judges as everybody does.

        A type in `given` is not judged otherwise.
        """
        own = dict(given)
        for item, row in zip(self.case.types, self.judged, strict=True):
            if row is not None and item.name not in own:
                own[item.name] = row.shares(self.case, theta)
        if len(own) == len(given):
            return None
        return self._joined([self._shares(group, theta, own) for group in self.groups])

    def _joined(self, shares: list[Floats]) -> Floats:
        joined = np.ones((1, self.num_profiles))
        for column, group in enumerate(shares):
            joined = joined * group[:, self._rows[:, column]]
        if self.chosen is not None:
            return joined
        if not np.allclose(joined.sum(axis=1), 1.0, rtol=0.0, atol=SUM_TOLERANCE):
            raise RequestError("a belief gives probability to a type that the case or the posture rules out")
        return exact(joined)

    def _shares(self, group: PriorGroup, theta: Floats, given: Mapping[str, Floats]) -> Floats:
        shares = group.weights.shares(self.case, theta)
        for place, number in enumerate(group.types):
            item = self.case.types[number]
            if item.name in given:
                wanted = np.broadcast_to(given[item.name], (len(theta), len(item.labels)))
                alone = len(group.types) == 1  # nothing to condition on
                shares = wanted if alone else _with_marginal(item, shares, group.rows[:, place], wanted)
        return shares


def _with_marginal(item: PrivateType, shares: Floats, labels: NDArray[np.int16], wanted: Floats) -> Floats:
    """The distribution with the marginal of one type replaced, the rest conditional on it as before."""
    marginal = shares @ (labels[:, np.newaxis] == np.arange(len(item.labels)))
    impossible = (marginal == 0.0) & (wanted > 0.0)
    if impossible.any():
        label = item.labels[int(np.argwhere(impossible)[0, 1])]
        raise RequestError(
            f"no probability can be given to {item.name} = {label}: the joint prior rules it out, so nothing says "
            "how the other types would be distributed then."
        )
    with np.errstate(invalid="ignore", divide="ignore"):
        factor = np.where(marginal > 0.0, wanted / marginal, 0.0)
    return shares * factor[:, labels]


def make_priors(case: Case, posture: Posture) -> Priors:
    """The prior of a case, with the profiles that cannot occur under a posture left out."""
    numbers = {item.name: i for i, item in enumerate(case.types)}
    joined = {name for joint in case.joints for name in joint.types}
    groups = [_joint_group(case, joint, numbers) for joint in case.joints]
    groups += [_single_group(numbers[item.name], item) for item in case.types if item.name not in joined]
    groups.sort(key=lambda group: group.types[0])
    judged = tuple(
        None if item.judged is None else WeightRow(f"'{item.name}' as judged by the owner", item.labels, item.judged)
        for item in case.types
    )
    kept = tuple(_possible(group, judged, posture) for group in groups)
    return Priors(case, tuple(groups), judged, kept)


def _single_group(number: int, item: PrivateType) -> PriorGroup:
    rows = np.arange(len(item.labels), dtype=np.int16)[:, np.newaxis]
    return PriorGroup((number,), rows, WeightRow(f"'{item.name}'", item.labels, item.weights))


def _joint_group(case: Case, joint: Joint, numbers: Mapping[str, int]) -> PriorGroup:
    types = tuple(numbers[name] for name in joint.types)
    rows = np.array(
        [[case.types[n].labels.index(label) for n, label in zip(types, row, strict=True)] for row, _ in joint.rows],
        dtype=np.int16,
    )
    labels = tuple(",".join(row) for row, _ in joint.rows)
    name = f"the joint prior of {' and '.join(joint.types)}"
    return PriorGroup(types, rows, WeightRow(name, labels, tuple(weight for _, weight in joint.rows)))


def _possible(group: PriorGroup, judged: tuple[WeightRow | None, ...], posture: Posture) -> NDArray[np.int64]:
    possible = ~np.array(known_zero(group.weights.weights, posture))
    own = judged[group.types[0]]
    if len(group.types) == 1 and own is not None:
        possible |= ~np.array(known_zero(own.weights, posture))
    return np.flatnonzero(possible)
