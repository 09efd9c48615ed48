"""Evidence at size: 10,000 items x 8 types with ranges, read from text.

`python -m benchmarks.evidence` prints seconds of processor time for reading, for the posterior with outer bounds on
every day of a year, for the influence of every item, and for the 5-95 % band.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np

from benchmarks.measure import machine, table
from detente.evidence import DRAWS, Evidence, Prior, bounds_on, influence, read_matrix, timeline

ITEMS, TYPES, DAYS = 10_000, 8, 365
CELLS = ("++", "+", "0", "-", "--", "likely", "very unlikely", "0.4", "0.2-0.3", "30-50%")
GRADES = ("A,1", "B,2", "C,3", "F,6", "B,3")


def matrix_text(items: int = ITEMS, types: int = TYPES, seed: int = 0) -> str:
    """A table as a spreadsheet saves it; a third of the items share an origin with a few others."""
    rng = np.random.default_rng(seed)
    rows = ["id,reported,reliability,credibility,group," + ",".join(f"type {kind}" for kind in range(types))]
    cells, grades = rng.integers(0, len(CELLS), (items, types)), rng.integers(0, len(GRADES), items)
    for row in range(items):
        day = date(2021, 3, 1) + timedelta(int(rng.integers(0, DAYS)))
        group = f"g{rng.integers(0, items // 10)}" if rng.random() < 1 / 3 else ""
        rows.append(f"i{row},{day},{GRADES[grades[row]]},{group}," + ",".join(CELLS[cell] for cell in cells[row]))
    return "\n".join(rows)


def timed(work: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    """Shortest of a few runs, and what the last returned."""
    best, result = np.inf, None
    for _ in range(times):
        begin = time.process_time()
        result = work()
        best = min(best, time.process_time() - begin)
    return best, result


def main() -> None:
    text = matrix_text()
    seconds: dict[str, float] = {}
    seconds["read the text"], known = timed(lambda: read_matrix(text, other=0.7))
    evidence: Evidence = known
    ends = {label: (0.05, 1 / TYPES, 0.3) for label in evidence.types}
    prior, days = Prior.of(ends), evidence.dates()
    seconds[f"posterior and outer bounds, {len(days)} days"], _ = timed(lambda: bounds_on(evidence, prior, days))
    seconds["influence and diagnosticity of every item"], _ = timed(lambda: influence(evidence, prior))
    for draws in (100, DRAWS, 2 * DRAWS):
        work = lambda draws=draws: timeline(evidence, prior, draws=draws)
        seconds[f"posterior, bounds and a band of {draws:,} draws"], _ = timed(work, times=2)
    seconds[f"all from the text, {DRAWS:,} draws (the default)"], _ = timed(
        lambda: timeline(read_matrix(text, other=0.7), prior), times=2
    )
    print(f"{machine()}; {ITEMS:,} items x {TYPES} types")
    print(table(("work", "s"), [(name, round(value, 3)) for name, value in seconds.items()]))


if __name__ == "__main__":
    main()
