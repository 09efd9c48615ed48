"""The likelihood of moves: worked out by hand, and against an enumeration of every history."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from detente.case import loads
from detente.ensemble import draw_parameters
from detente.errors import Interrupted, RequestError
from detente.game import GameNumbers
from detente.solvers import solve_qre
from detente.study import AssessSettings, assess, strategic
from detente.study.assess_record import chances_of
from detente.study.games import SolveOptions
from detente.study.strategic import move_chances
from detente.study.watch import Unwatched
from detente.study.worlds import Worlds
from study.evidence_cases import HISTORY, POOLED, SEPARATED

MASS, MOVE, WARN, ARM = ("mass", "yes"), ("move", "attack"), ("warn", "speak"), ("arm", "arm_it")


def logistic(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))


@pytest.mark.parametrize("precision", [0.0, 3.0, 30.0, 200.0])
def test_pooling_by_hand(precision: float):
    answer = assess(loads(POOLED), AssessSettings(draws=5, precision=precision))
    move = answer.moves[0]
    by_hand = logistic(precision)  # both gain their whole payoff range by massing
    for label in ("take", "talk"):
        assert move.likelihood[label].point == pytest.approx(by_hand, abs=1e-12)
    assert move.ratio == pytest.approx(1.0, abs=1e-12)
    assert move.pooled
    assert answer.timeline[0].type["take"].point == pytest.approx(0.3, abs=1e-12)
    assert "Every type would have done about the same" in answer.items[0].silent or precision == 200.0
    assert answer.items[0].silent
    assert answer.items[0].influence == pytest.approx(0.0, abs=1e-12)


def test_separation_by_hand_diverges_with_precision():
    ratios = []
    for precision in (2.0, 10.0, 40.0, 160.0):
        answer = assess(loads(SEPARATED), AssessSettings(draws=5, precision=precision))
        # The attacker gains half of the payoff range (from -gain to gain), the bluffer loses as much.
        take, talk = logistic(precision / 2), logistic(-precision / 2)
        move = answer.moves[0]
        assert move.likelihood["take"].point == pytest.approx(take, rel=1e-12)
        assert move.likelihood["talk"].point == pytest.approx(talk, rel=1e-9)
        assert answer.timeline[0].type["take"].point == pytest.approx(0.3 * take / (0.3 * take + 0.7 * talk), abs=1e-12)
        assert not move.pooled
        ratios.append(move.ratio)
    np.testing.assert_allclose(ratios, [math.exp(x / 2) for x in (2, 10, 40, 160)], rtol=1e-9)


class Enumeration:
    """Every history of the case `history`, one by one, with the mover's probabilities looked up in the tree."""

    def __init__(self, draw: int, precision: float, seed: int = 0):
        self.case = loads(HISTORY)
        worlds = Worlds(self.case, None, SolveOptions(), 100_000)
        theta = draw_parameters(self.case, seed, 0, draw + 1)[draw : draw + 1]
        self.game = worlds.game(self.case.status_quo)
        compiled = self.game.compiled
        self.shape = compiled.shape
        numbers, scale = compiled.numbers(theta), worlds.scale(theta)
        unit = GameNumbers(numbers.payoff / scale[:, None, :], numbers.chance, None)
        self.strategy = solve_qre(self.shape, unit, precision).assessment.strategy[0]
        self.chance = numbers.chance[0]

    def histories(self, node: int = 0, probability: float = 1.0) -> Iterator[tuple[dict[str, str | None], float]]:
        """(finished history, probability)"""
        shape = self.shape
        width = int(shape.num_children[node])
        if width == 0:
            yield self.game.compiled.node_history(node), probability
            return
        first, own = int(shape.first_child[node]), int(shape.infoset[node])
        for k in range(width):
            at = int(shape.action_start[own]) + k if own >= 0 else int(shape.chance_start[node]) + k
            share = float(self.strategy[at] if own >= 0 else self.chance[at])
            yield from self.histories(first + k, probability * share)

    def probability(self, **held: str) -> float:
        return sum(p for history, p in self.histories() if all(history.get(k) == v for k, v in held.items()))


def chances(draws: int, precision: float, *sets: tuple[tuple[str, str], ...]):
    case = loads(HISTORY)
    worlds = Worlds(case, None, SolveOptions(), 100_000)
    theta = draw_parameters(case, 0, 0, draws)
    return move_chances(worlds, "CHL.aim", sets, theta, precision, Unwatched())


