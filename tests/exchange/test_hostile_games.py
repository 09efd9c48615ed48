"""Files from strangers cannot exhaust memory, time or recursion, nor speak to the terminal."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from detente.errors import CaseError, GameFileError, SizeError
from detente.exchange import read_game, write_efg
from detente.exchange.source import MOST_BYTES
from exchange.test_read_efg import SIGNAL

HEAD = 'EFG 2 R "t" { "A" "B" } "" '
TABLE = 'NFG 1 R "t" { "A" "B" } '


@pytest.mark.parametrize(
    "text",
    [
        TABLE + "{ 1000000 1000000 } 1 2",
        TABLE + "{ 999999999999 1 } 1 2",
        'NFG 1 R "t" { ' + '"p" ' * 40 + "} { " + "10 " * 40 + "} 1",
        HEAD + 'p "" 1 1 "" { ' + '"a" ' * 250_000 + "} 0",
        HEAD + 'c "" 1 "" { ' + '"a" 0 ' * 250_000 + '"b" 1 } 0',
        'EFG 2 R "t" { ' + '"p" ' * 100_000 + "}",
        "x" * (MOST_BYTES + 1),
    ],
    ids=["product", "one player", "forty players", "actions", "branches", "players", "bytes"],
)
def test_too_much_is_refused_without_spending_memory(text: str) -> None:
    tracemalloc.start()
    with pytest.raises(SizeError) as caught:
        read_game(text, limit=2_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.diagnostics[0].code in ("G102", "G501")
    assert len(str(caught.value)) < 2_000
    assert peak < 10e6 + 4 * len(text)


def test_the_limit_can_be_moved() -> None:
    text = HEAD + 'p "" 1 1 "" { "a" "b" } 0 t "" 0 t "" 0'
    assert read_game(text, limit=3).game.shape.num_nodes == 3
    with pytest.raises(SizeError, match="the limit is 2"):
        read_game(text, limit=2)
    with pytest.raises(SizeError):
        read_game(TABLE + "{ 2 2 } 1 2 3 4 5 6 7 8", limit=6)


@pytest.mark.parametrize("number", ["9" * 100_000, "1/" + "7" * 5_000, "1e" + "9" * 5_000, "0." + "1" * 5_000])
@pytest.mark.parametrize("where", ['t "" 1 "" {{ {0} 0 }}', 't "" {0}', 'p "" {0} 1 "" {{ "a" }} 0'])
def test_huge_numbers(number: str, where: str) -> None:
    with pytest.raises(GameFileError) as caught:
        read_game(HEAD + where.format(number))
    assert len(str(caught.value)) < 2_000


def test_sums_of_fractions_cannot_grow_without_bound() -> None:
    primes = [p for p in range(3, 8_000) if all(p % q for q in range(2, int(p**0.5) + 1))]
    nodes = " ".join(f'p "" 1 {k} "" {{ "s" }} {k + 1} "" {{ 1/{p} 0 }}' for k, p in enumerate(primes))
    with pytest.raises(GameFileError, match="thousands of digits"):
        read_game(HEAD + nodes + ' t "" 0')


def deep(levels: int) -> str:
    steps = "".join(
        f'p "" {1 + k % 2} {k} "" {{ "stop" "go" }} 0 t "" {k + 1} "" {{ {k % 5} 1 }}\n' for k in range(levels)
    )
    return HEAD + steps + 't "" 0'


def test_a_deep_tree_needs_no_recursion() -> None:
    levels = 2_500
    game = read_game(deep(levels))
    assert game.game.shape.num_nodes == 2 * levels + 1
    assert read_game(write_efg(game)).body == game.body


def test_a_deep_tree_with_a_lapse_at_its_end() -> None:
    text = deep(2_000).removesuffix('t "" 0') + 'p "" 1 0 0 t "" 0 t "" 0'
    with pytest.raises(GameFileError) as caught:
        read_game(text)
    assert caught.value.diagnostics[0].code == "G402"
    assert len(str(caught.value)) < 3_000


@pytest.mark.parametrize("seed", range(150))
def test_damaged_files_give_an_error_or_a_game_and_nothing_else(seed: int) -> None:
    rng = np.random.default_rng(seed)
    content = bytearray((SIGNAL if seed % 2 else TABLE + '{ { "a" "b" } { "c" } } "" { { "o" 1 2 } } 1 0').encode())
    for _ in range(int(rng.integers(1, 4))):
        at = int(rng.integers(len(content)))
        kind = int(rng.integers(4))
        if kind == 0:
            content[at] = int(rng.integers(256))
        elif kind == 1:
            del content[at : at + int(rng.integers(1, 12))]
        elif kind == 2:
            content[at:at] = bytes(rng.choice(list(b'{}",/.-e0123456789 cpt\\\n'), 3).astype(np.uint8))
        else:
            del content[at:]
        if not content:
            break
    try:
        game = read_game(bytes(content), "damaged.efg")
    except CaseError as error:
        found = error.diagnostics[0]
        assert found.code.startswith("G")
        assert found.line <= content.count(b"\n") + content.count(b"\r") + 1
    else:
        assert game.game.numbers.payoff.shape[1] == game.game.shape.num_terminals


def test_control_characters_do_not_reach_the_terminal() -> None:
    bad = 'EFG 2 R "t" { "\x1b[31mA" } p "\x1b]0;x\x07" 1 1 "\x1b[2J" { "\u202ea" } 0 p "" 1 1 "\x1b[2J" { "b" } 0 \x1b'
    with pytest.raises(GameFileError) as caught:
        read_game(bad)
    assert all(char.isprintable() or char == "\n" for char in str(caught.value))


@pytest.mark.parametrize("content", [b"", b"\0" * 50, b"\xff\xfeE\0F\0G\0", b'EFG 2 R "\xff\0"', b"\xef\xbb\xbf"])
def test_what_is_no_text(content: bytes) -> None:
    with pytest.raises(GameFileError) as caught:
        read_game(content)
    assert caught.value.diagnostics[0].code in ("G101", "G103")
