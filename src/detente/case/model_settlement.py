"""What the section ``settlement`` says, checked and with every name resolved.

Every design is written out in full: its steps after changes, drops and splits. Expressions are over parameters only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from detente.case.expression import Expression
from detente.case.names import advice
from detente.case.span import Span
from detente.errors import RequestError

NOWHERE = Span()
Exit = Literal["performer", "any"]

ByParty: TypeAlias = Mapping[str, Expression]
"""Party -> number; a party that is not named has 0 (for ``monitoring``: 1)."""


@dataclass(frozen=True)
class Step:
    """One step of an agreement.

    Attributes:
        id: Its name; ``step.1``, ``step.2`` for the parts of a split one.
        says: What is to be done, in prose.
        by: The parties that carry it out: one, several (jointly), or none (a third party does).
        benefit: What it is worth to each party once carried out; a cost is negative.
        after: Steps that have to be complete before it.
        undo_by: Who can undo it; None for nobody.
        undo_cost: What undoing costs; None for nothing.
        grab: Per party what the completed step adds to what leaving gains.
        source: Citation.
        done: What was in fact carried out, in prose.
        base: Name of the step it is a part of; its own if it is whole.
        parts: Number of equal parts it was split into; its numbers are divided by that.
        span: Where it is declared.
        title: What it is called in answers, as inside a sentence; empty for its name made readable.
    """

    id: str
    says: str
    by: tuple[str, ...]
    benefit: ByParty
    after: tuple[str, ...] = ()
    undo_by: str | None = None
    undo_cost: Expression | None = None
    grab: ByParty = field(default_factory=dict[str, Expression])
    source: str = ""
    done: str = ""
    base: str = ""
    parts: int = 1
    span: Span = field(default=NOWHERE, compare=False)
    title: str = ""


@dataclass(frozen=True)
class Setting:
    """The numbers around the steps, in one design. None and missing parties stand for the defaults.

    Attributes:
        dividend: Per party what completion of all steps adds; 0.
        outside: Per party what it has without signing; 0.
        grab: Per party what leaving gains beyond keeping what was received; 0.
        peacekeepers: Share of the grab that is prevented, 0 to 1; 0.
        monitoring: Per party the chance that its breach is seen, 0 to 1; 1.
        guarantee: Per party what a breach that is seen costs, 0 or more; 0.
        discount: What a step later is worth against a step now, 0 to 1; 1.
        collapse: Chance after each step but the last that the process collapses, 0 to 1; 0.
        exit: Who may leave before a step.
        stop: The steps at which the parties stop; None for all.
    """

    dividend: ByParty = field(default_factory=dict[str, Expression])
    outside: ByParty = field(default_factory=dict[str, Expression])
    grab: ByParty = field(default_factory=dict[str, Expression])
    peacekeepers: Expression | None = None
    monitoring: ByParty = field(default_factory=dict[str, Expression])
    guarantee: ByParty = field(default_factory=dict[str, Expression])
    discount: Expression | None = None
    collapse: Expression | None = None
    exit: Exit = "performer"
    stop: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Design:
    """One design of the agreement, written out.

    Attributes:
        name: Its name.
        about: What it stands for.
        extends: Designs it was built on.
        changes: In words, what differs from the agreement as written.
        steps: Its steps, in order.
        together: Groups of steps that happen at once.
        setting: The numbers around the steps.
        set: Parameter -> expression over the case's own parameters.
        source: Citation.
        span: Where it is declared.
        title: What it is called in answers, as inside a sentence; empty for its name made readable.
    """

    name: str
    about: str
    extends: tuple[str, ...]
    changes: tuple[str, ...]
    steps: tuple[Step, ...]
    together: tuple[tuple[str, ...], ...]
    setting: Setting
    set: Mapping[str, Expression]
    source: str = ""
    span: Span = field(default=NOWHERE, compare=False)
    title: str = ""

    @property
    def step_ids(self) -> tuple[str, ...]:
        """Names of its steps; the axis ``steps``."""
        return tuple(item.id for item in self.steps)


@dataclass(frozen=True)
class Hidden:
    """What the others do not know about a party: whether it is sincere, or a spoiler that wants something else.

    Attributes:
        party: The party.
        sincere: Prior probability that it is sincere; None if a private type of the case says so.
        type_name: That type; empty if there is none.
        sincere_if: Labels of the type that are sincere; the others are spoilers.
        as_of: Last day whose evidence on the type counts; None for all of it.
        benefit: Step -> what the completed step is worth to a spoiler, instead of what it is worth to a sincere party.
        grab: What leaving gains a spoiler before any step is complete, instead; None for the same.
        grab_step: Step -> what the completed step adds to that, instead.
        dividend: What completion adds for a spoiler, instead; None for the same.
        guarantee: What a breach that is seen costs a spoiler, instead; None for the same.
        about: Prose.
        source: Citation.
        span: Where it is declared.
    """

    party: str
    sincere: Expression | None = None
    type_name: str = ""
    sincere_if: tuple[str, ...] = ()
    as_of: date | None = None
    benefit: ByParty = field(default_factory=dict[str, Expression])
    grab: Expression | None = None
    grab_step: ByParty = field(default_factory=dict[str, Expression])
    dividend: Expression | None = None
    guarantee: Expression | None = None
    about: str = ""
    source: str = ""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class SettlementSection:
    """An agreement and its designs.

    Attributes:
        title: One line.
        about: Prose.
        source: Citation.
        parties: The actors that are parties, in order; the axis ``parties``.
        steps: The steps as written.
        designs: Every design, the agreement as written first.
        span: Where it is declared.
        hidden: What is not known about parties, at most one entry for each.
        prices: Kind of change that would mend it -> what it costs, to rank remedies; 1 where it is not named.
    """

    title: str
    about: str
    source: str
    parties: tuple[str, ...]
    steps: tuple[Step, ...]
    designs: tuple[Design, ...]
    span: Span = field(default=NOWHERE, compare=False)
    hidden: tuple[Hidden, ...] = ()
    prices: Mapping[str, Expression] = field(default_factory=dict[str, Expression])

    @property
    def design_names(self) -> tuple[str, ...]:
        """Names of the designs, in order."""
        return tuple(item.name for item in self.designs)

    def design(self, name: str) -> Design:
        """The design of that name, or RequestError with a suggestion."""
        for item in self.designs:
            if item.name == name:
                return item
        raise RequestError(f"no design is named '{name}'. {advice(name, self.design_names, 'designs')}")
