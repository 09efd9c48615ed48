"""A comparison that starts from the evidence: which postures are left, what worlds weigh, and what is told about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from detente.axes import Bools, Floats
from detente.case import Case
from detente.compiler import rules_out, too_late
from detente.errors import Interrupted, RequestError
from detente.study import weighing
from detente.study.games import SolveOptions
from detente.study.given import Given, Observed
from detente.study.results_given import GivenAnswer, LeftOut, ObservedMove
from detente.study.worlds import Worlds


@dataclass(frozen=True, eq=False)
class Conditions:
    """What a comparison takes as known.

    Attributes:
        observed: The past; of a comparison by which nothing had been reported, an empty one.
        left_out: Postures that would have made another move than was observed.
        late: Posture -> past moves nobody saw, about which it would have said something else.
    """

    observed: Observed
    left_out: tuple[LeftOut, ...]
    late: dict[str, tuple[str, ...]]

    @property
    def empty(self) -> bool:
        """Whether nothing had been reported."""
        return not self.observed.section.items

    @property
    def as_of(self) -> str:
        """Last day whose reports count; empty if nothing had been reported."""
        if self.empty:
            return ""
        day = self.observed.given.as_of or max(item.reported for item in self.observed.section.items)
        return day.isoformat()

    def weigh(self, theta: Floats, whole: Bools) -> Floats | None:
        """[certified worlds] weights that sum to 1; None if nothing had been reported.

        Args:
            theta: [draws, params] the worlds.
            whole: [draws] which are certified.

        Raises:
            Interrupted: None is.
        """
        if self.empty:
            return None
        if not whole.any():
            raise Interrupted("no world could be certified in which the past is known")
        weight = self.observed.mass(theta[whole]).sum(axis=1)
        if not weight.sum() > 0:
            raise RequestError("what was observed is impossible in every world tried")
        return weight / weight.sum()


def take_given(
    case: Case,
    given_evidence: bool,
    as_of: date | None,
    precision: float,
    postures: Sequence[str] | None,
    options: SolveOptions,
    limit: int,
) -> tuple[Worlds, Conditions | None]:
    """The postures of a comparison, from where play goes on if that is asked for.

    Args:
        case: The case.
        given_evidence: Whether to go by its evidence.
        as_of: Last day whose reports count; None takes all.
        precision: Logit precision of the play of the past.
        postures: Names of those to compare; None is all.
        options: Threads and stop.
        limit: Most nodes a tree may have.

    Raises:
        RequestError: A day without `given_evidence`, no evidence, or no posture that fits the observed moves.
    """
    if not given_evidence:
        if as_of is not None:
            raise RequestError("a day (--as-of) goes with --given-evidence: it says which reports count")
        return Worlds(case, postures, options, limit), None
    given = Given(as_of, precision)
    if not given.known(case).items:
        worlds = Worlds(case, postures, options, limit)
        return worlds, Conditions(given.observed(worlds), (), {})
    worlds = Worlds(case, postures, options, limit, given=given)
    assert worlds.observed is not None
    past = worlds.observed.past
    reasons = {posture.name: rules_out(case, posture, past) for posture in worlds.postures}
    left_out = tuple(LeftOut(name, why) for name, why in reasons.items() if why)
    if len(left_out) == len(reasons):
        told = "; ".join(f"{item.posture} ({item.why})" for item in left_out)
        raise RequestError(f"every posture asked about contradicts what was observed: {told}")
    worlds.keep([name for name, why in reasons.items() if not why])
    late = {posture.name: names for posture in worlds.postures if (names := too_late(case, posture, past))}
    return worlds, Conditions(worlds.observed, left_out, late)


def given_answer(
    conditions: Conditions, theta: Floats, whole: Bools, weight: Floats | None, shares: dict[str, float]
) -> GivenAnswer:
    """What is told about it.

    Args:
        conditions: What was taken as known.
        theta: [draws, params] the worlds.
        whole: [draws] which are certified.
        weight: [certified draws] their weights.
        shares: Posture -> share of worlds in which it is best if all count alike.
    """
    observed = conditions.observed
    case, used = observed.case, theta[whole]
    prior = {
        name: dict(zip(case.labels_of(name), shares_of.mean(axis=0).tolist(), strict=True))
        for name, shares_of in observed.prior(used).items()
    }
    found = {} if weight is None else observed.posterior(observed.mass(used))
    return GivenAnswer(
        as_of=conditions.as_of,
        about=observed.about.name,
        items=tuple(item.id for item in observed.others),
        moves=tuple(ObservedMove(name, option, case.decision(name).actor) for name, option in observed.moves),
        posture=case.status_quo.name,
        precision=observed.given.precision,
        prior=prior,
        posterior={name: found.get(name, shares_of) for name, shares_of in prior.items()},
        unseen={name: shares_of for name, shares_of in found.items() if name not in prior},
        effective_draws=float(len(used)) if weight is None else weighing.effective(weight),
        excluded=int((~whole).sum()),
        left_out=conditions.left_out,
        shares=shares,
    )


def given_notes(conditions: Conditions | None) -> list[str]:
    """What is to be known about a comparison that goes by evidence."""
    if conditions is None:
        return []
    if conditions.empty:
        day = conditions.observed.given.as_of
        return [f"Nothing had been reported by {day}: the comparison is that without evidence."]
    notes = [f"Posture '{item.posture}' is left out: it contradicts {item.why}." for item in conditions.left_out]
    for decision, option in conditions.observed.moves:
        unaware = _unaware(conditions.observed.case, decision)
        if unaware:
            told = " and ".join(unaware)
            notes.append(
                f"{decision} = {option} was out of sight of {told} when it was made; "
                "reported, it counts as known to all."
            )
    for posture, names in conditions.late.items():
        told = ", ".join(f"'{name}'" for name in names)
        notes.append(f"What '{posture}' says of {told} comes too late: that is past, and was played as before.")
    return notes


def _unaware(case: Case, decision: str) -> list[str]:
    """Names of the actors who did not see a move when it was made under the status quo."""
    made = case.decision(decision)
    seen_by = case.status_quo.disclose.get(decision, made.seen_by)
    return [actor.name for actor in case.actors if actor.id not in seen_by and actor.id != made.actor]
