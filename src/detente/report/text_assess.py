"""The answer of `assess` for a terminal: how likely each aim is, what moved it, what says nothing, what to watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.report.terminal import blank, bullet, draw, heading, paragraph, table
from detente.report.views_assess import (
    MOST_MOVED,
    analyst_words,
    band,
    base_decision_words,
    bounds,
    by_influence,
    clear_words,
    day_words,
    decision_words,
    direction,
    disagreement_words,
    gain_words,
    grade_words,
    item_words,
    label_words,
    last_day,
    move_sentence,
    question,
    repair_sentence,
    silent_reasons,
    staged_sentence,
    telling_days,
    trust_lines,
    type_words,
    watch_sentence,
)
from detente.report.words import capital, counted, listed, number, percent, sentence

if TYPE_CHECKING:
    from rich.console import RenderableType

    from detente.study.results_assess import AssessAnswer, AssessedItem


def render_assess(answer: AssessAnswer, width: int = 80, *, color: bool = False) -> str:
    """What `detente assess` prints.

    Args:
        answer: What `assess` found.
        width: Columns of the terminal.
        color: Whether bold is passed on as terminal codes.
    """
    parts: list[RenderableType] = [
        paragraph(answer.title, "bold"),
        paragraph(f"{question(answer)} Judged on what had been reported by {day_words(answer.as_of)}."),
    ]
    if answer.statements:
        last = answer.statements[-1]
        parts += [blank(), paragraph(sentence(last.likelihood)), blank(), paragraph(sentence(last.confidence))]
        if last.why:
            parts.append(paragraph(sentence(last.why)))
    parts += _types(answer)
    parts += _days(answer)
    parts += _moved(answer)
    parts += _silent(answer)
    parts += _games(answer)
    parts += _watch(answer)
    parts += _analysts(answer)
    parts += _earlier(answer)
    parts += _scores(answer)
    parts += _trust(answer)
    return draw(parts, width, color)


def _types(answer: AssessAnswer) -> list[RenderableType]:
    now = last_day(answer)
    rows = [
        [
            label_words(answer, label),
            percent(answer.prior[label].point),
            percent(now[label].point),
            band(now[label]),
            bounds(now[label]),
        ]
        for label in answer.labels
    ]
    return [
        heading(f"How likely each {type_words(answer)} is"),
        table([capital(type_words(answer)), "before any item", "now", "5-95 % band", "outer bounds"], rows),
        paragraph(
            "5-95 % band: independent draws inside all stated ranges. Outer bounds: the least and the most that the "
            "ranges allow if every judgment errs in the same direction; with many vague items they are wide."
        ),
    ]


def _days(answer: AssessAnswer) -> list[RenderableType]:
    shown = telling_days(answer)
    if len(shown) < 2:
        return []
    labels = list(answer.labels)
    rows = [
        [day_words(day.date), _reported(answer, day.items), *(percent(day.type[label].point) for label in labels)]
        for day in shown
    ]
    left_out = len(answer.timeline) - len(shown)
    names = [label_words(answer, label) for label in labels]
    parts = [heading("Day by day"), table(["Day", "Reported", *names], rows, left=2)]
    if left_out:
        parts.append(paragraph(f"{counted(left_out, 'day')} on which less changed left out; --json has them all."))
    return parts


def _reported(answer: AssessAnswer, ids: tuple[str, ...]) -> str:
    names = [item_words(answer, id) for id in ids[:2]]
    return ", ".join(names) + (f" and {len(ids) - 2} more" if len(ids) > 2 else "")


def _moved(answer: AssessAnswer) -> list[RenderableType]:
    items = by_influence(answer)
    if not items:
        return [heading("What moved it"), paragraph("Nothing: no item carries information.")]
    shown = items[:MOST_MOVED]
    rows = [
        [
            item_words(answer, item.id),
            day_words(item.reported),
            direction(answer, item),
            number(item.diagnosticity, 2),
            grade_words(item),
        ]
        for item in shown
    ]
    parts = [
        heading("What moved it most"),
        table(["Item", "reported", "toward (points)", "bits", "grade (weight)"], rows, left=3),
        paragraph(
            "toward: the aim that makes the item likeliest, and by how many percentage points its probability would be "
            "lower without the item. bits: how far the item tells two aims apart at most, after the weight of its "
            "source; 1 bit is a ratio of 2 to 1."
        ),
    ]
    rest = len(items) - len(shown)
    if rest:
        parts.append(paragraph(f"{counted(rest, 'more item')} moved it by less."))
    if clear_words(answer):
        parts.append(paragraph(clear_words(answer)))
    parts += [blank(), *(bullet(_told(answer, item)) for item in shown[:3] if item.says)]
    return parts


def _told(answer: AssessAnswer, item: AssessedItem) -> str:
    source = f" ({item.source})" if item.source else ""
    return f"{item_words(answer, item.id)}: {sentence(item.says)}{source}"


def _silent(answer: AssessAnswer) -> list[RenderableType]:
    lines = [
        f"{listed(f'{item_words(answer, item.id)} ({day_words(item.reported)})' for item in items)}: {why}"
        for why, items in silent_reasons(answer)
    ]
    return [heading("Looks telling, and says nothing"), *(bullet(line) for line in lines)] if lines else []


def _games(answer: AssessAnswer) -> list[RenderableType]:
    parts: list[RenderableType] = []
    if answer.moves:
        lines = [f"{item_words(answer, move.id)}: {move_sentence(answer, move)}" for move in answer.moves]
        parts += [heading("Moves: what each aim would have done"), *(bullet(line) for line in lines)]
    if answer.staged:
        lines = [f"{item_words(answer, item.id)}: {staged_sentence(answer, item)}" for item in answer.staged]
        parts += [heading("What could have been staged"), *(bullet(line) for line in lines)]
    return parts


def _watch(answer: AssessAnswer) -> list[RenderableType]:
    if not answer.watch:
        return []
    gains = any(item.value is not None for item in answer.watch)
    decides = any(item.decides is not None for item in answer.watch)
    header = ["Indicator", "information (bits)", *(["expected gain"] if gains else [])]
    header += [*(["decides"] if decides else []), "chance"]
    rows = [
        [item_words(answer, item.indicator), number(item.information, 2)]
        + ([gain_words(item)] if gains else [])
        + ([percent(float("nan") if item.decides is None else item.decides)] if decides else [])
        + [percent(item.chance)]
        for item in answer.watch
    ]
    parts = [heading("What to watch"), table(header, rows)]
    why = "information: how much knowing whether it is seen is expected to tell."
    if gains:
        why += " expected gain: what deciding after that knowledge is worth to the owner, in its payoff units"
        why += f" (mean over {max(item.worlds for item in answer.watch)} worlds ± standard error)." if decides else "."
    if decides:
        why += " decides: how likely it is that another posture is best once that is known."
    if base_decision_words(answer):
        why += f" {base_decision_words(answer)}"
    parts += [paragraph(why), blank()]
    for item in answer.watch:
        told = f"{watch_sentence(answer, item)} {decision_words(answer, item)}".strip()
        parts.append(bullet(f"{item_words(answer, item.indicator)}: {told}"))
    return parts


def _views(answer: AssessAnswer) -> list[RenderableType]:
    """What comes out by each analyst's judgments."""
    if not answer.views:
        return []
    labels = list(answer.labels)
    rows = [
        [
            f"{analyst_words(view.analyst)}{' (used above)' if view.analyst == answer.analyst else ''}",
            number(view.judged),
            *(f"{percent(view.type[label].point)} ({band(view.type[label])})" for label in labels),
        ]
        for view in answer.views
    ]
    header = ["Judgments of", "items", *(label_words(answer, label) for label in labels)]
    note = (
        "In parentheses the 5-95 % band. An analyst who did not judge an item is taken to agree with the case. pooled: "
        "the logarithmic pool of all, which --analyst pooled answers by."
    )
    return [heading("By whose judgment"), table(header, rows), paragraph(note)]


