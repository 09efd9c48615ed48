"""The answer of `settle` in the form a reader is shown it: shared by the terminal, the charts and the page."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from detente.report.words import (
    capital,
    counted,
    level,
    listed,
    number,
    one_line,
    percent,
    plain,
    sentence,
    uncapital,
    with_article,
)
from detente.study import it_is

if TYPE_CHECKING:
    from detente.report.words import Words
    from detente.study.results_settle import Blocked, DesignAnswer, Quantiles, Remedy, SettleAnswer, TurnsOn

MOST_BLOCKED = 6
MOST_REMEDIES = 6
MOST_TURNS = 6
MOST_FRONTIER = 6
MOST_TOGETHER = 6

TERMS = {
    "undoing": "what undoing saves",
    "grab": "what can be seized",
    "penalty": "the penalty",
    "costs_ahead": "costs still to come",
    "benefits_ahead": "benefits still to come",
    "dividend": "the dividend",
    "delay": "the delay",
}
NO_TITLES: Mapping[str, str] = {}
_PART = re.compile(r"^(?P<step>.+)\.(?P<part>\d+)$")
_ROMAN = re.compile(r"\b(?:ii|iii|iv|vi{0,3}|ix)\b")


def design_words(design: DesignAnswer | str) -> str:
    """A design or its name, as the start of a label: its title, or its name made readable."""
    if isinstance(design, str):
        return capital(_numerals(plain(design)))
    return capital(one_line(design.title)) if design.title else design_words(design.name)


def _numerals(text: str) -> str:
    """``minsk ii`` as ``minsk II``."""
    return _ROMAN.sub(lambda found: found.group().upper(), text)


def step_words(step: str, titles: Mapping[str, str] = NO_TITLES) -> str:
    """A step, as the start of a label: ``withdraw_arms.2`` becomes ``Withdraw arms, part 2``.

    Args:
        step: Its name.
        titles: Step -> what it is called, as inside a sentence.
    """
    return capital(_within(step, titles))


def move_words(move: Sequence[str], titles: Mapping[str, str] = NO_TITLES) -> str:
    """Steps that happen at once, as the start of a label."""
    return capital(_move_within(move, titles))


def spare_words(design: DesignAnswer, k: int) -> str:
    """What a move of the best order has to spare; a dash where nobody may leave before it."""
    found = design.slack_by_step[k] if k < len(design.slack_by_step) else math.inf
    return level(found) if math.isfinite(found) else "–"


def steps_words(steps: Sequence[str], titles: Mapping[str, str] = NO_TITLES) -> str:
    """Completed steps, as a phrase in a sentence."""
    return listed(_within(step, titles) for step in steps)


def _within(step: str, titles: Mapping[str, str]) -> str:
    """A step inside a sentence: its title as it stands, or its name made readable."""
    part = _PART.match(step)
    base = part["step"] if part and step not in titles else step
    called = one_line(titles[base]) if base in titles else uncapital(capital(_numerals(plain(base))))
    return f"{called}, part {part['part']}" if part and base != step else called


def _move_within(move: Sequence[str], titles: Mapping[str, str]) -> str:
    return " together with ".join(_within(step, titles) for step in move)


def party_words(answer: SettleAnswer, party: str) -> str:
    """A party in a sentence."""
    return with_article(answer.parties.get(party, party))


def performers_words(answer: SettleAnswer, move: Sequence[str]) -> str:
    """Who carries a move out."""
    parties: list[str] = []
    for step in move:
        part = _PART.match(step)
        base = part["step"] if part and step not in answer.performers else step
        who = answer.performers.get(base, ())
        parties += [party_words(answer, item) for item in who] or ["a third party"]
    return listed(dict.fromkeys(parties))


def verdict(design: DesignAnswer) -> str:
    """Whether a design holds at base values, as a phrase."""
    if design.holds_at_base:
        return "holds"
    if design.exists_at_base:
        return "not signed"
    return "believed only" if design.believed_at_base else "gets stuck"


def verdict_sentence(answer: SettleAnswer, design: DesignAnswer) -> str:
    """The verdict at base values, in full."""
    if design.holds_at_base:
        return "At the base values it holds: every party would sign, and an order of its steps carries itself."
    refusing = [party_words(answer, party) for party, enters in design.entered.items() if not enters]
    refuse = f"{listed(refusing)} would not sign" if refusing else ""
    if design.exists_at_base:
        return f"At the base values an order of its steps would carry itself, but {refuse}."
    if design.believed_at_base:
        text = "At the base values no order of its steps carries itself, though each step would be taken by those who "
        text += "believe in its completion"
    else:
        text = "At the base values no order of its steps carries itself"
    return f"{text}, and {refuse}." if refuse else f"{text}."


def share_sentence(design: DesignAnswer) -> str:
    """In how many worlds it holds and why not in the others, as one sentence."""
    return (
        f"It holds in {percent(design.share)} of worlds: an order exists in {percent(design.share_exists)}, "
        f"and all would sign in {percent(design.entered_share)}."
    )


def headline(answer: SettleAnswer) -> str:
    """The answer in one or two sentences: the agreement as written, and the design that holds most often."""
    if not answer.designs:
        return "The settlement has no design."
    first = answer.designs[0]
    share = f" ({percent(first.share)} of the worlds tried)" if 0.0 < first.share < 1.0 else ""
    text = f"{_likely(first)}{share}."
    best = max(answer.designs, key=lambda item: item.share)
    if best.name == first.name or best.share <= first.share:
        return text if len(answer.designs) == 1 else f"{text} No other design would hold more often."
    most = f"holds most often of the {len(answer.designs)} designs"
    return f"{text} “{design_words(best)}” {most} ({percent(best.share)})."


def _likely(design: DesignAnswer) -> str:
    name = f"“{design_words(design)}”"
    if design.share <= 0:
        return f"{name} holds in none of the worlds tried"
    if design.share >= 1:
        return f"{name} holds in every world tried"
    return f"{capital(it_is(design.share))} that {name} would hold, if the ranges are right"


def completed_words(steps: Sequence[str], completed: Sequence[str], titles: Mapping[str, str] = NO_TITLES) -> str:
    """What has been completed, as the start of a sentence; what has not, where that is shorter."""
    rest = [step for step in steps if step not in completed]
    if len(rest) < len(completed) and rest:
        return f"With all done but {steps_words(rest, titles)}"
    return f"After {steps_words(completed, titles)}" if completed else "At the very start"


def blocked_sentence(answer: SettleAnswer, found: Blocked, steps: Sequence[str] = ()) -> str:
    """Where an order breaks, who leaves, and what the shortfall is made of.

    Args:
        answer: The answer.
        found: The blocked move.
        steps: The steps of the design, so that what is left can be named where that is shorter.
    """
    last = bool(steps) and set(steps) == {*found.completed, *found.move}
    done = "With all else done" if last else completed_words(steps, found.completed, answer.step_titles)
    who = listed(party_words(answer, party) for party in found.who)
    leave = "would rather leave" if found.who else "the step cannot be taken"
    move = _move_within(found.move, answer.step_titles)
    text = f"{done}, {move} is blocked: {who} {leave}, by {number(found.shortfall)}."
    first = found.terms.get(found.who[0], {}) if found.who else {}
    parts = [f"{TERMS.get(name, plain(name))} {_signed(value)}" for name, value in _largest(first)]
    return f"{text} {capital(party_words(answer, found.who[0]))}: {', '.join(parts)}." if parts else text


def _largest(terms: Mapping[str, float]) -> list[tuple[str, float]]:
    kept = [(name, value) for name, value in terms.items() if abs(value) > 1e-9]
    return sorted(kept, key=lambda pair: -abs(pair[1]))


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + number(value)


def guarantee_words(design: DesignAnswer) -> str:
    """The smallest guarantee, for a table."""
    return "none suffices" if design.guarantee is None else number(design.guarantee)


def guarantee_sentence(design: DesignAnswer) -> str:
    """The smallest guarantee at base values and over worlds, as sentences."""
    if design.guarantee is None:
        text = "At the base values no guarantee suffices."
    elif design.guarantee <= 0:
        text = "At the base values no guarantee is needed for an order to carry itself."
    else:
        text = (
            f"At the base values an order would carry itself if leaving cost each party {number(design.guarantee)} "
            "or more."
        )
    return f"{text} {spread_sentence(design.guarantee_over_worlds)}".strip()


def spread_sentence(found: Quantiles) -> str:
    """How the smallest guarantee is spread over worlds."""
    none = f"in {percent(found.none_suffices)} of worlds no guarantee suffices" if found.none_suffices > 0 else ""
    if found.p50 is None:
        return f"{capital(none)}." if none else ""
    ends = [number(float("inf") if value is None else value) for value in (found.p05, found.p95)]
    text = f"Over the worlds the median is {number(found.p50)} (5-95 %: {ends[0]} to {ends[1]})"
    return f"{text}; {none}." if none else f"{text}."


def remedy_words(found: Remedy) -> str:
    """A set of changes, as a phrase with its price."""
    return f"{capital(listed(found.changes))} (cost {number(found.cost)})"


def turns_sentence(found: TurnsOn, words: Words) -> str:
    """A value at which the verdict flips, as a sentence."""
    before = f"below it “{found.from_}”, above it “{found.to}”"
    return f"{words.parameter_long(found.parameter)}: {number(found.value)} ({before}; base {number(found.base)})"


def opposite_sentence(design: DesignAnswer, words: Words) -> str:
    """What would have to be true for the opposite verdict, as sentences; empty if that was not looked for."""
    if design.opposite:
        return f"Nearest values for the opposite verdict: {opposite_words(design, words)}."
    if not design.swept or design.turns_on:
        return ""
    text = "No single assumption changes the verdict inside its range"
    if not design.together:
        return f"{text}, and none of the worlds tried has the opposite verdict."
    shown = [
        f"{words.parameter_long(item.parameter)} {number(item.value)} instead of {number(item.base)}"
        for item in design.together[:MOST_TOGETHER]
    ]
    rest = len(design.together) - len(shown)
    more = f"; and {counted(rest, 'smaller change')}" if rest else ""
    return f"{text}. Together, and none of them to spare, these do: {'; '.join(shown)}{more}."


def opposite_words(design: DesignAnswer, words: Words) -> str:
    """The nearest single changes for the opposite verdict, as a phrase."""
    return "; ".join(
        f"{words.parameter_long(item.parameter)} {number(item.value)} instead of {number(item.base)}"
        for item in design.opposite[:3]
    )


def frontier_words(answer: SettleAnswer, design: DesignAnswer) -> list[str]:
    """Guarantees by party that suffice, one phrase each."""
    return [
        ", ".join(f"{answer.parties.get(party, party)} {number(value)}" for party, value in point.items())
        for point in (design.frontier or ())[:MOST_FRONTIER]
    ]


def values_sentence(answer: SettleAnswer, design: DesignAnswer) -> str:
    """What the order is worth to each party against not signing."""
    parts = [
        f"{answer.parties.get(party, party)} {number(value)} against {number(design.outside.get(party, 0.0))}"
        for party, value in design.value.items()
    ]
    return f"Followed to its end it is worth, against not signing: {'; '.join(parts)}."


def orders_words(design: DesignAnswer) -> str:
    """Number of self-enforcing orders."""
    return "–" if design.orders is None else f"{design.orders:,}" if design.orders < 10**9 else f"{design.orders:.2e}"


def interrupted_sentence(answer: SettleAnswer) -> str:
    """How much of an interrupted run there is."""
    if answer.draws_done == answer.draws:
        return (
            "Interrupted: every world asked for was looked at, but what verdicts turn on and what would mend a "
            "design are left out where they were not finished."
        )
    return (
        f"Interrupted: this answer rests on the {counted(answer.draws_done, 'world')} finished of {answer.draws:,} "
        "asked for."
    )


def best_order_title(design: DesignAnswer) -> str:
    """What the order that is listed stands for."""
    if design.exists_at_base:
        return "The order with the most to spare"
    return "The order that comes closest"


PRICED = {
    "guarantee": "a unit of guarantee to one party",
    "peacekeepers": "preventing the whole grab",
    "monitoring": "seeing every breach of one party instead of none",
    "split": "each further part of a step",
    "together": "each pair of steps that happen at once",
}


def prices_sentence(answer: SettleAnswer) -> str:
    """In which prices changes are ranked; empty if none are."""
    if not answer.prices or not any(item.remedies for item in answer.designs):
        return ""
    parts = [f"{PRICED.get(name, plain(name))} {number(price)}" for name, price in answer.prices.items()]
    return f"Changes are ranked by these prices: {'; '.join(parts)}."


def notes_of(answer: SettleAnswer) -> list[str]:
    """Notes of the answer, as sentences."""
    prices = prices_sentence(answer)
    return [*([prices] if prices else []), *(sentence(note) for note in answer.notes)]
