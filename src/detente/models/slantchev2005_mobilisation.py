"""Slantchev (2005): a mobilization that costs, commits, and helps to win."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from detente.game import BuiltGame, TreeBuilder
from detente.models.checks import choice, number, probabilities, require, tag
from detente.models.model import ClosedForm, PublishedModel

_TIE = 1e-12

Play = tuple[float, float, float]
"""Probabilities that H and that L mobilize, and that S2 resists."""


@dataclass(frozen=True)
class _Crisis:
    q: float
    vH: float
    vL: float
    c1: float
    v2: float
    c2: float
    K: float

    def v(self, own: str) -> float:
        return self.vH if own == "H" else self.vL

    def pi(self, m: float) -> float:
        """S1's odds of winning after mobilizing m."""
        return m / (m + self.K)

    def war(self, own: str, m: float) -> float:
        """S1's payoff of attacking, before the cost of mobilizing."""
        return self.pi(m) * self.v(own) - self.c1

    def attacks(self, own: str, m: float) -> bool:
        return m >= self.m_fight(own) - _TIE

    def m_fight(self, own: str) -> float:
        value = self.v(own)
        return self.K * self.c1 / (value - self.c1) if value > self.c1 else math.inf

    @property
    def m_deter(self) -> float:
        return self.K * (self.v2 - self.c2) / self.c2

    def mu_star(self, m: float) -> float:
        """S2 resists if it expects an attack with less than this probability."""
        return self.v2 / (self.pi(m) * self.v2 + self.c2)


def build(
    *,
    q: float,
    vH: float,
    vL: float,
    c1: float,
    v2: float,
    c2: float,
    K: float,
    m: float | None = None,
    grid: Sequence[float] | None = None,
) -> BuiltGame:
    """The tree: S1's resolve, S1's mobilization to `m` or to a level of `grid`, S2's answer, S1's attack.

    Raises:
        RequestError: A parameter is missing or outside its range.
    """
    game = _crisis(q, vH, vL, c1, v2, c2, K)
    levels = _levels(m, grid)
    tree = TreeBuilder("S1", "S2")

    def mobilized(own: str, m: float) -> Any:
        fought = (game.war(own, m) - m, (1 - game.pi(m)) * v2 - c2)
        attack = tree.decision(
            "S1",
            f"att|{own}|{tag(m)}",
            {"attack": tree.terminal(*fought, outcome="war"), "back": tree.terminal(-m, v2, outcome="backdown")},
        )
        yielded = tree.terminal(game.v(own) - m, 0.0, outcome="capitulate")
        return tree.decision("S2", f"S2|{tag(m)}", {"resist": attack, "capit": yielded})

    branches = {}
    for own, weight in (("H", q), ("L", 1 - q)):
        quiet = tree.terminal(0.0, v2, outcome="statusquo")
        branches[own] = (
            weight,
            tree.decision("S1", f"mob|{own}", {"0": quiet, **{tag(level): mobilized(own, level) for level in levels}}),
        )
    return tree.build(tree.chance(branches))


def closed_form(
    *,
    q: float,
    vH: float,
    vL: float,
    c1: float,
    v2: float,
    c2: float,
    K: float,
    m: float | None = None,
    equilibrium: str | None = None,
    grid: Sequence[float] | None = None,
) -> ClosedForm:
    """Who mobilizes, whether S2 gives way, and how often there is war.

    Args:
        q: Probability that S1 is resolved (type H).
        vH: What the prize is worth to H.
        vL: What it is worth to L.
        c1: S1's cost of war.
        v2: What the prize is worth to S2, who holds it.
        c2: S2's cost of war.
        K: Scale of the odds of winning: pi(m) = m / (m + K).
        m: The one level of mobilization.
        equilibrium: Name of the regime where there are two; see `ClosedForm.others`.
        grid: Levels of mobilization instead of `m`: gives those that survive D1 as the only one used.

    Raises:
        RequestError: A parameter is outside its range, or the equilibrium does not exist there.

    Reference: Slantchev (2005); the two-type form is of this model.
    """
    game = _crisis(q, vH, vL, c1, v2, c2, K)
    if grid is not None:
        return _grid(game, grid)
    (level,) = _levels(m, None)
    found = _regimes(game, level)
    name = next(iter(found)) if equilibrium is None else choice("equilibrium", equilibrium, tuple(found))
    return _solution(game, level, name, tuple(item for item in found if item != name), found[name])


