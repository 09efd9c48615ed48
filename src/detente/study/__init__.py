"""The questions: which posture, does the argument hold, what would each side do."""

from __future__ import annotations

from detente.study.assess import AssessSettings, assess
from detente.study.audit import AuditSettings, audit
from detente.study.compare import CompareSettings, compare
from detente.study.derivatives import DerivativesSettings, derivatives
from detente.study.icd import it_is
from detente.study.refined import RefinementAnswer, refined
from detente.study.results import (
    Band,
    CertificateSummary,
    CompareAnswer,
    EnvelopeAnswer,
    Manifest,
    PostureAnswer,
    RegionMap,
    Sweep,
    TippingPoint,
)
from detente.study.results_assess import (
    AnalystDisagreement,
    AssessAnswer,
    AssessedDay,
    AssessedIndicator,
    AssessedItem,
    AssessedMove,
    AssessedStaged,
    CoherenceRepair,
    ScoredDay,
    Scores,
    Statement,
    TypeBand,
)
from detente.study.results_audit import AuditAnswer, ClaimAnswer, TurnsOn
from detente.study.results_derivatives import DerivativesAnswer, ParameterDerivative, StrategyDerivative
from detente.study.results_game import GameAnswer, OtherGameEquilibrium
from detente.study.results_hidden import Completion, OrderOdds, StepOdds
from detente.study.results_settle import DesignAnswer, SettleAnswer
from detente.study.results_solve import InfosetAnswer, OtherEquilibrium, SolveAnswer, SolveCertificate, Why
from detente.study.settle import SettleSettings, settle
from detente.study.solve import SolveSettings, solve
from detente.study.solve_game import SolveGameSettings, game_size, solve_game
from detente.study.watch import Watch

__all__ = [
    "AnalystDisagreement",
    "AssessAnswer",
    "AssessSettings",
    "AssessedDay",
    "AssessedIndicator",
    "AssessedItem",
    "AssessedMove",
    "AssessedStaged",
    "AuditAnswer",
    "AuditSettings",
    "Band",
    "CertificateSummary",
    "ClaimAnswer",
    "CoherenceRepair",
    "CompareAnswer",
    "CompareSettings",
    "Completion",
    "DerivativesAnswer",
    "DerivativesSettings",
    "DesignAnswer",
    "EnvelopeAnswer",
    "GameAnswer",
    "InfosetAnswer",
    "Manifest",
    "OrderOdds",
    "OtherEquilibrium",
    "OtherGameEquilibrium",
    "ParameterDerivative",
    "PostureAnswer",
    "RefinementAnswer",
    "RegionMap",
    "ScoredDay",
    "Scores",
    "SettleAnswer",
    "SettleSettings",
    "SolveAnswer",
    "SolveCertificate",
    "SolveGameSettings",
    "SolveSettings",
    "Statement",
    "StepOdds",
    "StrategyDerivative",
    "Sweep",
    "TippingPoint",
    "TurnsOn",
    "TypeBand",
    "Watch",
    "Why",
    "assess",
    "audit",
    "compare",
    "derivatives",
    "game_size",
    "it_is",
    "refined",
    "settle",
    "solve",
    "solve_game",
]
