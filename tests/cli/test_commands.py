from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cli.conftest import Run


def test_check_says_sound_and_how_big(detente: Run, small: Path) -> None:
    done = detente("check", "small.case.yaml")
    assert done.returncode == 0
    assert "small is sound" in done.stdout
    assert done.stderr == ""


def test_check_json(detente: Run, small: Path) -> None:
    answer = json.loads(detente("check", "small.case.yaml", "--json").stdout)
    assert answer == {
        "schema": "detente.check/1",
        "case": "small",
        "ok": True,
        "diagnostics": [],
        "size": {
            "open": {"nodes": 5, "terminals": 3, "infosets": 2},
            "bound": {"nodes": 3, "terminals": 2, "infosets": 1},
        },
        "game": None,
        "evidence": None,
    }


def test_check_json_of_a_broken_case_is_on_standard_output(detente: Run, small: Path) -> None:
    small.write_text("case: small\n", encoding="utf-8")
    done = detente("check", "small.case.yaml", "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 2
    assert answer["ok"] is False
    assert answer["diagnostics"][0]["code"] == "C004"
    assert done.stderr == ""


def test_strict_lets_warnings_count(detente: Run, small: Path) -> None:
    text = small.read_text(encoding="utf-8")
    small.write_text(text.replace("attacked: move", "never: answer == fight and move == hold\n  attacked: move"))
    assert detente("check", "small.case.yaml").returncode == 0
    strict = detente("check", "small.case.yaml", "--strict")
    assert strict.returncode == 2
    assert "C313" in strict.stderr


def test_base_values_that_do_not_work_out_are_found(detente: Run, small: Path) -> None:
    text = small.read_text(encoding="utf-8")
    small.write_text(text.replace("value: gain\n", "value: log(gain - cost - cost)\n"), encoding="utf-8")
    done = detente("check", "small.case.yaml")
    assert done.returncode == 2
    assert "C601" in done.stderr


def test_schema_is_json_schema(detente: Run) -> None:
    schema = json.loads(detente("check", "--schema").stdout)
    assert schema["$schema"].startswith("https://json-schema.org/")


def test_new_writes_a_sound_case(detente: Run, tmp_path: Path) -> None:
    assert detente("new", "my-crisis").returncode == 0
    assert (tmp_path / "my-crisis.case.yaml").exists()
    assert detente("check", "my-crisis.case.yaml", "--strict").returncode == 0


def test_cases_lists_what_is_shipped(detente: Run) -> None:
    assert "ukraine-2021" in detente("cases").stdout
    names = [item["name"] for item in json.loads(detente("cases", "--json").stdout)["cases"]]
    assert names == sorted(names)
    assert "deterrence-101" in names


def test_solve_answers_and_explains_one_decision(detente: Run, small: Path) -> None:
    answer = json.loads(detente("solve", "small.case.yaml", "--json").stdout)
    assert answer["values"] == {"CHL": 0.0, "DEF": 0.0}
    assert answer["certificate"]["regret"] <= 1e-8
    one = json.loads(detente("solve", "small.case.yaml", "--json", "--why", "answer").stdout)
    assert [item["decision"] for item in one["infosets"]] == ["answer"]


def test_an_assumption_changes_the_answer_and_is_on_record(detente: Run, small: Path) -> None:
    answer = json.loads(detente("solve", "small.case.yaml", "--json", "--set", "cost=1.2").stdout)
    assert answer["values"]["CHL"] == 1.0
    assert answer["manifest"]["settings"]["set"] == {"cost": 1.2}
    assert "cost = 1.2 is outside its stated range, 0.2 to 0.8." in answer["notes"]


def test_same_seed_same_bytes(detente: Run, small: Path) -> None:
    first = detente("compare", "small.case.yaml", "--quick", "--json", "--seed", "7")
    second = detente("compare", "small.case.yaml", "--quick", "--json", "--seed", "7")
    assert first.stdout == second.stdout
    assert json.loads(first.stdout)["manifest"]["draws"] == 100


def test_timings_stay_out_of_the_answer(detente: Run, small: Path, tmp_path: Path) -> None:
    done = detente("compare", "small.case.yaml", "--draws", "5", "-o", "out/answer.json")
    assert done.stdout == ""
    assert "Took" in done.stderr
    answer = json.loads((tmp_path / "out" / "answer.json").read_text(encoding="utf-8"))
    assert answer["draws_done"] == 5
    timings = json.loads((tmp_path / "out" / "answer.json.timings.json").read_text(encoding="utf-8"))
    assert timings["seconds"]["total"] > 0


def test_postures_can_be_chosen(detente: Run, small: Path) -> None:
    done = detente("compare", "small.case.yaml", "--draws", "5", "--json", "--posture", "bound", "-p", "open")
    assert {item["name"] for item in json.loads(done.stdout)["postures"]} == {"open", "bound"}


def test_audit_judges_the_claims(detente: Run, small: Path) -> None:
    answer = json.loads(detente("audit", "small.case.yaml", "--quick", "--json").stdout)
    assert [item["id"] for item in answer["claims"]] == ["binding_pays"]
    assert answer["claims"][0]["at_base"] == "holds"


def test_report_is_one_file_without_network(detente: Run, small: Path, tmp_path: Path) -> None:
    done = detente("report", "small.case.yaml", "--quick", "-o", "out/small.html")
    assert done.returncode == 0
    assert done.stdout == f"Wrote {Path('out/small.html')}\n"
    page = (tmp_path / "out" / "small.html").read_text(encoding="utf-8")
    assert "A door" in page
    assert "<script src" not in page


def test_compare_can_write_the_report_too(detente: Run, small: Path, tmp_path: Path) -> None:
    done = detente("compare", "small.case.yaml", "--quick", "--report", "small.html")
    assert done.returncode == 0
    assert "Which posture serves" in done.stdout
    assert (tmp_path / "small.html").exists()


def test_export_writes_efg(detente: Run, small: Path, tmp_path: Path) -> None:
    assert detente("export", "small.case.yaml").stdout.startswith("EFG 2 R ")
    assert detente("export", "small.case.yaml", "--posture", "bound", "-o", "bound.efg").returncode == 0
    assert (tmp_path / "bound.efg").read_text(encoding="utf-8").startswith("EFG 2 R ")


def test_export_refuses_what_has_to_be_found(detente: Run) -> None:
    done = detente("export", "deterrence-101", "--posture", "calibrated")
    assert done.returncode == 2
    assert "Postures that can be exported: undisclosed, revealed, announced_odds." in done.stderr


def test_the_limit_on_size_is_a_setting(detente: Run) -> None:
    done = detente("solve", "ukraine-2021", "--node-limit", "100")
    assert done.returncode == 2
    assert "C306" in done.stderr


def test_a_time_budget_gives_the_answer_so_far(detente: Run) -> None:
    done = detente("compare", "deterrence-101", "--draws", "200000", "--json", "--time-budget", "12")
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    assert answer["interrupted"] is True
    assert 0 < answer["draws_done"] <= 200_000


@pytest.mark.skipif(os.name == "nt", reason="signals work differently there")
def test_ctrl_c_gives_the_answer_so_far() -> None:
    command = [sys.executable, "-m", "detente", "compare", "deterrence-101", "--draws", "200000", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith(("worlds: ", "sweeps")):
                process.send_signal(signal.SIGINT)
                break
        out, errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "the answer so far follows" in errors
    assert json.loads(out)["interrupted"] is True
