"""Derivatives of equilibria, against central differences of solved games and against closed forms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

import detente
from detente.compiler import number_derivatives
from detente.ensemble import draw_parameters
from detente.game import (
    CHANCE,
    Assessment,
    BuiltGame,
    GameNumbers,
    TreeBuilder,
    TreeShape,
    Witness,
    bayes_beliefs,
    certify,
    expected_payoffs,
    terminal_probability,
)
from detente.solvers import (
    Derivatives,
    NumberMotion,
    Smoothness,
    equilibrium_derivatives,
    qre_derivatives,
    solve_backward,
    solve_logit,
    solve_qre,
    terminal_derivatives,
)
from detente.study.games import SolveOptions
from detente.study.worlds import Worlds
from game.known_games import two_types
from game.random_games import payoff_range, random_game

STEP = 1e-5
CLOSE = 1e-5  # what the difference may be, relative to the size of what is compared
SAME_PLACE = 0.01  # a larger change of a probability over a step means another equilibrium


@dataclass
class Line:
    """Games at a point and a step to either side along each parameter."""

    shape: TreeShape
    numbers: GameNumbers  # the point, then two draws per parameter
    scale: np.ndarray
    motion: NumberMotion

    @property
    def params(self) -> int:
        return self.motion.num_params


def random_motion(rng: np.random.Generator, game: BuiltGame, params: int) -> NumberMotion:
    shape = game.shape
    payoff = rng.normal(size=(1, params, shape.num_terminals, shape.num_players))
    chance = np.zeros((1, params, shape.num_chance_edges))
    for node in np.flatnonzero(shape.kind == CHANCE):
        first = int(shape.first_child[node])
        edges = shape.edge[first : first + int(shape.num_children[node])]
        odds = game.numbers.chance[0, edges]
        step = rng.normal(size=(params, len(edges))) * odds  # what is impossible stays so
        chance[0][:, edges] = step - odds * step.sum(axis=1, keepdims=True)
    return NumberMotion(payoff, chance)


def along(game: BuiltGame, motion: NumberMotion, step: float = STEP) -> Line:
    moves = [0.0 * motion.payoff[0, 0]], [0.0 * motion.chance[0, 0]]
    for k in range(motion.num_params):
        for sign in (step, -step):
            moves[0].append(sign * motion.payoff[0, k])
            moves[1].append(sign * motion.chance[0, k])
    numbers = GameNumbers(game.numbers.payoff + np.array(moves[0]), game.numbers.chance + np.array(moves[1]))
    scale = np.repeat(payoff_range(game.numbers), len(moves[0]), axis=0)
    return Line(game.shape, numbers, scale, motion)


def gap(estimate: np.ndarray, exact: np.ndarray) -> float:
    known = ~np.isnan(exact)
    return float(np.abs(estimate - exact)[known].max(initial=0.0) / (1.0 + np.abs(exact[known]).max(initial=0.0)))


def compare(line: Line, assessment: Assessment, found: Derivatives, step: float = STEP) -> tuple[int, float]:
    """How many parameters could be compared, and the largest difference."""
    shape, strategy = line.shape, assessment.strategy
    values = expected_payoffs(shape, line.numbers, strategy) / line.scale
    ends = terminal_probability(shape, line.numbers.chance, strategy)
    compared, worst = 0, 0.0
    for k in range(line.params):
        up, down = 1 + 2 * k, 2 + 2 * k
        near = strategy[[up, down]]
        same = ((near > 0) == (strategy[0] > 0)).all() and np.abs(near - strategy[0]).max() < SAME_PLACE
        if not (same and found.smooth[0, k]):
            continue
        compared += 1
        pairs = [
            (values, found.value[0, k] / line.scale[0]),
            (ends, found.terminal[0, k]),
            (strategy, found.strategy[0, k]),
        ]
        for array, exact in pairs:
            worst = max(worst, gap((array[up] - array[down]) / (2 * step), exact))
    return compared, worst


def solved(line: Line) -> Assessment | None:
    solution = solve_logit(line.shape, line.numbers, line.scale, threads=1)
    certificate = certify(line.shape, line.numbers, solution.assessment, line.scale)
    return solution.assessment if certificate.certified.all() else None


def derived(line: Line, assessment: Assessment) -> Derivatives:
    one = slice(0, 1)
    return equilibrium_derivatives(
        line.shape, line.numbers.take(one), assessment.take(one), line.scale[one], line.motion
    )


# ----------------------------------------------------------------------------- against differences


def test_random_games():
    compared = mixing = smooth = off_path = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        game = random_game(
            rng, num_nodes=int(rng.integers(10, 90)), num_players=2 + seed % 2, merge=(0.6, 0.85)[seed % 2]
        )
        line = along(game, random_motion(rng, game, 2))
        assessment = solved(line)
        if assessment is None:
            continue
        found = derived(line, assessment)
        count, worst = compare(line, assessment, found)
        assert worst < CLOSE, (seed, worst)
        compared += count
        smooth += int(found.smooth.sum())
        if (assessment.strategy[0] > 0).sum() > game.shape.num_infosets:
            mixing += count
            reached = ~np.isnan(bayes_beliefs(game.shape, line.numbers.chance[:1], assessment.strategy[:1])[0])
            mixed = ((assessment.strategy[0] > 0) & (assessment.strategy[0] < 1)).nonzero()[0]
            off_path += any(not reached[game.shape.members[game.shape.action_infoset[a]]].all() for a in mixed)
    assert compared >= 100
    assert smooth == pytest.approx(compared, abs=6)
    assert mixing >= 15
    assert off_path >= 1


@pytest.mark.parametrize("name", ["deterrence-101", "ukraine-2021"])
def test_postures_of_shipped_cases(name: str):
    """Every parameter that enters, at base values and in one more world, over every posture that is one game."""
    case = detente.load(name)
    postures = [item for item in case.postures if not item.needs_search]
    if name == "ukraine-2021":
        postures = [item for item in postures if item.name in ("telegraph_limits", "ambiguous", "secret_preparation")]
    for posture in postures:
        worlds = Worlds(case, [posture.name], SolveOptions(1))
        game = worlds.game(posture)
        for base in (case.base_theta(), draw_parameters(case, 1, 1, 2)[0]):
            steps = [sign * STEP * np.eye(len(base))[c] for c in game.columns for sign in (1, -1)]
            theta = base + np.array([0.0 * base, *steps])
            batch = game.solve(theta, worlds.scale(theta), worlds.options, worlds.tally)
            assert batch.certified.all()
            moved = number_derivatives(game.compiled, theta[:1], game.columns)
            line = Line(
                game.compiled.shape, batch.numbers.take(batch.inverse), worlds.scale(theta),
                NumberMotion(moved.payoff, moved.chance),
            )  # fmt: skip
            line.scale[:] = line.scale[:1]
            assessment = batch.assessment.take(batch.inverse)
            found = derived(line, assessment)
            count, worst = compare(line, assessment, found)
            assert worst < CLOSE, (posture.name, worst)
            assert count == line.params == found.smooth.sum(), (posture.name, count)


@pytest.mark.parametrize("seed", range(8))
def test_quantal_response_equilibria(seed: int):
    rng = np.random.default_rng(seed)
    game = random_game(rng, num_nodes=25, num_players=2, merge=0.7)
    line = along(game, random_motion(rng, game, 2))
    lam = float(rng.choice([0.5, 2.0, 6.0]))
    assessment = solve_qre(line.shape, line.numbers, lam, threads=1).assessment
    one = slice(0, 1)
    found = qre_derivatives(line.shape, line.numbers.take(one), assessment.take(one), lam, line.motion)
    assert found.smooth.all()
    assert compare(line, assessment, found) == (2, pytest.approx(0.0, abs=CLOSE))


def test_odds_as_somebody_else_judges_them():
    rng = np.random.default_rng(3)
    game = two_types(0.25)
    line = along(game, random_motion(rng, game, 1))
    assessment = solved(line)
    assert assessment is not None
    found = derived(line, assessment)
    other, d_other = np.array([[0.6, 0.4]]), np.array([[[0.3, -0.3]]])
    exact = terminal_derivatives(game.shape, other, d_other, assessment.strategy[:1], found.strategy)[0, 0]
    ends = [
        terminal_probability(game.shape, other + sign * STEP * d_other[0], assessment.strategy[[row]])[0]
        for sign, row in ((1, 1), (-1, 2))
    ]
    assert gap((ends[0] - ends[1]) / (2 * STEP), exact) < CLOSE


# ----------------------------------------------------------------------------- against closed forms


def inspection(e: float = 0.2, a: float = 0.5, b: float = 2.0) -> BuiltGame:
    """Inspector and inspectee move unseen by one another (Maschler 1966): p = 1/(1+b), q = e/(1-a+e)."""
    tree = TreeBuilder("I", "V")

    def respond(inspected: bool):
        legal = tree.terminal(-e if inspected else 0.0, 0.0)
        violate = tree.terminal(-a if inspected else -1.0, -b if inspected else 1.0)
        return tree.decision("V", "act", {"violate": violate, "legal": legal})

    return tree.build(tree.decision("I", "inspect", {"yes": respond(True), "no": respond(False)}))


def slopes_of(build, base: dict[str, float], name: str) -> NumberMotion:
    """Payoffs of the games here are linear in each parameter, so a difference is exact."""
    up, down = (build(**(base | {name: base[name] + h})).numbers for h in (0.5, -0.5))
    return NumberMotion((up.payoff - down.payoff)[:, None], (up.chance - down.chance)[:, None])


def test_inspection_moves_as_its_closed_form_says():
    base = {"e": 0.2, "a": 0.5, "b": 2.0}
    game = inspection(**base)
    scale = payoff_range(game.numbers)
    assessment = solve_logit(game.shape, game.numbers, scale, threads=1).assessment
    e, a, b = base.values()
    expected = {  # d p, d q, d value of the inspector, which is -q
        "e": (0.0, (1 - a) / (1 - a + e) ** 2),
        "a": (0.0, e / (1 - a + e) ** 2),
        "b": (-1 / (1 + b) ** 2, 0.0),
    }
    for name, (d_p, d_q) in expected.items():
        found = equilibrium_derivatives(game.shape, game.numbers, assessment, scale, slopes_of(inspection, base, name))
        assert found.smooth.all()
        assert found.strategy[0, 0, game.action("inspect", "yes")] == pytest.approx(d_p, abs=1e-8)
        assert found.strategy[0, 0, game.action("act", "violate")] == pytest.approx(d_q, abs=1e-8)
        assert found.value[0, 0, 0] == pytest.approx(-d_q, abs=1e-8)
        assert found.value[0, 0, 1] == pytest.approx(0.0, abs=1e-8)


def test_a_weaker_prior_makes_more_bluff():
    """Beer and quiche with few strong types: the weak type bluffs with odds s/(1-s), the duel stays at one half."""
    game = two_types(0.25)
    scale = payoff_range(game.numbers)
    assessment = solve_logit(game.shape, game.numbers, scale, threads=1).assessment
    motion = NumberMotion(np.zeros((1, 1, *game.numbers.payoff.shape[1:])), np.array([[[1.0, -1.0]]]))
    found = equilibrium_derivatives(game.shape, game.numbers, assessment, scale, motion)
    assert found.strategy[0, 0, game.action("weak", "beer")] == pytest.approx(1 / 0.75**2, abs=1e-7)
    assert found.strategy[0, 0, game.action("beer", "duel")] == pytest.approx(0.0, abs=1e-7)


# ----------------------------------------------------------------------------- kinks


def tied_choice(gap: float = 0.0) -> BuiltGame:
    tree = TreeBuilder("1")
    return tree.build(tree.decision("1", "pick", {"a": tree.terminal(1.0), "b": tree.terminal(1.0 - gap)}))


@pytest.mark.parametrize(("gap", "smooth"), [(0.0, False), (1e-9, False), (1e-3, True)])
def test_a_tie_that_the_parameter_breaks_is_a_kink(gap: float, smooth: bool):
    game = tied_choice(gap)
    assessment = solve_backward(game.shape, game.numbers).assessment
    first = np.array([[[[1.0], [0.0]], [[1.0], [1.0]], [[0.0], [0.0]]]])  # only a, both, nothing
    found = equilibrium_derivatives(
        game.shape, game.numbers, assessment, np.ones((1, 1)), NumberMotion(first, np.zeros((1, 3, 0)))
    )
    assert found.smooth.tolist() == [[smooth, True, True]]
    assert found.value[0, 1:, 0].tolist() == [1.0, 0.0]
    if smooth:
        assert found.value[0, 0, 0] == 1.0
    else:
        assert found.smoothness[0, 0] == Smoothness.tied
        assert np.isnan(found.value[0, 0]).all()
        assert np.isnan(found.strategy[0, 0]).all()
        assert np.isnan(found.terminal[0, 0]).all()


def test_a_mixture_over_a_tie_is_a_kink_where_the_tie_breaks():
    """The logit branch plays both of two equal actions; neither is better on either side for long."""
    game = tied_choice()
    scale = np.ones((1, 1))
    assessment = solve_logit(game.shape, game.numbers, scale, threads=1).assessment
    assert assessment.strategy[0].tolist() == pytest.approx([0.5, 0.5])
    motion = NumberMotion(np.array([[[[1.0], [0.0]], [[1.0], [1.0]]]]), np.zeros((1, 2, 0)))
    found = equilibrium_derivatives(game.shape, game.numbers, assessment, scale, motion)
    assert found.smoothness[0].tolist() == [Smoothness.singular, Smoothness.smooth]
    assert found.strategy[0, 1].tolist() == pytest.approx([0.0, 0.0])


def test_the_edge_of_a_regime_is_a_kink():
    """At e = 0 the inspector loses nothing by inspecting an honest inspectee: q = 0, and only for e > 0 it grows."""
    base = {"e": 0.0, "a": 0.5, "b": 2.0}
    game = inspection(**base)
    strategy = game.profile({"inspect": {"yes": 0.5, "no": 0.5}, "act": "legal"})
    belief = bayes_beliefs(game.shape, game.numbers.chance, strategy)
    scale = payoff_range(game.numbers)
    assert certify(game.shape, game.numbers, Assessment(strategy, belief), scale).certified[0]
    found = equilibrium_derivatives(
        game.shape, game.numbers, Assessment(strategy, belief), scale, slopes_of(inspection, base, "e")
    )
    assert found.smoothness[0, 0] == Smoothness.singular
    assert np.isnan(found.value).all()


def test_a_chance_move_that_becomes_possible_is_a_kink():
    tree = TreeBuilder("1")
    pick = tree.decision("1", "pick", {"a": tree.terminal(1.0), "b": tree.terminal(0.0)})
    game = tree.build(tree.chance({"x": (1.0, pick), "y": (0.0, tree.terminal(5.0))}))
    assessment = solve_backward(game.shape, game.numbers).assessment
    motion = NumberMotion(np.zeros((1, 2, 3, 1)), np.array([[[-1.0, 1.0], [0.0, 0.0]]]))
    found = equilibrium_derivatives(game.shape, game.numbers, assessment, np.ones((1, 1)), motion)
    assert found.smoothness[0].tolist() == [Smoothness.chance, Smoothness.smooth]


def two_mistakes(loss: float) -> BuiltGame:
    """Two mistakes lead to a set where what is best depends on which it was; the first costs 1, the second `loss`."""
    tree = TreeBuilder("1", "2")

    def guess(cost: float, right: str):
        after = {name: tree.terminal(-cost, 1.0 if name == right else 0.0) for name in ("x", "y")}
        return tree.decision("2", "guess", after)

    return tree.build(
        tree.decision("1", "go", {"safe": tree.terminal(0.0, 0.0), "l": guess(1.0, "x"), "r": guess(loss, "y")})
    )


def test_a_belief_off_the_path_that_would_jump_is_a_kink():
    scale = np.array([[1.0, 1.0]])
    slope = (two_mistakes(1.5).numbers.payoff - two_mistakes(0.5).numbers.payoff)[:, None]
    motion = NumberMotion(slope, np.zeros((1, 1, 0)))
    clear = two_mistakes(1.2)
    assessment = solve_logit(clear.shape, clear.numbers, scale, threads=1).assessment
    found = equilibrium_derivatives(clear.shape, clear.numbers, assessment, scale, motion)
    assert found.smooth.all()
    assert found.strategy[0, 0].tolist() == pytest.approx([0.0] * 5)
    tied = two_mistakes(1.0)
    strategy = tied.profile({"go": "safe", "guess": "x"})
    belief = bayes_beliefs(tied.shape, tied.numbers.chance, strategy)
    belief[0, tied.shape.members[tied.infoset("guess")]] = [0.6, 0.4]
    odds = np.log([0.6, 0.4])
    levels = [np.array([0.0, *(odds - lam), 0.0, -0.2 * lam]) for lam in (30.0, 60.0, 120.0)]
    witness = Witness(np.array([1e5, 1e6, 2e7]), np.array(levels)[:, None, :])
    assessment = Assessment(strategy, belief, witness)
    assert certify(tied.shape, tied.numbers, assessment, scale).certified[0]
    found = equilibrium_derivatives(tied.shape, tied.numbers, assessment, scale, motion)
    assert found.smoothness[0, 0] == Smoothness.belief


def test_what_is_not_finite_is_reported_and_harms_no_other_draw():
    game = inspection()
    numbers = GameNumbers(np.repeat(game.numbers.payoff, 2, axis=0), np.empty((2, 0)))
    scale = np.repeat(payoff_range(game.numbers), 2, axis=0)
    assessment = solve_logit(game.shape, numbers, scale, threads=1).assessment
    numbers.payoff[0, 0, 0] = np.nan
    motion = NumberMotion(np.ones((2, 1, 4, 2)), np.zeros((2, 1, 0)))
    found = equilibrium_derivatives(game.shape, numbers, assessment, scale, motion)
    assert found.smoothness[:, 0].tolist() == [Smoothness.not_finite, Smoothness.smooth]
    assert found.value[1, 0].tolist() == pytest.approx([1.0, 1.0])


def test_every_reason_has_a_sentence():
    assert len({code.sentence for code in Smoothness}) == len(Smoothness)
