"""What has happened so far, and how likely each way it can have come about is: play goes on from there (rule 24).

The past of a game are the types and every entry of the timeline up to the last move that was observed. It was played
under one posture, whichever posture is asked about. What of it was observed is fixed; what was not (types, moves that
were not seen, events) is drawn by chance with its probability given what was observed. A complete account of the past
is called a *way*: one label for each of its variables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.axes import Floats
from detente.case import Posture


@dataclass(frozen=True, eq=False)
class Past:
    """What has happened.

    Attributes:
        posture: The posture under which it happened.
        moves: Decision -> option, of the moves that were observed.
        position: Timeline position of the last of them; -1 if there is none.
        ways: [ways, past variables] number of each label, ``SKIPPED`` where skipped; the past's variables are the
            types and the first ones of the timeline.
        chances: From [draws, params] parameters to [draws, ways] the probability of each way given its types.
        about: The type that other evidence speaks of; empty without any.
        likelihood: From [draws, params] to [draws, labels] the likelihood of that evidence, on any common scale.
        uses: Columns of the parameters on which the two rest.
    """

    posture: Posture
    moves: Mapping[str, str]
    position: int
    ways: NDArray[np.int16]
    chances: Callable[[Floats], Floats]
    about: str
    likelihood: Callable[[Floats], Floats]
    uses: tuple[int, ...]

    @cached_property
    def numbers(self) -> Mapping[bytes, int]:
        """Number of each way, by its labels."""
        return {row.tobytes(): number for number, row in enumerate(np.ascontiguousarray(self.ways, dtype=np.int16))}

    @cached_property
    def beginnings(self) -> tuple[Mapping[bytes, tuple[int, ...]], ...]:
        """Per column of the ways: what came before it -> the labels that can follow."""
        found: list[Mapping[bytes, tuple[int, ...]]] = []
        for column in range(self.ways.shape[1]):
            following: dict[bytes, set[int]] = {}
            for row in self.ways:
                following.setdefault(beginning(row, column), set()).add(int(row[column]))
            found.append({key: tuple(sorted(labels)) for key, labels in following.items()})
        return tuple(found)


def beginning(row: NDArray[np.int16], column: int) -> bytes:
    """The first columns of a row, as a key."""
    return np.ascontiguousarray(row[:column], dtype=np.int16).tobytes()
