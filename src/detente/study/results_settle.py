"""What `settle` answers with: which design of an agreement would hold, where it gets stuck, what it turns on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from detente.study.results import Manifest

if TYPE_CHECKING:
    from pandas import DataFrame

    from detente.study.results_hidden import Completion

Move = tuple[str, ...]
"""Steps that happen at once; most moves are one step."""

HOLDS, FAILS = "holds", "does not hold"


@dataclass(frozen=True)
class Quantiles:
    """How a number is spread over worlds.

    Attributes:
        p05: 5th percentile; None if there is no finite number there.
        p50: Median, likewise.
        p95: 95th percentile, likewise.
        none_suffices: Share of worlds in which there is no finite number (no guarantee suffices).
    """

    p05: float | None
    p50: float | None
    p95: float | None
    none_suffices: float = 0.0


@dataclass(frozen=True)
class Blocked:
    """A step that somebody would rather leave than let go ahead, at a set where hope alone gets stuck.

    Attributes:
        completed: The steps that were carried out, in the order of the case file.
        move: The blocked step, or steps that happen at once.
        who: The parties that would leave, the one with most to gain first.
        shortfall: What leaving is worth beyond going on, to the one that gains most.
        terms: Per party its shortfall's addends: ``undoing``, ``grab``, ``penalty``, ``costs_ahead``,
            ``benefits_ahead``, ``dividend``, ``delay``; they sum to that party's shortfall.
    """

    completed: tuple[str, ...]
    move: Move
    who: tuple[str, ...]
    shortfall: float
    terms: dict[str, dict[str, float]]


@dataclass(frozen=True)
class Remedy:
    """Changes that together would make an order hold, and none of them could be left out.

    Attributes:
        changes: The changes in words.
        cost: What they cost together, in the prices of the answer.
        kinds: Their kinds: ``guarantee``, ``peacekeepers``, ``monitoring``, ``split``, ``together``.
        levels: The level each reaches (or the number of parts).
    """

    changes: tuple[str, ...]
    cost: float
    kinds: tuple[str, ...]
    levels: tuple[float, ...]


@dataclass(frozen=True)
class TurnsOn:
    """A value of one parameter, others at base, at which the verdict on a design flips (rule 20).

    Attributes:
        parameter: Its name.
        base: Its base value.
        value: Where the verdict flips.
        direction: Whether that lies ``above`` or ``below`` the base value.
        from_: The verdict just below the value: ``holds`` or ``does not hold``.
        to: The verdict just above it.
        resolution: Width of the interval that the flip is known to lie in.
        share: Share of the parameter's range in which the verdict differs from the one at base values.
    """

    parameter: str
    base: float
    value: float
    direction: Literal["above", "below"]
    from_: str
    to: str
    resolution: float
    share: float


@dataclass(frozen=True)
class Opposite:
    """What would have to be true for the opposite verdict: the smallest change of one parameter that flips it.

    Attributes:
        parameter: Its name.
        base: Its base value.
        value: The nearest value at which the verdict is the opposite.
        change: ``value`` minus ``base``.
        of_range: The change as a share of the parameter's range, above 0.
    """

    parameter: str
    base: float
    value: float
    change: float
    of_range: float


@dataclass(frozen=True)
class Ranked:
    """An order with its slack: the least advantage of going on over leaving; below 0 where it breaks."""

    order: tuple[Move, ...]
    slack: float


@dataclass(frozen=True)
class Stop:
    """A set of steps to which a self-enforcing order leads if the parties declare it to be the end (rule 31).

    Attributes:
        steps: The steps.
        rests: Whether nobody that may leave would do so once they are complete.
    """

    steps: tuple[str, ...]
    rests: bool


@dataclass(frozen=True)
class LatticeSet:
    """A set of completed steps, for the picture.

    Attributes:
        id: Its number in the picture.
        completed: The steps.
        layer: Number of moves completed.
        believed: Whether it is reached if completion is believed (steps taken in hope).
        carries: Whether a self-enforcing order passes through it.
        stuck: Whether hope gets stuck there: reached, and no larger set is.
        chosen: Whether the best order passes through it.
    """

    id: int
    completed: tuple[str, ...]
    layer: int
    believed: bool
    carries: bool
    stuck: bool
    chosen: bool


@dataclass(frozen=True)
class LatticeStep:
    """A move from one set to the next, for the picture.

    Attributes:
        start: Number of the set before it.
        end: Number of the set after it.
        move: The steps.
        shortfall: What is lacking, to whoever may leave and lacks most; 0 or below: the move is made.
        chosen: Whether the best order makes it.
    """

    start: int
    end: int
    move: Move
    shortfall: float
    chosen: bool


@dataclass(frozen=True)
class LatticePicture:
    """The sets an agreement can pass through, in layers by number of completed moves.

    Attributes:
        sets: Those that are shown, layer by layer.
        steps: The moves between them.
        total: How many sets there are in all.
        complete: Whether all of them are shown.
    """

    sets: tuple[LatticeSet, ...]
    steps: tuple[LatticeStep, ...]
    total: int
    complete: bool


@dataclass(frozen=True)
class DesignAnswer:
    """One design of the agreement.

    Two notions are kept apart (rule 31). ``exists``: an order is self-enforcing, each step taken by somebody who gains
    by what will in fact follow. ``believed``: the end is reached by steps that are taken if completion is believed.

    Attributes:
        name: Its name. about: what it stands for.
        changes: In words, what it changes about the agreement as written; empty for that itself.
        steps: Its steps, in order; parts of a split step are called ``step.1``, ``step.2``.
        moves: The steps in groups that happen at once.
        stop: The steps after which the parties stop; None for all.
        entered: Per party, whether it would rather sign than not, at base values and without any penalty (rule 29).
        entered_share: Share of worlds in which all would sign.
        entered_shares: The same by party.
        exists_at_base: Whether a self-enforcing order exists at base values.
        believed_at_base: Whether hope alone would carry it to its end at base values.
        holds_at_base: Entered by all, and a self-enforcing order exists.
        share: Share of worlds in which it holds.
        share_exists: Share of worlds in which a self-enforcing order exists.
        share_believed: Share of worlds in which hope alone would carry it.
        share_error: Monte Carlo standard error of ``share``.
        orders: Number of self-enforcing orders at base values; None if they were not counted.
        best_order: The order with the largest slack, whether it holds or not.
        slack: Its least advantage of going on over leaving; below 0, by how much every order falls short somewhere.
        slack_by_step: That advantage at each move of the best order.
        value: Per party, what following the best order to its end is worth.
        outside: Per party, what it has without signing.
        guarantee: Smallest guarantee, the same for every party, that makes an order self-enforcing; None if no
            guarantee suffices.
        guarantee_order: An order that this guarantee carries; empty if none suffices.
        guarantee_over_worlds: The smallest guarantee over worlds.
        slack_over_worlds: The largest slack over worlds.
        blocked: Where the agreement gets stuck, and why, the smallest shortfall first; empty if an order holds.
        stuck: The maximal sets that are reached if completion is believed, at base values.
        remedies: The smallest sets of changes that would make an order hold, the cheapest first.
        remedies_complete: Whether every set of changes of the sizes tried was looked at.
        frontier: Guarantees by party that suffice with none to spare; None if there are too many moves.
        turns_on: Values of single parameters at which the verdict flips, the most important parameter first.
        opposite: Nearest single changes for the opposite verdict, the smallest first.
        lattice: The sets as data for the picture; None where there are too many moves.
        completion: Under hidden aims; None where the settlement has none, or they could not be played out.
        verdicts: [draws] 1 where the design holds in the world, else 0.
        guarantees: [draws] the smallest guarantee; None where none suffices.
        notes: What could not be had, and why.
        best_orders: The orders with most slack, the best first, as many as were asked for.
        stops: The largest sets of steps that could be declared to be the end; None if they were not looked for.
        title: What it is called, as inside a sentence; empty for its name made readable.
        swept: Whether it was looked for what the verdict turns on, along every parameter.
        together: Where no single change within its range gives the opposite verdict: changes that do together, none of
            which could be left out; empty if there is a single one, or no world tried has the opposite verdict.
    """

    name: str
    about: str
    changes: tuple[str, ...]
    steps: tuple[str, ...]
    moves: tuple[Move, ...]
    stop: tuple[str, ...] | None
    entered: dict[str, bool]
    entered_share: float
    entered_shares: dict[str, float]
    exists_at_base: bool
    believed_at_base: bool
    holds_at_base: bool
    share: float
    share_exists: float
    share_believed: float
    share_error: float
    orders: int | None
    best_order: tuple[Move, ...]
    slack: float
    slack_by_step: tuple[float, ...]
    value: dict[str, float]
    outside: dict[str, float]
    guarantee: float | None
    guarantee_order: tuple[Move, ...]
    guarantee_over_worlds: Quantiles
    slack_over_worlds: Quantiles
    blocked: tuple[Blocked, ...]
    stuck: tuple[tuple[str, ...], ...]
    remedies: tuple[Remedy, ...]
    remedies_complete: bool
    frontier: tuple[dict[str, float], ...] | None
    turns_on: tuple[TurnsOn, ...]
    opposite: tuple[Opposite, ...]
    lattice: LatticePicture | None
    completion: Completion | None = None
    verdicts: tuple[int, ...] = ()
    guarantees: tuple[float | None, ...] = ()
    notes: tuple[str, ...] = ()
    best_orders: tuple[Ranked, ...] = ()
    stops: tuple[Stop, ...] | None = None
    together: tuple[Opposite, ...] = ()
    title: str = ""
    swept: bool = True


@dataclass(frozen=True)
class SettleAnswer:
    """Which agreement would hold?

    Attributes:
        case_title: Title of the case.
        title: Title of the settlement.
        about: What it is.
        source: Citation.
        parties: Id -> name.
        steps: Step -> what it says.
        done: Step -> what was in fact carried out; steps without such a note are left out.
        performers: Step -> the parties that carry it out; none: a third party does.
        exit: Who may leave before a step: ``performer`` or ``any``.
        designs: One answer per design; the first is the agreement as written.
        draws: Worlds asked for.
        draws_done: Worlds looked at.
        interrupted: Whether it was stopped before it was finished.
        manifest: What is needed to repeat it.
        notes: What to keep in mind.
        prices: What a unit of each kind of change costs in the ranking of remedies.
        step_titles: Step -> what it is called, as inside a sentence; steps whose name says it are left out.
    """

    case_title: str
    title: str
    about: str
    source: str
    parties: dict[str, str]
    steps: dict[str, str]
    done: dict[str, str]
    performers: dict[str, tuple[str, ...]]
    exit: str
    designs: tuple[DesignAnswer, ...]
    draws: int
    draws_done: int
    interrupted: bool
    manifest: Manifest
    notes: tuple[str, ...] = ()
    prices: dict[str, float] = field(default_factory=dict[str, float])
    step_titles: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def case(self) -> str:
        """Name of the case."""
        return self.manifest.case

    def design(self, name: str) -> DesignAnswer:
        """The answer about one design.

        Raises:
            KeyError: It was not asked about.
        """
        for item in self.designs:
            if item.name == name:
                return item
        raise KeyError(name)

    def to_json(self) -> dict[str, Any]:
        """The documented, versioned form of the answer: plain data, no timings, no paths."""
        from detente.study.serialize_settle import settle_json

        return settle_json(self)

    def frame(self) -> DataFrame:
        """One row per design."""
        from detente.study.serialize_settle import settle_frame

        return settle_frame(self)
