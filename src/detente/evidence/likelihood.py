"""How likely an item is under one type: a number, a range, a word of ICD 203, or a mark of the matrix scale.

Every form becomes a range with a middle. The tables are public, so that a reader can see what a word was taken for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from detente.errors import RequestError


@dataclass(frozen=True)
class Likelihood:
    """Probability of an item given one type, as a range with a middle.

    Attributes:
        low: Lower end, above 0.
        high: Upper end, at most 1.
        point: The value used where one number is needed, inside the range.
    """

    low: float
    high: float
    point: float


WORDS = MappingProxyType(
    {
        "almost no chance": (0.01, 0.05),
        "remote": (0.01, 0.05),
        "very unlikely": (0.05, 0.20),
        "highly improbable": (0.05, 0.20),
        "unlikely": (0.20, 0.45),
        "improbable": (0.20, 0.45),
        "roughly even chance": (0.45, 0.55),
        "roughly even odds": (0.45, 0.55),
        "likely": (0.55, 0.80),
        "probable": (0.55, 0.80),
        "very likely": (0.80, 0.95),
        "highly probable": (0.80, 0.95),
        "almost certain": (0.95, 0.99),
        "nearly certain": (0.95, 0.99),
    }
)
"""Word -> range: Intelligence Community Directive 203 (2015), section D.6.e, both rows of its table."""

MARKS = MappingProxyType(
    {"++": (0.80, 0.95), "+": (0.55, 0.80), "0": (0.5, 0.5), "-": (0.20, 0.45), "--": (0.05, 0.20)}
)
"""Mark of the matrix scale -> range: `++` very likely, `+` likely, `-` unlikely, `--` very unlikely.

`0` is the number 0.5, neither likely nor unlikely: a row of zeros says nothing and widens no bound.
"""

_NUMBER = r"(\d*\.?\d+(?:e[+-]?\d+)?)"
_RANGE = re.compile(rf"^{_NUMBER}\s*(%?)\s*(?:-|–|\.\.|to)\s*{_NUMBER}\s*(%?)$")


def read_likelihood(value: float | str | Sequence[float] | Likelihood) -> Likelihood:
    """A likelihood from any of its forms.

    Args:
        value: A number above 0 and at most 1; a pair (low, high); a word of `WORDS`; a mark of `MARKS`; or text that
            holds a number or a range: ``"0.3"``, ``"30%"``, ``"0.2-0.4"``, ``"20-40%"``. The text ``"0"`` is the mark.

    Returns:
        The range; its point is the middle of the range.

    Raises:
        RequestError: The value has none of these forms, or is not a probability above 0.
    """
    if isinstance(value, Likelihood):
        return _checked(value.low, value.high, value.point, value)
    if isinstance(value, str):
        return _from_text(value)
    if isinstance(value, (int, float)):
        return _checked(float(value), float(value), float(value), value)
    ends = [float(end) for end in value]
    if len(ends) != 2:
        raise RequestError(f"a range of likelihoods is a pair (low, high), not {list(value)}")
    return _checked(ends[0], ends[1], (ends[0] + ends[1]) / 2, value)


def _from_text(text: str) -> Likelihood:
    plain = " ".join(text.strip().lower().replace("\N{MINUS SIGN}", "-").split())
    ends = MARKS.get(plain) or WORDS.get(plain) or _ends(plain)
    if ends is None:
        raise RequestError(
            f"{text!r} is not a likelihood; write a number above 0 and at most 1, a range such as 0.2-0.4, one of the "
            f"marks {' '.join(MARKS)}, or a word of ICD 203: {', '.join(WORDS)}"
        )
    return _checked(*ends, (ends[0] + ends[1]) / 2, text)


def _ends(plain: str) -> tuple[float, float] | None:
    match = _RANGE.match(plain)
    try:
        if match:
            low, first, high, last = match.groups()
            percent = bool(first or last)
            return float(low) / (100 if percent else 1), float(high) / (100 if percent else 1)
        number = float(plain[:-1]) / 100 if plain.endswith("%") else float(plain)
        return number, number
    except ValueError:
        return None


def _checked(low: float, high: float, point: float, given: object) -> Likelihood:
    if not all(math.isfinite(end) for end in (low, high, point)) or low > high or high > 1:
        raise RequestError(f"the likelihood {given!r} is not a probability or a range (low, high) of probabilities")
    if low <= 0:
        raise RequestError(
            f"the likelihood {given!r} reaches 0, which would rule a type out for good whatever else is learned; "
            "say how unlikely it is, such as 0.01"
        )
    if not low <= point <= high:
        raise RequestError(f"the point {point} of the likelihood {given!r} is outside its range")
    return Likelihood(low, high, point)
