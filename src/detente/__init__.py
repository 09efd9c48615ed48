"""Turns an argument about an international crisis into a model that can be run, checked and disputed.

The names below are loaded when they are first used, so that importing the package costs nothing::

    import detente

    case = detente.load("ukraine-2021")
    answer = detente.compare(case, draws=100)
    print(answer.statement)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from detente._version import __version__

if TYPE_CHECKING:
    from detente.app import audit, check, compare, derivatives, export, load, loads, solve, write_report
    from detente.case import Case
    from detente.errors import (
        CaseError,
        DetenteError,
        Diagnostic,
        GameFileError,
        Interrupted,
        RequestError,
        SizeError,
        UnsupportedError,
    )
    from detente.exchange import load_game

_HOMES = {
    "audit": "detente.app",
    "check": "detente.app",
    "compare": "detente.app",
    "derivatives": "detente.app",
    "export": "detente.app",
    "load": "detente.app",
    "load_game": "detente.exchange",
    "loads": "detente.app",
    "solve": "detente.app",
    "write_report": "detente.app",
    "Case": "detente.case",
    "CaseError": "detente.errors",
    "DetenteError": "detente.errors",
    "Diagnostic": "detente.errors",
    "GameFileError": "detente.errors",
    "Interrupted": "detente.errors",
    "RequestError": "detente.errors",
    "SizeError": "detente.errors",
    "UnsupportedError": "detente.errors",
}

__all__ = [
    "Case",
    "CaseError",
    "DetenteError",
    "Diagnostic",
    "GameFileError",
    "Interrupted",
    "RequestError",
    "SizeError",
    "UnsupportedError",
    "__version__",
    "audit",
    "check",
    "compare",
    "derivatives",
    "export",
    "load",
    "load_game",
    "loads",
    "solve",
    "write_report",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'detente' has no attribute {name!r}")
    value = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
