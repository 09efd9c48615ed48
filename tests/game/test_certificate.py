from collections import Counter
from itertools import product

import numpy as np
import pytest

from detente.game import (
    BACKWARD_INDUCTION,
    NASH,
    SEQUENTIAL,
    UNSETTLED,
    Assessment,
    BuiltGame,
    GameNumbers,
    TreeBuilder,
    bayes_beliefs,
    certify,
)
from game.brute_force import SlowGame
from game.known_games import entry_deterrence, selten_horse, twin_tremble, two_types
from game.random_games import payoff_range, random_game, random_profile
from game.trembles import random_consistent, tremble_witness


def judged(game: BuiltGame, assessment: Assessment, **settings):
    return certify(game.shape, game.numbers, assessment, payoff_range(game.numbers), **settings)


def with_bayes(game: BuiltGame, strategy: np.ndarray) -> Assessment:
    return Assessment(strategy, bayes_beliefs(game.shape, game.numbers.chance, strategy))


def with_trembles(game: BuiltGame, play: dict, orders: dict[tuple[str, str], int] | None = None) -> Assessment:
    """A pure profile; actions not played have order 1 unless said otherwise."""
    strategy = game.profile(play)[0]
    order = np.where(strategy > 0, 0, 1)
    for (infoset, action), power in (orders or {}).items():
        order[game.action(infoset, action)] = power
    size = np.where(strategy > 0, strategy, 1.0)
    belief = SlowGame(game).limit_beliefs(order.tolist(), size.tolist())
    return Assessment(strategy[None], np.array([belief]), tremble_witness(order, size))


def integer_game(rng: np.random.Generator, num_nodes: int = 14) -> BuiltGame:
    """A small random game with payoffs 0, 1 and 2, so that equilibria in pure strategies are common."""
    game = random_game(rng, num_nodes=num_nodes, num_players=2, merge=0.8, max_width=2)
    payoff = rng.integers(0, 3, game.numbers.payoff.shape).astype(float)
    return BuiltGame(game.shape, GameNumbers(payoff, game.numbers.chance), game.labels, game.edge_label, game.outcome)


# ------------------------------------------------------------------ against brute force


@pytest.mark.parametrize("seed", range(8))
def test_regret_agrees_with_plain_recursion_at_every_set(seed: int):
    rng = np.random.default_rng(seed)
    game = random_game(rng, num_nodes=40, num_players=3, merge=0.8)
    assessment = random_consistent(rng, game)
    scale = payoff_range(game.numbers)
    certificate = certify(game.shape, game.numbers, assessment, scale)
    slow, play, belief = SlowGame(game), assessment.strategy[0].tolist(), assessment.belief[0].tolist()
    regret = np.array(
        [slow.one_shot_regret(i, play, belief) / scale[0, slow.player[i]] for i in range(game.shape.num_infosets)]
    )
    reached = [sum(slow.reach(h, play) for h in members) > 0 for members in slow.members]
    assert not all(reached)
    assert certificate.regret[0] == pytest.approx(regret.max(), abs=1e-12)
    assert regret[certificate.worst_infoset[0]] == pytest.approx(regret.max(), abs=1e-12)
    assert certificate.on_path_regret[0] == pytest.approx(regret[reached].max(initial=0), abs=1e-12)
    assert certificate.belief_residual[0] < 1e-14
    assert certificate.witness_distance[0] < 1e-10


def test_sequential_means_that_no_continuation_strategy_gains_anywhere():
    """Every pure profile of small games, with random trembles, against every continuation strategy."""
    rng = np.random.default_rng(0)
    found: Counter[bool] = Counter()
    for _ in range(25):
        game = integer_game(rng)
        slow = SlowGame(game)
        for choice in product(*slow.actions):
            support = np.zeros(game.shape.num_actions, dtype=bool)
            support[list(choice)] = True
            assessment = random_consistent(rng, game, support)
            play, belief = assessment.strategy[0].tolist(), assessment.belief[0].tolist()
            gain = max(slow.continuation_regret(i, play, belief) for i in range(len(slow.members)))
            certificate = judged(game, assessment)
            assert certificate.certified[0] == (gain <= 1e-9)
            found[bool(certificate.certified[0])] += 1
    assert min(found[True], found[False]) > 20


def test_nash_means_that_no_whole_strategy_gains():
    rng = np.random.default_rng(1)
    found: Counter[str] = Counter()
    for _ in range(25):
        game = integer_game(rng)
        slow = SlowGame(game)
        profiles = [np.isin(np.arange(game.shape.num_actions), c).astype(float) for c in product(*slow.actions)]
        for strategy in profiles:
            play = strategy.tolist()
            gain = max(slow.best_response(p, play) - slow.value(0, play, p) for p in range(2))
            certificate = judged(game, with_bayes(game, strategy[None]))
            assert (certificate.kinds[0] != UNSETTLED) == (gain <= 1e-9)
            found[certificate.kinds[0]] += 1
    assert found[NASH] > 20
    assert found[UNSETTLED] > 20


