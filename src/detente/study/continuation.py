"""Solving along a line of worlds: from scratch at some of them, by certified continuation in between.

Where the logit branch ends on the same support at two neighbors, or on two that never hold at the same
place in between, the equilibrium on that support is found and certified at the worlds between them.
Everything else is solved from scratch.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.game import GameNumbers, certify
from detente.solvers import Status, continue_support
from detente.study.games import Game, Solved, SolveOptions, Tally, distinct_rows, some_draws
from detente.study.played import Part

EVERY = 32
"""On a line of worlds about one in so many is solved from scratch, the others by certified continuation."""


STRIDES = (16, 8, 4, 2, 1)
"""Rows between two solved from scratch are worked on in this order."""


def anchor_rows(lines: Ints) -> Ints:
    """Rows solved from scratch: the ends of every line and about every thirty-second between them.

    Args:
        lines: [rows] number of the line each row lies on; the rows of a line are neighbors, in order.
    """
    starts = np.flatnonzero(np.append(True, lines[1:] != lines[:-1]))
    ends = np.append(starts[1:], len(lines))
    anchors: list[int] = []
    for low, high in zip(starts.tolist(), ends.tolist(), strict=True):
        pieces = max(1, round((high - low - 1) / EVERY))
        anchors += np.unique(np.round(np.linspace(low, high - 1, pieces + 1)).astype(np.int32)).tolist()
    return np.array(anchors, dtype=np.int32)


def around(anchors: Ints, row: int) -> tuple[int, int]:
    """The anchors before and after a row that is none itself."""
    after = int(np.searchsorted(anchors, row))
    return int(anchors[after - 1]), int(anchors[after])


def between_rows(anchors: Ints) -> list[Ints]:
    """The rows between anchors, those first that lie far from the others, so that each has solved neighbors near."""
    levels: list[list[int]] = [[] for _ in STRIDES]
    for low, high in pairwise(anchors.tolist()):
        for row in range(low + 1, high):
            level = next(k for k, stride in enumerate(STRIDES) if (row - low) % stride == 0)
            levels[level].append(row)
    return [np.array(rows, dtype=np.int32) for rows in levels if rows]


def solve_line(
    game: Game, theta: Floats, scale: Floats, options: SolveOptions, tally: Tally, lines: Ints
) -> tuple[Part, ...]:
    """Solve worlds that lie on lines.

    Args:
        game: The game.
        theta: [draws, params] the worlds, line after line, in their order on each.
        scale: [draws, players] payoff ranges.
        options: Threads and stop.
        tally: Where certificates are counted.
        lines: [draws] the line each world lies on.

    Returns:
        Parts of weight one that cover every draw once.
    """
    first, inverse = distinct_rows(np.column_stack([game.compiled.theta(theta)[:, game.columns], scale]))
    anchors = anchor_rows(lines[first])
    solved = game.solve(theta[first[anchors]], scale[first[anchors]], options, tally)
    between = np.setdiff1d(np.arange(len(first), dtype=np.int32), anchors)
    kept = _continued(game, theta[first[between]], scale[first[between]], solved, anchors, between, options.threads)
    for item, _ in kept:
        tally.keep(item.certificate)
    done = [(solved, anchors), *((item, between[rows]) for item, rows in kept)]
    left = np.setdiff1d(between, np.concatenate([rows for _, rows in done])).astype(np.int32)
    if len(left):
        done.append((game.solve(theta[first[left]], scale[first[left]], options, tally), left))
    return tuple(_part(item, rows, inverse) for item, rows in done if len(rows))


def _part(solved: Solved, kinds: Ints, inverse: Ints) -> Part:
    """The draws that distinct worlds stand for."""
    entry = {int(kind): place for place, kind in enumerate(kinds)}
    rows = np.array([row for row, kind in enumerate(inverse) if int(kind) in entry], dtype=np.int32)
    entries = np.array([entry[int(inverse[row])] for row in rows], dtype=np.int32)
    return Part(replace(solved, inverse=solved.inverse[entries]), rows, np.ones(len(rows)))


def _continued(
    game: Game, theta: Floats, scale: Floats, solved: Solved, anchors: Ints, between: Ints, threads: int | None
) -> list[tuple[Solved, Ints]]:
    """Equilibria on the supports of the anchors that hold in between without a doubt, and their rows of `between`.

    If both neighbors have one support, an equilibrium on it is taken; if they differ, one is taken only
    where the other has none.
    """
    if not len(between):
        return []
    place = {int(anchor): k for k, anchor in enumerate(anchors)}
    sides = np.array([around(anchors, int(row)) for row in between])
    left = np.array([place[int(a)] for a in sides[:, 0]], dtype=np.int32)
    right = np.array([place[int(b)] for b in sides[:, 1]], dtype=np.int32)
    good = solved.certified
    tried = np.flatnonzero(good[left] & good[right]).astype(np.int32)
    if not len(tried):
        return []
    numbers = game.compiled.numbers(theta)
    apart = tried[~_alike(solved, left[tried], right[tried])]
    found = [
        _carried(game, numbers.take(rows), scale[rows], solved, side[rows], threads)
        for rows, side in ((tried, left), (apart, right))
    ]
    rows = [many[kept] for many, (_, kept) in zip((tried, apart), found, strict=True)]
    doubt = np.intersect1d(rows[0], rows[1])
    pieces: list[tuple[Solved, Ints]] = []
    for (item, _), held in zip(found, rows, strict=True):
        entries = np.flatnonzero(~np.isin(held, doubt)).astype(np.int32)
        if len(entries):
            pieces.append((item.take(entries), held[entries]))
    return pieces


def _alike(solved: Solved, left: Ints, right: Ints) -> Bools:
    used = solved.assessment.strategy > 0
    return np.asarray((used[solved.inverse[left]] == used[solved.inverse[right]]).all(axis=1))


def _carried(
    game: Game, numbers: GameNumbers, scale: Floats, solved: Solved, source: Ints, threads: int | None
) -> tuple[Solved, Ints]:
    """Certified equilibria on the supports of some draws with the numbers of others, and for which there is one."""
    shape = game.compiled.shape
    found = continue_support(shape, numbers, scale, solved.assessment.take(solved.inverse[source]), threads=threads)
    good = np.flatnonzero(found.status == Status.converged).astype(np.int32)
    certificate = certify(shape, numbers.take(good), found.assessment.take(good), scale[good])
    kept = np.flatnonzero(certificate.certified).astype(np.int32)
    good = good[kept]
    everyone = np.arange(len(good), dtype=np.int32)
    certificate = some_draws(certificate, kept)
    return Solved(
        game, numbers.take(good), found.assessment.take(good), certificate, everyone, found.status[good]
    ), good
