"""Small case files put together from their parts."""

from __future__ import annotations

from textwrap import dedent, indent

from detente.case import Case, loads

HEAD = """\
case: small
title: Small
as_of: 2021-12-08
owner: USA
summary: >
  For tests.
sources:
  book: A book
actors:
  RUS: Russia
  USA: United States
  UKR: Ukraine
"""

PLAIN_PAYOFFS = """\
RUS:
  - term: something
    value: p
"""


def parameters(**values: float) -> str:
    return "".join(
        f"  {name}:\n    value: {value}\n    range: [{min(0, value)}, {max(1, value)}]\n    about: a\n"
        f"    source: book\n    confidence: low\n"
        for name, value in values.items()
    )


def section(name: str, text: str) -> str:
    return f"{name}:\n{indent(dedent(text), '  ')}" if text else ""


def small_case(  # one argument per section of a case file
    timeline: str,
    *,
    types: str = "",
    joint: str = "",
    payoffs: str = PLAIN_PAYOFFS,
    outcomes: str = "",
    postures: str = "",
    tables: str = "",
    **values: float,
) -> Case:
    """A case with parameters p = 0.25 and q = 0.5 (and more by keyword) and a status quo called `open`."""
    text = HEAD + "parameters:\n" + parameters(**{"p": 0.25, "q": 0.5, **values}) + indent(dedent(tables), "  ")
    text += section("types", types) + section("joint", joint) + section("timeline", timeline)
    text += section("payoffs", payoffs) + section("outcomes", outcomes)
    text += "postures:\n  open:\n    status_quo: true\n" + indent(dedent(postures), "  ")
    return loads(text, "small.case.yaml")


LEAK = """\
- decision: prepare
  by: USA
  options: [covert, idle]
  seen_by: none
- event: leak
  options: [yes, no]
  when: prepare == covert
  odds:
    yes: p
    no: rest
  seen_by: none
- reveal: prepare
  to: [RUS]
  when: leak == yes
- decision: move
  by: RUS
  options: [assault, hold]
"""

DETERRENCE = {
    "timeline": """\
- decision: move
  by: RUS
  options: [assault, hold]
  ends: [hold]
- decision: respond
  by: USA
  options: [severe, protest]
""",
    "types": """\
USA.resolve:
  firm: p
  limited: rest
""",
    "payoffs": """\
RUS:
  - term: prize
    when: respond == protest
    value: gain
  - term: losses
    when: respond == severe
    value: -cost
USA:
  - term: lost
    when: move == assault and USA.resolve == limited
    value: -gain
  - term: upheld
    when: respond == severe and USA.resolve == firm
    value: q
""",
    "outcomes": """\
attack: move == assault
""",
    "gain": 1.0,
    "cost": 2.0,
}
