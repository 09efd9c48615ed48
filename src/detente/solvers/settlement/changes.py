"""Other ways to cut the same agreement: a step in parts, or moves that happen at once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from detente.axes import Floats
from detente.game.settlement import Agreement


def split_step(agreement: Agreement, step: int, parts: int) -> Agreement:
    """One step carried out in equal parts, one after the other.

    The first part keeps the number and the prerequisites of the step; the others get new numbers, each waits for the
    one before it, and what waited for the step waits for the last. Benefits, costs of undoing and what the step adds
    to grabs are divided evenly.

    Args:
        agreement: The agreement.
        step: Number of a step that is in no bundle.
        parts: Number of parts, at least 1.
    """
    if parts == 1:
        return agreement
    old = agreement.num_steps
    chain = [step, *range(old, old + parts - 1)]
    before = [tuple(chain[-1] if other == step else other for other in item) for item in agreement.prerequisites]
    before += [(earlier,) for earlier in chain[:-1]]

    def shared(array: Floats | float) -> Floats:
        numbers = np.array(array)
        numbers[:, step] /= parts
        return np.concatenate([numbers, np.repeat(numbers[:, step : step + 1], parts - 1, axis=1)], axis=1)

    stop = agreement.stop
    return agreement.changed(
        benefit=shared(agreement.benefit),
        performers=(*agreement.performers, *[agreement.performers[step]] * (parts - 1)),
        prerequisites=tuple(before),
        undoer=(*agreement.undoer, *[agreement.undoer[step]] * (parts - 1)),
        undo_cost=shared(agreement.undo_cost),
        grab_step=shared(agreement.grab_step),
        stop=None if stop is None else (*stop, *chain[1:]),
    )


def merge_moves(agreement: Agreement, steps: Iterable[int]) -> Agreement:
    """The moves that hold these steps made to happen at once.

    Raises:
        AgreementError: With code S005 if one of them has to come before another.
    """
    together = set(steps)
    for bundle in agreement.bundles:
        if together & set(bundle):
            together |= set(bundle)
    rest = tuple(bundle for bundle in agreement.bundles if not together & set(bundle))
    return agreement.changed(bundles=(*rest, tuple(sorted(together))))
