from __future__ import annotations

import math

import pytest

from detente.report.words import (
    Words,
    capital,
    clean,
    counted,
    cut,
    level,
    listed,
    number,
    percent,
    percent_range,
    plain,
    possessive,
    sentence,
    tiny,
    with_article,
)

WORDS = Words({"RUS": "Russia", "USA": "United States", "DEU": "Germany"}, {"p_firm": "chance of a firm answer"})


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (0.3, "0.3"),
        (0.27949, "0.279"),
        (-1.0, "−1"),
        (1234.5, "1,234"),
        (100.0, "100"),
        (1e-9, "1.00e−09"),
        (math.nan, "–"),
        (math.inf, "∞"),
    ],
)
def test_number_is_short_and_has_a_real_minus(value: float, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.0, "0 %"), (1.0, "100 %"), (0.001, "<1 %"), (0.999, ">99 %"), (0.5, "50 %"), (math.nan, "–")],
)
def test_only_exact_shares_are_shown_as_none_or_all(share: float, shown: str) -> None:
    assert percent(share) == shown


def test_small_formats() -> None:
    assert percent_range(0.2, 0.45) == "20–45 %"
    assert percent_range(0.181, 0.183) == "18 %"
    assert level(-0.001) == "0.00"
    assert level(-0.16) == "−0.16"
    assert tiny(0.0) == "0"
    assert tiny(3.1e-11) == "3e-11"
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"], "or") == "a, b or c"
    assert counted(1, "world") == "1 world"
    assert counted(1000, "world") == "1,000 worlds"
    assert cut("telegraph limits", 10) == "telegraph…"


def test_sentences_end_and_begin_as_sentences() -> None:
    assert sentence("  it  holds\n now") == "It holds now."
    assert sentence("Really?") == "Really?"
    assert sentence("") == ""
    assert capital("") == ""


@pytest.mark.parametrize("bad", ["\x1b[31m", "\u202e", "\x07", "\u2028", "\x9b"])
def test_control_characters_never_get_through(bad: str) -> None:
    assert bad[0] not in clean(f"a{bad}b")


def test_names_become_words() -> None:
    assert WORDS.posture("telegraph_limits") == "Telegraph limits"
    assert plain("talks+arms") == "talks + arms"
    assert WORDS.parameter("prize_rus") == "Prize (Russia)"
    assert WORDS.parameter("level_cost[mass]") == "Level cost: mass"
    assert WORDS.parameter("rus") == "Rus"
    assert WORDS.parameter_long("p_firm") == "Chance of a firm answer"
    assert WORDS.parameter_long("prize_rus") == "Prize (Russia)"
    assert WORDS.variable("RUS.aim") == "Russia's aim"
    assert WORDS.variable("USA.resolve") == "the United States' resolve"
    assert WORDS.variable("vote.DEU") == "vote of Germany"
    assert WORDS.tied("ambiguous, calibrated") == "Ambiguous = Calibrated"
    assert with_article("Ukraine") == "Ukraine"
    assert possessive("Russia") == "Russia's"
