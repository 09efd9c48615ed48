"""What a game file says, exactly: its tree or table with every label and number, and the game it stands for."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from detente.errors import Diagnostic
from detente.game import BuiltGame

CHANCE_PLAYER = 0
NONE = -1


@dataclass(frozen=True)
class FileSet:
    """An information set of a tree file, or a chance move with a number of its own.

    Attributes:
        player: Number of the player, counted from 1; 0 is chance.
        number: Its number in the file, unique among those of the player.
        label: Its name, which may be empty and need not be unique.
        actions: Labels of its actions, as they stand in the file.
        odds: Their probabilities at a chance move, else empty.
    """

    player: int
    number: int
    label: str
    actions: tuple[str, ...]
    odds: tuple[Fraction, ...] = ()


@dataclass(frozen=True)
class FileOutcome:
    """Payoffs with a number and a name.

    Attributes:
        number: Its number in the file.
        label: Its name.
        payoffs: One for each player.
    """

    number: int
    label: str
    payoffs: tuple[Fraction, ...]


@dataclass(frozen=True)
class FileNode:
    """A node of a tree file.

    Attributes:
        label: Its name.
        set: Its place in `FileTree.sets`; -1 at a terminal node.
        outcome: Its place in `FileTree.outcomes`; -1 for none. What is paid at inner nodes adds up along the path.
    """

    label: str
    set: int
    outcome: int


@dataclass(frozen=True)
class FileTree:
    """The body of an ``.efg`` file.

    Attributes:
        players: Their names.
        sets: Information sets and chance moves in the order they are met.
        outcomes: Outcomes in the order they are met.
        nodes: Nodes depth-first, as the format lists them.
    """

    players: tuple[str, ...]
    sets: tuple[FileSet, ...]
    outcomes: tuple[FileOutcome, ...]
    nodes: tuple[FileNode, ...]


@dataclass(frozen=True)
class FileTable:
    """The body of an ``.nfg`` file.

    Attributes:
        players: Their names.
        strategies: Names of the strategies of each player.
        outcomes: Outcomes by place; in the payoff form one for each profile, without names.
        entries: Place in `outcomes` of each strategy profile, -1 for none. The first player's strategy runs fastest.
        named: Whether the file is in the outcome form.
    """

    players: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...]
    outcomes: tuple[FileOutcome, ...]
    entries: tuple[int, ...]
    named: bool


@dataclass(frozen=True)
class ExactNumbers:
    """The numbers of a game without rounding.

    Attributes:
        payoff: [terminals][players] what each terminal node pays, everything along the path included.
        chance: [chance_edges] probabilities.
    """

    payoff: tuple[tuple[Fraction, ...], ...]
    chance: tuple[Fraction, ...]


@dataclass(frozen=True, eq=False)
class GameFile:
    """A game read from a file.

    Attributes:
        name: Name of the file.
        kind: ``efg`` or ``nfg``.
        title: Title of the game.
        comment: Its description; empty if there is none.
        body: What the file says, label by label and number by number.
        game: The game, with one draw. Players, information sets and actions that have no name, or share one, are
            given one that is unique.
        exact: Its numbers without rounding.
        warnings: What is odd about the file without changing the game.
        sha256: Hash of the text, to tell which game an answer is about.
    """

    name: str
    kind: str
    title: str
    comment: str
    body: FileTree | FileTable
    game: BuiltGame
    exact: ExactNumbers
    warnings: tuple[Diagnostic, ...] = field(default=())
    sha256: str = ""
