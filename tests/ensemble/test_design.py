"""Draws: keyed by seed, name and number alone, and distributed as the case says."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from detente.case import Case, Distribution
from detente.ensemble import draw_parameters, has_range, quantile, uniform_stream
from detente.errors import RequestError
from study.small_cases import parameter_text, small_case

NUMBERS = {
    "flat": (2.0, 1.0, 3.0),
    "peaked": (0.2, 0.0, 1.0),
    "bell": (0.7, 0.0, 1.0),
    "bent": (0.6, 0.0, 2.0),
    "first": (0.5, 0.0, 1.0),
    "second": (0.0, -1.0, 1.0),
    "fixed": 4.0,
}
EXTRA = {
    "peaked": "distribution: triangular\n",
    "bell": "distribution: normal\nsd: 0.2\n",
    "bent": "distribution: beta\nsd: 0.4\n",
    "second": "correlated_with:\n  first: -0.7\n",
}
LAWS = {
    "flat": stats.uniform(1.0, 2.0),
    "peaked": stats.triang(0.2),
    "bell": stats.truncnorm(-0.7 / 0.2, 0.3 / 0.2, loc=0.7, scale=0.2),
    "bent": stats.beta(0.3 * 4.25, 0.7 * 4.25, scale=2.0),  # mean 0.3 of the width, deviation 0.2 of it
    "first": stats.uniform(0.0, 1.0),
    "second": stats.uniform(-1.0, 2.0),
}
MANY = 4000


def case_of(numbers=NUMBERS, extra=EXTRA) -> Case:
    return small_case(
        parameter_text(numbers, extra),
        timeline="- decision: move\n  by: DEF\n  options: [go, stay]\n",
        payoffs="DEF:\n  - term: worth\n    when: move == go\n    value: flat\n",
        postures="quiet:\n  status_quo: true\n",
    )


@pytest.fixture(scope="module")
def many() -> dict[str, np.ndarray]:
    case = case_of()
    return dict(zip(case.parameter_names, draw_parameters(case, 5, 0, MANY).T, strict=True))


def test_first_hundred_are_the_same_however_many_are_asked_for():
    case = case_of()
    np.testing.assert_array_equal(draw_parameters(case, 3, 0, 100), draw_parameters(case, 3, 0, 1000)[:100])


def test_pieces_join_to_the_whole():
    case = case_of()
    ends = [0, 1, 7, 64, 65, 200]
    pieces = [draw_parameters(case, 3, low, high) for low, high in pairwise(ends)]
    np.testing.assert_array_equal(np.vstack(pieces), draw_parameters(case, 3, 0, 200))
    assert draw_parameters(case, 3, 9, 9).shape == (0, len(NUMBERS))


@pytest.mark.parametrize("place", ["in_front", "at_the_end"])
def test_one_more_parameter_changes_no_other(place: str):
    more = {"newcomer": (0.5, 0.0, 1.0)}
    larger = case_of({**more, **NUMBERS} if place == "in_front" else {**NUMBERS, **more})
    small = case_of()
    before, after = draw_parameters(small, 8, 0, 150), draw_parameters(larger, 8, 0, 150)
    columns = [larger.parameter_index(name) for name in small.parameter_names]
    np.testing.assert_array_equal(before, after[:, columns])


def test_one_more_member_of_a_correlated_group_changes_no_other():
    larger = case_of({**NUMBERS, "third": (0.5, 0.0, 1.0)}, {**EXTRA, "third": "correlated_with:\n  first: 0.4\n"})
    np.testing.assert_array_equal(
        draw_parameters(case_of(), 8, 0, 150), draw_parameters(larger, 8, 0, 150)[:, : len(NUMBERS)]
    )


def test_a_fixed_number_stays_and_another_seed_moves_the_rest():
    case = case_of()
    one, two = draw_parameters(case, 1, 0, 50), draw_parameters(case, 2, 0, 50)
    fixed = case.parameter_index("fixed")
    assert (one[:, fixed] == 4.0).all()
    assert not has_range(case.parameters[fixed])
    assert (np.delete(one, fixed, axis=1) != np.delete(two, fixed, axis=1)).all()


@pytest.mark.parametrize("name", LAWS)
def test_draws_follow_the_stated_law(many, name: str):
    law, values = LAWS[name], many[name]
    low, high = law.support()
    assert values.min() >= low
    assert values.max() <= high
    assert values.mean() == pytest.approx(law.mean(), abs=4 * law.std() / np.sqrt(MANY))
    assert stats.kstest(values, law.cdf).pvalue > 1e-3


@pytest.mark.parametrize("name", LAWS)
def test_quantiles_are_those_of_scipy(name: str):
    shares = np.array([1e-9, 1e-3, 0.05, 0.2, 0.5, 0.77, 0.95, 1 - 1e-6])
    parameter = case_of().parameters[list(NUMBERS).index(name)]
    np.testing.assert_allclose(quantile(parameter.distribution, shares), LAWS[name].ppf(shares), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("center", "low", "high"), [(-3.0, 0.0, 1.0), (5.0, 0.0, 1.0)], ids=["below", "above"])
def test_normal_with_its_mean_outside_the_range_keeps_its_tail(center: float, low: float, high: float):
    law = stats.truncnorm((low - center) / 0.5, (high - center) / 0.5, loc=center, scale=0.5)
    shares = np.array([0.01, 0.3, 0.6, 0.99])
    found = quantile(Distribution("normal", low, high, center, 0.5, True), shares)
    np.testing.assert_allclose(found, law.ppf(shares), rtol=1e-6)


def test_copula_has_the_sign_and_size_that_is_stated(many):
    scores = [stats.norm.ppf(LAWS[name].cdf(many[name])) for name in ("first", "second")]
    assert np.corrcoef(scores)[0, 1] == pytest.approx(-0.7, abs=0.03)
    assert stats.spearmanr(many["first"], many["second"]).statistic == pytest.approx(
        6 / np.pi * np.arcsin(-0.35), abs=0.03
    )
    assert abs(np.corrcoef(many["flat"], many["first"])[0, 1]) < 0.05


def test_stream_depends_on_seed_and_name_and_never_touches_the_ends():
    one = uniform_stream(0, "p", 0, 5000)
    assert one.min() > 0
    assert one.max() < 1
    assert len({uniform_stream(seed, name, 3, 4)[0] for seed in (0, 1) for name in ("p", "q", "0p")}) == 6


@pytest.mark.parametrize(("seed", "start", "stop"), [(-1, 0, 1), (0, -1, 1), (0, 2, 1)])
def test_impossible_requests_are_refused(seed: int, start: int, stop: int):
    with pytest.raises(RequestError):
        draw_parameters(case_of(), seed, start, stop)
