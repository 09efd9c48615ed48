"""Continuation values that are equal whatever is played: found by structure, computed once.

Two nodes have the same value to a player if their subtrees pay that player the same at corresponding
ends, with the same information sets and the same chance between. A later move that cannot matter
to a player drops out of that player's values altogether, so a belief that only bears on such
moves drops out of the choice.
"""

from __future__ import annotations

from detente.game import CHANCE, DECISION, TERMINAL, TreeShape


class ValueClasses:
    """Classes of (node, player) pairs with equal continuation value, for players who move above the node.

    Attributes:
        of: (node, player) -> class.
        parts: class -> ((probability, class), ...): the value is that sum; empty at terminal classes.
            Probabilities are numbered actions first, then chance edges.
        terminals: class -> (terminal, player) where its payoff stands.
        sets: class -> the information set whose choice its parts are weighted by, or None.
    """

    def __init__(self, shape: TreeShape):
        self.shape = shape
        self.of: dict[tuple[int, int], int] = {}
        self.parts: list[tuple[tuple[int, int], ...]] = []
        self.terminals: dict[int, tuple[int, int]] = {}
        self.sets: list[int | None] = []
        self._known: dict[tuple[object, ...], int] = {}
        above = self._movers_above()
        for node in range(shape.num_nodes - 1, -1, -1):
            for player in range(shape.num_players):
                if above[node] >> player & 1:
                    self.of[node, player] = self._classify(node, player)

    def offer(self, node: int, player: int) -> tuple[int, ...]:
        """Classes of a node's children, in order, to a player."""
        first = int(self.shape.first_child[node])
        return tuple(self.of[child, player] for child in range(first, first + int(self.shape.num_children[node])))

    def rests_on(self) -> list[int]:
        """Per class, a bit mask of the information sets its value depends on: large where there are many of both."""
        found: list[int] = []
        for own, parts in zip(self.sets, self.parts, strict=True):
            mask = 0 if own is None else 1 << own
            for _, part in parts:
                mask |= found[part]
            found.append(mask)
        return found

    def _movers_above(self) -> list[int]:
        shape = self.shape
        movers = [0] * shape.num_nodes
        for node in range(1, shape.num_nodes):
            parent = int(shape.parent[node])
            movers[node] = movers[parent]
            if shape.kind[parent] == DECISION:
                movers[node] |= 1 << int(shape.infoset_player[shape.infoset[parent]])
        return movers

    def _classify(self, node: int, player: int) -> int:
        shape = self.shape
        if shape.kind[node] == TERMINAL:
            terminal = int(shape.terminal[node])
            same = terminal if shape.payoff_class is None else int(shape.payoff_class[terminal, player])
            return self._class(("terminal", same, player), (), None, (terminal, player))
        offer = self.offer(node, player)
        if len(set(offer)) == 1:
            return offer[0]
        first = int(shape.first_child[node])
        edges = [int(shape.edge[first + k]) for k in range(len(offer))]
        if shape.kind[node] == CHANCE:
            same_edges = edges if shape.chance_class is None else [int(shape.chance_class[e]) for e in edges]
            parts = tuple((shape.num_actions + edge, value) for edge, value in zip(edges, offer, strict=True))
            return self._class(("chance", *same_edges, *offer), parts, None, None)
        index = int(shape.infoset[node])
        parts = tuple(zip(edges, offer, strict=True))
        return self._class(("decision", index, *offer), parts, index, None)

    def _class(
        self,
        key: tuple[object, ...],
        parts: tuple[tuple[int, int], ...],
        own: int | None,
        terminal: tuple[int, int] | None,
    ) -> int:
        known = self._known.get(key)
        if known is not None:
            return known
        number = len(self.parts)
        self._known[key] = number
        self.parts.append(parts)
        self.sets.append(own)
        if terminal is not None:
            self.terminals[number] = terminal
        return number
