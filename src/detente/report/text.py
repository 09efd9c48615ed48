"""The answer of `compare` for a terminal: words first, then the numbers behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.report.terminal import blank, bullet, draw, heading, paragraph, table
from detente.report.text_audit import render_audit
from detente.report.text_check import render_check
from detente.report.text_equilibria import comparison_parts
from detente.report.text_given import given_parts
from detente.report.text_solve import render_solve
from detente.report.words import (
    Words,
    counted,
    level,
    listed,
    mark,
    number,
    percent,
    percent_range,
    possessive,
    sentence,
    tiny,
)

if TYPE_CHECKING:
    from rich.console import RenderableType

    from detente.study.results import CertificateSummary, CompareAnswer, PostureAnswer

__all__ = ["render_audit", "render_check", "render_compare", "render_solve"]

NAME_ROOM = 26


def render_compare(answer: CompareAnswer, width: int = 80, *, color: bool = False) -> str:
    """What `detente compare` prints.

    Args:
        answer: What `compare` found.
        width: Columns of the terminal.
        color: Whether bold is passed on as terminal codes.
    """
    words = Words(actors=answer.actors)
    parts: list[RenderableType] = [
        paragraph(answer.case_title, "bold"),
        paragraph(f"Which posture serves {words.the(answer.owner)} best, and when?"),
        blank(),
        paragraph(sentence(answer.statement)),
        blank(),
        paragraph(sentence(answer.confidence)),
    ]
    if answer.interrupted:
        parts += [blank(), paragraph(interrupted_note(answer))]
    if answer.given is not None:
        parts += given_parts(answer.given, answer.draws_done, words)
    parts += _postures(answer, words)
    parts += _outcomes(answer, words, width)
    parts += _by_type(answer, words)
    parts += _commitment(answer, words)
    if answer.equilibria is not None:
        parts += comparison_parts(answer.equilibria, answer.owner, words)
    parts += _tipping(answer, words, width)
    parts += _trust(answer, words)
    return draw(parts, width, color)


def interrupted_note(answer: CompareAnswer) -> str:
    """Says how much of an interrupted run there is."""
    asked = answer.manifest.draws
    return (
        f"Interrupted: this answer rests on the {counted(answer.draws_done, 'world')} finished of {asked:,} asked for."
    )


def tie_note(answer: CompareAnswer, words: Words) -> str:
    """Says how often postures tie for the first place, and which lead together."""
    note = f"Two or more postures tie for best in {percent(answer.tied_share)} of worlds."
    if len(answer.leading_tied) > 1:
        note += f" {listed(words.posture(name) for name in answer.leading_tied)} lead together."
    return note


def selection_note(answer: CompareAnswer) -> str:
    """Says whether another equilibrium would change the answer."""
    if answer.selection_sensitive:
        return (
            "Depends on which equilibrium is played: other certified equilibria were found under which another "
            "posture would lead."
        )
    return "Does not depend on which equilibrium is played: no other one that was found changes the leading posture."


def certificate_note(certificate: CertificateSummary) -> str:
    """The certificate line."""
    return (
        f"Checked: {counted(certificate.solved, 'game')} solved; largest gain from any deviation "
        f"{tiny(certificate.max_regret)} of the payoff range, largest error in beliefs "
        f"{tiny(certificate.max_belief_residual)}; {_uncertified(certificate.uncertified)}."
    )


def _uncertified(share: float) -> str:
    if share <= 0:
        return "every world certified"
    shown = f"{100 * share:.2g} %" if share < 0.005 else percent(share)
    return f"{shown} of worlds could not be certified and are left out of the shares"


def _band(item: PostureAnswer, actor: str) -> str:
    band = item.value[actor]
    return f"{level(band.mean)} [{level(band.p05)}, {level(band.p95)}]"


def _postures(answer: CompareAnswer, words: Words) -> list[RenderableType]:
    rows = [
        [
            words.posture(item.name) + (" *" if item.name in (answer.leading, *answer.leading_tied) else ""),
            _band(item, answer.owner),
            percent(item.best_share),
            level(item.regret_p90),
            "needed" if item.needs_commitment else "–",
        ]
        for item in answer.postures
    ]
    return [
        heading(f"Value for {words.the(answer.owner)}"),
        table(["Posture", "mean [5-95 %]", "best in", "regret p90", "commitment"], rows),
        paragraph(
            "* leads. mean [5-95 %]: expected payoff over the worlds. best in: share of worlds, ties split evenly. "
            "regret p90: in nine "
            "worlds of ten it falls short of the best posture by no more than this. commitment: needed where some type "
            "of the owner would gain from abandoning the posture."
        ),
    ]


def _outcomes(answer: CompareAnswer, words: Words, width: int) -> list[RenderableType]:
    names = list(answer.postures[0].outcomes) if answer.postures else []
    if not names:
        return []
    parts = [heading("Odds of the outcomes (mean, 5-95 %)")]
    room = NAME_ROOM
    cells = {
        name: [
            f"{percent(b.mean)} ({percent_range(b.p05, b.p95).removesuffix(' %')})"
            for b in (p.outcomes[name] for p in answer.postures)
        ]
        for name in names
    }
    group: list[str] = []
    used = room
    for name in names:
        need = max(len(words.outcome(name)), *(len(cell) for cell in cells[name])) + 2
        if group and used + need > width:
            parts += [_outcome_table(answer, words, group, cells), blank()]
            group, used = [], room
        group.append(name)
        used += need
    parts.append(_outcome_table(answer, words, group, cells))
    if any(item.not_modelled.mean > 0 for item in answer.postures):
        most = max(answer.postures, key=lambda item: item.not_modelled.mean)
        parts.append(
            paragraph(
                "Some endings lie beyond the model; a named continuation parameter stands for what follows. They carry "
                f"up to {percent(most.not_modelled.mean)} of the probability ({words.posture(most.name)})."
            )
        )
    return parts


def _outcome_table(
    answer: CompareAnswer, words: Words, names: list[str], cells: dict[str, list[str]]
) -> RenderableType:
    rows = [[words.posture(item.name), *(cells[name][i] for name in names)] for i, item in enumerate(answer.postures)]
    return table(["Posture", *(words.outcome(name) for name in names)], rows)


def _by_type(answer: CompareAnswer, words: Words) -> list[RenderableType]:
    labels = list(answer.postures[0].value_by_type) if answer.postures else []
    if len(labels) < 2:
        return []
    rows = [
        [words.posture(item.name), *(level(item.value_by_type[label].mean) for label in labels)]
        for item in answer.postures
    ]
    who = possessive(words.the(answer.owner))
    return [
        heading(f"Mean value by {who} own type"),
        table(["Posture", *(words.label(label) for label in labels)], rows),
    ]


def _commitment(answer: CompareAnswer, words: Words) -> list[RenderableType]:
    items = [(item, label, gain) for item in answer.postures for label, gain in item.abandon_gain.items()]
    found = [(item, label, gain) for item, label, gain in items if float(gain.get("gain") or 0) > 0]
    if not found:
        return []
    lines = [
        bullet(
            f"{words.posture(item.name)}: a type “{words.label(label)}” would gain {number(float(gain['gain']))} "
            f"{abandon_words(str(gain.get('how', '')))}"
        )
        for item, label, gain in found
        if item.needs_commitment
    ]
    return [heading("Needs commitment (at base values)"), *lines] if lines else []


def abandon_words(how: str) -> str:
    """How a posture would be abandoned."""
    known = {
        "break": "by breaking its published rule",
        "reveal": "by revealing what it knows",
        "conceal": "by concealing what it promised to disclose",
    }
    return known.get(how, "by abandoning the posture")


def _tipping(answer: CompareAnswer, words: Words, width: int) -> list[RenderableType]:
    parts = [heading("Tipping points (one assumption at a time, others at base value)")]
    if not answer.tipping_points:
        parts.append(paragraph("None: no single assumption changes the best posture inside its range."))
    else:
        rows = [
            [
                point.parameter,
                words.tied(point.before),
                words.tied(point.after),
                number(point.base),
                number(point.switch) + ("*" if point.marked else ""),
            ]
            for point in answer.tipping_points
        ]
        parts.append(table(["Parameter", "best below", "best above", "base", "switch"], rows, left=3))
    marked = sorted({point.marked for point in answer.tipping_points if point.marked})
    if marked:
        parts.append(paragraph(f"* not a plain change of the best posture: {'; '.join(map(mark, marked))}."))
    if answer.none_in_range:
        parts.append(paragraph(f"None in range: {', '.join(answer.none_in_range)}."))
    return parts


def _trust(answer: CompareAnswer, words: Words) -> list[RenderableType]:
    lines = [tie_note(answer, words), selection_note(answer), certificate_note(answer.certificate), *answer.notes]
    manifest = answer.manifest
    lines.append(
        f"Repeat with: seed {manifest.seed}, {manifest.draws:,} draws, version {manifest.version}, "
        f"case sha256 {manifest.case_sha256[:16]}"
    )
    return [heading("How far to trust it"), *(bullet(line) for line in lines)]
