"""An agreement as numbers: who does what, what it is worth to whom, and what breaking it brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from detente.axes import Bools, Floats
from detente.game.settlement.problems import AgreementError, Problem
from detente.game.settlement.structure import check_structure

Exit = Literal["performer", "any"]
_AXES = {
    "undo_cost": "draws steps",
    "dividend": "draws parties",
    "outside": "draws parties",
    "grab": "draws parties",
    "grab_step": "draws steps parties",
    "peacekeepers": "draws",
    "monitoring": "draws parties",
    "guarantee": "draws parties",
    "discount": "draws",
    "collapse": "draws",
}
_RANGES = {
    "undo_cost": (0.0, np.inf),
    "peacekeepers": (0.0, 1.0),
    "monitoring": (0.0, 1.0),
    "guarantee": (0.0, np.inf),
    "discount": (0.0, 1.0),
    "collapse": (0.0, 1.0),
}


@dataclass(frozen=True, eq=False)
class Agreement:
    """Steps between parties, in one world or many. Steps and parties are numbers, counted from 0.

    Numbers may be given in any shape that broadcasts to theirs (a single number, one world for all draws); they
    are kept in full shape.

    Attributes:
        benefit: [draws, steps, parties] what the step is worth to the party once carried out; a cost is negative.
        performers: Per step the parties that carry it out: one, several (jointly), or none (a third party does).
        prerequisites: Per step the steps that have to be complete before it; empty for none at all.
        bundles: Groups of steps that happen at once, or not at all.
        undoer: Per step who can undo it, None for nobody; empty if nothing can be undone.
        undo_cost: [draws, steps] what undoing costs the undoer; at least 0.
        dividend: [draws, parties] what completion of all steps adds.
        outside: [draws, parties] what a party has without signing.
        grab: [draws, parties] what leaving gains beyond keeping what was received, before any step is complete.
        grab_step: [draws, steps, parties] what each completed step adds to that. Below zero in all, nothing is grabbed.
        peacekeepers: [draws] share of the grab that peacekeepers prevent, 0 to 1.
        monitoring: [draws, parties] chance that a breach by the party is seen, 0 to 1.
        guarantee: [draws, parties] what the guarantor makes a seen breach cost; at least 0.
        discount: [draws] what a step later is worth against a step now, 0 to 1.
        collapse: [draws] chance, after each step but the last, that the process collapses by itself, 0 to 1.
        exit: Who may leave before a step: its performers, or any party.
        stop: The steps at which the parties stop; None for all.

    Raises:
        AgreementError: With a code for each thing that is wrong.
    """

    benefit: Floats
    performers: tuple[tuple[int, ...], ...]
    prerequisites: tuple[tuple[int, ...], ...] = ()
    bundles: tuple[tuple[int, ...], ...] = ()
    undoer: tuple[int | None, ...] = ()
    undo_cost: Floats | float = 0.0
    dividend: Floats | float = 0.0
    outside: Floats | float = 0.0
    grab: Floats | float = 0.0
    grab_step: Floats | float = 0.0
    peacekeepers: Floats | float = 0.0
    monitoring: Floats | float = 1.0
    guarantee: Floats | float = 0.0
    discount: Floats | float = 1.0
    collapse: Floats | float = 0.0
    exit: Exit = "performer"
    stop: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        """Bring every number into its full shape and refuse what makes no sense."""
        set_ = object.__setattr__
        set_(self, "benefit", np.asarray(self.benefit, dtype=np.float64))
        if self.benefit.ndim != 3 or 0 in self.benefit.shape:
            raise AgreementError(
                [Problem("S001", f"benefit has shape {self.benefit.shape}; it has to be [draws, steps, parties].")]
            )
        problems = self._shape_numbers()
        for name in ("performers", "prerequisites", "bundles"):
            set_(self, name, tuple(tuple(item) for item in getattr(self, name)))
        set_(self, "prerequisites", self.prerequisites or ((),) * self.num_steps)
        set_(self, "undoer", tuple(self.undoer) or (None,) * self.num_steps)
        set_(self, "stop", None if self.stop is None else tuple(sorted(self.stop)))
        if self.exit not in ("performer", "any"):
            problems.append(Problem("S007", f"exit = {self.exit!r} has to be 'performer' or 'any'."))
        problems += check_structure(
            self.num_steps,
            self.num_parties,
            self.performers,
            self.prerequisites,
            self.bundles,
            self.undoer,
            self.stop,
        )
        if problems:
            raise AgreementError(problems)

    def _shape_numbers(self) -> list[Problem]:
        """Broadcast all numbers to their shapes; what cannot be, or is out of range, is reported."""
        problems: list[Problem] = []
        given = {name: np.asarray(getattr(self, name), dtype=np.float64) for name in _AXES}
        full_length = (array.shape[0] for name, array in given.items() if array.ndim == len(_AXES[name].split()))
        draws = max([self.benefit.shape[0], *full_length])
        length = {"draws": draws, "steps": self.num_steps, "parties": self.num_parties}
        for name, array in {"benefit": self.benefit, **given}.items():
            axes = _AXES.get(name, "draws steps parties").split()
            shape = tuple(length[axis] for axis in axes)
            try:
                full = np.broadcast_to(array, shape)
            except ValueError:
                wanted = ", ".join(f"{axis}: {length[axis]}" for axis in axes)
                problems.append(Problem("S001", f"{name} has shape {array.shape}, which does not fit [{wanted}]."))
                continue
            object.__setattr__(self, name, full)
            problems += _check_range(name, array)
        return problems

    @property
    def num_draws(self) -> int:
        """Number of worlds."""
        return self.benefit.shape[0]

    @property
    def num_steps(self) -> int:
        """Number of steps."""
        return self.benefit.shape[1]

    @property
    def num_parties(self) -> int:
        """Number of parties."""
        return self.benefit.shape[2]

    @property
    def fades(self) -> bool:
        """Whether what is still to come counts less than what is there, in some world."""
        return bool(np.any(np.less(self.discount, 1.0)) or np.any(np.greater(self.collapse, 0.0)))

    @property
    def stopping_steps(self) -> tuple[int, ...]:
        """The steps after which the parties stop, in order."""
        return tuple(range(self.num_steps)) if self.stop is None else self.stop

    @property
    def undone(self) -> Bools:
        """[draws, steps] whether the step is undone once somebody leaves: its undoer gains more than that costs."""
        found = np.zeros((self.num_draws, self.num_steps), dtype=np.bool_)
        for step, party in enumerate(self.undoer):
            if party is not None:
                found[:, step] = -self.benefit[:, step, party] > np.asarray(self.undo_cost)[:, step]
        return found

    @property
    def kept(self) -> Floats:
        """[draws, steps, parties] what a completed step leaves each party with once somebody has left."""
        undone = self.undone
        found = np.where(undone[:, :, None], 0.0, self.benefit)
        for step, party in enumerate(self.undoer):
            if party is not None:
                found[:, step, party] -= np.where(undone[:, step], np.asarray(self.undo_cost)[:, step], 0.0)
        return found

    def draw(self, number: int) -> Agreement:
        """The agreement in one world."""
        one = slice(number, number + 1)
        return replace(
            self, benefit=self.benefit[one], **{name: np.asarray(getattr(self, name))[one] for name in _AXES}
        )

    def changed(self, **fields: Any) -> Agreement:
        """The agreement with other values in some fields."""
        return replace(self, **fields)


def _check_range(name: str, array: Floats) -> list[Problem]:
    low, high = _RANGES.get(name, (-np.inf, np.inf))
    bad = ~np.isfinite(array) | (array < low) | (array > high)
    if not bad.any():
        return []
    value = float(array[bad].flat[0])
    bounds = "finite" if (low, high) == (-np.inf, np.inf) else f"{low:g} or more" if high == np.inf else "from 0 to 1"
    where = tuple(int(k) for k in np.argwhere(bad)[0])
    return [Problem("S007", f"{name} = {value:g} (at {list(where)}) has to be {bounds}.")]


def reciprocal(owners: Sequence[int], costs: ArrayLike, benefits: ArrayLike, **fields: Any) -> Agreement:
    """An exchange between two parties: each step costs its owner and is worth something to the other.

    Args:
        owners: Party 0 or 1 per step.
        costs: [draws, steps] cost to the owner; one number a step, or one for all, will do.
        benefits: [draws, steps] benefit to the other, likewise.
        fields: Other fields of the `Agreement`.
    """
    cost, gain = np.atleast_2d(np.asarray(costs, dtype=np.float64)), np.atleast_2d(np.asarray(benefits, np.float64))
    shape = (max(len(cost), len(gain)), len(owners))
    cost, gain = np.broadcast_to(cost, shape), np.broadcast_to(gain, shape)
    benefit = np.empty((*cost.shape, 2))
    for step, owner in enumerate(owners):
        benefit[:, step, owner], benefit[:, step, 1 - owner] = -cost[:, step], gain[:, step]
    return Agreement(benefit, tuple((owner,) for owner in owners), **fields)
