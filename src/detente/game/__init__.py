"""The mathematical object: an extensive game, what play is worth in it, and what may be called an equilibrium."""

from __future__ import annotations

from detente.game.belief import bayes_beliefs, beliefs_from_logs, node_log_reach
from detente.game.best_response import best_response_values
from detente.game.builder import BuiltGame, TreeBuilder
from detente.game.certificate import (
    BACKWARD_INDUCTION,
    NASH,
    SEQUENTIAL,
    UNSETTLED,
    Certificate,
    certify,
    certify_qre,
)
from detente.game.recall import check_perfect_recall, forgetful_sets
from detente.game.sweep import draw_chunks
from detente.game.tree import (
    CHANCE,
    DECISION,
    NO_PARENT,
    NOT_A_DECISION,
    NOT_TERMINAL,
    TERMINAL,
    Assessment,
    GameNumbers,
    InfosetLabel,
    TreeShape,
    Witness,
)
from detente.game.values import (
    action_values,
    expected_payoffs,
    node_values,
    reach_probability,
    terminal_probability,
)

__all__ = [
    "BACKWARD_INDUCTION",
    "CHANCE",
    "DECISION",
    "NASH",
    "NOT_A_DECISION",
    "NOT_TERMINAL",
    "NO_PARENT",
    "SEQUENTIAL",
    "TERMINAL",
    "UNSETTLED",
    "Assessment",
    "BuiltGame",
    "Certificate",
    "GameNumbers",
    "InfosetLabel",
    "TreeBuilder",
    "TreeShape",
    "Witness",
    "action_values",
    "bayes_beliefs",
    "beliefs_from_logs",
    "best_response_values",
    "certify",
    "certify_qre",
    "check_perfect_recall",
    "draw_chunks",
    "expected_payoffs",
    "forgetful_sets",
    "node_log_reach",
    "node_values",
    "reach_probability",
    "terminal_probability",
]
