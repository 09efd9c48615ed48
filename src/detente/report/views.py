"""Answers of `audit` and `solve` in the form a reader is shown them.

The page and the terminal read these, so that both say the same, and changes of the answer records
stay in this file.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from detente.report.words import Words, capital, counted, listed, number, percent, percent_range, plain, sentence

HOLDS = "holds"
FAILS = "fails"
PARTLY = "holds in part of the range"
CANNOT = "cannot be judged"


@dataclass(frozen=True)
class TurnsOn:
    """A parameter that a claim turns on, with the values at which its verdict changes."""

    parameter: str
    switches: tuple[float, ...]

    def words(self, words: Words) -> str:
        """As a phrase; without a switching value inside the range only the name."""
        name = words.parameter_long(self.parameter)
        if not self.switches:
            return name
        return f"{name} (changes at {' and '.join(number(value) for value in self.switches)})"


@dataclass(frozen=True)
class ClaimView:
    """One audited claim.

    Attributes:
        id: Its id.
        says: What it claims.
        source: Citation.
        verdict: One of `HOLDS`, `FAILS`, `PARTLY`, `CANNOT`.
        at_base: Whether it holds at base values, None if that cannot be judged.
        share: Share of worlds in which it holds, None if it cannot be judged.
        turns_on: The parameters it turns on.
        reason: Why it cannot be judged.
        notes: True by assumption, sensitive to the choice of equilibrium, and the like.
    """

    id: str
    says: str
    source: str
    verdict: str
    at_base: bool | None
    share: float | None
    turns_on: tuple[TurnsOn, ...]
    reason: str
    notes: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its id in words."""
        return capital(plain(self.id))

    @property
    def finding(self) -> str:
        """The verdict with its numbers, as one sentence."""
        if self.verdict == CANNOT:
            return sentence(f"Cannot be judged in this model: {self.reason}" if self.reason else "Cannot be judged")
        base = {True: "It holds at the base values", False: "It fails at the base values"}.get(
            self.at_base,  # type: ignore[arg-type]
            "At the base values it cannot be judged",
        )
        if self.share is None:
            return base + "."
        if self.share >= 1:
            where = "in every world tried"
        elif self.share <= 0:
            where = "in none of the worlds tried" if self.at_base is not False else "in every world tried"
        else:
            where = f"in {percent(self.share)} of worlds"
        if self.at_base is True:
            return f"{base} and {where}."
        if self.at_base is False and self.share <= 0:
            return f"{base} and {where}."
        return f"{base}, but holds {where}."


@dataclass(frozen=True)
class BeliefView:
    """One of the things that may have happened unseen by the mover, and how likely it takes it to be."""

    unseen: tuple[tuple[str, str], ...]
    probability: float

    def words(self, words: Words) -> str:
        """As a phrase."""
        what = ", ".join(
            f"{words.variable(name)} “{words.label(label)}”" if label else words.label(name)
            for name, label in self.unseen
        )
        return f"{what or 'nothing unseen'} {percent(self.probability)}"


@dataclass(frozen=True)
class OtherView:
    """Another equilibrium that was found."""

    values: tuple[tuple[str, float], ...]
    outcomes: tuple[tuple[str, float], ...]
    hits: int

    def words(self, words: Words) -> str:
        """As a phrase."""
        text = "payoffs " + ", ".join(f"{words.actor(name)} {number(value)}" for name, value in self.values)
        if self.outcomes:
            text += "; odds " + ", ".join(f"{words.label(name)} {percent(value)}" for name, value in self.outcomes)
        return text + (f" (reached from {counted(self.hits, 'starting point')})" if self.hits else "")


@dataclass(frozen=True)
class OptionView:
    """One option at an information set: its probability, and its value to the mover where known."""

    label: str
    probability: float
    value: float | None