@pytest.mark.parametrize("draw", [0, 3])
def test_two_moves_in_a_row_against_every_history(draw: int):
    found = chances(4, 12.0, (MASS, MOVE), (MASS, WARN, MOVE))
    every = Enumeration(draw, 12.0)
    for k, label in enumerate(("take", "talk", "rest_easy")):
        aim = every.probability(**{"CHL.aim": label})
        first = every.probability(**{"CHL.aim": label, "mass": "yes"}) / aim
        both = every.probability(**{"CHL.aim": label, "mass": "yes", "move": "attack"}) / aim
        assert found.prior[draw, k] == pytest.approx(aim, abs=1e-12)
        assert found.chance([MASS])[draw, k] == pytest.approx(first, abs=1e-12)
        assert found.chance([MASS, MOVE])[draw, k] == pytest.approx(both, abs=1e-12)
        # Another actor's move is taken as given: it changes what the attack means, and is no factor itself.
        warned = every.probability(**{"CHL.aim": label, "mass": "yes", "warn": "speak"})
        after = every.probability(**{"CHL.aim": label, "mass": "yes", "warn": "speak", "move": "attack"}) / warned
        assert found.chance([MASS, WARN, MOVE])[draw, k] == pytest.approx(first * after, abs=1e-12)
        assert found.chance([MASS, WARN])[draw, k] == pytest.approx(first, abs=1e-12)


def test_the_answer_weighs_draws_and_types_jointly():
    draws, precision = 6, 12.0
    answer = assess(loads(HISTORY), AssessSettings(draws=draws, precision=precision))
    found = chances(draws, precision, (MASS, MOVE))
    # By hand: prior of each draw times probability of the history, summed over draws, over the summed prior.
    first = (found.prior * found.chance([MASS])).sum(axis=0) / found.prior.sum(axis=0)
    both = (found.prior * found.chance([MASS, MOVE])).sum(axis=0) / found.prior.sum(axis=0)
    assert [move.id for move in answer.moves] == ["massed", "attacked"]
    for k, label in enumerate(answer.labels):
        assert answer.moves[0].likelihood[label].point == pytest.approx(first[k], rel=1e-12)
        assert answer.moves[1].likelihood[label].point == pytest.approx(both[k] / first[k], rel=1e-12)
    base = np.array([0.3, 0.5, 0.2])
    posterior = base * both / (base @ both)
    shown = [answer.timeline[-1].type[label].point for label in answer.labels]
    np.testing.assert_allclose(shown, posterior, rtol=0, atol=1e-12)
    weight = (found.prior * found.chance([MASS, MOVE])).sum(axis=1)
    weight /= weight.sum()
    assert answer.effective == pytest.approx(1 / (weight**2).sum(), rel=1e-9)
    # Leaving the second move out is what was thought before it; the first cannot be left out of the second's meaning.
    without = base * first / (base @ first)
    for k, label in enumerate(answer.labels):
        assert answer.items[1].shift[label] == pytest.approx(posterior[k] - without[k], abs=1e-12)


def test_a_move_left_out_is_left_out_of_later_ones_too():
    answer = assess(loads(HISTORY), AssessSettings(draws=4, precision=12.0))
    alone = HISTORY.replace("    massed:\n      reported: 2031-03-01\n      move: mass=yes\n", "")
    only = assess(loads(alone), AssessSettings(draws=4, precision=12.0))
    for label in answer.labels:
        left = answer.timeline[-1].type[label].point - answer.items[0].shift[label]
        assert left == pytest.approx(only.timeline[-1].type[label].point, abs=1e-12)


def test_moves_reported_the_other_way_round_end_in_the_same_place():
    swapped = HISTORY.replace("2031-03-01", "2031-03-20")
    there = assess(loads(HISTORY), AssessSettings(draws=4)).timeline[-1].type
    back = assess(loads(swapped), AssessSettings(draws=4)).timeline
    assert [day.items for day in back] == [("attacked",), ("massed",)]
    for label, band in there.items():
        assert back[-1].type[label].point == pytest.approx(band.point, abs=1e-12)
    # The attack implies the massing, so that nothing is left to learn from it.
    assert "follows from the moves known before" in assess(loads(swapped), AssessSettings(draws=4)).items[1].silent


