"""The answer of `assess` in the form a reader is shown it: shared by the terminal, the charts and the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from detente.report.chart import MONTHS
from detente.report.words import (
    capital,
    counted,
    listed,
    number,
    one_line,
    percent,
    percent_range,
    plain,
    possessive,
    sentence,
    with_article,
)

if TYPE_CHECKING:
    from detente.study.results_assess import (
        AnalystDisagreement,
        AssessAnswer,
        AssessedDay,
        AssessedIndicator,
        AssessedItem,
        AssessedMove,
        AssessedStaged,
        CoherenceRepair,
        TypeBand,
    )

MOST_MOVED = 10
"""Items listed among those that moved the answer."""
CLEAR = 0.97
"""Probability from which hardly any single item can move an answer any more."""
MOST_DAYS = 12
OWN = "case"
"""What an answer calls the judgment of the case itself, among analysts."""


def type_words(answer: AssessAnswer) -> str:
    """What is judged, such as ``aim``."""
    return plain(answer.about.partition(".")[2] or answer.about)


def question(answer: AssessAnswer) -> str:
    """The question that was answered."""
    what = type_words(answer)
    who = with_article(answer.actor)
    return f"What does {who} want?" if what == "aim" else f"What is {possessive(who)} {what}?"


def label_words(answer: AssessAnswer, label: str) -> str:
    """A label, as the start of a line."""
    return capital(plain(answer.labels.get(label) or label))


def day_words(text: str) -> str:
    """``2022-02-18`` as ``18 Feb 2022``; what is no date stays as it is."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return one_line(text)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def item_words(answer: AssessAnswer, id: str) -> str:
    """What to call an item or an indicator, as a heading: its title, else its id in words."""
    return capital(one_line(answer.names.get(id, "")) or plain(id))


def band(found: TypeBand) -> str:
    """The 5-95 % band."""
    return percent_range(found.p05, found.p95)


def bounds(found: TypeBand) -> str:
    """The outer bounds."""
    return percent_range(found.lower, found.upper)


def signed_points(change: float) -> str:
    """A change of a probability in percentage points, with its sign."""
    points = round(100 * change)
    if points == 0:
        return "0"
    return f"+{points}" if points > 0 else f"−{-points}"


def last_day(answer: AssessAnswer) -> dict[str, TypeBand]:
    """How likely each label is at the end; the prior if nothing was reported."""
    return answer.timeline[-1].type if answer.timeline else answer.prior


def by_influence(answer: AssessAnswer) -> tuple[AssessedItem, ...]:
    """Items that carry information, the one that moved the answer most first; where that is alike, by their bits."""
    telling = [item for item in answer.items if not item.silent]
    return tuple(sorted(telling, key=lambda item: (-round(item.influence, 3), -item.added, item.reported, item.id)))


def by_day(answer: AssessAnswer) -> tuple[AssessedItem, ...]:
    """Items that carry information, the one that moved the answer most on its own day first.

    What a day changed is shared among its items in proportion to their bits.
    """
    items = {item.id: item for item in answer.items if not item.silent}
    before = {label: found.point for label, found in answer.prior.items()}
    moved: dict[str, float] = {}
    for day in answer.timeline:
        now = {label: found.point for label, found in day.type.items()}
        change = sum(abs(now[label] - before.get(label, 0.0)) for label in now) / 2
        before = now
        bits = {id: items[id].added for id in day.items if id in items}
        total = sum(bits.values())
        moved.update({id: change * own / total for id, own in bits.items() if total > 0})
    return tuple(sorted((items[id] for id in moved), key=lambda item: (-moved[item.id], item.reported, item.id)))


def silent_reasons(answer: AssessAnswer) -> list[tuple[str, tuple[AssessedItem, ...]]]:
    """Why items carry no information, each reason with its items."""
    found: dict[str, list[AssessedItem]] = {}
    for item in silent_items(answer):
        found.setdefault(sentence(item.silent), []).append(item)
    return [(why, tuple(items)) for why, items in found.items()]


