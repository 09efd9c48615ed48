"""The section ``settlement`` as it is read: steps, designs written out, tables by step, cases without a game."""

from __future__ import annotations

import io

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from detente.case import Case, diagnose, json_schema, loads
from detente.case.model_settlement import Design
from detente.errors import CaseError, RequestError

TEXT = """
case: deal
title: A deal
actors:
  RUS: Russia
  UKR: Ukraine
  DEU: Germany
parameters:
  cost:
    of: steps
    value:
      ceasefire: 0.1
      withdrawal: 0.4
      law: 0.3
    range: [0.05, 0.6]
  gain:
    value: 0.6
    range: [0.2, 0.9]
  penalty:
    value: 0.2
    range: [0, 0.5]
  share:
    value: 0.3
    range: [0, 1]
settlement:
  title: The deal
  about: Prose about it.
  parties: [RUS, UKR]
  steps:
    ceasefire:
      says: Both stop shooting.
      by: [RUS, UKR]
      benefit:
        RUS: -cost[ceasefire]
        UKR: gain
      done: It held for a week.
    observers:
      says: Observers go in.
      by: third
      after: ceasefire
    withdrawal:
      says: Forces leave.
      by: RUS
      after: [observers]
      benefit:
        RUS: -cost[withdrawal]
        UKR: gain
      undo:
        by: RUS
        cost: penalty
      grab:
        UKR: share
    law:
      says: A law is passed.
      by: UKR
      benefit:
        UKR: -cost[law]
        RUS: gain
  dividend: gain
  outside:
    UKR: -gain
  peacekeepers: share
  exit: any
  designs:
    written:
      about: As written.
    guarded:
      guarantee: penalty
      monitoring:
        RUS: share
    short:
      stop: [ceasefire, observers]
    cut:
      drop: observers
    parts:
      extends: guarded
      split:
        withdrawal: 3
      after:
        law: [withdrawal]
      stop: [ceasefire, observers, withdrawal]
      exit: performer
    bound:
      after:
        withdrawal: nothing
      together:
        - [withdrawal, law]
      set:
        cost[law]: cost[law] + penalty
    both:
      extends: [guarded, bound]
      stop: all
"""


def plain(text: str) -> object:
    return YAML(typ="safe", pure=True).load(io.StringIO(text))


@pytest.fixture(name="case", scope="module")
def _case() -> Case:
    return loads(TEXT)


def design(case: Case, name: str) -> Design:
    assert case.settlement is not None
    return case.settlement.design(name)


def test_steps_are_read_with_everything_about_them(case: Case):
    assert case.settlement is not None
    ceasefire, observers, withdrawal, law = case.settlement.steps
    assert (ceasefire.by, observers.by, law.by) == (("RUS", "UKR"), (), ("UKR",))
    assert (observers.after, withdrawal.after, law.after) == (("ceasefire",), ("observers",), ())
    assert {party: item.text for party, item in ceasefire.benefit.items()} == {"RUS": "-cost[ceasefire]", "UKR": "gain"}
    assert withdrawal.undo_by == "RUS"
    assert withdrawal.undo_cost is not None
    assert withdrawal.undo_cost.text == "penalty"
    assert {party: item.text for party, item in withdrawal.grab.items()} == {"UKR": "share"}
    assert ceasefire.done == "It held for a week."


def test_one_number_is_that_of_every_party(case: Case):
    setting = design(case, "written").setting
    assert {party: item.text for party, item in setting.dividend.items()} == {"RUS": "gain", "UKR": "gain"}
    assert {party: item.text for party, item in setting.outside.items()} == {"UKR": "-gain"}
    assert setting.exit == "any"


def test_a_design_replaces_what_it_names_and_keeps_the_rest(case: Case):
    found = design(case, "guarded")
    assert {party: item.text for party, item in found.setting.guarantee.items()} == {"RUS": "penalty", "UKR": "penalty"}
    assert {party: item.text for party, item in found.setting.monitoring.items()} == {"RUS": "share"}
    assert found.setting.dividend == design(case, "written").setting.dividend
    assert found.changes == ("monitoring: RUS share", "guarantee: penalty")


def test_a_dropped_step_passes_its_prerequisites_on(case: Case):
    found = {step.id: step.after for step in design(case, "cut").steps}
    assert found == {"ceasefire": (), "withdrawal": ("ceasefire",), "law": ()}


