"""All the equilibria of small games: Nash components by linear programs, supports, and sequential representatives."""

from __future__ import annotations

from detente.solvers.support.all_equilibria import all_equilibria
from detente.solvers.support.result import Component, EquilibriumSet

__all__ = ["Component", "EquilibriumSet", "all_equilibria"]
