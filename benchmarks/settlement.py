"""How long the search over orders of an agreement takes: `python -m benchmarks.settlement [moves draws ...]`.

Random exchanges between two parties without prerequisites, the case with most sets. Without arguments: 14 moves with
8 designs of 1,000 worlds each, everything; 20 moves with fewer worlds, existence and smallest guarantee, and what 8,000
would take at that rate; 24 moves once; and, through the case language as `detente settle` asks it, 14 moves with 8
designs of 1,000 worlds, with deadlocks, remedies and what each verdict turns on. `full` adds 20 moves with 8 designs of
1,000 worlds, which takes minutes. Prints a table in Markdown.
"""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import replace

import numpy as np

from benchmarks.measure import machine, table
from detente.case import loads
from detente.solvers.settlement import Agreement, settle
from detente.study import SettleSettings
from detente.study import settle as ask

DESIGNS = 8
HEAD = ["moves", "designs", "worlds", "asked", "s", "core s", "s for 8,000", "most GB so far", "share with an order"]


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


def case_text(moves: int, designs: int, seed: int = 0) -> str:
    """A case with a settlement of two parties who take turns; designs differ in guarantee and peacekeepers."""
    rng = np.random.default_rng(seed)
    numbers: dict[str, float] = {}

    def named(name: str, low: float, high: float) -> str:
        numbers[name] = round(float(rng.uniform(low, high)), 4)
        return name

    steps: list[str] = []
    for k in range(moves):
        own, other = ("A", "B") if k % 2 == 0 else ("B", "A")
        steps += [f"    s{k}:", "      says: A step.", f"      by: {own}", "      benefit:"]
        steps += [f"        {own}: -{named(f'c{k}', 0.1, 1.0)}", f"        {other}: {named(f'b{k}', 0.1, 1.2)}"]
        if k % 3 == 0:
            steps += ["      undo:", f"        by: {own}", f"        cost: {named(f'u{k}', 0.0, 0.5)}"]
        steps += ["      grab:", f"        {own}: {named(f'g{k}', 0.0, 0.1)}"]
    made = [f"    d{d}:\n      guarantee: {named(f'p{d}', 0.0, 0.4)}\n" for d in range(designs)]
    extra = [f"      peacekeepers: {named(f'k{d}', 0.0, 0.5)}\n" for d in range(designs)]
    declared = "".join(
        f"  {name}:\n    value: {value}\n    range: [{0.8 * value:.5f}, {1.2 * value:.5f}]\n"
        for name, value in numbers.items()
    )
    return (
        "case: bench\ntitle: Bench\nactors:\n  A: A\n  B: B\nparameters:\n"
        + declared
        + "settlement:\n  parties: [A, B]\n  steps:\n"
        + "\n".join(steps)
        + "\n  designs:\n"
        + "".join(a + b for a, b in zip(made, extra, strict=True))
    )


def measure_case(moves: int, draws: int, everything: bool) -> list[object]:
    """One row of the table, through the case language."""
    case = loads(case_text(moves, DESIGNS))
    chosen = SettleSettings(draws=draws)
    if not everything:
        chosen = replace(chosen, orders=1, sweep_points=0, most_changes=0, frontier=False)
    begin, busy = time.perf_counter(), time.process_time()
    answer = ask(case, chosen)
    seconds, busy = time.perf_counter() - begin, time.process_time() - busy
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    asked = "case: everything" if everything else "case: existence and guarantee"
    share = float(np.mean([item.share_exists for item in answer.designs]))
    return [moves, DESIGNS, draws, asked, seconds, busy, seconds * 1000 / draws, memory, share]


def main(arguments: list[str]) -> None:
    settle(deal(3, 2, 0))  # compiles
    if arguments == ["case"]:
        print(table(HEAD, [measure_case(14, 1000, True)]))
        return
    full = arguments == ["full"]
    if arguments and not full:
        plan = [(int(n), int(d), 1, int(n) <= 16) for n, d in zip(arguments[::2], arguments[1::2], strict=True)]
    else:
        plan = [(14, 1000, DESIGNS, True), (20, 192, 1, False), (24, 1, 1, False)]
    rows = [measure(*item) for item in plan]
    if full or not arguments:
        rows.append(measure_case(14, 1000, True))
    if full:
        rows.append(measure_case(20, 1000, False))
    print(machine())
    print(table(HEAD, rows))


if __name__ == "__main__":
    main(sys.argv[1:])
