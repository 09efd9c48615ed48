"""Equilibria of a game in which more than two players choose, or that is too large to be searched as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from detente.solvers.budget import Budget
from detente.solvers.support.behavior_supports import search_supports
from detente.solvers.support.gather import Judge, Row, merged
from detente.solvers.support.off_path import complete_off_path
from detente.solvers.support.search_two import Found, single
from detente.solvers.support.ties import all_by_backward_induction

COMPLETED = 24  # equilibria for which sequential play off the path is looked for
LISTED = 200


def search_many(
    judge: Judge, known: Sequence[Row], stop: Budget, seed: int, threads: int | None, effort: float = 1.0
) -> tuple[Found, str]:
    """Known equilibria, pure subgame-perfect ones, and those on supports that can be examined in time.

    Returns:
        What was found, each equilibrium a component of unknown dimension, and a phrase on what was examined.
    """
    rows = list(known)
    said = ""
    pure = judge.shape.has_perfect_information  # mixing at ties there only fills in between
    if judge.shape.has_perfect_information:
        ties = all_by_backward_induction(judge.shape, judge.numbers, stop)
        rows += judge.rows(ties.assessment)
        if ties.complete and not stop():
            said = "every pure subgame-perfect equilibrium was found, "
    found = search_supports(judge.shape, judge.numbers, judge.scale, stop, seed=seed, effort=effort, pure=pure)
    rows = merged([*rows, *judge.rows(found.assessment)])[:LISTED]
    tried = 0
    for place, row in enumerate(rows):
        if row.refined or tried >= COMPLETED * effort or stop():
            continue
        tried += 1
        better = complete_off_path(
            judge.shape, judge.numbers, judge.scale, row.strategy, seed=seed, threads=threads, stop=stop
        )
        if better is not None:
            rows[place] = next(iter(judge.rows(better)), row)
    ended = "time" if stop() else "players"
    said += f"{found.tried:,} of {found.total:,} supports" if found.total < 10**9 else f"{found.tried:,} supports"
    return Found([[row] for row in rows], [single(row) for row in rows], False, ended), said
