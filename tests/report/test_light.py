from __future__ import annotations

import subprocess
import sys


def test_importing_the_room_loads_nothing_heavy() -> None:
    code = (
        "import sys, detente.report as room; heavy = {'altair', 'pandas', 'rich', 'jinja2', 'numba', 'vl_convert'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_text_needs_neither_altair_nor_pandas() -> None:
    code = (
        "import sys; from detente.report import render_compare, render_audit, render_solve, render_check;"
        "print(render_check([], None, 'x')); heavy = {'altair', 'pandas', 'jinja2', 'numba', 'vl_convert'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
