"""The case language: what a case file may say, and what it means. No solving, no compiling."""

from __future__ import annotations

from detente.case.codes import CASE_CODES
from detente.case.expression import (
    Expression,
    ExpressionError,
    History,
    array_function,
    derivative,
    holds,
    parameters,
    parse,
    resolve,
    variables,
)
from detente.case.load import MAX_BYTES, diagnose, load, loads
from detente.case.model import (
    Actor,
    Case,
    Claim,
    Commitment,
    Decision,
    Disclosure,
    Distribution,
    Event,
    Joint,
    NotModelled,
    Outcome,
    Parameter,
    Posture,
    PrivateType,
    Reveal,
    Rule,
    Table,
    Term,
    TimelineEntry,
    Weight,
)
from detente.case.schema import json_schema
from detente.case.span import Span
from detente.case.starter import starter

__all__ = [
    "CASE_CODES",
    "MAX_BYTES",
    "Actor",
    "Case",
    "Claim",
    "Commitment",
    "Decision",
    "Disclosure",
    "Distribution",
    "Event",
    "Expression",
    "ExpressionError",
    "History",
    "Joint",
    "NotModelled",
    "Outcome",
    "Parameter",
    "Posture",
    "PrivateType",
    "Reveal",
    "Rule",
    "Span",
    "Table",
    "Term",
    "TimelineEntry",
    "Weight",
    "array_function",
    "derivative",
    "diagnose",
    "holds",
    "json_schema",
    "load",
    "loads",
    "parameters",
    "parse",
    "resolve",
    "starter",
    "variables",
]
