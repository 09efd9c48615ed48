"""What the questions answer with: frozen records that hold the numbers and say them as JSON.

Arrays keep the draws they were computed from, so that charts and tables can be made without
solving anything again; ``to_json`` gives the documented, versioned schema.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from detente.axes import Bools, Floats, Ints
from detente.study.results_equilibria import EquilibriaComparison
from detente.study.results_given import GivenAnswer

if TYPE_CHECKING:
    from pandas import DataFrame

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Manifest:
    """What is needed to repeat a run."""

    case: str
    case_sha256: str
    version: str
    seed: int
    draws: int
    settings: dict[str, Any]
    versions: dict[str, str]


@dataclass(frozen=True)
class Band:
    """Mean and 5-95 % range over draws."""

    mean: float
    p05: float
    p95: float


@dataclass(frozen=True, eq=False)
class PostureAnswer:
    """One posture over the draws.

    Attributes:
        value: Per actor, over the certified draws.
        value_by_type: Per label of the owner's type (joined by "," with several types), the owner's value.
        outcomes: Probability of each named outcome.
        best_share: Share of draws in which the posture is best, ties split.
        best_share_bounds: The share if every uncertified draw had gone against or for it.
        regret_p90: 90th percentile of (best posture's value - this one's), payoff units.
        abandon_gain: Per owner type, the gain from abandoning the posture once the type is known, at
            base values: {"gain": float, "how": "break" | "reveal" | "conceal" | ""}.
        needs_commitment: Whether some type gains from abandoning it.
        not_modelled: Probability mass that reaches endings where the case no longer applies.
        base_value: Per actor, at base values. base_outcomes: likewise.
        values: [draws, players] and outcome_draws: [draws, outcomes], NaN at uncertified draws.
        optimal: What `optimal` came out as at base values (rule or disclosure support), in words and data; {} if none.
    """

    name: str
    about: str
    value: dict[str, Band]
    value_by_type: dict[str, Band]
    outcomes: dict[str, Band]
    best_share: float
    best_share_bounds: tuple[float, float]
    regret_p90: float
    abandon_gain: dict[str, dict[str, Any]]
    needs_commitment: bool
    not_modelled: Band
    base_value: dict[str, float]
    base_outcomes: dict[str, float]
    base_value_by_type: dict[str, float]
    equilibria_range: tuple[float, float]
    values: Floats
    outcome_draws: Floats
    optimal: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class TippingPoint:
    """A value of a parameter at which the best posture changes, others at base value.

    Attributes:
        parameter: Its name.
        base: Base value.
        switch: Where the change is, to `resolution`.
        before: Best posture(s) just below. after: just above.
        marked: "" or why the switch is not to be read as a plain one ("selection", "uncertified").
    """

    parameter: str
    base: float
    switch: float
    before: str
    after: str
    resolution: float
    marked: str = ""


@dataclass(frozen=True, eq=False)
class Sweep:
    """Values of every posture along one parameter's range, others at base value."""

    parameter: str
    base: float
    points: Floats
    values: dict[str, Floats]
    best: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, eq=False)
class RegionMap:
    """Best posture over a grid of the two most decisive parameters.

    Attributes:
        x: Parameter along the first axis of `best`; y: along the second.
        x_points: Its values; y_points: likewise.
        best: [x, y] number of the best posture, -1 where it is not certified. Among tied postures one
            that is not `optimal` comes first, then the order of the case.
        postures: Names of the postures by number.
        base: Base values of the two.
        sets: [x][y] every posture that is best there, ties included.
    """

    x: str
    y: str
    x_points: Floats
    y_points: Floats
    best: Ints
    postures: tuple[str, ...]
    base: tuple[float, float]
    sets: tuple[tuple[tuple[str, ...], ...], ...] = ()


@dataclass(frozen=True, eq=False)
class EnvelopeAnswer:
    """The owner's value against what others believe about its type, with the concave envelope (rule 15).

    Attributes:
        type_name: Type of the owner. labels: its labels (2 or 3).
        beliefs: [points, labels]; values: [points] upper one-sided values; envelope: [points].
        prior: [labels]; value: envelope at the prior; without: value without disclosure; full: with full disclosure.
        support: posteriors of the best rule with their weights; attained: False where only a supremum.
        jumps: beliefs (of the first label, two-label types) at which the value jumps.
    """

    type_name: str
    labels: tuple[str, ...]
    beliefs: Floats
    values: Floats
    envelope: Floats
    prior: Floats
    value: float
    without: float
    full: float
    support: tuple[tuple[tuple[float, ...], float], ...]
    attained: bool
    jumps: tuple[float, ...]


@dataclass(frozen=True)
class CertificateSummary:
    """Worst certificate over everything that was solved, and how much could not be certified."""

    max_regret: float
    max_belief_residual: float
    uncertified: float
    solved: int
    statuses: dict[str, int]


@dataclass(frozen=True, eq=False)
class CompareAnswer:
    """Which posture, and when."""

    case_title: str
    manifest: Manifest
    owner: str
    actors: dict[str, str]
    status_quo: str
    postures: tuple[PostureAnswer, ...]
    leading: str
    leading_tied: tuple[str, ...]
    tied_share: float
    selection_sensitive: bool
    statement: str
    confidence: str
    paired: tuple[dict[str, Any], ...]
    tipping_points: tuple[TippingPoint, ...]
    none_in_range: tuple[str, ...]
    sweeps: tuple[Sweep, ...]
    region: RegionMap | None
    envelope: EnvelopeAnswer | None
    certificate: CertificateSummary
    interrupted: bool
    draws_done: int
    certified: Bools
    draws: Floats
    notes: tuple[str, ...] = ()
    equilibria: EquilibriaComparison | None = None
    given: GivenAnswer | None = None

    def to_json(self) -> dict[str, Any]:
        """The documented, versioned form of the answer: plain data, no timings, no paths."""
        from detente.study.serialize import compare_json

        return compare_json(self)

    def frame(self) -> DataFrame:
        """One row per draw, posture and actor: value and whether the draw is certified."""
        from detente.study.frames import compare_frame

        return compare_frame(self)
