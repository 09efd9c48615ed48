"""The claim language: comparisons of quantities that a solved case gives (what `holds_when` says)."""

from __future__ import annotations

from detente.case.quantity.check import ClaimScope, check_claim, read_claim
from detente.case.quantity.evaluate import evaluate
from detente.case.quantity.nodes import (
    ActionValue,
    ClaimExpression,
    Misjudged,
    Probability,
    Quantity,
    Settles,
    ShareOfTypes,
    Value,
    Where,
    leaves,
    quantities,
)
from detente.case.quantity.parser import parse_claim

__all__ = [
    "ActionValue",
    "ClaimExpression",
    "ClaimScope",
    "Misjudged",
    "Probability",
    "Quantity",
    "Settles",
    "ShareOfTypes",
    "Value",
    "Where",
    "check_claim",
    "evaluate",
    "leaves",
    "parse_claim",
    "quantities",
    "read_claim",
]
