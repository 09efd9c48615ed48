"""Reads the body of an ``.nfg`` file, in its payoff form or its outcome form.

Format: https://gambitproject.readthedocs.io, "The strategic game (.nfg) file format".
"""

from __future__ import annotations

import math
from fractions import Fraction

from detente.errors import SizeError
from detente.exchange.records import NONE, FileOutcome, FileTable
from detente.exchange.source import shown
from detente.exchange.tokens import CLOSE, END, LABEL, OPEN, Tokens


def read_strategies(tokens: Tokens, players: tuple[str, ...], limit: int) -> tuple[tuple[str, ...], ...]:
    """Names of the strategies of each player: listed, or counted from 1 where only their number is given."""
    place = tokens.start
    tokens.mark(OPEN, "{ before the strategies")
    found: list[tuple[str, ...]] = []
    while tokens.kind == OPEN:
        found.append(tokens.labels("names of strategies", limit))
        tokens.skip_commas()
    if not found:
        counts: list[int] = []
        while tokens.at_number:
            counts.append(tokens.index("the number of strategies"))
            tokens.skip_commas()
        if any(count > limit for count in counts):
            raise _oversize(tokens, counts, limit, place)
        found = [tuple(str(k) for k in range(1, count + 1)) for count in counts]
    tokens.mark(CLOSE, "} after the strategies")
    if len(found) != len(players) or not all(found):
        sizes = ", ".join(str(len(names)) for names in found) or "none"
        raise tokens.source.wrong(
            "G301",
            f"strategies are given for {len(found)} players (how many: {sizes}); there are {len(players)} players.",
            place,
            1,
            "Give every player at least one strategy.",
        )
    nodes = sum(math.prod(len(names) for names in found[:k]) for k in range(len(found) + 1))
    if nodes > limit:
        raise _oversize(tokens, [len(names) for names in found], limit, place)
    return tuple(found)


def _oversize(tokens: Tokens, counts: list[int], limit: int, place: int) -> SizeError:
    product = " x ".join(f"{count:,}" for count in counts[:8]) + (" x ..." if len(counts) > 8 else "")
    profiles = math.prod(counts)
    said = f"{profiles:,}" if profiles < 10**15 else f"about 1e{len(str(profiles)) - 1}"
    return tokens.source.too_large(
        "G501",
        f"the table has {product} = {said} strategy profiles; as a tree that is more than {limit:,} nodes.",
        "Raise the limit (--node-limit) if you trust the file.",
        place,
    )


def read_table(tokens: Tokens, players: tuple[str, ...], strategies: tuple[tuple[str, ...], ...]) -> FileTable:
    """The entries of a table.

    Raises:
        GameFileError: The text is not a table of this size.
    """
    profiles = math.prod(len(names) for names in strategies)
    named = tokens.kind == OPEN
    if named:
        outcomes, entries = _outcome_form(tokens, len(players), profiles)
    else:
        outcomes, entries = _payoff_form(tokens, len(players), profiles), tuple(range(profiles))
    tokens.skip_commas()
    if tokens.kind != END:
        raise tokens.source.wrong(
            "G112",
            f"the table is complete after {profiles:,} strategy profiles, but "
            f"{shown(tokens.source.text[tokens.start : tokens.stop])} follows.",
            tokens.start,
            tokens.stop - tokens.start,
            "Is a strategy missing from the list?",
        )
    return FileTable(players, strategies, outcomes, entries, named)


def _payoff_form(tokens: Tokens, players: int, profiles: int) -> tuple[FileOutcome, ...]:
    found: list[FileOutcome] = []
    for profile in range(profiles):
        row: list[Fraction] = []
        for _ in range(players):
            tokens.skip_commas()
            if not tokens.at_number and tokens.kind in (END, OPEN, CLOSE, LABEL):
                raise tokens.unexpected(
                    "a payoff",
                    f"{profile * players + len(row):,} payoffs were read; {profiles * players:,} are needed.",
                )
            row.append(tokens.number("a payoff"))
        found.append(FileOutcome(NONE, "", tuple(row)))
    return tuple(found)


def _outcome_form(tokens: Tokens, players: int, profiles: int) -> tuple[tuple[FileOutcome, ...], tuple[int, ...]]:
    tokens.mark(OPEN, "{ before the outcomes")
    outcomes: list[FileOutcome] = []
    while tokens.kind == OPEN:
        outcomes.append(_outcome(tokens, players, len(outcomes) + 1))
        tokens.skip_commas()
    tokens.mark(CLOSE, "} after the outcomes")
    entries: list[int] = []
    for _ in range(profiles):
        tokens.skip_commas()
        if tokens.kind == END:
            raise tokens.unexpected("the number of an outcome", f"{len(entries):,} of {profiles:,} were read.")
        start, stop = tokens.start, tokens.stop
        number = tokens.index("the number of an outcome")
        if not 0 <= number <= len(outcomes):
            message = f"there is no outcome {number}; the list has {len(outcomes)}."
            raise tokens.source.wrong("G302", message, start, stop - start, "Outcomes are counted from 1; 0 is none.")
        entries.append(number - 1 if number else NONE)
    return tuple(outcomes), tuple(entries)


def _outcome(tokens: Tokens, players: int, number: int) -> FileOutcome:
    """One outcome: a name and then payoffs in the same braces."""
    place = tokens.start
    tokens.mark(OPEN, "{")
    label = tokens.label('the name of an outcome in quotes, such as ""')
    row: list[Fraction] = []
    tokens.skip_commas()
    while tokens.kind not in (CLOSE, END) and len(row) <= players:
        row.append(tokens.number("a payoff"))
        tokens.skip_commas()
    if len(row) != players:
        message = f"{len(row)} payoffs for {players} players."
        raise tokens.source.wrong("G207", message, place, tokens.stop - place, "Give one payoff for each player.")
    tokens.mark(CLOSE, "} after the payoffs")
    return FileOutcome(number, label, tuple(row))
