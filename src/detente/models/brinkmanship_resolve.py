"""A contest of hidden resolve: resisting is a risk that the irresolute run too, now and then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detente.game import BuiltGame, TreeBuilder
from detente.models.checks import number, probabilities, require, shown
from detente.models.model import ClosedForm

PARAMETERS = {
    "q": "hidden resolve: probability that D is resolute (type H), strictly between 0 and 1",
    "f": "ladder and hidden resolve: probability of disaster at each step, strictly between 0 and 1",
    "F": "hidden resolve: probability of disaster if D stands firm when pressed",
    "w": "hidden resolve: D's payoff of prevailing",
    "s_": "hidden resolve: D's payoff of submitting",
    "dL": "hidden resolve: the irresolute D's payoff of disaster; F must lie above its critical risk and f below",
    "dH": "hidden resolve: the resolute D's payoff of disaster; F must lie at or below its critical risk",
    "wC": "hidden resolve: C's payoff of prevailing",
    "sC": "hidden resolve: C's payoff of backing off",
    "dC": "hidden resolve: C's payoff of disaster",
    "sq": "hidden resolve: C's payoff of the status quo, above sC and below wC",
}
_TIE = 1e-12


@dataclass(frozen=True)
class _Contest:
    q: float
    f: float
    F: float
    w: float
    s: float
    d: dict[str, float]
    wC: float
    sC: float
    dC: float
    sq: float

    def critical(self, kind: str) -> float:
        return (self.w - self.s) / (self.w - self.d[kind])

    @property
    def mu_star(self) -> float:
        """C presses if it believes D resolute with less than this probability."""
        return (self.wC - self.sC) / ((self.wC - self.sC) + self.F * (self.sC - self.dC))


def build(**parameters: float) -> BuiltGame:
    """The tree: D's type, C's challenge, D's resistance at a risk, C's pressure, D's stand at a higher risk.

    Raises:
        RequestError: A parameter is outside its range.
    """
    game = _contest(parameters)
    tree = TreeBuilder("C", "D")
    backs = tree.terminal(game.sC, game.w, outcome="C_backs")
    wins = tree.terminal(game.wC, game.s, outcome="C_wins")
    quiet = tree.terminal(game.sq, game.w, outcome="status_quo")
    branches = {}
    for kind, weight in (("H", game.q), ("L", 1 - game.q)):
        boom = tree.terminal(game.dC, game.d[kind], outcome="disaster")
        stand = tree.chance({"boom": (game.F, boom), "on": (1 - game.F, backs)})
        pressed = tree.decision("D", f"D2|{kind}", {"stand": stand, "submit": wins})
        press = tree.decision("C", "C2", {"press": pressed, "withdraw": backs})
        resist = tree.chance({"boom": (game.f, boom), "on": (1 - game.f, press)})
        challenged = tree.decision("D", f"D1|{kind}", {"resist": resist, "submit": wins})
        branches[kind] = (weight, tree.decision("C", "C1", {"challenge": challenged, "status_quo": quiet}))
    return tree.build(tree.chance(branches))


def closed_form(**parameters: float) -> ClosedForm:
    """How often the irresolute resist, how often C presses, and whether C challenges at all.

    Below `mu_star` the irresolute resist now and then; at or above it they always do, and C backs off.

    Raises:
        RequestError: A parameter is outside its range.
    """
    game = _contest(parameters)
    bluff, press = _play(game)
    q, f, F = game.q, game.f, game.F
    resisting = q + (1 - q) * bluff
    contest = {
        "disaster": f * resisting + (1 - f) * q * press * F,
        "C_backs": (1 - f) * ((1 - press) * resisting + press * q * (1 - F)),
        "C_wins": (1 - q) * (1 - bluff + bluff * (1 - f) * press),
    }
    eu_c = game.dC * contest["disaster"] + game.sC * contest["C_backs"] + game.wC * contest["C_wins"]
    challenges = eu_c > game.sq + _TIE
    pressed = {"H": F * game.d["H"] + (1 - F) * game.w, "L": game.s}
    stands = {kind: f * game.d[kind] + (1 - f) * (press * pressed[kind] + (1 - press) * game.w) for kind in "HL"}
    by_type = {"H": stands["H"], "L": bluff * stands["L"] + (1 - bluff) * game.s}
    after_resist = f * game.dC + (1 - f) * game.sC
    answer: dict[str, Any] = {
        "strategies": {
            "C1": {"challenge" if challenges else "status_quo": 1.0},
            "D1|H": {"resist": 1.0},
            "D1|L": probabilities({"resist": bluff, "submit": 1 - bluff}),
            "C2": probabilities({"press": press, "withdraw": 1 - press}),
            "D2|H": {"stand": 1.0},
            "D2|L": {"submit": 1.0},
        },
        "outcomes": {
            **{name: odds * challenges for name, odds in contest.items()},
            "status_quo": float(not challenges),
        },
        "eu": {
            "C": eu_c if challenges else game.sq,
            "D": q * by_type["H"] + (1 - q) * by_type["L"] if challenges else game.w,
        },
        "eu_by_type": by_type if challenges else {"H": game.w, "L": game.w},
        "R_L": game.critical("L"),
        "R_H": game.critical("H"),
        "mu_star": game.mu_star,
        "bluff_L": bluff,
        "press": press,
        "prob_resist": resisting,
        "EU_C_challenge": eu_c,
        "q_crit": game.mu_star * (game.wC - game.sq) / (game.wC - after_resist),
        "challenge": float(challenges),
        "disaster": contest["disaster"] * challenges,
    }
    return ClosedForm(answer)


def _play(game: _Contest) -> tuple[float, float]:
    if game.q >= game.mu_star:
        return 1.0, 0.0
    bluff = game.q * (1 - game.mu_star) / ((1 - game.q) * game.mu_star)
    return bluff, 1 - game.f * (game.s - game.d["L"]) / ((1 - game.f) * (game.w - game.s))


def _contest(given: dict[str, float]) -> _Contest:
    values = {name: number(name, value) for name, value in given.items()}
    for name in ("q", "f", "F"):
        number(name, values[name], 0, 1, ends="()")
    require(
        values["dC"] < values["sC"] < values["sq"] < values["wC"],
        "C's payoffs must rise from dC over sC and sq to wC; given "
        f"{values['dC']:g}, {values['sC']:g}, {values['sq']:g}, {values['wC']:g}.",
    )
    require(
        values["dL"] < values["dH"] < values["s_"] < values["w"],
        "D's payoffs must rise from dL over dH and s_ to w; given "
        f"{values['dL']:g}, {values['dH']:g}, {values['s_']:g}, {values['w']:g}.",
    )
    d = {"H": values["dH"], "L": values["dL"]}
    rest = {name: values[name] for name in ("q", "f", "F", "w", "wC", "sC", "dC", "sq")}
    game = _Contest(**rest, s=values["s_"], d=d)
    low, high = game.critical("L"), game.critical("H")
    require(
        game.f < low < game.F <= high + _TIE,
        f"the risks must satisfy f < R_L < F <= R_H; here {shown(f=game.f, R_L=low, F=game.F, R_H=high)}.",
    )
    return game
