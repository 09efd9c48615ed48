"""What may be called what, and what somebody probably meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}\Z")
CASE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\Z")

OVER_ROUNDS = frozenset({"ever", "always", "count_rounds"})
"""Functions of a condition on one round, taken over all rounds that were played."""
FUNCTIONS = frozenset({"min", "max", "exp", "log", "sqrt", "abs", "count", "happened"}) | OVER_ROUNDS
QUANTITIES = frozenset({"value", "probability", "action_value", "share_of_types", "misjudged", "settles"})
WORDS = frozenset({"and", "or", "not", "in", "if", "else", "true", "false", "with"})
VALUES = frozenset({"none", "rest", "all", "optimal", "type", "nothing"})
ROUND = "round"
"""Number of the round, inside a block of rounds."""
PREVIOUS = "previous"
LAST = "last"
ROUND_WORDS = frozenset({ROUND, PREVIOUS, LAST})
"""Words that mean something only in a case with rounds, and cannot name anything else there."""
RESERVED = FUNCTIONS | QUANTITIES | WORDS | VALUES

MOST_LISTED = 20
MOST_COMPARED = 100
FARTHEST = 4


def closest(name: str, legal: Iterable[str]) -> str | None:
    """The legal name that `name` was probably meant to be, or None."""
    names = list(dict.fromkeys(legal))
    by_lower = {item.lower(): item for item in names}
    if name.lower() in by_lower:
        return by_lower[name.lower()]
    likely = [item for item in names if abs(len(item) - len(name)) <= FARTHEST and item[:1] == name[:1]]
    others = [item for item in names if abs(len(item) - len(name)) <= FARTHEST and item[:1] != name[:1]]
    near = difflib.get_close_matches(name, (likely + others)[:MOST_COMPARED], n=1, cutoff=0.6)
    return near[0] if near else None


def listed(names: Iterable[str]) -> str:
    """Names in one line, the first twenty of them."""
    every = list(dict.fromkeys(names))
    text = ", ".join(every[:MOST_LISTED])
    return text if len(every) <= MOST_LISTED else f"{text}, and {len(every) - MOST_LISTED} more"


def advice(name: str, legal: Iterable[str], what: str) -> str:
    """One line of help for an unknown name: the likely one and the legal ones.

    Args:
        name: The name as written.
        legal: The names that would have been accepted.
        what: Plural noun for them, such as "actors".
    """
    names = list(dict.fromkeys(legal))
    if not names:
        return f"No {what} are declared here."
    near = closest(name, names)
    start = f"Did you mean '{near}'? " if near else ""
    return f"{start}The {what} here are: {listed(names)}."
