"""What moves the answer, and how fast: derivatives of an equilibrium with respect to the parameters of its case.

They hold inside a regime, that is as long as the same options are in use; where a parameter stands at
the edge of one, there is none (rule 20).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from detente.axes import Floats
from detente.case import Case, Posture
from detente.compiler import NumberDerivatives, number_derivatives
from detente.errors import Interrupted, RequestError, UnsupportedError
from detente.game import Assessment, GameNumbers, terminal_probability
from detente.solvers import (
    Derivatives,
    NumberMotion,
    Smoothness,
    equilibrium_derivatives,
    qre_derivatives,
    solve_qre,
    terminal_derivatives,
)
from detente.study.games import Game, SolveOptions, parameters_behind
from detente.study.manifest import make_manifest
from detente.study.results_derivatives import DerivativesAnswer, ParameterDerivative, StrategyDerivative
from detente.study.watch import Unwatched, Watch
from detente.study.worlds import Worlds

STILL = 1e-12
"""Change of a probability that is not listed."""


@dataclass(frozen=True)
class DerivativesSettings:
    """How derivatives are taken; every field but the threads is written into the manifest.

    Attributes:
        of: Outcome, or actor whose value, by which parameters are ordered; None is the owner's value.
        lam: Precision of play in 1 / payoff range of each actor; None is fully strict.
        threads: Threads; None is all cores.
        limit: Most nodes a tree may have.
    """

    of: str | None = None
    lam: float | None = None
    threads: int | None = None
    limit: int = 200_000


def derivatives(
    case: Case, posture: str | None = None, settings: DerivativesSettings | None = None, watch: Watch | None = None
) -> DerivativesAnswer:
    """Differentiate the equilibrium of one posture at base values.

    Args:
        case: The case.
        posture: Name of the posture; None is the status quo.
        settings: How.
        watch: Told the progress; may stop the work.

    Raises:
        RequestError: Unknown posture, outcome or actor, or the equilibrium is not certified.
        UnsupportedError: The posture has an `optimal` part, which jumps from one rule to another.
        Interrupted: Stopped before the equilibrium was found.
    """
    settings, watch = settings or DerivativesSettings(), watch or Unwatched()
    chosen = case.status_quo if posture is None else case.posture(posture)
    of = _checked_target(case, chosen, settings.of)
    if chosen.needs_search:
        raise UnsupportedError(
            f"posture '{chosen.name}' has an `optimal` part, which is found by a search and has no derivative; "
            "ask about a posture without one"
        )
    worlds = Worlds(case, [chosen.name], SolveOptions(settings.threads, lambda: watch.stopped), settings.limit)
    worlds.compile_all(lambda done, total: watch("compile", done, total))
    theta = case.base_theta()[None, :]
    scale = worlds.scale(theta)
    game = worlds.game(chosen)
    watch("solve", 0, 1)
    numbers, assessment, certified = _solved(worlds, game, theta, scale, settings)
    if watch.stopped:
        raise Interrupted("stopped before an equilibrium was found")
    watch("solve", 1, 1)
    if not certified:
        raise RequestError("the equilibrium could not be certified, so it has no derivatives that could be trusted")
    moved = number_derivatives(game.compiled, theta)
    motion = NumberMotion(moved.payoff, moved.chance)
    if settings.lam is None:
        found = equilibrium_derivatives(game.compiled.shape, numbers, assessment, scale, motion)
    else:
        found = qre_derivatives(game.compiled.shape, numbers, assessment, settings.lam / scale, motion)
    rows = _rows(case, game, numbers, assessment, moved, found)
    recorded = {name: value for name, value in asdict(settings).items() if name != "threads"}
    return DerivativesAnswer(
        case_title=case.title,
        manifest=make_manifest(case, 0, 1, recorded),
        posture=chosen.name,
        actors={actor.id: actor.name for actor in case.actors},
        of=of,
        lam=settings.lam,
        values=dict(zip(worlds.players, _values(game, numbers, assessment).tolist(), strict=True)),
        outcomes=_outcomes(game, numbers, assessment),
        parameters=tuple(sorted(rows, key=lambda row: -abs(row.effect(of) or 0.0))),
    )


def _checked_target(case: Case, posture: Posture, of: str | None) -> str:
    """The outcome or actor asked about."""
    if of is None:
        return posture.owner
    outcomes = [item.name for item in case.outcomes]
    if of not in (*outcomes, *case.actor_ids):
        raise RequestError(
            f"'{of}' is neither an outcome nor an actor. Outcomes: {', '.join(outcomes) or 'none'}; "
            f"actors: {', '.join(case.actor_ids)}."
        )
    return of


def _solved(
    worlds: Worlds, game: Game, theta: Floats, scale: Floats, settings: DerivativesSettings
) -> tuple[GameNumbers, Assessment, bool]:
    if settings.lam is None:
        solved = game.solve(theta, scale, worlds.options, worlds.tally)
        return solved.numbers, solved.assessment, bool(solved.certified[0])
    numbers = game.compiled.numbers(theta)
    unit = GameNumbers(numbers.payoff / scale[:, None, :], numbers.chance)
    solution = solve_qre(
        game.compiled.shape, unit, settings.lam, threads=worlds.options.threads, stop=worlds.options.stop
    )
    return numbers, solution.assessment, bool(solution.status[0] == 0)


def _judged(game: Game, numbers: GameNumbers, assessment: Assessment) -> Floats:
    """[terminals] odds of each end as the owner judges them."""
    chance = numbers.chance if numbers.judged_chance is None else numbers.judged_chance
    return terminal_probability(game.compiled.shape, chance, assessment.strategy)[0]


def _values(game: Game, numbers: GameNumbers, assessment: Assessment) -> Floats:
    """[players] expected payoffs, the owner's as it judges."""
    ends = terminal_probability(game.compiled.shape, numbers.chance, assessment.strategy)[0]
    values = ends @ numbers.payoff[0]
    values[game.owner] = _judged(game, numbers, assessment) @ numbers.payoff[0, :, game.owner]
    return values


