"""Typed readings of expressions: names, labels, numbers and conditions, with an error for every confusion."""

from __future__ import annotations

import pytest

from detente.case.expression import (
    WEIGHT_LITERALS,
    Contains,
    ExpressionError,
    Happened,
    Match,
    Named,
    ParameterRef,
    Scope,
    TableEntry,
    check_condition,
    check_value,
    condition_from_mapping,
    parse,
    read_condition,
    read_value,
)
from detente.case.model import Table

SCOPE = Scope(
    variables={
        "RUS.aim": ("subjugate", "pressure"),
        "move": ("assault", "hold"),
        "winter": ("mass", "hold"),
        "package": ("nothing", "talks", "arms", "talks+arms"),
        "vote.DEU": ("yes", "no"),
        "vote.FRA": ("yes", "no"),
    },
    items={"package": ("talks", "arms")},
    parameters=("prize", "cost"),
    tables={"level_cost": Table("level_cost", "winter", ("mass", "hold"))},
    skippable=("move",),
    later=("respond",),
    conditions={"attack": Match("move", ("assault",))},
    others={"RUS": "actor", "open": "posture"},
)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("move == assault", Match("move", ("assault",))),
        ("assault == move", Match("move", ("assault",))),
        ("move in [hold, assault, hold]", Match("move", ("hold", "assault"))),
        ("RUS.aim != pressure", Match("RUS.aim", ("pressure",), negated=True)),
        ("winter not in [mass]", Match("winter", ("mass",), negated=True)),
        ("package.talks", Contains("package", "talks")),
        ("package == arms + talks", Match("package", ("talks+arms",))),
        ("package in [arms, talks+arms]", Match("package", ("arms", "talks+arms"))),
        ("package == nothing", Match("package", ("nothing",))),
        ("vote.DEU == yes", Match("vote.DEU", ("yes",))),
        ("happened(move)", Happened("move")),
        ("attack", Named("attack", Match("move", ("assault",)))),
    ],
)
def test_conditions(text: str, typed: object):
    checked = read_condition(text, SCOPE)
    assert checked.problems == ()
    assert checked.expression == typed
    assert read_condition(checked.require().text, SCOPE).expression == typed


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("prize", ParameterRef("prize")),
        ("level_cost[winter]", TableEntry("level_cost", "winter", ("mass", "hold"))),
        ("level_cost[mass]", ParameterRef("level_cost[mass]")),
    ],
)
def test_values(text: str, typed: object):
    assert read_value(text, SCOPE).require() == typed


@pytest.mark.parametrize(
    "text",
    [
        "prize ** 2.5",
        "prize * -1 + 0",
        "cost if move == hold and prize > cost else 0",
        "1 if count(vote.DEU == yes, vote.FRA == yes) >= 2 else 0",
        "cost * count(vote.DEU == yes, vote.FRA == yes)",
        "max(prize, cost, level_cost[winter]) / exp(cost)",
    ],
)
def test_values_may_be(text: str):
    checked = read_value(text, SCOPE)
    assert checked.problems == ()
    assert read_value(checked.require().text, SCOPE).expression == checked.expression


