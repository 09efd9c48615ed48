"""An announced risk of disaster: which risk a coercer names when the target may not care enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from detente.game import BuiltGame, TreeBuilder
from detente.models.checks import number, require, tag
from detente.models.model import ClosedForm

PARAMETERS = {
    "p_hard": "announced risk: probability that the target is hard, strictly between 0 and 1",
    "menu": "announced risk: the risks that the coercer can announce, rising, each 0 to 1",
    "A": "announced risk: the coercer's payoffs if the target yields, defies unpunished, and of disaster, falling",
    "soft": "announced risk: a soft target's payoffs of defying unpunished (the highest), of yielding, and of disaster",
    "hard": "announced risk: the same for a hard target, whose critical risk is higher",
}
_TIE = 1e-12


@dataclass(frozen=True)
class _Threat:
    prior: dict[str, float]
    menu: tuple[float, ...]
    coercer: tuple[float, float, float]
    target: dict[str, tuple[float, float, float]]

    def critical(self, kind: str) -> float:
        win, yielded, disaster = self.target[kind]
        return (win - yielded) / (win - disaster)

    def yields(self, kind: str, risk: float) -> bool:
        return risk >= self.critical(kind) - _TIE

    def value(self, risk: float) -> float:
        gained, defied, disaster = self.coercer
        after = (1 - risk) * defied + risk * disaster
        return sum(weight * (gained if self.yields(kind, risk) else after) for kind, weight in self.prior.items())


def build(
    *,
    p_hard: float,
    menu: Sequence[float],
    A: Sequence[float],
    soft: Sequence[float],
    hard: Sequence[float],
) -> BuiltGame:
    """The tree: the target's type, the announced risk, the target's answer, and the risk itself.

    Raises:
        RequestError: A parameter is outside its range.
    """
    game = _threat(p_hard, menu, A, soft, hard)
    tree = TreeBuilder("US", "SU")
    branches = {}
    for kind, weight in game.prior.items():
        win, yielded, disaster = game.target[kind]
        given = tree.terminal(game.coercer[0], yielded, outcome="yield")
        defied = tree.terminal(game.coercer[1], win, outcome="defied")
        boom = tree.terminal(game.coercer[2], disaster, outcome="disaster")
        risks = {}
        for risk in game.menu:
            after = defied if risk == 0 else tree.chance({"boom": (risk, boom), "none": (1 - risk, defied)})
            answer = {"yield": given, "defy": after}
            risks[tag(risk)] = tree.decision("SU", f"SU|{kind}|{tag(risk)}", answer)
        branches[kind] = (weight, tree.decision("US", "US", risks))
    return tree.build(tree.chance(branches))


def closed_form(
    *,
    p_hard: float,
    menu: Sequence[float],
    A: Sequence[float],
    soft: Sequence[float],
    hard: Sequence[float],
) -> ClosedForm:
    """The risk that is announced; the lowest of several that are equally good. A target yields when indifferent.

    Raises:
        RequestError: A parameter is outside its range.
    """
    game = _threat(p_hard, menu, A, soft, hard)
    gained, defied, lost = game.coercer
    risk = max(game.menu, key=lambda item: (round(game.value(item), 12), -item))
    resisting = sum(weight for kind, weight in game.prior.items() if not game.yields(kind, risk))
    target = {
        kind: game.target[kind][1]
        if game.yields(kind, risk)
        else (1 - risk) * game.target[kind][0] + risk * game.target[kind][2]
        for kind in game.prior
    }
    least, odds = game.critical("soft"), game.prior["hard"]
    strategies: dict[str, Any] = {"US": {tag(risk): 1.0}}
    for kind in game.prior:
        for item in game.menu:
            strategies[f"SU|{kind}|{tag(item)}"] = {"yield" if game.yields(kind, item) else "defy": 1.0}
    answer = {
        "strategies": strategies,
        "outcomes": {"yield": 1 - resisting, "defied": resisting * (1 - risk), "disaster": resisting * risk},
        "eu": {"US": game.value(risk), "SU": sum(game.prior[kind] * target[kind] for kind in game.prior)},
        "R_soft": least,
        "R_hard": game.critical("hard"),
        "q_min_effective": least,
        "q_max_acceptable": min(1.0, (gained - defied) * (1 - odds) / (odds * (defied - lost))),
        "p_crit_at_qmin": (gained - defied) / (gained - defied + least * (defied - lost)),
        "threat": risk,
        "disaster": resisting * risk,
        "EU_US": game.value(risk),
        "EU_US_at_infimum": (1 - odds) * gained + odds * ((1 - least) * defied + least * lost),
    }
    return ClosedForm(answer)


def _threat(
    p_hard: float, menu: Sequence[float], A: Sequence[float], soft: Sequence[float], hard: Sequence[float]
) -> _Threat:
    odds = number("p_hard", p_hard, 0, 1, ends="()")
    risks = tuple(number("a risk of the menu", risk, 0, 1) for risk in menu)
    require(bool(risks) and list(risks) == sorted(set(risks)), f"menu = {list(risks)} must rise.")
    target = {"soft": _three("soft", soft), "hard": _three("hard", hard)}
    coercer = _three("A", A)
    require(coercer[1] > coercer[2], f"A = {list(A)} must fall.")
    game = _Threat({"soft": 1 - odds, "hard": odds}, risks, coercer, target)
    require(
        game.critical("hard") > game.critical("soft"),
        f"a hard target must bear more risk than a soft one; the critical risks are {game.critical('hard'):g} and "
        f"{game.critical('soft'):g}.",
    )
    return game


def _three(name: str, values: Sequence[float]) -> tuple[float, float, float]:
    require(len(values) == 3, f"{name} = {list(values)} must be three payoffs.")
    first, second, third = (number(f"a payoff of {name}", value) for value in values)
    require(first > max(second, third), f"{name} = {list(values)} must have its highest payoff first.")
    return first, second, third
