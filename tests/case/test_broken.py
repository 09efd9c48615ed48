"""Every file in ``broken/`` says in its first line what is wrong with it, and where."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from detente.case import CASE_CODES, diagnose, load
from detente.errors import CaseError

FILES = sorted((Path(__file__).parent / "broken").glob("*.yaml"))
UNABLE_TO_SAY = {"empty": [("C111", 1)], "utf16": [("C101", 1)]}
SECONDS = 2.0


def expected(file: Path) -> list[tuple[str, int]]:
    if file.stem in UNABLE_TO_SAY:
        return UNABLE_TO_SAY[file.stem]
    first = file.read_bytes().split(b"\n")[0].decode("latin-1")
    assert first.startswith("# expect: ")
    return [(code, int(line)) for code, line in re.findall(r"(C\d{3}) line (\d+)", first)]


def test_the_corpus_is_large():
    assert len(FILES) >= 60


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_broken_file_gives_exactly_its_errors(file: Path):
    start = time.process_time()
    case, found = diagnose(file)
    assert time.process_time() - start < SECONDS
    assert case is None
    errors = sorted((item.line, item.code) for item in found if item.severity == "error")
    assert errors == sorted((line, code) for code, line in expected(file))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_error_can_be_shown(file: Path):
    lines = file.read_bytes().decode("utf-8", "replace").split("\n")
    for item in diagnose(file)[1]:
        assert item.file == str(file)
        assert item.code in CASE_CODES
        assert item.message
        assert "\n" not in item.message
        assert item.length >= 1
        assert item.code in item.render()
        if item.source:
            assert item.source == lines[item.line - 1]
            assert 1 <= item.column <= len(item.source) + 1


def test_load_raises_with_every_finding():
    file = next(file for file in FILES if file.stem == "several_mistakes")
    with pytest.raises(CaseError) as caught:
        load(file)
    assert [(item.code, item.line) for item in caught.value.diagnostics] == expected(file)


@pytest.mark.parametrize(
    ("stem", "marked", "hint"),
    [
        ("unknown_actor_in_by", "CLH", "Did you mean 'CHL'? The actors here are: CHL, DEF."),
        ("unknown_key", "sorce", "Did you mean 'source'?"),
        ("unknown_label_in_ends", "halt", "The labels here are: attack, hold."),
        ("flow_expression_cut", "open) > 0", "put the whole expression in quotes"),
        ("flow_expression_list", "[", "Put the expression in quotes"),
        ("condition_in_folded_text", "mve", "Did you mean 'move'?"),
        ("condition_mapping_unknown_label", "sever", "Did you mean 'severe'?"),
        ("expression_unnamed_number", "-0.5", "Declare a parameter"),
        ("value_outside_range", "1.5", "[0.2, 0.9]"),
        ("evidence_unknown_group", "cables", "Did you mean 'cable'?"),
        ("evidence_move_ruled_out", "warn", "Under it, 'answer' is one of: wait."),
        ("evidence_grade", "G", "The grades of reliability are A"),
        ("evidence_not_a_likelihood", "surely", "a word of ICD 203"),
        ("evidence_staged_by_somebody_else", "DEF", "can_stage: CHL"),
        ("claim_unknown_posture", "opne", "Did you mean 'open'?"),
        ("tab_indentation", "\t", "spaces"),
    ],
)
def test_the_caret_and_the_way_out(stem: str, marked: str, hint: str):
    found = diagnose(next(file for file in FILES if file.stem == stem))[1][0]
    shown = found.source[found.column - 1 : found.column - 1 + found.length]
    assert shown.startswith(marked) or marked.startswith(shown)
    assert hint in found.hint


def test_the_corpus_knows_every_error_of_the_language():
    warnings = {"C036", "C038", "C039", "C040", "C041", "C044", "C045", "C049", "C231", "C712"}
    generated = {"C100", "C107", "C112"}  # see test_hostile
    internal = {"C203", "C241", "C242"}  # expressions alone, see their own tests
    covered = {code for file in FILES for code, _ in expected(file)}
    assert set(CASE_CODES) - covered == warnings | generated | internal
