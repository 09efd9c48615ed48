"""How much a report counts: the Admiralty grades of source and information as one number r in [0, 1].

r is the square root of the product of two weights, rounded to two digits: r is 1 for A1, 0.6 for C3 and 0.2 for E5.
`F` (reliability cannot be judged) and `6` (truth cannot be judged) are not low grades: they take a stated default.
"""

from __future__ import annotations

import math
from types import MappingProxyType

import numpy as np

from detente.axes import Floats
from detente.errors import RequestError

SOURCE = MappingProxyType({"A": 1.0, "B": 0.8, "C": 0.6, "D": 0.4, "E": 0.2})
"""Weight of a source: completely, usually, fairly, not usually reliable, unreliable."""

INFORMATION = MappingProxyType({"1": 1.0, "2": 0.8, "3": 0.6, "4": 0.4, "5": 0.2})
"""Weight of the information: confirmed, probably true, possibly true, doubtful, improbable."""

CANNOT_BE_JUDGED = 0.5
"""Weight of `F` and of `6` unless another is asked for."""

LETTERS = (*SOURCE, "F")
DIGITS = (*INFORMATION, "6")


def reliability(source: str, information: str | int, *, unjudged: float = CANNOT_BE_JUDGED) -> float:
    """The exponent of a likelihood ratio, from the two grades of a report.

    Args:
        source: Reliability of the source, A to F.
        information: Credibility of the information, 1 to 6.
        unjudged: Weight of F and of 6, in [0, 1].

    Returns:
        r in [0, 1]: 1 takes the report at its word, 0 leaves it out.

    Raises:
        RequestError: A grade does not exist, or the default is not in [0, 1].
    """
    if not 0.0 <= unjudged <= 1.0:
        raise RequestError(f"the weight of what cannot be judged must be in [0, 1], not {unjudged}")
    letter, digit = source.strip().upper(), str(information).strip()
    if letter not in LETTERS:
        raise RequestError(f"no source is graded {source!r}; the grades of reliability are {', '.join(LETTERS)}")
    if digit not in DIGITS:
        raise RequestError(f"no information is graded {information!r}; the grades of credibility are 1 to 6")
    return round(math.sqrt(SOURCE.get(letter, unjudged) * INFORMATION.get(digit, unjudged)), 2)


def reliability_table(*, unjudged: float = CANNOT_BE_JUDGED) -> Floats:
    """[6, 6] the whole table: rows A to F, columns 1 to 6."""
    return np.array([[reliability(letter, digit, unjudged=unjudged) for digit in DIGITS] for letter in LETTERS])