@dataclass(frozen=True)
class InfosetView:
    """What one actor does in one situation it can tell apart.

    Attributes:
        actor: Who moves.
        decision: The decision.
        sees: (variable, label) pairs the mover has seen.
        options: Its options, in order.
        reach: Probability that play comes here, None if not known.
        beliefs: What may have happened unseen, with probabilities; () where undefined.
        why: One sentence: the next-best option and what separates it from the best.
        terms: (payoff term, contribution to that difference) pairs, largest first.
    """

    actor: str
    decision: str
    sees: tuple[tuple[str, str], ...]
    options: tuple[OptionView, ...]
    reach: float | None
    beliefs: tuple[BeliefView, ...]
    why: str
    terms: tuple[tuple[str, float], ...]

    def situation(self, words: Words) -> str:
        """What the mover knows, as a phrase."""
        if not self.sees:
            return "knowing nothing more"
        return "having seen that " + words.situation(self.sees)

    def strategy(self, words: Words) -> str:
        """What the mover does, as a phrase."""
        played = [item for item in self.options if item.probability > 5e-7]
        if len(played) == 1:
            return f"“{words.label(played[0].label)}”"
        return ", ".join(f"“{words.label(item.label)}” {percent(item.probability)}" for item in played)


@dataclass(frozen=True)
class SolveView:
    """What each side does under one posture."""

    posture: str
    status: str
    values: tuple[tuple[str, float], ...]
    outcomes: tuple[tuple[str, float], ...]
    infosets: tuple[InfosetView, ...]
    kind: str
    max_regret: float
    max_belief_residual: float
    others: tuple[OtherView, ...]
    notes: tuple[str, ...]


def pick(record: Any, *names: str, default: Any = None) -> Any:
    """The first of the named fields that the record (an object or a mapping) has and that is not None."""
    for name in names:
        value = record.get(name) if isinstance(record, Mapping) else getattr(record, name, None)
        if value is not None:
            return value
    return default


def claim_views(answer: Any) -> tuple[ClaimView, ...]:
    """The claims of an audit, in the order of the case."""
    return tuple(_claim(record) for record in pick(answer, "claims", default=()))


def solve_view(answer: Any) -> SolveView:
    """The parts of a solve that are shown."""
    certificate = pick(answer, "certificate", default={})
    return SolveView(
        posture=str(pick(answer, "posture", default="")),
        status=str(pick(answer, "status", default="")),
        values=_pairs(pick(answer, "values", "value", default=())),
        outcomes=_pairs(pick(answer, "outcomes", default=())),
        infosets=tuple(_infoset(record) for record in pick(answer, "infosets", default=())),
        kind=str(pick(certificate, "kind", default=pick(answer, "kind", default=""))),
        max_regret=_float(pick(certificate, "max_regret", "regret")),
        max_belief_residual=_float(pick(certificate, "max_belief_residual", "belief_residual")),
        others=tuple(_other(item) for item in pick(answer, "others", "other_equilibria", default=())),
        notes=tuple(str(note) for note in pick(answer, "notes", default=())),
    )


def _claim(record: Any) -> ClaimView:
    reason = str(pick(record, "cannot_judge", "reason", default=""))
    at_base = _verdict(pick(record, "at_base", "base"))
    share = pick(record, "share")
    share = None if share is None or math.isnan(float(share)) else float(share)
    if reason or (at_base is None and share is None):
        verdict = CANNOT
    elif share is None:
        verdict = HOLDS if at_base else FAILS
    elif share >= 1 and at_base is not False:
        verdict = HOLDS
    elif share <= 0 and not at_base:
        verdict = FAILS
    else:
        verdict = PARTLY
    return ClaimView(
        id=str(pick(record, "id", default="")),
        says=sentence(str(pick(record, "says", default=""))),
        source=str(pick(record, "source", default="")),
        verdict=verdict,
        at_base=at_base,
        share=share,
        turns_on=tuple(_turns_on(item) for item in pick(record, "turns_on", default=())),
        reason=reason,
        notes=_claim_notes(record),
    )


def _claim_notes(record: Any) -> tuple[str, ...]:
    notes: list[str] = []
    assumed = pick(record, "by_assumption", default=())
    if assumed:
        notes.append(f"True by assumption: a posture sets {listed(assumed)}, which the claim itself speaks about.")
    if pick(record, "selection_sensitive", default=False):
        notes.append("Depends on which of several equilibria is played.")
    undefined = float(pick(record, "undefined", default=0.0))
    if undefined > 0 and pick(record, "share") is not None:
        notes.append(
            f"In {percent(undefined)} of worlds it speaks about something that never happens; they are left out."
        )
    bounds = pick(record, "share_bounds")
    if bounds is not None and bounds[1] - bounds[0] > 0.005:
        notes.append(f"Counting worlds that could not be certified either way, the share is {percent_range(*bounds)}.")
    return tuple(notes)