def test_another_actors_move_is_given():
    text = HISTORY.rstrip() + "\n    warned:\n      reported: 2031-03-05\n      move: warn=speak\n"
    answer = assess(loads(text), AssessSettings(draws=4))
    warned = next(item for item in answer.items if item.id == "warned")
    assert "Another actor made this move" in warned.silent
    assert any("taken as given" in note and "warned" in note for note in answer.notes)
    days = {day.date: day.type for day in answer.timeline}
    for label in answer.labels:
        assert days["2031-03-05"][label].point == pytest.approx(days["2031-03-01"][label].point, abs=1e-12)


def test_a_doubtful_report_of_a_move_counts_less():
    half = HISTORY.replace("      move: move=attack", "      move: move=attack\n      r: 0.5")
    full, less = (assess(loads(text), AssessSettings(draws=4)) for text in (HISTORY, half))
    assert less.items[1].diagnosticity == pytest.approx(full.items[1].diagnosticity / 2, rel=1e-9)


def test_draw_i_depends_on_its_number_alone():
    few, many = chances(3, 12.0, (MASS, MOVE)), chances(40, 12.0, (MASS, MOVE))
    np.testing.assert_allclose(few.chance([MASS, MOVE]), many.chance([MASS, MOVE])[:3], rtol=1e-12)


def test_a_status_quo_that_has_to_be_found_judges_no_moves():
    text = HISTORY.replace(
        "evidence:", "postures:\n  best:\n    status_quo: true\n    commit:\n      warn: optimal\nevidence:"
    )
    with pytest.raises(RequestError, match="leaves something to be found"):
        assess(loads(text), AssessSettings(draws=2))


def test_draws_that_could_not_be_solved_are_left_out_and_told(monkeypatch: pytest.MonkeyPatch):
    judge = strategic.certify_qre

    def strict(*arguments):
        residual = judge(*arguments).copy()
        residual[1] = 1.0
        return residual

    whole = assess(loads(HISTORY), AssessSettings(draws=8, precision=12.0))
    monkeypatch.setattr(strategic, "certify_qre", strict)
    answer = assess(loads(HISTORY), AssessSettings(draws=8, precision=12.0))
    assert answer.excluded == pytest.approx(1 / 8)
    assert any("1 draws of the game could not be solved" in note for note in answer.notes)
    assert answer.draws_done == 8
    monkeypatch.undo()
    found = chances(8, 12.0, (MASS, MOVE))
    kept = np.arange(8) != 1
    prior, chance = found.prior[kept], found.chance([MASS, MOVE])[kept]
    both = (prior * chance).sum(axis=0) / prior.sum(axis=0)
    posterior = np.array([0.3, 0.5, 0.2]) * both
    shown = [answer.timeline[-1].type[label].point for label in answer.labels]
    np.testing.assert_allclose(shown, posterior / posterior.sum(), atol=1e-12)
    assert answer.timeline != whole.timeline
    bands = [band for day in answer.timeline for band in day.type.values()]
    assert all(np.isfinite([band.p05, band.p95, band.lower, band.upper]).all() for band in bands)


class StopsAfter(Unwatched):
    def __init__(self, batches: int):
        self.left = batches

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage == "play" and done:
            self.left -= 1

    @property
    def stopped(self) -> bool:  # type: ignore[override]
        return self.left <= 0


def test_an_interrupted_answer_rests_on_the_draws_that_were_done():
    case = loads(HISTORY)
    batch = Worlds(case, None, SolveOptions(), 100_000).batch()
    answer = assess(case, AssessSettings(draws=2 * batch), StopsAfter(1))
    assert (answer.interrupted, answer.draws_done, answer.draws) == (True, batch, 2 * batch)
    whole = assess(case, AssessSettings(draws=batch))
    assert not whole.interrupted
    assert answer.timeline == whole.timeline


def test_stopped_before_the_first_draw():
    with pytest.raises(Interrupted):
        assess(loads(HISTORY), AssessSettings(draws=5), StopsAfter(0))


def test_no_game_is_solved_without_moves(monkeypatch: pytest.MonkeyPatch):
    case = loads(HISTORY.replace("move: mass=yes", "likelihood: {take: 0.4, talk: 0.3, rest_easy: 0.1}"))
    judged = case.evidence
    assert judged is not None
    worlds = Worlds(case, None, SolveOptions(), 100_000)
    monkeypatch.setattr("detente.study.assess_record.move_chances", lambda *_: pytest.fail("a game was solved"))
    from dataclasses import replace

    kept = replace(judged, items=tuple(item for item in judged.items if not item.is_move))
    assert chances_of(worlds, kept, case.base_theta()[None], 30.0, Unwatched()) is None
