"""The sets of completed steps as a layered picture: where hope leads, where it gets stuck, and the chosen order."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from detente.report.chart import FONT_SIZE, Axis, Board, Look, Row, text_width
from detente.report.views_settle import design_words, move_words
from detente.report.words import cut, level

if TYPE_CHECKING:
    import altair as alt

    from detente.study.results_settle import DesignAnswer, LatticePicture, LatticeSet, LatticeStep, SettleAnswer

MOST_SETS = 160
MOST_IN_LAYER = 14
SWEEPS = 4
SPACING = 22.0
SLANT = 38


_Name: TypeAlias = "tuple[LatticeStep, float, str]"
"""A move of the chosen order, what it has to spare, and its name with that."""


class _Drawn(NamedTuple):
    """What is drawn: sets with their lane (0 is that of the chosen order), and moves."""

    sets: tuple[LatticeSet, ...]
    steps: tuple[LatticeStep, ...]
    lane: dict[int, float]
    layers: int


def settlement_lattice(answer: SettleAnswer, design: DesignAnswer, look: Look | None = None) -> alt.LayerChart | None:
    """The sets of completed steps of a design, layer by layer; None if there is no picture of them."""
    look = look or Look()
    if design.lattice is None or not design.lattice.sets:
        return None
    drawn = _arranged(design.lattice)
    named = _named(drawn, answer.step_titles)
    board, at = _down(drawn, named, look) if look.narrow else _across(drawn, named, look)
    _edges(board, drawn, at)
    _nodes(board, drawn, at)
    left_out = design.lattice.total - len(drawn.sets)
    more = f" {left_out:,} of {design.lattice.total:,} sets are left out." if left_out > 0 else ""
    order = "the order with the most to spare" if design.exists_at_base else "the order that comes closest"
    way = "from top to bottom" if look.narrow else "from left to right"
    return board.done(
        f"{design_words(design)}: from nothing done to all done",
        f"Each dot is a set of completed steps, {way} by their number. The thick line is {order}, its steps by name; "
        "where it is broken, somebody would rather leave. Filled dots: reached if everybody believes in completion. "
        f"Ringed dots: an order that carries itself passes there. Crosses: everything gets stuck.{more}",
    )


def _arranged(picture: LatticePicture) -> _Drawn:
    """Which sets are drawn, and in which lane of their layer, so that moves cross little."""
    kept = _kept(picture)
    ids = {item.id for item in kept}
    steps = tuple(item for item in picture.steps if item.start in ids and item.end in ids)
    by_layer: dict[int, list[LatticeSet]] = defaultdict(list)
    for item in kept:
        by_layer[item.layer].append(item)
    near: dict[int, list[int]] = defaultdict(list)
    for step in steps:
        near[step.start].append(step.end)
        near[step.end].append(step.start)
    lane: dict[int, float] = {}
    for items in by_layer.values():
        _lanes(sorted(items, key=lambda item: (not item.chosen, not item.believed, item.id)), lane)
    for _ in range(SWEEPS):
        for number in sorted(by_layer):
            mean = {
                item.id: _middle([lane[other] for other in near[item.id]], lane[item.id]) for item in by_layer[number]
            }
            _lanes(sorted(by_layer[number], key=lambda item: (not item.chosen, mean[item.id], item.id)), lane)
    return _Drawn(kept, steps, lane, max(by_layer) + 1)


def _lanes(items: Sequence[LatticeSet], lane: dict[int, float]) -> None:
    """Lanes one after the other; 0 is kept for the chosen order."""
    first = 0 if items and items[0].chosen else 1
    lane.update({item.id: float(first + k) for k, item in enumerate(items)})


def _middle(values: Sequence[float], own: float) -> float:
    return sum(values) / len(values) if values else own


def _kept(picture: LatticePicture) -> tuple[LatticeSet, ...]:
    """All sets if they can be drawn; else those on the order, reached or next to them, the foremost of each layer."""
    if len(picture.sets) <= MOST_SETS and _widest(picture.sets) <= MOST_IN_LAYER:
        return picture.sets
    core = {item.id for item in picture.sets if item.chosen or item.believed or item.carries}
    beside = {step.end for step in picture.steps if step.start in core}
    by_layer: dict[int, list[LatticeSet]] = defaultdict(list)
    for item in picture.sets:
        if item.id in core or item.id in beside:
            by_layer[item.layer].append(item)
    kept: list[LatticeSet] = []
    for items in by_layer.values():
        items.sort(key=lambda item: (not item.chosen, not item.stuck, not item.carries, not item.believed, item.id))
        kept += items[: min(MOST_IN_LAYER, max(4, MOST_SETS // max(1, len(by_layer))))]
    return tuple(sorted(kept, key=lambda item: (item.layer, item.id)))


def _widest(sets: Sequence[LatticeSet]) -> int:
    count: dict[int, int] = defaultdict(int)
    for item in sets:
        count[item.layer] += 1
    return max(count.values(), default=0)


def _across(drawn: _Drawn, named: Sequence[_Name], look: Look) -> tuple[Board, Mapping[int, tuple[float, float]]]:
    """Layers from left to right; names of the steps slanted above the order."""
    high = max((text_width(text, FONT_SIZE - 1) for _, _, text in named), default=0.0) * 0.62 + 18
    deepest = max(drawn.lane.values(), default=0.0)
    board = Board(
        look, high + SPACING * deepest + 34, Axis(0.0, float(look.width), 0.0, float(look.width), shown=False)
    )
    last = named[-1][2] if named else ""
    wide = look.width - 24 - max(0.0, text_width(last, FONT_SIZE - 1) * 0.79 - 20)
    gap = wide / max(1, drawn.layers - 1)
    at = {item.id: (12 + gap * item.layer, high + SPACING * drawn.lane[item.id]) for item in drawn.sets}
    texts = [
        {"x": (at[step.start][0] + at[step.end][0]) / 2, "y": high - 10, "text": text, "color": color}
        for step, color, text in ((step, _ink(step, look), text) for step, _, text in named)
    ]
    board.texts(texts, align="left", baseline="middle", angle=360 - SLANT, fontSize=FONT_SIZE - 1)
    every = max(1, round(drawn.layers / 14))
    counts = [
        {"x": 12 + gap * k, "y": high + SPACING * deepest + 24, "text": str(k)} for k in range(0, drawn.layers, every)
    ]
    board.notes(counts, align="center", baseline="middle")
    return board, at


def _down(drawn: _Drawn, named: Sequence[_Name], look: Look) -> tuple[Board, Mapping[int, tuple[float, float]]]:
    """Layers from top to bottom, for small screens; names of the steps on the right."""
    gap = 34.0
    deepest = max(drawn.lane.values(), default=0.0)
    right = 150.0
    board = Board(
        look, gap * (drawn.layers - 1) + 24, Axis(0.0, float(look.width), 0.0, float(look.width), shown=False)
    )
    lane = (look.width - right - 24) / max(1.0, deepest)
    at = {
        item.id: (look.width - right - min(lane, 22.0) * drawn.lane[item.id], 12 + gap * item.layer)
        for item in drawn.sets
    }
    texts = [
        {
            "x": look.width - right + 12,
            "y": (at[step.start][1] + at[step.end][1]) / 2,
            "text": cut(text, 24),
            "color": _ink(step, look),
        }
        for step, _, text in named
    ]
    board.texts(texts, align="left", baseline="middle", fontSize=FONT_SIZE - 1)
    return board, at


def _named(drawn: _Drawn, titles: Mapping[str, str]) -> list[_Name]:
    """The moves of the chosen order with their names and what each has to spare."""
    chosen = sorted((step for step in drawn.steps if step.chosen), key=lambda step: drawn.lane.get(step.start, 0.0))
    layer = {item.id: item.layer for item in drawn.sets}
    chosen.sort(key=lambda step: layer[step.start])
    return [
        (step, -step.shortfall, f"{cut(move_words(step.move, titles), 26)} {_spare(step)}".strip()) for step in chosen
    ]


def _spare(step: LatticeStep) -> str:
    """What a move has to spare; nothing where nobody may leave before it."""
    return level(-step.shortfall) if math.isfinite(step.shortfall) else ""


def _ink(step: LatticeStep, look: Look) -> str:
    return look.theme.accent_two if step.shortfall > 0 else look.theme.ink


def _edges(board: Board, drawn: _Drawn, at: Mapping[int, tuple[float, float]]) -> None:
    """Moves as lines: dashed where somebody would leave; those of the chosen order thick."""
    theme = board.look.theme
    kinds: dict[tuple[bool, bool], list[Row]] = defaultdict(list)
    for number, step in enumerate(drawn.steps):
        open_ = step.shortfall <= 0
        free, barred = (theme.accent, theme.accent_two) if step.chosen else (theme.axis, theme.grid)
        color = free if open_ else barred
        for k, end in enumerate((step.start, step.end)):
            x, y = at[end]
            kinds[step.chosen, open_].append({"x": x, "y": y, "line": str(number), "step": k, "color": color})
    for chosen in (False, True):
        for open_ in (False, True):
            dash = {} if open_ else {"strokeDash": [5, 4]}
            board.lines(kinds[chosen, open_], strokeWidth=4 if chosen else 1, **dash)


def _nodes(board: Board, drawn: _Drawn, at: Mapping[int, tuple[float, float]]) -> None:
    """Sets as dots."""
    theme = board.look.theme
    plain_, believed, ringed, stuck = [], [], [], []
    for item in drawn.sets:
        x, y = at[item.id]
        row: Row = {"x": x, "y": y, "completed": ", ".join(item.completed), "color": theme.axis}
        if item.stuck:
            stuck.append({**row, "color": theme.accent_two})
        elif item.believed:
            believed.append({**row, "color": theme.ink})
        else:
            plain_.append(row)
        if item.carries:
            ringed.append({**row, "color": theme.accent})
    board.points(plain_, shape="circle", fill=theme.halo, size=36, strokeWidth=1.2)
    board.points(believed, shape="circle", filled=True, size=46)
    board.points(ringed, shape="circle", size=130, strokeWidth=2)
    board.points(stuck, shape="circle", fill=theme.halo, size=120, strokeWidth=2)
    board.points(stuck, shape="cross", filled=True, size=60, angle=45)
