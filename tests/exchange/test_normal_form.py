"""Tables of plans: counted before they are made, and worth what the tree says."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

from detente.errors import SizeError
from detente.exchange import FileTable, as_file, normal_form, read_game, write_nfg
from detente.game import GameNumbers, expected_payoffs
from game.random_games import random_game

TWO_STEPS = """EFG 2 R "t" { "A" "B" } ""
p "" 1 1 "first" { "in" "out" } 0
p "" 2 1 "reply" { "x" "y" } 0
p "" 1 2 "after x" { "u" "d" } 0
t "" 1 "" { 1 0 }
t "" 2 "" { 2 0 }
t "" 3 "" { 3 1/3 }
t "" 4 "" { 4 0 }
"""


def test_plans_leave_out_what_they_rule_out() -> None:
    game = read_game(TWO_STEPS)
    table = normal_form(game.game, game.exact)
    assert table.strategies == (("in / u", "in / d", "out / *"), ("x", "y"))
    rows = [tuple(int(a) if a.denominator == 1 else a for a in item.payoffs) for item in table.outcomes]
    assert rows == [(1, 0), (2, 0), (4, 0), (3, Fraction(1, 3)), (3, Fraction(1, 3)), (4, 0)]
    full = normal_form(game.game, game.exact, full=True)
    assert full.strategies[0] == ("in / u", "in / d", "out / u", "out / d")
    assert len(full.entries) == 8


@pytest.mark.parametrize("seed", range(12))
def test_every_plan_is_worth_what_the_tree_says(seed: int) -> None:
    file = as_file(random_game(np.random.default_rng(seed), num_nodes=12, num_players=2))
    shape, game = file.game.shape, file.game
    table = normal_form(game, file.exact, full=True)
    pure = [
        list(itertools.product(*(label.options for label in game.labels if label.player == player)))
        for player in shape.players
    ]
    assert [len(plans) for plans in pure] == [len(names) for names in table.strategies]
    profiles = [tuple(reversed(combo)) for combo in itertools.product(*reversed(pure))]  # the first player fastest
    by_name = [{tuple(name.split(" / ")): k for k, name in enumerate(names)} for names in table.strategies]
    size = [len(names) for names in table.strategies]
    for combo in profiles:
        strategy = np.zeros((1, shape.num_actions))
        for player, plan in zip(shape.players, combo, strict=True):
            own = [label.decision for label in game.labels if label.player == player]
            for name, action in zip(own, plan, strict=True):
                strategy[0, game.action(name, action)] = 1.0
        first, second = (by_name[k][combo[k]] if combo[k] else 0 for k in range(2))
        row = table.outcomes[table.entries[first + size[0] * second]].payoffs
        values = expected_payoffs(shape, GameNumbers(game.numbers.payoff, game.numbers.chance), strategy)[0]
        np.testing.assert_allclose([float(amount) for amount in row], values, atol=1e-12)


def test_a_large_table_is_refused_before_it_is_made() -> None:
    moves = 60
    text = (
        'EFG 2 R "t" { "A" } '
        + f'c "" 1 "" {{ {" ".join(f"""{chr(34)}{k}{chr(34)} 1/{moves}""" for k in range(moves))} }} 0 '
    )
    text += " ".join(f'p "" 1 {k} "" {{ "a" "b" }} 0 t "" 0 t "" 0' for k in range(moves))
    with pytest.raises(SizeError, match=r"about 1e18 combinations of plans; at most 100,000") as caught:
        write_nfg(read_game(text))
    assert caught.value.diagnostics[0].code == "G501"


def test_a_game_without_moves_has_one_plan_each() -> None:
    game = read_game('EFG 2 R "t" { "A" "B" } c "" 1 "" { "h" 1/3 "t" 2/3 } 0 t "" 1 "" { 3 0 } t "" 0')
    table = read_game(write_nfg(game)).body
    assert isinstance(table, FileTable)
    assert table.strategies == (("*",), ("*",))
    assert table.outcomes[0].payoffs == (Fraction(1), Fraction(0))
