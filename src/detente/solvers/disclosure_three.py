"""Optimal disclosure of a type with three labels: a triangular grid, then the jumps next to the best split.

The value is solved on a triangular grid of beliefs. Around the posteriors of the best split so far, the
switch on each grid edge that joins two different profiles is located by bisection and both one-sided
values are added; this is repeated while the envelope at the prior rises. Corners of a region that
lie inside a cell are met only from its edges, so the value is a lower bound that is typically within
1e-3 of the payoff range of the best; with two labels the search in `disclosure` is exact.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from detente.axes import Floats
from detente.solvers.budget import Budget
from detente.solvers.disclosure import Disclosed, SearchSettings, SignalGame, Split, ended_early
from detente.solvers.envelope import Envelope, concave_envelope

CELLS = 8
ROUNDS = 4
WIDTH = 1e-6


@dataclass
class _Spot:
    belief: Floats
    by_type: Floats
    handle: int
    limit: bool = False


@dataclass
class _Plane:
    """The beliefs of one draw looked at so far."""

    prior: Floats
    weights: Floats
    spread: float
    spots: list[_Spot] = field(default_factory=list[_Spot])
    searched: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    grid: int = 0
    best: float = -np.inf

    def objective(self, spot: _Spot) -> float:
        parts = self.weights * spot.belief * spot.by_type
        return float(np.where(spot.belief > 0, parts, 0.0).sum())

    def envelope(self, tolerance: float) -> Envelope:
        beliefs = np.array([spot.belief for spot in self.spots])
        values = np.array([self.objective(spot) for spot in self.spots])
        return concave_envelope(beliefs, values, self.prior, tolerance=tolerance * self.spread)

    def differ(self, first: int, second: int) -> bool:
        return bool(np.any(np.abs(self.spots[first].by_type - self.spots[second].by_type) > 1e-9 * self.spread))


def triangular_grid(cells: int) -> Floats:
    """[points, 3] beliefs whose entries are multiples of 1 / cells."""
    points = [(i, j, cells - i - j) for i in range(cells + 1) for j in range(cells + 1 - i)]
    return np.array(points, dtype=np.float64) / cells


def optimal_disclosure_three(
    game: SignalGame,
    prior: Floats,
    weights: Floats,
    spread: Floats,
    settings: SearchSettings | None = None,
    stop: Callable[[], bool] | None = None,
    time_budget: float | None = None,
) -> list[Disclosed]:
    """The best public disclosure rule about a type with three labels, for every draw.

    Args:
        game: Solves any of the draws at any belief.
        prior: [draws, 3] what the others believe beforehand.
        weights: [draws, 3] the owner's own weight of each type over the others' prior.
        spread: [draws] the owner's payoff range, the unit of tolerances.
        settings: Only the tolerance is used.
        stop: Polled between solves; what is known by then is the answer, not settled where more was to be looked
            for. A `Budget` is told the draws that are done.
        time_budget: Seconds after which it stops in the same way.

    Returns:
        One answer per draw, accurate as the module says.
    """
    settings = settings or SearchSettings()
    budget = Budget.of(time_budget, stop)
    grid = triangular_grid(CELLS)
    planes = [_Plane(prior[i], weights[i], float(spread[i])) for i in range(len(prior))]
    _solve(planes, game, {row: [*grid, plane.prior] for row, plane in enumerate(planes)})
    for plane in planes:
        plane.grid = len(plane.spots)
    waiting = list(range(len(planes)))
    for _ in range(ROUNDS):
        if budget():
            break
        edges = {row: _edges(plane, settings) for row, plane in enumerate(planes)}
        edges = {row: pairs for row, pairs in edges.items() if pairs}
        waiting = list(edges)
        budget.tell(len(planes) - len(waiting), len(planes))
        if not edges:
            break
        _bisect(planes, game, edges, budget)
    return ended_early([_answer(plane, settings) for plane in planes], waiting, budget)


def _solve(planes: list[_Plane], game: SignalGame, wanted: dict[int, list[Floats]]) -> dict[int, list[int]]:
    """Solve in one batch; the new spots of each draw, -1 where the answer is not certified."""
    rows = np.array([row for row, places in wanted.items() for _ in places], dtype=np.int32)
    beliefs = np.array([place for places in wanted.values() for place in places])
    solves = game.solve(rows, beliefs, np.full((len(rows), 1, 2), -1, dtype=np.int32))
    added: dict[int, list[int]] = {row: [] for row in wanted}
    for k, row in enumerate(int(item) for item in rows):
        if not solves.usable[k]:
            added[row].append(-1)
            continue
        planes[row].spots.append(_Spot(beliefs[k], solves.type_values[k], int(solves.handle[k])))
        added[row].append(len(planes[row].spots) - 1)
    return added


def _edges(plane: _Plane, settings: SearchSettings) -> list[tuple[int, int]]:
    """Pairs of neighboring spots with different profiles next to the best split, not searched yet."""
    if not _covered(plane):
        return []
    found = plane.envelope(settings.tolerance)
    if found.value <= plane.best + settings.tolerance * plane.spread:
        return []
    plane.best = found.value
    pairs: list[tuple[int, int]] = []
    for index in (int(i) for i in found.support):
        center = plane.spots[index].belief
        for other in range(plane.grid):
            near = float(np.abs(plane.spots[other].belief - center).max()) <= 1.5 / CELLS
            pair = (min(index, other), max(index, other))
            if other != index and near and pair not in plane.searched and plane.differ(index, other):
                plane.searched.add(pair)
                pairs.append(pair)
    return pairs


def _bisect(planes: list[_Plane], game: SignalGame, edges: dict[int, list[tuple[int, int]]], budget: Budget) -> None:
    """Locate one switch on each edge, all edges of all draws at once, and keep both one-sided values."""
    ends = {row: [list(pair) for pair in pairs] for row, pairs in edges.items()}
    for _ in range(int(np.ceil(np.log2(2.0 / (CELLS * WIDTH))))):
        if budget():
            break
        wanted = {
            row: [0.5 * (planes[row].spots[a].belief + planes[row].spots[b].belief) for a, b in pairs]
            for row, pairs in ends.items()
        }
        for row, spots in _solve(planes, game, wanted).items():
            for pair, spot in zip(ends[row], spots, strict=True):
                if spot >= 0:
                    pair[1 if planes[row].differ(pair[0], spot) else 0] = spot
    for row, pairs in ends.items():
        for a, b in pairs:
            planes[row].spots[a].limit = planes[row].spots[b].limit = True


def _covered(plane: _Plane) -> bool:
    corners = [tuple(spot.belief.tolist()) for spot in plane.spots if spot.belief.max() == 1.0]
    return len(set(corners)) == 3


def _answer(plane: _Plane, settings: SearchSettings) -> Disclosed:
    if not _covered(plane):
        return Disclosed(float("nan"), (), False, np.zeros((0, 3)), np.zeros(0), ())
    found = plane.envelope(settings.tolerance)
    splits = tuple(
        Split(tuple(spot.belief.tolist()), float(weight), spot.handle, spot.limit)
        for spot, weight in ((plane.spots[int(i)], w) for i, w in zip(found.support, found.weights, strict=True))
    )
    beliefs = np.array([spot.belief for spot in plane.spots])
    values = np.array([plane.objective(spot) for spot in plane.spots])
    return Disclosed(found.value, splits, True, beliefs, values, ())
