"""How kernels are compiled and kept on disk."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numba import config, njit, types

from detente.solvers.kernel_cache import drop_stale_kernels, kernels_are_compiled
from detente.solvers.kernel_second import start_second_compiler

NONE = np.int64(0)

TYPES = {
    "N": types.int64[::1],
    "F": types.float64[::1],
    "F2": types.float64[:, ::1],
    "F3": types.float64[:, :, ::1],
    "U": types.uint8[::1],
    "B": types.boolean[::1],
    "S": types.int8[::1],
    "I": types.int32[::1],
    "f": types.float64,
    "b": types.boolean,
}
ENTRIES = {
    "solve_block": "N F f F F U F3 F2 F2 F2 F2 F2 F3 S I F",
    "continue_block": "N F F f F3 F2 F2 B F2 F2 F3 S",
    "best_chord": "F F f f F",
    "polish": "N F f b f F f",
}
"""Types of the arguments of the kernels that Python calls, and of one that a second process compiles."""

EFFORT = 1  # of LLVM: a third less time to compile than with its highest level, and no slower a kernel (measured)


def kernel(function: Any) -> Any:
    """Compile a function when it is first called, and keep it on disk.

    Kernels take the two arrays of `kernel_layout` and plain numbers. The constant zero is passed as `NONE`:
    numba would compile the callee once more for every literal that it sees.
    """
    _drop_stale()
    return njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})(function)


@cache
def compiled(module: str, name: str) -> Any:
    """A kernel that Python calls, compiled or taken from disk.

    Args:
        module: Its file in this folder, such as ``kernel_batch``.
        name: Its name, a key of `ENTRIES`.
    """
    if name == "solve_block" and not kernels_are_compiled():
        start_second_compiler()
    function = getattr(import_module(f"detente.solvers.{module}"), name)
    with _compiling, _lightly():
        function.compile(tuple(TYPES[key] for key in ENTRIES[name].split()))
    return function


@contextmanager
def _lightly() -> Generator[None, None, None]:
    """Compile with little effort of LLVM and without pauses to look for garbage, of which there is none."""
    usual, collecting = config.OPT, gc.isenabled()
    config.OPT = type(usual)(EFFORT)
    gc.disable()
    try:
        yield
    finally:
        config.OPT = usual
        if collecting:
            gc.enable()


_compiling = Lock()


@njit(cache=True)
def probe() -> int:  # pragma: no cover - never called
    """Never called and never compiled: it knows in which folder compiled code is kept."""
    return 0


@cache
def _drop_stale() -> None:
    """Before the first kernel of a process is taken from disk or compiled: one stale kernel would spoil all."""
    with suppress(OSError):
        drop_stale_kernels(Path(probe.stats.cache_path))
