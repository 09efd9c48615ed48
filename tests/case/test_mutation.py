"""Whatever is done to a case file, reading it gives a case or coded errors, and nothing else."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente
from detente.case import CASE_CODES, Case, load, loads, starter
from detente.errors import CaseError

SHIPPED = sorted((Path(detente.__file__).parent / "cases").glob("*.case.yaml"))
WHOLE = Path(__file__).parent / "whole.case.yaml"
TEXTS = [starter("mutant"), *(file.read_text(encoding="utf-8") for file in (WHOLE, *SHIPPED))]
SMALL = [text for text in TEXTS if len(text) < 12_000]
WORDS = sorted({word for text in SMALL for word in text.split()})
ODD = [
    *(
        "",
        " ",
        "\n",
        "\t",
        ":",
        ": ",
        "- ",
        "-",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        "'",
        '"',
        "#",
        "|",
        ">",
        "&a",
        "*a",
        "!",
    ),
    *("%", "@", "`", "?", ",", "~", "null", ".nan", ".inf", "-.inf", "1e999", "0", "-1", "3.7", "rest", "all", "none"),
    *("optimal", "type", "yes", "==", "!=", "**", "in", "not", "and", "if", "else", "--- ", "...", "\0", "\ud800"),
    *("\u202e", "é", "¶", "any of [", "RUS.aim", "x.y.z", "a+b", "(" * 50, "-" * 60, "9" * 500),
]
QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def judge(text: str | bytes) -> None:
    try:
        case = loads(text)
    except CaseError as error:
        found, shown = error.diagnostics, str(error)
    else:
        assert isinstance(case, Case)
        return
    assert found
    assert shown
    assert {item.code for item in found} <= set(CASE_CODES)


@st.composite
def mutated_lines(draw: st.DrawFn) -> str:
    """A case with lines removed, doubled, moved, cut, or indented otherwise."""
    lines = draw(st.sampled_from(SMALL)).split("\n")
    for _ in range(draw(st.integers(1, 4))):
        here = draw(st.integers(0, len(lines) - 1))
        there = draw(st.integers(0, len(lines) - 1))
        line = lines[here]
        match draw(st.integers(0, 4)):
            case 0:
                del lines[here]
            case 1:
                lines.insert(there, line)
            case 2:
                lines[here] = line[: draw(st.integers(0, max(1, len(line))))]
            case 3:
                lines[here] = " " * draw(st.integers(0, 8)) + line.strip()
            case _:
                lines[here] = line.split(":")[0] + ": " + draw(st.sampled_from(ODD + WORDS))
    return "\n".join(lines)


@st.composite
def mutated_text(draw: st.DrawFn) -> str:
    """A case with words replaced or inserted."""
    text = draw(st.sampled_from(SMALL))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        length = draw(st.integers(0, 12))
        text = text[:start] + draw(st.sampled_from(ODD + WORDS)) + text[start + length :]
    return text


@QUIET
@given(mutated_lines())
def test_mutated_lines(text: str):
    judge(text)


@QUIET
@given(mutated_text())
def test_mutated_text(text: str):
    judge(text)


@settings(QUIET, max_examples=40)
@given(st.sampled_from(TEXTS), st.data())
def test_mutated_bytes(text: str, data: st.DataObject):
    content = bytearray(text.encode())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    judge(bytes(content))


@QUIET
@given(st.binary(max_size=200))
def test_any_bytes(content: bytes):
    judge(content)


@QUIET
@given(st.lists(st.sampled_from(ODD + WORDS[:100]), max_size=40))
def test_any_words(words: list[str]):
    judge(" ".join(words))


def test_unmutated_texts_are_sound():
    for file in SHIPPED:
        assert load(file).sha256
    assert loads(starter("mutant")).warnings == ()
