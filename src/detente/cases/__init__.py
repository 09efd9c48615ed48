"""Shipped cases: crises as files, each with a page in the documentation."""

from __future__ import annotations

import difflib
from importlib.resources import files
from pathlib import Path

from detente.errors import RequestError

_SUFFIX = ".case.yaml"


def _folder() -> Path:
    return Path(str(files(__name__)))


def names() -> tuple[str, ...]:
    """Names of the shipped cases, in alphabetical order."""
    found = (item.name for item in _folder().iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX)))


def path(name: str) -> Path:
    """Where the file of a shipped case lies.

    Args:
        name: Name of the case, such as ``ukraine-2021``.

    Raises:
        RequestError: No case of this name is shipped.
    """
    legal = names()
    if name not in legal:
        near = difflib.get_close_matches(name, legal, n=1)
        guess = f" Did you mean '{near[0]}'?" if near else ""
        raise RequestError(f"no case named '{name}' is shipped.{guess} There are: {', '.join(legal)}.")
    return _folder() / f"{name}{_SUFFIX}"


__all__ = ["names", "path"]
