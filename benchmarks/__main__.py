"""`make bench`: every benchmark with its peer in the same run, in under ten minutes, on any machine.

`python -m benchmarks SECTION ...` runs some of: batch, sizes, cold, postures, cases. Prints tables in Markdown and
writes `benchmarks/results.json`; with fewer sections the file keeps what it had of the others.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import batch, cases, cold, sizes, solver
from benchmarks.measure import Clock, commit, machine

RESULTS = Path(__file__).parent / "results.json"
SECONDS = 560.0
SECTIONS: dict[str, tuple[str, float, Callable[[Clock], Any]]] = {  # key in the file, most seconds, what to run
    "batch": ("logit_batch", 170.0, batch.run),
    "cold": ("cold_start", 170.0, cold.run),
    "sizes": ("tree_size", 200.0, sizes.run),
    "postures": ("postures", 60.0, solver.run),
    "cases": ("cases", 240.0, cases.run),
}


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"any of {', '.join(SECTIONS)}; default all")
    wanted = parser.parse_args(arguments).sections or list(SECTIONS)
    for name in wanted:
        if name not in SECTIONS:
            parser.error(f"there is no section {name!r}; the sections are {', '.join(SECTIONS)}")
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() and len(wanted) < len(SECTIONS) else {}
    clock = Clock(SECONDS)
    begin = time.perf_counter()
    kept |= {"machine": machine(), "commit": commit()}
    print(f"{kept['machine']}; commit {kept['commit'] or 'unknown'}")
    for name in wanted:
        key, most, run = SECTIONS[name]
        kept[key] = run(Clock(clock.share(most)))
        sys.stdout.flush()
        if name == "cold":
            kept["cold_start_s"] = kept[key]["case_cold_s"]
            _note_compile_time(kept)
        RESULTS.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    print(f"\n{time.perf_counter() - begin:.0f} s in all; written to {RESULTS.name}")


def _note_compile_time(kept: dict[str, Any]) -> None:
    """Take the time to compile from the cold start where the batch found its kernels on disk."""
    cold, warm = (kept["cold_start"][name] for name in ("efg_cold_s", "efg_warm_s"))
    if kept.get("logit_batch", {}).get("kernels_were_on_disk") and isinstance(cold, float) and isinstance(warm, float):
        kept["logit_batch"]["compile_s"] = cold - warm


if __name__ == "__main__":
    main(sys.argv[1:])
