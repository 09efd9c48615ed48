"""First-mover advantage under imperfect observation (Bagwell 1995), and what commitment to a mixed rule restores."""

from __future__ import annotations

import math
from typing import Any

from detente.errors import RequestError
from detente.game import BuiltGame, TreeBuilder
from detente.models.checks import number, probabilities
from detente.models.model import ClosedForm, PublishedModel

PAYOFFS = {("S", "S"): (5.0, 2.0), ("S", "C"): (3.0, 1.0), ("C", "S"): (6.0, 3.0), ("C", "C"): (4.0, 4.0)}
"""(leader's move, follower's move) -> payoffs; S is the Stackelberg and C the Cournot quantity."""
STACKELBERG, COURNOT = "stackelberg", "cournot"
NOISY_STACKELBERG, NOISY_COURNOT = "noisy_stackelberg", "noisy_cournot"
COMMITTED = "committed"


def build(eps: float) -> BuiltGame:
    """The tree: L moves, F sees the move, or with probability `eps` the other one, and moves.

    Args:
        eps: Probability that F sees the wrong move; at 0 there is no chance move.

    Raises:
        RequestError: It is not from 0 to 1/2.
    """
    wrong = _checked(eps)
    tree = TreeBuilder("L", "F")

    def reply(lead: str, seen: str) -> Any:
        ends = {move: tree.terminal(*PAYOFFS[lead, move], outcome=lead + move) for move in "SC"}
        return tree.decision("F", f"F|{seen}", ends)

    def observed(lead: str) -> Any:
        if wrong == 0:
            return reply(lead, lead)
        other = "C" if lead == "S" else "S"
        return tree.chance({"true": (1 - wrong, reply(lead, lead)), "false": (wrong, reply(lead, other))})

    return tree.build(tree.decision("L", "L", {lead: observed(lead) for lead in "SC"}))


def closed_form(eps: float, equilibrium: str = "") -> ClosedForm:
    """An equilibrium of the game, or the best rule the leader could publish.

    Args:
        eps: Probability that F sees the wrong move.
        equilibrium: ``stackelberg`` (at 0 only), ``cournot`` (above 0), ``noisy_stackelberg`` or ``noisy_cournot``
            (strictly between 0 and 1/4); or ``committed``, the best published rule, which is no equilibrium of
            the game as it stands. If nothing is said, the pure equilibrium.

    Returns:
        ``leader`` and ``follower`` (their values), ``n_equilibria``, ``value_of_commitment`` (what the best rule adds
        for the leader), ``outcome`` where it is certain; strategies, outcomes and values by player.
        ``n_equilibria`` counts subgame perfect equilibria at 0 and is infinite at 1/4.

    Raises:
        RequestError: `eps` is not from 0 to 1/2, or there is no such equilibrium for it.
    """
    wrong = _checked(eps)
    legal = _equilibria(wrong)
    chosen = equilibrium or legal[0]
    if chosen not in (*legal, COMMITTED):
        raise RequestError(
            f"equilibrium = {equilibrium!r} does not exist at eps = {wrong:g}. There are: "
            f"{', '.join((*legal, COMMITTED))}."
        )
    lead, after = _play(chosen, wrong)
    odds = {
        first + move: lead[first] * sum(_sees(first, seen, wrong) * after[seen][move] for seen in "SC")
        for first in "SC"
        for move in "SC"
    }
    value = [math.fsum(odds[first + move] * PAYOFFS[first, move][i] for first in "SC" for move in "SC") for i in (0, 1)]
    sure = [name for name, probability in odds.items() if probability == 1.0]
    answer: dict[str, Any] = {
        "leader": value[0],
        "follower": value[1],
        "n_equilibria": 3 if 0 < wrong < 0.25 else math.inf if wrong == 0.25 else 1,
        "value_of_commitment": 5.0 + wrong - value[0],
        "outcome": sure[0] if sure else None,
        "strategies": {"L": probabilities(lead), **{f"F|{seen}": probabilities(after[seen]) for seen in "SC"}},
        "outcomes": odds,
        "eu": {"L": value[0], "F": value[1]},
    }
    return ClosedForm(answer, chosen, tuple(name for name in (*legal, COMMITTED) if name != chosen))


def _equilibria(eps: float) -> tuple[str, ...]:
    if eps == 0:
        return (STACKELBERG,)
    return (COURNOT, NOISY_STACKELBERG, NOISY_COURNOT) if eps < 0.25 else (COURNOT,)


def _play(chosen: str, eps: float) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """The leader's odds, and the follower's after what it sees."""
    known = 0.5 / (1.0 - 2.0 * eps) if eps < 0.5 else 0.0
    first, after_s, after_c = {
        STACKELBERG: (1.0, 1.0, 0.0),
        COURNOT: (0.0, 0.0, 0.0),
        NOISY_STACKELBERG: (1.0 - eps, 1.0, 1.0 - known),
        NOISY_COURNOT: (eps, known, 0.0),
        COMMITTED: (1.0 - eps, 1.0, 1.0 if eps > 0 else 0.0),
    }[chosen]
    lead, seen_s, seen_c = ({"S": odds, "C": 1.0 - odds} for odds in (first, after_s, after_c))
    return lead, {"S": seen_s, "C": seen_c}


def _sees(lead: str, seen: str, eps: float) -> float:
    return 1.0 - eps if lead == seen else eps


def _checked(eps: float) -> float:
    return number("eps", eps, 0.0, 0.5)


MODEL = PublishedModel(
    key="bagwell1995",
    title="A first move that is seen imperfectly",
    citation=(
        "Bagwell, K. (1995). Commitment and Observability in Games. Games and Economic Behavior 8(2), 271-280. Mixed "
        "equilibria: van Damme, E. and Hurkens, S. (1997). Games with Imperfectly Observable Commitment. Games and "
        "Economic Behavior 21(1-2), 282-308."
    ),
    about=(
        "The game is the paper's example with the numbers that became customary; the best published rule was worked "
        "out here."
    ),
    parameters={
        "eps": "probability that the follower sees the wrong move; from 0 to 1/2",
        "equilibrium": "stackelberg, cournot, noisy_stackelberg, noisy_cournot or committed",
    },
    closed_form=closed_form,
    example={"eps": 0.1},
    build=build,
    cases=("bagwell1995",),
)
