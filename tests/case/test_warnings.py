"""What is legal but hardly meant is a warning with a place, and the case loads."""

from __future__ import annotations

import pytest

from detente.case import loads, starter

TEXT = starter("warned")

EDITS = {
    "unused_parameter": ("types:\n", "  spare:\n    value: 3\ntypes:\n", "C036", "  spare:"),
    "unused_table": (
        "types:\n",
        "  spare:\n    of: attack\n    value:\n      strike: 1\n      withdraw: 2\ntypes:\n",
        "C036",
        "  spare:",
    ),
    "condition_never_holds": (
        "    when: attack == strike\n    about: The defender",
        "    when: attack == strike and attack == withdraw\n    about: The defender",
        "C038",
        "  - decision: answer",
    ),
    "never_reached": ("    ends: [stay] ", "    ends: all ", "C038", "  - decision: attack"),
    "option_never_offered": (
        "    options: [fight, give_way]\n",
        "    options:\n      fight:\n      give_way: buildup == stay\n",
        "C039",
        "  - decision: answer",
    ),
    "term_never_applies": (
        "      when: buildup == mass\n",
        "      when: buildup == stay and attack == strike\n",
        "C040",
        "    - term: buildup",
    ),
    "outcome_never_occurs": (
        "    when: attack == strike and answer == fight\n",
        "    when: attack == withdraw and answer == fight\n",
        "C041",
        "  war:",
    ),
    "actor_without_payoff": (
        "actors:                         # id: name\n",
        "actors:\n  ALY: Ally\n",
        "C044",
        "  - decision: ally",
    ),
    "weights_may_exceed_one": (
        "    ready: p_ready\n",
        "    ready: p_ready\n    eager: mobilization\n",
        "C045",
        "    unready: rest",
    ),
    "continuation_without_range": (
        "postures:\n",
        "not_modelled:\n  - outcome: war\n    continuation: fixed\npostures:\n",
        "C049",
        "    continuation: fixed",
    ),
    "not_equal_to_a_skippable_variable": (
        "      when: answer == fight\n      value: -war_cost_nei",
        "      when: answer != give_way\n      value: -war_cost_nei",
        "C231",
        "      when: answer != give_way",
    ),
}


def edited(name: str) -> str:
    old, new, _, _ = EDITS[name]
    assert TEXT.count(old) == 1
    text = TEXT.replace(old, new)
    if name == "actor_without_payoff":
        text = text.replace("timeline:\n", "timeline:\n  - decision: ally\n    by: ALY\n    options: [join, abstain]\n")
    if name == "weights_may_exceed_one":
        text = text.replace("      unready: 1.3\n", "      unready: 1.3\n      eager: 0.5\n")
        text = text.replace("      unready: [1.0, 1.8]\n", "      unready: [1.0, 1.8]\n      eager: [0.1, 0.9]\n")
    if name == "continuation_without_range":
        text = text.replace("types:\n", "  fixed:\n    value: 1\ntypes:\n")
        text = text.replace("      value: -loss\n", "      value: -loss * fixed\n")
    return text


@pytest.mark.parametrize("name", EDITS)
def test_a_warning_has_its_code_and_place(name: str):
    case = loads(edited(name))
    _, _, code, line = EDITS[name]
    found = [(item.code, item.source.partition("#")[0].rstrip()) for item in case.warnings]
    assert (code, line) in found
    assert {item.severity for item in case.warnings} == {"warning"}


def test_the_starter_itself_has_none():
    assert loads(TEXT).warnings == ()
