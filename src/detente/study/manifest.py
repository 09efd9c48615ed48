"""What is needed to repeat a run, and the summary of its certificates."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Any

import numpy as np

from detente import __version__
from detente.case import Case
from detente.exchange import GameFile
from detente.study.games import Tally
from detente.study.results import CertificateSummary, Manifest


def make_manifest(case: Case, seed: int, draws: int, settings: dict[str, Any]) -> Manifest:
    """The manifest of a run."""
    return Manifest(case.name, case.sha256, __version__, seed, draws, settings, _versions())


def file_manifest(file: GameFile, seed: int, settings: dict[str, Any]) -> Manifest:
    """The manifest of a run on a game file."""
    return Manifest(Path(file.name).name, file.sha256, __version__, seed, 1, settings, _versions())


def _versions() -> dict[str, str]:
    import numba
    import scipy

    return {
        "detente": __version__,
        "numba": numba.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "scipy": scipy.__version__,
    }


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
