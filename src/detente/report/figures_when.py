"""Charts of when the answer changes: tipping points, sweeps along one parameter, the map over two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.report.chart import (
    FONT_SIZE,
    LABELS,
    LINE_HEIGHT,
    Axis,
    Board,
    Look,
    Row,
    padded,
    spread,
    swatch_height,
    swatches,
    text_width,
)
from detente.report.words import cut, listed, number, uncapital, with_article, wrap

if TYPE_CHECKING:
    import altair as alt

    from detente.axes import Ints
    from detente.study.results import CompareAnswer, RegionMap, Sweep, TippingPoint

BAR = 24
_STARRED = " A star marks a change that is not a plain one; the table says why."


def tipping_points(answer: CompareAnswer, look: Look | None = None, most: int = 12) -> alt.LayerChart | None:
    """For each parameter at which the best posture changes: its range, colored by the best posture.

    Parameters keep the order of the answer; at most `most` are drawn. None if there is nothing to draw.
    """
    look = look or Look()
    colors = posture_colors(answer, look)
    strips = [strip for strip in _strips(answer, look) if strip is not None][:most]
    if not strips:
        return None
    seen = {name for strip in strips for name in strip.best}
    key = [name for name in colors if name in seen]
    top = swatch_height(look.width, [look.words.posture(name) for name in key]) + 14
    height = top + sum(strip.height for strip in strips)
    board = Board(look, height, Axis(0.0, float(look.width), 0.0, float(look.width), shown=False))
    swatches(board, [(look.words.posture(name), colors[name][1]) for name in key], 0.0)
    marks = _Marks()
    for strip in strips:
        strip.collect(marks, top, colors)
        top += strip.height
    marks.draw(board)
    return board.done(
        "Where the best posture changes",
        "Each bar is the whole stated range of one assumption, all others at their base value. Colors and words "
        "show the best posture; numbers under the bar are the ends of the range and the values at which the best "
        "posture changes; the triangle marks the base value. An equals sign joins postures that do equally well."
        + (_STARRED if any(point.marked for point in answer.tipping_points) else ""),
    )


def sweep(answer: CompareAnswer, line: Sweep, look: Look | None = None) -> alt.LayerChart:
    """Owner's value of every posture along the range of one parameter, the others at base value."""
    look = look or Look()
    colors = posture_colors(answer, look)
    names = [name for name in colors if name in line.values]
    low, high = padded([float(value) for name in names for value in line.values[name]])
    right, wide = (112.0 if look.narrow else 168.0), float(look.width - LABELS)
    points = np.asarray(line.points, dtype=np.float64)
    title = tuple(wrap(axis_words(look, line.parameter), int((look.width - 60) / 6.4), 2))
    x = Axis(float(points[0]), float(points[-1]), 0.0, wide - right, title, ticks=4 if look.narrow else 6)
    who = with_article(answer.actors[answer.owner])
    y = Axis(low, high, 250.0, 0.0, (f"Expected payoff of {who}",), ticks=5)
    board = Board(look, 250.0, x, y)
    base = {"x": line.base, "color": look.theme.axis}
    board.rules([{**base, "y": low, "y2": high}], "x y y2", strokeWidth=1, strokeDash=[4, 3])
    for name in names:
        rows: list[Row] = [
            {"x": float(at), "y": float(value), "line": name, "step": k, "posture": name, "color": colors[name][0]}
            for k, (at, value) in enumerate(zip(points, line.values[name], strict=True))
        ]
        leading = name == answer.leading
        board.lines(rows, strokeWidth=3.5 if leading else 2)
    _end_labels(board, names, [float(line.values[name][-1]) for name in names], colors)
    board.notes([{"x": line.base, "y": low, "text": f"base {number(line.base)}"}], align="center", dy=-6)
    return board.done(
        f"If this is different: {uncapital(look.words.parameter_long(line.parameter))}",
        "Value of each posture along the range of this assumption, all others at their base value. The dashed line "
        "marks its base value.",
    )


