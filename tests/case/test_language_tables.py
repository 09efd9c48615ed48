"""One list, many readers: codes, schema and starter agree with what the loader does."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

import detente.case
from detente.case import CASE_CODES, json_schema, load, loads, starter
from detente.errors import RequestError

ROOM = Path(detente.case.__file__).parent
SHIPPED = sorted((ROOM.parent / "cases").rglob("*.case.yaml"))
WHOLE = Path(__file__).parent / "whole.case.yaml"


def used_codes() -> set[str]:
    texts = (file.read_text(encoding="utf-8") for file in ROOM.rglob("*.py") if file.name != "codes.py")
    return {code for text in texts for code in re.findall(r'"(C\d{3})"', text)}


def test_every_code_is_explained_and_every_explained_code_is_used():
    assert used_codes() == set(CASE_CODES)


def test_codes_lie_in_their_ranges_and_say_something():
    assert list(CASE_CODES) == sorted(CASE_CODES)
    for code, (title, explanation) in CASE_CODES.items():
        assert code[1] in "0124578"
        assert title
        assert len(explanation) > 20


def plain(text: str) -> Any:
    return with_days_as_text(YAML(typ="safe", pure=True).load(io.StringIO(text)))


def with_days_as_text(value: Any) -> Any:
    """Other readers of YAML take a day for a date; in the case language it is a word."""
    if isinstance(value, dict):
        return {key: with_days_as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_days_as_text(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("file", [WHOLE, *SHIPPED], ids=lambda file: file.stem)
def test_sound_cases_satisfy_the_schema(file: Path):
    data = plain(file.read_text(encoding="utf-8"))
    errors = [error.message for error in Draft202012Validator(json_schema()).iter_errors(data)]
    assert errors == []


def test_the_schema_is_valid_and_describes_every_section():
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    assert all(part.get("description") for part in schema["properties"].values())
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("stem", ["unknown_key", "missing_value", "actors_is_a_list", "no_such_section"])
def test_the_schema_refuses_wrong_shapes(stem: str):
    file = Path(__file__).parent / "broken" / f"{stem}.yaml"
    data = plain(file.read_text(encoding="utf-8")) if file.exists() else {"case": "x", "payof": 1}
    assert list(Draft202012Validator(json_schema()).iter_errors(data))


def test_the_starter_is_sound_and_carries_the_name():
    case = loads(starter("my-crisis-2030"))
    assert case.name == "my-crisis-2030"
    assert case.warnings == ()
    assert "STARTER" not in case.text


@pytest.mark.parametrize("name", ["My Crisis", "", "../x", "-x", "x" * 100, "x\n"])
def test_a_starter_needs_a_sound_name(name: str):
    with pytest.raises(RequestError, match="cannot be the name of a case"):
        starter(name)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_shipped_cases_load_without_warnings(file: Path):
    case = load(file)
    assert case.name == file.name.removesuffix(".case.yaml")
    assert case.warnings == ()
