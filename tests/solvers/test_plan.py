"""The evaluation plan: loops are cut, equal values are shared, and neither changes an answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from detente.game import CHANCE, GameNumbers, TreeBuilder
from detente.solvers import solve_logit
from detente.solvers.kernel_cache import drop_stale_kernels, kernels_are_compiled
from detente.solvers.kernel_layout import HEADER, PIVOT, WIDTH
from detente.solvers.kernel_linear import factor, solve
from detente.solvers.plan import (
    _backwards,  # pyright: ignore[reportPrivateUsage]
    _dependence,  # pyright: ignore[reportPrivateUsage]
    _topological,  # pyright: ignore[reportPrivateUsage]
    make_plan,
)
from detente.solvers.value_classes import ValueClasses
from game.known_games import entry_deterrence, two_types
from game.random_games import payoff_range, random_game


def test_perfect_information_needs_no_unknowns():
    assert make_plan(entry_deterrence().shape).num_unknowns == 0


@pytest.mark.parametrize("seed", range(20))
def test_perfect_information_is_ordered_without_masks_as_it_would_be_with_them(seed: int):
    game = random_game(np.random.default_rng(seed), num_nodes=60, num_players=3, merge=0.0)
    assert game.shape.has_perfect_information
    classes = ValueClasses(game.shape)
    needs = _dependence(game.shape, classes)
    assert not any(needs.beliefs)
    everything = (1 << game.shape.num_infosets) - 1
    assert _backwards(game.shape, classes) == _topological(needs.later, everything)


def test_chance_on_the_way_to_a_member_is_listed_from_below():
    game = random_game(np.random.default_rng(4), num_nodes=80, num_players=2, chance=0.5)
    shape, plan = game.shape, make_plan(game.shape)
    assert len(plan.chance_path_edge) > 10
    for place, member in enumerate(plan.member_node):
        expected, node = [], int(member)
        while node:
            if shape.kind[shape.parent[node]] == CHANCE:
                expected.append(int(shape.edge[node]))
            node = int(shape.parent[node])
        start, stop = plan.chance_path_start[place : place + 2]
        assert plan.chance_path_edge[start:stop].tolist() == expected


def test_a_signaling_game_needs_fewer_unknowns_than_it_has_strategies():
    shape = two_types().shape
    plan = make_plan(shape)
    assert 0 < plan.num_unknowns <= 2
    assert make_plan(shape, lifted=True).num_unknowns == 4


def test_every_information_set_is_evaluated_once_and_after_what_it_rests_on():
    for seed in range(30):
        game = random_game(np.random.default_rng(seed), num_nodes=50, num_players=3)
        plan = make_plan(game.shape)
        sets = plan.op_arg[plan.op_kind == 1].tolist()
        assert sorted(sets) == list(range(game.shape.num_infosets))
        known = set(range(plan.num_terminal_slots))
        for kind, arg, stop in zip(plan.op_kind, plan.op_arg, plan.op_stop, strict=True):
            if kind == 0:
                for op in range(arg, stop):
                    assert set(plan.lin_in[plan.lin_start[op] : plan.lin_start[op + 1]]) <= known
                    known.add(int(plan.lin_out[op]))


def same_but_for_the_coin() -> tuple[TreeBuilder, object]:
    """A coin the second player does not see and whose side does not matter to it."""
    tree = TreeBuilder("first", "second")

    def after(side: float):
        stay = tree.terminal(side, 0.3)
        answer = tree.decision("second", "answer", {"yes": tree.terminal(1.0, 0.0), "no": tree.terminal(side, 1.0)})
        return tree.decision("first", f"move {side}", {"stay": stay, "ask": answer})

    return tree, tree.chance({"heads": (0.4, after(0.2)), "tails": (0.6, after(0.7))})


def test_beliefs_that_bear_on_no_choice_drop_out():
    tree, root = same_but_for_the_coin()
    game = tree.build(root)
    shape = game.shape
    classes = np.stack([np.unique(game.numbers.payoff[0, :, p], return_inverse=True)[1] for p in (0, 1)], axis=1)
    known = replace(shape, payoff_class=classes.astype(np.int32))
    assert make_plan(shape).belief_free.tolist().count(False) == 1
    assert make_plan(known).belief_free.all()
    assert len(ValueClasses(known).terminals) < len(ValueClasses(shape).terminals)
    scale = payoff_range(game.numbers)
    apart = solve_logit(shape, game.numbers, scale).assessment
    shared = solve_logit(known, game.numbers, scale).assessment
    np.testing.assert_allclose(apart.strategy, shared.strategy, atol=1e-12)
    np.testing.assert_allclose(apart.belief, shared.belief, atol=1e-9)


def test_structure_found_in_random_games_changes_no_answer():
    for seed in range(20):
        game = random_game(np.random.default_rng(seed), num_nodes=50, num_players=2)
        payoff = np.round(game.numbers.payoff * 1.5) / 1.5  # few distinct payoffs: many equal values
        numbers = GameNumbers(payoff, game.numbers.chance)
        classes = np.stack(
            [np.unique(payoff[0, :, p], return_inverse=True)[1] for p in range(payoff.shape[2])], axis=1
        ).astype(np.int32)
        scale = np.maximum(payoff_range(numbers), 1e-9)
        plain = solve_logit(game.shape, numbers, scale).assessment.strategy
        shared = solve_logit(replace(game.shape, payoff_class=classes), numbers, scale).assessment.strategy
        np.testing.assert_allclose(plain, shared, atol=1e-6)


@pytest.mark.parametrize("size", [1, 2, 5, 17])
def test_small_linear_systems_agree_with_lapack(size: int):
    rng = np.random.default_rng(size)
    matrix, right = rng.normal(size=(size, size)), rng.normal(size=size)
    ints, floats = np.zeros(HEADER + size, dtype=np.int64), np.concatenate([matrix.ravel(), right])
    ints[[WIDTH, PIVOT]] = size, HEADER
    assert factor(ints, floats, size) == np.sign(np.linalg.det(matrix))
    solve(ints, floats, size, size * size)
    np.testing.assert_allclose(floats[size * size :], np.linalg.solve(matrix, right), rtol=1e-9)
    assert not factor(ints, np.zeros(size * size), size)


def test_stale_compiled_code_is_dropped(tmp_path):
    old = tmp_path / "kernel_batch.solve_block-1.py311.nbi"
    old.write_bytes(b"")
    import os

    os.utime(old, (0, 0))
    assert drop_stale_kernels(tmp_path) == 1
    assert not old.exists()
    assert drop_stale_kernels(tmp_path) == 0
    assert isinstance(kernels_are_compiled(), bool)
