"""Chart of an agreement under hidden aims: how far it gets, and what each completed step says about sincerity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.report.chart import Axis, Board, Look, Row, swatch_height, swatches
from detente.report.views_completion import completion_of
from detente.report.views_settle import design_words, move_words
from detente.report.words import cut, percent

if TYPE_CHECKING:
    import altair as alt

    from detente.study.results_settle import DesignAnswer, SettleAnswer

STEP = 28


def completion_odds(answer: SettleAnswer, design: DesignAnswer, look: Look | None = None) -> alt.LayerChart | None:
    """How likely the process gets beyond each step of the best order; None unless hidden aims were looked at."""
    look = look or Look()
    found = completion_of(design)
    if found is None or not found.best_order.steps:
        return None
    steps = found.best_order.steps
    hidden = list(found.sincere)
    colors = {party: look.theme.color(1 + k) for k, party in enumerate(hidden)}
    key = [("gets beyond the step", look.theme.tint(0))]
    key += [(f"{answer.parties.get(party, party)} sincere, once it is done", colors[party]) for party in hidden]
    top = swatch_height(look.width, [name for name, _ in key]) + 8
    left, bottom = (150.0 if look.narrow else 260.0), top + STEP * len(steps)
    x = Axis(0.0, 1.0, left, look.width - 54.0, shown=False)
    board = Board(look, bottom + 18, x)
    swatches(board, key, 0.0)
    grid = [{"x": share, "y": top, "y2": bottom, "color": look.theme.grid} for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    board.rules(grid, "x y y2", strokeWidth=1)
    ticks = [{"x": share, "y": bottom + 10, "text": f"{share:.0%}"} for share in (0.0, 0.5, 1.0)]
    board.notes(ticks, align="center", baseline="middle")
    bars: list[Row] = []
    ranges: list[Row] = []
    dots: list[Row] = []
    names: list[Row] = []
    texts: list[Row] = []
    for k, item in enumerate(steps):
        y = top + STEP * k + STEP / 2
        box = {"x": 0.0, "x2": item.completed, "y": y - 8, "y2": y + 8, "move": ", ".join(item.move)}
        bars.append({**box, "color": look.theme.tint(0)})
        low, high = item.over_worlds.p05, item.over_worlds.p95
        if low is not None and high is not None:
            ranges.append({"x": low, "x2": high, "y": y, "color": look.theme.ink})
        for party in hidden:
            share = item.sincere.get(party)
            if share is not None:
                dots.append({"x": share, "y": y, "color": colors[party], "party": party, "sincere": share})
        names.append(
            {
                "x": x.value(0),
                "y": y,
                "text": cut(f"{k + 1}. {move_words(item.move, answer.step_titles)}", int((left - 12) / 6.7)),
            }
        )
        texts.append({"x": x.value(look.width), "y": y, "text": percent(item.completed)})
    board.bars([row for row in bars if row["x2"] > 0])
    board.rules(ranges, strokeWidth=1.5)
    board.points(dots, shape="diamond", filled=True, size=110, stroke=look.theme.halo, strokeWidth=1.2)
    board.texts(names, look.theme.ink, align="left", baseline="middle")
    board.texts(texts, look.theme.ink, align="right", baseline="middle", fontWeight="bold")
    return board.done(
        f"{design_words(design)}: how far it gets if aims are hidden",
        "Bar: the probability that the process gets beyond the step, at base values. Dark line: from the 5th to the "
        "95th percentile of worlds. Diamond: how likely the party is sincere, once the step has been completed.",
    )