def _verdict(value: Any) -> bool | None:
    """A verdict at base values given as a truth value or in words."""
    if value is None or isinstance(value, bool):
        return value
    text = str(value).lower()
    return {"holds": True, "true": True, "fails": False, "false": False}.get(text)


def _turns_on(item: Any) -> TurnsOn:
    if isinstance(item, str):
        return TurnsOn(item, ())
    switch = pick(item, "switch", "switches", "switching_value")
    if switch is None:
        return TurnsOn(str(pick(item, "parameter", "name", default="")), ())
    values = tuple(switch) if isinstance(switch, Iterable) else (switch,)
    return TurnsOn(str(pick(item, "parameter", "name", default="")), tuple(float(value) for value in values))


def _infoset(record: Any) -> InfosetView:
    strategy = _pairs(pick(record, "strategy", default=()))
    values = dict(_pairs(pick(record, "action_values", "values", default=())))
    reach = pick(record, "reach", "reached")
    why = pick(record, "why", default={})
    text, terms = _why(why)
    return InfosetView(
        actor=str(pick(record, "actor", "player", default="")),
        decision=str(pick(record, "decision", default="")),
        sees=_sees(pick(record, "sees", default=())),
        options=tuple(OptionView(label, probability, values.get(label)) for label, probability in strategy),
        reach=float(reach) if isinstance(reach, int | float) and not isinstance(reach, bool) else None,
        beliefs=_beliefs(pick(record, "beliefs", default=())),
        why=text,
        terms=terms,
    )


def _why(why: Any) -> tuple[str, tuple[tuple[str, float], ...]]:
    if isinstance(why, str):
        return why, ()
    terms = _pairs(pick(why, "terms", "by_term", default=()))
    ordered = tuple(sorted((pair for pair in terms if abs(pair[1]) > 1e-9), key=lambda pair: -abs(pair[1])))
    text = pick(why, "sentence", "text", default="")
    best, other = pick(why, "best", default=""), pick(why, "next_best", "next", "second", default="")
    gap = pick(why, "difference", "gap")
    if not text and best and other and gap is not None:
        text = f"“{best}” beats “{other}” by {number(float(gap))}."
    # A sentence that already splits the difference need not be followed by the same numbers.
    return str(text), () if ordered and ordered[0][0] in str(text) else ordered


def _sees(seen: Any) -> tuple[tuple[str, str], ...]:
    pairs = seen.items() if isinstance(seen, Mapping) else seen
    return tuple((str(name), str(label)) for name, label in pairs)


def _beliefs(items: Any) -> tuple[BeliefView, ...]:
    """Likeliest first; the field that is not the probability holds what was not seen."""
    found: list[BeliefView] = []
    for item in items:
        probability = pick(item, "probability")
        if probability is not None and not math.isnan(float(probability)):
            found.append(BeliefView(_history(pick(item, "history", default="")), float(probability)))
    return tuple(sorted(found, key=lambda belief: -belief.probability))


def _history(history: Any) -> tuple[tuple[str, str], ...]:
    """(variable, label) pairs of a history given as a mapping or as ``a=x, b=y``."""
    if isinstance(history, str):
        parts = [part.partition("=") for part in history.split(", ") if part]
        return tuple((name.strip(), label.strip()) for name, _, label in parts)
    return tuple((str(name), str(label)) for name, label in dict(history).items() if label is not None)


def _pairs(values: Any) -> tuple[tuple[str, float], ...]:
    """(name, number) pairs from a mapping or from pairs."""
    pairs = values.items() if isinstance(values, Mapping) else values
    return tuple((str(name), _float(value)) for name, value in pairs)


def _other(item: Any) -> OtherView:
    values, outcomes = pick(item, "values", default={}), pick(item, "outcomes", default={})
    return OtherView(_pairs(values), _pairs(outcomes), int(pick(item, "hits", default=0)))


def _float(value: Any) -> float:
    return float("nan") if value is None else float(value)
