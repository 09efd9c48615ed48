"""The table of codes says everything the compiler can say, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import detente.compiler
from detente.compiler import COMPILER_CODES


def test_table_and_source_agree():
    used: set[str] = set()
    for path in Path(detente.compiler.__file__).parent.glob("*.py"):
        if path.name != "codes.py":
            used.update(re.findall(r'"(C3\d\d)"', path.read_text()))
    assert used == set(COMPILER_CODES)


def test_every_code_is_explained():
    for title, explanation in COMPILER_CODES.values():
        assert title == title.strip().rstrip(".")
        assert explanation.endswith(".")
