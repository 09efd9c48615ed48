"""What is needed to repeat a run, and the summary of its certificates."""

from __future__ import annotations

import platform
from typing import Any

import numpy as np

from detente import __version__
from detente.case import Case
from detente.study.games import Tally
from detente.study.results import CertificateSummary, Manifest


def make_manifest(case: Case, seed: int, draws: int, settings: dict[str, Any]) -> Manifest:
    """The manifest of a run."""
    import numba
    import scipy

    versions = {
        "detente": __version__,
        "numba": numba.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "scipy": scipy.__version__,
    }
    return Manifest(case.name, case.sha256, __version__, seed, draws, settings, versions)


def summarize(tally: Tally, uncertified: float) -> CertificateSummary:
    """The worst certificate over everything solved.

    Args:
        tally: What was counted while solving.
        uncertified: Share of draws left out because some posture could not be certified there.
    """
    statuses = dict(sorted(tally.statuses.items()))
    return CertificateSummary(
        tally.max_regret, tally.max_residual, uncertified, tally.solved + tally.continued, statuses
    )
