"""From a file to a checked case, or to everything that is wrong with it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from detente.case import syntax
from detente.case.bind import bind
from detente.case.findings import Enough, Findings
from detente.case.model import Case
from detente.case.span import Span
from detente.errors import CaseError, Diagnostic

MAX_BYTES = 150_000
"""Largest case file. Reading YAML takes about a second for as much; larger files are refused unread."""

_UNREADABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
"""Control characters, unusual line ends, direction marks, and what is no character at all."""


def load(path: str | Path) -> Case:
    """Read and check a case file.

    Args:
        path: The file, by convention ``NAME.case.yaml``.

    Returns:
        The case; its warnings are in ``case.warnings``.

    Raises:
        CaseError: The file cannot be read or is wrong; carries every finding.
    """
    case, found = diagnose(path)
    if case is None:
        raise CaseError(found)
    return case


def loads(text: str | bytes, name: str = "<case>") -> Case:
    """Check a case given as text.

    Args:
        text: The case file's content.
        name: What to call it in messages.

    Raises:
        CaseError: The text is wrong; carries every finding.
    """
    case, found = _examine(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text, name)
    if case is None:
        raise CaseError(found)
    return case


def diagnose(path: str | Path) -> tuple[Case | None, list[Diagnostic]]:
    """Check a case file without raising: the case, or None, and all findings, errors first."""
    file = Path(path)
    try:
        if not file.is_file():
            what = "is a directory" if file.is_dir() else "is not a file" if file.exists() else "does not exist"
            return None, [_about_file(str(path), "C100", f"the file {what}", "Give the path of a .case.yaml file.")]
        with file.open("rb") as stream:
            size = file.stat().st_size
            data = stream.read(MAX_BYTES + 1) if size <= MAX_BYTES else b""
    except (OSError, ValueError) as error:
        return None, [_about_file(str(path), "C100", f"the file cannot be read: {error}", "")]
    if size > MAX_BYTES or len(data) > MAX_BYTES:
        return None, [_too_large(str(path), size)]
    return _examine(data, str(path))


def _examine(data: bytes, name: str) -> tuple[Case | None, list[Diagnostic]]:
    if len(data) > MAX_BYTES:
        return None, [_too_large(name, len(data))]
    text, wrong = _decode(data, name)
    if wrong is not None:
        return None, [wrong]
    findings = Findings(name, text)
    case = None
    try:
        tree = syntax.parse(text, findings)
        if tree is not None:
            case = bind(tree, findings, text=text, sha256=hashlib.sha256(data).hexdigest(), file=name)
        elif not findings.failed:
            findings.error("C111", "the file is empty", Span(), "`detente new NAME` writes a case to start from.")
    except Enough:
        case = None
    if case is None or findings.failed:
        return None, findings.errors + findings.warnings
    return case, findings.warnings


def _decode(data: bytes, name: str) -> tuple[str, Diagnostic | None]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", _about_file(name, "C101", "the file is in UTF-16", "Save it as UTF-8.")
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        message = f"the byte 0x{data[error.start]:02x} is not UTF-8 text"
        return "", Diagnostic("C101", "error", message, name, line, column, 1, "", "Save the file as UTF-8.")
    text = text.replace("\r\n", "\n")
    wrong = _UNREADABLE.search(text)
    if wrong is None:
        return text, None
    line = text.count("\n", 0, wrong.start()) + 1
    column = wrong.start() - text.rfind("\n", 0, wrong.start())
    message = f"the control character U+{ord(wrong.group()):04X} has no place in a text file"
    return "", Diagnostic("C101", "error", message, name, line, column, 1, "", "Remove it. Is this a case file?")


def _too_large(name: str, size: int) -> Diagnostic:
    message = f"the file has {size:,} bytes; a case file may have {MAX_BYTES:,}"
    return _about_file(name, "C112", message, "Move prose and data elsewhere; a case holds the model only.")


def _about_file(name: str, code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code, "error", message, name, 1, 1, 1, "", hint)