def clear_words(answer: AssessAnswer) -> str:
    """That single items hardly matter any more, where the answer is clear; else empty."""
    now = last_day(answer)
    if not answer.timeline or max(found.point for found in now.values()) < CLEAR:
        return ""
    return (
        "The answer is so clear by now that hardly any single item could still change it; what items did when they "
        "came is seen day by day."
    )


def silent_items(answer: AssessAnswer) -> tuple[AssessedItem, ...]:
    """Items that carry no information."""
    return tuple(item for item in answer.items if item.silent)


def toward(item: AssessedItem) -> str:
    """The label that an item speaks for most: the one that makes it likeliest; of several, the one it raised most."""

    def strength(label: str) -> tuple[float, float]:
        low, point, high = item.likelihood.get(label, (0.0, 0.0, 0.0))
        del low, high
        return point, item.shift[label]

    return max(item.shift, key=strength) if item.shift else ""


def direction(answer: AssessAnswer, item: AssessedItem) -> str:
    """Where an item moved the answer, as a phrase."""
    label = toward(item)
    if not label:
        return "–"
    return f"{label_words(answer, label)} {signed_points(item.shift[label])}"


def grade_words(item: AssessedItem) -> str:
    """Grade and weight of a report."""
    return f"{item.grade} ({number(item.r, 2)})" if item.grade else number(item.r, 2)


def telling_days(answer: AssessAnswer) -> tuple[AssessedDay, ...]:
    """At most `MOST_DAYS` days: the first and the last, those of statements, and those that changed most."""
    days = answer.timeline
    if len(days) <= MOST_DAYS:
        return days
    changes: list[float] = []
    before = {label: found.point for label, found in answer.prior.items()}
    for day in days:
        now = {label: found.point for label, found in day.type.items()}
        changes.append(0.5 * sum(abs(now[label] - before.get(label, 0.0)) for label in now))
        before = now
    must = {0, len(days) - 1} | {_on(days, item.date) for item in answer.statements}
    rest = sorted((i for i in range(len(days)) if i not in must), key=lambda i: (-changes[i], i))
    kept = must | set(rest[: max(0, MOST_DAYS - len(must))])
    return tuple(days[i] for i in sorted(kept) if i >= 0)


def _on(days: Sequence[AssessedDay], when: str) -> int:
    """Number of the last day up to a date, -1 if there is none."""
    return sum(day.date <= when for day in days) - 1


def move_sentence(answer: AssessAnswer, move: AssessedMove) -> str:
    """What the game says about a move, as one sentence."""
    shares = listed(f"{label_words(answer, label)} {percent(found.point)}" for label, found in move.likelihood.items())
    start = f"{capital(plain(move.decision))} = “{plain(move.option)}” would be chosen with probability: {shares}."
    return f"{start} {sentence(move.note)}".strip()


def staged_sentence(answer: AssessAnswer, found: AssessedStaged) -> str:
    """What the game says about an item that can be staged, as one or two sentences."""
    would = [f"{label_words(answer, label)} {percent(share)}" for label, share in found.staged.items() if share > 0]
    text = (
        f"Where it does not come about by itself, it is staged by: {listed(would)}." if would else "Nobody stages it."
    )
    return f"{sentence(found.note)} {text} Once seen it is believed with probability {percent(found.believed)}."


def watch_sentence(answer: AssessAnswer, found: AssessedIndicator) -> str:
    """What an indicator would change, as one sentence."""
    up = max(found.after, key=lambda label: found.after[label] - found.after_absent.get(label, 0.0))
    return (
        f"If seen, “{label_words(answer, up)}” goes to {percent(found.after[up])}; if known to be absent, to "
        f"{percent(found.after_absent.get(up, float('nan')))}."
    )


def gain_words(found: AssessedIndicator, digits: int = 2) -> str:
    """What an indicator is worth, with its standard error."""
    text = number(float("nan") if found.value is None else found.value, digits)
    return f"{text} ± {number(found.value_error, 1)}" if found.value_error else text


