"""What entries of the timeline and parts of a posture become in the tree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from compiler.case_text import DETERRENCE, LEAK, small_case
from detente.case import Commitment
from detente.compiler import CompiledPosture, compile_posture
from detente.errors import CaseError, SizeError
from detente.game import CHANCE, DECISION


def sets(compiled: CompiledPosture) -> list[str]:
    return [str(label) for label in compiled.infoset_labels]


def code_of(error: CaseError) -> str:
    (found,) = error.diagnostics
    return found.code


def test_skipped_move_is_none_and_seen_as_none():
    case = small_case("""
        - decision: a
          by: RUS
          options: [x, y]
          seen_by: none
        - decision: b
          by: RUS
          options: [u, v]
          when: a == x
        - decision: c
          by: USA
          options: [l, r]
        """)
    compiled = compile_posture(case, "open")
    assert sets(compiled) == ["RUS:a[]", "RUS:b[a=x]", "USA:c[b=none]", "USA:c[b=u]", "USA:c[b=v]"]
    assert {"a": "y", "b": None, "c": "l"} in list(compiled.histories)
    assert compiled.size.terminals == len(compiled.histories) == 6


def test_ends_makes_the_rest_skipped():
    compiled = compile_posture(small_case(**DETERRENCE), "open")
    assert compiled.size.nodes == 11
    held = [history for history in compiled.histories if history["move"] == "hold"]
    assert [history["respond"] for history in held] == [None, None]
    assert compiled.outcome_at.sum() == 4
    assert compiled.node_history(0) == {}
    assert compiled.node_history(1) == {"USA.resolve": "firm"}


def test_secret_preparation_may_leak():
    compiled = compile_posture(small_case(LEAK), "open")
    # whoever was not told cannot tell "not prepared" from "prepared and kept secret"
    assert sets(compiled) == ["USA:prepare[]", "RUS:move[]", "RUS:move[prepare=covert]"]
    assert [len(nodes) for nodes in compiled.shape.members] == [1, 2, 1]


def test_disclosed_preparation_makes_the_leak_idle():
    posture = """
        told:
          disclose:
            prepare: all
        """
    compiled = compile_posture(small_case(LEAK, postures=posture), "told")
    assert sets(compiled) == ["USA:prepare[]", "RUS:move[prepare=idle]", "RUS:move[prepare=covert]"]
    assert [len(nodes) for nodes in compiled.shape.members] == [1, 1, 2]


def test_time_of_a_second_reveal_is_remembered():
    again = LEAK.replace("- decision: move", "- reveal: prepare\n  to: [RUS]\n- decision: move")
    compiled = compile_posture(small_case(again), "open")
    assert sets(compiled)[1:] == [
        "RUS:move[prepare=idle, prepare revealed=entry 4]",
        "RUS:move[prepare=covert]",
        "RUS:move[prepare=covert, prepare revealed=entry 4]",
    ]


def test_votes_are_unseen_until_all_are_cast():
    case = small_case("""
        - decision: vote
          by: [USA, UKR]
          options: [yes, no]
        - decision: move
          by: RUS
          options: [go, stay]
          when: count(vote.USA == yes, vote.UKR == yes) >= 1
        """)
    compiled = compile_posture(case, "open")
    assert sets(compiled)[:2] == ["USA:vote.USA[]", "UKR:vote.UKR[]"]
    assert [len(nodes) for nodes in compiled.shape.members] == [1, 2, 1, 1, 1]
    assert sets(compiled)[2] == "RUS:move[vote.USA=yes, vote.UKR=yes]"


def test_event_table_row_for_skipped():
    case = small_case("""
        - decision: prepare
          by: USA
          options: [covert, idle]
        - event: leak
          options: [yes, no]
          given: [prepare]
          table:
            covert:
              yes: p
              no: rest
            idle:
              yes: 0
              no: 1
        """)
    compiled = compile_posture(case, "open")
    # the certain row makes no chance node
    assert int((compiled.shape.kind == CHANCE).sum()) == 1
    assert {"prepare": "idle", "leak": "no"} in list(compiled.histories)
    numbers = compiled.numbers(case.base_theta())
    assert numbers.chance.tolist() == [[0.25, 0.75]]


def test_parameter_set_to_zero_prunes_the_branch():
    case = small_case(LEAK, postures="tight:\n  set:\n    p: 0\n")
    assert compile_posture(case, "open").size.nodes == 11
    assert compile_posture(case, "tight").size.nodes == 7


def test_single_option_makes_no_node_but_is_seen():
    case = small_case("""
        - decision: a
          by: USA
          options: [only]
        - decision: b
          by: RUS
          options: [x, y]
        """)
    compiled = compile_posture(case, "open")
    assert sets(compiled) == ["RUS:b[a=only]"]
    assert compiled.size.nodes == 3


def test_portfolio_and_allow():
    case = small_case(
        """
        - decision: package
          by: USA
          choose: any of [talks, sanctions, arms]
          at_most: 2
        - decision: move
          by: RUS
          options: [go, stay]
          when: package.talks
        """,
        postures="""
        narrow:
          allow:
            package: [nothing, talks, talks+arms]
        """,
    )
    assert len(compile_posture(case, "open").infoset_labels[0].options) == 7
    assert compile_posture(case, "narrow").infoset_labels[0].options == ("nothing", "talks", "talks+arms")
    assert compile_posture(case, "narrow").size.infosets == 3


def test_options_under_a_condition():
    case = small_case("""
        - decision: a
          by: USA
          options: [x, y]
        - decision: b
          by: RUS
          options:
            u: a == x
            v: a in [x, y]
            w: a in [x, y]
        """)
    compiled = compile_posture(case, "open")
    assert [label.options for label in compiled.infoset_labels[1:]] == [("u", "v", "w"), ("v", "w")]


# --------------------------------------------------------------------------- commitments


def test_published_pure_rule_makes_no_node():
    posture = "threat:\n  commit:\n    respond: severe\n"
    compiled = compile_posture(small_case(**DETERRENCE, postures=posture), "threat")
    assert sets(compiled) == ["RUS:move[]"]
    assert {history["respond"] for history in compiled.histories} == {"severe", None}
    assert compiled.committed == ()


def test_published_mixed_rule_is_chance():
    posture = """
        odds:
          commit:
            respond:
              severe: q
              protest: rest
        """
    compiled = compile_posture(small_case(**DETERRENCE, postures=posture), "odds")
    assert [(item.decision, dict(item.sees)) for item in compiled.committed] == [
        ("respond", {"USA.resolve": "firm", "move": "assault"}),
        ("respond", {"USA.resolve": "limited", "move": "assault"}),
    ]
    assert all(compiled.shape.kind[item.node] == CHANCE for item in compiled.committed)


def test_published_table():
    posture = """
        by_type:
          commit:
            respond:
              by: [USA.resolve]
              table:
                firm: severe
                limited:
                  severe: q
                  protest: rest
        """
    compiled = compile_posture(small_case(**DETERRENCE, postures=posture), "by_type")
    assert len(compiled.committed) == 1
    assert dict(compiled.committed[0].sees)["USA.resolve"] == "limited"


def test_full_information():
    compiled = compile_posture(small_case(LEAK), "open", full_information=True)
    assert compiled.shape.has_perfect_information
    assert "RUS:move[prepare=covert, leak=no]" in sets(compiled)


# --------------------------------------------------------------------------- errors


def test_condition_on_the_unseen_names_both_histories():
    case = small_case("""
        - decision: prepare
          by: USA
          options: [covert, idle]
          seen_by: none
        - decision: move
          by: RUS
          options: [go, stay]
          when: prepare == covert
        """)
    with pytest.raises(CaseError) as caught:
        compile_posture(case, "open")
    (found,) = caught.value.diagnostics
    assert found.code == "C301"
    assert "(prepare = covert)" in found.message
    assert "(prepare = idle)" in found.message
    assert "[go, stay]" in found.message
    assert "no move" in found.message
    assert "Let RUS see 'prepare'" in found.hint
    assert "decision: move" in found.source
    assert found.line == case.text.split("\n").index("  - decision: move") + 1


def test_condition_hidden_by_a_posture():
    timeline = """
        - decision: prepare
          by: USA
          options: [open_up, idle]
        - decision: move
          by: RUS
          options:
            go: prepare == idle
            stay: prepare in [open_up, idle]
            wait: prepare in [open_up, idle]
        """
    case = small_case(timeline, postures="dark:\n  disclose:\n    prepare: none\n")
    compile_posture(case, "open")
    with pytest.raises(CaseError, match=r"under posture 'dark'.*RUS cannot tell two histories apart") as caught:
        compile_posture(case, "dark")
    assert code_of(caught.value) == "C301"


def test_votes_cannot_depend_on_each_other():
    case = small_case("""
        - decision: vote
          by: [USA, UKR]
          options: [yes, no]
        """)
    second = case.decisions[1]
    hidden = small_case("""
        - decision: a
          by: USA
          options: [yes, no]
        - decision: b
          by: UKR
          options: [yes, no]
          when: a == yes
        """).decisions[1]
    when = replace(hidden.when, variable="vote.USA")
    wrong = replace(case, timeline=(case.timeline[0], replace(second, when=when)))
    with pytest.raises(CaseError) as caught:
        compile_posture(wrong, "open")
    assert code_of(caught.value) == "C301"


def test_decision_without_options():
    case = small_case("""
        - decision: a
          by: USA
          options: [x, y]
        - decision: b
          by: RUS
          options:
            u: a == x
            v: a == x
        """)
    with pytest.raises(CaseError, match=r"without any option offered to RUS, after .a = y.") as caught:
        compile_posture(case, "open")
    assert code_of(caught.value) == "C302"


def test_commitment_to_what_is_not_offered():
    timeline = """
        - decision: move
          by: RUS
          options: [go, stay]
        - decision: respond
          by: USA
          options:
            severe: move == go
            mild: move in [go, stay]
            none_at_all: move in [go, stay]
        """
    case = small_case(timeline, postures="threat:\n  commit:\n    respond: severe\n")
    with pytest.raises(CaseError, match="commits USA at 'respond' to 'severe', which is not offered") as caught:
        compile_posture(case, "threat")
    assert code_of(caught.value) == "C303"


def test_rule_on_the_unseen():
    timeline = DETERRENCE["timeline"].replace("options: [assault, hold]", "options: [assault, hold]\n  seen_by: none")
    posture = "odds:\n  commit:\n    respond:\n      severe: q\n      protest: rest\n"
    case = small_case(**{**DETERRENCE, "timeline": timeline.replace("  ends: [hold]\n", "")}, postures=posture)
    row = case.posture("odds").commit["respond"].table[()]
    table = {("assault",): row, ("hold",): (row[1], row[0])}
    rule = Commitment("respond", False, ("move",), table)
    posture = replace(case.posture("odds"), commit={"respond": rule})
    with pytest.raises(CaseError, match="commits USA at 'respond' to different things") as caught:
        compile_posture(case, posture)
    assert code_of(caught.value) == "C304"


def test_table_without_a_row():
    posture = """
        by_type:
          commit:
            respond:
              by: [USA.resolve]
              table:
                firm: severe
                limited: protest
        """
    case = small_case(**DETERRENCE, postures=posture)
    rule = case.posture("by_type").commit["respond"]
    short = replace(rule, table={("firm",): rule.table["firm",]})
    with pytest.raises(CaseError, match=r"no row for USA.resolve = limited") as caught:
        compile_posture(case, replace(case.posture("by_type"), commit={"respond": short}))
    assert code_of(caught.value) == "C305"


def test_table_entry_of_a_skipped_variable():
    tables = """
        level:
          of: b
          value:
            u: 1.0
            v: 2.0
          range:
            u: [0, 2]
            v: [0, 3]
          about: a
          source: book
          confidence: low
        """
    timeline = """
        - decision: a
          by: USA
          options: [x, y]
        - decision: b
          by: RUS
          options: [u, v]
          when: a == x
        """
    payoffs = "RUS:\n  - term: worth\n    when: a == x\n    value: level[b]\n"
    checked = small_case(timeline, tables=tables, payoffs=payoffs)
    case = replace(checked, terms=(replace(checked.terms[0], when=None),))
    with pytest.raises(
        CaseError, match=r"term 'worth' of RUS cannot be worked out after \(a = y, b skipped\)"
    ) as caught:
        compile_posture(case, "open")
    assert code_of(caught.value) == "C307"


def long_case(length: int):
    entries = [f"- decision: d{i}\n  by: {'RUS' if i % 2 else 'USA'}\n  options: [x, y, z]\n" for i in range(length)]
    return small_case("".join(entries))


def test_size_is_estimated_when_the_limit_is_passed():
    case = long_case(9)
    exact = sum(3**depth for depth in range(10))
    assert compile_posture(case, "open", limit=exact).size.nodes == exact
    with pytest.raises(SizeError) as caught:
        compile_posture(case, "open", limit=exact - 1)
    (found,) = caught.value.diagnostics
    assert found.code == "C306"
    assert "about 30,000 nodes" in found.message
    assert "limit of 29,523 was passed at 'd8'" in found.message


def test_size_of_a_huge_case_is_refused_at_once():
    with pytest.raises(SizeError, match=r"about [0-9,]{15,} nodes"):
        compile_posture(long_case(25), "open", limit=1_000)


def test_too_many_types():
    types = "".join(f"RUS.t{i}:\n" + "".join(f"  l{k}: q\n" for k in range(8)) for i in range(8))
    case = small_case("- decision: a\n  by: RUS\n  options: [x, y]\n", types=types)
    with pytest.raises(SizeError, match="passed at the types alone"):
        compile_posture(case, "open")


def test_decisions_are_labelled():
    compiled = compile_posture(small_case(**DETERRENCE), "open")
    shape = compiled.shape
    assert compiled.edge_variable[:5] == ("", "types", "types", "move", "move")
    assert compiled.edge_label[:5] == ("", "firm", "limited", "assault", "hold")
    assert shape.players == ("RUS", "USA", "UKR")
    assert [int(kind) for kind in shape.kind[:3]] == [CHANCE, DECISION, DECISION]
