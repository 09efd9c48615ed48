"""Ways to find equilibria. Solvers see games as arrays, never cases, text or files; none judges itself."""

from __future__ import annotations

from detente.solvers.backward_exact import ExactSolution, PathEnd, exact_numbers, play_forward, solve_backward_exact
from detente.solvers.backward_induction import BackwardSolution, solve_backward
from detente.solvers.budget import Budget
from detente.solvers.commitment import BestRules, best_rules
from detente.solvers.continuation import SHARP_TREMBLES, continue_support
from detente.solvers.derivatives import (
    Derivatives,
    NumberMotion,
    equilibrium_derivatives,
    qre_derivatives,
    terminal_derivatives,
)
from detente.solvers.disclosure import Disclosed, SearchSettings, SignalGame, Solves, Split, optimal_disclosure
from detente.solvers.disclosure_three import optimal_disclosure_three
from detente.solvers.envelope import Envelope, concave_envelope, envelope_along
from detente.solvers.kernel_cache import kernels_are_compiled, load_kernels
from detente.solvers.lent import Lent, lend, pieces_of
from detente.solvers.logit import LogitSettings, solve_logit, solve_qre
from detente.solvers.mixed_commitment import MixedCommitment, optimal_mixed_commitment, why_not
from detente.solvers.multistart import OtherEquilibria, other_equilibria
from detente.solvers.regime import Smoothness
from detente.solvers.restart import CertifiedSolution, solve_certified
from detente.solvers.settlement import (
    Agreement,
    AgreementError,
    Settlement,
    deadlocks,
    guarantee_frontier,
    settle,
    stopping_sets,
    unlock_settlement,
)
from detente.solvers.solution import BatchSolution, Status
from detente.solvers.support import Component, EquilibriumSet, all_equilibria

__all__ = [
    "SHARP_TREMBLES",
    "Agreement",
    "AgreementError",
    "BackwardSolution",
    "BatchSolution",
    "BestRules",
    "Budget",
    "CertifiedSolution",
    "Component",
    "Derivatives",
    "Disclosed",
    "Envelope",
    "EquilibriumSet",
    "ExactSolution",
    "Lent",
    "LogitSettings",
    "MixedCommitment",
    "NumberMotion",
    "OtherEquilibria",
    "PathEnd",
    "SearchSettings",
    "Settlement",
    "SignalGame",
    "Smoothness",
    "Solves",
    "Split",
    "Status",
    "all_equilibria",
    "best_rules",
    "concave_envelope",
    "continue_support",
    "deadlocks",
    "envelope_along",
    "equilibrium_derivatives",
    "exact_numbers",
    "guarantee_frontier",
    "kernels_are_compiled",
    "lend",
    "load_kernels",
    "optimal_disclosure",
    "optimal_disclosure_three",
    "optimal_mixed_commitment",
    "other_equilibria",
    "pieces_of",
    "play_forward",
    "qre_derivatives",
    "settle",
    "solve_backward",
    "solve_backward_exact",
    "solve_certified",
    "solve_logit",
    "solve_qre",
    "stopping_sets",
    "terminal_derivatives",
    "unlock_settlement",
    "why_not",
]
