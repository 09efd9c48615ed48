"""The benchmark game: a crisis between two players who each have a secret type, four moves deep.

Nature draws both types; R builds up or not; U answers firmly, softly or by talking; R attacks, settles or waits.
With two types a side the tree has 109 nodes, 72 ends and 18 information sets; with T types 1 + 27 T^2 nodes and
9 T information sets.
The tree is the same in every draw, only payoffs and chance probabilities differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.axes import Floats
from detente.game import BuiltGame, TreeBuilder
from detente.game.builder import Node

BUILDS = ("build", "none")
ANSWERS = ("firm", "soft", "talk")
MOVES = ("attack", "settle", "wait")

BUILD_COST = 0.1  # what a buildup costs R
FIRM_COST = 0.15  # what a firm answer costs U
FIRM_HARM = 0.2  # what an attack gains R less if U was firm, and costs U more if it was not


@dataclass(frozen=True, eq=False)
class CrisisDraws:
    """Parameters of many draws.

    Attributes:
        prior_r, prior_u: [draws, types] probability of each type.
        cost_r, cost_u: [draws, types] what fighting costs each type.
        settle: [draws, answers] what a settlement after each answer hands from U to R.
    """

    prior_r: Floats
    prior_u: Floats
    cost_r: Floats
    cost_u: Floats
    settle: Floats


def draw_crises(count: int, seed: int, types: int = 2) -> CrisisDraws:
    """Random parameters: in two types the first fights cheaply (0.2 to 0.6), the second dearly (0.6 to 1.2)."""
    rng = np.random.default_rng(seed)
    low, high = 0.2 + np.arange(types) * (1.0 / types), 0.2 + np.arange(1, types + 1) * (1.0 / types)
    if types == 2:
        low, high = np.array([0.2, 0.6]), np.array([0.6, 1.2])
    return CrisisDraws(
        prior_r=_priors(rng, count, types),
        prior_u=_priors(rng, count, types),
        cost_r=rng.uniform(low, high, (count, types)),
        cost_u=rng.uniform(low, high, (count, types)),
        settle=rng.uniform([0.0, 0.3, 0.1], [0.2, 0.5, 0.4], (count, 3)),
    )


def _priors(rng: np.random.Generator, count: int, types: int) -> Floats:
    weight = rng.uniform(0.2, 0.8, (count, types))
    if types == 2:
        weight[:, 1] = 1.0 - weight[:, 0]
    return weight / weight.sum(axis=1, keepdims=True)


def end_payoffs(draws: CrisisDraws, types: tuple[int, int], built: bool, answer: str, move: str) -> tuple[Any, Any]:
    """([draws], [draws]) payoffs of R and U at one end."""
    settle = draws.settle[:, ANSWERS.index(answer)]
    firm = answer == "firm"
    zero = np.zeros(len(settle))
    if move == "attack":
        to_r = 1.0 - FIRM_HARM * firm - draws.cost_r[:, types[0]]
        to_u = -draws.cost_u[:, types[1]] - FIRM_HARM * (not firm)
    elif move == "settle":
        to_r, to_u = settle, -settle
    else:
        to_r, to_u = zero, zero
    return to_r - BUILD_COST * built, to_u - FIRM_COST * firm


def crisis_game(draws: CrisisDraws) -> BuiltGame:
    """The game with the numbers of every draw."""
    tree = TreeBuilder("R", "U")
    return tree.build(crisis_tree(tree, draws))


def crisis_tree(tree: TreeBuilder, draws: CrisisDraws, place: str = "") -> Node:
    """The tree of the game in a builder for R and U; `place` stands before the names of its sets."""
    kinds = draws.cost_r.shape[1]

    def last(pair: tuple[int, int], build: str, answer: str) -> Any:
        ends = {move: tree.terminal(*end_payoffs(draws, pair, build == "build", answer, move)) for move in MOVES}
        return tree.decision("R", f"{place}R{pair[0]} after {build}, {answer}", ends)

    def reply(pair: tuple[int, int], build: str) -> Any:
        return tree.decision(
            "U", f"{place}U{pair[1]} after {build}", {answer: last(pair, build, answer) for answer in ANSWERS}
        )

    branches = {}
    for r in range(kinds):
        for u in range(kinds):
            start = tree.decision("R", f"{place}R{r}", {build: reply((r, u), build) for build in BUILDS})
            branches[f"{r}-{u}"] = (draws.prior_r[:, r] * draws.prior_u[:, u], start)
    return tree.chance(branches)
