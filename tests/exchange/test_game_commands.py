"""Game files on the command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from detente.cli import program
from detente.exchange import load_game

SIGNAL = Path(__file__).parents[2] / "docs" / "notebooks" / "signal.efg"


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process, in an empty folder, as the program does."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["detente", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            program.run()
        printed = capsys.readouterr()
        return Done(int(ended.value.code or 0), printed.out, printed.err)

    return command


def test_solve_prints_play_beliefs_and_certificate(run: Run) -> None:
    done = run("solve", str(SIGNAL))
    assert done.returncode == 0, done.stderr
    for text in (
        "A show of force",
        "Certified as a sequential equilibrium",
        "Defender at weak",
        "Believes: chance: weak",
    ):
        assert text in done.stdout


def test_solve_writes_json(run: Run, tmp_path: Path) -> None:
    done = run("solve", str(SIGNAL), "--starts", "2", "-o", "answer.json")
    assert done.returncode == 0, done.stderr
    answer = json.loads((tmp_path / "answer.json").read_text())
    assert answer["schema"] == "detente.solve_game/1"
    assert answer["file"] == "signal.efg"
    assert answer["certificate"]["kind"] == "sequential"


def test_check_says_what_kind_of_game_it_is(run: Run) -> None:
    done = run("check", str(SIGNAL))
    assert done.returncode == 0
    assert "15 nodes" in done.stdout
    assert "some moves are not seen" in " ".join(done.stdout.split())
    game = json.loads(run("check", str(SIGNAL), "--json").stdout)["game"]
    assert game["perfect_information"] is False
    assert game["players"] == 2


def test_check_of_a_wrong_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.efg").write_text('EFG 2 R "t" { "A" }\nt "" 4\n')
    done = run("check", "bad.efg")
    assert done.returncode == 2
    assert "bad.efg:2:6: G204 error" in done.stderr
    assert "Traceback" not in done.stderr


def test_export_there_and_back(run: Run, tmp_path: Path) -> None:
    assert run("export", str(SIGNAL), "-o", "table.nfg").returncode == 0
    assert load_game(tmp_path / "table.nfg").kind == "nfg"
    assert run("export", "table.nfg", "-o", "tree.efg").returncode == 0
    assert load_game(tmp_path / "tree.efg").exact.payoff == load_game(tmp_path / "table.nfg").exact.payoff
    same = run("export", str(SIGNAL), "--format", "efg")
    (tmp_path / "same.efg").write_text(same.stdout)
    assert load_game(tmp_path / "same.efg").body == load_game(SIGNAL).body


def test_a_posture_as_a_table(run: Run, tmp_path: Path) -> None:
    done = run("export", "deterrence-101", "-o", "case.nfg")
    assert done.returncode == 0, done.stderr
    assert load_game(tmp_path / "case.nfg").game.shape.players == ("CHL", "DEF")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("solve", str(SIGNAL), "--why", "weak"), "--why does not go with solve"),
        (("solve", str(SIGNAL), "-p", "x", "--set", "a=1"), "--posture and --set do not go with solve"),
        (("export", str(SIGNAL), "--format", "pdf"), "efg or nfg, not as 'pdf'"),
        (("compare", str(SIGNAL)), "is a game file, not a case"),
        (("solve", "none.efg"), "G100 error"),
        (("solve", str(SIGNAL), "--method", "backward_induction"), "backward induction needs"),
    ],
    ids=lambda value: "_".join(value[:1]) if isinstance(value, tuple) else "",
)
def test_what_makes_no_sense_is_refused(arguments: tuple[str, ...], says: str, run: Run) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
