"""The text of a game file, and how something wrong in it is said: with its line, column and the way out."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from detente.errors import Diagnostic, GameFileError, Severity, SizeError

MOST_BYTES = 32 * 2**20
LONGEST_SHOWN = 200
LONGEST_QUOTE = 40
MOST_WARNINGS = 25


class Source:
    """One game file as text, with the findings about it.

    Args:
        content: The file: text, or bytes in UTF-8.
        name: What to call it in messages.

    Raises:
        GameFileError: It is not text.
        SizeError: It is too large.
    """

    def __init__(self, content: str | bytes, name: str):
        self.name = name
        self.warnings: list[Diagnostic] = []
        self.text = ""
        if len(content) > MOST_BYTES:
            raise self.too_large(
                "G102", f"the file has {len(content):,} bytes; at most {MOST_BYTES:,} are read.", "Split the game up."
            )
        if isinstance(content, bytes):
            content = self._decoded(content)
        self.text = content.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")

    def _decoded(self, content: bytes) -> str:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:1000]:
            raise self.wrong("G101", "the file is not UTF-8 text (it looks like UTF-16).", 0, 1, "Save it as UTF-8.")
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as error:
            if b"\0" in content:
                raise self.wrong("G101", "the file is not text.", 0, 1, "Save it as UTF-8 text.") from error
            text = content.decode("latin-1")
            self.text = text.replace("\r\n", "\n").replace("\r", "\n")
            where = len(content[: error.start].replace(b"\r\n", b"\n"))
            self.warn("G101", "the file is not UTF-8; it is read as Latin-1.", where, 1, "Save it as UTF-8.")
            return text

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    def _diagnostic(
        self, code: str, severity: Severity, message: str, start: int, length: int, hint: str
    ) -> Diagnostic:
        message = _printable(message)
        if not self.text:
            return Diagnostic(code, severity, message, self.name, 1, 1, 1, "", hint)
        line = bisect_right(self._starts, start)
        first = self._starts[line - 1]
        end = self.text.find("\n", first)
        stop = min(len(self.text) if end < 0 else end, start + LONGEST_SHOWN)
        shown = _printable(self.text[first:stop])
        return Diagnostic(
            code, severity, message, self.name, line, start - first + 1, max(1, min(length, stop - start)), shown, hint
        )

    def wrong(self, code: str, message: str, start: int, length: int, hint: str = "") -> GameFileError:
        """The error about one place of the file.

        Args:
            code: Code of the table of codes.
            message: What is wrong, with the offending text.
            start: Offset in the text.
            length: Number of characters it is about.
            hint: The way out.
        """
        return GameFileError([self._diagnostic(code, "error", message, start, length, hint)])

    def too_large(self, code: str, message: str, hint: str, start: int = 0, length: int = 1) -> SizeError:
        """The error about a file or game that is too large."""
        return SizeError([self._diagnostic(code, "error", message, start, length, hint)])

    def warn(self, code: str, message: str, start: int, length: int, hint: str = "") -> None:
        """Note something odd that changes nothing in the game; repetitions beyond a few are dropped."""
        if len(self.warnings) < MOST_WARNINGS:
            self.warnings.append(self._diagnostic(code, "warning", message, start, length, hint))


def _printable(text: str) -> str:
    """The text with spaces for what could make a terminal show something else; it keeps its length."""
    return text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)


def shown(text: str) -> str:
    """A piece of the file in quotes, on one line, cut if it is long."""
    flat = " ".join(text.split())
    return f"'{flat if len(flat) <= LONGEST_QUOTE else flat[: LONGEST_QUOTE - 3] + '...'}'"
