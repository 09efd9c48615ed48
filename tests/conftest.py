"""Shared by every test: the same examples every time, and no deadline that a busy machine could miss."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("suite", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("suite")
