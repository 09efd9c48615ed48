"""Reciprocal concessions in steps, with a guarantor who fines whoever stops the exchange: does the order carry itself?

At each step of a fixed order its owner performs (and pays), or defects, which ends the exchange and costs
the defector the fine g. Everything turns on one number per order, the smallest fine that carries it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detente.errors import RequestError
from detente.game import BuiltGame, TreeBuilder
from detente.models.checks import number, require
from detente.models.forms import choose_form
from detente.models.model import ClosedForm, PublishedModel
from detente.models.stepwise_orders import (
    ROUNDING,
    Item,
    count_equal_orders,
    equal_items,
    least_guarantee,
    search_orders,
)


def build(
    order: str | Sequence[int],
    g: float,
    C: float | None = None,
    B: float | None = None,
    items: Sequence[Item] | None = None,
) -> BuiltGame:
    """The tree of one order: a chain of decisions ``step0``, ``step1``, ... with the options perform and defect.

    Args:
        order: Whose step comes when, such as ``1212``, if the steps of a side are alike; with `items`, the numbers
            of the items, from 0.
        g: What it costs to end the exchange by defecting.
        C: Cost of all steps of a side together, split evenly.
        B: Benefit of all of them to the other side, split evenly.
        items: Instead of `C` and `B`: per step its owner (``1`` or ``2``), its cost and its benefit to the other side.

    Raises:
        RequestError: The order is not one of these steps, or a number is outside its range.
    """
    steps, fine = _steps(order, C, B, items), number("g", g, 0.0)
    game = TreeBuilder("1", "2")
    had = _running_totals(steps)
    node = game.terminal(*had[-1], outcome="completed")
    for k in reversed(range(len(steps))):
        stopped = [total - fine * (owner == steps[k][0]) for owner, total in zip("12", had[k], strict=True)]
        end = game.terminal(*stopped, outcome=f"stop{k}")
        node = game.decision(steps[k][0], f"step{k}", {"perform": node, "defect": end})
    return game.build(node)


def one_order(
    order: str | Sequence[int],
    g: float,
    C: float | None = None,
    B: float | None = None,
    items: Sequence[Item] | None = None,
) -> ClosedForm:
    """Subgame perfect play of one order, performing when indifferent; parameters as for `build`.

    Returns:
        ``g_star_order`` (the smallest fine at which the order is carried out), ``g_star_all_orders`` (the smallest over
        all orders of the same steps), ``completed``, ``strategies``, ``outcomes``, ``eu``, and ``enters``: whether the
        value to each side is at least 0, so that it would begin.
    """
    steps, fine = _steps(order, C, B, items), number("g", g, 0.0)
    had = _running_totals(steps)
    value, play = had[-1], dict[str, dict[str, float]]()
    outcome = "completed"
    slack = ROUNDING * max(1.0, fine, *(abs(x) for pair in had for x in pair))
    for k in reversed(range(len(steps))):
        mover = int(steps[k][0]) - 1
        stopped = tuple(total - fine * (side == mover) for side, total in enumerate(had[k]))
        performs = value[mover] >= stopped[mover] - slack
        play[f"step{k}"] = {"perform" if performs else "defect": 1.0}
        if not performs:
            value, outcome = stopped, f"stop{k}"
    ends = ["completed", *(f"stop{k}" for k in reversed(range(len(steps))))]
    best = _all_orders(steps) if items is None else search_orders(steps).least
    return ClosedForm(
        {
            "strategies": dict(sorted(play.items(), key=lambda item: int(item[0][4:]))),
            "outcomes": {end: float(end == outcome) for end in ends},
            "eu": {"1": value[0], "2": value[1]},
            "g_star_order": least_guarantee(steps),
            "g_star_all_orders": best,
            "completed": float(outcome == "completed"),
            "enters": bool(value[0] >= -slack and value[1] >= -slack),
        }
    )


def equal_steps(N: int, C: float, B: float) -> ClosedForm:
    """All orders of `N` equal steps a side.

    Returns:
        ``g_star_min`` over all orders, ``g_star_interleaved``, ``g_star_block`` (all of 1's steps, then all of 2's),
        ``n_orders`` and ``n_orders_attaining_min``, exact.
    """
    steps = _whole("N", N, 500)
    cost, benefit = _cost_and_benefit(C, B)
    unit, gain = cost / steps, benefit / steps
    least, attaining, orders = count_equal_orders(steps, unit, gain)
    interleaved = least_guarantee([("12"[k % 2], unit, gain) for k in range(2 * steps)])
    block = least_guarantee([(owner, unit, gain) for owner in "12" for _ in range(steps)])
    return ClosedForm(
        {
            "g_star_min": least,
            "g_star_interleaved": interleaved,
            "g_star_block": block,
            "n_orders": orders,
            "n_orders_attaining_min": attaining,
        }
    )


def unequal_steps(items: Sequence[Item], listed: int = 1000) -> ClosedForm:
    """All orders of steps that differ; exact for up to 20 of them.

    Args:
        items: Per step its owner (``1`` or ``2``), its cost and its benefit to the other side.
        listed: Most orders to list.

    Returns:
        ``g_star_min``, ``g_star_worst``, ``best_orders`` (in order of the numbers of the steps, cut off after
        `listed`), ``n_orders``, ``n_orders_attaining_min`` and ``lower_bound_smallest_last_step``, the
        cost of the cheapest step, which any order needs if nothing follows its last step.
    """
    steps = _checked(items)
    limit = _whole("listed", listed)
    found = search_orders(steps)
    return ClosedForm(
        {
            "g_star_min": found.least,
            "g_star_worst": found.worst,
            "best_orders": found.best(limit),
            "n_orders": found.orders,
            "n_orders_attaining_min": found.attaining,
            "lower_bound_smallest_last_step": min(cost for _, cost, _ in steps),
        }
    )


def repeated(c: float, b: float, delta: float, block: int) -> ClosedForm:
    """Blocks of concessions in turn for ever, with grim punishment and the fine after a defection.

    Args:
        c: Cost of one concession.
        b: Its benefit to the other side.
        delta: Discount factor from one concession to the next.
        block: Concessions by one side before it is the other's turn.

    Returns:
        ``g_star``, the smallest fine that carries the exchange, and ``delta_star_g0``, the smallest discount factor
        that does so without any fine (1 or more: none does).
    """
    cost, benefit = number("c", c, 0.0, ends="()"), number("b", b, 0.0, ends="()")
    delta, length = number("delta", delta, 0.0, 1.0, ends="[)"), _whole("block", block)
    owed = (cost - delta**length * benefit) / ((1 - delta) * (1 + delta**length))
    return ClosedForm({"g_star": max(0.0, owed), "delta_star_g0": (cost / benefit) ** (1 / length)})


def closed_form(**params: Any) -> ClosedForm:
    """The solution that the parameters ask for.

    `one_order` for ``order, g`` with ``C, B`` or ``items``; `equal_steps` for ``N, C, B``; `unequal_steps` for
    ``items``; `repeated` for ``c, b, delta, block``.

    Raises:
        RequestError: The numbers fit no form or are outside their range.
    """
    forms = {
        "one order": one_order,
        "equal steps": equal_steps,
        "unequal steps": unequal_steps,
        "repeated for ever": repeated,
    }
    return choose_form(forms, params)


def _steps(
    order: str | Sequence[int], C: float | None, B: float | None, items: Sequence[Item] | None
) -> list[tuple[str, float, float]]:
    """Owner, cost and benefit of each step, in order."""
    if items is not None:
        require(C is None and B is None, "give either C and B, for equal steps, or items, not both.")
        steps = _checked(items)
        whole = isinstance(order, Sequence) and not isinstance(order, str)
        if not whole or sorted(order) != list(range(len(steps))):
            raise RequestError(
                f"order = {order!r} has to name each of the items 0 to {len(steps) - 1} once, as in "
                f"{list(range(len(steps)))}."
            )
        return [steps[int(k)] for k in order]
    if C is None or B is None:
        raise RequestError("give C and B, for equal steps, or items.")
    if not isinstance(order, str) or not order or set(order) - set("12"):
        raise RequestError(f"order = {order!r} has to be made of 1 and 2, whose step comes when, such as 1212.")
    cost, benefit = _cost_and_benefit(C, B)
    return equal_items(order, cost, benefit)


def _all_orders(steps: Sequence[tuple[str, float, float]]) -> float:
    """The smallest guarantee over all orders of steps that are alike within each side."""
    counts = [sum(owner == side for owner, _, _ in steps) for side in "12"]
    unit = [next(((cost, gain) for owner, cost, gain in steps if owner == side), (0.0, 0.0)) for side in "12"]
    return count_equal_orders((counts[0], counts[1]), (unit[0][0], unit[1][0]), (unit[0][1], unit[1][1]))[0]


def _running_totals(steps: Sequence[tuple[str, float, float]]) -> list[tuple[float, float]]:
    """What each side has, before the first step, after it, ..., after the last."""
    had = [(0.0, 0.0)]
    for owner, cost, benefit in steps:
        one, two = had[-1]
        had.append((one - cost, two + benefit) if owner == "1" else (one + benefit, two - cost))
    return had


def _checked(items: Sequence[Item]) -> list[tuple[str, float, float]]:
    found: list[tuple[str, float, float]] = []
    for k, item in enumerate(items):
        if len(item) != 3 or str(item[0]) not in ("1", "2"):
            raise RequestError(f"items[{k}] = {item!r} has to be an owner (1 or 2), a cost and a benefit.")
        cost = number(f"cost of items[{k}]", item[1], 0.0)
        found.append((str(item[0]), cost, number(f"benefit of items[{k}]", item[2], 0.0)))
    require(0 < len(found) <= 20, f"{len(found)} items were given; there can be 1 to 20.")
    return found


def _cost_and_benefit(C: float, B: float) -> tuple[float, float]:
    return number("C", C, 0.0, ends="()"), number("B", B, 0.0, ends="()")


def _whole(name: str, value: int, most: float = 1e9) -> int:
    found = number(name, value, 1.0, most)
    require(found == int(found), f"{name} = {value!r} is not a whole number.")
    return int(found)


MODEL = PublishedModel(
    key="stepwise_exchange_guarantor",
    title="Reciprocal concessions with a guarantor",
    citation=(
        "Derived here. Related: Schelling, T. C. (1960). The Strategy of Conflict, on splitting an exchange into "
        "steps; Walter, B. F. (1997). The Critical Barrier to Civil War Settlement. International Organization 51(3), "
        "on guarantors; Lockwood, B. and Thomas, J. P. (2002). Gradualism and Irreversibility. Review of Economic "
        "Studies 69(2), on gradual exchange."
    ),
    about="Not a model of any of the papers named: the tree and all closed forms were worked out here.",
    parameters={
        "order": "whose step comes when, such as 1212; with items, the numbers of the items",
        "g": "what ending the exchange costs the defector (times the odds of detection); at least 0",
        "C": "cost of all steps of a side together; above 0",
        "B": "benefit of all steps of a side to the other; above 0",
        "items": "steps that differ: owner (1 or 2), cost, benefit to the other side; at least 0; 1 to 20 of them",
        "N": "all orders of equal steps: steps of each side; a whole number from 1 to 500",
        "listed": "with items only: most best orders to list; a whole number, at least 1",
        "c": "repeated for ever: cost of one concession; above 0",
        "b": "repeated for ever: benefit of one concession; above 0",
        "delta": "repeated for ever: discount factor; at least 0, below 1",
        "block": "repeated for ever: concessions of one side in a row; a whole number, at least 1",
    },
    closed_form=closed_form,
    example={"order": "1212", "C": 1.0, "B": 1.5, "g": 0.6},
    build=build,
    cases=("stepwise-exchange-guarantor",),
)
