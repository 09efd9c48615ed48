from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.conftest import Run
from detente.cli.slopes import refuse_others
from detente.errors import RequestError


def test_derivatives_by_every_parameter(detente: Run, small: Path) -> None:
    done = detente("solve", "small.case.yaml", "--derivatives", "--set", "gain=0.2")
    assert done.returncode == 0
    assert "WHAT MOVES THE VALUE OF DEFENDER (NOW −0.2)" in done.stdout  # it yields
    row = next(line.split() for line in done.stdout.splitlines() if line.startswith("gain"))
    assert row == ["gain", "-1", "-1", "+1"]
    assert "\ncost" not in done.stdout


def test_derivatives_json_of_an_actor(detente: Run, small: Path) -> None:
    done = detente("solve", "small.case.yaml", "--derivatives", "--of", "CHL", "--json")
    answer = json.loads(done.stdout)
    assert (answer["schema"], answer["of"], answer["level"]) == ("detente.derivatives/1", "CHL", 0.0)
    assert {item["name"]: item["slope"] for item in answer["parameters"]} == {"gain": 0.0, "cost": 0.0}


def test_options_that_do_not_go_together() -> None:
    with pytest.raises(RequestError, match="add --derivatives"):
        refuse_others(False, None)
    with pytest.raises(RequestError, match="one at a time"):
        refuse_others(True, "move")
    refuse_others(True, None)


def test_an_unknown_outcome_ends_with_status_2(detente: Run, small: Path) -> None:
    done = detente("solve", "small.case.yaml", "--derivatives", "--of", "nothing")
    assert done.returncode == 2
    assert "neither an outcome nor an actor" in done.stderr
    assert "Traceback" not in done.stderr
