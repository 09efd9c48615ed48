"""What knowing an indicator is worth to the owner, who decides after it.

The gain is that of deciding after knowing whether the indicator is seen (the expected value of sample information:
Raiffa and Schlaifer 1961, chapter 4), worked out in each of a number of plausible worlds and averaged over them. A
world is a draw of the parameters; what is believed in it is what it makes of the evidence, and it counts by how well it
explains the moves. In every world each posture is solved at what is believed now and after each outcome, which takes
the place of the prior for everybody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.case import Case, Posture
from detente.study.disclose import optimal_type
from detente.study.watch import Watch
from detente.study.worlds import TIE, Worlds

NOTHING = 1e-9
"""A gain below this share of the owner's payoff range is rounding."""
WORLDS = 100
"""Worlds in which an indicator is valued, unless fewer fit."""
FEWEST = 10
MOST_WORK = 8_000_000
"""Nodes solved at most for the value of all indicators together, as long as `FEWEST` worlds are left."""


@dataclass(frozen=True, eq=False)
class Outlook:
    """What is believed about the type as things stand.

    Attributes:
        point: [types] at the points of all ranges.
        theta: [worlds, params] parameters of plausible worlds.
        belief: [worlds, types] what is believed in each.
        weight: [worlds] how much each counts; not negative.
    """

    point: Floats
    theta: Floats
    belief: Floats
    weight: Floats

    def take(self, rows: Ints) -> Outlook:
        """Some of the worlds."""
        return Outlook(self.point, self.theta[rows], self.belief[rows], self.weight[rows])


@dataclass(frozen=True, eq=False)
class Decisions:
    """The owner's value of every posture in some worlds: as things stand, and after what each indicator tells.

    Attributes:
        postures: Names of the postures that were tried.
        values: [worlds, beliefs, postures] the owner's value; NaN where it is not certified. The first belief is that
            of now, followed by two for each indicator: seen, absent.
        chance: [worlds, indicators, 2] how likely each indicator is seen, and absent.
        spread: [worlds] the owner's payoff range, the unit of ties.
        weight: [worlds] how much each counts.
    """

    postures: tuple[str, ...]
    values: Floats
    chance: Floats
    spread: Floats
    weight: Floats

    def best(self, belief: int) -> str:
        """Name of the best posture in the first world; the first in the order of the case among ties."""
        values = self.values[0, belief]
        if np.isnan(values).all():
            return ""
        return self.postures[int(np.flatnonzero(values >= np.nanmax(values) - TIE * self.spread[0])[0])]

    def gain(self, indicator: int) -> Gain:
        """What an indicator is worth, over the worlds in which every posture is certified at what it leads to."""
        beliefs = [0, 1 + 2 * indicator, 2 + 2 * indicator]
        found = self.values[:, beliefs]
        known: Bools = np.asarray(np.isfinite(found).all(axis=(1, 2)), dtype=np.bool_)
        if not known.any():
            return Gain(None, None, None, 0)
        found, chance, spread = found[known], self.chance[known, indicator], self.spread[known]
        best = found.max(axis=2)
        gains = (chance * best[:, 1:]).sum(axis=1) - best[:, 0]
        gains[np.abs(gains) <= NOTHING * spread] = 0.0
        kept = np.take_along_axis(found[:, 1:], found[:, :1].argmax(axis=2)[:, :, None], axis=2)[:, :, 0]
        switched = (chance * (kept < best[:, 1:] - TIE * spread[:, None])).sum(axis=1)
        share = self.weight[known] / self.weight[known].sum()
        mean = float(share @ gains)
        return Gain(mean, _error(gains, mean, share), float(share @ switched), len(gains))


@dataclass(frozen=True)
class Gain:
    """What an indicator is worth.

    Attributes:
        value: Mean over worlds, in the owner's payoff units; None without any.
        error: Its standard error; None for fewer than two worlds.
        decides: How likely it is that what is learned makes another posture best.
        worlds: Number of worlds behind it.
    """

    value: float | None
    error: float | None
    decides: float | None
    worlds: int


def _error(gains: Floats, mean: float, share: Floats) -> float | None:
    """Standard error of a weighted mean; None for fewer than two worlds."""
    effective = 1.0 / float((share**2).sum())
    if effective < 1.0 + 1e-9:
        return None
    return float(np.sqrt((share**2 * (gains - mean) ** 2).sum() * effective / (effective - 1.0)))


def decidable(case: Case, about: str) -> tuple[Posture, ...]:
    """Postures that can be tried at another belief about a type: all that need no search."""
    return tuple(
        posture for posture in case.postures if not posture.needs_search and optimal_type(case, posture) != about
    )


def fitting(worlds: Worlds, about: str, indicators: int, most: int) -> int:
    """How many worlds fit into `MOST_WORK`, at least `FEWEST`."""
    nodes = sum(worlds.game(posture).compiled.shape.num_nodes for posture in decidable(worlds.case, about))
    return min(most, max(FEWEST, MOST_WORK // max(1, nodes * (1 + 2 * indicators))))


def decide(
    worlds: Worlds, about: str, outlook: Outlook, tables: Floats, progress: Watch, label: str
) -> Decisions | None:
    """Solve every posture at every belief in every world; those done so far if stopped, None if there are none.

    Args:
        worlds: The postures.
        about: The type.
        outlook: The worlds and what is believed in them.
        tables: [worlds, indicators, types] probability of seeing each indicator.
        progress: Told the progress.
        label: What the work is called.
    """
    postures = decidable(worlds.case, about)
    beliefs, chance = _after(outlook.belief, tables)
    total, each = beliefs.shape[:2]
    step = max(1, worlds.batch() // each)
    values: list[Floats] = []
    spreads: list[Floats] = []
    progress(label, 0, total)
    for low in range(0, total, step):
        rows = slice(low, low + step)
        theta, scale = outlook.theta[rows], worlds.scale(outlook.theta[rows])
        found = np.full((len(theta) * each, len(postures)), np.nan)
        flat = beliefs[rows].reshape(len(found), -1)
        for column, posture in enumerate(postures):
            if progress.stopped:
                break
            played = worlds.play(posture, np.repeat(theta, each, axis=0), np.repeat(scale, each, axis=0), {about: flat})
            found[:, column] = np.where(played.certified, played.value(worlds.owner), np.nan)
        if progress.stopped:
            break
        values.append(found.reshape(len(theta), each, len(postures)))
        spreads.append(scale[:, worlds.owner])
        progress(label, low + len(theta), total)
    if not values:
        return None
    done = sum(map(len, values))
    names = tuple(posture.name for posture in postures)
    return Decisions(names, np.concatenate(values), chance[:done], np.concatenate(spreads), outlook.weight[:done])


def _after(belief: Floats, tables: Floats) -> tuple[Floats, Floats]:
    """[worlds, 1 + 2 indicators, types] beliefs now and after each outcome, [worlds, indicators, 2] its chance."""
    outcomes = np.stack([tables, 1.0 - tables], axis=2)
    joint = outcomes * belief[:, None, None, :]
    chance = joint.sum(axis=3)
    now = np.broadcast_to(belief[:, None, None, :], joint.shape)
    after = np.divide(joint, chance[..., None], out=now.copy(), where=chance[..., None] > 0)
    worlds, types = belief.shape
    return np.concatenate([belief[:, None], after.reshape(worlds, -1, types)], axis=1), chance
