"""The compiler against a plain interpreter of the language, on random cases."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from compiler.random_cases import cases
from compiler.reference import Impossible, Interpreter, Unseen
from detente.case import Case, Posture
from detente.compiler import CompiledPosture, carry_strategy, compile_posture
from detente.errors import CaseError
from detente.game import CHANCE, DECISION, TERMINAL, check_perfect_recall, expected_payoffs

MANY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def compiled_or_skip(case: Case, posture: Posture, **options) -> CompiledPosture:
    try:
        return compile_posture(case, posture, **options)
    except CaseError:
        assume(False)
        raise


def posture_of(case: Case, number: int) -> Posture:
    return case.postures[number]


def path(compiled: CompiledPosture, node: int) -> list[int]:
    nodes = [node]
    while nodes[-1] != 0:
        nodes.append(int(compiled.shape.parent[nodes[-1]]))
    return nodes[::-1]


def freeze(history) -> tuple:
    return tuple(history.items())


@MANY
@given(cases(), st.integers(0, 1), st.booleans())
def test_same_game_as_the_interpreter(case: Case, number: int, full: bool):
    posture = posture_of(case, number)
    try:
        ends = Interpreter(case, posture, everything_seen=full).run()
    except (Unseen, Impossible):
        if not full:  # what is seen by all there may not be seen in the case itself
            with pytest.raises(CaseError):
                compile_posture(case, posture)
        return
    compiled = compile_posture(case, posture, full_information=full)
    shape, numbers = compiled.shape, compiled.numbers(case.base_theta())
    expected = {freeze(end.history): end for end in ends}
    assert len(expected) == len(ends)
    moves = {}
    found = set()
    for terminal, history in enumerate(compiled.histories):
        nodes = path(compiled, int(shape.terminal_nodes[terminal]))
        chance = np.prod([numbers.chance[0, shape.edge[b]] for a, b in pairwise(nodes) if shape.kind[a] == CHANCE])
        end = expected[freeze(history)]
        found.add(freeze(history))
        assert chance == pytest.approx(end.chance, abs=1e-13)
        assert numbers.payoff[0, terminal] == pytest.approx(end.payoff, abs=1e-12)
        made = [
            (int(shape.infoset[a]), compiled.edge_label[b]) for a, b in pairwise(nodes) if shape.kind[a] == DECISION
        ]
        assert [option for _, option in made] == [move[3] for move in end.moves]
        for (infoset, _), (player, name, seen, _) in zip(made, end.moves, strict=True):
            label = compiled.infoset_labels[infoset]
            assert (label.player, label.decision) == (player, name)
            shown = [pair for pair in label.sees if " " not in pair[0]]  # without "x revealed"
            told = [(variable, value) for _, variable, value in seen]
            assert sorted(shown) == sorted(told) if full else shown == told
            # same information set exactly where the same was seen at the same times
            key = (name, tuple(sorted(seen)))
            assert moves.setdefault(infoset, key) == key
    assert found == set(expected)
    assert len(set(moves.values())) == len(moves)
    assert len({(label.player, label.decision, label.sees) for label in compiled.infoset_labels}) == len(moves)


@MANY
@given(cases(), st.integers(0, 1), st.booleans())
def test_layout_and_recall(case: Case, number: int, full: bool):
    compiled = compiled_or_skip(case, posture_of(case, number), full_information=full)
    shape = compiled.shape
    nodes = np.arange(shape.num_nodes)
    assert (shape.parent[1:] < nodes[1:]).all()
    assert (np.diff(shape.depth) >= 0).all()
    assert (np.diff(shape.parent[1:]) >= 0).all()  # breadth-first, children contiguous
    for node in nodes:
        children = range(shape.first_child[node], shape.first_child[node] + shape.num_children[node])
        assert all(shape.parent[child] == node for child in children)
        if shape.kind[node] == DECISION:
            start, stop = shape.action_start[shape.infoset[node] : shape.infoset[node] + 2]
            assert [shape.edge[child] for child in children] == list(range(start, stop))
            options = compiled.infoset_labels[shape.infoset[node]].options
            assert tuple(compiled.edge_label[child] for child in children) == options
        elif shape.kind[node] == CHANCE:
            assert [shape.edge[child] for child in children] == [
                shape.chance_start[node] + k for k in range(len(children))
            ]
        assert (shape.kind[node] == TERMINAL) == (len(children) == 0)
        assert len(children) != 1
    check_perfect_recall(shape)
    assert independent_recall(compiled)


def independent_recall(compiled: CompiledPosture) -> bool:
    """Whether all nodes of a set share the mover's own past: sets passed and actions taken there."""
    shape = compiled.shape
    pasts: dict[int, set[tuple]] = {}
    for node in np.flatnonzero(shape.kind == DECISION):
        infoset = int(shape.infoset[node])
        player = shape.infoset_player[infoset]
        nodes = path(compiled, int(node))
        past = tuple(
            (int(shape.infoset[a]), int(shape.edge[b]))
            for a, b in pairwise(nodes)
            if shape.kind[a] == DECISION and shape.infoset_player[shape.infoset[a]] == player
        )
        pasts.setdefault(infoset, set()).add(past)
    return all(len(past) == 1 for past in pasts.values())


