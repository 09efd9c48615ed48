"""Charts of intent: how likely each aim was day by day, which items moved that, what to watch, who disagrees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from detente.report.chart import (
    FONT_SIZE,
    LINE_HEIGHT,
    Axis,
    Board,
    Look,
    Row,
    round_days,
    swatch_height,
    swatches,
    text_width,
)
from detente.report.labels import Place, hang
from detente.report.views_assess import (
    OWN,
    analyst_words,
    by_day,
    by_influence,
    item_words,
    label_words,
    silent_items,
    toward,
    type_words,
)
from detente.report.words import cut, number, percent, with_article, wrap

if TYPE_CHECKING:
    import altair as alt

    from detente.study.results_assess import AssessAnswer, AssessedItem

PANEL, GAP, HEAD = 96, 16, 22
STRIP = 34
ROW = 26
MOST_ITEMS = 12
MOST_SILENT = 6
MOST_WATCHED = 10
MOST_BITS = 3.0


def aim_timeline(answer: AssessAnswer, look: Look | None = None) -> alt.LayerChart | None:
    """How likely each label was, day by day: point, 5-95 % band and outer bounds, with the items that were reported.

    None if nothing was reported.
    """
    look = look or Look()
    if not answer.timeline:
        return None
    labels = list(answer.labels)
    days = [date.fromisoformat(day.date).toordinal() for day in answer.timeline]
    first, last = days[0], max(days[-1], _ordinal(answer.as_of) or days[-1])
    pad = max(2.0, 0.03 * (last - first))
    x = Axis(first - 2 * pad, last + pad, 40.0, look.width - 8.0, (), "day", ticks=3 if look.narrow else 7)
    block = HEAD + PANEL + GAP
    strip = block * len(labels) + 6.0
    named = _hung(answer, look, x)
    rows = 1 + max((place.row for _, place in named), default=-1)
    height = strip + STRIP + 8 + 17 * rows
    board = Board(look, height, Axis(x.low, x.high, x.start, x.end, shown=False))
    for k, label in enumerate(labels):
        _panel(board, answer, label, days, last + 0.8 * pad, k, block * k)
    _strip(board, answer, x, strip, named)
    return board.done(
        f"How likely each {type_words(answer)} of {with_article(answer.actor)} was, day by day",
        "Line: the probability on what had been reported by that day. Dark band: 5-95 % of draws inside the stated "
        "ranges. Pale band: the least and the most that the ranges allow. Below, each stroke is an item on the day it "
        f"was reported; its length is how far it tells two of them apart (up to {MOST_BITS:g} bits), its color the "
        f"{type_words(answer)} it speaks for. Those that moved most when they came are named.",
    )


def _ordinal(text: str) -> int | None:
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        return None


def _panel(
    board: Board, answer: AssessAnswer, label: str, days: Sequence[int], last: float, k: int, top: float
) -> None:
    """One label: heading with the last value, grid, bands and line."""
    look, x = board.look, board.x
    theme, bottom = look.theme, top + HEAD + PANEL

    def at(share: float) -> float:
        return bottom - PANEL * share

    grid = [{"x": x.low, "x2": x.high, "y": at(share), "color": theme.grid} for share in (0.0, 0.5, 1.0)]
    board.rules(grid, strokeWidth=1)
    marks = [{"x": x.value(x.start - 6), "y": at(share), "text": f"{share:.0%}"} for share in (0.0, 0.5, 1.0)]
    board.notes(marks, align="right", baseline="middle", fontSize=FONT_SIZE - 2)
    months = [{"x": day, "y": top + HEAD, "y2": bottom, "color": theme.grid} for day in x.tick_values()]
    board.rules(months, "x y y2", strokeWidth=1)
    bounds, bands, line = _steps(answer, label, days, x.low, last)
    tint, color = theme.tint(k), theme.color(k)
    board.bars([{**row, "y": at(row["low"]), "y2": at(row["high"]), "color": tint} for row in bounds], opacity=0.35)
    board.bars([{**row, "y": at(row["low"]), "y2": at(row["high"]), "color": tint} for row in bands])
    board.lines([{**row, "y": at(row["share"]), "color": color, "label": label} for row in line], strokeWidth=2.5)
    now = answer.timeline[-1].type[label]
    room = int((look.width - 150) / 7.2)
    heading = {"x": x.value(x.start), "y": top + HEAD / 2 - 2, "text": cut(label_words(answer, label), room)}
    board.texts([heading], color, align="left", baseline="middle", fontWeight="bold")
    end = {"x": x.value(x.end), "y": top + HEAD / 2 - 2, "text": f"{percent(now.point)} at the end"}
    board.texts([end], theme.ink, align="right", baseline="middle")


def _steps(
    answer: AssessAnswer, label: str, days: Sequence[int], start: float, last: float
) -> tuple[list[Row], list[Row], list[Row]]:
    """Bounds and bands as rectangles from day to day, and the line as a staircase."""
    found = [answer.prior[label], *(day.type[label] for day in answer.timeline)]
    ends = [start, *map(float, days), float(last)]
    bounds: list[Row] = []
    bands: list[Row] = []
    line: list[Row] = []
    for i, item in enumerate(found):
        box = {"x": ends[i], "x2": ends[i + 1]}
        bounds.append({**box, "low": item.lower, "high": item.upper})
        bands.append({**box, "low": item.p05, "high": item.p95})
        corners = [(ends[i], item.point), (ends[i + 1], item.point)]
        line += [{"x": day, "share": share, "line": label, "step": 2 * i + j} for j, (day, share) in enumerate(corners)]
    return bounds, bands, line


def _hung(answer: AssessAnswer, look: Look, x: Axis) -> list[tuple[AssessedItem, Place]]:
    """The items that are named under the strip, with the places of their names."""
    shown = sorted(by_day(answer)[: 5 if look.narrow else 8], key=lambda item: (item.reported, item.id))
    texts = [_tag(answer, item, look) for item in shown]
    wants = [
        (x.pixel(_ordinal(item.reported) or x.low), text_width(text, FONT_SIZE - 1))
        for item, text in zip(shown, texts, strict=True)
    ]
    return list(zip(shown, hang(wants, 0.0, float(look.width)), strict=True))


def _tag(answer: AssessAnswer, item: AssessedItem, look: Look) -> str:
    return cut(item_words(answer, item.id), 22 if look.narrow else 30)


def _strip(
    board: Board, answer: AssessAnswer, x: Axis, top: float, named: Sequence[tuple[AssessedItem, Place]]
) -> None:
    """A stroke per item, as long as it is influential, and the names of the foremost."""
    look = board.look
    theme = look.theme
    colors = {label: theme.color(k) for k, label in enumerate(answer.labels)}
    base = top + STRIP
    board.rules([{"x": x.low, "x2": x.high, "y": base, "color": theme.axis}], strokeWidth=1)
    strokes: list[Row] = []
    for item in answer.items:
        day = _ordinal(item.reported)
        if day is None:
            continue
        long = 4 + (STRIP - 8) * min(item.added, MOST_BITS) / MOST_BITS
        color = theme.axis if item.silent else colors.get(toward(item), theme.axis)
        strokes.append({"x": day, "y": base - long, "y2": base, "color": color, "item": item.id})
    board.rules(strokes, "x y y2", strokeWidth=3)
    leaders: list[Row] = []
    texts: list[Row] = []
    for item, place in named:
        day, y = _ordinal(item.reported) or x.low, base + 14 + 17 * place.row
        leaders.append({"x": day, "y": base + 1, "y2": y - 7, "color": theme.axis})
        texts.append({"x": x.value(place.left), "y": y, "text": _tag(answer, item, look)})
    board.rules(leaders, "x y y2", strokeWidth=0.8)
    ticks = [
        {"x": day, "y": top - 8, "text": text}
        for day, text in round_days(x.low, x.high, x.ticks)
        if x.pixel(day) + text_width(text) / 2 <= look.width
    ]
    board.notes(ticks, align="center", baseline="middle")
    board.texts(texts, theme.ink, align="left", baseline="middle", fontSize=FONT_SIZE - 1)


def item_bars(answer: AssessAnswer, look: Look | None = None) -> alt.LayerChart | None:
    """How much each item moves the answer and how far it tells two labels apart; None without items."""
    look = look or Look()
    moved, silent = by_influence(answer)[:MOST_ITEMS], silent_items(answer)[:MOST_SILENT]
    if not moved and not silent:
        return None
    colors = {label: look.theme.color(k) for k, label in enumerate(answer.labels)}
    rows = [
        _Pair(item_words(answer, item.id), item.influence, item.added, colors.get(toward(item), look.theme.axis))
        for item in moved
    ]
    rows += [_Pair(item_words(answer, item.id), None, item.diagnosticity, look.theme.axis) for item in silent]
    key = [(label_words(answer, label), colors[label]) for label in answer.labels]
    more = " Gray: items that carry no information; their bar shows what they would say on their own." if silent else ""
    return _pairs(
        rows,
        look,
        ("Moves the answer by (percentage points)", "Tells apart (bits)"),
        key,
        "Which items moved the answer",
        f"Left: the probability that shifts if the item is left out; the color is the {type_words(answer)} it speaks "
        "for. Right: the log of its largest likelihood ratio, after the weight of its source and beyond other reports "
        f"of its origin; one bit is 2 to 1.{more}",
    )


def watch_bars(answer: AssessAnswer, look: Look | None = None) -> alt.LayerChart | None:
    """What each indicator is expected to tell, and what that is worth for the decision; None without indicators."""
    look = look or Look()
    shown = answer.watch[:MOST_WATCHED]
    if not shown:
        return None
    gains = any(item.value is not None for item in shown)
    rows = [
        _Pair(
            item_words(answer, item.indicator),
            item.information,
            (item.value or 0.0) if gains else item.chance,
            look.theme.accent,
            look.theme.accent_two,
        )
        for item in shown
    ]
    second = "Expected gain (payoff units)" if gains else "Chance that it is seen"
    told = (
        "Right: what deciding after that knowledge is worth to the owner. An indicator that changes no decision is "
        "worth nothing, however much it tells."
        if gains
        else "Right: how likely it is, as things stand, that it will be seen."
    )
    return _pairs(
        rows,
        look,
        ("Expected information (bits)", second),
        [],
        "What to watch",
        f"Left: how much knowing whether the indicator is seen is expected to tell. {told}",
        kinds=("bits", "number" if gains else "percent"),
    )


class _Pair:
    """A row with two bars: the first is None where there is nothing to show."""

    def __init__(self, name: str, first: float | None, second: float, color: str, other: str = ""):
        self.name, self.first, self.second, self.color, self.other = name, first, second, color, other or color


def _pairs(
    rows: Sequence[_Pair],
    look: Look,
    heads: tuple[str, str],
    key: Sequence[tuple[str, str]],
    title: str,
    explanation: str,
    kinds: tuple[str, str] = ("points", "bits"),
) -> alt.LayerChart:
    """Rows with two columns of bars, each on a scale of its own, their numbers beside them."""
    left = 128.0 if look.narrow else 208.0
    gap = 14.0
    wide = (look.width - left - gap) / 2
    starts = (left, left + wide + gap)
    top = swatch_height(look.width, [name for name, _ in key]) + 8 if key else 0.0
    lines = [wrap(text, max(10, int(wide / 6.6)), 3) for text in heads]
    body = top + LINE_HEIGHT * max(map(len, lines)) + 6
    board = Board(look, body + ROW * len(rows), Axis(0.0, float(look.width), 0.0, float(look.width), shown=False))
    if key:
        swatches(board, key, 0.0)
    heading = [{"x": starts[k], "y": top + 8, "text": "\n".join(lines[k])} for k in range(2)]
    board.notes(heading, align="left", baseline="middle")
    bars: list[Row] = []
    texts: list[Row] = []
    names: list[Row] = []
    room = int((left - 10) / 6.5)
    for k in range(2):
        values = [(row.first if k == 0 else row.second) or 0.0 for row in rows]
        shown = [_shown(row.first if k == 0 else row.second, kinds[k]) for row in rows]
        most = max([*map(abs, values), 1e-12])
        space = wide - 10 - max(text_width(text, FONT_SIZE - 1) for text in shown)
        for i, row in enumerate(rows):
            y = body + ROW * i + ROW / 2
            end = starts[k] + max(0.0, space * values[i] / most)
            box = {"x": starts[k], "x2": end, "y": y - 8, "y2": y + 8, "value": values[i], "name": row.name}
            bars.append({**box, "color": row.color if k == 0 else row.other})
            texts.append({"x": end + 5, "y": y, "text": shown[i]})
    names = [{"x": 0.0, "y": body + ROW * i + ROW / 2, "text": cut(row.name, room)} for i, row in enumerate(rows)]
    board.bars([row for row in bars if row["x2"] - row["x"] > 0.3])
    edges = [{"x": start, "y": body, "y2": body + ROW * len(rows), "color": look.theme.axis} for start in starts]
    board.rules(edges, "x y y2", strokeWidth=1)
    board.texts(names, look.theme.ink, align="left", baseline="middle")
    board.texts(texts, look.theme.ink, align="left", baseline="middle", fontSize=FONT_SIZE - 1)
    return board.done(title, explanation)


def _shown(value: float | None, kind: str) -> str:
    if value is None:
        return "nothing"
    if kind == "points":
        return f"{100 * value:.0f}" if value >= 0.095 else f"{100 * value:.1f}"
    return percent(value) if kind == "percent" else number(value, 2)


def analyst_spread(answer: AssessAnswer, look: Look | None = None) -> alt.LayerChart | None:
    """How differently analysts read each item; None if there is one analyst only."""
    look = look or Look()
    shown = [item for item in answer.disagreements if item.spread_bits > 0 and len(item.by_analyst) > 1][:MOST_ITEMS]
    if not shown:
        return None
    who = [name for name in answer.analysts if any(name in item.by_analyst for item in shown)]
    colors = {name: look.theme.ink if name == OWN else look.theme.color(k) for k, name in enumerate(who)}
    key = [(analyst_words(name), colors[name]) for name in who]
    top = swatch_height(look.width, [name for name, _ in key]) + 6
    left = 128.0 if look.narrow else 190.0
    right = 8.0 if look.narrow else 168.0
    step = 40 if look.narrow else 30
    even = 1.0 / max(1, len(answer.labels))
    x = Axis(0.0, 1.0, left, look.width - right - 6, shown=False)
    bottom = top + step * len(shown)
    board = Board(look, bottom + 18, x)
    swatches(board, key, 0.0)
    grid = [{"x": share, "y": top, "y2": bottom, "color": look.theme.grid} for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    board.rules(grid, "x y y2", strokeWidth=1)
    board.notes(
        [{"x": k, "y": bottom + 10, "text": f"{k:.0%}"} for k in (0.0, 0.5, 1.0)], align="center", baseline="middle"
    )
    board.rules([{"x": even, "y": top, "y2": bottom, "color": look.theme.axis}], "x y y2", strokeDash=[4, 3])
    lines: list[Row] = []
    dots: list[Row] = []
    names: list[Row] = []
    labels: list[Row] = []
    for i, item in enumerate(shown):
        y = top + step * i + step / 2
        alone = {name: _alone(cells) for name, cells in item.by_analyst.items() if name in colors}
        label = max(answer.labels, key=lambda at: _range([own[at] for own in alone.values()]))
        at = [own[label] for own in alone.values()]
        lines.append({"x": min(at), "x2": max(at), "y": y, "color": look.theme.axis})
        dots += [
            {"x": own[label], "y": y, "color": colors[name], "analyst": name, "item": item.item}
            for name, own in alone.items()
        ]
        name = {
            "x": x.value(0),
            "y": y - (8 if look.narrow else 0),
            "text": cut(item_words(answer, item.item), int((left - 10) / 6.5)),
        }
        names.append(name)
        text = cut(label_words(answer, label), 18 if look.narrow else 24)
        place = {"x": x.value(0), "y": y + 8} if look.narrow else {"x": x.value(look.width - right + 12), "y": y}
        labels.append({**place, "text": text})
    board.rules(lines, strokeWidth=2)
    board.points(dots, filled=True, size=90, stroke=look.theme.halo, strokeWidth=1)
    board.texts(names, look.theme.ink, align="left", baseline="middle")
    board.notes(labels, align="left", baseline="middle")
    return board.done(
        "Where analysts differ",
        f"Each dot is one analyst: how likely the {type_words(answer)} {'below' if look.narrow else 'beside'} the item "
        "would be if this item were all there is and all were equally likely before. Dashed line: the item says "
        f"nothing. For each item the {type_words(answer)} on which they differ most is shown.",
    )


def _alone(cells: dict[str, tuple[float, float, float]]) -> dict[str, float]:
    total = sum(cell[1] for cell in cells.values())
    return {label: cell[1] / total for label, cell in cells.items()}


def _range(values: Sequence[float]) -> float:
    return max(values) - min(values)
