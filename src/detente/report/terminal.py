"""Text for a terminal: rich draws the tables, but what comes out is plain text that needs no colors.

Everything that comes from a case file passes through `rich.text.Text`, never through markup, and
is stripped of control characters first.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detente.report.words import clean, one_line

if TYPE_CHECKING:
    from rich.console import RenderableType

NARROWEST = 40


def draw(parts: Sequence[RenderableType], width: int, color: bool = False) -> str:
    """Renderables one below the other, as text of at most `width` columns without trailing spaces.

    Args:
        parts: What to draw.
        width: Columns of the terminal.
        color: Whether bold and dim are passed on as terminal codes.
    """
    from rich.console import Console

    console = Console(
        file=io.StringIO(),
        width=max(NARROWEST, width),
        force_terminal=color,
        no_color=True,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        color_system="standard" if color else None,
    )
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    return "\n".join(line.rstrip() for line in captured.get().splitlines()).rstrip() + "\n"


def paragraph(text: str, style: str = "", indent: int = 0) -> RenderableType:
    """A wrapped paragraph."""
    from rich.padding import Padding
    from rich.text import Text

    return Padding(Text(one_line(text), style=style), (0, 0, 0, indent))


def heading(text: str, upper: bool = True) -> RenderableType:
    """A heading with an empty line above."""
    from rich.padding import Padding
    from rich.text import Text

    return Padding(Text(one_line(text).upper() if upper else one_line(text), style="bold"), (1, 0, 0, 0))


def blank() -> RenderableType:
    """An empty line."""
    from rich.text import Text

    return Text("")


def preformatted(text: str, indent: int = 0) -> RenderableType:
    """Lines that keep their breaks and spaces, such as a caret under a column."""
    from rich.padding import Padding
    from rich.text import Text

    lines = [clean(line).replace("\t", " ") for line in text.split("\n")]
    return Padding(Text("\n".join(lines), overflow="fold"), (0, 0, 0, indent))


def bullet(text: str) -> RenderableType:
    """One item of a list."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=1)
    grid.add_column(overflow="fold")
    grid.add_row(Text("•"), Text(one_line(text)))
    return grid


def table(header: Sequence[str], rows: Sequence[Sequence[Any]], left: int = 1) -> RenderableType:
    """A table with a rule under its header; the first `left` columns are words, the others numbers.

    Args:
        header: Column names.
        rows: Cells, shown with `str`.
        left: How many columns are left-aligned and may wrap.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False, header_style="bold")
    for i, name in enumerate(header):
        words = i < left
        drawn.add_column(
            Text(one_line(name)),
            justify="left" if words else "right",
            overflow="fold",
            no_wrap=not words,
            min_width=min(12, len(name)) if words else None,
        )
    for row in rows:
        drawn.add_row(*(Text(one_line(str(cell))) for cell in row))
    return drawn
