"""The drawing board of the charts: exact positions, one scale per axis, labels written next to the marks.

Every chart is one layered Altair view of fixed size. Horizontal and vertical scales are given their
pixel ranges explicitly, so a label can be placed where it does not touch its neighbor and a
chart looks the same in a notebook, on the page and as a picture.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from detente.report.palette import DARK, LIGHT, Theme
from detente.report.words import Words, wrap

if TYPE_CHECKING:
    import altair as alt

FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"
WIDE, NARROW = 720, 340
NARROW_BELOW = 500
FONT_SIZE = 13
LABELS = 50
LINE_HEIGHT = 15

Row = dict[str, Any]


@dataclass(frozen=True)
class Look:
    """How a chart is to be drawn.

    Attributes:
        width: Width in pixels; below `NARROW_BELOW` the layout for small screens is used.
        theme: Colors.
        titled: Whether title and explanation are part of the picture.
        words: What the names of the case are called.
        ranges: Range of each parameter, where the answer itself does not hold it.
    """

    width: int = WIDE
    theme: Theme = LIGHT
    titled: bool = True
    words: Words = field(default_factory=Words)
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])

    @property
    def narrow(self) -> bool:
        """Whether the layout for small screens is used."""
        return self.width < NARROW_BELOW


DARK_LOOK = Look(theme=DARK)


@dataclass(frozen=True)
class Axis:
    """One axis of a chart.

    Attributes:
        low: Value at the start of the pixel range.
        high: Value at its end.
        start: First pixel.
        end: Last pixel.
        title: Lines of the axis title; () for an axis that is not drawn.
        kind: ``number``, ``percent`` or ``day`` (values are ``date.toordinal``).
        ticks: About how many ticks.
        shown: Whether the axis is drawn at all.
    """

    low: float
    high: float
    start: float
    end: float
    title: tuple[str, ...] = ()
    kind: str = "number"
    ticks: int = 6
    shown: bool = True

    def pixel(self, value: float) -> float:
        """Pixel of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def value(self, pixel: float) -> float:
        """Value at a pixel."""
        return self.low + (pixel - self.start) / (self.end - self.start) * (self.high - self.low)

    def tick_values(self) -> list[float]:
        """Round values inside the range; for days, first days of months."""
        if self.kind == "day":
            return [day for day, _ in round_days(self.low, self.high, self.ticks)]
        return round_values(self.low, self.high, self.ticks)

    def _label_expression(self) -> str:
        if self.kind == "percent":
            return "format(datum.value, '.0%')"
        if self.kind == "day":
            names = ", ".join(f"'{day:.0f}': '{text}'" for day, text in round_days(self.low, self.high, self.ticks))
            return f"({{{names}}})[format(datum.value, '.0f')]"
        return "replace(datum.label, '-', '−')"

    def encoding(self, channel: Any, name: str, vertical: bool = False) -> Any:
        """The Altair channel for field `name` on this axis."""
        import altair as alt

        scale = alt.Scale(domain=[self.low, self.high], range=[self.start, self.end], zero=False, nice=False)
        if not self.shown:
            return channel(f"{name}:Q", scale=scale, axis=None)
        axis = alt.Axis(
            values=self.tick_values(),
            labelExpr=self._label_expression(),
            title=list(self.title) or None,
            titleAnchor="start" if vertical else "middle",
            **(
                {
                    "titleAngle": 0,
                    "titleAlign": "left",
                    "titleX": -LABELS + 8,
                    "titleY": -12 - 14 * (len(self.title) - 1),
                }
                if vertical
                else {}
            ),
        )
        return channel(f"{name}:Q", scale=scale, axis=axis)


def round_values(low: float, high: float, about: int = 6) -> list[float]:
    """Round values (steps of 1, 2 or 5 times a power of ten) from `low` to `high`."""
    if not high > low:
        return [low]
    raw = (high - low) / max(1, about)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= raw * 0.75)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(i * step, 12) + 0.0 for i in range(first, last + 1)]


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def round_days(low: float, high: float, about: int = 6) -> list[tuple[float, str]]:
    """Round days (first days of years, quarters or months, else evenly spaced days) with their names."""
    first, last = date.fromordinal(math.ceil(low)), date.fromordinal(math.floor(high))
    months = (last.year - first.year) * 12 + last.month - first.month
    if months < 2:
        step = max(1, math.ceil((last - first).days / max(1, about)))
        days = [date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1, step)]
        return [(float(day.toordinal()), f"{day.day} {MONTHS[day.month - 1]}") for day in days]
    step = next((size for size in (1, 2, 3, 6, 12, 24, 60, 120) if months / size <= about), 240)
    found: list[tuple[float, str]] = []
    for count in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        year, month = divmod(count, 12)
        day = date(year, month + 1, 1)
        if count % step == 0 and first <= day <= last:
            found.append((float(day.toordinal()), str(year) if step >= 12 else f"{MONTHS[month]} {year}"))
    return found


