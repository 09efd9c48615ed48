"""Kydd (2000): how large a first step lets two sides that distrust each other find out."""

from __future__ import annotations

from itertools import product
from typing import Any

from detente.game import BuiltGame, TreeBuilder
from detente.models.checks import choice, number, require
from detente.models.model import ClosedForm, PublishedModel

_MOVES = ("C", "D")
_KINDS = ("T", "U")


def build(*, t: float, b_T: float, b_U: float, ell: float, alpha: float) -> BuiltGame:
    """The tree: two privately known types each, two rounds of simultaneous moves, the first of them observed.

    Raises:
        RequestError: A parameter is outside its range.
    """
    _check(t, b_T, b_U, ell, alpha)
    tree = TreeBuilder("1", "2")
    gain = {"T": b_T, "U": b_U}

    def stage(kind: str, own: str, other: str) -> float:
        if own == other:
            return 1.0 if own == "C" else 0.0
        return -ell if own == "C" else gain[kind]

    def end(kinds: str, first: str, second: str) -> Any:
        worth = [
            alpha * stage(kinds[i], first[i], first[1 - i]) + (1 - alpha) * stage(kinds[i], second[i], second[1 - i])
            for i in (0, 1)
        ]
        return tree.terminal(*worth, outcome=f"{first}-{second}")

    def second_round(kinds: str, first: str) -> Any:
        return tree.decision(
            "1",
            f"1r2|{kinds[0]}|{first}",
            {
                a: tree.decision("2", f"2r2|{kinds[1]}|{first[::-1]}", {b: end(kinds, first, a + b) for b in _MOVES})
                for a in _MOVES
            },
        )

    def first_round(kinds: str) -> Any:
        return tree.decision(
            "1",
            f"1r1|{kinds[0]}",
            {a: tree.decision("2", f"2r1|{kinds[1]}", {b: second_round(kinds, a + b) for b in _MOVES}) for a in _MOVES},
        )

    prior = {"T": t, "U": 1 - t}
    pairs = (a + b for a, b in product(_KINDS, _KINDS))
    return tree.build(tree.chance({kinds: (prior[kinds[0]] * prior[kinds[1]], first_round(kinds)) for kinds in pairs}))


def closed_form(
    *, t: float, b_T: float, b_U: float, ell: float, alpha: float, equilibrium: str | None = None
) -> ClosedForm:
    """When a first step of size alpha separates the trustworthy from the others, and what it is worth.

    Args:
        t: Probability that a side is trustworthy.
        b_T: What a trustworthy side gains by defecting on a cooperator, per unit of stake.
        b_U: The same for an untrustworthy side.
        ell: What a cooperator loses to a defector, per unit of stake.
        alpha: Share of the stake in the first round.
        equilibrium: ``separating`` (the default where alpha lies between `alpha_min` and `alpha_max`) or
            ``all_defect``, which always exists.

    Raises:
        RequestError: A parameter is outside its range, or alpha does not separate and that was asked for.

    Reference: Kydd (2000); the two-round form and its formulas are of this model.
    """
    _check(t, b_T, b_U, ell, alpha)
    low = t * b_U / (t * (2 * b_U - 1) + (1 - t) * ell)
    risk = t * b_T + (1 - t) * ell
    high = 1.0 if risk <= t else t / risk
    thresholds = {
        "t_star_oneshot": ell / (ell + 1 - b_T),
        "t_min_reassurance": ell * (b_U - 1) / (ell * (b_U - 1) + 2 * b_U - 1 - b_U * b_T),
        "alpha_min": low,
        "alpha_max": high,
    }
    separates = low - 1e-12 <= alpha <= high + 1e-12
    if equilibrium is not None:
        choice("equilibrium", equilibrium, ("separating", "all_defect"))
        require(
            separates or equilibrium != "separating",
            f"alpha = {alpha:g} does not separate: it would have to lie between {low:.6g} and {high:.6g}.",
        )
    if separates and equilibrium != "all_defect":
        return _separating(t, b_U, ell, alpha, thresholds)
    return _all_defect(separates, thresholds)


