"""Every diagnostic code of game files (``.efg``, ``.nfg``), with a title and an explanation; the docs are made from it.

G1xx reading the text, G2xx trees, G3xx tables, G4xx what players remember, G5xx size.
"""

from __future__ import annotations

from collections.abc import Mapping

EXCHANGE_CODES: Mapping[str, tuple[str, str]] = {
    "G100": ("game file cannot be read", "It does not exist, is not a file, or may not be read."),
    "G101": (
        "not UTF-8 text",
        "Game files are text in UTF-8, with or without a byte order mark. Old files in a Western European encoding are "
        "read as Latin-1, with a warning; anything else is refused.",
    ),
    "G102": ("game file too large", "Large files are refused unread, so that reading one never takes long."),
    "G103": (
        "not a game file that can be read",
        "Files that begin with `EFG 2 R`, `EFG 2 D`, `NFG 1 R` or `NFG 1 D` can be read. Gambit saves any game it has "
        "open in these formats.",
    ),
    "G110": (
        "something else is expected here",
        "The text does not follow the format at the place shown. The usual causes are a missing or extra brace, quote, "
        "number or node just before it.",
    ),
    "G111": (
        "file ends too early",
        "A tree needs one node for every action of every node before it; a table needs one entry for every strategy "
        "profile. Part of the file is missing.",
    ),
    "G112": (
        "text after the end of the game",
        "The game is complete before the end of the file. An action or strategy is missing further up, or the rest "
        "does not belong here.",
    ),
    "G113": ("label without an end", "A label starts with a quotation mark that no other one closes."),
    "G114": (
        "not a number that can be used",
        "Numbers are whole (`3`), decimal (`-0.25`, `1e-3`) or rational (`1/3`), at most 1e100 in size, with at most "
        "300 characters, and no zero below the line.",
    ),
    "G201": (
        "no such player",
        "A node belongs to a player by number, counted from 1 in the order of the list after the title.",
    ),
    "G202": (
        "information set without actions",
        "The first node of an information set lists its actions in braces; later ones may leave the list out.",
    ),
    "G203": (
        "information set described in two ways",
        "All nodes of an information set have the same actions in the same order, and at a chance move the same "
        "probabilities. Give the second one a number of its own if it is another information set.",
    ),
    "G204": (
        "outcome without payoffs",
        "The first node with an outcome lists its payoffs in braces; later ones may leave the list out. Outcome 0 "
        "stands for none.",
    ),
    "G205": (
        "outcome described in two ways",
        "An outcome has one list of payoffs wherever it occurs. Give the second one a number of its own if it is "
        "another outcome.",
    ),
    "G206": (
        "chance probabilities are not a distribution",
        "The probabilities of a chance move are 0 or more and sum to one exactly. Write 1/3 rather than 0.333.",
    ),
    "G207": ("wrong number of payoffs", "Every outcome has one payoff for each player, in the order of the players."),
    "G208": (
        "one thing under two names",
        "An information set or outcome occurs again with another name. The first name is kept; nothing else depends "
        "on it.",
    ),
    "G209": ("game without players", "A game needs at least one player."),
    "G301": (
        "strategies do not fit the players",
        "A table gives every player its strategies: a list of names in braces for each, or a number for each, at "
        "least one.",
    ),
    "G302": (
        "no such outcome",
        "The body of a table gives each strategy profile an outcome by number, counted from 1 in the list above it; 0 "
        "stands for none.",
    ),
    "G401": (
        "a player forgets what it did or knew",
        "Two histories lead to the same information set although its player took different moves of its own on the "
        "way (imperfect recall). Equilibria in behavior strategies need not exist then, and none is looked for. Split "
        "the information set so that the player remembers.",
    ),
    "G402": (
        "a player does not know whether it has moved already",
        "A history passes through the same information set twice (absent-mindedness). Give the second move an "
        "information set of its own.",
    ),
    "G501": (
        "game too large",
        "The game has more nodes or strategy profiles than the limit, which is there so that a file from a stranger "
        "cannot fill the memory. Raise the limit (`--node-limit`) if you trust it.",
    ),
}
"""Code -> (title, explanation), in order."""