def _outcomes(game: Game, numbers: GameNumbers, assessment: Assessment) -> dict[str, float]:
    ends = terminal_probability(game.compiled.shape, numbers.chance, assessment.strategy)[0]
    return dict(zip(game.compiled.outcome_names, (game.compiled.outcome_at @ ends).tolist(), strict=True))


def _rows(
    case: Case,
    game: Game,
    numbers: GameNumbers,
    assessment: Assessment,
    moved: NumberDerivatives,
    found: Derivatives,
) -> list[ParameterDerivative]:
    """One row per parameter that enters the game."""
    compiled = game.compiled
    behind = parameters_behind(compiled.posture, frozenset(case.parameter_names[c] for c in game.columns.tolist()))
    value, outcome = found.value[0].copy(), found.terminal[0] @ compiled.outcome_at.T
    _as_owner_judges(value, game, numbers, assessment, moved, found)
    rows: list[ParameterDerivative] = []
    for column, name in enumerate(case.parameter_names):
        if name not in behind:
            continue
        parameter = case.parameter(name)
        code = Smoothness(int(found.smoothness[0, column]))
        kink = "" if code == Smoothness.smooth else code.sentence
        if moved.corner[0, column]:
            kink = "A payoff or a probability has a corner here."
        rows.append(
            ParameterDerivative(
                name=name,
                base=parameter.value,
                low=parameter.distribution.low,
                high=parameter.distribution.high,
                kink=kink,
                values=_named(compiled.shape.players, value[column], bool(kink)),
                outcomes=_named(compiled.outcome_names, outcome[column], bool(kink)),
                strategies=() if kink else tuple(_strategies(game, found.strategy[0, column])),
            )
        )
    return rows


def _as_owner_judges(
    value: Floats,
    game: Game,
    numbers: GameNumbers,
    assessment: Assessment,
    moved: NumberDerivatives,
    found: Derivatives,
) -> None:
    """Put in the derivatives of the owner's value as it judges the odds itself, where it has its own judgment."""
    odds, slopes = numbers.judged_chance, moved.judged_chance
    if odds is None or slopes is None:
        return
    owner = game.owner
    ends = terminal_derivatives(game.compiled.shape, odds, slopes, assessment.strategy, found.strategy)[0]
    slope = ends @ numbers.payoff[0, :, owner] + moved.payoff[0, :, :, owner] @ _judged(game, numbers, assessment)
    value[:, owner] = np.where(found.smooth[0], slope, np.nan)


def _named(names: tuple[str, ...], numbers: Floats, kink: bool) -> dict[str, float | None]:
    return {
        name: None if kink or not np.isfinite(number) else float(number)
        for name, number in zip(names, numbers.tolist(), strict=True)
    }


def _strategies(game: Game, slopes: Floats) -> list[StrategyDerivative]:
    """What moves at information sets, option by option; what stays is left out."""
    shape = game.compiled.shape
    found: list[StrategyDerivative] = []
    for index, label in enumerate(game.compiled.infoset_labels):
        own = slopes[int(shape.action_start[index]) : int(shape.action_start[index + 1])]
        if (np.abs(own) <= STILL).all():
            continue
        options: dict[str, Any] = _named(label.options, own, False)
        found.append(StrategyDerivative(label.player, label.decision, dict(label.sees), options))
    return found
