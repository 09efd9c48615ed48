"""Escalation with agent error: the closed form, the tree, and the solver's quantal response equilibrium."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from detente import cases, models
from detente.case import load
from detente.compiler import compile_posture
from detente.errors import RequestError
from detente.game import GameNumbers, certify_qre
from detente.models import signorino1999_logit
from detente.solvers import solve_qre
from detente.study.worlds import Worlds
from models.reference import check_expected, outcomes, payoff_scale, points, same_tree

MODEL = models.get("signorino1999_logit")
PAYOFFS = [
    {"SQ": (0.0, 1.0), "CD": (1.0, 0.0), "BD": (-0.5, 1.5), "WAR": (-0.2, -0.4)},
    {"SQ": (0.0, 0.5), "CD": (1.0, -0.5), "BD": (-1.0, 1.0), "WAR": (-0.3, 0.2)},
    {"SQ": (3.0, -2.0), "CD": (1.0, 4.0), "BD": (5.0, 0.0), "WAR": (-7.0, 1.0)},
]


@pytest.mark.parametrize("point", points(MODEL.key))
def test_reference_point(point):
    check_expected(MODEL.closed_form(**point["params"]), point)
    if "efg" in point:
        same_tree(MODEL.build(**point["params"]), point)


@pytest.mark.parametrize("u", PAYOFFS)
@pytest.mark.parametrize("lam", [0.0, 0.3, 1.0, 3.0, 12.0])
def test_solver_finds_the_closed_form(u, lam):
    game, closed = MODEL.build(u=u), MODEL.closed_form(u=u, lam=lam)
    solved = solve_qre(game.shape, game.numbers, lam)
    expected = game.profile(closed["strategies"])
    np.testing.assert_allclose(solved.assessment.strategy, expected, rtol=0, atol=1e-9)
    assert outcomes(game, expected) == pytest.approx(closed["outcomes"], abs=1e-12)


@pytest.mark.parametrize("u", PAYOFFS)
def test_closed_form_is_certified_as_a_quantal_response_equilibrium(u):
    game, closed = MODEL.build(u=u), MODEL.closed_form(u=u, lam=2.0)
    strategy = game.profile(closed["strategies"])
    residual = certify_qre(game.shape, game.numbers, strategy, np.log(strategy), np.full((1, 2), 2.0))
    assert residual[0] < 1e-12


def test_ends_are_play_at_random_and_backward_induction():
    u = PAYOFFS[1]
    assert [MODEL.closed_form(u=u, lam=0)[name] for name in ("p_challenge", "p_resist", "p_war_node")] == [0.5] * 3
    sharp = MODEL.closed_form(u=u, lam=1e4)
    assert sharp["outcomes"] == pytest.approx({"SQ": 1, "CD": 0, "BD": 0, "WAR": 0}, abs=1e-12)


def test_log_sum_is_the_mean_of_the_best_of_two_shocked_payoffs():
    """Against a simulation-free integral: the best of two payoffs with extreme value shocks, less the mean shock."""
    u, lam = PAYOFFS[0], 1.7
    closed = MODEL.closed_form(u=u, lam=lam)
    x = np.linspace(-10, 40, 400_001)

    def below(at):  # the distribution function of the largest of the two
        return np.exp(-sum(np.exp(-(lam * (at - u[name][0]) + np.euler_gamma)) for name in ("BD", "WAR")))

    best = float(x[-1] - np.trapezoid(below(x), x))
    gain = (1 - closed["p_resist"]) * u["CD"][0] + closed["p_resist"] * best - u["SQ"][0]
    assert closed["p_challenge_if_logsum"] == pytest.approx(1 / (1 + np.exp(-lam * gain)), abs=1e-7)


def test_log_sum_goes_on_to_lam_zero():
    near, at = (MODEL.closed_form(u=PAYOFFS[0], lam=lam)["p_challenge_if_logsum"] for lam in (1e-9, 0.0))
    assert near == pytest.approx(at, abs=1e-8)


def test_probit_errors_agree_with_a_bivariate_integral():
    u, lam = PAYOFFS[1], 0.8
    closed = MODEL.closed_form(u=u, lam=lam, error="probit")
    e = np.linspace(-9, 9, 20_001) / lam
    war = np.trapezoid(norm.pdf(e, scale=1 / lam) * norm.cdf((u["WAR"][0] - u["BD"][0] + e) * lam), e)
    assert closed["p_war_node"] == pytest.approx(float(war), abs=1e-9)
    assert "p_challenge_if_logsum" not in closed


def test_private_information_spreads_the_branch_as_a_whole():
    """P(u11 + e < (1 - p)(u13 + e3) + p (u14 + e4)) by integrating over the sum of the last two shocks."""
    closed = MODEL.closed_form(u11=0.2, u13=0.8, u14=-0.5, u24=-0.4)
    p = closed["p_resist"]
    spread = np.hypot(p, 1 - p)
    e = np.linspace(-9, 9, 20_001) * spread
    odds = np.trapezoid(norm.pdf(e, scale=spread) * norm.cdf((1 - p) * 0.8 - p * 0.5 - 0.2 + e), e)
    assert closed["p_challenge_private_info"] == pytest.approx(float(odds), abs=1e-9)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"u": PAYOFFS[0], "lam": -1.0}, "lam = -1.0 is outside"),
        ({"u": PAYOFFS[0]}, "takes exactly u"),
        ({"u": {"SQ": (0, 1)}, "lam": 1.0}, "SQ, CD, BD, WAR"),
        ({"u": PAYOFFS[0] | {"SQ": (float("nan"), 0)}, "lam": 1.0}, "SQ"),
        ({"u": PAYOFFS[0], "lam": 1.0, "error": "cauchy"}, "logit, probit"),
        ({"u": PAYOFFS[0], "lam": (1.0, 2.0, 3.0)}, "one number, or two"),
    ],
)
def test_bad_numbers_are_refused_in_words(params, message):
    with pytest.raises(RequestError, match=message):
        MODEL.closed_form(**params)


@pytest.mark.parametrize("lam", [1.0, 4.5])
def test_shipped_case_has_the_closed_form(lam):
    """`--lam` counts in units of each side's payoff range, so the two sides have precisions of their own."""
    case = load(cases.path("signorino1999-logit"))
    compiled = compile_posture(case, "free")
    numbers = compiled.numbers(case.base_theta()[None])
    scale = np.ptp(numbers.payoff, axis=1)
    solved = solve_qre(compiled.shape, GameNumbers(numbers.payoff / scale[:, None], numbers.chance), lam)
    closed = MODEL.closed_form(u=signorino1999_logit.EXAMPLE, lam=tuple(lam / scale[0]))
    found = dict(zip((label.decision for label in compiled.infoset_labels), compiled.shape.action_start, strict=False))
    for name, action in (("A1", "p_challenge"), ("B1", "p_resist"), ("A2", "p_war_node")):
        assert solved.assessment.strategy[0, found[name] + 1] == pytest.approx(closed[action], abs=1e-9)


def test_shipped_case_has_the_limit_of_the_closed_form():
    case = load(cases.path("signorino1999-logit"))
    theta = case.base_theta()[None]
    worlds = Worlds(case)
    played = worlds.play(case.posture("free"), theta, worlds.scale(theta))
    assert played.certified.all()
    limit = MODEL.closed_form(u=signorino1999_logit.EXAMPLE, lam=1e5)
    np.testing.assert_allclose(played.outcomes()[0], list(limit["outcomes"].values()), atol=1e-9)
    np.testing.assert_allclose(played.values()[0], [limit["EU_A"], limit["EU_B"]], atol=1e-9)


def test_payoff_scale_of_the_tree_is_the_range_of_the_outcomes():
    assert payoff_scale(MODEL.build(u=PAYOFFS[0])) == pytest.approx(np.array([[1.5, 1.9]]))
