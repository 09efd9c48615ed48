"""From a case and a posture to an extensive game: the shape once, the numbers for every draw."""

from __future__ import annotations

from detente.compiler.codes import COMPILER_CODES
from detente.compiler.compile import DEFAULT_LIMIT, compile_posture
from detente.compiler.compiled import CommittedNode, CompiledPosture, Histories, Size, play_ranges
from detente.compiler.derivatives import NumberDerivatives, number_derivatives
from detente.compiler.deviation import UNMATCHED, action_names, carry_strategy, match_actions
from detente.compiler.findings import compile_warnings
from detente.compiler.marginal import marginal_prior
from detente.compiler.mixed_rule import RuledPosture, check_mixed, same_rule, under_rule
from detente.compiler.past import Past
from detente.compiler.past_rules import rules_out, too_late
from detente.compiler.payoffs import TermInstance
from detente.compiler.plan import PureRule
from detente.compiler.rules import pure_rules

__all__ = [
    "COMPILER_CODES",
    "DEFAULT_LIMIT",
    "UNMATCHED",
    "CommittedNode",
    "CompiledPosture",
    "Histories",
    "NumberDerivatives",
    "Past",
    "PureRule",
    "RuledPosture",
    "Size",
    "TermInstance",
    "action_names",
    "carry_strategy",
    "check_mixed",
    "compile_posture",
    "compile_warnings",
    "marginal_prior",
    "match_actions",
    "number_derivatives",
    "play_ranges",
    "pure_rules",
    "rules_out",
    "same_rule",
    "too_late",
    "under_rule",
]