def _regimes(game: _Crisis, m: float) -> dict[str, Play]:
    """The equilibria at one level, the one that survives D1 first."""
    quiet = (0.0, 0.0, 1.0)
    if not game.attacks("H", m):
        return {"no mobilization": quiet}
    if m < game.m_deter - _TIE:  # S2 resists even a sure attack
        fights = [own for own in "HL" if game.attacks(own, m) and game.war(own, m) - m > 0]
        names = {0: "no mobilization", 1: "certain war with H", 2: "certain war"}
        return {names[len(fights)]: (float("H" in fights), float("L" in fights), 1.0)}
    if m > game.vH:
        return {"no mobilization": (0.0, 0.0, float(not game.attacks("L", m)))}
    if game.attacks("L", m):
        joins = m <= game.vL + _TIE
        name = "assured coercion (both committed)" if joins else "separating"
        return {name: (1.0, float(joins), 0.0)}
    found: dict[str, Play] = {}
    if m >= game.vL - _TIE:
        found["separating"] = (1.0, 0.0, 0.0)
    elif game.q >= game.mu_star(m):
        found["successful bluff (no war)"] = (1.0, 1.0, 0.0)
    else:
        bluff = game.q * (1 - game.mu_star(m)) / ((1 - game.q) * game.mu_star(m))
        found["semi-separating bluff"] = (1.0, bluff, 1 - m / game.vL)
    if game.war("H", m) <= m:  # else H mobilizes even to fight
        found["no mobilization"] = quiet
    return found


def _solution(game: _Crisis, m: float, name: str, others: tuple[str, ...], play: Play) -> ClosedForm:
    mobilizes, rho = {"H": play[0], "L": play[1]}, play[2]
    prior = {"H": game.q, "L": 1 - game.q}
    outcomes = {"statusquo": 0.0, "war": 0.0, "backdown": 0.0, "capitulate": 0.0}
    by_type: dict[str, float] = {}
    eu_2 = 0.0
    for own in "HL":
        share, attacks = prior[own] * mobilizes[own], game.attacks(own, m)
        outcomes["statusquo"] += prior[own] - share
        outcomes["war" if attacks else "backdown"] += share * rho
        outcomes["capitulate"] += share * (1 - rho)
        resisted = game.war(own, m) if attacks else 0.0
        by_type[own] = mobilizes[own] * ((1 - rho) * game.v(own) + rho * resisted - m)
        held = (1 - game.pi(m)) * game.v2 - game.c2 if attacks else game.v2
        eu_2 += (prior[own] - share) * game.v2 + share * rho * held
    strategies: dict[str, Any] = {f"S2|{tag(m)}": probabilities({"resist": rho, "capit": 1 - rho})}
    for own in "HL":
        strategies[f"mob|{own}"] = probabilities({"0": 1 - mobilizes[own], tag(m): mobilizes[own]})
        strategies[f"att|{own}|{tag(m)}"] = {"attack" if game.attacks(own, m) else "back": 1.0}
    answer = {
        "strategies": strategies,
        "outcomes": outcomes,
        "eu": {"S1": sum(prior[own] * by_type[own] for own in "HL"), "S2": eu_2},
        "eu_by_type": by_type,
        "pi": game.pi(m),
        "m_fight_H": game.m_fight("H"),
        "m_fight_L": game.m_fight("L"),
        "m_deter": game.m_deter,
        "mu_star": game.mu_star(m),
        "regime": name,
        "bluff": mobilizes["L"],
        "rho": rho,
        "war": outcomes["war"],
        "EU_H": by_type["H"],
        "EU_L": by_type["L"],
        "EU_S2": eu_2,
    }
    return ClosedForm(answer, name, others, {"mob|H": {tag(m): 2}})


