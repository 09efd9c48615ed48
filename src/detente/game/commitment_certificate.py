"""Whether a published rule is the best there is: judged by code that no solver owns.

Two things are checked. The others must answer the rule in the best way, at every information set, reached
or not; and what the rule is worth, computed anew, must come up to a bound that no rule can pass. The bound
itself is the solver's, and named as such.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.game.belief import reach_of_sets
from detente.game.certificate import Certificate, certify
from detente.game.committed import CommittedGame, with_uniform_trembles
from detente.game.tree import Assessment, GameNumbers
from detente.game.values import action_values, expected_payoffs

OPTIMAL = "optimal"
ANSWERED = "answered"
UNSETTLED_RULE = "unsettled"


@dataclass(frozen=True, eq=False)
class CommitmentCertificate:
    """How well a published rule and the answer to it pass the tests, per draw.

    Attributes:
        play: The certificate of the others' answer in the game in which the rule is a lottery: regrets at
            every information set, reached or not, and beliefs that are limits of mistakes.
        payoffs: [draws, players] expected payoffs, computed anew; the leader's as it judges.
        bound: [draws] what no rule can pass, as the solver has it.
        gap: [draws] bound less the leader's payoff, divided by the leader's scale.
        favors: [draws] whether somebody is indifferent at a reached set between the answer given and one that
            is worse for the leader: the value is then attained only because the tie goes the leader's way.
        kinds: Per draw ``optimal`` (answered, and the bound is met), ``answered`` (the answer is a sequential
            best response, but a better rule is not ruled out) or ``unsettled``.
        gap_tol: Tolerance on the gap.
    """

    play: Certificate
    payoffs: Floats
    bound: Floats
    gap: Floats
    favors: Bools
    kinds: tuple[str, ...]
    gap_tol: float

    @property
    def optimal(self) -> Bools:
        """[draws] whether the rule is certified to be the best."""
        return np.array([kind == OPTIMAL for kind in self.kinds], dtype=np.bool_)


def certify_commitment(
    game: CommittedGame,
    numbers: GameNumbers,
    strategy: Floats,
    leader: int,
    bound: Floats,
    scale: Floats,
    *,
    gap_tol: float = 1e-8,
) -> CommitmentCertificate:
    """Judge a published rule together with the answer to it.

    Args:
        game: The game and the sets that are under the rule.
        numbers: Payoffs and chance of the free game.
        strategy: [draws, actions of the free game] the rule at the ruled sets, the others' answer elsewhere.
        leader: Player whose rule it is.
        bound: [draws] what no rule can pass.
        scale: [draws, players] payoff ranges; regrets and the gap are in these units.
        gap_tol: Tolerance on the gap.

    Reference: von Stengel and Zamir (2010), section 2, on commitment with ties in the leader's favor.
    """
    ruled = game.numbers(numbers, strategy)
    assessment = with_uniform_trembles(game.shape, ruled.chance, game.narrowed(strategy))
    play = certify(game.shape, ruled, assessment, scale)
    payoffs = expected_payoffs(game.shape, ruled, assessment.strategy, judge=leader)
    gap = (bound - payoffs[:, leader]) / scale[:, leader]
    met = np.abs(gap) <= gap_tol
    kinds = np.where(play.certified & met, OPTIMAL, np.where(play.certified, ANSWERED, UNSETTLED_RULE))
    favors = tie_favors(game, ruled, assessment, leader, scale)
    return CommitmentCertificate(play, payoffs, bound, gap, favors, tuple(str(kind) for kind in kinds), gap_tol)


def tie_favors(
    game: CommittedGame,
    ruled: GameNumbers,
    assessment: Assessment,
    leader: int,
    scale: Floats,
    tol: float = 1e-8,
) -> Bools:
    """[draws] whether another best answer at a reached set would leave the leader with less.

    Args:
        game: The game.
        ruled: Payoffs and chance once the rule is published.
        assessment: The answer, with beliefs.
        leader: The leader.
        scale: [draws, players] payoff ranges.
        tol: Gains and losses within this share of the range are none.
    """
    shape = game.shape
    if not shape.num_actions:
        return np.zeros(ruled.num_draws, dtype=np.bool_)
    values = action_values(shape, ruled, assessment)
    seen = GameNumbers(np.repeat(ruled.payoff[:, :, leader : leader + 1], shape.num_players, axis=2), ruled.chance)
    worth = action_values(shape, seen, assessment)
    _, reached = reach_of_sets(shape, ruled.chance, assessment.strategy)
    mover = shape.infoset_player[shape.action_infoset]
    best = _at_sets(shape.action_start, values, np.maximum)
    here = _played(shape.action_start, worth, assessment.strategy)
    tied = values >= best - tol * scale[:, mover]
    worse = worth < here - tol * scale[:, leader : leader + 1]
    return np.asarray((tied & worse & reached.T[:, shape.action_infoset]).any(axis=1), dtype=np.bool_)


def _at_sets(starts: Ints, rows: Floats, how: np.ufunc) -> Floats:
    """[draws, actions] a reduction over each set, at each of its actions."""
    return np.repeat(how.reduceat(rows, starts[:-1], axis=1), np.diff(starts), axis=1)


def _played(starts: Ints, worth: Floats, strategy: Floats) -> Floats:
    """[draws, actions] what the leader gets at the set of each action as it is played."""
    return _at_sets(starts, worth * strategy, np.add)
