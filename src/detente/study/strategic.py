"""What each type would have done: the likelihood of observed moves in the play of the status quo (rule 23).

In every draw of the parameters the game is solved at a finite precision, so that nothing observed has probability
zero. The probability of a set of moves under a type is the product, over the moves of the type's owner in the order
of the game, of the probability of the move given the type and the observed moves before it. What else was done by
then (chance, other actors' types, moves nobody lists) is summed over. Moves of other actors are taken as given: they
say where the game was, not what the type is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count

import numpy as np

from detente.axes import Bools, Floats
from detente.case import Case
from detente.compiler import CompiledPosture
from detente.errors import Interrupted, RequestError
from detente.game import GameNumbers, certify_qre, terminal_probability
from detente.solvers import BatchSolution, Status, solve_qre
from detente.study.games import Game
from detente.study.watch import Watch
from detente.study.worlds import Worlds

PRECISION = 30.0
"""Precision of play unless another is asked for: at 30, an option that is worse by a tenth of an actor's payoff range
is taken e^-3 = 0.05 times as often as the best one."""

RESIDUAL = 1e-6  # largest violation of the logit conditions that still counts as solved
BLOCK = 16  # draws solved by one thread in one call

Move = tuple[str, str]
"""A decision and the option chosen."""


@dataclass(frozen=True, eq=False)
class MoveChances:
    """Probability of sets of observed moves under each type, draw by draw.

    Attributes:
        labels: Labels of the type.
        order: Every observed move, in the order of the game.
        own: The moves among them that the owner of the type made.
        solved: [draws] whether the draw was solved.
        together: Moves in the order of the game -> [draws, types] probability that all of them are made, and of the
            type.
        prior: [draws, types] probability of the type.
    """

    labels: tuple[str, ...]
    order: tuple[Move, ...]
    own: frozenset[Move]
    solved: Bools
    together: dict[tuple[Move, ...], Floats]
    prior: Floats

    def chance(self, moves: Iterable[Move]) -> Floats:
        """[draws, types] probability of the owner's moves among some moves, each given the ones before it in the game.

        NaN in draws that were not solved; 1 for a type that the draw rules out.
        """
        kept = sorted_moves(moves, self.order)
        found = np.ones_like(self.prior)
        for place, move in enumerate(kept):
            if move in self.own:
                now, before = self.together[kept[: place + 1]], self._before(kept[:place])
                found *= np.divide(now, before, out=np.zeros_like(now), where=before > 0)
        found[self.prior <= 0] = 1.0
        found[~self.solved] = np.nan
        return np.minimum(found, 1.0)

    def _before(self, moves: tuple[Move, ...]) -> Floats:
        return self.together[moves] if moves else self.prior


def sorted_moves(moves: Iterable[Move], order: Sequence[Move]) -> tuple[Move, ...]:
    """Moves in the order of the game, each once."""
    known = set(moves)
    return tuple(move for move in order if move in known)


def move_chances(
    worlds: Worlds,
    about: str,
    sets: Iterable[Iterable[Move]],
    theta: Floats,
    precision: float,
    watch: Watch,
) -> MoveChances:
    """Solve the status quo in every draw and add up what the observed moves rest on.

    Args:
        worlds: The postures of the case; payoffs are divided by each actor's range over all of them (rule 11).
        about: The type that is judged.
        sets: Sets of moves that will be asked about.
        theta: [draws, params] the draws.
        precision: Logit precision, 1 / payoff range.
        watch: Told the progress; when it stops, the draws that are left count as not tried.

    Returns:
        Chances for the draws that were tried, from the first on.

    Raises:
        RequestError: The status quo has an `optimal` part, or a move cannot happen under it.
        Interrupted: Stopped before a single draw was solved.
    """
    case = worlds.case
    quo = case.status_quo
    if quo.needs_search:
        raise RequestError(
            f"the status quo '{quo.name}' leaves something to be found (optimal), so it does not say what a type would "
            "do; give the items that are moves a likelihood, or the case another status quo"
        )
    game = worlds.game(quo)
    asked = [tuple(moves) for moves in sets]
    order = in_game_order(case, {move for moves in asked for move in moves})
    kept = {sorted_moves(moves, order) for moves in asked}
    wanted = sorted({moves[: place + 1] for moves in kept for place in range(len(moves))})
    columns = _columns(game, about, wanted)
    done, parts, solved = 0, list[Floats](), list[Bools]()
    watch("play", 0, len(theta))
    for low in range(0, len(theta), worlds.batch()):
        if watch.stopped:
            break
        rows = theta[low : low + worlds.batch()]
        found, good = play_sums(worlds, game, rows, precision, columns, watch)
        if watch.stopped:
            break
        parts.append(found)
        solved.append(good)
        done += len(rows)
        watch("play", done, len(theta))
    if not done:
        raise Interrupted("stopped before the game was solved once")
    labels = case.labels_of(about)
    sums = np.concatenate(parts).reshape(done, 1 + len(wanted), len(labels))
    actor = case.type(about).actor
    return MoveChances(
        labels=labels,
        order=order,
        own=frozenset(move for move in order if case.decision(move[0]).actor == actor),
        solved=np.concatenate(solved),
        together={moves: sums[:, 1 + place] for place, moves in enumerate(wanted)},
        prior=sums[:, 0],
    )


def in_game_order(case: Case, moves: Iterable[Move]) -> tuple[Move, ...]:
    """Moves in the order of the timeline."""
    place = {item.name: number for number, item in enumerate(case.decisions)}
    return tuple(sorted(moves, key=lambda move: (place[move[0]], move[1])))


def _columns(game: Game, about: str, wanted: list[tuple[Move, ...]]) -> Floats:
    """[terminals, sets x types] 1 where a finished history holds all moves of a set and the type; no moves first."""
    compiled = game.compiled
    labels = np.arange(len(compiled.case.labels_of(about)))
    of_type = compiled.type_at[about][:, None] == labels
    held = {move: _where(compiled, move) for moves in wanted for move in moves}
    columns = [of_type]
    for moves in wanted:
        everywhere = np.logical_and.reduce([held[move] for move in moves])
        if not everywhere.any():
            told = ", ".join(f"{decision} = {option}" for decision, option in moves)
            raise RequestError(
                f"these moves cannot have happened together under the status quo '{compiled.posture.name}': {told}"
            )
        columns.append(of_type & everywhere[:, None])
    return np.concatenate(columns, axis=1).astype(np.float64)


def _where(compiled: CompiledPosture, move: Move) -> Bools:
    """[terminals] where a move was made."""
    column = compiled.plan.variables.index(move[0])
    label = compiled.plan.labels[column].index(move[1])
    return np.asarray(compiled.histories.values[:, column] == label)


def play_sums(
    worlds: Worlds,
    game: Game,
    theta: Floats,
    precision: float,
    columns: Floats,
    watch: Watch,
    *,
    given_types: bool = False,
) -> tuple[Floats, Bools]:
    """Play a game at a finite precision, and add up the probabilities of finished histories.

    Args:
        worlds: The postures of the case, over which payoff ranges are taken.
        game: The game.
        theta: [draws, params] the draws.
        precision: Logit precision, 1 / payoff range.
        columns: [terminals, columns] weights of the sums.
        watch: May stop the work.
        given_types: Probabilities are those given the types in the history, not together with them.

    Returns:
        [draws, columns] the sums, NaN where nothing is known, and [draws] whether each draw was solved.
    """
    shape = game.compiled.shape
    numbers, scale = game.compiled.numbers(theta), worlds.scale(theta)
    chance = numbers.chance.copy()
    if given_types and game.compiled.priors.num_profiles > 1:
        chance[:, game.root_edges] = 1.0
    unit = GameNumbers(numbers.payoff / scale[:, None, :], numbers.chance, None)
    lows = range(0, len(theta), BLOCK)
    with ThreadPoolExecutor(min(worlds.options.threads or cpu_count() or 1, len(lows))) as pool:
        parts = list(pool.map(lambda low: _solve(game, unit, slice(low, low + BLOCK), precision, watch), lows))
    sums = np.full((len(theta), columns.shape[1]), np.nan)
    solved = np.zeros(len(theta), dtype=np.bool_)
    for low, solution in zip(lows, parts, strict=True):
        rows = slice(low, min(low + BLOCK, len(theta)))
        witness = solution.assessment.witness
        if witness is None:
            continue
        strategy, logs = solution.assessment.strategy, witness.log_strategy[-1]
        lam = np.broadcast_to(precision, (rows.stop - rows.start, shape.num_players)) / scale[rows]
        good = solution.status == Status.converged
        if precision > 0:
            good &= certify_qre(shape, numbers.take(rows), strategy, logs, lam) <= RESIDUAL
        # The strategy rounds what is rare to 0; its logarithms do not.
        sums[rows] = terminal_probability(shape, chance[rows], np.exp(logs)) @ columns
        solved[rows] = good & np.isfinite(sums[rows]).all(axis=1)
    return sums, solved


def _solve(game: Game, unit: GameNumbers, rows: slice, precision: float, watch: Watch) -> BatchSolution:
    return solve_qre(game.compiled.shape, unit.take(rows), precision, threads=1, stop=lambda: watch.stopped)
