"""The questions: which posture, does the argument hold, what would each side do."""

from __future__ import annotations

from detente.study.audit import AuditSettings, audit
from detente.study.compare import CompareSettings, compare
from detente.study.derivatives import DerivativesSettings, derivatives
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
from detente.study.results_audit import AuditAnswer, ClaimAnswer, TurnsOn
from detente.study.results_derivatives import DerivativesAnswer, ParameterDerivative, StrategyDerivative
from detente.study.results_game import GameAnswer, OtherGameEquilibrium
from detente.study.results_solve import InfosetAnswer, OtherEquilibrium, SolveAnswer, SolveCertificate, Why
from detente.study.solve import SolveSettings, solve
from detente.study.solve_game import SolveGameSettings, game_size, solve_game
from detente.study.watch import Watch

__all__ = [
    "AuditAnswer",
    "AuditSettings",
    "Band",
    "CertificateSummary",
    "ClaimAnswer",
    "CompareAnswer",
    "CompareSettings",
    "DerivativesAnswer",
    "DerivativesSettings",
    "EnvelopeAnswer",
    "GameAnswer",
    "InfosetAnswer",
    "Manifest",
    "OtherEquilibrium",
    "OtherGameEquilibrium",
    "ParameterDerivative",
    "PostureAnswer",
    "RefinementAnswer",
    "RegionMap",
    "SolveAnswer",
    "SolveCertificate",
    "SolveGameSettings",
    "SolveSettings",
    "StrategyDerivative",
    "Sweep",
    "TippingPoint",
    "TurnsOn",
    "Watch",
    "Why",
    "audit",
    "compare",
    "derivatives",
    "game_size",
    "refined",
    "solve",
    "solve_game",
]
