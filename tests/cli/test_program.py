from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli.conftest import Run
from detente import __version__
from detente.cli.program import COMMANDS

HEAVY = ("numba", "pandas", "altair", "pyarrow", "scipy", "numpy", "rich")


def test_help_names_every_command(detente: Run) -> None:
    done = detente("--help")
    assert done.returncode == 0
    for name, (_, question) in COMMANDS.items():
        assert name in done.stdout
        assert question in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(detente: Run, name: str) -> None:
    done = detente(name, "--help")
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def test_version(detente: Run) -> None:
    assert detente("--version").stdout == f"detente {__version__}\n"


@pytest.mark.parametrize("module", ["detente", "detente.cli", "detente.cli.program", "detente.app", "detente.report"])
def test_importing_is_light(module: str) -> None:
    code = f"import sys, {module}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_is_quick() -> None:
    """0.3 s is the promise; the processor's own time is compared, since the machine may be busy."""
    before = os.times()
    for _ in range(3):
        subprocess.run([sys.executable, "-m", "detente", "--help"], capture_output=True, check=True)
    after = os.times()
    spent = after.children_user - before.children_user + after.children_system - before.children_system
    assert spent / 3 < 0.3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chekc"], "Did you mean 'check'?"),
        (["check"], "check needs a CASE"),
        (["check", "ukrane-2021"], "Did you mean 'ukraine-2021'?"),
        (["solve", "nothing.case.yaml"], "Shipped cases:"),
        (["compare", "small.case.yaml", "--draws", "0"], "draws cannot be 0"),
        (["compare", "small.case.yaml", "--set", "gain"], "--set takes PARAMETER=NUMBER"),
        (["compare", "small.case.yaml", "--set", "gian=1"], "no parameter is named 'gian'. Did you mean 'gain'?"),
        (["compare", "small.case.yaml", "--set", "gain=nan"], "a parameter is a finite number"),
        (["compare", "small.case.yaml", "--posture", "opne"], "Did you mean 'open'?"),
        (["solve", "small.case.yaml", "--posture", "opne"], "Did you mean 'open'?"),
        (["solve", "small.case.yaml", "--why", "mvoe"], "Did you mean 'move'?"),
        (["solve", "small.case.yaml", "--method", "magic"], "it takes auto, logit, backward_induction"),
        (["solve", "small.case.yaml", "--lam", "-1"], "lam cannot be -1"),
        (["export", "small.case.yaml", "--posture", "opne"], "Did you mean 'open'?"),
        (["audit", "small.case.yaml", "--seed", "-1"], "seed cannot be -1"),
        (["compare", "small.case.yaml", "--quick", "-o", "small.case.yaml/x.json"], "cannot be written"),
        (["new", "Not A Name"], "cannot be the name of a case"),
        (["new", "small"], "exists already"),
        (["check", "."], "is a folder, not a case file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_mistakes_end_with_status_2_and_a_way_out(detente: Run, small: Path, arguments: list[str], said: str) -> None:
    done = detente(*arguments)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("command", ["check", "solve", "compare", "audit", "report", "export"])
def test_a_broken_case_ends_every_command_alike(detente: Run, small: Path, command: str) -> None:
    small.write_text(small.read_text(encoding="utf-8").replace("by: CHL", "by: CHN"), encoding="utf-8")
    done = detente(command, "small.case.yaml")
    assert done.returncode == 2
    assert "small.case.yaml:23:9: C012" in done.stderr
    assert "Did you mean 'CHL'?" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="pipes break differently there")
def test_a_reader_that_leaves_is_no_error() -> None:
    writer = subprocess.Popen(
        [sys.executable, "-m", "detente", "check", "--schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert writer.stdout is not None
    assert writer.stderr is not None
    writer.stdout.readline()
    writer.stdout.close()
    started = time.monotonic()
    errors = writer.stderr.read()
    writer.stderr.close()
    writer.wait(timeout=60)
    assert errors == b""
    assert time.monotonic() - started < 60
