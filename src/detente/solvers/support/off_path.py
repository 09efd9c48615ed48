"""Sequentially rational play off the path of a given profile, with beliefs that are limits of mistakes.

What is done on the path is held fixed and given tiny mistakes of random relative size; the sets that are only
reached by such mistakes then form a game of their own, which the logit solver solves for many patterns of
mistakes at once. Where nobody on the path gains by deviating into it, the whole is a sequential equilibrium, and
the mistakes are its witness. Patterns that deter at different sets are recombined in a second round.

Reference: Kreps and Wilson (1982), section 5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.game import (
    CHANCE,
    Assessment,
    GameNumbers,
    TreeShape,
    Witness,
    action_values,
    bayes_beliefs,
    beliefs_from_logs,
    certify,
    reach_probability,
)
from detente.solvers.logit import LogitSettings, solve_logit

PATTERNS = 32
PRECISIONS = np.array([1e8, 1e9, 1e10])  # one over the size of the largest mistake
STEP = 20.0  # mistakes of a rarer kind are exp(-STEP) times as likely
RANKS = 3
USED = 1e-9


@dataclass(frozen=True, eq=False)
class _Rest:
    """The game that is left when play on the path is fixed.

    Attributes:
        shape: Its tree: reached sets are moves of chance.
        actions: [its actions] the action of the whole game that each one is.
        source: [its chance edges] chance edge or action of the whole game behind each; actions are numbered
            from the number of chance edges on.
        at_path: [actions] whether an action belongs to a reached set.
        used: [actions] the strategy that is fixed there.
    """

    shape: TreeShape
    actions: Ints
    source: Ints
    at_path: Bools
    used: Floats


def complete_off_path(
    shape: TreeShape,
    numbers: GameNumbers,
    scale: Floats,
    strategy: Floats,
    *,
    seed: int = 0,
    threads: int | None = None,
    stop: Callable[[], bool] | None = None,
) -> Assessment | None:
    """A sequential equilibrium with the path of a given profile.

    Args:
        shape: A game with perfect recall.
        numbers: One draw.
        scale: [1, players] payoff ranges.
        strategy: [actions] a Nash equilibrium; only what it does at the sets it reaches is used.
        seed: Seed of the mistakes.
        threads: Threads to use.
        stop: Polled between rounds.

    Returns:
        A certified assessment with one row, or None if none was found.
    """
    reached = _reached_sets(shape, numbers.chance[:1], strategy)
    rest = _rest_of(shape, reached, strategy)
    missed = np.flatnonzero(rest.at_path & (rest.used == 0)).astype(np.int32)
    rng = np.random.Generator(np.random.Philox(key=[seed, 0x6F66660A]))
    rank = _patterns(rng, shape, missed)
    lean = rng.standard_normal((len(rank), len(rest.actions))) * 3.0
    lean[::2] = 0.0
    for second in (False, True):
        if stop is not None and stop():
            return None
        many = GameNumbers(np.repeat(numbers.payoff[:1], len(rank), 0), np.repeat(numbers.chance[:1], len(rank), 0))
        scales = np.repeat(np.asarray(scale)[:1], len(rank), axis=0)
        found = _solve(shape, many, scales, rest, rank, lean, threads, stop)
        good = certify(shape, many, found, scales).certified
        if good.any():
            return found.take(slice(int(np.argmax(good)), int(np.argmax(good)) + 1))
        if second or not len(rest.actions) or not len(missed):
            return None
        rank, lean = _recombined(rng, shape, many, scales, found, missed, rank, lean)
    return None


def _reached_sets(shape: TreeShape, chance: Floats, strategy: Floats) -> Bools:
    reach = reach_probability(shape, chance, np.where(strategy < USED, 0.0, strategy)[None, :])[0]
    return np.array([reach[nodes].max() > 0 for nodes in shape.members], dtype=np.bool_)


def _rest_of(shape: TreeShape, reached: Bools, strategy: Floats) -> _Rest:
    at_path = reached[shape.action_infoset]
    left = np.flatnonzero(~reached)
    number = np.full(len(reached) + 1, -1, dtype=np.int32)
    number[left] = np.arange(len(left))
    decided = shape.infoset >= 0
    fixed = np.zeros(shape.num_nodes, dtype=np.bool_)
    fixed[decided] = reached[shape.infoset[decided]]
    kind = np.where(fixed, CHANCE, shape.kind).astype(np.int32)
    widths = np.diff(shape.action_start)[left]
    actions = np.flatnonzero(~at_path).astype(np.int32)
    place = np.full(shape.num_actions, -1, dtype=np.int32)
    place[actions] = np.arange(len(actions))
    fans = np.where(kind == CHANCE, shape.num_children, 0)
    chance_start = np.where(kind == CHANCE, np.cumsum(fans) - fans, -1).astype(np.int32)
    edge = shape.edge.copy()
    source = np.zeros(int(fans.sum()), dtype=np.int32)
    for node in range(shape.num_nodes):
        first = int(shape.first_child[node])
        children: Ints = np.arange(first, first + int(shape.num_children[node]), dtype=np.int32)
        if kind[node] == CHANCE:
            new = chance_start[node] + np.arange(len(children))
            source[new] = shape.edge[children] + (shape.num_chance_edges if fixed[node] else 0)
            edge[children] = new
        elif len(children):
            edge[children] = place[shape.edge[children]]
    rest = replace(
        shape,
        kind=kind,
        infoset=np.where(fixed, -1, number[shape.infoset]).astype(np.int32),
        edge=edge.astype(np.int32),
        infoset_player=shape.infoset_player[left],
        action_start=np.concatenate([[0], np.cumsum(widths)]).astype(np.int32),
        chance_start=chance_start,
        payoff_class=None,
        chance_class=None,
    )
    used = np.where(at_path & (strategy < USED), 0.0, strategy)
    return _Rest(rest, actions, source, at_path, used)


def _patterns(rng: np.random.Generator, shape: TreeShape, missed: Ints) -> Floats:
    """[patterns, actions] how rare each mistake is: 0 for all in the first; by set in every other one after it."""
    rank = np.zeros((PATTERNS, shape.num_actions))
    sets = shape.action_infoset[missed]
    for row in range(1, PATTERNS):
        if row % 2:
            rank[row, missed] = rng.integers(0, RANKS, shape.num_infosets)[sets]
        else:
            rank[row, missed] = rng.integers(0, RANKS, len(missed))
    return rank


def _solve(
    shape: TreeShape,
    many: GameNumbers,
    scales: Floats,
    rest: _Rest,
    rank: Floats,
    lean: Floats,
    threads: int | None,
    stop: Callable[[], bool] | None,
) -> Assessment:
    """One assessment of the whole game per pattern."""
    logs = np.stack([_trembled(shape, rest, rank, precision) for precision in PRECISIONS])
    strategy = np.repeat(rest.used[None, :], len(rank), axis=0)
    if len(rest.actions):
        both = np.concatenate([many.chance, np.exp(logs[-1])], axis=1)[:, rest.source]
        inner = GameNumbers(many.payoff, both)
        settings = LogitSettings(close=False, attempts=1, max_steps=400, block=4)
        answer = solve_logit(
            rest.shape, inner, scales, settings=settings, bias=lean, threads=threads, stop=stop
        ).assessment
        strategy[:, rest.actions] = answer.strategy
        if answer.witness is not None:
            logs[:, :, rest.actions] = answer.witness.log_strategy
    with np.errstate(invalid="ignore"):
        belief = bayes_beliefs(shape, many.chance, strategy)
        limit = beliefs_from_logs(shape, many.chance, logs[-1])
    return Assessment(strategy, np.where(np.isnan(belief), limit, belief), Witness(PRECISIONS, logs))


def _trembled(shape: TreeShape, rest: _Rest, rank: Floats, precision: float) -> Floats:
    """[patterns, actions] logarithm of the profile with mistakes; 0 where it is not fixed."""
    slip = -np.log(precision) - STEP * rank
    with np.errstate(divide="ignore"):
        logs = np.where(rest.used > 0, np.log(rest.used), slip)
    weights = np.exp(logs) * rest.at_path
    starts = shape.action_start[:-1]
    total = np.add.reduceat(weights, starts, axis=1)[:, shape.action_infoset] if len(starts) else weights
    with np.errstate(divide="ignore"):
        return np.where(rest.at_path, logs - np.log(np.where(total > 0, total, 1.0)), 0.0)


def _recombined(
    rng: np.random.Generator,
    shape: TreeShape,
    many: GameNumbers,
    scales: Floats,
    found: Assessment,
    missed: Ints,
    rank: Floats,
    lean: Floats,
) -> tuple[Floats, Floats]:
    """Patterns for a second round: at each set off the path, the mistakes of a pattern that deters there."""
    gain = _gains(shape, many, scales, found)[:, missed]
    after = [_sets_after(shape, int(action)) for action in missed]
    new = np.empty_like(rank)
    for row in range(len(rank)):
        jitter = gain + rng.exponential(1e-3 if row % 2 else 1e-9, gain.shape)
        new[row] = rank[int(np.argmin(jitter.max(axis=1)))]
        for infoset in dict.fromkeys(first for sets in after for first in sets):
            leading = [k for k, sets in enumerate(after) if infoset in sets]
            donor = int(np.argmin(jitter[:, leading].max(axis=1)))
            new[row, missed[leading]] = rank[donor, missed[leading]]
    turned = rng.standard_normal(lean.shape) * 3.0
    turned[::2] = 0.0
    return new, turned


def _gains(shape: TreeShape, many: GameNumbers, scales: Floats, found: Assessment) -> Floats:
    """[patterns, actions] what each action gives beyond what the strategy gives, share of the payoff range."""
    with np.errstate(invalid="ignore"):
        values = action_values(shape, many, found)
        mean = np.add.reduceat(values * found.strategy, shape.action_start[:-1], axis=1)[:, shape.action_infoset]
        gain = (values - mean) / scales[:, shape.infoset_player[shape.action_infoset]]
    return np.where(np.isfinite(gain), gain, np.inf)


def _sets_after(shape: TreeShape, action: int) -> tuple[int, ...]:
    """The next information sets on the paths that begin with an action."""
    start = int(shape.action_node_start[action])
    stop = int(shape.action_node_start[action + 1]) if action + 1 < shape.num_actions else len(shape.action_nodes)
    stack = [int(node) for node in shape.action_nodes[start:stop]]
    found: dict[int, None] = {}
    while stack:
        node = stack.pop()
        if shape.infoset[node] >= 0:
            found[int(shape.infoset[node])] = None
        else:
            first = int(shape.first_child[node])
            stack.extend(range(first, first + int(shape.num_children[node])))
    return tuple(found)