def _separating(t: float, b_U: float, ell: float, alpha: float, thresholds: dict[str, float]) -> ClosedForm:
    trusting, other = t - (1 - t) * alpha * ell, t * alpha * b_U
    mean = t * trusting + (1 - t) * other
    answer = {
        "strategies": {
            name: {"C" if cooperates else "D": 1.0}
            for name, cooperates in _sets(lambda kind, seen: kind == "T" and seen in ("", "CC"))
        },
        "outcomes": _outcomes({"CC-CC": t * t, "CD-DD": t * (1 - t), "DC-DD": t * (1 - t), "DD-DD": (1 - t) ** 2}),
        "eu": {"1": mean, "2": mean},
        "eu_by_type": {"T": trusting, "U": other},
        **thresholds,
        "prob_full_cooperation": t * t,
        "prob_exploitation": 2 * t * (1 - t),
        "EU_T": trusting,
        "EU_U": other,
    }
    return ClosedForm(answer, "separating", ("all_defect",))


def _all_defect(separates: bool, thresholds: dict[str, float]) -> ClosedForm:
    answer = {
        "strategies": {name: {"D": 1.0} for name, _ in _sets(lambda kind, seen: False)},
        "outcomes": _outcomes({"DD-DD": 1.0}),
        "eu": {"1": 0.0, "2": 0.0},
        "eu_by_type": {"T": 0.0, "U": 0.0},
        **thresholds,
        "prob_full_cooperation": 0.0,
        "prob_exploitation": 0.0,
        "EU_T": 0.0,
        "EU_U": 0.0,
    }
    return ClosedForm(answer, "all_defect", ("separating",) if separates else ())


def _sets(cooperates: Any) -> list[tuple[str, bool]]:
    """Name of every information set, and whether its owner cooperates there: own type, (own, other) first move."""
    found: list[tuple[str, bool]] = []
    for player, kind in product("12", _KINDS):
        found.append((f"{player}r1|{kind}", cooperates(kind, "")))
        found += [
            (f"{player}r2|{kind}|{own}{other}", cooperates(kind, own + other)) for own, other in product(_MOVES, _MOVES)
        ]
    return found


def _outcomes(found: dict[str, float]) -> dict[str, float]:
    rounds = [a + b for a, b in product(_MOVES, _MOVES)]
    return {f"{first}-{second}": found.get(f"{first}-{second}", 0.0) for first, second in product(rounds, rounds)}


def _check(t: float, b_T: float, b_U: float, ell: float, alpha: float) -> None:
    number("t", t, 0, 1, ends="()")
    number("b_T", b_T, high=1, ends="()")
    number("b_U", b_U, 1, ends="()")
    number("ell", ell, 0, ends="()")
    number("alpha", alpha, 0, 1, ends="(]")


MODEL = PublishedModel(
    key="kydd2000_reassurance",
    title="Reassurance by a costly first step",
    citation=("Kydd, A. H. (2000). Trust, Reassurance, and Cooperation. International Organization 54(2), 325-357."),
    about=(
        "A stylized version: two simultaneous rounds with stakes alpha and 1 - alpha. It keeps the paper's mechanism; "
        "the closed forms are of this version."
    ),
    parameters={
        "t": "probability that a side is trustworthy, strictly between 0 and 1",
        "b_T": "what a trustworthy side gains by defecting on a cooperator, per unit of stake, below 1",
        "b_U": "what an untrustworthy side gains by it, above 1",
        "ell": "what a cooperator loses to a defector, per unit of stake, above 0",
        "alpha": "share of the stake in the first round, above 0 to 1",
    },
    closed_form=closed_form,
    example={"t": 0.5, "b_T": 0.6, "b_U": 1.5, "ell": 1.0, "alpha": 0.55},
    build=build,
    cases=("kydd2000-reassurance",),
)