def region_map(answer: CompareAnswer, look: Look | None = None) -> alt.LayerChart | None:
    """Best posture over the two most decisive parameters, with the base case marked."""
    look = look or Look()
    region = answer.region
    if region is None:
        return None
    colors = posture_colors(answer, look)
    best = np.asarray(region.best).T  # rows along the vertical axis
    present = [i for i in range(len(region.postures)) if np.any(best == i)]
    names = [(region_words(region, i, look), colors[region.postures[i]][1]) for i in present]
    if np.any(best < 0):
        names.append(("Could not be certified", look.theme.grid))
    width, height = float(look.width - LABELS), 290.0 if look.narrow else 420.0
    xs, ys = _edges(region.x_points), _edges(region.y_points)
    room = int((width - 10) / 6.2)
    x = Axis(xs[0], xs[-1], 0.0, width - 8, tuple(wrap(axis_words(look, region.x), room, 2)), ticks=5)
    above = wrap(axis_words(look, region.y), room, 2)
    y = Axis(ys[0], ys[-1], height, 0.0, tuple(above), ticks=6)
    board = Board(look, height, x, y)
    cells = _cells(region, best, xs, ys, [colors[name][1] for name in region.postures], look.theme.grid)
    board.bars(cells)
    swatches(board, names, -swatch_height(board.width, [name for name, _ in names]) - 14 - 16 * len(above))
    board.texts(_region_labels(region, best, board), look.theme.ink, align="center", baseline="middle")
    point = {"x": region.base[0], "y": region.base[1], "color": look.theme.ink}
    board.points([point], shape="circle", size=170, filled=True, fill=look.theme.halo, strokeWidth=2.5)
    board.points([point], shape="cross", size=60, filled=True)
    beside = "right" if x.pixel(region.base[0]) > width * 0.7 else "left"
    board.texts(
        [{**point, "text": "base case"}],
        look.theme.ink,
        halo=True,
        align=beside,
        baseline="middle",
        dx=13 if beside == "left" else -13,
        fontWeight="bold",
    )
    return board.done(
        "Which posture is best, over the two assumptions that matter most",
        "Each point of the map is one pair of values, all other assumptions at their base value.",
    )


def posture_colors(answer: CompareAnswer, look: Look) -> dict[str, tuple[str, str]]:
    """Line and area color of each posture, the same in every chart of an answer."""
    return {item.name: (look.theme.color(i), look.theme.tint(i)) for i, item in enumerate(answer.postures)}


def region_words(region: RegionMap, number: int, look: Look) -> str:
    """Name of the area of a posture, with the postures it ties with there."""
    name = region.postures[number]
    sets = [set(found) for row in region.sets for found in row]
    first = np.asarray(region.best).ravel()
    there = [found for found, code in zip(sets, first, strict=True) if code == number] if sets else []
    always = set.intersection(*there) - {name} if there else set[str]()
    sometimes = set.union(*there) - {name} - always if there else set[str]()
    words = look.words
    text = " = ".join(words.posture(item) for item in (name, *(n for n in region.postures if n in always)))
    if sometimes:
        text += f" (in part = {listed([words.posture(n) for n in region.postures if n in sometimes])})"
    return text


def axis_words(look: Look, parameter: str) -> str:
    """Axis title of a parameter: what it stands for and its name in the case file."""
    return f"{look.words.parameter_long(parameter)} ({parameter})"


def split_names(text: str) -> list[str]:
    """Names in a possibly tied `before` or `after` of a tipping point."""
    return [part.strip() for part in text.replace("|", ",").split(",") if part.strip()]


