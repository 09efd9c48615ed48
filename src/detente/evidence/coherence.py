"""Judgments that contradict the rules of probability, mended by the nearest ones that do not.

If one of several things must happen, their probabilities sum to 1: an item and its absence, the outcomes of an
indicator, the types. People's do not always. The repair is the nearest set in Euclid that adds up (the coherence
approximation of Osherson and Vardi 2006), and it is shown, not hidden. That two analysts differ is no incoherence
and is not repaired here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.axes import Floats
from detente.errors import RequestError
from detente.evidence.prior import nearest_distribution

NOTICEABLE = 1e-6  # probabilities moved by less than this count as rounding


@dataclass(frozen=True, eq=False)
class Repair:
    """Judgments before and after.

    Attributes:
        alternatives: Names of what is judged; exactly one of them happens.
        given: [..., alternatives] probabilities as judged.
        repaired: [..., alternatives] the nearest ones that sum to 1.
        total: [...] what the judged probabilities summed to.
        moved: [...] Euclidean distance between the two.
    """

    alternatives: tuple[str, ...]
    given: Floats
    repaired: Floats
    total: Floats
    moved: Floats

    @property
    def needed(self) -> bool:
        """Whether anything had to be moved."""
        return bool((self.moved > NOTICEABLE).any())

    @property
    def sentence(self) -> str:
        """What was done, in one sentence."""
        names = ", ".join(self.alternatives)
        if not self.needed:
            return f"The probabilities of {names} add up."
        where = np.unravel_index(int(self.moved.argmax()), self.moved.shape)
        before = ", ".join(f"{value:.3g}" for value in self.given[where])
        after = ", ".join(f"{value:.3g}" for value in self.repaired[where])
        count = int((self.moved > NOTICEABLE).sum())
        most = f"; the largest of {count} repairs" if count > 1 else ""
        return (
            f"The probabilities of {names} were given as {before}, which sum to {self.total[where]:.4g}; "
            f"{after} is the nearest set that sums to 1{most}."
        )


def repair_alternatives(alternatives: Sequence[str], given: Floats, *, floor: float = 0.0) -> Repair:
    """The nearest probabilities of exhaustive and exclusive alternatives.

    Args:
        alternatives: Their names, at least two.
        given: [..., alternatives] probabilities as judged, one row per type, item or analyst.
        floor: Least probability of an alternative after the repair, such as 0.01 for likelihoods, which must not be 0.

    Raises:
        RequestError: A number is not a probability, or the floor leaves no room.
    """
    given = np.asarray(given, dtype=np.float64)
    size = len(alternatives)
    if size < 2 or given.shape[-1:] != (size,):
        raise RequestError(f"{size} alternatives need as many probabilities each, at least two, not {given.shape[-1:]}")
    if not (np.isfinite(given).all() and (given >= 0).all() and (given <= 1).all()):
        raise RequestError(f"the judged probabilities of {', '.join(alternatives)} are not all between 0 and 1")
    if not 0.0 <= floor * size <= 1.0:
        raise RequestError(f"{size} alternatives cannot all have a probability of at least {floor}")
    total = given.sum(axis=-1)
    sound = (np.abs(total - 1.0) <= 1e-12) & (given >= floor).all(axis=-1)
    repaired = np.where(sound[..., None], given, nearest_distribution(given, floor, 1.0))
    moved = np.sqrt(((repaired - given) ** 2).sum(axis=-1))
    return Repair(tuple(alternatives), given, repaired, total, moved)


def repair_complement(item: str, given: Floats, absent: Floats, *, floor: float = 0.01) -> Repair:
    """The same for an item and its absence: each moves by half of what they sum to above or below 1.

    Args:
        item: Name of the item.
        given: [...] probability of the item.
        absent: [...] probability of its absence, judged apart.
        floor: Least probability after the repair.
    """
    return repair_alternatives((item, f"not {item}"), np.stack([given, absent], axis=-1), floor=floor)
