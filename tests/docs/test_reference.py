"""Every setting, command, error code, key of the language and public name is documented."""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections import defaultdict
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import detente
from detente.app import APP_CODES, SETTINGS, Setting
from detente.case import CASE_CODES, Case, case_from_steps, json_schema, loads
from detente.cli.program import COMMANDS
from detente.compiler import COMPILER_CODES, compile_posture

DOCS = Path(__file__).parents[2] / "docs"
LANGUAGE = ("case-file", "timeline", "expressions", "postures", "claims")
ROOMS = (
    *("app", "report", "study", "ensemble", "exchange", "models", "cases", "compiler", "case", "solvers", "evidence"),
    "game",
)


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["cli.md", "settings.md", "errors.md"])
def test_generated_pages_are_fresh(name: str) -> None:
    made = generator().pages()[name]
    assert made == (DOCS / name).read_text(encoding="utf-8"), "run `make pages`"


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda item: item.name)
def test_setting_is_documented(setting: Setting) -> None:
    assert f"\n## {setting.name}\n" in page("settings")


@pytest.mark.parametrize("name", COMMANDS)
def test_command_is_documented(name: str) -> None:
    assert f"\n## detente {name}\n" in page("cli")


@pytest.mark.parametrize("code", [*CASE_CODES, *COMPILER_CODES, *APP_CODES])
def test_code_is_documented(code: str) -> None:
    assert f"\n## {code}: " in page("errors")


def test_codes_of_rooms_do_not_collide() -> None:
    assert len({*CASE_CODES, *COMPILER_CODES, *APP_CODES}) == len(CASE_CODES) + len(COMPILER_CODES) + len(APP_CODES)


@pytest.mark.parametrize("name", [name for name in detente.__all__ if name != "__version__"])
def test_public_name_can_be_had_and_says_what_it_is(name: str) -> None:
    assert getattr(detente, name).__doc__


@pytest.mark.parametrize("room", ROOMS)
def test_room_has_a_page_and_keeps_its_promises(room: str) -> None:
    module = importlib.import_module(f"detente.{room}")
    assert f".. automodule:: detente.{room}\n" in page(f"api/{room}")
    assert f"\n{room}\n" in page("api/index")
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


def keys_of_language() -> list[str]:
    schema = json_schema()
    parts = [schema, *schema["$defs"].values()]
    return sorted({key for part in parts for key in part.get("properties", {})})


@pytest.mark.parametrize("key", keys_of_language())
def test_key_of_the_language_is_documented(key: str) -> None:
    text = "".join(page(f"language/{name}") for name in (*LANGUAGE, "rounds", "evidence", "settlement"))
    assert f"`{key}`" in text or f"`{key}: " in text


def example() -> str:
    """The case that runs through the language pages, put together from its parts."""
    text = "".join(page(f"language/{name}") for name in LANGUAGE)
    sections: dict[str, list[str]] = defaultdict(list)
    for block in re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^(?=\w)", block, flags=re.MULTILINE):
            if part:
                head, _, body = part.partition(":")
                sections[head].append(body)
    return "".join(
        f"{name}:{parts[0]}{''.join(part.lstrip(chr(10)) for part in parts[1:])}" for name, parts in sections.items()
    )


def test_the_example_of_the_language_pages_is_a_sound_case() -> None:
    case = loads(example(), "docs/language")
    answer = detente.check(case, strict=True)
    assert [item.render() for item in answer.diagnostics] == []
    assert len(case.claims) == 6


def keys(value: Any, skip: tuple[str, ...]) -> set[str]:
    """Names of the fields in an answer, without those that come from the case."""
    if isinstance(value, list):
        return set().union(*(keys(item, skip) for item in value)) if value else set()
    if not isinstance(value, dict):
        return set()
    found = set(value)
    for name, item in value.items():
        found |= set() if name in skip else keys(item, skip)
    return found


BY_NAME = ("actors", "value", "value_by_type", "outcomes", "abandon_gain", "base_value", "base_outcomes", "values")
MORE_BY_NAME = ("base_value_by_type", "statuses", "settings", "versions", "size", "strategy", "action_values", "sees")
FREE = (*BY_NAME, *MORE_BY_NAME, "terms", "beliefs", "best_response_gain", "quantities", "optimal")


@pytest.mark.parametrize("question", ["compare", "audit", "solve"])
def test_every_field_of_the_json_is_documented(question: str) -> None:
    ask = {
        "compare": lambda: detente.compare("deterrence-101", draws=3, quick=True),
        "audit": lambda: detente.audit("deterrence-101", draws=3, quick=True),
        "solve": lambda: detente.solve("deterrence-101"),
    }[question]
    text = page("json")
    found = keys(ask().to_json(), FREE)
    assert [name for name in sorted(found) if f"`{name}`" not in text and f".{name}`" not in text] == []


def test_every_field_of_the_json_of_a_settlement_is_documented() -> None:
    text = page("json").partition("## `settle`")[2]
    found = detente.settle(settlement_example(), draws=3).to_json()
    del found["manifest"]
    free = (
        "parties",
        "steps",
        "step_titles",
        "done",
        "performers",
        "prices",
        "entered_by",
        "entered_shares",
        "value",
        "outside",
    )
    by_party = ("terms", "frontier", "sincere", "sincere_over_worlds", "told", "completion_if", "value_if", "leaves")
    free = (*free, *by_party, "leaves_if")
    every = keys(found, free) | keys(found["designs"], free)
    known = {name for name in every if f"`{name}`" in text} | {"schema", "case", "case_title"}
    assert sorted(every - known) == []


def settlement_example() -> Case:
    (text,) = re.findall(r"^```yaml\n(.*?)^```$", page("language/settlement"), re.MULTILINE | re.DOTALL)
    return loads(text, "docs/language/settlement")


def test_the_example_of_the_page_on_settlements_is_sound_and_its_claim_holds() -> None:
    case = settlement_example()
    assert case.warnings == ()
    answer = detente.settle(case, quick=True)
    assert [item.holds_at_base for item in answer.designs] == [False, True, True, True]
    (table,) = re.findall(r"^```text\n(.*?)^```$", page("language/settlement"), re.MULTILINE | re.DOTALL)
    made = loads(case_from_steps(table, "my-deal")).settlement
    assert made is not None
    assert [step.id for step in made.steps] == ["truce", "release", "road"]


def test_the_example_of_the_page_on_rounds_is_a_sound_case() -> None:
    (text,) = re.findall(r"^```yaml\n(.*?)^```$", page("language/rounds"), re.MULTILINE | re.DOTALL)
    case = loads(text, "docs/language/rounds")
    assert case.warnings == ()
    assert case.rounds is not None
    for posture in case.postures:
        assert compile_posture(case, posture).size.nodes > 1
