"""Where something changes along a parameter: stretches between neighbors that differ, halved until they are narrow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats
from detente.case import Case
from detente.study.watch import Halted, Watch

ROUNDS = 24
States = tuple[Bools, Bools]
"""Of worlds: states [things, draws], and which are usable [draws]."""

Look = Callable[[Floats], States]
"""What is found in worlds [draws, params]."""


@dataclass
class Switch:
    """A stretch of a parameter in which something changes.

    Attributes:
        column: The parameter.
        low: Left end; high: right end.
        before: State at the left end; after: at the right end.
        gap: Whether a point between them could not be certified.
    """

    column: int
    low: float
    high: float
    before: Bools
    after: Bools
    gap: bool = False

    @property
    def width(self) -> float:
        """From end to end."""
        return self.high - self.low

    @property
    def middle(self) -> float:
        """Half-way between the ends."""
        return 0.5 * (self.low + self.high)


def changes(column: int, points: Floats, found: States) -> list[Switch]:
    """Neighboring usable points of a parameter whose states differ."""
    states, usable = found
    switches: list[Switch] = []
    last = -1
    for i in np.flatnonzero(usable):
        if last >= 0 and (states[:, last] != states[:, i]).any():
            place, gap = (float(points[last]), float(points[i])), bool(i - last > 1)
            switches.append(Switch(column, *place, states[:, last], states[:, i], gap))
        last = int(i)
    return switches


def refine(
    case: Case, switches: Sequence[Switch], look: Look, watch: Watch, stage: str, resolution: float
) -> list[Switch]:
    """Narrow every stretch, all at once, until its switches are located; a third state splits a stretch.

    Args:
        case: The case; all its other parameters have their base values.
        switches: The stretches.
        look: Tells the states of worlds.
        watch: May stop the work.
        stage: What the watch is told.
        resolution: Width to be reached, as a share of the parameter's range.
    """
    width = {column: _range(case, column) * resolution for column in {item.column for item in switches}}
    done = [item for item in switches if item.width <= width[item.column]]
    waiting = [item for item in switches if item.width > width[item.column]]
    for step in range(ROUNDS):
        if not waiting or watch.stopped:
            break
        watch(stage, step, ROUNDS)
        try:
            states, usable = look(np.vstack([along(case, item.column, [item.middle]) for item in waiting]))
        except Halted:
            break
        following: list[Switch] = []
        for k, item in enumerate(waiting):
            following += _halved(item, states[:, k], bool(usable[k]))
        done += [item for item in following if item.width <= width[item.column] or item.gap]
        waiting = [item for item in following if item.width > width[item.column] and not item.gap]
    watch(stage, ROUNDS, ROUNDS)
    return _merged(sorted(done + waiting, key=lambda item: (item.column, item.low)), width)


def _halved(item: Switch, state: Bools, usable: bool) -> list[Switch]:
    if not usable:
        item.gap = True
        return [item]
    halves: list[Switch] = []
    if (state != item.before).any():
        halves.append(Switch(item.column, item.low, item.middle, item.before, state))
    if (state != item.after).any():
        halves.append(Switch(item.column, item.middle, item.high, state, item.after))
    return halves


def _merged(switches: list[Switch], width: dict[int, float]) -> list[Switch]:
    """Switches that follow one another within the resolution are one: a tie on the way is not a state."""
    merged: list[Switch] = []
    for item in switches:
        last = merged[-1] if merged else None
        if last is not None and last.column == item.column and item.high - last.low <= 2.5 * width[item.column]:
            merged[-1] = Switch(item.column, last.low, item.high, last.before, item.after, last.gap or item.gap)
        else:
            merged.append(item)
    return [item for item in merged if (item.before != item.after).any()]


def along(case: Case, column: int, places: Floats | Sequence[float]) -> Floats:
    """[places, params] base values with one parameter moved."""
    theta = np.tile(case.base_theta(), (len(places), 1))
    theta[:, column] = places
    return theta


def _range(case: Case, column: int) -> float:
    item = case.parameters[column].distribution
    return item.high - item.low
