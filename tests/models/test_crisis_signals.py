"""Crisis signaling with normal shocks: every fixed point, the folds, independent integrals, and the finite tree."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtri, owens_t
from scipy.stats import norm

from detente import models
from detente.errors import RequestError
from detente.game import expected_payoffs
from detente.models.crisis_signals import Signals, log_best_and_above
from detente.models.lewis_schultz2003 import slice_means
from detente.solvers import solve_logit
from models.reference import judge, outcomes, payoff_scale, points
from models.shipped import played

MODEL = models.get("lewis_schultz2003")
SLOPE_TOLERANCE = 1e-8
"""The reference slopes are finite differences and differ from the derivative by up to 2e-9."""
COSTLY_BLUFF = {"W_A": -0.8, "W_B": -1.0, "a": -2.5, "V_B": 0.5, "S_A": 0.2, "C_B": -0.3}
THREE = {"W_A": -1.9, "a": -1.2}


@pytest.mark.parametrize("point", points(MODEL.key))
def test_reference_point(point):
    closed, expected = MODEL.closed_form(**point["params"]), point["expected"]
    if "equilibria" not in expected:
        assert closed["W_B_fold_low"] == pytest.approx(expected["W_B_fold_low"], abs=6e-6)
        assert closed["W_B_fold_high"] == pytest.approx(expected["W_B_fold_high"], abs=6e-6)
        assert (closed["n_inside"], closed["n_outside"]) == (expected["n_inside"], expected["n_outside"])
        for W_B, count in expected["counts"].items():
            found = MODEL.closed_form(**point["params"] | {"W_B": float(W_B)})
            assert found["n_equilibria"] == count
        return
    assert closed["n_equilibria"] == expected["n_equilibria"]
    for found, wanted in zip(closed["equilibria"], expected["equilibria"], strict=True):
        slope = wanted.pop("br_slope")
        assert found["br_slope"] == pytest.approx(slope, abs=SLOPE_TOLERANCE)
        assert {name: found[name] for name in wanted} == pytest.approx(wanted, abs=1e-9)


def bivariate(h: float, k: float, rho: float) -> float:
    """Phi2(h, k; rho) by Owen's T function (Owen 1956)."""
    root = np.sqrt(1 - rho * rho)
    sign = 0.5 if h * k < 0 or (h * k == 0 and h + k < 0) else 0.0
    return float(
        (norm.cdf(h) + norm.cdf(k)) / 2
        - owens_t(h, (k - rho * h) / (h * root))
        - owens_t(k, (h - rho * k) / (k * root))
        - sign
    )


@pytest.mark.parametrize("lead", [-6.0, -1.3, -0.2, 0.7, 2.5, 9.0])
@pytest.mark.parametrize("above", [-8.0, -2.0, -0.3, 0.4, 1.5, 4.0])
def test_bivariate_normal_agrees_with_owens_t(lead, above):
    found = float(np.exp(log_best_and_above(above, lead)[0]))
    assert found == pytest.approx(bivariate(lead / np.sqrt(2), -above, 1 / np.sqrt(2)), abs=1e-14)


@pytest.mark.parametrize(("lead", "above"), [(-25.0, -3.0), (-10.0, 8.0), (0.0, 20.0), (5.0, 30.0)])
def test_bivariate_normal_keeps_its_digits_in_the_tails(lead, above):
    """Against quadrature of the integrand relative to its own largest value."""

    def log(y: float) -> float:
        return float(norm.logpdf(y) + norm.logcdf(y + lead))

    start = max(above, -lead / 2 - 12)
    top = max(log(y) for y in np.linspace(start, start + 24, 4001))
    pieces = np.linspace(start, start + 24, 97)
    total = sum(quad(lambda y: np.exp(log(y) - top), a, b, epsabs=0, epsrel=1e-12)[0] for a, b in pairwise(pieces))
    assert log_best_and_above(above, lead)[0] == pytest.approx(top + np.log(total), rel=1e-11)


def residual(params: dict[str, float], p_R: np.ndarray) -> np.ndarray:
    """p_R less B's best response, from the fixed-point form in the literature and a plain integral."""
    p = {"V_A": 1.0, "V_B": 1.0, "S_A": 0.0, "C_B": 0.0, "sigma": 1.0} | params
    s = p["sigma"]
    cut = (p["S_A"] - (1 - p_R) * p["V_A"]) / p_R
    nodes, weights = np.polynomial.legendre.leggauss(150)
    low = np.maximum(cut, min(p["W_A"], p["a"]) - 10 * s)
    high = np.maximum(low, max(p["W_A"], p["a"])) + 10 * s
    at = low[:, None] + (high - low)[:, None] * (nodes + 1) / 2
    fights = norm.pdf(at, p["W_A"], s) * norm.cdf(at, p["a"], s) @ weights * (high - low) / 2
    challenge = 1 - norm.cdf(cut, p["W_A"], s) * norm.cdf(cut, p["a"], s)
    firm = fights / challenge
    return p_R - norm.cdf((firm * p["W_B"] + (1 - firm) * p["V_B"] - p["C_B"]) / (s * firm))


