"""The answer of `audit` for a terminal: each claim with its verdict, share of worlds and what it turns on."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from detente.report.terminal import blank, bullet, draw, heading, paragraph, table
from detente.report.views import CANNOT, FAILS, HOLDS, PARTLY, ClaimView, claim_views, pick
from detente.report.words import Words, listed, percent, sentence

if TYPE_CHECKING:
    from rich.console import RenderableType


def render_audit(answer: Any, width: int = 80, *, color: bool = False, words: Words | None = None) -> str:
    """What `detente audit` prints.

    Args:
        answer: What `audit` found.
        width: Columns of the terminal.
        color: Whether bold is passed on as terminal codes.
        words: What parameters are called, if the case is at hand.
    """
    words = words or Words(actors=pick(answer, "actors", default={}))
    claims = claim_views(answer)
    title = str(pick(answer, "case_title", "title", default=""))
    parts: list[RenderableType] = [paragraph(title, "bold")] if title else []
    parts += [paragraph("Does the argument hold?"), blank(), paragraph(tally(claims)), blank()]
    if claims:
        parts.append(table(["Claim", "Verdict", "at base", "worlds"], [_row(claim) for claim in claims], left=2))
    for claim in claims:
        parts += _claim(claim, words)
    notes = [str(note) for note in pick(answer, "notes", default=())]
    confidence = str(pick(answer, "confidence", default=""))
    if confidence:
        parts += [blank(), paragraph(sentence(confidence))]
    if notes:
        parts += [heading("Notes"), *(bullet(note) for note in notes)]
    return draw(parts, width, color)


def tally(claims: tuple[ClaimView, ...]) -> str:
    """How many claims hold, fail, hold in part, cannot be judged, as one sentence."""
    if not claims:
        return "The case makes no claims."
    found = Counter(claim.verdict for claim in claims)
    phrases = [
        f"{found[verdict]} {_verb(verdict, found[verdict])}"
        for verdict in (HOLDS, PARTLY, FAILS, CANNOT)
        if found[verdict]
    ]
    return f"Of {len(claims)} claims, {listed(phrases)}." if len(claims) > 1 else f"Of 1 claim, {listed(phrases)}."


def _verb(verdict: str, count: int) -> str:
    forms = {
        HOLDS: ("holds in every world tried", "hold in every world tried"),
        PARTLY: ("holds in part of the range", "hold in part of the range"),
        FAILS: ("fails in every world tried", "fail in every world tried"),
        CANNOT: ("cannot be judged in this model", "cannot be judged in this model"),
    }
    return forms[verdict][0 if count == 1 else 1]


def _row(claim: ClaimView) -> list[str]:
    base = {True: "holds", False: "fails"}.get(claim.at_base, "–")  # type: ignore[arg-type]
    return [claim.name, claim.verdict, base, "–" if claim.share is None else percent(claim.share)]


def _claim(claim: ClaimView, words: Words) -> list[RenderableType]:
    source = f" ({claim.source})" if claim.source else ""
    parts = [heading(claim.name, upper=False), paragraph(f"{claim.says}{source}"), paragraph(claim.finding, indent=2)]
    if claim.turns_on:
        turns = "; ".join(item.words(words) for item in claim.turns_on)
        parts.append(paragraph(f"Turns on: {turns}.", indent=2))
    parts += [paragraph(note, indent=2) for note in claim.notes]
    return parts
