"""What a comparison comes to, in one sentence of likelihood and a separate one of confidence (ICD 203)."""

from __future__ import annotations

from collections.abc import Sequence

from detente.case import Case, Parameter
from detente.ensemble import has_range
from detente.study.icd import it_is

LEVELS = ("low", "moderate", "high")


def quoted(name: str) -> str:
    """A posture's name as words in quotation marks."""
    return f"“{name.replace('_', ' ')}”"


def the(name: str) -> str:
    """An actor's name with its article where English wants one."""
    return f"the {name}" if name.startswith("United ") or name.endswith(" States") else name


def statement(
    case: Case,
    owner: str,
    leading: Sequence[str],
    count: int,
    share: float,
    tied: float,
    given: str | None = None,
) -> str:
    """The answer in one sentence.

    Args:
        case: The case.
        owner: Whose postures they are.
        leading: The leading posture, with those that lead together with it.
        count: How many postures were compared.
        share: Share of certified worlds in which it is best, alone or tied.
        tied: Share of certified worlds in which it is best but not alone.
        given: Last day of the reports that were taken as known; None if none were.
    """
    start = "Under the stated ranges" if not given else f"Under the stated ranges and what had been reported by {given}"
    who = the(case.actor(owner).name)
    what = " or ".join(quoted(name) for name in leading)
    words = f"that {what} is the best for {who} of the {count} postures compared"
    if share >= 1.0:
        text = f"{start}, {what} is the best for {who} of the {count} postures compared " + ("in every world tried")
    elif share <= 0.0:
        text = f"{start}, no posture could be said to be the best for {who}"
    else:
        counted = "of the worlds tried" if not given else "of the worlds tried, by how well they explain it"
        text = f"{start}{',' if given else ''} {it_is(share)} {words} ({percent(share)} {counted})"
    if tied > 0 and len(leading) == 1:
        text += f"; in {percent(tied)} of worlds another does as well"
    return text + "."


def percent(share: float) -> str:
    """A share as a percentage that is never rounded to 0 or 100."""
    if 0 < share < 0.01:
        return "less than 1 %"
    if 0.99 < share < 1:
        return "more than 99 %"
    return f"{100 * share:.0f} %"


def confidence(case: Case, turning: Sequence[str], selection_sensitive: bool, uncertified: float) -> tuple[str, str]:
    """How much the ranges themselves can be trusted: a level and a sentence about it.

    Args:
        case: The case.
        turning: Parameters the answer turns on; if none does, all that have a range count.
        selection_sensitive: Whether another equilibrium would change the answer.
        uncertified: Share of worlds left out.
    """
    counted = [case.parameter(name) for name in dict.fromkeys(turning)]
    every = counted or [item for item in case.parameters if has_range(item)]
    low = sum(item.confidence in (None, "low") for item in every)
    level = _level(every, low)
    reasons: list[str] = []
    if counted:
        reasons.append(
            f"the answer turns on {_count(len(every), 'parameter')}, of which {low} {_are(low)} of low confidence"
        )
    elif every:
        reasons.append(
            f"no single parameter changes the answer within its range, and {low} of {len(every)} are of low confidence"
        )
    if selection_sensitive:
        level = max(0, level - 1)
        reasons.append("another equilibrium of the same game would change it")
    if uncertified > 0.005:
        level = max(0, level - 1)
        reasons.append(f"{percent(uncertified)} of worlds could not be certified")
    why = "; ".join(reasons) or "nothing in the case is uncertain"
    return LEVELS[level], f"Confidence in this is {LEVELS[level]}: {why}."


def _level(every: Sequence[Parameter], low: int) -> int:
    if not every:
        return 2
    share = low / len(every)
    high = sum(item.confidence == "high" for item in every) / len(every)
    if share >= 0.5:
        return 0
    return 2 if low == 0 and high >= 0.5 else 1


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