RANDOM = [
    {
        "W_A": rng.uniform(-2.5, 0.5),
        "W_B": rng.uniform(-3.5, 0.0),
        "a": rng.uniform(-2.0, 0.0),
        "V_A": rng.uniform(0.7, 1.5),
        "V_B": rng.uniform(0.2, 1.5),
        "S_A": rng.uniform(-0.3, 0.4),
        "C_B": rng.uniform(-0.4, 0.1),
        "sigma": rng.uniform(0.6, 2.0),
    }
    for rng in map(np.random.default_rng, range(8))
]
NEAR_A_FOLD = [THREE | {"W_B": W_B} for W_B in (-2.9469, -2.9470, -2.7471, -2.7469)]


@pytest.mark.parametrize("params", [*RANDOM, *NEAR_A_FOLD, COSTLY_BLUFF, THREE | {"W_B": -2.85}])
def test_finds_each_sign_change_of_a_dense_scan(params):
    grid = ndtri(np.linspace(1e-6, 1 - 1e-6, 2001))
    grid = norm.cdf(np.unique(np.concatenate([grid, np.linspace(-4.5, 4.5, 501)])))
    gap = residual(params, grid)
    changes = np.flatnonzero(np.sign(gap[1:]) != np.sign(gap[:-1]))
    found = [e["p_R"] for e in MODEL.closed_form(**params)["equilibria"]]
    inside = [p for p in found if grid[0] < p < grid[-1]]
    assert len(inside) == len(changes)
    for p, k in zip(inside, changes, strict=True):
        assert grid[k] <= p <= grid[k + 1]
    np.testing.assert_allclose(residual(params, np.array(inside)), 0, atol=1e-10)


@pytest.mark.parametrize("offset", [1e-6, 1e-9, 1e-11])
@pytest.mark.parametrize("end", ["W_B_fold_low", "W_B_fold_high"])
def test_nearly_tangent_roots_are_found(offset, end):
    at = MODEL.closed_form(**THREE)[end]
    inward = 1 if end == "W_B_fold_low" else -1
    inside = MODEL.closed_form(**THREE, W_B=at + inward * offset)
    outside = MODEL.closed_form(**THREE, W_B=at - inward * offset)
    assert (inside["n_equilibria"], outside["n_equilibria"]) == (3, 1)
    twins = sorted(abs(e["br_slope"] - 1) for e in inside["equilibria"])[:2]
    assert max(twins) < 10 * np.sqrt(offset)


def test_several_equilibria_need_backing_down_to_be_the_better_last_option():
    assert MODEL.closed_form(W_A=-1.2, a=-1.9)["folds"] == []
    assert MODEL.closed_form(W_A=-1.2, a=-1.9)["n_inside"] == 1
    assert len(MODEL.closed_form(**THREE)["folds"]) == 2


@pytest.mark.parametrize("params", [RANDOM[0], COSTLY_BLUFF, THREE | {"W_B": -2.85}])
def test_values_are_those_of_a_simulation(params):
    p = {"V_A": 1.0, "V_B": 1.0, "S_A": 0.0, "C_B": 0.0, "sigma": 1.0} | params
    draws = 400_000
    shocks = np.random.default_rng(5).normal(scale=p["sigma"], size=(3, draws))
    for e in MODEL.closed_form(**params)["equilibria"]:
        war, back, war_B = p["W_A"] + shocks[0], p["a"] + shocks[1], p["W_B"] + shocks[2]
        challenge = np.maximum(war, back) > e["c_star"]
        resist = e["p_F"] * war_B + (1 - e["p_F"]) * p["V_B"] > p["C_B"]
        value_A = np.where(~challenge, p["S_A"], np.where(resist, np.maximum(war, back), p["V_A"]))
        value_B = np.where(~challenge, 0.0, np.where(~resist, p["C_B"], np.where(war > back, war_B, p["V_B"])))
        four_errors = 4 * p["sigma"] * 2 / np.sqrt(draws)
        assert challenge.mean() == pytest.approx(e["p_C"], abs=four_errors)
        assert resist.mean() == pytest.approx(e["p_R"], abs=four_errors)
        assert value_A.mean() == pytest.approx(e["EU_A"], abs=four_errors)
        assert value_B.mean() == pytest.approx(e["EU_B"], abs=2 * four_errors)
        assert e["SQ"] + e["CD"] + e["SF"] + e["BD"] == pytest.approx(1.0, abs=1e-12)


def test_value_of_a_is_the_integral_of_the_literature():
    """S_A + p_R times the integral, from the cut-off, of the odds that the best of two last options is larger."""
    e = MODEL.closed_form(**COSTLY_BLUFF)

    def odds(z: float) -> float:
        return float(1 - norm.cdf(z + 0.8) * norm.cdf(z + 2.5))

    integral = quad(odds, e["c_star"], 12, epsabs=1e-13, epsrel=1e-12)[0]
    assert e["EU_A"] == pytest.approx(0.2 + e["p_R"] * integral, abs=1e-11)


