"""`detente evidence`: from a spreadsheet to a timeline, as a new user would go."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.conftest import Run
from detente import app
from detente.errors import CaseError, RequestError
from detente.evidence import Prior, read_matrix
from detente.evidence import timeline as evidence_timeline

MATRIX = """id,reported,reliability,credibility,group,war,talks
essay,2021-07-12,A,1,,++,0
troops,2021-12-03,B,2,leak,likely,0.3-0.5
again,2021-12-04,C,3,leak,0.8,0.4
"""


@pytest.fixture
def matrix(tmp_path: Path) -> Path:
    path = tmp_path / "my evidence.csv"
    path.write_text(MATRIX, encoding="utf-8")
    return path


def test_from_a_spreadsheet_to_a_timeline(detente: Run, matrix: Path) -> None:
    done = detente("evidence", "import", matrix.name, "-o", "made.case.yaml", "--about", "RUS.aim")
    assert done.returncode == 0, done.stderr
    assert "Wrote made.case.yaml: 3 items on RUS.aim. Next: detente assess made.case.yaml" in done.stdout
    answer = detente("assess", "made.case.yaml", "--draws", "20", "--json")
    assert answer.returncode == 0, answer.stderr
    days = json.loads(answer.stdout)["timeline"]
    wanted = evidence_timeline(read_matrix(MATRIX), Prior.of(("war", "talks")), draws=5)
    assert [day["date"] for day in days] == [day.isoformat() for day in wanted.days]
    for day, point in zip(days, wanted.point, strict=True):
        assert [day["type"][label]["point"] for label in ("war", "talks")] == pytest.approx(list(point), abs=1e-9)


def test_a_mistake_ends_with_status_2_and_the_cell(detente: Run, matrix: Path) -> None:
    matrix.write_text(MATRIX.replace("likely,", "maybe,"), encoding="utf-8")
    done = detente("evidence", "import", matrix.name)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert f"{matrix.name}:3:6: T120 error: row 3, column F (war): 'maybe' is not a likelihood." in done.stderr
    assert "++" in done.stderr


def test_a_workbook_and_back(tmp_path: Path, matrix: Path) -> None:
    first = app.import_evidence(matrix, about="RUS.aim", output=tmp_path / "a.case.yaml")
    assert first.path is not None
    app.export_evidence(first.path, tmp_path / "m.xlsx")
    second = app.import_evidence(tmp_path / "m.xlsx", about="RUS.aim", name="my-evidence")
    assert second.path is None
    assert app.loads(second.text).evidence == app.load(first.path).evidence
    assert app.load(first.path).name == "my-evidence"


def test_the_template_can_be_imported(tmp_path: Path) -> None:
    for ending in ("csv", "xlsx"):
        app.evidence_template(tmp_path / f"t.{ending}", ["war", "talks"])
        found = app.import_evidence(tmp_path / f"t.{ending}")
        assert (found.items, found.indicators, found.labels) == (3, 1, ("war", "talks"))
        assert "THEM.aim" in found.notes[-1]


def test_evidence_goes_into_a_case_that_there_is(tmp_path: Path, matrix: Path) -> None:
    path = tmp_path / "a.case.yaml"
    app.import_evidence(matrix, about="RUS.aim", output=path)
    matrix.write_text(MATRIX.replace("essay", "treatise"), encoding="utf-8")
    found = app.import_evidence(matrix, case=path, output=path, overwrite=True)
    assert found.about == "RUS.aim"
    evidence = app.load(path).evidence
    assert evidence is not None
    assert [item.id for item in evidence.items] == ["treatise", "troops", "again"]


def test_nothing_is_lost(tmp_path: Path, matrix: Path) -> None:
    path = tmp_path / "a.case.yaml"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(RequestError, match="exists already"):
        app.import_evidence(matrix, output=path)
    assert path.read_text(encoding="utf-8") == "mine"
    with pytest.raises(RequestError, match=r"must end in \.csv or \.xlsx"):
        app.evidence_template(tmp_path / "t.ods")


@pytest.mark.parametrize("about", ["RUS", "RUS.aim.x", "1.a", "a b.c", ""])
def test_a_type_that_is_none_is_refused(matrix: Path, about: str) -> None:
    with pytest.raises(RequestError, match=r"as in RUS\.aim"):
        app.import_evidence(matrix, about=about)


def test_what_cannot_be_done_is_said(small: Path, matrix: Path) -> None:
    with pytest.raises(RequestError, match="has no section `evidence`"):
        app.export_evidence(small)
    with pytest.raises(RequestError, match="say which type is judged with --about"):
        app.import_evidence(matrix, case=small)
    with pytest.raises(RequestError, match=r"the case has no type 'RUS\.aim'"):
        app.import_evidence(matrix, case=small, about="RUS.aim")
    with pytest.raises(RequestError, match="at least two types"):
        app.evidence_template(None, ["war"])
    with pytest.raises(RequestError, match="cannot be the name of a type"):
        app.evidence_template(None, ["war", "1st"])


def test_a_table_that_makes_no_sound_case_says_why(tmp_path: Path) -> None:
    """A type cannot be called like an actor."""
    path = tmp_path / "m.csv"
    path.write_text("id,reported,RUS,talks\nx,2021-12-03,0.1,0.2\n", encoding="utf-8")
    with pytest.raises(CaseError, match="RUS"):
        app.import_evidence(path, about="RUS.aim")
