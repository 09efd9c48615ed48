"""Likelihood in words, after Intelligence Community Directive 203 (2015), section D.6.e."""

from __future__ import annotations

LADDER = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (1.00, "almost certain"),
)
"""(upper end of the share, words)."""

EVERY = "in every world tried"
NONE = "in none of the worlds tried"


def likelihood(share: float) -> str:
    """Words for a share of worlds; at the ends the words say that it is a count, not a forecast."""
    if share >= 1.0:
        return EVERY
    if share <= 0.0:
        return NONE
    return next(words for top, words in LADDER if share <= top)


def it_is(share: float) -> str:
    """The same as the start of a sentence that goes on with "that ..."."""
    words = likelihood(share)
    if words == "almost no chance":
        return "there is almost no chance"
    if words == "roughly even chance":
        return "there is a roughly even chance"
    return f"it is {words}"
