"""How labels and numbers are spelled in Gambit's formats."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

_MUST_ESCAPE = re.compile(r'"|\\(?=["\\]|\Z)')


def quoted(text: str) -> str:
    r"""A label in quotes, every character kept.

    Gambit knows ``\"`` only, so a backslash is doubled just where it could be taken for an escape.
    """
    return '"' + _MUST_ESCAPE.sub(lambda match: "\\" + match[0], text) + '"'


def listed(labels: Iterable[str]) -> str:
    """Labels in braces."""
    return "{ " + " ".join(quoted(label) for label in labels) + " }"


def amounts(payoffs: Iterable[Fraction]) -> str:
    """Payoffs with commas between them."""
    return ", ".join(str(amount) for amount in payoffs)
