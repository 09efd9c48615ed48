"""Small cases with evidence, whose answers can be worked out by hand."""

from __future__ import annotations

POOLING = """
case: pooling
title: A buildup that everybody makes
owner: DEF
actors:
  CHL: Challenger
  DEF: Defender
parameters:
  p:
    value: 0.3
  gain:
    value: 0.25
types:
  CHL.aim:
    take: p
    talk: rest
timeline:
  - decision: mass
    by: CHL
    options: [yes, no]
  - decision: answer
    by: DEF
    options: [warn, wait]
payoffs:
  CHL:
    - term: attacker
      when: mass == yes and CHL.aim == take
      value: gain
    - term: bluffer
      when: CHL.aim == talk
      value: GAIN_OF_BLUFFER
  DEF:
    - term: alarm
      when: answer == warn
      value: -1
evidence:
  about: CHL.aim
  items:
    buildup:
      reported: 2031-03-01
      move: mass=yes
"""
"""With `gain if mass == yes` both types gain the same; the challenger's payoff range is `gain`."""

POOLED = POOLING.replace("GAIN_OF_BLUFFER", "gain if mass == yes else 0")
SEPARATED = POOLING.replace("GAIN_OF_BLUFFER", "-gain if mass == yes else 0")

HISTORY = """
case: history
title: Two moves, with much unseen in between
owner: DEF
actors:
  CHL: Challenger
  DEF: Defender
parameters:
  half:
    value: 0.5
  p:
    value: 0.3
    range: [0.2, 0.4]
  q:
    value: 0.6
  leak:
    value: 0.7
  prize:
    value: 1.0
    range: [0.6, 1.4]
  cost:
    value: 0.3
    range: [0.1, 0.5]
  pain:
    value: 0.9
    range: [0.5, 1.3]
types:
  CHL.aim:
    take: p
    talk: half
    rest_easy: rest
  DEF.resolve:
    firm: q
    soft: rest
timeline:
  - decision: mass
    by: CHL
    options: [yes, no]
  - decision: arm
    by: DEF
    options: [arm_it, leave_it]
    seen_by: none
  - event: signal
    options: [seen, unseen]
    given: [arm]
    table:
      arm_it:
        seen: leak
        unseen: rest
      leave_it:
        seen: 1 - leak
        unseen: rest
    seen_by: [CHL]
  - decision: warn
    by: DEF
    options: [speak, keep]
  - decision: move
    by: CHL
    options: [attack, hold]
    when: mass == yes
payoffs:
  CHL:
    - term: prize
      when: move == attack
      value: prize if CHL.aim == take else prize * half
    - term: loss
      when: move == attack and arm == arm_it
      value: -pain
    - term: massing
      when: mass == yes
      value: -cost
    - term: quiet
      when: mass == no and CHL.aim == rest_easy
      value: cost
  DEF:
    - term: attacked
      when: move == attack
      value: -prize
    - term: armed
      when: arm == arm_it
      value: -cost
    - term: honor
      when: warn == speak and DEF.resolve == firm
      value: cost * half
    - term: resolve
      when: arm == arm_it and move == attack and DEF.resolve == firm
      value: prize * half
evidence:
  about: CHL.aim
  items:
    massed:
      reported: 2031-03-01
      move: mass=yes
    attacked:
      reported: 2031-03-09
      move: move=attack
"""

JUDGED = """
case: judged
title: No game at all
actors:
  CHL: Challenger
parameters:
  a:
    value: 0.2
    range: [0.1, 0.3]
  b:
    value: 0.5
    range: [0.4, 0.7]
  c:
    value: 0.3
    range: [0.2, 0.5]
types:
  CHL.aim:
    take: a
    talk: b
    tease: c
evidence:
  about: CHL.aim
  groups:
    cable:
      rho: 0.6
  items:
    first:
      reported: 2031-03-01
      reliability: B
      credibility: 2
      likelihood:
        take: likely
        talk: [0.3, 0.5]
        tease: 0.4
    second:
      reported: 2031-03-04
      happened: 2031-02-20
      group: cable
      likelihood:
        take: 0.9
        talk: [0.2, 0.4]
        tease: "-"
    third:
      reported: 2031-03-04
      group: cable
      likelihood:
        take: [0.5, 0.7]
        talk: 0.3
        tease: 0.3
    nothing:
      reported: 2031-03-08
      likelihood:
        take: "0"
        talk: "0"
        tease: "0"
"""
