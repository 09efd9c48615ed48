"""The examples on the pages of the published models run, and each page describes its model."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from detente import models

PAGES = Path(__file__).parents[2] / "docs" / "models"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def page(name: str) -> str:
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["index", *models.names()])
def test_the_example_runs(name: str) -> None:
    blocks = BLOCK.findall(page(name))
    assert blocks
    scope: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, f"docs/models/{name}.md", "exec"), scope)


@pytest.mark.parametrize("key", models.names())
def test_page_has_every_number_of_the_closed_form(key: str) -> None:
    model, text = models.get(key), page(key)
    closed = model.closed_form(**model.example)
    words = {*model.parameters, *(name for name in closed if name not in ("strategies", "beliefs", "off_path"))}
    assert [word for word in sorted(words) if not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)] == []
    assert model.cases == () or all(f"detente solve {name}" in text for name in model.cases)


@pytest.mark.parametrize("key", models.names())
def test_index_leads_to_the_page(key: str) -> None:
    assert f"]({key}.md)" in page("index")
