"""The page on intent from evidence prints what it says, and its tables are those of the code."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import numpy as np

from detente.evidence import MARKS, reliability_table

PAGE = (Path(__file__).parents[2] / "docs/concepts/intent-from-evidence.md").read_text(encoding="utf-8")


def test_the_example_prints_what_it_says():
    (code,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    (shown,) = re.findall(r"^```text\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "page", "exec"), {})
    assert [line.rstrip() for line in out.getvalue().splitlines()] == shown.splitlines()


def test_the_table_of_grades_is_the_one_in_use():
    rows = re.findall(r"^\| [A-F] \|(.*)\|$", PAGE, re.MULTILINE)
    np.testing.assert_array_equal([[float(cell) for cell in row.split("|")] for row in rows], reliability_table())


def test_the_marks_are_the_ones_in_use():
    shown = ", ".join(f"{low:.2f}–{high:.2f}" for low, high in (MARKS[mark] for mark in ("++", "+", "-", "--")))
    assert shown in PAGE
