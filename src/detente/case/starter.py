"""A commented case to start from."""

from __future__ import annotations

from importlib import resources

from detente.case.names import CASE_NAME
from detente.errors import RequestError

_PLACEHOLDER = "STARTER"


def starter(name: str) -> str:
    """The text of a small, sound case of that name, with a word on every section.

    Args:
        name: Small letters, digits and '-'.

    Raises:
        RequestError: The name cannot be the name of a case.
    """
    if not CASE_NAME.match(name):
        raise RequestError(f"'{name[:80]}' cannot be the name of a case: use small letters, digits and '-'.")
    text = resources.files("detente.case").joinpath("starter.case.yaml").read_text(encoding="utf-8")
    return text.replace(_PLACEHOLDER, name)
