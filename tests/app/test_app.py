from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

import detente
from detente.app import SETTINGS, Job, Setting, find_case, new_case, setting, shipped_cases, writable
from detente.app.assumptions import with_values
from detente.case import CASE_CODES
from detente.errors import Diagnostic, RequestError

LIMITED = [item for item in SETTINGS if item.low is not None or item.high is not None]


@pytest.mark.parametrize("item", SETTINGS, ids=lambda item: item.name)
def test_default_is_legal(item: Setting) -> None:
    assert item.check(item.default) == item.default
    assert item.check(None) == item.default


@pytest.mark.parametrize("item", LIMITED, ids=lambda item: item.name)
def test_limits_are_kept(item: Setting) -> None:
    wrong = item.low - 1 if item.low is not None else item.high + 1  # type: ignore[operator]
    with pytest.raises(RequestError, match=f"{item.name} cannot be"):
        item.check(item.kind(wrong))


@pytest.mark.parametrize(
    ("name", "value"),
    [("draws", 10.0), ("draws", True), ("draws", "10"), ("method", "magic"), ("lam", math.nan), ("seed", 2**64)],
)
def test_wrong_kinds_are_refused(name: str, value: Any) -> None:
    with pytest.raises(RequestError, match="it takes"):
        setting(name).check(value)


def test_shipped_cases_can_be_found_by_name_and_path() -> None:
    for item in shipped_cases():
        assert item.title
        assert find_case(item.name) == find_case(f"{item.name}.case.yaml") == find_case(item.path) == item.path


def test_a_file_of_the_user_comes_before_a_shipped_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("deterrence-101.case.yaml").write_text("case: mine\n", encoding="utf-8")
    assert find_case("deterrence-101.case.yaml") == Path("deterrence-101.case.yaml")
    assert find_case("deterrence-101").parent != Path()


def test_a_near_miss_among_the_files_here_is_suggested(tmp_path: Path) -> None:
    new_case("my-crisis", tmp_path)
    with pytest.raises(RequestError, match=r"Did you mean '.*my-crisis\.case\.yaml'"):
        find_case(tmp_path / "my-crises.case.yaml")


@pytest.mark.parametrize("name", ["\0", "x" * 5_000])
def test_names_that_no_file_can_have(name: str) -> None:
    with pytest.raises(RequestError):
        find_case(name)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = new_case("mine", tmp_path)
    before = path.read_text(encoding="utf-8")
    with pytest.raises(RequestError, match="exists already"):
        new_case("mine", tmp_path)
    assert path.read_text(encoding="utf-8") == before


def test_a_folder_cannot_be_written(tmp_path: Path) -> None:
    assert writable(tmp_path / "new" / "answer.json").parent.is_dir()
    with pytest.raises(RequestError, match="it is a folder"):
        writable(tmp_path)


def test_an_assumption_holds_a_parameter_and_nothing_else() -> None:
    case = detente.load("deterrence-101")
    held = with_values(case, {"p": 0.6})
    assert held.parameter("p").value == 0.6
    assert held.parameter("p").distribution.kind == "fixed"
    for before, after in zip(case.parameters, held.parameters, strict=True):
        assert before == after or after.name == "p"
    assert with_values(case, {}) is case


def test_assumptions_drop_the_correlations_of_what_they_hold() -> None:
    text = (Path(__file__).parents[1] / "case" / "whole.case.yaml").read_text(encoding="utf-8")
    case = detente.loads(text)
    pairs = [(item.name, other) for item in case.parameters for other, _ in item.correlated]
    assert pairs
    name, other = pairs[0]
    held = with_values(case, {other: case.parameter(other).value})
    assert other not in dict(held.parameter(name).correlated)


def test_a_check_collects_every_finding(tmp_path: Path) -> None:
    path = tmp_path / "bad.case.yaml"
    path.write_text("case: bad\ntitle: x\nactrs:\n  A: a\nclaims:\n  c:\n    sys: x\n", encoding="utf-8")
    answer = detente.check(path)
    assert not answer.ok
    assert len(answer.diagnostics) >= 3
    assert {item.code for item in answer.diagnostics} <= set(CASE_CODES)
    assert answer.size == {}


def test_a_check_of_a_case_in_memory() -> None:
    case = detente.load("deterrence-101")
    assert detente.check(case) == detente.check("deterrence-101")


def test_a_job_tells_stops_and_times() -> None:
    told: list[tuple[str, int, int]] = []
    job = Job(listener=lambda *what: told.append(what))
    job("draw", 1, 2)
    job("solve", 0, 1)
    assert told == [("draw", 1, 2), ("solve", 0, 1)]
    assert not job.stopped
    job.stop()
    assert job.stopped
    assert list(job.timings()) == ["draw", "solve", "total"]


def test_a_spent_budget_stops_a_job() -> None:
    assert Job(time_budget=0.0).stopped
    assert not Job(time_budget=1e6).stopped
    assert not Job(time_budget=0.0).stopped_by_user


def test_the_front_page_names_what_it_has() -> None:
    assert sorted(detente.__all__, key=str.lower) == sorted(set(detente.__all__), key=str.lower)
    assert len(detente.__all__) <= 30
    assert detente.Diagnostic is Diagnostic
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = detente.nothing
