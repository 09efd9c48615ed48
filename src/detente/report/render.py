"""The report: one HTML file that needs no network, for a reader who knows no game theory.

Everything from the case file is escaped by the template; only the charts, which are rendered here
and escape their own texts, are put in as they are. A content security policy in the page
forbids every request and every script but its own.
"""

from __future__ import annotations

import base64
import hashlib
import json
from importlib.resources import files
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from detente.report import tables
from detente.report.assumptions import (
    assumption_rows,
    citation,
    hidden_rows,
    moves,
    posture_rows,
    term_rows,
)
from detente.report.chart import Look
from detente.report.drawings import draw_all
from detente.report.glossary import GLOSSARY
from detente.report.palette import partners
from detente.report.sections import intent_section, settlement_section
from detente.report.text import abandon_words, certificate_note, interrupted_note, selection_note, tie_note
from detente.report.text_audit import tally
from detente.report.text_solve import certificate_words, reach_words, signed
from detente.report.views import ClaimView, InfosetView, SolveView, claim_views, solve_view
from detente.report.views_assess import question
from detente.report.views_settle import headline
from detente.report.words import Words, clean, counted, level, number, one_line, percent, plain, sentence

if TYPE_CHECKING:
    from jinja2 import Environment

    from detente.case import Case
    from detente.study.results import CompareAnswer
    from detente.study.results_assess import AssessAnswer
    from detente.study.results_settle import SettleAnswer

MOST_REACHED = 40


def render_report(
    compare: CompareAnswer | None,
    audit: Any | None,
    solve: Any | None,
    case: Case,
    *,
    assess: AssessAnswer | None = None,
    settle: SettleAnswer | None = None,
) -> str:
    """The report as one HTML document. Equal answers give equal text.

    Args:
        compare: What `compare` found; None for a case without a game.
        audit: What `audit` found; None leaves the claims out.
        solve: What `solve` found for the base case; None leaves the section out.
        case: The case all of them are about.
        assess: What `assess` found; None leaves the section out.
        settle: What `settle` found; None leaves the section out.

    Raises:
        ValueError: There is no answer at all.
    """
    first = compare or assess or settle
    if first is None:
        raise ValueError("a report needs an answer")
    words = Words.of(case)
    ranges = {item.name: (item.distribution.low, item.distribution.high) for item in case.parameters}
    look = Look(titled=False, words=words, ranges=ranges)
    claims = claim_views(audit) if audit is not None else ()
    context = {
        "case": case,
        "file": PurePosixPath(case.file.replace("\\", "/")).name,
        "answer": compare,
        "version": first.manifest.version,
        "words": words,
        "question": _question(case, compare, assess, words),
        "said": _said(compare, assess, settle),
        "claims": claims,
        "tally": tally(claims),
        "solve": solve_view(solve) if solve is not None else None,
        "intent": intent_section(assess, look),
        "settlement": settlement_section(settle, look, words),
        "assumptions": assumption_rows(case, compare, settle),
        "uniform": any(not item.distribution.stated for item in case.parameters),
        "hidden": hidden_rows(case),
        "moves": moves(case),
        "terms": term_rows(case),
        "sources": [(id, citation(text)) for id, text in case.sources.items()],
        "interrupted": interrupted_note(compare) if compare is not None and compare.interrupted else "",
        "manifest": manifest_rows(first),
        "glossary": GLOSSARY,
        **_of_game(compare, case, claims, look),
    }
    return _page(context)


def _of_game(compare: CompareAnswer | None, case: Case, claims: tuple[ClaimView, ...], look: Look) -> dict[str, Any]:
    """What the page shows about postures; empty for a case without a game."""
    words = look.words
    if compare is None:
        none = {name: [] for name in ("value", "odds", "others", "when", "sweeps", "belief", "claims")}
        empty: dict[str, Any] = {"owner": "", "drawings": none, "standing": None, "by_type": None}
        return {**empty, **{name: [] for name in ("facts", "postures", "abandon", "not_modelled", "trust", "notes")}}
    return {
        "owner": words.the(compare.owner),
        "facts": key_facts(compare, case, words),
        "drawings": draw_all(compare, claims, look),
        "standing": tables.standing(compare, words),
        "by_type": tables.by_type(compare, words),
        "postures": posture_rows(case, compare),
        "abandon": abandon_rows(compare, words),
        "not_modelled": not_modelled_rows(case, compare, words),
        "trust": [tie_note(compare, words), selection_note(compare), certificate_note(compare.certificate)],
        "notes": [sentence(note) for note in compare.notes],
    }


def _question(case: Case, compare: CompareAnswer | None, assess: AssessAnswer | None, words: Words) -> str:
    """The question at the top: that of the case, else that of its first answer."""
    if case.question:
        return one_line(case.question)
    if compare is not None:
        return f"Which posture serves {words.the(compare.owner)} best, and when?"
    return "Which agreement would hold?" if assess is None else question(assess)


