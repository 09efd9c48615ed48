"""Equilibria a second against the size of the tree, each row in a process of its own with a limit on its time.

``python -m benchmarks.sizes FAMILY SIZE SECONDS`` measures one row and prints it in JSON.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.families import FAMILIES, SIZES, ranges
from benchmarks.measure import Clock, child, peak_mb, seconds, table
from benchmarks.peer import run_peer
from detente.game import BuiltGame, TreeShape, certify
from detente.solvers import solve_backward, solve_logit
from detente.solvers.logit import plan_of
from detente.solvers.sparse import is_large
from detente.solvers.sparse_system import pattern_of

ROW_SECONDS = 30.0
SMALL_SECONDS = 18.0  # for the smallest of each family
PEER_SECONDS = 12.0
LEAST_SECONDS = 5.0
START_SECONDS = 8.0  # to start a process, load the kernels and write the answer
MOST_DRAWS = 1_000
PEER_NODES = 300  # larger trees would take the peer minutes a game


def run(clock: Clock) -> list[dict[str, Any]]:
    """Measure every row that there is time for, print the table, and return the rows."""
    rows: list[dict[str, Any]] = []
    _load_kernels()
    every = sorted((SIZES[family].index(size), family, size) for family, sizes in SIZES.items() for size in sizes)
    for place, (order, family, size) in enumerate(every):
        share = 1.5 * clock.left / (len(every) - place)  # small rows leave some of theirs to others
        limit = min(ROW_SECONDS if order else SMALL_SECONDS, share)
        if limit < LEAST_SECONDS:
            rows.append({"family": family, "size": size, "failed": "no time left"})
            continue
        row = child("benchmarks.sizes", family, str(size), str(limit), limit=limit + START_SECONDS)
        rows.append({"family": family, "size": size, **row})
    print(
        "\n## Size of the tree\n\nSet-up (the plan, or the layout of the sparse system) and first draw apart; where "
        "more than one draw fits, two threads, sparse systems one. pygambit on one of the same games.\n"
    )
    head = ("family", "size", "nodes", "sets", "unknowns", "system", "draws", "games/s", "certified", "set-up s",
            "first draw s", "steps", "peak MB", "pygambit s/game", "ratio")  # fmt: skip
    print(table(head, [_cells(row) for row in rows]))
    return rows


def _load_kernels() -> None:
    """Compile before any row is timed."""
    game = FAMILIES["crisis, T types a side"](1, 1, 1)
    solve_logit(game.shape, game.numbers, ranges(game.numbers.payoff), threads=1)


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    if "nodes" not in row:
        return (row["family"], row["size"], *[None] * 5, row["failed"], *[None] * 7)
    share = f"{row['certified_share']:.0%}"
    others = {name: count for name, count in row["statuses"].items() if name != "converged"}
    if others:
        share += " (" + ", ".join(f"{count} {name}" for name, count in others.items()) + ")"
    keys = ("setup_s", "first_s", "first_steps", "peak_mb")
    peer = row.get("pygambit_s") or row.get("peer_why", "not asked")
    front = ("family", "size", "nodes", "infosets", "unknowns", "system", "draws", "games_per_s")
    return (*(row[key] for key in front), share, *(row[key] for key in keys), peer, row.get("ratio"))


def _set_up(shape: TreeShape) -> tuple[str, int]:
    """Prepare a shape as the solver would; which system it is, and its unknowns."""
    if is_large(shape, plan_of, None):
        pattern_of(shape)
        return "sparse", shape.num_actions - shape.num_infosets
    return "dense", plan_of(shape).num_unknowns


def measure(family: str, size: int, limit: float) -> dict[str, Any]:
    """One row: the plan, one draw, then as many draws as fit into half of the time."""
    end = time.monotonic() + limit
    _load_kernels()
    build_s, game = seconds(lambda: FAMILIES[family](size, 1, 1))
    shape = game.shape
    setup_s, (system, unknowns) = seconds(lambda: _set_up(shape))
    scale = ranges(game.numbers.payoff)
    left = max(1.0, end - time.monotonic())
    first_s, solution = seconds(lambda: solve_logit(shape, game.numbers, scale, threads=1, time_budget=left))
    first_steps = int(solution.steps[0])
    draws = _affordable(game, first_s, 0.25 * max(0.0, end - time.monotonic()))
    took = first_s
    if draws > 1:
        game = FAMILIES[family](size, draws, 1) if shape.num_nodes * draws < 400_000 else _moved(game, draws)
        scale = ranges(game.numbers.payoff)
        left = max(1.0, end - time.monotonic())
        took, solution = seconds(lambda: solve_logit(game.shape, game.numbers, scale, threads=2, time_budget=left))
    certificate = certify(game.shape, game.numbers, solution.assessment, scale)
    row = {
        "nodes": shape.num_nodes,
        "infosets": shape.num_infosets,
        "unknowns": unknowns,
        "system": system,
        "draws": draws,
        "games_per_s": float(certificate.certified.sum()) / took,
        "certified_share": float(certificate.certified.mean()),
        "statuses": solution.statuses(),
        "build_s": build_s,
        "setup_s": setup_s,
        "first_s": first_s,
        "first_steps": first_steps,
        "peak_mb": peak_mb(),
    }
    if unknowns == 0 and shape.has_perfect_information:
        took, _ = seconds(lambda: solve_backward(game.shape, game.numbers))
        row["backward_games_per_s"] = draws / took
    if shape.num_nodes <= PEER_NODES:
        peer = run_peer(game, [0], min(PEER_SECONDS, end - time.monotonic()))
        row["pygambit_s"] = None if peer.seconds is None else peer.seconds.median
        row["peer_why"] = peer.why
        row["ratio"] = None if peer.seconds is None else row["games_per_s"] * peer.seconds.median
    return row


def _affordable(game: BuiltGame, first_s: float, limit: float) -> int:
    """Draws that fit into the time, from one draw, or from some where one says little."""
    if first_s > 0.1 * limit:
        return max(1, int(limit / first_s))
    some = _moved(game, 8)
    took, _ = seconds(lambda: solve_logit(some.shape, some.numbers, ranges(some.numbers.payoff), threads=2))
    return max(1, min(MOST_DRAWS, int(8 * limit / took)))


def _moved(game: BuiltGame, draws: int) -> BuiltGame:
    """Several draws of a large game: payoffs moved by up to a tenth of their range."""
    noise = np.random.default_rng(0).uniform(-0.1, 0.1, (draws, *game.numbers.payoff.shape[1:]))
    numbers = game.numbers.take(np.zeros(draws, dtype=np.int32))
    payoff = numbers.payoff + noise * np.ptp(numbers.payoff, axis=1, keepdims=True)
    return replace(game, numbers=replace(numbers, payoff=payoff))


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))))
