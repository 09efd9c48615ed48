"""How names and numbers are said to a reader: one place for wording shared by terminal, charts and page."""

from __future__ import annotations

import math
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.case import Case

NO_NUMBER = "–"

_TABLE_ENTRY = re.compile(r"^(?P<table>[^\[\]]+)\[(?P<label>[^\[\]]+)\]$")
_IN_ROUND = re.compile(r"^(?P<name>.+?)\.(?P<round>\d+)(?P<rest>\..+)?$")
_KEPT_CONTROLS = "\n\t"
_WITH_ARTICLE = {"states", "union", "kingdom", "republic", "federation", "emirates", "allies", "alliance"}


def clean(text: str) -> str:
    """Text from a case file without control characters.

    Escape sequences and direction overrides could make a terminal or a page show something other
    than what the file says.
    """
    return "".join(
        " " if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and char not in _KEPT_CONTROLS else char
        for char in text
    )


def one_line(text: str) -> str:
    """The text with all runs of white space made single spaces."""
    return " ".join(clean(text).split())


def sentence(text: str) -> str:
    """The text on one line, capitalized, with a full stop if it ends without one."""
    text = one_line(text)
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?:;" else text + "."


def capital(text: str) -> str:
    """The text with its first character in upper case."""
    return text[:1].upper() + text[1:]


def uncapital(text: str) -> str:
    """The text with its first character in lower case, unless it begins with an abbreviation."""
    return text if text[1:2].isupper() or text[1:2] == " " else text[:1].lower() + text[1:]


def wrap(text: str, width: int, lines: int | None = None) -> list[str]:
    """The text in lines of at most `width` characters; cut with an ellipsis after `lines` of them."""
    if lines is None:
        return textwrap.wrap(one_line(text), max(8, width)) or [""]
    return textwrap.wrap(one_line(text), max(8, width), max_lines=lines, placeholder=" …") or [""]


def cut(text: str, room: int) -> str:
    """The text, or as much of it as fits in `room` characters with an ellipsis."""
    text = one_line(text)
    return text if len(text) <= room else text[: max(1, room - 1)].rstrip() + "…"


def listed(items: Iterable[str], joiner: str = "and") -> str:
    """Items as a phrase: ``a``, ``a and b``, ``a, b and c``."""
    names = list(items)
    if len(names) <= 1:
        return "".join(names)
    return f"{', '.join(names[:-1])} {joiner} {names[-1]}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """``1 world``, ``1,000 worlds``."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


ROUNDING = 1e-14
"""What is closer to nothing is what arithmetic left of nothing."""


def number(value: float, digits: int = 3) -> str:
    """A value to `digits` significant digits, without an exponent where that stays short."""
    if value is None or math.isnan(value):
        return NO_NUMBER
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if abs(value) < ROUNDING:
        return "0"
    size = math.floor(math.log10(abs(value)))
    if size < -4 or size > 6:
        shown = f"{value:.{digits - 1}e}"
    else:
        shown = f"{value:,.{max(0, digits - 1 - size)}f}"
        if "." in shown:
            shown = shown.rstrip("0").rstrip(".")
        if float(shown.replace(",", "")) == 0:
            shown = "0"
    return shown.replace("-", "−")


def level(value: float) -> str:
    """A payoff for a table column: always two decimals, so that digits line up."""
    if value is None or math.isnan(value):
        return NO_NUMBER
    shown = f"{value:,.2f}"
    return "0.00" if shown == "-0.00" else shown.replace("-", "−")


def percent(share: float) -> str:
    """A share as a percentage; only an exact 0 or 1 is shown as 0 % or 100 %."""
    if share is None or math.isnan(share):
        return NO_NUMBER
    if share <= 0:
        return "0 %"
    if share >= 1:
        return "100 %"
    if share < 0.005:
        return "<1 %"
    if share > 0.995:
        return ">99 %"
    return f"{100 * share:.0f} %"


MARKS = {
    "selection": "the change comes from a switch between several equilibria",
    "uncertified": "near it some worlds could not be certified",
}


def mark(reason: str) -> str:
    """Why a tipping point is not to be read as a plain one."""
    return MARKS.get(reason, one_line(reason))


def percent_range(low: float, high: float) -> str:
    """Two shares as ``20–45 %``."""
    if percent(low) == percent(high):
        return percent(low)
    return f"{percent(low).removesuffix(' %')}–{percent(high)}"


def tiny(value: float) -> str:
    """A residual: ``0`` or one digit with its power of ten, such as ``3e-11``."""
    if value is None or math.isnan(value):
        return "not available"
    return "0" if value == 0 else f"{value:.0e}"


