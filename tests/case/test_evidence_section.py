"""What the section `evidence` is read as, and its limits."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from detente.case import diagnose, loads
from detente.case.model_evidence import EvidenceItem
from detente.errors import CaseError

CASE = """
case: read
title: What is read
sources:
  book: A book
actors:
  RED: Red
  BLU: Blue
parameters:
  p:
    value: 0.4
    range: [0.1, 0.8]
  care:
    of: RED.aim
    value:
      seize: 0.2
      bargain: 0.7
types:
  RED.aim:
    seize: p
    bargain: rest
evidence:
  about: RED.aim
  labels:
    seize: take the strait
  rho: 0.25
  groups:
    cable:
    wire:
      rho: 0.75
      about: one agency
  statements: [2031-03-09, 2031-03-02]
  items:
    late:
      reported: 2031-03-07
      group: cable
      likelihood: {seize: "--", bargain: 20-40%}
    early:
      happened: 2031-02-25
      reported: 2031-03-01
      says: >-
        folded
        text
      source: book p. 3; judgment
      reliability: c
      group: cable
      likelihood: {seize: very likely, bargain: "0"}
    shown:
      reported: 2031-03-02
      r: 0.4
      likelihood: {seize: 0.1, bargain: 1}
      can_stage: RED
      real: [bargain]
      gain: care
      cost: {seize: "p * care[seize]", bargain: 0.5}
      threshold: 0.3
"""


def item(name: str) -> EvidenceItem:
    section = loads(CASE).evidence
    assert section is not None
    found = section.item(name)
    assert found is not None
    return found


def test_the_section():
    section = loads(CASE).evidence
    assert section is not None
    assert [found.id for found in section.items] == ["early", "shown", "late"]
    assert (section.about, section.rho, section.labels) == ("RED.aim", 0.25, {"seize": "take the strait"})
    assert [(name, group.rho) for name, group in section.groups.items()] == [("cable", 0.25), ("wire", 0.75)]
    assert section.statements == (date(2031, 3, 2), date(2031, 3, 9))
    assert section.truth == ""


def test_an_item():
    early = item("early")
    assert (early.happened, early.reported) == (date(2031, 2, 25), date(2031, 3, 1))
    assert early.says == "folded text"
    assert (early.reliability, early.credibility, early.r) == ("C", "", 0.55)  # sqrt(0.6 x 0.5)
    assert (early.likelihood["seize"].low, early.likelihood["seize"].high) == (0.8, 0.95)
    assert early.likelihood["bargain"].point == 0.5  # 0 is the mark of the matrix scale
    late = item("late")
    assert (late.likelihood["bargain"].low, late.likelihood["bargain"].high) == (0.2, 0.4)
    assert late.happened == late.reported
    assert late.r == 1.0


def test_staging_by_table_and_by_label():
    staging = item("shown").staging
    assert staging is not None
    assert (staging.actor, staging.real, staging.threshold) == ("RED", ("bargain",), 0.3)
    assert {label: gain.text for label, gain in staging.gain.items()} == {
        "seize": "care[seize]",
        "bargain": "care[bargain]",
    }
    assert staging.cost["bargain"].text == "0.5"


MORE = """  judged_by: ann
  analysts:
    bea:
      late:
        seize: 0.3
        bargain: 0.6
  weights:
    ann: 3
  indicators:
    horn:
      says: a horn is heard
      likelihood: {seize: 0.5, bargain: 0.2}
      seen_as: shown
    smoke:
      says: smoke is seen
      likelihood: {seize: 0.5, bargain: 0.2}
      until: 2031-03-04
    noise:
      says: noise is heard
      likelihood: {seize: 0.5, bargain: 0.2}
"""


def test_whose_judgments_and_what_has_been_seen():
    section = loads(CASE + MORE).evidence
    assert section is not None
    assert (section.judged_by, section.weights) == ("ann", {"ann": 3.0})
    listed = {day: [found.id for found in section.unseen(date(2031, 3, day))] for day in (1, 2, 4, 5)}
    assert listed == {1: ["horn", "smoke", "noise"], 2: ["smoke", "noise"], 4: ["smoke", "noise"], 5: ["noise"]}


def test_a_group_of_one_is_warned_of():
    warnings = loads(CASE).warnings
    assert [(found.code, "wire" in found.message) for found in warnings] == [("C712", True)]


def test_parameters_of_staging_are_used():
    assert not any(found.code == "C036" for found in loads(CASE).warnings)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("  statements: [2031-03-09, 2031-03-02]", "  statements: [" + "2031-03-09, " * 101 + "2031-03-02]", "C035"),
        ("  items:", "  analysts:\n" + "".join(f"    a{k}: {{}}\n" for k in range(51)) + "  items:", "C035"),
        ("  items:", "  indicators:\n" + "".join(f"    a{k}:\n" for k in range(1001)) + "  items:", "C035"),
    ],
)
def test_limits(old: str, new: str, code: str):
    with pytest.raises(CaseError) as caught:
        loads(CASE.replace(old, new))
    assert code in {found.code for found in caught.value.diagnostics}


def test_a_bare_minus_is_a_list_to_yaml(tmp_path: Path):
    file = tmp_path / "x.case.yaml"
    block = "likelihood:\n        seize: -\n        bargain: 0.5"
    file.write_text(CASE.replace('likelihood: {seize: "--", bargain: 20-40%}', block), encoding="utf-8")
    case, found = diagnose(file)
    assert case is None
    assert [(item.code, item.source.strip()) for item in found] == [("C103", "seize: -")]
    assert "quotes" in found[0].hint
