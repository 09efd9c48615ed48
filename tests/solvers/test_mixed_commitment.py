"""Optimal mixed commitment against multiple linear programs on the normal form, grids and closed forms."""

from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from detente.errors import RequestError, UnsupportedError
from detente.game import BuiltGame, GameNumbers, TreeBuilder, certify_commitment, expected_payoffs
from detente.solvers import Status, optimal_mixed_commitment, why_not
from game.random_games import payoff_range, random_game


def pure_plans(game: BuiltGame, player: int) -> list[np.ndarray]:
    """[actions] indicator of every full pure strategy of a player; other players' entries are 0."""
    shape = game.shape
    sets = [i for i in range(shape.num_infosets) if shape.infoset_player[i] == player]
    plans = []
    for picks in product(*(range(shape.action_start[i], shape.action_start[i + 1]) for i in sets)):
        plan = np.zeros(shape.num_actions)
        plan[list(picks)] = 1.0
        plans.append(plan)
    return plans


def normal_form(game: BuiltGame, leader: int) -> tuple[np.ndarray, np.ndarray]:
    """[own plans, rival plans] payoffs of the leader and of the follower."""
    rows, columns = pure_plans(game, leader), pure_plans(game, 1 - leader)
    found = np.empty((2, len(rows), len(columns)))
    for i, j in product(range(len(rows)), range(len(columns))):
        payoffs = expected_payoffs(game.shape, game.numbers, (rows[i] + columns[j])[None, :], judge=leader)[0]
        found[:, i, j] = payoffs[leader], payoffs[1 - leader]
    return found[0], found[1]


def multiple_programs(own: np.ndarray, rival: np.ndarray) -> float:
    """Conitzer and Sandholm (2006) on the normal form: one program for each pure strategy of the follower."""
    best = -np.inf
    for j in range(own.shape[1]):
        found = linprog(
            -own[:, j],
            A_ub=(rival - rival[:, [j]]).T,
            b_ub=np.zeros(own.shape[1]),
            A_eq=np.ones((1, len(own))),
            b_eq=[1.0],
            bounds=(0, None),
            options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
        )
        if found.status == 0:
            best = max(best, -found.fun)
    return best


def judged(game: BuiltGame, leader: int = 0):
    found = optimal_mixed_commitment(game.shape, game.numbers, leader)
    scale = payoff_range(game.numbers)
    return found, certify_commitment(found.game, game.numbers, found.strategy, leader, found.bound, scale)


def small_random_games(count: int, num_nodes: int, **more) -> list[BuiltGame]:
    rng = np.random.default_rng(20)
    games = []
    while len(games) < count:
        game = random_game(rng, num_nodes=num_nodes, num_players=2, **more)
        width = np.diff(game.shape.action_start).astype(float)
        sizes = [width[game.shape.infoset_player == player].prod() for player in (0, 1)]
        if 1 < sizes[0] <= 16 and 1 < sizes[1] <= 16:
            games.append(game)
    return games


@pytest.mark.parametrize(("num_nodes", "chance"), [(12, 0.2), (18, 0.3), (16, 0.0)])
def test_random_games_against_the_normal_form(num_nodes, chance):
    for game in small_random_games(8, num_nodes, chance=chance):
        for leader in (0, 1):
            found, certificate = judged(game, leader)
            want = multiple_programs(*normal_form(game, leader))
            assert found.payoffs[0, leader] == pytest.approx(want, abs=1e-8)
            assert certificate.kinds == ("optimal",)
            assert found.status[0] == Status.converged
            assert certificate.play.regret[0] <= 1e-8


def test_no_rule_on_a_grid_is_better():
    """Every mixture on a fine grid, answered by enumeration with ties to the leader, stays below the value."""
    rng = np.random.default_rng(3)
    for _ in range(10):
        game = bimatrix(rng.integers(-4, 5, (3, 4, 2)).astype(float))
        own, rival = normal_form(game, 0)
        steps = 40
        grid = np.array([(i, j, steps - i - j) for i in range(steps + 1) for j in range(steps + 1 - i)]) / steps
        answer = grid @ rival
        allowed = answer >= answer.max(axis=1, keepdims=True) - 1e-12
        on_grid = np.where(allowed, grid @ own, -np.inf).max()
        value = optimal_mixed_commitment(game.shape, game.numbers, 0).payoffs[0, 0]
        assert on_grid <= value + 1e-9
        assert value == pytest.approx(multiple_programs(own, rival), abs=1e-9)


