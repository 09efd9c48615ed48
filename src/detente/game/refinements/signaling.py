"""Seeing a game as a signaling game: types, messages, and the replies that rest on a belief about the type.

Nature draws the sender's type (and anything else); the sender, knowing its type and nothing more, sends
a message; others see the message, perhaps with private information of their own drawn by nature, and
reply. Whatever comes after or between and does not rest on a belief is folded in. Moves before the
message are allowed where everybody sees them and whoever makes them knows nothing about the type: each
way they can go gives a signaling game of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.game.findings import scaled
from detente.game.refinements.fold import Folded, fold_last_moves
from detente.game.refinements.names import Names
from detente.game.tree import CHANCE, DECISION, Assessment, GameNumbers, TreeShape
from detente.game.values import node_values

LARGEST = 50_000  # nodes of a game that is looked at
MOST_OPENINGS = 200  # ways in which moves before the message can go


class NotSignalingError(Exception):
    """The game is not of the class; the message says why, in a sentence."""


@dataclass(frozen=True, eq=False)
class Reply:
    """An information set at which a message is answered, on a belief about the sender's type.

    Attributes:
        infoset: Its number.
        player: Name of who moves.
        sender: [types, actions] what each action adds to each type's payoff, share of the payoff range.
        receiver: [types, actions] what it adds to the mover's own payoff if the type is sure.
        played: [actions] the strategy there.
        belief: [types] the belief there.
    """

    infoset: int
    player: str
    sender: Floats
    receiver: Floats
    played: Floats
    belief: Floats


@dataclass(frozen=True, eq=False)
class Message:
    """A message, as those who answer it can tell it from others.

    Attributes:
        name: Its label.
        able: [types] which types can send it.
        sent: Whether some type sends it.
        fixed: [types] each type's expected payoff from it apart from the replies.
        replies: The information sets at which it is answered.
    """

    name: str
    able: Bools
    sent: bool
    fixed: Floats
    replies: tuple[Reply, ...]


@dataclass(frozen=True, eq=False)
class SignalingGame:
    """A signaling game with an equilibrium of it.

    Attributes:
        sender: Name of the sender.
        types: Names of the types with positive probability.
        prior: [types] their probabilities.
        payoff: [types] what the equilibrium gives each, share of the sender's payoff range.
        messages: The messages.
        opening: Labels of the moves before the message.
    """

    sender: str
    types: tuple[str, ...]
    prior: Floats
    payoff: Floats
    messages: tuple[Message, ...]
    opening: tuple[str, ...] = ()

    def place(self, message: Message) -> str:
        """A message with the moves before it, for sentences."""
        return f"{message.name} (after {', '.join(self.opening)})" if self.opening else message.name


def as_signaling_games(
    shape: TreeShape, numbers: GameNumbers, assessment: Assessment, scale: Floats, names: Names, slack: float
) -> tuple[SignalingGame, ...]:
    """Read one draw of a game as signaling games, one for each way that moves before the message can go.

    Args:
        shape: A game with perfect recall.
        numbers: One draw.
        assessment: One row, with no gain at any information set.
        scale: [1, players] payoff ranges.
        names: How to name types and messages.
        slack: What counts as a tie, share of the payoff range.

    Raises:
        NotSignalingError: The game is not of the class, with the reason.
    """
    if shape.num_nodes > LARGEST:
        raise NotSignalingError(f"the game has {shape.num_nodes} nodes; more than {LARGEST} are not looked at")
    table = _Table(shape, scaled(numbers, scale), assessment, names, slack)
    found = tuple(_Reader(table, starts, opening).read() for starts, opening in table.openings())
    if not found:
        raise NotSignalingError("nobody moves who knows something that others learn about from the move")
    return found


@dataclass(frozen=True)
class _Sending:
    """One action of one type: the message it sends."""

    type: int
    action: int
    sets: frozenset[int]  # sets of others that the action can lead to


class _Table:
    """One draw of a game with what all of its readings need."""

    def __init__(
        self, shape: TreeShape, numbers: GameNumbers, assessment: Assessment, names: Names, slack: float
    ) -> None:
        self.shape, self.numbers, self.assessment = shape, numbers, assessment
        self.names, self.slack = names, slack
        self.strategy = assessment.strategy[0]
        self.chance_reach = self._chance_reach()

    def openings(self) -> list[tuple[list[int], tuple[str, ...]]]:
        """Nodes at which a player with private information moves first, with the moves that lead there."""
        found: list[tuple[list[int], tuple[str, ...]]] = []
        waiting: list[tuple[list[int], tuple[str, ...]]] = [([0], ())]
        for nodes, opening in waiting:
            starts = self._first_moves(nodes)
            sets = {int(self.shape.infoset[node]) for node in starts}
            if len(sets) == 1:
                waiting.extend(self._after_opening(starts, opening))
            elif sets and self._others_after(starts, sets):
                found.append((starts, opening))
            if len(waiting) > MOST_OPENINGS:
                raise NotSignalingError(f"there are more than {MOST_OPENINGS} ways in which the first moves can go")
        return found

    def _after_opening(self, starts: list[int], opening: tuple[str, ...]) -> list[tuple[list[int], tuple[str, ...]]]:
        """Where each action of somebody who knows nothing leads; all of them must be told apart by everybody."""
        index = int(self.shape.infoset[starts[0]])
        actions = range(int(self.shape.action_start[index]), int(self.shape.action_start[index + 1]))
        seen: set[int] = set()
        found: list[tuple[list[int], tuple[str, ...]]] = []
        for place, action in enumerate(actions):
            after = [int(self.shape.first_child[node]) + place for node in starts]
            sets = self.sets_below(after)
            if seen & sets:
                raise NotSignalingError(f"not everybody sees what {self.names.player(index)} does first")
            seen |= sets
            found.append((after, (*opening, self.names.action(action))))
        return found

    def _others_after(self, starts: list[int], sets: set[int]) -> bool:
        """Whether anybody else moves after the first who has private information."""
        movers = {int(self.shape.infoset_player[index]) for index in sets}
        later = {int(self.shape.infoset_player[index]) for index in self.sets_below(starts) - sets}
        return len(movers) > 1 or bool(later - movers)

    def sets_below(self, nodes: list[int]) -> set[int]:
        """Information sets at or below some nodes, as far as nature lets play come there."""
        found: set[int] = set()
        open_nodes = list(nodes)
        for node in open_nodes:
            if self.chance_reach[node] > 0.0:
                open_nodes.extend(self.children(node))
                if self.shape.infoset[node] >= 0:
                    found.add(int(self.shape.infoset[node]))
        return found

    def children(self, node: int) -> range:
        """The nodes that follow a node."""
        first = int(self.shape.first_child[node])
        return range(first, first + int(self.shape.num_children[node]))

    def _chance_reach(self) -> Floats:
        """[nodes] probability that nature lets play come here, whatever the players do."""
        shape = self.shape
        reach = np.ones(shape.num_nodes)
        for family in shape.families:
            children: Ints = np.arange(family.children.start, family.children.stop, dtype=np.int32)
            above = shape.parent[children]
            drawn: Ints = children[shape.kind[above] == CHANCE]
            reach[children] = reach[above]
            reach[drawn] *= self.numbers.chance[0, shape.edge[drawn]]
        return reach

    def _first_moves(self, nodes: list[int]) -> list[int]:
        """Nodes of the first move from some nodes on, after nature's."""
        starts: list[int] = []
        open_nodes = list(nodes)
        for node in open_nodes:
            if self.shape.kind[node] == DECISION:
                starts.append(node)
            elif self.shape.kind[node] == CHANCE:
                open_nodes.extend(child for child in self.children(node) if self.chance_reach[child] > 0.0)
        movers = {self.names.player(int(self.shape.infoset[node])) for node in starts}
        if len(movers) > 1:
            raise NotSignalingError("different players move first, depending on what nature draws")
        return starts