@MANY
@given(cases(), st.integers(0, 1), st.integers(0, 2**32 - 1))
def test_chance_is_exact(case: Case, number: int, seed: int):
    compiled = compiled_or_skip(case, posture_of(case, number))
    random = np.random.default_rng(seed)
    theta = random.uniform(0.001, 0.49, (7, len(case.parameters)))  # two of them leave a rest
    numbers = compiled.numbers(theta)
    for chance in (numbers.chance, numbers.judged_chance):
        if chance is None:
            continue
        assert (chance * 2.0**50 == np.round(chance * 2.0**50)).all()
        for node in np.flatnonzero(compiled.shape.kind == CHANCE):
            start = compiled.shape.chance_start[node]
            own = chance[:, start : start + compiled.shape.num_children[node]]
            assert (own >= 0).all()
            assert (own.sum(axis=1) == 1.0).all()
    for draw in range(len(theta)):  # a batch is nothing but its draws
        alone = compiled.numbers(theta[draw])
        assert (alone.payoff[0] == numbers.payoff[draw]).all()
        assert (alone.chance[0] == numbers.chance[draw]).all()


@MANY
@given(cases())
def test_full_information_changes_information_sets_only(case: Case):
    compiled = compiled_or_skip(case, case.postures[1])
    full = compile_posture(case, case.postures[1], full_information=True)
    for name in ("parent", "kind", "first_child", "num_children", "terminal", "chance_start"):
        assert (getattr(compiled.shape, name) == getattr(full.shape, name)).all()
    assert compiled.edge_variable == full.edge_variable
    assert compiled.edge_label == full.edge_label


@MANY
@given(cases(), st.integers(0, 2**32 - 1))
def test_nothing_changes_while_the_commitment_is_kept(case: Case, seed: int):
    """A free owner who follows its published rule brings about the very same play."""
    kept = compiled_or_skip(case, case.postures[1])
    free = compiled_or_skip(case, case.postures[1], free_owner=True)
    assume(kept.posture.commit)
    theta = case.base_theta()[np.newaxis]
    weights = np.random.default_rng(seed).uniform(0.1, 1.0, (1, kept.shape.num_actions))
    totals = np.add.reduceat(weights, kept.shape.action_start[:-1], axis=1) if kept.shape.num_infosets else weights
    strategy = weights / totals[:, kept.shape.action_infoset]
    carried = carry_strategy(kept, free, theta, strategy)
    numbers = free.numbers(theta)
    filled = np.where(np.isnan(carried), 0.5, carried)  # whatever is said here, play does not come to it
    before = expected_payoffs(kept.shape, kept.numbers(theta), strategy)
    np.testing.assert_allclose(expected_payoffs(free.shape, numbers, filled), before, rtol=0, atol=1e-12)
