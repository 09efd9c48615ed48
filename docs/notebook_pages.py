"""Puts notebooks into the documentation as they are stored, code and outputs, without running them.

A test runs every notebook (`tests/exchange/test_notebook.py`); ``python docs/notebook_pages.py`` runs them and stores
what they print.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NOTEBOOKS = HERE / "notebooks"


def markdown(notebook: dict[str, Any]) -> str:
    """A notebook as a page: its text, its code, and under the code what it printed."""
    parts: list[str] = []
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(text)
            continue
        parts.append(f"```python\n{text}\n```")
        shown = stored(cell)
        if shown:
            parts.append(f"```text\n{shown.rstrip()}\n```")
    return "\n\n".join(parts) + "\n"


def stored(cell: dict[str, Any]) -> str:
    """What a cell printed when it was stored."""
    return "".join("".join(output["text"]) for output in cell["outputs"] if output["output_type"] == "stream")


def run(notebook: dict[str, Any]) -> list[str]:
    """What each code cell prints, run in order in one namespace, in the folder of the notebooks."""
    names: dict[str, Any] = {}
    printed: list[str] = []
    before = Path.cwd()
    os.chdir(NOTEBOOKS)
    try:
        for cell in notebook["cells"]:
            if cell["cell_type"] != "code":
                continue
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile("".join(cell["source"]), "<cell>", "exec"), names)
            printed.append(out.getvalue())
    finally:
        os.chdir(before)
    return printed


def store(path: Path) -> None:
    """Run a notebook and write what it prints into it."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    printed = iter(run(notebook))
    count = 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            count += 1
            text = next(printed).splitlines(keepends=True)
            cell["execution_count"] = count
            cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": text}] if text else []
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def setup(app: Any) -> dict[str, Any]:
    """Let Sphinx read ``.ipynb`` files."""
    from myst_parser.parsers.sphinx_ import MystParser

    class NotebookParser(MystParser):
        """Reads a notebook as the page it makes."""

        supported = ("ipynb",)

        def parse(self, inputstring: str, document: Any) -> None:
            super().parse(markdown(json.loads(inputstring)), document)

    app.add_source_suffix(".ipynb", "ipynb")
    app.add_source_parser(NotebookParser)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


if __name__ == "__main__":
    for file in sorted(NOTEBOOKS.glob("*.ipynb")):
        store(file)
