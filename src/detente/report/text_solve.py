"""The answer of `solve` for a terminal: who does what where, why, and how it was checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report.terminal import blank, bullet, draw, heading, paragraph, table
from detente.report.text_equilibria import equilibria_parts
from detente.report.text_refined import refinement_parts
from detente.report.text_rule import rule_sentences
from detente.report.views import InfosetView, SolveView, pick, solve_view
from detente.report.words import Words, capital, counted, level, number, percent, sentence, tiny

if TYPE_CHECKING:
    from rich.console import RenderableType

MOST_BELIEFS = 6


def render_solve(answer: Any, width: int = 80, *, color: bool = False, words: Words | None = None) -> str:
    """What `detente solve` prints.

    Args:
        answer: What `solve` found.
        width: Columns of the terminal.
        color: Whether bold is passed on as terminal codes.
        words: What actors are called, if the case is at hand.
    """
    view = solve_view(answer)
    words = words or Words(actors=pick(answer, "actors", default={}))
    title = str(pick(answer, "case_title", "title", default=""))
    parts: list[RenderableType] = [paragraph(title, "bold")] if title else []
    under = f" under “{words.posture(view.posture)}”" if view.posture else ""
    parts += [paragraph(f"What would each side do{under}?"), blank()]
    if view.status:
        parts.append(paragraph(sentence(view.status)))
    parts.append(paragraph(certificate_words(view)))
    if view.values:
        rows = [[words.actor(name), level(value)] for name, value in view.values]
        parts += [heading("Expected payoffs"), table(["Actor", "payoff"], rows)]
    if view.outcomes:
        rows = [[words.outcome(name), percent(value)] for name, value in view.outcomes]
        parts += [heading("Odds of the outcomes"), table(["Outcome", "probability"], rows)]
    rule = rule_sentences(pick(answer, "optimal", default={}) or {}, words)
    if rule:
        parts += [heading("The best rule that was found"), *(bullet(text) for text in rule)]
    for infoset in view.infosets:
        parts += _infoset(infoset, words)
    if view.others:
        parts += [heading("Other equilibria met on the way"), *(bullet(item.words(words)) for item in view.others)]
    if pick(answer, "equilibria") is not None:
        parts += equilibria_parts(answer.equilibria, words)
    parts += refinement_parts(pick(answer, "refinements", default=()) or ())
    if view.notes:
        parts += [heading("Notes"), *(bullet(text) for text in view.notes)]
    return draw(parts, width, color)


def certificate_words(view: SolveView) -> str:
    """The certificate as a sentence."""
    kinds = {
        "sequential": "Certified as a sequential equilibrium",
        "backward_induction": "Certified by backward induction",
        "nash": "Certified as a Nash equilibrium only (what happens off the path is not settled)",
        "qre": "Certified as a quantal response equilibrium",
        "unsettled": "Not certified: this is the best that was found, not an equilibrium",
    }
    kind = kinds.get(view.kind, "Checked")
    return (
        f"{kind}: largest gain from any deviation {tiny(view.max_regret)} of the payoff range, largest error in "
        f"beliefs {tiny(view.max_belief_residual)}."
    )


def _infoset(infoset: InfosetView, words: Words) -> list[RenderableType]:
    parts = [
        heading(f"{words.actor(infoset.actor)}: {words.variable(infoset.decision)}"),
        paragraph(f"{capital(infoset.situation(words))}: {infoset.strategy(words)}.{reach_words(infoset)}"),
    ]
    options = [
        [words.label(item.label), percent(item.probability), "–" if item.value is None else number(item.value, 4)]
        for item in infoset.options
    ]
    parts.append(table(["Option", "probability", "value"], options))
    if len(infoset.beliefs) > 1:
        shown = infoset.beliefs[:MOST_BELIEFS]
        text = "; ".join(belief.words(words) for belief in shown)
        rest = len(infoset.beliefs) - len(shown)
        more = f"; and {counted(rest, 'other')}" if rest else ""
        parts.append(paragraph(f"Believes: {text}{more}.", indent=2))
    if infoset.why:
        parts.append(paragraph(f"Why: {infoset.why}", indent=2))
    if infoset.terms:
        text = "; ".join(f"{words.label(name)} {signed(value)}" for name, value in infoset.terms)
        parts.append(paragraph(f"Term by term: {text}.", indent=2))
    return parts


def reach_words(infoset: InfosetView) -> str:
    """How likely it is that play comes here."""
    if infoset.reach is None:
        return ""
    if infoset.reach <= 0:
        return " Not reached in equilibrium: this is what would be done."
    return f" Reached with probability {percent(infoset.reach)}."


def signed(value: float) -> str:
    """A contribution with its sign."""
    return ("+" if value > 0 else "") + number(value)
