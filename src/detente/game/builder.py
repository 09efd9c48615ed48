"""Games written by hand, for published models and tests: nested nodes in, arrays out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detente.axes import Floats
from detente.errors import RequestError
from detente.game.recall import check_perfect_recall
from detente.game.tree import (
    CHANCE,
    DECISION,
    NO_PARENT,
    NOT_A_DECISION,
    NOT_TERMINAL,
    TERMINAL,
    GameNumbers,
    InfosetLabel,
    TreeShape,
)

Number = float | NDArray[np.float64]  # one number, or one per draw


@dataclass(frozen=True, eq=False)
class Node:
    """A node under construction; made by `TreeBuilder`, passed back to it as a child."""

    kind: int
    children: tuple[Node, ...] = ()
    labels: tuple[str, ...] = ()
    numbers: tuple[Number, ...] = ()  # payoffs at a terminal node, probabilities at a chance node
    infoset: int = NOT_A_DECISION


@dataclass(frozen=True, eq=False)
class BuiltGame:
    """A game built by hand.

    Attributes:
        shape: Its tree.
        numbers: Its payoffs and chance probabilities.
        labels: [infosets] who moves, the name of the set (as `decision`) and the actions.
        edge_label: [nodes] label of the edge into each node, empty at the root.
        outcome: [terminals] label of each terminal node, empty if it was given none.
    """

    shape: TreeShape
    numbers: GameNumbers
    labels: tuple[InfosetLabel, ...]
    edge_label: tuple[str, ...]
    outcome: tuple[str, ...]

    def infoset(self, name: str) -> int:
        """Number of an information set, by name."""
        for number, label in enumerate(self.labels):
            if label.decision == name:
                return number
        raise RequestError(f"no information set is named {name!r}")

    def action(self, infoset: str, label: str) -> int:
        """Global number of an action, by the names of its set and itself."""
        number = self.infoset(infoset)
        options = self.labels[number].options
        if label not in options:
            raise RequestError(f"information set {infoset!r} has no action {label!r}; its actions are {list(options)}")
        return int(self.shape.action_start[number]) + options.index(label)

    def profile(self, play: Mapping[str, str | Mapping[str, float]]) -> Floats:
        """[1, actions] a strategy profile from names: per set an action, or probabilities of actions.

        Actions left out have probability 0. Every set must be named.
        """
        strategy = np.zeros((1, self.shape.num_actions))
        missing = [label.decision for label in self.labels if label.decision not in play]
        if missing:
            raise RequestError(f"the profile says nothing about information sets {missing}")
        for name, choice in play.items():
            mixed = {choice: 1.0} if isinstance(choice, str) else choice
            for label, probability in mixed.items():
                strategy[0, self.action(name, label)] = probability
        return strategy


@dataclass
class TreeBuilder:
    """Builds a game from the leaves up.

    Example::

        entry = TreeBuilder("entrant", "incumbent")
        after = entry.decision("incumbent", "response", {
            "fight": entry.terminal(-1, -1),
            "yield": entry.terminal(1, 1),
        })
        game = entry.build(entry.decision("entrant", "entry", {"in": after, "out": entry.terminal(0, 2)}))
    """

    players: tuple[str, ...]
    _sets: dict[str, InfosetLabel] = field(default_factory=dict[str, InfosetLabel])
    _number: dict[str, int] = field(default_factory=dict[str, int])

    def __init__(self, *players: str):
        self.players = players
        self._sets = {}
        self._number = {}

    def terminal(self, *payoffs: Number, outcome: str = "") -> Node:
        """An end of the game: one payoff per player, each a number or an array over draws."""
        if len(payoffs) != len(self.players):
            raise RequestError(f"{len(payoffs)} payoffs for {len(self.players)} players")
        return Node(TERMINAL, labels=(outcome,), numbers=payoffs)

    def chance(self, branches: Mapping[str, tuple[Number, Node]]) -> Node:
        """A move of nature: label -> (probability, what follows)."""
        probabilities = tuple(probability for probability, _ in branches.values())
        if not branches or not np.allclose(sum(probabilities), 1.0, rtol=0, atol=1e-12):
            raise RequestError(f"chance probabilities of {list(branches)} do not sum to one")
        return Node(CHANCE, tuple(node for _, node in branches.values()), tuple(branches), probabilities)

    def decision(self, player: str, infoset: str, actions: Mapping[str, Node]) -> Node:
        """A move of a player: label -> what follows. Nodes with one set name are one information set."""
        if player not in self.players:
            raise RequestError(f"no player is named {player!r}; the players are {list(self.players)}")
        label = InfosetLabel(player, infoset, (), tuple(actions))
        known = self._sets.setdefault(infoset, label)
        if known != label or not actions:
            raise RequestError(f"information set {infoset!r} is {known.player}'s with actions {list(known.options)}")
        number = self._number.setdefault(infoset, len(self._number))
        return Node(DECISION, tuple(actions.values()), tuple(actions), infoset=number)

    def build(self, root: Node) -> BuiltGame:
        """The game that starts at `root`. Sets are numbered in the order they are met, root first.

        Raises:
            RequestError: If a player forgets its own moves.
        """
        nodes, parent = _breadth_first(root)
        names = list(self._number)
        order = list(dict.fromkeys(node.infoset for node in nodes if node.kind == DECISION))
        labels = tuple(self._sets[names[number]] for number in order)
        place = {number: k for k, number in enumerate(order)}
        infosets = [place[node.infoset] if node.kind == DECISION else NOT_A_DECISION for node in nodes]
        shape = _shape(self.players, nodes, parent, infosets, labels)
        check_perfect_recall(shape, [label.decision for label in labels])
        edge_label = [""]
        for node in nodes:
            edge_label.extend(node.labels if node.kind != TERMINAL else ())
        ends = [node for node in nodes if node.kind == TERMINAL]
        payoff = _over_draws([node.numbers for node in ends])
        chance = _over_draws([node.numbers for node in nodes if node.kind == CHANCE])
        draws = max(payoff.shape[0], chance.shape[0])
        payoff = np.broadcast_to(payoff, (draws, payoff.shape[1])).reshape(draws, len(ends), len(self.players)).copy()
        numbers = GameNumbers(payoff, np.broadcast_to(chance, (draws, chance.shape[1])).copy())
        return BuiltGame(shape, numbers, labels, tuple(edge_label), tuple(node.labels[0] for node in ends))


def _breadth_first(root: Node) -> tuple[list[Node], list[int]]:
    nodes, parent = [root], [NO_PARENT]
    for number, node in enumerate(nodes):  # grows as it goes
        nodes.extend(node.children)
        parent.extend([number] * len(node.children))
    return nodes, parent


def _over_draws(rows: Sequence[tuple[Number, ...]]) -> Floats:
    """[draws, numbers] all numbers in order, spread over the draws."""
    flat = [np.atleast_1d(np.asarray(number, dtype=np.float64)) for row in rows for number in row]
    if not flat:
        return np.empty((1, 0))
    return np.stack(np.broadcast_arrays(*flat), axis=1)


def _shape(
    players: tuple[str, ...], nodes: list[Node], parent: list[int], infoset: list[int], labels: tuple[InfosetLabel, ...]
) -> TreeShape:
    kind = np.array([node.kind for node in nodes], dtype=np.int32)
    size = np.array([len(node.children) for node in nodes], dtype=np.int32)
    first = np.where(size > 0, 1 + np.cumsum(size) - size, 0).astype(np.int32)
    action_start = np.cumsum([0, *(len(label.options) for label in labels)]).astype(np.int32)
    fans = np.where(kind == CHANCE, size, 0)
    chance_start = np.where(kind == CHANCE, np.cumsum(fans) - fans, -1).astype(np.int32)
    edge = np.full(len(nodes), -1, dtype=np.int32)
    for number, node in enumerate(nodes):
        start = chance_start[number] if node.kind == CHANCE else action_start[infoset[number]]
        edge[first[number] : first[number] + size[number]] = start + np.arange(size[number])
    ends = kind == TERMINAL
    return TreeShape(
        players=players,
        parent=np.array(parent, dtype=np.int32),
        kind=kind,
        first_child=first,
        num_children=size,
        infoset=np.array(infoset, dtype=np.int32),
        edge=edge,
        terminal=np.where(ends, np.cumsum(ends) - 1, NOT_TERMINAL).astype(np.int32),
        infoset_player=np.array([players.index(label.player) for label in labels], dtype=np.int32),
        action_start=action_start,
        chance_start=chance_start,
    )
