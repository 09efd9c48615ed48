"""Charts as standalone SVG and PNG through vl-convert: no browser, no network."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from detente.report.palette import LIGHT

if TYPE_CHECKING:
    import altair as alt

_ID = re.compile(r'\bid="([^"]+)"')
_OPENING = re.compile(r"<svg\b[^>]*>")
_SIZE = re.compile(r'\b(width|height)="([0-9.]+)"')
_NOISE = re.compile(r' (?:role|aria-roledescription|aria-hidden|aria-label|pointer-events)="[^"]*"')
_COMPONENTS = re.compile(r"rgb\((\d+),\s*(\d+),\s*(\d+)\)")


def to_svg(chart: alt.LayerChart) -> str:
    """The chart as an SVG document. Equal charts give equal text."""
    import vl_convert

    svg = vl_convert.vegalite_to_svg(chart.to_dict(validate=False), allowed_base_urls=[], show_warnings=False)
    return _stable_ids(svg, "c")


def inline_svg(chart: alt.LayerChart, id: str, title: str, description: str) -> str:
    """The chart as an element of a page: scales with its column, named for screen readers, no background.

    Args:
        chart: A chart in the light theme; the page recolors it.
        id: Prefix for the ids inside, unique in the page.
        title: Accessible name.
        description: What it shows, in words.
    """
    import vl_convert

    svg = vl_convert.vegalite_to_svg(chart.to_dict(validate=False), allowed_base_urls=[], show_warnings=False)
    svg = _NOISE.sub("", _stable_ids(svg, id))
    svg = _COMPONENTS.sub(lambda match: "#" + "".join(f"{int(part):02x}" for part in match.groups()), svg)
    opening = _OPENING.match(svg)
    if opening is None:
        raise ValueError("the chart did not render to SVG")
    size = dict(_SIZE.findall(opening.group()))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size["width"]} {size["height"]}" '
        f'width="{size["width"]}" height="{size["height"]}" role="img" aria-labelledby="{id}-t {id}-d">'
        f'<title id="{id}-t">{escape(title)}</title><desc id="{id}-d">{escape(description)}</desc>'
    )
    body = svg[opening.end() :]
    paper = f'<rect width="{size["width"]}" height="{size["height"]}" fill="{LIGHT.paper}"/>'
    return head + body.replace(paper, "", 1)


def to_png(chart: alt.LayerChart, scale: float = 2.0) -> bytes:
    """The chart as a PNG picture, `scale` pixels to a point."""
    import vl_convert

    return vl_convert.vegalite_to_png(chart.to_dict(validate=False), scale=scale, allowed_base_urls=[])


def write_figure(chart: alt.LayerChart, path: str | Path, scale: float = 2.0) -> Path:
    """Write a chart as ``.png`` or ``.svg``, by the ending of `path`.

    Args:
        chart: Any chart of this room.
        path: Where to.
        scale: Pixels to a point, for PNG.

    Returns:
        The path written.
    """
    path = Path(path)
    if path.suffix.lower() == ".svg":
        path.write_text(to_svg(chart), encoding="utf-8")
    else:
        path.write_bytes(to_png(chart, scale))
    return path


def _stable_ids(svg: str, prefix: str) -> str:
    """Number the ids from 1 in order of appearance; the renderer counts on from chart to chart."""
    names = list(dict.fromkeys(_ID.findall(svg)))
    for i, name in enumerate(names, start=1):
        svg = svg.replace(f'id="{name}"', f'id="{prefix}-{i}"').replace(f"url(#{name})", f"url(#{prefix}-{i})")
    return svg
