"""Equal payoffs noted: less work for solvers, the same equilibrium."""

from __future__ import annotations

import numpy as np

from detente.game import TreeBuilder, certify, expected_payoffs, share_equal_numbers
from detente.solvers import solve_logit
from detente.solvers.plan import make_plan


def hidden_cost():
    """The attacker's payoff does not depend on the defender's type, so its last move needs no belief."""
    rng = np.random.default_rng(7)
    worth, cost, price = (rng.uniform(0.2, 1.0, 6) for _ in range(3))
    tree = TreeBuilder("A", "D")
    branches = {}
    for k, kind in enumerate(("firm", "weak")):
        last = {
            answer: tree.decision(
                "A",
                f"last {answer}",
                {
                    "go": tree.terminal(worth - cost * (answer == "fight"), -price * (k + 1)),
                    "stop": tree.terminal(0.1, -0.2 * (answer == "fight") * (k + 1)),
                },
            )
            for answer in ("fight", "yield")
        }
        branches[kind] = (0.5, tree.decision("D", f"answer {kind}", last))
    return tree.build(tree.chance(branches))


def test_equal_payoffs_leave_fewer_unknowns_and_the_same_equilibrium():
    game = hidden_cost()
    scale = np.ptp(game.numbers.payoff, axis=1)
    shape = share_equal_numbers(game.shape, game.numbers)
    assert make_plan(shape).num_unknowns < make_plan(game.shape).num_unknowns
    plain, shared = (solve_logit(item, game.numbers, scale) for item in (game.shape, shape))
    assert certify(game.shape, game.numbers, shared.assessment, scale).certified.all()
    values = [expected_payoffs(game.shape, game.numbers, item.assessment.strategy) for item in (plain, shared)]
    np.testing.assert_allclose(values[0], values[1], atol=1e-9)


def test_payoffs_that_differ_in_one_draw_are_not_equal():
    game = hidden_cost()
    payoff = game.numbers.payoff.copy()
    payoff[3, 0, 0] += 1e-12
    shape = share_equal_numbers(game.shape, game.numbers)
    moved = share_equal_numbers(game.shape, type(game.numbers)(payoff, game.numbers.chance))
    assert shape.payoff_class is not None
    assert moved.payoff_class is not None
    assert len(np.unique(moved.payoff_class[:, 0])) == len(np.unique(shape.payoff_class[:, 0])) + 1
