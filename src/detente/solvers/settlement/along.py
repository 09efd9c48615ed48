"""One order followed to its end: what going on and leaving are worth at each move of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats
from detente.errors import RequestError
from detente.game.settlement import Agreement
from detente.solvers.settlement.lattice import build_lattice, stakes


@dataclass(frozen=True, eq=False)
class Walk:
    """An order, move by move.

    Attributes:
        moves: Per move its steps.
        advantage: [moves, parties] what going on is worth beyond leaving, before the move.
        may_leave: [moves, parties] whether the party may leave there.
        value: [parties] what following the order to its end is worth at the outset.
        slack: The least advantage of those who may leave.
    """

    moves: tuple[tuple[int, ...], ...]
    advantage: Floats
    may_leave: Bools
    value: Floats

    @property
    def slack_by_move(self) -> Floats:
        """[moves] the least advantage, before each move, of those who may leave; infinite where nobody may."""
        return np.where(self.may_leave, self.advantage, np.inf).min(axis=1)

    @property
    def slack(self) -> float:
        """The least advantage of all."""
        return float(self.slack_by_move.min())


def follow_order(agreement: Agreement, order: Sequence[Sequence[int]], draw: int = 0) -> Walk:
    """What going on and leaving are worth along one order.

    Args:
        agreement: The agreement.
        order: Its moves, each as its steps, in the order in which they are carried out.
        draw: Number of the world.

    Raises:
        RequestError: The order leaves out a move, has one twice, or puts one before its prerequisites.
    """
    one = agreement.draw(draw)
    lattice = build_lattice(one)
    by_steps = {tuple(sorted(move)): k for k, move in enumerate(lattice.moves)}
    path = [by_steps.get(tuple(sorted(move)), -1) for move in order]
    done = 0
    for k in path:
        if k < 0 or int(lattice.before[k]) & ~done:
            raise RequestError(f"{list(order)} is no order of these steps: look at prerequisites and bundles.")
        done |= 1 << k
    if done != (1 << lattice.num_moves) - 1 or len(path) != lattice.num_moves:
        raise RequestError(f"{list(order)} is no order of all these steps.")
    terms = stakes(one, lattice)
    benefit, undo = terms.benefit[0][path], terms.undo[0][path]
    undone = np.vstack([np.zeros_like(undo[:1]), np.cumsum(undo, axis=0)])
    grabs = terms.grab[0] + np.vstack([np.zeros_like(undo[:1]), np.cumsum(terms.grab_move[0][path], axis=0)])
    let_pass = 1.0 - float(np.asarray(one.peacekeepers)[0])
    discount, collapse = float(np.asarray(one.discount)[0]), float(np.asarray(one.collapse)[0])
    ahead = np.empty_like(benefit)
    for k in reversed(range(len(path))):
        if k == len(path) - 1:
            ahead[k] = benefit[k] + terms.prize[0]
        else:
            ahead[k] = benefit[k] + discount * ((1.0 - collapse) * ahead[k + 1] + collapse * undone[k + 1])
    leaving = undone[:-1] + let_pass * np.maximum(0.0, grabs[:-1]) - terms.penalty[0]
    may_leave = lattice.member[lattice.group[path]]
    return Walk(tuple(lattice.moves[k] for k in path), ahead - leaving, may_leave, ahead[0])
