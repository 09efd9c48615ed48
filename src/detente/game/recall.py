"""Perfect recall: whether every player remembers its own moves and what it knew when it made them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.axes import Ints
from detente.errors import RequestError
from detente.game.tree import TreeShape

NO_MOVE_YET = -1


def check_perfect_recall(shape: TreeShape, names: Sequence[str] | None = None) -> None:
    """Refuse a game in which a player forgets.

    A game has perfect recall if all nodes of an information set follow the same last action of its
    player (actions belong to one set each, so the sets passed before are then the same too).

    Args:
        shape: The game.
        names: Name of each information set, for the message; by default their numbers.

    Raises:
        RequestError: Naming the first information set whose player has forgotten.
    """
    forgotten = forgetful_sets(shape)
    if not forgotten:
        return
    first = forgotten[0]
    name = names[first] if names is not None else str(first)
    player = shape.players[int(shape.infoset_player[first])]
    others = f" ({len(forgotten) - 1} more like it)" if len(forgotten) > 1 else ""
    raise RequestError(
        f"{player} forgets at information set {name}{others}: its nodes follow different moves of {player}. "
        "Only games with perfect recall can be solved; split the set so that it remembers."
    )


def forgetful_sets(shape: TreeShape) -> tuple[int, ...]:
    """Information sets whose nodes differ in the last action of the player who moves there."""
    last = last_own_action(shape)
    members = shape.member_nodes
    if not len(members):
        return ()
    own = last[shape.infoset_player[shape.infoset[members]], members]
    low = np.minimum.reduceat(own, shape.member_start)
    high = np.maximum.reduceat(own, shape.member_start)
    return tuple(int(i) for i in np.flatnonzero(low != high))


def last_own_action(shape: TreeShape) -> Ints:
    """[players, nodes] last action of each player on the path to each node, -1 if it has not moved."""
    last = np.full((shape.num_players, shape.num_nodes), NO_MOVE_YET, dtype=np.int32)
    for family in shape.families:
        children: Ints = np.arange(family.children.start, family.children.stop, dtype=np.int32)
        above = shape.parent[children]
        last[:, children] = last[:, above]
        moved: Ints = children[shape.edge_slot[children] < shape.num_actions]
        mover = shape.infoset_player[shape.action_infoset[shape.edge[moved]]]
        last[mover, moved] = shape.edge[moved]
    return last
