"""What does each player do in a game that was read from a file, and how far can that be trusted?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from detente.axes import Floats
from detente.errors import Interrupted, RequestError
from detente.exchange import GameFile, history
from detente.game import (
    BACKWARD_INDUCTION,
    NASH,
    SEQUENTIAL,
    UNSETTLED,
    Assessment,
    GameNumbers,
    TreeShape,
    action_values,
    bayes_beliefs,
    beliefs_from_logs,
    certify,
    certify_qre,
    expected_payoffs,
    reach_probability,
    terminal_probability,
)
from detente.solvers import Status, other_equilibria, solve_backward, solve_certified, solve_qre
from detente.study.exactly import play_exactly
from detente.study.manifest import file_manifest
from detente.study.refined import RefinementAnswer, refined
from detente.study.results_equilibria import EquilibriaAnswer
from detente.study.results_game import GameAnswer, OtherGameEquilibrium
from detente.study.results_solve import InfosetAnswer, SolveCertificate
from detente.study.watch import Unwatched, Watch

METHODS = ("auto", "logit", "backward_induction", "support")
SAME_ENDINGS = 1e-6
QRE_TOLERANCE = 1e-6
RANKS = (SEQUENTIAL, BACKWARD_INDUCTION, NASH)  # which kind of certificate is preferred
SECOND_TRY = 20.0  # seconds the search over supports gets where the branch is not certified
MOST_SECOND_TRY = 60  # actions
DEEP = 100  # levels above which full best responses and other equilibria would take longer than the answer
WIDE = 5_000  # actions above which the same holds for other equilibria


@dataclass(frozen=True)
class SolveGameSettings:
    """How a game file is solved; every field but the threads is written into the manifest.

    Attributes:
        lam: Precision of play in 1 / payoff range of each player; None is fully strict.
        method: ``auto``, ``logit``, ``backward_induction`` or ``support``.
        starts: Interior starting points for other equilibria.
        seed: Seed of the starting points.
        threads: Threads; None is all cores.
        all_equilibria: Look for every equilibrium.
    """

    lam: float | None = None
    method: str = "auto"
    starts: int = 20
    seed: int = 0
    threads: int | None = None
    all_equilibria: bool = False


@dataclass(frozen=True, eq=False)
class _Found:
    """An assessment with how it was found."""

    assessment: Assessment
    method: str
    status: str
    notes: tuple[str, ...] = ()
    unique: bool = False


@dataclass(frozen=True, eq=False)
class _Task:
    """One game to solve, with everything the ways of solving it need."""

    file: GameFile
    settings: SolveGameSettings
    watch: Watch
    scale: Floats

    @property
    def shape(self) -> TreeShape:
        return self.file.game.shape

    @property
    def numbers(self) -> GameNumbers:
        return self.file.game.numbers

    def stop(self) -> bool:
        return self.watch.stopped

    def kind(self, assessment: Assessment) -> str:
        return certify(self.shape, self.numbers, assessment, self.scale).kinds[0]


def solve_game(file: GameFile, settings: SolveGameSettings | None = None, watch: Watch | None = None) -> GameAnswer:
    """Solve a game that was read from a file.

    Args:
        file: The game, from `detente.exchange.load_game`.
        settings: How.
        watch: Told the progress; may stop the work.

    Raises:
        RequestError: Unknown method, a finite precision with a method that has none, or backward induction
            where somebody does not see everything.
        Interrupted: Stopped before an equilibrium was found.
    """
    settings = settings or SolveGameSettings()
    watch = watch or Unwatched()
    _check(settings)
    task = _Task(file, settings, watch, payoff_scale(file.game.numbers))
    watch("solve", 0, 1)
    found = _solve(task)
    certificate = _certificate(task, found.assessment)
    if watch.stopped and certificate.kind == UNSETTLED:
        raise Interrupted(f"stopped before an equilibrium was found. {found.status}")
    watch("solve", 1, 1)
    others, tried, unfinished = _others(task, found)
    equilibria = _all(task, found.assessment) if settings.all_equilibria and settings.lam is None else None
    return _answer(task, found, certificate, (others, tried), equilibria, unfinished)


def payoff_scale(numbers: GameNumbers) -> Floats:
    """[draws, players] range of each player's payoffs; 1 for a player who gets the same everywhere."""
    spread = numbers.payoff.max(axis=1) - numbers.payoff.min(axis=1)
    return np.where(spread > 0, spread, 1.0)


