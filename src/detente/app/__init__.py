"""What a user can ask for: the only door for the command line and for Python alike."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.app.assessing import assess
    from detente.app.checking import APP_CODES, CheckAnswer, check, schema
    from detente.app.differentiate import derivatives
    from detente.app.evidence_files import evidence_template, export_evidence, import_evidence
    from detente.app.game_files import is_game
    from detente.app.jobs import Job
    from detente.app.questions import audit, compare, export, solve, write_report
    from detente.app.settings import SETTINGS, Setting, default, setting
    from detente.app.settling import import_settlement, settle, write_order_game
    from detente.app.workspace import Shipped, find_case, load, loads, new_case, shipped_cases, writable, write_text

_HOMES = {
    "APP_CODES": "checking",
    "SETTINGS": "settings",
    "CheckAnswer": "checking",
    "Job": "jobs",
    "Setting": "settings",
    "Shipped": "workspace",
    "assess": "assessing",
    "audit": "questions",
    "check": "checking",
    "compare": "questions",
    "default": "settings",
    "derivatives": "differentiate",
    "evidence_template": "evidence_files",
    "export": "questions",
    "export_evidence": "evidence_files",
    "find_case": "workspace",
    "import_settlement": "settling",
    "import_evidence": "evidence_files",
    "is_game": "game_files",
    "load": "workspace",
    "loads": "workspace",
    "new_case": "workspace",
    "schema": "checking",
    "setting": "settings",
    "settle": "settling",
    "write_order_game": "settling",
    "shipped_cases": "workspace",
    "solve": "questions",
    "writable": "workspace",
    "write_report": "questions",
    "write_text": "workspace",
}

__all__ = [
    "APP_CODES",
    "SETTINGS",
    "CheckAnswer",
    "Job",
    "Setting",
    "Shipped",
    "assess",
    "audit",
    "check",
    "compare",
    "default",
    "derivatives",
    "evidence_template",
    "export",
    "export_evidence",
    "find_case",
    "import_evidence",
    "import_settlement",
    "is_game",
    "load",
    "loads",
    "new_case",
    "schema",
    "setting",
    "settle",
    "shipped_cases",
    "solve",
    "writable",
    "write_order_game",
    "write_report",
    "write_text",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'detente.app' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"detente.app.{home}"), name)
    globals()[name] = value
    return value
