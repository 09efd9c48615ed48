"""The shipped cases can be found by name."""

from __future__ import annotations

import pytest

from detente import cases
from detente.errors import RequestError


def test_shipped_cases_are_listed_in_order():
    assert cases.names() == ("deterrence-101", "ukraine-2021")


def test_path_leads_to_a_file():
    assert all(cases.path(name).is_file() for name in cases.names())


def test_unknown_case_suggests_the_near_one():
    with pytest.raises(RequestError, match="Did you mean 'ukraine-2021'"):
        cases.path("ukraine-2022")


def test_unknown_case_without_a_near_one_lists_all():
    with pytest.raises(RequestError, match="There are: deterrence-101, ukraine-2021"):
        cases.path("zzz")
