"""Symbolic derivatives of payoffs and probabilities, against central differences of the numbers themselves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import detente
from compiler.case_text import DETERRENCE, LEAK, small_case
from detente.case import Case, load
from detente.compiler import CompiledPosture, compile_posture, number_derivatives

STEP = 1e-6
MOVE = "- decision: move\n  by: RUS\n  options: [go, stay]\n"


def check(compiled: CompiledPosture, theta: np.ndarray, close: float = 1e-8) -> None:
    found = number_derivatives(compiled, theta)
    assert found.payoff.shape[1] == found.chance.shape[1] == len(theta)
    for column in range(len(theta)):
        step = STEP * np.eye(len(theta))[column]
        up, down = compiled.numbers(theta + step), compiled.numbers(theta - step)
        pairs = [(up.payoff, down.payoff, found.payoff), (up.chance, down.chance, found.chance)]
        if found.judged_chance is not None:
            assert up.judged_chance is not None
            assert down.judged_chance is not None
            pairs.append((up.judged_chance, down.judged_chance, found.judged_chance))
        else:
            assert up.judged_chance is None
        for above, below, exact in pairs:
            size = 1.0 + np.abs(exact[0, column]).max(initial=0.0)
            np.testing.assert_allclose((above - below)[0] / (2 * STEP), exact[0, column], rtol=0, atol=close * size)


def every_posture(case: Case) -> list[CompiledPosture]:
    return [compile_posture(case, item) for item in case.postures]


@pytest.mark.parametrize("name", ["deterrence-101", "ukraine-2021"])
def test_shipped_cases(name: str):
    case = detente.load(name)
    for compiled in every_posture(case)[:3]:
        check(compiled, case.base_theta())


def test_a_case_with_everything_in_it():
    case = load(Path(__file__).parents[1] / "case" / "whole.case.yaml")
    for compiled in every_posture(case):
        check(compiled, case.base_theta(), close=1e-6)


def test_settings_of_the_posture_are_followed_through():
    case = small_case(**DETERRENCE, postures="eager:\n  set:\n    p: q * q\n    gain: gain * q\n")
    compiled = compile_posture(case, "eager")
    check(compiled, case.base_theta())
    found = number_derivatives(compiled, case.base_theta())
    assert not found.chance[0, case.parameter_index("p")].any()  # overwritten
    assert found.chance[0, case.parameter_index("q")].tolist() == [1.0, -1.0]  # twice q, at q = 1/2


def test_weights_without_rest_are_normalised_and_tables_of_events_count():
    check(
        compile_posture(small_case(MOVE, types="RUS.aim:\n  a: p\n  b: q * p\n  c: 1\n"), "open"), np.array([0.3, 0.6])
    )
    leak = small_case(LEAK)
    check(compile_posture(leak, "open"), leak.base_theta())


def test_judgment_of_the_owner_over_a_joint_prior():
    types = """
        RUS.aim:
          prior:
            big: p
            small: rest
          as_judged_by_owner:
            big: q
            small: rest
        USA.resolve:
          firm: p
          limited: rest
        """
    joint = """
        - types: [RUS.aim, USA.resolve]
          weights:
            - [big, firm, p]
            - [big, limited, q]
            - [small, limited, q * q]
        """
    for case in (small_case(MOVE, types=types, joint=joint), small_case(MOVE, types=types)):
        compiled = compile_posture(case, "open")
        assert compiled.numbers(case.base_theta()).judged_chance is not None
        check(compiled, np.array([0.3, 0.6]))


def test_some_parameters_only():
    case = small_case(**DETERRENCE)
    compiled = compile_posture(case, "open")
    columns = np.array([2, 0], dtype=np.int32)
    part, whole = (
        number_derivatives(compiled, case.base_theta(), columns),
        number_derivatives(compiled, case.base_theta()),
    )
    np.testing.assert_array_equal(part.payoff, whole.payoff[:, columns])
    np.testing.assert_array_equal(part.chance, whole.chance[:, columns])
    assert part.columns.tolist() == [2, 0]


def test_a_corner_of_a_payoff_is_marked_at_the_corner_only():
    payoffs = "RUS:\n  - term: kept\n    value: max(p, q)\n"
    case = small_case(MOVE, payoffs=payoffs)
    compiled = compile_posture(case, "open")
    theta = np.array([[0.5, 0.5], [0.4, 0.5]])
    found = number_derivatives(compiled, theta)
    assert found.corner.tolist() == [[True, True], [False, False]]
    assert set(found.payoff[1, 0].ravel()) == {0.0}
    assert found.payoff[1, 1, :, compiled.shape.players.index("RUS")].tolist() == [1.0, 1.0]
