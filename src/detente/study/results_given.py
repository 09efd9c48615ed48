"""What a comparison took as known: the moves that were observed, and what they and other items say about the types."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ObservedMove:
    """A move that was observed: it has happened, in every world and under every posture.

    Attributes:
        decision: The decision. option: what was chosen. actor: who chose.
    """

    decision: str
    option: str
    actor: str


@dataclass(frozen=True)
class LeftOut:
    """A posture that comes too late.

    Attributes:
        posture: Its name.
        why: The observed move it would not have made.
    """

    posture: str
    why: str


@dataclass(frozen=True)
class GivenAnswer:
    """What was taken as known, and what it says.

    Attributes:
        as_of: Last day whose reports count; empty if none had been reported.
        about: The type that items other than moves speak of.
        items: Ids of those items.
        moves: The observed moves, in the order of the game.
        posture: The posture under which they were played: the status quo.
        precision: Logit precision of that play, 1 / payoff range.
        prior: Type -> label -> mean over worlds before anything was observed.
        posterior: Type -> label -> over worlds and types weighed together.
        unseen: Move that was not seen, or event, of the past -> option -> probability; `none` where it did not come up.
        effective_draws: Effective number of worlds, 1 / sum of squared weights.
        excluded: Worlds without a weight, because the past could not be solved there or a posture not be certified.
        left_out: Postures that would have made another move.
        shares: Posture -> share of worlds in which it is best if all worlds count alike.
    """

    as_of: str
    about: str
    items: tuple[str, ...]
    moves: tuple[ObservedMove, ...]
    posture: str
    precision: float
    prior: dict[str, dict[str, float]]
    posterior: dict[str, dict[str, float]]
    unseen: dict[str, dict[str, float]]
    effective_draws: float
    excluded: int
    left_out: tuple[LeftOut, ...]
    shares: dict[str, float]
