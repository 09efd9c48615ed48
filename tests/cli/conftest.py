from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]

SMALL = """
case: small
title: A door
owner: DEF
actors:
  CHL: Challenger
  DEF: Defender
parameters:
  gain:
    value: 1.0
    range: [0.5, 1.5]
    about: what an attack gains
    source: judgment
    confidence: low
  cost:
    value: 0.5
    range: [0.2, 0.8]
    about: what a defense costs
    source: judgment
    confidence: moderate
timeline:
  - decision: move
    by: CHL
    options: [attack, hold]
  - decision: answer
    by: DEF
    options: [fight, yield]
    when: move == attack
payoffs:
  CHL:
    - term: prize
      when: answer == yield
      value: gain
    - term: fight
      when: answer == fight
      value: -cost
  DEF:
    - term: loss
      when: answer == yield
      value: -gain
    - term: fight
      when: answer == fight
      value: -cost
outcomes:
  attacked: move == attack
postures:
  open:
    status_quo: true
    about: decide when the time comes
  bound:
    about: bind oneself to fight
    commit:
      answer: fight
claims:
  binding_pays:
    says: Binding oneself is at least as good.
    holds_when: value(DEF, bound) >= value(DEF, open)
"""


def run(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """`detente` with these arguments, as a user would run it from a script."""
    return subprocess.run(
        [sys.executable, "-m", "detente", *arguments],
        cwd=cwd,
        env={**os.environ, "COLUMNS": "100", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )


@pytest.fixture
def detente(tmp_path: Path) -> Run:
    """Run the command in an empty folder."""

    def here(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return run(*arguments, cwd=tmp_path, **environment)

    return here


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A case of a few nodes, in the folder in which `detente` runs."""
    path = tmp_path / "small.case.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path
