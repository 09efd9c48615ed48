"""Shipped cases: crises as files, and published models as files, each with a page in the documentation."""

from __future__ import annotations

import difflib
from importlib.resources import files
from pathlib import Path

from detente.errors import RequestError

_SUFFIX = ".case.yaml"
_FOLDERS = {"crises": "", "published models": "models"}


def groups() -> tuple[str, ...]:
    """The groups that shipped cases come in."""
    return tuple(_FOLDERS)


def names(group: str | None = None) -> tuple[str, ...]:
    """Names of the shipped cases, in alphabetical order.

    Args:
        group: One of `groups`; all of them if not given.

    Raises:
        RequestError: There is no such group.
    """
    if group is not None and group not in _FOLDERS:
        raise RequestError(f"no group of cases is named '{group}'. There are: {', '.join(_FOLDERS)}.")
    return tuple(sorted(name for name, home in _homes().items() if group in (None, home)))


def group_of(name: str) -> str:
    """The group that a shipped case belongs to.

    Raises:
        RequestError: No case of this name is shipped.
    """
    return _homes()[_known(name)]


def path(name: str) -> Path:
    """Where the file of a shipped case lies.

    Args:
        name: Name of the case, such as ``ukraine-2021``.

    Raises:
        RequestError: No case of this name is shipped.
    """
    return _folder(group_of(name)) / f"{name}{_SUFFIX}"


def _folder(group: str) -> Path:
    return Path(str(files(__name__))) / _FOLDERS[group]


def _homes() -> dict[str, str]:
    """Name of each shipped case -> its group."""
    return {
        item.name.removesuffix(_SUFFIX): group
        for group in _FOLDERS
        if _folder(group).is_dir()
        for item in _folder(group).iterdir()
        if item.name.endswith(_SUFFIX)
    }


def _known(name: str) -> str:
    legal = names()
    if name not in legal:
        near = difflib.get_close_matches(name, legal, n=1)
        guess = f" Did you mean '{near[0]}'?" if near else ""
        raise RequestError(f"no case named '{name}' is shipped.{guess} There are: {', '.join(legal)}.")
    return name


__all__ = ["group_of", "groups", "names", "path"]
