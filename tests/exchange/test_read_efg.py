"""What the tree format allows is read as it is meant, exactly."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from detente.exchange import FileTree, GameFile, read_game
from detente.game import CHANCE, DECISION, TERMINAL, expected_payoffs

HEAD = 'EFG 2 R "t" { "A" "B" } "" '

SIGNAL = """EFG 2 R "Quotes \\"inside\\" a title" { "Sender" "Receiver" }
"A comment,
on two lines"

c "start" 1 "type" { "high" 1/3 "low" 2/3 } 0
p "" 1 1 "high" { "up" "down" } 0
p "" 2 1 "saw up" { "yes" "no" } 1 "fee" { -1/2, 0 }
t "end" 2 "deal" { 3, 2 }
t "" 3 "none" { 0, 0 }
t "" 3
p "" 1 2 "low" { "up" "down" } 0
p "" 2 1 1
t "" 2
t "" 0
t ""
"""


def chances(game: GameFile) -> list[Fraction]:
    return list(game.exact.chance)


def test_everything_a_file_says_is_kept() -> None:
    game = read_game(SIGNAL, "signal.efg")
    assert game.title == 'Quotes "inside" a title'
    assert game.comment == "A comment,\non two lines"
    assert game.kind == "efg"
    tree = game.body
    assert isinstance(tree, FileTree)
    assert tree.players == ("Sender", "Receiver")
    assert [item.label for item in tree.sets] == ["type", "high", "saw up", "low"]
    assert [item.actions for item in tree.sets] == [("high", "low"), ("up", "down"), ("yes", "no"), ("up", "down")]
    assert [item.label for item in tree.outcomes] == ["fee", "deal", "none"]
    assert tree.nodes[0].label == "start"
    assert tree.nodes[3].label == "end"
    assert game.warnings == ()


def test_the_game_is_the_tree_breadth_first_with_payoffs_added_up() -> None:
    game = read_game(SIGNAL)
    shape = game.game.shape
    assert shape.kind.tolist() == [CHANCE, *[DECISION] * 3, TERMINAL, DECISION, *[TERMINAL] * 5]
    assert [label.decision for label in game.game.labels] == ["high", "low", "saw up"]
    half = Fraction(1, 2)
    down_high, down_low = (Fraction(0), Fraction(0)), (Fraction(0), Fraction(0))
    paid = [down_high, down_low, (3 - half, Fraction(2)), (-half, Fraction(0)), (3 - half, Fraction(2)), (-half, 0)]
    assert sorted(game.exact.payoff) == sorted(paid)
    assert chances(game) == [Fraction(1, 3), Fraction(2, 3)]
    assert game.game.numbers.chance.sum() == 1.0
    both_up = game.game.profile({"high": "up", "low": "up", "saw up": "yes"})
    np.testing.assert_allclose(expected_payoffs(shape, game.game.numbers, both_up), [[2.5, 2.0]])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1/3", Fraction(1, 3)),
        ("-7", Fraction(-7)),
        ("+2", Fraction(2)),
        (".5", Fraction(1, 2)),
        ("-.25", Fraction(-1, 4)),
        ("3.", Fraction(3)),
        ("0.1", Fraction(1, 10)),
        ("1e-3", Fraction(1, 1000)),
        ("-2.5E+2", Fraction(-250)),
        ("10000000000000000000", Fraction(10) ** 19),
        ("0.12345678901234567890123", Fraction(12345678901234567890123, 10**23)),
    ],
)
def test_numbers_are_exact(text: str, value: Fraction) -> None:
    game = read_game(f'{HEAD} t "" 1 "" {{ {text} 0 }}')
    assert game.exact.payoff == ((value, Fraction(0)),)
    assert game.game.numbers.payoff[0, 0, 0] == float(value)


@pytest.mark.parametrize("payoffs", ["{1 2}", "{ 1, 2 }", "{1,2}", "{ 1 ,2, }"])
def test_commas_between_payoffs_mean_nothing(payoffs: str) -> None:
    assert read_game(f'{HEAD} t "" 1 "" {payoffs}').exact.payoff == ((Fraction(1), Fraction(2)),)


@pytest.mark.parametrize("version", ["R", "D"])
def test_both_versions_are_the_same_format(version: str) -> None:
    game = read_game(f'EFG 2 {version} "" {{ "A" }} p "" 1 1 "" {{ "l" "r" }} 0 t "" 1 "" {{ 1 }} t "" 0')
    assert game.exact.payoff == ((Fraction(1),), (Fraction(0),))


def test_an_outcome_described_later_again_may_leave_out_or_repeat_its_payoffs() -> None:
    text = f'{HEAD} p "" 1 1 "s" {{ "a" "b" "c" }} 0 t "" 7 "o" {{ 1 0.5 }} t "" 7 t "" 7 "o" {{ 1.0, 1/2 }}'
    game = read_game(text)
    assert game.exact.payoff == ((Fraction(1), Fraction(1, 2)),) * 3
    assert game.game.outcome == ("o", "o", "o")
    assert game.warnings == ()


def test_chance_moves_share_a_number_and_may_have_zero_probabilities() -> None:
    text = (
        f'{HEAD} p "" 1 1 "s" {{ "a" "b" }} 0 c "" 5 "toss" {{ "h" 1/2 "t" .5 "edge" 0 }} 0 '
        't "" 1 "" { 1 1 } t "" 0 t "" 0 c "" 5 0 t "" 0 t "" 1 t "" 0'
    )
    game = read_game(text)
    assert chances(game) == [Fraction(1, 2), Fraction(1, 2), Fraction(0)] * 2
    assert isinstance(game.body, FileTree)
    assert len(game.body.sets) == 2


def test_probabilities_that_are_no_floats_still_sum_to_one() -> None:
    branches = " ".join(f'"{k}" 1/7' for k in range(7))
    game = read_game(f'{HEAD} c "" 1 "" {{ {branches} }} 0 ' + 't "" 0 ' * 7)
    chance = game.game.numbers.chance[0]
    assert sum(Fraction(p) for p in chance.tolist()) == 1
    np.testing.assert_allclose(chance, 1 / 7, rtol=5e-15)


def test_tiny_probabilities_keep_their_digits() -> None:
    game = read_game(f'{HEAD} c "" 1 "" {{ "rare" 1e-12 "else" 0.999999999999 }} 0 t "" 0 t "" 0')
    assert game.game.numbers.chance[0].tolist() == [1e-12, 0.999999999999]


def test_what_has_no_name_or_shares_one_gets_one() -> None:
    text = (
        'EFG 2 R "" { "" "X" "X" } p "" 1 4 "" { "" "" } 0 p "" 2 1 "same" { "a" "a" } 0 t "" 0 t "" 0 '
        'p "" 3 1 "same" { "a" "b" } 0 t "" 0 t "" 0'
    )
    game = read_game(text)
    assert game.game.shape.players == ("Player 1", "X (1)", "X (2)")
    assert [label.decision for label in game.game.labels] == ["Player 1 4", "X (1): same", "X (2): same"]
    assert [label.options for label in game.game.labels] == [("1", "2"), ("a (1)", "a (2)"), ("a", "b")]
    assert isinstance(game.body, FileTree)
    assert [item.label for item in game.body.sets] == ["", "same", "same"]


def test_another_name_for_the_same_thing_is_a_warning() -> None:
    text = f'{HEAD} p "" 1 1 "s" {{ "a" "b" }} 0 t "" 7 "old" {{ 1 0 }} t "" 7 "new" {{ 1 0 }}'
    game = read_game(text)
    assert [item.code for item in game.warnings] == ["G208"]
    assert "'old'" in game.warnings[0].message
    assert game.game.outcome == ("old", "old")


ODD_BYTES = {
    "mark": b'\xef\xbb\xbfEFG 2 R "caf\xc3\xa9" { "A" } t "" 1 "o" { 1 }',
    "windows": b'EFG 2 R "caf\xc3\xa9"\r\n{ "A" }\r\n"one\r\ntwo"\r\nt "" 1 "o" { 1 }\r\n',
    "old mac": b'EFG 2 R "caf\xc3\xa9"\r{ "A" }\rt "" 1 "o" { 1 }\r',
    "latin": b'EFG 2 R "caf\xe9" { "A" } t "" 1 "o" { 1 }',
}


@pytest.mark.parametrize("kind", ODD_BYTES)
def test_text_from_any_system(kind: str) -> None:
    game = read_game(ODD_BYTES[kind], "x.efg")
    assert game.title == "café"
    assert game.comment in ("", "one\ntwo")
    assert [item.code for item in game.warnings] == (["G101"] if kind == "latin" else [])


@pytest.mark.parametrize(
    ("text", "nodes", "infosets", "payoffs"),
    [
        ('t "" 1 "" { 4 5 }', 1, 0, [4, 5]),
        ('t "" 0', 1, 0, [0, 0]),
        ('c "" 1 "" { "x" 1 } 1 "" { 1 1 } t "" 2 "" { 1 2 }', 2, 0, [2, 3]),
        ('p "" 1 1 "" { "only" } 0 t "" 1 "" { 4 5 }', 2, 1, [4, 5]),
    ],
)
def test_smallest_games(text: str, nodes: int, infosets: int, payoffs: list[int]) -> None:
    game = read_game(HEAD + text)
    shape = game.game.shape
    assert (shape.num_nodes, shape.num_infosets) == (nodes, infosets)
    strategy = np.ones((1, shape.num_actions))
    assert expected_payoffs(shape, game.game.numbers, strategy)[0].tolist() == payoffs
