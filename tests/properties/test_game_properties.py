"""What must hold in every game: of certificates, beliefs, best responses and backward induction."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.game import (
    BACKWARD_INDUCTION,
    DECISION,
    TERMINAL,
    Assessment,
    BuiltGame,
    Certificate,
    GameNumbers,
    TreeBuilder,
    action_values,
    bayes_beliefs,
    best_response_values,
    certify,
    expected_payoffs,
    forgetful_sets,
    reach_probability,
    terminal_probability,
)
from detente.solvers.backward_induction import solve_backward
from game.random_games import payoff_range, random_game, random_profile
from game.trembles import random_consistent

quick = settings(max_examples=40, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 60)


def _certificate(game: BuiltGame, assessment: Assessment, scale: np.ndarray | None = None) -> Certificate:
    scale = payoff_range(game.numbers) if scale is None else scale
    return certify(game.shape, game.numbers, assessment, scale, best_response=True)


def _gain(certificate: Certificate) -> np.ndarray:
    assert certificate.best_response_gain is not None
    return certificate.best_response_gain


@quick
@given(seeds, sizes, st.floats(1e-3, 1e3), st.floats(-1e3, 1e3))
def test_the_unit_and_zero_of_one_players_payoffs_do_not_matter(seed: int, size: int, factor: float, shift: float):
    rng = np.random.default_rng(seed)
    game = random_game(rng, num_nodes=size, num_players=3, merge=0.8)
    assessment = random_consistent(rng, game)
    payoff = game.numbers.payoff.copy()
    player = int(rng.integers(3))
    payoff[:, :, player] = factor * payoff[:, :, player] + shift
    other = replace(game, numbers=GameNumbers(payoff, game.numbers.chance))
    one, two = _certificate(game, assessment), _certificate(other, assessment)
    np.testing.assert_allclose(one.regret, two.regret, atol=1e-8)
    np.testing.assert_allclose(one.on_path_regret, two.on_path_regret, atol=1e-8)
    np.testing.assert_allclose(_gain(one), _gain(two), atol=1e-8)
    assert one.kinds == two.kinds


@quick
@given(seeds, sizes)
def test_the_order_of_players_does_not_matter(seed: int, size: int):
    rng = np.random.default_rng(seed)
    game = random_game(rng, num_nodes=size, num_players=3, merge=0.8)
    assessment = random_consistent(rng, game)
    order = rng.permutation(3)  # new position -> old player
    shape = replace(
        game.shape,
        players=tuple(game.shape.players[i] for i in order),
        infoset_player=np.argsort(order)[game.shape.infoset_player].astype(np.int32),
    )
    renamed = replace(game, shape=shape, numbers=GameNumbers(game.numbers.payoff[:, :, order], game.numbers.chance))
    one, two = _certificate(game, assessment), _certificate(renamed, assessment)
    assert one.kinds == two.kinds
    np.testing.assert_allclose(one.regret, two.regret, atol=1e-12)
    np.testing.assert_allclose(_gain(one)[:, order], _gain(two), atol=1e-12)


@quick
@given(seeds, sizes)
def test_an_action_worse_than_everything_changes_no_regret(seed: int, size: int):
    rng = np.random.default_rng(seed)
    game = random_game(rng, num_nodes=size, num_players=2, merge=0.8)
    if not game.shape.num_infosets:
        return
    strategy = random_profile(rng, game.shape)
    wider = _with_hopeless_action(game, game.labels[int(rng.integers(len(game.labels)))].decision)
    play = {
        label.decision: {name: float(strategy[0, start + k]) for k, name in enumerate(label.options)}
        for label, start in zip(game.labels, game.shape.action_start[:-1], strict=True)
    }
    results = []
    for each, profile in ((game, strategy), (wider, wider.profile(play))):
        belief = bayes_beliefs(each.shape, each.numbers.chance, profile)
        results.append(_certificate(each, Assessment(profile, belief), np.ones((1, 2))))
    one, two = results
    np.testing.assert_allclose(one.on_path_regret, two.on_path_regret, atol=1e-12)
    np.testing.assert_allclose(_gain(one), _gain(two), atol=1e-12)


def _with_hopeless_action(game: BuiltGame, infoset: str) -> BuiltGame:
    """The game with one more action at a set, after which everybody gets less than anywhere else."""
    tree, shape = TreeBuilder(*game.shape.players), game.shape

    def convert(node: int) -> Any:
        children = range(shape.first_child[node], shape.first_child[node] + shape.num_children[node])
        after = {game.edge_label[child]: convert(child) for child in children}
        if shape.kind[node] == TERMINAL:
            return tree.terminal(*game.numbers.payoff[0, shape.terminal[node]])
        if shape.kind[node] == DECISION:
            label = game.labels[shape.infoset[node]]
            extra = {"hopeless": tree.terminal(*[-10.0] * len(shape.players))} if label.decision == infoset else {}
            return tree.decision(label.player, label.decision, after | extra)
        odds = game.numbers.chance[0, shape.edge[list(children)]]
        return tree.chance({name: (odds[k], child) for k, (name, child) in enumerate(after.items())})

    return tree.build(convert(0))


@quick
@given(seeds, sizes, st.floats(0, 0.8))
def test_beliefs_follow_bayes_rule(seed: int, size: int, zeros: float):
    rng = np.random.default_rng(seed)
    game = random_game(rng, num_nodes=size, num_players=2, merge=0.9, chance=0.3, draws=3)
    strategy = random_profile(rng, game.shape, 3, zeros)
    reach = reach_probability(game.shape, game.numbers.chance, strategy)
    belief = bayes_beliefs(game.shape, game.numbers.chance, strategy)
    for members in game.shape.members:
        total = reach[:, members].sum(axis=1)
        reached = total > 0
        np.testing.assert_array_equal(np.isnan(belief[:, members]).any(axis=1), ~reached)
        np.testing.assert_allclose(belief[reached][:, members].sum(axis=1), 1.0, atol=1e-14)
        np.testing.assert_allclose(
            belief[reached][:, members] * total[reached, None], reach[reached][:, members], atol=1e-15
        )
    ends = terminal_probability(game.shape, game.numbers.chance, strategy)
    np.testing.assert_allclose(ends.sum(axis=1), 1.0, atol=1e-13)


@quick
@given(seeds, sizes, st.floats(0, 0.8))
def test_no_single_deviation_gains_more_than_the_best_response(seed: int, size: int, zeros: float):
    rng = np.random.default_rng(seed)
    game = random_game(rng, num_nodes=size, num_players=2, merge=0.7)
    shape, numbers = game.shape, game.numbers
    strategy = random_profile(rng, shape, 1, zeros)
    gain = best_response_values(shape, numbers, strategy) - expected_payoffs(shape, numbers, strategy)
    assert gain.min(initial=0.0) > -1e-12
    reach = reach_probability(shape, numbers.chance, strategy)[0]
    belief = bayes_beliefs(shape, numbers.chance, strategy)
    values = action_values(shape, numbers, Assessment(strategy, belief))[0]
    for infoset, members in enumerate(shape.members):
        here = slice(shape.action_start[infoset], shape.action_start[infoset + 1])
        reached = reach[members].sum()
        if reached > 0:
            once = values[here].max() - strategy[0, here] @ values[here]
            assert reached * once <= gain[0, shape.infoset_player[infoset]] + 1e-12


@quick
@given(seeds, sizes)
def test_consistent_assessments_have_witnesses(seed: int, size: int):
    rng = np.random.default_rng(seed)
    game = random_game(rng, num_nodes=size, num_players=3, merge=0.9, chance=0.3)
    certificate = _certificate(game, random_consistent(rng, game))
    assert certificate.belief_residual[0] < 1e-13
    assert certificate.witness_distance[0] < 1e-9
    assert np.isfinite(certificate.regret[0])


@quick
@given(seeds, sizes)
def test_backward_induction_is_certified(seed: int, size: int):
    rng = np.random.default_rng(seed)
    game = random_game(rng, num_nodes=size, num_players=3, merge=0.0, chance=0.3, draws=2)
    solution = solve_backward(game.shape, game.numbers)
    assert _certificate(game, solution.assessment).kinds == (BACKWARD_INDUCTION,) * 2


@quick
@given(seeds, sizes)
def test_random_games_have_perfect_recall(seed: int, size: int):
    game = random_game(np.random.default_rng(seed), num_nodes=size, num_players=3, merge=1.0)
    assert forgetful_sets(game.shape) == ()
