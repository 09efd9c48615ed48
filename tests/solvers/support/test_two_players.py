"""All Nash equilibria of two-player games: known sets, brute force, and Gambit as a peer."""

from __future__ import annotations

import io

import numpy as np
import pytest

from detente.game import BACKWARD_INDUCTION, NASH, SEQUENTIAL, UNSETTLED, TreeBuilder, certify
from detente.solvers import Status
from game.gambit_games import efg_text
from game.known_games import entry_deterrence, twin_tremble, two_types
from game.random_games import payoff_range, random_game
from solvers.support.classic import bimatrix, bimatrix_equilibria, solved


def strategies(found) -> set[tuple[float, ...]]:
    return {tuple(np.round(row, 6) + 0.0) for row in found.assessment.strategy}


def recertified(game, found) -> tuple[str, ...]:
    many = game.numbers.take(np.zeros(found.found, dtype=np.int32))
    return certify(game.shape, many, found.assessment, payoff_range(many)).kinds


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        pytest.param(
            [[2, 0], [0, 1]], [[1, 0], [0, 2]],
            {(1, 0, 1, 0), (0, 1, 0, 1), (0.666667, 0.333333, 0.333333, 0.666667)},
            id="battle of the sexes",
        ),
        pytest.param(
            [[4, 0], [3, 3]], [[4, 3], [0, 3]], {(1, 0, 1, 0), (0, 1, 0, 1), (0.75, 0.25, 0.75, 0.25)},
            id="stag hunt",
        ),
        pytest.param([[1, -1], [-1, 1]], [[-1, 1], [1, -1]], {(0.5, 0.5, 0.5, 0.5)}, id="matching pennies"),
        pytest.param([[2, 0], [3, 1]], [[2, 3], [0, 1]], {(0, 1, 0, 1)}, id="prisoners' dilemma"),
    ],
)  # fmt: skip
def test_classic_games_have_their_known_equilibria(row, column, expected):
    found = solved(bimatrix(row, column))
    assert strategies(found) == expected
    assert found.complete
    assert found.status == Status.converged
    assert [item.dimension for item in found.components] == [0] * len(expected)
    assert set(found.kinds) == {SEQUENTIAL}


def test_a_threat_that_is_not_credible_is_listed_as_nash_only():
    game = entry_deterrence()
    found = solved(game)
    assert found.kinds == (BACKWARD_INDUCTION, NASH) == recertified(game, found)
    credible, threat = found.components
    assert credible.dimension == 0
    assert threat.dimension == 1
    fight = game.action("answer", "fight")
    # Staying out is best as long as fighting is at least as likely as not.
    np.testing.assert_allclose(threat.actions[fight], [0.5, 1.0], atol=1e-9)
    np.testing.assert_allclose(threat.payoffs, [[0, 0], [2, 2]], atol=1e-9)


def test_beer_and_quiche_has_two_components_both_sequential():
    game = two_types(0.9)
    found = solved(game)
    assert found.complete
    assert found.kinds == (SEQUENTIAL, SEQUENTIAL) == recertified(game, found)
    assert [item.dimension for item in found.components] == [1, 1]
    np.testing.assert_allclose(sorted(found.payoffs[:, 0]), [2.1, 2.9], atol=1e-9)
    duel = [game.action("beer", "duel"), game.action("quiche", "duel")]
    ranges = sorted(tuple(np.round(item.actions[duel].ravel(), 9)) for item in found.components)
    # After the breakfast nobody takes, a duel must be at least as likely as not.
    assert ranges == [(0.0, 0.0, 0.5, 1.0), (0.5, 1.0, 0.0, 0.0)]


def test_a_semi_separating_equilibrium_is_alone():
    found = solved(two_types(0.25))
    assert found.complete
    assert [item.dimension for item in found.components] == [0]
    np.testing.assert_allclose(found.payoffs[0], [0.25 * 2 + 0.75 * 1, 0.75], atol=1e-8)


def test_beliefs_that_no_mistake_supports_do_not_make_an_equilibrium_sequential():
    game = twin_tremble()
    found = solved(game)
    assert found.complete
    assert len(found.components) == 1
    assert recertified(game, found) == found.kinds
    assert found.kinds[0] == SEQUENTIAL
    np.testing.assert_allclose(found.assessment.strategy[0, game.action("guess", "tails")], 1.0)


