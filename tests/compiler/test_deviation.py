"""Breaking a commitment: the same posture compiled with its owner free."""

from __future__ import annotations

import numpy as np
import pytest

from compiler.case_text import DETERRENCE, small_case
from detente.compiler import UNMATCHED, action_names, carry_strategy, compile_posture, match_actions, pure_rules
from detente.game import best_response_values, expected_payoffs

POSTURES = """
    threat:
      commit:
        respond: severe
    odds:
      commit:
        respond:
          severe: q
          protest: rest
    by_type:
      commit:
        respond:
          by: [USA.resolve]
          table:
            firm: severe
            limited: protest
    best:
      commit:
        respond: optimal
    """


@pytest.mark.parametrize("name", ["threat", "odds", "by_type", "best"])
def test_play_is_the_same_when_nobody_deviates(name):
    case = small_case(**DETERRENCE, postures=POSTURES)
    rule = pure_rules(case, name)[1] if name == "best" else None
    kept = compile_posture(case, name, rule=rule)
    free = compile_posture(case, name, rule=rule, free_owner=True)
    assert free.open_decisions == ()
    theta = np.random.default_rng(3).uniform(0.1, 0.9, (4, len(case.parameters)))
    strategy = np.tile([0.25, 0.75], (4, 1))
    carried = carry_strategy(kept, free, theta, strategy)
    assert not np.isnan(carried).any()
    before = expected_payoffs(kept.shape, kept.numbers(theta), strategy)
    after = expected_payoffs(free.shape, free.numbers(theta), carried)
    np.testing.assert_allclose(before, after, rtol=0, atol=1e-12)


def test_gain_from_breaking_a_threat():
    case = small_case(**DETERRENCE, postures=POSTURES, relief=0.5)
    kept, free = compile_posture(case, "by_type"), compile_posture(case, "by_type", free_owner=True)
    theta = case.base_theta()[np.newaxis]
    carried = carry_strategy(kept, free, theta, np.array([[1.0, 0.0]]))
    numbers = free.numbers(theta)
    own = free.shape.players.index("USA")
    kept_value = expected_payoffs(free.shape, numbers, carried)[0, own]
    assert kept_value == pytest.approx(0.25 * 0.5 - 0.75 * 1.0)
    # nothing is gained: the firm type already gets 0.5 for the severe response
    assert best_response_values(free.shape, numbers, carried)[0, own] == pytest.approx(kept_value)


def test_what_only_a_breach_makes_visible_is_unmatched():
    timeline = """
        - decision: warn
          by: USA
          options: [loud, quiet]
        - decision: move
          by: RUS
          options: [go, stay]
        """
    case = small_case(timeline, postures="vocal:\n  commit:\n    warn: loud\n")
    kept, free = compile_posture(case, "vocal"), compile_posture(case, "vocal", free_owner=True)
    matched = match_actions(free, kept)
    names = action_names(free)
    assert {names[i] for i in range(len(names)) if matched[i] == UNMATCHED} == {
        ("USA", "warn", (), "loud"),
        ("USA", "warn", (), "quiet"),
        ("RUS", "move", (("warn", "quiet"),), "go"),
        ("RUS", "move", (("warn", "quiet"),), "stay"),
    }
    assert all(action_names(kept)[matched[i]] == names[i] for i in range(len(names)) if matched[i] != UNMATCHED)
    carried = carry_strategy(kept, free, case.base_theta(), np.array([[0.3, 0.7]]))
    by_name = dict(zip(names, carried[0].tolist(), strict=True))
    assert by_name["USA", "warn", (), "loud"] == 1.0
    assert by_name["RUS", "move", (("warn", "loud"),), "stay"] == 0.7
    assert np.isnan(by_name["RUS", "move", (("warn", "quiet"),), "go"])


def test_allow_still_holds_for_a_free_owner():
    timeline = DETERRENCE["timeline"].replace("[severe, protest]", "[severe, protest, talk]")
    postures = "narrow:\n  allow:\n    respond: [severe, protest]\n  commit:\n    move: hold\n"
    case = small_case(
        **{**DETERRENCE, "timeline": timeline}, postures=postures.replace("  commit:\n    move: hold\n", "")
    )
    free = compile_posture(case, "narrow", free_owner=True)
    assert {label.options for label in free.infoset_labels if label.decision == "respond"} == {("severe", "protest")}
