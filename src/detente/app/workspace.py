"""Where cases are found: files of the user, and the crises shipped with Detente."""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from detente import cases
from detente.app.game_files import is_game
from detente.errors import RequestError

if TYPE_CHECKING:
    from detente.case import Case

SUFFIX = ".case.yaml"
_HEADING = re.compile(r"(title|as_of): +([^>|&*].*?)\s*")


@dataclass(frozen=True)
class Shipped:
    """A case that comes with Detente."""

    name: str
    title: str
    as_of: str
    path: Path
    group: str


def shipped_cases() -> tuple[Shipped, ...]:
    """The cases that come with Detente, by name. Reads their first lines only."""
    return tuple(_heading(name, cases.path(name)) for name in cases.names())


def _heading(name: str, path: Path) -> Shipped:
    found: dict[str, str] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if match := _HEADING.fullmatch(line):
                found[match[1]] = match[2].strip("\"'")
            elif line.startswith(("actors:", "parameters:")):
                break
    return Shipped(name, found.get("title", ""), found.get("as_of", ""), path, cases.group_of(name))


LONG = 30_000
"""Bytes from which a case is likely to be worth a second process."""


def is_long(case: object) -> bool:
    """Whether a case is known to be long before it is read; False if it is no file."""
    try:
        return isinstance(case, str | Path) and find_case(case).stat().st_size >= LONG
    except (OSError, RequestError):
        return False


def find_case(name: str | Path) -> Path:
    """The file behind what a user typed: a path, or the name of a shipped case.

    Raises:
        RequestError: There is neither; names what there is.
    """
    path = Path(name)
    try:
        if path.is_file():
            return path
        folder = path.is_dir()
    except (OSError, ValueError) as error:
        raise RequestError(f"'{str(name)[:80]}' cannot be the name of a file.") from error
    word = str(name).removesuffix(SUFFIX)
    if word in cases.names():
        return cases.path(word)
    if folder:
        inside = _cases_in(path)
        hint = f" It holds {', '.join(inside)}." if inside else ""
        raise RequestError(f"'{name}' is a folder, not a case file.{hint}")
    raise RequestError(_unknown(str(name)))


def _unknown(name: str) -> str:
    folder = Path(name).parent
    here = [str(folder / item) for item in _cases_in(folder)]
    close = difflib.get_close_matches(name, [*cases.names(), *here], n=1, cutoff=0.6)
    guess = f" Did you mean '{close[0]}'?" if close else ""
    return (
        f"there is no file '{name}', and no case of that name is shipped.{guess} "
        f"Shipped cases: {', '.join(cases.names()) or 'none'}."
    )


def _cases_in(folder: Path) -> list[str]:
    try:
        return sorted(item.name for item in folder.glob(f"*{SUFFIX}"))
    except OSError:
        return []


def load(name: str | Path) -> Case:
    """Read and check a case.

    Args:
        name: A path, or the name of a shipped case such as ``ukraine-2021``.

    Raises:
        RequestError: There is no such file or shipped case.
        CaseError: The file is wrong; carries every finding.
    """
    from detente.case import load as load_file

    if is_game(name):
        raise RequestError(
            f"{name} is a game file, not a case: a tree with numbers and no postures or parameters. "
            "It can be solved, checked and exported; `detente.load_game` reads it in Python."
        )
    return load_file(find_case(name))


def loads(text: str | bytes, name: str = "<case>") -> Case:
    """Check a case given as text.

    Args:
        text: What would be in the case file.
        name: What to call it in messages.

    Raises:
        CaseError: The text is wrong; carries every finding.
    """
    from detente.case import loads as load_text

    return load_text(text, name)


def new_case(name: str, folder: Path | None = None) -> Path:
    """Write a commented starter case that passes `check`.

    Args:
        name: Name of the case: lower-case letters, digits and hyphens.
        folder: Where to; the current folder if not given.

    Returns:
        The file written.

    Raises:
        RequestError: The name is not legal, or the file is there already; nothing is overwritten.
    """
    from detente.case import starter

    word = name.removesuffix(SUFFIX)
    path = (folder or Path()) / f"{word}{SUFFIX}"
    text = starter(word)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise RequestError(f"{path} exists already; choose another name or remove it first.") from error
    except OSError as error:
        raise _unwritable(path, error) from error
    return path


def writable(path: Path) -> Path:
    """The path, once its folder exists and it is sure that a file can be written there.

    Asked before a long question, so that its answer is not lost in the end.

    Raises:
        RequestError: Nothing can be written there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error
    if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        reason = "it is a folder" if path.is_dir() else "permission denied"
        raise RequestError(f"{path} cannot be written: {reason}.")
    return path


def write_text(path: Path, text: str) -> Path:
    """Write a text file and return its path.

    Raises:
        RequestError: It cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _unwritable(path, error) from error
    return path


def _unwritable(path: Path, error: OSError) -> RequestError:
    return RequestError(f"{path} cannot be written: {error.strerror or error}.")