class _Strip:
    """One parameter's bar: range, segments by best posture, switches, base value."""

    def __init__(self, look: Look, points: Sequence[TippingPoint], low: float, high: float):
        self.look, self.low, self.high = look, low, high
        self.points = sorted(points, key=lambda point: point.switch)
        self.parameter, self.base = points[0].parameter, points[0].base
        room = int(look.width / 7.2)
        self.heading = wrap(look.words.parameter_long(self.parameter), room, 2)
        self.height = len(self.heading) * LINE_HEIGHT + 18 + BAR + 20 + 20

    @property
    def best(self) -> list[str]:
        """First-named best posture of each segment, from low to high."""
        return [split_names(self.points[0].before)[0], *(split_names(point.after)[0] for point in self.points)]

    def _texts(self) -> list[str]:
        names = [self.points[0].before, *(point.after for point in self.points)]
        return [self.look.words.tied(name) for name in names]

    def _pixel(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return 1 + min(1.0, max(0.0, share)) * (self.look.width - 2)

    def collect(self, marks: _Marks, top: float, colors: Mapping[str, tuple[str, str]]) -> None:
        """Add this bar's marks, with its heading at height `top`."""
        theme = self.look.theme
        marks.headings.append({"x": 0.0, "y": top + 7, "text": "\n".join(self.heading)})
        y = top + len(self.heading) * LINE_HEIGHT + 18
        cuts = [self.low, *(point.switch for point in self.points), self.high]
        for name, words, a, b in zip(self.best, self._texts(), cuts[:-1], cuts[1:], strict=True):
            x, x2 = self._pixel(a), self._pixel(b)
            box = {"x": x, "x2": x2, "y": y, "y2": y + BAR, "posture": name, "from": a, "to": b}
            color = colors.get(name, (theme.axis, theme.grid))[1]
            marks.segments.append({**box, "parameter": self.parameter, "color": color})
            if text_width(words, FONT_SIZE - 1) + 8 < x2 - x:
                marks.names.append({"x": (x + x2) / 2, "y": y + BAR / 2, "text": words})
        self._collect_base(marks, y)
        self._collect_switches(marks, y)

    def _collect_base(self, marks: _Marks, y: float) -> None:
        at = self._pixel(self.base)
        marks.bases.append({"x": at, "y": y - 5, "color": self.look.theme.ink})
        text = f"base {number(self.base)}"
        near_end = at + 10 + text_width(text) > self.look.width
        side = at - 9 - text_width(text, FONT_SIZE - 1) if near_end else at + 9
        marks.base_texts.append({"x": max(0.0, side), "y": y - 7, "text": text})

    def _collect_switches(self, marks: _Marks, y: float) -> None:
        marks.lows.append({"x": 0.0, "y": y + BAR + 12, "text": number(self.low)})
        marks.highs.append({"x": float(self.look.width), "y": y + BAR + 12, "text": number(self.high)})
        cuts = [self._pixel(point.switch) for point in self.points]
        ink = self.look.theme.ink
        marks.cuts.extend({"x": at, "y": y - 1, "y2": y + BAR + 5, "color": ink} for at in cuts)
        shown = [number(point.switch) + ("*" if point.marked else "") for point in self.points]
        wide = max(text_width(text) for text in shown) + 6
        edge = max(text_width(number(value), FONT_SIZE - 1) for value in (self.low, self.high)) + wide / 2 + 4
        places = spread(cuts, wide, edge, self.look.width - edge)
        marks.values.extend({"x": at, "y": y + BAR + 12, "text": text} for at, text in zip(places, shown, strict=True))


@dataclass
class _Marks:
    """Marks of all bars by kind, so that each kind is one layer of the chart."""

    headings: list[Row] = field(default_factory=list[Row])
    segments: list[Row] = field(default_factory=list[Row])
    names: list[Row] = field(default_factory=list[Row])
    bases: list[Row] = field(default_factory=list[Row])
    base_texts: list[Row] = field(default_factory=list[Row])
    lows: list[Row] = field(default_factory=list[Row])
    highs: list[Row] = field(default_factory=list[Row])
    cuts: list[Row] = field(default_factory=list[Row])
    values: list[Row] = field(default_factory=list[Row])

    def draw(self, board: Board) -> None:
        theme = board.look.theme
        small = {"baseline": "middle", "fontSize": FONT_SIZE - 1}
        board.texts(self.headings, theme.ink, align="left", baseline="middle", fontWeight="bold")
        board.bars(self.segments, stroke=theme.axis, strokeWidth=0.6)
        board.texts(self.names, theme.ink, align="center", **small)
        board.points(self.bases, shape="triangle-down", filled=True, size=60)
        board.texts(self.base_texts, theme.ink, align="left", **small)
        board.notes(self.lows, align="left", baseline="middle")
        board.notes(self.highs, align="right", baseline="middle")
        board.rules(self.cuts, "x y y2", strokeWidth=2)
        board.texts(self.values, theme.ink, align="center", fontWeight="bold", **small)


def _strips(answer: CompareAnswer, look: Look) -> list[_Strip | None]:
    """A strip per parameter with tipping points, None where its range is not known."""
    grouped: dict[str, list[TippingPoint]] = {}
    for point in answer.tipping_points:
        grouped.setdefault(point.parameter, []).append(point)
    known = {item.parameter: (float(item.points[0]), float(item.points[-1])) for item in answer.sweeps}
    strips: list[_Strip | None] = []
    for name, points in grouped.items():
        low, high = known.get(name) or look.ranges.get(name) or (0.0, 0.0)
        strips.append(_Strip(look, points, low, high) if high > low else None)
    return strips


def _end_labels(
    board: Board, names: Sequence[str], values: Sequence[float], colors: Mapping[str, tuple[str, str]]
) -> None:
    """Posture names to the right of the ends of their lines, kept apart, with a hairline to the line."""
    look, y = board.look, board.y
    ends = [y.pixel(value) if np.isfinite(value) else y.pixel(y.low) for value in values]
    places = spread(ends, LINE_HEIGHT + 1, 6.0, board.height - 6.0)
    room = int((board.width - board.x.end - 22) / 6.8)
    hairlines, texts = [], []
    for name, end, place in zip(names, ends, places, strict=True):
        at = {"x": board.x.value(board.x.end + 20), "y": y.value(place), "color": colors[name][0]}
        texts.append({**at, "text": cut(look.words.posture(name), room)})
        for step, (px, py) in enumerate(((2, end), (16, place))):
            at = {"x": board.x.value(board.x.end + px), "y": y.value(py), "step": step}
            hairlines.append({**at, "line": name, "color": colors[name][0]})
    board.lines(hairlines, strokeWidth=1)
    board.texts(texts, align="left", baseline="middle")


def _edges(points: NDArray[np.float64]) -> list[float]:
    """Borders of the cells around grid points; the outermost points are themselves borders."""
    points = np.asarray(points, dtype=np.float64)
    middle = (points[1:] + points[:-1]) / 2
    return [float(points[0]), *(float(value) for value in middle), float(points[-1])]


def _cells(
    region: RegionMap, best: Ints, xs: Sequence[float], ys: Sequence[float], colors: Sequence[str], unknown: str
) -> list[Row]:
    """Rectangles of equal best posture: each row of the grid in as few pieces as possible."""
    cells: list[Row] = []
    for j in range(best.shape[0]):
        start = 0
        for i in range(1, best.shape[1] + 1):
            if i == best.shape[1] or best[j, i] != best[j, start]:
                code = int(best[j, start])
                cells.append(
                    {
                        "x": xs[start],
                        "x2": xs[i],
                        "y": ys[j],
                        "y2": ys[j + 1],
                        "posture": region.postures[code] if code >= 0 else None,
                        "color": colors[code] if code >= 0 else unknown,
                    }
                )
                start = i
    # Neighbors overlap a little, later ones on top, so that no seam shows between them.
    step_x, step_y = (xs[-1] - xs[0]) / best.shape[1] / 5, (ys[-1] - ys[0]) / best.shape[0] / 5
    for cell in cells:
        cell["x2"] = min(cell["x2"] + step_x, xs[-1])
        cell["y2"] = min(cell["y2"] + step_y, ys[-1])
    return cells


def _region_labels(region: RegionMap, best: Ints, board: Board) -> list[Row]:
    """Names inside their regions, at the cell farthest from the region's border, where they fit."""
    rows: list[Row] = []
    cell_x = (board.x.end - board.x.start) / best.shape[1]
    cell_y = abs(board.y.end - board.y.start) / best.shape[0]
    for code, name in enumerate(region.postures):
        mask = best == code
        if not mask.any():
            continue
        for words in (region_words(region, code, board.look), board.look.words.posture(name)):
            place = _roomiest(mask, text_width(words) / 2 / cell_x + 0.5, 10 / cell_y)
            if place is not None:
                j, i = place
                rows.append({"x": float(region.x_points[i]), "y": float(region.y_points[j]), "text": words})
                break
    return rows


def _roomiest(mask: NDArray[np.bool_], need_x: float, need_y: float) -> tuple[int, int] | None:
    """Middle of a box of the given half-size (in cells) that lies inside the mask, farthest from its border."""
    need_i, need_j = int(np.ceil(need_x)), int(np.ceil(need_y))
    total = np.pad(mask.astype(np.int64).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    found: tuple[int, int] | None = None
    grow = 0
    while True:
        height, width = 2 * (need_j + grow) + 1, 2 * (need_i + grow) + 1
        if height > mask.shape[0] or width > mask.shape[1]:
            return found
        boxes = total[height:, width:] - total[:-height, width:] - total[height:, :-width] + total[:-height, :-width]
        full = np.argwhere(boxes == height * width)
        if not len(full):
            return found
        j, i = full[len(full) // 2]
        found = (int(j) + need_j + grow, int(i) + need_i + grow)
        grow += 1
