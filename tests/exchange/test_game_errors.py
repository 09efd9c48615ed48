"""Mistakes in game files are said with their code, line, column, offending text and the way out."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from detente.errors import CaseError, GameFileError, SizeError
from detente.exchange import EXCHANGE_CODES, load_game, read_game

TOP = 'EFG 2 R "t" { "A" "B" }\n"comment"\n'
TABLE = 'NFG 1 R "t" { "A" "B" }\n'


@dataclass(frozen=True)
class Wrong:
    """A wrong file, and where and how it is said to be wrong."""

    text: str
    code: str
    line: int
    column: int
    says: str


MISTAKES = {
    "empty": Wrong("", "G103", 1, 1, "empty"),
    "blank": Wrong(" \n\n ", "G103", 1, 1, "empty"),
    "other file": Wrong("case: x\n", "G103", 1, 1, "'case:' does not begin"),
    "workspace": Wrong('<?xml version="1.0"?>', "G103", 1, 1, "does not begin"),
    "action graph": Wrong("#AGG\n2\n", "G103", 1, 1, "does not begin"),
    "version": Wrong('EFG 1 R "t" { "A" }', "G103", 1, 5, "found '1'"),
    "kind of numbers": Wrong('EFG 2 X "t" { "A" }', "G103", 1, 7, "found 'X'"),
    "title": Wrong('EFG 2 R { "A" } t "" 0', "G110", 1, 9, "expected the title"),
    "players": Wrong('EFG 2 R "t" "A" t "" 0', "G110", 1, 13, "before names of players"),
    "player not in quotes": Wrong('EFG 2 R "t" { A } t "" 0', "G110", 1, 15, "found 'A'"),
    "no players": Wrong('EFG 2 R "t" { } t "" 0', "G209", 1, 13, "empty"),
    "label without end": Wrong(TOP + 't "x 0', "G113", 3, 3, "no closing"),
    "kind of node": Wrong(TOP + 'x "" 0', "G110", 3, 1, "found 'x'"),
    "name of node": Wrong(TOP + "t 0", "G110", 3, 3, "found '0'"),
    "missing node": Wrong(TOP + 'p "" 1 1 "s" { "a" "b" } 0\nt "" 0\n', "G111", 5, 1, "a node (c, p or t)"),
    "extra node": Wrong(TOP + 't "" 0\nt "" 0', "G112", 4, 1, "'t' follows"),
    "player's number": Wrong(TOP + 'p "" 3 1 "s" { "a" } 0', "G201", 3, 6, "no player 3"),
    "player zero": Wrong(TOP + 'p "" 0 1 "s" { "a" } 0', "G201", 3, 6, "no player 0"),
    "set's number": Wrong(TOP + 'p "" 1 1.5 "s" { "a" } 0', "G110", 3, 8, "found '1.5'"),
    "unknown set": Wrong(TOP + 'p "" 1 8 0', "G202", 3, 8, "information set 8"),
    "no actions": Wrong(TOP + 'p "" 1 1 "s" { } 0', "G202", 3, 14, "no actions"),
    "other actions": Wrong(
        TOP + 'p "" 1 1 "s" { "a" "b" } 0\np "" 1 1 "s" { "a" "c" } 0', "G203", 4, 14, "'a, b' before, here 'a, c'"
    ),
    "fewer actions": Wrong(TOP + 'p "" 1 1 "s" { "a" "b" } 0\np "" 1 1 { "a" } 0', "G203", 4, 10, "here 'a'"),
    "other odds": Wrong(
        TOP + 'c "" 1 "s" { "a" 1/2 "b" 1/2 } 0\nc "" 1 "s" { "a" 1/3 "b" 2/3 } 0', "G203", 4, 12, "'1/3, 2/3'"
    ),
    "unknown outcome": Wrong(TOP + 't "" 4', "G204", 3, 6, "outcome 4"),
    "payoffs of none": Wrong(TOP + 't "" 0 "" { 1 2 }', "G204", 3, 11, "outcome 0"),
    "other payoffs": Wrong(
        TOP + 'p "" 1 1 "s" { "a" "b" } 0\nt "" 1 "" { 1 2 }\nt "" 1 "" { 1 3 }', "G205", 5, 11, "'1, 2' before"
    ),
    "sum of odds": Wrong(TOP + 'c "" 1 "" { "a" .33 "b" .33 "c" .33 } 0', "G206", 3, 11, "99/100"),
    "odds above one": Wrong(TOP + 'c "" 1 "" { "a" 1 "b" 1/10 } 0', "G206", 3, 11, "11/10"),
    "negative odds": Wrong(TOP + 'c "" 1 "" { "a" -1/2 "b" 3/2 } 0', "G206", 3, 17, "-1/2"),
    "odds missing": Wrong(TOP + 'c "" 1 "" { "a" "b" } 0', "G110", 3, 17, "probability of 'a'"),
    "too few payoffs": Wrong(TOP + 't "" 1 "" { 1 }', "G207", 3, 11, "1 payoffs for 2 players"),
    "too many payoffs": Wrong(TOP + 't "" 1 "" { 1, 2, 3 }', "G207", 3, 11, "more than 2"),
    "not a number": Wrong(TOP + 't "" 1 "" { 1, two }', "G114", 3, 16, "'two'"),
    "infinity": Wrong(TOP + 't "" 1 "" { inf, 0 }', "G114", 3, 13, "'inf'"),
    "divided by zero": Wrong(TOP + 't "" 1 "" { 1/0, 0 }', "G114", 3, 13, "divides by zero"),
    "half a fraction": Wrong(TOP + 't "" 1 "" { 1/0.5, 0 }', "G114", 3, 13, "'1/0.5'"),
    "too large": Wrong(TOP + 't "" 1 "" { 1e101, 0 }', "G114", 3, 13, "1e100"),
    "exponent": Wrong(TOP + 't "" 1 "" { 0, 1e999999999 }', "G114", 3, 16, "1e999999999"),
    "brace": Wrong(TOP + 't "" 1 "" { 1, 2', "G111", 3, 17, "} after the payoffs"),
    "strategies for too many": Wrong(TABLE + "{ 2 2 2 } 1 2", "G301", 2, 1, "for 3 players"),
    "strategies for too few": Wrong(TABLE + '{ { "x" } } 1 2', "G301", 2, 1, "for 1 players"),
    "no strategies": Wrong(TABLE + "{ 0 2 }", "G301", 2, 1, "0, 2"),
    "strategies not closed": Wrong(TABLE + '{ { "x" } { "y" } 1 2', "G110", 2, 19, "} after the strategies"),
    "payoffs missing": Wrong(TABLE + "{ 2 1 } 1 2 3", "G111", 2, 14, "a payoff"),
    "payoffs left over": Wrong(TABLE + "{ 1 1 } 1 2 3", "G112", 2, 13, "'3' follows"),
    "word in a table": Wrong(TABLE + "{ 1 1 } 1 x", "G114", 2, 11, "'x'"),
    "no such outcome": Wrong(TABLE + '{ 1 1 } { { "" 1 2 } } 2', "G302", 2, 24, "no outcome 2"),
    "payoffs of an outcome": Wrong(TABLE + '{ 1 1 } { { "" 1 } } 1', "G207", 2, 11, "1 payoffs for 2 players"),
    "entries missing": Wrong(TABLE + '{ 2 1 } { { "" 1 2 } } 1', "G111", 2, 25, "number of an outcome"),
    "entries left over": Wrong(TABLE + '{ 1 1 } { { "" 1 2 } } 1 1', "G112", 2, 26, "'1' follows"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_said_where_it_is(name: str) -> None:
    wrong = MISTAKES[name]
    with pytest.raises(GameFileError) as caught:
        read_game(wrong.text, "game.efg")
    (found,) = caught.value.diagnostics
    assert (found.code, found.line, found.column) == (wrong.code, wrong.line, wrong.column), str(caught.value)
    assert wrong.says in found.message
    assert str(caught.value).startswith(f"game.efg:{wrong.line}:{wrong.column}: {wrong.code} error: ")


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(line_end: str) -> None:
    with pytest.raises(GameFileError) as caught:
        read_game(("\ufeff" + TOP + '\nt "" 4').replace("\n", line_end).encode())
    assert (caught.value.diagnostics[0].line, caught.value.diagnostics[0].column) == (4, 6)


def test_most_mistakes_come_with_a_way_out() -> None:
    hints = 0
    for wrong in MISTAKES.values():
        with pytest.raises(CaseError) as caught:
            read_game(wrong.text)
        hints += bool(caught.value.diagnostics[0].hint)
    assert hints >= 0.7 * len(MISTAKES)


FORGETS = """EFG 2 R "forgets" { "A" "B" }
p "" 1 1 "first" { "l" "r" } 0
p "" 2 1 "other" { "x" "y" } 0
p "" 1 2 "second" { "u" "d" } 0
t "" 0
t "" 0
t "" 0
p "" 1 2 "second" { "u" "d" } 0
t "" 0
t "" 0
"""
TWICE = """EFG 2 R "driver" { "A" }
p "" 1 1 "crossing" { "on" "exit" } 0
p "" 1 1 "crossing" { "on" "exit" } 0
t "" 0
t "" 0
t "" 0
"""
TWICE_LATER = """EFG 2 R "driver" { "A" "B" }
p "" 1 1 "crossing" { "on" "exit" } 0
p "" 1 2 "stop" { "wait" "go" } 0
p "" 2 1 "light" { "x" "y" } 0
p "" 1 1 "crossing" { "on" "exit" } 0
t "" 0
t "" 0
t "" 0
t "" 0
t "" 0
"""


def test_a_player_that_forgets_its_move() -> None:
    with pytest.raises(GameFileError) as caught:
        read_game(FORGETS, "f.efg")
    (found,) = caught.value.diagnostics
    assert found.code == "G401"
    assert "'second'" in found.message
    assert "A: r" in found.message
    assert "A: l > B: x" in found.message
    assert found.line in (4, 8)


@pytest.mark.parametrize(("text", "line", "way"), [(TWICE, 3, "A: on"), (TWICE_LATER, 5, "A: on > A: wait > B: x")])
def test_a_player_that_does_not_know_whether_it_moved(text: str, line: int, way: str) -> None:
    with pytest.raises(GameFileError) as caught:
        read_game(text)
    (found,) = caught.value.diagnostics
    assert (found.code, found.line) == ("G402", line)
    assert "'crossing'" in found.message
    assert "the start of the game" in found.message
    assert way in found.message


def test_a_player_that_forgets_what_it_knew() -> None:
    text = """EFG 2 R "t" { "A" } c "" 1 "" { "x" 1/2 "y" 1/2 } 0
    p "" 1 1 "x" { "a" } 0 p "" 1 3 "later" { "l" "r" } 0 t "" 0 t "" 0
    p "" 1 2 "y" { "b" } 0 p "" 1 3 "later" { "l" "r" } 0 t "" 0 t "" 0"""
    with pytest.raises(GameFileError) as caught:
        read_game(text)
    assert caught.value.diagnostics[0].code == "G401"


def test_files_that_cannot_be_read(tmp_path) -> None:
    for path in (tmp_path / "none.efg", tmp_path, "a\0b.efg"):
        with pytest.raises(GameFileError) as caught:
            load_game(path)
        assert caught.value.diagnostics[0].code == "G100"


def test_every_code_is_used_and_every_use_is_listed() -> None:
    elsewhere = {"G100", "G101", "G102", "G208", "G401", "G402", "G501"}
    assert {wrong.code for wrong in MISTAKES.values()} | elsewhere == set(EXCHANGE_CODES)


def test_size_errors_are_case_errors() -> None:
    with pytest.raises(SizeError):
        read_game(TABLE + "{ 1000 1000 } 1")
