"""The arrays of one small game, written out: a change of layout or numbering shows here first."""

from __future__ import annotations

from compiler.case_text import DETERRENCE, small_case
from detente.compiler import compile_posture


def test_deterrence_with_a_published_mixed_rule():
    posture = """
        odds:
          commit:
            respond:
              by: [USA.resolve]
              table:
                firm: severe
                limited:
                  severe: q
                  protest: rest
        """
    case = small_case(**DETERRENCE, postures=posture)
    compiled = compile_posture(case, "odds")
    shape, numbers = compiled.shape, compiled.numbers(case.base_theta())
    # 0 types -> 1 firm, 2 limited; 3, 5 assault; 4, 6 hold; 3 is already an end: the firm respond severely for sure
    assert compiled.edge_label == ("", "firm", "limited", "assault", "hold", "assault", "hold", "severe", "protest")
    assert shape.parent.tolist() == [-1, 0, 0, 1, 1, 2, 2, 5, 5]
    assert shape.kind.tolist() == [2, 1, 1, 0, 0, 2, 0, 0, 0]
    assert shape.first_child.tolist() == [1, 3, 5, 0, 0, 7, 0, 0, 0]
    assert shape.num_children.tolist() == [2, 2, 2, 0, 0, 2, 0, 0, 0]
    assert shape.infoset.tolist() == [-1, 0, 0, -1, -1, -1, -1, -1, -1]
    assert shape.edge.tolist() == [-1, 0, 1, 0, 1, 0, 1, 2, 3]
    assert shape.terminal.tolist() == [-1, -1, -1, 0, 1, -1, 2, 3, 4]
    assert shape.infoset_player.tolist() == [0]
    assert shape.action_start.tolist() == [0, 2]
    assert shape.chance_start.tolist() == [0, -1, -1, -1, -1, 2, -1, -1, -1]
    assert numbers.chance.tolist() == [[0.25, 0.75, 0.5, 0.5]]
    assert numbers.payoff.tolist() == [[[-2, 0.5, 0], [0, 0, 0], [0, 0, 0], [-2, -1, 0], [1, -1, 0]]]
    assert [item.name for item in compiled.terms] == ["prize", "losses", "lost", "upheld"]
    assert compiled.term_rows.tolist() == [4, 0, 3, 3, 4, 0]
    assert compiled.term_cols.tolist() == [0, 1, 1, 2, 2, 3]
    assert compiled.outcome_at.tolist() == [[True, False, False, True, True]]
    assert compiled.type_at["USA.resolve"].tolist() == [0, 0, 1, 1, 1]
    assert [(item.node, item.decision) for item in compiled.committed] == [(5, "respond")]
