"""The answer of `assess` as a tidy table."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from detente.study.results_assess import AssessAnswer

if TYPE_CHECKING:
    from pandas import DataFrame

COLUMNS = ("date", "label", "point", "lower", "upper", "p05", "p95")


def assess_frame(answer: AssessAnswer) -> DataFrame:
    """One row per day and label."""
    import pandas as pd

    rows = [
        {"date": day.date, "label": label, **asdict(band)}
        for day in answer.timeline
        for label, band in day.type.items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))
