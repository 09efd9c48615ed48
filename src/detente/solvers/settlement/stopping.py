"""Stopping short: to which sets of completed steps an agreement would carry, if it were declared to end there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.game.settlement import Agreement
from detente.solvers.settlement.lattice import build_lattice
from detente.solvers.settlement.passes import Passes, as_it_is
from detente.solvers.settlement.settle import settle

MOST_STOPS = 12


@dataclass(frozen=True)
class Stop:
    """A set of steps at which the parties could declare to stop.

    Attributes:
        steps: The steps, in order.
        rests: Whether no party that may leave an agreement would do so once they are complete, the penalty counted.
        largest: Whether no larger set can be carried out in this way.
    """

    steps: tuple[int, ...]
    rests: bool
    largest: bool


def stopping_sets(agreement: Agreement, draw: int = 0) -> tuple[Stop, ...]:
    """Every set of steps to which a self-enforcing order leads when it is declared to be the end.

    The value of stopping at a set is that of its steps; the dividend comes only with all of them. This is the stricter
    of the two senses in which an agreement can be carried out in part: each step is taken by somebody who
    gains by what will in fact follow. (`Settlement.maximal_sets` is the other: steps taken in the hope of completion.)

    Args:
        agreement: The agreement, of up to 12 moves; its own stopping set plays no part.
        draw: Number of the world.

    Returns:
        The sets that are not empty, smaller ones first.

    Raises:
        AgreementError: With code S009 if there are more than 12 moves.
    """
    one = agreement.draw(draw).changed(stop=None)
    lattice = build_lattice(one, MOST_STOPS, "Sets to stop at")
    masks = sorted((int(mask) for mask in lattice.sets if mask), key=lambda mask: (mask.bit_count(), mask))
    found: dict[int, bool] = {}
    for mask in masks:
        short = one.changed(stop=lattice.steps(mask))
        if settle(short, best=False, count=False, reach=False, threads=1).exists[0]:
            found[mask] = _rests(short)
    return tuple(
        Stop(lattice.steps(mask), rests, not any(other != mask and other & mask == mask for other in found))
        for mask, rests in found.items()
    )


def _rests(agreement: Agreement) -> bool:
    """Whether nobody gains by leaving once the stopping set is complete."""
    lattice = build_lattice(agreement)
    terms = Passes(agreement, lattice, 1).terms
    share = 1.0 - np.asarray(agreement.peacekeepers)
    grab = np.maximum(0.0, terms.grab + terms.grab_move.sum(axis=1)) * share[:, None]
    gain = terms.undo.sum(axis=1) + grab - as_it_is(terms).cost - terms.prize
    return bool((gain <= terms.tol).all())