def padded(values: Sequence[float], share: float = 0.04) -> tuple[float, float]:
    """A range that holds all finite values, a little wider."""
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return (0.0, 1.0)
    low, high = min(finite), max(finite)
    if high - low < 1e-9 * max(1.0, abs(low)):
        pad = 0.05 * max(1.0, abs(low))
        return (low - pad, high + pad)
    pad = share * (high - low)
    return (low - pad, high + pad)


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions near the wanted ones, in the same order, at least `gap` apart and inside the bounds.

    If there is no room for that, positions are spaced evenly.
    """
    count = len(wanted)
    order = sorted(range(count), key=lambda i: (wanted[i], i))
    if count > 1 and (count - 1) * gap > high - low:
        gap = (high - low) / (count - 1)
    placed = [min(max(wanted[i], low + k * gap), high - (count - 1 - k) * gap) for k, i in enumerate(order)]
    for _ in range(200):
        moved = 0.0
        for k in range(1, count):
            short = gap - (placed[k] - placed[k - 1])
            if short > 1e-9:
                placed[k - 1] -= short / 2
                placed[k] += short / 2
                moved = max(moved, short)
        placed = [min(max(at, low + k * gap), high - (count - 1 - k) * gap) for k, at in enumerate(placed)]
        if moved < 1e-3:
            break
    for k in range(1, count):
        placed[k] = max(placed[k], placed[k - 1] + gap)
    result = [0.0] * count
    for k, i in enumerate(order):
        result[i] = placed[k]
    return result


def text_width(text: str, size: float = FONT_SIZE) -> float:
    """About how wide a text is in the chart font, in pixels; errs on the wide side."""
    narrow = sum(char in "iIljtf.,:;'|!()[] " for char in text)
    broad = sum(char in "mwMW%@" for char in text)
    return size * (0.57 * (len(text) - narrow - broad) + 0.33 * narrow + 0.9 * broad)


class Board:
    """Collects the layers of one chart."""

    def __init__(self, look: Look, height: float, x: Axis, y: Axis | None = None):
        self.look = look
        self.height = height
        # A vertical axis stands outside the drawing, so the drawing is narrower by its labels.
        self.width = look.width - (LABELS if y else 0)
        self.x = x
        # Row charts place things by pixel: a hidden axis whose values are pixels.
        self.y = y or Axis(0.0, float(height), 0.0, float(height), shown=False)
        self._layers: list[alt.Chart] = []
        # Rows are kept apart from the layers, which Altair copies many times while a chart is put together.
        self._rows: dict[str, list[Row]] = {}
        self._channels: dict[str, Any] = {}

    def _chart(self, rows: Sequence[Row]) -> Any:
        import altair as alt

        name = f"rows-{len(self._rows) + 1}"
        self._rows[name] = [_finite(row) for row in rows]
        return alt.Chart(alt.NamedData(name=name))

    def _positions(self, names: str) -> dict[str, Any]:
        return {name: self._channel(name) for name in names.split()}

    def _channel(self, name: str) -> Any:
        import altair as alt

        if name not in self._channels:
            self._channels[name] = {
                "x": lambda: self.x.encoding(alt.X, "x"),
                "y": lambda: self.y.encoding(alt.Y, "y", vertical=True),
                "x2": lambda: alt.X2("x2:Q"),
                "y2": lambda: alt.Y2("y2:Q"),
                "color": lambda: alt.Color("color:N", scale=None, legend=None),
                "text": lambda: alt.Text("text:N"),
            }[name]()
        return self._channels[name]

    def rules(self, rows: Sequence[Row], positions: str = "x x2 y", **mark: Any) -> None:
        """Straight lines; each row has its positions and a ``color``."""
        if rows:
            chart = self._chart(rows).mark_rule(**mark)
            self._layers.append(chart.encode(**self._positions(f"color {positions}")))

    def bars(self, rows: Sequence[Row], **mark: Any) -> None:
        """Filled rectangles from (x, y) to (x2, y2)."""
        if rows:
            chart = self._chart(rows).mark_rect(**mark)
            self._layers.append(chart.encode(**self._positions("color x x2 y y2")))

    def points(self, rows: Sequence[Row], **mark: Any) -> None:
        """Symbols at (x, y)."""
        if rows:
            chart = self._chart(rows).mark_point(**{"opacity": 1, **mark})
            self._layers.append(chart.encode(**self._positions("color x y")))

    def lines(self, rows: Sequence[Row], **mark: Any) -> None:
        """Lines through (x, y); rows of one ``line`` belong together, in order of ``step``."""
        if rows:
            import altair as alt

            chart = self._chart(rows).mark_line(**mark)
            encoding = {"order": alt.Order("step:Q"), "detail": alt.Detail("line:N")}
            self._layers.append(chart.encode(**encoding, **self._positions("color x y")))

    def texts(self, rows: Sequence[Row], color: str | None = None, halo: bool = False, **mark: Any) -> None:
        """Text at (x, y): each row has a ``text`` (lines separated by line feeds) and maybe a ``color``."""
        if not rows:
            return
        style = {"fontSize": FONT_SIZE, "lineBreak": "\n", "lineHeight": LINE_HEIGHT, "font": FONT, **mark}
        chart = self._chart(rows)
        if halo:
            glow = {"stroke": self.look.theme.halo, "strokeWidth": 4, "strokeJoin": "round"}
            under = chart.mark_text(**style, **glow, color=self.look.theme.halo)
            self._layers.append(under.encode(**self._positions("text x y")))
        if color is None:
            self._layers.append(chart.mark_text(**style).encode(**self._positions("text x y color")))
        else:
            self._layers.append(chart.mark_text(**style, color=color).encode(**self._positions("text x y")))

    def notes(self, rows: Sequence[Row], **mark: Any) -> None:
        """Secondary text."""
        self.texts(rows, color=self.look.theme.soft, **{"fontSize": FONT_SIZE - 1, **mark})

    def done(self, title: str, explanation: str = "") -> alt.LayerChart:
        """The finished chart."""
        import altair as alt

        top: dict[str, Any] = {
            "width": self.width,
            "height": self.height,
            "config": config(self.look.theme),
            "padding": 6 if self.look.titled else 1,
            "usermeta": {"title": title, "explanation": explanation},
        }
        if self.look.titled:
            room = int(self.look.width / 7.6)
            lines = wrap(explanation, int(self.look.width / 6.4)) if explanation else []
            top["title"] = alt.TitleParams(text=wrap(title, room), subtitle=lines)
        chart = cast("alt.LayerChart", alt.layer(*self._layers, **top))
        chart.datasets = self._rows
        return chart


def config(theme: Theme) -> dict[str, Any]:
    """Altair configuration shared by all charts."""
    axis = {
        "labelColor": theme.soft,
        "titleColor": theme.soft,
        "tickColor": theme.axis,
        "domainColor": theme.axis,
        "gridColor": theme.grid,
        "labelFontSize": FONT_SIZE - 1,
        "titleFontSize": FONT_SIZE - 1,
        "titleFontWeight": "normal",
        "labelFont": FONT,
        "titleFont": FONT,
        "titlePadding": 8,
        "labelOverlap": True,
    }
    return {
        "background": theme.paper,
        "font": FONT,
        "view": {"stroke": None},
        "axis": axis,
        "axisY": {"domain": False, "ticks": False},
        "title": {
            "anchor": "start",
            "frame": "bounds",
            "color": theme.ink,
            "subtitleColor": theme.soft,
            "font": FONT,
            "subtitleFont": FONT,
            "fontSize": FONT_SIZE + 3,
            "subtitleFontSize": FONT_SIZE - 1,
            "fontWeight": "bold",
            "lineHeight": 20,
            "subtitleLineHeight": 16,
            "subtitlePadding": 5,
            "offset": 14,
        },
    }


def swatches(board: Board, names: Sequence[tuple[str, str]], top: float) -> None:
    """A key in the drawing: colored squares with their names, in as many lines as needed."""
    squares: list[Row] = []
    texts: list[Row] = []
    left, y = 0.0, top
    for name, color in names:
        wide = 20 + text_width(name) + 16
        if left and left + wide > board.width:
            left, y = 0.0, y + 22
        at, down = board.x.value, board.y.value
        box = {"x": at(left), "x2": at(left + 13), "y": down(y), "y2": down(y + 13)}
        squares.append({**box, "color": color, "name": name})
        texts.append({"x": at(left + 19), "y": down(y + 7), "text": name})
        left += wide
    board.bars(squares, stroke=board.look.theme.axis, strokeWidth=0.5)
    board.texts(texts, color=board.look.theme.ink, align="left", baseline="middle")


def swatch_height(width: float, names: Sequence[str]) -> float:
    """Height that `swatches` needs in a drawing of this width."""
    left, lines = 0.0, 1
    for name in names:
        wide = 20 + text_width(name) + 16
        if left and left + wide > width:
            left, lines = 0.0, lines + 1
        left += wide
    return 22.0 * lines


def _finite(row: Row) -> Row:
    """JSON has no NaN: such values become null; floats are rounded, as pictures need no more."""
    return {key: _json(value) for key, value in row.items()}


def _json(value: Any) -> Any:
    if isinstance(value, bool) or value is None or isinstance(value, str | int):
        return value
    value = float(value)
    return float(f"{value:.9g}") if math.isfinite(value) else None
