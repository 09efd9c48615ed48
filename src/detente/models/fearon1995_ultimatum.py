"""Fearon (1995): a take-it-or-leave-it demand to an opponent whose cost of war is private."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.errors import RequestError
from detente.game import BuiltGame, TreeBuilder
from detente.models.checks import number, require, tag
from detente.models.model import ClosedForm, PublishedModel

_TIE = 1e-12
"""Demands that B finds exactly as good as war are accepted; this is what rounding may hide."""


@dataclass(frozen=True)
class _Game:
    """The finite game behind every form of the parameters: types of B and A's menu."""

    p: float
    c_A: float
    labels: tuple[str, ...]
    costs: tuple[float, ...]
    prior: tuple[float, ...]
    offers: tuple[float, ...]

    def accepts(self, cost: float, offer: float) -> bool:
        return offer <= self.p + cost + _TIE

    def war(self, offer: float) -> float:
        """Probability that the demand is refused."""
        return sum(weight for weight, cost in zip(self.prior, self.costs, strict=True) if not self.accepts(cost, offer))

    def value_A(self, offer: float) -> float:
        war = self.war(offer)
        return (1 - war) * offer + war * (self.p - self.c_A)

    def value_B(self, offer: float) -> float:
        return sum(
            weight * (1 - offer if self.accepts(cost, offer) else 1 - self.p - cost)
            for weight, cost in zip(self.prior, self.costs, strict=True)
        )


def build(
    *,
    p: float,
    c_A: float,
    c_L: float | None = None,
    c_H: float | None = None,
    q: float | None = None,
    offers: Sequence[float] | None = None,
    **others: Any,
) -> BuiltGame:
    """The tree: nature draws B's cost of war, A demands a share from a menu, B accepts or fights.

    Takes the same parameters as `closed_form`. Costs that are uniform on ``[c_lo, c_hi]`` become ``n``
    equally likely types at the midpoints of equal cells (12 if `n` is not given), with the menu ``p + c_k``.

    Raises:
        RequestError: A parameter is outside its range, or the set of parameters fits none of the three forms.
    """
    game = _finite(p, c_A, {"c_L": c_L, "c_H": c_H, "q": q, "offers": offers, **others})
    tree = TreeBuilder("A", "B")
    branches = {}
    for label, cost, weight in zip(game.labels, game.costs, game.prior, strict=True):
        war = tree.terminal(game.p - game.c_A, 1 - game.p - cost, outcome="war")
        menu = {
            tag(offer): tree.decision(
                "B", f"B|{label}|{tag(offer)}", {"acc": tree.terminal(offer, 1 - offer, outcome="peace"), "war": war}
            )
            for offer in game.offers
        }
        branches[label] = (weight, tree.decision("A", "A", menu))
    return tree.build(tree.chance(branches))


def closed_form(
    *,
    p: float,
    c_A: float,
    c_L: float | None = None,
    c_H: float | None = None,
    q: float | None = None,
    offers: Sequence[float] | None = None,
    **others: Any,
) -> ClosedForm:
    """What A demands, and how often there is war.

    Three forms: two types (`c_L`, `c_H`, `q`), equally likely types (`costs`), or a uniform cost
    (`c_lo`, `c_hi`) with demands from the whole interval; with `n` the tree of `build` instead. The first two
    take a menu (`offers`); without one it is p + c for each cost c, and p with two types. Menus may go past 1,
    as costs may. B accepts when it is indifferent; among demands of equal value A makes the lowest.

    Raises:
        RequestError: A parameter is outside its range, or the set of parameters fits none of the three forms.

    Reference: Fearon (1995), the section on private information.
    """
    given = {"c_L": c_L, "c_H": c_H, "q": q, "offers": offers, **others}
    if ("c_lo" in others or "c_hi" in others) and others.get("n") is None:
        return _uniform(p, c_A, given)
    game = _finite(p, c_A, given)
    offer = max(game.offers, key=lambda item: (round(game.value_A(item), 12), -item))
    war = game.war(offer)
    strategies = {"A": {tag(offer): 1.0}}
    for label, cost in zip(game.labels, game.costs, strict=True):
        for item in game.offers:
            strategies[f"B|{label}|{tag(item)}"] = {"acc" if game.accepts(cost, item) else "war": 1.0}
    answer: dict[str, Any] = {
        "strategies": strategies,
        "outcomes": {"peace": 1 - war, "war": war},
        "eu": {"A": game.value_A(offer), "B": game.value_B(offer)},
        "offer": offer,
        "war": war,
        "EU_A": game.value_A(offer),
        "EU_B": game.value_B(offer),
        "bargaining_range": (game.p - game.c_A, game.p + min(game.costs)),
    }
    if q is not None:
        answer["q_star"] = (game.costs[0] + game.c_A) / (game.costs[1] + game.c_A)
    return ClosedForm(answer)