def _analysts(answer: AssessAnswer) -> list[RenderableType]:
    parts = _views(answer)
    apart = [item for item in answer.disagreements if item.spread_bits > 0]
    if apart:
        rows = [
            [item_words(answer, item.item), number(item.spread_bits, 2), "yes" if item.opposed else "no"]
            for item in apart[:MOST_MOVED]
        ]
        parts += [
            heading("Where analysts differ"),
            table(["Item", "apart (bits)", "opposite directions"], rows),
            paragraph("Most likely under, as each sees it:"),
            *(
                bullet(f"{item_words(answer, item.item)}: {disagreement_words(answer, item)}.")
                for item in apart[:MOST_MOVED]
            ),
        ]
        if len(apart) > MOST_MOVED:
            parts.append(paragraph(f"They differ less on {counted(len(apart) - MOST_MOVED, 'other item')}."))
    if answer.repairs:
        parts += [
            heading("Judgments that did not add up"),
            *(bullet(repair_sentence(answer, item)) for item in answer.repairs[:MOST_MOVED]),
        ]
        if len(answer.repairs) > MOST_MOVED:
            rest = len(answer.repairs) - MOST_MOVED
            parts.append(paragraph(f"And {counted(rest, 'other')}, which --json lists."))
    return parts


def _earlier(answer: AssessAnswer) -> list[RenderableType]:
    if len(answer.statements) < 2:
        return []
    parts: list[RenderableType] = [heading("What could be said before")]
    for item in answer.statements[:-1]:
        parts += [
            paragraph(day_words(item.date), "bold"),
            paragraph(sentence(item.likelihood), indent=2),
            paragraph(f"{sentence(item.confidence)} {sentence(item.why)}", indent=2),
        ]
    return parts


def _scores(answer: AssessAnswer) -> list[RenderableType]:
    found = answer.scores
    if found is None:
        return []
    rows = [
        ["the last forecast before it was known", number(found.brier), number(found.log)],
        ["all days, each forecast for as long as it stood", number(found.mean_brier), number(found.mean_log)],
        ["without any evidence", number(found.prior_brier), number(found.prior_log)],
    ]
    when = f", known on {day_words(found.until)}" if found.until else ""
    return [
        heading("Hindsight"),
        paragraph(f"True was “{label_words(answer, found.truth)}”{when}. Lower scores are better."),
        table(["Forecast", "Brier (0 to 2)", "log"], rows),
    ]


def _trust(answer: AssessAnswer) -> list[RenderableType]:
    manifest = answer.manifest
    lines = [
        *trust_lines(answer),
        f"Repeat with: seed {manifest.seed}, {manifest.draws:,} draws, version {manifest.version}, "
        f"case sha256 {manifest.case_sha256[:16]}",
    ]
    return [heading("How far to trust it"), *(bullet(line) for line in lines)]
