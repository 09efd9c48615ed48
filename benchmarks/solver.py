"""How fast the logit branch is followed: equilibria per second, against pygambit on one of the same games.

Uses the postures of `ukraine-2021`. Compilation is timed apart; medians over repeats, one and all threads.
"""

from __future__ import annotations

import io
import os
import statistics
import time

import numpy as np

import detente
from detente.compiler import compile_posture, play_ranges
from detente.ensemble import draw_parameters
from detente.exchange import to_efg
from detente.game import certify
from detente.solvers import kernels_are_compiled, solve_logit

POSTURES = ("telegraph_severe", "ambiguous")
REPEATS = 5


def peer_seconds(compiled, numbers, repeats: int = 3) -> float | None:
    """Median seconds of pygambit's own branch on the same game; None where pygambit is not installed."""
    try:
        import pygambit
    except ImportError:
        return None
    spent = []
    for draw in range(repeats):
        game = pygambit.read_efg(io.StringIO(to_efg(compiled, numbers, draw)))
        start = time.perf_counter()
        pygambit.nash.logit_solve(game, maxregret=1e-6)
        spent.append(time.perf_counter() - start)
    return statistics.median(spent)


def main(draws: int = 400) -> None:
    case = detente.load("ukraine-2021")
    theta = draw_parameters(case, 0, 0, draws)
    every = [compile_posture(case, posture) for posture in case.postures]
    scale = play_ranges(every, theta)
    warm = kernels_are_compiled()
    start = time.perf_counter()
    first = every[0].numbers(theta[:1])
    solve_logit(every[0].shape, first, scale[:1])
    print(f"first solve: {time.perf_counter() - start:.1f} s, kernels {'on disk' if warm else 'compiled'}\n")
    print("| game | nodes | threads | games/s, median | min | max | certified | pygambit s/game | ratio |")
    print("| --- | --: | --: | --: | --: | --: | --: | --: | --: |")
    for name in POSTURES:
        compiled = next(item for item in every if item.posture.name == name)
        numbers = compiled.numbers(theta)
        peer = peer_seconds(compiled, numbers)
        for threads in sorted({1, os.cpu_count() or 1}):
            rates = []
            for _ in range(REPEATS):
                start = time.perf_counter()
                solution = solve_logit(compiled.shape, numbers, scale, threads=threads)
                rates.append(draws / (time.perf_counter() - start))
            good = float(np.mean(certify(compiled.shape, numbers, solution.assessment, scale).certified))
            rate = statistics.median(rates)
            versus = "" if peer is None else f"{peer:.2f}"
            ratio = "" if peer is None else f"{rate * peer:,.0f}"
            print(
                f"| {name} | {compiled.size.nodes} | {threads} | {rate:,.0f} | {min(rates):,.0f} | {max(rates):,.0f} "
                f"| {good:.1%} | {versus} | {ratio} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
