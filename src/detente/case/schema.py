"""The shape of each section of a case file, before any name is looked up.

One model per kind of entry. The same models check a file and make the JSON Schema that editors use;
values stay words that know their place, and are turned into numbers and expressions later.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    InstanceOf,
    PrivateAttr,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from detente.case.span import Span
from detente.case.syntax import Block, Items, Word

LARGEST_NUMBER = 1e12
LONGEST_PROSE = 8_000
LONGEST_LIST = 100

SECTIONS = {
    "case": "Identifier of the case: small letters, digits and '-'.",
    "title": "One line that says what the case is about.",
    "as_of": "Date of the situation described, such as 2021-12-08.",
    "summary": "The situation in prose.",
    "question": "The question the case was written for, in prose.",
    "sources": "Citations by id; cited elsewhere as `id ¶n`.",
    "actors": "Strategic actors: id and name.",
    "owner": "The actor whose postures are compared.",
    "parameters": "Every number of the case, with its range, source and confidence.",
    "types": "Private information: `ACTOR.type`, its labels and their prior weights.",
    "joint": "Joint priors over several types, instead of independent ones.",
    "timeline": "Decisions, events and reveals, in order.",
    "payoffs": "Per actor, the terms its payoff is the sum of.",
    "outcomes": "Named conditions on what happened.",
    "postures": "Named policies of the owner; one is the status quo.",
    "claims": "Sentences to audit.",
    "not_modelled": "Outcomes after which the case no longer applies.",
    "evidence": "Dated items of evidence about one private type.",
    "settlement": "An agreement step by step, and designs that change it.",
}
"""Sections of a case file, with their descriptions."""

REQUIRED = ("case", "title", "actors")
GAME_SECTIONS = ("timeline", "payoffs")
"""Required as well, unless the case has a section of `OTHER_QUESTIONS`."""
OTHER_QUESTIONS = ("evidence", "settlement")
"""Sections that ask something that needs no game."""


def shape(value: object) -> str:
    """Which of the three kinds of YAML value this is."""
    return "<mapping>" if isinstance(value, dict) else "<list>" if isinstance(value, list) else "<scalar>"


def _one_or_more(value: object) -> str:
    return "<mapping>" if isinstance(value, dict) else "<list>"


def _wrong(code: str, message: str) -> PydanticCustomError:
    return PydanticCustomError("case", "{message}", {"code": code, "message": message})


def _scalar(value: object, wanted: str) -> Word:
    if not isinstance(value, Word):
        kind = "a mapping" if isinstance(value, dict) else "a list"
        raise _wrong("C005", f"{wanted} is expected here, not {kind}")
    if value.null:
        raise _wrong("C005", f"{wanted} is expected here, but nothing is written")
    return value


def text_of(value: object) -> Word:
    """The value if it is prose of a sensible length."""
    word = _scalar(value, "text")
    if len(word) > LONGEST_PROSE:
        raise _wrong("C035", f"this text has {len(word):,} characters; at most {LONGEST_PROSE:,} are allowed")
    return word


def name_of(value: object) -> Word:
    """The value if it is a single word."""
    return _scalar(value, "a name")


def formula_of(value: object) -> Word:
    """The value if it can be an expression."""
    word = _scalar(value, "an expression")
    if word.not_finite:
        raise _wrong("C007", f"'{word}' is not a finite number")
    return word


def _number(value: object) -> Word:
    word = _scalar(value, "a number")
    if word.not_finite:
        raise _wrong("C007", f"'{word}' is not a finite number")
    number = word.number
    if number is None:
        raise _wrong("C006", f"'{word[:60]}' is not a number")
    if not math.isfinite(number) or abs(number) > LARGEST_NUMBER:
        raise _wrong("C007", f"{word[:60]} is too large; numbers go up to {LARGEST_NUMBER:.0e}")
    return word


def _flag(value: object) -> Word:
    word = _scalar(value, "true or false")
    if not word.plain or word not in ("true", "false"):
        raise _wrong("C008", f"'{word[:60]}' is neither true nor false")
    return word


def _count(value: object) -> Word:
    word = _number(value)
    number = float(word)
    if number != int(number) or not 0 <= number <= 100:
        raise _wrong("C006", f"{word} is not a whole number from 0 to 100")
    return word


def _several(value: object) -> object:
    if isinstance(value, Word) and not value.null:
        items = Items([value])
        items.span, items.flow = value.span, False
        return items
    return _limited(value)


def _limited(value: object) -> object:
    if isinstance(value, (Block, Items)) and len(value) > LONGEST_LIST:
        raise _wrong("C035", f"{len(value):,} entries stand here; at most {LONGEST_LIST} are allowed")
    return value


def _together(value: object) -> object:
    if isinstance(value, Block) and not value:
        raise _wrong("C235", "the condition is empty; leave it out if it always holds")
    return _limited(value)


def _maybe(value: object) -> object:
    return None if isinstance(value, Word) and value.null else value


def _block(value: object) -> object:
    if not isinstance(value, Block):
        kind = "a list" if isinstance(value, list) else "a single value"
        raise _wrong("C005", f"a mapping is expected here, not {kind}")
    return value


def _pair(value: object) -> object:
    if not isinstance(value, list) or len(value) != 2:  # pyright: ignore[reportUnknownArgumentType]
        raise _wrong("C021", "a range is two numbers, [low, high]")
    return value  # pyright: ignore[reportUnknownVariableType]


_NUMBER_OR_TEXT = {"anyOf": [{"type": "string"}, {"type": "number"}]}
_ONE_OR_MORE = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
Text: TypeAlias = Annotated[Word, BeforeValidator(text_of), WithJsonSchema(_NUMBER_OR_TEXT)]
Name: TypeAlias = Annotated[Word, BeforeValidator(name_of), WithJsonSchema({"type": "string"})]
Formula: TypeAlias = Annotated[Word, BeforeValidator(formula_of), WithJsonSchema(_NUMBER_OR_TEXT)]
Number: TypeAlias = Annotated[Word, BeforeValidator(_number), WithJsonSchema({"type": "number"})]
Flag: TypeAlias = Annotated[Word, BeforeValidator(_flag), WithJsonSchema({"type": "boolean"})]
Count: TypeAlias = Annotated[Word, BeforeValidator(_count), WithJsonSchema({"type": "integer", "minimum": 0})]
Key: TypeAlias = Name
Names: TypeAlias = Annotated[list[Name], BeforeValidator(_several), WithJsonSchema(_ONE_OR_MORE)]
Range: TypeAlias = Annotated[list[Number], BeforeValidator(_pair)]

Condition: TypeAlias = Annotated[
    Annotated[Formula, Tag("<scalar>")] | Annotated[dict[Key, Names], BeforeValidator(_together), Tag("<mapping>")],
    Discriminator(shape),
]
"""An expression, or a mapping of variables to a label or labels; all must hold."""

RawCondition: TypeAlias = Word | dict[Word, list[Word]]
Maybe: TypeAlias = Annotated[Condition | None, BeforeValidator(_maybe)]
Rows: TypeAlias = Annotated[InstanceOf[Block], BeforeValidator(_block), WithJsonSchema({"type": "object"})]
Weights: TypeAlias = dict[Key, Formula]


class Section(BaseModel):
    """One entry of a case file."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True, frozen=True)
    _span: Span = PrivateAttr(default_factory=Span)

    @property
    def span(self) -> Span:
        """Where the entry starts."""
        return self._span

    @model_validator(mode="wrap")
    @classmethod
    def _keep_span(cls, value: Any, handler: Any) -> Any:
        made = handler(value)
        if isinstance(value, Block):
            made._span = value.span
        return made


