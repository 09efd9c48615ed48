"""Spence (1973) as a signaling game: education that costs the able less."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from detente.game import BuiltGame, TreeBuilder
from detente.models.checks import choice, number, require, tag
from detente.models.model import ClosedForm, PublishedModel

LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
_TIE = 1e-12


@dataclass(frozen=True)
class _Game:
    theta: dict[str, float]
    prior: dict[str, float]
    levels: tuple[float, ...]
    wages: tuple[float, ...]

    @property
    def mean(self) -> float:
        return sum(self.prior[kind] * self.theta[kind] for kind in "HL")

    def payoff(self, kind: str, level: float, wage: float) -> float:
        return wage - level / self.theta[kind]

    @property
    def riley(self) -> float:
        """Where the less able are indifferent between the wage of the able and none of the education."""
        return self.theta["L"] * (self.theta["H"] - self.theta["L"])

    @property
    def pooling_max(self) -> float:
        return self.theta["L"] * (self.mean - self.theta["L"])


def build(
    *,
    q: float,
    theta_H: float = 2.0,
    theta_L: float = 1.0,
    e_grid: Sequence[float] = LEVELS,
    w_grid: Sequence[float] | None = None,
) -> BuiltGame:
    """The tree: nature draws the worker's ability, it chooses education from a grid, the firm sees it and pays.

    The firm loses the squared distance of the wage from the ability, so that it pays the mean it believes in.

    Raises:
        RequestError: A parameter is outside its range.
    """
    game = _game(q, theta_H, theta_L, e_grid, w_grid)
    tree = TreeBuilder("W", "F")
    branches = {}
    for kind in "HL":
        menu = {
            tag(level): tree.decision(
                "F",
                f"F|{tag(level)}",
                {
                    tag(wage): tree.terminal(
                        game.payoff(kind, level, wage),
                        -((wage - game.theta[kind]) ** 2),
                        outcome=f"e{tag(level)}w{tag(wage)}",
                    )
                    for wage in game.wages
                },
            )
            for level in game.levels
        }
        branches[kind] = (game.prior[kind], tree.decision("W", f"W|{kind}", menu))
    return tree.build(tree.chance(branches))


def closed_form(
    *,
    q: float,
    theta_H: float = 2.0,
    theta_L: float = 1.0,
    e_grid: Sequence[float] = LEVELS,
    w_grid: Sequence[float] | None = None,
    equilibrium: str | None = None,
) -> ClosedForm:
    """How much education each takes, and what it earns.

    Args:
        q: Probability of the higher ability.
        theta_H: The higher ability.
        theta_L: The lower ability.
        e_grid: Levels of education, 0 among them.
        w_grid: Wages; the two abilities and their mean if not given.
        equilibrium: ``riley`` (the separating one of least cost, the default) or ``pool_E``, pooling on a
            level E of the grid, such as ``pool_0.5``.

    Raises:
        RequestError: A parameter is outside its range, or the equilibrium does not exist there.

    Reference: Spence (1973); Riley (1979) for the separating level; Cho and Kreps (1987) for the selection.
    """
    game = _game(q, theta_H, theta_L, e_grid, w_grid)
    pools = {f"pool_{tag(level)}": level for level in game.levels if level <= game.pooling_max + _TIE}
    separating = [level for level in game.levels if _separates(game, level)]
    legal = (*(["riley"] if separating else []), *(pools if _has(game.wages, game.mean) else ()))
    require(bool(legal), f"no level of the grid {list(game.levels)} separates and no wage is the mean {game.mean:g}.")
    found = legal[0] if equilibrium is None else choice("equilibrium", equilibrium, legal)
    others = tuple(name for name in legal if name != found)
    if found == "riley":
        return _solution(game, found, others, {"H": separating[0], "L": 0.0})
    return _solution(game, found, others, dict.fromkeys("HL", pools[found]))


def _separates(game: _Game, level: float) -> bool:
    deterred = level >= game.riley - _TIE
    willing = game.payoff("H", level, game.theta["H"]) >= game.theta["L"] - _TIE
    return level > 0 and deterred and willing


def _solution(game: _Game, name: str, others: tuple[str, ...], taken: dict[str, float]) -> ClosedForm:
    pooling = taken["H"] == taken["L"]
    wage = dict.fromkeys(game.levels, game.theta["L"])
    wage[taken["H"]] = game.mean if pooling else game.theta["H"]
    earned = {kind: game.payoff(kind, taken[kind], wage[taken[kind]]) for kind in "HL"}
    loss = -sum(game.prior[kind] * (wage[taken[kind]] - game.theta[kind]) ** 2 for kind in "HL")
    outcomes = {f"e{tag(level)}w{tag(pay)}": 0.0 for level in game.levels for pay in game.wages}
    for kind in "HL":
        outcomes[f"e{tag(taken[kind])}w{tag(_nearest(game.wages, wage[taken[kind]]))}"] += game.prior[kind]
    answer: dict[str, Any] = {
        "strategies": {
            **{f"W|{kind}": {tag(taken[kind]): 1.0} for kind in "HL"},
            **{f"F|{tag(level)}": {tag(_nearest(game.wages, pay)): 1.0} for level, pay in wage.items()},
        },
        "outcomes": outcomes,
        "eu": {"W": sum(game.prior[kind] * earned[kind] for kind in "HL"), "F": loss},
        "eu_by_type": earned,
        "e_riley": game.riley,
        "EU_H": earned["H"],
        "EU_L": earned["L"],
        "e_H": taken["H"],
        "e_L": taken["L"],
        "passes_intuitive_on_grid": _passes_intuitive(game, taken, earned),
        "passes_intuitive_continuous": not pooling and abs(taken["H"] - game.riley) <= 1e-9,
        "pooling_e_max": game.pooling_max,
    }
    less_likely = {tag(level): 2 for level in game.levels if level != taken["H"]}
    return ClosedForm(answer, name, others, {"W|H": less_likely})


def _passes_intuitive(game: _Game, taken: dict[str, float], earned: dict[str, float]) -> bool:
    """Whether no unused level pays the able, if believed, and cannot pay the less able whatever is believed."""
    top = game.theta["H"]
    return not any(
        game.payoff("H", level, top) > earned["H"] + _TIE and game.payoff("L", level, top) < earned["L"] - _TIE
        for level in game.levels
        if level not in taken.values()
    )


def _game(q: float, theta_H: float, theta_L: float, e_grid: Sequence[float], w_grid: Sequence[float] | None) -> _Game:
    q = number("q", q, 0, 1, ends="()")
    low = number("theta_L", theta_L, 0, ends="()")
    high = number("theta_H", theta_H, low, ends="()")
    levels = tuple(number("a level of education", level, 0) for level in e_grid)
    require(bool(levels) and list(levels) == sorted(set(levels)), f"e_grid = {list(levels)} must rise.")
    require(levels[0] == 0, f"e_grid = {list(levels)} must start at 0, no education.")
    mean = q * high + (1 - q) * low
    wages = tuple(number("a wage", wage) for wage in ((low, mean, high) if w_grid is None else w_grid))
    require(list(wages) == sorted(set(wages)), f"w_grid = {list(wages)} must rise.")
    for wage in (low, high):
        require(_has(wages, wage), f"w_grid = {list(wages)} must hold both abilities, {low:g} and {high:g}.")
    return _Game({"H": high, "L": low}, {"H": q, "L": 1 - q}, levels, wages)


def _nearest(wages: Sequence[float], wage: float) -> float:
    return min(wages, key=lambda item: abs(item - wage))


def _has(wages: Sequence[float], wage: float) -> bool:
    return abs(_nearest(wages, wage) - wage) <= 1e-9


MODEL = PublishedModel(
    key="spence",
    title="Education as a signal",
    citation="Spence, M. (1973). Job Market Signaling. Quarterly Journal of Economics 87(3), 355-374.",
    about=(
        "The paper's mechanism as a signaling game: two abilities, education from a grid, and a firm whose quadratic "
        "loss makes it pay the mean of what it believes."
    ),
    parameters={
        "theta_H": "the higher ability, above theta_L",
        "theta_L": "the lower ability, above 0",
        "q": "probability of the higher ability, strictly between 0 and 1",
        "e_grid": "levels of education, rising from 0",
        "w_grid": "wages the firm can pay, both abilities among them; the abilities and their mean if not given",
    },
    closed_form=closed_form,
    example={"theta_H": 2.0, "theta_L": 1.0, "q": 0.3, "e_grid": list(LEVELS), "w_grid": [1.0, 1.3, 2.0]},
    build=build,
    cases=("spence",),
)
