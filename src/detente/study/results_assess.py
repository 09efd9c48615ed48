"""What `assess` answers with: how likely each hidden aim was, day by day, and what moved it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from detente.study.results import Manifest

if TYPE_CHECKING:
    from pandas import DataFrame

Kind = Literal["judged", "move", "staged"]


@dataclass(frozen=True)
class TypeBand:
    """How likely a label is, or how likely an item is under it.

    Attributes:
        point: At the points of all ranges; for moves, over all draws of the game.
        lower: Least value that the ranges of likelihoods and priors allow.
        upper: Greatest value that they allow.
        p05: 5 % quantile over independent draws inside the ranges, and over the draws of the game.
        p95: 95 % quantile.
    """

    point: float
    lower: float
    upper: float
    p05: float
    p95: float


@dataclass(frozen=True)
class AssessedDay:
    """A day on which something was reported.

    Attributes:
        date: The day, year-month-day.
        type: Label -> how likely it was by the end of the day.
        items: Ids of the items reported on the day.
    """

    date: str
    type: dict[str, TypeBand]
    items: tuple[str, ...]


@dataclass(frozen=True)
class AssessedItem:
    """One item of evidence.

    Attributes:
        id: Its id.
        happened: Day of what it tells. reported: day on which it could be known.
        says: What it tells, in the words of the case.
        source: Its citation.
        grade: Admiralty grade such as ``B2``; empty if none is given.
        r: How much it counts, in [0, 1]: its likelihood ratios enter to this power.
        group: Group of one origin; empty if it stands alone.
        kind: ``judged``, a ``move`` of the game, or ``staged``: an item that can be staged.
        strategic: Whether its likelihood comes out of a game (moves and staged items).
        likelihood: Label -> (low, point, high) probability of the item, before its source is weighed.
        shift: Label -> posterior with all items less that without this one.
        influence: Half the sum of the absolute shifts: the probability that it moves, in [0, 1].
        diagnosticity: Bits: log2 of the largest likelihood ratio between two labels, after its source is weighed.
        added: The same for what it adds to the other reports of its origin.
        silent: Why it carries no information, as a sentence; empty if it carries some.
        about: Why these likelihoods, in the words of the case.
        title: What to call it; empty for its id.
    """

    id: str
    happened: str
    reported: str
    says: str
    source: str
    grade: str
    r: float
    group: str
    kind: Kind
    strategic: bool
    likelihood: dict[str, tuple[float, float, float]]
    shift: dict[str, float]
    influence: float
    diagnosticity: float
    added: float
    silent: str
    about: str
    title: str = ""


@dataclass(frozen=True)
class AssessedMove:
    """A move of the game taken as evidence.

    Attributes:
        id: Id of the item.
        decision: The decision. option: what was chosen. actor: who chose.
        likelihood: Label -> probability of the option given the moves before: over all draws (point), between
            the 5 % and 95 % quantiles of draws, and at the extremes of all draws (lower, upper).
        ratio: Largest likelihood ratio between two labels.
        pooled: Whether the labels act alike, so that the move carries no information.
        note: What was found, in one sentence.
    """

    id: str
    decision: str
    option: str
    actor: str
    likelihood: dict[str, TypeBand]
    ratio: float
    pooled: bool
    note: str


@dataclass(frozen=True)
class AssessedStaged:
    """An item that somebody could have staged.

    Attributes:
        id: Id of the item. actor: who could stage it.
        kind: `doubted`, `separating`, `pooling` or `partial`, at base values.
        natural: Label -> probability that it comes about by itself.
        staged: Label -> probability that it is staged where it does not.
        believed: Probability that it is believed once it is seen.
        note: What was found, in one sentence.
    """

    id: str
    actor: str
    kind: str
    natural: dict[str, float]
    staged: dict[str, float]
    believed: float
    note: str


@dataclass(frozen=True)
class AssessedIndicator:
    """Something not seen yet that is worth watching for.

    Attributes:
        indicator: Its id. says: what would be seen.
        information: Expected information about the labels, bits.
        value: Expected gain of the owner from deciding after knowing whether it is seen, in its payoff units: the mean
            over plausible worlds; None where the case has no game to decide in.
        chance: Probability that it will be seen, as things stand.
        likelihood: Label -> probability of seeing it.
        after: Label -> posterior once it is seen. after_absent: once it is known to be absent.
        best_now: Owner's best posture as things stand, at base values; empty without a game.
        best_if_seen: Its best posture once it is seen; None without a game.
        best_if_absent: The same once it is known to be absent.
        value_error: Standard error of `value`; None for fewer than two worlds.
        value_at_base: The gain at base values.
        decides: Probability, over worlds and outcomes, that what is learned makes another posture best.
        worlds: Number of worlds behind `value`.
        title: What to call it; empty for its id.
    """

    indicator: str
    says: str
    information: float
    value: float | None
    chance: float
    likelihood: dict[str, tuple[float, float, float]]
    after: dict[str, float]
    after_absent: dict[str, float]
    best_now: str
    best_if_seen: str | None
    best_if_absent: str | None = None
    value_error: float | None = None
    value_at_base: float | None = None
    decides: float | None = None
    worlds: int = 0
    title: str = ""


@dataclass(frozen=True)
class AnalystView:
    """What comes out by one analyst's judgments, on the last day.

    Attributes:
        analyst: The analyst; ``case`` for the case's own judgment, ``pooled`` for the pool of all.
        judged: Number of items that the analyst judged; where they did not, the case's own judgment stands in.
        weight: Share in the pool of an item that all of them judged; 1 for the pool itself.
        type: Label -> how likely it is.
    """

    analyst: str
    judged: int
    weight: float
    type: dict[str, TypeBand]


@dataclass(frozen=True)
class Statement:
    """A worded judgment for a day.

    Attributes:
        date: The day.
        likelihood: One sentence with a likelihood in the words of ICD 203.
        confidence: Confidence, in a sentence of its own.
        why: What the confidence rests on.
        level: ``low``, ``moderate`` or ``high``.
        label: The most likely label.
    """

    date: str
    likelihood: str
    confidence: str
    why: str
    level: str = ""
    label: str = ""


@dataclass(frozen=True)
class CoherenceRepair:
    """A judgment of an item and of its absence that did not add up.

    Attributes:
        item: Id of the item. label: the label.
        given: Probability of the item as judged. absent: probability of its absence as judged.
        repaired: Probability of the item in the nearest pair that sums to 1.
        total: What the two were given as, together.
        analyst: Whose judgment; empty for the case's own.
    """

    item: str
    label: str
    given: float
    absent: float
    repaired: float
    total: float
    analyst: str = ""


@dataclass(frozen=True)
class AnalystDisagreement:
    """How far analysts are apart on an item. It is shown, not repaired.

    Attributes:
        item: Id of the item.
        spread_bits: Largest difference between two analysts in the log2 likelihood ratio of two labels.
        opposed: Whether two analysts see it favor opposite labels.
        by_analyst: Analyst -> label -> (low, point, high). The case's own judgment is called ``case``.
    """

    item: str
    spread_bits: float
    opposed: bool
    by_analyst: dict[str, dict[str, tuple[float, float, float]]]


@dataclass(frozen=True)
class ScoredDay:
    """Scores of the forecast of one day, and for how many days it stood."""

    date: str
    brier: float
    log: float
    stood: int


@dataclass(frozen=True)
class Scores:
    """Hindsight: how good the forecasts were, now that the truth is known. Lower is better.

    Attributes:
        truth: The label that was true.
        until: Day on which it became known; forecasts before it count.
        brier: Brier score of the last forecast before it, 0 to 2. log: minus its natural log probability.
        mean_brier: Mean over days. mean_log: likewise.
        prior_brier: Brier score of what was thought before any evidence. prior_log: likewise.
        days: Every forecast.
    """

    truth: str
    until: str
    brier: float
    log: float
    mean_brier: float
    mean_log: float
    prior_brier: float
    prior_log: float
    days: tuple[ScoredDay, ...]


@dataclass(frozen=True, eq=False)
class AssessAnswer:
    """What do they want? How likely each hidden aim was on each day, and why.

    Attributes:
        case: Name of the case. title: its title.
        about: Name of the type that is judged, such as ``RUS.aim``.
        actor: Name of the actor whose type it is.
        labels: Label -> its title.
        as_of: Last day whose reports count.
        prior: Label -> what was thought before any item.
        timeline: One entry per day on which something was reported, in order.
        items: The items, in the order of reporting.
        moves: What the game says about the items that are moves of it.
        staged: What the game says about the items that can be staged.
        watch: Indicators not seen yet, the most informative first.
        statements: Worded judgments, in order of days; the last is for `as_of`.
        repairs: Judgments that did not add up and were mended.
        disagreements: How far analysts are apart on each item, furthest first.
        analysts: Names of the analysts, the case's own judgment (``case``) first; empty if there is one only.
        views: What comes out by each of them and by their pool, on the last day; empty if there is one only.
        analyst: Whose judgments were used: one of `analysts`, ``pooled``, or empty if there is one only.
        scores: Hindsight scores, if the truth is given.
        precision: Precision at which moves were judged; None without moves.
        posture: Posture under which moves were judged; empty without moves.
        draws: Draws behind the bands. draws_done: those that were finished.
        effective: Effective number of draws of the game after the observed moves; None without moves.
        excluded: Share of draws of the game that could not be solved.
        interrupted: Whether it was stopped before it was done.
        notes: What else a reader must know.
    """

    case: str
    title: str
    manifest: Manifest
    about: str
    actor: str
    labels: dict[str, str]
    as_of: str
    prior: dict[str, TypeBand]
    timeline: tuple[AssessedDay, ...]
    items: tuple[AssessedItem, ...]
    moves: tuple[AssessedMove, ...]
    watch: tuple[AssessedIndicator, ...]
    statements: tuple[Statement, ...]
    repairs: tuple[CoherenceRepair, ...]
    disagreements: tuple[AnalystDisagreement, ...]
    analysts: tuple[str, ...]
    scores: Scores | None
    precision: float | None
    posture: str
    draws: int
    draws_done: int
    effective: float | None
    excluded: float
    interrupted: bool
    notes: tuple[str, ...] = ()
    staged: tuple[AssessedStaged, ...] = ()
    analyst: str = ""
    owner: str = ""
    views: tuple[AnalystView, ...] = ()

    @cached_property
    def names(self) -> dict[str, str]:
        """Id -> title, for items and indicators that have one."""
        found = {item.id: item.title for item in self.items}
        found.update({item.indicator: item.title for item in self.watch})
        return {id: title for id, title in found.items() if title}

    def to_json(self) -> dict[str, Any]:
        """The documented, versioned form of the answer: plain data, no timings, no paths."""
        from detente.study.serialize_assess import assess_json

        return assess_json(self)

    def frame(self) -> DataFrame:
        """One row per day and label: point, lower, upper, p05, p95."""
        from detente.study.frames_assess import assess_frame

        return assess_frame(self)
