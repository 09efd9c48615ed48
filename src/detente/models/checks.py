"""Legal ranges of parameters: what lies outside is refused in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from detente.errors import RequestError


def number(name: str, value: float, low: float = -math.inf, high: float = math.inf, *, ends: str = "[]") -> float:
    """The value as a float, if it is a finite number in its range.

    Args:
        name: Name of the parameter, for the message.
        value: What was given.
        low: Lower end of the range.
        high: Upper end of the range.
        ends: Which ends belong to the range: ``[]``, ``()``, ``[)`` or ``(]``.

    Raises:
        RequestError: It is not.
    """
    try:
        found = float(value)
    except (TypeError, ValueError) as error:
        raise RequestError(f"{name} = {value!r} is not a number.") from error
    low_ok = found >= low if ends[0] == "[" else found > low
    high_ok = found <= high if ends[1] == "]" else found < high
    if not (math.isfinite(found) and low_ok and high_ok):
        raise RequestError(f"{name} = {value!r} is outside its legal range, {_range(low, high, ends)}.")
    return found


def require(holds: bool, message: str) -> None:
    """Refuse parameters that do not fit together.

    Raises:
        RequestError: `holds` is false; `message` says what has to hold and what was given.
    """
    if not holds:
        raise RequestError(message)


def choice(name: str, value: str, legal: Sequence[str]) -> str:
    """The value, if it is one of the legal words.

    Raises:
        RequestError: It is not; names the legal ones.
    """
    if value not in legal:
        raise RequestError(f"{name} = {value!r} is not possible here. There are: {', '.join(legal)}.")
    return value


def shown(**values: float) -> str:
    """Numbers for a message: ``q = 0.3, tau = 0.2``."""
    return ", ".join(f"{name} = {value:g}" for name, value in values.items())


def tag(value: float) -> str:
    """A number as part of a label: ``0.2``, ``1``."""
    return f"{value:.10g}"


def probabilities(weights: Mapping[str, float]) -> dict[str, float]:
    """The entries that are not zero: a mixed action as it is written down."""
    return {name: weight for name, weight in weights.items() if weight != 0}


def _range(low: float, high: float, ends: str) -> str:
    if math.isinf(low) and math.isinf(high):
        return "the finite numbers"
    if math.isinf(high):
        return f"{'at least' if ends[0] == '[' else 'above'} {low:g}"
    if math.isinf(low):
        return f"{'at most' if ends[1] == ']' else 'below'} {high:g}"
    opening, closing = "from" if ends[0] == "[" else "above", "to" if ends[1] == "]" else "to below"
    return f"{opening} {low:g} {closing} {high:g}"
