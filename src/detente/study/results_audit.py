"""What `audit` answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from detente.axes import Bools, Floats
from detente.study.results import CertificateSummary, Manifest

if TYPE_CHECKING:
    from pandas import DataFrame

Verdict = Literal["holds", "fails", "cannot be judged"]


@dataclass(frozen=True)
class TurnsOn:
    """A parameter that a claim turns on.

    Attributes:
        parameter: Its name.
        base: Its base value.
        switches: Values inside its range at which the verdict changes, others at base value.
        share: Share of its range in which the verdict differs from the one at base values.
    """

    parameter: str
    base: float
    switches: tuple[float, ...]
    share: float


@dataclass(frozen=True, eq=False)
class ClaimAnswer:
    """One audited claim.

    Attributes:
        id: Its id. says: in our words. source: citation.
        at_base: Verdict at base values.
        share: Share of worlds in which it holds, among those where it can be judged; None if in none.
        share_bounds: The share if every world that could not be certified had gone against or for it.
        undefined: Share of certified worlds in which it is undefined (a condition that never occurs).
        turns_on: At most three parameters it turns on, the most decisive first.
        reason: Why it cannot be judged; empty otherwise.
        by_assumption: Parameters that a posture sets and that the claim's quantities rest on directly.
        selection_sensitive: Whether another certified equilibrium found changes the verdict at base values.
        holds: [draws] 1 where it holds, 0 where it fails, NaN where it cannot be judged.
        quantities: The two sides' quantities at base values, as written.
    """

    id: str
    says: str
    source: str
    at_base: Verdict
    share: float | None
    share_bounds: tuple[float, float] | None
    undefined: float
    turns_on: tuple[TurnsOn, ...]
    reason: str
    by_assumption: tuple[str, ...]
    selection_sensitive: bool
    holds: Floats
    quantities: dict[str, float]


@dataclass(frozen=True, eq=False)
class AuditAnswer:
    """Does the argument hold?"""

    case_title: str
    manifest: Manifest
    actors: dict[str, str]
    claims: tuple[ClaimAnswer, ...]
    certificate: CertificateSummary
    interrupted: bool
    draws_done: int
    certified: Bools
    draws: Floats
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The documented, versioned form of the answer: plain data, no timings, no paths."""
        from detente.study.serialize import audit_json

        return audit_json(self)

    def frame(self) -> DataFrame:
        """One row per claim."""
        from detente.study.frames import audit_frame

        return audit_frame(self)
