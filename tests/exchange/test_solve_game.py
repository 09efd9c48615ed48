"""`solve` on game files: strategies, beliefs, payoffs and certificate, for every kind of game a file may hold."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest

import detente
from detente.errors import GameFileError, Interrupted, RequestError
from detente.exchange import load_game, read_game, write_efg
from detente.report import render_game
from detente.study import GameAnswer, SolveGameSettings, solve_game
from game.known_games import entry_deterrence

REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "models" / "efg"
SIGNAL = Path(__file__).parents[2] / "docs" / "notebooks" / "signal.efg"
HEAD = 'EFG 2 R "t" { "A" "B" } "" '
FEW = SolveGameSettings(starts=4)


def solved(text: str, **settings) -> GameAnswer:
    return solve_game(read_game(text, "game.efg"), SolveGameSettings(**{"starts": 4, **settings}))


def test_a_signaling_game_by_hand() -> None:
    answer = detente.solve(SIGNAL)
    assert isinstance(answer, GameAnswer)
    assert answer.certified
    assert answer.certificate.kind == "sequential"
    assert answer.certificate.regret <= 1e-8
    assert answer.method == "logit"
    # A bluff that leaves the challenger indifferent: 1/4 / (1/4 + 3/4 b) = 1/3; a challenge that leaves the weak so.
    assert answer.strategies["strong"]["show"] == pytest.approx(1)
    assert answer.strategies["weak"]["show"] == pytest.approx(2 / 3)
    assert answer.strategies["force shown"]["challenge"] == pytest.approx(2 / 3)
    assert answer.values == pytest.approx({"Defender": 1 / 4 * 5 / 3, "Challenger": 1 / 4})
    assert answer.outcomes == pytest.approx({"repelled": 1 / 6, "peace": 1 / 4, "taken": 7 / 12})
    seen = next(item for item in answer.infosets if item.decision == "force shown")
    assert [belief["probability"] for belief in seen.beliefs] == pytest.approx([2 / 3, 1 / 3])
    assert seen.beliefs[0]["history"] == "chance: weak > Defender: show"
    assert seen.reach == pytest.approx(3 / 4)
    assert seen.action_values == pytest.approx({"challenge": 0, "hold": 0}, abs=1e-7)


PURE = "backward_induction"
SMALL = {
    "one node": ('t "" 1 "" { 4 5 }', [4, 5], PURE),
    "nothing paid": ('t "" 0', [0, 0], PURE),
    "chance only": (
        'c "" 1 "" { "x" 1/3 "y" 2/3 "z" 0 } 0 t "" 1 "" { 3 6 } t "" 0 t "" 1',
        [1, 2],
        PURE,
    ),
    "one action": ('p "" 1 1 "" { "only" } 1 "" { 1 1 } t "" 2 "" { 4 5 }', [5, 6], PURE),
    "idle player": ('p "" 1 1 "" { "l" "r" } 0 t "" 1 "" { 4 5 } t "" 0', [4, 5], PURE),
    "pennies": (
        'p "" 1 1 "" { "h" "t" } 0 p "" 2 1 "" { "h" "t" } 0 t "" 1 "" { 1 -1 } t "" 2 "" { -1 1 } '
        'p "" 2 1 0 t "" 2 t "" 1',
        [0, 0],
        "sequential",
    ),
    "huge": (
        'p "" 1 1 "" { "l" "r" } 0 t "" 1 "" { 1e90 0 } t "" 2 "" { -1e90 1e-90 }',
        [1e90, 0],
        PURE,
    ),
}


@pytest.mark.parametrize("name", SMALL)
def test_small_games(name: str) -> None:
    text, values, kind = SMALL[name]
    answer = solved(HEAD + text)
    assert answer.certificate.kind == kind
    assert list(answer.values.values()) == pytest.approx(values, abs=1e-7)
    json.dumps(answer.to_json(), allow_nan=False)
    assert render_game(answer, 80).startswith("t\n")


def test_one_player() -> None:
    answer = solved('EFG 2 R "" { "Me" } p "" 1 1 "" { "" "" } 0 t "" 1 "" { .5 } t "" 2 "" { 1e-3 }')
    assert answer.strategies == {"Me 1": {"1": 1.0, "2": 0.0}}
    assert render_game(answer, 80).startswith("game.efg\n")


def test_a_table() -> None:
    answer = solve_game(
        read_game('NFG 1 R "pd" { "Row" "Column" } { { "stay" "tell" } { "stay" "tell" } } 3 3 5 0 0 5 1 1'), FEW
    )
    assert answer.kind == "nfg"
    assert answer.strategies == {"Row": {"stay": 0.0, "tell": 1.0}, "Column": {"stay": 0.0, "tell": 1.0}}
    assert answer.values == pytest.approx({"Row": 1, "Column": 1})


def test_other_equilibria_are_listed_with_their_play() -> None:
    answer = solve_game(read_game('NFG 1 R "bos" { "A" "B" } { 2 2 } 3 2 0 0 0 0 2 3'), SolveGameSettings(starts=20))
    values = {tuple(round(v, 6) for v in item.values.values()) for item in (answer, *answer.others)}
    assert {(3.0, 2.0), (2.0, 3.0)} <= values
    assert answer.starts == 20
    for item in answer.others:
        assert item.kind == "sequential"
        assert item.hits >= 1
        assert all(sum(play.values()) == pytest.approx(1) for play in item.strategies.values())


def test_ties_under_backward_induction_are_said() -> None:
    answer = solved(HEAD + 'p "" 1 1 "here" { "l" "r" } 0 t "" 1 "" { 1 0 } t "" 2 "" { 1 1 }')
    assert any("More than one action is best" in note and "here" in note for note in answer.notes)


def test_finite_precision_is_a_certified_quantal_response() -> None:
    answer = solve_game(load_game(SIGNAL), SolveGameSettings(lam=5.0))
    assert answer.certificate.kind == "qre"
    assert answer.certificate.qre_residual is not None
    assert answer.certificate.qre_residual < 1e-8
    assert all(share > 0 for play in answer.strategies.values() for share in play.values())
    assert answer.others == ()


@pytest.mark.parametrize("method", ["logit", "support"])
def test_methods_agree_where_there_is_one_equilibrium(method: str) -> None:
    answer = solve_game(load_game(SIGNAL), SolveGameSettings(method=method, starts=4))
    assert answer.method == method
    assert answer.certified
    assert answer.values == pytest.approx({"Defender": 5 / 12, "Challenger": 1 / 4}, abs=1e-6)


def test_what_does_not_go_together_is_refused() -> None:
    file = load_game(SIGNAL)
    with pytest.raises(RequestError, match="no method is named 'guess'"):
        solve_game(file, SolveGameSettings(method="guess"))
    with pytest.raises(RequestError, match="lam"):
        solve_game(file, SolveGameSettings(method="support", lam=1.0))
    with pytest.raises(RequestError, match="sees every move"):
        solve_game(file, SolveGameSettings(method="backward_induction"))
    with pytest.raises(RequestError, match=r"--posture and --set do not go with solve of .*signal.efg"):
        detente.solve(SIGNAL, "open", assume={"p": 1})
    with pytest.raises(RequestError, match="--why does not go"):
        detente.solve(SIGNAL, why="weak")
    with pytest.raises(RequestError, match="is a game file, not a case"):
        detente.compare(SIGNAL)


class Impatient:
    stopped = True

    def __call__(self, stage: str, done: int, total: int) -> None:
        pass


def test_stopped_before_anything_was_found() -> None:
    with pytest.raises(Interrupted, match="before an equilibrium was found"):
        solve_game(load_game(SIGNAL), FEW, Impatient())


def test_games_built_in_python_can_be_asked_about() -> None:
    answer = detente.solve(entry_deterrence())
    assert answer.values == {"entrant": 1.0, "incumbent": 1.0}
    assert detente.check(entry_deterrence()).ok
    assert detente.export(entry_deterrence()).startswith("EFG 2 R")


def test_the_answer_is_the_same_bytes_every_time() -> None:
    first, second = (json.dumps(solve_game(load_game(SIGNAL), FEW).to_json()) for _ in range(2))
    assert first == second
    assert str(SIGNAL.parent) not in first


@pytest.mark.parametrize("path", sorted(REFERENCE.glob("*.efg"))[::4], ids=lambda path: path.stem)
def test_gambit_judges_reference_games(path: Path) -> None:
    gambit = pytest.importorskip("pygambit")
    file = load_game(path)
    answer = solve_game(file, SolveGameSettings(starts=0))
    assert answer.certificate.kind in ("sequential", "backward_induction")
    game = gambit.read_efg(io.BytesIO(write_efg(file).encode()))
    profile = game.mixed_behavior_profile(rational=False)
    for player in game.players:
        for infoset in player.infosets:
            play = answer.strategies[infoset.label]
            for action in infoset.actions:
                profile[action] = play[action.label]
    spread = float(np.ptp(file.game.numbers.payoff, axis=1).max())
    assert float(profile.agent_max_regret()) <= 1e-7 * spread
    for player in game.players:
        assert float(profile.payoff(player)) == pytest.approx(answer.values[player.label], abs=1e-8 * spread)


def test_a_wrong_file() -> None:
    with pytest.raises(GameFileError, match="G100"):
        detente.solve("nowhere.efg")


def test_a_deep_tree_is_solved() -> None:
    steps = "".join(f'p "" {1 + k % 2} {k} "" {{ "stop" "go" }} 0 t "" {k + 1} "" {{ {k} {k} }} ' for k in range(400))
    answer = solved(HEAD + steps + 't "" 0')
    assert answer.certificate.kind == "backward_induction"
    assert answer.values == {"A": 399.0, "B": 399.0}
    assert "more information sets not shown" not in render_game(solved(HEAD + 't "" 0'), 80)
    assert "not shown; --json lists them all" in render_game(answer, 80) or len(answer.infosets) <= 40
