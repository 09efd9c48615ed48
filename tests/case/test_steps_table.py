"""A table of steps becomes a case, or an error that names row and column."""

from __future__ import annotations

import pytest

from detente.case import case_from_steps, loads
from detente.case.steps_table import Quantity, quantity
from detente.errors import RequestError

TABLE = """step,says,by,after,together,undo_by,undo_cost,benefit:RUS,benefit:UKR,grab:RUS,source,done
ceasefire,"Both stop shooting, everywhere.",RUS UKR,,,RUS,0.05-0.1,0.1,0.2-0.4,,Minsk 2015 p. 1,It never held.
amnesty,"A ""pardon"": for all.",UKR,ceasefire,pair,,,"0.2 [0.1, 0.35]",-0.3--0.1,,,
exchange,Prisoners are exchanged.,third,,pair,,,,,0.1,,
@dividend,,,,,,,0.5,0.1 to 0.3,,,
"""


def test_a_table_becomes_a_case_whose_numbers_are_named():
    case = loads(case_from_steps(TABLE, "minsk", "steps.csv"))
    assert case.settlement is not None
    ceasefire, amnesty, exchange = case.settlement.steps
    assert ceasefire.says == "Both stop shooting, everywhere."
    assert amnesty.says == 'A "pardon": for all.'
    assert (ceasefire.by, amnesty.by, exchange.by) == (("RUS", "UKR"), ("UKR",), ())
    assert amnesty.after == ("ceasefire",)
    assert ceasefire.undo_by == "RUS"
    assert ceasefire.done == "It never held."
    (design,) = case.settlement.designs
    assert design.together == (("amnesty", "exchange"),)
    found = {item.name: (item.value, item.distribution.low, item.distribution.high) for item in case.parameters}
    assert found == {
        "ceasefire_rus": (0.1, 0.1, 0.1),
        "ceasefire_ukr": (pytest.approx(0.3), 0.2, 0.4),
        "undo_ceasefire": (pytest.approx(0.075), 0.05, 0.1),
        "amnesty_rus": (0.2, 0.1, 0.35),
        "amnesty_ukr": (pytest.approx(-0.2), -0.3, -0.1),
        "grab_exchange_rus": (0.1, 0.1, 0.1),
        "dividend_rus": (0.5, 0.5, 0.5),
        "dividend_ukr": (pytest.approx(0.2), 0.1, 0.3),
    }
    assert case.warnings == ()


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("0.2", Quantity(0.2)),
        ("-1e-3", Quantity(-0.001)),
        ("1-3", Quantity(2.0, 1.0, 3.0)),
        ("-3..-1", Quantity(-2.0, -3.0, -1.0)),
        ("0.2 (0.1-0.4)", Quantity(0.2, 0.1, 0.4)),
        ("about 2", None),
        ("nan", None),
        ("1,5", None),
    ],
)
def test_cells_are_numbers_or_ranges(cell: str, found: Quantity | None):
    assert quantity(cell) == found


WRONG = [
    (",RUS UKR,,", ",RUS POL,,", "row 2, column 'by': 'POL' is no party"),
    ("UKR,ceasefire,p", "UKR,cesefire,p", "row 3, column 'after': 'cesefire' is no step. Did you mean 'ceasefire'"),
    ("0.05-0.1,", "0.1-0.05,", "row 2, column 'undo_cost': '0.1-0.05': the lower end comes first"),
    (",0.1,0.2-0.4", ",much,0.2-0.4", "row 2, column 'benefit:RUS': 'much' is no number or range"),
    (
        "exchange,P",
        "the exchange,P",
        "row 4, column 'step': 'the exchange' cannot be the name of a step. 'the_exchange'",
    ),
    ("exchange,P", "amnesty,P", "row 4, column 'step': 'amnesty' is there already, in row 3"),
    ("third,,pair", ",,pair", "row 4, column 'by': who carries it out?"),
    ("third,,pair", "third UKR,,pair", "row 4, column 'by': `third` stands alone"),
    (
        ",,,RUS,0.05",
        ",amnesty,,RUS,0.05",
        "column 'after': steps wait for one another: amnesty before ceasefire",
    ),
    (
        "third,,pair",
        "third,amnesty,pair",
        "column 'together': a bundle contradicts a prerequisite: amnesty",
    ),
    ("@dividend", "@divident", "row 5, column 'step': '@divident' is none of @dividend"),
    ("grab:RUS", "grab:DEU", "row 1, column 'grab:DEU': no party"),
    (",says,", ",saying,", "row 1, column 'saying': no such column. Did you mean 'says'"),
    ("undo_by,undo_cost", "undo_cost,undo_by", "column 'undo_by'"),
]


@pytest.mark.parametrize(("old", "new", "says"), WRONG)
def test_what_is_wrong_is_said_with_row_and_column(old: str, new: str, says: str):
    assert TABLE.count(old) == 1
    with pytest.raises(RequestError) as caught:
        case_from_steps(TABLE.replace(old, new), "minsk", "steps.csv")
    assert says in str(caught.value)
    assert "steps.csv" in str(caught.value)


@pytest.mark.parametrize("text", ["", "step,says,by\n", "step,says,by,benefit:A\n", 'step,says,by,benefit:A\n"open\n'])
def test_what_is_no_table_of_steps_is_refused(text: str):
    with pytest.raises(RequestError, match="the table"):
        case_from_steps(text, "x")


def test_text_of_strangers_stays_text():
    hostile = TABLE.replace("It never held.", "x: {y}\u2028 # [z").replace("\u2028", " ")
    case = loads(case_from_steps(hostile, "minsk", "a\nb: c.csv"))
    assert case.settlement is not None
    assert case.settlement.steps[0].done == "x: {y} # [z"


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("@guarantee,,,,,,,-0.1,0,,,", "benefit:RUS", "0 or more"),
        ("@guarantee,,,,,,,0.2 [-0.1.. 0.3],0,,,", "benefit:RUS", "0 or more"),
        ("@monitoring,,,,,,,0.9,0.5-1.5,,,", "benefit:UKR", "between 0 and 1"),
        ("pause,Both wait.,RUS,,,RUS,-1,,,,,", "undo_cost", "0 or more"),
        ("@dividend,,,,,,,1e999,,,,", "benefit:RUS", "too large"),
    ],
)
def test_numbers_outside_their_meaning_are_named_by_row_and_column(row: str, column: str, says: str):
    with pytest.raises(RequestError, match=rf"row 6, column '{column}': .*{says}"):
        case_from_steps(f"{TABLE}{row}\n", "minsk", "steps.csv")


def test_a_table_with_semicolons_says_what_separates_cells():
    with pytest.raises(RequestError, match="Separate cells with commas"):
        case_from_steps(TABLE.replace(",", ";"), "minsk", "steps.csv")


def test_a_column_gives_steps_their_titles():
    table = (
        "step,says,by,benefit:A1,benefit:B1,title\npause,Both wait.,A1,1,0,the pause of Oslo\nquiet,Quiet.,B1,0,1,\n"
    )
    case = loads(case_from_steps(table, "oslo"))
    assert case.settlement is not None
    assert [step.title for step in case.settlement.steps] == ["the pause of Oslo", ""]
