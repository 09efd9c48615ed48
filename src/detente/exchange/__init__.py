"""Games in the formats of other programs: read, written, and what may be wrong with them."""

from __future__ import annotations

from detente.exchange.codes import EXCHANGE_CODES
from detente.exchange.efg import to_efg
from detente.exchange.normal_form import normal_form
from detente.exchange.reading import GAME_SUFFIXES, as_file, is_game_file, load_game, read_game
from detente.exchange.recall import history
from detente.exchange.records import ExactNumbers, FileNode, FileOutcome, FileSet, FileTable, FileTree, GameFile
from detente.exchange.write_efg import write_efg
from detente.exchange.write_nfg import write_nfg

__all__ = [
    "EXCHANGE_CODES",
    "GAME_SUFFIXES",
    "ExactNumbers",
    "FileNode",
    "FileOutcome",
    "FileSet",
    "FileTable",
    "FileTree",
    "GameFile",
    "as_file",
    "history",
    "is_game_file",
    "load_game",
    "normal_form",
    "read_game",
    "to_efg",
    "write_efg",
    "write_nfg",
]
