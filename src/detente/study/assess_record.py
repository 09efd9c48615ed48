"""The items of a case as they enter an assessment: judged, staged, or moves of the game, with their arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from detente.axes import Floats
from detente.case import Case, EvidenceItem, EvidenceSection
from detente.evidence import Evidence, Likelihood, WeightedWorlds, move_likelihoods, weigh_worlds
from detente.study.assess_judgments import Judgments, Row, items_of
from detente.study.assess_staged import StagedItem, staged_item
from detente.study.strategic import Move, MoveChances, move_chances
from detente.study.type_prior import TypePrior
from detente.study.watch import Watch
from detente.study.worlds import Worlds

LEAST = 1e-300  # a likelihood that underflows


@dataclass(frozen=True, eq=False)
class MoveStep:
    """One move, given the moves reported before it; before the weight of its source.

    Attributes:
        item: The item.
        overall: [types] its likelihood over all draws.
        drawn: [draws, types] draw by draw; NaN where the game was not solved.
    """

    item: EvidenceItem
    overall: Floats
    drawn: Floats


@dataclass(frozen=True, eq=False)
class Record:
    """Everything known about the items, ready to be weighed.

    Attributes:
        section: The evidence, as far as it had been reported.
        labels: Labels of the type.
        evidence: All items as arrays; a move has its likelihood over all draws, given the moves reported before it.
        given: Item -> [draws, types] likelihood draw by draw, for moves and staged items.
        prior: What was thought before any item.
        staged: Staged items by id.
        steps: Moves in the order of reporting.
        chances: What they rest on; None without moves.
    """

    section: EvidenceSection
    labels: tuple[str, ...]
    evidence: Evidence
    given: Mapping[str, Floats]
    prior: TypePrior
    staged: Mapping[str, StagedItem]
    steps: tuple[MoveStep, ...]
    chances: MoveChances | None

    @property
    def draws(self) -> int:
        """Draws that were finished."""
        return len(self.prior.draws)

    def worlds(self, day: date, others: Floats) -> WeightedWorlds | None:
        """The draws of the game after the moves reported by a day; None if there are none.

        Args:
            day: The day.
            others: [types] log score of all other evidence of the day, at the points of its ranges.
        """
        known = [step for step in self.steps if step.item.reported <= day]
        if not known:
            return None
        moves = [np.minimum(step.drawn**step.item.r, 1.0) for step in known]
        return weigh_worlds(self.prior.draws, moves, score=others)


def move_of(item: EvidenceItem) -> Move:
    """Decision and option of an item that is a move."""
    return item.decision, item.option


def make_record(
    case: Case,
    section: EvidenceSection,
    judged: Judgments,
    prior: TypePrior,
    theta: Floats,
    seed: int,
    chances: MoveChances | None,
) -> Record:
    """Put judged items, staged items and moves together.

    Args:
        case: The case.
        section: Its evidence, as far as reported.
        judged: The judgments used.
        prior: The prior, with one row for each draw.
        theta: [draws, params] the draws.
        seed: Seed of the band.
        chances: Of the moves, for the same draws; None without moves.
    """
    labels = case.labels_of(section.about)
    rows: dict[str, Row] = dict(judged.rows)
    given: dict[str, Floats] = {}
    staged: dict[str, StagedItem] = {}
    for item in section.items:
        if item.staging is not None:
            found = staged[item.id] = staged_item(item, labels, rows[item.id], prior, case, theta, seed)
            rows[item.id], given[item.id] = found.row, found.draws
    steps = () if chances is None else move_steps(chances, prior, section.moves)
    for step in steps:
        rows[step.item.id] = tuple(Likelihood(value, value, value) for value in step.overall.tolist())
        given[step.item.id] = step.drawn
    return Record(section, labels, items_of(section, rows, labels), given, prior, staged, steps, chances)


def move_steps(chances: MoveChances, prior: TypePrior, items: Sequence[EvidenceItem]) -> tuple[MoveStep, ...]:
    """Moves one after the other, in the order given.

    The product of the likelihoods over all draws is the likelihood of all the moves together (rule 23).
    """
    known: list[Move] = []
    found: list[MoveStep] = []
    before, total = np.ones_like(prior.draws), np.ones(prior.draws.shape[1])
    for item in items:
        known.append(move_of(item))
        now = chances.chance(known)
        overall = np.maximum(move_likelihoods(prior.draws, [now])[0], LEAST)
        drawn = np.divide(now, before, out=np.zeros_like(now), where=~(before <= 0))
        found.append(MoveStep(item, overall / total, drawn))
        before, total = now, overall
    return tuple(found)


def chances_of(
    worlds: Worlds, section: EvidenceSection, theta: Floats, precision: float, watch: Watch
) -> MoveChances | None:
    """Chances of every set of moves that an assessment asks about; None if there are no moves.

    Those are the moves reported by each day, and the same had one of them not been reported.

    Raises:
        RequestError: The moves cannot have happened.
        Interrupted: Stopped before a single draw was solved.
    """
    moves = [move_of(item) for item in section.moves]
    if not moves:
        return None
    rows = [moves, *([*moves[:place], *moves[place + 1 :]] for place in range(len(moves)))]
    sets = [row[:stop] for row in rows for stop in range(1, len(row) + 1)]
    return move_chances(worlds, section.about, sets, theta, precision, watch)
