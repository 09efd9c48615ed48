"""Models with several solutions on paper: which one is meant follows from the numbers given."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from detente.errors import RequestError

Answer = TypeVar("Answer")


def choose_form(forms: Mapping[str, Callable[..., Answer]], given: Mapping[str, Any]) -> Answer:
    """The answer of the first form that takes exactly these parameters.

    Args:
        forms: What each form is about -> the function; its parameters without a default are needed.
        given: The parameters, by name.

    Raises:
        RequestError: No form takes them; names what each of them takes.
    """
    for form in forms.values():
        needed, optional = _takes(form)
        if needed <= given.keys() <= needed | optional:
            return form(**given)
    known = "; ".join(f"{about}: {_listed(form)}" for about, form in forms.items())
    raise RequestError(f"no form of this model takes exactly {', '.join(given) or 'nothing'}. There are: {known}.")


def _takes(form: Callable[..., Any]) -> tuple[set[str], set[str]]:
    items = inspect.signature(form).parameters.values()
    needed = {item.name for item in items if item.default is inspect.Parameter.empty}
    return needed, {item.name for item in items} - needed


def _listed(form: Callable[..., Any]) -> str:
    items = inspect.signature(form).parameters.values()
    empty = inspect.Parameter.empty
    return ", ".join(item.name if item.default is empty else f"[{item.name}]" for item in items)
