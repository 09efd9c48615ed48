"""How information sets, actions and types are named in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from detente.game.tree import InfosetLabel, TreeShape


class Names:
    """Names of the parts of a game; numbers where there are no labels.

    Args:
        shape: The game.
        labels: [infosets] labels, or None.
    """

    def __init__(self, shape: TreeShape, labels: Sequence[InfosetLabel] | None = None):
        self._shape = shape
        self._labels = labels

    def infoset(self, index: int) -> str:
        """An information set: the decision, with what its mover has seen."""
        if self._labels is None:
            return f"information set {index}"
        label = self._labels[index]
        seen = ", ".join(f"{name}={value}" for name, value in label.sees)
        return f"{label.decision}[{seen}]" if seen else label.decision

    def player(self, index: int) -> str:
        """The player who moves at an information set."""
        return self._shape.players[int(self._shape.infoset_player[index])]

    def action(self, action: int) -> str:
        """An action, by its global number."""
        index = int(self._shape.action_infoset[action])
        place = action - int(self._shape.action_start[index])
        return str(place + 1) if self._labels is None else self._labels[index].options[place]

    def type(self, index: int) -> str:
        """A private type, by the information set at which it first moves: what it has seen, else the set."""
        if self._labels is None:
            return f"information set {index}"
        label = self._labels[index]
        return ", ".join(f"{name}={value}" for name, value in label.sees) or label.decision


def listing(names: Sequence[str]) -> str:
    """Names joined for a sentence."""
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + " and " + names[-1]
