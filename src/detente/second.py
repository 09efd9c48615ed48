"""Starting this program once more, as a second process that works on half of a long question.

It takes about a second to start, so it is started before anything heavy is loaded here.
"""

from __future__ import annotations

import os
import subprocess
import sys

Second = subprocess.Popen[bytes]

_COMMAND = "from detente.study.partner import serve; serve()"


def start_second(threads: int | None = None) -> Second | None:
    """A process that waits for a case and for worlds on its standard input, or None if there is no core for it.

    Args:
        threads: Threads asked for; one thread means one process.
    """
    if threads == 1 or (os.cpu_count() or 1) < 2:
        return None
    try:
        return subprocess.Popen(
            [sys.executable, "-c", _COMMAND],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return None


def end_second(process: Second) -> None:
    """End it, whatever it is doing."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        try:
            if pipe is not None:
                pipe.close()
        except OSError:  # what was still to be written is not wanted any more
            pass
