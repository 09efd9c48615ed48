"""The mathematical object: an extensive game, what play is worth in it, and what may be called an equilibrium."""

from __future__ import annotations

from detente.game.belief import barred_nodes, bayes_beliefs, beliefs_from_logs, node_log_reach
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
from detente.game.commitment_certificate import CommitmentCertificate, certify_commitment
from detente.game.committed import CommittedGame, commit_sets, real_choices, with_uniform_trembles
from detente.game.recall import NO_MOVE_YET, check_perfect_recall, forgetful_sets, last_own_action
from detente.game.refinements import Check, Flaw, Refinements, check_refinements, subgame_roots
from detente.game.sharing import share_equal_numbers
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
from detente.game.trembles import assess_trembles
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
    "NO_MOVE_YET",
    "NO_PARENT",
    "SEQUENTIAL",
    "TERMINAL",
    "UNSETTLED",
    "Assessment",
    "BuiltGame",
    "Certificate",
    "Check",
    "CommitmentCertificate",
    "CommittedGame",
    "Flaw",
    "GameNumbers",
    "InfosetLabel",
    "Refinements",
    "TreeBuilder",
    "TreeShape",
    "Witness",
    "action_values",
    "assess_trembles",
    "barred_nodes",
    "bayes_beliefs",
    "beliefs_from_logs",
    "best_response_values",
    "certify",
    "certify_commitment",
    "certify_qre",
    "check_perfect_recall",
    "check_refinements",
    "commit_sets",
    "draw_chunks",
    "expected_payoffs",
    "forgetful_sets",
    "last_own_action",
    "node_log_reach",
    "node_values",
    "reach_probability",
    "real_choices",
    "share_equal_numbers",
    "subgame_roots",
    "terminal_probability",
    "with_uniform_trembles",
]
