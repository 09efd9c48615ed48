"""The questions: which posture, does the argument hold, what would each side do."""

from __future__ import annotations

from detente.study.audit import AuditSettings, audit
from detente.study.compare import CompareSettings, compare
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
from detente.study.results_solve import InfosetAnswer, OtherEquilibrium, SolveAnswer, SolveCertificate, Why
from detente.study.solve import SolveSettings, solve
from detente.study.watch import Watch

__all__ = [
    "AuditAnswer",
    "AuditSettings",
    "Band",
    "CertificateSummary",
    "ClaimAnswer",
    "CompareAnswer",
    "CompareSettings",
    "EnvelopeAnswer",
    "InfosetAnswer",
    "Manifest",
    "OtherEquilibrium",
    "PostureAnswer",
    "RegionMap",
    "SolveAnswer",
    "SolveCertificate",
    "SolveSettings",
    "Sweep",
    "TippingPoint",
    "TurnsOn",
    "Watch",
    "Why",
    "audit",
    "compare",
    "solve",
]
