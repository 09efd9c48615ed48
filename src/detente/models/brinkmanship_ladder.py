"""A ladder of escalation under complete information: the player who can take the last step wins at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from detente.game import BuiltGame, TreeBuilder
from detente.models.checks import number, require
from detente.models.model import ClosedForm

PARAMETERS = {
    "order": "ladder: who moves in turn after the challenge, a word of the letters C and D such as DCDC",
    "f": "ladder and hidden resolve: probability of disaster at each step, strictly between 0 and 1",
    "C": "ladder: C's payoffs of winning, of yielding and of disaster, the first the highest",
    "D": "ladder: D's payoffs of winning, of yielding and of disaster, the first the highest",
    "status_quo": "ladder: payoffs of C and D if C does not challenge",
}
_TIE = 1e-12


@dataclass(frozen=True)
class _Ladder:
    order: str
    f: float
    payoffs: dict[str, tuple[float, float, float]]
    status_quo: tuple[float, float]

    def critical(self, player: str) -> float:
        win, yielded, disaster = self.payoffs[player]
        return (win - yielded) / (win - disaster)

    def won_by(self, winner: str) -> tuple[float, float]:
        found = tuple(self.payoffs[player][0 if player == winner else 1] for player in "CD")
        return found[0], found[1]

    @property
    def disaster(self) -> tuple[float, float]:
        return self.payoffs["C"][2], self.payoffs["D"][2]


def build(*, order: str, f: float, C: Sequence[float], D: Sequence[float], status_quo: Sequence[float]) -> BuiltGame:
    """The tree: C challenges or not, then each in turn quits or escalates at a risk of disaster.

    Whoever escalates last wins.

    Raises:
        RequestError: A parameter is outside its range.
    """
    game = _ladder(order, f, C, D, status_quo)
    tree = TreeBuilder("C", "D")
    boom = tree.terminal(*game.disaster, outcome="disaster")
    wins = {player: tree.terminal(*game.won_by(player), outcome=f"win_{player}") for player in "CD"}
    after = wins[order[-1]]
    for step in reversed(range(len(order))):
        mover = order[step]
        escalated = tree.chance({"boom": (f, boom), "on": (1 - f, after)})
        after = tree.decision(mover, f"{mover}{step}", {"quit": wins[_other(mover)], "esc": escalated})
    quiet = tree.terminal(*game.status_quo, outcome="status_quo")
    return tree.build(tree.decision("C", "C_ch", {"status_quo": quiet, "challenge": after}))


def closed_form(
    *, order: str, f: float, C: Sequence[float], D: Sequence[float], status_quo: Sequence[float]
) -> ClosedForm:
    """Who would win the contest, and whether there is one.

    Where the players alternate: the last mover wins if its critical risk is at least `f`; else the other does
    if its is; else the first to move quits. A player that is indifferent escalates; C challenges only if that
    is better than the status quo.

    Raises:
        RequestError: A parameter is outside its range.
    """
    game = _ladder(order, f, C, D, status_quo)
    strategies: dict[str, Any] = {}
    ends = {"disaster": 0.0, f"win_{order[-1]}": 1.0}
    for step in reversed(range(len(order))):
        mover = order[step]
        own = "CD".index(mover)
        escalating = f * game.disaster[own] + (1 - f) * _worth(game, ends)[own]
        quits = escalating < game.won_by(_other(mover))[own] - _TIE
        strategies[f"{mover}{step}"] = {"quit" if quits else "esc": 1.0}
        if quits:
            ends = {"disaster": 0.0, f"win_{_other(mover)}": 1.0}
        else:
            ends = {name: (1 - f) * odds + (f if name == "disaster" else 0.0) for name, odds in ends.items()}
    contest = _worth(game, ends)
    challenges = contest[0] > game.status_quo[0] + _TIE
    strategies["C_ch"] = {"challenge" if challenges else "status_quo": 1.0}
    outcomes = {"status_quo": float(not challenges), "win_C": 0.0, "disaster": 0.0, "win_D": 0.0}
    outcomes |= {name: odds * challenges for name, odds in ends.items()}
    eu = contest if challenges else game.status_quo
    answer = {
        "strategies": strategies,
        "outcomes": outcomes,
        "eu": {"C": eu[0], "D": eu[1]},
        "R_C": game.critical("C"),
        "R_D": game.critical("D"),
        "winner": "C" if ends.get("win_C", 0.0) > 0 else "D",
        "challenge": float(challenges),
        "disaster": outcomes["disaster"],
    }
    return ClosedForm(answer)


def _worth(game: _Ladder, ends: dict[str, float]) -> tuple[float, float]:
    rows = {"win_C": game.won_by("C"), "win_D": game.won_by("D"), "disaster": game.disaster}
    found = [sum(odds * rows[name][own] for name, odds in ends.items()) for own in (0, 1)]
    return found[0], found[1]


def _other(player: str) -> str:
    return "D" if player == "C" else "C"


def _ladder(order: str, f: float, C: Sequence[float], D: Sequence[float], status_quo: Sequence[float]) -> _Ladder:
    require(
        isinstance(order, str) and bool(order) and set(order) <= set("CD"),
        f"order = {order!r} must be a word of the letters C and D, such as DCDC.",
    )
    require(len(status_quo) == 2, f"status_quo = {list(status_quo)} must be two payoffs, of C and of D.")
    for name, values in (("C", C), ("D", D)):
        require(
            len(values) == 3 and values[0] > max(values[1:]),
            f"{name} = {list(values)} must be three payoffs, the first the highest.",
        )
    return _Ladder(
        order,
        number("f", f, 0, 1, ends="()"),
        {"C": (float(C[0]), float(C[1]), float(C[2])), "D": (float(D[0]), float(D[1]), float(D[2]))},
        (number("status_quo", status_quo[0]), number("status_quo", status_quo[1])),
    )
