"""The shape of the section ``evidence``, before any name is looked up."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema

from detente.case.schema import Formula, Name, Names, Number, Section, Text, name_of, shape
from detente.case.syntax import Items, Word

MOST_ITEMS = 20_000
MOST_INDICATORS = 1_000
MOST_GROUPS = 5_000
MOST_ANALYSTS = 50
MOST_STATEMENTS = 100
MOST_WEIGHT = 1_000_000


def _likelihood(value: object) -> object:
    if isinstance(value, Items):
        return [name_of(end) for end in value]
    return [name_of(value)]


_LIKELIHOOD: dict[str, Any] = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": 1},
        {"type": "string"},
        {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
    ],
    "description": "A number, [low, high], a word of ICD 203, or a mark: ++ + 0 - --.",
}
RawLikelihood: TypeAlias = Annotated[list[Word], BeforeValidator(_likelihood), WithJsonSchema(_LIKELIHOOD)]
"""One word, or the two ends of a range."""

RawLikelihoods: TypeAlias = dict[Name, RawLikelihood]
Amount: TypeAlias = Annotated[
    Annotated[Formula, Tag("<scalar>")] | Annotated[dict[Name, Formula], Tag("<mapping>")], Discriminator(shape)
]
"""A number or expression for all labels, or one per label."""


class RawGroup(Section):
    """Reports of one origin."""

    rho: Number | None = Field(None, description="Probability that all of them copy one origin; 1 if not given.")
    about: Text | None = Field(None, description="Why they are taken to.")


class RawItem(Section):
    """One dated report."""

    reported: Name = Field(description="Day on which it could be known, such as 2021-12-03.")
    happened: Name | None = Field(None, description="Day of what it tells, if that is another.")
    title: Text | None = Field(None, description="What to call it in answers, instead of its id.")
    says: Text | None = Field(None, description="What it tells, in one or two sentences of your own.")
    source: Text | None = Field(None, description="`source_id p. 3`, or `judgment`.")
    reliability: Name | None = Field(None, description="Admiralty grade of the source, A to F.")
    credibility: Text | None = Field(None, description="Admiralty grade of the information, 1 to 6.")
    r: Number | None = Field(None, description="How much it counts, 0 to 1, instead of grades.")
    group: Name | None = Field(None, description="Group of one origin.")
    likelihood: RawLikelihoods | None = Field(None, description="Label: how likely the item is under it.")
    absent: dict[Name, Number] | None = Field(None, description="Label: probability of its absence, judged apart.")
    move: Text | None = Field(None, description="decision=option: a move of the game, instead of a likelihood.")
    can_stage: Name | None = Field(None, description="Actor who could stage it.")
    real: Names | None = Field(None, description="Labels of which it is true; they do not stage it.")
    gain: Amount | None = Field(None, description="What being believed is worth; a number, or one per label.")
    cost: Amount | None = Field(None, description="What staging costs; a number, or one per label.")
    threshold: Number | None = Field(None, description="Probability of a real label from which it is acted on; 0.5.")
    about: Text | None = Field(None, description="Why these likelihoods, as of that day.")


class RawIndicator(Section):
    """Something that has not been seen yet."""

    title: Text | None = Field(None, description="What to call it in answers, instead of its id.")
    says: Text = Field(description="What would be seen.")
    likelihood: RawLikelihoods = Field(description="Label: probability that it will be seen.")
    seen_as: Name | None = Field(None, description="Id of the item by which it was in fact seen.")
    until: Name | None = Field(None, description="Last day on which it is worth watching for.")
    source: Text | None = None
    about: Text | None = None


class RawHead(Section):
    """What is said about all items together."""

    about: Name = Field(description="The private type that is judged, such as `RUS.aim`.")
    labels: dict[Name, Text] | None = Field(None, description="Label: what to call it in answers.")
    rho: Number | None = Field(None, description="Probability that reports of one group copy one origin; 1.")
    judged_by: Name | None = Field(
        None, description="Analyst whose likelihoods the items carry, if not the case's own."
    )
    weights: dict[Name, Number] | None = Field(None, description="Analyst: weight in the pool of all; 1 if not given.")
    statements: Names | None = Field(None, description="Days for which a worded statement is given besides the last.")
    truth: Name | None = Field(None, description="The label that was true, for hindsight scores.")
    truth_known: Name | None = Field(None, description="Day on which the truth became known.")


class RawEvidence(RawHead):
    """What is known by when, and what it says about a hidden type. For the JSON Schema."""

    groups: dict[str, RawGroup | None] | None = Field(None, description="Groups of one origin.")
    items: dict[str, RawItem] | None = Field(None, description="Dated reports by id.")
    indicators: dict[str, RawIndicator] | None = Field(None, description="What has not been seen yet, by id.")
    analysts: dict[str, dict[str, RawLikelihoods]] | None = Field(
        None, description="Analyst: item: label: likelihood in their judgment."
    )


class RawEvidenceHead(RawHead):
    """The same for the loader, which reads entries one by one."""

    groups: Any = None
    items: Any = None
    indicators: Any = None
    analysts: Any = None
