"""The house rules that import-linter and ruff do not check."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import detente

SOURCE = Path(detente.__file__).parent
FILES = sorted(SOURCE.rglob("*.py"))
MOST_LINES = 600


def imports_of(file: Path) -> Iterator[str]:
    for node in _walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (item.name for item in node.names)


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Everything that runs: not what only a type checker reads."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield child
            yield from _walk(child)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_other_rooms_are_entered_by_the_front_door(file: Path) -> None:
    room = file.relative_to(SOURCE).parts[0]
    rooms = {item.name for item in SOURCE.iterdir() if (item / "__init__.py").exists()}
    inside = [
        name
        for name in imports_of(file)
        if name.startswith("detente.")
        and name.count(".") > 1
        and (other := name.split(".")[1]) in rooms
        and other != room
        and not (SOURCE.joinpath(*name.split(".")[1:3]) / "__init__.py").exists()  # a room within a room
    ]
    assert inside == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_files_stay_small(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= MOST_LINES
