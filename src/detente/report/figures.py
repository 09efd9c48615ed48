"""Charts with one row per posture: what it is worth, how it ends, how often it is best, how far it falls short."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from detente.axes import Floats
from detente.report.chart import FONT_SIZE, LINE_HEIGHT, Axis, Board, Look, Row, padded, text_width
from detente.report.words import counted, cut, level, percent, with_article, wrap

if TYPE_CHECKING:
    import altair as alt

    from detente.study.results import CompareAnswer

ROW = 36
HEADING = 30


def values_by_posture(answer: CompareAnswer, look: Look | None = None, actor: str | None = None) -> alt.LayerChart:
    """Expected payoff of one actor under each posture: mean, middle half, 5-95 % and base case.

    Args:
        answer: What `compare` found.
        look: Size, theme and words.
        actor: Whose payoff; the owner's if not given.
    """
    look = look or Look()
    actor = actor or answer.owner
    who = list(answer.actors).index(actor)
    name = with_article(answer.actors[actor])
    rows = [
        _interval(item.values[:, who], item.value[actor].mean, item.base_value[actor], look, i, item.name)
        for i, item in enumerate(answer.postures)
    ]
    low, high = padded([row[key] for row in rows for key in ("p05", "p95", "mean", "base")])
    left, right = _gutters(look, 68)
    title = tuple(wrap(f"Expected payoff of {name}, payoff units (further right is better)", _title_room(look, left)))
    x = Axis(low, high, left, look.width - right, title, ticks=4 if look.narrow else 7)
    board = Board(look, ROW * len(rows), x)
    _draw_rows(board, rows, 0.0)
    _row_labels(board, rows, 0.0, [level(row["mean"]) for row in rows])
    worlds = counted(int(np.count_nonzero(answer.certified)), "world")
    return board.done(
        f"What each posture is worth to {name}",
        f"Dot: average over {worlds}. Thick line: the middle half of them. Thin line: from the 5th to the "
        "95th percentile. Diamond: the base case. Number: the average.",
    )


def outcome_odds(answer: CompareAnswer, look: Look | None = None) -> alt.LayerChart:
    """Probability of each named outcome under each posture, with its 5-95 % range."""
    look = look or Look()
    names = list(answer.postures[0].outcomes) if answer.postures else []
    left, right = _gutters(look, 48)
    x = Axis(0.0, 1.0, left, look.width - right, ("Probability",), "percent", 2 if look.narrow else 5)
    block = HEADING + 24 * len(answer.postures) + 10
    board = Board(look, block * len(names), x)
    headings: list[Row] = []
    for k, outcome in enumerate(names):
        top = k * block
        rows = [
            _interval(
                item.outcome_draws[:, k],
                item.outcomes[outcome].mean,
                item.base_outcomes[outcome],
                look,
                i,
                item.name,
                outcome=outcome,
            )
            for i, item in enumerate(answer.postures)
        ]
        headings.append({"x": x.value(0), "y": top + HEADING / 2, "text": look.words.outcome(outcome)})
        _draw_rows(board, rows, top + HEADING, 24)
        _row_labels(board, rows, top + HEADING, [percent(row["mean"]) for row in rows], 24)
    board.texts(headings, look.theme.ink, align="left", baseline="middle", fontWeight="bold", fontSize=FONT_SIZE + 1)
    return board.done(
        "How likely each ending is",
        "Dot: average over the worlds. Thick line: the middle half of them. Thin line: from the 5th to the 95th "
        "percentile. Diamond: the base case.",
    )


def best_shares(answer: CompareAnswer, look: Look | None = None) -> alt.LayerChart:
    """Share of worlds in which each posture is best, ties split, with bounds for uncertified draws."""
    look = look or Look()
    left, right = _gutters(look, 84)
    x = Axis(0.0, 1.0, left, look.width - right, ("Share of worlds",), "percent", 2 if look.narrow else 5)
    rows: list[Row] = []
    bounds: list[Row] = []
    for i, item in enumerate(answer.postures):
        middle = ROW * i + ROW / 2
        color = look.theme.color(i)
        row = {"x": 0.0, "x2": item.best_share, "y": middle - 10, "y2": middle + 10, "color": color}
        rows.append({**row, "posture": item.name, "share": item.best_share})
        low, high = item.best_share_bounds
        if high - low > 5e-4:
            bounds.append({"x": low, "x2": high, "y": middle, "color": look.theme.ink})
    board = Board(look, ROW * len(rows), x)
    board.bars([row for row in rows if row["share"] > 0])
    board.rules(bounds, strokeWidth=2)
    shown = [percent(row["share"]) for row in rows]
    _row_labels(board, [{"posture": row["posture"]} for row in rows], 0.0, shown)
    more = " Dark line: the bounds if every world that could not be certified had gone one way." if bounds else ""
    return board.done(
        "In how many worlds each posture is best",
        "A world is one draw of every assumption from its stated range. Ties are split evenly." + more,
    )


def shortfalls(answer: CompareAnswer, look: Look | None = None) -> alt.LayerChart | None:
    """How much each posture does better or worse than the leading one in the same world; None for one posture."""
    look = look or Look()
    who = list(answer.actors).index(answer.owner)
    leader = next((item for item in answer.postures if item.name == answer.leading), None)
    if leader is None or len(answer.postures) < 2:
        return None
    rows = []
    for i, item in enumerate(answer.postures):
        if item.name != answer.leading:
            gap = item.values[:, who] - leader.values[:, who]
            base = item.base_value[answer.owner] - leader.base_value[answer.owner]
            rows.append(_interval(gap, _mean(gap), base, look, i, item.name))
    low, high = padded([0.0, *(row[key] for row in rows for key in ("p05", "p95", "mean", "base"))])
    left, right = _gutters(look, 68)
    text = f"Payoff compared with “{look.words.posture(leader.name)}” in the same world (left of 0 is worse)"
    title = tuple(wrap(text, _title_room(look, left)))
    x = Axis(low, high, left, look.width - right, title, ticks=4 if look.narrow else 7)
    board = Board(look, ROW * len(rows), x)
    board.rules([{"x": 0.0, "y": 0.0, "y2": ROW * len(rows), "color": look.theme.ink}], "x y y2", strokeWidth=1)
    _draw_rows(board, rows, 0.0)
    _row_labels(board, rows, 0.0, [_signed(row["mean"]) for row in rows])
    return board.done(
        f"How the others compare with “{look.words.posture(leader.name)}”, world by world",
        "Every posture is played in the same worlds, so these differences are sharper than the ranges of the "
        "values suggest. Dot: average. Thick line: middle half. Thin line: 5th to 95th percentile. Diamond: base case.",
    )


def claim_shares(
    claims: Sequence[tuple[str, float | None, bool | None]], look: Look | None = None
) -> alt.LayerChart | None:
    """Share of worlds in which each claim holds.

    Args:
        claims: For each claim its id, the share (None if it cannot be judged) and whether it holds at base values.
        look: Size, theme and words.
    """
    look = look or Look()
    judged = [(id, share, at_base) for id, share, at_base in claims if share is not None]
    if not judged:
        return None
    ticks = 2 if look.narrow else 5
    room = 17 if look.narrow else 26
    left = max(44.0, 14.0 + max(text_width(cut(id, room)) for id, _, _ in judged))
    x = Axis(0.0, 1.0, left, look.width - 70, ("Share of worlds in which it holds",), "percent", ticks)
    board = Board(look, 28 * len(judged), x)
    track, bars, labels, shares, dots = [], [], [], [], []
    for i, (id, share, at_base) in enumerate(judged):
        box = {"x": 0.0, "y": 28.0 * i + 5, "y2": 28.0 * i + 23, "claim": id, "share": share}
        track.append({**box, "x2": 1.0, "color": look.theme.grid})
        bars.append({**box, "x2": share, "color": look.theme.accent})
        y = 28.0 * i + 14
        labels.append({"x": x.value(0), "y": y, "text": cut(id, room)})
        shares.append({"x": x.value(look.width - 20), "y": y, "text": percent(share)})
        if at_base is not None:
            dots.append({"x": x.value(look.width - 7), "y": y, "at_base": at_base, "color": look.theme.ink})
    board.bars(track)
    board.bars([row for row in bars if row["share"] > 0])
    board.texts(labels, look.theme.ink, align="left", baseline="middle", fontWeight="bold")
    board.texts(shares, look.theme.ink, align="right", baseline="middle")
    board.points([row for row in dots if row["at_base"]], shape="circle", filled=True, size=80)
    board.points([row for row in dots if not row["at_base"]], shape="circle", size=64, strokeWidth=2)
    return board.done(
        "How much of the range each claim survives",
        "Bar: share of worlds in which the claim holds. Filled dot: it holds at the base values; open dot: it does "
        "not.",
    )


def _interval(
    draws: Floats, mean: float, base: float, look: Look, i: int, posture: str, outcome: str | None = None
) -> Row:
    """One row: the spread of `draws` with mean and base case."""
    seen = draws[np.isfinite(draws)]
    p05, p25, p75, p95 = np.quantile(seen, [0.05, 0.25, 0.75, 0.95]) if len(seen) else [float("nan")] * 4
    row: Row = {"posture": posture, "mean": mean, "p05": p05, "p25": p25, "p75": p75, "p95": p95, "base": base}
    row["color"] = look.theme.color(i)
    return row if outcome is None else {**row, "outcome": outcome}


def _draw_rows(board: Board, rows: Sequence[Row], top: float, step: float = ROW) -> None:
    """The intervals, one below the other; the diamond of the base case lies on top."""
    placed = [{**row, "y": top + step * i + step / 2} for i, row in enumerate(rows)]
    theme = board.look.theme
    board.rules([{**row, "x": row["p05"], "x2": row["p95"]} for row in placed], strokeWidth=2, strokeCap="round")
    board.rules([{**row, "x": row["p25"], "x2": row["p75"]} for row in placed], strokeWidth=7, strokeCap="round")
    dots: list[Row] = [{**row, "x": row["mean"]} for row in placed]
    small = step < ROW
    board.points(dots, filled=True, size=80 if small else 120, stroke=theme.halo, strokeWidth=1.5)
    diamonds = [{**row, "x": row["base"], "color": theme.ink} for row in placed]
    board.points(diamonds, shape="diamond", fill=theme.halo, size=32 if small else 46, strokeWidth=1.5)


def _row_labels(board: Board, rows: Sequence[Row], top: float, shown: Sequence[str], step: float = ROW) -> None:
    """Posture names on the left and one number on the right."""
    look, x = board.look, board.x
    room = int((x.start - 10) / 6.9)
    names: list[Row] = []
    numbers: list[Row] = []
    for i, (row, text) in enumerate(zip(rows, shown, strict=True)):
        y = top + step * i + step / 2
        name = look.words.posture(row["posture"])
        lines = wrap(name, room, 2) if step >= 2 * LINE_HEIGHT else [cut(name, room)]
        names.append({"x": x.value(0), "y": y - (len(lines) - 1) * LINE_HEIGHT / 2, "text": "\n".join(lines)})
        numbers.append({"x": x.value(look.width), "y": y, "text": text})
    board.texts(names, look.theme.ink, align="left", baseline="middle")
    board.texts(numbers, look.theme.ink, align="right", baseline="middle", fontWeight="bold")


def _gutters(look: Look, right: float) -> tuple[float, float]:
    return (122.0 if look.narrow else 178.0), right


def _title_room(look: Look, left: float) -> int:
    """Characters that fit under the plot."""
    return int((look.width - left - 20) / 6.2)


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + level(value)


def _mean(draws: Floats) -> float:
    seen = draws[np.isfinite(draws)]
    return float(seen.mean()) if len(seen) else float("nan")
