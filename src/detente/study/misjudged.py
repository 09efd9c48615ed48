"""How likely an actor acts otherwise than it would if everybody knew everything (rule 17)."""

from __future__ import annotations

import numpy as np

from detente.axes import Bools, Floats
from detente.case import Posture
from detente.compiler import CompiledPosture, RuledPosture, compile_posture, same_rule
from detente.errors import RequestError
from detente.game import DECISION, TreeShape
from detente.study.games import Game, Solved
from detente.study.played import Part, Played
from detente.study.worlds import Worlds


def misjudged(
    worlds: Worlds, posture: Posture, played: Played, actor: int, theta: Floats, scale: Floats
) -> tuple[Floats, Bools]:
    """Probability that at least one of an actor's actions differs from the one under full information.

    Play and full-information play are drawn together so that they agree as often as they can: an action
    taken with probability s and s* is the same in both with probability min(s, s*).

    Args:
        worlds: The postures.
        posture: The posture.
        played: It, played in these worlds.
        actor: Index of the player.
        theta: [draws, params] the worlds.
        scale: [draws, players] payoff ranges.

    Returns:
        [draws] probabilities, and [draws] whether the full-information equilibria are certified.
    """
    total = np.zeros(played.draws)
    certified = np.ones(played.draws, dtype=np.bool_)
    for part in played.parts:
        full = _full_information(worlds, posture, part.solved)
        known = full.solve(theta[part.rows], scale[part.rows], worlds.options, worlds.tally)
        same = _same(part, known.assessment.strategy[known.inverse], full.compiled.shape, actor)
        np.add.at(total, part.rows, part.weight * (1.0 - same))
        certified[part.rows] &= known.certified
    return np.clip(total, 0.0, 1.0), certified


def _full_information(worlds: Worlds, posture: Posture, solved: Solved) -> Game:
    kept = solved.game.compiled
    rule = kept.plan.settings.rule
    if rule is None:
        game = worlds.game(posture, full_information=True)
    else:
        compiled = compile_posture(worlds.case, posture, limit=worlds.limit, rule=rule, full_information=True)
        game = Game.of(worlds.case, compiled)
    if not _same_histories(kept, game.compiled):
        raise RequestError(f"posture '{posture.name}': its histories change when everybody knows everything")
    if isinstance(kept, RuledPosture):
        ruled = same_rule(game.compiled, kept.of_draws(solved.inverse))
        return Game(game.case, ruled, game.owner, game.columns)
    return game


def _same_histories(first: CompiledPosture, second: CompiledPosture) -> bool:
    shapes = first.shape, second.shape
    return (
        shapes[0].num_nodes == shapes[1].num_nodes
        and bool((shapes[0].parent == shapes[1].parent).all())
        and first.edge_label == second.edge_label
        and first.edge_variable == second.edge_variable
    )


def _same(part: Part, informed: Floats, full: TreeShape, actor: int) -> Floats:
    """[entries] probability that the actor's actions agree with the informed ones all along the path."""
    solved = part.solved
    shape = solved.game.compiled.shape
    strategy = solved.assessment.strategy[solved.inverse]
    chance = solved.numbers.chance[solved.inverse]
    reach = np.zeros((len(strategy), shape.num_nodes))
    reach[:, 0] = 1.0
    for level in shape.levels[1:]:
        nodes = np.arange(level.start, level.stop)
        parents = shape.parent[nodes]
        by_player = shape.kind[parents] == DECISION
        step = np.empty((len(strategy), len(nodes)))
        step[:, ~by_player] = chance[:, shape.edge[nodes[~by_player]]]
        step[:, by_player] = strategy[:, shape.edge[nodes[by_player]]]
        own = by_player & (shape.infoset_player[np.where(by_player, shape.infoset[parents], 0)] == actor)
        step[:, own] = np.minimum(step[:, own], informed[:, full.edge[nodes[own]]])
        reach[:, nodes] = reach[:, parents] * step
    return reach[:, shape.terminal_nodes].sum(axis=1)
