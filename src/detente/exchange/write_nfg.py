"""Writes games as ``.nfg``: a table read from a file as it was, any other game through its normal form."""

from __future__ import annotations

from collections.abc import Iterator

from detente.exchange.formats import amounts, listed, quoted
from detente.exchange.normal_form import MOST_PROFILES, normal_form
from detente.exchange.records import NONE, FileTable, GameFile
from detente.exchange.write_efg import exact_numbers
from detente.game import BuiltGame

PROFILES_A_LINE = 8


def write_nfg(
    game: BuiltGame | GameFile,
    *,
    title: str = "",
    comment: str = "",
    draw: int = 0,
    full: bool = False,
    limit: int = MOST_PROFILES,
) -> str:
    """A game in Gambit's strategic form, version 1, with exact numbers.

    Args:
        game: A game built or read.
        title: Title of a game built; one that was read has its own.
        comment: Its comment.
        draw: Which draw of a game built to write.
        full: Whether strategies of a tree say something about information sets they rule out themselves;
            by default they do not (the reduced normal form).
        limit: Most strategy profiles.

    Raises:
        SizeError: There are more strategy profiles than the limit.
    """
    if isinstance(game, GameFile):
        title, comment = game.title, game.comment
        table = game.body
        if not isinstance(table, FileTable):
            table = normal_form(game.game, game.exact, limit=limit, full=full)
    else:
        table = normal_form(game, exact_numbers(game, draw), limit=limit, full=full)
    return "\n".join(_lines(table, title, comment)) + "\n"


def _lines(table: FileTable, title: str, comment: str) -> Iterator[str]:
    yield f"NFG 1 R {quoted(title)} {listed(table.players)}"
    yield ""
    yield "{ " + "\n".join(listed(names) for names in table.strategies)
    yield "}"
    yield quoted(comment)
    yield ""
    if table.named:
        yield "{"
        for outcome in table.outcomes:
            yield f"{{ {quoted(outcome.label)} {amounts(outcome.payoffs)} }}"
        yield "}"
        yield " ".join(str(place + 1 if place != NONE else 0) for place in table.entries)
        return
    for start in range(0, len(table.outcomes), PROFILES_A_LINE):
        rows = table.outcomes[start : start + PROFILES_A_LINE]
        yield "  ".join(" ".join(str(amount) for amount in row.payoffs) for row in rows)
