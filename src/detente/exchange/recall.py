"""Whether the players of a file remember what they did, said with the two histories that show it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.game import CHANCE, DECISION, BuiltGame, TreeShape, forgetful_sets, last_own_action

MOST_STEPS = 12
CHANCE_NAME = "chance"


@dataclass(frozen=True)
class Lapse:
    """An information set at which its player does not remember.

    Attributes:
        code: ``G401`` (forgets its moves) or ``G402`` (does not know whether it has moved).
        message: It in words, with two histories.
        node: The later of the two nodes.
    """

    code: str
    message: str
    node: int


def lapse(game: BuiltGame) -> Lapse | None:
    """The first lapse of memory in a game, if there is any; passing through a set twice comes first."""
    shape = game.shape
    forgotten = forgetful_sets(shape)
    if not forgotten:
        return None
    twice = _passed_twice(shape)
    if twice is not None:
        early, late = twice
        name, player = _set_name(game, late)
        return Lapse(
            "G402",
            f"{player} passes through information set '{name}' twice in one play and cannot tell the two apart: "
            f"{history(game, early)}; and {history(game, late)}.",
            late,
        )
    early, late = _apart(shape, forgotten[0])
    name, player = _set_name(game, late)
    more = f" ({len(forgotten) - 1} more like it)" if len(forgotten) > 1 else ""
    return Lapse(
        "G401",
        f"{player} forgets at information set '{name}'{more}: two histories lead there that differ in what "
        f"{player} did or knew: {history(game, early)}; and {history(game, late)}.",
        late,
    )


def history(game: BuiltGame, node: int, most: int = MOST_STEPS) -> str:
    """How play comes to a node, in words; of a long history the last steps."""
    shape = game.shape
    steps: list[str] = []
    while node > 0 and len(steps) < most:
        above = int(shape.parent[node])
        mover = CHANCE_NAME
        if shape.kind[above] != CHANCE:
            mover = game.labels[int(shape.infoset[above])].player
        steps.append(f"{mover}: {game.edge_label[node]}")
        node = above
    if not steps:
        return "the start of the game"
    return ("... > " if node > 0 else "") + " > ".join(reversed(steps))


def _set_name(game: BuiltGame, node: int) -> tuple[str, str]:
    label = game.labels[int(game.shape.infoset[node])]
    return label.decision, label.player


def _passed_twice(shape: TreeShape) -> tuple[int, int] | None:
    """Two nodes of one information set on one path."""
    passed = np.full(shape.num_infosets, -1, dtype=np.int64)  # node on the current path, per set
    stack = [0]
    while stack:
        node = stack.pop()
        if node < 0:  # leaving the node ~node
            passed[shape.infoset[~node]] = -1
            continue
        if shape.kind[node] == DECISION:
            infoset = int(shape.infoset[node])
            if passed[infoset] >= 0:
                return int(passed[infoset]), node
            passed[infoset] = node
            stack.append(~node)
        first, count = int(shape.first_child[node]), int(shape.num_children[node])
        stack.extend(range(first + count - 1, first - 1, -1))
    return None


def _apart(shape: TreeShape, infoset: int) -> tuple[int, int]:
    """Two nodes of a set that follow different moves of its player."""
    nodes = shape.members[infoset]
    own = last_own_action(shape)[shape.infoset_player[infoset], nodes]
    other = int(np.flatnonzero(own != own[0])[0])
    return int(nodes[0]), int(nodes[other])
