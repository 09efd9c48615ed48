"""How the play of one equilibrium moves within its regime, and where the regime ends.

Unknowns are log-odds. On the path, actions in use stay indifferent. Off the path, where somebody
mixes, beliefs do not follow from the play on the path but from mistakes: there the logit form is
differentiated at the precision of the last trembles, with the mistakes' log-odds as unknowns too.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.axes import Bools, Floats, Ints
from detente.game import TreeShape
from detente.solvers.tangent import Motion, Point

TIED = 1e-7  # loss below which an action out of use counts as tied, share of the payoff range
RARE = 1e-9  # probability below which an action in use counts as on the point of dropping out
STILL = 1e-9  # change that counts as none, relative to how far the numbers move
FAST = 1e4  # change of a probability that only equations without a solution give, relative likewise
RIDGE = 1e-9  # weight of the log-odds of actions in use, as at a precision of 1e9
REFINED = 2  # rounds of refinement that remove its trace
INNER = 1e-6  # beliefs between this and one minus it move with the odds of mistakes
MOST_UNKNOWNS = 1500  # actions out of use beyond which mixing off the path is not differentiated
BLOCK = 128  # directions evaluated at a time


class Smoothness(enum.IntEnum):
    """Whether there is a derivative, and if not why. The value is stored per draw and parameter."""

    smooth = 0
    tied = 1
    dropping = 2
    singular = 3
    chance = 4
    belief = 5
    not_finite = 6

    @property
    def sentence(self) -> str:
        """The reason in one sentence."""
        return _SENTENCES[self]


_SENTENCES = {
    Smoothness.smooth: "The equilibrium moves smoothly.",
    Smoothness.tied: "An action out of use is as good as the best one, and the parameter breaks the tie.",
    Smoothness.dropping: "An action in use has probability almost zero.",
    Smoothness.singular: "The equilibrium is not isolated: its equations do not determine how it moves.",
    Smoothness.chance: "A chance move of probability zero would become possible.",
    Smoothness.belief: "A belief off the path would jump, and what is best there with it.",
    Smoothness.not_finite: "The profile or the numbers are not finite.",
}


def move_equilibrium(point: Point, payoff: Floats, chance: Floats, precision: float) -> tuple[Floats, NDArray[np.int8]]:
    """Derivative of every action's probability.

    Args:
        point: One draw with its equilibrium; payoffs in units of each player's range.
        payoff: [terminals, players, params] how payoffs move, in the same units.
        chance: [chance_edges, params] how chance moves.
        precision: Of the trembles that beliefs off the path come from.

    Returns:
        [actions, params] derivatives, NaN at sets off the path where somebody mixes and it is not determined how
        that moves; and [params] a `Smoothness` each.
    """
    params = chance.shape[1]
    if not _finite(point, payoff, chance):
        code = np.full(params, Smoothness.not_finite, dtype=np.int8)
        return np.full((point.shape.num_actions, params), np.nan), code
    return _Regime(point, payoff, chance, precision).move()


def move_qre(point: Point, payoff: Floats, chance: Floats, lam: Floats) -> tuple[Floats, NDArray[np.int8]]:
    """Derivative of every action's probability in a quantal response equilibrium.

    Args:
        point: One draw with its profile of full support; payoffs in payoff units.
        payoff: [terminals, players, params] how payoffs move.
        chance: [chance_edges, params] how chance moves.
        lam: [players] precision, 1 / payoff unit.

    Returns:
        [actions, params] derivatives and [params] a `Smoothness` each.
    """
    params, shape = chance.shape[1], point.shape
    code = np.zeros(params, dtype=np.int8)
    if not _finite(point, payoff, chance):
        code[:] = Smoothness.not_finite
        return np.full((shape.num_actions, params), np.nan), code
    reference = _references(shape, point.strategy)
    unknown = np.flatnonzero(np.arange(shape.num_actions) != reference).astype(np.int32)
    sets = _SetMoves(point, unknown)
    weight = lam[shape.infoset_player[shape.action_infoset[unknown]]][:, None]
    matrix = np.eye(len(unknown)) - weight * _differences(sets.values(), unknown, reference)
    right = weight * _differences(_by_numbers(point, payoff, chance), unknown, reference)
    step = sets.combined(_solved(matrix, right))
    code[~(np.abs(step).max(axis=0, initial=0.0) <= FAST * (1.0 + lam.max()) * _size(payoff, chance))] = (
        Smoothness.singular
    )
    code[_opens(point, chance)] = Smoothness.chance
    return point.strategy[:, None] * step, code


def _finite(point: Point, payoff: Floats, chance: Floats) -> bool:
    arrays = (point.payoff, point.chance, point.strategy, point.belief, payoff, chance)
    return all(bool(np.isfinite(array).all()) for array in arrays)


def _size(payoff: Floats, chance: Floats) -> Floats:
    """[params] how far the numbers move: the largest change of a payoff or a probability."""
    return np.maximum(np.abs(payoff).max(axis=(0, 1), initial=0.0), np.abs(chance).max(axis=0, initial=0.0))


def _opens(point: Point, chance: Floats) -> Bools:
    """[params] whether a chance move of probability zero would become possible."""
    return np.asarray((np.abs(chance[point.chance == 0.0]) > 0.0).any(axis=0), dtype=np.bool_)


def _references(shape: TreeShape, strategy: Floats) -> Ints:
    """[actions] the most likely action of each action's set."""
    best = [
        start + int(strategy[start:stop].argmax())
        for start, stop in zip(shape.action_start[:-1].tolist(), shape.action_start[1:].tolist(), strict=True)
    ]
    return np.array(best, dtype=np.int32)[shape.action_infoset] if best else np.zeros(0, dtype=np.int32)