@pytest.mark.parametrize(
    ("text", "code", "message", "hint"),
    [
        ("mov == assault", "C220", "'mov' is not declared", "Did you mean 'move'?"),
        ("mov == asault", "C220", "'mov' is not declared", "Did you mean 'move'?"),
        ("happened(wintr)", "C220", "'wintr' is not declared", "Did you mean 'winter'?"),
        ("happened(cost)", "C220", "'cost' is a parameter", "variables here are"),
        ("happened(package.talks)", "C220", "not a variable", ""),
        ("happened(not move)", "C206", "name of a variable", ""),
        ("RUS", "C220", "'RUS' is an actor", "RUS.aim"),
        ("open == hold", "C220", "'open' is a posture", ""),
        ("vote.GBR == yes", "C220", "'vote.GBR'", "vote.FRA"),
        ("count(move == hold) >= threshhold", "C220", "threshhold", ""),
        ("move == asault", "C221", "'asault' is not a label of move", "Did you mean 'assault'?"),
        ("move == mass", "C221", "'mass' is a label of winter, not of move", "assault, hold"),
        ("move == cost", "C221", "'cost' is a parameter", "assault, hold"),
        ("move == true", "C221", "'true'", "assault, hold"),
        ("move in [hold, mass]", "C221", "'mass'", ""),
        ("package == talks + foo", "C221", "'talks \\+ foo'", ""),
        ("move == 3", "C222", "3 is a number", "assault, hold"),
        ("3 == move", "C222", "3 is a number", ""),
        ("move > 3", "C222", "no order", ""),
        ("move < hold", "C228", "no order", "move in"),
        ("move == winter", "C228", "both variables", ""),
        ("move == winter == hold", "C228", "chained", "and"),
        ("cost == hold", "C228", "has no labels", ""),
        ("package.talks == yes", "C228", "condition already", "alone"),
        ("count(move == hold) in [hold]", "C228", "not a variable", ""),
        ("move", "C227", "compare it with a label", "move == assault"),
        ("mass", "C227", "label of winter", "winter == mass"),
        ("mass == mass", "C227", "label of winter", ""),
        ("hold", "C236", "move, winter", ""),
        ("respond == severe", "C229", "not decided yet", "move"),
        ("respond", "C229", "not decided yet", ""),
        ("prize", "C224", "a condition is expected", ""),
        ("3", "C224", "a condition is expected", ""),
        ("-cost", "C224", "a condition is expected", ""),
        ("level_cost[winter]", "C224", "a condition is expected", ""),
        ("count(move == hold)", "C224", "a condition is expected", ">= 1"),
        ("true if move == hold else false", "C224", "a condition is expected", "and, or, not"),
        ("prize > 0", "C230", "'prize' is a parameter", "if-else"),
        ("level_cost[mass] > 0", "C230", "is a parameter", ""),
        ("package.trade", "C234", "'trade' is not an item of package", "talks, arms"),
        ("type", "C258", "share_of_types", ""),
        ("move == type", "C221", "'type'", ""),
        ("move == hold and", "C206", "ends too early", ""),
    ],
)
def test_condition_errors(text: str, code: str, message: str, hint: str):
    checked = read_condition(text, SCOPE)
    assert checked.expression is None
    assert checked.errors[0].code == code
    with pytest.raises(ExpressionError, match=message):
        checked.require()
    assert hint in checked.errors[0].hint


@pytest.mark.parametrize(
    ("text", "code", "message", "hint"),
    [
        ("prise", "C220", "'prise' is not declared", "Did you mean 'prize'?"),
        ("RUS", "C220", "'RUS' is an actor", ""),
        ("open", "C220", "'open' is a posture", ""),
        ("levl_cost[winter]", "C220", "'levl_cost' is not a table", "Did you mean 'level_cost'?"),
        ("prize[winter]", "C220", "'prize' is a parameter, not a table", ""),
        ("level_cost[move]", "C226", "indexed by winter, not by move", "level_cost[winter]"),
        ("level_cost[mas]", "C221", "'mas' is not a label of winter", "Did you mean 'mass'?"),
        ("level_cost", "C233", "needs an index", "level_cost[winter]"),
        ("prize > cost", "C223", "is a condition", "1 if"),
        ("move == hold", "C223", "is a condition", "1 if"),
        ("prize * package.talks", "C223", "is a condition", ""),
        ("attack", "C223", "is a condition", ""),
        ("happened(move)", "C223", "is a condition", ""),
        ("true", "C223", "is a condition", ""),
        ("move", "C232", "is a variable", ""),
        ("respond", "C232", "is a variable", ""),
        ("mass", "C227", "label of winter", ""),
        ("2 * prize", "C225", "the number 2 has no name", "Declare a parameter"),
        ("prize / 0.5", "C225", "0.5", ""),
        ("-2", "C225", "-2", ""),
        ("1 if prize > 0.5 else 0", "C225", "0.5", ""),
        ("prize if cost else 0", "C224", "a condition is expected", ""),
        ("cost if prize == mov else 0", "C220", "'mov'", ""),
    ],
)
def test_value_errors(text: str, code: str, message: str, hint: str):
    checked = read_value(text, SCOPE)
    assert checked.expression is None
    assert checked.errors[0].code == code
    with pytest.raises(ExpressionError, match=message):
        checked.require()
    assert hint in checked.errors[0].hint


