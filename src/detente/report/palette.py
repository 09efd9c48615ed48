"""Colors of the charts and the page: one light and one dark theme, matched color by color.

Charts are drawn once, in the light theme. The page recolors them for dark by replacing each color
of `LIGHT` by its partner in `DARK`, so every color here is used for one purpose only. The hues of
the series keep apart under the common kinds of color blindness and differ in lightness; names are
written next to the marks all the same.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Theme:
    """Colors as #rrggbb.

    Attributes:
        paper: Background.
        ink: Text and base-case marks.
        soft: Secondary text.
        axis: Axis lines and ticks.
        grid: Grid lines.
        halo: Outline that lifts a mark or a label off what lies under it.
        accent: The one emphasized series of a chart without postures.
        accent_two: Its counterpart.
        series: Postures, in the order of the case.
        tints: Pale partners of `series` for areas; text in `ink` stays readable on them.
    """

    paper: str
    ink: str
    soft: str
    axis: str
    grid: str
    halo: str
    accent: str
    accent_two: str
    series: tuple[str, ...]
    tints: tuple[str, ...]

    def color(self, number: int) -> str:
        """Color of posture `number`."""
        return self.series[number % len(self.series)]

    def tint(self, number: int) -> str:
        """Area color of posture `number`."""
        return self.tints[number % len(self.tints)]


LIGHT = Theme(
    paper="#fffffe",
    ink="#1c1f24",
    soft="#565d68",
    axis="#8b919b",
    grid="#e6e7ea",
    halo="#fffffd",
    accent="#0f5fa6",
    accent_two="#b4480a",
    series=("#1266ad", "#b84a0b", "#0b7f62", "#8a3f86", "#946a00", "#2d93b8", "#a61e4d", "#5a6472"),
    tints=("#bcd7f0", "#f9cfae", "#b5e3d3", "#e3c6e6", "#f2e0a0", "#cdeef6", "#f6c6d2", "#d9dce1"),
)

DARK = Theme(
    paper="#15181d",
    ink="#eceef1",
    soft="#a9b0bb",
    axis="#737b88",
    grid="#2d323a",
    halo="#15181e",
    accent="#7dbcf5",
    accent_two="#ffa566",
    series=("#76b7f2", "#ff9d5c", "#4ecfaa", "#dd9fe0", "#e3bd45", "#93e0f7", "#ff8fae", "#b3bcc9"),
    tints=("#1c4a75", "#7a3a12", "#0e5c48", "#63336a", "#62500f", "#1d6076", "#7a2440", "#454c57"),
)

SERIES = len(LIGHT.series)


def partners() -> tuple[tuple[str, str, str], ...]:
    """Each color as (name of its CSS variable, light, dark)."""
    pairs: list[tuple[str, str, str]] = []
    for item in fields(Theme):
        light, dark = getattr(LIGHT, item.name), getattr(DARK, item.name)
        if isinstance(light, str):
            pairs.append((f"--{item.name.replace('_', '-')}", light, dark))
        else:
            stem = item.name.removesuffix("s") if item.name == "tints" else item.name
            pairs.extend((f"--{stem}-{i}", a, b) for i, (a, b) in enumerate(zip(light, dark, strict=True)))
    return tuple(pairs)
