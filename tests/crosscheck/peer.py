"""pygambit in a process of its own, because it can hang or run out of memory: one request a line in, one answer out."""

from __future__ import annotations

import json
import resource
import selectors
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MEMORY = 2 * 2**30
TARGET = 1e-8


def solve(efg: str, first_step: float, max_accel: float) -> dict[str, Any]:
    """Follow the branch to its target regret: the precision there, the regret, and the profile by labels."""
    import io

    import pygambit

    game = pygambit.read_efg(io.StringIO(efg))
    branch = pygambit.qre.logit_solve_branch(game, maxregret=TARGET, first_step=first_step, max_accel=max_accel)
    last = branch[-1]
    profile = game.mixed_behavior_profile(rational=False)
    play: dict[str, dict[str, float]] = {}
    place = 0
    for player in game.players:
        for infoset in player.infosets:
            for action in infoset.actions:
                profile[action] = last[place]
                play.setdefault(infoset.label, {})[action.label] = last[place]
                place += 1
    return {"lam": float(last.lam), "regret": float(profile.agent_max_regret()), "play": play}


def serve() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for line in sys.stdin:
        try:
            answer = solve(**json.loads(line))
        except Exception as error:  # whatever the peer raises is an answer
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


@dataclass
class Peer:
    """The other side: asks, waits for a while, and starts a new process where there is no answer."""

    seconds: float
    _process: subprocess.Popen[str] | None = field(default=None, repr=False)

    def branch_end(self, efg: str, *, first_step: float = 0.03, max_accel: float = 1.1) -> dict[str, Any]:
        """The peer's answer, or ``{"error": why}``."""
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps({"efg": efg, "first_step": first_step, "max_accel": max_accel}) + "\n")
            process.stdin.flush()
            with selectors.DefaultSelector() as selector:
                selector.register(process.stdout, selectors.EVENT_READ)
                ready = bool(selector.select(self.seconds))
            line = process.stdout.readline() if ready else ""
        except BrokenPipeError:
            ready, line = True, ""
        if line:
            return json.loads(line)
        why = "the process died" if ready else "timeout"
        self.close()
        return {"error": why}

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
            self._process = None

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> subprocess.Popen[str]:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__))], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self._process


if __name__ == "__main__":
    serve()
