"""A game file as words, labels, braces and numbers, one at a time."""

from __future__ import annotations

import re
from fractions import Fraction

from detente.errors import GameFileError
from detente.exchange.source import Source, shown

WORD = "word"
LABEL = "label"
END = "end"
OPEN = "{"
CLOSE = "}"
COMMA = ","

_TOKEN = re.compile(r'\s*(?:([{},])|([^\s{},"]+)|("(?:[^"\\]+|\\.)*")|(")|\Z)', re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\])')
_NUMBER = re.compile(r"[+-]?(?:[0-9]+/[0-9]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)")
_WHOLE = re.compile(r"[+-]?[0-9]+")

LONGEST_NUMBER = 300
LARGEST_EXPONENT = 400
LARGEST = Fraction(10) ** 100
LARGEST_INDEX = 10**12


class Tokens:
    """The tokens of a file; the current one is described by the attributes.

    Attributes:
        kind: `WORD`, `LABEL`, `END` or the mark itself.
        value: The word, or the label without its quotes.
        start: Offset of the token. stop: offset after it.
    """

    def __init__(self, source: Source):
        self.source = source
        self.kind = END
        self.value = ""
        self.start = 0
        self.stop = 0
        self.advance()

    def advance(self) -> None:
        """Go to the next token."""
        match = _TOKEN.match(self.source.text, self.stop)
        if match is None or match.lastindex is None:
            self.kind, self.value, self.start, self.stop = END, "", len(self.source.text), len(self.source.text)
            return
        which = match.lastindex
        self.start, self.stop = match.span(which)
        self.value = match[which]
        if which == 1:
            self.kind = self.value
        elif which == 2:
            self.kind = WORD
        elif which == 3:
            self.kind, self.value = LABEL, self.value[1:-1]
            if "\\" in self.value:
                self.value = _ESCAPED.sub(r"\1", self.value)
        else:
            raise self.source.wrong(
                "G113", "this label has no closing quotation mark.", self.start, 1, 'Quotes inside labels are \\".'
            )

    def skip_commas(self) -> None:
        """Go past commas, which mean nothing between the entries of a list."""
        while self.kind == COMMA:
            self.advance()

    def unexpected(self, expected: str, hint: str = "") -> GameFileError:
        """The error that something else should stand here."""
        if self.kind == END:
            return self.source.wrong("G111", f"the file ends where {expected} is expected.", self.start, 1, hint)
        found = shown(self.source.text[self.start : self.stop])
        return self.source.wrong(
            "G110", f"expected {expected}, found {found}.", self.start, self.stop - self.start, hint
        )

    def mark(self, mark: str, expected: str, hint: str = "") -> None:
        """Go past a brace."""
        if self.kind != mark:
            raise self.unexpected(expected, hint)
        self.advance()

    def label(self, expected: str, hint: str = "") -> str:
        """Go past a label and return it."""
        if self.kind != LABEL:
            raise self.unexpected(expected, hint)
        value = self.value
        self.advance()
        return value

    def labels(self, expected: str, most: int) -> tuple[str, ...]:
        """Go past labels in braces, at most so many, and return them."""
        place = self.start
        self.mark(OPEN, f"{{ before {expected}")
        found: list[str] = []
        self.skip_commas()
        while self.kind == LABEL:
            found.append(self.value)
            self.check_length(len(found), most, expected, place)
            self.advance()
            self.skip_commas()
        self.mark(CLOSE, f'}} after {expected}, or another one in "quotes"')
        return tuple(found)

    def check_length(self, length: int, most: int, what: str, place: int) -> None:
        """Refuse a list that is longer than the limit while it is being read."""
        if length > most:
            hint = "Is a brace missing? The limit on nodes is --node-limit."
            raise self.source.too_large("G501", f"more than {most:,} {what}.", hint, place)

    def index(self, expected: str) -> int:
        """Go past a whole number and return it."""
        if self.kind != WORD or not _WHOLE.fullmatch(self.value):
            raise self.unexpected(f"{expected}, a whole number")
        if len(self.value) > LONGEST_NUMBER or abs(int(self.value)) > LARGEST_INDEX:
            raise self._bad_number(f"{shown(self.value)} is too large for {expected}.")
        value = int(self.value)
        self.advance()
        return value

    def number(self, expected: str) -> Fraction:
        """Go past a number and return it exactly."""
        if self.kind != WORD:
            raise self.unexpected(f"{expected}, a number")
        word = self.value
        if not _NUMBER.fullmatch(word):
            raise self._bad_number(f"{shown(word)} is not a number; {expected} is expected.")
        _, _, exponent = word.lower().partition("e")
        if len(word) > LONGEST_NUMBER or (exponent and abs(int(exponent)) > LARGEST_EXPONENT):
            raise self._bad_number(f"the number {shown(word)} is too long or too far from 1.")
        try:
            value = Fraction(word)
        except ZeroDivisionError as error:
            raise self._bad_number(f"{shown(word)} divides by zero.") from error
        if abs(value) > LARGEST:
            raise self._bad_number(f"the number {shown(word)} is larger than 1e100.")
        self.advance()
        return value

    @property
    def at_number(self) -> bool:
        """Whether the current token is a number."""
        return self.kind == WORD and _NUMBER.fullmatch(self.value) is not None

    def _bad_number(self, message: str) -> GameFileError:
        return self.source.wrong(
            "G114", message, self.start, self.stop - self.start, "Numbers look like 3, -0.25, 1e-3 or 1/3."
        )
