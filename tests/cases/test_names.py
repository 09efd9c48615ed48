"""The shipped cases can be found by name."""

from __future__ import annotations

import pytest

from detente import cases
from detente.errors import RequestError


def test_crises_are_listed_in_order():
    crises = cases.names("crises")
    assert {"deterrence-101", "ukraine-2021"} <= set(crises)
    assert crises == tuple(sorted(crises))


def test_models_are_a_group_of_their_own():
    models = cases.names("published models")
    assert "beer-quiche" in models
    assert models == tuple(sorted(models))
    assert set(models) | set(cases.names("crises")) == set(cases.names())
    assert all(cases.group_of(name) == "published models" for name in models)


def test_path_leads_to_a_file():
    assert all(cases.path(name).is_file() for name in cases.names())


def test_unknown_case_suggests_the_near_one():
    with pytest.raises(RequestError, match="Did you mean 'ukraine-2021'"):
        cases.path("ukraine-2022")


def test_unknown_case_without_a_near_one_lists_all():
    with pytest.raises(RequestError, match=r"There are: .*deterrence-101, .*ukraine-2021"):
        cases.path("zzz")


def test_unknown_group_lists_the_groups():
    with pytest.raises(RequestError, match="There are: crises, published models"):
        cases.names("wars")
