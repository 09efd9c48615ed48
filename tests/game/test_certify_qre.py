import numpy as np
import pytest

from detente.game import Assessment, BuiltGame, GameNumbers, TreeBuilder, action_values, beliefs_from_logs, certify_qre
from game.random_games import random_game


def logit_response(game: BuiltGame, log_strategy: np.ndarray, lam: np.ndarray) -> np.ndarray:
    """[draws, actions] logarithm of the logit response to a profile."""
    shape = game.shape
    belief = beliefs_from_logs(shape, game.numbers.chance, log_strategy)
    values = action_values(shape, game.numbers, Assessment(np.exp(log_strategy), belief))
    values *= lam[:, shape.infoset_player[shape.action_infoset]]
    for start, stop in zip(shape.action_start[:-1], shape.action_start[1:], strict=True):
        values[:, start:stop] -= np.log(np.exp(values[:, start:stop]).sum(axis=1, keepdims=True))
    return values


def quantal_response(game: BuiltGame, lam: np.ndarray, steps: int = 400) -> np.ndarray:
    """A fixed point of the damped logit response, by plain iteration."""
    shape = game.shape
    log_strategy = np.repeat(-np.log(np.diff(shape.action_start))[shape.action_infoset][None], len(lam), axis=0)
    for _ in range(steps):
        response = logit_response(game, log_strategy, lam)
        log_strategy = np.log(0.5 * np.exp(log_strategy) + 0.5 * np.exp(response))
    return log_strategy


@pytest.mark.parametrize("seed", range(4))
def test_a_fixed_point_of_the_logit_response_passes(seed: int):
    rng = np.random.default_rng(seed)
    game = random_game(rng, num_nodes=40, num_players=2, merge=0.8, draws=3)
    lam = rng.uniform(0.1, 0.6, (3, 2))
    logs = quantal_response(game, lam)
    assert certify_qre(game.shape, game.numbers, np.exp(logs), logs, lam).max() < 1e-10
    assert certify_qre(game.shape, game.numbers, np.exp(logs), logs, lam * 1.1).min() > 1e-4


def _choice() -> BuiltGame:
    tree = TreeBuilder("1")
    return tree.build(tree.decision("1", "only", {"a": tree.terminal(1.0), "b": tree.terminal(0.0)}))


def test_one_choice_has_its_closed_form_even_where_probabilities_underflow():
    game = _choice()
    lam = np.array([[0.0], [3.0], [5000.0]])
    numbers = GameNumbers(np.repeat(game.numbers.payoff, 3, axis=0) + 7.0, np.empty((3, 0)))
    logs = np.concatenate([-np.logaddexp(0, -lam), -lam - np.logaddexp(0, -lam)], axis=1)
    residual = certify_qre(game.shape, numbers, np.exp(logs), logs, lam)
    np.testing.assert_allclose(residual, 0, atol=1e-11)


def test_the_residual_is_the_missing_log_odds():
    game = _choice()
    logs = np.log([[0.5, 0.5]])
    assert certify_qre(game.shape, game.numbers, np.exp(logs), logs, np.array([[2.0]]))[0] == pytest.approx(2.0)


def test_logarithms_of_another_strategy_are_refused():
    game = _choice()
    logs = np.log([[0.5, 0.5]])
    residual = certify_qre(game.shape, game.numbers, np.array([[0.6, 0.4]]), logs, np.array([[0.0]]))
    assert residual[0] == np.inf


def test_a_zero_probability_is_never_a_quantal_response():
    game = _choice()
    with np.errstate(divide="ignore"):
        logs = np.log([[1.0, 0.0]])
    assert certify_qre(game.shape, game.numbers, np.exp(logs), logs, np.array([[2.0]]))[0] == np.inf
