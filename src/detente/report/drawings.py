"""The charts of the page: each drawn for wide and narrow screens, with its words and its numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from detente.report import figures, figures_belief, figures_when, tables
from detente.report.chart import NARROW, WIDE, Look
from detente.report.svg import inline_svg
from detente.report.tables import Table
from detente.report.views import ClaimView

if TYPE_CHECKING:
    import altair as alt

    from detente.study.results import CompareAnswer

    Draw = Callable[[Look], alt.LayerChart | None]

MOST_SWEEPS = 4


@dataclass(frozen=True)
class Drawing:
    """A chart as it stands in the page.

    Attributes:
        id: Unique in the page.
        title: Its heading.
        explanation: How to read it.
        wide: SVG for wide screens and print.
        narrow: SVG for small screens.
        table: The numbers behind it.
    """

    id: str
    title: str
    explanation: str
    wide: str
    narrow: str
    table: Table | None


def draw(id: str, chart: Draw, look: Look, table: Table | None) -> Drawing | None:
    """Draw one chart in both widths; None if there is nothing to show."""
    shown: list[str] = []
    title = explanation = ""
    for suffix, width in (("w", WIDE), ("n", NARROW)):
        drawn = chart(replace(look, width=width, titled=False))
        if drawn is None:
            return None
        meta = drawn.usermeta
        title, explanation = meta["title"], meta["explanation"]
        shown.append(inline_svg(drawn, f"{id}-{suffix}", title, explanation))
    return Drawing(id, title, explanation, shown[0], shown[1], table)


def draw_all(answer: CompareAnswer, claims: tuple[ClaimView, ...], look: Look) -> dict[str, list[Drawing]]:
    """Every chart, by the section it belongs to."""
    words = look.words
    sections: dict[str, list[Drawing | None]] = {
        "value": [
            draw(
                "value",
                lambda at: figures.values_by_posture(answer, at),
                look,
                tables.values(answer, words, answer.owner),
            ),
            draw("shortfall", lambda at: figures.shortfalls(answer, at), look, _shortfalls(answer, look)),
            draw("share", lambda at: figures.best_shares(answer, at), look, tables.shares(answer, words)),
        ],
        "odds": [draw("odds", lambda at: figures.outcome_odds(answer, at), look, tables.odds(answer, words))]
        if answer.postures and answer.postures[0].outcomes
        else [],
        "others": [_other(answer, look, k, actor) for k, actor in enumerate(answer.actors) if actor != answer.owner],
        "when": [
            draw("tipping", lambda at: figures_when.tipping_points(answer, at), look, tables.tipping(answer, words)),
            draw("region", lambda at: figures_when.region_map(answer, at), look, tables.region(answer, words)),
        ],
        "sweeps": [_sweep(answer, look, k) for k in _decisive(answer)],
        "belief": [
            draw("belief", lambda at: figures_belief.value_of_belief(answer, at), look, tables.belief(answer, words))
        ],
        "claims": [_claims(claims, look)],
    }
    return {name: [item for item in items if item is not None] for name, items in sections.items()}


def _shortfalls(answer: CompareAnswer, look: Look) -> Table | None:
    leads = any(item.name == answer.leading for item in answer.postures)
    return tables.shortfalls(answer, look.words) if leads else None


def _other(answer: CompareAnswer, look: Look, k: int, actor: str) -> Drawing | None:
    table = tables.values(answer, look.words, actor)
    return draw(f"other-{k}", lambda at: figures.values_by_posture(answer, at, actor), look, table)


def _sweep(answer: CompareAnswer, look: Look, k: int) -> Drawing | None:
    line = answer.sweeps[k]
    table = tables.sweep(line, answer, look.words)
    return draw(f"sweep-{k}", lambda at: figures_when.sweep(answer, line, at), look, table)


def _decisive(answer: CompareAnswer) -> list[int]:
    """Sweeps of the parameters with tipping points, in the order of those."""
    order = {name: i for i, name in enumerate(dict.fromkeys(point.parameter for point in answer.tipping_points))}
    found = [k for k, line in enumerate(answer.sweeps) if line.parameter in order]
    return sorted(found, key=lambda k: order[answer.sweeps[k].parameter])[:MOST_SWEEPS]


def _claims(claims: tuple[ClaimView, ...], look: Look) -> Drawing | None:
    shown = [(claim.name, claim.share, claim.at_base) for claim in claims]
    return draw("claims", lambda at: figures.claim_shares(shown, at), look, None)
