"""How likely each item is in somebody's judgment: mended where it does not add up, pooled where several judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from detente.case import EvidenceItem, EvidenceSection, Judged
from detente.errors import RequestError
from detente.evidence import Disagreement, Evidence, Item, Likelihood, pool_evidence, repair_complement
from detente.study.results_assess import AnalystDisagreement, CoherenceRepair

CASE = "case"
POOLED = "pooled"
FLOOR = 0.01  # least likelihood after a repair
MOVED = 1e-9  # a sum this close to 1 needs no repair

Row = tuple[Likelihood, ...]
"""One likelihood per label."""


@dataclass(frozen=True)
class Judgments:
    """The likelihoods that are used for the items that people judged.

    Attributes:
        rows: Item -> one likelihood per label.
        repairs: What was mended.
        disagreements: How far several analysts are apart.
        analysts: All of them, the case's own judgment first; empty if there is nobody else.
        used: Whose judgments these are; empty if there is one only.
        filled: Items that the analyst asked for did not judge, so that the case's own judgment stands in.
        by_analyst: Analyst or ``pooled`` -> item -> one likelihood per label, all items filled; empty if there is one
            only.
        weights: Analyst -> share in the pool of an item that all of them judged.
    """

    rows: Mapping[str, Row]
    repairs: tuple[CoherenceRepair, ...]
    disagreements: tuple[AnalystDisagreement, ...]
    analysts: tuple[str, ...]
    used: str
    filled: tuple[str, ...] = ()
    by_analyst: Mapping[str, Mapping[str, Row]] = field(default_factory=dict[str, "Mapping[str, Row]"])
    weights: Mapping[str, float] = field(default_factory=dict[str, float])


def judgments(section: EvidenceSection, labels: tuple[str, ...], analyst: str | None) -> Judgments:
    """The likelihoods of all items but moves.

    Args:
        section: The evidence of a case.
        labels: Labels of the type.
        analyst: Whose judgments to use: an analyst, ``case`` or ``pooled``. None takes the case's own, or pools all
            where the case has none of its own because `judged_by` names whose they are.

    Raises:
        RequestError: There is no such analyst.
    """
    first = section.judged_by or CASE
    names = (first, *sorted(section.analysts)) if section.analysts else ()
    if analyst is not None and analyst not in (*names, CASE, *((POOLED,) if names else ())):
        told = ", ".join((*names, POOLED)) if names else "the case itself (case) only"
        raise RequestError(f"no analyst is named '{analyst}'. Judgments here are by: {told}.")
    own, repairs = _own(section, labels)
    if not names:
        return Judgments(own, repairs, (), (), "")
    judged = {first: own} | {
        name: {item: _row(judged, labels) for item, judged in section.analysts[name].items()} for name in names[1:]
    }
    weights = np.array([section.weights.get(name, 1.0) for name in names])
    pooled, apart = pool_evidence(
        [items_of(section, judged[name], labels, only=judged[name]) for name in names], weights=weights
    )
    everybody = {name: {**own, **rows} for name, rows in judged.items()} | {POOLED: _rows(pooled)}
    used = first if analyst == CASE else analyst or (POOLED if section.judged_by else first)
    return Judgments(
        rows=everybody[used],
        repairs=repairs,
        disagreements=_disagreements(pooled, apart, judged, labels),
        analysts=names,
        used=used,
        filled=tuple(name for name in own if used != POOLED and name not in judged[used]),
        by_analyst=everybody,
        weights=dict(zip(names, (weights / weights.sum()).tolist(), strict=True)),
    )


def items_of(
    section: EvidenceSection, rows: Mapping[str, Row], labels: tuple[str, ...], only: Mapping[str, Row] | None = None
) -> Evidence:
    """Items with their likelihoods as arrays.

    Args:
        section: The evidence of a case.
        rows: Item -> one likelihood per label.
        labels: Labels of the type.
        only: The items to take, if not all.
    """
    taken = [item for item in section.items if only is None or item.id in only]
    items = [Item(item.id, item.reported, rows[item.id], item.happened, item.r, item.group) for item in taken]
    groups = {item.group for item in taken if item.group}
    rho = {name: group.rho for name, group in section.groups.items() if name in groups}
    return Evidence.of(labels, items, rho=rho, other=section.rho)


def _own(section: EvidenceSection, labels: tuple[str, ...]) -> tuple[dict[str, Row], tuple[CoherenceRepair, ...]]:
    rows: dict[str, Row] = {}
    repairs: list[CoherenceRepair] = []
    for item in section.items:
        if item.is_move:
            continue
        row = list(_row(item.likelihood, labels))
        for place, label in enumerate(labels):
            if label in item.absent:
                row[place] = _mended(item, label, row[place], repairs)
        rows[item.id] = tuple(row)
    return rows, tuple(repairs)


def _row(judged: Mapping[str, Judged], labels: tuple[str, ...]) -> Row:
    return tuple(Likelihood(judged[label].low, judged[label].high, judged[label].point) for label in labels)


def _mended(item: EvidenceItem, label: str, given: Likelihood, repairs: list[CoherenceRepair]) -> Likelihood:
    """The likelihood next to the one given at which item and absence add up; its range moves along."""
    absent = item.absent[label]
    total = given.point + absent
    if abs(total - 1.0) <= MOVED:
        return given
    found = repair_complement(item.id, np.array(given.point), np.array(absent), floor=FLOOR)
    point = float(found.repaired[..., 0])
    shift = point - given.point
    low, high = (min(max(end + shift, FLOOR), 1.0) for end in (given.low, given.high))
    repairs.append(CoherenceRepair(item.id, label, given.point, absent, point, total))
    return Likelihood(min(low, point), max(high, point), point)


def _rows(known: Evidence) -> dict[str, Row]:
    cells = np.stack([known.low, known.high, known.point], axis=-1).tolist()
    return {name: tuple(Likelihood(*ends) for ends in row) for name, row in zip(known.ids, cells, strict=True)}


def _disagreements(
    pooled: Evidence, apart: Disagreement, by_analyst: Mapping[str, Mapping[str, Row]], labels: tuple[str, ...]
) -> tuple[AnalystDisagreement, ...]:
    found: list[AnalystDisagreement] = []
    for row, item in enumerate(pooled.ids):
        told = {
            name: {label: (cell.low, cell.point, cell.high) for label, cell in zip(labels, rows[item], strict=True)}
            for name, rows in by_analyst.items()
            if item in rows
        }
        if len(told) > 1:
            found.append(AnalystDisagreement(item, float(apart.spread[row]), bool(apart.opposed[row]), told))
    return tuple(sorted(found, key=lambda item: (-item.spread_bits, item.item)))
