"""Whether beliefs are a limit of mistakes: the distance between an assessment and its witness."""

from __future__ import annotations

import numpy as np

from detente.axes import Bools, Floats
from detente.game.belief import beliefs_from_logs
from detente.game.sweep import in_every, segment_max, segment_sum
from detente.game.tree import Assessment, TreeShape, Witness

MIN_LEVELS = 3


def witness_distance(shape: TreeShape, chance: Floats, assessment: Assessment) -> Floats:
    """How far the assessment is from the last of its trembling profiles.

    Args:
        shape: The game.
        chance: [draws, chance_edges] chance probabilities.
        assessment: A strategy profile and beliefs, with or without a witness.

    Returns:
        [draws] largest difference of an action's probability or a node's belief; inf without a
        witness, or if it has fewer than three levels, precisions that do not grow, or a profile without
        full support.
    """
    num_draws = assessment.strategy.shape[0]
    witness = assessment.witness
    if witness is None or not _is_sequence(witness):
        return np.full((num_draws,), np.inf)
    distance = level_distance(shape, chance, assessment, witness.log_strategy[-1])
    sound = in_every(np.isfinite(distance)[None] & np.isfinite(witness.log_strategy).all(axis=2))
    return np.where(sound, distance, np.inf)


def level_distance(shape: TreeShape, chance: Floats, assessment: Assessment, log_strategy: Floats) -> Floats:
    """[draws] largest difference between an assessment and one full-support profile with its beliefs."""
    log_strategy = log_normalised(shape, log_strategy)
    belief = beliefs_from_logs(shape, chance, log_strategy)
    with np.errstate(invalid="ignore"):
        by_action = np.abs(np.exp(log_strategy) - assessment.strategy)
        by_node = np.abs(belief - assessment.belief)[:, shape.member_nodes]
    return np.maximum(by_action.max(axis=1, initial=0.0), by_node.max(axis=1, initial=0.0))


def log_normalised(shape: TreeShape, log_strategy: Floats) -> Floats:
    """[draws, actions] logarithms shifted so that the probabilities of each set sum to one."""
    rows = log_strategy.T
    starts = shape.action_start[:-1]
    own_set = shape.action_infoset
    with np.errstate(invalid="ignore", divide="ignore"):
        top = segment_max(rows, starts)
        total = segment_sum(np.exp(rows - top[own_set]), starts)
        return (rows - (top + np.log(total))[own_set]).T


def sets_needing_witness(shape: TreeShape, reached: Bools, barred: Bools | None) -> Bools:
    """[infosets, draws] unreached sets at which more than one node is possible."""
    members = shape.member_nodes
    possible = np.ones((len(members), reached.shape[1]), dtype=np.float64)
    if barred is not None:
        possible[barred[members]] = 0.0
    return ~reached & (segment_sum(possible, shape.member_start) > 1)


def _is_sequence(witness: Witness) -> bool:
    return len(witness.precision) >= MIN_LEVELS and bool(np.all(np.diff(witness.precision) > 0))
