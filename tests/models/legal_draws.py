"""Random legal parameters of the models of signaling and crisis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Draw = Callable[[np.random.Generator], dict[str, Any]]


def ultimatum_two(rng: np.random.Generator) -> dict[str, Any]:
    low, high = np.sort(rng.uniform(0.01, 0.6, 2))
    found = {"p": rng.uniform(0, 1), "c_A": rng.uniform(0, 0.5), "c_L": low, "c_H": high, "q": rng.uniform(0, 1)}
    return found | ({"offers": sorted(rng.uniform(0, 1, 4))} if rng.random() < 0.5 else {})


def ultimatum_types(rng: np.random.Generator) -> dict[str, Any]:
    costs = sorted(rng.uniform(0, 0.6, int(rng.integers(1, 6))))
    return {"p": rng.uniform(0, 1), "c_A": rng.uniform(0, 0.5), "costs": costs}


def crisis(rng: np.random.Generator) -> dict[str, Any]:
    kind = str(rng.choice(["sunk", "tie", "installment"]))
    p, low, high = rng.uniform(0.2, 0.9), rng.uniform(0.1, 1), rng.uniform(1.2, 3)
    found = {"kind": kind, "q": rng.uniform(0.05, 0.95), "tau": rng.uniform(0, 0.9), "m": rng.uniform(0.01, 2.5)}
    found |= {"vH": high, "vL": low, "p": p, "cD": rng.uniform(p * low + 0.01, p * high - 0.01)}
    found |= {name: rng.uniform(0.1, 2) for name in "gct"}
    return found | ({"delta": rng.uniform(0.2, 1)} if kind == "installment" else {})


def mobilization(rng: np.random.Generator) -> dict[str, Any]:
    low, high = np.sort(rng.uniform(0.1, 4, 2))
    found = {"q": rng.uniform(0.02, 0.98), "m": rng.uniform(0.02, 2.5), "vH": high, "vL": low}
    return found | {"c1": rng.uniform(0.05, 1), "v2": rng.uniform(0.2, 2), "c2": rng.uniform(0.1, 2), "K": 1.0}


def ambiguity(rng: np.random.Generator) -> dict[str, Any]:
    low, high = np.sort(rng.uniform(0.02, 1.5, 2))
    hit = rng.uniform(0.5, 2)
    peace = rng.uniform(0, 2)
    found = {"pi_lo": rng.uniform(0.05, 0.95), "k_lo": low, "k_hi": high, "D": hit, "D_a": rng.uniform(0, 0.9) * hit}
    found |= {"g": rng.uniform(0.2, 2), "l": peace + rng.uniform(0.1, 2), "d": peace}
    if rng.random() < 0.4:
        return found
    first = rng.uniform(0, 1)
    found |= {"phi": rng.uniform(0.05, 0.9), "l_P": first, "d_P": first + rng.uniform(0.1, 1)}
    return found | {"e": rng.uniform(0.5, 6)}


def reassurance(rng: np.random.Generator) -> dict[str, Any]:
    found = {"t": rng.uniform(0.05, 0.95), "b_T": rng.uniform(-0.5, 0.95), "b_U": rng.uniform(1.05, 3)}
    return found | {"ell": rng.uniform(0.1, 2), "alpha": rng.uniform(0.02, 0.98)}


def threat(rng: np.random.Generator) -> dict[str, Any]:
    win, yielded = rng.uniform(1, 3), rng.uniform(-3, 0)
    return {
        "p_hard": rng.uniform(0.02, 0.98),
        "menu": sorted({0.0, *rng.uniform(0, 1, 3)}),
        "A": sorted(rng.uniform(-10, 3, 3), reverse=True),
        "soft": [win, yielded, yielded - rng.uniform(2, 4)],
        "hard": [win, yielded, yielded - rng.uniform(0, 2)],
    }


def ladder(rng: np.random.Generator) -> dict[str, Any]:
    order = "".join("CD"[int(rng.integers(2))] for _ in range(int(rng.integers(1, 7))))
    return {
        "order": order,
        "f": rng.uniform(0.02, 0.98),
        "C": sorted(rng.uniform(-3, 2, 3), reverse=True),
        "D": sorted(rng.uniform(-3, 2, 3), reverse=True),
        "status_quo": list(rng.uniform(-1, 1, 2)),
    }


def resolve(rng: np.random.Generator) -> dict[str, Any]:
    w, s = rng.uniform(0.5, 2), rng.uniform(-0.5, 0.2)
    irresolute, resolute = s - rng.uniform(0.8, 2), s - rng.uniform(0.05, 0.6)
    low, high = (w - s) / (w - irresolute), (w - s) / (w - resolute)
    d, back, quiet, prevail = np.cumsum(rng.uniform(0.1, 2, 4)) - 4
    found = {"q": rng.uniform(0.02, 0.6), "f": rng.uniform(0.05, 0.95) * low, "F": rng.uniform(low, min(high, 0.99))}
    return found | {"w": w, "s_": s, "dL": irresolute, "dH": resolute, "wC": prevail, "sC": back, "dC": d, "sq": quiet}


def beer(rng: np.random.Generator) -> dict[str, Any]:
    return {"prior_strong": rng.uniform(0.02, 0.98)}


def education(rng: np.random.Generator) -> dict[str, Any]:
    low = rng.uniform(0.5, 1.5)
    levels = [0.0, *np.sort(rng.uniform(0.05, 3, 4))]
    return {"theta_L": low, "theta_H": low + rng.uniform(0.2, 2), "q": rng.uniform(0.05, 0.95), "e_grid": levels}


DRAWS: dict[str, tuple[str, Draw]] = {
    "ultimatum_two_types": ("fearon1995_ultimatum", ultimatum_two),
    "ultimatum_n_types": ("fearon1995_ultimatum", ultimatum_types),
    "crisis_signal": ("fearon1997_tying_sinking", crisis),
    "mobilization": ("slantchev2005_mobilisation", mobilization),
    "ambiguity": ("baliga_sjostrom2008_ambiguity", ambiguity),
    "reassurance": ("kydd2000_reassurance", reassurance),
    "announced_risk": ("brinkmanship", threat),
    "ladder": ("brinkmanship", ladder),
    "hidden_resolve": ("brinkmanship", resolve),
    "beer_quiche": ("beer_quiche", beer),
    "education": ("spence", education),
}