# ------------------------------------------------------------------ examples


def test_an_incredible_threat_is_nash_and_no_more():
    game = entry_deterrence()
    certificate = judged(game, with_trembles(game, {"enter": "out", "answer": "fight"}))
    assert certificate.kinds == (NASH,)
    assert certificate.on_path_regret[0] == 0
    assert certificate.regret[0] == pytest.approx(2 / 3)  # 2 of the incumbent's range of 3
    assert certificate.worst_infoset[0] == game.infoset("answer")
    assert not certificate.certified[0]


def test_the_credible_answer_is_certified_by_backward_induction():
    game = entry_deterrence()
    certificate = judged(game, with_bayes(game, game.profile({"enter": "in", "answer": "share"})))
    assert certificate.kinds == (BACKWARD_INDUCTION,)
    assert certificate.counts() == {BACKWARD_INDUCTION: 1}
    assert certificate.best_response_gain is None


def test_the_horse_has_one_sequential_and_one_merely_nash_equilibrium():
    game = selten_horse()
    good = with_trembles(game, {"first": "across", "second": "across", "third": "right"}, {("first", "down"): 2})
    bad = with_trembles(game, {"first": "down", "second": "across", "third": "left"})
    assert judged(game, good).kinds == (SEQUENTIAL,)
    assert judged(game, bad).kinds == (NASH,)


def test_beer_and_quiche_pools_with_the_right_trembles_only():
    game = two_types(0.9)
    play = {"strong": "beer", "weak": "beer", "beer": "leave", "quiche": "duel"}
    weak_errs = with_trembles(game, play, {("strong", "quiche"): 2})
    strong_errs = with_trembles(game, play, {("weak", "quiche"): 2})
    assert judged(game, weak_errs).kinds == (SEQUENTIAL,)
    assert judged(game, strong_errs).kinds == (NASH,)


def test_beliefs_without_a_witness_are_not_sequential():
    game = twin_tremble()
    honest = with_trembles(game, {"go": "stop", "guess": "tails"})
    assert judged(game, honest).kinds == (SEQUENTIAL,)
    strategy = game.profile({"go": "stop", "guess": "heads"})
    belief = np.nan_to_num(bayes_beliefs(game.shape, game.numbers.chance, strategy))
    belief[0, game.shape.members[game.infoset("guess")]] = [0.9, 0.1]
    invented = judged(game, Assessment(strategy, belief, honest.witness))
    assert invented.regret[0] == 0
    assert invented.witness_distance[0] > 0.3
    assert invented.kinds == (NASH,)
    assert judged(game, Assessment(strategy, belief)).witness_distance[0] == np.inf


def test_undefined_beliefs_off_the_path_leave_nash():
    game = twin_tremble()
    certificate = judged(game, with_bayes(game, game.profile({"go": "stop", "guess": "tails"})))
    assert certificate.kinds == (NASH,)
    assert certificate.regret[0] == np.inf
    assert certificate.on_path_regret[0] == 0


def test_a_gain_from_two_deviations_in_a_row_is_not_nash():
    """Going on pays only if the next own move changes as well; the one-shot regret on the path is zero."""
    tree = TreeBuilder("1", "2")
    later = tree.decision("1", "later", {"bad": tree.terminal(-1.0, 0.0), "good": tree.terminal(1.0, 0.0)})
    between = tree.decision("2", "between", {"pass": later, "end": tree.terminal(-1.0, -1.0)})
    game = tree.build(tree.decision("1", "now", {"stop": tree.terminal(0.0, 0.0), "on": between}))
    certificate = judged(game, with_bayes(game, game.profile({"now": "stop", "later": "bad", "between": "pass"})))
    assert certificate.on_path_regret[0] == 0
    assert certificate.kinds == (UNSETTLED,)
    assert certificate.best_response_gain is not None
    assert certificate.best_response_gain[0, 0] == pytest.approx(0.5)


def test_where_every_set_is_reached_no_witness_is_needed():
    game = two_types(0.9)
    strategy = game.profile({"strong": "beer", "weak": "beer", "beer": "leave", "quiche": "duel"})
    strategy[0, [game.action("strong", "beer"), game.action("strong", "quiche")]] = [0.5, 0.5]
    certificate = judged(game, with_bayes(game, strategy))
    assert certificate.witness_distance[0] == 0
    assert certificate.kinds == (UNSETTLED,)
    assert np.isfinite(certificate.regret[0])


