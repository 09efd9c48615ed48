"""What the table format allows is read as it is meant, exactly."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from detente.exchange import FileTable, read_game
from detente.game import expected_payoffs

NAMED = """NFG 1 R "Two by three" { "Row" "Column" }

{ { "up" "down" }
{ "left" "middle" "right" }
}
"with a comment"

"""
PAYOFFS = "1 10  2 20  3 30  4 40  5 50  6 60"
OUTCOMES = '{ { "a" 1, 10 } { "b" 2, 20 } { "" 3 30 } { "" 4 40 } { "" 5 50 } { "" 6 60 } } 1 2 3 4 5 6'
COUNTED = 'NFG 1 D "Two by three" { "Row" "Column" } { 2 3 } "with a comment" ' + PAYOFFS
PLAIN = 'NFG 1 R "Two by three" { "Row" "Column" } { 2 3 } ' + PAYOFFS


@pytest.mark.parametrize("text", [NAMED + PAYOFFS, NAMED + OUTCOMES, COUNTED, PLAIN])
def test_the_first_player_runs_fastest(text: str) -> None:
    game = read_game(text)
    assert game.kind == "nfg"
    assert game.title == "Two by three"
    assert game.comment == ("" if text == PLAIN else "with a comment")
    for row in range(2):
        for column in range(3):
            strategy = np.zeros((1, 5))
            strategy[0, row] = strategy[0, 2 + column] = 1.0
            number = 1 + row + 2 * column
            values = expected_payoffs(game.game.shape, game.game.numbers, strategy)[0]
            assert values.tolist() == [number, 10 * number]


def test_strategies_given_by_number_are_called_by_it() -> None:
    labels = read_game(COUNTED).game.labels
    assert [label.options for label in labels] == [("1", "2"), ("1", "2", "3")]
    assert [(label.player, label.decision) for label in labels] == [("Row", "Row"), ("Column", "Column")]


def test_outcomes_are_kept_shared_and_may_be_none() -> None:
    text = 'NFG 1 R "" { "A" "B" } { { "x" "y" } { "z" } } "" { { "win" 1/3, -1e-1 } { "never" 5 5 } } 0 1'
    game = read_game(text)
    table = game.body
    assert isinstance(table, FileTable)
    assert table.named
    assert table.entries == (-1, 0)
    assert [item.label for item in table.outcomes] == ["win", "never"]
    assert game.exact.payoff == ((Fraction(0), Fraction(0)), (Fraction(1, 3), Fraction(-1, 10)))
    assert game.game.outcome == ("", "win")


def test_three_players() -> None:
    payoffs = " ".join(f"{k} {k} {k}" for k in range(12))
    game = read_game('NFG 1 R "" { "A" "B" "C" } { 2 3 2 } ' + payoffs)
    shape = game.game.shape
    assert shape.num_nodes == 1 + 2 + 6 + 12
    assert [len(nodes) for nodes in shape.members] == [1, 2, 6]
    strategy = np.zeros((1, 7))
    strategy[0, [1, 2 + 2, 5 + 1]] = 1.0  # second, third, second
    assert expected_payoffs(shape, game.game.numbers, strategy)[0].tolist() == [1 + 2 * 2 + 6 * 1] * 3


def test_one_player_and_players_with_one_strategy() -> None:
    assert read_game('NFG 1 R "" { "A" } { 3 } 1 2 3').game.shape.num_nodes == 4
    assert read_game('NFG 1 R "" { "A" "B" } { 1 1 } 1 2').exact.payoff == ((Fraction(1), Fraction(2)),)
