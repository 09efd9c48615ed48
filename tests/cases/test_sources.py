"""Every number and sentence of a shipped case says where it comes from."""

from __future__ import annotations

import re

import pytest

from detente import cases
from detente.case import Case, Parameter, load

SHIPPED = {name: load(cases.path(name)) for name in cases.names()}
FIXED = {
    "status_care[compel]",  # the unit of the table
    "buildup_cost[never]",
    "readiness[later]",  # the unit of the table
    "readiness[never]",
    "distraction[never]",
}
"""Table entries of `ukraine-2021` that are fixed on purpose."""

every_case = pytest.mark.parametrize("case", SHIPPED.values(), ids=SHIPPED.keys())
PARAMETERS = [(case, item) for case in SHIPPED.values() for item in case.parameters]
every_parameter = pytest.mark.parametrize(("case", "item"), PARAMETERS, ids=[item.name for _, item in PARAMETERS])


def source_id(source: str) -> str:
    return source.split("¶")[0].strip()


def cited(case: Case) -> list[str]:
    """Every citation of a case, in no particular order."""
    moves = [entry.source for entry in case.timeline if getattr(entry, "source", "")]
    others = [*case.parameters, *case.terms, *case.claims]
    return [*moves, *(item.source for item in others if item.source)]


@every_case
def test_case_loads_without_warnings(case: Case):
    assert case.warnings == ()


@every_parameter
def test_parameter_has_source_confidence_and_words(case: Case, item: Parameter):
    assert source_id(item.source) in {*case.sources, "judgment"}
    assert item.confidence in {"low", "moderate", "high"}
    assert len(item.about) > 15


@every_parameter
def test_parameter_has_a_range_around_its_value(case: Case, item: Parameter):
    spread = item.distribution
    assert spread.low <= item.value <= spread.high
    assert (spread.low < spread.high) != (item.name in FIXED)


def test_base_values_of_the_crisis_are_central():
    """The base world is a typical one: every base value lies within a tenth of the range from its middle."""
    for item in SHIPPED["ukraine-2021"].parameters:
        spread = item.distribution
        assert abs(item.value - (spread.low + spread.high) / 2) <= 0.1 * (spread.high - spread.low), item.name


@every_case
def test_every_citation_is_declared(case: Case):
    assert {source_id(text) for text in cited(case)} <= {*case.sources, "judgment"}


@every_case
def test_every_declared_source_is_cited(case: Case):
    in_postures = set(re.findall(r"source: (\w+)", case.text))
    assert set(case.sources) <= {source_id(text) for text in cited(case)} | in_postures


def test_paragraphs_of_the_essay_are_its_own():
    numbers = re.findall(r"stent2021 ¶(\d+)", SHIPPED["ukraine-2021"].text)
    assert numbers
    assert all(1 <= int(number) <= 23 for number in numbers)


def test_every_term_of_the_crisis_has_a_source():
    terms = SHIPPED["ukraine-2021"].terms
    assert all(term.source and term.about for term in terms)