# ------------------------------------------------------------------ bad input is data


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda s: s * 0.999, id="sums below one"),
        pytest.param(lambda s: np.where(s == 0, -1e-6, s), id="negative"),
        pytest.param(lambda s: s * np.nan, id="not a number"),
        pytest.param(lambda s: np.where(s > 0, np.inf, s), id="infinite"),
    ],
)
def test_what_is_not_a_strategy_is_unsettled(spoil):
    game = selten_horse()
    good = with_trembles(game, {"first": "across", "second": "across", "third": "right"}, {("first", "down"): 2})
    certificate = judged(game, Assessment(spoil(good.strategy), good.belief, good.witness), best_response=True)
    assert certificate.kinds == (UNSETTLED,)
    assert certificate.regret[0] == certificate.belief_residual[0] == np.inf
    assert certificate.best_response_gain is not None
    assert np.isnan(certificate.best_response_gain).all()


@pytest.mark.parametrize("belief", [[0.3, 0.3], [-0.1, 1.1], [np.nan, 1.0], [np.inf, 0.0]])
def test_what_is_not_a_belief_is_not_sequential(belief: list[float]):
    game = selten_horse()
    good = with_trembles(game, {"first": "across", "second": "across", "third": "right"}, {("first", "down"): 2})
    beliefs = good.belief.copy()
    beliefs[0, game.shape.members[game.infoset("third")]] = belief
    certificate = judged(game, Assessment(good.strategy, beliefs, good.witness))
    assert certificate.kinds == (NASH,)
    assert certificate.regret[0] == np.inf


def test_a_wrong_belief_on_the_path_is_a_residual():
    game = two_types(0.9)
    good = with_trembles(
        game, {"strong": "beer", "weak": "beer", "beer": "leave", "quiche": "duel"}, {("strong", "quiche"): 2}
    )
    beliefs = good.belief.copy()
    beliefs[0, game.shape.members[game.infoset("beer")]] = [0.8, 0.2]
    certificate = judged(game, Assessment(good.strategy, beliefs, good.witness))
    assert certificate.belief_residual[0] == pytest.approx(0.1)
    assert certificate.kinds == (UNSETTLED,)


@pytest.mark.parametrize("flaw", ["two levels", "precision falls", "no full support", "not a number", "far away"])
def test_a_flawed_witness_is_refused(flaw: str):
    game = selten_horse()
    good = with_trembles(game, {"first": "across", "second": "across", "third": "right"}, {("first", "down"): 2})
    order = np.where(good.strategy[0] > 0, 0, 1)
    witness = good.witness
    assert witness is not None
    logs = witness.log_strategy.copy()
    if flaw == "two levels":
        witness = type(witness)(witness.precision[:2], logs[:2])
    elif flaw == "precision falls":
        witness = type(witness)(witness.precision[::-1], logs)
    elif flaw == "far away":
        witness = tremble_witness(order, np.ones(len(order)), (1, 2, 3))
    else:
        logs[0, 0, 1] = -np.inf if flaw == "no full support" else np.nan
        witness = type(witness)(witness.precision, logs)
    certificate = judged(game, Assessment(good.strategy, good.belief, witness))
    assert certificate.kinds == (NASH,)
    assert certificate.witness_distance[0] > 1e-6
    assert (certificate.witness_distance[0] == np.inf) == (flaw != "far away")


def test_one_bad_draw_harms_no_other():
    game = entry_deterrence()
    payoff = np.repeat(game.numbers.payoff, 3, axis=0)
    payoff[1, 0, 0] = np.nan
    numbers = GameNumbers(payoff, np.empty((3, 0)))
    strategy = np.repeat(game.profile({"enter": "in", "answer": "share"}), 3, axis=0)
    strategy[2, 0] = np.nan
    belief = np.repeat((game.shape.infoset >= 0)[None].astype(float), 3, axis=0)
    certificate = certify(game.shape, numbers, Assessment(strategy, belief), np.full((3, 2), 3.0), best_response=True)
    assert certificate.kinds == (BACKWARD_INDUCTION, UNSETTLED, UNSETTLED)


# ------------------------------------------------------------------ zero-probability chance and tiny reach


def test_belief_in_what_chance_excludes_is_refused():
    game = two_types(prior=1.0)
    play = {"strong": "beer", "weak": "quiche", "beer": "leave", "quiche": "leave"}
    good = with_trembles(game, play)
    quiche = game.shape.members[game.infoset("quiche")]
    assert good.belief[0, quiche].tolist() == [1.0, 0.0]
    assert judged(game, good).kinds == (SEQUENTIAL,)
    beliefs = good.belief.copy()
    beliefs[0, quiche] = [0.5, 0.5]
    certificate = judged(game, Assessment(good.strategy, beliefs, good.witness))
    assert certificate.kinds == (NASH,)
    assert certificate.regret[0] == np.inf


