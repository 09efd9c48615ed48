"""The answer about a game file as plain data: the documented JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from detente.study.results import SCHEMA_VERSION
from detente.study.results_equilibria import equilibria_json
from detente.study.results_game import GameAnswer
from detente.study.results_solve import InfosetAnswer
from detente.study.serialize import manifest_json, plain


def game_json(answer: GameAnswer) -> dict[str, Any]:
    """The answer of `solve` for a game file; the keys are documented in the reference."""
    return {
        "schema": f"detente.solve_game/{SCHEMA_VERSION}",
        "file": Path(answer.file).name,
        "kind": answer.kind,
        "title": answer.title,
        "comment": answer.comment,
        "manifest": manifest_json(answer.manifest),
        "players": list(answer.players),
        "lam": plain(answer.lam),
        "method": answer.method,
        "infosets": [_infoset(item) for item in answer.infosets],
        "values": plain(answer.values),
        "outcomes": plain(answer.outcomes),
        "certificate": plain(answer.certificate),
        "status": answer.status,
        "others": plain(answer.others),
        "starts": answer.starts,
        "equilibria": None if answer.equilibria is None else equilibria_json(answer.equilibria),
        "refinements": plain(answer.refinements),
        "size": plain(answer.size),
        "notes": list(answer.notes),
    }


def _infoset(item: InfosetAnswer) -> dict[str, Any]:
    return {
        "player": item.actor,
        "infoset": item.decision,
        "strategy": plain(item.strategy),
        "action_values": plain(item.action_values),
        "beliefs": plain(item.beliefs),
        "reach": plain(item.reach),
    }
