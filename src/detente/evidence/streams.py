"""Uniform numbers that depend on (seed, name, draw) alone: more items, draws or chunks change no other number."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.random import Philox
from numpy.typing import NDArray

from detente.axes import Floats
from detente.errors import RequestError

WORDS_PER_STEP = 4  # what one counter step of Philox yields, 64 bits each
NUMBERS_PER_WORD = 4  # 16 bits place a number inside a judged range to 1 / 65,536 of its width
UNIT = 2.0**-16
"""What a whole number of a stream counts."""


class Streams:
    """Named streams of one seed. One generator is set to the key of each, which is cheaper than a new one."""

    def __init__(self, seed: int):
        """Start at a non-negative seed.

        Raises:
            RequestError: The seed is negative.
        """
        if seed < 0:
            raise RequestError("a seed must not be negative")
        self._seed = seed
        self._generator = Philox(key=0)
        self._state = self._generator.state

    def rows(self, name: str, start: int, stop: int, width: int) -> Floats:
        """[draws, width] numbers strictly between 0 and 1 for the draws `start` to `stop` of one stream.

        Raises:
            RequestError: The draws are negative, or the last is before the first.
        """
        numbers = self.whole(name, start, stop, width).astype(np.float64)
        numbers += 0.5
        numbers *= UNIT
        return numbers

    def whole(self, name: str, start: int, stop: int, width: int) -> NDArray[np.uint16]:
        """[draws, width] the same as whole numbers n below 2**16, each standing for (n + 1/2) `UNIT`.

        Raises:
            RequestError: As for `rows`.
        """
        if start < 0 or stop < start:
            raise RequestError("draws must not be negative, and the last not before the first")
        words = -(-width // NUMBERS_PER_WORD)
        steps, skipped = divmod(start * words, WORDS_PER_STEP)
        digest = hashlib.blake2b(f"{self._seed}\x00evidence\x00{name}".encode(), digest_size=16).digest()
        self._state["state"]["key"][:] = np.frombuffer(digest, dtype="<u8")
        self._state["state"]["counter"][:] = 0
        self._state["buffer_pos"] = WORDS_PER_STEP
        self._generator.state = self._state
        if steps:
            self._generator.advance(steps)
        raw = np.asarray(self._generator.random_raw(skipped + words * (stop - start)), dtype="<u8")
        return raw[skipped:].view("<u2").reshape(-1, NUMBERS_PER_WORD * words)[:, :width]