def _rarely(strong: float, weak: float) -> tuple[BuiltGame, np.ndarray]:
    """Half-and-half types that have quiche with the given tiny probabilities."""
    game = two_types(0.5)
    strategy = game.profile({"strong": "beer", "weak": "beer", "beer": "leave", "quiche": "duel"})
    strategy[0, game.action("strong", "quiche")] = strong
    strategy[0, game.action("weak", "quiche")] = weak
    return game, strategy


def test_bayes_rule_binds_however_small_the_reach():
    game, strategy = _rarely(3e-300, 1e-300)
    quiche = game.shape.members[game.infoset("quiche")]
    right = with_bayes(game, strategy)
    np.testing.assert_allclose(right.belief[0, quiche], [0.75, 0.25], atol=1e-12)
    wrong = right.belief.copy()
    wrong[0, quiche] = [0.25, 0.75]
    assert judged(game, right).belief_residual[0] < 1e-14
    assert judged(game, Assessment(strategy, wrong)).belief_residual[0] == pytest.approx(0.5)


def test_probabilities_that_have_lost_their_digits_need_a_witness():
    game, strategy = _rarely(1e-323, 5e-324)
    beliefs = with_bayes(game, strategy).belief
    beliefs[0, game.shape.members[game.infoset("quiche")]] = [0.6, 0.4]
    certificate = judged(game, Assessment(strategy, beliefs))
    assert certificate.belief_residual[0] == 0
    assert certificate.witness_distance[0] == np.inf


def test_a_product_of_probabilities_below_the_smallest_double_is_still_reached():
    tree = TreeBuilder("1", "2")
    deep = {
        name: tree.decision("2", "last", {"x": tree.terminal(0, x), "y": tree.terminal(0, 1 - x)})
        for name, x in (("a", 1), ("b", 0))
    }
    first = tree.decision("1", "one", {"stop": tree.terminal(0, 0), "go": tree.decision("1", "two", deep)})
    game = tree.build(first)
    strategy = np.zeros((1, game.shape.num_actions))
    for (infoset, label), p in {
        ("one", "stop"): 1.0, ("one", "go"): 1e-200, ("two", "a"): 1.0, ("two", "b"): 1e-200,
        ("last", "x"): 1.0, ("last", "y"): 0.0,
    }.items():  # fmt: skip
        strategy[0, game.action(infoset, label)] = p
    certificate = judged(game, with_bayes(game, strategy))
    assert certificate.belief_residual[0] == 0
    assert certificate.kinds == (SEQUENTIAL,)


# ------------------------------------------------------------------ scale, chunks, edges


def test_a_high_level_of_payoffs_does_not_drown_regrets():
    game = entry_deterrence()
    numbers = GameNumbers(game.numbers.payoff + 2.0**30, game.numbers.chance)
    threat = with_trembles(game, {"enter": "out", "answer": "fight"})
    certificate = certify(game.shape, numbers, threat, payoff_range(numbers))
    assert certificate.regret[0] == pytest.approx(2 / 3, abs=1e-12)


def test_a_player_who_gets_the_same_everywhere_regrets_nothing():
    game = entry_deterrence()
    numbers = GameNumbers(np.full_like(game.numbers.payoff, 0.1), game.numbers.chance)
    strategy = np.full((1, 4), 0.5)
    certificate = certify(game.shape, numbers, with_bayes(game, strategy), np.zeros((1, 2)))
    assert certificate.regret[0] == 0
    assert certificate.kinds == (BACKWARD_INDUCTION,)


def test_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch):
    rng = np.random.default_rng(2)
    game = random_game(rng, num_nodes=60, num_players=3, merge=0.9, draws=9)
    strategy = random_profile(rng, game.shape, 9, zeros=0.3)
    assessment = with_bayes(game, strategy)
    whole = judged(game, assessment, best_response=True)
    monkeypatch.setattr("detente.game.sweep.MAX_CHUNK", 2)
    parts = judged(game, assessment, best_response=True)
    for name in ("regret", "on_path_regret", "belief_residual", "witness_distance", "best_response_gain"):
        np.testing.assert_allclose(getattr(whole, name), getattr(parts, name), atol=1e-14)
    assert whole.kinds == parts.kinds


def test_no_draws_give_an_empty_certificate():
    game = selten_horse()
    good = with_trembles(game, {"first": "across", "second": "across", "third": "right"})
    none = slice(0, 0)
    certificate = certify(game.shape, game.numbers.take(none), good.take(none), np.empty((0, 3)))
    assert certificate.kinds == ()
    assert len(certificate.certified) == 0


def test_a_game_without_decisions_is_settled():
    tree = TreeBuilder("1")
    game = tree.build(tree.chance({"a": (0.5, tree.terminal(0.0)), "b": (0.5, tree.terminal(1.0))}))
    certificate = judged(game, Assessment(np.empty((1, 0)), np.zeros((1, 3))), best_response=True)
    assert certificate.certified[0]
    assert certificate.worst_infoset[0] == -1