class RawSource(Section):
    """A citation with its address."""

    cite: Text = Field(description="Full citation.")
    url: Text | None = Field(None, description="Where to read it.")


class RawParameter(Section):
    """A named number, or with `of` a table with one number per label of a variable."""

    value: Annotated[
        Annotated[Number, Tag("<scalar>")] | Annotated[dict[Key, Number], Tag("<mapping>")], Discriminator(shape)
    ] = Field(description="Base value; with `of`, one per label.")
    of: Name | None = Field(None, description="Variable whose labels index the table.")
    range: (
        Annotated[
            Annotated[Range, Tag("<list>")] | Annotated[dict[Key, Range], Tag("<mapping>")],
            Discriminator(shape),
        ]
        | None
    ) = Field(None, description="[low, high]; without a range the number is fixed.")
    distribution: Name | None = Field(None, description="uniform, triangular, normal or beta; uniform if not given.")
    sd: Number | None = Field(None, description="Standard deviation, for normal and beta.")
    correlated_with: dict[Key, Number] | None = Field(None, description="Other parameter: correlation in (-1, 1).")
    about: Text | None = Field(None, description="What it stands for.")
    source: Text | None = Field(None, description="`source_id ¶n`, or `judgment`.")
    confidence: Name | None = Field(None, description="low, moderate or high.")


class RawType(Section):
    """Private information in its long form."""

    prior: Weights = Field(description="Label: weight in the eyes of the others.")
    as_judged_by_owner: Weights | None = Field(None, description="Label: weight in the owner's own judgment.")
    about: Text | None = None
    source: Text | None = None


class RawJoint(Section):
    """A joint prior."""

    types: Names = Field(description="Types it is about.")
    weights: list[list[Formula]] = Field(description="Rows: one label per type, then the weight.")
    about: Text | None = None
    source: Text | None = None


