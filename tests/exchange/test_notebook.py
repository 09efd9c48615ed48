"""The notebooks print what they are stored with, and every code and field about game files is documented."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

import detente
from detente.exchange import EXCHANGE_CODES

DOCS = Path(__file__).parents[2] / "docs"
NOTEBOOKS = sorted((DOCS / "notebooks").glob("*.ipynb"))
BY_NAME = {
    "values",
    "outcomes",
    "strategies",
    "strategy",
    "action_values",
    "best_response_gain",
    "settings",
    "versions",
}


def pages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("notebook_pages", DOCS / "notebook_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_prints_what_is_stored(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    stored = [pages().stored(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert any(stored)
    assert pages().run(notebook) == stored, "run `python docs/notebook_pages.py`"


def test_from_a_file_to_a_certificate_in_five_lines() -> None:
    notebook = json.loads((DOCS / "notebooks" / "efg-to-equilibrium.ipynb").read_text(encoding="utf-8"))
    first = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    lines = [line for line in "".join(first["source"]).split("\n") if line.strip()]
    assert len(lines) <= 5
    assert "certificate" in "".join(lines)


@pytest.mark.parametrize("code", EXCHANGE_CODES)
def test_every_code_is_documented(code: str) -> None:
    assert f"\n## {code}: " in (DOCS / "errors.md").read_text(encoding="utf-8")


def test_every_field_of_the_json_is_documented() -> None:
    text = (DOCS / "json.md").read_text(encoding="utf-8")
    section = text[text.index("## `solve` of a game file") : text.index("## `check`")]

    def fields(value: object) -> set[str]:
        if isinstance(value, list):
            return {name for item in value for name in fields(item)}
        if not isinstance(value, dict):
            return set()
        return set(value) | {name for key, item in value.items() if key not in BY_NAME for name in fields(item)}

    found = fields(detente.solve(DOCS / "notebooks" / "signal.efg", starts=2).to_json())
    found |= fields(detente.check(DOCS / "notebooks" / "signal.efg").to_json()["game"])
    assert [name for name in sorted(found) if f"`{name}`" not in text and f".{name}`" not in text] == []
    assert "`solve_game" not in section or "detente.solve_game/1" in section
