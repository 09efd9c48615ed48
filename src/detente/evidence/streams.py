"""Uniform numbers that depend on (seed, name, draw) alone: more items, draws or chunks change no other number."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.random import Philox

from detente.axes import Floats
from detente.errors import RequestError

WORDS_PER_STEP = 4  # what one counter step of Philox yields, 64 bits each
NUMBERS_PER_STEP = 8  # 32 bits are enough to place a number inside a judged range


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
        if start < 0 or stop < start:
            raise RequestError("draws must not be negative, and the last not before the first")
        steps = -(-width // NUMBERS_PER_STEP)
        digest = hashlib.blake2b(f"{self._seed}\x00evidence\x00{name}".encode(), digest_size=16).digest()
        self._state["state"]["key"][:] = np.frombuffer(digest, dtype="<u8")
        self._state["state"]["counter"][:] = 0
        self._state["buffer_pos"] = WORDS_PER_STEP
        self._generator.state = self._state
        if start:
            self._generator.advance(start * steps)
        words = np.asarray(self._generator.random_raw(WORDS_PER_STEP * steps * (stop - start)), dtype="<u8")
        numbers = words.view("<u4").astype(np.float64)
        numbers += 0.5
        numbers *= 2.0**-32
        return numbers.reshape(-1, NUMBERS_PER_STEP * steps)[:, :width]
