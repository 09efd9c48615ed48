"""Settlements: which orders of an agreement's steps carry themselves, and what would make one hold."""

from __future__ import annotations

from detente.game.settlement import SETTLEMENT_CODES, Agreement, AgreementError, Exit, Problem, reciprocal
from detente.solvers.settlement.along import Walk, follow_order
from detente.solvers.settlement.deadlock import Deadlock, Refusal, deadlocks
from detente.solvers.settlement.diagram import Diagram, DrawnMove, DrawnSet, draw_lattice
from detente.solvers.settlement.frontier import guarantee_frontier
from detente.solvers.settlement.ranking import RankedOrder, best_orders
from detente.solvers.settlement.result import Order, Settlement
from detente.solvers.settlement.settle import settle
from detente.solvers.settlement.stopping import Stop, stopping_sets
from detente.solvers.settlement.unlocking import Change, Prices, Remedy, Unlocking, unlock_settlement

__all__ = [
    "SETTLEMENT_CODES",
    "Agreement",
    "AgreementError",
    "Change",
    "Deadlock",
    "Diagram",
    "DrawnMove",
    "DrawnSet",
    "Exit",
    "Order",
    "Prices",
    "Problem",
    "RankedOrder",
    "Refusal",
    "Remedy",
    "Settlement",
    "Stop",
    "Unlocking",
    "Walk",
    "best_orders",
    "deadlocks",
    "draw_lattice",
    "follow_order",
    "guarantee_frontier",
    "reciprocal",
    "settle",
    "stopping_sets",
    "unlock_settlement",
]