def _differences(values: Floats, unknown: Ints, reference: Ints) -> Floats:
    """[unknowns, directions] how the value of each unknown action moves against that of its set's reference."""
    return values[unknown] - values[reference[unknown]]


def _by_numbers(point: Point, payoff: Floats, chance: Floats) -> Floats:
    """[actions, params] how action values move with the numbers while everybody plays on as before."""
    still = np.zeros((point.shape.num_actions, chance.shape[1]))
    return point.action_values_tangent(Motion(still, still, payoff, chance))


def _solved(matrix: Floats, right: Floats, ridge: Floats | None = None) -> Floats:
    """The solution of some equations; NaN if there is none.

    A ridge on the diagonal makes dependent equations solvable: where they have solutions, it picks the one with
    no change along what they leave open. Refinement then removes its trace from everything else.
    """
    if not len(matrix):
        return np.zeros((0, right.shape[1]))
    weight = np.zeros(len(matrix)) if ridge is None else ridge
    held = matrix + np.diag(weight)
    norm = np.asarray(np.abs(held).max(axis=1, keepdims=True), dtype=np.float64)
    found: Floats = np.zeros((len(matrix), right.shape[1]))
    try:
        for _ in range(1 if ridge is None else 1 + REFINED):
            found = found + np.asarray(np.linalg.solve(held / norm, (right - matrix @ found) / norm), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.full((len(matrix), right.shape[1]), np.nan)
    return found


@dataclass(frozen=True, eq=False)
class _SetMoves:
    """Unit changes of log-odds of some actions against the rest of their sets.

    Attributes:
        point: The draw.
        unknown: The actions, by global number.
        unit: What one unit of each stands for, in log-odds; one number or one per action.
    """

    point: Point
    unknown: Ints
    unit: Floats | float = 1.0

    def logs(self, part: slice = slice(None)) -> Floats:
        """[actions, unknowns] how log-probabilities move with each, sets kept normalised."""
        shape, strategy = self.point.shape, self.point.strategy
        chosen = self.unknown[part]
        unit = np.broadcast_to(self.unit, self.unknown.shape)[part]
        same = shape.action_infoset[:, None] == shape.action_infoset[chosen][None, :]
        moved = -strategy[chosen][None, :] * same
        moved[chosen, np.arange(len(chosen))] += 1.0
        return moved * unit

    def values(self) -> Floats:
        """[actions, unknowns] how action values move with each."""
        blocks = [np.zeros((self.point.shape.num_actions, 0))]
        for start in range(0, len(self.unknown), BLOCK):
            logs = self.logs(slice(start, start + BLOCK))
            blocks.append(self.point.action_values_tangent(Motion(self.point.strategy[:, None] * logs, logs)))
        return np.concatenate(blocks, axis=1)

    def combined(self, steps: Floats) -> Floats:
        """[actions, params] how log-probabilities move when the unknowns move by `steps` [unknowns, params]."""
        return self.logs() @ steps


class _Regime:
    """One draw's equilibrium with the actions it uses."""

    def __init__(self, point: Point, payoff: Floats, chance: Floats, precision: float) -> None:
        shape = point.shape
        self.point, self.payoff, self.chance, self.precision = point, payoff, chance, precision
        self.size = _size(payoff, chance)
        self.used: Bools = point.strategy > 0.0
        self.reference = _references(shape, point.strategy)
        self.reached = point.reached[shape.action_infoset]
        self.free = self.used & (np.arange(shape.num_actions) != self.reference)
        self.code = np.zeros(chance.shape[1], dtype=np.int8)

    def move(self) -> tuple[Floats, NDArray[np.int8]]:
        on_path = self._on_path()
        logs = on_path
        off: Floats | None = None
        if self._needs_mistakes():
            off = self._off_path(on_path)
            logs = on_path + off if off is not None else on_path
        step = self.point.strategy[:, None] * logs
        if off is None:
            step[self.free & ~self.reached] = np.nan
            mixing = np.isin(self.point.shape.action_infoset, self.point.shape.action_infoset[self.free])
            step[mixing & ~self.reached] = np.nan
        self._mark(step, logs)
        return step, self.code

    def _on_path(self) -> Floats:
        """[actions, params] how log-probabilities on the path move: indifference where players mix."""
        unknown = np.flatnonzero(self.free & self.reached).astype(np.int32)
        sets = _SetMoves(self.point, unknown)
        matrix = -_differences(sets.values(), unknown, self.reference)
        right = _differences(_by_numbers(self.point, self.payoff, self.chance), unknown, self.reference)
        return sets.combined(_solved(matrix, right, np.full(len(unknown), RIDGE)))

    def _needs_mistakes(self) -> bool:
        """Whether the odds of mistakes bear on anything: mixing off the path, or beliefs there that are not sure."""
        return bool((self.free & ~self.reached).any()) or bool(self._open_sets())

    def _open_sets(self) -> list[int]:
        """Unreached sets at which more than one node has a belief that is not near 0."""
        shape, belief = self.point.shape, self.point.belief
        reached = self.point.reached
        return [
            index
            for index, members in enumerate(shape.members)
            if not reached[index] and np.count_nonzero(belief[members] > INNER) > 1
        ]

    def _off_path(self, on_path: Floats) -> Floats | None:
        """[actions, params] how log-probabilities of mistakes and off the path move; None if not determined."""
        mixing = np.flatnonzero(self.free & ~self.reached).astype(np.int32)
        mistakes = np.flatnonzero(~self.used).astype(np.int32)
        if len(mistakes) > MOST_UNKNOWNS:
            return None
        unknown = np.concatenate([mixing, mistakes]).astype(np.int32)
        unit = np.ones(len(unknown))
        unit[len(mixing) :] = self.precision  # a mistake's log-odds are its loss times the precision
        is_mistake = np.arange(len(unknown)) >= len(mixing)
        sets = _SetMoves(self.point, unknown, unit)
        matrix = np.diag(is_mistake.astype(np.float64)) - _differences(sets.values(), unknown, self.reference)
        motion = Motion(self.point.strategy[:, None] * on_path, on_path, self.payoff, self.chance)
        right = _differences(self.point.action_values_tangent(motion), unknown, self.reference)
        steps = _solved(matrix, right, np.where(is_mistake, 0.0, RIDGE))
        return sets.combined(steps) if np.isfinite(steps).all() else None

    def _mark(self, step: Floats, logs: Floats) -> None:
        """Find the parameters that have no derivative, the gravest reason last."""
        still = np.nan_to_num(step)
        moved = self.point.action_values_tangent(Motion(still, logs, self.payoff, self.chance))
        values = self.point.action_values()
        loss = values[self.reference] - values
        close = ~self.used & (loss <= TIED)
        change = np.abs(moved[self.reference] - moved)[close]
        self.code[(change > STILL * self.size).any(axis=0)] = Smoothness.tied
        self.code[self._jumping(logs)] = Smoothness.belief
        rare = self.free & (self.point.strategy < RARE)
        self.code[(np.abs(still[rare]) > STILL * self.size).any(axis=0)] = Smoothness.dropping
        fast = ~(np.abs(step[self.reached]) <= FAST * self.size)
        self.code[fast.any(axis=0)] = Smoothness.singular
        self.code[_opens(self.point, self.chance)] = Smoothness.chance
        off = ~self.reached
        step[np.ix_(off, (np.abs(still[off]) > FAST * self.size).any(axis=0))] = np.nan

    def _jumping(self, logs: Floats) -> Bools:
        """[params] whether a belief off the path would jump where what is best depends on it."""
        shape, point = self.point.shape, self.point
        jumping = np.zeros(logs.shape[1], dtype=np.bool_)
        for index in self._open_sets():
            members = shape.members[index]
            inner = members[point.belief[members] > INNER]
            odds = np.stack([self._path_odds(int(node), logs) for node in inner])
            fast = np.ptp(odds, axis=0) > np.sqrt(self.precision) * self.size
            if fast.any() and not self._same_everywhere(index, inner):
                jumping |= fast
        return jumping

    def _path_odds(self, node: int, logs: Floats) -> Floats:
        """[params] how the log-probability of the moves that lead to a node moves."""
        shape = self.point.shape
        total = np.zeros(logs.shape[1])
        while node > 0:
            if shape.edge_slot[node] < shape.num_actions:
                total += logs[shape.edge[node]]
            node = int(shape.parent[node])
        return total

    def _same_everywhere(self, index: int, nodes: Ints) -> bool:
        """Whether what is played at a set is best at each of some of its nodes."""
        shape, point = self.point.shape, self.point
        own = slice(int(shape.action_start[index]), int(shape.action_start[index + 1]))
        mover = int(shape.infoset_player[index])
        for node in nodes.tolist():
            first = int(shape.first_child[node])
            worth = point.value[first : first + int(shape.num_children[node]), mover]
            if (worth.max() - worth)[self.used[own]].max() > TIED:
                return False
        return True
