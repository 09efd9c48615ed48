"""Deterrence of several types by a published rule (Conitzer and Sandholm 2006; Paruchuri et al. 2008).

Two forms: a leader on alert or relaxed before a challenger of two types, and a security game in which one
resource guards one of several targets against attackers of several types.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from detente.errors import RequestError
from detente.game import BuiltGame, TreeBuilder
from detente.models import security_game
from detente.models.checks import choice, number, probabilities, shown
from detente.models.forms import choose_form
from detente.models.model import ClosedForm, PublishedModel

NASH, SSE = "nash", "sse"
Numbers = Mapping[str, float]


def build(**parameters: Any) -> BuiltGame:
    """The tree: chance draws the type, the leader moves unseen, the challenger moves.

    Takes ``lam, e, a, r1, p1, r2, p2`` (deterrence) or ``prior, R, P, L`` (security game); see `MODEL`.

    Raises:
        RequestError: The numbers fit neither form or are outside their range.
    """
    return choose_form({"deterrence": deterrence_tree, "security game": security_game.build}, parameters)


def closed_form(**parameters: Any) -> ClosedForm:
    """The solution: `deterrence` for ``lam, e, a, r1, p1, r2, p2``, `security_game.solution` for ``prior, R, P, L``.

    Raises:
        RequestError: The numbers fit neither form or are outside their range.
    """
    return choose_form({"deterrence": deterrence, "security game": security_game.solution}, parameters)


def deterrence_tree(lam: float, e: float, a: float, r1: float, p1: float, r2: float, p2: float) -> BuiltGame:
    """The tree of the deterrence form; the arguments are those of `deterrence`."""
    n = _checked(lam, e, a, r1, p1, r2, p2)
    tree = TreeBuilder("Ld", "Ch")

    def challenge(kind: int, posture: str) -> Any:
        attack = (-n["a"], -n[f"p{kind}"]) if posture == "alert" else (-1.0, n[f"r{kind}"])
        quiet = (-n["e"], 0.0) if posture == "alert" else (0.0, 0.0)
        ends = {"att": attack, "no": quiet}
        return tree.decision(
            "Ch",
            f"T{kind}",
            {move: tree.terminal(*pay, outcome=f"{posture}_{move}{kind}") for move, pay in ends.items()},
        )

    def lead(kind: int) -> Any:
        return tree.decision("Ld", "Ld", {posture: challenge(kind, posture) for posture in ("alert", "relax")})

    return tree.build(tree.chance({"t1": (n["lam"], lead(1)), "t2": (1 - n["lam"], lead(2))}))


def deterrence(
    lam: float,
    e: float,
    a: float,
    r1: float,
    p1: float,
    r2: float,
    p2: float,
    equilibrium: str = NASH,
) -> ClosedForm:
    """How often to be on alert, and what that is worth.

    Args:
        lam: Probability of type 1.
        e: Cost of an alert without an attack.
        a: Loss from an attack on alert; one that meets a relaxed leader costs 1.
        r1: What type 1 gains against a relaxed leader.
        p1: What type 1 loses against an alert one.
        r2: The same for type 2; type 2 is the bolder, ``r1 / (r1 + p1) < r2 / (r2 + p2)``.
        p2: The same for type 2.
        equilibrium: ``nash`` (nothing is announced) or ``sse`` (the leader publishes the odds of an alert).

    Returns:
        ``x_alert``, ``leader`` (its value), ``attack_prob``, ``deterred`` (per type), ``value_of_commitment``;
        strategies, outcomes and values by player.

    Raises:
        RequestError: A parameter is outside its range, or type 2 is not the bolder.
    """
    n = _checked(lam, e, a, r1, p1, r2, p2)
    chosen = choice("equilibrium", equilibrium, (NASH, SSE))
    unannounced = n["e"] / (1 - n["a"] + n["e"])
    alert, attacks = _simultaneous(n, unannounced) if chosen == NASH else _published(n)
    return ClosedForm(_answer(n, alert, attacks, unannounced), chosen, (SSE,) if chosen == NASH else (NASH,))


def _simultaneous(n: Numbers, total: float) -> tuple[float, tuple[float, float]]:
    """Attacks of both types together must leave the leader indifferent; one type is indifferent itself."""
    bold = 1 - n["lam"]
    if bold > total:
        return _threshold(n, 2), (0.0, total / bold)
    return _threshold(n, 1), ((total - bold) / n["lam"], 1.0)


def _published(n: Numbers) -> tuple[float, tuple[float, float]]:
    """The best odds of an alert are a corner or make some type indifferent, who then does as the leader likes."""
    best = (-math.inf, 0.0, (0.0, 0.0))
    for alert in (_threshold(n, 2), _threshold(n, 1), 0.0, 1.0):
        attacks = tuple(_reply(n, kind, alert) for kind in (1, 2))
        value = _leader(n, alert, (attacks[0], attacks[1]))
        if value > best[0] + 1e-15:
            best = (value, alert, (attacks[0], attacks[1]))
    return best[1], best[2]


def _reply(n: Numbers, kind: int, alert: float) -> float:
    """Whether a type attacks at given odds of an alert; at its own threshold as the leader likes it."""
    if alert != _threshold(n, kind):
        return float(alert < _threshold(n, kind))
    return float(-n["a"] * alert - (1 - alert) > -n["e"] * alert)


def _leader(n: Numbers, alert: float, attacks: tuple[float, float]) -> float:
    total = n["lam"] * attacks[0] + (1 - n["lam"]) * attacks[1]
    return total * (-n["a"] * alert - (1 - alert)) - (1 - total) * n["e"] * alert


def _answer(n: Numbers, alert: float, attacks: tuple[float, float], unannounced: float) -> dict[str, Any]:
    postures = {"alert": alert, "relax": 1 - alert}
    moves = [{"att": odds, "no": 1 - odds} for odds in attacks]
    share = (n["lam"], 1 - n["lam"])
    gain = [(1 - alert) * n[f"r{kind}"] - alert * n[f"p{kind}"] for kind in (1, 2)]
    leader = _leader(n, alert, attacks)
    return {
        "x_alert": alert,
        "leader": leader,
        "attack_prob": share[0] * attacks[0] + share[1] * attacks[1],
        "deterred": [odds == 0.0 for odds in attacks],
        "value_of_commitment": _leader(n, *_published(n)) + unannounced,
        "strategies": {"Ld": probabilities(postures), "T1": probabilities(moves[0]), "T2": probabilities(moves[1])},
        "outcomes": {
            f"{posture}_{move}{kind + 1}": share[kind] * postures[posture] * moves[kind][move]
            for kind in (0, 1)
            for posture in postures
            for move in ("att", "no")
        },
        "eu": {"Ld": leader, "Ch": math.fsum(share[k] * attacks[k] * gain[k] for k in (0, 1))},
    }


def _threshold(n: Numbers, kind: int) -> float:
    """Odds of an alert at which a type is as well off attacking as not."""
    return n[f"r{kind}"] / (n[f"r{kind}"] + n[f"p{kind}"])


def _checked(lam: float, e: float, a: float, r1: float, p1: float, r2: float, p2: float) -> dict[str, float]:
    n = {name: number(name, value, 0.0, 1.0, ends="()") for name, value in (("lam", lam), ("e", e), ("a", a))}
    n |= {name: number(name, value, 0.0, ends="()") for name, value in (("r1", r1), ("p1", p1), ("r2", r2), ("p2", p2))}
    if _threshold(n, 1) >= _threshold(n, 2):
        raise RequestError(
            "type 2 has to be the bolder, r1 / (r1 + p1) < r2 / (r2 + p2), but "
            f"{shown(r1=n['r1'], p1=n['p1'], r2=n['r2'], p2=n['p2'])}."
        )
    return n


MODEL = PublishedModel(
    key="bayesian_deterrence_sse",
    title="Deterring several types with a published rule",
    citation=(
        "Conitzer, V. and Sandholm, T. (2006). Computing the Optimal Strategy to Commit to. Proceedings of the 7th ACM "
        "Conference on Electronic Commerce, 82-90. Paruchuri, P., Pearce, J. P., Marecki, J., Tambe, M., Ordóñez, F. "
        "and Kraus, S. (2008). Playing Games for Security. Proceedings of AAMAS 2008, 895-902."
    ),
    about=(
        "The solution concept and the method are the papers'; the game of alert and relaxed and the numbers of the "
        "security game were put together here."
    ),
    parameters={
        "lam": "deterrence: probability of type 1; strictly between 0 and 1",
        "e": "deterrence: cost of an alert without an attack; strictly between 0 and 1",
        "a": "deterrence: loss from an attack on alert, where a relaxed leader loses 1; strictly between 0 and 1",
        "r1": "deterrence: what type 1 gains against a relaxed leader; above 0",
        "p1": "deterrence: what type 1 loses against an alert one; above 0",
        "r2": "deterrence: what type 2 gains; above 0, and r1 / (r1 + p1) < r2 / (r2 + p2)",
        "p2": "deterrence: what type 2 loses; above 0",
        "equilibrium": "deterrence: nash (if nothing is said) or sse",
        "prior": "security game: probability of each type of attacker",
        "R": "security game: per type, its reward at each target if it is not guarded",
        "P": "security game: per type, its penalty (negative) at each target if it is guarded",
        "L": "security game: the leader's loss (negative) at each target if it is attacked unguarded",
    },
    closed_form=closed_form,
    example={"lam": 0.5, "e": 0.2, "a": 0.6, "r1": 1.0, "p1": 3.0, "r2": 1.0, "p2": 1.0},
    build=build,
    cases=("bayesian-deterrence-sse", "security-targets"),
)
