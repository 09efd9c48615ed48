"""One game judged from outside: pygambit recomputes the regret, plain recursion looks at every unreached set."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from crosscheck.peer import Peer
from detente.exchange import write_efg
from detente.game import BuiltGame, Witness, terminal_probability
from detente.solvers import LogitSettings, solve_certified, solve_qre
from game.brute_force import SlowGame

REGRET = 1e-7  # of the payoff range, which is 1 in these games
MIXES = 1e-5  # endings this far apart are different ends
SAME_POINT = 1e-6  # probabilities this far apart are different points of a branch
SMALL_STEPS = LogitSettings(reach=0.003, longest=0.1, max_steps=60_000, attempts=1)


@dataclass(frozen=True)
class Judged:
    """What was found out about our answer to one game.

    Attributes:
        certified: By our own certificate. way: how it was reached.
        gambit_regret: Largest one-shot gain at reached sets, recomputed by pygambit from the exported game.
        slow_regret: The same at every set, reached or not, by plain recursion.
        continuation_regret: Largest gain of a whole continuation strategy at unreached sets, where few enough.
        belief_gap: Largest difference between a belief and the last tremble's, by plain recursion.
        branch: How pygambit's branch compares; see `compare_branch`.
    """

    seed: int
    certified: bool
    way: str
    gambit_regret: float
    slow_regret: float
    continuation_regret: float
    belief_gap: float
    branch: str = "not asked"

    @property
    def passed(self) -> bool:
        """Whether nobody outside found anything wrong with the answer."""
        worst = max(self.gambit_regret, self.slow_regret, self.continuation_regret)
        return self.certified and worst <= REGRET and self.belief_gap <= 1e-6


def judge(game: BuiltGame, seed: int, peer: Peer | None = None) -> Judged:
    """Solve a game whose payoff ranges are one and have the answer judged."""
    scale = np.ones((1, game.shape.num_players))
    answer = solve_certified(game.shape, game.numbers, scale, threads=1)
    assessment = answer.solution.assessment
    play = [float(p) for p in assessment.strategy[0]]
    belief = [float(b) for b in assessment.belief[0]]
    slow = SlowGame(game)
    every = range(game.shape.num_infosets)
    unreached = [i for i in every if sum(slow.reach(h, play) for h in slow.members[i]) == 0.0]
    few = [i for i in unreached if slow.num_pure(slow.player[i]) <= 2_000]
    return Judged(
        seed=seed,
        certified=bool(answer.certificate.certified[0]),
        way=answer.way[0],
        gambit_regret=gambit_regret(game, assessment.strategy[0]),
        slow_regret=max((slow.one_shot_regret(i, play, belief) for i in every), default=0.0),
        continuation_regret=max((slow.continuation_regret(i, play, belief) for i in few), default=0.0),
        belief_gap=max((_belief_gap(slow, i, belief, assessment.witness) for i in unreached), default=0.0),
        branch="not asked" if peer is None else compare_branch(game, assessment.strategy, peer),
    )


def gambit_regret(game: BuiltGame, strategy: np.ndarray) -> float:
    """Regret of our profile of the exported game, in pygambit's own arithmetic."""
    import pygambit

    other = pygambit.read_efg(io.StringIO(write_efg(game)))
    profile: Any = other.mixed_behavior_profile(rational=False)
    for player in other.players:
        for infoset in player.infosets:
            for action in infoset.actions:
                profile[action] = float(strategy[game.action(infoset.label, action.label)])
    return float(profile.agent_max_regret())


def _belief_gap(slow: SlowGame, infoset: int, belief: list[float], witness: Witness | None) -> float:
    """Distance of the beliefs at a set from those of the last tremble; nodes behind impossible chance have none."""
    members = slow.members[infoset]
    if len(members) == 1:
        return abs(belief[members[0]] - 1.0)
    if witness is None:
        return math.inf
    logs = [float(x) for x in witness.log_strategy[-1, 0]]
    found = [_log_reach(slow, h, logs) for h in members]
    fewest = min(barred for barred, _ in found)
    top = max(total for barred, total in found if barred == fewest)
    weights = [math.exp(total - top) if barred == fewest else 0.0 for barred, total in found]
    return max(abs(belief[h] - w / sum(weights)) for h, w in zip(members, weights, strict=True))


def _log_reach(slow: SlowGame, node: int, logs: list[float]) -> tuple[int, float]:
    """Number of impossible chance moves on the way to a node, and the logarithm of all the rest."""
    barred, total = 0, 0.0
    while slow.parent[node] >= 0:
        edge = slow.edge[node]
        if slow.infoset[slow.parent[node]] >= 0:
            total += logs[edge]
        elif slow.chance[edge] == 0.0:
            barred += 1
        else:
            total += math.log(slow.chance[edge])
        node = slow.parent[node]
    return barred, total


def compare_branch(game: BuiltGame, ours: np.ndarray, peer: Peer) -> str:
    """Where pygambit's branch ends, against ours.

    Returns:
        ``same end``; ``same branch, still moving`` where its last point is the quantal response equilibrium we
        compute at its precision, but that is not yet the end; ``theirs jumped`` where its own branch ends at ours
        once its steps are small; ``theirs stopped`` with the reason where it reached no target; ``ours jumped``
        where ours is not the end of our own branch followed with small steps; or ``different``.
    """
    efg = write_efg(game)
    found = peer.branch_end(efg)
    if "error" in found:
        return f"theirs stopped: {found['error']}"
    theirs = game.profile(found["play"])
    if _apart(game, ours, theirs) <= MIXES:
        return "same end"
    if not found["regret"] <= REGRET:
        return "theirs stopped: short of its target regret"
    scale = np.ones((1, game.shape.num_players))
    careful = solve_certified(game.shape, game.numbers, scale, settings=SMALL_STEPS, threads=1).solution.assessment
    if _apart(game, careful.strategy, ours) > MIXES:
        return "ours jumped"
    point = solve_qre(game.shape, game.numbers, found["lam"], threads=1).assessment.strategy
    if np.abs(point - theirs).max() <= SAME_POINT:
        return "same branch, still moving"
    again = peer.branch_end(efg, first_step=0.003, max_accel=1.02)
    if "play" in again and _apart(game, ours, game.profile(again["play"])) <= MIXES:
        return "theirs jumped"
    return "different"


def _apart(game: BuiltGame, one: np.ndarray, other: np.ndarray) -> float:
    """Largest difference between two distributions over the ends."""
    first = terminal_probability(game.shape, game.numbers.chance, one)
    return float(np.abs(first - terminal_probability(game.shape, game.numbers.chance, other)).max())
