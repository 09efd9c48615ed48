"""Words of likelihood, at and next to every boundary of the ladder, and the sentence they stand in."""

from __future__ import annotations

import pytest

from detente.study.icd import EVERY, LADDER, NONE, it_is, likelihood
from detente.study.statement import confidence, percent, statement
from study.small_cases import deterrence

CLOSE = 1e-9


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.01, "almost no chance"),
        (0.05 - CLOSE, "almost no chance"),
        (0.05 + CLOSE, "very unlikely"),
        (0.20 - CLOSE, "very unlikely"),
        (0.20 + CLOSE, "unlikely"),
        (0.45 - CLOSE, "unlikely"),
        (0.45 + CLOSE, "roughly even chance"),
        (0.50, "roughly even chance"),
        (0.55 - CLOSE, "roughly even chance"),
        (0.55 + CLOSE, "likely"),
        (0.80 - CLOSE, "likely"),
        (0.80 + CLOSE, "very likely"),
        (0.95 - CLOSE, "very likely"),
        (0.95 + CLOSE, "almost certain"),
        (0.999, "almost certain"),
    ],
)
def test_words_on_both_sides_of_every_boundary(share: float, words: str):
    assert likelihood(share) == words


@pytest.mark.parametrize(("top", "words"), LADDER[:-1], ids=[words for _, words in LADDER[:-1]])
def test_a_boundary_belongs_to_the_weaker_word_below_it(top: float, words: str):
    assert likelihood(top) == words


@pytest.mark.parametrize(("share", "words"), [(0.0, NONE), (1.0, EVERY), (1.0 + 1e-15, EVERY), (-1e-15, NONE)])
def test_the_ends_say_that_worlds_were_counted(share: float, words: str):
    assert likelihood(share) == words
    assert "worlds tried" in NONE
    assert EVERY == "in every world tried"


@pytest.mark.parametrize(
    ("share", "start"),
    [
        (0.03, "there is almost no chance"),
        (0.5, "there is a roughly even chance"),
        (0.1, "it is very unlikely"),
        (0.9, "it is very likely"),
        (0.97, "it is almost certain"),
    ],
)
def test_start_of_a_sentence(share: float, start: str):
    assert it_is(share) == start


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0 %"), (0.001, "less than 1 %"), (0.01, "1 %"), (0.5, "50 %"), (0.999, "more than 99 %"), (1.0, "100 %")],
)
def test_percent_is_never_rounded_to_an_end(share: float, text: str):
    assert percent(share) == text


def test_statement_is_conditional_on_the_ranges_and_names_the_share():
    text = statement(deterrence(), "DEF", ["candor"], 2, 0.62, 0.0)
    assert text.startswith("Under the stated ranges it is likely that")
    assert "“candor”" in text
    assert "62 % of the worlds tried" in text
    assert text.endswith(".")


def test_statement_with_ties_says_that_another_does_as_well():
    assert "another does as well" in statement(deterrence(), "DEF", ["candor"], 2, 0.62, 0.2)
    assert "“silence” or “candor”" in statement(deterrence(), "DEF", ["silence", "candor"], 2, 0.62, 0.2)


def test_confidence_follows_the_parameters_the_answer_turns_on():
    low, text = confidence(deterrence(), ["p"], False, 0.0)
    assert low == "low"
    assert "1 are of low confidence" in text or "1 is of low confidence" in text
    assert confidence(deterrence(p=0.3), [], False, 0.0)[0] == "high"  # nothing is uncertain
    assert confidence(deterrence(p=0.3), [], True, 0.0)[0] == "moderate"
    assert confidence(deterrence(p=0.3), [], True, 0.01)[0] == "low"
