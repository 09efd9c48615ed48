"""The shape of the section ``settlement``, before any name is looked up."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema

from detente.case.schema import Count, Formula, Key, Name, Names, Section, Text, shape
from detente.case.syntax import Items, Word

ByParty: TypeAlias = dict[Key, Formula]
"""Party: expression."""

OneOrByParty: TypeAlias = Annotated[
    Annotated[Formula, Tag("<scalar>")] | Annotated[ByParty, Tag("<mapping>")], Discriminator(shape)
]
"""One expression for every party, or an expression per party."""


def _groups(value: object) -> object:
    """A list of lists of steps; one list of steps is one group."""
    if isinstance(value, Items) and value and all(isinstance(item, Word) for item in value):
        wrapped = Items([value])
        wrapped.span, wrapped.flow = value.span, value.flow
        return wrapped
    return value


Groups: TypeAlias = Annotated[
    list[Names],
    BeforeValidator(_groups),
    WithJsonSchema({"type": "array", "items": {"type": "array", "items": {"type": "string"}}}),
]


class RawUndo(Section):
    """How a completed step can be undone."""

    by: Name = Field(description="The party that can undo it.")
    cost: Formula | None = Field(None, description="What undoing costs it, 0 or more; 0 if not given.")


class RawStep(Section):
    """One step of an agreement."""

    title: Text | None = Field(None, description="What it is called in answers, as inside a sentence.")
    says: Text = Field(description="What is to be done, in one sentence.")
    by: Names = Field(description="Who carries it out: a party, several jointly, or `third` for a third party.")
    benefit: ByParty | None = Field(None, description="Party: what the completed step is worth to it; costs below 0.")
    after: Names | None = Field(None, description="Steps that have to be complete before it.")
    undo: RawUndo | None = Field(None, description="Who can undo it, at what cost; without it, nobody can.")
    grab: ByParty | None = Field(None, description="Party: what the step adds to what leaving gains.")
    source: Text | None = None
    done: Text | None = Field(None, description="What was in fact carried out.")
    about: Text | None = None


class RawTerms(Section):
    """The numbers around the steps, in the settlement itself or in a design that replaces them."""

    dividend: OneOrByParty | None = Field(None, description="What completion of all steps adds, per party.")
    outside: OneOrByParty | None = Field(None, description="What a party has without signing.")
    grab: OneOrByParty | None = Field(None, description="What leaving gains beyond keeping what was received.")
    peacekeepers: Formula | None = Field(None, description="Share of the grab that is prevented, 0 to 1.")
    monitoring: OneOrByParty | None = Field(None, description="Chance that a breach is seen, 0 to 1; 1 if not given.")
    guarantee: OneOrByParty | None = Field(None, description="What a guarantor makes a seen breach cost.")
    discount: Formula | None = Field(None, description="What a step later is worth against a step now, 0 to 1.")
    collapse: Formula | None = Field(None, description="Chance after each step but the last of a collapse, 0 to 1.")
    exit: Name | None = Field(None, description="Who may leave before a step: its performer, or any party.")
    stop: Names | None = Field(None, description="Steps at which the parties stop; `all` to go on to the end.")
    together: Groups | None = Field(None, description="Groups of steps that happen at once.")


class RawDesign(RawTerms):
    """A design: the agreement with changes. Keys of the settlement replace what stands there."""

    title: Text | None = Field(None, description="What it is called in answers, as inside a sentence.")
    extends: Names | None = Field(None, description="Designs it is built on.")
    set: dict[Key, Formula] | None = Field(None, description="Parameter: expression over parameters.")
    after: dict[Key, Names] | None = Field(None, description="Step: its prerequisites in this design; `nothing`.")
    drop: Names | None = Field(None, description="Steps that are left out.")
    split: dict[Key, Count] | None = Field(None, description="Step: number of equal parts, one after the other.")
    about: Text | None = None
    source: Text | None = None


class RawPrices(Section):
    """What changes that would mend an agreement cost, for their ranking; 1 each where nothing is said."""

    guarantee: Formula | None = Field(None, description="A unit of guarantee against one party.")
    peacekeepers: Formula | None = Field(None, description="Preventing all of a grab.")
    monitoring: Formula | None = Field(None, description="Seeing every breach of one party instead of none.")
    split: Formula | None = Field(None, description="Each further part of a step.")
    together: Formula | None = Field(None, description="Each pair of steps made to happen at once.")


class RawHead(RawTerms):
    """What a settlement says besides its steps and designs, which the loader reads one by one."""

    title: Text | None = Field(None, description="One line.")
    about: Text | None = None
    source: Text | None = None
    parties: Names = Field(description="Actors that are parties to it.")
    prices: RawPrices | None = Field(None, description="What changes that would mend it cost, for their ranking.")


class RawSpoiler(Section):
    """What is different for a spoiler; what is not named is as for a sincere party."""

    benefit: dict[Key, Formula] | None = Field(None, description="Step: what the completed step is worth to it.")
    grab: Formula | None = Field(None, description="What leaving gains it beyond keeping what was received.")
    grab_step: dict[Key, Formula] | None = Field(None, description="Step: what the completed step adds to that.")
    dividend: Formula | None = Field(None, description="What completion of all steps adds for it.")
    guarantee: Formula | None = Field(None, description="What a seen breach costs it.")


class RawHidden(Section):
    """What the others do not know: whether a party is sincere or a spoiler."""

    party: Names = Field(description="The party; several are hidden each by itself.")
    sincere: Formula | None = Field(None, description="Prior probability that it is sincere.")
    source_type: Name | None = Field(None, alias="from", description="Or a private type of the case that says so.")
    sincere_if: Names | None = Field(None, description="With `from`: the labels that are sincere.")
    as_of: Name | None = Field(None, description="With `from`: last day whose evidence counts; all if not given.")
    spoiler: RawSpoiler = Field(description="What is different for a spoiler.")
    about: Text | None = None
    source: Text | None = None


HiddenBlocks: TypeAlias = Annotated[
    Annotated[RawHidden, Tag("<mapping>")] | Annotated[list[RawHidden], Tag("<list>")], Discriminator(shape)
]
"""One block, or a list of them."""


class RawSettlement(RawHead):
    """An agreement: its steps, what surrounds them, and designs that change it."""

    hidden: HiddenBlocks | None = Field(None, description="What the others do not know about a party, or several.")
    steps: dict[str, RawStep] = Field(description="Step: what it is.")
    designs: dict[str, RawDesign] | None = Field(None, description="Name: what the design changes.")
