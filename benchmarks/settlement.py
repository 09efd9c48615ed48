"""How long the search over orders of an agreement takes: `python -m benchmarks.settlement [moves draws ...]`.

Random exchanges between two parties without prerequisites, the case with most sets. Without arguments: 14 moves with
8 designs of 1,000 worlds each, everything; 20 moves with fewer worlds, existence and smallest guarantee, and what 8,000
would take at that rate; 24 moves once. Prints a table in Markdown.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np

from benchmarks.measure import machine, table
from detente.solvers.settlement import Agreement, settle

DESIGNS = 8


def deal(moves: int, draws: int, seed: int) -> Agreement:
    """Steps of two parties in turn, with costs, benefits, undoing and grabs that differ, and two guarantees."""
    rng = np.random.default_rng(seed)
    owner = np.arange(moves) % 2
    benefit = np.empty((draws, moves, 2))
    rows = np.arange(moves)
    benefit[:, rows, owner] = -rng.uniform(0.1, 1.0, (draws, moves))
    benefit[:, rows, 1 - owner] = rng.uniform(0.1, 1.5, (draws, moves))
    return Agreement(
        benefit,
        tuple((int(i),) for i in owner),
        undoer=tuple(int(i) if k % 3 == 0 else None for k, i in enumerate(owner)),
        undo_cost=rng.uniform(0.0, 0.5, (draws, moves)),
        dividend=rng.uniform(0.0, 1.0, (draws, 2)),
        grab=rng.uniform(-0.5, 0.5, (draws, 2)),
        grab_step=rng.uniform(0.0, 0.1, (draws, moves, 2)),
        peacekeepers=rng.uniform(0.0, 0.5, draws),
        monitoring=rng.uniform(0.6, 1.0, (draws, 2)),
        guarantee=rng.uniform(0.0, 1.0, (draws, 2)),
    )


def measure(moves: int, draws: int, designs: int, everything: bool) -> list[object]:
    """One row of the table."""
    deals = [deal(moves, draws, seed) for seed in range(designs)]
    begin, busy = time.perf_counter(), time.process_time()
    share = np.mean([settle(item, best=everything, count=everything, reach=everything).exists.mean() for item in deals])
    seconds, busy = time.perf_counter() - begin, time.process_time() - busy
    full = seconds * 8000 / (draws * designs) if draws * designs > 1 else None
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    asked = "everything" if everything else "existence, guarantee and its order"
    return [moves, designs, draws, asked, seconds, busy, full, memory, float(share)]


def main(arguments: list[str]) -> None:
    settle(deal(3, 2, 0))  # compiles
    if arguments:
        plan = [(int(n), int(d), 1, int(n) <= 16) for n, d in zip(arguments[::2], arguments[1::2], strict=True)]
    else:
        plan = [(14, 1000, DESIGNS, True), (20, 192, 1, False), (24, 1, 1, False)]
    rows = [measure(*item) for item in plan]
    head = [
        "moves",
        "designs",
        "worlds",
        "asked",
        "s",
        "core s",
        "s for 8,000",
        "most GB so far",
        "share with an order",
    ]
    print(machine())
    print(table(head, rows))


if __name__ == "__main__":
    main(sys.argv[1:])
