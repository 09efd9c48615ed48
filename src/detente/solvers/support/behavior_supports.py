"""Equilibria of games with any number of players, support by support of the behavior strategies.

For each choice of the actions in use at every information set, the indifference conditions are solved by
Newton's method from a few starts, with tiny mistakes on the other actions so that every set is reached and
beliefs are defined. What passes the certificate without the mistakes is kept.

Reference: Porter, Nudelman and Shoham (2008) for the order: small supports first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations, islice, product
from math import prod

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.game import (
    Assessment,
    GameNumbers,
    TreeShape,
    Witness,
    action_values,
    bayes_beliefs,
    beliefs_from_logs,
    certify,
)
from detente.solvers.support.off_path import PRECISIONS, RANKS, STEP

MOST_SUPPORTS = 4096
MOST_WORK = 4e7  # nodes times profiles evaluated
CHUNK = 64
PATTERNS = 3
STARTS = 2
NEWTON = 12
DELTA = 1e-7
SOLVED = 1e-10


@dataclass(frozen=True, eq=False)
class SupportSearch:
    """What was found.

    Attributes:
        assessment: Certified equilibria, one row each; duplicates are possible.
        kinds: Kind of certificate per row.
        tried: Number of supports examined.
        total: Number there are.
    """

    assessment: Assessment
    kinds: tuple[str, ...]
    tried: int
    total: int


def search_supports(
    shape: TreeShape,
    numbers: GameNumbers,
    scale: Floats,
    stop: Callable[[], bool],
    *,
    seed: int = 0,
    effort: float = 1.0,
    pure: bool = False,
) -> SupportSearch:
    """Look for equilibria on supports of behavior strategies, small ones first.

    Args:
        shape: A game with perfect recall.
        numbers: One draw.
        scale: [1, players] payoff ranges.
        stop: Polled between chunks.
        seed: Seed of the starts and of the mistakes.
        effort: Share of the usual limits on work.
        pure: Look at single actions only.
    """
    rng = np.random.Generator(np.random.Philox(key=[seed, 0x73757070]))
    widths = np.diff(shape.action_start)
    total = prod(int(width) if pure else 2 ** int(width) - 1 for width in widths)
    kept: list[Assessment] = []
    kinds: list[str] = []
    tried = 0
    work = 0.0
    supports = islice(_supports(rng, widths, total, pure), int(MOST_SUPPORTS * effort))
    while chunk := list(islice(supports, CHUNK)):
        if stop() or work > MOST_WORK * effort:
            break
        tried += len(chunk)
        used = np.array(chunk, dtype=np.bool_)
        extra = used.sum(axis=1) - len(widths)
        for size in np.unique(extra):
            rows = used[extra == size]
            repeats = PATTERNS * (STARTS if size else 1)
            work += len(rows) * repeats * shape.num_nodes * (1 + NEWTON * (size + 1) if size else 1)
            found = _try(rng, shape, numbers, scale, np.repeat(rows, repeats, axis=0), int(size))
            if found is None:
                continue
            many = _copies(numbers, len(found.strategy))
            certificate = certify(shape, many, found, np.repeat(scale[:1], len(found.strategy), axis=0))
            good = np.flatnonzero([kind != "unsettled" for kind in certificate.kinds]).astype(np.int32)
            kept += [found.take(slice(k, k + 1)) for k in good]
            kinds += [certificate.kinds[k] for k in good]
    return SupportSearch(joined(shape, kept), tuple(kinds), tried, total)


def joined(shape: TreeShape, rows: list[Assessment]) -> Assessment:
    """Assessments one below the other; rows without a witness have one that is not a number."""
    if not rows:
        blank = np.zeros((len(PRECISIONS), 0, shape.num_actions))
        empty = np.zeros((0, shape.num_actions)), np.zeros((0, shape.num_nodes))
        return Assessment(*empty, Witness(PRECISIONS, blank))
    logs = [
        np.full((len(PRECISIONS), len(row.strategy), shape.num_actions), np.nan)
        if row.witness is None
        else row.witness.log_strategy
        for row in rows
    ]
    return Assessment(
        np.concatenate([row.strategy for row in rows]),
        np.concatenate([row.belief for row in rows]),
        Witness(PRECISIONS, np.concatenate(logs, axis=1)),
    )


def _supports(rng: np.random.Generator, widths: Ints, total: int, only_pure: bool) -> Iterator[list[bool]]:
    """Supports [actions], those with few actions first; at random where there are too many to list."""
    options = [_subsets(int(width)) for width in widths]
    if only_pure:
        options = [[item for item in option if sum(item) == 1] for option in options]
    if total <= MOST_SUPPORTS:
        every = product(*options)
        yield from sorted(([*chain.from_iterable(choice)] for choice in every), key=sum)
        return
    pure = [[item for item in option if sum(item) == 1] for option in options]
    if prod(len(item) for item in pure) <= MOST_SUPPORTS // 2:
        for choice in product(*pure):
            yield [*chain.from_iterable(choice)]
    while True:
        mixing = rng.random() * 0.5
        choice = [
            option[int(rng.integers(len(option)))] if rng.random() < mixing else plain[int(rng.integers(len(plain)))]
            for option, plain in zip(options, pure, strict=True)
        ]
        yield [*chain.from_iterable(choice)]


def _subsets(width: int) -> list[list[bool]]:
    return [
        [k in chosen for k in range(width)]
        for size in range(1, width + 1)
        for chosen in combinations(range(width), size)
    ]


def _copies(numbers: GameNumbers, count: int) -> GameNumbers:
    return GameNumbers(np.repeat(numbers.payoff[:1], count, axis=0), np.repeat(numbers.chance[:1], count, axis=0))


@dataclass(frozen=True, eq=False)
class _Batch:
    """Supports with equally many unknowns: those of each row are its used actions but the first of each set."""

    shape: TreeShape
    numbers: GameNumbers
    scale: Floats
    used: Bools
    first: Bools  # [rows, actions] the first used action of each set
    unknown: np.ndarray  # [rows, size] actions
    slip: Floats  # [rows, actions] probability of each action out of use


def _try(
    rng: np.random.Generator, shape: TreeShape, numbers: GameNumbers, scale: Floats, used: Bools, size: int
) -> Assessment | None:
    first = _first_used(shape, used)
    unknown = np.array([np.flatnonzero(row) for row in used & ~first]).reshape(len(used), size)
    rank = rng.integers(0, RANKS, used.shape) * (np.arange(len(used)) % PATTERNS > 0)[:, None]
    slips = [np.where(used, 0.0, np.exp(-STEP * rank) / precision) for precision in PRECISIONS]
    batch = _Batch(shape, numbers, scale, used, first, unknown, slips[-1])
    start = np.zeros((len(used), 0))
    if size:
        weights = rng.dirichlet(np.ones(shape.num_actions), len(used)) * used
        weights /= _spread(shape, weights)
        start = np.take_along_axis(weights, unknown, axis=1)
        start, solved = _newton(batch, start)
        batch = _Batch(shape, numbers, scale, used[solved], first[solved], unknown[solved], slips[-1][solved])
        slips = [slip[solved] for slip in slips]
        start = start[solved]
    if not len(start):
        return None
    strategy = _profile(batch, start, np.zeros_like(batch.slip))
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.stack([np.log(_profile(batch, start, slip)) for slip in slips])
        chance = np.repeat(numbers.chance[:1], len(start), axis=0)
        belief = bayes_beliefs(shape, chance, strategy)
        belief = np.where(np.isnan(belief), beliefs_from_logs(shape, chance, logs[-1]), belief)
    return Assessment(strategy, belief, Witness(PRECISIONS, logs))


def _first_used(shape: TreeShape, used: Bools) -> Bools:
    first = np.zeros_like(used)
    rows = np.arange(len(used))
    for start, stop in zip(shape.action_start[:-1], shape.action_start[1:], strict=True):
        first[rows, start + np.argmax(used[:, start:stop], axis=1)] = True
    return first


def _spread(shape: TreeShape, rows: Floats) -> Floats:
    """[rows, actions] sum over the set of each action."""
    return np.add.reduceat(rows, shape.action_start[:-1], axis=1)[:, shape.action_infoset]


def _profile(batch: _Batch, x: Floats, slip: Floats) -> Floats:
    """[rows, actions] strategies from the unknowns; the first used action of a set has what is left."""
    strategy = slip.copy()
    np.put_along_axis(strategy, batch.unknown, x, axis=1)
    rest = 1.0 - _spread(batch.shape, np.where(batch.first, 0.0, strategy))
    return np.where(batch.first, rest, strategy)


def _residual(batch: _Batch, x: Floats) -> Floats:
    """[rows, size] how much better each unknown action is than the first used one of its set."""
    shape = batch.shape
    strategy = np.maximum(_profile(batch, x, batch.slip), 1e-300)
    many = _copies(batch.numbers, len(x))
    with np.errstate(all="ignore"):
        belief = bayes_beliefs(shape, many.chance, strategy)
        limit = beliefs_from_logs(shape, many.chance, np.log(strategy))
        values = action_values(shape, many, Assessment(strategy, np.where(np.isnan(belief), limit, belief)))
    values = values / batch.scale[0, shape.infoset_player[shape.action_infoset]]
    base = _spread(shape, np.where(batch.first, values, 0.0))
    return np.take_along_axis(values - base, batch.unknown, axis=1)


def _newton(batch: _Batch, x: Floats) -> tuple[Floats, Bools]:
    """Solve the indifference conditions of every row; returns the unknowns and which rows were solved."""
    count, size = x.shape
    wide = _Batch(
        batch.shape,
        batch.numbers,
        batch.scale,
        np.repeat(batch.used, size, axis=0),
        np.repeat(batch.first, size, axis=0),
        np.repeat(batch.unknown, size, axis=0),
        np.repeat(batch.slip, size, axis=0),
    )
    shift = np.tile(np.eye(size) * DELTA, (count, 1))
    for _ in range(NEWTON):
        here = _residual(batch, x)
        moved = _residual(wide, np.repeat(x, size, axis=0) + shift).reshape(count, size, size)
        jacobian = np.swapaxes((moved - here[:, None, :]) / DELTA, 1, 2)
        ok = np.isfinite(jacobian).all(axis=(1, 2)) & np.isfinite(here).all(axis=1)
        jacobian[~ok] = np.eye(size)
        here[~ok] = 0.0
        step = _solved(jacobian, -here)
        step = np.where(np.isfinite(step), step, 0.0)
        longest = np.abs(step).max(axis=1, keepdims=True)
        x = np.clip(x + step * np.minimum(1.0, 0.5 / np.maximum(longest, 1e-300)), 1e-12, 1.0)
    left = np.abs(_residual(batch, x)).max(axis=1)
    whole = _profile(batch, x, batch.slip).min(axis=1) > 0
    return x, np.asarray((left < SOLVED) & whole & (x.min(axis=1) > 1e-9), dtype=np.bool_)


def _solved(a: Floats, b: Floats) -> Floats:
    """[rows, size] solution of each linear system; the shortest least-squares one where a matrix is singular."""
    try:
        return np.asarray(np.linalg.solve(a, b[:, :, None])[:, :, 0], dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.asarray((np.linalg.pinv(a) @ b[:, :, None])[:, :, 0], dtype=np.float64)