def _said(
    compare: CompareAnswer | None, assess: AssessAnswer | None, settle: SettleAnswer | None
) -> list[tuple[str, str]]:
    """The answers in a sentence or two: (sentence, what is added in another, such as confidence)."""
    found: list[tuple[str, str]] = []
    if compare is not None:
        found.append((sentence(compare.statement), sentence(compare.confidence)))
    if assess is not None and assess.statements:
        found.append((sentence(assess.statements[-1].likelihood), sentence(assess.statements[-1].confidence)))
    if settle is not None:
        found.append((headline(settle), ""))
    return found


def key_facts(answer: CompareAnswer, case: Case, words: Words) -> list[tuple[str, str]]:
    """A few numbers for the top of the page: (number, what it is)."""
    lead = next((item for item in answer.postures if item.name == answer.leading), None)
    facts: list[tuple[str, str]] = []
    if lead is not None:
        ties = ", ties split evenly" if answer.tied_share > 0 else ""
        facts.append(
            (percent(lead.best_share), f"of worlds have “{words.posture(lead.name)}” as the best posture{ties}")
        )
        facts.append((number(lead.regret_p90, 2), "is the most it falls short of the best one, in nine worlds of ten"))
    varied = sum(item.distribution.high > item.distribution.low for item in case.parameters)
    turning = len({point.parameter for point in answer.tipping_points})
    facts.append((f"{turning} of {varied}", "uncertain assumptions can change the answer on their own"))
    if lead is not None and lead.not_modelled.mean > 0:
        facts.append((percent(lead.not_modelled.mean), "of the probability lies in endings beyond the model"))
    return facts


def abandon_rows(answer: CompareAnswer, words: Words) -> list[tuple[str, str]]:
    """Who would gain from leaving a posture that needs commitment: (posture, sentence)."""
    rows: list[tuple[str, str]] = []
    for item in answer.postures:
        if not item.needs_commitment:
            continue
        gains = [(label, gain) for label, gain in item.abandon_gain.items() if float(gain.get("gain") or 0) > 0]
        text = "; ".join(
            f"“{words.label(label)}” would gain {number(float(gain['gain']))} {abandon_words(str(gain.get('how', '')))}"
            for label, gain in gains
        )
        rows.append((words.posture(item.name), sentence(text)))
    return rows


def not_modelled_rows(case: Case, answer: CompareAnswer, words: Words) -> list[dict[str, str]]:
    """Endings after which the case no longer applies, with what stands for them and where that tips the answer."""
    rows: list[dict[str, str]] = []
    for item in case.not_modelled:
        stand_in = "; ".join(f"{words.parameter_long(name)} ({name})" for name in item.continuation)
        switches = [point for point in answer.tipping_points if point.parameter in item.continuation]
        tips = ", ".join(f"{point.parameter} at {number(point.switch)}" for point in switches)
        rows.append(
            {
                "outcome": words.outcome(item.outcome),
                "about": sentence(item.about),
                "stand_in": stand_in,
                "tips": tips or "no value in its range",
            }
        )
    return rows


def manifest_rows(answer: CompareAnswer | AssessAnswer | SettleAnswer) -> list[tuple[str, str]]:
    """What is needed to repeat the run."""
    manifest = answer.manifest
    versions = ", ".join(f"{name} {version}" for name, version in sorted(manifest.versions.items()))
    settings = ", ".join(f"{name} = {_plain_json(value)}" for name, value in sorted(manifest.settings.items()))
    rows = [
        ("Case", manifest.case),
        ("Case file, SHA-256", manifest.case_sha256),
        ("Detente version", manifest.version),
        ("Seed", str(manifest.seed)),
        ("Draws asked for", f"{manifest.draws:,}"),
        ("Draws done", f"{answer.draws_done:,}"),
        ("Settings", settings),
        ("Software", versions),
    ]
    return [(name, value) for name, value in rows if value]


def _page(context: dict[str, Any]) -> str:
    from markupsafe import Markup

    folder = files("detente.report") / "templates"
    environment = _environment()
    style = environment.get_template("report.css.j2").render(partners=partners())
    script = (folder / "report.js").read_text(encoding="utf-8")
    # The texts of both elements are hashed for the policy, so they must stand in the page byte by byte.
    return environment.get_template("report.html.j2").render(
        **context,
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
        drawn=Markup,
    )


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("detente.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: clean(value) if type(value) is str else value,
    )
    environment.filters.update(
        percent=percent,
        number=number,
        level=level,
        plain=plain,
        sentence=sentence,
        counted=counted,
        signed=signed,
        reached=reach_words,
        certificate=certificate_words,
        shown_first=shown_first,
        shown_later=shown_later,
    )
    return environment


def shown_first(view: SolveView) -> list[InfosetView]:
    """Situations that are reached, up to a limit."""
    return [item for item in view.infosets if item.reach is None or item.reach > 1e-9][:MOST_REACHED]


def shown_later(view: SolveView) -> list[InfosetView]:
    """The other situations."""
    first = {id(item) for item in shown_first(view)}
    return [item for item in view.infosets if id(item) not in first]


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _plain_json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
