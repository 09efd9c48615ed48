"""How to read an answer: the words of the report, each in one or two sentences without game theory."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One word and what it means here."""

    word: str
    meaning: str


GLOSSARY = (
    Entry(
        "World",
        "One complete set of values for the assumptions, drawn at random from their stated ranges. Every posture is "
        "played in the same worlds, so that differences between postures are not a matter of luck.",
    ),
    Entry(
        "Share of worlds",
        "In how many of these worlds something is true. It says how far a result depends on the assumptions; it is "
        "conditional on the stated ranges and is not a forecast of what will happen.",
    ),
    Entry(
        "Posture",
        "A policy that one side settles on, and is known to have settled on, before it learns its own circumstances: "
        "what it discloses, what it binds itself to, and which options it keeps.",
    ),
    Entry(
        "Payoff",
        "A number for how good an ending is for one side, added up from named terms. Only comparisons within one side "
        "mean anything: payoffs of different sides are in different units.",
    ),
    Entry(
        "Equilibrium",
        "A way for all sides to act in which none gains by acting differently, given what it can know and what the "
        "others do. It is how the model works out what each side would do.",
    ),
    Entry(
        "Certificate",
        "An independent recalculation that checks an equilibrium: how much any side could gain by deviating anywhere, "
        "and whether beliefs follow from what was seen. Worlds that fail it are left out and counted.",
    ),
    Entry(
        "Hidden type",
        "Something that one side knows about itself and the others do not, such as its real aim or its resolve. "
        "Others hold probabilities over it and revise them when they see moves.",
    ),
    Entry(
        "Commitment",
        "Being bound to a posture even when one would rather leave it. Where “commitment needed” is noted, some type "
        "of the owner would gain by leaving the posture later, so its value depends on being held to it.",
    ),
    Entry(
        "Regret",
        "How much a posture falls short of the best one in the same world. The 90th percentile is the shortfall that "
        "is not exceeded in nine worlds of ten.",
    ),
    Entry(
        "Tipping point",
        "A value of one assumption at which another posture becomes best, with all other assumptions at their base "
        "value. If you believe the true value lies beyond it, the answer changes for you.",
    ),
    Entry(
        "Calibrated disclosure",
        "A public signal about one's own type whose rule is fixed beforehand: sometimes it tells, sometimes it does "
        "not. The dashed curve in the chart of beliefs shows the best that any such rule can reach.",
    ),
    Entry(
        "Likely, unlikely, and so on",
        "Words for shares follow a published standard (ICD 203): roughly even chance is 45-55 %, likely 55-80 %, very "
        "likely 80-95 %, almost certain 95-99 %, and in the other direction unlikely 20-45 %, very unlikely 5-20 %, "
        "almost no chance 1-5 %. Confidence in the assumptions is stated apart from them.",
    ),
)
