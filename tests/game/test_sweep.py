import pytest

from detente.game import draw_chunks
from game.known_games import two_types


@pytest.mark.parametrize("num_draws", [1, 127, 128, 129, 1000])
def test_chunks_cover_every_draw_once(num_draws: int):
    chunks = list(draw_chunks(two_types().shape, num_draws))
    assert [i for rows in chunks for i in range(rows.start, rows.stop)] == list(range(num_draws))
    assert max(rows.stop - rows.start for rows in chunks) <= 128


def test_large_games_take_few_draws_at_a_time():
    assert [rows.stop - rows.start for rows in draw_chunks(two_types().shape, 3, arrays=10**6)] == [1, 1, 1]


def test_no_draws_are_one_empty_chunk():
    assert list(draw_chunks(two_types().shape, 0)) == [slice(0, 0)]
