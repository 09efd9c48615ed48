"""The sections of the page on intent and on settlements: their words, tables and charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report import figures_assess, figures_completion, figures_lattice, figures_settle, tables_more
from detente.report import views_assess as intent
from detente.report import views_completion as hidden
from detente.report import views_settle as deal
from detente.report.drawings import Drawing, draw
from detente.report.tables import Table
from detente.report.words import capital, counted, sentence

if TYPE_CHECKING:
    from detente.report.chart import Look
    from detente.report.words import Words
    from detente.study.results_assess import AssessAnswer
    from detente.study.results_settle import DesignAnswer, SettleAnswer

MOST_LATTICES = 4


def intent_section(answer: AssessAnswer | None, look: Look) -> dict[str, Any] | None:
    """What the page shows about a hidden type; None without an answer."""
    if answer is None:
        return None
    return {
        "question": intent.question(answer),
        "what": intent.type_words(answer),
        "as_of": intent.day_words(answer.as_of),
        "last": answer.statements[-1] if answer.statements else None,
        "earlier": [(intent.day_words(item.date), item) for item in answer.statements[:-1]],
        "types": tables_more.types(answer),
        "drawings": _kept(
            draw("intent-days", lambda at: figures_assess.aim_timeline(answer, at), look, tables_more.days(answer)),
            draw("intent-items", lambda at: figures_assess.item_bars(answer, at), look, tables_more.items(answer)),
        ),
        "silent": [
            (
                why,
                [
                    (intent.item_words(answer, item.id), intent.day_words(item.reported), sentence(item.says))
                    for item in items
                ],
            )
            for why, items in intent.silent_reasons(answer)
        ],
        "certain": intent.clear_words(answer),
        "moves": [(intent.item_words(answer, item.id), intent.move_sentence(answer, item)) for item in answer.moves],
        "staged": [
            (intent.item_words(answer, item.id), intent.staged_sentence(answer, item)) for item in answer.staged
        ],
        "watch": [
            (
                intent.item_words(answer, item.indicator),
                sentence(item.says),
                intent.watch_sentence(answer, item),
                intent.decision_words(answer, item),
            )
            for item in answer.watch
        ],
        "watched": _kept(
            draw("intent-watch", lambda at: figures_assess.watch_bars(answer, at), look, tables_more.watch(answer))
        ),
        "analysts": _kept(
            draw(
                "intent-analysts",
                lambda at: figures_assess.analyst_spread(answer, at),
                look,
                tables_more.disagreements(answer),
            )
        ),
        "repairs": [intent.repair_sentence(answer, item) for item in answer.repairs],
        "scores": tables_more.scores(answer),
        "truth": _truth(answer),
        "record": tables_more.record(answer),
        "trust": intent.trust_lines(answer),
    }


def _truth(answer: AssessAnswer) -> str:
    if answer.scores is None:
        return ""
    when = f", known on {intent.day_words(answer.scores.until)}" if answer.scores.until else ""
    return f"True was “{intent.label_words(answer, answer.scores.truth)}”{when}. Lower scores are better."


def settlement_section(answer: SettleAnswer | None, look: Look, words: Words) -> dict[str, Any] | None:
    """What the page shows about an agreement and its designs; None without an answer."""
    if answer is None:
        return None
    return {
        "title": sentence(answer.title).rstrip("."),
        "about": sentence(answer.about),
        "source": answer.source,
        "headline": deal.headline(answer),
        "table": tables_more.designs(answer),
        "drawings": _kept(
            draw("settle-share", lambda at: figures_settle.design_shares(answer, at), look, None),
            draw(
                "settle-guarantee",
                lambda at: figures_settle.guarantees_needed(answer, at),
                look,
                tables_more.guarantees(answer),
            ),
        ),
        "designs": [_design(answer, item, k, look, words) for k, item in enumerate(answer.designs)],
        "steps": [
            (
                deal.step_words(step, answer.step_titles),
                deal.performers_words(answer, [step]),
                sentence(says),
                sentence(answer.done.get(step, "")),
            )
            for step, says in answer.steps.items()
        ],
        "any": answer.exit == "any",
        "trust": [
            *([deal.interrupted_sentence(answer)] if answer.interrupted else []),
            *deal.notes_of(answer),
        ],
    }


def _design(answer: SettleAnswer, design: DesignAnswer, k: int, look: Look, words: Words) -> dict[str, Any]:
    order = [
        (
            deal.move_words(move, answer.step_titles),
            deal.performers_words(answer, move),
            deal.spare_words(design, i),
        )
        for i, move in enumerate(design.best_order)
    ]
    lattice = (
        draw(f"lattice-{k}", lambda at: figures_lattice.settlement_lattice(answer, design, at), look, None)
        if k < MOST_LATTICES
        else None
    )
    left_out = len(design.blocked) - deal.MOST_BLOCKED
    return {
        "name": deal.design_words(design),
        "badge": {"holds": "holds", "gets stuck": "fails"}.get(deal.verdict(design), "part"),
        "verdict": deal.verdict(design),
        "about": sentence(design.about),
        "changes": list(design.changes),
        "finding": f"{deal.verdict_sentence(answer, design)} {deal.share_sentence(design)}",
        "worth": deal.values_sentence(answer, design),
        "guarantee": deal.guarantee_sentence(design),
        "order_title": deal.best_order_title(design),
        "order": order,
        "stop": deal.steps_words(design.stop, answer.step_titles) if design.stop is not None else "",
        "drawings": _kept(
            lattice,
            draw(f"slack-{k}", lambda at: figures_settle.order_slack(answer, design, at), look, None),
        ),
        "hidden": _hidden(answer, design, k, look),
        "blocked": [deal.blocked_sentence(answer, item, design.steps) for item in design.blocked[: deal.MOST_BLOCKED]],
        "more_blocked": counted(left_out, "more blocked step") if left_out > 0 else "",
        "remedies": [deal.remedy_words(item) for item in design.remedies[: deal.MOST_REMEDIES]],
        "frontier": deal.frontier_words(answer, design) if len(design.frontier or ()) > 1 else [],
        "turns": [deal.turns_sentence(item, words) for item in design.turns_on[: deal.MOST_TURNS]],
        "opposite": deal.opposite_sentence(design, words),
        "notes": [sentence(note) for note in design.notes],
    }


def _hidden(answer: SettleAnswer, design: DesignAnswer, k: int, look: Look) -> dict[str, Any] | None:
    """What is shown about hidden aims; None if they were not looked at."""
    found = hidden.completion_of(design)
    if found is None:
        return None
    header, rows = hidden.step_rows(answer, found.best_order)
    table = Table(tuple(capital(name) for name in header), tuple(rows))
    return {
        "text": f"{hidden.hidden_sentence(answer, found)} {hidden.odds_sentence(answer, found)}",
        "drawings": _kept(
            draw(f"hidden-{k}", lambda at: figures_completion.completion_odds(answer, design, at), look, table)
        ),
        "more": [text for text in (hidden.comparison_sentence(found), *hidden.completion_notes(found)) if text],
    }


def _kept(*drawings: Drawing | None) -> list[Drawing]:
    return [item for item in drawings if item is not None]
