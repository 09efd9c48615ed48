"""The variables of a block of rounds: as the block calls them, and once per round for the whole game."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from detente.case import schema
from detente.case.declare_moves import declare_move
from detente.case.declared import BEFORE_ALL, SKIPPED, Names, Rounds, Shelf, Variable
from detente.case.findings import Findings, quoted
from detente.case.names import PREVIOUS, advice
from detente.case.sections import RawBlock, RawMove
from detente.case.syntax import Word

MAX_ROUNDS = 12
MAX_ROUND_ENTRIES = 60


def declare_rounds(names: Names, raw: RawBlock, position: int, findings: Findings) -> int:
    """Declare the variables of a block of rounds, as the block calls them and once per round.

    Returns:
        The place in the timeline behind the block.
    """
    if names.rounds is not None:
        hint = "Put what is repeated into one block; the timeline goes on behind it."
        findings.error("C052", "a second block of rounds", raw.head.span, hint)
        for entry in raw.entries:
            names.broken.update(str(word) for word in _names_of(entry))
        return position
    number = _number_of_rounds(raw, findings)
    if number is None:
        names.unreadable.add("timeline")  # names of rounds that are not there are no further errors
        number = 1
    shelf = Shelf()
    for place, entry in enumerate(raw.entries):
        declare_move(names, shelf, entry, place, findings)
    own = tuple(shelf.variables.values())
    carry = _carry(names, raw, shelf, findings)
    _declare_previous(shelf, carry)
    if raw.head.name is not None:
        names.take(raw.head.name, "block of rounds")
    block = Rounds(str(raw.head.name or "rounds"), number, position, raw.entries, shelf, carry, shelf.may_end)
    names.rounds = block
    for round in range(1, number + 1):
        for item in own:
            _copied(names, block, item, round)
        names.game.may_end |= shelf.may_end
    return block.stop


def _declare_previous(shelf: Shelf, carry: Mapping[str, str | None]) -> None:
    """Declare ``previous.x`` for what is carried, and the votes that are carried as a whole."""
    votes = {ballot: vote for vote, ballots in shelf.ballots.items() for ballot in ballots}
    for name, first in carry.items():
        shelf.variables[f"{PREVIOUS}.{name}"] = _previous(shelf.variables[name], first)
        if name in votes:
            vote = f"{PREVIOUS}.{votes[name]}"
            shelf.ballots[vote] = (*shelf.ballots.get(vote, ()), f"{PREVIOUS}.{name}")


def _names_of(entry: RawMove) -> tuple[Word, ...]:
    if isinstance(entry, schema.RawDecision):
        return (entry.decision,)
    return (entry.event,) if isinstance(entry, schema.RawEvent) else ()


def _number_of_rounds(raw: RawBlock, findings: Findings) -> int | None:
    """How many rounds there are, or None after noting why that cannot be."""
    word = raw.head.rounds
    number = float(word)
    if number != int(number) or not 1 <= number <= MAX_ROUNDS:
        hint = f"Write a whole number from 1 to {MAX_ROUNDS}; a game grows with every round."
        findings.error("C050", f"{word} is not a number of rounds", word.span, hint)
        return None
    if not raw.entries:
        hint = "List the decisions, events and reveals of one round under `block:`."
        findings.error("C050", "the block of rounds is empty", word.span, hint)
    entries = int(number) * len(raw.entries)
    if entries > MAX_ROUND_ENTRIES:
        hint = "Take fewer rounds, or a smaller block."
        message = f"{word} rounds of {len(raw.entries)} entries make {entries}; at most {MAX_ROUND_ENTRIES} are allowed"
        findings.error("C053", message, word.span, hint)
        return None
    return int(number)


def _carry(names: Names, raw: RawBlock, shelf: Shelf, findings: Findings) -> dict[str, str | None]:
    """Variable -> what the first round finds, for what is passed on."""
    listed = raw.head.carry or []
    found: dict[str, str | None] = {}
    for word in listed:
        variables = [shelf.variables[name] for name in shelf.expand(word)]
        if not variables and not names.forgives(word):
            legal = [*(name for name, item in shelf.variables.items() if item.ballot is None), *shelf.ballots]
            hint = advice(word, legal, "variables of the block")
            findings.error("C051", f"{quoted(word)} is not set in this block, so it cannot be carried", word.span, hint)
            names.unreadable.add("timeline")
        first = listed[word] if isinstance(listed, dict) else None
        for item in variables:
            if item.name in found:
                findings.error("C051", f"'{word}' is carried twice", word.span, "List each variable once.")
            label = None if first is None or first == SKIPPED else first
            sound = label is not None and names.label(label, item, (SKIPPED,))
            found[item.name] = str(label) if sound else None
    return found


def _previous(item: Variable, first: str | None) -> Variable:
    skippable = item.skippable or first is None
    name = f"{PREVIOUS}.{item.name}"
    return replace(item, name=name, position=BEFORE_ALL, skippable=skippable, cut=False, ballot=None)


def _copied(names: Names, block: Rounds, item: Variable, round: int) -> None:
    """Add the variable that one of the block is in a round."""
    game, name = names.game, block.copy(item, round)
    if not item.labels:
        names.broken.add(name)
    position = block.start + (round - 1) * len(block.entries) + item.position
    ballot = None if item.ballot is None else f"{item.ballot}.{round}"
    cut = item.cut or game.may_end
    game.variables[name] = replace(item, name=name, position=position, cut=cut, ballot=ballot)
    if ballot is not None:
        game.ballots[ballot] = (*game.ballots.get(ballot, ()), name)
