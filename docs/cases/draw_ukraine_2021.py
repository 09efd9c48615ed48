"""Draw the order of moves of the case ukraine-2021 as an SVG file.

Run it from anywhere: ``python docs/cases/draw_ukraine_2021.py``. It writes ``ukraine-2021-tree.svg`` beside
itself and needs nothing but Python. The whole tree has hundreds of endings, so the picture draws each kind of
decision once: the upper part shows the way to Russia's move, the lower part what follows it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from pathlib import Path

WIDTH, HEIGHT = 1180, 800
INK, SOFT, PAPER = "#1f2933", "#52606d", "#ffffff"
COLORS = {
    "RUS": ("#fde3d5", "#b3470f", "Russia"),
    "USA": ("#dbe9f9", "#1d5a9e", "United States"),
    "EUR": ("#ddf0e3", "#1f7a45", "European allies"),
    "UKR": ("#fdf3c7", "#8a6d00", "Ukraine"),
    "chance": ("#eceff2", "#616e7c", "chance"),
}


@dataclass
class Sheet:
    """Shapes drawn so far, back to front."""

    parts: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, words: str, size: int = 13, color: str = INK, **more: str) -> None:
        """One line of text."""
        extra = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in more.items())
        self.parts.append(f'<text x="{x}" y="{y}" font-size="{size}" fill="{color}"{extra}>{escape(words)}</text>')

    def box(self, x: float, y: float, actor: str, title: str, note: str = "", width: int = 132) -> None:
        """A decision or chance event, `x` and `y` at the middle of its left edge."""
        fill, line, _ = COLORS[actor]
        height = 46 if note else 32
        dash = ' stroke-dasharray="5 3"' if actor == "chance" else ""
        self.parts.append(
            f'<rect x="{x}" y="{y - height / 2}" width="{width}" height="{height}" rx="7" fill="{fill}" '
            f'stroke="{line}" stroke-width="1.5"{dash}/>'
        )
        middle = x + width / 2
        self.text(middle, y - 3 if note else y + 5, title, 13, INK, text_anchor="middle", font_weight="600")
        if note:
            self.text(middle, y + 14, note, 11, SOFT, text_anchor="middle")

    def branch(self, start: tuple[float, float], end: tuple[float, float], label: str, lift: float = -5) -> None:
        """A line that leaves sideways, bends once and carries the option's name near its end."""
        (x0, y0), (x1, y1) = start, end
        bend = x0 + 14
        self.parts.append(f'<path d="M{x0} {y0} H{bend} V{y1} H{x1}" fill="none" stroke="{SOFT}" stroke-width="1.3"/>')
        self.text(bend + 6, y1 + lift, label, 12, INK)

    def end(self, x: float, y: float, note: str = "") -> None:
        """An ending."""
        self.parts.append(f'<circle cx="{x}" cy="{y}" r="4.5" fill="{INK}"/>')
        if note:
            self.text(x + 10, y + 4, note, 11, SOFT)

    def onward(self, x: float, y: float) -> None:
        """A place where Russia's move follows."""
        fill, line, _ = COLORS["RUS"]
        self.parts.append(
            f'<path d="M{x} {y - 13} h28 l11 13 l-11 13 h-28 z" fill="{fill}" stroke="{line}" stroke-width="1.5"/>'
        )
        self.text(x + 15, y + 5, "M", 13, INK, text_anchor="middle", font_weight="700")


def headings(sheet: Sheet) -> None:
    """Title, names of the stages, and the key to the colors."""
    sheet.text(30, 34, "ukraine-2021: the order of moves", 19, INK, font_weight="700")
    stages = ((30, "Who is who"), (196, "Spring"), (362, "Answer"), (528, "Winter"), (716, "What is said"))
    for x, name in (*stages, (912, "What is done unseen")):
        sheet.text(x, 96, name, 12, SOFT, font_style="italic")
    for place, (fill, line, name) in enumerate(COLORS.values()):
        x = 520 + 132 * place
        sheet.parts.append(
            f'<rect x="{x}" y="22" width="14" height="14" rx="3" fill="{fill}" stroke="{line}" stroke-width="1.5"/>'
        )
        sheet.text(x + 20, 34, name, 12, INK)