def _grid(game: _Crisis, grid: Sequence[float]) -> ClosedForm:
    levels = _levels(None, grid)
    kept: dict[float, str] = {}
    for level in levels:
        name, play = next(iter(_regimes(game, level).items()))
        if play[0] > 0 and _survives(game, level, _solution(game, level, name, (), play), levels):
            kept[level] = name
    return ClosedForm({"survivors": list(kept), "regimes": list(kept.values())})


def _levels(m: float | None, grid: Sequence[float] | None) -> tuple[float, ...]:
    """The levels of mobilization above 0."""
    if grid is None:
        require(m is not None, "m is missing: one level of mobilization, or grid for several.")
        return (number("m", m or 0.0, 0, ends="()"),)
    levels = tuple(number("a level of the grid", level, 0) for level in grid)
    require(list(levels) == sorted(set(levels)), f"grid = {list(levels)} must rise.")
    return tuple(level for level in levels if level > 0)


def _survives(game: _Crisis, used: float, closed: ClosedForm, levels: Sequence[float]) -> bool:
    """Whether no unused level is worth it to the type that D1 makes S2 believe in."""
    for other in levels:
        if other == used:
            continue
        if other < game.m_deter - _TIE or not game.attacks("H", other):
            worth = {own: max(game.war(own, other), 0.0) - other for own in "HL"}  # S2 resists whatever it believes
            if any(worth[own] > closed[f"EU_{own}"] + _TIE for own in "HL"):
                return False
            continue
        if game.attacks("L", other):  # ... and gives way whatever it believes
            if any(game.v(own) - other > closed[f"EU_{own}"] + _TIE for own in "HL"):
                return False
            continue
        bears = {own: _bears(game, own, other, closed[f"EU_{own}"]) for own in "HL"}
        if bears["H"] > bears["L"] + _TIE and bears["H"] > _TIE:
            return False
    return True


def _bears(game: _Crisis, own: str, level: float, value: float) -> float:
    """Odds of resistance up to which a type gains from a level; negative if it never does."""
    return (game.v(own) - level - value) / (game.v(own) - max(game.war(own, level), 0.0))


def _crisis(q: float, vH: float, vL: float, c1: float, v2: float, c2: float, K: float) -> _Crisis:
    return _Crisis(
        number("q", q, 0, 1, ends="()"),
        number("vH", vH, 0, ends="()"),
        number("vL", vL, 0, vH, ends="()"),
        number("c1", c1, 0, ends="()"),
        number("v2", v2, 0, ends="()"),
        number("c2", c2, 0, ends="()"),
        number("K", K, 0, ends="()"),
    )


MODEL = PublishedModel(
    key="slantchev2005_mobilisation",
    title="Mobilization as signal and lever",
    citation=(
        "Slantchev, B. L. (2005). Military Coercion in Interstate Crises. "
        "American Political Science Review 99(4), 533-547."
    ),
    about=(
        "A stylized version with two types and one level of mobilization; with the paper's continuum of types the same "
        "thresholds become cut-points, which is not reproduced here."
    ),
    parameters={
        "q": "probability that S1 is resolved (type H), strictly between 0 and 1",
        "m": "level of mobilization, above 0",
        "vH": "what the prize is worth to H",
        "vL": "what the prize is worth to L, above 0 and below vH",
        "c1": "S1's cost of war, above 0",
        "v2": "what the prize is worth to S2, above 0",
        "c2": "S2's cost of war, above 0",
        "K": "scale of the odds of winning, m / (m + K), above 0",
        "grid": "levels of mobilization among which D1 selects, instead of m",
    },
    closed_form=closed_form,
    example={"q": 0.3, "m": 0.5, "vH": 2.0, "vL": 0.9, "c1": 0.4, "v2": 1.0, "c2": 0.75, "K": 1.0},
    build=build,
    cases=("slantchev2005-mobilisation",),
)
