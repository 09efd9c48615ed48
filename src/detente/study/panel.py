"""The numbers of every posture over a batch of worlds, as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats
from detente.study.played import Played
from detente.study.watch import Halted, Watch
from detente.study.worlds import TIE, Worlds, rows_of


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


def panel_of(played: list[Played], spread: Floats, owner: int) -> Panel:
    """The numbers of postures that have been played."""
    return Panel(
        np.stack([item.values() for item in played]),
        np.stack([item.value_by_type() for item in played]),
        np.stack([item.outcomes() for item in played]),
        np.stack([item.not_modelled() for item in played]),
        np.stack([item.certified for item in played]),
        spread,
        owner,
    )


def evaluate(worlds: Worlds, theta: Floats, watch: Watch, every: int | None = None) -> Panel:
    """Every posture in one batch of worlds; `every` as in `Worlds.play`.

    Raises:
        Halted: The watch said stop before the batch was finished.
    """
    scale = worlds.scale(theta)
    played: dict[str, Played] = {}
    pivot = np.full(len(theta), -np.inf)
    for posture in sorted(worlds.postures, key=lambda item: item.needs_search):
        compared = pivot if every is not None and np.isfinite(pivot).all() else None
        played[posture.name] = worlds.play(posture, theta, scale, every=every, pivot=compared)
        if watch.stopped:
            raise Halted
        pivot = np.fmax(pivot, played[posture.name].value(worlds.owner))
    return panel_of([played[posture.name] for posture in worlds.postures], scale[:, worlds.owner], worlds.owner)


def evaluate_all(worlds: Worlds, theta: Floats, watch: Watch, stage: str, size: int) -> Panel | None:
    """Every posture in all worlds, batch by batch; what was finished if stopped, None if nothing was."""
    parts: list[Panel] = []
    watch(stage, 0, len(theta))
    for rows in rows_of(len(theta), size):
        if watch.stopped:
            break
        try:
            parts.append(evaluate(worlds, theta[rows], watch))
        except Halted:
            break
        watch(stage, int(rows[-1]) + 1, len(theta))
    return Panel.joined(parts) if parts else None