def plain(name: str) -> str:
    """A name of the case language in words: ``telegraph_limits`` becomes ``telegraph limits``.

    A name that belongs to a round says which: ``move.2`` becomes ``move in round 2``.
    """
    name = one_line(name)
    entry = _TABLE_ENTRY.match(name)
    if entry:
        return f"{plain(entry['table'])}: {plain(entry['label'])}"
    repeated = _IN_ROUND.match(name)
    if repeated:
        return f"{plain(repeated['name'])} in round {repeated['round']}"
    return name.replace("_", " ").replace("+", " + ")


def with_article(name: str) -> str:
    """A country's name as it stands inside a sentence, as far as its words show it needs an article."""
    name = one_line(name)
    first, last = name.split(" ")[0].lower(), name.split(" ")[-1].lower()
    needs = first in {"united", "netherlands", "philippines", "european"} or last in _WITH_ARTICLE
    return f"the {name}" if needs else name


def possessive(name: str) -> str:
    """``Russia's``, ``United States'``."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


@dataclass(frozen=True)
class Words:
    """What the names of one case are called when a person reads them.

    Attributes:
        actors: Actor id to name.
        about: Parameter name to what it stands for; empty if the case is not at hand.
    """

    actors: Mapping[str, str] = field(default_factory=dict[str, str])
    about: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(cls, case: Case) -> Words:
        """The words of a case."""
        return cls(
            {actor.id: one_line(actor.name) for actor in case.actors},
            {item.name: one_line(item.about) for item in case.parameters if item.about},
        )

    def actor(self, id: str) -> str:
        """Name of an actor."""
        return one_line(self.actors.get(id, id))

    def the(self, id: str) -> str:
        """Name of an actor inside a sentence: ``the United States``, ``Russia``."""
        return with_article(self.actor(id))

    def posture(self, name: str) -> str:
        """Name of a posture, as the start of a label."""
        return capital(plain(name))

    def tied(self, names: str | Sequence[str]) -> str:
        """Postures that are best together, ``A = B``; a string of comma-separated names is split first."""
        items = [item.strip() for item in names.split(",")] if isinstance(names, str) else names
        return " = ".join(self.posture(item) for item in items if item)

    def outcome(self, name: str) -> str:
        """Name of an outcome, as the start of a label."""
        return capital(plain(name))

    def label(self, name: str) -> str:
        """A label of a variable."""
        return plain(name)

    def variable(self, name: str) -> str:
        """A variable: ``RUS.aim`` becomes ``Russia's aim``, ``move.2`` ``move in round 2``."""
        repeated = _IN_ROUND.match(name)
        if repeated:  # vote.2.DEU is Germany's ballot of round 2
            return f"{self.variable(repeated['name'] + (repeated['rest'] or ''))} in round {repeated['round']}"
        first, dot, rest = name.partition(".")
        if not dot:
            return plain(name)
        if first == "previous":
            return f"{self.variable(rest)} in the round before"
        if first in self.actors:
            return f"{possessive(self.the(first))} {plain(rest)}"
        return f"{plain(first)} of {self.actor(rest)}"

    def situation(self, seen: Sequence[tuple[str, str]]) -> str:
        """What somebody has seen, as a phrase; what was seen of one round is said together.

        Args:
            seen: (variable, label) pairs in the order in which they were seen. In a round, what did not take
                place is left out, since the rest of the round tells as much.
        """
        rounds: dict[str, list[str]] = {}
        for name, label in seen:
            repeated = _IN_ROUND.match(name)
            number = repeated["round"] if repeated else ""
            said = rounds.setdefault(number, [])
            if repeated and label == "none":
                continue
            own = repeated["name"] + (repeated["rest"] or "") if repeated else name
            said.append(f"{self.variable(own)} is “{self.label(label)}”")
        parts = [
            f"{f'in round {number} ' if number else ''}{', '.join(said) or 'nothing happened'}"
            for number, said in rounds.items()
        ]
        return "; ".join(parts)

    def parameter(self, name: str) -> str:
        """Short name of a parameter: ``prize_rus`` becomes ``Prize (Russia)``."""
        if len(name) <= 2:
            return name
        ids = {id.lower(): id for id in self.actors}
        entry = _TABLE_ENTRY.match(name)
        stem = entry["table"] if entry else name
        parts = stem.split("_")
        who = [self.actor(ids[part.lower()]) for part in parts if part.lower() in ids]
        kept = [part for part in parts if part.lower() not in ids]
        if not kept:
            return capital(plain(name))
        shown = " ".join(kept)
        if entry:
            shown = f"{shown}: {plain(entry['label'])}"
        return capital(one_line(shown)) + (f" ({listed(who)})" if who else "")

    def parameter_long(self, name: str) -> str:
        """What a parameter stands for, or its short name if the case does not say."""
        return capital(self.about.get(name, "")) or self.parameter(name)
