"""Reads game files: ``.efg`` (extensive form) and ``.nfg`` (strategic form), in both versions of each."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from detente.exchange.read_efg import TreeReader
from detente.exchange.read_nfg import read_strategies, read_table
from detente.exchange.recall import lapse
from detente.exchange.records import ExactNumbers, FileTable, FileTree, GameFile
from detente.exchange.source import MOST_BYTES, Source, shown
from detente.exchange.table_game import table_game
from detente.exchange.tokens import COMMA, END, LABEL, WORD, Tokens
from detente.exchange.tree_game import TooFine, tree_game
from detente.exchange.write_efg import exact_numbers, tree_of, write_efg
from detente.game import BuiltGame

GAME_SUFFIXES = (".efg", ".nfg")
MOST_NODES = 200_000
MOST_PLAYERS = 100
VERSIONS = {"EFG": ("2", "efg"), "NFG": ("1", "nfg")}


def load_game(path: str | Path, *, limit: int = MOST_NODES) -> GameFile:
    """Read a game file.

    Args:
        path: The file.
        limit: Most nodes its tree may have; a table counts as the tree in which the players move in turn.

    Raises:
        GameFileError: It cannot be read, is wrong, or holds a game without perfect recall.
        SizeError: It is larger than the limit.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Source("", str(path)).wrong("G100", f"the file cannot be read: {reason}.", 0, 1) from error
    return read_game(content, str(path), limit=limit)


def read_game(text: str | bytes, name: str = "<game>", *, limit: int = MOST_NODES) -> GameFile:
    """Read a game from the text of a file; whether it is a tree or a table is seen from the text.

    Args:
        text: What is in the file: text, or bytes in UTF-8.
        name: What to call it in messages.
        limit: Most nodes its tree may have.

    Returns:
        The game with everything the file says about it, exactly.

    Raises:
        GameFileError: It is wrong, or a game without perfect recall.
        SizeError: It is larger than the limit.
    """
    source = Source(text, name)
    tokens = Tokens(source)
    kind = _header(tokens)
    title = tokens.label('the title of the game in quotes, such as ""')
    players = _players(tokens)
    if kind == "efg":
        comment = _comment(tokens)
        reader = TreeReader(tokens, players, limit)
        body: FileTree | FileTable = reader.read()
        game, exact = _checked_tree(body, source, reader.starts)
    else:
        strategies = read_strategies(tokens, players, limit)
        comment = _comment(tokens)
        body = read_table(tokens, players, strategies)
        game, exact = table_game(body)
    digest = hashlib.sha256(source.text.encode("utf-8", "surrogatepass")).hexdigest()
    return GameFile(name, kind, title, comment, body, game, exact, tuple(source.warnings), digest)


def as_file(game: BuiltGame, *, name: str = "<game>", title: str = "", draw: int = 0) -> GameFile:
    """A game built in Python as if it had been read from a file.

    Args:
        game: The game.
        name: What to call it.
        title: Its title.
        draw: Which of its draws.
    """
    text = write_efg(game, title=title, draw=draw)
    exact = exact_numbers(game, draw)
    rows = slice(draw, draw + 1)
    one = replace(game, numbers=game.numbers.take(rows))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return GameFile(name, "efg", title, "", tree_of(game, exact), one, exact, (), digest)


def is_game_file(name: object) -> bool:
    """Whether a name is that of a game file."""
    return isinstance(name, str | Path) and Path(name).suffix.lower() in GAME_SUFFIXES


def _header(tokens: Tokens) -> str:
    """Which kind of file this is."""
    known = 'It should begin like EFG 2 R "title" or NFG 1 R "title".'
    word, start = tokens.value, tokens.start
    if tokens.kind == END:
        raise tokens.source.wrong("G103", "the file is empty.", 0, 1, known)
    if tokens.kind != WORD or word not in VERSIONS:
        hint = known
        if word.startswith("<"):
            hint = "Gambit's workspaces (.gbt) hold a game among other things; save the game itself as .efg or .nfg."
        elif word.startswith("#"):
            hint = "Action graph games cannot be read; save the game as .nfg."
        found = shown(tokens.source.text[start : tokens.stop])
        raise tokens.source.wrong("G103", f"{found} does not begin a game file.", start, tokens.stop - start, hint)
    version, kind = VERSIONS[word]
    tokens.advance()
    for expected in ((version,), ("R", "D")):
        if tokens.kind != WORD or tokens.value not in expected:
            found = shown(tokens.source.text[tokens.start : tokens.stop]) if tokens.kind != END else "the end"
            message = f"{word} {version} R and {word} {version} D can be read; found {found}."
            raise tokens.source.wrong("G103", message, tokens.start, max(1, tokens.stop - tokens.start), known)
        tokens.advance()
    return kind


def _players(tokens: Tokens) -> tuple[str, ...]:
    place = tokens.start
    players = tokens.labels("names of players", MOST_PLAYERS)
    if not players:
        raise tokens.source.wrong("G209", "the list of players is empty.", place, 1, 'Name them: { "A" "B" }.')
    return players


def _comment(tokens: Tokens) -> str:
    if tokens.kind == COMMA:
        tokens.skip_commas()
    return tokens.label("") if tokens.kind == LABEL else ""


def _checked_tree(tree: FileTree, source: Source, starts: list[int]) -> tuple[BuiltGame, ExactNumbers]:
    """The game of a tree, once every player remembers what it did."""
    try:
        game, exact, order = tree_game(tree)
    except TooFine as error:
        raise source.wrong(
            "G114",
            "the payoffs along the path to this node add up to a fraction with thousands of digits.",
            starts[error.node],
            1,
            "Write decimals, or fractions with a common denominator.",
        ) from error
    found = lapse(game)
    if found is not None:
        raise source.wrong(
            found.code,
            found.message,
            starts[order[found.node]],
            1,
            "Only games with perfect recall can be solved: split the information set so that the player remembers."
            if found.code == "G401"
            else "Give the later move an information set of its own.",
        )
    return game, exact
