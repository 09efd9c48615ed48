"""The claim language: reading, checking and judging claims."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.axes import Floats
from detente.case.expression import Expression, ExpressionError, Match, Number, ParameterRef, Scope, parameters
from detente.case.model import Table
from detente.case.quantity import (
    ActionValue,
    ClaimScope,
    Misjudged,
    Probability,
    Quantity,
    Settles,
    ShareOfTypes,
    Value,
    evaluate,
    leaves,
    parse_claim,
    quantities,
    read_claim,
)

ATTACK = Match("move", ("assault",))
SUBJUGATE = Match("RUS.aim", ("subjugate",))
SCOPE = ClaimScope(
    history=Scope(
        variables={
            "RUS.aim": ("subjugate", "compel", "pressure"),
            "USA.resolve": ("firm", "limited"),
            "move": ("assault", "hold"),
            "respond": ("severe", "protest"),
            "package": ("nothing", "talks", "arms", "talks+arms"),
            "winter": ("mass", "hold"),
        },
        items={"package": ("talks", "arms")},
        parameters=("p", "q"),
        tables={"level_cost": Table("level_cost", "winter", ("mass", "hold"))},
        skippable=("respond",),
        conditions={"attack": ATTACK},
    ),
    actors=("RUS", "USA"),
    postures=("status_quo", "ambiguous", "telegraph"),
    decisions={"move": "RUS", "winter": "RUS", "respond": "USA", "package": "USA"},
    types=("RUS.aim", "USA.resolve"),
    designs=("minsk", "guaranteed"),
)


def claim(text: str) -> Expression:
    return read_claim(text, SCOPE).require()


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("value(USA, ambiguous)", Value("USA", "ambiguous")),
        ("value(USA, ambiguous | RUS.aim == subjugate)", Value("USA", "ambiguous", SUBJUGATE)),
        ("value(USA, ambiguous | subjugate)", Value("USA", "ambiguous", SUBJUGATE)),
        (
            "value(USA, ambiguous | subjugate, with p = q, level_cost[mass] = 0.5)",
            Value("USA", "ambiguous", SUBJUGATE, (("p", ParameterRef("q")), ("level_cost[mass]", Number(0.5)))),
        ),
        ("value(USA, ambiguous, with p = 0)", Value("USA", "ambiguous", None, (("p", Number(0.0)),))),
        ("probability(move == assault, telegraph)", Probability(ATTACK, "telegraph")),
        ("probability(assault, telegraph | subjugate)", Probability(ATTACK, "telegraph", SUBJUGATE)),
        ("action_value(RUS, move, assault)", ActionValue("RUS", "move", "assault")),
        (
            "action_value(RUS, move, assault, telegraph | subjugate)",
            ActionValue("RUS", "move", "assault", "telegraph", SUBJUGATE),
        ),
        ("action_value(RUS, move, hold | subjugate)", ActionValue("RUS", "move", "hold", None, SUBJUGATE)),
        ("action_value(USA, package, arms + talks)", ActionValue("USA", "package", "talks+arms")),
        ("misjudged(RUS, ambiguous)", Misjudged("RUS", "ambiguous")),
        ("settles(minsk)", Settles("minsk")),
    ],
)
def test_quantities(text: str, quantity: Quantity):
    read = claim(f"{text} > 0")
    assert quantities(read) == (quantity,)
    assert claim(read.text) == read
    assert claim(quantity.text + " > 0") == read


def test_an_outcome_keeps_its_name():
    (quantity,) = quantities(claim("probability(attack, ambiguous) < 0.5"))
    assert isinstance(quantity, Probability)
    assert quantity.text == "probability(attack, ambiguous)"
    assert list(quantity.event.walk())[-1] == ATTACK


def test_share_of_types_has_one_case_per_label():
    read = claim("share_of_types(RUS.aim, action_value(RUS, move, assault | type) < p) >= 0.5")
    (share,) = (node for node in read.walk() if isinstance(node, ShareOfTypes))
    assert [label for label, _ in share.cases] == ["subjugate", "compel", "pressure"]
    assert [item.text for item in quantities(read)] == [
        f"action_value(RUS, move, assault | RUS.aim == {label})" for label in ("subjugate", "compel", "pressure")
    ]
    assert len(leaves(read)) == 4
    assert claim(read.text) == read
    other = "share_of_types(RUS.aim, value(USA, ambiguous | RUS.aim == type and firm) > 0) == 1"
    assert [item.text for item in quantities(claim(other))][2] == (
        "value(USA, ambiguous | RUS.aim == pressure and USA.resolve == firm)"
    )


def test_claims_may_be_combined():
    text = (
        "2 * value(USA, ambiguous) - p ** 2 > abs(value(USA, telegraph)) and not probability(attack, ambiguous) >= 0.5"
    )
    read = claim(text)
    assert read.text == text
    assert parameters(read) == {"p"}
    assert len(quantities(read)) == 3
    assert hash(read) == hash(claim(text))


def test_each_quantity_is_listed_once():
    read = claim("value(USA, ambiguous) > 0 and value(USA, ambiguous) < value(RUS, ambiguous)")
    assert quantities(read) == (Value("USA", "ambiguous"), Value("RUS", "ambiguous"))


def test_misjudged_and_settles_may_stand_alone():
    assert claim("misjudged(RUS, ambiguous) and not settles(minsk)").text == (
        "misjudged(RUS, ambiguous) > 0 and not settles(minsk) > 0"
    )


@pytest.mark.parametrize(
    ("text", "code", "message", "hint"),
    [
        ("value(US, ambiguous) > 0", "C251", "no actor is named 'US'", "Did you mean 'USA'?"),
        ("misjudged(RSU, ambiguous)", "C251", "no actor is named 'RSU'", "Did you mean 'RUS'?"),
        ("value(USA, ambigous) > 0", "C252", "no posture is named 'ambigous'", "Did you mean 'ambiguous'?"),
        ("action_value(RUS, moves, hold) > 0", "C253", "'moves'", "Did you mean 'move'?"),
        ("action_value(USA, move, hold) > 0", "C253", "decision of RUS, not of USA", ""),
        ("action_value(RUS, move, asault) > 0", "C254", "not an option of move", "Did you mean 'assault'?"),
        ("action_value(RUS, move, 1) > 0", "C254", "'1' is not an option", ""),
        ("probability(atack, ambiguous) > 0", "C220", "'atack'", "Did you mean 'attack'?"),
        ("probability(hold, ambiguous) > 0", "C236", "several variables", ""),
        ("value(USA, ambiguous | RUS.aim == firm) > 0", "C221", "not of RUS.aim", ""),
        ("value(USA, ambiguous | p > 0) > 0", "C230", "is a parameter", ""),
        ("share_of_types(RUS.goal, value(USA, ambiguous | type) > 0) > 0", "C255", "'RUS.goal'", "RUS.aim"),
        ("share_of_types(RUS.aim, value(USA, ambiguous) > 0) > 0", "C258", "does not depend on `type`", ""),
        ("share_of_types(RUS.aim, type) > 0", "C258", "cannot stand here", ""),
        ("value(USA, ambiguous | type) > 0", "C258", "share_of_types", ""),
        ("share_of_types(RUS.aim, value(USA, ambiguous)) > 0", "C250", "comparison is expected", ""),
        (
            "share_of_types(RUS.aim, share_of_types(RUS.aim, value(USA, ambiguous | type) > 0) > 0) > 0",
            "C256",
            "nested",
            "",
        ),
        ("value(USA) > 0", "C256", "takes 2 arguments, not 1", "value\\(ACTOR"),
        ("value() > 0", "C256", "takes 2 arguments, not 0", ""),
        ("action_value(RUS, move) > 0", "C256", "takes 3 or 4 arguments, not 2", ""),
        ("value(USA, ambiguous + 1) > 0", "C256", "a posture is expected", ""),
        ("value(USA, ambiguous, with p = 1, p = 2) > 0", "C256", "two values", ""),
        ("value(USA, ambiguous, with p + 1 = 2) > 0", "C206", "'=' is needed", ""),
        ("value(USA, ambiguous, with 1 = 2) > 0", "C256", "not a parameter", ""),
        ("value(USA, ambiguous, with r = 1) > 0", "C220", "'r' is not declared", ""),
        ("value(USA, ambiguous, with p = value(USA, telegraph)) > 0", "C256", "inside another", ""),
        ("value(USA, ambiguous | value(USA, telegraph) > 0) > 0", "C256", "inside another", ""),
        ("value(USA, ambiguous | misjudged(RUS, ambiguous)) > 0", "C256", "inside another", ""),
        ("value(USA, ambiguous | subjugate | firm) > 0", "C256", "one condition", "and"),
        ("value(USA, ambiguous | subjugate, telegraph) > 0", "C206", "only `with`", ""),
        ("misjudged(RUS, ambiguous | subjugate)", "C256", "no condition", ""),
        ("misjudged(RUS, ambiguous, with p = 1)", "C256", "no `with`", ""),
        ("value(USA, ambiguous)", "C250", "comparison is expected", "> ..."),
        ("p > 0", "C250", "no quantity", ""),
        ("attack", "C250", "is an outcome", "probability\\(attack"),
        ("move == hold", "C232", "claim compares quantities", "probability"),
        ("value(USA, ambiguous) > winter", "C232", "is a variable", ""),
        ("value(USA, ambiguous) > level_cost[winter]", "C232", "is a variable", ""),
        ("value(USA, ambiguous > 0", "C206", "'\\)' is needed", ""),
        ("values(USA, ambiguous) > 0", "C209", "not a function", ""),
    ],
)
def test_claim_errors(text: str, code: str, message: str, hint: str):
    checked = read_claim(text, SCOPE)
    assert checked.expression is None
    assert checked.errors[0].code == code
    with pytest.raises(ExpressionError, match=message):
        checked.require()
    assert hint.replace("\\", "") in checked.errors[0].hint


def test_several_mistakes_are_reported_together():
    checked = read_claim("value(US, ambigous) > value(USA, open)", SCOPE)
    assert [item.code for item in checked.errors] == ["C251", "C252", "C252"]


def test_warnings_inside_quantities_are_kept():
    checked = read_claim("value(USA, ambiguous | respond != severe) > 0", SCOPE)
    assert checked.expression is not None
    assert [item.code for item in checked.warnings] == ["C231"]


# --------------------------------------------------------------------------- judging
NAN = float("nan")
NUMBERS: dict[str, list[float]] = {
    "value(USA, ambiguous)": [1.0, 2.0, NAN, 4.0],
    "value(USA, telegraph)": [0.0, 3.0, 1.0, 4.0],
    "value(RUS, ambiguous)": [-1.0, -1.0, -1.0, NAN],
    "p": [0.5, 0.5, 0.5, 0.5],
}


def judge(text: str) -> tuple[list[bool], list[float]]:
    truth, margin = evaluate(claim(text), lambda leaf: np.array(NUMBERS[leaf.text]))
    assert truth.dtype == np.bool_
    assert margin.dtype == np.float64
    return truth.tolist(), margin.tolist()


@pytest.mark.parametrize(
    ("text", "truth", "margin"),
    [
        ("value(USA, ambiguous) > value(USA, telegraph)", [1, 0, 0, 0], [1, -1, NAN, 0]),
        ("value(USA, ambiguous) >= value(USA, telegraph)", [1, 0, 0, 1], [1, -1, NAN, 0]),
        ("value(USA, ambiguous) < value(USA, telegraph)", [0, 1, 0, 0], [-1, 1, NAN, 0]),
        ("value(USA, ambiguous) <= value(USA, telegraph)", [0, 1, 0, 1], [-1, 1, NAN, 0]),
        ("value(USA, ambiguous) == value(USA, telegraph)", [0, 0, 0, 1], [-1, -1, NAN, 0]),
        ("value(USA, ambiguous) != value(USA, telegraph)", [1, 1, 0, 0], [1, 1, NAN, 0]),
        ("not value(USA, ambiguous) > value(USA, telegraph)", [0, 1, 0, 1], [-1, 1, NAN, 0]),
        ("0 < value(USA, telegraph) < 4", [0, 1, 1, 0], [0, 1, 1, 0]),
        ("value(USA, telegraph) > 2 * p + 1", [0, 1, 0, 1], [-2, 1, -1, 2]),
        # one side of an `or` that is known to hold is enough; one of an `and` known to fail, too
        ("value(USA, ambiguous) > 0 or value(USA, telegraph) > 0", [1, 1, 1, 1], [1, 3, 1, 4]),
        ("value(USA, ambiguous) > 0 or value(USA, telegraph) > 3", [1, 1, 0, 1], [1, 2, NAN, 4]),
        ("value(USA, ambiguous) > 0 and value(USA, telegraph) > 3", [0, 0, 0, 1], [-3, 0, -2, 1]),
        ("value(USA, ambiguous) > 0 and value(USA, telegraph) > 0", [0, 1, 0, 1], [0, 2, NAN, 4]),
        ("value(USA, telegraph) > 0 and true", [0, 1, 1, 1], [0, 3, 1, 4]),
        ("value(USA, telegraph) > 0 or false", [0, 1, 1, 1], [0, 3, 1, 4]),
        (
            "count(value(USA, ambiguous) > 1, value(USA, telegraph) > 1) >= 1",
            [0, 1, 0, 1],
            [-1, 1, NAN, 1],
        ),
        ("(1 if value(USA, ambiguous) > 1 else 2) > p", [1, 1, 0, 1], [1.5, 0.5, NAN, 0.5]),
        ("1 / value(USA, telegraph) > 0", [0, 1, 1, 1], [NAN, 1 / 3, 1, 0.25]),
        ("log(value(RUS, ambiguous)) > 0", [0, 0, 0, 0], [NAN, NAN, NAN, NAN]),
    ],
)
def test_truth_and_margin(text: str, truth: list[int], margin: list[float]):
    found_truth, found_margin = judge(text)
    assert found_truth == [bool(item) for item in truth]
    np.testing.assert_allclose(found_margin, margin, rtol=1e-15)


def test_share_of_types_counts_labels():
    values = {"subjugate": [1.0, 1.0, NAN], "compel": [1.0, -1.0, 1.0], "pressure": [1.0, -1.0, 1.0]}

    def lookup(leaf: Quantity | ParameterRef) -> Floats:
        assert isinstance(leaf, ActionValue)
        assert isinstance(leaf.given, Match)
        return np.array(values[leaf.given.labels[0]])

    read = claim("share_of_types(RUS.aim, action_value(RUS, move, assault | type) > 0) > 0.5")
    truth, margin = evaluate(read, lookup)
    assert truth.tolist() == [True, False, False]
    np.testing.assert_allclose(margin, [0.5, 1 / 3 - 0.5, NAN])


def test_single_values_are_broadcast():
    truth, margin = evaluate(claim("value(USA, ambiguous) > 1"), lambda leaf: np.array([2.0]))
    assert truth.tolist() == [True]
    assert margin.tolist() == [1.0]


def test_only_typed_claims_can_be_judged():
    with pytest.raises(ExpressionError, match="not a comparison"):
        evaluate(parse_claim("value(USA, ambiguous)"), lambda leaf: np.array([1.0]))


comparisons = st.builds(
    "{} {} {}".format,
    st.sampled_from(["value(USA, ambiguous)", "value(USA, telegraph)", "p"]),
    st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
    st.sampled_from(["value(RUS, ambiguous)", "0.5", "value(USA, ambiguous)"]),
)
claims = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        inner.map("not ({})".format), st.builds("({}) {} ({})".format, inner, st.sampled_from(["and", "or"]), inner)
    ),
    max_leaves=5,
)


@settings(derandomize=True, deadline=None)
@given(claims)
def test_the_margin_agrees_with_the_truth(text: str):
    checked = read_claim(text, SCOPE)
    if checked.expression is None:
        assert [item.code for item in checked.errors] == ["C250"]  # no quantity drawn
        return
    truth, margin = judge(text)
    for holds, by in zip(truth, margin, strict=True):
        if by > 0:
            assert holds
        elif by < 0 or np.isnan(by):
            assert not holds
