"""Worded judgments: a likelihood in the words of ICD 203, and confidence in a sentence of its own.

Confidence is the lowest of up to four grades, each found by a rule:

- the 5-95 % band of the likeliest type is at most 0.2 wide (high), at most 0.4 (moderate), or wider (low);
- the origin that says most (a group, or an item that stands alone) holds at most a third of all information (high), at
  most two thirds (moderate), or more (low);
- the mean weight of the sources, by information, is at least 0.7 (high), at least 0.5 (moderate), or less (low);
- with moves: the effective draws are at least half of all (high), at least a tenth (moderate), or fewer (low).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from detente.study.icd import LADDER
from detente.study.results_assess import AssessedItem, Statement, TypeBand

LEVELS = ("low", "moderate", "high")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
UNLIKELY = 0.45
"""A likeliest type at or below this is not likely by itself."""


@dataclass(frozen=True)
class _Grade:
    level: int
    reason: str


def word(probability: float) -> str:
    """The word of ICD 203 for a probability; the ends of the scale count for what lies beyond them."""
    return next(words for top, words in LADDER if probability <= top)


def it_is(probability: float) -> str:
    """The same as the start of a sentence that goes on with "that ..."."""
    words = word(probability)
    if words == "almost no chance":
        return "there is almost no chance"
    if words == "roughly even chance":
        return "there is a roughly even chance"
    return f"it is {words}"


def long_day(day: date) -> str:
    """A day as it is written in a sentence."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def statement(
    day: date,
    bands: Mapping[str, TypeBand],
    subject: str,
    titles: Mapping[str, str],
    items: Sequence[AssessedItem],
    effective: float | None,
) -> Statement:
    """The judgment for a day.

    Args:
        day: The day.
        bands: How likely each label is.
        subject: What is judged, such as ``Russia's aim``.
        titles: Label -> what it is called.
        items: The items reported by then.
        effective: Effective draws as a share of all; None without moves.
    """
    label = max(bands, key=lambda name: bands[name].point)
    band = bands[label]
    grades = _grades(band, items, effective)
    level = min(grade.level for grade in grades)
    reasons = [grade.reason for grade in grades if grade.level == level]
    whose = f"{subject} is “{titles[label]}”"
    return Statement(
        date=day.isoformat(),
        likelihood=_likelihood(day, whose, band),
        confidence=f"Confidence in this judgment is {LEVELS[level]}.",
        why=f"{'It is held back by' if level < 2 else 'It rests on'} {_listed(reasons)}.",
        level=LEVELS[level],
        label=label,
    )


def _likelihood(day: date, whose: str, band: TypeBand) -> str:
    low, high = word(band.p05), word(band.p95)
    reach = f"which stays within {low}" if low == high else f"which reaches from {low} to {high}"
    numbers = f"{_percent(band.point)}; 5-95 % band {_percent(band.p05)} to {_percent(band.p95)}, {reach}"
    start = f"As of {long_day(day)}, on what had been reported by then,"
    if band.point <= UNLIKELY:
        return f"{start} {it_is(band.point)}, though likelier than any other answer, that {whose} ({numbers})."
    return f"{start} {it_is(band.point)} that {whose} ({numbers})."


def _grades(band: TypeBand, items: Sequence[AssessedItem], effective: float | None) -> list[_Grade]:
    width = band.p95 - band.p05
    found = [_Grade(_upto(width, 0.2, 0.4), f"a 5-95 % band that is {round(100 * width)} percentage points wide")]
    told = _by_origin(items)
    total = sum(told.values())
    if total <= 0:
        return [*found, _Grade(0, "the lack of any item that tells the answers apart")]
    share = max(told.values()) / total
    origin = "a single origin" if len(told) == 1 else "the origin that says most"
    found.append(_Grade(_upto(share, 1 / 3, 2 / 3), f"{origin}, with {round(100 * share)} % of the information"))
    bits = sum(item.diagnosticity for item in items)
    weight = sum(item.diagnosticity * item.r for item in items) / bits
    found.append(_Grade(_upto(-weight, -0.7, -0.5), f"sources that count for {weight:.2f} of full weight on average"))
    if effective is not None:
        reason = f"draws of the game of which {round(100 * effective)} % still count after the moves"
        found.append(_Grade(_upto(-effective, -0.5, -0.1), reason))
    return found


def _by_origin(items: Sequence[AssessedItem]) -> dict[str, float]:
    """Bits that each origin says."""
    told: dict[str, float] = {}
    for item in items:
        origin = f"group {item.group}" if item.group else f"item {item.id}"
        if item.diagnosticity > 0:
            # Reports of one origin repeat one another: the one that says most stands for all.
            told[origin] = max(told.get(origin, 0.0), item.diagnosticity)
    return told


def _upto(value: float, high: float, moderate: float) -> int:
    return 2 if value <= high else 1 if value <= moderate else 0


def _percent(share: float) -> str:
    percent = 100 * share
    if 99.95 <= percent < 100 or 0 < percent < 0.05:
        return ">99.9 %" if percent > 50 else "<0.1 %"
    if percent < 1 or percent > 99:
        return f"{percent:.1f} %" if 0 < percent < 100 else f"{percent:.0f} %"
    return f"{percent:.0f} %"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
