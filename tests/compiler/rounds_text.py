"""One repeated game, written with `rounds` and written out by hand."""

from __future__ import annotations

from compiler.case_text import section

_HEAD = """\
case: repeated
title: A game in rounds
owner: DEF
actors:
  CHL: Challenger
  DEF: Defender
  ALY: Ally
parameters:
"""

_NUMBERS = ("p", "patience", "gain", "cost", "war", "calm", "good", "soured", "lasting", "talk")


def _parameters() -> str:
    return "".join(
        f"  {name}:\n    value: {0.2 + 0.07 * place:.2f}\n    range: [0.05, 0.95]\n"
        for place, name in enumerate(_NUMBERS)
    )


_TYPES = """\
types:
  DEF.resolve:
    firm: p
    limited: rest
"""

ROUNDS = (
    _HEAD
    + _parameters()
    + """\
  toll:
    of: move
    value:
      attack: 0.3
      hold: 0.1
      none: 0.05
"""
    + _TYPES
    + section(
        "timeline",
        """
        - event: weather
          options: [storm, fair]
          odds:
            storm: good
            fair: rest
          seen_by: [CHL]
        - rounds: 3
          name: crisis
          discount: patience
          carry:
            answer: protest
            move: none
            ballot: none
          block:
            - event: mood
              given: [previous.answer, weather]
              options: [sour, sweet]
              table:
                none:
                  storm:
                    sour: soured
                    sweet: rest
                  fair:
                    sour: calm
                    sweet: rest
                severe:
                  storm:
                    sour: 1
                    sweet: 0
                  fair:
                    sour: soured
                    sweet: calm
                protest:
                  storm:
                    sour: good
                    sweet: rest
                  fair:
                    sour: calm
                    sweet: rest
              seen_by: [DEF]
            - decision: move
              by: CHL
              options:
                attack: round >= 2 or weather == fair
                hold:
              seen_by: none
            - reveal: move
              to: [DEF, ALY]
              when: move == attack
            - decision: ballot
              by: [DEF, ALY]
              options: [join, balk]
              when: previous.ballot.ALY != join and move == attack
              seen_by: all
            - decision: answer
              by: DEF
              options: [severe, protest]
              when: move == attack
              seen_by: [CHL, ALY]
              ends: severe
        - decision: coda
          by: CHL
          options: [parade, silence]
          when: happened(answer.3) and last.answer == protest
        """,
    )
    + section(
        "payoffs",
        """
        CHL:
          - term: gain
            paid: per_round
            when: answer == protest
            value: gain * (1 if previous.move == attack else talk) - toll[previous.move]
          - term: running
            paid: per_round
            value: -cost * calm
          - term: war
            paid: per_round
            when: answer == severe or ballot.ALY == join
            value: -war
          - term: fame
            when: coda == parade and count_rounds(move == attack) >= 2
            value: lasting
        DEF:
          - term: cost
            paid: per_round
            when: answer == severe
            value: -cost * (talk if DEF.resolve == firm else 1)
          - term: shame
            paid: final
            when: ever(answer == protest and mood == sour)
            value: -lasting
        ALY:
          - term: alone
            paid: per_round
            when: ballot.ALY == join and ballot.DEF == balk
            value: -talk
          - term: peace
            paid: final
            when: always(move == hold)
            value: calm
        """,
    )
    + section(
        "outcomes",
        """
        fought: ever(answer == severe)
        quiet: always(move == hold)
        """,
    )
    + section(
        "postures",
        """
        open:
          status_quo: true
        hidden:
          disclose:
            answer: none
            answer.2: all
        bound:
          commit:
            answer:
              by: [previous.answer, move]
              table:
                none:
                  attack: severe
                severe:
                  attack: severe
                protest:
                  attack:
                    severe: calm
                    protest: rest
            answer.3: protest
        """,
    )
)