def _uniform(p: float, c_A: float, given: dict[str, Any]) -> ClosedForm:
    low, high = _interval(p, c_A, given)
    y = min(max((high - c_A) / 2, low), 1 - p)
    war = max(0.0, (y - low) / (high - low))
    offer = p + y
    fought = war * (1 - p) - (max(y, low) ** 2 - low**2) / (2 * (high - low))
    return ClosedForm(
        {
            "offer": offer,
            "war": war,
            "EU_A": (1 - war) * offer + war * (p - c_A),
            "EU_B": (1 - war) * (1 - offer) + fought,
            "war_interior": (high - c_A - 2 * low) / (2 * (high - low)),
            "bargaining_range": (p - c_A, p + low),
        }
    )


def _interval(p: float, c_A: float, given: dict[str, Any]) -> tuple[float, float]:
    number("p", p, 0, 1)
    number("c_A", c_A, 0)
    require(
        "c_lo" in given and "c_hi" in given and all(given.get(name) is None for name in ("c_L", "c_H", "q", "costs")),
        "a uniform cost of war takes both c_lo and c_hi, and none of c_L, c_H, q, costs.",
    )
    require(given.get("offers") is None, "with a uniform cost every demand from 0 to 1 is possible; leave out offers.")
    _no_more(given, ("c_lo", "c_hi", "n"))
    low = number("c_lo", given["c_lo"], 0)
    return low, number("c_hi", given["c_hi"], low, ends="()")


def _finite(p: float, c_A: float, given: dict[str, Any]) -> _Game:
    if "c_lo" in given or "c_hi" in given:
        low, high = _interval(p, c_A, given)
        cells = int(number("n", given.get("n") or 12, 1))
        costs = [low + (high - low) * (k + 0.5) / cells for k in range(cells)]
        given = {"costs": costs}
    number("p", p, 0, 1)
    number("c_A", c_A, 0)
    if given.get("costs") is not None:
        costs, labels, prior = _types(given)
        offers = given.get("offers") or [p + cost for cost in costs]
    else:
        costs, labels, prior = _two_types(given)
        offers = given.get("offers") or [p, *(p + cost for cost in costs)]
    menu = tuple(number("an offer", item, 0) for item in offers)
    require(len({tag(item) for item in menu}) == len(menu), f"the offers {list(menu)} are not all different.")
    return _Game(float(p), float(c_A), labels, costs, prior, menu)


def _two_types(given: dict[str, Any]) -> tuple[tuple[float, ...], tuple[str, ...], tuple[float, ...]]:
    missing = [name for name in ("c_L", "c_H", "q") if given.get(name) is None]
    require(
        not missing,
        f"{', '.join(missing)} missing. Give c_L, c_H and q (two types), costs (n types), or c_lo and c_hi (uniform).",
    )
    _no_more(given, ())
    low = number("c_L", given["c_L"], 0)
    high = number("c_H", given["c_H"], low, ends="()")
    q = number("q", given["q"], 0, 1)
    return (low, high), ("cL", "cH"), (1 - q, q)


def _types(given: dict[str, Any]) -> tuple[tuple[float, ...], tuple[str, ...], tuple[float, ...]]:
    require(
        all(given.get(name) is None for name in ("c_L", "c_H", "q")),
        "costs lists every type of B; leave out c_L, c_H and q.",
    )
    _no_more(given, ("costs",))
    costs = tuple(number("a cost", item, 0) for item in given["costs"])
    require(bool(costs) and list(costs) == sorted(set(costs)), f"costs = {list(costs)} must rise from type to type.")
    prior = np.full(len(costs), 1 / len(costs))
    return costs, tuple(f"c{k}" for k in range(len(costs))), tuple(float(weight) for weight in prior)


def _no_more(given: dict[str, Any], legal: tuple[str, ...]) -> None:
    known = {*legal, "c_L", "c_H", "q", "offers"}
    for name in given:
        if name not in known:
            raise RequestError(
                f"there is no parameter '{name}' here. There are: {', '.join(MODEL.parameters)}; costs, or c_lo and "
                "c_hi, stand in for c_L, c_H and q."
            )


MODEL = PublishedModel(
    key="fearon1995_ultimatum",
    title="Ultimatum with a private cost of war",
    citation="Fearon, J. D. (1995). Rationalist Explanations for War. International Organization 49(3), 379-414.",
    about="The paper's game. Two or n types with a menu of demands are finite; the uniform cost is the paper's own.",
    parameters={
        "p": "probability that A wins a war, 0 to 1",
        "c_A": "A's cost of war, at least 0",
        "c_L": "B's low cost of war (two types), at least 0",
        "c_H": "B's high cost of war (two types), above c_L",
        "q": "probability that B's cost is high (two types), 0 to 1",
        "offers": "the demands that A can make; p and p + c for each cost c if not given",
        "costs": "rising costs of equally likely types of B (n types)",
        "c_lo": "lowest cost of B (uniform), at least 0",
        "c_hi": "highest cost of B (uniform), above c_lo",
        "n": "number of types that `build` cuts a uniform cost into, 12 if not given (uniform)",
    },
    closed_form=closed_form,
    example={"p": 0.5, "c_A": 0.1, "c_L": 0.1, "c_H": 0.4, "q": 0.7, "offers": [0.48, 0.58, 0.88]},
    build=build,
    cases=("fearon1995-ultimatum",),
)
