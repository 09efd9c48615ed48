"""Concave envelopes and the search for jumps, on value curves that are known exactly."""

from __future__ import annotations

import numpy as np
import pytest

from detente.solvers.disclosure import SearchSettings, Solves, optimal_disclosure
from detente.solvers.envelope import concave_envelope, envelope_along, upper_hull


class Steps:
    """A signal game whose type values are constant between given switches of the belief."""

    def __init__(self, switches, by_type, *, predicts=True):
        self.switches = np.asarray(switches)
        self.by_type = np.asarray(by_type, dtype=float)
        self.predicts = predicts
        self.count = 0

    def solve(self, rows, beliefs, near):
        piece = np.searchsorted(self.switches, beliefs[:, 0], side="left").astype(np.int32)
        self.count += len(rows)
        yes = np.ones(len(rows), dtype=bool)
        return Solves(self.by_type[piece], piece, piece, yes, yes)

    def leaves(self, rows, handles, behind, start, end):
        out = np.full(len(rows), np.nan)
        if not self.predicts:
            return out, np.isfinite(out)
        for k, piece in enumerate(handles):
            edges = self.switches[piece : piece + 1] if end[k] > start[k] else self.switches[max(piece - 1, 0) : piece]
            if len(edges):
                out[k] = edges[0]
        return out, np.isfinite(out)


def deterrence(p_star, loss, war):
    """Attacked (losing `loss` if limited, `war` if firm) below p*, left alone above."""
    return Steps([p_star], [[-war, -loss], [0.0, 0.0]])


@pytest.mark.parametrize("predicts", [True, False], ids=["predicted_switch", "bisection_only"])
@pytest.mark.parametrize("prior", [0.05, 0.3, 0.61, 0.95])
@pytest.mark.parametrize("p_star", [0.2, 0.4375, 0.613])
def test_deterrence_split_matches_the_closed_form(p_star, prior, predicts):
    game = deterrence(p_star, loss=2.0, war=0.7)
    game.predicts = predicts
    priors = np.array([[prior, 1 - prior]])
    (found,) = optimal_disclosure(game, priors, np.ones((1, 2)), np.array([2.0]))
    expected = -2.0 * max(0.0, 1 - prior / p_star)
    assert found.settled
    assert found.value == pytest.approx(expected, abs=1e-6)
    assert sum(split.weight for split in found.splits) == pytest.approx(1.0)
    mean = sum(split.weight * split.belief[0] for split in found.splits)
    assert mean == pytest.approx(prior, abs=1e-9)


def test_prediction_saves_most_of_the_solves():
    predicted, halved = deterrence(0.613, 2.0, 0.7), deterrence(0.613, 2.0, 0.7)
    halved.predicts = False
    for game in (predicted, halved):
        optimal_disclosure(game, np.array([[0.3, 0.7]]), np.ones((1, 2)), np.array([2.0]))
    assert predicted.count <= 6
    assert halved.count > 20


def test_many_draws_are_searched_at_once_and_apart():
    game = Steps([0.3, 0.7], [[0.0, 0.0], [1.0, 1.0], [0.0, 0.5]])
    prior = np.array([[0.1, 0.9], [0.5, 0.5], [0.9, 0.1]])
    together = optimal_disclosure(game, prior, np.ones((3, 2)), np.ones(3))
    alone = [optimal_disclosure(game, prior[i : i + 1], np.ones((1, 2)), np.ones(1))[0] for i in range(3)]
    assert [item.value for item in together] == [item.value for item in alone]
    assert together[1].splits[0].belief == (0.5, 0.5)
    assert together[0].value == pytest.approx(0.5 * 2 / 3 * 0 + (0.5 + 0.0) * 0 + 1 / 3, abs=1e-6)


class Smooth:
    """Type values that move with the belief: the objective is concave and the prior is best kept."""

    def solve(self, rows, beliefs, near):
        q = beliefs[:, 0]
        one = np.zeros(len(q), dtype=np.int32)
        return Solves(np.column_stack([1 - q, q]) ** 2, one, one, one > 0, np.ones(len(q), dtype=bool))

    def leaves(self, rows, handles, behind, start, end):
        return np.full(len(rows), np.nan), np.zeros(len(rows), dtype=bool)


def test_smooth_curve_is_followed_to_its_tangent():
    prior = np.array([[0.5, 0.5], [0.9, 0.1]])
    found = optimal_disclosure(Smooth(), prior, np.ones((2, 2)), np.ones(2))
    fine = np.linspace(0, 1, 200_001)
    objective = fine * (1 - fine) ** 2 + (1 - fine) * fine**2
    for item, place in zip(found, (0.5, 0.9), strict=True):
        assert item.value == pytest.approx(float(envelope_along(fine, objective, np.array([place]))[0]), abs=1e-6)


def test_owner_that_judges_differently_weighs_the_types_itself():
    game = deterrence(0.5, loss=1.0, war=1.0)
    (found,) = optimal_disclosure(game, np.array([[0.25, 0.75]]), np.array([[2.0, 2 / 3]]), np.ones(1))
    # the owner thinks it is firm half the time; sending "maybe" always when firm and 1/3 of the time when limited
    assert found.value == pytest.approx(-0.5 * 2 / 3, abs=1e-6)


def test_uncertified_end_leaves_the_draw_unsettled():
    class Broken(Steps):
        def solve(self, rows, beliefs, near):
            found = super().solve(rows, beliefs, near)
            return Solves(found.type_values, found.handle, found.support, found.pure, beliefs[:, 0] > 0)

    game = Broken([0.5], [[-1.0, -1.0], [0.0, 0.0]])
    (found,) = optimal_disclosure(game, np.array([[0.01, 0.99]]), np.ones((1, 2)), np.ones(1), SearchSettings(grid=5))
    assert found.points.shape[1] == 2


def test_upper_hull_drops_points_below_and_on_chords():
    points = np.array([0.0, 0.25, 0.5, 0.75, 1.0, 0.5])
    values = np.array([0.0, 0.2, 1.0, 0.5, 0.0, 0.7])
    assert upper_hull(points, values).tolist() == [0, 2, 4]


def test_envelope_over_three_labels_is_the_linear_program():
    beliefs = np.array([[1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0], [1 / 3, 1 / 3, 1 / 3], [0.5, 0.5, 0.0]])
    values = np.array([0.0, 0.0, 0.0, 0.1, 1.0])
    found = concave_envelope(beliefs, values, np.array([0.4, 0.4, 0.2]))
    assert found.value == pytest.approx(0.8)
    assert sorted(found.support.tolist()) == [2, 4]


def test_no_split_is_preferred_where_it_does_as_well():
    beliefs = np.column_stack([[0.0, 0.5, 1.0], [1.0, 0.5, 0.0]])
    found = concave_envelope(beliefs, np.array([0.0, 0.5, 1.0]), np.array([0.5, 0.5]), tolerance=1e-9)
    assert found.support.tolist() == [1]
