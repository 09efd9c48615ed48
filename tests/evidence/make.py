"""Small sets of evidence for tests."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import numpy as np

from detente.evidence import Evidence, Item, read_likelihood

START = date(2021, 12, 1)


def item(name: str, cells: Sequence, day: int = 0, *, r: float = 1.0, group: str = "") -> Item:
    return Item(name, START + timedelta(day), tuple(read_likelihood(cell) for cell in cells), r=r, group=group)


def evidence(*items: Item, types: str = "ab", rho: float = 1.0) -> Evidence:
    return Evidence.of(tuple(types), items, other=rho)


def vertices(low: np.ndarray, high: np.ndarray) -> Iterator[np.ndarray]:
    """Every array that takes each cell at one of its two ends."""
    ranged = np.argwhere(high > low)
    for ends in itertools.product((0, 1), repeat=len(ranged)):
        cells = low.copy()
        for where, end in zip(ranged, ends, strict=True):
            cells[tuple(where)] = (low, high)[end][tuple(where)]
        yield cells


def group_likelihood(rows: np.ndarray, rho: float) -> np.ndarray:
    """The latent-origin model written out: [reports, types] likelihoods on the scale of each report -> [types]."""
    return rho * rows.min(axis=0) + (1 - rho) * rows.prod(axis=0)
