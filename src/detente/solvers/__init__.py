"""Ways to find equilibria. Solvers see games as arrays, never cases, text or files; none judges itself."""

from __future__ import annotations

from detente.solvers.backward_induction import solve_backward
from detente.solvers.kernel_cache import kernels_are_compiled
from detente.solvers.logit import LogitSettings, solve_logit, solve_qre
from detente.solvers.multistart import OtherEquilibria, other_equilibria
from detente.solvers.solution import BatchSolution, Status

__all__ = [
    "BatchSolution",
    "LogitSettings",
    "OtherEquilibria",
    "Status",
    "kernels_are_compiled",
    "other_equilibria",
    "solve_backward",
    "solve_logit",
    "solve_qre",
]
