"""What a case declares: actors, variables with their labels, parameters. One name space for all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from detente.case.findings import Findings, quoted
from detente.case.names import NAME, PREVIOUS, RESERVED, ROUND_WORDS, advice
from detente.case.sections import RawMove
from detente.case.span import Span
from detente.case.syntax import Word

SKIPPED = "none"
BEFORE_ALL = -1


@dataclass(frozen=True)
class Variable:
    """Something a history gives a label to.

    Attributes:
        name: Its name.
        kind: What sets it.
        actor: Who knows the type or takes the decision; None for events.
        labels: Labels it can take; empty if its declaration could not be read.
        position: Place in the timeline, ``BEFORE_ALL`` for types; votes cast together share one.
        skippable: Whether it can be skipped while the game goes on.
        cut: Whether the game can end before it, so that afterwards it counts as skipped.
        items: Items of a portfolio.
        contents: For a portfolio, the items in each label.
        ballot: Name of the vote it belongs to.
    """

    name: str
    kind: Literal["type", "decision", "event"]
    actor: str | None
    labels: tuple[str, ...]
    position: int
    skippable: bool
    cut: bool
    span: Span
    items: tuple[str, ...] = ()
    contents: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    ballot: str | None = None


@dataclass
class Shelf:
    """Variables and votes: those of the whole game, or those of one round as its block writes them.

    Attributes:
        variables: Name -> variable, in the order of the timeline.
        ballots: Vote -> the variables it stands for.
        may_end: Whether the game can end before what is declared next.
    """

    variables: dict[str, Variable] = field(default_factory=dict[str, Variable])
    ballots: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    may_end: bool = False

    def expand(self, name: str) -> tuple[str, ...]:
        """The variables a name stands for: a vote stands for its ballots."""
        return (name,) if name in self.variables else self.ballots.get(name, ())


@dataclass(frozen=True)
class Rounds:
    """A block of rounds as declared.

    Attributes:
        name: Its name.
        number: How often it is played.
        start: Place of its first entry in the timeline, once that is written out.
        entries: The entries of one round.
        shelf: Variables of one round as the block calls them, ``previous.x`` among them.
        carry: Variable -> its label in round 1, None for skipped.
        ends: Whether the block can end the game.
    """

    name: str
    number: int
    start: int
    entries: tuple[RawMove, ...]
    shelf: Shelf
    carry: Mapping[str, str | None]
    ends: bool

    @property
    def stop(self) -> int:
        """Place of the first entry behind it."""
        return self.start + self.number * len(self.entries)

    @property
    def own(self) -> tuple[Variable, ...]:
        """The variables that each round sets."""
        return tuple(item for item in self.shelf.variables.values() if item.position > BEFORE_ALL)

    def copy(self, variable: Variable, round: int) -> str:
        """What a variable of the block is called in a round."""
        if variable.ballot is not None and variable.actor is not None:
            return f"{variable.ballot}.{round}.{variable.actor}"
        return f"{variable.name}.{round}"

    def sets(self, name: str) -> bool:
        """Whether a name is that of a variable or vote of the block."""
        return any(self.shelf.variables[item].position > BEFORE_ALL for item in self.shelf.expand(name))

    def of_one_round(self, name: str) -> bool:
        """Whether a name is that of a variable or vote of the block in one round, such as ``move.2``."""
        base, _, number = name.rpartition(".")
        voter = number if not number.isdigit() else ""
        base = base.rpartition(".")[0] if voter else base
        return self.sets(f"{base}.{voter}" if voter else base)

    def copies(self, name: str) -> list[tuple[int, str]]:
        """Per round, the name of each variable that a name of the block stands for."""
        return [(round, copy) for round in range(1, self.number + 1) for copy in self.in_round(name, round)]

    def in_round(self, name: str, round: int) -> tuple[str, ...]:
        """The variables of the game that a name means inside a round; ``previous.x`` means none in round 1."""
        before = name.startswith(f"{PREVIOUS}.")
        own = name.removeprefix(f"{PREVIOUS}.")
        if not self.sets(own):
            return ()
        number = round - 1 if before else round
        return tuple(self.copy(self.shelf.variables[item], number) for item in self.shelf.expand(own) if number > 0)


class Names:
    """Everything a case declares, with one name space for all of it."""

    def __init__(self, findings: Findings):
        self._findings = findings
        self._taken: dict[str, tuple[str, Span]] = {}
        self.actors: dict[str, str] = {}
        self.game = Shelf()
        self.rounds: Rounds | None = None
        self.has_rounds = False
        self.scalars: set[str] = set()
        self.tables: dict[str, Word] = {}
        self.broken: set[str] = set()
        self.unreadable: set[str] = set()

    @property
    def variables(self) -> dict[str, Variable]:
        """Every variable of the game; those of rounds once per round."""
        return self.game.variables

    @property
    def ballots(self) -> dict[str, tuple[str, ...]]:
        """Vote -> the variables it stands for."""
        return self.game.ballots

    def take(self, word: Word, kind: str) -> bool:
        """Claim a name. False, with an error noted, if it cannot be had."""
        if not self.legal(word, kind):
            return False
        known = self._taken.get(word)
        if known is None:
            self._taken[str(word)] = (kind, word.span)
            return True
        if known[0] == kind == "label":
            return True
        message = f"the name '{word}' is already taken by the {known[0]} declared in line {known[1].line}"
        hint = "Actors, variables, parameters and labels share one name space: rename one of the two."
        self._findings.error("C011", message, word.span, hint)
        return False

    def legal(self, word: Word, kind: str) -> bool:
        """Whether a word can be a name at all; notes an error if not."""
        if not NAME.match(word) or word.startswith("__"):
            hint = "Names are letters, digits and '_', start with a letter, and have at most 64 characters."
            fixed = re.sub(r"[^A-Za-z0-9_]+", "_", word.strip())[:64].strip("_")
            if NAME.match(fixed) and fixed not in RESERVED:
                hint += f" '{fixed}' would do."
            self._findings.error("C009", f"{quoted(word)} cannot be the name of a {kind}", word.span, hint)
            return False
        if word in RESERVED or (self.has_rounds and word in ROUND_WORDS):
            message = f"'{word}' is a word of the case language and cannot be the name of a {kind}"
            self._findings.error("C010", message, word.span, f"Choose another name, such as '{word}_'.")
            return False
        return True

    def forgives(self, name: str) -> bool:
        """Whether an unknown name only follows from another error: its entry or section could not be read."""
        return name in self.broken or bool(self.unreadable)

    def expand(self, name: str) -> tuple[str, ...]:
        """The variables a name stands for: a vote for its ballots, a variable of the block for all rounds."""
        if self.rounds is not None and self.rounds.sets(name):
            return tuple(copy for _, copy in self.rounds.copies(name))
        return self.game.expand(name)

    def indexing(self, word: Word) -> Variable | None:
        """The variable whose labels index a table, or None after noting that there is none."""
        if self.rounds is not None and word in self.rounds.shelf.variables and self.rounds.sets(word):
            return self.rounds.shelf.variables[str(word)]
        return self.variable(word)

    def can_be_none(self, variable: Variable) -> bool:
        """Whether a table indexed by a variable may need a row for its being skipped, or not carried over."""
        if variable.skippable or self.rounds is None:
            return variable.skippable
        return variable.name in self.rounds.carry and self.rounds.carry[variable.name] is None

    def variable(self, word: Word, what: str = "variables", among: Iterable[str] | None = None) -> Variable | None:
        """The variable of a name, or None after noting that there is none."""
        legal = list(self.variables if among is None else among)
        if word in self.variables and word in legal:
            return self.variables[word]
        if not self.forgives(word):
            problem = "cannot be used here" if word in self.variables else "is not declared"
            message = f"the variable {quoted(word)} {problem}"
            self._findings.error("C013", message, word.span, advice(word, legal, what))
        return None

    def actor(self, word: Word) -> bool:
        """Whether a word names an actor; notes an error if not."""
        if word in self.actors:
            return True
        if not self.forgives(word):
            message = f"no actor is named {quoted(word)}"
            self._findings.error("C012", message, word.span, advice(word, self.actors, "actors"))
        return False

    def audience(self, words: Iterable[Word] | None, default: frozenset[str]) -> frozenset[str]:
        """The actors meant by a list of actors, `all` or `none`."""
        if words is None:
            return default
        listed = list(words)
        if [str(word) for word in listed] == ["all"]:
            return frozenset(self.actors)
        if [str(word) for word in listed] == [SKIPPED]:
            return frozenset()
        found: set[str] = set()
        for word in listed:
            if word in ("all", SKIPPED):
                message = f"'{word}' stands alone, not in a list of actors"
                self._findings.error("C012", message, word.span, "List the actors, or write `all` or `none`.")
            elif self.actor(word):
                found.add(str(word))
        return frozenset(found)

    def label(self, word: Word, variable: Variable, extra: Iterable[str] = ()) -> bool:
        """Whether a word is a label of a variable; notes an error if not."""
        legal = (*variable.labels, *extra)
        if word in legal or not variable.labels:
            return True
        message = f"{quoted(word)} is not a label of '{variable.name}'"
        self._findings.error("C014", message, word.span, advice(word, legal, "labels"))
        return False
