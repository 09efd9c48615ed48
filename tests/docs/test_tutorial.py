"""The commands of the tutorial are run, and print what it says they print."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```console test\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """One command and the lines shown under it."""

    command: str
    shown: tuple[str, ...]


def steps(page: str) -> Iterator[Step]:
    for block in BLOCK.findall(page):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.rstrip("\n").split("\n")
            yield Step(command, tuple(line for line in shown if line.strip() not in ("", "...")))


def missing(shown: tuple[str, ...], printed: str) -> list[str]:
    """Lines that were shown and not printed, in order, however they are spaced."""
    lines = iter(" ".join(line.split()) for line in printed.splitlines())
    return [wanted for wanted in shown if " ".join(wanted.split()) not in lines]


def test_the_tutorial_prints_what_it_says(tmp_path: Path) -> None:
    found = list(steps((DOCS / "tutorial.md").read_text(encoding="utf-8")))
    assert len(found) >= 6
    for step in found:
        program, *arguments = shlex.split(step.command)
        assert program == "detente"
        done = subprocess.run(
            [sys.executable, "-m", "detente", *arguments],
            cwd=tmp_path,
            env={**os.environ, "COLUMNS": "80"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, f"{step.command}: {done.stderr}"
        assert missing(step.shown, done.stdout) == [], f"{step.command} printed:\n{done.stdout}"


def test_the_example_in_python_runs(tmp_path: Path) -> None:
    page = (DOCS / "api" / "detente.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "report.html").exists()