def _check(settings: SolveGameSettings) -> None:
    if settings.method not in METHODS:
        raise RequestError(f"no method is named '{settings.method}'. There are: {', '.join(METHODS)}.")
    if settings.lam is None:
        return
    if settings.method not in ("auto", "logit"):
        raise RequestError(f"a finite precision (lam) goes with method auto or logit, not '{settings.method}'.")
    if settings.all_equilibria:
        raise RequestError("all equilibria are listed for strict play only; leave out the precision (lam).")


def _solve(task: _Task) -> _Found:
    settings, shape = task.settings, task.shape
    if settings.lam is not None:
        unit = GameNumbers(task.numbers.payoff / task.scale[:, None, :], task.numbers.chance)
        solution = solve_qre(shape, unit, settings.lam, threads=settings.threads, stop=task.stop)
        return _Found(solution.assessment, "logit", Status(int(solution.status[0])).sentence)
    if settings.method == "backward_induction" or (settings.method == "auto" and shape.has_perfect_information):
        return _backward(task)
    if settings.method == "support":
        found = _by_support(task, None)
        if found is None:
            raise Interrupted("the search over supports ended before it found an equilibrium.")
        return found
    return _logit(task)


def _backward(task: _Task) -> _Found:
    exact = play_exactly(task.file) if task.shape.has_perfect_information else None
    if exact is not None:
        sentence = Status.converged.sentence
        return _Found(exact.assessment, "backward_induction", sentence, exact.notes, unique=exact.unique)
    solution = solve_backward(task.shape, task.numbers)
    tied = np.flatnonzero(solution.tied[0])
    notes: tuple[str, ...] = ()
    if len(tied):
        names = [task.file.game.labels[int(infoset)].decision for infoset in tied[:3]]
        more = f" and {len(tied) - 3} more" if len(tied) > 3 else ""
        notes = (
            f"More than one action is best at {len(tied)} information set{'s' if len(tied) > 1 else ''} "
            f"({', '.join(names)}{more}); the first of them is taken, and other subgame-perfect equilibria may exist.",
        )
    status = Status(int(solution.status[0])).sentence
    return _Found(solution.assessment, "backward_induction", status, notes, unique=not len(tied))


def _logit(task: _Task) -> _Found:
    settings = task.settings
    solution = solve_certified(task.shape, task.numbers, task.scale, threads=settings.threads, stop=task.stop)
    found = _Found(solution.solution.assessment, "logit", solution.sentence())
    if solution.certificate.certified[0] or settings.method == "logit" or task.shape.num_actions > MOST_SECOND_TRY:
        return found
    second = _by_support(task, SECOND_TRY)
    if second is None or RANKS.index(task.kind(second.assessment)) > _rank(solution.certificate.kinds[0]):
        return found
    return second


def _rank(kind: str) -> int:
    return RANKS.index(kind) if kind in RANKS else len(RANKS)


def _by_support(task: _Task, time_budget: float | None) -> _Found | None:
    """The first equilibrium with the best certificate that the search over supports finds."""
    from detente.solvers import all_equilibria

    found = all_equilibria(
        task.shape, task.numbers, task.scale, time_budget=time_budget, stop=task.stop, starts=task.settings.starts,
        seed=task.settings.seed, threads=task.settings.threads,
    )  # fmt: skip
    kinds = [str(kind) for kind in found.kinds]
    good = [row for row, kind in enumerate(kinds) if kind in RANKS]
    if not good:
        return None
    best = min(good, key=lambda row: RANKS.index(kinds[row]))
    count = f"{len(good)} equilibri{'um' if len(good) == 1 else 'a'} found by the search over supports. {found.why}"
    return _Found(found.assessment.take(slice(best, best + 1)), "support", found.status.sentence, (count,))


