"""The first hundred games of `make crosscheck`, and that its judges can find something wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pygambit")

from crosscheck import peer as peer_module
from crosscheck.games import cross_game
from crosscheck.judge import Judged, compare_branch, gambit_regret, judge
from crosscheck.peer import Peer
from detente.exchange import write_efg
from detente.solvers import solve_logit
from game.known_games import entry_deterrence, two_types

GAMES = 100
QUICK = 17  # nodes up to which the peer follows its branch here; `make crosscheck` asks it about all


@pytest.mark.parametrize("first", range(0, GAMES, 25))
def test_judges_outside_find_nothing_wrong(first: int):
    for seed in range(first, first + 25):
        judged = judge(cross_game(seed), seed)
        assert judged.passed, judged


@pytest.mark.slow
def test_the_branch_ends_where_pygambits_does():
    small = [seed for seed in range(GAMES) if cross_game(seed).shape.num_nodes <= QUICK]
    assert len(small) >= 20
    found: dict[str, int] = {}
    with Peer(30.0) as peer:
        for seed in small:
            game = cross_game(seed)
            ours = solve_logit(game.shape, game.numbers, np.ones((1, game.shape.num_players)), threads=1)
            how = compare_branch(game, ours.assessment.strategy, peer)
            found[how] = found.get(how, 0) + 1
            assert how not in ("different", "ours jumped"), seed
    assert found["same end"] >= 0.9 * len(small)


def test_the_judges_notice_a_wrong_answer():
    good = judge(cross_game(3), 3)
    assert good.passed
    for name in ("gambit_regret", "slow_regret", "continuation_regret", "belief_gap"):
        assert not replace(good, **{name: 2e-6}).passed
    assert not replace(good, certified=False).passed
    game = entry_deterrence()
    threat = game.profile({"enter": "out", "answer": "fight"})
    assert gambit_regret(game, threat[0]) == pytest.approx(0.0)  # its judgment ends where play does
    dear = game.profile({"enter": "in", "answer": "fight"})
    assert gambit_regret(game, dear[0]) == pytest.approx(2.0)
    assert isinstance(good, Judged)


def test_a_profile_from_another_branch_is_noticed():
    game = two_types(0.9)
    scale = float(np.ptp(game.numbers.payoff))
    unit = replace(game, numbers=replace(game.numbers, payoff=game.numbers.payoff / scale))
    quiche = unit.profile({"strong": "quiche", "weak": "quiche", "beer": "duel", "quiche": "leave"})
    with Peer(30.0) as peer:
        assert compare_branch(unit, quiche, peer) == "ours jumped"


def test_a_peer_that_hangs_or_dies_is_an_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    with Peer(30.0) as peer:
        assert "error" in peer.branch_end("this is no game")
        assert "play" in peer.branch_end(write_efg(two_types(0.9)))
    silent = tmp_path / "silent.py"
    silent.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(peer_module, "__file__", str(silent))
    with Peer(0.2) as peer:
        assert peer.branch_end("") == {"error": "timeout"}
    silent.write_text("raise SystemExit(3)\n")
    with Peer(30.0) as peer:
        assert peer.branch_end("") == {"error": "the process died"}
