"""Answers as tidy data frames. Importing this module imports pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd

from detente.study.results import CompareAnswer
from detente.study.results_audit import AuditAnswer
from detente.study.results_solve import SolveAnswer


def compare_frame(answer: CompareAnswer) -> pd.DataFrame:
    """One row per draw, posture and actor."""
    actors = list(answer.actors)
    pieces = [
        pd.DataFrame(
            {
                "draw": np.repeat(np.arange(len(item.values)), len(actors)),
                "posture": item.name,
                "actor": actors * len(item.values),
                "value": item.values.ravel(),
                "certified": np.repeat(answer.certified, len(actors)),
            }
        )
        for item in answer.postures
    ]
    return pd.concat(pieces, ignore_index=True)


def audit_frame(answer: AuditAnswer) -> pd.DataFrame:
    """One row per claim."""
    return pd.DataFrame(
        {
            "id": [item.id for item in answer.claims],
            "says": [item.says for item in answer.claims],
            "source": [item.source for item in answer.claims],
            "at_base": [item.at_base for item in answer.claims],
            "share": [np.nan if item.share is None else item.share for item in answer.claims],
            "turns_on": [", ".join(entry.parameter for entry in item.turns_on) for item in answer.claims],
            "reason": [item.reason for item in answer.claims],
        }
    )


def solve_frame(answer: SolveAnswer) -> pd.DataFrame:
    """One row per information set and option."""
    rows = [
        {
            "actor": item.actor,
            "decision": item.decision,
            "sees": ", ".join(f"{name}={label}" for name, label in item.sees.items()),
            "option": option,
            "probability": probability,
            "value": item.action_values[option],
            "reach": item.reach,
        }
        for item in answer.infosets
        for option, probability in item.strategy.items()
    ]
    return pd.DataFrame(rows)
