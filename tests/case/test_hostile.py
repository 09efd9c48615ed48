"""Files made to hurt: each is answered in seconds, in little memory, and by a coded error."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from detente.case import CASE_CODES, MAX_BYTES, diagnose, loads
from detente.errors import CaseError, Diagnostic

HEAD = "case: big\ntitle: big\nactors:\n  A: a\n  B: b\n"
MEGABYTE = 1_000_000


def decisions(count: int, options: int) -> str:
    lines = ["timeline:"]
    for i in range(count):
        labels = ", ".join(f"o{i}_{j}" for j in range(options))
        lines += [f"  - decision: d{i}", "    by: A", f"    options: [{labels}]"]
    return "\n".join(lines) + "\n"


def parameters(count: int) -> str:
    return "parameters:\n" + "".join(f"  p{i}: {{value: 1}}\n" for i in range(count))


def terms(count: int, value: str, when: str = "") -> str:
    condition = f"      when: {when}\n" if when else ""
    return "payoffs:\n  A:\n" + "".join(
        f"    - term: t{i}\n{condition}      value: {value.format(i=i % 100)}\n" for i in range(count)
    )


def unknown_names() -> str:
    sums = ("max(" + ", ".join(f"q{i}x{j}" for j in range(70)) + ")" for i in range(200))
    return (
        HEAD
        + parameters(900)
        + decisions(1, 2)
        + terms(0, "")
        + "".join(f"    - term: t{i}\n      value: {text}\n" for i, text in enumerate(sums))
    )


LARGE: dict[str, Callable[[], str]] = {
    "terms": lambda: HEAD + parameters(100) + decisions(10, 3) + terms(300, "p{i} * p0 + p1 * p2 - p{i}"),
    "wide_conditions": lambda: (
        HEAD
        + parameters(100)
        + decisions(10, 3)
        + terms(300, "p{i}", " or ".join(f"d{i} == o{i}_0" for i in range(10)))
    ),
    "conditions_that_never_hold": lambda: (
        HEAD
        + parameters(100)
        + decisions(10, 3)
        + terms(300, "p{i}", " and ".join(f"d{i} == o{i}_0" for i in range(7)) + " and d0 == o0_1")
    ),
    "unknown_names": unknown_names,
    "unknown_keys": lambda: (
        HEAD + "parameters:\n  p:\n    value: 1\n" + "".join(f"    ab{i}: x\n" for i in range(6000))
    ),
    "unknown_sections": lambda: "".join(f"payof{i}: x\n" for i in range(6000)),
    "duplicate_keys": lambda: "a: 1\n" * 20_000,
    "options": lambda: HEAD + "timeline:\n  - decision: d\n    by: A\n    options: [" + "a, " * 25_000 + "]\n",
    "open_brackets": lambda: "case: " + "[" * 90_000,
    "open_braces": lambda: "case: " + "{a: " * 20_000,
    "dashes": lambda: "- - - -\n" * 11_000,
    "dashes_in_one_line": lambda: "- " * 45_000,
    "questions": lambda: "? " * 45_000,
    "signs": lambda: "!" * 90_000,
    "escapes": lambda: 'case: "' + "\\u0041" * 15_000 + '"\n',
    "one_word": lambda: "x" * 95_000,
    "one_key": lambda: "x" * 95_000 + ": y\n",
    "long_text": lambda: "case: |\n" + " x\n" * 30_000,
    "comments": lambda: "# x\n" * 24_000,
    "blank_lines": lambda: "\n" * 95_000,
    "unclosed_quote": lambda: "case: 'a\n" + "b\n" * 45_000,
    "anchors": lambda: "&a " * 30_000,
    "documents": lambda: "--- a\n" * 15_000,
    "deep_condition": lambda: HEAD + decisions(1, 2) + terms(1, "0", "(" * 200 + "d0 == o0_0" + ")" * 200),
    "alternating_signs": lambda: HEAD + decisions(1, 2) + terms(1, "- - " * 120 + "1"),
    "powers": lambda: HEAD + decisions(1, 2) + terms(1, "1 " + "** 8 " * 60),
    "postures": lambda: (
        HEAD
        + decisions(30, 2)
        + "owner: A\npayoffs: {A: []}\npostures:\n"
        + "".join(
            f"  s{i}:\n    extends: [{', '.join(f's{j}' for j in range(i))}]\n    disclose:\n"
            + "".join(f"      d{k}: all\n" for k in range(30))
            for i in range(55)
        )
    ),
    "correlations": lambda: (
        HEAD
        + "parameters:\n"
        + "".join(
            f"  p{i}:\n    value: 1\n    range: [0, 2]\n    correlated_with:\n"
            + "".join(f"      p{j}: 0.9\n" for j in range(i))
            for i in range(80)
        )
        + decisions(1, 2)
        + terms(1, "p0")
    ),
}


def findings(text: str | bytes) -> list[Diagnostic]:
    try:
        return list(loads(text).warnings)
    except CaseError as error:
        return error.diagnostics


@pytest.mark.parametrize("name", LARGE)
def test_a_large_file_is_answered_soon(name: str):
    text = LARGE[name]()[: MAX_BYTES - 10]
    start = time.process_time()
    found = findings(text)
    assert time.process_time() - start < 2.0
    assert len(found) <= 50
    assert {item.code for item in found} <= set(CASE_CODES)


@pytest.mark.parametrize(
    "content",
    [b"case: x\n" * (10 * MEGABYTE // 8), b"[" * 10 * MEGABYTE, b"\0" * 10 * MEGABYTE, b"\xff" * 10 * MEGABYTE],
    ids=["text", "brackets", "zeros", "not_text"],
)
def test_ten_megabytes_are_refused_unread(tmp_path: Path, content: bytes):
    file = tmp_path / "large.case.yaml"
    file.write_bytes(content)
    start = time.perf_counter()
    case, found = diagnose(file)
    assert time.perf_counter() - start < 0.5
    assert case is None
    assert [(item.code, item.line) for item in found] == [("C112", 1)]
    assert [item.code for item in findings(content)] == ["C112"]


def test_a_file_at_the_limit_is_read_and_one_above_is_not():
    assert [item.code for item in findings(b"#" * MAX_BYTES)] == ["C111"]
    assert [item.code for item in findings(b"#" * (MAX_BYTES + 1))] == ["C112"]


def test_too_many_values():
    assert [item.code for item in findings("a: [" + "b, " * 20_000 + "]")] == ["C107"]


@pytest.mark.parametrize("name", ["missing.case.yaml", ".", "a\0b"])
def test_what_is_no_file(tmp_path: Path, name: str):
    case, found = diagnose(f"{tmp_path}/{name}")
    assert case is None
    assert [item.code for item in found] == ["C100"]


def test_a_long_name_of_a_file():
    assert [item.code for item in diagnose("x" * 5000)[1]] == ["C100"]


def test_lone_surrogates():
    assert [item.code for item in findings("case: \ud800\n")] == ["C101"]


def test_at_most_twenty_five_are_shown_and_the_rest_counted():
    found = findings(HEAD + decisions(1, 2) + terms(60, "nosuch"))
    assert len(found) == 25
    assert "35 more errors are not shown" in found[-1].hint


MEMORY_PROBE = """
import sys
from pathlib import Path
from detente.case import loads
from detente.errors import CaseError
for line in sys.stdin.buffer.read().split(b"\\x01"):
    try:
        loads(line)
    except CaseError:
        pass
status = Path("/proc/self/status").read_text()  # getrusage would count the memory of whoever started this
print(int(status.split("VmHWM:")[1].split()[0]) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_hostile_files_stay_below_300_megabytes():
    texts = [LARGE[name]()[: MAX_BYTES - 10].encode() for name in ("terms", "options", "unknown_names", "postures")]
    texts.append(b"x" * 10 * MEGABYTE)
    done = subprocess.run(
        [sys.executable, "-c", MEMORY_PROBE], input=b"\x01".join(texts), capture_output=True, check=True
    )
    assert int(done.stdout) < 300
