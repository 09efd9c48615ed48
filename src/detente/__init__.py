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
    from detente.app import (
        assess,
        audit,
        check,
        compare,
        derivatives,
        export,
        export_evidence,
        import_evidence,
        load,
        loads,
        settle,
        solve,
        write_report,
    )
    from detente.case import Case
    from detente.errors import (
        CaseError,
        DetenteError,
        Diagnostic,
        GameFileError,
        Interrupted,
        RequestError,
        SizeError,
        TableError,
        UnsupportedError,
    )
    from detente.exchange import load_game

_HOMES = {
    "assess": "detente.app",
    "audit": "detente.app",
    "check": "detente.app",
    "compare": "detente.app",
    "derivatives": "detente.app",
    "export": "detente.app",
    "export_evidence": "detente.app",
    "import_evidence": "detente.app",
    "load": "detente.app",
    "load_game": "detente.exchange",
    "loads": "detente.app",
    "settle": "detente.app",
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
    "TableError": "detente.errors",
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
    "TableError",
    "UnsupportedError",
    "__version__",
    "assess",
    "audit",
    "check",
    "compare",
    "derivatives",
    "export",
    "export_evidence",
    "import_evidence",
    "load",
    "load_game",
    "loads",
    "settle",
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
