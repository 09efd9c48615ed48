"""`detente assess` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.conftest import Run
from detente import assess
from study.evidence_cases import HISTORY, JUDGED


@pytest.fixture
def record(tmp_path: Path) -> Path:
    (tmp_path / "judged.case.yaml").write_text(JUDGED, encoding="utf-8")
    (tmp_path / "history.case.yaml").write_text(HISTORY, encoding="utf-8")
    return tmp_path


def test_a_case_without_a_timeline_gets_its_answer(detente: Run, record: Path) -> None:
    done = detente("assess", "judged.case.yaml", "--draws", "50")
    assert done.returncode == 0
    assert "As of 8 March 2031" in done.stdout
    assert "Confidence in this judgment is" in done.stdout
    assert "play" not in done.stderr


def test_json_has_the_promised_fields_and_is_that_of_python(detente: Run, record: Path) -> None:
    shown = detente("assess", "history.case.yaml", "--draws", "40", "--json").stdout
    answer = json.loads(shown)
    here = assess(record / "history.case.yaml", draws=40).to_json()
    assert shown == json.dumps(here, indent=2, ensure_ascii=False) + "\n"
    assert answer["schema"] == "detente.assess/1"
    (day, *_) = answer["timeline"]
    assert day["date"] == "2031-03-01"
    assert set(day["type"]["take"]) == {"point", "lower", "upper", "p05", "p95"}
    assert {"id", "influence", "diagnosticity", "strategic"} <= set(answer["items"][0])
    assert answer["items"][0]["strategic"] is True
    assert answer["watch"] == []
    assert answer["scores"] is None
    assert answer["precision"] == 30.0
    assert answer["draws_done"] == 40


def test_options_reach_the_answer(detente: Run, record: Path) -> None:
    done = detente(
        "assess", "history.case.yaml", "--quick", "--as-of", "2031-03-02", "--precision", "0", "--seed", "3",
        "--set", "prize=1", "--json",
    )  # fmt: skip
    answer = json.loads(done.stdout)
    assert answer["as_of"] == "2031-03-02"
    assert [item["id"] for item in answer["items"]] == ["massed"]
    assert answer["moves"][0]["pooled"] is True  # play at random
    assert answer["manifest"]["seed"] == 3
    assert answer["manifest"]["settings"]["set"] == {"prize": 1.0}
    assert answer["draws"] == 100


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("small.case.yaml",), "no evidence to assess"),
        (("judged.case.yaml", "--as-of", "8 March"), "is not a day"),
        (("judged.case.yaml", "--analyst", "zoe"), "no analyst is named 'zoe'"),
        (("judged.case.yaml", "--precision", "-1"), "precision cannot be -1"),
        (("judged.case.yaml", "--set", "nothing=1"), "no parameter is named 'nothing'"),
    ],
)
def test_mistakes_end_with_status_two_and_a_way_out(
    detente: Run, record: Path, small: Path, arguments: tuple[str, ...], says: str
) -> None:
    done = detente("assess", *arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_check_counts_the_evidence(detente: Run, record: Path) -> None:
    assert "Evidence: 4 items and 1 group." in detente("check", "judged.case.yaml").stdout
    found = json.loads(detente("check", "history.case.yaml", "--json").stdout)["evidence"]
    assert found == {"items": 2, "moves": 2, "staged": 0, "indicators": 0, "groups": 0, "analysts": 0}