@pytest.mark.parametrize(
    ("row", "column", "dimensions"),
    [
        pytest.param([[0, 0], [0, 0]], [[0, 0], [0, 0]], [2], id="nothing matters"),
        pytest.param([[1, 1], [1, 0]], [[1, 1], [0, 1]], [1], id="one side of a square"),
        pytest.param([[1, 1], [0, 0]], [[1, 1], [1, 1]], [1], id="column indifferent"),
        pytest.param([[0, 0, 0], [0, 0, 0]], [[1, 1, 1], [1, 1, 1]], [3], id="three actions"),
        pytest.param([[1, 0], [1, 0]], [[1, 0], [1, 0]], [1], id="a copied action"),
        pytest.param(
            # Row's top action ties with the others at opposite corners: three segments in a chain.
            [[1, 1], [1, 0]], [[1, 0], [0, 1]], [1], id="an end that is fixed",
        ),
    ],
)  # fmt: skip
def test_continua_have_their_dimension(row, column, dimensions):
    game = bimatrix(row, column)
    found = solved(game)
    assert found.complete
    assert [item.dimension for item in found.components] == dimensions
    for component in found.components:
        many = game.numbers.take(np.zeros(len(component.corners), dtype=np.int32))
        for corner in component.corners:
            assert found.component_with(game.shape, game.numbers.chance, corner) is not None
        assert len(many.payoff) >= 2


def test_pieces_that_touch_are_one_component():
    # Nash equilibria: (up, any q) for q <= 1/2 together with (any p, left ...) meet at (up, left).
    game = bimatrix([[1, 1], [1, 0]], [[1, 1], [1, 0]])
    found = solved(game)
    assert found.complete
    assert len(found.components) == 1
    component = found.components[0]
    assert component.dimension == 1
    assert len(component.subsets) == 2
    np.testing.assert_allclose(component.actions[:2, 1], [1.0, 1.0], atol=1e-9)
    np.testing.assert_allclose(component.actions[:, 0], [0.0, 0.0, 0.0, 0.0], atol=1e-9)


@pytest.mark.parametrize("size", [2, 3, 4])
def test_random_bimatrix_games_agree_with_brute_force(size: int):
    rng = np.random.default_rng(size)
    for _ in range(4):
        row, column = rng.normal(size=(2, size, size))
        game = bimatrix(row, column)
        found = solved(game, starts=4)
        known = bimatrix_equilibria(row, column)
        assert found.complete
        assert len(known) == len(found.components) == found.found
        for x, y in known:
            gap = np.abs(found.assessment.strategy - np.concatenate([x, y])).max(axis=1)
            assert gap.min() < 1e-6


def test_random_games_contain_what_gambit_finds():
    gambit = pytest.importorskip("pygambit")
    seen = 0
    for seed in range(12):
        game = random_game(np.random.default_rng(seed), num_nodes=16, num_players=2)
        if seed % 3 == 0:  # ties
            game = type(game)(
                game.shape,
                type(game.numbers)(np.round(game.numbers.payoff), game.numbers.chance),
                game.labels,
                game.edge_label,
                game.outcome,
            )
        found = solved(game, starts=4)
        assert found.complete, seed
        assert UNSETTLED not in recertified(game, found)
        other = gambit.read_efg(io.StringIO(efg_text(game)))
        for profile in gambit.nash.lcp_solve(other, rational=True).equilibria:
            strategy = np.zeros(game.shape.num_actions)
            for player in other.players:
                for infoset in player.infosets:
                    for action in infoset.actions:
                        strategy[int(action.label)] = float(profile[action])
            assert found.component_with(game.shape, game.numbers.chance, strategy) is not None, seed
            seen += 1
    assert seen >= 12


def test_every_corner_is_an_equilibrium():
    for seed in range(40, 48):
        game = random_game(np.random.default_rng(seed), num_nodes=18, num_players=2, chance=0.3)
        found = solved(game, starts=2)
        for component in found.components:
            for corner in component.corners:
                belief = np.full((1, game.shape.num_nodes), np.nan)
                from detente.game import Assessment, bayes_beliefs

                belief = bayes_beliefs(game.shape, game.numbers.chance, corner[None, :])
                assessment = Assessment(corner[None, :], belief)
                kind = certify(game.shape, game.numbers, assessment, payoff_range(game.numbers)).kinds[0]
                assert kind != UNSETTLED, seed


def test_payoffs_of_other_players_without_a_choice_are_reported():
    tree = TreeBuilder("a", "b", "onlooker")
    game = tree.build(tree.decision("a", "move", {"x": tree.terminal(1, 0, 5), "y": tree.terminal(1, 0, 7)}))
    found = solved(game)
    assert found.complete
    assert len(found.components) == 1
    np.testing.assert_allclose(found.components[0].payoffs, [[1, 1], [0, 0], [5, 7]])
