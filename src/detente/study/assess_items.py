"""What each item did: how far it moved the answer, what it says by itself, and why some say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from detente.axes import Floats
from detente.case import Case, EvidenceItem
from detente.evidence import BAND, NO_INFORMATION, Influence, Prior, influence, posterior
from detente.study.assess_record import MoveStep, Record, move_steps
from detente.study.results_assess import AssessedItem, AssessedMove, Kind, TypeBand

IMPLIED = 1e-12  # a move this close to certain, given the moves before, is part of them


def assessed_items(record: Record) -> tuple[AssessedItem, ...]:
    """Every item in the order of reporting."""
    evidence, prior = record.evidence, record.prior
    base = Prior(record.labels, prior.point, prior.point, prior.point)
    found = influence(evidence, base)
    by_id = {item.id: item for item in record.section.items}
    shift = found.shift.copy()
    for place, step in enumerate(record.steps):
        shift[evidence.ids.index(step.item.id)] = _shift_of_move(record, place)
    return tuple(_item(record, by_id[name], row, found, shift[row]) for row, name in enumerate(evidence.ids))


def _shift_of_move(record: Record, place: int) -> Floats:
    """[types] posterior with all items less that without one move: later moves are judged without it too."""
    weights = record.evidence.log_weights()[0]
    rows = {name: row for row, name in enumerate(record.evidence.ids)}
    total = _total(record)
    without = total - sum(weights[rows[step.item.id]] for step in record.steps)
    assert record.chances is not None
    others = [step.item for number, step in enumerate(record.steps) if number != place]
    for step in move_steps(record.chances, record.prior, others):
        without = without + step.item.r * np.log(step.overall)
    return posterior(record.prior.point, total) - posterior(record.prior.point, without)


def _total(record: Record) -> Floats:
    """[types] log score of all items at the points."""
    from detente.evidence import known_scores

    return known_scores(record.evidence, (date.max,))[0, 0]


def _item(record: Record, item: EvidenceItem, row: int, found: Influence, shift: Floats) -> AssessedItem:
    evidence = record.evidence
    cells = zip(record.labels, evidence.low[row], evidence.point[row], evidence.high[row], strict=True)
    grade = (item.reliability or "F") + (item.credibility or "6") if item.reliability or item.credibility else ""
    kind: Kind = "move" if item.is_move else "staged" if item.staging else "judged"
    return AssessedItem(
        id=item.id,
        happened=item.happened.isoformat(),
        reported=item.reported.isoformat(),
        says=item.says,
        source=item.source,
        grade=grade,
        r=item.r,
        group=item.group,
        kind=kind,
        strategic=kind != "judged",
        likelihood={label: (float(low), float(point), float(high)) for label, low, point, high in cells},
        shift=dict(zip(record.labels, shift.tolist(), strict=True)),
        influence=float(np.abs(shift).sum() / 2),
        diagnosticity=float(found.diagnosticity[row]),
        added=float(found.added[row]),
        silent=_silent(record, item, found.why_not[row]),
        about=item.about,
        title=item.title,
    )


def _silent(record: Record, item: EvidenceItem, why: str) -> str:
    """Why an item carries no information, in the words that fit its kind."""
    if not why:
        return ""
    if item.is_move:
        step = next(step for step in record.steps if step.item.id == item.id)
        return _why_silent(record, step)
    if item.staging is not None and why.startswith("Every"):
        return "Whoever it would help could stage it, so that it is about equally likely under every type."
    return why


def _why_silent(record: Record, step: MoveStep) -> str:
    chances = record.chances
    assert chances is not None
    if (step.item.decision, step.item.option) not in chances.own:
        return "Another actor made this move: it is taken as given, and says nothing by itself."
    if step is not record.steps[0] and step.overall.min() >= 1.0 - IMPLIED:
        return "It follows from the moves known before."
    if _bits(step.overall) < NO_INFORMATION:
        low, high = round(100 * float(step.overall.min())), round(100 * float(step.overall.max()))
        share = f"{low} %" if low == high else f"{low} to {high} %"
        return f"Every type would have done about the same: each does this with probability {share}."
    return f"Its source counts for too little (r = {step.item.r:.2g})."


def _bits(likelihood: Floats) -> float:
    return float(np.log2(likelihood.max() / likelihood.min()))


def assessed_moves(record: Record, case: Case) -> tuple[AssessedMove, ...]:
    """What the game says about the moves, in the order of reporting."""
    return tuple(_move(record, case, step) for step in record.steps)


def _move(record: Record, case: Case, step: MoveStep) -> AssessedMove:
    chances = record.chances
    assert chances is not None
    drawn = step.drawn[chances.solved]
    low, high = np.quantile(drawn, BAND, axis=0)
    rows = zip(record.labels, step.overall, drawn.min(axis=0), drawn.max(axis=0), low, high, strict=True)
    own = (step.item.decision, step.item.option) in chances.own
    pooled = own and _bits(step.overall) < NO_INFORMATION
    return AssessedMove(
        id=step.item.id,
        decision=step.item.decision,
        option=step.item.option,
        actor=case.decision(step.item.decision).actor,
        likelihood={label: TypeBand(*(float(value) for value in values)) for label, *values in rows},
        ratio=float(step.overall.max() / step.overall.min()),
        pooled=pooled,
        note=_note(record.labels, step, own, pooled),
    )


def _note(labels: Sequence[str], step: MoveStep, own: bool, pooled: bool) -> str:
    if not own:
        return "Another actor's move: it is taken as given, and says nothing about the type by itself."
    if pooled:
        return "The types act alike here, so the move tells next to nothing."
    most, least = labels[int(step.overall.argmax())], labels[int(step.overall.argmin())]
    ratio = float(step.overall.max() / step.overall.min())
    return f"It is {ratio:.3g} times as likely under {most} as under {least}."
