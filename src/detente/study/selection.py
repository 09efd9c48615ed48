"""Whether an answer rests on which of several equilibria is played (rule 12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.axes import Floats
from detente.case import Posture
from detente.compiler import RuledPosture
from detente.game import Assessment, GameNumbers, certify, expected_payoffs, terminal_probability
from detente.solvers import other_equilibria
from detente.study.games import Solved, beliefs_of
from detente.study.played import Played
from detente.study.worlds import TIE, Worlds


@dataclass(frozen=True, eq=False)
class Alternatives:
    """Equilibria of one posture in one world, beside the one on the principal branch.

    Attributes:
        low: Least value of the owner over everything found; high: greatest.
        found: How many equilibria with different endings there are beside the principal one.
    """

    low: float
    high: float
    found: int


def alternatives(worlds: Worlds, played: Played, row: int, starts: int, scale: Floats) -> Alternatives:
    """Look for other equilibria of a posture in one world.

    Args:
        worlds: The postures.
        played: The posture, played.
        row: Which world.
        starts: Interior starting points.
        scale: [players] payoff ranges in that world.
    """
    principal = float(played.value(worlds.owner)[row])
    if played.optimal and played.optimal[row].get("mixed"):
        strict = played.optimal[row]["strict_value"]
        return Alternatives(principal if strict is None else min(principal, strict), principal, 0)
    below, above, count = 0.0, 0.0, 0
    for part in played.parts:
        for entry in np.flatnonzero(part.rows == row):
            solved = part.solved if part.probe is None else part.probe()
            index = int(solved.inverse[entry])
            here = float(solved.payoff(worlds.owner)[index])
            others = others_of(worlds, solved, index, starts, scale)
            gaps = [_value(solved, index, item.strategy, worlds.owner) - here for item, _ in others]
            count += len(others)
            below += float(part.weight[entry]) * min([0.0, *gaps])
            above += float(part.weight[entry]) * max([0.0, *gaps])
    return Alternatives(principal + below, principal + above, count)


def others_of(worlds: Worlds, solved: Solved, index: int, starts: int, scale: Floats) -> list[tuple[Assessment, int]]:
    """Other certified equilibria of one distinct game, with how many starting points led to each.

    None under the best mixed rule: that ties go the owner's way is part of the posture, and a rule nearby does
    without it.
    """
    if isinstance(solved.game.compiled, RuledPosture):
        return []
    if starts <= 0 or (worlds.options.stop is not None and worlds.options.stop()):
        return []
    shape = solved.game.compiled.shape
    numbers = GameNumbers(solved.numbers.payoff[index : index + 1], solved.numbers.chance[index : index + 1])
    found = other_equilibria(
        shape, numbers, scale[None, :], starts=starts, threads=worlds.options.threads, stop=worlds.options.stop
    )
    ends = solved.probability[index]
    each = [(found.assessment.take(slice(k, k + 1)), int(found.hits[k])) for k in range(len(found.hits))]
    return [
        (item, hits)
        for item, hits in each
        if np.abs(terminal_probability(shape, numbers.chance, item.strategy)[0] - ends).max() > 1e-6
    ]


def _value(solved: Solved, index: int, strategy: Floats, player: int) -> float:
    numbers = solved.numbers.take(slice(index, index + 1))
    judge = player if player == solved.game.owner else None
    return float(expected_payoffs(solved.game.compiled.shape, numbers, strategy, judge=judge)[0, player])


def another_can_lead(found: Sequence[Alternatives], values: Floats, tolerance: float) -> bool:
    """Whether some choice among the equilibria found changes which postures are best.

    Args:
        found: What was found, per posture.
        values: [postures] the owner's values on the principal branch.
        tolerance: Values this close are tied.
    """
    best = values >= values.max() - tolerance
    for k, item in enumerate(found):
        others = np.array([other.high for j, other in enumerate(found) if j != k])
        rivals = np.delete(values, k)
        if best[k] and item.low < rivals.max(initial=-np.inf) - tolerance:
            return True
        if best[k] and (others > values[k] + tolerance).any():
            return True
    return False


def caused_by_selection(worlds: Worlds, postures: Sequence[Posture], ends: Floats) -> bool:
    """Whether a posture's value jumps between two near worlds although either equilibrium holds in both.

    Args:
        worlds: The postures.
        postures: Those whose rank changes.
        ends: [2, params] the worlds on both sides of the switch.
    """
    scale = worlds.scale(ends)
    for posture in postures:
        if posture.needs_search:
            continue
        played = worlds.play(posture, ends, scale)
        values = played.value(worlds.owner)
        if abs(values[1] - values[0]) <= 1e-3 * scale[0, worlds.owner]:
            continue
        solved = played.parts[0].solved
        if len(solved.assessment.strategy) < 2:
            continue
        if _holds_at(solved, 0, 1, scale) or _holds_at(solved, 1, 0, scale):
            return True
    return False


def _holds_at(solved: Solved, source: int, target: int, scale: Floats) -> bool:
    """Whether the profile of one distinct game is certified in another of the same shape."""
    witness = solved.assessment.witness
    if witness is None:
        return False
    one = slice(source, source + 1)
    numbers = solved.numbers.take(slice(target, target + 1))
    strategy = solved.assessment.strategy[one]
    logs = witness.log_strategy[:, one]
    belief = beliefs_of(solved.game.compiled.shape, numbers.chance, strategy, logs)
    assessment = Assessment(strategy, belief, witness.take(one))
    row = scale[target : target + 1]
    return bool(certify(solved.game.compiled.shape, numbers, assessment, row).certified[0])


def sensitive_worlds(worlds: Worlds, theta: Floats, starts: int) -> tuple[list[list[Alternatives]], list[bool]]:
    """Other equilibria of every posture in a few worlds, and whether they change which posture is best.

    Returns:
        [worlds][postures] what was found, and [worlds] whether another posture could lead.
    """
    scale = worlds.scale(theta)
    played = [worlds.play(posture, theta, scale) for posture in worlds.postures]
    found = [[alternatives(worlds, item, row, starts, scale[row]) for item in played] for row in range(len(theta))]
    values = np.column_stack([item.value(worlds.owner) for item in played])
    tolerance = TIE * scale[:, worlds.owner]
    return found, [another_can_lead(found[row], values[row], float(tolerance[row])) for row in range(len(theta))]
