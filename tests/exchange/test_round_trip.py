"""Reading and writing give back the same game, name by name and fraction by fraction; Gambit reads the same game."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import CaseError
from detente.exchange import FileTable, FileTree, GameFile, as_file, load_game, read_game, write_efg, write_nfg
from detente.exchange.write_efg import _lines as tree_lines
from detente.exchange.write_nfg import _lines as table_lines
from exchange.random_files import random_table, random_tree
from game.known_games import entry_deterrence, two_types
from game.random_games import random_game

REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "models" / "efg"


def written(game: GameFile) -> str:
    return write_efg(game) if game.kind == "efg" else write_nfg(game)


def check_same(game: GameFile, again: GameFile) -> None:
    assert again.body == game.body
    assert (again.kind, again.title, again.comment) == (game.kind, game.title, game.comment)
    assert again.exact == game.exact
    assert again.game.labels == game.game.labels
    assert again.game.edge_label == game.game.edge_label
    assert again.game.outcome == game.game.outcome
    np.testing.assert_array_equal(again.game.numbers.payoff, game.game.numbers.payoff)
    np.testing.assert_array_equal(again.game.numbers.chance, game.game.numbers.chance)
    np.testing.assert_array_equal(again.game.shape.parent, game.game.shape.parent)


@pytest.mark.parametrize("seed", range(40))
def test_random_trees(seed: int) -> None:
    rng = np.random.default_rng(seed)
    tree = random_tree(rng, int(rng.integers(1, 40)), int(rng.integers(1, 4)))
    text = "\n".join(tree_lines(tree, 'A "title" \\', "a\ncomment"))
    game = read_game(text)
    assert game.body == tree
    assert (game.title, game.comment) == ('A "title" \\', "a\ncomment")
    assert game.warnings == ()
    check_same(game, read_game(written(game).replace("\n", "\r\n").encode()))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("named", [True, False])
def test_random_tables(seed: int, named: bool) -> None:
    table = random_table(np.random.default_rng(seed), named)
    game = read_game("\n".join(table_lines(table, "t", "")))
    assert game.body == table
    check_same(game, read_game(written(game)))


@given(st.text(alphabet=st.characters(blacklist_characters="\r", blacklist_categories=("Cs",)), max_size=12))
def test_any_label_survives(label: str) -> None:
    tree = replace(random_tree(np.random.default_rng(3), 1, 1), players=(label,))
    game = read_game("\ufeff" + "\n".join(tree_lines(tree, label, label)))
    assert isinstance(game.body, FileTree)
    assert (game.title, game.comment, game.body.players) == (label, label, (label,))


@pytest.mark.parametrize("seed", range(10))
def test_games_built_here(seed: int) -> None:
    game = random_game(np.random.default_rng(seed), num_nodes=20, num_players=2)
    again = read_game(write_efg(game, title="built")).game
    for name in ("parent", "kind", "first_child", "infoset", "edge", "terminal", "infoset_player", "action_start"):
        np.testing.assert_array_equal(getattr(again.shape, name), getattr(game.shape, name))
    assert again.labels == game.labels
    np.testing.assert_array_equal(again.numbers.payoff, game.numbers.payoff)
    np.testing.assert_array_equal(again.numbers.chance, game.numbers.chance)


def test_thirds_and_tenths_built_here_are_written_so_that_they_sum_to_one() -> None:
    from detente.game import TreeBuilder

    for count in (3, 10):
        tree = TreeBuilder("A")
        game = tree.build(tree.chance({str(k): (1 / count, tree.terminal(k)) for k in range(count)}))
        assert read_game(write_efg(game)).exact.chance == (Fraction(1, count),) * count


@pytest.mark.parametrize("path", sorted(REFERENCE.glob("*.efg")), ids=lambda path: path.stem)
def test_reference_games(path: Path) -> None:
    game = load_game(path)
    assert game.warnings == ()
    check_same(game, read_game(written(game)))


def test_a_table_written_as_a_tree_is_the_same_game() -> None:
    table = read_game('NFG 1 R "t" { "A" "B" } { { "u" "d" } { "l" "r" } } "c" 1/3 2  3 4  5 6  7 8')
    tree = read_game(write_efg(table))
    assert (tree.kind, tree.title, tree.comment) == ("efg", "t", "c")
    assert tree.exact.payoff == table.exact.payoff
    np.testing.assert_array_equal(tree.game.shape.infoset, table.game.shape.infoset)


def gambit_table(gambit, game) -> dict:
    """How often each list of payoffs occurs among the pure strategy profiles."""
    found: dict[tuple[Fraction, ...], int] = {}
    for profile in itertools.product(*(list(player.strategies) for player in game.players)):
        outcome = game[tuple(profile)]
        row = tuple(Fraction(str(outcome[player])) for player in game.players)
        found[row] = found.get(row, 0) + 1
    return found


def ours(table: FileTable) -> dict:
    found: dict[tuple[Fraction, ...], int] = {}
    nothing = (Fraction(0),) * len(table.players)
    for entry in table.entries:
        row = nothing if entry < 0 else table.outcomes[entry].payoffs
        found[row] = found.get(row, 0) + 1
    return found


@pytest.mark.parametrize("seed", range(15))
def test_gambit_reads_what_we_write_and_agrees_on_every_payoff(seed: int) -> None:
    gambit = pytest.importorskip("pygambit")
    tree = random_tree(np.random.default_rng(seed), 14, 2)
    plain = replace(
        tree,
        players=("A", "B"),
        sets=tuple(
            replace(item, label=f"s{k}", actions=tuple(f"a{j}" for j in range(len(item.actions))))
            for k, item in enumerate(tree.sets)
        ),
        outcomes=tuple(replace(item, label=f"o{item.number}") for item in tree.outcomes),
        nodes=tuple(replace(node, label="") for node in tree.nodes),
    )
    game = read_game("\n".join(tree_lines(plain, "t", "c")))
    theirs = gambit.read_efg(io.BytesIO(write_efg(game).encode()))
    assert theirs.title == "t"
    table = read_game(write_nfg(game)).body
    assert isinstance(table, FileTable)
    assert [len(names) for names in table.strategies] == [len(player.strategies) for player in theirs.players]
    assert ours(table) == gambit_table(gambit, theirs)
    back = gambit.read_nfg(io.BytesIO(write_nfg(game).encode()))
    assert gambit_table(gambit, back) == gambit_table(gambit, theirs)


def test_gambit_catalog() -> None:
    gambit = pytest.importorskip("pygambit")
    folder = Path(gambit.__file__).parent / "catalog_data"
    files = sorted(folder.rglob("*.[en]fg"))
    if not files:
        pytest.skip("this pygambit has no catalog")
    refused: dict[Path, str] = {}
    for path in files:
        try:
            game = load_game(path)
        except CaseError as error:
            refused[path] = error.diagnostics[0].code
            continue
        check_same(game, read_game(written(game)))
        theirs = (gambit.read_efg if game.kind == "efg" else gambit.read_nfg)(io.BytesIO(written(game).encode()))
        assert theirs.title == game.title
        assert len(theirs.players) == game.game.shape.num_players
    assert set(refused.values()) <= {"G401", "G402"}
    for path in files:
        if path.suffix == ".efg":
            theirs = gambit.read_efg(str(path))
            assert theirs.is_perfect_recall == (path not in refused), path


def test_a_game_built_here_counts_as_a_file() -> None:
    file = as_file(entry_deterrence(), name="entry", title="Entry")
    assert (file.kind, file.title, file.name) == ("efg", "Entry", "entry")
    check_same(file, replace(read_game(write_efg(file)), game=file.game))
    assert len(file.sha256) == 64
    assert as_file(two_types()).sha256 != file.sha256