class _Reader:
    """One reading of a game: the first move of somebody with private information is the message."""

    def __init__(self, table: _Table, starts: list[int], opening: tuple[str, ...]) -> None:
        self.table, self.starts, self.opening = table, starts, opening
        self.shape, self.numbers, self.assessment = table.shape, table.numbers, table.assessment
        self.names, self.slack = table.names, table.slack
        self.strategy, self.chance_reach = table.strategy, table.chance_reach

    def read(self) -> SignalingGame:
        starts = self.starts
        self.sender = int(self.shape.infoset_player[self.shape.infoset[starts[0]]])
        self.type_sets = self._types(starts)
        self.type_of_node = self._type_of_node()
        weight = self.chance_reach[starts]
        own = np.array([self.type_sets.index(int(self.shape.infoset[node])) for node in starts])
        self.prior = np.bincount(own, weights=weight, minlength=len(self.type_sets))
        self.weight = np.zeros(self.shape.num_nodes)
        self.weight[starts] = weight / self.prior[own]
        groups = self._messages()
        folded = self._fold()
        worth = node_values(self.shape, self.numbers, self.assessment.strategy)[0, :, self.sender]
        messages = tuple(self._message(group, folded) for group in groups)
        payoff: Floats = np.asarray(
            np.bincount(own, weights=self.weight[starts] * worth[starts], minlength=len(self.type_sets)),
            dtype=np.float64,
        )
        types = tuple(self.names.type(index) for index in self.type_sets)
        prior = self.prior / self.prior.sum()
        return SignalingGame(self._name(), types, prior, payoff, messages, self.opening)

    def _name(self) -> str:
        return self.shape.players[self.sender]

    def _types(self, starts: list[int]) -> list[int]:
        sets = sorted({int(self.shape.infoset[node]) for node in starts})
        first = set(starts)
        for index in sets:
            if any(self.chance_reach[n] > 0.0 and int(n) not in first for n in self.shape.members[index]):
                raise NotSignalingError(
                    f"{self._name()} cannot tell at {self.names.infoset(index)} whether it moves first"
                )
        return sets

    def _type_of_node(self) -> Ints:
        """[nodes] number of the sender's type behind each node that follows its first move, else -1."""
        shape = self.shape
        found = np.full(shape.num_nodes, -1, dtype=np.int32)
        for place, index in enumerate(self.type_sets):
            found[shape.members[index]] = place
        for family in shape.families:
            children: Ints = np.arange(family.children.start, family.children.stop, dtype=np.int32)
            above = found[shape.parent[children]]
            found[children] = np.where(found[children] < 0, above, found[children])
        return found

    def _messages(self) -> list[list[_Sending]]:
        """Actions of types that lead to the same message: those that others cannot tell apart."""
        sendings = [
            _Sending(place, action, self._sets_after(index, action))
            for place, index in enumerate(self.type_sets)
            for action in range(int(self.shape.action_start[index]), int(self.shape.action_start[index + 1]))
        ]
        groups: list[list[_Sending]] = []
        for sending in sendings:
            joined = [group for group in groups if self._same_message(group, sending)]
            merged = [item for group in joined for item in group] + [sending]
            groups = [group for group in groups if group not in joined] + [merged]
        for group in groups:
            types = [item.type for item in group]
            if len(set(types)) < len(types):
                first = [self.names.action(item.action) for item in group if types.count(item.type) > 1][:2]
                raise NotSignalingError(f"others do not see whether {self._name()} chose '{first[0]}' or '{first[-1]}'")
        return groups

    def _same_message(self, group: list[_Sending], sending: _Sending) -> bool:
        if any(item.sets & sending.sets for item in group):
            return True
        unanswered = not sending.sets and not any(item.sets for item in group)
        label = self.names.action(sending.action)
        return unanswered and any(self.names.action(item.action) == label for item in group)

    def _sets_after(self, index: int, action: int) -> frozenset[int]:
        place = action - int(self.shape.action_start[index])
        after = [int(self.shape.first_child[node]) + place for node in self.shape.members[index]]
        found = {i for i in self.table.sets_below(after) if self.shape.infoset_player[i] != self.sender}
        return frozenset(found)

    def _fold(self) -> Folded:
        free: Bools = self.shape.infoset_player == self.sender
        for index, members in enumerate(self.shape.members):
            kinds = {int(self.type_of_node[node]) for node in members if self.chance_reach[node] > 0.0}
            free[index] |= len(kinds) <= 1
        possible: Bools = self.chance_reach > 0.0
        return fold_last_moves(self.shape, self.numbers, self.strategy, possible, free, self.slack)

    def _message(self, group: list[_Sending], folded: Folded) -> Message:
        num_types = len(self.type_sets)
        able, fixed = np.zeros(num_types, dtype=np.bool_), np.zeros(num_types)
        name = self.names.action(group[0].action)
        answers: dict[int, list[tuple[int, int, float]]] = {}  # set -> (type, node, weight)
        sent = False
        for item in group:
            able[item.type] = True
            sent = sent or bool(self.strategy[item.action] > self.slack)
            for node, weight in self._after(item):
                if folded.known[node]:
                    fixed[item.type] += weight * folded.value[node, self.sender]
                else:
                    answers.setdefault(int(self.shape.infoset[node]), []).append((item.type, node, weight))
        replies = tuple(self._reply(name, index, nodes, folded) for index, nodes in sorted(answers.items()))
        return Message(name, able, sent, fixed, replies)

    def _after(self, item: _Sending) -> list[tuple[int, float]]:
        """(node, probability given the type) of what comes next after a message, beyond nature's moves."""
        index = self.type_sets[item.type]
        place = item.action - int(self.shape.action_start[index])
        open_nodes = [
            (int(self.shape.first_child[node]) + place, float(self.weight[node])) for node in self.shape.members[index]
        ]
        found: list[tuple[int, float]] = []
        for node, weight in open_nodes:
            if weight > 0.0 and self.shape.kind[node] == CHANCE:
                open_nodes.extend(
                    (child, weight * float(self.numbers.chance[0, self.shape.edge[child]]))
                    for child in self.table.children(node)
                )
            elif weight > 0.0:
                found.append((node, weight))
        return found

    def _reply(self, message: str, index: int, nodes: list[tuple[int, int, float]], folded: Folded) -> Reply:
        shape = self.shape
        mover = int(shape.infoset_player[index])
        if mover == self.sender:
            what = f"{self._name()}'s best move at {self.names.infoset(index)} rests on what it believes"
            raise NotSignalingError(f"after '{message}', {what}")
        width = int(shape.action_start[index + 1] - shape.action_start[index])
        sender, receiver = np.zeros((len(self.type_sets), width)), np.zeros((len(self.type_sets), width))
        for kind, node, weight in nodes:
            for place, child in enumerate(self.table.children(node)):
                if not folded.known[child]:
                    raise NotSignalingError(
                        f"after '{message}' and the reply at {self.names.infoset(index)}, "
                        "another move rests on a belief too"
                    )
                sender[kind, place] += weight * folded.value[child, self.sender]
                receiver[kind, place] += weight * folded.value[child, mover]
        belief = np.zeros(len(self.type_sets))
        for node in shape.members[index]:
            if self.type_of_node[node] >= 0:
                belief[self.type_of_node[node]] += self.assessment.belief[0, node]
        own = slice(int(shape.action_start[index]), int(shape.action_start[index + 1]))
        return Reply(index, shape.players[mover], sender, receiver, self.strategy[own], belief)
