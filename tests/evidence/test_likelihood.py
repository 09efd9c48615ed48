"""Every form of a likelihood and every grade of a source, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from detente.errors import RequestError
from detente.evidence import MARKS, WORDS, Likelihood, read_likelihood, reliability, reliability_table
from detente.study.icd import LADDER


@pytest.mark.parametrize(
    ("given", "ends"),
    [
        (0.3, (0.3, 0.3)),
        (1, (1.0, 1.0)),
        ((0.2, 0.4), (0.2, 0.4)),
        ("0.3", (0.3, 0.3)),
        ("30%", (0.3, 0.3)),
        ("0.2-0.4", (0.2, 0.4)),
        ("0.2 – 0.4", (0.2, 0.4)),
        ("20-40%", (0.2, 0.4)),
        ("0.2 to 0.4", (0.2, 0.4)),
        ("1e-3..2e-3", (0.001, 0.002)),
        ("++", (0.8, 0.95)),
        ("0", (0.5, 0.5)),
        ("\N{MINUS SIGN}\N{MINUS SIGN}", (0.05, 0.2)),
        (" Very  likely ", (0.8, 0.95)),
        ("Roughly even odds", (0.45, 0.55)),
    ],
)
def test_forms(given, ends):
    found = read_likelihood(given)
    assert (found.low, found.high) == pytest.approx(ends, abs=1e-15)
    assert found.point == pytest.approx(sum(ends) / 2, abs=1e-15)
    assert read_likelihood(found) == found


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (0.0, "rule a type out"),
        ("0.0", "rule a type out"),
        ((0, 0.2), "rule a type out"),
        (1.2, "not a probability"),
        ("120%", "not a probability"),
        ((0.4, 0.2), "not a probability"),
        (float("nan"), "not a probability"),
        ("perhaps", "ICD 203"),
        ("", "ICD 203"),
        ("0.2-0.3-0.4", "ICD 203"),
        ((0.1, 0.2, 0.3), "a pair"),
        (Likelihood(0.2, 0.3, 0.4), "outside its range"),
    ],
)
def test_refused(given, says):
    with pytest.raises(RequestError, match=says):
        read_likelihood(given)


def test_words_are_the_ladder_of_the_reports():
    bottom = 0.01
    for top, words in LADDER:
        assert WORDS[words] == (bottom, min(top, 0.99))
        bottom = top


def test_marks_stand_in_order_and_stand_for_words():
    middles = [sum(MARKS[mark]) for mark in ("--", "-", "0", "+", "++")]
    assert middles == sorted(middles)
    assert [MARKS["+"], MARKS["--"]] == [WORDS["likely"], WORDS["very unlikely"]]


def test_grades():
    table = reliability_table()
    weights = np.array([1.0, 0.8, 0.6, 0.4, 0.2, 0.5])
    np.testing.assert_allclose(table, np.sqrt(np.outer(weights, weights)), atol=0.005)
    assert (reliability("a", 1), reliability("C", "3"), reliability("E", 5), reliability("F", 6)) == (1, 0.6, 0.2, 0.5)
    assert reliability("F", "6", unjudged=0.3) == 0.3
    assert (np.diff(table[:5, :5], axis=0) < 0).all()
    assert (np.diff(table[:5, :5], axis=1) < 0).all()


@pytest.mark.parametrize("grades", [("G", 1), ("A", 7), ("", 1), ("A", "0")])
def test_unknown_grades(grades):
    with pytest.raises(RequestError, match="grades of"):
        reliability(*grades)


def test_the_default_is_a_weight():
    with pytest.raises(RequestError, match="cannot be judged"):
        reliability("F", 6, unjudged=1.5)
