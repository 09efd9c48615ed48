"""The examples on the page about evidence are sound parts of the case that runs through the language pages."""

from __future__ import annotations

import re

import pytest

import detente
from detente.case import loads
from docs.test_reference import example, keys, page

PAGE = page("language/evidence")
PARAMETERS = """parameters:
  worth_of_belief:
    value: 1.0
    range: [0.5, 1.5]
  staging_cost:
    value: 0.4
    range: [0.2, 0.6]
"""


@pytest.fixture(scope="module")
def answer():
    section, staged, analysts, weights = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    items, indicators = section.split("  indicators:\n")
    text = example().replace("parameters:\n", PARAMETERS, 1)
    text += items + staged + "  indicators:\n" + indicators + analysts + weights
    text += "  truth: seize\n  truth_known: 2031-05-01\n"
    text = text.replace(
        "        bargain: [0.3, 0.6]\n", "        bargain: [0.3, 0.6]\n      absent:\n        bargain: 0.7\n"
    )
    return detente.assess(loads(text, "docs/language/evidence"), draws=10)


def test_the_examples_are_sound(answer):
    assert [item.kind for item in answer.items] == ["judged", "judged", "move", "staged"]
    assert answer.analysts == ("case", "second_reader")
    assert answer.analyst == "case"
    assert [round(view.weight, 3) for view in answer.views] == [0.667, 0.333, 1.0]
    assert answer.labels["seize"] == "take the strait"
    assert len(answer.repairs) == 1
    assert answer.watch[0].value is not None


def test_every_field_of_the_json_is_documented(answer):
    text = page("json")
    data = answer.to_json()
    del data["manifest"]["settings"], data["manifest"]["versions"]
    by_name = ("type", "labels", "prior", "by_analyst", "shift", "natural", "staged", "after", "after_absent")
    data = {name: data[name] for name in data if name not in ("labels", "prior", "staged")} | {
        "staged_fields": data["staged"]
    }
    found = keys(data, (*by_name, "likelihood")) - {"staged_fields"}
    assert [name for name in sorted(found) if f"`{name}`" not in text and f".{name}`" not in text] == []


def test_limits_are_those_of_the_code():
    from detente.case import MAX_BYTES
    from detente.case.schema_evidence import MOST_ANALYSTS, MOST_INDICATORS, MOST_ITEMS

    for number in (MOST_ITEMS, MOST_INDICATORS, MOST_ANALYSTS, MAX_BYTES):
        assert f"{number:,}" in PAGE
