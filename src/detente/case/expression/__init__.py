"""The expression language of case files: small, safe, parsed once, evaluated on histories and arrays."""

from __future__ import annotations

from detente.case.expression import simplify
from detente.case.expression.arrays import array_function
from detente.case.expression.check import (
    check_condition,
    check_value,
    condition_from_mapping,
    read_condition,
    read_value,
)
from detente.case.expression.codes import EXPRESSION_CODES
from detente.case.expression.derivative import derivative
from detente.case.expression.evaluate import History, holds, resolve, truth
from detente.case.expression.nodes import (
    Arithmetic,
    Boolean,
    BoolOp,
    Call,
    Compare,
    Conditional,
    Contains,
    Count,
    Expression,
    Happened,
    Match,
    Name,
    Named,
    Negate,
    Not,
    Number,
    ParameterRef,
    TableEntry,
    joined,
    parameters,
    variables,
)
from detente.case.expression.parser import parse
from detente.case.expression.problem import ExpressionError, Problem
from detente.case.expression.rounds import RoundView, at_end, at_round, if_played, rewritten
from detente.case.expression.scope import UNIT_LITERALS, WEIGHT_LITERALS, Checked, Scope

__all__ = [
    "EXPRESSION_CODES",
    "UNIT_LITERALS",
    "WEIGHT_LITERALS",
    "Arithmetic",
    "BoolOp",
    "Boolean",
    "Call",
    "Checked",
    "Compare",
    "Conditional",
    "Contains",
    "Count",
    "Expression",
    "ExpressionError",
    "Happened",
    "History",
    "Match",
    "Name",
    "Named",
    "Negate",
    "Not",
    "Number",
    "ParameterRef",
    "Problem",
    "RoundView",
    "Scope",
    "TableEntry",
    "array_function",
    "at_end",
    "at_round",
    "check_condition",
    "check_value",
    "condition_from_mapping",
    "derivative",
    "holds",
    "if_played",
    "joined",
    "parameters",
    "parse",
    "read_condition",
    "read_value",
    "resolve",
    "rewritten",
    "simplify",
    "truth",
    "variables",
]
