"""An agreement as a mathematical object: steps, who takes them, what they are worth, what has to come first."""

from __future__ import annotations

from detente.game.settlement.agreement import Agreement, Exit, reciprocal
from detente.game.settlement.problems import SETTLEMENT_CODES, AgreementError, Problem, too_many
from detente.game.settlement.structure import MOST_FADING, MOST_MOVES, check_structure, moves_of

__all__ = [
    "MOST_FADING",
    "MOST_MOVES",
    "SETTLEMENT_CODES",
    "Agreement",
    "AgreementError",
    "Exit",
    "Problem",
    "check_structure",
    "moves_of",
    "reciprocal",
    "too_many",
]
