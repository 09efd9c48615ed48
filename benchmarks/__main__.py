"""How long the shipped cases take: `make bench`, or `python -m benchmarks CASE ...` for some of them.

Prints a table in Markdown for docs/development/performance.md. Runs once to compile and once to measure.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import detente
from detente.app import Job, shipped_cases


def seconds(ask: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    answer = ask()
    return time.perf_counter() - start, answer


def peak_memory() -> float:
    """Peak resident memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def main(names: list[str]) -> None:
    print("| case | question | seconds | games solved | games per second | peak memory so far (MB) |")
    print("| --- | --- | --: | --: | --: | --: |")
    for name in names:
        case = detente.load(name)
        first, _ = seconds(lambda case=case: detente.compare(case, draws=2, quick=True))
        rows = [("first `compare`, 2 draws", first, None)]
        for draws, quick in ((100, True), (1_000, False)):
            spent, answer = seconds(
                lambda case=case, draws=draws, quick=quick: detente.compare(case, draws=draws, quick=quick)
            )
            rows.append((f"`compare`, {draws:,} draws{' (quick)' if quick else ''}", spent, answer.certificate.solved))
        job = Job()
        spent, answer = seconds(lambda case=case, job=job: detente.audit(case, draws=1_000, job=job))
        rows.append(("`audit`, 1,000 draws", spent, answer.certificate.solved))
        for what, spent, solved in rows:
            rate = "" if solved is None else f"{solved / spent:,.0f}"
            count = "" if solved is None else f"{solved:,}"
            print(f"| {name} | {what} | {spent:.1f} | {count} | {rate} | {peak_memory():,.0f} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] or [item.name for item in shipped_cases()])
