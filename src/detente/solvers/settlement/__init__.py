"""Settlements: which orders of an agreement's steps carry themselves, and what would make one hold."""

from __future__ import annotations

from detente.solvers.settlement.agreement import Agreement, Exit, reciprocal
from detente.solvers.settlement.deadlock import Deadlock, Refusal, deadlocks
from detente.solvers.settlement.frontier import guarantee_frontier
from detente.solvers.settlement.problems import SETTLEMENT_CODES, AgreementError, Problem
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
    "Exit",
    "Order",
    "Prices",
    "Problem",
    "Refusal",
    "Remedy",
    "Settlement",
    "Stop",
    "Unlocking",
    "deadlocks",
    "guarantee_frontier",
    "reciprocal",
    "settle",
    "stopping_sets",
    "unlock_settlement",
]
