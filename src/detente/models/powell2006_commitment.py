"""War as a commitment problem (Powell 2006): a side that will be weak tomorrow cannot promise today what it will do.

Three forms: two periods with the rising side R making the offers, two periods with the declining side D making
them, and an infinite horizon with one shift.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detente.game import BuiltGame, TreeBuilder
from detente.models.checks import choice, number, require, shown, tag
from detente.models.forms import choose_form
from detente.models.model import ClosedForm, PublishedModel

_Menus = tuple[list[float], list[float]]
EXACT = 1e-12
"""An offer of more than the pie by less than this is the whole pie: rounding."""


def two_periods(p1: float, shift: float, delta: float, c_D: float, c_R: float, proposer: str = "R") -> ClosedForm:
    """Two periods, with a shift of power between them.

    Args:
        p1: D's odds of winning a war in period 1.
        shift: What D loses of them before period 2; ``p2 = p1 - shift``.
        delta: Discount factor.
        c_D: D's cost of war.
        c_R: R's cost of war.
        proposer: Who makes the offers, ``R`` or ``D``.

    Returns:
        R proposes: ``x1``, ``x2`` (offers to D; ``x1`` is None if every offer is rejected), ``war``, ``p2``,
        ``lhs_shift`` (the discounted shift) and ``rhs_surplus`` (what R can still give up today), ``shift_star``
        (the shift at which they are equal), ``EU_D``, ``EU_R``, and the strategies in the tree that `build` gives.
        D proposes: ``war``, ``rate_of_shift``, ``surplus``, ``x1``, ``x2`` (demands), ``EU_D``, ``EU_R``.
    """
    if choice("proposer", proposer, ("R", "D")) == "R":
        return _rising_side_offers(*_two_period_numbers(p1, shift, delta, c_D, c_R))
    return _declining_side_offers(*_two_period_numbers(p1, shift, delta, c_D, c_R))


def one_shift(p1: float, p2: float, delta: float, c_D: float, c_R: float = 0.0) -> ClosedForm:
    """An infinite horizon: strength falls from `p1` to `p2` after the first period and stays there. R makes the offers.

    Args:
        p1: D's odds of winning a war now.
        p2: D's odds ever after; at most `p1`.
        delta: Discount factor, below 1.
        c_D: D's cost of war.
        c_R: R's cost of war; it changes R's value only.

    Returns:
        ``shift``, ``shift_star``, ``war``, ``x0`` (offer before the shift, None if there is war), ``x_after_shift``,
        ``EU_D``, ``EU_R`` (values over the whole horizon).
    """
    p1, p2 = number("p1", p1, 0.0, 1.0), number("p2", p2, 0.0, 1.0)
    delta, c_D, c_R = number("delta", delta, 0.0, 1.0, ends="()"), number("c_D", c_D, 0.0), number("c_R", c_R, 0.0)
    require(p2 <= p1, f"D is the declining side: p2 may not exceed p1, and {shown(p1=p1, p2=p2)} was given.")
    later = max(0.0, p2 - (1 - delta) * c_D)
    fight = p1 / (1 - delta) - c_D
    first = max(0.0, fight - delta * later / (1 - delta))
    war = first > 1 + EXACT
    kept = fight if war else min(first, 1.0) + delta * later / (1 - delta)
    rest = (1 - p1) / (1 - delta) - c_R if war else 1 / (1 - delta) - kept
    return ClosedForm(
        {
            "shift": p1 - p2,
            "shift_star": (1 - delta) / delta * (1 - p1 + (1 - delta) * c_D),
            "war": float(war),
            "x0": None if war else min(first, 1.0),
            "x_after_shift": later,
            "EU_D": kept,
            "EU_R": rest,
        }
    )


def closed_form(**params: Any) -> ClosedForm:
    """The solution: `two_periods` for ``p1, shift, delta, c_D, c_R``, `one_shift` for ``p1, p2, delta, c_D``.

    Raises:
        RequestError: The numbers fit neither form or are outside their range.
    """
    return choose_form({"two periods": two_periods, "infinite horizon, one shift": one_shift}, params)


def build(
    p1: float,
    shift: float,
    delta: float,
    c_D: float,
    c_R: float,
    proposer: str = "R",
    first: Sequence[float] | None = None,
    second: Sequence[float] | None = None,
) -> BuiltGame:
    """The tree of two periods, with the offers on menus.

    Args:
        p1: See `two_periods`, also for the next five.
        shift: See `two_periods`.
        delta: See `two_periods`.
        c_D: See `two_periods`.
        c_R: See `two_periods`.
        proposer: Who makes the offers. If D does, it may also attack at once.
        first: Shares for D that can be offered in period 1, each from 0 to 1. If not given: nothing, everything, and
            between them what makes the other side indifferent (a half where no offer would do).
        second: The same for period 2.

    Raises:
        RequestError: A number is outside its range.
    """
    numbers = _two_period_numbers(p1, shift, delta, c_D, c_R)
    rising = choice("proposer", proposer, ("R", "D")) == "R"
    solved = two_periods(*numbers, proposer)
    menus = _menus((solved["x1"], solved["x2"]), first, second)
    return _Periods(*numbers, *menus).tree(rising)


class _Periods:
    """Payoffs and nodes of the two periods."""

    def __init__(
        self, p1: float, shift: float, delta: float, c_D: float, c_R: float, first: list[float], second: list[float]
    ):
        self.delta, self.first, self.second = delta, first, second
        self.war1 = (p1 * (1 + delta) - c_D, (1 - p1) * (1 + delta) - c_R)
        self.war2 = (p1 - shift - c_D, 1 - p1 + shift - c_R)
        self.game = TreeBuilder("D", "R")

    def tree(self, rising: bool) -> BuiltGame:
        offerer, other = ("R", "D") if rising else ("D", "R")
        answers = {_label(x): self._answer(offerer, other, x) for x in self.first}
        if not rising:
            answers["attack"] = self._war1()
        return self.game.build(self.game.decision(offerer, f"{offerer}1", answers))

    def _answer(self, offerer: str, other: str, x: float):
        then = {_label(y): self._last(other, x, y) for y in self.second}
        if offerer == "D":
            then["attack"] = self._war2(x)
        later = self.game.decision(offerer, f"{offerer}2|{_label(x)}", then)
        return self.game.decision(other, f"{other}1|{_label(x)}", {"acc": later, "war": self._war1()})

    def _last(self, other: str, x: float, y: float):
        peace = self.game.terminal(x + self.delta * y, 1 - x + self.delta * (1 - y), outcome="peace")
        return self.game.decision(other, f"{other}2|{_label(x)}|{_label(y)}", {"acc": peace, "war": self._war2(x)})

    def _war1(self):
        return self.game.terminal(*self.war1, outcome="war1")

    def _war2(self, x: float):
        return self.game.terminal(x + self.delta * self.war2[0], 1 - x + self.delta * self.war2[1], outcome="war2")


def _rising_side_offers(p1: float, shift: float, delta: float, c_D: float, c_R: float) -> ClosedForm:
    p2 = p1 - shift
    x2 = max(0.0, p2 - c_D)
    fight = p1 * (1 + delta) - c_D
    needed = max(0.0, fight - delta * x2)
    war = needed > 1 + EXACT
    x1 = None if war else min(needed, 1.0)
    value = fight if x1 is None else x1 + delta * x2
    other = (1 - p1) * (1 + delta) - c_R if war else 1 + delta - value
    surplus = 1 - p1 + (1 - delta) * c_D
    return ClosedForm(
        {
            "war": float(war),
            "x1": x1,
            "x2": x2,
            "p2": p2,
            "lhs_shift": delta * shift,
            "rhs_surplus": surplus,
            "shift_star": surplus / delta,
            "EU_D": value,
            "EU_R": other,
            "eu": {"D": value, "R": other},
            "outcomes": {"peace": 1.0 - war, "war2": 0.0, "war1": float(war)},
            "strategies": _play("R", (fight, p2 - c_D, delta), (x1, x2), _menus((x1, x2))),
        }
    )


def _play(
    proposer: str, worth: tuple[float, float, float], offers: tuple[float | None, float], menus: _Menus
) -> dict[str, dict[str, float]]:
    """Strategies in the tree with the menus that `build` puts together itself; the other side accepts when indifferent.

    `worth` is what the other side has from war in either period, and the discount factor.
    """
    early, late, delta = worth
    other = "D" if proposer == "R" else "R"
    (x1, x2), sign = offers, 1 if other == "D" else -1
    offset = 0 if other == "D" else 1  # what the other side has of an offer x is offset + sign * x
    last = offset + sign * x2
    rejected = "attack" if proposer == "D" else _label(0.0)
    play: dict[str, dict[str, float]] = {f"{proposer}1": {rejected if x1 is None else _label(x1): 1.0}}
    for x in menus[0]:
        accepts = offset + sign * x + delta * last >= early - EXACT
        play[f"{other}1|{_label(x)}"] = {"acc" if accepts else "war": 1.0}
        play[f"{proposer}2|{_label(x)}"] = {_label(x2): 1.0}
        for y in menus[1]:
            accepts = offset + sign * y >= late - EXACT
            play[f"{other}2|{_label(x)}|{_label(y)}"] = {"acc" if accepts else "war": 1.0}
    return play


def _declining_side_offers(p1: float, shift: float, delta: float, c_D: float, c_R: float) -> ClosedForm:
    """R, who is offered what it would get by fighting, cannot be made to pay today for what it will have tomorrow."""
    p2 = p1 - shift
    x2 = min(1.0, p2 + c_R)
    now, later = (1 - p1) * (1 + delta) - c_R, 1 - x2
    fight = p1 * (1 + delta) - c_D
    rate = delta * later - now
    surplus = 1 + delta - fight - now
    war = rate > surplus + EXACT
    x1 = None if war else min(1.0, 1 - (now - delta * later))
    value = fight if x1 is None else x1 + delta * x2
    other = now if war else 1 + delta - value
    return ClosedForm(
        {
            "war": float(war),
            "rate_of_shift": rate,
            "surplus": surplus,
            "x1": x1,
            "x2": x2,
            "p2": p2,
            "EU_D": value,
            "EU_R": other,
            "eu": {"D": value, "R": other},
            "outcomes": {"peace": 1.0 - war, "war2": 0.0, "war1": float(war)},
            "strategies": _play("D", (now, 1 - p2 - c_R, delta), (x1, x2), _menus((x1, x2))),
        }
    )


def _two_period_numbers(
    p1: float, shift: float, delta: float, c_D: float, c_R: float
) -> tuple[float, float, float, float, float]:
    p1, shift = number("p1", p1, 0.0, 1.0), number("shift", shift, 0.0, 1.0)
    require(shift <= p1, f"p2 = p1 - shift may not be negative, and {shown(p1=p1, shift=shift)} was given.")
    return (
        p1,
        shift,
        number("delta", delta, 0.0, 1.0, ends="(]"),
        number("c_D", c_D, 0.0),
        number("c_R", c_R, 0.0),
    )


def _menus(
    solved: tuple[float | None, float], first: Sequence[float] | None = None, second: Sequence[float] | None = None
) -> _Menus:
    """Offers of either period in rising order, one for each label."""
    middle = 0.5 if solved[0] is None else solved[0]
    return _menu("first", (0.0, middle, 1.0) if first is None else first), _menu(
        "second", (0.0, solved[1], 1.0) if second is None else second
    )


def _menu(name: str, offers: Sequence[float]) -> list[float]:
    require(len(offers) > 0, f"the menu {name!r} needs at least one offer.")
    legal = sorted((number(f"an offer of {name!r}", x, 0.0, 1.0) for x in offers), reverse=True)
    return sorted({_label(x): x for x in legal}.values())


def _label(offer: float) -> str:
    return tag(round(offer, 12))


MODEL = PublishedModel(
    key="powell2006_commitment",
    title="War as a commitment problem",
    citation="Powell, R. (2006). War as a Commitment Problem. International Organization 60(1), 169-203.",
    about=(
        "The mechanism and the general condition are the paper's; the two-period game with offers on menus and the "
        "infinite horizon with one shift were worked out here."
    ),
    parameters={
        "p1": "the declining side's odds of winning a war now; from 0 to 1",
        "shift": "two periods: what it loses of them before period 2; from 0 to p1",
        "delta": "discount factor; above 0, at most 1 (below 1 on the infinite horizon)",
        "c_D": "the declining side's cost of war; at least 0",
        "c_R": "the rising side's cost of war; at least 0",
        "proposer": "two periods: who makes the offers, R (if nothing is said) or D",
        "p2": "infinite horizon: the odds after the shift; from 0 to p1",
        "first": "tree only: offers in period 1, shares for D; from 0 to 1",
        "second": "tree only: offers in period 2",
    },
    closed_form=closed_form,
    example={"p1": 0.7, "shift": 0.2, "delta": 0.9, "c_D": 0.1, "c_R": 0.1},
    build=build,
    cases=("powell2006-commitment",),
)