def _certificate(task: _Task, assessment: Assessment) -> SolveCertificate:
    shape, numbers = task.shape, task.numbers
    found = certify(shape, numbers, assessment, task.scale, best_response=len(shape.levels) <= DEEP)
    gains = found.best_response_gain
    residual, kind = None, found.kinds[0]
    if task.settings.lam is not None and assessment.witness is not None:
        lam = task.settings.lam / task.scale
        logs = assessment.witness.log_strategy[-1]
        residual = float(certify_qre(shape, numbers, assessment.strategy, logs, lam)[0])
        kind = "qre" if residual <= QRE_TOLERANCE else UNSETTLED
    return SolveCertificate(
        kind=kind,
        regret=float(found.regret[0]),
        belief_residual=float(found.belief_residual[0]),
        witness_distance=float(found.witness_distance[0]),
        best_response_gain={} if gains is None else dict(zip(shape.players, gains[0].tolist(), strict=True)),
        qre_residual=residual,
    )


def _others(task: _Task, main: _Found) -> tuple[tuple[OtherGameEquilibrium, ...], int, str]:
    """Certified equilibria from other starts whose endings differ, how many starts were tried, and why not all."""
    settings, shape, numbers = task.settings, task.shape, task.numbers
    if settings.lam is not None or settings.starts <= 0 or main.unique or task.watch.stopped:
        return (), 0, ""
    if len(shape.levels) > DEEP or shape.num_actions > WIDE:
        return (), 0, "The tree is too large to look for other equilibria from other starting points."
    task.watch("other equilibria", 0, 1)
    found = other_equilibria(
        shape, numbers, task.scale, starts=settings.starts, seed=settings.seed, threads=settings.threads,
        stop=task.stop,
    )  # fmt: skip
    task.watch("other equilibria", 1, 1)
    ends = terminal_probability(shape, numbers.chance, main.assessment.strategy)[0]
    others: list[OtherGameEquilibrium] = []
    for row in range(len(found.hits)):
        item = found.assessment.take(slice(row, row + 1))
        there = terminal_probability(shape, numbers.chance, item.strategy)[0]
        if np.abs(there - ends).max() > SAME_ENDINGS:
            others.append(_other(task, item, there, int(found.hits[row])))
    unfinished = "" if found.status == Status.converged else f"Not every start was tried. {found.status.sentence}"
    return tuple(others), found.starts, unfinished


def _other(task: _Task, item: Assessment, ends: Floats, hits: int) -> OtherGameEquilibrium:
    shape, game = task.shape, task.file.game
    strategies = {
        label.decision: dict(zip(label.options, item.strategy[0, start:stop].tolist(), strict=True))
        for label, start, stop in zip(game.labels, shape.action_start[:-1], shape.action_start[1:], strict=True)
    }
    values = expected_payoffs(shape, task.numbers, item.strategy)[0].tolist()
    return OtherGameEquilibrium(
        task.kind(item), dict(zip(shape.players, values, strict=True)), _outcomes(task, ends), hits, strategies
    )


def _all(task: _Task, main: Assessment) -> EquilibriaAnswer:
    """Every equilibrium that the search over supports finds."""
    from detente.solvers import all_equilibria
    from detente.study.equilibria_list import NamedGame, list_equilibria, outcomes_by_label

    game, settings = task.file.game, task.settings
    task.watch("all equilibria", 0, 1)
    found = all_equilibria(
        task.shape, task.numbers, task.scale, stop=task.stop, starts=max(settings.starts, 1), seed=settings.seed,
        threads=settings.threads,
    )  # fmt: skip
    task.watch("all equilibria", 1, 1)
    named = NamedGame(task.shape, task.numbers, game.labels, outcomes_by_label(game.outcome))
    return list_equilibria(found, named, main.strategy[0])


def _outcomes(task: _Task, ends: Floats) -> dict[str, float]:
    """Probability of each named outcome."""
    found: dict[str, float] = {}
    for name, share in zip(task.file.game.outcome, ends.tolist(), strict=True):
        if name.strip():
            found[name] = found.get(name, 0.0) + share
    return found


