"""The numbers of every posture over a batch of worlds, as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.case import Posture
from detente.study.played import Played
from detente.study.watch import Halted, Watch
from detente.study.worlds import TIE, Worlds


@dataclass(frozen=True, eq=False)
class Panel:
    """Every posture in every world of a batch.

    Attributes:
        values: [postures, draws, players] expected payoffs, the owner's as it judges.
        by_type: [postures, draws, own labels] the owner's value by its own type.
        outcomes: [postures, draws, outcomes] probability of each outcome.
        not_modelled: [postures, draws] probability of endings the case does not cover.
        certified: [postures, draws] whether everything behind the numbers is certified.
        spread: [draws] the owner's payoff range over all postures.
        owner: Index of the owner among the players.
    """

    values: Floats
    by_type: Floats
    outcomes: Floats
    not_modelled: Floats
    certified: Bools
    spread: Floats
    owner: int

    @property
    def own(self) -> Floats:
        """[postures, draws] the owner's value."""
        return self.values[:, :, self.owner]

    @property
    def whole(self) -> Bools:
        """[draws] whether every posture is certified there (rule 18)."""
        return np.asarray(self.certified.all(axis=0))

    @property
    def best(self) -> Bools:
        """[postures, draws] which postures are best, ties included (rule 14)."""
        own = np.where(np.isnan(self.own), -np.inf, self.own)
        return own >= own.max(axis=0) - TIE * self.spread

    def take(self, rows: slice) -> Panel:
        """Some of the worlds."""
        return Panel(
            self.values[:, rows],
            self.by_type[:, rows],
            self.outcomes[:, rows],
            self.not_modelled[:, rows],
            self.certified[:, rows],
            self.spread[rows],
            self.owner,
        )

    @classmethod
    def joined(cls, parts: list[Panel]) -> Panel:
        """Batches one after the other."""
        return cls(
            np.concatenate([part.values for part in parts], axis=1),
            np.concatenate([part.by_type for part in parts], axis=1),
            np.concatenate([part.outcomes for part in parts], axis=1),
            np.concatenate([part.not_modelled for part in parts], axis=1),
            np.concatenate([part.certified for part in parts], axis=1),
            np.concatenate([part.spread for part in parts]),
            parts[0].owner,
        )


@dataclass(frozen=True, eq=False)
class Columns:
    """One posture over a batch of worlds: the entries of a `Panel` without its first axis."""

    values: Floats
    by_type: Floats
    outcomes: Floats
    not_modelled: Floats
    certified: Bools

    @classmethod
    def of(cls, played: Played) -> Columns:
        """The numbers of a posture that has been played."""
        return cls(played.values(), played.value_by_type(), played.outcomes(), played.not_modelled(), played.certified)


def panel_of(columns: list[Columns], spread: Floats, owner: int) -> Panel:
    """Postures side by side."""
    return Panel(
        np.stack([item.values for item in columns]),
        np.stack([item.by_type for item in columns]),
        np.stack([item.outcomes for item in columns]),
        np.stack([item.not_modelled for item in columns]),
        np.stack([item.certified for item in columns]),
        spread,
        owner,
    )


def evaluate(worlds: Worlds, theta: Floats, watch: Watch, lines: Ints | None = None, ranking: bool = False) -> Panel:
    """Every posture in one batch of worlds.

    Args:
        worlds: The postures.
        theta: [draws, params] the worlds.
        watch: May stop the work.
        lines: As in `Worlds.play`. A posture with an `optimal` disclosure is then searched for closely only
            where it could be best or tied.
        ranking: Only which posture is best counts; needs `lines`.

    Raises:
        Halted: The watch said stop before the batch was finished.
    """
    options = worlds.options
    worlds.options = replace(options, ranking=ranking)
    try:
        return _evaluate(worlds, theta, watch, lines)
    finally:
        worlds.options = options


def _without_signals(posture: Posture, other: Posture) -> bool:
    """Whether the other posture is the same without its best disclosure."""
    if "optimal" not in posture.disclose.values() or other.needs_search:
        return False
    open_to = {name: seen_by for name, seen_by in posture.disclose.items() if seen_by != "optimal"}
    same = (posture.owner, posture.commit, open_to, posture.set, posture.allow)
    return same == (other.owner, other.commit, other.disclose, other.set, other.allow)


def _evaluate(worlds: Worlds, theta: Floats, watch: Watch, lines: Ints | None) -> Panel:
    scale = worlds.scale(theta)
    found: dict[str, Columns] = {}
    played: dict[str, Played] = {}
    pivot = np.full(len(theta), -np.inf)
    for posture in sorted(worlds.postures, key=lambda item: item.needs_search):
        known = pivot if lines is not None and np.isfinite(pivot).all() else None
        silent = next((played[item.name] for item in worlds.postures if _without_signals(posture, item)), None)
        played[posture.name] = worlds.play(posture, theta, scale, lines=lines, pivot=known, silent=silent)
        found[posture.name] = Columns.of(played[posture.name])
        if watch.stopped:
            raise Halted
        pivot = np.fmax(pivot, found[posture.name].values[:, worlds.owner])
    return panel_of([found[posture.name] for posture in worlds.postures], scale[:, worlds.owner], worlds.owner)
