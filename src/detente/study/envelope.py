"""The owner's value against what the others believe about its type, at base values (rule 15)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from detente.axes import Floats
from detente.case import Posture
from detente.solvers import Disclosed, SearchSettings, concave_envelope, envelope_along
from detente.study.disclose import make_signals, optimal_type, search
from detente.study.games import Game
from detente.study.results import EnvelopeAnswer
from detente.study.signals import Signals
from detente.study.watch import Watch
from detente.study.worlds import Worlds


def envelope_subject(worlds: Worlds) -> tuple[Posture, str] | None:
    """The posture and the type an envelope can be drawn for, None if the owner has no such type.

    A posture that discloses a type optimally comes first; else the status quo with nothing disclosed.
    """
    for posture in worlds.postures:
        name = optimal_type(worlds.case, posture)
        if name is not None:
            return posture, name
    owner = worlds.players[worlds.owner]
    own = [item for item in worlds.case.types_of(owner) if len(item.labels) in (2, 3)]
    if len(own) != 1:
        return None
    quo = next((item for item in worlds.postures if item.status_quo), worlds.postures[0])
    return quo, own[0].name


def draw_envelope(worlds: Worlds, points: int, watch: Watch) -> EnvelopeAnswer | None:
    """Value against belief on a fine grid with every jump, and its concave envelope."""
    subject = envelope_subject(worlds)
    if subject is None or watch.stopped:
        return None
    posture, name = subject
    watch("envelope", 0, 1)
    hidden = replace(posture, disclose={**posture.disclose, name: "optimal"})
    game = _game(worlds, hidden)
    if len(game.root_labels(name)) == 0:
        return None
    theta = worlds.case.base_theta()[None, :]
    signals = make_signals(game, name, theta, worlds.scale(theta), worlds.options, worlds.tally)
    settings = SearchSettings(grid=points, everywhere=True, confirm=True, smooth_width=1.0 / points)
    found = search(signals, settings)[0]
    watch("envelope", 1, 1)
    if not found.splits:
        return None
    return _answer(worlds, signals, name, found)


def _game(worlds: Worlds, posture: Posture) -> Game:
    """The game behind the curve; an `optimal` rule is the one that is best at base values."""
    if not any(item.optimal for item in posture.commit.values()):
        return worlds.game(replace(posture, name=f"{posture.name} (envelope)"))
    theta = worlds.case.base_theta()[None, :]
    played = worlds.play(posture, theta, worlds.scale(theta))
    return played.parts[0].solved.game


def _answer(worlds: Worlds, signals: Signals, name: str, found: Disclosed) -> EnvelopeAnswer:
    labels = worlds.case.labels_of(name)
    prior = signals.base.prior[0]
    values = found.values
    without = _value_at(found, prior)
    corners = np.array([_value_at(found, corner) for corner in np.eye(len(labels))])
    full = float(np.where(prior > 0, prior * corners, 0.0).sum())
    return EnvelopeAnswer(
        type_name=name,
        labels=labels,
        beliefs=found.points,
        values=values,
        envelope=_heights(found),
        prior=prior,
        value=found.value,
        without=without,
        full=full,
        support=tuple((split.belief, split.weight) for split in found.splits),
        attained=not any(split.limit for split in found.splits),
        jumps=found.jumps,
    )


def _value_at(found: Disclosed, belief: Floats) -> float:
    at = np.flatnonzero(np.all(np.abs(found.points - belief) < 1e-12, axis=1))
    return float(found.values[at].max()) if len(at) else float("nan")


def _heights(found: Disclosed) -> Floats:
    """[points] the envelope at every point looked at."""
    if found.points.shape[1] == 2:
        place = found.points[:, 0]
        return envelope_along(place, found.values, place)
    heights = [concave_envelope(found.points, found.values, point).value for point in found.points]
    return np.array(heights)