HAND = (
    _HEAD
    + _parameters()
    + """\
  toll_attack:
    value: 0.3
  toll_hold:
    value: 0.1
  toll_none:
    value: 0.05
"""
    + _TYPES
    + section(
        "timeline",
        """
        - event: weather
          options: [storm, fair]
          odds:
            storm: good
            fair: rest
          seen_by: [CHL]
        - event: mood1
          given: [weather]
          options: [sour, sweet]
          table:
            storm:
              sour: good
              sweet: rest
            fair:
              sour: calm
              sweet: rest
          seen_by: [DEF]
        - decision: move1
          by: CHL
          options:
            attack: weather == fair
            hold:
          seen_by: none
        - reveal: move1
          to: [DEF, ALY]
          when: move1 == attack
        - decision: ballot1
          by: [DEF, ALY]
          options: [join, balk]
          when: move1 == attack
        - decision: answer1
          by: DEF
          options: [severe, protest]
          when: move1 == attack
          seen_by: [CHL, ALY]
          ends: severe
        - event: mood2
          given: [answer1, weather]
          options: [sour, sweet]
          table:
            none:
              storm:
                sour: soured
                sweet: rest
              fair:
                sour: calm
                sweet: rest
            protest:
              storm:
                sour: good
                sweet: rest
              fair:
                sour: calm
                sweet: rest
          seen_by: [DEF]
        - decision: move2
          by: CHL
          options: [attack, hold]
          seen_by: none
        - reveal: move2
          to: [DEF, ALY]
          when: move2 == attack
        - decision: ballot2
          by: [DEF, ALY]
          options: [join, balk]
          when: not (ballot1.ALY == join) and move2 == attack
        - decision: answer2
          by: DEF
          options: [severe, protest]
          when: move2 == attack
          seen_by: [CHL, ALY]
          ends: severe
        - event: mood3
          given: [answer2, weather]
          options: [sour, sweet]
          table:
            none:
              storm:
                sour: soured
                sweet: rest
              fair:
                sour: calm
                sweet: rest
            protest:
              storm:
                sour: good
                sweet: rest
              fair:
                sour: calm
                sweet: rest
          seen_by: [DEF]
        - decision: move3
          by: CHL
          options: [attack, hold]
          seen_by: none
        - reveal: move3
          to: [DEF, ALY]
          when: move3 == attack
        - decision: ballot3
          by: [DEF, ALY]
          options: [join, balk]
          when: not (ballot2.ALY == join) and move3 == attack
        - decision: answer3
          by: DEF
          options: [severe, protest]
          when: move3 == attack
          seen_by: [CHL, ALY]
          ends: severe
        - decision: coda
          by: CHL
          options: [parade, silence]
          when: answer3 == protest
        """,
    )
    + section(
        "payoffs",
        """
        CHL:
          - term: gain1
            when: answer1 == protest
            value: gain * talk - toll_none
          - term: gain2_after_attack
            when: answer2 == protest and move1 == attack
            value: patience * (gain - toll_attack)
          - term: gain2_after_hold
            when: answer2 == protest and move1 == hold
            value: patience * (gain * talk - toll_hold)
          - term: gain3_after_attack
            when: answer3 == protest and move2 == attack
            value: patience * patience * (gain - toll_attack)
          - term: gain3_after_hold
            when: answer3 == protest and move2 == hold
            value: patience * patience * (gain * talk - toll_hold)
          - term: running1
            value: -cost * calm
          - term: running2
            when: not (answer1 == severe)
            value: -cost * calm * patience
          - term: running3
            when: not (answer1 == severe or answer2 == severe)
            value: -cost * calm * patience * patience
          - term: war1
            when: answer1 == severe or ballot1.ALY == join
            value: -war
          - term: war2
            when: answer2 == severe or ballot2.ALY == join
            value: -war * patience
          - term: war3
            when: answer3 == severe or ballot3.ALY == join
            value: -war * patience * patience
          - term: fame
            when: coda == parade and count(move1 == attack, move2 == attack, move3 == attack) >= 2
            value: lasting
        DEF:
          - term: cost1
            when: answer1 == severe
            value: -cost * (talk if DEF.resolve == firm else 1)
          - term: cost2
            when: answer2 == severe
            value: -cost * (talk if DEF.resolve == firm else 1) * patience
          - term: cost3
            when: answer3 == severe
            value: -cost * (talk if DEF.resolve == firm else 1) * patience * patience
          - term: shame
            when: >-
              (answer1 == protest and mood1 == sour) or (answer2 == protest and mood2 == sour)
              or (answer3 == protest and mood3 == sour)
            value: -lasting
        ALY:
          - term: alone1
            when: ballot1.ALY == join and ballot1.DEF == balk
            value: -talk
          - term: alone2
            when: ballot2.ALY == join and ballot2.DEF == balk
            value: -talk * patience
          - term: alone3
            when: ballot3.ALY == join and ballot3.DEF == balk
            value: -talk * patience * patience
          - term: peace
            when: move1 == hold and move2 == hold and move3 == hold
            value: calm
        """,
    )
    + section(
        "outcomes",
        """
        fought: answer1 == severe or answer2 == severe or answer3 == severe
        quiet: move1 == hold and move2 == hold and move3 == hold
        """,
    )
    + section(
        "postures",
        """
        open:
          status_quo: true
        hidden:
          disclose:
            answer1: none
            answer2: all
            answer3: none
        bound:
          commit:
            answer1:
              severe: calm
              protest: rest
            answer2:
              by: [answer1]
              table:
                none: severe
                severe: severe
                protest:
                  severe: calm
                  protest: rest
            answer3: protest
        """,
    )
)
