"""The best of several rules, with ties and missing certificates."""

from __future__ import annotations

import numpy as np

from detente.solvers.commitment import best_rules


def test_first_of_tied_rules_wins_and_noise_does_not_decide():
    values = np.array([[1.0, 0.0], [1.0 + 1e-9, 2.0]])
    found = best_rules(values, np.ones((2, 2), dtype=bool), np.full(2, 1e-6))
    assert found.choice.tolist() == [0, 1]
    assert found.tied.tolist() == [[True, False], [True, True]]
    assert found.settled.all()


def test_better_rule_without_certificate_leaves_the_draw_unsettled():
    values = np.array([[1.0, 1.0], [2.0, 0.5]])
    certified = np.array([[True, True], [False, False]])
    found = best_rules(values, certified, np.full(2, 1e-6))
    assert found.choice.tolist() == [0, 0]
    assert found.settled.tolist() == [False, True]


def test_draw_without_any_certified_rule_is_unsettled():
    values = np.array([[np.nan], [0.5]])
    found = best_rules(values, np.zeros((2, 1), dtype=bool), np.full(1, 1e-6))
    assert found.choice.tolist() == [1]
    assert not found.settled.any()
