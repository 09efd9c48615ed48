"""The second process changes nothing but the time it takes, and may be lost."""

from __future__ import annotations

import numpy as np
import pytest

import detente
from detente import second as starting
from detente.study import partner as second
from detente.study.games import SolveOptions
from detente.study.panel import Panel
from detente.study.partner import Partner, evaluate_each
from detente.study.watch import Unwatched
from detente.study.worlds import Worlds


def worlds_of() -> Worlds:
    worlds = Worlds(detente.load("deterrence-101"), None, SolveOptions(threads=1))
    worlds.compile_all()
    return worlds


def batches_of(worlds: Worlds) -> list[second.Batch]:
    theta = np.tile(worlds.case.base_theta(), (24, 1))
    theta[:, 0] = np.linspace(0.2, 0.8, 24)
    return [(theta[low : low + 6], None) for low in range(0, 24, 6)]


def same(one: list[Panel], two: list[Panel]) -> bool:
    return len(one) == len(two) and all(
        np.array_equal(a.values, b.values, equal_nan=True) and np.array_equal(a.certified, b.certified)
        for a, b in zip(one, two, strict=True)
    )


@pytest.fixture
def alone() -> list[Panel]:
    worlds = worlds_of()
    return evaluate_each(worlds, batches_of(worlds), Unwatched(), None)


def start(worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> Partner:
    monkeypatch.setattr(second, "ENOUGH", 0)
    monkeypatch.setattr(starting.os, "cpu_count", lambda: 2)
    partner = Partner.start(worlds, 24, None)
    assert partner is not None
    return partner


def test_two_processes_give_the_same_numbers_and_count_the_same_games(alone, monkeypatch):
    worlds = worlds_of()
    partner = start(worlds, monkeypatch)
    try:
        first = partner.evaluate(batches_of(worlds)[0])
        assert first is not None  # it does work, not only its replacement
        assert same([first[0]], alone[:1])
        worlds.tally.join(first[1])
        shared = evaluate_each(worlds, batches_of(worlds)[1:], Unwatched(), partner)
    finally:
        partner.close()
    assert same(shared, alone[1:])
    single = worlds_of()
    evaluate_each(single, batches_of(single), Unwatched(), None)
    assert (worlds.tally.solved, worlds.tally.statuses) == (single.tally.solved, single.tally.statuses)


def test_a_lost_partner_costs_nothing_but_time(alone, monkeypatch):
    worlds = worlds_of()
    partner = start(worlds, monkeypatch)
    partner.close()
    assert same(evaluate_each(worlds, batches_of(worlds), Unwatched(), partner), alone)


def test_small_questions_and_single_threads_have_no_partner():
    worlds = worlds_of()
    assert Partner.start(worlds, 10, None) is None
    assert Partner.start(worlds, 10**9, 1) is None


def test_stopped_work_keeps_what_was_finished_before_the_first_gap():
    class Stops(Unwatched):
        asked = 0

        @property
        def stopped(self) -> bool:  # type: ignore[override]
            self.asked += 1
            return self.asked > 8

    worlds = worlds_of()
    found = evaluate_each(worlds, batches_of(worlds), Stops(), None)
    assert len(found) < 4


def test_a_process_that_was_started_ahead_is_the_partners(alone, monkeypatch):
    worlds = worlds_of()
    monkeypatch.setattr(second, "ENOUGH", 0)
    monkeypatch.setattr(starting.os, "cpu_count", lambda: 2)
    ahead = starting.start_second()
    assert ahead is not None
    try:
        partner = Partner.start(worlds, 24, None, ahead)
        assert partner is not None
        found = partner.evaluate(batches_of(worlds)[0])
        assert found is not None
        assert same([found[0]], alone[:1])
    finally:
        starting.end_second(ahead)
    assert ahead.poll() is not None
    starting.end_second(ahead)  # once more does no harm


def test_there_is_no_second_process_for_one_thread_one_core_or_little_work(monkeypatch):
    worlds = worlds_of()
    assert starting.start_second(threads=1) is None
    assert Partner.start(worlds, 1, None) is None
    monkeypatch.setattr(starting.os, "cpu_count", lambda: 1)
    assert starting.start_second() is None


def test_a_long_case_is_known_before_it_is_read(tmp_path):
    from detente.app.workspace import LONG, is_long

    assert is_long("ukraine-2021")
    assert not is_long("deterrence-101")
    assert not is_long("no-such-case")
    assert not is_long(detente.load("deterrence-101"))
    path = tmp_path / "long.case.yaml"
    path.write_text("#" * LONG)
    assert is_long(path)
    assert is_long(str(path))
