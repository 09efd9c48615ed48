"""Compiling for the first time on two cores: a second process compiles the polish while the first does the tracing.

Compiled functions go to disk one by one, so what one process has finished the other finds there. If the second
fails or is late, the first compiles everything itself: nothing depends on it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache

_COMMAND = "from detente.solvers.kernel_second import compile_polish; compile_polish()"


@cache
def start_second_compiler() -> subprocess.Popen[bytes] | None:
    """Start the second process, once, where there is more than one core."""
    if (os.cpu_count() or 1) < 2:
        return None
    quiet = subprocess.DEVNULL
    try:
        return subprocess.Popen([sys.executable, "-c", _COMMAND], stdin=quiet, stdout=quiet, stderr=quiet)
    except OSError:
        return None


def compile_polish() -> None:
    """What the second process does."""
    from detente.solvers.kernel_jit import compiled

    compiled("kernel_polish", "polish")
