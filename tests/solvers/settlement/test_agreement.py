"""Agreements that make no sense are refused with a code, the offending value and where it is."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from detente.solvers.settlement import SETTLEMENT_CODES, Agreement, AgreementError, reciprocal, settle

PAGE = Path(__file__).parents[3] / "docs" / "concepts" / "settlements.md"
BENEFIT = np.ones((2, 3, 2))
WHO = ((0,), (1,), ())


@pytest.mark.parametrize(
    ("code", "fields", "message", "steps"),
    [
        ("S001", {"performers": ((0,),)}, "performers has 1 entries; there are 3 steps", ()),
        ("S001", {"dividend": np.ones((2, 5))}, r"dividend has shape \(2, 5\)", ()),
        ("S001", {"benefit": np.ones((3, 2))}, r"benefit has shape \(3, 2\)", ()),
        ("S002", {"performers": ((0,), (7,), ())}, "performers of step 1: there is no party 7", (1,)),
        ("S002", {"undoer": (None, None, -1)}, "undoer of step 2: there is no party -1", (2,)),
        ("S003", {"prerequisites": ((), (9,), ())}, "prerequisites of step 1: there is no step 9", (1,)),
        ("S003", {"bundles": ((0, 3),)}, r"bundle \(0, 3\): there is no step 3", ()),
        ("S003", {"stop": (5,)}, "stop: there is no step 5", ()),
        (
            "S004",
            {"prerequisites": ((2,), (0,), (1,))},
            "wait for one another: 1 before 2 before 0 before 1",
            (1, 2, 0),
        ),
        ("S004", {"prerequisites": ((0,), (), ())}, "0 before 0", (0,)),
        ("S005", {"prerequisites": ((), (0,), ()), "bundles": ((0, 1),)}, "step 1 waits for step 0", (0, 1)),
        (
            "S005",
            {"prerequisites": ((), (2,), (0,)), "bundles": ((0, 1),)},
            r"bundles contradict prerequisites: .*\(2,\)",
            None,
        ),
        ("S006", {"bundles": ((0, 1), (1, 2))}, "step 1 is in more than one bundle", (1,)),
        ("S006", {"performers": ((0, 0), (1,), ())}, "party 0 is named twice", (0,)),
        ("S007", {"peacekeepers": 1.5}, "peacekeepers = 1.5 .* from 0 to 1", ()),
        ("S007", {"guarantee": -2.0}, "guarantee = -2 .* 0 or more", ()),
        ("S007", {"outside": np.array([[0.0, np.nan]])}, r"outside = nan \(at \[0, 1\]\) has to be finite", ()),
        ("S007", {"exit": "nobody"}, "exit = 'nobody'", ()),
        ("S008", {"prerequisites": ((), (0,), ()), "stop": (1, 2)}, "step 1 is in it, but not step 0", (1, 0)),
        ("S008", {"bundles": ((0, 1),), "stop": (1,)}, "step 0 is left out", (0, 1)),
        ("S008", {"stop": ()}, "no step", ()),
    ],
)
def test_what_is_wrong_is_said(code, fields, message, steps):
    with pytest.raises(AgreementError, match=message) as caught:
        Agreement(**{"benefit": BENEFIT, "performers": WHO, **fields})
    (problem,) = caught.value.problems
    assert problem.code == code
    if steps is not None:
        assert problem.steps == steps
    assert str(caught.value).startswith(f"{code}: ")


def test_all_mistakes_are_told_at_once():
    with pytest.raises(AgreementError) as caught:
        Agreement(BENEFIT, ((0,), (7,), (8,)), monitoring=2.0)
    assert [problem.code for problem in caught.value.problems] == ["S007", "S002", "S002"]


def test_every_code_is_explained_on_the_page():
    text = PAGE.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (S\d{3}) \| (.*?) \|", text, re.MULTILINE))
    assert rows == {code: title for code, (title, _) in SETTLEMENT_CODES.items()}


def test_undoing_pays_or_not():
    """Party 0 would undo step 0, which cost it 1, for 0.4, not for 1.2; nobody can undo step 1."""
    deal = reciprocal([0, 1], 1.0, 1.5, undoer=(0, None), undo_cost=0.4)
    assert deal.undone.tolist() == [[True, False]]
    assert deal.kept[0].tolist() == [[-0.4, 0.0], [1.5, -1.0]]
    dear = deal.changed(undo_cost=1.2)
    assert dear.undone.tolist() == [[False, False]]
    assert dear.kept[0].tolist() == [[-1.0, 1.5], [1.5, -1.0]]


def test_numbers_spread_over_worlds():
    deal = reciprocal([0, 1], [[1.0, 1.0], [2.0, 1.0]], 3.0, guarantee=2.0)
    assert (deal.num_draws, deal.num_steps, deal.num_parties) == (2, 2, 2)
    assert deal.guarantee.shape == (2, 2)
    assert deal.draw(1).benefit[0, 0, 0] == -2.0
    wider = deal.changed(guarantee=1.0, outside=np.zeros((2, 2)))
    assert settle(wider).guarantee.shape == (2,)


def test_stopping_set_leaves_the_rest_and_the_dividend_out():
    deal = reciprocal([0, 1, 0], [1.0, 0.1, 5.0], [0.0, 2.0, 0.0], dividend=10.0)
    short = settle(deal.changed(stop=(0, 1)))
    assert short.moves == ((0,), (1,))
    assert short.value[0].tolist() == [1.0, -0.1]
    assert short.guarantee[0] == pytest.approx(0.1, abs=1e-12)
