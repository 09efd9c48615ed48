"""`check`: is the case sound, and how big is its game under each posture?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from detente.app.game_files import diagnose_game, is_game
from detente.app.settings import checked
from detente.app.workspace import find_case
from detente.errors import CaseError, Diagnostic, RequestError

if TYPE_CHECKING:
    from detente.app.game_files import Game
    from detente.case import Case
    from detente.compiler import CompiledPosture
    from detente.exchange import GameFile
    from detente.game import BuiltGame

CHECK_SCHEMA = "detente.check/1"

APP_CODES: Mapping[str, tuple[str, str]] = {
    "C601": (
        "numbers that do not work out at base values",
        "With every parameter at its base value a weight is negative, all weights of a row are zero, or a payoff is "
        "not a finite number. Change the base values, or the expressions that use them.",
    ),
}
"""Codes of findings that only show when base values are put in; the docs are generated from it."""


@dataclass(frozen=True)
class CheckAnswer:
    """What `check` found.

    Attributes:
        case: Name of the case, or of its file where it cannot be read.
        ok: Whether it can be used; with `strict`, whether there are no warnings either.
        diagnostics: Everything that was found, errors first.
        size: Per posture its ``nodes``, ``terminals`` and ``infosets``; empty where it does not compile, and for a
            case without a timeline.
        game: Of a game file its size, players and kind; None for a case, and where the file is wrong.
        evidence: How many ``items`` of evidence the case has, how many of them are ``moves`` or ``staged``, and how
            many ``indicators``, ``groups`` and ``analysts``; None without evidence.
    """

    case: str
    ok: bool
    diagnostics: tuple[Diagnostic, ...]
    size: dict[str, dict[str, int]]
    game: dict[str, Any] | None = None
    evidence: dict[str, int] | None = None

    def to_json(self) -> dict[str, Any]:
        """The documented, versioned form of the answer."""
        return {
            "schema": CHECK_SCHEMA,
            "case": self.case,
            "ok": self.ok,
            "diagnostics": [asdict(item) for item in self.diagnostics],
            "size": self.size,
            "game": self.game,
            "evidence": self.evidence,
        }


def check(
    case: Case | GameFile | BuiltGame | str | Path, *, strict: bool = False, node_limit: int | None = None
) -> CheckAnswer:
    """Say whether a case is sound, and how big its game is under each posture; or the same of a game file.

    Args:
        case: A case, a path, or the name of a shipped case; or a game (a path that ends in ``.efg`` or ``.nfg``).
        strict: Let warnings count as errors.
        node_limit: Largest game allowed, in nodes.

    Raises:
        RequestError: There is no such file or shipped case. A case that is wrong raises nothing.
    """
    if is_game(case):
        found, game = diagnose_game(cast("Game", case), node_limit)
        ok = game is not None and not (strict and found)
        return CheckAnswer(str(case) if isinstance(case, str | Path) else "game", ok, tuple(found), {}, game)

    from detente.case import diagnose

    limit = checked(node_limit=node_limit)["node_limit"]
    case = cast("Case | str | Path", case)
    if isinstance(case, str | Path):
        name = str(case)
        found_case, found = diagnose(find_case(case))
    else:
        name, found_case, found = case.name, case, list(case.warnings)
    size: dict[str, dict[str, int]] = {}
    if found_case is not None:
        name = found_case.name
        size, more = _compile(found_case, limit) if found_case.has_game else ({}, [])
        found = [*found, *more]
    found.sort(key=lambda item: item.severity != "error")
    ok = not any(strict or item.severity == "error" for item in found)
    return CheckAnswer(name, ok, tuple(found), size, evidence=_evidence(found_case))


def _compile(case: Case, limit: int) -> tuple[dict[str, dict[str, int]], list[Diagnostic]]:
    from detente.compiler import check_mixed, compile_posture, compile_warnings

    found: dict[tuple[str, int, int], Diagnostic] = {}
    compiled: list[CompiledPosture] = []
    for posture in case.postures:
        try:
            one = compile_posture(case, posture, limit=limit)
            one.numbers(case.base_theta()[None])
            if posture.mixed:
                check_mixed(one)
            compiled.append(one)
        except CaseError as error:
            for item in error.diagnostics:
                found.setdefault((item.code, item.line, item.column), item)
        except RequestError as error:
            item = _at_posture(case, posture.span.line, str(error))
            found.setdefault((item.code, item.line, item.column), item)
    size = {item.posture.name: _size(item) for item in compiled}
    if found:
        return size, list(found.values())
    return size, compile_warnings(case, compiled)


def _evidence(case: Case | None) -> dict[str, int] | None:
    section = None if case is None else case.evidence
    if section is None:
        return None
    return {
        "items": len(section.items),
        "moves": len(section.moves),
        "staged": sum(item.staging is not None for item in section.items),
        "indicators": len(section.indicators),
        "groups": len(section.groups),
        "analysts": len(section.analysts),
    }


def _size(compiled: CompiledPosture) -> dict[str, int]:
    size = compiled.size
    return {"nodes": size.nodes, "terminals": size.terminals, "infosets": size.infosets}


def _at_posture(case: Case, line: int, message: str) -> Diagnostic:
    """Numbers that do not work out at base values, such as a negative weight, said at the posture."""
    lines = case.text.split("\n")
    source = lines[line - 1].rstrip("\r") if 0 < line <= len(lines) else ""
    return Diagnostic("C601", "error", message, case.file, line, 1, max(1, len(source)), source)


def schema() -> dict[str, Any]:
    """The JSON Schema of case files, for editors."""
    from detente.case import json_schema

    return json_schema()