def way_to_the_move(sheet: Sheet) -> None:
    """From the hidden aims to Russia's move."""
    sheet.box(30, 250, "chance", "aim, resolve", "each seen by its owner")
    sheet.branch((162, 250), (196, 250), "")
    sheet.box(196, 250, "RUS", "spring")
    sheet.branch((328, 250), (362, 250), "")
    sheet.text(330, 243, "mass", 11, INK)
    sheet.branch((328, 250), (372, 396), "")
    sheet.end(376, 396, "abstain: no crisis")
    sheet.box(362, 250, "USA", "summit")
    sheet.branch((494, 250), (528, 190), "")
    sheet.text(478, 216, "meet", 12, INK)
    sheet.branch((494, 250), (528, 330), "")
    sheet.text(462, 312, "decline", 12, INK)
    sheet.box(528, 190, "RUS", "winter", "the second buildup")
    sheet.branch((660, 190), (716, 134), "now")
    sheet.branch((660, 190), (716, 230), "later")
    sheet.branch((660, 190), (706, 274), "never")
    sheet.end(710, 274)
    sheet.box(528, 330, "RUS", "winter", "no summit before")
    sheet.branch((660, 330), (716, 316), "now")
    sheet.onward(716, 316)
    sheet.branch((660, 330), (706, 362), "never")
    sheet.end(710, 362)
    sheet.box(716, 134, "USA", "package")
    sheet.branch((848, 134), (912, 134), "talks")
    sheet.branch((848, 134), (984, 190), "measures, or both")
    sheet.onward(984, 190)
    sheet.box(716, 230, "USA", "package")
    sheet.branch((848, 230), (984, 230), "any of the three")
    sheet.onward(984, 230)
    sheet.box(912, 134, "USA", "prepare", "ready or bare", width=106)
    sheet.branch((1018, 134), (1036, 134), "")
    sheet.box(1036, 134, "chance", "intel", "signs or silence", width=106)
    sheet.parts.append(f'<path d="M1089 157 V217" fill="none" stroke="{SOFT}" stroke-width="1.3"/>')
    sheet.onward(1072, 230)
    sheet.text(912, 278, "prepare is seen by the European allies", 11, SOFT)
    sheet.text(912, 294, "only; Russia has intel, which may err", 11, SOFT)
    sheet.text(912, 310, "in both directions", 11, SOFT)


def what_follows(sheet: Sheet) -> None:
    """Russia's move and the answers to it."""
    sheet.parts.append(
        f'<rect x="30" y="436" width="{WIDTH - 60}" height="334" rx="10" fill="#f7f8fa" stroke="#cbd2d9"/>'
    )
    sheet.text(50, 464, "Wherever the mark M stands, this follows", 14, INK, font_weight="700")
    sheet.onward(60, 600)
    sheet.branch((99, 600), (130, 600), "")
    sheet.box(130, 600, "RUS", "move", "what the troops do")
    rows = {"assault": 520, "incursion": 616, "hold": 678, "stand_down": 738}
    for label, y in rows.items():
        sheet.branch((262, 600), (380 if label != "stand_down" else 400, y), label)
    sheet.box(380, 520, "USA", "respond", "to an assault")
    sheet.branch((512, 520), (620, 506), "severe")
    sheet.branch((512, 520), (620, 552), "protest")
    sheet.end(624, 552, "expected sanctions only; anything announced was a bluff")
    sheet.box(620, 506, "EUR", "join")
    sheet.branch((752, 506), (840, 492), "joins")
    sheet.end(844, 492, "joint sanctions, arms for Ukraine")
    sheet.branch((752, 506), (840, 526), "balks")
    sheet.end(844, 526, "America alone, at a higher price")
    sheet.box(380, 616, "USA", "respond", "to an incursion")
    sheet.branch((512, 616), (620, 604), "severe")
    sheet.end(624, 604, "a smaller prize, smaller answers, by America alone")
    sheet.branch((512, 616), (620, 634), "protest")
    sheet.end(624, 634)
    sheet.box(380, 678, "UKR", "kyiv")
    sheet.branch((512, 678), (620, 668), "concede")
    sheet.end(624, 668, "the prize of pressure")
    sheet.branch((512, 678), (620, 698), "refuse")
    sheet.end(624, 698, "the standoff goes on; talks count in part")
    sheet.end(404, 738, "talks count in full; a climb-down if counter-measures had been announced")
    sheet.text(960, 606, "After an attack the case ends:", 11, SOFT)
    sheet.text(960, 622, "what follows is one wide number", 11, SOFT)
    sheet.text(960, 638, "per actor (war_continuation_...)", 11, SOFT)


def drawing() -> str:
    """The picture as SVG text."""
    sheet = Sheet()
    headings(sheet)
    way_to_the_move(sheet)
    what_follows(sheet)
    body = "\n  ".join(sheet.parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'font-family="Helvetica, Arial, sans-serif">\n'
        "  <title>Order of moves of the case ukraine-2021</title>\n"
        f'  <rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>\n  {body}\n</svg>\n'
    )


if __name__ == "__main__":
    Path(__file__).with_name("ukraine-2021-tree.svg").write_text(drawing(), encoding="utf-8")
