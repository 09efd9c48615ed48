"""Charts of settlements: what is to spare along an order, and the guarantee needed over worlds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.report.chart import FONT_SIZE, LINE_HEIGHT, Axis, Board, Look, Row, padded
from detente.report.views_settle import design_words, move_words, spare_words
from detente.report.words import cut, percent, wrap

if TYPE_CHECKING:
    import altair as alt

    from detente.study.results_settle import DesignAnswer, SettleAnswer

ROW = 40
STEP = 26


def design_shares(answer: SettleAnswer, look: Look | None = None) -> alt.LayerChart | None:
    """Share of worlds in which each design holds, an order exists, and all would sign; None without designs."""
    look = look or Look()
    if not answer.designs:
        return None
    left = 128.0 if look.narrow else 200.0
    block = 66
    x = Axis(0.0, 1.0, left, look.width - 52.0, ("Share of worlds",), "percent", 2 if look.narrow else 5)
    board = Board(look, block * len(answer.designs), x)
    bars: list[Row] = []
    names: list[Row] = []
    texts: list[Row] = []
    notes: list[Row] = []
    for i, item in enumerate(answer.designs):
        top = block * i + 6.0
        lines = wrap(design_words(item), int((left - 12) / 7.2), 3)
        names.append({"x": x.value(0), "y": top + 9, "text": "\n".join(lines)})
        rows = (
            ("holds", item.share, 18.0, look.theme.color(i)),
            ("an order exists", item.share_exists, 10.0, look.theme.tint(i)),
            ("all would sign", item.entered_share, 10.0, look.theme.grid),
        )
        y = top
        for what, share, high, color in rows:
            bars.append(
                {"x": 0.0, "x2": share, "y": y, "y2": y + high, "color": color, "design": item.name, "what": what}
            )
            at = {"x": x.value(look.width), "y": y + high / 2, "text": percent(share)}
            (texts if what == "holds" else notes).append(at)
            y += high + 4
    board.bars([row for row in bars if row["x2"] > 0])
    board.texts(names, look.theme.ink, align="left", baseline="middle", fontWeight="bold")
    board.texts(texts, look.theme.ink, align="right", baseline="middle", fontWeight="bold")
    board.notes(notes, align="right", baseline="middle", fontSize=FONT_SIZE - 2)
    return board.done(
        "In how many worlds each design holds",
        "Upper bar: it holds, because all would sign and an order of its steps carries itself. Middle bar: an order "
        "exists. Lower bar: all would sign. A world is one draw of every assumption from its stated range.",
    )


def order_slack(answer: SettleAnswer, design: DesignAnswer, look: Look | None = None) -> alt.LayerChart | None:
    """What is to spare at each move of the best order of a design; None if there is no order."""
    look = look or Look()
    moves, slack = design.best_order, design.slack_by_step
    if not moves or len(slack) != len(moves):
        return None
    left = 150.0 if look.narrow else 260.0
    room = int((left - 12) / 6.7)
    low, high = padded([0.0, *(value for value in slack if np.isfinite(value))], 0.02)
    title = tuple(wrap("What going on is worth beyond leaving, payoff units", int((look.width - left) / 6.4)))
    x = Axis(low, high, left, look.width - 54.0, title, ticks=3 if look.narrow else 6)
    board = Board(look, STEP * len(moves), x)
    bars: list[Row] = []
    names: list[Row] = []
    texts: list[Row] = []
    colors = (look.theme.accent, look.theme.accent_two)
    for k, (move, value) in enumerate(zip(moves, slack, strict=True)):
        y = STEP * k + STEP / 2
        end = value if np.isfinite(value) else 0.0
        box = {"x": min(0.0, end), "x2": max(0.0, end), "y": y - 8, "y2": y + 8, "move": ", ".join(move)}
        bars.append({**box, "slack": end, "color": colors[0 if value >= 0 else 1]})
        names.append({"x": x.value(0), "y": y, "text": cut(f"{k + 1}. {move_words(move, answer.step_titles)}", room)})
        texts.append({"x": x.value(look.width), "y": y, "text": spare_words(design, k)})
    board.bars([row for row in bars if row["x2"] > row["x"]])
    board.rules([{"x": 0.0, "y": 0.0, "y2": STEP * len(moves), "color": look.theme.ink}], "x y y2", strokeWidth=1.2)
    board.texts(names, look.theme.ink, align="left", baseline="middle")
    board.texts(texts, look.theme.ink, align="right", baseline="middle", fontWeight="bold")
    which = "with the most to spare" if design.exists_at_base else "that comes closest"
    return board.done(
        f"{design_words(design)}: what each step has to spare",
        f"The order {which}, from its first step to its last, at the base values. Blue, to the right: whoever may "
        "leave before the step would rather go on. Orange, to the left: somebody would rather leave, by this much.",
    )


def guarantees_needed(answer: SettleAnswer, look: Look | None = None) -> alt.LayerChart | None:
    """The smallest guarantee that each design needs, over worlds; None if none was looked for."""
    look = look or Look()
    rows = [_spread(item, look, i) for i, item in enumerate(answer.designs) if item.guarantees]
    if not rows:
        return None
    left, right = (122.0, 96.0) if look.narrow else (190.0, 150.0)
    low, high = padded([0.0, *(row[key] for row in rows for key in ("p05", "p95", "base"))])
    title = tuple(
        wrap("Smallest guarantee (what leaving must cost each party), payoff units", int((look.width - left) / 6.4))
    )
    x = Axis(min(low, 0.0), high, left, look.width - right, title, ticks=3 if look.narrow else 6)
    board = Board(look, ROW * len(rows), x)
    theme = look.theme
    placed = [{**row, "y": ROW * i + ROW / 2} for i, row in enumerate(rows)]
    known = [row for row in placed if np.isfinite(row["p50"])]
    board.rules([{**row, "x": row["p05"], "x2": row["p95"]} for row in known], strokeWidth=2, strokeCap="round")
    board.rules([{**row, "x": row["p25"], "x2": row["p75"]} for row in known], strokeWidth=7, strokeCap="round")
    board.points([{**row, "x": row["p50"]} for row in known], filled=True, size=120, stroke=theme.halo, strokeWidth=1.5)
    based = [{**row, "x": row["base"], "color": theme.ink} for row in placed if np.isfinite(row["base"])]
    board.points(based, shape="diamond", fill=theme.halo, size=46, strokeWidth=1.5)
    names: list[Row] = []
    for row in placed:
        lines = wrap(row["called"], int((left - 10) / 6.9), 2)
        names.append({"x": x.value(0), "y": row["y"] - (len(lines) - 1) * LINE_HEIGHT / 2, "text": "\n".join(lines)})
    board.texts(names, theme.ink, align="left", baseline="middle")
    texts = [{"x": x.value(look.width), "y": row["y"] - LINE_HEIGHT / 2, "text": row["told"]} for row in placed]
    board.notes(texts, align="right", baseline="middle")
    return board.done(
        "Which guarantee each design needs",
        "Dot: the median over worlds. Thick line: the middle half. Thin line: from the 5th to the 95th percentile. "
        "Diamond: the base case. On the right: the share of worlds that need none, and of those in which no guarantee "
        "suffices, which the lines leave out.",
    )


def _spread(design: DesignAnswer, look: Look, i: int) -> Row:
    """One row: how the smallest guarantee is spread."""
    seen = np.array(
        [value for value in design.guarantees if value is not None and np.isfinite(value)], dtype=np.float64
    )
    nan = float("nan")
    p05, p25, p50, p75, p95 = np.quantile(seen, [0.05, 0.25, 0.5, 0.75, 0.95]) if len(seen) else [nan] * 5
    needless = float(np.count_nonzero(seen <= 0)) / len(design.guarantees)
    never = 1.0 - len(seen) / len(design.guarantees)
    told = f"none needed {percent(needless)}\nnone suffices {percent(never)}"
    row: Row = {
        "design": design.name,
        "called": design_words(design),
        "p05": p05,
        "p25": p25,
        "p50": p50,
        "p75": p75,
        "p95": p95,
        "told": told,
    }
    base = nan if design.guarantee is None else design.guarantee
    return {**row, "base": base, "color": look.theme.color(i)}
