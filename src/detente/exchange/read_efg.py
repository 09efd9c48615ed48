"""Reads the body of an ``.efg`` file, node by node, without recursion.

Format: https://gambitproject.readthedocs.io, "The extensive game (.efg) file format". Names, actions and
payoffs may be left out where the same information set or outcome has been described before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from detente.exchange.records import CHANCE_PLAYER, NONE, FileNode, FileOutcome, FileSet, FileTree
from detente.exchange.source import shown
from detente.exchange.tokens import CLOSE, END, LABEL, OPEN, Tokens


class TreeReader:
    """Reads one tree.

    Args:
        tokens: The file, after its title and players.
        players: Names of the players.
        limit: Most nodes.

    Attributes:
        starts: Offset of each node in the text, for messages.
    """

    def __init__(self, tokens: Tokens, players: tuple[str, ...], limit: int):
        self.tokens = tokens
        self.source = tokens.source
        self.players = players
        self.limit = limit
        self.starts: list[int] = []
        self._nodes: list[FileNode] = []
        self._sets: list[FileSet] = []
        self._set_at: dict[tuple[int, int], int] = {}
        self._outcomes: list[FileOutcome] = []
        self._outcome_at: dict[int, int] = {}

    def read(self) -> FileTree:
        """The tree.

        Raises:
            GameFileError: The text is not a tree.
            SizeError: It has more nodes than the limit.
        """
        missing = 1  # nodes that must still come
        while missing:
            if len(self._nodes) + missing > self.limit:
                raise self.source.too_large(
                    "G501",
                    f"the tree has at least {len(self._nodes) + missing:,} nodes; the limit is {self.limit:,}.",
                    "Raise the limit (--node-limit) if you trust the file.",
                    self.tokens.start,
                )
            self.starts.append(self.tokens.start)
            node = self._node(missing)
            self._nodes.append(node)
            missing += (len(self._sets[node.set].actions) if node.set != NONE else 0) - 1
        if self.tokens.kind != END:
            raise self.source.wrong(
                "G112",
                f"the tree is complete, but {shown(self.source.text[self.tokens.start : self.tokens.stop])} follows.",
                self.tokens.start,
                self.tokens.stop - self.tokens.start,
                "Every action of every node has one node; is an action missing further up?",
            )
        return FileTree(self.players, tuple(self._sets), tuple(self._outcomes), tuple(self._nodes))

    def _node(self, missing: int) -> FileNode:
        tokens = self.tokens
        kind = tokens.value if tokens.kind not in (LABEL, END) else ""
        if kind not in ("c", "p", "t"):
            more = f"{missing} more {'node' if missing == 1 else 'nodes'} should follow: one for every action."
            raise tokens.unexpected("a node (c, p or t)", more)
        tokens.advance()
        label = tokens.label(f'the name of this node in quotes, such as "" after {kind}')
        where = NONE
        if kind == "c":
            where = self._set(CHANCE_PLAYER)
        elif kind == "p":
            where = self._set(self._player())
        return FileNode(label, where, self._outcome())

    def _player(self) -> int:
        start, stop = self.tokens.start, self.tokens.stop
        player = self.tokens.index("the number of the player who moves")
        if not 1 <= player <= len(self.players):
            names = ", ".join(f"{k} {shown(name)}" for k, name in enumerate(self.players[:10], start=1))
            raise self.source.wrong(
                "G201", f"there is no player {player}.", start, stop - start, f"There are: {names}."
            )
        return player

    def _set(self, player: int) -> int:
        """Place of the information set of a node, which is described here or was before."""
        tokens, start = self.tokens, self.tokens.start
        number = tokens.index("the number of the information set")
        stop = tokens.stop
        known = self._set_at.get((player, number))
        label = None
        if tokens.kind == LABEL:
            label = tokens.label("")
        if tokens.kind == OPEN:
            place = tokens.start
            actions, odds = (
                self._chances() if player == CHANCE_PLAYER else (tokens.labels("labels of actions", self.limit), ())
            )
            found = FileSet(player, number, label or "", actions, odds)
            if not actions:
                raise self.source.wrong("G202", f"information set {number} has no actions.", place, 1, _FIRST)
            if known is None:
                self._set_at[player, number] = len(self._sets)
                self._sets.append(found)
                return len(self._sets) - 1
            self._same_set(found, self._sets[known], place)
        elif known is None:
            raise self.source.wrong(
                "G202", f"information set {number} has not been described before.", start, stop - start, _FIRST
            )
        self._same_name(label, self._sets[known].label, f"information set {number}", start)
        return known

    def _chances(self) -> tuple[tuple[str, ...], tuple[Fraction, ...]]:
        """Branches of a chance move with their probabilities."""
        tokens, place = self.tokens, self.tokens.start
        tokens.mark(OPEN, "{")
        labels: list[str] = []
        odds: list[Fraction] = []
        tokens.skip_commas()
        while tokens.kind == LABEL:
            labels.append(tokens.label(""))
            tokens.check_length(len(labels), self.limit, "branches of a chance move", place)
            start, word = tokens.start, tokens.value
            odds.append(tokens.number(f"the probability of {shown(labels[-1])}"))
            if odds[-1] < 0:
                raise self.source.wrong("G206", f"the probability {word} is negative.", start, len(word))
            tokens.skip_commas()
        stop = tokens.stop
        tokens.mark(CLOSE, "} after the probabilities")
        total = sum(odds, Fraction(0))
        if labels and total != 1:
            said = str(total) if len(str(total)) <= 20 else f"{float(total):.12g}"
            raise self.source.wrong(
                "G206",
                f"the probabilities of this chance move sum to {said}, not to one.",
                place,
                stop - place,
                "They must sum to one exactly: write 1/3 rather than 0.333.",
            )
        return tuple(labels), tuple(odds)

    def _same_set(self, found: FileSet, known: FileSet, place: int) -> None:
        if found.actions != known.actions:
            differ, was, now = "actions", _listed(known.actions), _listed(found.actions)
        elif found.odds != known.odds:
            differ, was, now = "probabilities", _listed(map(str, known.odds)), _listed(map(str, found.odds))
        else:
            return
        whose = "chance" if found.player == CHANCE_PLAYER else f"player {found.player}"
        raise self.source.wrong(
            "G203",
            f"information set {found.number} of {whose} had the {differ} {was} before, here {now}.",
            place,
            1,
            "Give it the same ones, or a number of its own.",
        )

    def _same_name(self, label: str | None, known: str, what: str, start: int) -> None:
        if label and label != known:
            message = f"{what} was called {shown(known)} before, here {shown(label)}; the first name is kept."
            self.source.warn("G208", message, start, 1)

    def _outcome(self) -> int:
        """Place of the outcome of a node, -1 for none."""
        tokens, start = self.tokens, self.tokens.start
        if not tokens.at_number:
            return NONE
        number = tokens.index("the number of the outcome")
        stop = tokens.stop
        label = tokens.label("") if tokens.kind == LABEL else None
        if tokens.kind == OPEN:
            place = tokens.start
            payoffs = payoff_list(tokens, len(self.players))
            if number == 0:
                if any(payoffs):
                    message = "outcome 0 stands for none, so it cannot have payoffs."
                    raise self.source.wrong("G204", message, place, 1, "Give it another number.")
                return NONE
            return self._described(FileOutcome(number, label or "", payoffs), place)
        if number == 0:
            return NONE
        known = self._outcome_at.get(number)
        if known is None:
            message = f"outcome {number} has not been given payoffs before."
            raise self.source.wrong("G204", message, start, stop - start, _PAYOFFS)
        self._same_name(label, self._outcomes[known].label, f"outcome {number}", start)
        return known

    def _described(self, found: FileOutcome, place: int) -> int:
        known = self._outcome_at.get(found.number)
        if known is None:
            self._outcome_at[found.number] = len(self._outcomes)
            self._outcomes.append(found)
            return len(self._outcomes) - 1
        before = self._outcomes[known]
        if before.payoffs != found.payoffs:
            was, now = _listed(map(str, before.payoffs)), _listed(map(str, found.payoffs))
            raise self.source.wrong(
                "G205",
                f"outcome {found.number} had the payoffs {was} before, here {now}.",
                place,
                1,
                "Give it the same ones, or a number of its own.",
            )
        self._same_name(found.label, before.label, f"outcome {found.number}", place)
        if not before.label and found.label:
            self._outcomes[known] = replace(before, label=found.label)
        return known


def payoff_list(tokens: Tokens, players: int) -> tuple[Fraction, ...]:
    """Payoffs in braces, one for each player, with or without commas."""
    place = tokens.start
    tokens.mark(OPEN, "{ before the payoffs")
    found: list[Fraction] = []
    tokens.skip_commas()
    while tokens.kind not in (CLOSE, END) and len(found) <= players:
        found.append(tokens.number("a payoff"))
        tokens.skip_commas()
    if len(found) != players:
        count = f"more than {players}" if len(found) > players else str(len(found))
        message = f"{count} payoffs for {players} {'player' if players == 1 else 'players'}."
        raise tokens.source.wrong("G207", message, place, tokens.stop - place, "Give one payoff for each player.")
    tokens.mark(CLOSE, "} after the payoffs")
    return tuple(found)


def _listed(items: Iterable[str]) -> str:
    return shown(", ".join(items))


_FIRST = 'List its actions in braces at its first node, as in p "" 1 1 "name" { "left" "right" } 0.'
_PAYOFFS = 'List its payoffs in braces at its first node, as in t "" 1 "name" { 1, -1 }.'