def bimatrix(payoffs: np.ndarray) -> BuiltGame:
    """Simultaneous play; payoffs[i, j] are those of row and column player."""
    tree = TreeBuilder("row", "column")

    def answer(i: int):
        ends = {f"c{j}": tree.terminal(*payoffs[i, j]) for j in range(payoffs.shape[1])}
        return tree.decision("column", "column", ends)

    return tree.build(tree.decision("row", "row", {f"r{i}": answer(i) for i in range(payoffs.shape[0])}))


def inspection(e=0.2, a=0.5, b=2.0) -> BuiltGame:
    return bimatrix(np.array([[[-a, -b], [-e, 0.0]], [[-1.0, 1.0], [0.0, 0.0]]]))


def test_inspector_deters_exactly():
    found, certificate = judged(inspection())
    assert found.strategy[0] == pytest.approx([1 / 3, 2 / 3, 0, 1], abs=1e-12)
    assert found.payoffs[0] == pytest.approx([-0.2 / 3, 0.0], abs=1e-12)
    assert found.bound[0] == pytest.approx(-0.2 / 3, abs=1e-9)
    assert found.strict_value[0] == pytest.approx(-0.2 / 3, abs=1e-9)  # inspect a little more often
    assert certificate.favors[0]
    assert certificate.kinds == ("optimal",)


def test_without_a_strict_answer_there_is_no_strict_value():
    """The follower gets nothing whatever it does, so no rule makes it prefer what the leader likes."""
    game = bimatrix(np.array([[[1.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.5, 0.0]]]))
    found, certificate = judged(game)
    assert found.payoffs[0, 0] == pytest.approx(1.0, abs=1e-12)
    assert np.isnan(found.strict_value[0])
    assert certificate.favors[0]


def test_strict_value_below_the_value():
    """Only a tie makes c0 a best answer; c1 is strictly best elsewhere and worth less."""
    game = bimatrix(np.array([[[5.0, 1.0], [0.0, 1.0]], [[1.0, 0.0], [2.0, 1.0]]]))
    found, _ = judged(game)
    assert found.payoffs[0, 0] == pytest.approx(5.0, abs=1e-12)
    assert found.strict_value[0] == pytest.approx(2.0, abs=1e-9)


def test_security_game_is_exact():
    tree = TreeBuilder("Ld", "Ch")
    rewards, penalties, losses = [[4, 2, 1], [1, 3, 4]], [[-2, -2, -2], [-1, -3, -2]], [-5, -3, -4]

    def attack(kind: int, guarded: int):
        ends = {
            f"t{j}": tree.terminal(0, penalties[kind][j])
            if j == guarded
            else tree.terminal(losses[j], rewards[kind][j])
            for j in range(3)
        }
        return tree.decision("Ch", f"T{kind}", {**ends, "none": tree.terminal(0, 0)})

    def guard(kind: int):
        return tree.decision("Ld", "Ld", {f"d{i}": attack(kind, i) for i in range(3)})

    game = tree.build(tree.chance({"type0": (0.6, guard(0)), "type1": (0.4, guard(1))}))
    found, certificate = judged(game)
    assert found.payoffs[0, 0] == pytest.approx(-39 / 16, abs=1e-12)
    assert found.bound[0] == pytest.approx(-39 / 16, abs=1e-9)
    rule = found.strategy[0, game.shape.action_start[0] : game.shape.action_start[1]]
    assert rule == pytest.approx([11 / 24, 3 / 16, 17 / 48], abs=1e-12)
    assert certificate.kinds == ("optimal",)


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_huge_and_tiny_payoffs(scale):
    game = inspection()
    numbers = GameNumbers(game.numbers.payoff * scale, game.numbers.chance)
    found = optimal_mixed_commitment(game.shape, numbers, 0)
    assert found.payoffs[0, 0] / scale == pytest.approx(-0.2 / 3, abs=1e-9)