def base_decision_words(answer: AssessAnswer) -> str:
    """That no indicator changes the decision at base values, as a sentence; empty where one does, or without a game."""
    names = {name for item in answer.watch for name in (item.best_now, item.best_if_seen, item.best_if_absent)}
    if len(names) != 1 or len(answer.watch) < 2 or any(item.value is None for item in answer.watch):
        return ""
    return f"At base values “{capital(plain(str(names.pop())))}” stays best, whatever is seen."


def decision_words(answer: AssessAnswer, found: AssessedIndicator) -> str:
    """Whether an indicator can change the decision; empty without a game, or where none of them does."""
    if found.value is None or not found.best_now or base_decision_words(answer):
        return ""
    now = capital(plain(found.best_now))
    other = {found.best_if_seen, found.best_if_absent} - {None, found.best_now}
    if not other:
        return f"It would change no decision: “{now}” stays best."
    if found.best_if_seen and found.best_if_seen != found.best_now:
        return f"“{capital(plain(found.best_if_seen))}” would be best once it is seen, “{now}” is best now."
    return f"“{capital(plain(str(found.best_if_absent)))}” would be best once it is known to be absent."


def repair_sentence(answer: AssessAnswer, found: CoherenceRepair) -> str:
    """A repair, as one sentence."""
    whose = f" by {found.analyst}" if found.analyst and found.analyst != OWN else ""
    return (
        f"{item_words(answer, found.item)}, under “{label_words(answer, found.label)}”: judged{whose} "
        f"{percent(found.given)} likely and {percent(found.absent)} likely to be absent, {percent(found.total)} "
        f"together; {percent(found.repaired)} is used."
    )


def analyst_words(name: str) -> str:
    """Name of an analyst; the case's own judgment is called so."""
    return "the case" if name == OWN else plain(name)


def whose_judgment(answer: AssessAnswer) -> str:
    """Whose judgments the answer rests on, as a sentence; empty if there is one only."""
    if not answer.analysts:
        return ""
    names = listed(analyst_words(name) for name in answer.analysts)
    if answer.analyst == "pooled":
        return f"The answer pools the judgments of {counted(len(answer.analysts), 'analyst')}: {names}."
    others = listed(analyst_words(name) for name in answer.analysts if name != answer.analyst)
    own = "the case's own judgment" if answer.analyst == OWN else f"the judgment of {analyst_words(answer.analyst)}"
    return f"The answer goes by {own}; that of {others} is shown beside it."


def disagreement_words(answer: AssessAnswer, found: AnalystDisagreement) -> str:
    """Who sees what an item otherwise, as a phrase: the label that each analyst finds it likeliest under."""
    parts: list[str] = []
    for who, cells in found.by_analyst.items():
        points = {label: cell[1] for label, cell in cells.items()}
        top = max(points.values())
        if min(points.values()) == top:
            parts.append(f"{analyst_words(who)}: nothing")
        else:
            best = [label_words(answer, label) for label, point in points.items() if point == top]
            parts.append(f"{analyst_words(who)}: {listed(best)}")
    return "; ".join(parts)


def trust_lines(answer: AssessAnswer) -> list[str]:
    """How far the answer can be trusted, as sentences."""
    lines: list[str] = []
    if answer.interrupted:
        lines.append(f"Interrupted: this answer rests on {answer.draws_done:,} of {answer.draws:,} draws.")
    if answer.effective is not None:
        lines.append(
            f"The moves were judged in {counted(answer.draws_done, 'draw')} of the game"
            + (f" at precision {number(answer.precision)}" if answer.precision is not None else "")
            + (f" under “{capital(plain(answer.posture))}”" if answer.posture else "")
            + f"; after what was seen they count as {number(answer.effective)} (effective draws). "
            f"Excluded, because they could not be solved: {percent(answer.excluded)}."
        )
    whose = whose_judgment(answer)
    return [*lines, *([whose] if whose else []), *(sentence(note) for note in answer.notes)]