class RawEntry(Section):
    """What decisions and events have in common."""

    when: Condition | None = Field(None, description="Condition under which it takes place; else it is skipped.")
    seen_by: Names | None = Field(None, description="Who sees it: actors, `all` or `none`.")
    ends: Names | None = Field(None, description="Options after which the game ends, or `all`.")
    about: Text | None = None
    source: Text | None = None


class RawDecision(RawEntry):
    """A move by an actor, or simultaneous votes by several."""

    decision: Name = Field(description="Name of the variable it sets.")
    by: Names = Field(description="The actor who moves; several vote simultaneously.")
    options: (
        Annotated[
            Annotated[Names, Tag("<list>")] | Annotated[dict[Key, Maybe], Tag("<mapping>")],
            Discriminator(_one_or_more),
        ]
        | None
    ) = Field(None, description="Options, or option: condition under which it is offered.")
    choose: Text | None = Field(None, description="A portfolio: any of [item, ...].")
    at_least: Count | None = Field(None, description="Fewest items of the portfolio.")
    at_most: Count | None = Field(None, description="Most items of the portfolio.")


class RawEvent(RawEntry):
    """A chance move."""

    event: Name = Field(description="Name of the variable it sets.")
    options: Names = Field(description="What may happen.")
    given: Names | None = Field(None, description="Earlier variables the table is indexed by.")
    table: Rows | None = Field(None, description="Row per label of `given`; a row is option: weight.")
    odds: Weights | None = Field(None, description="Option: weight, where nothing is given.")


class RawReveal(Section):
    """A variable or type becomes visible later."""

    reveal: Name = Field(description="Variable or type.")
    to: Names = Field(description="Who sees it from here on.")
    when: Condition | None = None
    about: Text | None = None


def _block_of(value: object) -> object:
    if not isinstance(value, Items):
        raise _wrong("C005", "a list of entries is expected here")
    return _limited(value)


Entries: TypeAlias = Annotated[InstanceOf[Items], BeforeValidator(_block_of), WithJsonSchema({"type": "array"})]


class RawRounds(Section):
    """A small block of the timeline that is played several times."""

    rounds: Number = Field(description="How often the block is played.")
    name: Name | None = Field(None, description="Name of the block.")
    discount: Name | None = Field(None, description="Parameter: what a payoff of the next round is worth now, 0 to 1.")
    carry: (
        Annotated[
            Annotated[Names, Tag("<list>")] | Annotated[dict[Key, Name], Tag("<mapping>")],
            Discriminator(_one_or_more),
        ]
        | None
    ) = Field(None, description="Variables the next round calls previous.x, or variable: its label in round 1.")
    block: Entries = Field(description="Decisions, events and reveals of one round, in order.")
    about: Text | None = None
    source: Text | None = None


class RawTerm(Section):
    """One addend of an actor's payoff."""

    term: Name = Field(description="Name of the addend.")
    value: Formula = Field(description="Expression over parameters.")
    when: Condition | None = Field(None, description="Condition under which it counts.")
    paid: Name | None = Field(None, description="With rounds: per_round, discounted; or final, once at the end.")
    about: Text | None = None
    source: Text | None = None


class RawOutcome(Section):
    """A named condition in its long form."""

    when: Condition
    about: Text | None = None


class RawNotModelled(Section):
    """An outcome after which the case no longer applies."""

    outcome: Name
    continuation: Names = Field(description="Parameters that stand for what follows, with wide ranges.")
    about: Text | None = None


class RawTableRule(Section):
    """A published rule that depends on what the mover sees."""

    by: Names = Field(description="Variables it depends on.")
    table: Rows = Field(description="Row per label: an option, or option: weight.")


class RawPosture(Section):
    """A named policy of the owner."""

    status_quo: Flag | None = Field(None, description="True for the posture that changes nothing.")
    owner: Name | None = None
    extends: Names | None = Field(None, description="Postures it is built on.")
    commit: dict[Key, Any] | None = Field(None, description="Decision: published rule, `optimal`, or `optimal mixed`.")
    disclose: dict[Key, Names] | None = Field(None, description="Variable or own type: who sees it.")
    set: dict[Key, Formula] | None = Field(None, description="Parameter: expression over parameters.")
    allow: dict[Key, Names] | None = Field(None, description="Decision: options that remain.")
    about: Text | None = None
    source: Text | None = None


class RawClaim(Section):
    """A sentence to audit."""

    says: Text = Field(description="The claim in your own words.")
    source: Text | None = None
    holds_when: Text | None = Field(None, description="Comparison of quantities that makes it true.")
    cannot_judge: Text | None = Field(None, description="Why the model cannot judge it.")
    about: Text | None = None
