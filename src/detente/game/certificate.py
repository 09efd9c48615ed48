"""What a strategy profile with beliefs can be called: judged by code that no solver owns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.game.belief import beliefs_from_logs
from detente.game.best_response import best_response_values
from detente.game.findings import Findings, judge, scaled
from detente.game.sweep import draw_chunks, edge_table, largest, segment_max, segment_min
from detente.game.tree import Assessment, GameNumbers, TreeShape
from detente.game.values import action_rows, expected_payoffs
from detente.game.witness import log_normalised

SEQUENTIAL = "sequential"
BACKWARD_INDUCTION = "backward_induction"
NASH = "nash"
UNSETTLED = "unsettled"


@dataclass(frozen=True, eq=False)
class Certificate:
    """How well an assessment passes each test of an equilibrium, per draw.

    Regrets are gains divided by the scale of the player who would gain. Whatever cannot be judged
    (no strategy, no beliefs, numbers that are not finite) is inf.

    Attributes:
        regret: [draws] largest gain from a deviation at one information set, reached or not, given the
            beliefs there.
        on_path_regret: [draws] the same over the sets reached with positive probability.
        worst_infoset: [draws] set of the largest gain, -1 if the game has none.
        belief_residual: [draws] largest difference between a belief and Bayes' rule where it applies.
        witness_distance: [draws] largest difference from the last trembling profile and its beliefs;
            0 where no belief needs a witness because every set is reached or has one possible node.
        best_response_gain: [draws, players] gain of each player's full best response; NaN in draws where
            it was not needed, None if it was needed in none.
        kinds: Per draw ``sequential``, ``backward_induction``, ``nash`` or ``unsettled``.
        regret_tol: Tolerance on regrets and gains.
        belief_tol: Tolerance on Bayes' rule and on sums of probabilities.
        witness_tol: Tolerance on the distance to the witness.
    """

    regret: Floats
    on_path_regret: Floats
    worst_infoset: Ints
    belief_residual: Floats
    witness_distance: Floats
    best_response_gain: Floats | None
    kinds: tuple[str, ...]
    regret_tol: float
    belief_tol: float
    witness_tol: float

    @property
    def certified(self) -> Bools:
        """[draws] whether the assessment is a sequential equilibrium (by backward induction or not)."""
        return np.array([kind in (SEQUENTIAL, BACKWARD_INDUCTION) for kind in self.kinds], dtype=np.bool_)

    def counts(self) -> dict[str, int]:
        """How many draws are of each kind, most frequent first."""
        return dict(Counter(self.kinds).most_common())


def certify(
    shape: TreeShape,
    numbers: GameNumbers,
    assessment: Assessment,
    scale: Floats,
    *,
    regret_tol: float = 1e-8,
    belief_tol: float = 1e-10,
    witness_tol: float = 1e-6,
    best_response: bool = False,
) -> Certificate:
    """Judge an assessment at every information set, reached or not.

    Args:
        shape: A game with perfect recall.
        numbers: Payoffs and chance probabilities; `judged_chance` plays no part.
        assessment: Strategy profile, beliefs and witness. Beliefs may be NaN where undefined; at a set
            with a single node they are 1.
        scale: [draws, players] what regrets are divided by: each player's range of payoffs.
        regret_tol: Tolerance on regrets and gains.
        belief_tol: Tolerance on Bayes' rule and on sums of probabilities.
        witness_tol: Tolerance on the distance to the witness.
        best_response: Compute the gain of the full best response in every draw, not only in those
            where the answer turns on it.

    Returns:
        The certificate. Nothing raises for a bad profile: its kind is ``unsettled``.

    Reference: Kreps and Wilson (1982); one-shot deviations suffice for consistent assessments,
        Hendon, Jacobsen and Sloth (1996).
    """
    found = Findings.joined(
        [
            judge(shape, scaled(numbers.take(rows), scale[rows]), assessment.take(rows), belief_tol)
            for rows in draw_chunks(shape, numbers.num_draws, arrays=16)
        ]
    )
    consistent = found.residual <= belief_tol
    rational = found.stated & (found.regret <= regret_tol)
    sequential = rational & consistent & (found.distance <= witness_tol)
    open_question = found.playable & consistent & (found.on_path_regret <= regret_tol) & ~sequential
    gain = _gains(shape, numbers, assessment.strategy, scale, found.playable if best_response else open_question)
    nash = open_question & (np.max(gain, axis=1, initial=0.0) <= regret_tol)  # NaN is not within tolerance
    top = BACKWARD_INDUCTION if shape.has_perfect_information else SEQUENTIAL
    kinds = np.where(sequential, top, np.where(nash, NASH, UNSETTLED))
    return Certificate(
        regret=found.regret,
        on_path_regret=found.on_path_regret,
        worst_infoset=found.worst,
        belief_residual=found.residual,
        witness_distance=found.distance,
        best_response_gain=gain if best_response or open_question.any() else None,
        kinds=tuple(str(kind) for kind in kinds),
        regret_tol=regret_tol,
        belief_tol=belief_tol,
        witness_tol=witness_tol,
    )


def certify_qre(shape: TreeShape, numbers: GameNumbers, strategy: Floats, log_strategy: Floats, lam: Floats) -> Floats:
    """How far a profile is from an agent logit quantal response equilibrium.

    Args:
        shape: A game with perfect recall.
        numbers: Payoffs and chance probabilities.
        strategy: [draws, actions] behavior strategy profile.
        log_strategy: [draws, actions] its logarithm, exact where `strategy` underflows.
        lam: [draws, players] precision, in 1 / payoff unit.

    Returns:
        [draws] largest |log p_a - log p_b - lam (V_a - V_b)| over pairs of actions of a set; inf if a
        number is not finite or the two forms of the strategy disagree by more than 1e-9.

    Reference: McKelvey and Palfrey (1998).
    """
    residual = np.empty(numbers.num_draws)
    for rows in draw_chunks(shape, numbers.num_draws, arrays=16):
        log_rows = log_strategy[rows]
        belief = beliefs_from_logs(shape, numbers.chance[rows], log_rows)
        edge = edge_table(shape, strategy[rows], numbers.chance[rows], 1.0)
        with np.errstate(all="ignore"):
            unit = scaled(numbers.take(rows), 1.0 / lam[rows])
            excess = log_rows.T - action_rows(shape, edge, unit.payoff, belief.T)
            spread = segment_max(excess, shape.action_start[:-1]) - segment_min(excess, shape.action_start[:-1])
            apart = np.abs(np.exp(log_normalised(shape, log_rows)) - strategy[rows]).max(axis=1, initial=0.0)
        worst = largest(spread)
        residual[rows] = np.where(np.isfinite(worst) & (apart <= 1e-9), worst, np.inf)
    return residual


def _gains(shape: TreeShape, numbers: GameNumbers, strategy: Floats, scale: Floats, judged: Bools) -> Floats:
    """[draws, players] gain of the full best response, divided by the scale; NaN where not `judged`."""
    gain = np.full((numbers.num_draws, shape.num_players), np.nan)
    chosen = np.flatnonzero(judged).astype(np.int32)
    if not len(chosen):
        return gain  # planning the deviations of a deep tree would take longer than all the rest
    for part in draw_chunks(shape, len(chosen)):
        rows = chosen[part]
        unit = scaled(numbers.take(rows), scale[rows])
        best = best_response_values(shape, unit, strategy[rows])
        gain[rows] = best - expected_payoffs(shape, unit, strategy[rows])
    return gain
