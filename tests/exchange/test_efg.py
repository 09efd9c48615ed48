"""The exported game is the compiled game, judged by Gambit's own reader."""

from __future__ import annotations

import io
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from compiler.case_text import DETERRENCE, LEAK, small_case
from compiler.random_cases import cases
from detente.compiler import CompiledPosture, compile_posture
from detente.errors import CaseError, RequestError
from detente.exchange import to_efg
from detente.game import CHANCE, DECISION, GameNumbers

gambit = pytest.importorskip("pygambit")


def walk(compiled: CompiledPosture, game):
    """Pairs of corresponding nodes."""
    stack = [(0, game.root)]
    while stack:
        node, other = stack.pop()
        yield node, other
        children = list(other.children)
        assert len(children) == compiled.shape.num_children[node]
        stack.extend((int(compiled.shape.first_child[node]) + k, child) for k, child in enumerate(children))


def check_same(compiled: CompiledPosture, numbers: GameNumbers, draw: int, game) -> None:
    shape = compiled.shape
    assert [player.label for player in game.players] == list(shape.players)
    sets: dict[int, set] = {}
    for node, other in walk(compiled, game):
        if shape.kind[node] == CHANCE:
            start = shape.chance_start[node]
            own = numbers.chance[draw, start : start + shape.num_children[node]]
            theirs = [Fraction(str(action.prob)) for action in other.infoset.actions]
            assert theirs == [Fraction(value) for value in own.tolist()]
            assert sum(theirs) == 1
        elif shape.kind[node] == DECISION:
            infoset = int(shape.infoset[node])
            sets.setdefault(infoset, set()).add(other.infoset.label)
            label = compiled.infoset_labels[infoset]
            assert other.player.label == label.player
            assert [action.label for action in other.infoset.actions] == list(label.options)
        else:
            amounts = [Fraction(str(other.outcome[player])) for player in game.players]
            assert amounts == [Fraction(value) for value in numbers.payoff[draw, shape.terminal[node]].tolist()]
    names = [name for found in sets.values() for name in found]
    assert len(names) == len(set(names)) == shape.num_infosets
    assert sum(len(player.infosets) for player in game.players) == shape.num_infosets


def read(text: str):
    return gambit.read_efg(io.BytesIO(text.encode()))


@pytest.mark.parametrize("timeline", [DETERRENCE["timeline"], LEAK], ids=["deterrence", "leak"])
def test_gambit_reads_the_same_game(timeline):
    case = small_case(
        **{**DETERRENCE, "timeline": timeline, "payoffs": "RUS:\n  - term: a\n    value: gain / cost\n"}
        | ({"outcomes": "attack: move == assault\n"})
    )
    compiled = compile_posture(case, "open")
    theta = np.random.default_rng(0).uniform(0.1, 0.9, (3, len(case.parameters)))
    numbers = compiled.numbers(theta)
    for draw in range(3):
        check_same(compiled, numbers, draw, read(to_efg(compiled, numbers, draw)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(cases(), st.integers(0, 1))
def test_gambit_reads_random_games(case, number):
    try:
        compiled = compile_posture(case, case.postures[number])
    except CaseError:
        assume(False)
        raise
    assume(compiled.size.nodes < 400)
    numbers = compiled.numbers(case.base_theta())
    numbers = GameNumbers(numbers.payoff, numbers.chance)
    check_same(compiled, numbers, 0, read(to_efg(compiled, numbers)))


def test_strategies_are_worth_the_same():
    case = small_case(**DETERRENCE)
    compiled = compile_posture(case, "open")
    game = read(to_efg(compiled, compiled.numbers(case.base_theta())))
    profile = game.mixed_behavior_profile(rational=False)
    assert profile.payoff("RUS") == pytest.approx(0.5 * (0.5 * 1 - 0.5 * 2))
    assert profile.payoff("USA") == pytest.approx(0.5 * (0.25 * 0.5 * 0.5 - 0.75 * 1))


def test_title_with_quotes():
    case = small_case(**DETERRENCE)
    object.__setattr__(case, "title", 'A "small" \\ case')
    compiled = compile_posture(case, "open")
    text = to_efg(compiled, compiled.numbers(case.base_theta()))
    assert text.startswith('EFG 2 R "A \\"small\\" ')
    assert "small" in read(text).title


def test_owner_judgment_cannot_be_exported():
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
    with pytest.raises(RequestError, match=r"the prior of USA.resolve is judged otherwise by the owner"):
        to_efg(compiled, compiled.numbers(case.base_theta()))


def test_no_such_draw():
    case = small_case(**DETERRENCE)
    compiled = compile_posture(case, "open")
    numbers = compiled.numbers(case.base_theta())
    with pytest.raises(RequestError, match="there is no draw 1"):
        to_efg(compiled, numbers, 1)
