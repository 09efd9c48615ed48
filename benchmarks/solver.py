"""The branch on games compiled from a case: postures of `ukraine-2021`, against pygambit on one of the same games."""

from __future__ import annotations

import time
from typing import Any

import detente
from benchmarks.measure import Clock, Spread, table
from benchmarks.peer import run_peer
from detente.compiler import compile_posture, play_ranges
from detente.ensemble import draw_parameters
from detente.game import BuiltGame, InfosetLabel, certify
from detente.solvers import solve_logit

CASE = "ukraine-2021"
POSTURES = ("telegraph_severe", "ambiguous")
DRAWS = 400
REPEATS = 3
PEER_SECONDS = 20.0  # the larger posture takes the peer most of a minute a game


def run(clock: Clock) -> list[dict[str, Any]]:
    """Measure, print the table, and return its rows."""
    case = detente.load(CASE)
    theta = draw_parameters(case, 0, 0, DRAWS)
    every = [compile_posture(case, posture) for posture in case.postures]
    scale = play_ranges(every, theta)
    rows: list[dict[str, Any]] = []
    for name in POSTURES:
        compiled = next(item for item in every if item.posture.name == name)
        numbers, shape = compiled.numbers(theta), compiled.shape
        peer = run_peer(_as_built(compiled, numbers), [0], clock.share(PEER_SECONDS))
        for threads in (1, 2):
            rates = []
            solution = solve_logit(shape, numbers.take(slice(0, 1)), scale[:1])
            for _ in range(REPEATS):
                start = time.perf_counter()
                solution = solve_logit(shape, numbers, scale, threads=threads)
                rates.append(DRAWS / (time.perf_counter() - start))
            spread = Spread.of(rates)
            share = float(certify(shape, numbers, solution.assessment, scale).certified.mean())
            rows.append(
                {
                    "posture": name, "nodes": shape.num_nodes, "threads": threads, "games_per_s": spread.median * share,
                    "low": spread.low, "high": spread.high, "certified_share": share,
                    "pygambit_s": None if peer.seconds is None else peer.seconds.median, "why": peer.why,
                }
            )  # fmt: skip
    print(f"\n## Postures of {CASE}\n\n{DRAWS} draws; pygambit on one of the same games.\n")
    head = ("posture", "nodes", "threads", "games/s, median", "min", "max", "certified", "pygambit s/game", "ratio")
    print(table(head, [_cells(row) for row in rows]))
    return rows


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    peer = row["pygambit_s"]
    front = (*(row[key] for key in ("posture", "nodes", "threads", "games_per_s", "low", "high")),)
    ratio = None if peer is None else row["games_per_s"] * peer
    return (*front, f"{row['certified_share']:.1%}", peer if peer is not None else row["why"], ratio)


def _as_built(compiled: Any, numbers: Any) -> BuiltGame:
    """A compiled game with a name for each information set, so that it can be written for the peer."""
    shape = compiled.shape
    labels = tuple(
        InfosetLabel(label.player, f"set {place}", (), tuple(str(k) for k in range(len(label.options))))
        for place, label in enumerate(compiled.infoset_labels)
    )
    start = {int(edge): int(shape.action_start[shape.action_infoset[edge]]) for edge in range(shape.num_actions)}
    edge_label = [""] * shape.num_nodes
    for node in range(1, shape.num_nodes):
        edge = int(shape.edge[node])
        decision = shape.infoset[shape.parent[node]] >= 0
        edge_label[node] = str(edge - start[edge]) if decision else str(edge)
    return BuiltGame(shape, numbers, labels, tuple(edge_label), tuple("" for _ in range(shape.num_terminals)))
