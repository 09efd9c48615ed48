"""Exact backward induction, against every pure profile of small games."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from detente.errors import RequestError
from detente.game import BACKWARD_INDUCTION, CHANCE, TERMINAL, BuiltGame, GameNumbers, TreeBuilder, certify
from detente.solvers import exact_numbers, play_forward, solve_backward, solve_backward_exact
from game.known_games import entry_deterrence, two_types
from game.random_games import payoff_range, random_game


def with_ties(game: BuiltGame, levels: int) -> BuiltGame:
    """The same tree with payoffs rounded to a few whole numbers, so that many are equal."""
    payoff = np.round(game.numbers.payoff * levels / 4)
    return BuiltGame(game.shape, GameNumbers(payoff, game.numbers.chance), game.labels, game.edge_label, game.outcome)


def every_equilibrium(game: BuiltGame) -> dict[tuple[int, ...], tuple[Fraction, ...]]:
    """All pure profiles without a better single move anywhere, with their payoffs, by trying all."""
    shape = game.shape
    payoff, chance = exact_numbers(game.numbers)
    children = [[n for n in range(shape.num_nodes) if shape.parent[n] == node] for node in range(shape.num_nodes)]
    sets = [range(int(shape.action_start[i]), int(shape.action_start[i + 1])) for i in range(shape.num_infosets)]
    found = {}
    for choice in product(*sets):
        value: dict[int, tuple[Fraction, ...]] = {}
        fine = True
        for node in range(shape.num_nodes - 1, -1, -1):
            below = [value[child] for child in children[node]]
            if shape.kind[node] == TERMINAL:
                value[node] = payoff[shape.terminal[node]]
            elif shape.kind[node] == CHANCE:
                odds = [chance[shape.edge[child]] for child in children[node]]
                value[node] = tuple(
                    sum((p * v[i] for p, v in zip(odds, below, strict=True)), start=Fraction(0))
                    for i in range(shape.num_players)
                )
            else:
                infoset = int(shape.infoset[node])
                mover = int(shape.infoset_player[infoset])
                taken = choice[infoset] - int(shape.action_start[infoset])
                fine &= below[taken][mover] == max(v[mover] for v in below)
                value[node] = below[taken]
        if fine:
            found[choice] = value[0]
    return found


@pytest.mark.parametrize("seed", range(30))
def test_every_equilibrium_is_found_and_counted(seed: int):
    rng = np.random.default_rng(seed)
    game = with_ties(random_game(rng, num_nodes=16, num_players=2 + seed % 2, merge=0.0, chance=0.25), 2)
    expected = every_equilibrium(game)
    found = solve_backward_exact(game.shape, numbers=game.numbers, limit=10_000)
    assert found.count == len(expected)
    assert found.complete
    assert dict(zip(found.choices, found.payoffs, strict=True)) == expected
    values: dict = {}
    for value in expected.values():
        values[value] = values.get(value, 0) + 1
    assert found.values == values
    many = len(found.choices)
    numbers = GameNumbers(np.repeat(game.numbers.payoff, many, axis=0), np.repeat(game.numbers.chance, many, axis=0))
    certificate = certify(game.shape, numbers, found.assessment, np.maximum(payoff_range(numbers), 1.0))
    assert set(certificate.kinds) == {BACKWARD_INDUCTION}


def test_ties_do_occur_in_the_games_above():
    counts = []
    for seed in range(30):
        game = with_ties(
            random_game(np.random.default_rng(seed), num_nodes=16, num_players=2, merge=0.0, chance=0.25), 2
        )
        counts.append(solve_backward_exact(game.shape, numbers=game.numbers).count)
    assert sum(count > 1 for count in counts if count) >= 10
    assert max(count for count in counts if count) >= 6


def test_more_than_the_limit_are_counted_but_not_listed():
    tree = TreeBuilder("1")
    node = tree.terminal(1)
    for k in range(12):
        node = tree.decision("1", f"s{k}", {"a": node, "b": tree.terminal(1), "c": tree.terminal(0)})
    game = tree.build(node)
    found = solve_backward_exact(game.shape, numbers=game.numbers, limit=5)
    assert found.count == 2**12
    assert not found.complete
    assert len(set(found.choices)) == 5
    assert found.values == {(Fraction(1),): 2**12}
    certificate = certify(
        game.shape, GameNumbers(np.repeat(game.numbers.payoff, 5, axis=0), np.empty((5, 0))), found.assessment,
        np.ones((5, 1)),
    )  # fmt: skip
    assert certificate.certified.all()


def test_fractions_are_told_apart_where_floats_are_not():
    """Two ends that differ by 1e-30: as floats a tie, as fractions none."""
    tree = TreeBuilder("1")
    game = tree.build(tree.decision("1", "pick", {"a": tree.terminal(1 / 3), "b": tree.terminal(1 / 3)}))
    assert solve_backward(game.shape, game.numbers).tied[0, 0]
    third = Fraction(1, 3)
    found = solve_backward_exact(game.shape, [[third], [third + Fraction(1, 10**30)]])
    assert (found.count, found.choices, found.tied) == (1, ((1,),), ())
    assert solve_backward_exact(game.shape, [[third], [third]]).tied == (0,)


def test_the_path_of_play_has_exact_probabilities():
    tree = TreeBuilder("1", "2")
    lottery = tree.chance({"win": (0.5, tree.terminal(3, 0)), "lose": (0.5, tree.terminal(0, 3))})
    game = tree.build(tree.decision("1", "bet", {"bet": lottery, "pass": tree.terminal(1, 1)}))
    odds = [Fraction(1, 3), Fraction(2, 3)]
    payoff = [[Fraction(u) for u in row] for row in game.numbers.payoff[0].tolist()]
    found = solve_backward_exact(game.shape, payoff, odds)
    assert found.tied == (0,)  # a third of 3 is exactly 1
    assert found.count == 2
    path = play_forward(game.shape, found.assessment.strategy[0], payoff, odds)
    assert [end.probability for end in path] == odds
    assert [end.actions for end in path] == [(0,), (0,)]
    assert path[0].payoffs == (3, 0)


def test_backward_and_forward_agree_with_the_solver_in_floats():
    for seed in range(5):
        game = random_game(np.random.default_rng(seed), num_nodes=200, num_players=3, merge=0.0)
        found = solve_backward_exact(game.shape, numbers=game.numbers)
        np.testing.assert_array_equal(
            found.assessment.strategy[:1], solve_backward(game.shape, game.numbers).assessment.strategy
        )
        path = play_forward(game.shape, found.assessment.strategy[0], numbers=game.numbers)
        assert sum(end.probability for end in path) == 1
        mean = [sum(end.probability * end.payoffs[i] for end in path) for i in range(3)]
        assert tuple(mean) == found.payoffs[0]


def test_an_incredible_threat_is_not_among_the_equilibria():
    game = entry_deterrence()
    found = solve_backward_exact(game.shape, numbers=game.numbers)
    assert found.choices == ((game.action("enter", "in"), game.action("answer", "share")),)
    assert found.payoffs == ((1, 1),)


def test_bad_input_is_refused():
    hidden = two_types()
    with pytest.raises(RequestError, match="2 information sets hold more than one node"):
        solve_backward_exact(hidden.shape, numbers=hidden.numbers)
    game = entry_deterrence()
    with pytest.raises(RequestError, match="2 payoffs for each of the 3 ends"):
        solve_backward_exact(game.shape, [[Fraction(1), Fraction(2)]])
    with pytest.raises(RequestError, match="limit must be at least 1"):
        solve_backward_exact(game.shape, numbers=game.numbers, limit=0)
    tree = TreeBuilder("1")
    coin = tree.build(tree.chance({"h": (0.5, tree.terminal(1)), "t": (0.5, tree.terminal(0))}))
    with pytest.raises(RequestError, match="sum to 5/6, not to one"):
        solve_backward_exact(coin.shape, [[1], [0]], [Fraction(1, 2), Fraction(1, 3)])
    nothing = GameNumbers(np.full((1, 3, 2), np.nan), np.empty((1, 0)))
    with pytest.raises(RequestError, match="finite"):
        solve_backward_exact(game.shape, numbers=nothing)
