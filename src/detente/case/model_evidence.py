"""What the section ``evidence`` of a case says: dated items, indicators, analysts, and the truth once it is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from detente.case.expression import Expression
from detente.case.span import Span

NOWHERE = Span()


@dataclass(frozen=True)
class Judged:
    """How likely something is under one label.

    Attributes:
        low: Lower end, above 0. high: upper end, at most 1. point: the value used where one number is needed.
        text: As it was written, such as ``likely`` or ``++``.
    """

    low: float
    point: float
    high: float
    text: str = field(default="", compare=False)


@dataclass(frozen=True)
class EvidenceGroup:
    """Reports of one origin.

    Attributes:
        name: Its name.
        rho: Probability that they all copy one origin.
        about: Why they are taken to.
    """

    name: str
    rho: float
    about: str = ""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Staging:
    """How an item can be staged: a small signaling game of its own.

    Attributes:
        actor: Who can stage it.
        real: Labels of which it is true; they do not stage it.
        gain: Label -> what being believed is worth.
        cost: Label -> what staging costs.
        threshold: Probability of a real label from which the observer acts on it.
    """

    actor: str
    real: tuple[str, ...]
    gain: Mapping[str, Expression]
    cost: Mapping[str, Expression]
    threshold: float = 0.5


@dataclass(frozen=True)
class EvidenceItem:
    """One dated report.

    Attributes:
        id: Its id. Ids have a name space of their own.
        happened: Day of what it tells. reported: day on which it could be known.
        title: What to call it in answers; empty for its id.
        says: What it tells.
        source: Citation.
        reliability: Admiralty grade of the source, A-F; empty if not given.
        credibility: Admiralty grade of the information, 1-6; empty if not given.
        r: How much it counts, in [0, 1], from the grades or as given; 1 without either.
        group: Group of one origin; empty if it stands alone.
        likelihood: Label -> how likely it is; empty for moves.
        absent: Label -> probability of its absence, judged apart.
        decision: For a move of the game, the decision; else empty. option: what was chosen.
        staging: How it can be staged, None if it cannot.
        about: Why these likelihoods.
    """

    id: str
    happened: date
    reported: date
    title: str = ""
    says: str = ""
    source: str = ""
    reliability: str = ""
    credibility: str = ""
    r: float = 1.0
    group: str = ""
    likelihood: Mapping[str, Judged] = field(default_factory=dict[str, Judged])
    absent: Mapping[str, float] = field(default_factory=dict[str, float])
    decision: str = ""
    option: str = ""
    staging: Staging | None = None
    about: str = ""
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def is_move(self) -> bool:
        """Whether its likelihood comes from the game of the case."""
        return bool(self.decision)


@dataclass(frozen=True)
class Indicator:
    """Something that has not been seen yet.

    Attributes:
        id: Its id. says: what would be seen.
        title: What to call it in answers; empty for its id.
        likelihood: Label -> probability that it will be seen.
        about: Why. source: citation.
        seen_as: Id of the item by which it was in fact seen; empty if it was not.
        until: Last day on which it is worth watching for; None if there is no such day.
    """

    id: str
    says: str
    likelihood: Mapping[str, Judged]
    about: str = ""
    source: str = ""
    seen_as: str = ""
    until: date | None = None
    title: str = ""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class EvidenceSection:
    """The section ``evidence``.

    Attributes:
        about: Name of the private type that is judged.
        items: The items, by day of report and then by id.
        indicators: What has not been seen yet.
        groups: Groups of one origin by name.
        rho: Probability that the reports of a group copy one origin, where the group does not say.
        analysts: Analyst -> item -> label -> how likely it is in their judgment.
        judged_by: Analyst whose likelihoods the items carry; empty if they are the case's own judgment.
        weights: Analyst -> weight in a pool, above 0; 1 for those not named. The case's own judgment is ``case``.
        statements: Days for which a worded statement is given besides the last.
        truth: The label that was true; empty if not known.
        truth_known: Day on which it became known, None if not given.
        labels: Label -> what to call it in answers, where the file says so.
    """

    about: str
    items: tuple[EvidenceItem, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    groups: Mapping[str, EvidenceGroup] = field(default_factory=dict[str, EvidenceGroup])
    rho: float = 1.0
    analysts: Mapping[str, Mapping[str, Mapping[str, Judged]]] = field(
        default_factory=dict[str, "Mapping[str, Mapping[str, Judged]]"]
    )
    judged_by: str = ""
    weights: Mapping[str, float] = field(default_factory=dict[str, float])
    statements: tuple[date, ...] = ()
    truth: str = ""
    truth_known: date | None = None
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def moves(self) -> tuple[EvidenceItem, ...]:
        """Items that are moves of the game, in the order they were reported."""
        return tuple(item for item in self.items if item.is_move)

    def unseen(self, day: date) -> tuple[Indicator, ...]:
        """Indicators worth watching for on a day: those not seen by its end, and not past their last day."""
        seen = {item.id for item in self.items if item.reported <= day}
        return tuple(
            found
            for found in self.indicators
            if found.seen_as not in seen and (found.until is None or day <= found.until)
        )

    def item(self, id: str) -> EvidenceItem | None:
        """The item of that id, or None."""
        return next((item for item in self.items if item.id == id), None)
