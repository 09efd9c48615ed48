"""Refinements as checks: what a certified equilibrium still rests on, and what is wrong with it."""

from __future__ import annotations

from detente.game.refinements.check import check_refinements
from detente.game.refinements.names import Names
from detente.game.refinements.result import Check, Flaw, Refinements
from detente.game.refinements.subgames import subgame_roots

__all__ = ["Check", "Flaw", "Names", "Refinements", "check_refinements", "subgame_roots"]
