"""All refinements of one assessment at once."""

from __future__ import annotations

from collections.abc import Sequence

from detente.axes import Floats
from detente.game.certificate import Certificate, certify
from detente.game.refinements.criteria import check_d1, check_intuitive
from detente.game.refinements.names import Names
from detente.game.refinements.result import Check, Refinements
from detente.game.refinements.sequential import check_sequential
from detente.game.refinements.signaling import NotSignalingError, as_signaling_games
from detente.game.refinements.subgames import check_subgames
from detente.game.tree import Assessment, GameNumbers, InfosetLabel, TreeShape

BELIEF_SHARE = 0.01  # tolerance on Bayes' rule, share of the one on regrets
MOVES = 10.0  # how often the tolerance at one information set may add up within a subgame
SLACK = 1e-7  # gains that decide nothing in the criteria for signaling games, share of the payoff range


def check_refinements(
    shape: TreeShape,
    numbers: GameNumbers,
    assessment: Assessment,
    scale: Floats,
    labels: Sequence[InfosetLabel] | None = None,
    *,
    tol: float = 1e-8,
) -> Refinements:
    """Check one assessment against the refinements of Nash equilibrium.

    Args:
        shape: A game with perfect recall.
        numbers: Payoffs and chance probabilities; the first draw is judged.
        assessment: Strategy profile, beliefs and witness; the first row is judged.
        scale: [draws, players] payoff ranges, which gains are divided by.
        labels: [infosets] labels that threats and messages are named by; numbers where None.
        tol: Tolerance on gains, share of the payoff range; beliefs are held to a hundredth of it.

    Returns:
        One check per refinement. Nothing raises for a bad profile: a check that cannot be made has `passed` None
        and says why.

    References: Selten (1965); Kreps and Wilson (1982); Cho and Kreps (1987); Banks and Sobel (1987).
    """
    one = slice(0, 1)
    numbers, assessment, scale = numbers.take(one), assessment.take(one), scale[one]
    names = Names(shape, labels)
    certificate = certify(shape, numbers, assessment, scale, regret_tol=tol, belief_tol=BELIEF_SHARE * tol)
    sequential = check_sequential(shape, numbers, assessment, certificate, scale, names)
    subgames = check_subgames(shape, numbers, assessment, scale, names, MOVES * tol)
    intuitive, d1 = _signaling(shape, numbers, assessment, scale, names, certificate)
    return Refinements(subgames, sequential, intuitive, d1)


def _signaling(
    shape: TreeShape,
    numbers: GameNumbers,
    assessment: Assessment,
    scale: Floats,
    names: Names,
    certificate: Certificate,
) -> tuple[Check, Check]:
    """The intuitive criterion and D1."""
    if not certificate.regret[0] <= certificate.regret_tol or certificate.belief_residual[0] > certificate.belief_tol:
        why = "Judged only for profiles in which nobody gains at any information set and beliefs follow Bayes' rule."
        return Check.not_judged(why), Check.not_judged(why)
    slack = max(SLACK, 10.0 * certificate.regret_tol)
    try:
        games = as_signaling_games(shape, numbers, assessment, scale, names, slack)
    except NotSignalingError as reason:
        text = f"This is not a signaling game: {reason}."
        return Check.not_applicable(text), Check.not_applicable(text)
    return check_intuitive(games, slack), check_d1(games, slack)
