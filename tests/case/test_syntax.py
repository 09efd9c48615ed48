"""Words know where they stand, down to the character."""

from __future__ import annotations

import pytest

from detente.case import Span
from detente.case.findings import Findings
from detente.case.syntax import Block, Items, Word, parse


def read(text: str) -> Block:
    findings = Findings("test", text)
    tree = parse(text, findings)
    assert findings.errors == []
    assert isinstance(tree, Block)
    return tree


def word(text: str, key: str = "a") -> Word:
    found = read(text)[Word(key)]
    assert isinstance(found, Word)
    return found


def shown(text: str, span: Span) -> str:
    return text.split("\n")[span.line - 1][span.column - 1 :][: span.length]


@pytest.mark.parametrize(
    "text",
    [
        "a: one + two\n",
        "a:   one + two   # three\n",
        "a: 'one + two'\n",
        'a: "one + two"\n',
        "a:\n  one\n  + two\n",
        "a: >\n  one\n  + two\n",
        "a: >-\n\n    one +\n    two\n",
        "a: |\n  one\n    + two\n",
        "a: |2-\n  one\n  two\n",
        "{a: one + two}\n",
        "{x: [1, 2], a: 'one + two'}\n",
        "a: 'one\n  + two'\n",
    ],
)
def test_a_part_of_an_expression_is_found_in_the_file(text: str):
    found = word(text)
    for part in ("one", "two"):
        assert shown(text, found.at(found.index(part), len(part))) == part


def test_a_part_that_is_not_written_as_it_reads_points_at_the_whole():
    text = 'a: "on\\x65 + two"\n'
    found = word(text)
    assert str(found) == "one + two"
    assert found.at(found.index("two"), 3) == found.span == Span(1, 4, 14)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1.0), ("-0.5", -0.5), ("1e-3", 0.001), (".5", 0.5), ("+2.", 2.0)]
    + [(text, None) for text in ("'1'", "0x10", "1_000", "one", "1e", "٣", "NO", "yes", ".")],
)
def test_numbers(text: str, number: float | None):
    assert word(f"a: {text}\n").number == number


@pytest.mark.parametrize("text", [".nan", ".inf", "-.inf", "nan", "Infinity", ".NaN", "+.Inf"])
def test_not_finite(text: str):
    assert word(f"a: {text}\n").not_finite


@pytest.mark.parametrize(("text", "null"), [("", True), ("~", True), ("null", True), ("''", False), ("none", False)])
def test_nothing_written(text: str, null: bool):
    assert word(f"a: {text}\n").null is null


def test_norway_and_truth_stay_words():
    tree = read("a: [NO, yes, off, true, 2021-12-08, 0o7]\n")
    items = tree[Word("a")]
    assert isinstance(items, Items)
    assert [str(item) for item in items] == ["NO", "yes", "off", "true", "2021-12-08", "0o7"]
    assert items.flow


def test_keys_and_blocks_have_places():
    text = "first:\n  second:\n    - x\n    - yy\n"
    tree = read(text)
    (first,) = tree
    inner = tree[first]
    assert first.span == Span(1, 1, 5)
    assert inner.span == Span(2, 3, 1)
    assert [item.span for item in inner[Word("second")]] == [Span(3, 7, 1), Span(4, 7, 2)]
