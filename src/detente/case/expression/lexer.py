"""Text of an expression -> tokens. Linear in the length of the text, which is limited first."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from detente.case.expression.problem import ExpressionError, fail

MAX_LENGTH = 500
MAX_NAME = 64

Kind = Literal["name", "number", "operator", "end"]

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<number>[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<operator>\*\*|==|!=|<=|>=|[-+*/()\[\],.<>=|])""",
    re.VERBOSE,
)

_ROUND = re.compile(r"[0-9]+")

_INSTEAD = {
    "≤": "Write <=.",
    "≥": "Write >=.",
    "≠": "Write !=.",
    "−": "Write an ordinary minus sign: -.",
    "–": "Write an ordinary minus sign: -.",
    "—": "Write an ordinary minus sign: -.",
    "×": "Write *.",
    "·": "Write *.",
    "÷": "Write /.",
    "&": "Write `and`.",
    "!": "Write `not`.",
    "^": "Powers are written **.",
    "%": "Write percentages as numbers: 0.05, not 5%.",
    "²": "Powers are written **.",
    "\N{NO-BREAK SPACE}": "It is a no-break space. Write an ordinary one.",
}
_QUOTES = "\"'`“”‘’«»"


@dataclass(frozen=True)
class Token:
    """One token; `value` is set for numbers."""

    kind: Kind
    text: str
    offset: int
    value: float = 0.0

    @property
    def length(self) -> int:
        """Number of characters."""
        return max(1, len(self.text))

    @property
    def end(self) -> int:
        """Offset just after it."""
        return self.offset + len(self.text)


def tokenize(text: str) -> list[Token]:
    """The tokens of an expression, with one of kind ``end`` last.

    Raises:
        ExpressionError: The text is too long, or holds something that is no token.
    """
    if len(text) > MAX_LENGTH:
        message = f"the expression has {len(text)} characters; the limit is {MAX_LENGTH}"
        raise fail("C201", message, MAX_LENGTH, 1, "Split it into several terms, or name part of it.")
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise _unreadable(text, place)
        if found.lastgroup == "number" and _follows_dot(tokens, place):
            found = _ROUND.match(text, place) or found
            place = found.end()
            tokens.append(_number(text, found.group(), found.start(), after_dot=True))
            continue
        place = found.end()
        if found.lastgroup == "number":
            tokens.append(_number(text, found.group(), found.start()))
        elif found.lastgroup == "name":
            tokens.append(_name(found.group(), found.start()))
        elif found.lastgroup == "operator":
            tokens.append(Token("operator", found.group(), found.start()))
    tokens.append(Token("end", "", place))
    return tokens


def _follows_dot(tokens: list[Token], place: int) -> bool:
    """Whether a number at this place is that of a round, as in ``move.2``."""
    return (
        len(tokens) > 1 and tokens[-1].text == "." and tokens[-1].end == place and tokens[-2].kind in ("name", "number")
    )


def _number(text: str, digits: str, start: int, *, after_dot: bool = False) -> Token:
    following = text[start + len(digits) : start + len(digits) + 1]
    if following == "_" or following.isalpha():
        hint = "A name may not begin with a digit, and numbers hold no underscores or units."
        raise fail("C207", f"'{digits}{following}' is neither a number nor a name", start, len(digits) + 1, hint)
    if following == "." and not after_dot:
        raise fail("C207", f"'{digits}.' is not a number", start, len(digits) + 1, f"Write {digits} or {digits}.0.")
    value = float(digits)
    if not math.isfinite(value):
        raise fail("C207", f"the number {digits[:20]} is too large", start, len(digits))
    return Token("number", digits, start, value)


def _name(name: str, start: int) -> Token:
    if name.startswith("__"):
        raise fail("C215", f"'{name[:MAX_NAME]}' begins with two underscores", start, len(name))
    if len(name) > MAX_NAME:
        message = f"the name '{name[:20]}...' has {len(name)} characters; the limit is {MAX_NAME}"
        raise fail("C204", message, start, len(name))
    return Token("name", name, start)


def _unreadable(text: str, place: int) -> ExpressionError:
    char = text[place]
    if char in _QUOTES:
        hint = "Write labels as bare words: move == hold."
        return fail("C205", "quotes are not part of the language", place, 1, hint)
    if char in "{}:;@\\$#?~":
        hint = "Expressions have names, numbers, + - * / **, comparisons, and, or, not, in, if-else."
        return fail("C205", f"'{char}' is not part of the language", place, 1, hint)
    shown = f"'{char}'" if char.isprintable() else f"U+{ord(char):04X}"
    return fail("C204", f"the character {shown} is not allowed in an expression", place, 1, _INSTEAD.get(char, ""))
