"""A compiled game as a Gambit extensive-form file (``.efg``), number for number the game that is solved.

Format: https://gambitproject.readthedocs.io, "The extensive game (.efg) file format".
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from detente.axes import Floats
from detente.compiler import CompiledPosture
from detente.errors import RequestError
from detente.game import CHANCE, TERMINAL, GameNumbers


def to_efg(compiled: CompiledPosture, numbers: GameNumbers, draw: int = 0) -> str:
    """Write one draw of a game in Gambit's format, version 2.

    Probabilities and payoffs are written as the exact fractions their floats stand for, so the file
    describes the very game that was solved and certified, and chance probabilities sum to one exactly.

    Args:
        compiled: A compiled posture.
        numbers: Its numbers.
        draw: Which draw to write.

    Raises:
        RequestError: The owner judges some probabilities otherwise than the other players do, which
            the format cannot say; or there is no such draw.
    """
    if numbers.judged_chance is not None:
        judged = ", ".join(item.name for item in compiled.case.types if item.judged is not None)
        raise RequestError(
            f"an .efg file has one probability for all players, but the prior of {judged} is judged otherwise by the "
            f"owner (`as_judged_by_owner`). Remove that judgment from the case to export it."
        )
    if not 0 <= draw < numbers.num_draws:
        raise RequestError(f"there is no draw {draw}: the numbers hold {numbers.num_draws}, counted from 0.")
    return "\n".join(_lines(compiled, numbers.chance[draw], numbers.payoff[draw])) + "\n"


def _lines(compiled: CompiledPosture, chance: Floats, payoff: Floats) -> Iterator[str]:
    shape = compiled.shape
    title = f"{compiled.case.title or compiled.case.name}, posture {compiled.posture.name}"
    yield f"EFG 2 R {_quoted(title)} {{ {' '.join(_quoted(player) for player in shape.players)} }}"
    yield _quoted(f"case {compiled.case.name}, sha256 {compiled.case.sha256}")
    yield ""
    number = _numbers_per_player(compiled)
    num_chance = 0
    stack = [0]
    while stack:  # the format lists nodes depth-first
        node = stack.pop()
        kind = shape.kind[node]
        first = int(shape.first_child[node])
        children = range(first, first + int(shape.num_children[node]))
        stack.extend(reversed(children))
        if kind == TERMINAL:
            terminal = int(shape.terminal[node])
            amounts = ", ".join(_exact(float(amount)) for amount in payoff[terminal])
            yield f't "" {terminal + 1} "" {{ {amounts} }}'
            continue
        labels = [_quoted(compiled.edge_label[child]) for child in children]
        if kind == CHANCE:
            num_chance += 1
            odds = (_exact(float(chance[shape.edge[child]])) for child in children)
            branches = " ".join(f"{label} {odd}" for label, odd in zip(labels, odds, strict=True))
            name = _quoted(f"{compiled.edge_variable[first]} {num_chance}")  # labels must differ
            yield f'c "" {num_chance} {name} {{ {branches} }} 0'
        else:
            infoset = int(shape.infoset[node])
            player = int(shape.infoset_player[infoset]) + 1
            name = _quoted(str(compiled.infoset_labels[infoset]))
            yield f'p "" {player} {number[infoset]} {name} {{ {" ".join(labels)} }} 0'


def _numbers_per_player(compiled: CompiledPosture) -> list[int]:
    """Number of each information set among those of its player, from 1."""
    counts = [0] * compiled.shape.num_players
    numbers: list[int] = []
    for player in compiled.shape.infoset_player.tolist():
        counts[player] += 1
        numbers.append(counts[player])
    return numbers


def _exact(value: float) -> str:
    return str(Fraction(value))


def _quoted(text: str) -> str:
    flat = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{flat}"'