def test_a_split_step_is_a_chain_and_others_wait_for_its_last_part(case: Case):
    found = design(case, "parts")
    assert found.extends == ("guarded",)
    assert {step.id: (step.after, step.parts) for step in found.steps} == {
        "ceasefire": ((), 1),
        "observers": (("ceasefire",), 1),
        "withdrawal.1": (("observers",), 3),
        "withdrawal.2": (("withdrawal.1",), 3),
        "withdrawal.3": (("withdrawal.2",), 3),
        "law": (("withdrawal.3",), 1),
    }
    assert found.setting.stop == ("ceasefire", "observers", "withdrawal.1", "withdrawal.2", "withdrawal.3")
    assert found.setting.exit == "performer"


def test_designs_that_are_combined_change_what_either_changes(case: Case):
    found = design(case, "both")
    assert found.together == (("withdrawal", "law"),)
    assert {name: item.text for name, item in found.set.items()} == {"cost[law]": "cost[law] + penalty"}
    assert found.setting.guarantee["UKR"].text == "penalty"
    assert found.setting.stop is None


def test_an_unknown_design_is_refused_with_a_suggestion(case: Case):
    with pytest.raises(RequestError, match="Did you mean 'guarded'"):
        design(case, "gaurded")


def test_a_settlement_without_designs_has_one():
    case = loads(TEXT.split("  designs:")[0])
    assert case.settlement is not None
    assert case.settlement.design_names == ("as_written",)


def test_every_parameter_of_the_settlement_counts_as_used(case: Case):
    assert case.warnings == ()
    unused = loads(TEXT.replace("settlement:", "  idle:\n    value: 1\nsettlement:", 1))
    assert [(item.code, item.source.strip()) for item in unused.warnings] == [("C036", "idle:")]


def test_a_case_with_a_settlement_needs_no_game(case: Case):
    assert not case.has_game
    with pytest.raises(RequestError, match=r"no timeline.*detente settle"):
        case.require_game()


def test_half_a_game_is_still_refused():
    with pytest.raises(CaseError, match="the section 'payoffs' is missing"):
        loads(TEXT + "timeline:\n  - decision: go\n    by: RUS\n    options: [a, b]\n")


def test_a_settlement_beside_a_game_leaves_the_game_alone():
    game = "timeline:\n  - decision: go\n    by: RUS\n    options: [a, b]\npayoffs:\n  RUS: []\n"
    case = loads(TEXT + game)
    assert case.has_game
    assert case.variables == ("go",)


def test_the_schema_accepts_it_and_refuses_wrong_shapes():
    validator = Draft202012Validator(json_schema())
    assert list(validator.iter_errors(plain(TEXT))) == []
    for wrong in (
        TEXT.replace("says: Forces leave.\n", "sais: Forces leave.\n"),
        TEXT.replace("  parties: [RUS, UKR]\n", ""),
        TEXT.replace("split:", "splits:"),
        TEXT.split("settlement:")[0],
    ):
        assert list(validator.iter_errors(plain(wrong)))


def test_a_table_by_step_has_labels_of_the_steps_only():
    with pytest.raises(CaseError, match="'lew' is not a label of 'the steps'"):
        loads(TEXT.replace("      law: 0.3", "      lew: 0.3"))


def test_several_mistakes_are_all_reported(tmp_path):
    text = TEXT.replace("by: RUS\n      after: [observers]", "by: USA\n      after: [observer]")
    file = tmp_path / "wrong.case.yaml"
    file.write_text(text.replace("guarantee: penalty", "guarantee: 0.4"))
    _, found = diagnose(file)
    assert sorted(item.code for item in found) == ["C225", "C802", "C803"]


@pytest.mark.parametrize("count", [61])
def test_too_many_steps_and_designs_are_refused(count: int):
    steps = "".join(f"    s{k}:\n      says: A step.\n      by: third\n" for k in range(count))
    with pytest.raises(CaseError, match="at most 60 are allowed"):
        loads(TEXT.replace("    ceasefire:\n      says", steps + "    ceasefire:\n      says", 1))
    designs = "".join(f"    d{k}:\n      about: One more.\n" for k in range(count))
    with pytest.raises(CaseError, match="at most 30 are allowed"):
        loads(TEXT + designs)
