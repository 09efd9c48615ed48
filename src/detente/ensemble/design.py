"""Draws of the parameters of a case.

Every number depends on (seed, parameter name, draw) alone: chunking, more draws or one more
parameter change nothing else. A correlated group is mixed by a lower triangular factor in the order
of declaration, so a member added at the end leaves the earlier ones as they were.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.random import Philox

from detente.axes import Floats
from detente.case import Case, Distribution, Parameter
from detente.errors import RequestError

WORDS_PER_DRAW = 4  # one counter step of Philox yields four words; a draw uses the first


def draw_parameters(case: Case, seed: int, start: int, stop: int) -> Floats:
    """Parameter vectors of the draws `start` to `stop`.

    Args:
        case: The case whose ranges are sampled.
        seed: Non-negative seed of the run.
        start: First draw.
        stop: One past the last draw.

    Returns:
        [draws, params] values in the order of ``case.parameters``.

    Raises:
        RequestError: The seed or the draws are not non-negative numbers, or a spread is impossible.
    """
    if seed < 0 or start < 0 or stop < start:
        raise RequestError("seed and draws must not be negative, and the last draw not before the first")
    theta = np.tile(case.base_theta(), (stop - start, 1))
    for group in _groups(case):
        if not group[0][1]:
            _draw_alone(case.parameters[group[0][0]], theta, group[0][0], seed, start)
        else:
            _draw_together(case, [i for i, _ in group], theta, seed, start)
    return theta


def has_range(parameter: Parameter) -> bool:
    """Whether the parameter is uncertain at all."""
    item = parameter.distribution
    return item.kind != "fixed" and item.high > item.low


def uniform_stream(seed: int, name: str, start: int, stop: int) -> Floats:
    """[draws] numbers strictly between 0 and 1, the stream of one parameter."""
    digest = hashlib.blake2b(f"{seed}\x00{name}".encode(), digest_size=16).digest()
    generator = Philox(key=int.from_bytes(digest, "little"))
    if start:
        generator.advance(start)
    words: Any = generator.random_raw(WORDS_PER_DRAW * (stop - start))
    first = np.asarray(words, dtype=np.uint64).reshape(-1, WORDS_PER_DRAW)[:, 0]
    return ((first >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


def quantile(item: Distribution, share: Floats) -> Floats:
    """Inverse of the distribution function.

    Args:
        item: A distribution.
        share: Numbers strictly between 0 and 1, of any shape.

    Returns:
        Values inside the range, of the same shape.

    Raises:
        RequestError: A standard deviation is missing or too large for the range.
    """
    if item.kind == "fixed" or item.high <= item.low:
        return np.full_like(share, item.value)
    if item.kind == "uniform":
        values = item.low + (item.high - item.low) * share
    elif item.kind == "triangular":
        values = _triangular(item, share)
    elif item.kind == "normal":
        values = _truncated_normal(item, share)
    else:
        values = _beta(item, share)
    return np.clip(values, item.low, item.high)


def _triangular(item: Distribution, share: Floats) -> Floats:
    width, left, right = item.high - item.low, item.value - item.low, item.high - item.value
    rising = item.low + np.sqrt(share * width * left)
    falling = item.high - np.sqrt((1.0 - share) * width * right)
    return np.where(share * width < left, rising, falling)


def _truncated_normal(item: Distribution, share: Floats) -> Floats:
    from scipy import special  # takes longer to load than most cases to draw

    spread = _spread(item)
    low, high = (item.low - item.value) / spread, (item.high - item.value) / spread
    if low > 0:  # work in the tail that keeps its digits
        above, below = special.ndtr(-low), special.ndtr(-high)
        return item.value - spread * special.ndtri(above - share * (above - below))
    below, above = special.ndtr(low), special.ndtr(high)
    return item.value + spread * special.ndtri(below + share * (above - below))


def _beta(item: Distribution, share: Floats) -> Floats:
    from scipy import special  # takes longer to load than most cases to draw

    width = item.high - item.low
    mean = (item.value - item.low) / width
    variance = (_spread(item) / width) ** 2
    if not 0.0 < mean < 1.0 or variance >= mean * (1.0 - mean):
        raise RequestError(
            f"a beta distribution on [{item.low}, {item.high}] with mean {item.value} cannot have standard "
            f"deviation {item.sd}: it must be less than {width * math.sqrt(max(0.0, mean * (1.0 - mean))):.4g}"
        )
    size = mean * (1.0 - mean) / variance - 1.0
    return item.low + width * np.asarray(special.betaincinv(mean * size, (1.0 - mean) * size, share))


def _spread(item: Distribution) -> float:
    if item.sd is None or not item.sd > 0:
        raise RequestError(f"a {item.kind} distribution needs a standard deviation `sd` above 0")
    return item.sd


def _groups(case: Case) -> list[list[tuple[int, bool]]]:
    """Uncertain parameters by group of mutual correlation: (index, whether it is correlated) in order."""
    links = _links(case)
    groups: list[list[tuple[int, bool]]] = []
    seen: set[int] = set()
    for index, parameter in enumerate(case.parameters):
        if index in seen or not has_range(parameter):
            continue
        members, waiting = set[int](), [index]
        while waiting:
            item = waiting.pop()
            if item not in members:
                members.add(item)
                waiting.extend(links.get(item, {}))
        seen |= members
        groups.append([(item, len(members) > 1) for item in sorted(members)])
    return groups


def _links(case: Case) -> dict[int, dict[int, float]]:
    links: dict[int, dict[int, float]] = {}
    for index, parameter in enumerate(case.parameters):
        for name, correlation in parameter.correlated:
            other = case.parameter_index(name)
            if has_range(parameter) and has_range(case.parameters[other]) and other != index:
                links.setdefault(index, {})[other] = correlation
                links.setdefault(other, {})[index] = correlation
    return links


def _draw_alone(parameter: Parameter, theta: Floats, column: int, seed: int, start: int) -> None:
    share = uniform_stream(seed, parameter.name, start, start + len(theta))
    theta[:, column] = quantile(parameter.distribution, share)


def _draw_together(case: Case, columns: list[int], theta: Floats, seed: int, start: int) -> None:
    """Gaussian copula: normal scores mixed by the Cholesky factor, summed in a fixed order."""
    from scipy import special

    factor = _factor(columns, _links(case))
    names = [case.parameters[column].name for column in columns]
    scores = [special.ndtri(uniform_stream(seed, name, start, start + len(theta))) for name in names]
    for row, column in enumerate(columns):
        mixed = np.zeros(len(theta))
        for k in range(row + 1):
            mixed = mixed + factor[row, k] * scores[k]
        inside = np.clip(special.ndtr(mixed), 2.0**-54, 1.0 - 2.0**-53)
        theta[:, column] = quantile(case.parameters[column].distribution, inside)


def _factor(columns: list[int], links: Mapping[int, Mapping[int, float]]) -> Floats:
    matrix = np.eye(len(columns))
    for i, column in enumerate(columns):
        for j, other in enumerate(columns):
            matrix[i, j] = 1.0 if i == j else links.get(column, {}).get(other, 0.0)
    try:
        return np.asarray(np.linalg.cholesky(matrix), dtype=np.float64)
    except np.linalg.LinAlgError:
        raise RequestError("the correlations of the parameters contradict one another") from None
