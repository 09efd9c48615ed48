"""Cheap talk (Crawford and Sobel 1982): how much can be said for free between sides whose interests differ by b?

The uniform-quadratic example, solved for any bias, and the same with finitely many states, which has more equilibria.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from detente.errors import RequestError
from detente.game import BuiltGame, TreeBuilder
from detente.models.checks import number, require, tag
from detente.models.finite_talk import Cells, FiniteTalk
from detente.models.forms import choose_form
from detente.models.model import ClosedForm, PublishedModel

ROUNDING = 1e-12
LISTED = 1000
"""Most equilibria of the finite game whose names are given."""


def build(n: int, b: float, messages: int | None = None) -> BuiltGame:
    """The game with `n` equally likely states, the midpoints of `n` equal parts of the unit interval.

    Information sets are ``S|0``, ``S|1``, ... (the sender in that state) and ``R|m0``, ``R|m1``, ... (the receiver
    after that message). The receiver's actions are the 2n - 1 numbers 1/2n, 2/2n, ...: each mean of neighboring states
    is among them, so no equilibrium in intervals is lost.

    Args:
        n: Number of states.
        b: Bias of the sender.
        messages: How many there are; as many as states if not given.

    Raises:
        RequestError: A number is outside its range.
    """
    talk = _finite(n, b)
    count = talk.n if messages is None else _whole("messages", messages, 1, 1000)
    bias = number("b", b, 0.0, ends="()")
    tree = TreeBuilder("S", "R")

    def reply(state: float, message: int):
        actions = {
            _action(k, talk.n): tree.terminal(
                -((k / (2 * talk.n) - state - bias) ** 2), -((k / (2 * talk.n) - state) ** 2)
            )
            for k in range(1, 2 * talk.n)
        }
        return tree.decision("R", f"R|m{message}", actions)

    def speak(i: int):
        state = (2 * i + 1) / (2 * talk.n)
        return tree.decision("S", f"S|{i}", {f"m{m}": reply(state, m) for m in range(count)})

    return tree.build(tree.chance({str(i): (1 / talk.n, speak(i)) for i in range(talk.n)}))


def most_cells(b: float) -> int:
    """N(b), the most cells that an equilibrium can have: the largest N with 2 N (N - 1) b < 1.

    Raises:
        RequestError: The bias is not positive.
    """
    bias = number("b", b, 1e-12, ends="[)")
    guess = math.ceil(-0.5 + 0.5 * math.sqrt(1 + 2 / bias))
    while guess > 1 and 2 * guess * (guess - 1) * bias >= 1 - ROUNDING:
        guess -= 1
    return guess


def uniform_quadratic(b: float, equilibrium: str | None = None) -> ClosedForm:
    """The state is uniform on the unit interval; losses are (y - state)^2 and, for the sender, (y - state - b)^2.

    Args:
        b: Bias of the sender, positive.
        equilibrium: Number of cells, as a word (``"2"``); if not given, as many as there can be.

    Returns:
        ``N_max``, ``cells``, ``boundaries``, ``actions``, ``EU_R``, ``EU_S`` of one equilibrium, and
        ``equilibria``, the same two values for every number of cells.
    """
    most, bias = most_cells(b), float(b)
    known = [str(n) for n in range(1, most + 1)]
    if equilibrium and equilibrium not in known:
        raise RequestError(f"no equilibrium has {equilibrium!r} cells; with b = {bias:g} there can be 1 to {most}.")
    cells = int(equilibrium) if equilibrium else most
    edges = [i / cells + 2 * bias * i * (i - cells) for i in range(cells + 1)]
    values = [_values(bias, n) for n in range(1, most + 1)]
    answer = {
        "N_max": most,
        "cells": cells,
        "boundaries": edges,
        "actions": [(left + right) / 2 for left, right in pairwise(edges)],
        "EU_R": values[cells - 1][0],
        "EU_S": values[cells - 1][1],
        "equilibria": [{"cells": n, "EU_R": r, "EU_S": s} for n, (r, s) in enumerate(values, start=1)],
    }
    return ClosedForm(answer, str(cells), tuple(name for name in known if name != str(cells)))


def finite_states(n: int, b: float, messages: int | None = None, equilibrium: str | None = None) -> ClosedForm:
    """Equilibria in intervals of the game with `n` equally likely states, that is, of the tree that `build` gives.

    Args:
        n: Number of states.
        b: Bias of the sender, positive; read as the decimal number that it prints as, so that ties are exact.
        messages: How many there are; as many as states if not given.
        equilibrium: Sizes of the cells, such as ``"2+5+8"``; if not given, the best for the receiver.

    Returns:
        ``interval_equilibria_by_cells`` (number of cells, as a word -> number of equilibria), ``N_b_continuous``
        (the most cells if the state were continuous), and of one equilibrium ``cells`` (sizes), ``actions``,
        ``EU_R``, ``EU_S``, ``eu`` and ``strategies``.
    """
    talk = _finite(n, b)
    count = talk.n if messages is None else _whole("messages", messages, 1, 1000)
    by_cells = {cells: found for cells, found in talk.count().items() if cells <= count}
    names = ["+".join(map(str, sizes)) for sizes in talk.partitions(count, LISTED)]
    sizes = talk.best(count) if not equilibrium else _sizes(equilibrium, talk, count)
    sender, receiver = talk.values(sizes)
    edges = [0]
    for size in sizes:
        edges.append(edges[-1] + size)
    name = "+".join(map(str, sizes))
    unused = [f"m{m}" for m in range(len(sizes), count)]
    play: dict[str, dict[str, float]] = {}
    trembles: dict[str, dict[str, int]] = {}
    for cell, (left, right) in enumerate(pairwise(edges)):
        for i in range(left, right):
            play[f"S|{i}"] = {f"m{cell}": 1.0}
            trembles[f"S|{i}"] = dict.fromkeys(unused, 1 if cell == 0 else 2)
        play[f"R|m{cell}"] = {_action(left + right, talk.n): 1.0}
    play |= {f"R|{message}": {_action(sizes[0], talk.n): 1.0} for message in unused}
    answer = {
        "interval_equilibria_by_cells": {str(cells): found for cells, found in sorted(by_cells.items())},
        "N_b_continuous": most_cells(b),
        "cells": sizes,
        "actions": [(left + right) / (2 * talk.n) for left, right in pairwise(edges)],
        "EU_R": receiver,
        "EU_S": sender,
        "eu": {"S": sender, "R": receiver},
        "strategies": play,
    }
    return ClosedForm(answer, name, tuple(other for other in names if other != name), trembles)


def closed_form(**params: Any) -> ClosedForm:
    """The solution: `uniform_quadratic` for ``b``, `finite_states` for ``n, b``; ``equilibrium=`` picks one.

    Raises:
        RequestError: The numbers fit neither form or are outside their range.
    """
    return choose_form({"uniform state": uniform_quadratic, "finitely many states": finite_states}, params)


def _values(b: float, cells: int) -> tuple[float, float]:
    receiver = -(1 / (12 * cells**2) + b**2 * (cells**2 - 1) / 3)
    return receiver, receiver - b**2


def _finite(n: int, b: float) -> FiniteTalk:
    number("b", b, 1e-12, ends="[)")
    return FiniteTalk.of(_whole("n", n, 1, 60), float(b))


def _sizes(equilibrium: str, talk: FiniteTalk, messages: int) -> Cells:
    try:
        sizes = tuple(int(part) for part in equilibrium.split("+"))
    except ValueError:
        sizes = ()
    legal = min(sizes, default=0) > 0 and sum(sizes) == talk.n and len(sizes) <= messages
    if not (legal and talk.is_equilibrium(sizes)):
        raise RequestError(
            f"the cells {equilibrium!r} are no equilibrium; name sizes that sum to {talk.n}, from left to right, such "
            f"as {'+'.join(map(str, talk.best(messages)))!r}."
        )
    return sizes


def _action(k: int, n: int) -> str:
    return tag(k / (2 * n))


def _whole(name: str, value: int, low: int, high: int) -> int:
    found = number(name, value, low, high)
    require(found == int(found), f"{name} = {value!r} is not a whole number.")
    return int(found)


MODEL = PublishedModel(
    key="crawford_sobel",
    title="Cheap talk",
    citation=(
        "Crawford, V. P. and Sobel, J. (1982). Strategic Information Transmission. Econometrica 50(6), 1431-1451."
    ),
    about=(
        "The uniform-quadratic example is the paper's. The game with finitely many states was made here; it has more "
        "equilibria than the paper's, and must not be used to judge how many there are."
    ),
    parameters={
        "b": "bias of the sender; above 0",
        "n": "finitely many states: how many; a whole number from 1 to 60",
        "messages": "finitely many states: how many messages; as many as states if nothing is said",
        "equilibrium": "which one: the number of cells (2); with finitely many states their sizes (2+5+8)",
    },
    closed_form=closed_form,
    example={"n": 4, "b": 0.1},
    build=build,
    cases=(),
)
