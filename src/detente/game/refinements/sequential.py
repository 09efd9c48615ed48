"""Sequential rationality and consistency in words: what the certificate found, and at which information set."""

from __future__ import annotations

import numpy as np

from detente.axes import Floats
from detente.game.belief import bayes_beliefs
from detente.game.certificate import BACKWARD_INDUCTION, Certificate
from detente.game.refinements.names import Names
from detente.game.refinements.result import Check, Flaw
from detente.game.tree import Assessment, GameNumbers, TreeShape
from detente.game.values import action_values, reach_probability


def check_sequential(
    shape: TreeShape,
    numbers: GameNumbers,
    assessment: Assessment,
    certificate: Certificate,
    scale: Floats,
    names: Names,
) -> Check:
    """Whether one draw's assessment is a sequential equilibrium, as its certificate has it.

    Args:
        shape: A game with perfect recall.
        numbers: One draw.
        assessment: One row.
        certificate: Its certificate.
        scale: [1, players] payoff ranges.
        names: How to name what is found.
    """
    if certificate.certified[0]:
        if certificate.kinds[0] == BACKWARD_INDUCTION:
            return Check(True, True, "Every move is a best one given what follows, and everybody sees every move.")
        return Check(
            True, True, "Nobody gains at any information set, and beliefs off the path are limits of mistakes."
        )
    if not np.isfinite(certificate.regret[0]):
        return Check.not_judged("The profile or its beliefs are not fully stated, so nothing can be judged.")
    if certificate.regret[0] > certificate.regret_tol:
        flaw = _rational_flaw(shape, numbers, assessment, certificate, scale, names)
        reached = "" if flaw.reached else ", which play does not reach"
        why = f"At {flaw.place}{reached}, '{flaw.action}' loses {flaw.gain:.3g} of {flaw.player}'s payoff range."
        return Check(True, False, why, (flaw,))
    if certificate.belief_residual[0] > certificate.belief_tol:
        flaw = _belief_flaw(shape, numbers, assessment, names)
        return Check(True, False, f"The belief at {flaw.place} does not follow from Bayes' rule.", (flaw,))
    if assessment.witness is None:
        return Check.not_judged(
            "Every move is a best one given the beliefs, but no mistakes were handed over that would show the beliefs "
            "off the path to be limits."
        )
    why = (
        f"Every move is a best one given the beliefs, but the beliefs are {certificate.witness_distance[0]:.3g} away "
        "from those of the mistakes they should be limits of."
    )
    return Check.not_judged(why)


def _rational_flaw(
    shape: TreeShape,
    numbers: GameNumbers,
    assessment: Assessment,
    certificate: Certificate,
    scale: Floats,
    names: Names,
) -> Flaw:
    index = int(certificate.worst_infoset[0])
    own = slice(int(shape.action_start[index]), int(shape.action_start[index + 1]))
    belief = np.where(np.isnan(assessment.belief), 1.0, assessment.belief)  # NaN passes at single nodes only
    values = action_values(shape, numbers, Assessment(assessment.strategy, belief))[0, own]
    loss = np.where(assessment.strategy[0, own] > 0.0, values.max() - values, 0.0)
    reach = reach_probability(shape, numbers.chance, assessment.strategy)[0, shape.members[index]]
    return Flaw(
        place=names.infoset(index),
        infoset=index,
        player=names.player(index),
        action=names.action(own.start + int(loss.argmax())),
        gain=float(loss.max() / scale[0, shape.infoset_player[index]]),
        reached=bool(reach.sum() > 0.0),
    )


def _belief_flaw(shape: TreeShape, numbers: GameNumbers, assessment: Assessment, names: Names) -> Flaw:
    bayes = bayes_beliefs(shape, numbers.chance, assessment.strategy)
    apart = np.nan_to_num(np.abs(bayes - assessment.belief)[0])
    index = int(shape.infoset[int(apart.argmax())])
    return Flaw(place=names.infoset(index), infoset=index, player=names.player(index), reached=True)