def test_a_batch_is_its_draws_one_by_one():
    rng = np.random.default_rng(8)
    draws = 60
    payoff = np.stack([inspection(*values).numbers.payoff[0] for values in rng.uniform(0.1, 0.9, (draws, 3))])
    shape = inspection().shape
    numbers = GameNumbers(payoff, np.zeros((draws, 0)))
    batch = optimal_mixed_commitment(shape, numbers, 0)
    for row in range(draws):
        alone = optimal_mixed_commitment(shape, numbers.take(slice(row, row + 1)), 0)
        assert batch.strategy[row] == pytest.approx(alone.strategy[0], abs=1e-12)
        assert batch.bound[row] == pytest.approx(alone.bound[0], abs=1e-9)


def test_a_draw_without_numbers_does_not_stop_the_others():
    game = inspection()
    payoff = np.repeat(game.numbers.payoff, 3, axis=0)
    payoff[1, 0, 0] = np.nan
    found = optimal_mixed_commitment(game.shape, GameNumbers(payoff, np.zeros((3, 0))), 0)
    assert found.status.tolist() == [Status.converged, Status.not_finite, Status.converged]
    assert found.payoffs[[0, 2], 0] == pytest.approx(-0.2 / 3, abs=1e-12)


def test_a_leader_alone_does_what_it_likes_best():
    tree = TreeBuilder("L", "F")
    late = tree.decision("L", "late", {"x": tree.terminal(1, 0), "y": tree.terminal(2, 0)})
    game = tree.build(tree.decision("L", "early", {"on": late, "off": tree.terminal(1.5, 0)}))
    found, certificate = judged(game)
    assert found.payoffs[0, 0] == pytest.approx(2.0, abs=1e-12)
    assert certificate.kinds == ("optimal",)


def test_a_leader_without_moves_watches():
    tree = TreeBuilder("L", "F")
    game = tree.build(tree.decision("F", "F", {"a": tree.terminal(1, 1), "b": tree.terminal(3, 1)}))
    found, certificate = judged(game)
    assert found.payoffs[0, 0] == pytest.approx(3.0, abs=1e-12)  # the tie goes its way
    assert np.isnan(found.strict_value[0])
    assert certificate.favors[0]


def test_stopping_is_said():
    game = inspection()
    found = optimal_mixed_commitment(game.shape, game.numbers, 0, stop=lambda: True)
    assert found.status[0] == Status.cancelled
    spent = optimal_mixed_commitment(game.shape, game.numbers, 0, time_budget=0.0)
    assert spent.status[0] == Status.cancelled
    scale = payoff_range(game.numbers)
    certificate = certify_commitment(found.game, game.numbers, found.strategy, 0, found.bound, scale)
    assert certificate.kinds == ("answered",)


def observed_followers(second_cares: bool) -> BuiltGame:
    """The leader picks; two followers answer unseen by one another."""
    tree = TreeBuilder("L", "A", "B")

    def end(lead: int, a: int, b: int):
        return tree.terminal(2.0 * a - b + lead, a * (2 * lead - 1), b * (1 - 2 * lead) + 0.5 * second_cares * a * b)

    def second(lead: int, a: int):
        return tree.decision("B", "B", {f"b{b}": end(lead, a, b) for b in (0, 1)})

    def first(lead: int):
        return tree.decision("A", "A", {f"a{a}": second(lead, a) for a in (0, 1)})

    return tree.build(tree.decision("L", "L", {f"l{lead}": first(lead) for lead in (0, 1)}))


def test_several_followers_that_do_not_care_about_one_another():
    found, certificate = judged(observed_followers(False))
    assert found.payoffs[0, 0] == pytest.approx(3.0, abs=1e-12)  # l1: a1 and b0
    assert certificate.kinds == ("optimal",)


def test_followers_in_a_game_of_their_own_are_refused():
    game = observed_followers(True)
    with pytest.raises(UnsupportedError, match="B once the rule is known depends on what A"):
        optimal_mixed_commitment(game.shape, game.numbers, 0)


def test_too_many_plans_are_refused_with_their_number():
    tree = TreeBuilder("L", "F")

    def late(lead: int, depth: int, path: str):
        if depth == 0:
            return tree.terminal(lead, -lead)
        after = {
            move: tree.chance({side: (0.5, late(lead, depth - 1, path + move + side)) for side in "lr"})
            for move in ("x", "y")
        }
        return tree.decision("F", f"F{path}", after)

    game = tree.build(tree.decision("L", "L", {"u": late(0, 4, ""), "v": late(1, 4, "")}))
    with pytest.raises(UnsupportedError, match="about 32,768 plans"):
        optimal_mixed_commitment(game.shape, game.numbers, 0)


