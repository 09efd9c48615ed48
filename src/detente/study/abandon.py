"""What each type of the owner gains by abandoning a posture once it knows its type (rule 16)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from detente.axes import Floats
from detente.case import Posture
from detente.compiler import UNMATCHED, RuledPosture, match_actions, same_rule
from detente.game import GameNumbers, best_response_values, expected_payoffs
from detente.study.games import Game, Solved
from detente.study.played import Part, Played
from detente.study.signals import by_label
from detente.study.worlds import TIE, Worlds

BREAK, REVEAL, CONCEAL = "break", "reveal", "conceal"


def abandon_gains(
    worlds: Worlds, posture: Posture, played: Played, theta: Floats, scale: Floats
) -> dict[str, dict[str, Any]]:
    """The largest gain of each type from abandoning a posture, in one world.

    Args:
        worlds: The postures.
        posture: The posture.
        played: It, played in that world.
        theta: [1, params] the world.
        scale: [1, players] payoff ranges.

    Returns:
        Per combination of the owner's types: ``gain`` in payoff units and ``how``: ``break`` the
        commitment, ``reveal`` the type, ``conceal`` it, or nothing where no way gains. The other ways
        are listed under ``ways``.
    """
    game = played.parts[0].solved.game
    value = played.value_by_type()[0]
    ways: dict[str, Floats] = {}
    if posture.commit or posture.allow or "optimal" in posture.disclose.values():
        ways[BREAK] = _broken(worlds, posture, played, theta, scale)
    others = frozenset(worlds.players)
    hidden = [name for name in game.own_types if not _seen_by(posture, name) >= others - {posture.owner}]
    shown = [name for name in game.own_types if _seen_by(posture, name) - {posture.owner}]
    optimal = [name for name in game.own_types if posture.disclose.get(name) == "optimal"]
    if hidden or optimal:
        ways[REVEAL] = _otherwise(worlds, posture, game, hidden + optimal, others, theta, scale)
    if shown or optimal:
        ways[CONCEAL] = _otherwise(worlds, posture, game, shown + optimal, frozenset(), theta, scale)
    tolerance = TIE * float(scale[0, worlds.owner])
    gains: dict[str, dict[str, Any]] = {}
    for k, combo in enumerate(game.own_labels):
        if np.isnan(value[k]):
            continue
        found = {how: float(values[k] - value[k]) for how, values in ways.items() if not np.isnan(values[k])}
        how = max(found, key=lambda name: found[name]) if found else ""
        gain = max(found.get(how, 0.0), 0.0)
        gains[label_text(combo)] = {
            "gain": gain if gain > tolerance else 0.0,
            "how": how if gain > tolerance else "",
            "ways": found,
        }
    return gains


def label_text(combo: tuple[str, ...]) -> str:
    """A combination of the owner's types as a key; an owner without types has the one key ``any``."""
    return ",".join(combo) or "any"


def _seen_by(posture: Posture, name: str) -> frozenset[str]:
    seen = posture.disclose.get(name, frozenset[str]())
    return frozenset() if seen == "optimal" else frozenset(seen)


def _otherwise(
    worlds: Worlds,
    posture: Posture,
    game: Game,
    names: list[str],
    seen_by: frozenset[str],
    theta: Floats,
    scale: Floats,
) -> Floats:
    """[own labels] value of each type if some of the owner's types were seen by others instead."""
    changed = replace(posture, disclose={**posture.disclose, **dict.fromkeys(names, seen_by)})
    rule = game.compiled.plan.settings.rule
    compiled = worlds.compiled(changed, rule=rule)
    if isinstance(game.compiled, RuledPosture):
        compiled = same_rule(compiled, game.compiled)
    solved = worlds.game_of(compiled).solve(theta, scale, worlds.options, worlds.tally)
    part = Part(solved, np.zeros(1, dtype=np.int32), np.ones(1))
    values = Played(changed.name, 1, (part,), solved.certified).value_by_type()[0]
    return values if solved.certified[0] else np.full_like(values, np.nan)


def _broken(worlds: Worlds, posture: Posture, played: Played, theta: Floats, scale: Floats) -> Floats:
    """[own labels] value of each type once it is free of the posture, to what the others play under it.

    A type free of a commitment gives its best response; where a breach is seen before somebody moves, the
    posture says nothing about that player's answer, and it is taken from the equilibrium of the game in
    which the owner is free. A type free of a disclosure rule sends the signal it likes best.
    """
    kept = played.parts[0].solved.game
    free = None
    if posture.commit or posture.allow:
        freed = replace(posture, commit={}, allow={})
        free = worlds.game_of(worlds.compiled(freed))
    met = np.flatnonzero(~np.isnan(played.value_by_type()[0]))
    best = np.full(len(kept.own_labels), np.nan)
    for part in played.parts:
        for index in part.solved.inverse.tolist():
            for k in met.tolist():
                if free is None:
                    worth = _as_published(part.solved, index, k, theta)
                else:
                    worth = _best_response(worlds, free, part.solved, index, k, theta, scale)
                best[k] = np.fmax(best[k], worth)
    return best


def _as_published(kept: Solved, index: int, label: int, theta: Floats) -> float:
    """Value of a type that goes along with a play of the posture, whether or not it was meant for it."""
    shape = kept.game.compiled.shape
    numbers = GameNumbers(kept.numbers.payoff[index : index + 1], _chance_given(kept.game, label, theta))
    return float(expected_payoffs(shape, numbers, kept.assessment.strategy[index : index + 1])[0, kept.game.owner])


def _best_response(
    worlds: Worlds, game: Game, kept: Solved, index: int, label: int, theta: Floats, scale: Floats
) -> float:
    solved = game.solve(theta, scale, worlds.options, worlds.tally, _root_priors(game, kept, index))
    matched = match_actions(game.compiled, kept.game.compiled)
    known = matched != UNMATCHED
    strategy = solved.assessment.strategy.copy()
    strategy[:, known] = kept.assessment.strategy[index][matched[known]]
    free = GameNumbers(solved.numbers.payoff, _chance_given(game, label, theta))
    return float(best_response_values(game.compiled.shape, free, strategy)[0, worlds.owner])


def _chance_given(game: Game, label: int, theta: Floats) -> Floats:
    """[1, chance_edges] chance given a combination of the owner's types, as the owner judges it."""
    priors: dict[str, Floats] = {}
    for name, wanted in zip(game.own_types, game.own_labels[label], strict=True):
        labels = game.case.labels_of(name)
        priors[name] = np.array([[float(item == wanted) for item in labels]])
    numbers = game.compiled.numbers(theta, priors or None)
    return numbers.chance if numbers.judged_chance is None else numbers.judged_chance


def _root_priors(game: Game, kept: Solved, index: int) -> dict[str, Floats] | None:
    """The belief at which a part was solved, for a type disclosed in the best way."""
    names = [name for name, seen in game.compiled.posture.disclose.items() if seen == "optimal"]
    if not names:
        return None
    count = len(game.case.labels_of(names[0]))
    chance = kept.numbers.chance[index : index + 1, kept.game.root_edges]
    return {names[0]: by_label(chance, kept.game.root_labels(names[0]), count)}