def test_slope_is_the_derivative_of_the_best_response():
    game = Signals(W_A=-1.9, a=-1.2, V_A=1.0, V_B=1.0, S_A=0.0, C_B=0.0, sigma=1.0)
    for e in MODEL.closed_form(**THREE, W_B=-2.85)["equilibria"]:

        def reply(p: float) -> float:
            return float(norm.cdf(1 / game.firm(ndtri(p))[0] - 2.85 - 1))

        step = 1e-3
        coarse, fine = ((reply(e["p_R"] + h) - reply(e["p_R"] - h)) / (2 * h) for h in (step, step / 2))
        assert e["br_slope"] == pytest.approx((4 * fine - coarse) / 3, abs=1e-8)


def test_units_do_not_matter():
    params = THREE | {"W_B": -2.85}
    large = {name: 250.0 * value for name, value in params.items()} | {"V_A": 250.0, "V_B": 250.0, "sigma": 250.0}
    ours, theirs = (MODEL.closed_form(**p)["equilibria"] for p in (params, large))
    np.testing.assert_allclose([e["p_R"] for e in ours], [e["p_R"] for e in theirs], rtol=1e-11)
    np.testing.assert_allclose([250 * e["EU_A"] for e in ours], [e["EU_A"] for e in theirs], rtol=1e-11)


@pytest.mark.parametrize("sigma", [0.03, 0.3, 30.0, 3000.0])
def test_extreme_shocks_give_finite_answers(sigma):
    closed = MODEL.closed_form(W_A=-0.4, W_B=-0.7, a=-0.2, sigma=sigma)
    for e in closed["equilibria"]:
        assert np.isfinite([value for value in e.values()]).all()
        assert e["SQ"] + e["CD"] + e["SF"] + e["BD"] == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"W_B": -1.0, "V_A": 0.0}, "worth more to A than the status quo"),
        ({"W_B": -1.0, "sigma": 0.0}, "sigma = 0.0"),
        ({"W_B": float("inf")}, "W_B = inf"),
        ({"W_B": -1.0, "sigma": 0.01}, "at most 30 sigma apart"),
        ({"W_B": -1.0, "equilibrium": "2"}, "there is no equilibrium '2'"),
        ({"W_C": -1.0}, "takes exactly W_A, a, W_C"),
    ],
)
def test_bad_numbers_are_refused_in_words(params, message):
    with pytest.raises(RequestError, match=message):
        MODEL.closed_form(**THREE, **params)


def test_slice_means_keep_mean_and_approach_the_variance():
    for n, variance in ((1, 0.0), (2, 2 / np.pi)):
        assert np.mean(slice_means(n) ** 2) == pytest.approx(variance, abs=1e-12)
    assert np.mean(slice_means(200)) == pytest.approx(0, abs=1e-12)
    assert 0.99 < np.mean(slice_means(200) ** 2) < 1


@pytest.mark.parametrize("n", [4, 8, 12])
def test_finite_tree_comes_close_to_the_continuous_game(n):
    """The error falls like 1/n: B's odds can only be mixed at one of its n types, A's at the types near its cut-off."""
    closed = MODEL.closed_form(**COSTLY_BLUFF)
    game = MODEL.build(**COSTLY_BLUFF, n=n)
    solved = solve_logit(game.shape, game.numbers, payoff_scale(game))
    assert judge(game, solved.assessment).kinds == ("sequential",)
    found = outcomes(game, solved.assessment.strategy)
    assert found == pytest.approx(closed["outcomes"], abs=0.6 / n)
    values = expected_payoffs(game.shape, game.numbers, solved.assessment.strategy)[0]
    np.testing.assert_allclose(values, [closed["EU_A"], closed["EU_B"]], atol=0.4 / n)


@pytest.mark.parametrize("params", [{}, {"W_A": -0.5, "W_B": -0.6}, {"a": -0.8, "V_B": 0.7, "e": 0.55}])
def test_shipped_case_is_the_tree_with_two_values(params):
    numbers = {"W_A": -0.8, "W_B": -0.9, "a": -1.1, "V_A": 1.0, "V_B": 1.0, "e": 0.7} | params
    found, values = played("lewis-schultz2003", "closed", **{name: [value] for name, value in numbers.items()})
    size = numbers.pop("e")
    game = MODEL.build(**numbers, sigma=size / np.sqrt(2 / np.pi), n=2)
    solved = solve_logit(game.shape, game.numbers, payoff_scale(game))
    assert judge(game, solved.assessment).kinds == ("sequential",)
    odds = {name: float(column[0]) for name, column in found.items()}
    assert odds == pytest.approx(outcomes(game, solved.assessment.strategy), abs=1e-7)
    expected = expected_payoffs(game.shape, game.numbers, solved.assessment.strategy)[0]
    np.testing.assert_allclose([values["A"][0], values["B"][0]], expected, atol=1e-7)
