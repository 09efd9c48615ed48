"""A whole case file as one model: the JSON Schema that editors use. The loader reads it section by section."""

from __future__ import annotations

from typing import Any

from detente.case.schema import (
    GAME_SECTIONS,
    OTHER_QUESTIONS,
    SECTIONS,
    Formula,
    Name,
    RawClaim,
    RawDecision,
    RawEvent,
    RawJoint,
    RawNotModelled,
    RawOutcome,
    RawParameter,
    RawPosture,
    RawReveal,
    RawRounds,
    RawSource,
    RawTerm,
    RawType,
    Section,
    Text,
    Weights,
)
from detente.case.schema_evidence import RawEvidence
from detente.case.schema_settlement import RawSettlement


class RawCase(Section):
    """A whole case file."""

    case: Name
    title: Text
    as_of: Text | None = None
    summary: Text | None = None
    question: Text | None = None
    sources: dict[str, Text | RawSource] | None = None
    actors: dict[str, Text]
    owner: Name | None = None
    parameters: dict[str, RawParameter] | None = None
    types: dict[str, RawType | Weights] | None = None
    joint: list[RawJoint] | None = None
    timeline: list[RawDecision | RawEvent | RawReveal | RawRounds] | None = None
    payoffs: dict[str, list[RawTerm]] | None = None
    outcomes: dict[str, RawOutcome | Formula] | None = None
    postures: dict[str, RawPosture] | None = None
    claims: dict[str, RawClaim] | None = None
    not_modelled: list[RawNotModelled] | None = None
    evidence: RawEvidence | None = None
    settlement: RawSettlement | None = None


def json_schema() -> dict[str, Any]:
    """JSON Schema of a case file, for editors."""
    schema = RawCase.model_json_schema()
    for name, about in SECTIONS.items():
        schema["properties"][name].setdefault("description", about)
    moves = [{"$ref": f"#/$defs/{kind.__name__}"} for kind in (RawDecision, RawEvent, RawReveal)]
    schema["$defs"][RawRounds.__name__]["properties"]["block"]["items"] = {"anyOf": moves}
    schema["anyOf"] = [{"required": list(GAME_SECTIONS)}, *({"required": [name]} for name in OTHER_QUESTIONS)]
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Detente case file"
    return schema
