"""The answer of `settle` for a terminal: which design holds, in which order, where it breaks, what would mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.report.terminal import blank, bullet, draw, heading, paragraph, table
from detente.report.views_completion import (
    comparison_sentence,
    completion_notes,
    completion_of,
    hidden_sentence,
    odds_sentence,
    step_rows,
)
from detente.report.views_settle import (
    MOST_BLOCKED,
    MOST_REMEDIES,
    MOST_TURNS,
    best_order_title,
    blocked_sentence,
    design_words,
    frontier_words,
    guarantee_sentence,
    guarantee_words,
    headline,
    interrupted_sentence,
    move_words,
    notes_of,
    opposite_sentence,
    orders_words,
    performers_words,
    remedy_words,
    share_sentence,
    spare_words,
    step_words,
    steps_words,
    turns_sentence,
    values_sentence,
    verdict,
    verdict_sentence,
)
from detente.report.words import Words, counted, listed, percent, sentence

if TYPE_CHECKING:
    from rich.console import RenderableType

    from detente.study.results_settle import DesignAnswer, SettleAnswer


TO_SPARE = (
    "to spare: what going on is worth beyond leaving, to whoever may leave there and gains most by it; below zero it "
    "would leave; –: nobody may leave there."
)


def render_settle(answer: SettleAnswer, width: int = 80, *, color: bool = False, words: Words | None = None) -> str:
    """What `detente settle` prints.

    Args:
        answer: What `settle` found.
        width: Columns of the terminal.
        color: Whether bold is passed on as terminal codes.
        words: What parameters are called, if the case is at hand.
    """
    words = words or Words(actors=answer.parties)
    parts: list[RenderableType] = [
        paragraph(answer.case_title, "bold"),
        paragraph("Which agreement would hold?"),
        blank(),
        paragraph(headline(answer)),
    ]
    if answer.interrupted:
        parts += [blank(), paragraph(interrupted_sentence(answer))]
    parts += _comparison(answer)
    for design in answer.designs:
        parts += _design(answer, design, words)
    parts += _steps(answer)
    return draw(parts + _trust(answer), width, color)


def _comparison(answer: SettleAnswer) -> list[RenderableType]:
    rows = [
        [
            design_words(item),
            verdict(item),
            percent(item.share),
            percent(item.entered_share),
            guarantee_words(item),
            orders_words(item),
        ]
        for item in answer.designs
    ]
    title = sentence(answer.title).rstrip(".")
    return [
        heading("The designs" + (f": {title}" if title else "")),
        table(["Design", "at base values", "holds in", "signed in", "guarantee", "orders"], rows, left=2),
        paragraph(
            "holds in: share of worlds in which all sign and an order of the steps carries itself. signed in: share in "
            "which all would sign. guarantee: the least that leaving must cost each party, at base values, for an "
            "order to carry itself. orders: how many orders carry themselves, at base values."
        ),
    ]


def _design(answer: SettleAnswer, design: DesignAnswer, words: Words) -> list[RenderableType]:
    parts: list[RenderableType] = [heading(design_words(design))]
    if design.about:
        parts.append(paragraph(sentence(design.about)))
    if design.changes:
        parts.append(paragraph(f"Changes: {'; '.join(design.changes)}."))
    parts += [
        blank(),
        paragraph(f"{verdict_sentence(answer, design)} {share_sentence(design)}"),
        paragraph(values_sentence(answer, design)),
        paragraph(guarantee_sentence(design)),
    ]
    parts += _order(answer, design)
    parts += _blocked(answer, design)
    parts += _mend(answer, design)
    parts += _hidden(answer, design)
    parts += _turns(design, words)
    return parts + [paragraph(sentence(note)) for note in design.notes]


def _order(answer: SettleAnswer, design: DesignAnswer) -> list[RenderableType]:
    if not design.best_order:
        return []
    rows = [
        [
            f"{k + 1}. {move_words(move, answer.step_titles)}",
            performers_words(answer, move),
            spare_words(design, k),
        ]
        for k, move in enumerate(design.best_order)
    ]
    stop = f" The parties stop after {steps_words(design.stop, answer.step_titles)}." if design.stop is not None else ""
    explained = "" if design.name != answer.designs[0].name else TO_SPARE
    parts = [
        blank(),
        paragraph(f"{best_order_title(design)}:", "bold"),
        table(["Step", "by", "to spare"], rows, left=2),
    ]
    return [*parts, paragraph(f"{explained}{stop}")] if explained or stop else parts


def _blocked(answer: SettleAnswer, design: DesignAnswer) -> list[RenderableType]:
    if not design.blocked:
        return []
    shown = design.blocked[:MOST_BLOCKED]
    parts: list[RenderableType] = [blank(), paragraph("Where every order breaks:", "bold")]
    parts += [bullet(blocked_sentence(answer, item, design.steps)) for item in shown]
    rest = len(design.blocked) - len(shown)
    if rest:
        parts.append(paragraph(f"{counted(rest, 'more blocked step')} left out; --json has them all."))
    return parts


def _mend(answer: SettleAnswer, design: DesignAnswer) -> list[RenderableType]:
    parts: list[RenderableType] = []
    if design.remedies:
        parts += [blank(), paragraph("What would make an order carry itself, the cheapest first:", "bold")]
        parts += [bullet(remedy_words(item)) for item in design.remedies[:MOST_REMEDIES]]
        if len(design.remedies) > MOST_REMEDIES:
            parts.append(paragraph(f"{counted(len(design.remedies) - MOST_REMEDIES, 'dearer one')} left out."))
    points = frontier_words(answer, design)
    if len(points) > 1:
        parts += [paragraph("Guarantees that suffice, party by party:"), *(bullet(point) for point in points)]
        if len(design.frontier or ()) > len(points):
            rest = len(design.frontier or ()) - len(points)
            parts.append(paragraph(f"And {counted(rest, 'other')}, which --json lists."))
    return parts


def _hidden(answer: SettleAnswer, design: DesignAnswer) -> list[RenderableType]:
    found = completion_of(design)
    if found is None:
        return []
    header, rows = step_rows(answer, found.best_order)
    parts: list[RenderableType] = [
        blank(),
        paragraph("If aims are hidden:", "bold"),
        paragraph(f"{hidden_sentence(answer, found)} {odds_sentence(answer, found)}"),
        table(header, rows),
    ]
    more = [comparison_sentence(found), *completion_notes(found)]
    return [*parts, *(paragraph(text) for text in more if text)]


def _turns(design: DesignAnswer, words: Words) -> list[RenderableType]:
    parts: list[RenderableType] = []
    if design.turns_on:
        parts += [blank(), paragraph("The verdict turns on:", "bold")]
        parts += [bullet(turns_sentence(item, words)) for item in design.turns_on[:MOST_TURNS]]
        if len(design.turns_on) > MOST_TURNS:
            parts.append(paragraph(f"{counted(len(design.turns_on) - MOST_TURNS, 'other value')} left out."))
    opposite = opposite_sentence(design, words)
    if opposite:
        parts += [*([] if parts else [blank()]), paragraph(opposite)]
    return parts


def _steps(answer: SettleAnswer) -> list[RenderableType]:
    lines = [
        f"{step_words(step, answer.step_titles)} ({performers_words(answer, [step])}): {sentence(says)}"
        + (f" In fact: {sentence(answer.done[step])}" if step in answer.done else "")
        for step, says in answer.steps.items()
    ]
    return [heading("The steps"), *(bullet(line) for line in lines)] if lines else []


def _trust(answer: SettleAnswer) -> list[RenderableType]:
    manifest = answer.manifest
    who = "the party that carries a step out" if answer.exit == "performer" else "every party"
    lines = [
        f"Before each step {who} may leave. Shares of worlds are conditional on the stated ranges.",
        *notes_of(answer),
        f"Repeat with: seed {manifest.seed}, {manifest.draws:,} draws, version {manifest.version}, "
        f"case sha256 {manifest.case_sha256[:16]}",
    ]
    parties = listed(f"{name} ({id})" for id, name in answer.parties.items())
    return [heading("How far to trust it"), *(bullet(line) for line in [f"Parties: {parties}.", *lines])]
