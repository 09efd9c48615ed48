"""What two neighboring belief lines let expect of the line between them."""

from __future__ import annotations

import pytest

from detente.solvers import lend, pieces_of

LEFT = pieces_of([0.0, 0.2, 0.2, 0.5, 0.5, 1.0], [7, 7, 3, 3, 9, 9], [10, 11, 12, 13, 14, 15])
RIGHT = pieces_of([0.0, 0.3, 0.3, 0.6, 0.6, 1.0], [7, 7, 3, 3, 9, 9], [20, 21, 22, 23, 24, 25])


def test_points_on_one_support_are_one_piece():
    assert [(piece.low, piece.high, piece.support) for piece in LEFT] == [(0.0, 0.2, 7), (0.2, 0.5, 3), (0.5, 1.0, 9)]
    assert [(piece.first, piece.last) for piece in LEFT] == [(10, 11), (12, 13), (14, 15)]


def test_ends_are_expected_in_proportion_and_profiles_come_from_the_nearer_world():
    lent = lend(LEFT, RIGHT, 0.25, [0.5], 1e-3)
    assert lent.switches == pytest.approx([0.225, 0.525])
    assert lent.places == pytest.approx([0.524, 0.526])
    assert lent.handle(0.3) == 12
    assert lend(LEFT, RIGHT, 0.75, [0.5], 1e-3).handle(0.3) == 22


def test_each_switch_comes_up_once():
    lent = lend(LEFT, RIGHT, 0.5, [], 1e-3)
    assert lent.places == []
    assert lent.expected(0.0, 1.0, 1e-3) == pytest.approx([0.549, 0.551])
    assert lent.expected(0.0, 1.0, 1e-3) == pytest.approx([0.249, 0.251])
    assert lent.expected(0.0, 1.0, 1e-3) == []


def test_what_only_one_neighbor_has_is_not_expected():
    other = pieces_of([0.0, 0.3, 0.3, 1.0], [7, 7, 5, 5], [30, 31, 32, 33])
    lent = lend(LEFT, other, 0.5, [0.5], 1e-3)
    assert [piece.support for piece in lent.pieces] == [7]
    assert lent.handle(0.8) == -1
    assert lent.places == [0.5]


def test_a_support_that_comes_twice_is_left_out():
    twice = pieces_of([0.0, 0.2, 0.2, 0.6, 0.6, 1.0], [7, 7, 3, 3, 7, 7], [1, 2, 3, 4, 5, 6])
    assert [piece.support for piece in lend(LEFT, twice, 0.5, [], 1e-3).pieces] == [3]
