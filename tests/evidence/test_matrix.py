"""A matrix as a spreadsheet gives it."""

from __future__ import annotations

import numpy as np
import pytest

from detente.errors import RequestError
from detente.evidence import Prior, bounds_at, read_matrices, read_matrix, write_matrix

TABLE = """id;says;reported;happened;reliability;credibility;group;subjugate;compel;pressure
essay;an essay on history;2021-07-12;;A;1;;++;0;+

troops;forces, near the border;2021-12-03;2021-11-01;B;2;leak;very likely;0.3-0.5;40%
again;the same;2021-12-04;;F;6;leak;0.8;0.4;0.4
"""


def test_a_table_with_words_marks_and_ranges():
    found = read_matrix(TABLE, rho={"leak": 0.7})
    assert found.types == ("subjugate", "compel", "pressure")
    assert found.ids == ("essay", "troops", "again")
    np.testing.assert_allclose(found.low, [[0.8, 0.5, 0.55], [0.8, 0.3, 0.4], [0.8, 0.4, 0.4]])
    np.testing.assert_allclose(found.high, [[0.95, 0.5, 0.8], [0.95, 0.5, 0.4], [0.8, 0.4, 0.4]])
    np.testing.assert_allclose(found.r, [1.0, 0.8, 0.5])
    assert found.group.tolist() == [-1, 0, 0]
    assert (found.groups, found.rho.tolist()) == (("leak",), [0.7])
    assert found.reported[1] - found.happened[1] == 32


def test_what_is_written_is_read_back():
    found = read_matrix(TABLE)
    again = read_matrix(write_matrix(found))
    prior = Prior.of(found.types)
    for name in ("point", "lower", "upper"):
        np.testing.assert_array_equal(getattr(bounds_at(again, prior), name), getattr(bounds_at(found, prior), name))
    assert (again.ids, again.groups) == (found.ids, found.groups)
    np.testing.assert_array_equal(again.happened, found.happened)


def test_several_analysts_in_one_table():
    text = "id,analyst,reported,r,a,b\nx,Ann,2022-01-02,0.5,0.8,0.2\nx,Bob,2022-01-02,,0.6,0.4\n"
    found = read_matrices("\ufeff" + text)
    assert list(found) == ["Ann", "Bob"]
    assert [known.r[0] for known in found.values()] == [0.5, 1.0]
    with pytest.raises(RequestError, match="2 analysts"):
        read_matrix(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "names its columns"),
        ("id,a,b\nx,0.1,0.2", "names its columns"),
        ("id,reported\nx,2022-01-01", "names its columns"),
        ("id,reported,a,a\n", "names its columns"),
        ("id,reported,a,b\n", "no row"),
        ("id,reported,a,b\nx,2022-01-01,0.1", "row 2 .* 3 cells for 4 columns"),
        ("id,reported,a,b\nx,2022-01-01,0.1,maybe", "row 2 of the matrix, column 'b': 'maybe'"),
        ("id,reported,a,b\nx,3 December,0.1,0.2", "row 2 of the matrix, column 'reported'"),
        ("id,reported,a,b\n,2022-01-01,0.1,0.2", "needs a name"),
        ("id,reported,reliability,a,b\nx,2022-01-01,Q,0.1,0.2", "column 'reliability': no source"),
        ("id,reported,r,a,b\nx,2022-01-01,much,0.1,0.2", "column 'r': 'much'"),
        ("id,reported,r,a,b\nx,2022-01-01,2,0.1,0.2", "item 'x' counts with r = 2"),
        ("id,reported,a,b\nx,2022-01-01,0.1,0.2\nx,2022-01-02,0.1,0.2", "two items"),
    ],
)
def test_refused(text, says):
    with pytest.raises(RequestError, match=says):
        read_matrix(text)
