"""Payoffs and probabilities of a compiled posture."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from compiler.case_text import DETERRENCE, LEAK, small_case
from detente.compiler import compile_posture, play_ranges
from detente.errors import RequestError

MOVE = "- decision: move\n  by: RUS\n  options: [go, stay]\n"
SUBJUGATION = """
    RUS.aim:
      big: p
      small: rest
    USA.resolve:
      firm: q
      limited: rest
    """


def at(case, **values: float) -> np.ndarray:
    theta = case.base_theta()
    for name, value in values.items():
        theta[case.parameter_index(name)] = value
    return theta


def test_payoffs_of_the_deterrence_game():
    case = small_case(**DETERRENCE)
    compiled = compile_posture(case, "open")
    numbers = compiled.numbers(case.base_theta())
    found = {
        (history["USA.resolve"], history["move"], history["respond"]): tuple(payoff)
        for history, payoff in zip(compiled.histories, numbers.payoff[0].tolist(), strict=True)
    }
    assert found == {
        ("firm", "hold", None): (0, 0, 0),
        ("limited", "hold", None): (0, 0, 0),
        ("firm", "assault", "severe"): (-2, 0.5, 0),
        ("firm", "assault", "protest"): (1, 0, 0),
        ("limited", "assault", "severe"): (-2, -1, 0),
        ("limited", "assault", "protest"): (1, -1, 0),
    }
    assert numbers.chance.tolist() == [[0.25, 0.75]]


def test_terms_are_shared_and_incident():
    case = small_case(**DETERRENCE)
    compiled = compile_posture(case, "open")
    assert [(compiled.shape.players[item.player], item.name, item.value.text) for item in compiled.terms] == [
        ("RUS", "prize", "gain"),
        ("RUS", "losses", "-cost"),
        ("USA", "lost", "-gain"),
        ("USA", "upheld", "q"),
    ]
    theta = np.stack([at(case, gain=1.5), at(case, q=0.75)])
    values = compiled.term_values(theta)
    assert values.tolist() == [[1.5, -2.0, -1.5, 0.5], [1.0, -2.0, -1.0, 0.75]]
    payoff = np.zeros((2, compiled.size.terminals, 3))
    for row, column in zip(compiled.term_rows, compiled.term_cols, strict=True):
        payoff[:, row, compiled.terms[column].player] += values[:, column]
    np.testing.assert_allclose(compiled.numbers(theta).payoff, payoff, rtol=0, atol=1e-15)


def test_posture_sets_parameters_from_the_cases_own():
    postures = "eager:\n  set:\n    p: q\n    q: p\n    gain: gain * q\n"
    case = small_case(**DETERRENCE, postures=postures)
    compiled = compile_posture(case, "eager")
    changed = compiled.theta(case.base_theta())
    assert changed[0].tolist() == [0.5, 0.25, 0.5, 2.0]
    assert compiled.numbers(case.base_theta()).chance.tolist() == [[0.5, 0.5]]


@pytest.mark.parametrize("weights", [(1 / 3, 1 / 3, 1 / 3), (1e-30, 1.0, 2.0), (1e300, 1e300, 3e299), (0.1, 0.2, 0.7)])
def test_probabilities_are_binary_fractions_that_sum_to_one(weights):
    types = "RUS.aim:\n  a: p\n  b: q\n  c: r\n"
    case = small_case(MOVE, types=types, r=1.0)
    chance = compile_posture(case, "open").numbers(at(case, p=weights[0], q=weights[1], r=weights[2])).chance[0]
    assert sum(Fraction(value) for value in chance.tolist()) == 1
    assert all(2**50 % Fraction(value).denominator == 0 for value in chance.tolist())
    assert (chance > 0).all()
    np.testing.assert_allclose(chance, np.array(weights) / sum(weights), rtol=0, atol=2e-15)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"p": -0.25}, "firm -0.25, limited 1.25, at p = -0.25"),
        ({"p": 1.5}, "firm 1.5, limited -0.5, at p = 1.5"),
        ({"p": np.nan}, "firm nan"),
        ({"p": np.inf}, "firm inf"),
    ],
)
def test_bad_prior_is_refused(values, told):
    case = small_case(**DETERRENCE)
    with pytest.raises(RequestError, match=f"the weights of 'USA.resolve' are not a distribution: {told}"):
        compile_posture(case, "open").numbers(at(case, **values))


def test_bad_event_row_is_named():
    case = small_case(
        """
        - decision: prepare
          by: USA
          options: [covert, idle]
        - event: leak
          options: [yes, no]
          given: [prepare]
          table:
            covert:
              yes: p
              no: rest
            idle:
              yes: q
              no: p
        """
    )
    compiled = compile_posture(case, "open")
    with pytest.raises(RequestError, match="the weights of 'leak' at prepare = idle are not a distribution"):
        compiled.numbers(at(case, p=0.0, q=0.0))


def test_rest_is_forgiven_a_rounding_error():
    types = "RUS.aim:\n  a: p\n  b: q\n  c: rest\n"
    case = small_case(MOVE, types=types)
    chance = compile_posture(case, "open").numbers(at(case, p=0.9, q=0.1 + 5e-17)).chance
    assert chance[0, 2] == 0.0


def test_payoff_that_is_not_finite_is_named():
    payoffs = "RUS:\n  - term: odd\n    value: log(p)\n"
    case = small_case(MOVE, payoffs=payoffs)
    with pytest.raises(RequestError, match=r"payoff term 'odd' of RUS, log\(p\), is not a finite number at p = -1"):
        compile_posture(case, "open").numbers(at(case, p=-1.0))


# --------------------------------------------------------------------------- beliefs set from outside


def test_belief_replaces_the_prior():
    case = small_case(MOVE, types=SUBJUGATION)
    compiled = compile_posture(case, "open")
    grid = np.array([[0.0, 1.0], [0.5, 0.5], [1.0, 0.0]])
    numbers = compiled.numbers(case.base_theta(), {"USA.resolve": grid})
    assert numbers.payoff.shape[0] == 3
    # big,firm  big,limited  small,firm  small,limited
    assert numbers.chance.tolist() == [[0, 0.25, 0, 0.75], [0.125, 0.125, 0.375, 0.375], [0.25, 0, 0.75, 0]]


def test_belief_keeps_the_others_conditional_in_a_joint_prior():
    joint = """
        - types: [RUS.aim, USA.resolve]
          weights:
            - [big, firm, p]
            - [big, limited, p]
            - [small, limited, q]
        """
    case = small_case(MOVE, types=SUBJUGATION, joint=joint)
    compiled = compile_posture(case, "open")
    base = compiled.numbers(case.base_theta()).chance
    assert base.tolist() == [[0.25, 0.25, 0.5]]
    tilted = compiled.numbers(case.base_theta(), {"USA.resolve": np.array([0.5, 0.5])}).chance
    np.testing.assert_allclose(tilted, [[0.5, 0.5 / 3, 1 / 3]], rtol=0, atol=1e-15)
    with pytest.raises(RequestError, match=r"a belief about USA.resolve must give each of firm, limited"):
        compiled.numbers(case.base_theta(), {"USA.resolve": np.array([0.5, 0.6])})


def test_belief_in_what_the_joint_prior_rules_out():
    joint = """
        - types: [RUS.aim, USA.resolve]
          weights:
            - [big, firm, p]
            - [small, firm, q]
        """
    case = small_case(MOVE, types=SUBJUGATION, joint=joint)
    with pytest.raises(RequestError, match=r"no probability can be given to USA.resolve = limited"):
        compile_posture(case, "open").numbers(case.base_theta(), {"USA.resolve": np.array([0.5, 0.5])})


def test_belief_in_what_the_posture_rules_out():
    case = small_case(MOVE, types="USA.resolve:\n  firm: p\n  limited: rest\n", postures="sure:\n  set:\n    p: 0\n")
    compiled = compile_posture(case, "sure")
    assert compiled.size.nodes == 3  # one profile is left: no chance node
    with pytest.raises(RequestError, match="rules out"):
        compiled.numbers(case.base_theta(), {"USA.resolve": np.array([0.5, 0.5])})


def test_judgment_of_the_owner():
    types = """
        USA.resolve:
          prior:
            firm: p
            limited: rest
          as_judged_by_owner:
            firm: q
            limited: rest
        """
    case = small_case(LEAK, types=types)
    compiled = compile_posture(case, "open")
    numbers = compiled.numbers(case.base_theta())
    assert numbers.judged_chance is not None
    assert numbers.chance[0, :2].tolist() == [0.25, 0.75]
    assert numbers.judged_chance[0, :2].tolist() == [0.5, 0.5]
    assert (numbers.chance[:, 2:] == numbers.judged_chance[:, 2:]).all()
    told = compiled.numbers(case.base_theta(), {"USA.resolve": np.array([1.0, 0.0])})
    assert told.judged_chance is None


# --------------------------------------------------------------------------- ranges


def test_play_ranges_over_all_postures():
    postures = "threat:\n  commit:\n    respond: severe\nricher:\n  set:\n    gain: gain + gain\n"
    case = small_case(**DETERRENCE, postures=postures)
    every = [compile_posture(case, posture) for posture in case.postures]
    theta = np.random.default_rng(1).uniform(0.1, 1.0, (5, len(case.parameters)))
    payoffs = np.concatenate([item.numbers(theta).payoff for item in every], axis=1)
    expected = payoffs.max(axis=1) - payoffs.min(axis=1)
    np.testing.assert_array_equal(play_ranges(every, theta), expected)
    assert (expected[:, 2] == 0).all()  # an actor without payoff terms


def test_labels_by_type_and_condition():
    case = small_case(**DETERRENCE)
    compiled = compile_posture(case, "open")
    firm = compiled.type_at["USA.resolve"] == 0
    assert firm.tolist() == [history["USA.resolve"] == "firm" for history in compiled.histories]
    assert (compiled.outcome_of(case.outcome("attack").when) == compiled.outcome_at[0]).all()
    assert not compiled.not_modelled_at.any()
