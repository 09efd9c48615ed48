"""Crisis signaling with normal shocks (Schultz 1998; Lewis and Schultz 2003): what does a challenge reveal?

A challenges or not, knowing its payoffs from war and from backing down; B, knowing its own payoff from war, concedes
or resists; A fights or backs down. There is one equilibrium or several, and all of them are found.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from detente.errors import RequestError
from detente.game import BuiltGame, TreeBuilder
from detente.models.checks import number, require, shown
from detente.models.crisis_signals import Signals, best_of_challenge
from detente.models.forms import choose_form
from detente.models.model import ClosedForm, PublishedModel


def equilibria(
    W_A: float,
    W_B: float,
    a: float,
    V_A: float = 1.0,
    V_B: float = 1.0,
    S_A: float = 0.0,
    C_B: float = 0.0,
    sigma: float = 1.0,
    equilibrium: str | None = None,
) -> ClosedForm:
    """Every equilibrium, in rising order of `p_R`.

    Args:
        W_A: A's mean payoff from war.
        W_B: B's mean payoff from war.
        a: A's mean payoff from backing down.
        V_A: A's payoff if B concedes; above `S_A`.
        V_B: B's payoff if A backs down.
        S_A: A's payoff from the status quo.
        C_B: B's payoff if it concedes.
        sigma: Standard deviation of the shocks on `W_A`, `a` and `W_B`, positive.
        equilibrium: Number of the equilibrium that the answer is about, as a word (``"2"``); the first if not given.

    Returns:
        ``n_equilibria``, ``equilibria`` and, of one of them: ``p_R`` (B resists), ``p_C`` (A challenges), ``p_F``
        (A stands firm, given a challenge), ``c_star`` (A challenges if the better of its last two options is
        worth this), the odds of ``SQ``, ``CD``, ``SF``, ``BD``, ``EU_A``, ``EU_B``, ``br_slope`` and
        ``br_stable``: whether going back and forth between best responses leads there.
    """
    signals, war = _signals(W_A, a, V_A, V_B, S_A, C_B, sigma), number("W_B", W_B)
    found = [_equilibrium(signals, z) for z in signals.fixed_points(war)]
    names = [str(k) for k in range(1, len(found) + 1)]
    name = equilibrium or "1"
    if name not in names:
        raise RequestError(f"there is no equilibrium {equilibrium!r}; these numbers have {', '.join(names)}.")
    chosen = found[int(name) - 1]
    outcomes = {end: chosen[end] for end in ("SQ", "CD", "SF", "BD")}
    answer = {
        "n_equilibria": len(found),
        "equilibria": found,
        **chosen,
        "outcomes": outcomes,
        "eu": {"A": chosen["EU_A"], "B": chosen["EU_B"]},
    }
    return ClosedForm(answer, name, tuple(other for other in names if other != name))


def multiplicity(
    W_A: float,
    a: float,
    V_A: float = 1.0,
    V_B: float = 1.0,
    S_A: float = 0.0,
    C_B: float = 0.0,
    sigma: float = 1.0,
) -> ClosedForm:
    """For which `W_B` there are several equilibria; the other parameters as for `equilibria`.

    Returns:
        ``folds``, every `W_B` at which the number of equilibria changes; ``counts``, that number between them;
        ``W_B_fold_low`` and ``W_B_fold_high``, the outermost folds (None if there are none); ``n_inside``, the
        most equilibria, and ``n_outside``.
    """
    signals = _signals(W_A, a, V_A, V_B, S_A, C_B, sigma)
    turns = signals.folds()
    at = np.sort(signals.needed(turns)) if len(turns) else np.empty(0)
    width = 1.0 + (float(at[-1] - at[0]) if len(at) else 0.0)
    probes = [at[0] - width, *(at[1:] + at[:-1]) / 2, at[-1] + width] if len(at) else [float(V_B)]
    counts = [len(signals.fixed_points(float(probe))) for probe in probes]
    return ClosedForm(
        {
            "folds": [float(x) for x in at],
            "counts": counts,
            "W_B_fold_low": float(at[0]) if len(at) else None,
            "W_B_fold_high": float(at[-1]) if len(at) else None,
            "n_inside": max(counts),
            "n_outside": counts[0],
        }
    )


def closed_form(**params: Any) -> ClosedForm:
    """The solution: `equilibria`; without ``W_B`` (or with ``W_B="varied"``) `multiplicity`.

    Raises:
        RequestError: The numbers fit neither form or are outside their range.
    """
    if params.get("W_B") == "varied":
        params = {name: value for name, value in params.items() if name != "W_B"}
    return choose_form({"equilibria": equilibria, "region of W_B with several": multiplicity}, params)


def build(
    W_A: float,
    W_B: float,
    a: float,
    V_A: float = 1.0,
    V_B: float = 1.0,
    S_A: float = 0.0,
    C_B: float = 0.0,
    sigma: float = 1.0,
    n: int = 4,
) -> BuiltGame:
    """The game with finitely many types.

    Each shock takes `n` values, the means of `n` equally likely parts of the normal distribution. As `n` grows the
    equilibria approach those of `equilibria`, at a rate of about 1/n. Information sets are ``A1|i,j`` (A with the
    i-th shock on war and the j-th on backing down), ``B|k`` and ``A2|i,j``.

    Args:
        W_A: See `equilibria`, also for the next seven.
        W_B: See `equilibria`.
        a: See `equilibria`.
        V_A: See `equilibria`.
        V_B: See `equilibria`.
        S_A: See `equilibria`.
        C_B: See `equilibria`.
        sigma: See `equilibria`.
        n: Values of each shock, from 1 to 40; the tree has about 5 n^3 nodes.

    Raises:
        RequestError: A number is outside its range.
    """
    game, war = _signals(W_A, a, V_A, V_B, S_A, C_B, sigma), number("W_B", W_B)
    count = number("n", n, 1, 40)
    require(count == int(count), f"n = {n!r} is not a whole number.")
    shocks = [float(e) for e in game.sigma * slice_means(int(count))]
    share = 1 / len(shocks)
    tree = TreeBuilder("A", "B")

    def reply(i: int, j: int, k: int):
        last = {
            "stand": tree.terminal(game.W_A + shocks[i], war + shocks[k], outcome="SF"),
            "back": tree.terminal(game.a + shocks[j], game.V_B, outcome="BD"),
        }
        concede = tree.terminal(game.V_A, game.C_B, outcome="CD")
        return tree.decision("B", f"B|{k}", {"concede": concede, "resist": tree.decision("A", f"A2|{i},{j}", last)})

    def start(i: int, j: int):
        nature = tree.chance({str(k): (share, reply(i, j, k)) for k in range(len(shocks))})
        return tree.decision("A", f"A1|{i},{j}", {"sq": tree.terminal(game.S_A, 0.0, outcome="SQ"), "chal": nature})

    pairs = {f"{i},{j}": (share**2, start(i, j)) for i in range(len(shocks)) for j in range(len(shocks))}
    return tree.build(tree.chance(pairs))


def slice_means(n: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """[n] means of the n equally likely parts of the standard normal distribution, from low to high."""
    edges = ndtri(np.arange(n + 1) / n)
    density = np.exp(-0.5 * edges**2) / math.sqrt(2 * math.pi)
    return n * (density[:-1] - density[1:])


def _signals(W_A: float, a: float, V_A: float, V_B: float, S_A: float, C_B: float, sigma: float) -> Signals:
    given = {"W_A": W_A, "a": a, "V_A": V_A, "V_B": V_B, "S_A": S_A, "C_B": C_B}
    checked = {name: number(name, value) for name, value in given.items()}
    spread = number("sigma", sigma, 0.0, ends="()")
    require(
        checked["V_A"] > checked["S_A"],
        f"a concession has to be worth more to A than the status quo, and {shown(V_A=V_A, S_A=S_A)} was given.",
    )
    require(
        abs(checked["W_A"] - checked["a"]) <= 30 * spread,
        f"W_A and a may be at most 30 sigma apart, and {shown(W_A=W_A, a=a, sigma=sigma)} was given: one of A's last "
        "two options would never be taken.",
    )
    return Signals(**checked, sigma=spread)


def _equilibrium(game: Signals, z: float) -> dict[str, Any]:
    """Every number of the equilibrium in which B resists with probability Phi(z)."""
    cutoff = float(game.cutoff(z))
    fight, back = (float(np.exp(log[0])) for log in game.log_odds_of_either(cutoff))
    firm, challenge, resist = float(game.firm(z)[0]), fight + back, float(ndtr(z))
    x, y = (cutoff - game.W_A) / game.sigma, (cutoff - game.a) / game.sigma
    density = math.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
    slope = float(game.slope(z)[0])
    quiet, concession = float(ndtr(x) * ndtr(y)), challenge * float(ndtr(-z))
    return {
        "p_R": resist,
        "p_C": challenge,
        "p_F": firm,
        "c_star": cutoff,
        "SQ": quiet,
        "CD": concession,
        "SF": resist * fight,
        "BD": resist * back,
        "EU_A": quiet * game.S_A + concession * game.V_A + resist * best_of_challenge(game, cutoff),
        "EU_B": challenge * (game.C_B + firm * game.sigma * (density + z * resist)),
        "br_slope": slope,
        "br_stable": abs(slope) < 1,
    }


MODEL = PublishedModel(
    key="lewis_schultz2003",
    title="Crisis signaling with normal shocks",
    citation=(
        "Lewis, J. B. and Schultz, K. A. (2003). Revealing Preferences: Empirical Estimation of a Crisis Bargaining "
        "Game with Incomplete Information. Political Analysis 11(4), 345-367. The game: Schultz, K. A. (1998). "
        "Domestic Opposition and Signaling in International Crises. American Political Science Review 92(4), 829-844. "
        "The fixed-point form and its several equilibria: Crisman-Cox, C. and Gibilisco, M. (2019). Estimating "
        "Signaling Games in International Relations. Political Science Research and Methods."
    ),
    about=(
        "The game and its fixed-point form are the papers'. The search for all fixed points, the folds and the values "
        "were worked out here; the tree with finitely many types is a discretization."
    ),
    parameters={
        "W_A": "A's mean payoff from war; a finite number, like every payoff",
        "W_B": "B's mean payoff from war; left out for the region in which there are several equilibria",
        "a": "A's mean payoff from backing down; at most 30 sigma from W_A",
        "V_A": "A's payoff if B concedes; above S_A",
        "V_B": "B's payoff if A backs down",
        "S_A": "A's payoff from the status quo",
        "C_B": "B's payoff if it concedes",
        "sigma": "standard deviation of each of the three shocks; above 0",
        "equilibrium": "which one: 1, 2, ... in rising order of the odds that B resists",
        "n": "tree only: values of each shock; a whole number from 1 to 40",
    },
    closed_form=closed_form,
    example={"W_A": -1.9, "W_B": -2.85, "a": -1.2},
    build=build,
    cases=("lewis-schultz2003",),
)
