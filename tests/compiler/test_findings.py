"""Warnings that need every posture compiled."""

from __future__ import annotations

from compiler.case_text import DETERRENCE, small_case
from detente.compiler import COMPILER_CODES, compile_posture, compile_warnings


def warnings_of(case) -> list[tuple[str, str]]:
    compiled = [compile_posture(case, posture) for posture in case.postures]
    found = compile_warnings(case, compiled)
    assert all(item.severity == "warning" and item.code in COMPILER_CODES for item in found)
    assert all(item.source and item.source[item.column - 1 :].strip() for item in found)
    return [(item.code, item.message) for item in found]


def test_a_sound_case_has_none():
    postures = "threat:\n  commit:\n    respond: severe\n"
    assert warnings_of(small_case(**DETERRENCE, postures=postures)) == []


def test_option_that_no_history_offers():
    case = small_case("""
        - event: weather
          options: [fair, foul]
          odds:
            fair: 1
            foul: 0
        - decision: move
          by: RUS
          options:
            go: weather == fair
            wait: weather == foul
            stay: happened(weather)
        """)
    assert warnings_of(case) == [
        ("C311", "'foul' of 'weather' can be reached in no posture"),
        ("C311", "'wait' of 'move' can be reached in no posture"),
    ]


def test_conditions_that_never_or_always_hold():
    case = small_case(
        """
        - event: weather
          options: [fair, foul]
          odds:
            fair: 1
            foul: 0
        - decision: move
          by: RUS
          options: [go, stay]
          when: weather == fair
        - decision: shelter
          by: RUS
          options: [inside, outside]
          when: weather == foul
        """,
        payoffs="RUS:\n  - term: wet\n    when: shelter == outside\n    value: p\n",
        outcomes="dry: shelter == inside\ngone: move == go\n",
    )
    assert warnings_of(case) == [
        ("C311", "'foul' of 'weather' can be reached in no posture"),
        ("C315", "the condition of 'move' always holds where it is reached: weather == fair"),
        ("C314", "the condition of 'shelter' never holds: weather == foul"),
        ("C312", "term 'wet' of RUS never applies: shelter == outside"),
        ("C313", "outcome 'dry' never occurs: shelter == inside"),
    ]


def test_what_one_posture_reaches_is_reached():
    timeline = """
        - decision: warn
          by: USA
          options: [loud, quiet]
        - decision: move
          by: RUS
          options: [go, stay]
          when: warn == quiet
        """
    case = small_case(timeline, postures="vocal:\n  commit:\n    warn: loud\n")
    assert warnings_of(case) == []
    vocal = compile_posture(case, "vocal")
    assert [item.code for item in compile_warnings(case, [vocal])] == ["C311", "C314"]


def test_decision_behind_the_end():
    case = small_case("""
        - decision: move
          by: RUS
          options: [go, stay]
          ends: all
        - decision: answer
          by: USA
          options: [x, y]
        """)
    assert warnings_of(case) == [("C311", "'answer' is never reached in any posture")]
