"""From nothing to the first answer: a fresh process whose compiled code is nowhere on disk."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.families import centipedes
from benchmarks.measure import Clock, table
from detente.exchange import write_efg

CASE = "ukraine-2021"


def run(clock: Clock) -> dict[str, Any]:
    """Measure, print the table, and return what is kept."""
    kept: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="detente-cold-") as folder:
        efg = Path(folder) / "game.efg"
        efg.write_text(write_efg(centipedes(6, 1, 1), title="A small game"), encoding="utf-8")
        for name, argument in (("case", CASE), ("efg", str(efg))):
            cache = Path(folder) / f"cache-{name}"
            kept[f"{name}_cold_s"] = _first_answer(argument, cache, clock.share(150.0))
            kept[f"{name}_warm_s"] = _first_answer(argument, cache, clock.share(60.0))
    print("\n## Cold start\n\n`detente solve` in a fresh process, compiled code nowhere on disk, and once more.\n")
    rows = [
        (f"`detente solve {shown}`", _said(kept[f"{name}_cold_s"]), _said(kept[f"{name}_warm_s"]))
        for name, shown in (("case", CASE), ("efg", "game.efg"))
    ]
    print(table(("command", "cold, s", "again, s"), rows))
    return kept


def _said(spent: float | str | None) -> object:
    return spent if not isinstance(spent, float) else f"{spent:.1f}"


def _first_answer(argument: str, cache: Path, limit: float) -> float | str:
    """Wall seconds, or why there is no answer."""
    if limit < 5.0:
        return "no time left"
    start = time.perf_counter()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "detente", "solve", argument],
            env={**os.environ, "NUMBA_CACHE_DIR": str(cache)},
            capture_output=True, text=True, timeout=limit, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"not done in {limit:.0f} s"
    if done.returncode:
        return f"status {done.returncode}: {(done.stderr.strip().splitlines() or [''])[-1][:80]}"
    return time.perf_counter() - start
