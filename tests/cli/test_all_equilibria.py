"""`solve --all` and `compare --equilibria all` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

from cli.conftest import Run


def test_solve_all_prints_the_list(detente: Run, small: Path) -> None:
    done = detente("solve", "small.case.yaml", "--all")
    assert done.returncode == 0
    assert "ALL EQUILIBRIA FOUND" in done.stdout.upper()
    assert "complete" in done.stdout


def test_compare_takes_principal_or_all_only(detente: Run, small: Path) -> None:
    done = detente("compare", "small.case.yaml", "--quick", "--equilibria", "some")
    assert done.returncode == 2
    assert "principal, all" in done.stderr
    answer = json.loads(
        detente("compare", "small.case.yaml", "--quick", "--draws", "3", "--equilibria", "all", "--json").stdout
    )
    assert answer["equilibria"]["worlds"] == 1
    assert answer["equilibria"]["postures"]