def test_unknown_leader_is_refused():
    game = inspection()
    with pytest.raises(RequestError, match="there are 2"):
        optimal_mixed_commitment(game.shape, game.numbers, 2)


def test_why_not_names_a_free_move():
    game = two_steps()
    assert "L also moves" in why_not(game.shape, 0, [game.infoset("L1")], game.numbers)
    every = np.flatnonzero(game.shape.infoset_player == 0)
    assert why_not(game.shape, 0, every, game.numbers) == ""


def two_steps() -> BuiltGame:
    """The leader moves before and after the follower."""
    tree = TreeBuilder("L", "F")

    def last(first: str, move: str):
        ends = {name: tree.terminal(len(first) - 2 * (move == "in"), len(name)) for name in ("fight", "yield")}
        return tree.decision("L", f"L2 {first} {move}", ends)

    def move(first: str):
        return tree.decision("F", "F", {name: last(first, name) for name in ("in", "out")})

    return tree.build(tree.decision("L", "L1", {first: move(first) for first in ("loud", "low")}))


def test_a_threat_is_as_large_as_needed():
    """Entry against a published chance of a fight: fight just often enough that staying out is as good."""
    tree = TreeBuilder("L", "F")
    reply = tree.decision("L", "reply", {"fight": tree.terminal(-2, -1), "yield": tree.terminal(0, 2)})
    game = tree.build(tree.decision("F", "entry", {"in": reply, "out": tree.terminal(3, 0)}))
    found, certificate = judged(game)
    assert found.payoffs[0] == pytest.approx([3.0, 0.0], abs=1e-12)
    fight = found.strategy[0, game.action("reply", "fight")]
    assert fight >= 2 / 3 - 1e-12
    assert found.strict_value[0] == pytest.approx(3.0, abs=1e-9)
    assert certificate.kinds == ("optimal",)


def test_certificate_refuses_a_follower_who_could_do_better():
    game = inspection()
    found = optimal_mixed_commitment(game.shape, game.numbers, 0)
    strategy = found.strategy.copy()
    strategy[0, :2] = [0.1, 0.9]  # too lax: violating now pays
    certificate = certify_commitment(found.game, game.numbers, strategy, 0, found.bound, np.ones((1, 2)))
    assert certificate.kinds == ("unsettled",)
    assert certificate.play.regret[0] == pytest.approx(0.9 - 0.1 * 2, abs=1e-12)


def test_certificate_refuses_a_rule_below_the_bound():
    game = inspection()
    found = optimal_mixed_commitment(game.shape, game.numbers, 0)
    strategy = found.strategy.copy()
    strategy[0, :2] = [0.6, 0.4]  # deters, but costs more than it must
    certificate = certify_commitment(found.game, game.numbers, strategy, 0, found.bound, np.ones((1, 2)))
    assert certificate.kinds == ("answered",)
    assert certificate.gap[0] == pytest.approx(0.6 * 0.2 - 0.2 / 3, abs=1e-9)


def test_judgment_of_the_leader_counts_for_it_alone():
    """Chance is a coin to the follower; the leader knows better and commits accordingly."""
    tree = TreeBuilder("L", "F")

    def move(state: str):
        ends = {"go": tree.terminal(1 if state == "good" else -1, 1), "stay": tree.terminal(0, 0)}
        return tree.decision("L", "L", {"ask": tree.decision("F", "F", ends), "rest": tree.terminal(-0.1, 0)})

    game = tree.build(tree.chance({"good": (0.5, move("good")), "bad": (0.5, move("bad"))}))
    knowing = GameNumbers(game.numbers.payoff, game.numbers.chance, np.array([[0.3, 0.7]]))
    found = optimal_mixed_commitment(game.shape, knowing, 0)
    assert found.payoffs[0, 0] == pytest.approx(-0.1, abs=1e-12)
    plain = optimal_mixed_commitment(game.shape, game.numbers, 0)
    assert plain.payoffs[0, 0] == pytest.approx(0.0, abs=1e-12)
