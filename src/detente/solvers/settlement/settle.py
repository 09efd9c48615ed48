"""Which orders of an agreement's steps are self-enforcing: the search over the lattice of completed sets."""

from __future__ import annotations

import numpy as np

from detente.axes import Floats, Ints
from detente.game.settlement import MOST_FADING, MOST_MOVES, Agreement
from detente.solvers.settlement.fading import Asked, settle_fading
from detente.solvers.settlement.lattice import build_lattice
from detente.solvers.settlement.passes import Passes, as_it_is, uniform_guarantee
from detente.solvers.settlement.result import Settlement


def settle(
    agreement: Agreement,
    *,
    best: bool = True,
    count: bool = True,
    reach: bool = True,
    guarantee: bool = True,
    threads: int | None = None,
) -> Settlement:
    """Look for orders that nobody who may leave would rather break, in every world at once.

    Exact: all sets of completed steps that the prerequisites allow are passed over, 2^n at most, never the n! orders.

    Args:
        agreement: The agreement, of up to 24 moves (steps that happen at once are one); 12 if what is to come fades.
        best: Whether to look for the order with the largest slack.
        count: Whether to count the self-enforcing orders.
        reach: Whether to list the maximal sets that steps taken in the hope of completion lead to.
        guarantee: Whether to look for the smallest guarantee; without it that is NaN, and its order -1.
        threads: Threads at work; None for one per core.

    Raises:
        AgreementError: With code S009 if there are too many moves.
    """
    if agreement.fades:
        lattice = build_lattice(agreement, MOST_FADING, "Where what is still to come fades, an answer")
        return settle_fading(agreement, lattice, Asked(best, count, reach, guarantee))
    lattice = build_lattice(agreement, MOST_MOVES)
    passes = Passes(agreement, lattice, threads)
    terms = passes.terms
    exists = np.zeros(agreement.num_draws, dtype=np.bool_)
    orders = [0] * agreement.num_draws
    reached: list[Ints] = [np.empty(0, dtype=np.int32)] * agreement.num_draws

    def look(worlds: slice) -> None:
        words, open_ = passes.reach(worlds, count)
        lanes = worlds.stop - worlds.start
        exists[worlds] = [bool(int(words[-1]) >> d & 1) for d in range(lanes)]
        if count:
            orders[worlds] = passes.count(open_, lanes)
        if reach:
            reached[worlds] = passes.maximal(words, lanes)

    passes.each_block(look)
    draws = agreement.num_draws
    needed, guaranteed = np.full(draws, np.nan), np.full((draws, lattice.num_moves), -1, dtype=np.int32)
    if guarantee:
        needed, guaranteed = passes.bottleneck(uniform_guarantee(agreement, terms))
    lost, order = _slack(agreement, passes, needed, guaranteed) if best else (None, None)
    value = terms.total
    return Settlement(
        moves=lattice.moves,
        exists=exists,
        believed=exists,
        slack=None if lost is None else -lost,
        order=order,
        guarantee=np.maximum(needed, 0.0),
        guaranteed_order=guaranteed,
        value=value,
        entered=value >= np.asarray(agreement.outside) - terms.tol,
        orders=tuple(orders) if count else None,
        reached=tuple(reached) if reach else None,
    )


def _slack(agreement: Agreement, passes: Passes, guarantee: Floats, order: Ints) -> tuple[Floats, Ints]:
    """Least shortfall and its order; no pass of its own where penalties fall on all alike."""
    seen, fine = np.asarray(agreement.monitoring), passes.terms.penalty
    alike = (seen == seen[:, :1]).all() and (fine == fine[:, :1]).all() and (seen > 0.0).all()
    if alike and not np.isnan(guarantee).any():
        return guarantee * seen[:, 0] - fine[:, 0], order
    return passes.bottleneck(as_it_is(passes.terms))
