"""What the search over an agreement's orders hands back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.errors import RequestError

Order = tuple[tuple[int, ...], ...]
"""Steps in the order in which they are carried out; those that happen at once together."""


@dataclass(frozen=True, eq=False)
class Settlement:
    """Which orders of an agreement's steps carry themselves, in every world.

    Attributes:
        moves: The steps in groups that happen at once; orders and sets are made of these.
        exists: [draws] whether an order is self-enforcing, up to the declared stopping set.
        believed: [draws] whether the stopping set is reached by steps that each are taken if completion is believed.
            The same as `exists` where nothing fades; weaker where the value of what is to come rests on its order.
        slack: [draws] the largest, over orders, of the least advantage of going on over leaving; below zero, by how
            much every order falls short somewhere.
        order: [draws, moves] the moves of an order with that slack, whether it holds or not.
        guarantee: [draws] the smallest guarantee, the same for every party, that makes an order self-enforcing;
            infinite if no guarantee suffices.
        guaranteed_order: [draws, moves] an order that this guarantee carries; -1 where none suffices.
        value: [draws, parties] what following an order to its end is worth at the outset. Where that rests on the
            order, it is the worth of a self-enforcing order that all would sign, or else of the one with most slack.
        entered: [draws, parties] whether the party would rather have that value than what it has outside.
        orders: Per draw the number of self-enforcing orders; None if they were not counted.
        reached: Per draw the maximal sets that steps taken in the hope of completion lead to; None if not asked for.
    """

    moves: tuple[tuple[int, ...], ...]
    exists: Bools
    believed: Bools
    slack: Floats | None
    order: Ints | None
    guarantee: Floats
    guaranteed_order: Ints
    value: Floats
    entered: Bools
    orders: tuple[int, ...] | None
    reached: tuple[Ints, ...] | None

    @property
    def no_guarantee_suffices(self) -> Bools:
        """[draws] whether somebody leaves who cannot be seen, or punished, whatever the guarantee."""
        return np.isinf(self.guarantee)

    @property
    def signed(self) -> Bools:
        """[draws] whether every party would rather sign than not."""
        return np.logical_and.reduce(self.entered, axis=1)

    def best_order(self, draw: int = 0) -> Order:
        """The order with the largest slack in one world, as steps.

        Raises:
            RequestError: It was not asked for.
        """
        if self.order is None:
            raise RequestError("the order with the largest slack was not looked for; ask with best=True.")
        return self._steps(self.order[draw])

    def order_under_guarantee(self, draw: int = 0) -> Order | None:
        """An order that the smallest uniform guarantee carries; None if no guarantee suffices."""
        return None if self.no_guarantee_suffices[draw] else self._steps(self.guaranteed_order[draw])

    def maximal_sets(self, draw: int = 0) -> tuple[tuple[int, ...], ...]:
        """The maximal sets of completed steps that are reached if completion is believed; empty if not asked for."""
        if self.reached is None:
            return ()
        return tuple(
            tuple(sorted(step for k, move in enumerate(self.moves) if int(mask) >> k & 1 for step in move))
            for mask in self.reached[draw]
        )

    def _steps(self, order: Ints) -> Order:
        return tuple(self.moves[int(k)] for k in order)
