"""Why the best option at an information set is best: the difference to the next-best one by payoff term."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from detente.axes import Floats
from detente.game import DECISION
from detente.study.games import Solved
from detente.study.results_solve import Why

DISTINCT = 1e-9


def explain(solved: Solved, infoset: int, terms: Floats) -> Why:
    """Split the difference between the best and the next-best option at an information set.

    Args:
        solved: A solved game; the first distinct one is explained.
        infoset: Which information set; it has at least two options.
        terms: [terms] value of each payoff term.
    """
    label = solved.game.compiled.infoset_labels[infoset]
    shares = expected_terms(solved, infoset, terms)
    names = list(shares)
    table = np.array([shares[name] for name in names]).reshape(len(names), len(label.options))
    worth = table.sum(axis=0)
    order = np.argsort(-worth, kind="stable")
    best, other = int(order[0]), int(order[1])
    parts = {name: float(table[k, best] - table[k, other]) for k, name in enumerate(names)}
    ordered = dict(sorted(parts.items(), key=lambda item: (-abs(item[1]), item[0])))
    difference = float(worth[best] - worth[other])
    return Why(
        best=label.options[best],
        next_best=label.options[other],
        difference=difference,
        terms=ordered,
        sentence=_sentence(label.options[best], label.options[other], difference, ordered),
    )


def expected_terms(solved: Solved, infoset: int, terms: Floats) -> dict[str, Floats]:
    """Per payoff term of the mover: its expected value after each option, given the mover's beliefs."""
    compiled = solved.game.compiled
    shape = compiled.shape
    mover = int(shape.infoset_player[infoset])
    options = int(shape.action_start[infoset + 1] - shape.action_start[infoset])
    own = [k for k, term in enumerate(compiled.terms) if term.player == mover]
    sums = {compiled.terms[k].name: np.zeros(options) for k in own}
    belief = solved.assessment.belief[0]
    weights = [_ends_after(solved, infoset, belief, option) for option in range(options)]
    for k in own:
        ends = compiled.term_rows[compiled.term_cols == k]
        for option in range(options):
            sums[compiled.terms[k].name][option] += terms[k] * weights[option][ends].sum()
    return sums


def _ends_after(solved: Solved, infoset: int, belief: Floats, option: int) -> Floats:
    """[terminals] probability of each ending once an option is taken, given the mover's beliefs."""
    shape = solved.game.compiled.shape
    strategy, chance = solved.assessment.strategy[0], solved.numbers.chance[0]
    weight = np.zeros(shape.num_nodes)
    for node in shape.members[infoset]:
        weight[int(shape.first_child[node]) + option] = belief[node]
    for level in shape.levels[1:]:
        nodes = np.arange(level.start, level.stop)
        parents = shape.parent[nodes]
        flow = weight[parents] != 0
        moved, above = nodes[flow], parents[flow]
        edge = shape.edge[moved]
        by_player = shape.kind[above] == DECISION
        step = np.empty(len(moved))
        step[by_player] = strategy[edge[by_player]]
        step[~by_player] = chance[edge[~by_player]]
        weight[moved] += np.where(shape.infoset[above] == infoset, 0.0, weight[above] * step)
    return weight[shape.terminal_nodes]


def hidden_history(history: Mapping[str, str | None], sees: Mapping[str, str]) -> str:
    """The part of a history that a mover has not seen, as text."""
    unseen = [f"{name}={label}" for name, label in history.items() if name not in sees and label is not None]
    return ", ".join(unseen) or "nothing unseen"


def _said(name: str) -> str:
    """A payoff term as a sentence names it; one of a round says which."""
    term, dot, number = name.rpartition(".")
    return f"{term} in round {number}" if dot and number.isdigit() else name


def _sentence(best: str, other: str, difference: float, parts: Mapping[str, float]) -> str:
    if difference <= DISTINCT:
        return f"“{best}” and “{other}” are worth the same here."
    named = [f"{_said(name)} {amount:+.3g}" for name, amount in parts.items() if abs(amount) > DISTINCT][:4]
    return f"“{best}” is worth {difference:.3g} more than “{other}”: {', '.join(named)}."
