"""Ways to find equilibria. Solvers see games as arrays, never cases, text or files; none judges itself."""

from __future__ import annotations

from detente.solvers.backward_induction import BackwardSolution, solve_backward
from detente.solvers.commitment import BestRules, best_rules
from detente.solvers.continuation import SHARP_TREMBLES, continue_support
from detente.solvers.disclosure import Disclosed, SearchSettings, SignalGame, Solves, Split, optimal_disclosure
from detente.solvers.disclosure_three import optimal_disclosure_three
from detente.solvers.envelope import Envelope, concave_envelope, envelope_along
from detente.solvers.kernel_cache import kernels_are_compiled
from detente.solvers.logit import LogitSettings, solve_logit, solve_qre
from detente.solvers.multistart import OtherEquilibria, other_equilibria
from detente.solvers.solution import BatchSolution, Status

__all__ = [
    "SHARP_TREMBLES",
    "BackwardSolution",
    "BatchSolution",
    "BestRules",
    "Disclosed",
    "Envelope",
    "LogitSettings",
    "OtherEquilibria",
    "SearchSettings",
    "SignalGame",
    "Solves",
    "Split",
    "Status",
    "best_rules",
    "concave_envelope",
    "continue_support",
    "envelope_along",
    "kernels_are_compiled",
    "optimal_disclosure",
    "optimal_disclosure_three",
    "other_equilibria",
    "solve_backward",
    "solve_logit",
    "solve_qre",
]
