"""Games in the formats of other programs."""

from __future__ import annotations

from detente.exchange.efg import to_efg

__all__ = ["to_efg"]
