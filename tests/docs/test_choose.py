"""The examples of "How to choose a solver" run, one after another, and the page names every solver there is."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

from detente import solvers

PAGE = Path(__file__).parents[2] / "docs" / "concepts" / "how-to-choose-a-solver.md"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
OWN_PAGES = {  # parts of other solvers, or explained where they are used
    "best_rules", "concave_envelope", "continue_support", "deadlocks", "envelope_along", "exact_numbers",
    "guarantee_frontier", "kernels_are_compiled", "lend", "load_kernels", "optimal_disclosure_three", "pieces_of",
    "play_forward", "qre_derivatives",
    "stopping_sets", "terminal_derivatives", "unlock_settlement", "why_not",
}  # fmt: skip


def test_the_examples_run(tmp_path: Path) -> None:
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert len(blocks) >= 9
    code = "\n".join(blocks)
    assert code.count("assert ") >= 20
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_solver_is_named() -> None:
    text = PAGE.read_text(encoding="utf-8")
    functions = {name for name in solvers.__all__ if inspect.isfunction(getattr(solvers, name))}
    assert sorted(name for name in functions - OWN_PAGES if f"`{name}`" not in text) == []
