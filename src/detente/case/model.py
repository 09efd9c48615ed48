"""What a case file says, checked and with every name resolved: frozen records without any YAML left.

Expressions keep the text and place they came from; numbers are attached to parameters only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np

from detente.axes import Floats
from detente.case.expression import Expression
from detente.case.model_evidence import EvidenceSection
from detente.case.model_settlement import SettlementSection
from detente.case.names import advice
from detente.case.quantity import ClaimExpression
from detente.case.span import Span
from detente.errors import Diagnostic, RequestError

Confidence = Literal["low", "moderate", "high"]
Kind = Literal["fixed", "uniform", "triangular", "normal", "beta"]

NOWHERE = Span()
STATUS_QUO = "status_quo"
"""Name of the one posture of a case that declares none."""


@dataclass(frozen=True)
class Actor:
    """A strategic player of the case."""

    id: str
    name: str


@dataclass(frozen=True)
class Distribution:
    """How plausible values of a parameter are spread.

    Attributes:
        kind: ``fixed`` has no spread. ``triangular`` has its mode at `value`; ``normal`` is centered at
            `value` with standard deviation `sd` and truncated to the range; ``beta`` is scaled to
            the range, with mean `value` and standard deviation `sd`.
        low: Lower end of the range.
        high: Upper end of the range.
        value: The base value.
        sd: Standard deviation in the parameter's unit, for ``normal`` and ``beta``.
        stated: False if the case gave a range only and uniform was assumed.
    """

    kind: Kind
    low: float
    high: float
    value: float
    sd: float | None = None
    stated: bool = True


@dataclass(frozen=True)
class Parameter:
    """A named number. An entry of a per-option table is called ``table[label]``.

    Attributes:
        name: Name used in expressions.
        value: Base value.
        distribution: Its plausible values.
        about: What it stands for.
        source: Citation such as ``stent2021 ¶9``, ``judgment``, or empty.
        confidence: The author's confidence in value and range, or None if not stated.
        correlated: (other parameter, Gaussian copula correlation) pairs; each pair is listed at both.
        table: Table it is an entry of, or None.
        label: Its label in that table, or None.
        span: Where it is declared.
    """

    name: str
    value: float
    distribution: Distribution
    about: str = ""
    source: str = ""
    confidence: Confidence | None = None
    correlated: tuple[tuple[str, float], ...] = ()
    table: str | None = None
    label: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Table:
    """A per-option table of parameters: ``name[label]`` for each label of `variable`."""

    name: str
    variable: str
    labels: tuple[str, ...]
    span: Span = field(default=NOWHERE, compare=False)


Weight: TypeAlias = Expression | None
"""A non-negative weight, or None for `rest`: one minus the sum of the others."""

Rule: TypeAlias = tuple[Weight, ...]
"""A distribution over the options of a decision, in their declared order."""


@dataclass(frozen=True)
class PrivateType:
    """Private information of one actor, called ``ACTOR.type``.

    Attributes:
        name: Variable name, such as ``RUS.aim``.
        actor: Who knows it.
        labels: Its possible values.
        weights: Prior weight of each label: what the others believe.
        judged: Weights in the owner's own judgment, used only to evaluate; None if the same.
        span: Where it is declared.
    """

    name: str
    actor: str
    labels: tuple[str, ...]
    weights: tuple[Weight, ...]
    judged: tuple[Weight, ...] | None = None
    about: str = ""
    source: str = ""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Joint:
    """A joint prior over several types: (labels, weight) rows; what is not listed has weight 0."""

    types: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], Weight], ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Decision:
    """A move of one actor.

    Attributes:
        name: Variable it sets; ``vote.ACTOR`` for one ballot of a simultaneous vote.
        actor: Who moves.
        options: Labels, in order.
        offered: Condition under which an option is offered; options not listed always are.
        when: Condition under which the decision is reached, None for always.
        seen_by: Actors who see the move when it is made; the mover is always among them.
        ends: Options after which the game ends.
        items: Instruments a portfolio is put together from, () for a plain decision.
        contents: For a portfolio, the items each option holds.
        ballot: Name of the simultaneous vote it belongs to, or None.
        round: Number of its round, None outside of rounds.
        base: Its name in the block of rounds, empty outside of rounds.
    """

    name: str
    actor: str
    options: tuple[str, ...]
    offered: Mapping[str, Expression]
    when: Expression | None
    seen_by: frozenset[str]
    ends: frozenset[str]
    items: tuple[str, ...] = ()
    contents: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    ballot: str | None = None
    about: str = ""
    source: str = ""
    span: Span = field(default=NOWHERE, compare=False)
    round: int | None = None
    base: str = ""


@dataclass(frozen=True)
class Event:
    """A chance move.

    Attributes:
        name: Variable it sets.
        options: Labels, in order.
        given: Variables its table is indexed by; () for unconditional odds.
        table: Weights per row; the key holds one label (or ``none`` for skipped) per variable of `given`.
        when: Condition under which it takes place, None for always.
        seen_by: Actors who see what happened.
        ends: Options after which the game ends.
        round: Number of its round, None outside of rounds.
        base: Its name in the block of rounds, empty outside of rounds.
    """

    name: str
    options: tuple[str, ...]
    given: tuple[str, ...]
    table: Mapping[tuple[str, ...], tuple[Weight, ...]]
    when: Expression | None
    seen_by: frozenset[str]
    ends: frozenset[str]
    about: str = ""
    source: str = ""
    span: Span = field(default=NOWHERE, compare=False)
    round: int | None = None
    base: str = ""


@dataclass(frozen=True)
class Reveal:
    """An earlier variable or a type becomes visible to `to`, if `when` holds. `round` as for decisions."""

    variable: str
    to: frozenset[str]
    when: Expression | None
    about: str = ""
    span: Span = field(default=NOWHERE, compare=False)
    round: int | None = None


TimelineEntry: TypeAlias = Decision | Event | Reveal


@dataclass(frozen=True)
class Term:
    """One addend of a player's payoff: `value` wherever `when` holds.

    A term that is paid in every round is there once per round: `round` is its number, `base` its name in the
    file, and `value` is discounted already.
    """

    player: str
    name: str
    when: Expression | None
    value: Expression
    about: str = ""
    source: str = ""
    span: Span = field(default=NOWHERE, compare=False)
    round: int | None = None
    base: str = ""


@dataclass(frozen=True)
class Rounds:
    """A block of the timeline that is played several times; the timeline holds it written out.

    Attributes:
        name: Its name.
        number: How many rounds there are.
        discount: Parameter that a payoff of the next round is multiplied by, None for no discounting.
        carry: Variable that the next round can speak of -> its label in round 1, None for skipped.
        variables: Variable of the block -> what it is called in each round, in order.
        entries: The entries of one round, with the names of the block.
        terms: The payoff terms paid in every round, with the names of the block and not discounted.
    """

    name: str
    number: int
    discount: str | None
    carry: Mapping[str, str | None]
    variables: Mapping[str, tuple[str, ...]]
    entries: tuple[TimelineEntry, ...] = ()
    terms: tuple[Term, ...] = ()
    about: str = ""
    source: str = ""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Outcome:
    """A named condition on the finished history."""

    name: str
    when: Expression
    about: str = ""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class NotModelled:
    """An outcome after which the case no longer applies, and the parameters standing for what follows."""

    outcome: str
    continuation: tuple[str, ...]
    about: str = ""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Commitment:
    """A published rule for one decision of the owner.

    Attributes:
        decision: The decision it fixes.
        optimal: The best rule is to be found; `by` and `table` are empty.
        by: Variables the rule depends on, all visible to the mover at the decision.
        table: Rule per labels of `by`; the key is () if the rule depends on nothing.
        mixed: With `optimal`: the rule may leave things to chance. Otherwise it is pure.
    """

    decision: str
    optimal: bool
    by: tuple[str, ...]
    table: Mapping[tuple[str, ...], Rule]
    span: Span = field(default=NOWHERE, compare=False)
    mixed: bool = False


Disclosure: TypeAlias = frozenset[str] | Literal["optimal"]


@dataclass(frozen=True)
class Posture:
    """A named policy of its owner, with everything it extends already merged in.

    Attributes:
        name: Its name.
        owner: The actor whose policy it is.
        status_quo: Whether it stands for carrying on as before.
        about: What it means.
        commit: Decision -> published rule.
        disclose: Variable or own type -> who sees it (instead of ``seen_by``), or ``optimal``.
        set: Parameter -> expression over the case's own parameters.
        allow: Decision -> options that remain.
        extends: Postures it was built on.
        span: Where it is declared.
    """

    name: str
    owner: str
    status_quo: bool
    about: str
    commit: Mapping[str, Commitment]
    disclose: Mapping[str, Disclosure]
    set: Mapping[str, Expression]
    allow: Mapping[str, tuple[str, ...]]
    extends: tuple[str, ...] = ()
    source: str = ""
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def needs_search(self) -> bool:
        """Whether some part of it is `optimal` and has to be found."""
        return any(item.optimal for item in self.commit.values()) or "optimal" in self.disclose.values()

    @property
    def mixed(self) -> bool:
        """Whether the best mixed rule has to be found for some decision."""
        return any(item.mixed for item in self.commit.values())


@dataclass(frozen=True)
class Claim:
    """A sentence to audit. Exactly one of `holds_when` and `cannot_judge` is given."""

    id: str
    says: str
    source: str
    holds_when: ClaimExpression | None
    cannot_judge: str | None
    about: str = ""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, eq=False)
class Case:
    """A whole case. Compared and hashed by identity; `sha256` identifies its text."""

    name: str
    title: str
    as_of: str
    summary: str
    question: str
    sources: Mapping[str, str]
    actors: tuple[Actor, ...]
    owner: str
    parameters: tuple[Parameter, ...]
    tables: Mapping[str, Table]
    types: tuple[PrivateType, ...]
    joints: tuple[Joint, ...]
    timeline: tuple[TimelineEntry, ...]
    terms: tuple[Term, ...]
    outcomes: tuple[Outcome, ...]
    not_modelled: tuple[NotModelled, ...]
    postures: tuple[Posture, ...]
    claims: tuple[Claim, ...]
    text: str
    sha256: str
    file: str
    warnings: tuple[Diagnostic, ...] = ()
    rounds: Rounds | None = None
    evidence: EvidenceSection | None = None
    settlement: SettlementSection | None = None

    @cached_property
    def _parameter_numbers(self) -> dict[str, int]:
        return {item.name: i for i, item in enumerate(self.parameters)}

    @cached_property
    def _labels(self) -> dict[str, tuple[str, ...]]:
        labels = {item.name: item.labels for item in self.types}
        labels.update({item.name: item.options for item in self.timeline if not isinstance(item, Reveal)})
        return labels

    def with_warnings(self, warnings: tuple[Diagnostic, ...]) -> Case:
        """The same case with these warnings."""
        return replace(self, warnings=warnings)

    def with_claims(self, claims: tuple[Claim, ...]) -> Case:
        """The same case with these claims."""
        return replace(self, claims=claims)

    @cached_property
    def parameter_names(self) -> tuple[str, ...]:
        """Names of the parameters, in the order of every parameter vector."""
        return tuple(item.name for item in self.parameters)

    def parameter_index(self, name: str) -> int:
        """Position of a parameter in every parameter vector.

        Raises:
            RequestError: No parameter has that name.
        """
        if name not in self._parameter_numbers:
            raise RequestError(_unknown("parameter", name, self.parameter_names))
        return self._parameter_numbers[name]

    def parameter(self, name: str) -> Parameter:
        """The parameter of that name, or RequestError."""
        return self.parameters[self.parameter_index(name)]

    def base_theta(self) -> Floats:
        """Base value of every parameter, [params]."""
        return np.array([item.value for item in self.parameters], dtype=np.float64)

    @property
    def has_game(self) -> bool:
        """Whether there is a timeline; without one, a case asks about evidence or a settlement only."""
        return bool(self.timeline)

    def require_game(self) -> None:
        """Make sure that there is a game to be played.

        Raises:
            RequestError: The case has no timeline.
        """
        if not self.has_game:
            others = [
                f"`detente {command}`"
                for command, section in (("assess", self.evidence), ("settle", self.settlement))
                if section is not None
            ]
            raise RequestError(
                f"this case has no timeline, so there is no game to be played. It answers {' and '.join(others)}; "
                "for other questions add `timeline:` and `payoffs:`."
            )

    @property
    def actor_ids(self) -> tuple[str, ...]:
        """Ids of the actors, in order; the axis ``players``."""
        return tuple(item.id for item in self.actors)

    def actor(self, id: str) -> Actor:
        """The actor of that id, or RequestError."""
        for item in self.actors:
            if item.id == id:
                return item
        raise RequestError(_unknown("actor", id, self.actor_ids))

    @property
    def posture_names(self) -> tuple[str, ...]:
        """Names of the postures, in order."""
        return tuple(item.name for item in self.postures)

    def posture(self, name: str) -> Posture:
        """The posture of that name, or RequestError with a suggestion."""
        for item in self.postures:
            if item.name == name:
                return item
        raise RequestError(_unknown("posture", name, self.posture_names))

    @property
    def status_quo(self) -> Posture:
        """The posture that stands for carrying on as before."""
        return next(item for item in self.postures if item.status_quo)

    @property
    def variables(self) -> tuple[str, ...]:
        """Every variable: types first, then decisions and events in timeline order."""
        return tuple(self._labels)

    def labels_of(self, variable: str) -> tuple[str, ...]:
        """Labels a variable can take, in order, or RequestError."""
        if variable not in self._labels:
            raise RequestError(_unknown("variable", variable, self._labels))
        return self._labels[variable]

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions of the timeline, in order."""
        return tuple(item for item in self.timeline if isinstance(item, Decision))

    @property
    def events(self) -> tuple[Event, ...]:
        """The events of the timeline, in order."""
        return tuple(item for item in self.timeline if isinstance(item, Event))

    def decision(self, name: str) -> Decision:
        """The decision of that name, or RequestError."""
        for item in self.decisions:
            if item.name == name:
                return item
        raise RequestError(_unknown("decision", name, [item.name for item in self.decisions]))

    def type(self, name: str) -> PrivateType:
        """The type of that name (``ACTOR.type``), or RequestError."""
        for item in self.types:
            if item.name == name:
                return item
        raise RequestError(_unknown("type", name, [item.name for item in self.types]))

    def types_of(self, actor: str) -> tuple[PrivateType, ...]:
        """Types that are the private information of an actor."""
        return tuple(item for item in self.types if item.actor == actor)

    @property
    def types_of_owner(self) -> tuple[PrivateType, ...]:
        """The owner's own types."""
        return self.types_of(self.owner)

    def outcome(self, name: str) -> Outcome:
        """The outcome of that name, or RequestError."""
        for item in self.outcomes:
            if item.name == name:
                return item
        raise RequestError(_unknown("outcome", name, [item.name for item in self.outcomes]))


def _unknown(what: str, name: str, legal: Iterable[str]) -> str:
    return f"no {what} is named '{name}'. {advice(name, legal, what + 's')}"
