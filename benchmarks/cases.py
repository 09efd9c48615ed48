"""How long the questions take on the shipped cases."""

from __future__ import annotations

from typing import Any

import detente
from benchmarks.measure import Clock, peak_mb, seconds, table
from detente.app import shipped_cases

MAIN = "ukraine-2021"


def run(clock: Clock, names: list[str] | None = None) -> list[dict[str, Any]]:
    """Measure what there is time for, the quick questions first; print the table and return its rows."""
    rows: list[dict[str, Any]] = []
    for name in names or _crises():
        case = detente.load(name)
        first, _ = seconds(lambda case=case: detente.compare(case, draws=2, quick=True))
        rows.append({"case": name, "question": "first `compare`, 2 draws", "seconds": first})
        for question, least, ask in (
            ("`compare`, 100 draws (quick)", 15.0, lambda case=case: detente.compare(case, draws=100, quick=True)),
            ("`audit`, 1,000 draws", 30.0, lambda case=case: detente.audit(case, draws=1_000)),
            ("`compare`, 1,000 draws", 120.0, lambda case=case: detente.compare(case, draws=1_000)),
        ):
            if clock.left < least:
                rows.append({"case": name, "question": f"{question}: no time left", "seconds": None})
                continue
            spent, answer = seconds(ask)
            rows.append({"case": name, "question": question, "seconds": spent, "solved": answer.certificate.solved})
        rows[-1]["peak_mb"] = peak_mb()
    print("\n## Questions\n")
    head = ("case", "question", "seconds", "games solved", "peak memory so far, MB")
    print(
        table(
            head, [(*(row.get(key) for key in ("case", "question", "seconds", "solved", "peak_mb")),) for row in rows]
        )
    )
    return rows


def _crises() -> list[str]:
    """The main case first, then the other crises; published models are left out."""
    names = [item.name for item in shipped_cases()]
    return [MAIN, *(name for name in names if name != MAIN and "standoff" not in name)][:2]
