"""Changing what a case assumes, without touching its file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from detente.errors import RequestError

if TYPE_CHECKING:
    from detente.case import Case, Parameter


def with_values(case: Case, values: Mapping[str, float]) -> Case:
    """The case with some parameters held at given values.

    Such a parameter has no spread any more: it keeps its value in every draw, and is correlated with nothing.

    Args:
        case: The case.
        values: Parameter -> value. Entries of tables are called ``table[label]``.

    Raises:
        RequestError: There is no such parameter, or the value is not a finite number.
    """
    if not values:
        return case
    for name, value in values.items():
        case.parameter_index(name)
        if not math.isfinite(value):
            raise RequestError(f"{name} cannot be {value}: a parameter is a finite number.")
    return replace(case, parameters=tuple(_held(item, values) for item in case.parameters))


def outside_range(case: Case, values: Mapping[str, float]) -> tuple[str, ...]:
    """One sentence for each value outside the range that the case states for it."""
    notes: list[str] = []
    for name, value in values.items():
        spread = case.parameter(name).distribution
        if not spread.low <= value <= spread.high:
            notes.append(f"{name} = {value:g} is outside its stated range, {spread.low:g} to {spread.high:g}.")
    return tuple(notes)


def _held(parameter: Parameter, values: Mapping[str, float]) -> Parameter:
    from detente.case import Distribution

    if parameter.name in values:
        value = float(values[parameter.name])
        return replace(parameter, value=value, distribution=Distribution("fixed", value, value, value), correlated=())
    kept = tuple(pair for pair in parameter.correlated if pair[0] not in values)
    return replace(parameter, correlated=kept) if len(kept) < len(parameter.correlated) else parameter