def _answer(
    task: _Task,
    found: _Found,
    certificate: SolveCertificate,
    others: tuple[tuple[OtherGameEquilibrium, ...], int],
    equilibria: EquilibriaAnswer | None,
    unfinished: str,
) -> GameAnswer:
    file, shape, strategy = task.file, task.shape, found.assessment.strategy
    values = expected_payoffs(shape, task.numbers, strategy)[0]
    warned = [f"{item.code}, line {item.line}: {item.message}" for item in file.warnings]
    left = [unfinished] if unfinished else []
    return GameAnswer(
        file=file.name,
        kind=file.kind,
        title=file.title,
        comment=file.comment,
        manifest=file_manifest(file, task.settings.seed, _recorded(task.settings)),
        players=shape.players,
        lam=task.settings.lam,
        method=found.method,
        infosets=tuple(_infosets(task, _with_beliefs(task, found.assessment))),
        values=dict(zip(shape.players, values.tolist(), strict=True)),
        outcomes=_outcomes(task, terminal_probability(shape, task.numbers.chance, strategy)[0]),
        certificate=certificate,
        status=found.status,
        others=others[0],
        starts=others[1],
        equilibria=equilibria,
        size=game_size(file),
        notes=(*found.notes, *left, *warned),
        refinements=_refined(task, found.assessment, certificate),
    )


def _refined(task: _Task, assessment: Assessment, certificate: SolveCertificate) -> tuple[RefinementAnswer, ...]:
    """What refinements say, if this is an equilibrium of strict play."""
    if task.settings.lam is not None or certificate.kind == UNSETTLED:
        return ()
    return refined(task.shape, task.numbers, assessment, task.scale, task.file.game.labels)


def game_size(file: GameFile) -> dict[str, Any]:
    """How big a game is, and whether everybody sees every move."""
    shape = file.game.shape
    return {
        "nodes": shape.num_nodes,
        "terminals": shape.num_terminals,
        "infosets": shape.num_infosets,
        "actions": shape.num_actions,
        "players": shape.num_players,
        "perfect_information": shape.has_perfect_information,
    }


def _recorded(settings: SolveGameSettings) -> dict[str, Any]:
    return {name: value for name, value in asdict(settings).items() if name not in ("seed", "threads")}


def _with_beliefs(task: _Task, assessment: Assessment) -> Assessment:
    """The assessment with the beliefs of its own mistakes where play is at a finite precision."""
    if task.settings.lam is None:
        return assessment
    chance = task.numbers.chance
    if assessment.witness is not None:
        return Assessment(
            assessment.strategy, beliefs_from_logs(task.shape, chance, assessment.witness.log_strategy[-1])
        )
    return Assessment(assessment.strategy, bayes_beliefs(task.shape, chance, assessment.strategy))


def _infosets(task: _Task, assessment: Assessment) -> list[InfosetAnswer]:
    shape, game = task.shape, task.file.game
    values = action_values(shape, task.numbers, assessment)[0]
    reach = reach_probability(shape, task.numbers.chance, assessment.strategy)[0]
    found: list[InfosetAnswer] = []
    for index, (label, nodes) in enumerate(zip(game.labels, shape.members, strict=True)):
        actions = slice(int(shape.action_start[index]), int(shape.action_start[index + 1]))
        found.append(
            InfosetAnswer(
                actor=label.player,
                decision=label.decision,
                sees={},
                strategy=dict(zip(label.options, assessment.strategy[0, actions].tolist(), strict=True)),
                action_values=dict(zip(label.options, values[actions].tolist(), strict=True)),
                beliefs=tuple(_beliefs(task, assessment, nodes.tolist())),
                reach=float(reach[nodes].sum()),
                why=None,
            )
        )
    return found


def _beliefs(task: _Task, assessment: Assessment, nodes: list[int]) -> list[dict[str, Any]]:
    """Probability of each node given its information set, most likely first."""
    shares = [1.0 if len(nodes) == 1 else float(assessment.belief[0, node]) for node in nodes]
    rows = [
        {"node": node, "history": history(task.file.game, node), "probability": None if np.isnan(share) else share}
        for node, share in zip(nodes, shares, strict=True)
    ]
    return sorted(rows, key=lambda row: (-(row["probability"] or 0.0), row["node"]))
