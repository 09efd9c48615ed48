"""Crisis escalation with agent error (Signorino 1999): every move is made with a small mistake.

The game has perfect information and every information set one node, so its quantal response equilibrium is
found move by move from the end, in closed form and for every precision.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from detente.errors import RequestError
from detente.game import BuiltGame, TreeBuilder
from detente.models.checks import choice, number
from detente.models.forms import choose_form
from detente.models.model import ClosedForm, PublishedModel

OUTCOMES = ("SQ", "CD", "BD", "WAR")
"""Status quo, concession, backing down, war."""
Utilities = Mapping[str, Sequence[float]]
Precision = float | Sequence[float]
EXAMPLE: dict[str, tuple[float, float]] = {"SQ": (0.0, 1.0), "CD": (1.0, 0.0), "BD": (-0.5, 1.5), "WAR": (-0.2, -0.4)}


def build(u: Utilities, lam: Precision | None = None) -> BuiltGame:
    """The tree: A challenges or not, B concedes or resists, A backs down or goes to war.

    Args:
        u: Outcome (``SQ``, ``CD``, ``BD``, ``WAR``) -> payoff to A and to B.
        lam: Precision of play. It is no part of the tree and is accepted so that one set of numbers serves both.

    Raises:
        RequestError: An outcome is missing or unknown, or a payoff is not a finite number.
    """
    worth = _utilities(u)
    if lam is not None:
        _precision(lam)
    tree = TreeBuilder("A", "B")
    end = {name: tree.terminal(*worth[name], outcome=name) for name in OUTCOMES}
    last = tree.decision("A", "A2", {"back": end["BD"], "war": end["WAR"]})
    reply = tree.decision("B", "B", {"conc": end["CD"], "resist": last})
    return tree.build(tree.decision("A", "A1", {"sq": end["SQ"], "chal": reply}))


def agent_error(u: Utilities, lam: Precision, error: str = "logit") -> ClosedForm:
    """Odds of every move when each is made with an error of its own.

    Args:
        u: Outcome -> payoff to A and to B.
        lam: Precision, one over a payoff unit, the same for both or a pair, A's and B's; 0 is play at random, and the
            larger, the nearer to the subgame perfect equilibrium. For probit it is one over the standard
            deviation of the error of each action.
        error: ``logit`` or ``probit``.

    Returns:
        ``p_challenge``, ``p_resist``, ``p_war_node``; the odds of the outcomes; ``EU_A``, ``EU_B``; and, for logit,
        ``p_challenge_if_logsum``: the odds of a challenge if the errors are payoff shocks that A will see before its
        last move, and looks forward to (the mean at its last node becomes the log-sum).
    """
    worth, (lam, lam_B) = _utilities(u), _precision(lam)
    odds = _logistic if choice("error", error, ("logit", "probit")) == "logit" else _probit
    war = odds(lam * (worth["WAR"][0] - worth["BD"][0]))
    fought = [war * worth["WAR"][i] + (1 - war) * worth["BD"][i] for i in (0, 1)]
    resist = odds(lam_B * (fought[1] - worth["CD"][1]))
    challenge = odds(lam * ((1 - resist) * worth["CD"][0] + resist * fought[0] - worth["SQ"][0]))
    outcomes = {
        "SQ": 1 - challenge,
        "CD": challenge * (1 - resist),
        "BD": challenge * resist * (1 - war),
        "WAR": challenge * resist * war,
    }
    value = [math.fsum(outcomes[name] * worth[name][i] for name in OUTCOMES) for i in (0, 1)]
    answer: dict[str, Any] = {
        "p_challenge": challenge,
        "p_resist": resist,
        "p_war_node": war,
        **outcomes,
        "EU_A": value[0],
        "EU_B": value[1],
        "outcomes": outcomes,
        "eu": {"A": value[0], "B": value[1]},
        "strategies": {
            "A1": {"sq": 1 - challenge, "chal": challenge},
            "B": {"conc": 1 - resist, "resist": resist},
            "A2": {"back": 1 - war, "war": war},
        },
    }
    if error == "logit":
        look_ahead = _log_sum(worth["BD"][0], worth["WAR"][0], lam)
        gain = (1 - resist) * worth["CD"][0] + resist * look_ahead - worth["SQ"][0]
        answer["p_challenge_if_logsum"] = _logistic_sum(gain, resist, lam)
    return ClosedForm(answer)


def three_outcomes(u11: float, u13: float, u14: float, u24: float) -> ClosedForm:
    """The version with three outcomes and normal errors: A stays (11) or passes, B then picks 13 or 14.

    Args:
        u11: A's payoff if it stays.
        u13: A's payoff if B picks 13, where B has 0.
        u14: A's payoff if B picks 14.
        u24: B's payoff if it picks 14.

    Returns:
        ``p_resist`` (B picks 14) and ``p_challenge`` (A passes) under agent error with standard deviation 1 for each
        action; ``p_challenge_private_info`` if the errors are payoffs that each player knows about itself from
        the start: A's uncertainty then is about the branch as a whole. The odds of the outcomes, ``SQ``,
        ``u13_outcome`` and ``u14_outcome``, are those under agent error.
    """
    stay, yields, fights = number("u11", u11), number("u13", u13), number("u14", u14)
    resist = _probit(number("u24", u24))
    gain = (1 - resist) * yields + resist * fights - stay
    challenge = _probit(gain)
    spread = math.sqrt(1 + resist**2 + (1 - resist) ** 2)
    return ClosedForm(
        {
            "p_resist": resist,
            "p_challenge": challenge,
            "p_challenge_private_info": _normal(gain / spread),
            "SQ": 1 - challenge,
            "u13_outcome": challenge * (1 - resist),
            "u14_outcome": challenge * resist,
        }
    )


def closed_form(**params: Any) -> ClosedForm:
    """The solution: `agent_error` for ``u, lam``, `three_outcomes` for ``u11, u13, u14, u24``.

    Raises:
        RequestError: The numbers fit neither form or are outside their range.
    """
    return choose_form({"four outcomes": agent_error, "three outcomes, probit": three_outcomes}, params)


def _utilities(u: Utilities) -> dict[str, tuple[float, float]]:
    try:
        complete = set(u) == set(OUTCOMES) and all(len(pair) == 2 for pair in u.values())
    except (TypeError, AttributeError):
        complete = False
    if not complete:
        raise RequestError(f"u = {u!r} has to give two payoffs, to A and to B, for each of {', '.join(OUTCOMES)}.")
    return {name: (number(f"u[{name}] to A", u[name][0]), number(f"u[{name}] to B", u[name][1])) for name in OUTCOMES}


def _precision(lam: Precision) -> tuple[float, float]:
    pair = list(lam) if isinstance(lam, Sequence) else [lam, lam]
    if isinstance(lam, str) or len(pair) != 2:
        raise RequestError(f"lam = {lam!r} has to be one number, or two, A's and B's.")
    return number("lam", pair[0], 0.0), number("lam", pair[1], 0.0)


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _normal(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2))


def _probit(x: float) -> float:
    """Odds that the better action by `x` is taken if each action has a normal error of its own."""
    return _normal(x / math.sqrt(2))


def _log_sum(first: float, second: float, lam: float) -> float:
    """Expected best of two payoffs with extreme value shocks, less the mean shock; at lam = 0 see `_logistic_sum`."""
    best, gap = max(first, second), abs(first - second)
    return best + math.log1p(math.exp(-lam * gap)) / lam if lam > 0 else best


def _logistic_sum(gain: float, resist: float, lam: float) -> float:
    """Odds of a challenge; as lam goes to 0 the shocks swamp the payoffs but their best is still worth log 2 more."""
    return _logistic(lam * gain) if lam > 0 else _logistic(resist * math.log(2))


MODEL = PublishedModel(
    key="signorino1999_logit",
    title="Crisis escalation with agent error",
    citation=(
        "Signorino, C. S. (1999). Strategic Interaction and the Statistical Analysis of International Conflict. "
        "American Political Science Review 93(2), 279-297."
    ),
    about=(
        "The tree and the logit form are the paper's (agent quantal response, McKelvey and Palfrey 1998); the log-sum "
        "variant, the probit variants and the numbers of the examples were put together here."
    ),
    parameters={
        "u": "outcome (SQ, CD, BD, WAR) -> payoff to A and to B; finite numbers",
        "lam": "precision of play, one over a payoff unit; at least 0; one number for both or a pair",
        "error": "logit (if nothing is said) or probit",
        "u11": "three outcomes: A's payoff if it stays; a finite number, like the next three",
        "u13": "three outcomes: A's payoff if B picks 13",
        "u14": "three outcomes: A's payoff if B picks 14",
        "u24": "three outcomes: B's payoff if it picks 14 (13 is worth 0)",
    },
    closed_form=closed_form,
    example={"u": EXAMPLE, "lam": 3.0},
    build=build,
    cases=("signorino1999-logit",),
)
