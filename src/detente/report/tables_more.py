"""The numbers behind the sections on intent and on settlements, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.report import views_assess as intent
from detente.report import views_settle as deal
from detente.report.tables import Table
from detente.report.words import capital, number, percent, percent_range, sentence

if TYPE_CHECKING:
    from detente.study.results_assess import AssessAnswer
    from detente.study.results_settle import SettleAnswer


def types(answer: AssessAnswer) -> Table:
    """How likely each label is, before and at the end."""
    now = intent.last_day(answer)
    rows = tuple(
        (
            intent.label_words(answer, label),
            percent(answer.prior[label].point),
            percent(now[label].point),
            intent.band(now[label]),
            intent.bounds(now[label]),
        )
        for label in answer.labels
    )
    return Table((capital(intent.type_words(answer)), "Before any item", "Now", "5-95 % band", "Outer bounds"), rows)


def days(answer: AssessAnswer) -> Table:
    """Every day: probability and band of each label, and what was reported."""
    labels = list(answer.labels)
    rows = tuple(
        (
            intent.day_words(day.date),
            ", ".join(intent.item_words(answer, id) for id in day.items),
            *(f"{percent(day.type[label].point)} ({intent.band(day.type[label])})" for label in labels),
        )
        for day in answer.timeline
    )
    return Table(("Day", "Reported", *(intent.label_words(answer, label) for label in labels)), rows, left=2)


def items(answer: AssessAnswer) -> Table:
    """Every item: what it does, in points and bits."""
    rows = tuple(
        (
            intent.item_words(answer, item.id),
            intent.day_words(item.reported),
            "nothing" if item.silent else intent.direction(answer, item),
            f"{100 * item.influence:.1f}",
            number(item.diagnosticity, 2),
            number(item.added, 2),
        )
        for item in sorted(answer.items, key=lambda item: -item.influence)
    )
    header = ("Item", "Reported", "Toward (points)", "Influence (points)", "Bits", "Bits added")
    return Table(header, rows, left=3)


def record(answer: AssessAnswer) -> Table:
    """Every item in the order of reporting: what it tells, its source, and the likelihoods."""
    labels = list(answer.labels)

    def cell(found: tuple[float, float, float]) -> str:
        low, point, high = found
        return number(point, 2) if low == high else percent_range(low, high)

    rows = tuple(
        (
            intent.item_words(answer, item.id),
            intent.day_words(item.reported),
            sentence(item.says) + (f" ({item.source})" if item.source else ""),
            intent.grade_words(item),
            *(cell(item.likelihood[label]) if label in item.likelihood else "–" for label in labels),
            sentence(item.about),
        )
        for item in answer.items
    )
    names = (intent.label_words(answer, label) for label in labels)
    return Table(("Item", "Reported", "What it tells", "Grade (weight)", *names, "Why"), rows, left=99)


def watch(answer: AssessAnswer) -> Table:
    """Indicators with what they would tell."""
    gains = any(item.value is not None for item in answer.watch)
    rows = tuple(
        (
            intent.item_words(answer, item.indicator),
            number(item.information, 3),
            *([intent.gain_words(item, 3)] if gains else []),
            percent(item.chance),
        )
        for item in answer.watch
    )
    gain = ("Expected gain",) if gains else ()
    return Table(("Indicator", "Information (bits)", *gain, "Chance"), rows)


def disagreements(answer: AssessAnswer) -> Table:
    """How far analysts are apart on each item."""
    rows = tuple(
        (
            intent.item_words(answer, item.item),
            intent.disagreement_words(answer, item),
            number(item.spread_bits, 2),
            "yes" if item.opposed else "no",
        )
        for item in answer.disagreements
        if item.spread_bits > 0
    )
    return Table(("Item", "Most likely under", "Apart (bits)", "Opposite directions"), rows, left=2)


def scores(answer: AssessAnswer) -> Table | None:
    """Hindsight scores; None if the truth is not known."""
    found = answer.scores
    if found is None:
        return None
    rows = (
        ("The last forecast before it was known", number(found.brier), number(found.log)),
        ("All days, each forecast for as long as it stood", number(found.mean_brier), number(found.mean_log)),
        ("Without any evidence", number(found.prior_brier), number(found.prior_log)),
    )
    return Table(("Forecast", "Brier (0 to 2)", "Log"), rows)


def designs(answer: SettleAnswer) -> Table:
    """The designs at a glance."""
    rows = tuple(
        (
            deal.design_words(item),
            deal.verdict(item),
            percent(item.share),
            percent(item.share_exists),
            percent(item.entered_share),
            deal.guarantee_words(item),
            deal.orders_words(item),
        )
        for item in answer.designs
    )
    header = ("Design", "At base values", "Holds in", "An order exists in", "Signed in", "Guarantee needed", "Orders")
    return Table(header, rows, left=2)


def guarantees(answer: SettleAnswer) -> Table:
    """The smallest guarantee over worlds."""

    def shown(value: float | None) -> str:
        return "–" if value is None else number(value)

    rows = tuple(
        (
            deal.design_words(item),
            deal.guarantee_words(item),
            shown(item.guarantee_over_worlds.p05),
            shown(item.guarantee_over_worlds.p50),
            shown(item.guarantee_over_worlds.p95),
            percent(item.guarantee_over_worlds.none_suffices),
        )
        for item in answer.designs
    )
    return Table(("Design", "Base case", "5 %", "Median", "95 %", "None suffices in"), rows)
