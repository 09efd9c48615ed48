"""Whether the compiled kernels are on disk already, and whether what is there is stale.

Compiled code is cached per file, but the outermost kernel inlines the others: after a change in one
of them its cached code must go, which the cache itself does not notice.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any


def _sources() -> list[Path]:
    return sorted(Path(__file__).parent.glob("kernel_*.py"))


def drop_stale_kernels(folder: Path) -> int:
    """Delete cached code that is older than any kernel's source; returns the number of files deleted."""
    newest = max(source.stat().st_mtime for source in _sources())
    cached = [*folder.glob("kernel_*.nbi"), *folder.glob("kernel_*.nbc")]
    if not any(path.stat().st_mtime < newest for path in cached):
        return 0
    for path in cached:
        path.unlink(missing_ok=True)
    return len(cached)


def load_kernel(module: str, name: str) -> Callable[..., Any]:
    """A compiled function of this room, with stale compiled code dropped first; imports numba.

    Args:
        module: Its file, such as ``kernel_batch``.
        name: Its name.
    """
    return import_module("detente.solvers.kernel_jit").compiled(module, name)


def kernels_are_compiled() -> bool:
    """Whether the next solve can start at once; otherwise it compiles first, some 15 to 30 s."""
    folder = Path(import_module("detente.solvers.kernel_jit").probe.stats.cache_path)
    try:
        drop_stale_kernels(folder)
    except OSError:
        return False
    return bool(list(folder.glob("kernel_batch.solve_block*.nbi")))


def load_kernels() -> None:
    """Load what every solve needs now rather than at the first solve; nothing if it is not compiled yet."""
    if kernels_are_compiled():
        for name in ("solve_block", "continue_block"):
            load_kernel("kernel_batch", name)
