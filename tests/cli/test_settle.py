"""`detente settle` and `detente settlement import`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.conftest import Run
from detente.app import check, import_settlement
from detente.errors import RequestError
from study.test_settle import DEAL

TABLE = "step,says,by,after,benefit:A,benefit:B\ngive,A gives.,A,,-0.4,0.7\npay,B pays.,B,give,0.7,-0.4\n"


@pytest.fixture(name="deal")
def _deal(tmp_path: Path) -> str:
    file = tmp_path / "swap.case.yaml"
    file.write_text(DEAL, encoding="utf-8")
    return str(file)


def test_settle_prints_the_documented_json(detente: Run, deal: str) -> None:
    done = detente("settle", deal, "--draws", "20", "--design", "guarded", "--set", "fine=0.9", "--json")
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    (design,) = answer["designs"]
    assert (design["name"], design["exists_at_base"], design["orders"]) == ("guarded", True, 1)
    assert design["best_order"] == [["give"], ["pay"]]
    assert answer["manifest"]["settings"]["set"] == {"fine": 0.9}
    assert "fine = 0.9" in answer["notes"][0]


@pytest.mark.parametrize("command", ["compare", "export"])
def test_questions_that_need_a_game_say_so(detente: Run, deal: str, command: str) -> None:
    done = detente(command, deal)
    assert done.returncode == 2
    assert "this case has no timeline" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_and_audit_take_a_case_without_a_game(detente: Run, deal: str) -> None:
    assert check(deal).ok
    assert check(deal).size == {}
    audited = detente("audit", deal, "--draws", "20", "--json")
    assert [item["at_base"] for item in json.loads(audited.stdout)["claims"]] == ["fails", "fails", "holds"]


def test_wrong_requests_are_told_what_is_right(detente: Run, deal: str) -> None:
    done = detente("settle", deal, "--design", "gaurded")
    assert (done.returncode, "Did you mean 'guarded'" in done.stderr) == (2, True)


def test_import_writes_a_case_that_settles(detente: Run, tmp_path: Path) -> None:
    table, file = tmp_path / "steps.csv", tmp_path / "made.case.yaml"
    table.write_text(TABLE, encoding="utf-8")
    done = detente("settlement", "import", str(table), "--case", "made", "-o", str(file))
    assert done.returncode == 0
    answer = json.loads(detente("settle", str(file), "--draws", "1", "--json").stdout)
    assert answer["designs"][0]["guarantee"] == pytest.approx(0.4)
    with pytest.raises(RequestError, match="exists already"):
        import_settlement(table, "made", file)
    with pytest.raises(RequestError, match="cannot be read"):
        import_settlement(tmp_path / "none.csv")


def test_import_names_row_and_column(detente: Run, tmp_path: Path) -> None:
    table = tmp_path / "steps.csv"
    table.write_text(TABLE.replace("pay,B pays.,B", "pay,B pays.,C"), encoding="utf-8")
    done = detente("settlement", "import", str(table))
    assert done.returncode == 2
    assert "row 3, column 'by': 'C' is no party" in done.stderr