def test_every_error_is_reported_with_its_place():
    checked = read_value("prise + 2 * cots", SCOPE)
    assert [(item.code, item.offset, item.length) for item in checked.problems] == [
        ("C220", 0, 5),
        ("C225", 8, 1),
        ("C220", 12, 4),
    ]


def test_literals_depend_on_the_place():
    tree = parse("-1")
    assert check_value(tree, SCOPE).errors == ()
    assert check_value(tree, SCOPE, literals=WEIGHT_LITERALS).errors[0].code == "C225"
    assert check_value(parse("0.37 * prize"), SCOPE, literals=None).errors == ()


def test_where_only_parameters_count_the_history_is_refused():
    assert read_value("1 - prize if prize > cost else level_cost[mass]", SCOPE, history=False).problems == ()
    for text in ("1 if move == hold else 0", "level_cost[winter]", "1 if happened(move) else 0"):
        assert [item.code for item in read_value(text, SCOPE, history=False).errors] == ["C232"]


def test_bare_labels_only_where_asked_for():
    tree = parse("subjugate and move == hold")
    assert check_condition(tree, SCOPE).errors[0].code == "C227"
    expected = "RUS.aim == subjugate and move == hold"
    assert check_condition(tree, SCOPE, bare_labels=True).require().text == expected
    assert check_condition(parse("hold"), SCOPE, bare_labels=True).errors[0].code == "C236"


@pytest.mark.parametrize("text", ["move != hold", "move not in [hold]", "winter == mass or move != hold"])
def test_unequal_warns_on_a_variable_that_can_be_skipped(text: str):
    checked = read_condition(text, SCOPE)
    assert checked.expression is not None
    assert [item.code for item in checked.warnings] == ["C231"]
    assert "happened(move) and move" in checked.warnings[0].hint


@pytest.mark.parametrize("text", ["happened(move) and move != hold", "winter != hold", "not move == hold"])
def test_unequal_does_not_warn_without_cause(text: str):
    assert read_condition(text, SCOPE).problems == ()


def test_mapping():
    checked = condition_from_mapping({"move": ["assault", "hold"], "RUS.aim": "subjugate"}, SCOPE)
    assert checked.require().text == "move in [assault, hold] and RUS.aim == subjugate"
    assert condition_from_mapping({"package": "arms+talks"}, SCOPE).require() == Match("package", ("talks+arms",))
    single = condition_from_mapping({"vote.DEU": ["yes"]}, SCOPE).require()
    assert single == read_condition("vote.DEU == yes", SCOPE).expression


@pytest.mark.parametrize(
    ("entries", "code", "path"),
    [
        ({"move": ["hold", "mass"]}, "C221", ("move", 1)),
        ({"move": "asault"}, "C221", ("move",)),
        ({"move": 3}, "C235", ("move",)),
        ({"move": None}, "C235", ("move",)),
        ({"move": []}, "C235", ("move",)),
        ({"mov": "hold"}, "C220", ("mov",)),
        ({"prize": "hold"}, "C220", ("prize",)),
        ({"respond": "severe"}, "C229", ("respond",)),
        ({"package.talks": True}, "C235", ("package.talks",)),
        ({3: "hold"}, "C220", ("3",)),
        ({}, "C235", ()),
    ],
)
def test_mapping_errors(entries: dict[str, str], code: str, path: tuple[str | int, ...]):
    checked = condition_from_mapping(entries, SCOPE)
    assert checked.expression is None
    assert (checked.errors[0].code, checked.errors[0].path) == (code, path)
