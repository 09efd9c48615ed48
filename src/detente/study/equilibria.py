"""How far an answer depends on which of several equilibria is played: all that can be found, posture by posture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.axes import Floats
from detente.solvers import EquilibriumSet, all_equilibria
from detente.study.equilibria_list import NamedGame, list_equilibria
from detente.study.games import Solved
from detente.study.played import Played
from detente.study.results_equilibria import (
    EquilibriaAnswer,
    EquilibriaComparison,
    PostureEquilibria,
)
from detente.study.watch import Watch
from detente.study.worlds import TIE, Worlds

REFINED = ("sequential", "backward_induction")
BASE_EFFORT = 0.3  # share of the usual limits, per game: a comparison looks at many
WORLD_EFFORT = 0.1  # the same in drawn worlds


@dataclass(frozen=True, eq=False)
class Spread:
    """What a posture's owner can get in one world, over the equilibria found.

    Attributes:
        low: Least value of the owner; high: greatest.
        refined: The same over equilibria that are sequential.
        outcomes: Outcome -> least and greatest probability.
        found: Number of equilibria with different endings.
        kinds: How many have each kind of certificate.
        complete: Whether every Nash equilibrium is accounted for. why: why, or why not.
    """

    low: float
    high: float
    refined: tuple[float, float]
    outcomes: dict[str, tuple[float, float]]
    found: int
    kinds: dict[str, int]
    complete: bool
    why: str


def named_game(solved: Solved, index: int) -> NamedGame:
    """One distinct game of a solved batch with its names."""
    compiled = solved.game.compiled
    outcomes = {
        name: np.flatnonzero(compiled.outcome_at[k]).astype(np.int32) for k, name in enumerate(compiled.outcome_names)
    }
    numbers = solved.numbers.take(slice(index, index + 1))
    return NamedGame(compiled.shape, numbers, compiled.infoset_labels, outcomes, solved.game.owner)


def equilibria_of(
    worlds: Worlds, solved: Solved, index: int, scale: Floats, starts: int, *, seed: int = 0, effort: float = 1.0
) -> tuple[EquilibriumSet, EquilibriaAnswer]:
    """Every equilibrium found of one distinct game of a solved batch.

    Args:
        worlds: Whose options say how many threads, and when to stop.
        solved: The batch.
        index: Which distinct game.
        scale: [players] payoff ranges.
        starts: Interior starting points.
        seed: Seed of the starting points.
        effort: Share of the usual limits on work.
    """
    game = named_game(solved, index)
    found = all_equilibria(
        game.shape, game.numbers, scale[None, :], starts=max(1, starts), seed=seed, threads=worlds.options.threads,
        stop=worlds.options.stop, effort=effort,
    )  # fmt: skip
    return found, list_equilibria(found, game, solved.assessment.strategy[index])


def compare_equilibria(
    worlds: Worlds, base: Sequence[Played], theta: Floats, starts: int, watch: Watch, seed: int = 0
) -> EquilibriaComparison:
    """Look for all equilibria of every posture at base values and in a few drawn worlds.

    Args:
        worlds: The postures.
        base: Each posture, played at base values.
        theta: [worlds, params] drawn worlds to look at.
        starts: Interior starting points per game.
        watch: Told the progress; may stop the work, which then answers with the worlds that are done.
        seed: Seed of the starting points.
    """
    rows = np.vstack([worlds.case.base_theta()[None, :], theta])
    total = len(rows) * len(worlds.postures)
    done: list[list[Spread]] = []
    for number, row in enumerate(rows):
        here = row[None, :]
        scale = worlds.scale(here)
        spreads: list[Spread] = []
        for k, posture in enumerate(worlds.postures):
            watch("all equilibria", number * len(worlds.postures) + k, total)
            if watch.stopped and number:
                break
            played = base[k] if number == 0 else worlds.play(posture, here, scale)
            spreads.append(
                _spread(worlds, played, scale[0], starts, seed, BASE_EFFORT if number == 0 else WORLD_EFFORT)
            )
        if len(spreads) < len(worlds.postures):
            break
        done.append(spreads)
    watch("all equilibria", total, total)
    tolerance = [TIE * float(worlds.scale(row[None, :])[0, worlds.owner]) for row in rows[: len(done)]]
    return _comparison(worlds, done, tolerance, watch.stopped)


def _spread(worlds: Worlds, played: Played, scale: Floats, starts: int, seed: int, effort: float) -> Spread:
    """One posture in one world: public signals are weighted, each with its own equilibria."""
    value = float(played.value(worlds.owner)[0])
    names = played.parts[0].solved.game.compiled.outcome_names
    odds = dict(zip(names, played.outcomes()[0].tolist(), strict=True))
    gaps = np.zeros((2, 2))  # all or refined only, low and high
    outcomes = {name: np.zeros(2) for name in names}
    kinds: Counter[str] = Counter()
    complete, why = True, ""
    for part in played.parts:
        for entry in np.flatnonzero(part.rows == 0):
            solved = part.solved if part.probe is None else part.probe()
            index = int(solved.inverse[entry])
            _, listed = equilibria_of(worlds, solved, index, scale, starts, seed=seed, effort=effort)
            weight = float(part.weight[entry])
            principal = float(solved.payoff(worlds.owner)[index])
            owner = solved.game.compiled.shape.players[worlds.owner]
            refined = [item.values[owner] for item in listed.equilibria if item.kind in REFINED]
            every = [*listed.value_range(owner)] if listed.components else []
            for k, values in enumerate((every, refined)):
                change = np.array([0.0, *values]) - np.array([0.0, *([principal] * len(values))])
                gaps[k] += weight * np.array([change.min(), change.max()])
            for name in names:
                before = float(solved.weight(None, solved.game.compiled.outcome_at[names.index(name)])[index])
                pair = listed.outcome_range(name) if listed.components else (before, before)
                outcomes[name] += weight * np.array([min(0.0, pair[0] - before), max(0.0, pair[1] - before)])
            kinds.update(item.kind for item in listed.equilibria)
            complete &= listed.complete
            why = why or ("" if listed.complete else listed.why)
            why = why if not complete else listed.why
    return Spread(
        low=value + float(gaps[0, 0]),
        high=value + float(gaps[0, 1]),
        refined=(value + float(gaps[1, 0]), value + float(gaps[1, 1])),
        outcomes={
            name: (max(0.0, odds[name] + float(pair[0])), min(1.0, odds[name] + float(pair[1])))
            for name, pair in outcomes.items()
        },
        found=sum(kinds.values()),
        kinds=dict(sorted(kinds.items())),
        complete=complete,
        why=why,
    )


def can_lead(ranges: Sequence[tuple[float, float]], tolerance: float) -> list[int]:
    """Which of several are best for some choice of a value of each within its range."""
    found: list[int] = []
    for k, (_, high) in enumerate(ranges):
        others = [low for j, (low, _) in enumerate(ranges) if j != k]
        if high >= max(others, default=-np.inf) - tolerance:
            found.append(k)
    return found


def _comparison(
    worlds: Worlds, done: list[list[Spread]], tolerance: list[float], interrupted: bool
) -> EquilibriaComparison:
    names = [posture.name for posture in worlds.postures]
    leaders = [
        can_lead([(item.low, item.high) for item in spreads], tol) for spreads, tol in zip(done, tolerance, strict=True)
    ]
    refined = can_lead([item.refined for item in done[0]], tolerance[0])
    moved = [_unsettled(spreads, leading, tol) for spreads, leading, tol in zip(done, leaders, tolerance, strict=True)]
    postures = tuple(
        PostureEquilibria(
            posture=name,
            value=(done[0][k].low, done[0][k].high),
            value_sequential=done[0][k].refined,
            outcomes=done[0][k].outcomes,
            found=done[0][k].found,
            kinds=done[0][k].kinds,
            complete=done[0][k].complete,
            why=done[0][k].why,
            value_draws=tuple((spreads[k].low, spreads[k].high) for spreads in done[1:]),
        )
        for k, name in enumerate(names)
    )
    return EquilibriaComparison(
        postures=postures,
        leaders=tuple(names[k] for k in leaders[0]),
        leaders_sequential=tuple(names[k] for k in refined),
        depends=moved[0],
        depends_sequential=_unsettled_ranges([item.refined for item in done[0]], refined, tolerance[0]),
        worlds=len(done) - 1,
        depends_in=sum(moved[1:]),
        sentence=_sentence([names[k] for k in leaders[0]], moved, all(item.complete for item in done[0])),
        interrupted=interrupted,
    )


def _unsettled(spreads: Sequence[Spread], leading: Sequence[int], tolerance: float) -> bool:
    return _unsettled_ranges([(item.low, item.high) for item in spreads], leading, tolerance)


def _unsettled_ranges(ranges: Sequence[tuple[float, float]], leading: Sequence[int], tolerance: float) -> bool:
    """Whether more than one can lead, and not merely because they are tied whatever is played."""
    chosen = [ranges[k] for k in leading]
    wide = max(high for _, high in chosen) - min(low for low, _ in chosen) > 2 * tolerance
    return len(chosen) > 1 and wide


def _sentence(leaders: Sequence[str], moved: Sequence[bool], complete: bool) -> str:
    known = "over all Nash equilibria" if complete else "over the equilibria found, which need not be all"
    if moved[0]:
        first = (
            f"At base values the lead depends on which equilibrium is played ({known}): {', '.join(leaders)} can lead."
        )
    else:
        first = (
            f"At base values the lead does not depend on which equilibrium is played ({known}): {', '.join(leaders)}."
        )
    if len(moved) == 1:
        return first
    count = sum(moved[1:])
    return f"{first} It does in {count} of the {len(moved) - 1} drawn worlds looked at."
