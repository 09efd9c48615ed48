"""Gambit judges reached sets; where it judges, it must agree."""

import numpy as np
import pytest

from detente.game import Assessment, action_values, bayes_beliefs, certify, expected_payoffs
from game.gambit_games import gambit_profile
from game.random_games import random_game, random_profile

gambit = pytest.importorskip("pygambit")


@pytest.mark.parametrize("zeros", [0.0, 0.4])
@pytest.mark.parametrize("seed", range(5))
def test_regrets_beliefs_and_payoffs_agree(seed: int, zeros: float):
    rng = np.random.default_rng(seed)
    game = random_game(rng, num_nodes=26, num_players=2 + seed % 2, merge=0.8, draws=2)
    shape, numbers = game.shape, game.numbers
    strategy = random_profile(rng, shape, 2, zeros)
    belief = bayes_beliefs(shape, numbers.chance, strategy)
    unit = np.ones((2, shape.num_players))
    certificate = certify(shape, numbers, Assessment(strategy, belief), unit, best_response=True)
    values = action_values(shape, numbers, Assessment(strategy, belief))
    payoffs = expected_payoffs(shape, numbers, strategy)
    assert certificate.best_response_gain is not None
    for draw in range(2):
        profile = gambit_profile(gambit, game, strategy, draw)
        assert certificate.on_path_regret[draw] == pytest.approx(float(profile.agent_max_regret()), abs=1e-10)
        assert certificate.best_response_gain[draw].max() == pytest.approx(float(profile.max_regret()), abs=1e-10)
        for number, player in enumerate(profile.game.players):
            assert payoffs[draw, number] == pytest.approx(float(profile.payoff(player)), abs=1e-12)
            for infoset in player.infosets:
                for action in infoset.actions:
                    value = values[draw, int(action.label)]
                    if not np.isnan(value) and float(profile.infoset_prob(infoset)) > 0:
                        assert value == pytest.approx(float(profile.action_value(action)), abs=1e-10)
