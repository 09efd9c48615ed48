"""The peer: pygambit's own branch on some of the same games, one process, in the same run.

``python -m benchmarks.peer SECONDS`` reads games from standard input, each ended by a line ``#``, and answers with
how long each took and where it ended.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.measure import ROOT, Spread
from detente.axes import Floats
from detente.exchange import write_efg
from detente.game import BuiltGame


@dataclass(frozen=True)
class PeerRun:
    """How the peer did.

    Attributes:
        seconds: Per game; None if it is missing or finished none.
        games: How many games it finished in the time it was given.
        profiles: [actions] its answer to each, in our numbering; None where it gave none.
        why: Why there is nothing to compare with, empty otherwise.
    """

    seconds: Spread | None
    games: int
    profiles: tuple[Floats | None, ...]
    why: str = ""

    @property
    def games_per_s(self) -> float | None:
        return None if self.seconds is None else 1.0 / self.seconds.median


def run_peer(game: BuiltGame, draws: Sequence[int], limit: float, target: float = 1e-8) -> PeerRun:
    """Let pygambit follow the branch of some draws of a game, for so many seconds in all."""
    try:
        import pygambit  # noqa: F401 - only whether it is there
    except ImportError:
        return PeerRun(None, 0, (), "pygambit is not installed")
    if limit < 1.0:
        return PeerRun(None, 0, (), "no time left")
    text = "".join(write_efg(game, draw=draw) + "#\n" for draw in draws)
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.peer", str(limit), str(target)],
        cwd=ROOT, env=dict(os.environ), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        out, _ = process.communicate(text, timeout=limit + 2.0)
    except subprocess.TimeoutExpired:
        process.kill()
        out, _ = process.communicate()
    answers = [json.loads(line) for line in out.splitlines() if line.endswith("}")]
    if not answers:
        return PeerRun(None, 0, (), f"no game in {limit:.0f} s")
    profiles = tuple(None if item["play"] is None else game.profile(item["play"])[0] for item in answers)
    return PeerRun(Spread.of([item["seconds"] for item in answers]), len(answers), profiles)


def serve(limit: float, target: float) -> None:
    """Answer the games on standard input until the time is over."""
    end = time.monotonic() + limit
    for text in sys.stdin.read().split("#\n"):
        if not text.strip() or time.monotonic() > end:
            break
        try:
            print(json.dumps(_timed(text, target)), flush=True)
        except Exception as error:  # whatever the peer raises is its answer to this game
            print(f"{type(error).__name__}: {error}", file=sys.stderr)


def _timed(text: str, target: float) -> dict[str, Any]:
    import pygambit

    game = pygambit.read_efg(io.StringIO(text))
    start = time.perf_counter()
    found = pygambit.nash.logit_solve(game, maxregret=target).equilibria
    spent = time.perf_counter() - start
    if not found:
        return {"seconds": spent, "play": None}
    play = {
        infoset.label: {action.label: float(found[0][action]) for action in infoset.actions}
        for player in game.players
        for infoset in player.infosets
    }
    return {"seconds": spent, "play": play}


if __name__ == "__main__":
    serve(float(sys.argv[1]), float(sys.argv[2]))
